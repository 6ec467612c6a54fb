"""Curves come in as many colours as they have pieces."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from tegnas_study.figures.teaching import region_pieces as draw

X = np.array([0.0, 1, 2, 3, 4, 5])
PATTERNS = np.array([[0, 1], [0, 1], [1, 1], [1, 1], [1, 0], [1, 0]], bool)


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_each_piece_has_its_pattern_above_and_reaches_the_next():
    (axes,) = draw.pieces(X, X**2, PATTERNS).axes
    assert [text.get_text() for text in axes.texts] == ["01", "11", "10"]
    curves = axes.lines[:3]
    assert [line.get_xdata().tolist() for line in curves] == [[0, 1, 2], [2, 3, 4], [4, 5, 5]]
    assert len({line.get_color() for line in curves}) == 3


def test_folded_curves_stand_below_each_other():
    figure = draw.folded_curves(X, {"flat": (X / 5, PATTERNS[:1].repeat(6, 0)), "folded": (X / 5, PATTERNS)})
    assert [len(axes.lines) for axes in figure.axes] == [1, 3]
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["flat", "folded"]


def test_two_functions_share_their_folds():
    (axes,) = draw.same_pieces(X, {"one": X, "other": -X}, [1.0, 2.0]).axes
    assert [line.get_xdata()[0] for line in axes.lines[:2]] == [1.0, 2.0]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["one", "other"]
