"""The figures of kernel fits show what they were given."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from tegnas_study.figures.teaching import kernel_fits as figures

GRID = np.linspace(-1, 1, 9)
ON_THE_LINE = {"grid": GRID, "points": ([0.0, 0.5], [1.0, -1.0]), "truth": np.sin(GRID)}


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def legend(figure):
    (found,) = figure.legends or [axes.get_legend() for axes in figure.axes if axes.get_legend()]
    return [text.get_text() for text in found.get_texts()]


def test_fits_have_a_panel_each_and_one_legend():
    figure = figures.fits(
        {"a": {"one": GRID, "two": -GRID}, "b": {"one": GRID}, "c": {"one": GRID}}, **ON_THE_LINE
    )
    assert [axes.get_title() for axes in figure.axes if axes.get_visible()] == ["a", "b", "c"]
    assert sorted(legend(figure)) == ["data", "one", "truth", "two"]
    assert list(figure.axes[0].lines[2].get_ydata()) == list(-GRID)
    assert list(figure.axes[1].lines[-1].get_xdata()) == [0.0, 0.5]


def test_several_draws_are_thin_lines_under_one_name():
    figure = figures.fits({"a": {"networks": np.stack([GRID, 2 * GRID])}}, columns=1, **ON_THE_LINE)
    assert legend(figure).count("networks") == 1
    assert len(figure.axes[0].lines) == 4


def test_kernels_share_the_scale_of_the_last():
    figure = figures.kernel_maps({"narrow": 3 * np.eye(4), "infinite": np.eye(4)}, extent=(-1, 1))
    images = [axes.images[0] for axes in figure.axes if axes.images]
    assert [image.get_clim() for image in images] == [(0, 1), (0, 1)]


def test_numbers_of_neighbouring_maps_keep_apart():
    figure = figures.kernel_maps({f"width {m}": np.eye(4) for m in range(4)}, extent=(-1, 1))
    figure.canvas.draw()
    left, right = (axes for axes in figure.axes[2:4])
    last, first = left.xaxis.get_major_ticks()[-1].label1, right.xaxis.get_major_ticks()[0].label1
    assert (last.get_text(), first.get_text()) == ("1", "−1")
    assert last.get_window_extent().x1 < first.get_window_extent().x0


def test_errors_are_dots_and_singular_ones_are_counted():
    figure = figures.errors_by_group(
        {"width 4": [np.inf, np.inf], "width 8": [0.1, 0.4, np.inf]}, trivial=0.5, xlabel=""
    )
    (axes,) = figure.axes
    assert [text.get_text() for text in axes.texts] == ["+ 2 singular", "+ 1 singular"]
    dots = [line for line in axes.lines if line.get_marker() == "o"]
    assert [list(line.get_xdata()) for line in dots] == [[], [0.1, 0.4]]
    assert legend(figure) == ["predicting the mean"]


def test_errors_over_the_ridge_begin_where_they_should():
    figure = figures.error_over_ridge(
        [0.1, 1], {"training": [1e-9, 0.2], "held-out": [0.3, 0.4]}, trivial=0.5, smallest=0.01
    )
    assert figure.axes[0].get_ylim()[0] == 0.01
    assert legend(figure) == ["predicting the mean", "training", "held-out"]


def test_filters_come_in_pairs_of_one_colour():
    figure = figures.filters([0.1, 1], {name: [0.2, 0.9] for name in "abcd"})
    colours = [line.get_color() for line in figure.axes[0].lines]
    assert colours[0] == colours[1] != colours[2] == colours[3]


def test_the_true_error_is_marked_among_permutations():
    figure = figures.among_permutations([0.4, 0.5, 0.9], true=0.1, trivial=0.6)
    assert [line.get_xdata()[0] for line in figure.axes[0].lines] == [0.6, 0.1]
    assert sum(patch.get_height() for patch in figure.axes[0].patches) == 3


def test_true_over_permuted_has_a_mark_for_each_network():
    figure = figures.true_and_permuted({"width 4": ([1.0, 2.0], [0.5, 0.6])}, trivial=0.5)
    marks = figure.axes[0].lines[-1]
    assert [list(marks.get_xdata()), list(marks.get_ydata())] == [[1.0, 2.0], [0.5, 0.6]]


def test_distances_come_with_the_law_through_the_last_median():
    figure = figures.distance_over_width([4, 16], {"kernel": [[0.4, 0.6, 0.5], [0.2, 0.3, 0.25]]})
    draws, medians, law = figure.axes[0].lines
    assert len(draws.get_xdata()) == 6
    assert list(medians.get_ydata()) == [0.5, 0.25]
    assert list(law.get_ydata()) == pytest.approx([0.5, 0.25])
