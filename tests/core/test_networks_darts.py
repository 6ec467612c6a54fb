"""The tiny networks of genotypes: against a masked supernet of formulas, and what their names select."""

import itertools

import pytest
import torch
from oracles import darts as formulas
from torch import nn

from tegnas_core.indicators.jacobians import select_parameters
from tegnas_core.networks import DartsNetworks, proxy_network
from tegnas_core.settings import make_settings
from tegnas_core.spaces.darts import Darts
from tegnas_core.spaces.genotype import CONCAT, Genotype
from tegnas_core.spaces.named_genotypes import NAMED

SPACE = Darts()
GENOTYPES = (NAMED["DARTS_V1"], NAMED["DARTS_V2"], *SPACE.sample_many(6, seed=0))
SETTINGS = make_settings("teg", initialisation="torch_default", precision="float64")


def images(channels: int = 3, size: int = 16) -> torch.Tensor:
    return torch.randn(4, channels, size, size, generator=torch.Generator().manual_seed(0)).double()


def small(genotype: Genotype, networks: DartsNetworks | None = None, *, role: str = "kernel") -> nn.Module:
    return proxy_network(
        genotype, SETTINGS, role, n_classes=10, seed=0, repeat=0, networks=networks or DartsNetworks()
    )


def all_of(operation: str, *, reduce: str = "") -> Genotype:
    """The two newest states of every node read through one operation."""
    cells = (
        tuple((name, node + k) for node in range(4) for k in (0, 1)) for name in (operation, reduce or operation)
    )
    return Genotype(*cells, CONCAT, CONCAT)


@pytest.fixture(scope="module")
def supernets() -> dict[str, dict[str, torch.Tensor]]:
    return {
        role: formulas.supernet_weights(
            width=1, n_classes=10, scheme="torch_default", seed=(0, "repeat", 0, role), stem=role == "kernel"
        )
        for role in ("kernel", "regions")
    }


# Against formulas


@pytest.mark.parametrize("genotype", GENOTYPES)
def test_a_masked_supernet_and_the_stand_alone_network_give_equal_logits(genotype, supernets):
    for role, x in (("kernel", images()), ("regions", images(1, 3))):
        expected = formulas.logits(genotype, supernets[role], x)
        torch.testing.assert_close(small(genotype, role=role)(x), expected, rtol=1e-8, atol=1e-8)


def test_the_twin_tells_genotypes_apart(supernets):
    logits = [formulas.logits(genotype, supernets["kernel"], images()) for genotype in GENOTYPES]
    assert all((first - second).abs().max() > 1e-3 for first, second in itertools.pairwise(logits))


def test_gains_and_shifts_take_part(supernets):
    network = small(GENOTYPES[3])
    for parameter in network.parameters():
        parameter.data.add_(torch.randn(parameter.shape, generator=torch.Generator().manual_seed(1)))
    full = supernets["kernel"] | network.state_dict()
    expected = formulas.logits(GENOTYPES[3], full, images())
    torch.testing.assert_close(network(images()), expected, rtol=1e-8, atol=1e-8)


def test_a_wider_proxy_equals_its_formula():
    networks = DartsNetworks(width=3)
    weights = formulas.supernet_weights(
        width=3, n_classes=10, scheme="torch_default", seed=(0, "repeat", 0, "kernel")
    )
    expected = formulas.logits(GENOTYPES[2], weights, images())
    torch.testing.assert_close(small(GENOTYPES[2], networks)(images()), expected, rtol=1e-8, atol=1e-8)


# Shape and names


def test_the_proxy_is_a_normal_cell_and_a_reduction_cell_of_1_and_2_channels():
    network = small(GENOTYPES[0])
    x = images(size=32)
    stem = network.stem(x)
    normal = network.cells[0](stem, stem)
    assert (stem.shape, normal.shape) == ((4, 1, 32, 32), (4, 4, 32, 32))
    assert network.cells[1](stem, normal).shape == (4, 8, 16, 16)
    assert network.head.classifier.in_features == 8 and network(x).shape == (4, 10)
    thin = small(GENOTYPES[0], role="regions")
    assert not list(thin.stem.parameters()) and thin(images(1, 3)).shape == (4, 10)


