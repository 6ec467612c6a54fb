"""A map of linear regions is exact: it agrees with the formula, with the network and with points."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tegnas_core.errors import TegnasError
from tegnas_core.indicators.expressivity import activation_patterns
from tegnas_study.teaching.region_maps import expected_regions, region_map, split, square, zaslavsky
from tegnas_study.teaching.relu_networks import as_images, as_module, random_layers

FAR = 1e6  # nearly all crossings of a few random lines lie within


def patterns_at(layers, points):
    return activation_patterns(as_module(layers), [as_images(points)])


def random_map(widths, seed=0, half=2.0):
    layers = random_layers((2, *widths, 1), rng=np.random.default_rng(seed))
    return layers, region_map(layers, square(half))


@pytest.mark.parametrize("n", [1, 2, 3, 8, 15])
def test_one_layer_has_as_many_regions_as_zaslavsky_says(n):
    _, regions = random_map((n,), half=FAR)
    assert len(regions) == zaslavsky(n, 2) == 1 + n + n * (n - 1) // 2


def test_formula_counts_by_adding_one_hyperplane_after_another():
    for n, d in itertools.product(range(1, 9), range(1, 6)):
        assert zaslavsky(n, d) == zaslavsky(n - 1, d) + zaslavsky(n - 1, d - 1)
    assert [zaslavsky(9, 9), zaslavsky(16, 1), zaslavsky(0, 3)] == [512, 17, 1]


@pytest.mark.parametrize("widths", [(6,), (5, 5), (4, 6, 5), (3, 3, 3, 3)])
def test_regions_tile_the_window_and_each_has_its_own_pattern(widths):
    layers, regions = random_map(widths)
    assert regions.areas.sum() == pytest.approx(16)
    assert len(regions) == len(regions.areas) == len(np.unique(regions.patterns, axis=0))
    middles = np.array([polygon.mean(axis=0) for polygon in regions.polygons])
    assert np.array_equal(patterns_at(layers, middles), regions.patterns)


@pytest.mark.parametrize("seed", range(5))
def test_points_find_no_pattern_that_the_map_lacks_and_nearly_all_that_it_has(seed):
    layers, regions = random_map((5, 5, 4), seed)
    axis = np.linspace(-2, 2, 300)
    seen = {tuple(row) for row in patterns_at(layers, np.array([*itertools.product(axis, axis)]))}
    known = {tuple(row) for row in regions.patterns}
    assert seen <= known
    assert all(tuple(p) in seen for p, a in zip(regions.patterns, regions.areas, strict=True) if a > 0.01)


def test_a_fold_along_a_border_or_through_nothing_cuts_nothing():
    twice = (np.array([[1.0, 0.0], [2.0, 0.0], [0.0, 0.0]]), np.array([0.0, 0.0, 1.0]))
    regions = region_map([twice, (np.ones((1, 3)), np.zeros(1))], square(1.0))
    assert regions.patterns.tolist() == [[False, False, True], [True, True, True]]
    assert regions.areas.tolist() == [2.0, 2.0]


def test_the_last_layer_cuts_nothing():
    layers, _ = random_map((4,))
    assert len(region_map(layers[:1], square(1.0))) == 1


@given(st.floats(-0.9, 0.9), st.floats(0, 6.28))
def test_a_cut_keeps_corners_on_their_sides(shift, angle):
    normal = np.array([np.cos(angle), np.sin(angle)])
    window = square(1.0)
    off, on = split(window, window @ normal + shift)
    assert (off @ normal + shift).max() <= 1e-9
    assert (on @ normal + shift).min() >= -1e-9
    assert min(len(off), len(on)) >= 3


def test_expected_count_is_the_mean_over_many_samples():
    layers, regions = random_map((4, 4))
    points = np.random.default_rng(0).uniform(-2, 2, (400, 25, 2))
    counts = [len(np.unique(patterns_at(layers, sample), axis=0)) for sample in points]
    error = np.std(counts) / np.sqrt(len(counts))
    assert abs(np.mean(counts) - expected_regions(regions.areas, 25)) < 4 * error


def test_expected_count_goes_from_one_to_all():
    areas = np.array([1.0, 2.0, 3.0])
    assert expected_regions(areas, np.array([0, 1, 10_000])) == pytest.approx([0, 1, 3])


@pytest.mark.parametrize("half", [0, -1.0, np.inf, np.nan])
def test_a_square_without_inside_is_told(half):
    with pytest.raises(TegnasError, match="no inside"):
        square(half)


def test_a_network_that_does_not_look_at_a_plane_is_told():
    with pytest.raises(TegnasError, match="network of 2 inputs, and this one has 3"):
        region_map(random_layers((3, 4, 1), rng=np.random.default_rng(0)), square(1.0))
