"""What all figures share: no torch, one width, Matplotlib left as it was, an axis for accuracies."""

import subprocess
import sys

import matplotlib.pyplot as plt
import numpy as np
import pytest

from tegnas_core.indicators import INDICATORS
from tegnas_core.spaces.architecture import OPERATIONS
from tegnas_study.figures import cell
from tegnas_study.figures.style import (
    OPERATION_COLOURS,
    OPERATION_NAMES,
    STYLE,
    SYMBOLS,
    WIDTH,
    accuracy_scale,
    name_of,
    styled,
)
from tegnas_study.tables.ranking import HIGHER_IS_BETTER


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.mark.slow
def test_figures_need_no_torch():
    code = "import sys, tegnas_study.figures, tegnas_study.tables.ranking; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_operation_has_a_name_and_a_colour_of_its_own():
    assert {*OPERATION_NAMES} == {*OPERATION_COLOURS} == {*OPERATIONS}
    assert len({*OPERATION_NAMES.values()}) == len({*OPERATION_COLOURS.values()}) == len(OPERATIONS)


def test_symbols_are_those_of_the_indicators():
    for name, indicator in INDICATORS.items():
        if name in SYMBOLS:
            assert SYMBOLS[name] == indicator.symbol
    assert {*SYMBOLS} == {*HIGHER_IS_BETTER}


def test_a_figure_leaves_the_settings_of_matplotlib_alone():
    before = plt.rcParams.copy()
    figure = cell({(0, 1): "none"})
    assert plt.rcParams == before
    assert figure.get_dpi() == STYLE["figure.dpi"]
    assert figure.get_size_inches()[0] == WIDTH


def test_styled_keeps_the_name_of_a_function():
    assert cell.__name__ == "cell"
    assert "Draw one cell" in cell.__doc__
    assert styled(lambda: plt.rcParams["figure.dpi"])() == STYLE["figure.dpi"]


def test_an_unknown_column_keeps_its_words():
    assert name_of("condition_number") == "condition number κ"
    assert name_of("training_seconds") == "training seconds"


@pytest.mark.parametrize("which", ["x", "y"])
def test_accuracy_axis_keeps_order_holds_100_and_is_invertible(which):
    axes = plt.figure().subplots()
    accuracy_scale(axes, which)
    transform = {"x": axes.xaxis, "y": axes.yaxis}[which].get_transform()
    values = np.array([0.0, 10, 54.3, 90, 94.37, 99.9, 100])
    places = transform.transform(values)
    assert (np.diff(places) > 0).all()
    assert np.isfinite(places).all()
    assert places[4] - places[3] > (places[2] - places[1]) / 2  # 4 % at the top as wide as 20 % below
    assert transform.inverted().transform(places) == pytest.approx(values, abs=0.11)
