"""The best of n, against drawing n again and again, and against counting by hand."""

import itertools

import numpy as np
import pandas as pd
import pytest

from tegnas_core.errors import TegnasError
from tegnas_study.analysis.best_of import best_of, best_of_table


def test_every_choice_by_hand():
    values, accuracy = pd.Series([5.0, 1.0, 3.0, 4.0]), pd.Series([90.0, 80.0, 95.0, 70.0])
    for n in (1, 2, 3, 4):
        chosen = [max(part, key=lambda i: values[i]) for part in itertools.combinations(range(4), n)]
        expected = accuracy[chosen]
        assert best_of(values, accuracy, n) == pytest.approx((expected.mean(), expected.std(ddof=0)), abs=1e-6)


def test_ties_share_their_places():
    accuracy = pd.Series([90.0, 80.0, 70.0])
    assert best_of(pd.Series([1.0, 1.0, 1.0]), accuracy, 2)[0] == pytest.approx(80)
    both = best_of(pd.Series([2.0, 2.0, 1.0]), accuracy, 2)[0]
    assert both == best_of(pd.Series([2.0, 2.0, 1.0]), accuracy[[1, 0, 2]].reset_index(drop=True), 2)[0]


def test_a_failure_is_chosen_last():
    table = pd.DataFrame({"jacob_cov": [-np.inf, 1.0, 2.0], "a": [50.0, 60.0, 70.0]})
    found = best_of_table(table, ["a"], ["jacob_cov"], n=2)
    assert found["mean"].tolist() == pytest.approx([(70 + 70 + 60) / 3])


@pytest.mark.parametrize("n", [0, 4])
def test_more_than_there_are_is_an_error(n):
    with pytest.raises(TegnasError, match="1 to 3 architectures"):
        best_of(pd.Series([1.0, 2.0, 3.0]), pd.Series([1.0, 2.0, 3.0]), n)
