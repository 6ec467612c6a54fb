"""The figures of the chapter on trainability show what they are given."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from tegnas_study.figures.style import WIDTH
from tegnas_study.figures.teaching import training_dynamics as draw

inf = np.inf


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def words(figure):
    figure.canvas.draw()
    return [text.get_text() for text in figure.findobj(plt.Text) if text.get_text()]


def test_points_are_filled_by_their_label():
    (axes,) = draw.points_on_a_circle([0, 90], [1, -1], ["first", "second"]).axes
    filled, empty = axes.lines
    assert (filled.get_marker(), empty.get_marker()) == ("o", "s")
    assert empty.get_markerfacecolor() == "white" != filled.get_markerfacecolor()
    assert np.allclose(np.concatenate(empty.get_data()), [0, 1])


def test_a_kernel_shows_its_values():
    figure = draw.kernel_map([[1.0, 0.25], [0.25, 1.0]], ["a", "b"])
    assert words(figure).count("0.25") == 2 and {"a", "b", "1.00"} <= {*words(figure)}
    assert np.allclose(figure.axes[0].images[0].get_array(), [[1, 0.25], [0.25, 1]])
    assert figure.get_size_inches()[0] == WIDTH


def test_kernels_share_one_scale_and_an_odd_one_leaves_a_gap():
    figure = draw.kernel_maps({w: np.eye(3) for w in "abc"}, extent=(0, 360), label="angle")
    panels = [axes for axes in figure.axes if axes.images]
    assert [axes.get_title() for axes in panels] == ["a", "b", "c"]
    assert {axes.images[0].get_clim() for axes in panels} == {(0, 1)}
    assert sum(not axes.get_visible() for axes in figure.axes) == 1


def test_eigenmodes_have_a_stem_for_each_entry():
    figure = draw.eigenmodes({"fast": [0.6, 0.8], "slow": [0.8, -0.6], "more": [0, 1]}, ["a", "b"])
    assert np.allclose(figure.axes[1].lines[1].get_ydata(), [0.8, -0.6])
    assert [axes.get_visible() for axes in figure.axes] == [True, True, True, False]
    assert figure.axes[0].get_ylim() == pytest.approx((-1.1, 1.1))


def test_modes_are_dots_on_lines_of_their_colour():
    measured, curves = np.array([[0.9, 1.0], [0.1, 0.8]]), np.array([[0.8, 0.9], [0.3, 0.7], [0.1, 0.6]])
    figure = draw.mode_curves([1, 10], measured, [1, 5, 10], curves, words=["1", "0.1"])
    (axes,) = figure.axes
    lines = {str(line.get_label()): line for line in axes.lines}
    assert np.allclose(lines["0.1"].get_ydata(), curves[:, 1])
    dots = [line for line in axes.lines if line.get_marker() == "o"]
    assert np.allclose(dots[0].get_ydata(), measured[:, 0])
    assert dots[1].get_color() == lines["0.1"].get_color() != lines["1"].get_color()
    assert r"$\lambda\,/\,\lambda_{\max}$" in words(figure)


def test_what_is_singular_ends_at_the_top_with_a_cross():
    table = pd.DataFrame(
        {"width": [4, 8], "median": [inf, 50.0], "low": [20.0, 40.0], "high": [inf, 90.0], "singular": [0.8, 0.0]}
    )
    figure = draw.kappa_bands({"panel": {"line": table}}, x="width", xlabel="units", log_x=True)
    (axes,) = figure.axes
    line, cross = axes.lines
    assert list(line.get_ydata()) == [270.0, 50.0]
    assert list(cross.get_xdata()) == [4] and cross.get_marker() == "x"
    assert axes.get_ylim()[1] > 270
    assert {"panel", "line", "units"} <= {*words(figure)}


def test_changes_have_guides_that_start_at_their_median():
    (axes,) = draw.change_over_width([16, 64], [[0.2, 0.4, 0.9], [0.1, 0.1, 0.3]]).axes
    half, whole, *dots, median = axes.lines
    assert np.allclose(half.get_ydata(), [0.4, 0.2]) and np.allclose(whole.get_ydata(), [0.4, 0.1])
    assert [len(some.get_xdata()) for some in dots] == [3, 3]
    assert list(median.get_ydata()) == [0.4, 0.1]
    assert [half.get_label(), whole.get_label()] == ["slope −½", "slope −1"]


def test_losses_stand_beside_their_predictions():
    figure = draw.loss_curves({"slow": ([0, 1], [4, 2], [4, 3]), "fast": ([0, 1], [4, 9], [4, 8])}, limits=(1, 10))
    for axes, title, trained in zip(figure.axes, ("slow", "fast"), ([4, 2], [4, 9]), strict=True):
        assert axes.get_title() == title
        assert [list(line.get_ydata()) for line in axes.lines][1] == trained
    assert {"constant kernel", "trained network"} <= {*words(figure)}


def test_two_sets_of_labels_are_told_apart_by_colour_and_dash():
    curves = {"halves": ([0.5, 0.1], [0.5, 0.2]), "neighbours": ([0.9, 0.8], [0.9, 0.7])}
    (axes,) = draw.two_label_sets([1, 10], curves).axes
    lines = [line for line in axes.lines if line.get_linestyle() != "None"]
    assert len({line.get_color() for line in lines}) == len({line.get_linestyle() for line in lines}) == 2
    assert [line.get_label() for line in lines] == ["halves", "neighbours"]
