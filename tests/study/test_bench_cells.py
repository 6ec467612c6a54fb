"""The cells that are timed."""

from tegnas_core.spaces.structure import is_connected
from tegnas_study.bench.cells import connected_cells


def test_cells_are_connected_different_and_follow_from_the_seed():
    found = connected_cells(60, seed=0)
    assert len(set(found)) == 60 and all(map(is_connected, found))
    assert found[:30] == connected_cells(30, seed=0) != connected_cells(30, seed=1)
