"""`tegnas atlas`: what is there, and the report, as a user sees them."""

import pytest
from command_line import run
from made_up_atlas import SPACE, made_up_benchmark, write_atlas

from tegnas_study.analysis import report
from tegnas_study.data.benchmark.table import save_table

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("atlas")
    write_atlas(path, [(a, 0) for a in SPACE.classes()[:60]])
    return path


def test_tables_are_listed_with_their_coverage(capsys, folder):
    said = run(capsys, "atlas", "--folder", folder)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("made-up ")
    assert "60 of 5,260 classes" in said.out
    assert "images synthetic" in said.out


def test_a_report_says_what_it_recorded_and_what_was_there(capsys, folder, tmp_path, monkeypatch):
    monkeypatch.setenv("TEGNAS_DATA", str(tmp_path))
    monkeypatch.setattr(report, "SECTIONS", {"none-study": report.Section(report.none_replaced)})
    save_table(made_up_benchmark(without=("cifar10_test_retrained",)), tmp_path / "nas_bench_201.parquet")
    command = ("atlas", "--folder", folder, "report", "--name", "made-up", "--draws", 2, "--out", tmp_path / "out")
    first, second = run(capsys, *command), run(capsys, *command)
    assert (first.code, first.err, second.code) == (0, "", 0)
    assert first.out.splitlines()[0].startswith("made-up: 60 of 5,260 classes")
    path = tmp_path / "out" / "whole-space-none-study.json"
    assert first.out.splitlines()[1].split() == ["none-study", "recorded", str(path)]
    assert second.out.splitlines()[1].split() == ["none-study", "unchanged", str(path)]


def test_without_the_benchmarks_own_accuracies_one_line_says_what_to_do(capsys, folder, monkeypatch):
    monkeypatch.delenv("TEGNAS_DATA", raising=False)
    mistake = run(capsys, "atlas", "--folder", folder, "report", "--name", "made-up").mistake
    assert "nas_bench_201.parquet into the folder TEGNAS_DATA names" in mistake


def test_an_unknown_table_lists_the_known_ones(capsys, folder, tmp_path, monkeypatch):
    monkeypatch.setenv("TEGNAS_DATA", str(tmp_path))
    save_table(made_up_benchmark(), tmp_path / "nas_bench_201.parquet")
    mistake = run(capsys, "atlas", "--folder", folder, "report", "--name", "nothing").mistake
    assert mistake == "there is no table 'nothing' in the atlas; there are: made-up"
