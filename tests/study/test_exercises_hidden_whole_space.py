"""The τ among pairs of equal size is neither that over all pairs nor the mean of the τ of each size."""

import itertools

import numpy as np

from tegnas_study.exercises import check


def signs(x, y, pairs):
    return [np.sign((x[i] - x[j]) * (y[i] - y[j])) for i, j in pairs]


def of_equal_size(x, y, size, *, of_all=False):
    every = [*itertools.combinations(range(len(x)), 2)]
    pairs = [(i, j) for i, j in every if size[i] == size[j]]
    return sum(signs(x, y, pairs)) / len(every if of_all else pairs)


def over_all_pairs(x, y, size):
    return of_equal_size(x, y, [0] * len(x))


def mean_over_sizes(x, y, size):
    groups = [[i for i in range(len(x)) if size[i] == s] for s in set(size)]
    taus = [np.mean(signs(x, y, itertools.combinations(group, 2))) for group in groups]
    return float(np.mean(taus))


def test_only_the_definition_is_let_in():
    assert check("ex-write-equal-size", of_equal_size).right
    assert not check("ex-write-equal-size", over_all_pairs).right
    assert not check("ex-write-equal-size", mean_over_sizes).right
    assert not check("ex-write-equal-size", lambda x, y, size: of_equal_size(x, y, size, of_all=True)).right
