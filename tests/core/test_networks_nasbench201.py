"""From architecture to network: against formulas, a masked supernet, and the benchmark's published sizes."""

import itertools

import pytest
import torch
from oracles import networks as formulas

from tegnas_core.networks import Cell, build_network, build_thin_network
from tegnas_core.networks.initialisation import initialise
from tegnas_core.spaces import NASBench201
from tegnas_core.spaces.architecture import EXAMPLE, OPERATIONS, Architecture
from tegnas_core.spaces.structure import is_connected

SPACE = NASBench201()
UNIFORM = [Architecture((operation,) * 6) for operation in OPERATIONS]
CELLS = (*UNIFORM, *SPACE.sample_many(8, seed=0))
SEED = (0, "twin")


def images(n: int = 4, size: int = 16) -> torch.Tensor:
    return torch.randn(n, 3, size, size, generator=torch.Generator().manual_seed(0)).double()


def small(architecture: Architecture, scheme: str = "torch_default") -> torch.nn.Module:
    network = build_network(architecture, width=3, cells_per_stage=1, n_classes=10)
    return initialise(network, scheme, seed=SEED).double()


# Against formulas


@pytest.fixture(scope="module")
def supernet() -> dict[str, torch.Tensor]:
    return formulas.supernet_weights(width=3, n_classes=10, scheme="torch_default", seed=SEED)


@pytest.mark.parametrize("architecture", CELLS, ids=str)
def test_a_masked_supernet_and_the_stand_alone_network_give_equal_logits(architecture, supernet):
    """All operations of all edges run in the twin, multiplied by 0 or 1."""
    expected = formulas.logits(formulas.one_hot_mask(architecture), supernet, images())
    torch.testing.assert_close(small(architecture)(images()), expected, rtol=1e-9, atol=1e-9)


def test_the_twin_tells_architectures_apart(supernet):
    logits = [formulas.logits(formulas.one_hot_mask(a), supernet, images()) for a in CELLS if is_connected(a)]
    assert all((first - second).abs().max() > 1e-3 for first, second in itertools.pairwise(logits))


def test_gains_and_shifts_take_part(supernet):
    network = small(CELLS[6])
    for parameter in network.parameters():
        parameter.data.add_(torch.randn(parameter.shape, generator=torch.Generator().manual_seed(1)))
    mask = formulas.one_hot_mask(CELLS[6])
    full = supernet | network.state_dict()
    torch.testing.assert_close(network(images()), formulas.logits(mask, full, images()), rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("index", range(3))
def test_a_disconnected_cell_gives_zero_features(index):
    disconnected = [architecture for architecture in SPACE.all() if not is_connected(architecture)]
    architecture = disconnected[100 * index]
    x = images()
    assert torch.equal(Cell(architecture, 3).double()(x), torch.zeros_like(x))
    network = small(architecture, "kaiming_fan_in")
    assert torch.equal(network.cells(network.stem(x)), torch.zeros(4, 12, 4, 4).double())


def test_a_class_gives_equal_logits_when_weights_follow_their_convolutions():
    """Members of a class of functions: the representative's weights are moved to the edges that play them."""
    from oracles.cells import live_convolutions, weight_map

    checked = 0
    for architecture in SPACE.sample_many(60, seed=1):
        representative = SPACE.representative(architecture)
        renamed = weight_map(architecture, representative)
        if renamed is None or architecture == representative or not live_convolutions(architecture):
            continue
        network, other = small(architecture), small(representative)
        weights = other.state_dict()
        moved = dict(weights)
        for mine, theirs in renamed.items():
            for cell in ("cells.0", "cells.2", "cells.4"):
                operation = architecture[mine]
                name = f"{cell}.edges.{mine[0]}_{mine[1]}_{operation}.convolution.weight"
                moved[name] = weights[f"{cell}.edges.{theirs[0]}_{theirs[1]}_{operation}.convolution.weight"]
        network.load_state_dict({name: moved.get(name, value) for name, value in network.state_dict().items()})
        torch.testing.assert_close(network(images()), other(images()), rtol=1e-9, atol=1e-9)
        checked += 1
    assert checked > 20


# Sizes


@pytest.mark.parametrize(
    ("operation", "n"),
    [
        ("none", 73_306),
        ("skip_connect", 73_306),
        ("avg_pool_3x3", 73_306),
        ("nor_conv_1x1", 241_306),
        ("nor_conv_3x3", 1_531_546),
    ],
)
def test_the_benchmarks_own_network_has_its_published_number_of_parameters(operation, n):
    network = build_network(Architecture((operation,) * 6), width=16, cells_per_stage=5, n_classes=10)
    assert sum(parameter.numel() for parameter in network.parameters()) == n


def test_the_proxy_has_three_stages_of_3_6_and_12_channels():
    network = small(Architecture.parse(EXAMPLE))
    widths = [module.out_channels for module in network.cells.modules() if isinstance(module, torch.nn.Conv2d)]
    assert sorted(set(widths)) == [3, 6, 12]
    assert network.head.classifier.in_features == 12
    x = images(size=32)
    assert network.cells(network.stem(x)).shape == (4, 12, 8, 8)
    assert network(x).shape == (4, 10)


@pytest.mark.parametrize("cells_per_stage", [1, 3])
def test_cells_are_repeated(cells_per_stage):
    network = build_network(CELLS[6], width=2, cells_per_stage=cells_per_stage, n_classes=4)
    assert sum(isinstance(module, Cell) for module in network.modules()) == 3 * cells_per_stage


def test_the_thin_network_is_one_cell_without_a_stem():
    network = build_thin_network(Architecture.parse(EXAMPLE), width=1, n_classes=10)
    assert network(torch.randn(5, 1, 3, 3)).shape == (5, 10)
    assert [name for name, _ in network.named_children()] == ["cells", "head"]
    assert sum(isinstance(module, Cell) for module in network.modules()) == 1


def test_names_tell_cells_from_stem_and_head():
    names = [name.split(".")[0] for name, _ in small(Architecture.parse(EXAMPLE)).named_parameters()]
    assert set(names) == {"stem", "cells", "head"}
