"""`make gpu`: pieces in order, each stopped in time, none begun again, and one line where there is no card."""

import importlib
import json

import click
import pytest
from click.testing import CliRunner

from tegnas_core.errors import TegnasError
from tegnas_study.bench import gpu_work
from tegnas_study.bench.gpu_work import Piece, gpu, pieces, work
from tegnas_study.cli import tegnas


def test_every_piece_is_a_command_of_its_own_on_the_card(tmp_path):
    found = pieces(tmp_path)
    assert len({piece.name for piece in found}) == len(found) >= 10
    assert found[0].name == "bench" and all("cuda" in piece.arguments for piece in found)
    assert all(str(tmp_path) in " ".join(piece.arguments) for piece in found)


def test_a_begun_search_or_training_is_resumed(tmp_path):
    out = tmp_path / "a.parquet"
    piece = Piece("a", "", ("-m", "x"), out)
    assert "--resume" not in piece.command()
    out.with_name("a.parquet.journal").touch()
    assert piece.command()[-1] == "--resume"
    assert "--resume" not in Piece("b", "", ("-m", "x")).command()


def test_a_training_is_resumed_only_when_it_has_left_a_checkpoint(tmp_path):
    piece = Piece("train", "", ("-m", "x"), tmp_path / "runs")
    (tmp_path / "runs" / "cell").mkdir(parents=True)  # what a training makes before its first epoch ends
    assert "--resume" not in piece.command()
    (tmp_path / "runs" / "cell" / "checkpoint.pt").touch()
    assert piece.command()[-1] == "--resume"


@pytest.mark.slow
def test_pieces_end_fail_or_run_out_of_time_and_are_remembered(tmp_path):
    todo = [
        Piece("good", "it ends", ("-c", "pass")),
        Piece("bad", "it fails", ("-c", "raise SystemExit(3)")),
        Piece("long", "it takes too long", ("-c", "import time; time.sleep(60)")),
    ]
    first = work(todo[:2], tmp_path, minutes=1)
    assert first == {"good": "finished", "bad": "failed with code 3"}
    assert json.loads((tmp_path / "finished.json").read_text()) == ["good"]
    assert work([todo[0], todo[2]], tmp_path, minutes=0.01) == {
        "good": "was finished",
        "long": "goes on next time",
    }


def test_a_piece_that_fails_is_told_by_the_exit_code(monkeypatch):
    monkeypatch.setattr(gpu_work, "has_card", lambda: True)
    ends = {"bench": "finished", "zoo": "failed with code 1", "train": "goes on next time"}
    monkeypatch.setattr(gpu_work, "work", lambda *_, **__: ends)
    said = CliRunner().invoke(gpu, [])
    assert isinstance(said.exception, TegnasError) and str(said.exception).startswith("zoo failed")
    ends["zoo"] = "goes on next time"
    assert CliRunner().invoke(gpu, []).exit_code == 0


def test_without_a_card_one_line_says_so(monkeypatch):
    monkeypatch.setattr(gpu_work, "has_card", lambda: False)
    said = CliRunner().invoke(gpu, [])
    assert said.exit_code == 0 and said.output.count("\n") == 1 and "no graphics card" in said.output
    assert "bench:" in CliRunner().invoke(gpu, ["--list"]).output
    wrong = CliRunner().invoke(gpu, ["--only", "nothing"])
    assert isinstance(wrong.exception, TegnasError) and "there is no piece" in str(wrong.exception)


@pytest.mark.parametrize("name", [piece.name for piece in pieces()])
def test_every_piece_is_understood_by_its_command(name, tmp_path):
    """Parse the options of a piece, and run nothing: no machine of the tests has a card."""
    (piece,) = (piece for piece in pieces(tmp_path) if piece.name == name)
    dash, module, *words = piece.arguments
    assert dash == "-m"
    if module == "tegnas_study":
        command, words = tegnas.commands[words[0]], words[1:]
    else:
        found = vars(importlib.import_module(module)).values()
        (command,) = (value for value in found if isinstance(value, click.Command))
    context = command.make_context(piece.name, [*words])
    assert context.params["device"] == "cuda"
