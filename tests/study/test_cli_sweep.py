"""`tegnas sweep`: the numbers of `tegnas evaluate`, each computed once."""

import json

import numpy as np
import pandas as pd
import pytest
from command_line import CUT, RICH, run, run_alone, small_images

from tegnas_core.spaces import NASBench201
from tegnas_study.sweep import read_provenance, read_sweep

pytestmark = pytest.mark.slow

QUICK = ("--batch-size", 8, "--repeats", 2, "--device", "cpu", "--seed", 1)
THIRD = "|nor_conv_1x1~0|+|none~0|skip_connect~1|+|avg_pool_3x3~0|none~1|nor_conv_3x3~2|"
CELLS = [RICH, CUT, THIRD]


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    return small_images(tmp_path_factory.mktemp("images") / "mine")


@pytest.fixture(scope="module")
def swept(images, tmp_path_factory):
    """A folder with the file of a sweep, and what the command said."""
    folder = tmp_path_factory.mktemp("sweep")
    (folder / "cells.txt").write_text(f"# three cells\n{RICH}\n\n{CUT}  # cut off\n{THIRD}\n{RICH}\n")
    where = ("--architectures", "cells.txt", "--images", images, "--out", "r.parquet")
    said = run_alone("sweep", *where, *QUICK, folder=folder)
    assert said.code == 0, said
    return folder, said


@pytest.mark.long
def test_every_architecture_and_repeat_has_a_row(swept):
    folder, said = swept
    table = read_sweep(folder / "r.parquet")
    assert sorted(zip(table.architecture, table.repeat, strict=True)) == sorted(
        (c, r) for c in CELLS for r in (0, 1)
    )
    assert "6 of 6 rows, 6 new" in said.out and "not ok: 2 disconnected" in said.out
    assert (
        set(table.images) == {"folder:mine"} and set(table.seed) == {1} and set(table.space) == {"nas-bench-201"}
    )
    assert not list(folder.glob("*.journal*"))


def test_the_rows_are_the_numbers_of_evaluate(swept, images, capsys):
    folder, _ = swept
    said = run(capsys, "evaluate", *CELLS, "--images", images, "--json", *QUICK)
    table = read_sweep(folder / "r.parquet").set_index(["architecture", "repeat"])
    for found in map(json.loads, said.out.splitlines()):
        for repeat in found["repeats"]:
            row = table.loc[found["architecture"], repeat["repeat"]]
            assert (row.status, row.settings, row.images) == (repeat["status"], found["settings"], found["images"])
            for name in ("condition_number", "linear_regions", "regression_error"):
                assert row[name] == (np.inf if repeat[name] is None else repeat[name])


@pytest.mark.long
def test_genotypes_and_the_wrong_ones_of_the_released_code_lie_in_one_file(images, tmp_path, capsys):
    (tmp_path / "cells.txt").write_text("DARTS_V2\n")
    where = ("--architectures", tmp_path / "cells.txt", "--images", images, "--out", tmp_path / "r.parquet")
    for bug in ((), ("--normal-cell-bug",)):
        said = run(capsys, "sweep", *where, "--space", "darts", *bug, *QUICK)
        assert said.code == 0 and "2 of 2 rows, 2 new" in said.out
        evaluated = run(
            capsys, "evaluate", "DARTS_V2", "--space", "darts", *bug, "--images", images, "--json", *QUICK
        )
        found = json.loads(evaluated.out)
        table = read_sweep(tmp_path / "r.parquet").set_index(["space", "architecture", "repeat"])
        for repeat in found["repeats"]:
            row = table.loc[found["space"], found["architecture"], repeat["repeat"]]
            for name in ("condition_number", "linear_regions", "regression_error"):
                assert row[name] == repeat[name]
    right, wrong = (set(table.loc[space].condition_number) for space in ("darts", "darts+normal_cell_bug"))
    assert len(right) == len(wrong) == 2 and right.isdisjoint(wrong)


def test_a_second_run_computes_nothing(swept, images, capsys):
    folder, _ = swept
    before = (folder / "r.parquet").read_bytes()
    where = ("--architectures", folder / "cells.txt", "--images", images, "--out", folder / "r.parquet")
    said = run(capsys, "sweep", *where, *QUICK)
    assert said.code == 0 and "6 of 6 rows, 0 new" in said.out
    assert (folder / "r.parquet").read_bytes() == before


