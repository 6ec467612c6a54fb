"""Spread of scores inside classes against analysis of variance written out."""

import numpy as np
import pandas as pd
import pytest

from tegnas_study.analysis.cards.duplicates import duplicates
from tegnas_study.analysis.cards.scored import Scored


def table(values, sizes):
    classes = np.repeat(np.arange(len(sizes)), sizes)
    return pd.DataFrame(
        {
            "architecture": [f"a{k}" for k in range(len(values))],
            "representative": [f"c{c}" for c in classes],
            "connected": True,
            "parameters": 1.0,
            "accuracy": np.arange(len(values), dtype=float),
            "value": values,
        }
    )


SIZES = [1, 2, 3, 2, 4, 2, 2, 2, 3, 2, 2, 5]


def judged(values, sizes=SIZES):
    return duplicates(Scored(table(values, sizes), {"value": True}), seed=0, n_draws=20)


def test_spread_is_the_pooled_deviation_over_that_of_all():
    values = np.random.default_rng(0).permutation(sum(SIZES)).astype(float)
    found = judged(values)
    rows = table(values, SIZES).query("representative != 'c0'")
    ranks = rows["value"].rank()
    groups = [ranks[rows["representative"] == name] for name in rows["representative"].unique()]
    pooled = sum(((g - g.mean()) ** 2).sum() for g in groups) / sum(len(g) - 1 for g in groups)
    assert (found.n, found.n_classes, found.equal) == (len(rows), len(groups), 0)
    assert found.spread.value == pytest.approx((pooled / ranks.var(ddof=0)) ** 0.5)
    assert found.spread.low < found.spread.high


def test_equal_functions_with_equal_scores_do_not_spread():
    found = judged(np.repeat(np.arange(len(SIZES), dtype=float), SIZES))
    assert found.spread.numbers == (0, 0, 0) and found.equal == 1


def test_too_few_classes_say_nothing():
    assert judged(np.arange(9.0), [2, 2, 2, 3]) is None
