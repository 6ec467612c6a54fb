"""The released code's wrong normal cells: its masked supernet in formulas, and which operations are lost."""

import pytest
import torch
from oracles import darts as formulas

from tegnas_core.networks import DartsNetworks, proxy_network
from tegnas_core.networks.darts_bug import wrong_normal_cell
from tegnas_core.networks.darts_cell import entries_of
from tegnas_core.networks.proxy import Entry
from tegnas_core.settings import make_settings
from tegnas_core.spaces.darts import Darts
from tegnas_core.spaces.darts_edges import resolve_duplicates
from tegnas_core.spaces.genotype import Genotype
from tegnas_core.spaces.named_genotypes import NAMED

SETTINGS = make_settings("teg", initialisation="torch_default", precision="float64")
WRONG = DartsNetworks(normal_cell_bug=True)
GENOTYPES = (NAMED["DARTS_V2"], *Darts.released().sample_many(3, seed=0), *Darts(none=True).sample_many(3, seed=1))
FIRST = (("sep_conv_3x3", 0), ("sep_conv_3x3", 1))
OF_INPUTS = FIRST * 4  # every node reads the inputs
NEWEST = FIRST + FIRST + (("dil_conv_3x3", 1), ("skip_connect", 3)) + FIRST  # but node 2 (state 4) reads 1 and 3


def images(channels: int, size: int) -> torch.Tensor:
    return torch.randn(4, channels, size, size, generator=torch.Generator().manual_seed(0)).double()


@pytest.mark.parametrize("genotype", GENOTYPES)
def test_the_network_is_the_released_masked_supernet(genotype):
    masks = resolve_duplicates(genotype)
    for role, x in (("kernel", images(3, 16)), ("regions", images(1, 3))):
        weights = formulas.supernet_weights(
            width=1, n_classes=10, scheme="torch_default", seed=(0, "repeat", 0, role), stem=role == "kernel"
        )
        network = proxy_network(genotype, SETTINGS, role, n_classes=10, seed=0, repeat=0, networks=WRONG)
        expected = formulas.logits(masks, weights, x, wrong_gate=True)
        torch.testing.assert_close(network(x), expected, rtol=1e-8, atol=1e-8)


def test_equal_edges_in_both_cells_are_right():
    genotype = Genotype(NEWEST, NEWEST)
    assert wrong_normal_cell(genotype) == entries_of(NEWEST)


def test_an_edge_of_the_normal_cell_alone_is_lost_and_one_of_the_reduction_cell_alone_runs_everything():
    genotype = Genotype(NEWEST, OF_INPUTS)
    found = set(wrong_normal_cell(genotype))
    lost, spurious = set(entries_of(NEWEST)) - found, found - set(entries_of(NEWEST))
    assert lost == {Entry(3, 4, "skip_connect")}
    assert {(entry.source, entry.target, entry.weight) for entry in spurious} == {(0, 4, 1 / 8)}
    assert len(spurious) == 7  # and none


def test_a_chosen_none_keeps_its_edge_on():
    absent = (*FIRST * 3, ("sep_conv_3x3", 0), ("none", 1))
    assert wrong_normal_cell(Genotype(absent, OF_INPUTS)) == entries_of(absent)
    assert Entry(1, 5, "sep_conv_3x3") in wrong_normal_cell(Genotype(OF_INPUTS, absent))


def test_the_reduction_cell_is_untouched():
    for genotype in GENOTYPES:
        masks = resolve_duplicates(genotype)
        assert WRONG.cells(genotype)[1] == DartsNetworks().cells(masks)[1]
