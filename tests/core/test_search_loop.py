"""Algorithm 1: sample, evaluate, update, derive; and the table that is left."""

import numpy as np
import pytest
from scipy import stats

from tegnas_core.search import Objective, RandomSearch, incumbent, search
from tegnas_core.search.method import goodness, rank_sums
from tegnas_core.spaces import Toy

OBJECTIVES = (Objective("ones", True), Objective("position", False))


def evaluate(bits):
    return {"ones": bits.ones, "position": float(int(str(bits), 2)), "seconds": 0.25}


def run(**options):
    return search(RandomSearch(Toy(4), rng=np.random.default_rng(0), n_steps=30), evaluate, OBJECTIVES, **options)


def test_the_table_has_a_row_an_evaluation():
    history = run()
    table = history.table()
    assert len(table) == 30 == history.n_evaluations
    assert table["step"].tolist() == [*range(30)] and table["evaluations"].tolist() == [*range(1, 31)]
    assert table["unique"].iloc[-1] == table["architecture"].nunique() == history.n_unique
    assert (table["seconds"] == 0.25).all()
    assert table["entropy"].isna().all()


def test_the_method_is_told_larger_is_better():
    class Listener(RandomSearch):
        def tell(self, values):
            (bits,) = self.drawn[-1:]
            assert values.tolist() == [[bits.ones, -int(str(bits), 2)]]
            return super().tell(values)

    search(Listener(Toy(4), rng=np.random.default_rng(0), n_steps=5), evaluate, OBJECTIVES)


def test_what_failed_is_minus_infinity_in_either_direction():
    values = [{"ones": np.nan, "position": np.inf}, {"ones": np.inf, "position": 2.0}]
    assert goodness(values, OBJECTIVES).tolist() == [[-np.inf, -np.inf], [-np.inf, -2.0]]


def test_the_incumbent_is_the_best_by_the_sum_of_ranks():
    history = run()
    table = history.table()
    sums = stats.rankdata(-table["ones"], method="min") + stats.rankdata(table["position"], method="min")
    assert str(incumbent(history)) == table["architecture"][int(np.argmin(sums))]


@pytest.mark.parametrize(("ties", "scipy_name"), [("best", "min"), ("average", "average")])
def test_rank_sums_equal_those_of_scipy(ties, scipy_name):
    table = np.random.default_rng(0).integers(5, size=(40, 3)).astype(float)
    expected = sum(stats.rankdata(-column, method=scipy_name) - 1 for column in table.T)
    assert np.array_equal(rank_sums(table, ties=ties), expected)


def test_a_step_limit_ends_it_and_each_step_is_announced():
    announced = []
    history = run(max_steps=7, on_step=announced.append)
    assert history.stopped == "step limit" and announced == [1] * 7
