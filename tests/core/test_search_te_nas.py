"""TE-NAS, against its definition and on spaces where the best is known."""

import itertools

import numpy as np
import pytest

from tegnas_core.errors import TegnasError
from tegnas_core.search import TENAS, Objective, search
from tegnas_core.search.te_nas import dense_ranks, relative_losses
from tegnas_core.spaces import NASBench201, Toy
from tegnas_core.spaces.darts import Darts
from tegnas_core.spaces.darts_edges import rows_of
from tegnas_core.spaces.genotype import OPERATIONS as DARTS_OPERATIONS
from tegnas_core.spaces.mixtures import Mixture

pytestmark = pytest.mark.slow

ONES = (Objective("ones", True),)


def make(space, seed=0, **options):
    return TENAS(space, rng=np.random.default_rng(seed), **options)


def expected_ones(mixture):
    return {"ones": sum(np.mean(options) for options in mixture.active)}


# The equation


def test_what_lowers_kappa_or_raises_regions_is_a_negative_loss():
    complete = [-100.0, 200.0]  # κ = 100 has fitness −100; R = 200
    without = np.array([[-90.0, 190.0], [-110.0, 210.0]])
    assert relative_losses(complete, without).tolist() == [[-0.1, 0.05], [0.1, -0.05]]


def test_losses_have_three_decimals_and_failures_are_missed_most():
    without = np.array([[1.00049], [0.99951], [-np.inf]])
    assert relative_losses([1.0], without).ravel().tolist() == [0, 0, np.inf]
    assert relative_losses([-np.inf], without).ravel().tolist() == [-np.inf, -np.inf, 0]
    assert relative_losses([0.0], np.array([[0.25]])).item() == -0.25


def test_ranks_are_dense_and_compare_three_digits():
    losses = np.array([[0.5], [-1.0], [12.344], [12.32], [0.5], [np.inf]])
    assert dense_ranks(losses).ravel().tolist() == [2, 1, 3, 3, 2, 4]


def test_an_example_by_hand():
    method = make(Toy(2))
    assert [str(mixture) for mixture in method.ask()] == ["0+1|0+1", "1|0+1", "0|0+1", "0+1|1", "0+1|0"]
    kappa = [100, 90, 110, 100.04, 99.96]  # changes −0.1, 0.1, 0, 0 after rounding: ranks 1, 3, 2, 2
    regions = [200, 210, 190, 199, 198]  # changes −0.05, 0.05, 0.005, 0.01: ranks 1, 4, 2, 3
    method.tell(np.stack([-np.array(kappa), np.array(regions)], 1))
    sums = {removal: total for removal, (total, _) in method.missed.items()}
    assert sums == {(0, 0): 2, (0, 1): 7, (1, 0): 4, (1, 1): 5}
    assert method.mixture == Mixture(((1,), (1,)))
    assert method.finished() and str(method.derive()) == "11"


def test_repeats_are_rounded_one_by_one_and_then_averaged():
    complete = np.array([[1.0, 1.0]])
    changes = np.array([[0.0006, 0.0002], [0.0004, 0.0004]])  # of two repeats: 0.001 and 0, 0 and 0
    table = np.concatenate([complete, complete - changes])
    for fitness, repeats, ranks in [(table, 2, [2, 1]), (table.mean(1, keepdims=True), 1, [1, 1])]:
        method = make(Toy(1), repeats=repeats)
        method.ask()
        method.tell(fitness)
        assert [total for total, _ in method.missed.values()] == ranks


def test_columns_of_repeats_belong_to_one_objective():
    method = make(Toy(1), repeats=2)
    method.ask()
    method.tell(np.array([[1.0, 1.0, 1.0, 1.0], [0.9, 0.9, 1.3, 1.3], [1.1, 1.1, 1.1, 1.1]]))
    assert [total for total, _ in method.missed.values()] == [2 + 1, 1 + 2]


# Searches


@pytest.mark.parametrize("seed", range(3))
def test_it_finds_the_optimum_of_the_toy_space_in_one_round(seed):
    history = search(make(Toy(16), seed), expected_ones, ONES)
    assert history.derived.ones == 16 and history.n_steps == 1 and history.n_evaluations == 1 + 2 * 16
    assert history.stopped == "pruned to one architecture"
    assert history.table()["architecture"][0] == "|".join(["0+1"] * 16)
    assert history.visits[-1].entropy == 0


