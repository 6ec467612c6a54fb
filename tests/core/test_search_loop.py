"""Algorithm 1: sample, evaluate, update, derive; and the table that is left."""

import subprocess
import sys

import numpy as np
from scipy import stats

from tegnas_core.search import Objective, RandomSearch, incumbent, search
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


def test_the_incumbent_is_the_best_by_the_sum_of_ranks():
    history = run()
    table = history.table()
    sums = stats.rankdata(-table["ones"], method="min") + stats.rankdata(table["position"], method="min")
    assert str(incumbent(history)) == table["architecture"][int(np.argmin(sums))]


def test_a_step_limit_ends_it_and_each_step_is_announced():
    announced = []
    history = run(max_steps=7, on_step=announced.append)
    assert history.stopped == "step limit" and announced == [1] * 7


def test_a_search_by_evolution_loads_no_torch_no_pandas_and_no_scipy():
    code = (
        "import sys; from tegnas_core.search import Evolution, LocalSearch, RandomSearch, TENAS, search; "
        "print({'torch', 'pandas', 'scipy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
