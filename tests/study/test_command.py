"""A program of this study says a mistake in one line and exits with 2, whichever module it is."""

import importlib
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tegnas_core.errors import TegnasError
from tegnas_study.command import number_option, run_command, seed_option

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


BAD = (
    ("zoo", "--cells", "-5"),
    ("zoo", "--cells", "0"),
    ("zoo", "--random", "-1"),
    ("zoo", "--size", "huge"),
    ("zoo", "--seed", "-1"),
    ("trained_a_little", "--cells", "0"),
    ("trained_a_little", "--epochs", "0"),
    ("trained_a_little", "--batch", "1"),
    ("label_path", "--classes", "0"),
    ("label_path", "--batches", "0"),
    ("label_path", "--held-out", "-1"),
    ("label_path", "--seed", "-1"),
    *(("label_path", "--sizes", text) for text in ("abc", "", "64,", "1", "64,64", "9" * 5000, "²")),
    ("searches", "--seeds", "0"),
    ("switches", "--architectures", "0"),
    ("switches", "--repeats", "0"),
    ("switches", "--seed", "-1"),
    ("bench", "--architectures", "99999999"),
    ("bench", "--seed", "-1"),
    ("agreement", "--cells", "99999999"),
)


@pytest.mark.parametrize("words", BAD, ids=lambda words: " ".join(words)[:40])
def test_a_number_that_cannot_be_is_told_before_anything_is_computed(words, capsys):
    module, command = PROGRAMS[words[0]].split(":")
    program = getattr(importlib.import_module(module), command)
    code, line = said(capsys, program, *words)
    assert code == 2 and line.count("\n") == 1
    assert line.startswith(f"{words[0]}: Invalid value for '{words[1]}'")


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


PRINTS = "import click\nfrom tegnas_study.command import run_command\n"
PRINTS += "command = click.command()(lambda: [click.echo('x' * 999) for _ in range(999)])\n"
PRINTS += "run_command(command, 'prints')"


@pytest.mark.slow
def test_an_output_that_cannot_be_written_is_one_line(tmp_path):
    limited = f"import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n{PRINTS}"
    with (tmp_path / "out").open("wb") as out:
        done = subprocess.run([sys.executable, "-c", limited], stdout=out, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (2, "prints: cannot write the output (File too large)\n")


@pytest.mark.slow
def test_a_reader_that_has_seen_enough_is_no_failure():
    with subprocess.Popen(
        [sys.executable, "-c", PRINTS], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.read(10)
        process.stdout.close()
        assert (process.wait(), process.stderr.read()) == (0, b"")


def test_a_file_that_was_left_unguarded_is_a_bug_and_not_hidden():
    @click.command()
    def opens() -> None:
        Path("/no/such/file").read_text()

    with pytest.raises(FileNotFoundError):
        run_command(opens, "opens", [])


def test_numbers_and_seeds_of_programs_have_bounds_and_defaults():
    @click.command()
    @number_option("--cells", "n_cells", lowest=2, highest=5, default=3, help="Cells.")
    @seed_option("Of cells.")
    def program(n_cells, seed):
        click.echo(f"{n_cells} {seed}")

    assert CliRunner().invoke(program, []).output == "3 0\n"
    assert CliRunner().invoke(program, ["--cells", "5", "--seed", str(2**63 - 1)]).output == f"5 {2**63 - 1}\n"
    for wrong in (["--cells", "1"], ["--cells", "6"], ["--seed", "-1"], ["--seed", str(2**63)]):
        assert CliRunner().invoke(program, wrong).exit_code == 2
