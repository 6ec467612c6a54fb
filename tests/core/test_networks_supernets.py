"""Supernets as networks: against masked supernets of formulas, and bit by bit against stand-alone networks."""

import numpy as np
import pytest
import torch
from oracles import darts as darts_formulas
from oracles import networks as formulas
from small_source import small_settings, small_source

from tegnas_core.errors import TegnasError
from tegnas_core.evaluation import Evaluator
from tegnas_core.indicators.jacobians import jacobian, select_parameters
from tegnas_core.networks import (
    DartsNetworks,
    DartsSupernetNetworks,
    NASBench201Networks,
    SupernetNetworks,
    proxy_network,
)
from tegnas_core.networks.supernets import supernet_networks
from tegnas_core.settings import make_settings
from tegnas_core.spaces import NASBench201
from tegnas_core.spaces.architecture import OPERATIONS, Architecture
from tegnas_core.spaces.darts import Darts
from tegnas_core.spaces.darts_edges import ops_on_edges
from tegnas_core.spaces.genotype import OPERATIONS as DARTS_OPERATIONS
from tegnas_core.spaces.mixtures import Mixture, pruning_rules

SPACE, DARTS = NASBench201(), Darts()
SOURCE = small_source()
SETTINGS = make_settings("teg", initialisation="torch_default", precision="float64")
WEIGHTS = {"n_classes": 10, "scheme": "torch_default"}


def seed_of(role: str) -> tuple:
    return (0, "repeat", 0, role)


def images(channels: int = 3, size: int = 16) -> torch.Tensor:
    return torch.randn(4, channels, size, size, generator=torch.Generator().manual_seed(0)).double()


def network(architecture, networks, role: str = "kernel") -> torch.nn.Module:
    return proxy_network(architecture, SETTINGS, role, n_classes=10, seed=0, repeat=0, networks=networks)


def drawn(start: Mixture, seed: int, *, removed: float = 0.0) -> Mixture:
    """Some of the options of every edge; an edge is removed with a probability."""
    rng, active = np.random.default_rng(seed), []
    for options in start.active:
        n = int(rng.integers(1, len(options) + 1)) if rng.random() >= removed else 0
        active.append(tuple(sorted(rng.choice(options, n, replace=False).tolist())))
    return Mixture(tuple(active))


def logits_of(mixture: Mixture, operations: tuple[str, ...]) -> torch.Tensor:
    """0 for what is possible and −1000 for the rest, a row an edge."""
    table = torch.full((len(mixture.active), len(operations)), -1000.0).double()
    for edge, options in enumerate(mixture.active):
        table[edge, list(options)] = 0.0
    return table


def single(architecture: Architecture) -> Mixture:
    return Mixture(tuple((option,) for option in SPACE.decisions(architecture)))


def single_darts(genotype) -> Mixture:
    names = [name for cell in ops_on_edges(genotype) for name in cell]
    return Mixture(tuple((DARTS_OPERATIONS.index(name),) if name != "none" else () for name in names))


START, DARTS_START = pruning_rules(SPACE).start, pruning_rules(DARTS).start
MIXTURES = (START, *(drawn(START, seed) for seed in range(3)), Mixture(((0, 1, 3),) * 6))
DARTS_MIXTURES = (DARTS_START, *(drawn(DARTS_START, seed, removed=0.3) for seed in range(3)))


# Against formulas


@pytest.fixture(scope="module")
def weights():
    return formulas.supernet_weights(width=3, seed=seed_of("kernel"), **WEIGHTS)


@pytest.fixture(scope="module")
def thin_weights():
    return formulas.supernet_weights(width=1, seed=seed_of("regions"), **WEIGHTS)


