"""Figures of whole space, exclusive sets, none study and regression error show what they were given."""

import itertools

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from made_up_atlas import sample_table

from tegnas_core.spaces.architecture import OPERATIONS
from tegnas_study.analysis.whole_space import PANELS, binned, precision_table
from tegnas_study.figures.exclusive_sets import operation_shares, profiles_beside_chance
from tegnas_study.figures.style import SYMBOLS
from tegnas_study.figures.whole_space import density_panels, indicator_plane, parts_of_the_error, short_lists
from tegnas_study.tables.ranking import TEG


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def table():
    return sample_table(600)


def texts(figure) -> list[str]:
    """All words in a figure, once it has been drawn."""
    figure.canvas.draw()
    return [text.get_text() for axes in figure.axes for text in axes.findobj(plt.Text) if text.get_text()]


def test_density_panels_hold_every_finite_architecture(table):
    panels = pd.concat(binned(table, name, n_bins=10) for name in PANELS)
    figure = density_panels(panels, {name: f"τ of {name}" for name in PANELS})
    words = texts(figure)
    assert {f"τ of {name}" for name in PANELS} <= {*words}
    assert {"κ", "R", "MSE", "sum of ranks", "test accuracy (%)", "architectures in a bin"} <= {*words}
    for axes, name in zip(figure.axes, PANELS, strict=False):
        drawn = axes.collections[0].get_array().compressed().sum()
        assert drawn == panels.loc[panels["predictor"] == name, "count"].sum()
    assert figure.axes[0].get_xscale() == "log"
    assert figure.axes[1].get_xscale() == "linear"


def test_the_plane_colours_every_connected_architecture_by_its_accuracy(table):
    figure = indicator_plane(table.assign(test_accuracy=90.0 + table["connected"]))
    hexagons = figure.axes[0].collections[0]
    assert {*hexagons.get_array().data} == {91.0} and hexagons.norm.vmin == 80
    assert figure.axes[0].get_xscale() == "log"
    assert {"κ", "R", "mean test accuracy (%)", "90"} <= {*texts(figure)}


def test_ticks_of_accuracy_do_not_touch(table):
    high = table.assign(test_accuracy=np.where(table["connected"], 85 + table["n_convolutions"] * 2.4, 10.0))
    figure = density_panels(binned(high, "linear_regions", n_bins=10), {})
    figure.canvas.draw()
    boxes = [label.get_window_extent() for label in figure.axes[0].get_yticklabels() if label.get_text()]
    boxes.sort(key=lambda box: box.y0)
    assert len(boxes) > 2
    assert all(below.y1 <= above.y0 for below, above in itertools.pairwise(boxes))


def test_short_lists_draw_a_curve_a_predictor_and_chance(table):
    found = precision_table(table, [5, 50, 600], predictors=["condition_number", "rank_sum"])
    (axes,) = short_lists(found).axes
    assert [line.get_label() for line in axes.lines] == ["κ", "sum of ranks", "random choice"]
    assert axes.lines[0].get_ydata().tolist() == found["precision"].head(3).tolist()
    assert axes.lines[2].get_ydata().tolist() == pytest.approx([5 / 600, 50 / 600, 1])


def test_operation_shares_fill_the_bar():
    shares = {"A": dict.fromkeys(OPERATIONS, 0.2), "B": {**dict.fromkeys(OPERATIONS, 0.0), "none": 1.0}}
    (axes,) = operation_shares(shares).axes
    assert sum(bar.get_width() for bar in axes.patches) == pytest.approx(200)
    assert len(axes.get_legend().get_texts()) == 5


def test_what_follows_an_underscore_is_an_index():
    shares = {"A_κ": dict.fromkeys(OPERATIONS, 0.2), "all": dict.fromkeys(OPERATIONS, 0.2)}
    figure = operation_shares(shares)
    figure.canvas.draw()
    (axes,) = figure.axes
    assert [label.get_text() for label in axes.get_yticklabels()] == [r"$A_{\mathrm{κ}}$", "all"]


def test_profiles_have_a_panel_a_quantity():
    rows = [(name, q, 2.0, 1.0, 3.0, 1.5, 2.5) for name in TEG for q in ("depth", "share")]
    columns = ["set", "quantity", "value", "low", "high", "random_low", "random_high"]
    found = pd.DataFrame(rows, columns=columns)
    figure = profiles_beside_chance(found, {"depth": "Depth", "share": "Share"}, TEG, names=SYMBOLS)
    assert [axes.get_xlabel() for axes in figure.axes] == ["Depth", "Share"]
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["κ", "R", "MSE"]
    dots = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    assert [line.get_xdata().tolist() for line in dots] == [[2.0]] * 3


def test_parts_leave_failures_out(table):
    left, right = parts_of_the_error(table, trivial=0.9).axes
    n = int(np.isfinite(table["regression_error"]).sum())
    assert len(left.collections[0].get_offsets()) == len(right.collections[0].get_offsets()) == n < len(table)
    line = left.lines[0]
    assert (line.get_ydata() - line.get_xdata()).tolist() == pytest.approx([0.9, 0.9])
