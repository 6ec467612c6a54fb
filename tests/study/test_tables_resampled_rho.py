"""The fast ρ of counts against scipy's of the values written out."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tegnas_study.tables.bootstrap import bootstrap
from tegnas_study.tables.resampled_rho import RankedPairs, rhos


@given(st.data())
def test_rho_of_counts_is_the_rho_of_the_repeated_values(data):
    n = data.draw(st.integers(2, 15))
    numbers = st.lists(st.sampled_from([0.0, 1.0, 2.0, 3.5, 1e9]), min_size=n, max_size=n)
    x, y = np.array(data.draw(numbers)), np.array(data.draw(numbers))
    counts = np.array(data.draw(st.lists(st.integers(0, 4), min_size=n, max_size=n)))
    found = RankedPairs(x, y).rho(counts)
    long_x, long_y = np.repeat(x, counts), np.repeat(y, counts)
    if len(set(long_x)) < 2 or len(set(long_y)) < 2:
        assert math.isnan(found)
    else:
        assert found == pytest.approx(stats.spearmanr(long_x, long_y).statistic, abs=1e-12)


def test_rho_of_the_same_order_is_one_whatever_is_drawn():
    values = np.arange(30.0)
    drawn = bootstrap(rhos({"same": (values, values**3), "turned": (values, -values)}), values, seed=0, n_draws=20)
    assert drawn.draws["same"].tolist() == pytest.approx([1] * 20)
    assert drawn.draws["turned"].tolist() == pytest.approx([-1] * 20)
