"""A policy is a dot in a triangle."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from tegnas_study.figures.teaching.policy_frames import policy_frames

SURE, UNDECIDED = np.eye(3), np.full((2, 3), 1 / 3)


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_a_row_of_triangles_for_each_kind_of_run():
    figure = policy_frames({"told": {0: UNDECIDED, 9: SURE}, "blind": {0: UNDECIDED, 9: SURE}}, options="abc")
    assert [axes.get_title() for axes in figure.axes] == ["0 steps", "9 steps"] * 2
    assert [part.get_suptitle() for part in figure.subfigs] == ["told", "blind"]
    assert [text.get_text() for text in figure.axes[0].texts] == ["a", "b", "c"]


def test_a_sure_policy_is_a_corner_in_the_colour_of_the_corner():
    figure = policy_frames({"told": {9: SURE}}, options="abc")
    _, undecided, *corners = figure.axes[0].lines
    assert len(undecided.get_xdata()) == 0
    assert [(*line.get_xdata(), *line.get_ydata()) for line in corners] == [
        (0, 0),
        (1, 0),
        (0.5, pytest.approx(np.sqrt(3) / 2)),
    ]
    assert len({line.get_color() for line in corners}) == len({line.get_marker() for line in corners}) == 3


def test_an_undecided_policy_is_in_the_middle_and_has_no_colour_of_a_corner():
    figure = policy_frames({"told": {0: UNDECIDED}}, options="abc")
    _, undecided, *corners = figure.axes[0].lines
    assert list(undecided.get_xdata()) == pytest.approx([0.5, 0.5])
    assert [len(line.get_xdata()) for line in corners] == [0, 0, 0]
