"""Authors seal answers with one command."""

import pytest
from click.testing import CliRunner

from book import seal as sealing
from tegnas_study.exercises.checking import read_sealed

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "01_small.py").touch()
    monkeypatch.setattr(sealing, "FOLDER", tmp_path / "exercises")
    return tmp_path / "exercises"


def run(*arguments):
    return CliRunner().invoke(sealing.main, arguments)


def test_answers_are_written_in_order_and_replaced(folder):
    for key, answer, *more in (
        ("ex-b", "-0.6", "--tolerance", "0.005"),
        ("ex-a", "weaker", "--choice", "weaker", "--choice", "stronger"),
        ("ex-c", "[1, 2]", "--any-order"),
        ("ex-b", "-0.7", "--tolerance", "0.005", "--hint", "Count: all pairs."),
    ):
        done = run("01_small", key, answer, *more)
        assert done.exit_code == 0 and "Right!" in done.output, done.output
    path = folder / "01_small.yml"
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("#") and [line.split(":")[0] for line in lines[1:]] == ["ex-a", "ex-b", "ex-c"]
    answers = read_sealed(path)
    assert answers["ex-b"].reply("ex-b", -0.7).right and not answers["ex-b"].reply("ex-b", -0.6).right
    assert answers["ex-a"].reply("ex-a", "Weaker").right
    assert answers["ex-c"].reply("ex-c", [2, 1]).right


@pytest.mark.parametrize(
    "arguments, told",
    [
        (("02_none", "ex-a", "1"), "there is no chapter '02_none'; known are 01_small"),
        (("01_small", "ex-a", "{}"), "an answer is a number"),
        (("01_small", "ex-a", "1", "--tolerance", "wide"), "not a valid float"),
    ],
)
def test_bad_input_is_one_line_and_writes_nothing(folder, arguments, told):
    done = run(*arguments)
    assert done.exit_code and told in done.output
    assert not folder.exists()
