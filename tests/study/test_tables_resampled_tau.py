"""The fast τ of counts against scipy's of the values written out."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tegnas_study.tables.resampled_tau import TOGETHER, SortedPairs

inf = math.inf


def scipy_tau(x, y):
    return stats.kendalltau(stats.rankdata(x), stats.rankdata(y)).statistic


@given(st.data())
def test_tau_of_counts_is_the_tau_of_the_repeated_values(data):
    n = data.draw(st.integers(2, 15))
    numbers = st.lists(st.sampled_from([0.0, 1.0, 2.0, 3.5, inf]), min_size=n, max_size=n)
    x, y = np.array(data.draw(numbers)), np.array(data.draw(numbers))
    counts = np.array(data.draw(st.lists(st.integers(0, 4), min_size=n, max_size=n)))
    found = SortedPairs(x, y).tau(counts)
    if counts.sum() < 2:
        assert math.isnan(found)
    else:
        expected = scipy_tau(np.repeat(x, counts), np.repeat(y, counts))
        assert found == pytest.approx(expected, abs=1e-12, nan_ok=True)


def test_many_resamples_at_once_are_the_resamples_one_by_one():
    rng = np.random.default_rng(0)
    found = SortedPairs(rng.integers(0, 9, 40).astype(float), rng.normal(size=40))
    counts = rng.integers(0, 3, (40, TOGETHER + 3))
    each = [found.tau(counts[:, i]) for i in range(counts.shape[1])]
    assert found.taus(counts).tolist() == each
