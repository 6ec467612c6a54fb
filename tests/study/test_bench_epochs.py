"""Epochs and evaluations are timed both ways over connected cells, and an interrupted run goes on."""

from dataclasses import replace

import pytest

from tegnas_core import make_settings
from tegnas_core.errors import TegnasError
from tegnas_study import load_images
from tegnas_study.bench import epochs
from tegnas_study.bench.cells import connected_cells
from tegnas_study.bench.cost import Case


@pytest.fixture(scope="module")
def case() -> Case:
    settings = make_settings("teg", batch_size=4, region_images=40, region_batch=40, repeats=1)
    return Case(settings, load_images("synthetic"))


def test_both_are_timed_both_ways(case):
    cell = connected_cells(1, seed=0)[0]
    found = epochs.evaluation_seconds(case, cell)
    found |= epochs.epoch_seconds(case, cell, batch_size=4, n_steps=1, width=2)
    assert set(found) == set(epochs.COLUMNS[1:])
    assert all(value > 0 for value in found.values())


def test_an_interrupted_run_goes_on_where_it_stopped(case, tmp_path):
    cells, path, timed = connected_cells(4, seed=1), tmp_path / "costs.parquet", []

    def way(case, cell):
        timed.append(cell)
        return dict.fromkeys(epochs.COLUMNS[1:], 1.0 + len(timed))

    epochs.measure(case, cells[:2], path, command="first", ways=(way,))
    table = epochs.measure(case, cells, path, command="second", ways=(way,))
    assert timed == [cells[0], *cells[:2], cells[2], *cells[2:]]  # what compiles in a new process is not kept
    again, facts = epochs.read_epoch_costs(path)
    assert again["architecture"].tolist() == [str(cell) for cell in cells]
    assert (facts["command"], facts["seed"], len(table)) == ("second", 0, 4)
    assert table["teg_fast"].tolist() == [3.0, 4.0, 6.0, 7.0]
    for other, what in (
        (replace(case, seed=1), "seed"),
        (replace(case, settings=make_settings("teg")), "settings"),
    ):
        with pytest.raises(TegnasError, match=f"made with {what}"):
            epochs.measure(other, cells, path, command="fourth", ways=(way,))
    epochs.measure(case, cells, path, command="third", ways=(way,))
    assert len(timed) == 6  # nothing is left to time


def test_a_missing_record_is_one_line(tmp_path):
    with pytest.raises(TegnasError, match="there is no file"):
        epochs.read_epoch_costs(tmp_path / "none.parquet")