def test_the_file_says_how_it_was_made(swept):
    folder, _ = swept
    (label,) = set(read_sweep(folder / "r.parquet").settings)
    made = read_provenance(folder / "r.parquet")
    assert made["settings"][label]["settings"]["batch_size"] == 8
    assert "tegnas sweep --architectures cells.txt" in made["runs"][0]["command"]


@pytest.mark.long
def test_controls_are_more_columns(images, tmp_path, capsys):
    where = ("--architectures", 1, "--images", images, "--out", tmp_path / "r.parquet", "--controls")
    said = run(capsys, "sweep", *where, *QUICK)
    assert said.code == 0, said
    table = read_sweep(tmp_path / "r.parquet")
    assert set(table.architecture) == {str(NASBench201().sample_many(1, seed=1)[0])}
    assert "control_permuted" in table and np.isfinite(table["control_permuted_ridge_1"]).all()
    assert pd.api.types.is_float_dtype(table["control_lga"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--architectures", "3"], "Missing option '--out'"),
        (["--out", "{here}/r.parquet"], "Missing option '--architectures'"),
        (["--architectures", "0", "--out", "{here}/r.parquet"], "--architectures must be at least 1, got 0"),
        (
            ["--architectures", "99999", "--out", "{here}/r.parquet"],
            "the space has 15,625 architectures, cannot sample",
        ),
        (
            ["--architectures", "nowhere.txt", "--out", "{here}/r.parquet"],
            "--architectures nowhere.txt is neither all,",
        ),
        (
            ["--architectures", "{here}/wrong.txt", "--out", "{here}/r.parquet"],
            "{here}/wrong.txt, line 2: not a NAS-B",
        ),
        (["--architectures", "2", "--out", "{here}"], "Invalid value for '--out': File '{here}' is a directory."),
        (
            ["--architectures", "2", "--out", "{here}/wrong.parquet"],
            "{here}/wrong.parquet is damaged or no Parquet",
        ),
        (
            ["--architectures", "2", "--out", "{here}/r.csv"],
            "Invalid value for '--out': 'r.csv' should end in .parquet",
        ),
        (["--architectures", "2", "--out", "{here}/no/r.parquet"], ""),
        (["--architectures", "2", "--out", "{here}/r.parquet", "--workers", "0"], "Invalid value for '--workers'"),
        (
            ["--architectures", "2", "--out", "{here}/r.parquet", "--images", "nowhere"],
            "no images called 'nowhere'",
        ),
        (
            ["--architectures", "2", "--out", "{here}/r.parquet", "--batch-size", "21"],
            "a batch of 21 images cannot be",
        ),
        (
            ["--architectures", "all", "--out", "{here}/r.parquet", "--space", "darts"],
            "--architectures all belongs to --space nas-bench-201; give a number or a text file",
        ),
        (
            ["--architectures", "2", "--out", "{here}/r.parquet", "--space", "darts", "--network", "benchmark"],
            "--network benchmark belongs to --space nas-bench-201",
        ),
        (
            ["--architectures", "2", "--out", "{here}/r.parquet", "--space", "darts", "--indicators", "rivals"],
            "--indicators rivals belongs to --space nas-bench-201",
        ),
        (
            ["--architectures", "2", "--out", "{here}/r.parquet", "--normal-cell-bug"],
            "--normal-cell-bug belongs to --space darts",
        ),
    ],
    ids=lambda value: " ".join(value)[-60:] if isinstance(value, list) else None,
)
def test_a_mistake_is_one_line_and_nothing_is_written(capsys, tmp_path, images, arguments, said):
    for name in ("wrong.txt", "wrong.parquet"):
        (tmp_path / name).write_text(f"{RICH}\nnonsense\n")
    given = [argument.format(here=tmp_path) for argument in arguments]
    found = run(capsys, "sweep", "--images", images, *QUICK, *given)
    assert found.mistake.startswith(said.format(here=tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["wrong.parquet", "wrong.txt"]
    assert all(path.read_text() == f"{RICH}\nnonsense\n" for path in tmp_path.iterdir())
