"""Maps show every region, and neighbours in different colours."""

from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np
import pytest

from tegnas_study.figures.teaching import region_maps as draw
from tegnas_study.figures.teaching.region_maps import _colours_apart


@dataclass
class Map:
    polygons: tuple
    patterns: np.ndarray


def quarters():
    corners = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]])
    places = [(0, 0), (1, 0), (0, 1), (1, 1)]
    return Map(tuple(corners + place for place in places), np.array(places, bool))


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def titles(figure):
    return [axes.get_title(loc="left") or axes.get_title() for axes in figure.axes]


def test_patterns_that_differ_in_one_unit_differ_in_colour():
    patterns = np.random.default_rng(0).random((60, 6)) > 0.5
    patterns = np.unique(patterns, axis=0)
    colours = _colours_apart(patterns)
    apart = (patterns[:, None] != patterns[None]).sum(axis=-1)
    same = (colours[:, None] == colours[None]).all(axis=-1)
    assert not (same & (apart == 1)).any()
    assert same[~np.eye(len(same), dtype=bool)].any()  # the palette has fewer colours than there are regions


def test_layers_stand_side_by_side_with_the_output_last():
    figure = draw.layer_maps({"one": quarters(), "two": quarters()}, ("out", np.arange(9.0).reshape(3, 3)))
    assert titles(figure) == ["one", "two", "out", ""]
    first, second = figure.axes[:2]
    assert [len(c.get_paths()) for c in first.collections] == [4]
    assert [len(c.get_paths()) for c in second.collections] == [4, 4]  # and the folds before, in white
    assert first.get_xlim() == first.get_ylim() == (0, 2)
    assert len(figure.axes[2].images) == 1


def test_only_regions_that_are_hit_have_a_colour():
    hit = np.array([True, False, True, False])
    figure = draw.sampled_maps(quarters(), {"some": (np.array([[0.5, 0.5], [0.2, 1.5]]), hit)})
    faces = figure.axes[0].collections[0].get_facecolors()
    assert [bool((face == 1).all()) for face in faces] == [False, True, False, True]
    assert figure.axes[0].lines[0].get_xdata().tolist() == [0.5, 0.2]


def test_points_of_a_grid_with_one_pattern_have_one_colour():
    patterns = np.array([[[0, 0], [0, 1]], [[0, 0], [1, 1]]], bool)
    figure = draw.pattern_images({"one": patterns, "other": patterns}, np.array([[0.5, 0.5]]))
    shown = np.asarray(figure.axes[0].images[0].get_array())
    assert (shown[0, 0] == shown[1, 0]).all()
    assert len(np.unique(shown.reshape(4, 4), axis=0)) == 3
    assert titles(figure) == ["one", "other"]
