"""Distances of children against loops over everything that two policies can propose."""

import itertools

import numpy as np
import pandas as pd
import pytest

from tegnas_core.errors import TegnasError
from tegnas_core.spaces import NASBench201
from tegnas_study.analysis.landscapes.pairs import (
    contrast,
    mean_of_pairs,
    pair_table,
    pairs_of_parents,
    random_apart,
)

SPACE = NASBench201()


def end(seed, at, number, probabilities):
    cell = SPACE.compose(probabilities.argmax(1).tolist())
    entropy = -(probabilities * np.log(np.maximum(probabilities, 1e-300))).sum()
    return {
        "seed": seed,
        "at": at,
        "part": "end",
        "number": number,
        "architecture": str(cell),
        "entropy": entropy,
        "mean": probabilities.ravel(),
    }


def policies(n, seed=0):
    drawn = np.random.default_rng(seed).dirichlet([0.5] * 5, size=(n, 6))
    return list(drawn)


def spawned(n_seeds=4, at=(0, 50)):
    drawn = iter(policies(2 * n_seeds * len(at)))
    rows = [end(s, a, c, next(drawn)) for s in range(n_seeds) for a in at for c in range(2)]
    return pd.DataFrame(rows)


def test_distances_are_expectations_over_all_proposals():
    first, second = policies(2)
    row = pair_table(pd.DataFrame([end(0, 0, 0, first), end(0, 0, 1, second)]), "nas-bench-201").iloc[0]
    pairs = list(itertools.product(range(5), repeat=2))

    def expected(p, q):
        return np.mean([sum(p[e, a] * q[e, b] for a, b in pairs if a != b) for e in range(6)])

    assert row["between"] == pytest.approx(expected(first, second))
    assert row["within"] == pytest.approx((expected(first, first) + expected(second, second)) / 2)
    assert row["excess"] == pytest.approx(((first - second) ** 2).sum() / 2 / 6)
    assert row["apart"] == np.mean(first.argmax(1) != second.argmax(1))


def test_equal_children_are_in_one_place_however_undecided():
    uniform = np.full((6, 5), 0.2)
    row = pair_table(pd.DataFrame([end(0, 0, 0, uniform), end(0, 0, 1, uniform)]), "nas-bench-201").iloc[0]
    assert (row["apart"], row["same"]) == (0, 1)
    assert (row["excess"], row["within"], row["entropy"]) == pytest.approx((0, 0.8, 1), abs=1e-12)


def test_half_a_pair_is_an_error():
    with pytest.raises(TegnasError, match="has 1 ends"):
        pair_table(spawned().iloc[:-1], "nas-bench-201")


def test_means_are_those_of_each_step_and_parents_are_resampled_whole():
    pairs = pair_table(spawned(), "nas-bench-201")
    found = mean_of_pairs(pairs, seed=0, n_draws=200)
    assert found.value["apart 50"] == pytest.approx(pairs.loc[pairs["at"] == 50, "apart"].mean())
    together = found.draws["apart 0"] - found.draws["apart 50"]
    by_parent = pairs.pivot(index="seed", columns="at", values="apart")
    difference = by_parent[0] - by_parent[50]
    assert together.min() >= difference.min() - 1e-9 and together.max() <= difference.max() + 1e-9
    assert found.estimate(lambda s: s["apart 0"] - s["apart 50"]).value == pytest.approx(difference.mean())


def test_a_step_that_not_every_parent_has_is_averaged_over_those_that_do():
    table = spawned()
    pairs = pair_table(table[(table["at"] == 50) | (table["seed"] < 2)], "nas-bench-201")
    found = mean_of_pairs(pairs, seed=0, n_draws=50)
    assert found.value["apart 0"] == pytest.approx(pairs.loc[pairs["at"] == 0, "apart"].mean())


def test_a_contrast_is_the_difference_with_both_sides_spread():
    first = mean_of_pairs(pair_table(spawned(), "nas-bench-201"), seed=0, n_draws=400)
    same = contrast(first, first, "apart 0")
    assert (same.value, same.low, same.high) == (0, 0, 0)


def test_pairs_of_parents_are_all_pairs():
    table = pairs_of_parents(spawned(), "nas-bench-201", 50)
    assert list(zip(table["seed"], table["other"], strict=True)) == list(itertools.combinations(range(4), 2))


def test_random_cells_differ_on_four_of_five_edges():
    assert random_apart("nas-bench-201", n=3000, seed=0) == pytest.approx(0.8, abs=0.01)
    assert 0.85 < random_apart("darts", n=200, seed=0) < 0.95