def test_nas_bench_201_takes_three_rounds_of_24_18_and_12_removals():
    space, worth = NASBench201(), np.random.default_rng(0).permutation(30).reshape(6, 5)

    def evaluate(mixture):
        return {"x": sum(worth[edge, [*options]].mean() for edge, options in enumerate(mixture.active))}

    history = search(make(space), evaluate, [Objective("x", True)])
    assert history.table().groupby("step").size().tolist() == [1 + 24, 1 + 18, 1 + 12]
    best = 1 + worth[:, 1:].argmax(1)  # `none` takes no part
    assert space.decisions(history.derived) == tuple(best)
    assert history.table().groupby("step")["entropy"].first().tolist() == pytest.approx(
        [6 * np.log(3), 6 * np.log(2), 0]
    )


def test_only_ties_follow_the_seed():
    def indifferent(mixture):
        return {"ones": 1.0}

    columns = ["step", "architecture", "ones", "entropy"]
    runs = [search(make(NASBench201(), seed), indifferent, ONES) for seed in (0, 0, 1)]
    assert runs[0].table()[columns].equals(runs[1].table()[columns]) and runs[0].derived == runs[1].derived
    assert not runs[0].table()[columns].equals(runs[2].table()[columns])
    found = {search(make(Toy(8), seed), expected_ones, ONES).derived for seed in range(3)}
    assert len(found) == 1


@pytest.mark.parametrize("n_pruned", [1, 2, 3, 4, 9])
def test_the_last_operation_of_an_edge_stays(n_pruned):
    method = make(NASBench201(), n_pruned=n_pruned)
    while not method.finished():
        asked = method.ask()
        assert all(all(mixture.active) for mixture in asked)
        method.tell(np.random.default_rng(0).random((len(asked), 2)))
    assert method.mixture.is_single and all(method.mixture.active)


def test_cut_short_it_derives_by_the_last_sums_and_changes_nothing():
    worth = np.arange(5.0)

    def evaluate(mixture):
        return {"x": sum(worth[[*options]].mean() for options in mixture.active)}

    method = make(NASBench201())
    history = search(method, evaluate, [Objective("x", True)], max_steps=1)
    assert history.stopped == "step limit"
    assert NASBench201().decisions(history.derived) == (4,) * 6
    assert [len(options) for options in method.mixture.active] == [3] * 6
    assert NASBench201().contains(make(NASBench201()).derive())


def test_darts_keeps_the_two_best_edges_of_every_node():
    rng = np.random.default_rng(0)
    operation = np.stack([rng.permutation(np.arange(-30.0, 31, 10)) for _ in range(28)])  # worth of each operation
    edge = np.concatenate([rng.permutation(n) for n in (2, 3, 4, 5) * 2]) * 8.0  # and of each edge

    def evaluate(mixture):
        return {
            "x": 1
            + sum(
                edge[row] + operation[row, [option - 1 for option in options]].mean()
                for row, options in enumerate(mixture.active)
                if options
            )
        }

    history = search(make(Darts()), evaluate, [Objective("x", True)])
    steps = history.table().groupby("step").size().tolist()
    assert steps == [1 + 28 * 7, 1 + 28 * 4, 1 + 2 * (3 + 4 + 5)]  # a node with two edges keeps both
    for cell, pairs in enumerate([history.derived.normal, history.derived.reduce]):
        for node in range(4):
            rows = [14 * cell + row for row in rows_of(node)]
            kept = sorted(sorted(range(len(rows)), key=lambda k, rows=rows: -edge[rows[k]])[:2])
            best = [DARTS_OPERATIONS[1 + operation[rows[source]].argmax()] for source in kept]
            assert pairs[2 * node : 2 * node + 2] == tuple(zip(best, kept, strict=True))


def test_darts_with_two_operations_a_round_takes_one_round_more():
    method, sizes = make(Darts(), n_pruned=2), []
    for n in itertools.count():
        if method.finished():
            break
        asked = method.ask()
        sizes.append(len(asked) - 1)
        method.tell(np.random.default_rng(n).random((len(asked), 1)))
    assert sizes == [28 * 7, 28 * 5, 28 * 3, 24]
    assert Darts().contains(method.derive())


def test_a_removal_that_breaks_the_network_is_not_made():
    def evaluate(mixture):
        return {"ones": np.nan if 0 not in mixture.active[0] else -expected_ones(mixture)["ones"] - 1}

    assert str(search(make(Toy(4)), evaluate, ONES).derived) == "0000"
    flipped = search(make(Toy(4)), lambda m: {"ones": np.inf if 0 not in m.active[0] else 1.0}, ONES)
    assert flipped.derived.bits[0] == 0


def test_nothing_to_prune_by_is_refused():
    for options in ({"n_pruned": 0}, {"repeats": 0}):
        with pytest.raises(TegnasError, match="at least 1"):
            make(Toy(3), **options)