@pytest.mark.parametrize("mixture", MIXTURES, ids=str)
def test_a_supernet_is_the_full_one_under_a_softmax_mask(mixture, weights):
    mask = torch.softmax(logits_of(mixture, OPERATIONS), 1)
    expected = formulas.logits(mask, weights, images())
    torch.testing.assert_close(network(mixture, SupernetNetworks())(images()), expected, rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("mixture", MIXTURES, ids=str)
def test_the_thin_supernet_is_one_masked_cell(mixture, thin_weights):
    mask = torch.softmax(logits_of(mixture, OPERATIONS), 1)
    expected = formulas.cell(mask, images(1, 3), thin_weights, "cells.0")
    cells = network(mixture, SupernetNetworks(), "regions").cells
    torch.testing.assert_close(cells(images(1, 3)), expected, rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("role", ["kernel", "regions"])
def test_a_darts_supernet_is_the_full_one_under_two_masks(role):
    stem = role == "kernel"
    full = darts_formulas.supernet_weights(width=1, seed=seed_of(role), stem=stem, **WEIGHTS)
    x = images() if stem else images(1, 3)
    for mixture in DARTS_MIXTURES:
        table = logits_of(mixture, DARTS_OPERATIONS)
        expected = darts_formulas.logits_under(table[:14], table[14:], full, x)
        found = network(mixture, DartsSupernetNetworks(), role)(x)
        torch.testing.assert_close(found, expected, rtol=1e-8, atol=1e-8)


def test_masks_tell_supernets_apart():
    logits = [network(mixture, SupernetNetworks())(images()) for mixture in MIXTURES]
    logits += [network(mixture, DartsSupernetNetworks())(images()) for mixture in DARTS_MIXTURES]
    for i, first in enumerate(logits):
        assert all((first - other).abs().max() > 1e-3 for other in logits[:i])


# Against stand-alone networks


def numbers(result) -> list[tuple]:
    return [(r.condition_number, r.linear_regions, r.regression_error, r.status) for r in result.repeats]


@pytest.mark.parametrize("seed", range(6))
def test_without_any_choice_left_the_indicators_are_bit_equal(seed):
    (architecture,) = SPACE.sample_many(1, seed=seed)  # some have edges with none
    settings = small_settings("teg", equivalence="raw", repeats=2)
    alone = Evaluator(settings, SOURCE, networks=NASBench201Networks())(architecture)
    assert numbers(Evaluator(settings, SOURCE, networks=SupernetNetworks())(single(architecture))) == numbers(
        alone
    )


def test_a_supernet_without_a_path_is_dead():
    cut = Architecture(("nor_conv_3x3", "nor_conv_1x1", "nor_conv_3x3", "none", "none", "none"))
    settings = small_settings("teg", equivalence="raw")
    alone = Evaluator(settings, SOURCE)(cut)
    assert alone.status == "disconnected"
    assert numbers(Evaluator(settings, SOURCE, networks=SupernetNetworks())(single(cut))) == numbers(alone)
    assert not SupernetNetworks().is_alive(Mixture(((1,), (1,), (1,), (), (0,), ())))
    assert SupernetNetworks().is_alive(Mixture(((1,), (0,), (1,), (), (0,), (0, 2))))


@pytest.mark.parametrize("seed", range(2))
def test_a_darts_supernet_without_any_choice_left_is_its_genotype_bit_by_bit(seed):
    (genotype,) = DARTS.sample_many(1, seed=seed)
    settings = small_settings("teg")
    alone = Evaluator(settings, SOURCE, networks=DartsNetworks())(genotype)
    mixed = Evaluator(settings, SOURCE, networks=DartsSupernetNetworks())(single_darts(genotype))
    assert numbers(mixed) == numbers(alone)


@pytest.mark.parametrize("role", ["kernel", "regions"])
def test_an_operation_has_the_same_weights_whatever_else_is_on_its_edge(role):
    pairs = [(START, single(SPACE.sample_many(1, seed=3)[0]), SupernetNetworks())]
    pairs.append((DARTS_START, single_darts(DARTS.sample_many(1, seed=3)[0]), DartsSupernetNetworks()))
    for whole, part, networks in pairs:
        full = network(whole, networks, role).state_dict()
        mine = network(part, networks, role).state_dict()
        assert {*mine} < {*full}
        assert all(torch.equal(full[name], value) for name, value in mine.items())


def test_the_cells_of_a_darts_supernet_have_their_own_edges():
    normal, reduction = DARTS_MIXTURES[1].active[:14], DARTS_MIXTURES[2].active[14:]
    mixed = network(Mixture((*normal, *reduction)), DartsSupernetNetworks())
    for cell, whole in ((0, DARTS_MIXTURES[1]), (1, DARTS_MIXTURES[2])):
        edges = [*network(whole, DartsSupernetNetworks()).cells[cell].edges]
        assert [*mixed.cells[cell].edges] == edges


# Indicators


@pytest.mark.parametrize(
    ("mixture", "networks"), [(START, SupernetNetworks()), (DARTS_MIXTURES[1], DartsSupernetNetworks())]
)
def test_the_fast_and_the_plain_jacobian_agree(mixture, networks):
    supernet = network(mixture, networks)
    names = select_parameters(supernet, "weights")
    fast = jacobian(supernet, images(), names, way="reverse")
    plain = jacobian(supernet, images(), names, way="plain")
    for name in names:
        torch.testing.assert_close(fast[name], plain[name], rtol=1e-6, atol=1e-8)


def test_the_indicators_of_a_supernet_are_finite_and_change_with_every_operation():
    evaluate = Evaluator(small_settings("teg"), SOURCE, networks=SupernetNetworks())
    results = [evaluate(START), *(evaluate(START.without(0, option)) for option in START.active[0])]
    assert all(np.isfinite([r.condition_number, r.regression_error]).all() for r in results)
    assert len({r.condition_number for r in results}) == len({r.regression_error for r in results}) == 5


@pytest.mark.parametrize("networks", [SupernetNetworks(), DartsSupernetNetworks()])
def test_a_pruning_rules_another_space_is_refused(networks):
    for wrong in (Mixture(((1,),) * 5), Mixture(((1, 9),) * 6), Mixture(((1, 9),) * 28)):
        with pytest.raises(TegnasError, match=r"edges|options"):
            networks.build(wrong, SETTINGS, "kernel", n_classes=4)


def test_a_space_is_known_by_its_name():
    assert supernet_networks("nas-bench-201") == SupernetNetworks()
    assert supernet_networks("darts") == DartsSupernetNetworks()
    with pytest.raises(TegnasError, match="no supernets for the space 'toy'"):
        supernet_networks("toy")


def test_names_of_the_spaces_say_supernet():
    assert SupernetNetworks().space == "nas-bench-201+supernet"
    assert DartsSupernetNetworks().space == "darts+supernet"
    assert DartsSupernetNetworks(width=2).space == "darts+width=2+supernet"
