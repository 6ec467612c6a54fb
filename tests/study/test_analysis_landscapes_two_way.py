"""Intervals over draws and over searches."""

import numpy as np
import pytest

from tegnas_core.errors import TegnasError
from tegnas_study.analysis.landscapes.two_way import two_way


def test_a_constant_is_sure():
    found = two_way(np.full((3, 7), 2.0), seed=0, n_draws=100)
    assert (found.value, found.low, found.high) == (2, 2, 2)


def test_both_sides_widen_the_interval():
    rng = np.random.default_rng(0)
    n, rows, columns = 40, rng.standard_normal((40, 1)), rng.standard_normal((1, 40))
    tables = (rows + 0 * columns, columns + 0 * rows, rows + columns)
    found = [two_way(table, seed=1, n_draws=2000) for table in tables]
    widths = [(f.high - f.low) / (2 * 1.96 / np.sqrt(n)) for f in found]
    assert widths[:2] == pytest.approx([rows.std(), columns.std()], rel=0.1)
    assert widths[2] == pytest.approx(np.hypot(rows.std(), columns.std()), rel=0.1)


def test_gaps_are_left_out():
    found = two_way([[1.0, np.nan, 3.0]], seed=0, n_draws=50)
    assert found.value == 2


@pytest.mark.parametrize("bad", [[], [1.0, 2.0], np.zeros((0, 3))])
def test_a_table_is_needed(bad):
    with pytest.raises(TegnasError, match="table of both"):
        two_way(bad, seed=0, n_draws=10)
