"""The command line: parse, call, print; no logic of its own. One file a command.

A mistake of the user ends in one line on stderr and exit code 2, never in a traceback.
"""

import sys

import click

from tegnas_core.errors import TegnasError
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

_LONGEST = 800  # characters of a message; a mistake of thousands is not repeated in full


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
    """Run the command line and exit with its code.

    The code is 0 when all went well, 2 after a mistake of the user, and 130 after Ctrl-C.
    """
    try:
        code = tegnas.main(args=arguments, prog_name="tegnas", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        sys.exit(0)
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "tegnas"
        _fail(error.format_message(), hint=f" (see '{where} --help')")
    except (TegnasError, click.ClickException) as error:
        _fail(str(error))
    except (KeyboardInterrupt, click.Abort) as error:
        cause = error.__cause__ or error  # click hides what was interrupted behind an Abort
        click.echo(f"tegnas: {str(cause) or 'stopped'}", err=True)
        sys.exit(128 + getattr(cause, "signal", 2))
    except BrokenPipeError:
        sys.exit(0)  # the reader, `head` for example, has seen enough
    sys.exit(code if isinstance(code, int) else 0)


def _fail(message: str, *, hint: str = "") -> None:
    """Print a message as one line of bearable length that any terminal can show, and exit with code 2."""
    line = " ".join(message.split())
    if len(line) > _LONGEST:
        line = f"{line[: _LONGEST // 2]} … {line[-_LONGEST // 2 :]}"
    shown = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in line)
    click.echo(f"tegnas: {shown}{hint}", err=True)
    sys.exit(2)
