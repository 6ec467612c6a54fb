"""Supernets as values."""

import math

import pytest

from tegnas_core.errors import TegnasError
from tegnas_core.spaces import NASBench201, Toy
from tegnas_core.spaces.architecture import OPERATIONS, Architecture
from tegnas_core.spaces.darts import Darts
from tegnas_core.spaces.genotype import OPERATIONS as DARTS_OPERATIONS
from tegnas_core.spaces.genotype import Genotype
from tegnas_core.spaces.mixtures import Mixture, pruning_rules


@pytest.mark.parametrize(
    ("space", "edges", "operations", "n_pruned"),
    [(Toy(5), 5, 2, 1), (NASBench201(), 6, 4, 1), (Darts(), 28, 7, 3)],
)
def test_the_start_is_everything_but_none(space, edges, operations, n_pruned):
    rules = pruning_rules(space)
    assert [len(options) for options in rules.start.active] == [operations] * edges
    assert rules.start.entropy == pytest.approx(edges * math.log(operations))
    assert rules.n_pruned == n_pruned and not rules.start.is_single


@pytest.mark.parametrize(("space", "operations"), [(NASBench201(), OPERATIONS), (Darts(), DARTS_OPERATIONS)])
def test_none_is_not_in_it(space, operations):
    options = pruning_rules(space).start.active[0]
    assert [operations[option] for option in options] == [name for name in operations if name != "none"]


@pytest.mark.parametrize("text", ["1+3|2|-", "0+1|0+1", "12|0"])
def test_printing_and_parsing_are_inverse(text):
    assert str(Mixture.parse(text)) == text
    assert Mixture.parse(str(Mixture.parse(text))) == Mixture.parse(text)


@pytest.mark.parametrize("text", ["", "1+|2", "a", "2+1", "1+1", "1|-2", "1 2"])
def test_other_texts_are_refused(text):
    with pytest.raises(TegnasError):
        Mixture.parse(text)


def test_options_are_taken_away_until_the_edge_is_gone():
    mixture = Mixture(((1, 3), (2,)))
    assert mixture.without(0, 1) == Mixture(((3,), (2,)))
    assert mixture.without(0, 1).is_single
    assert mixture.without(1, 2) == Mixture(((1, 3), ()))
    assert mixture.without(1, 2).without(0, 3).is_single
    for edge, option in [(0, 2), (2, 0), (-1, 2)]:
        with pytest.raises(TegnasError, match="has no option"):
            mixture.without(edge, option)


@pytest.mark.parametrize("seed", range(5))
def test_a_supernet_without_choice_is_its_architecture(seed):
    space = NASBench201()
    (architecture,) = space.sample_many(1, seed=seed)
    mixture = Mixture(tuple((option,) for option in space.decisions(architecture)))
    composed = pruning_rules(space).compose(mixture)
    assert isinstance(composed, Architecture) and composed == architecture


def test_two_edges_a_node_are_a_genotype():
    active = [()] * 28
    for node, row in enumerate([0, 2, 5, 9, 14, 16, 19, 23]):  # each node's first edge, and the one after the next
        active[row] = (1 + node % 7,)
        active[row + 1] = (7,)
    genotype = pruning_rules(Darts()).compose(Mixture(tuple(active)))
    assert isinstance(genotype, Genotype)
    assert genotype.normal[:4] == (
        ("skip_connect", 0),
        ("max_pool_3x3", 1),
        ("sep_conv_3x3", 0),
        ("max_pool_3x3", 1),
    )
    assert genotype.reduce[2:4] == (("avg_pool_3x3", 0), ("max_pool_3x3", 1))
