"""The contract of a search method, as tests: inherit `SearchMethodContract` and say how one is made."""

import numpy as np

from tegnas_core.search import Objective, RandomSearch, search
from tegnas_core.spaces import Toy

ONES = (Objective("ones", True),)
CONFLICT = (Objective("ones", True), Objective("zeros_first_half", False))


class SearchMethodContract:
    """Tests that hold for every search method, on bit strings whose optimum is known.

    A subclass gives `make(space, rng)`.
    """

    def make(self, space, rng):
        raise NotImplementedError

    def run(self, seed=0, n_bits=16, evaluate=None, **options):
        method = self.make(Toy(n_bits), np.random.default_rng(seed))
        return search(method, evaluate or (lambda bits: {"ones": bits.ones}), ONES, **options)

    def test_the_same_seed_gives_the_same_history_and_another_seed_another(self):
        first, second, other = self.run(0), self.run(0), self.run(1)
        columns = ["step", "architecture", "ones", "reward", "entropy", "diversity", "evaluations", "unique"]
        assert first.table()[columns].equals(second.table()[columns])
        assert first.derived == second.derived
        assert not first.table()[columns].equals(other.table()[columns])

    def test_a_search_cut_short_is_the_beginning_of_the_whole(self):
        whole, part = self.run(), self.run(max_steps=3)
        assert part.n_steps == 3 and part.stopped == "step limit"
        assert part.visits == whole.visits[: part.n_evaluations] or part.table().drop(columns="seconds").equals(
            whole.table().drop(columns="seconds")[: part.n_evaluations]
        )

    def test_it_says_why_it_ends_and_its_result_was_possible(self):
        history = self.run()
        assert history.stopped and history.stopped != "step limit"
        assert Toy(16).contains(history.derived)
        assert 0 < history.n_unique <= history.n_evaluations

    def test_failures_do_not_stop_it_and_are_not_its_result(self):
        def evaluate(bits):
            return {"ones": np.inf if bits.bits[0] == bits.bits[1] == 1 else bits.ones}  # +inf is no success

        history = self.run(evaluate=evaluate)
        assert np.isfinite(evaluate(history.derived)["ones"])

    def test_deriving_changes_nothing(self):
        method, twin = (self.make(Toy(8), np.random.default_rng(5)) for _ in range(2))
        for _ in range(5):
            asked = method.ask()
            assert asked == twin.ask()
            values = np.array([[float(bits.ones)] for bits in asked])
            method.tell(values)
            twin.tell(values)
            method.derive()

    def test_it_takes_several_objectives(self):
        method = self.make(Toy(10), np.random.default_rng(0))
        history = search(
            method, lambda bits: {"ones": bits.ones, "zeros_first_half": 5 - sum(bits.bits[:5])}, CONFLICT
        )
        assert {"ones", "zeros_first_half"} <= {*history.table().columns}
        assert history.derived.ones >= 6


class GuidedMethodContract(SearchMethodContract):
    """And those of a method that is more than chance: what `make` gives finds the optimum of 16 bits."""

    def test_it_beats_random_search_to_the_known_optimum(self):
        found, drawn = [], []
        for seed in range(3):
            history = self.run(seed)
            found.append(history.derived.ones)
            chance = RandomSearch(Toy(16), rng=np.random.default_rng(seed), n_steps=history.n_evaluations)
            drawn.append(search(chance, lambda bits: {"ones": bits.ones}, ONES).derived.ones)
        assert found == [16, 16, 16]
        assert sum(drawn) < sum(found)
