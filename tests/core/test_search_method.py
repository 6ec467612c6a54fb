"""What search methods share: the signs of objectives, ranks as scipy has them, and the stopping rule."""

import numpy as np
import pytest
from scipy import stats

from tegnas_core.search import Objective
from tegnas_core.search.method import Plateau, best_by_rank_sum, fitness_of, rank_sums

OBJECTIVES = (Objective("ones", True), Objective("position", False))


def test_what_failed_is_minus_infinity_in_either_direction():
    values = [{"ones": np.nan, "position": np.inf}, {"ones": np.inf, "position": 2.0}]
    assert fitness_of(values, OBJECTIVES).tolist() == [[-np.inf, -np.inf], [-np.inf, -2.0]]


@pytest.mark.parametrize(("ties", "scipy_name"), [("best", "min"), ("average", "average")])
def test_rank_sums_equal_those_of_scipy(ties, scipy_name):
    table = np.random.default_rng(0).integers(5, size=(40, 3)).astype(float)
    table[::7, 1] = -np.inf
    expected = sum(stats.rankdata(-column, method=scipy_name) - 1 for column in table.T)
    assert np.array_equal(rank_sums(table, ties=ties), expected)


def test_the_first_of_several_best_wins():
    assert best_by_rank_sum([[1.0, 3.0], [2.0, 2.0], [3.0, 1.0]]) == 0
    assert best_by_rank_sum([[1.0, 3.0], [3.0, 2.0], [3.0, 2.0]]) == 1


def test_a_plateau_is_reached_when_the_value_has_not_fallen_for_its_patience():
    plateau, never = Plateau(patience=2), Plateau(patience=None)
    reached = []
    for value in (5.0, 4.0, 4.0, 3.0, 2.9995, 3.5, 1.0):  # 2.9995 lies within the tolerance
        plateau.watch(value), never.watch(value)
        reached.append(plateau.reached)
    assert reached == [False, False, False, False, False, True, False]
    assert not never.reached
