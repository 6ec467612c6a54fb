"""The figures on cost show every time and ratio they were given."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from tegnas_study import figures


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_bars_are_stacked_in_order_and_end_at_the_total():
    table = pd.DataFrame({"forward": [1.0, 2.0], "pools": [3.0, 4.5], "regions": [0.5, 0.5]}, index=["a", "b"])
    figure = figures.where_time_goes(table)
    (axes,) = figure.axes
    bars = np.array([[(bar.get_x(), bar.get_width()) for bar in part] for part in axes.containers])
    np.testing.assert_allclose(bars[..., 1].T, table)
    np.testing.assert_allclose(bars[..., 0].T, table.cumsum(axis=1) - table)
    assert [text.get_text().strip() for text in axes.texts] == ["4", "7"]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == list(table)
    assert len({part[0].get_facecolor() for part in axes.containers}) == 3


def test_every_architecture_is_a_dot_and_every_target_a_line():
    table = pd.DataFrame({"exact": [4.0, 7.0, 12.0], "frozen": [50.0, 80.0, 60.0]})
    (axes,) = figures.speedups(table, {"frozen": 30}).axes
    exact, frozen, target = axes.lines
    assert sorted(exact.get_xdata()) == [4, 7, 12] and sorted(frozen.get_xdata()) == [50, 60, 80]
    assert set(target.get_xdata()) == {30} and axes.get_xscale() == "log"
    assert [label.get_text() for label in axes.get_yticklabels()] == ["exact", "frozen"]
