"""Each figure shows what it was given, and nothing that it computed itself."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from tegnas_core.spaces.architecture import EDGES, OPERATIONS
from tegnas_study import figures
from tegnas_study.tables.ranking import correlations, rank_sum, turned_correlations

inf, nan = np.inf, np.nan


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def texts(figure) -> list[str]:
    """All words in a figure, once it has been drawn."""
    figure.canvas.draw()
    return [text.get_text() for axes in figure.axes for text in axes.findobj(plt.Text) if text.get_text()]


@pytest.fixture(scope="module")
def table():
    rng = np.random.default_rng(0)
    table = pd.DataFrame(
        {
            "condition_number": np.append(np.exp(rng.normal(5, 2, 30)), inf),
            "linear_regions": np.append(rng.integers(1, 3000, 30), 1),
            "regression_error": np.append(rng.uniform(1, 2, 30), inf),
            "test_accuracy": np.append(rng.uniform(60, 94, 30), 10),
            "train_accuracy": np.append(rng.uniform(60, 100, 30), nan),
        }
    )
    return table.assign(rank_sum=rank_sum(table))


@pytest.fixture(scope="module")
def found(table):
    return correlations(table, ["test_accuracy", "train_accuracy"], seed=0, n_draws=20)


def dots(axes) -> int:
    return sum(len(collection.get_offsets()) for collection in axes.collections)


def test_cell_names_every_operation_and_dots_only_none():
    operations = dict(zip(EDGES, (*OPERATIONS, "none"), strict=True))
    figure = figures.cell(operations)
    words = texts(figure)
    assert {"in", "1", "2", "out", "none", "skip", "conv 1×1", "conv 3×3", "avg pool"} == {*words}
    assert words.count("none") == 2
    assert [patch.get_linestyle() for patch in figure.axes[0].patches].count(":") == 2
    assert len(figure.axes[0].patches) == 6


def test_cells_stand_under_their_words():
    operations = dict.fromkeys(EDGES, "skip_connect")
    figure = figures.cells({"one": operations, "another": operations})
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["one", "another"]


def test_skeleton_colours_cells_and_joins_the_steps():
    figure = figures.skeleton([("image", "3 × 4 × 4"), ("cell", "3 × 4 × 4"), ("head", "10")])
    assert texts(figure) == ["image", "3 × 4 × 4", "cell", "3 × 4 × 4", "head", "10"]
    boxes = [text.get_bbox_patch() for text in figure.axes[0].texts if text.get_bbox_patch()]
    assert len({box.get_facecolor() for box in boxes}) == 2


def test_class_counts_write_the_numbers():
    assert {"15,625", "4,930", "strings", "functions"} <= {
        *texts(figures.class_counts({"strings": 15625, "functions": 4930}))
    }


def test_histogram_counts_what_is_known_and_marks_what_it_is_told():
    figure = figures.accuracy_histogram([10, 10.5, 94.37, nan], marks={"best": 94.37})
    heights = [patch.get_height() for patch in figure.axes[0].patches]
    assert sum(heights) == 3
    assert heights[10] == 2
    assert "best: 94.37" in texts(figure)


def test_groups_say_how_many_they_are():
    table = pd.DataFrame({"depth": [1, 1, 2, nan], "test_accuracy": [80.0, nan, 90.0, 10.0]})
    words = texts(figures.accuracy_by_group(table, "depth"))
    assert {"1\n1", "2\n1"} <= {*words}
    assert not any(word.startswith("nan") for word in words)


def test_learning_curves_start_at_one_and_the_largest_mode_is_fastest():
    figure = figures.learning_curves({"κ = 10": [10, 1]}, steps=3)
    fast, slow = (line.get_ydata() for line in figure.axes[0].lines)
    assert fast[0] == slow[0] == 1
    assert fast[-1] == pytest.approx(np.exp(-3))
    assert slow[-1] == pytest.approx(np.exp(-0.3))


def test_spectrum_is_relative_to_the_largest_and_falls():
    figure = figures.spectrum({"cell": [1.0, 4.0, 2.0]})
    assert figure.axes[0].lines[0].get_ydata().tolist() == [1, 0.5, 0.25]


def test_errors_stand_beside_the_trivial_one():
    figure = figures.errors_beside_trivial({"a": 1.2, "b": 0.8}, trivial=0.9)
    line, points = figure.axes[0].lines
    assert [*line.get_xdata()] == [0.9, 0.9]
    assert [*points.get_xdata()] == [1.2, 0.8]


def test_plane_writes_each_pattern_once():
    coordinates = np.linspace(-1, 1, 21)
    first, second = np.meshgrid(coordinates, coordinates)
    figure = figures.plane_regions(np.stack([first > 0.1, second > 0.1], -1), extent=(-1, 1))
    places = {text.get_text(): text.get_position() for text in figure.axes[0].texts}
    assert {*places} == {"00", "01", "10", "11"}
    assert places["10"][0] > 0 > places["10"][1]  # on to the right, off below


def test_scatter_shows_every_architecture_and_crosses_for_failures(table, found):
    figure = figures.indicators_against_accuracy(table, found)
    assert [dots(axes) for axes in figure.axes] == [31, 31, 31, 31]
    crosses = figure.axes[0].collections[1]
    assert len(crosses.get_offsets()) == 1
    assert crosses.get_offsets()[0].tolist() == [1, 10]  # at the right edge, at its accuracy
    assert figure.axes[0].get_xscale() == "log"
    assert figure.axes[1].get_xscale() == figure.axes[2].get_xscale() == "linear"
    row = found[(found["indicator"] == "condition_number") & (found["accuracy"] == "test_accuracy")].iloc[0]
    assert f"τ = {row.tau:.2f}".replace("-", "−") in figure.axes[0].get_title(loc="left")


def test_scatter_leaves_out_unknown_accuracies(table, found):
    figure = figures.indicators_against_accuracy(table, found, "train_accuracy")
    assert [dots(axes) for axes in figure.axes] == [30, 30, 30, 30]


def test_intervals_show_each_tau_and_the_paper(found):
    turned = turned_correlations(found)
    figure = figures.agreement_intervals(turned, paper={"condition_number": 0.59})
    drawn = [tuple(line.get_xdata()) for line in figure.axes[0].lines]
    for row in turned.itertuples():
        assert (row.low, row.high) in drawn
        assert (row.tau,) in drawn
    assert (0.59,) in drawn
    assert {"paper", "test accuracy", "train accuracy", "κ", "R", "MSE"} <= {*texts(figure)}


def test_intervals_of_one_accuracy_without_the_paper(found):
    figure = figures.agreement_intervals(found[found["accuracy"] == "test_accuracy"])
    assert "paper" not in texts(figure)
