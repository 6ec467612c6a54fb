"""A program of this study says a mistake in one line and exits with 2, whichever module it is."""

import importlib

import click
import pytest

from tegnas_core.errors import TegnasError
from tegnas_study.command import run_command

PROGRAMS = {
    "bench": "tegnas_study.bench.bench:bench",
    "gpu": "tegnas_study.bench.gpu_work:gpu",
    "epochs": "tegnas_study.bench.epochs:epochs",
    "agreement": "tegnas_study.bench.agreement:main",
    "label_path": "tegnas_study.experiments.label_path:main",
    "zoo": "tegnas_study.experiments.zoo:main",
    "trained_a_little": "tegnas_study.experiments.trained_a_little:main",
    "weight_sharing_record": "tegnas_study.experiments.weight_sharing_record:main",
    "searches": "tegnas_study.experiments.switches:main",
    "switches": "tegnas_study.sweep.switches:main",
    "data": "tegnas_study.catalogue.__main__:main",
}


def said(capsys: pytest.CaptureFixture, command: click.Command, name: str, *words: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as stop:
        run_command(command, name, words)
    return stop.value.code, capsys.readouterr().err


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_program_says_a_mistake_in_one_line(name, capsys):
    module, command = PROGRAMS[name].split(":")
    program = getattr(importlib.import_module(module), command)
    code, line = said(capsys, program, name, "--colour", "red")
    assert code == 2 and line.count("\n") == 1
    assert line.startswith(f"{name}: ") and "--colour" in line


WAYS = {
    "mistake": click.ClickException("one\ntwo\x07" + "x" * 2000),
    "stop": KeyboardInterrupt(),
    "ours": TegnasError("there is no such thing"),
    "bug": ValueError("a bug"),
}


@click.command()
@click.argument("how")
def fails(how: str) -> None:
    """Fail in a chosen way."""
    raise WAYS[how]


def test_a_mistake_is_shortened_and_shown_without_what_a_terminal_obeys(capsys):
    code, line = said(capsys, fails, "fails", "mistake")
    assert code == 2 and line.startswith("fails: one two\N{REPLACEMENT CHARACTER}x") and line.count("\n") == 1
    assert len(line) < 900
    assert said(capsys, fails, "fails", "ours") == (2, "fails: there is no such thing\n")


def test_a_stop_is_no_mistake_and_a_bug_is_not_hidden(capsys):
    assert said(capsys, fails, "fails", "stop")[0] == 130
    with pytest.raises(ValueError, match="a bug"):
        run_command(fails, "fails", ["bug"])
