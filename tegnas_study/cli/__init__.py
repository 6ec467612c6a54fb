"""The command line: parse, call, print; no logic of its own. One file a command.

A mistake of the user ends in one line on stderr and exit code 2, never in a traceback.
"""

import click

from tegnas_study.cli.architecture import architecture
from tegnas_study.cli.atlas import atlas
from tegnas_study.cli.card import card
from tegnas_study.cli.claims import claims
from tegnas_study.cli.data import data
from tegnas_study.cli.evaluate import evaluate
from tegnas_study.cli.score import score
from tegnas_study.cli.search import search
from tegnas_study.cli.spawn import spawn
from tegnas_study.cli.study import study
from tegnas_study.cli.sweep import sweep
from tegnas_study.cli.train import train
from tegnas_study.command import run_command


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tegnas-study", prog_name="tegnas")
def tegnas() -> None:
    """Judge neural architectures without training them.

    The three indicators are the condition number of the neural tangent kernel (trainability), the number of
    linear regions (expressivity) and the error of kernel regression (generalization). 'tegnas COMMAND --help'
    explains each command.

    \b
    Example:
      tegnas atlas
    """


for command in (evaluate, score, sweep, search, spawn, study, train, atlas, card, claims, data, architecture):
    tegnas.add_command(command)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its code, as `run_command` says."""
    run_command(tegnas, "tegnas", arguments)
