"""A waterfall hangs every change on the number before it, and fills only the bars whose sign is known."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from tegnas_study.figures.waterfall import LOOKS, waterfall_chart

COLUMNS = ["step", "predictor", "value", "change", "change_low", "change_high", "compared"]
NONE = float("nan")


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def table(predictor="κ"):
    rows = [
        ("released", predictor, 0.5, NONE, NONE, NONE, "start"),
        ("Kaiming", predictor, 0.4, -0.1, -0.2, -0.05, "lower"),
        ("Cholesky", predictor, 0.45, 0.05, -0.01, 0.1, "cannot tell"),
        ("teg", predictor, 0.45, 0.0, 0.0, 0.0, "the same"),
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def test_bars_lead_from_the_number_before_to_the_number_after():
    figure = waterfall_chart(table(), columns=1)
    (axes,) = figure.axes
    bars = [(round(b.get_x(), 9), round(b.get_width(), 9)) for b in axes.patches]
    assert bars == [(0.5, -0.1), (0.4, 0.05)]
    lines = [tuple(round(x, 9) for x in p[:, 0]) for c in axes.collections for p in c.get_segments()]
    assert {(0.3, 0.45), (0.39, 0.5), (0.45, 0.45)} <= {*lines}
    dots = [(line.get_xdata()[0], line.get_ydata()[0]) for line in axes.lines if line.get_marker() == "o"]
    assert dots == [(0.5, 0), (0.45, 3)]


def test_only_known_signs_are_filled():
    (axes,) = waterfall_chart(table(), columns=1).axes
    lower, unknown = axes.patches
    assert lower.get_facecolor()[:3] != (1, 1, 1)
    assert unknown.get_facecolor()[:3] == (1, 1, 1)
    assert not LOOKS["cannot tell"][1]


def test_each_predictor_has_a_panel_and_its_name():
    both = pd.concat([table("κ"), table("R"), table("MSE")])
    figure = waterfall_chart(both, names={"R": "linear regions", "teg": "ours"}, printed={"MSE": 0.6})
    assert [axes.get_title() for axes in figure.axes] == ["κ", "linear regions", "MSE"]
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()][-1] == "ours"
    assert [line.get_xdata()[0] for line in figure.axes[2].lines if line.get_marker() == "D"] == [0.6]


def test_a_printed_number_far_away_stands_at_the_edge_and_leaves_the_bars_their_room():
    near = waterfall_chart(table("MSE"), columns=1).axes[0].get_xlim()
    (axes,) = waterfall_chart(table("MSE"), columns=1, printed={"MSE": -50.0}).axes
    low, high = axes.get_xlim()
    assert high - low < 2 * (near[1] - near[0])
    assert [text.get_text() for text in axes.texts] == ["← -50"]
    (diamond,) = (line for line in axes.lines if line.get_marker() == "D")
    assert 0 < diamond.get_xdata()[0] < 0.2  # a share of the panel's width


def test_the_legend_names_what_is_drawn_and_nothing_else():
    figure = waterfall_chart(table("MSE"), columns=1)
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["lower", "cannot tell"]