def test_names_select_the_weights_of_the_cells_with_their_preprocessing():
    network = small(GENOTYPES[0])
    cells = select_parameters(network, "cells")
    assert {name.split(".")[0] for name, _ in network.named_parameters()} == {"stem", "cells", "head"}
    assert all(name.startswith("cells.") and name.endswith(".weight") for name in cells)
    assert {f"cells.{cell}.preprocess{i}.convolution.weight" for cell in (0, 1) for i in (0, 1)} <= {*cells}
    assert set(select_parameters(network, "weights")) - set(cells) == {
        "stem.0.weight",
        "stem.1.weight",
        "head.norm.weight",
        "head.classifier.weight",
    }


def test_the_same_operation_on_the_same_edge_has_the_same_weights_in_every_genotype():
    states = [small(genotype).state_dict() for genotype in GENOTYPES]
    shared = 0
    for first, second in itertools.combinations(states, 2):
        for name in first.keys() & second.keys():
            assert torch.equal(first[name], second[name])
            shared += "edges" in name
    assert shared > 100
    assert (
        len({tuple(state["cells.0.preprocess1.convolution.weight"].flatten().tolist()) for state in states}) == 1
    )


def test_the_order_of_the_pairs_of_a_node_changes_not_a_bit():
    genotype = GENOTYPES[4]
    normal, reduce = (
        tuple(pair for node in range(4) for pair in reversed(cell[2 * node : 2 * node + 2]))
        for cell in (genotype.normal, genotype.reduce)
    )
    turned = Genotype(normal, reduce)
    assert turned.normal != genotype.normal
    first, second = small(genotype), small(turned)
    assert [name for name, _ in first.named_parameters()] == [name for name, _ in second.named_parameters()]
    assert torch.equal(first(images()), second(images()))


def test_the_same_pair_twice_is_two_operations():
    once = Genotype((("dil_conv_3x3", 0), ("none", 1)) * 4, GENOTYPES[0].reduce)
    twice = Genotype((("dil_conv_3x3", 0), ("dil_conv_3x3", 0)) * 4, GENOTYPES[0].reduce)
    names = {name.split(".")[3] for name, _ in small(twice).named_parameters() if name.startswith("cells.0.edges")}
    assert names == {f"0_{node}_dil_conv_3x3{more}" for node in range(2, 6) for more in ("", "_again")}
    assert small(twice)(images()).shape == (4, 10)
    assert not torch.allclose(small(once)(images()), small(twice)(images()))


# Absent edges


def test_nodes_without_input_are_zero():
    genotype = Genotype(
        (("none", 0), ("none", 1), *GENOTYPES[0].normal[2:]), (*GENOTYPES[1].reduce[:6], ("none", 0), ("none", 3))
    )
    network = small(genotype)
    stem = network.stem(images())
    normal = network.cells[0](stem, stem)
    reduced = network.cells[1](stem, normal)
    assert torch.equal(normal[:, 0], torch.zeros_like(normal[:, 0])) and normal[:, 1:].abs().max() > 0
    assert torch.equal(reduced[:, 6:], torch.zeros_like(reduced[:, 6:])) and reduced[:, :6].abs().max() > 0


@pytest.mark.parametrize(
    ("genotype", "alive"),
    [
        (GENOTYPES[0], True),
        (all_of("none"), False),
        (all_of("none", reduce="skip_connect"), True),  # the stem is an input of the reduction cell
        (all_of("skip_connect", reduce="none"), False),
        (Genotype((("none", 0), ("none", 1)) * 4, (("none", 0), ("skip_connect", 1)) * 4), False),
        (Genotype((("none", 0), ("skip_connect", 1)) * 4, (("none", 0), ("skip_connect", 1)) * 4), True),
    ],
    ids=["DARTS_V1", "none", "from the stem", "no reduction", "only the dead normal cell", "one path"],
)
def test_alive_means_that_features_depend_on_the_image(genotype, alive):
    assert DartsNetworks().is_alive(genotype) == alive
    network = small(genotype)
    stem = network.stem(images())
    features = network.cells[1](stem, network.cells[0](stem, stem))
    assert features.shape == (4, 8, 8, 8)
    assert (features.std(0).max() > 0) == alive


def test_what_is_not_as_usual_is_in_the_name_of_the_space():
    assert DartsNetworks().space == Darts.name == "darts"
    assert DartsNetworks(width=2).space == "darts+width=2"
    assert DartsNetworks(width=2, normal_cell_bug=True).space == "darts+width=2+normal_cell_bug"
