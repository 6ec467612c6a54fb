"""The Jacobian: the plain way against jacrev and differences, the choice of parameters, the choice of way."""

import pytest
import torch
from oracles import jacobians as twins
from oracles import small_networks as nets
from oracles.closeness import assert_same_jacobian, gram, joined, relative_error
from torch import nn

from tegnas_core.engine import batched, frozen, reverse_pass
from tegnas_core.engine.tracing import UnknownLayer
from tegnas_core.errors import TegnasError
from tegnas_core.indicators.jacobians import jacobian, plain_jacobian, select_parameters
from tegnas_core.spaces.architecture import EXAMPLE, Architecture

ARCHITECTURE = Architecture.parse(EXAMPLE)
KINDS = ("weights", "all", "cells", "last")


@pytest.fixture(scope="module")
def network() -> nn.Module:
    return nets.proxy(ARCHITECTURE)


# The plain way


@pytest.mark.parametrize("architecture", nets.CELLS, ids=str)
def test_the_plain_way_equals_jacrev(architecture):
    network, x = nets.proxy(architecture), nets.images(5)
    names = select_parameters(network, "all")
    assert_same_jacobian(plain_jacobian(network, x, names), twins.by_jacrev(network, x, names), 1e-10)


def test_the_plain_way_equals_finite_differences():
    layers = (nn.Conv2d(3, 3, 3, padding=1), nn.BatchNorm2d(3), nn.ReLU(), nn.Conv2d(3, 2, 1), nn.BatchNorm2d(2))
    network = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2, 4)).double()
    nets.with_random_numbers(network)
    x, names = nets.images(4, size=4), select_parameters(network, "all")
    v = torch.tensor([1.0, -2.0, 0.5, 3.0], dtype=torch.float64)
    found = plain_jacobian(network, x, names, logit_weights=v)
    assert_same_jacobian(found, twins.by_differences(network, x, names, v), 1e-6)


def test_a_linear_network_has_its_inputs_as_jacobian():
    network, x = nn.Linear(3, 4).double(), torch.randn(5, 3).double()
    found = plain_jacobian(network, x, ("weight", "bias"))
    torch.testing.assert_close(found["weight"].reshape(5, 4, 3), x[:, None, :].expand(5, 4, 3))
    torch.testing.assert_close(found["bias"], torch.ones(5, 4).double())


def test_batch_norm_couples_the_images(network):
    """The Jacobian of the batch is not that of single images."""
    x, names = nets.images(6), select_parameters(network, "cells")
    together = plain_jacobian(network, x, names)
    fewer = plain_jacobian(network, x[:5], names)
    assert relative_error(joined(fewer), joined(together)[:5]) > 0.01


def test_rows_follow_their_images(network):
    x, names = nets.images(6), select_parameters(network, "weights")
    order = torch.tensor([3, 0, 5, 1, 4, 2])
    for way in ("plain", "reverse", "batched"):
        permuted = joined(jacobian(network, x[order], names, way=way))
        assert relative_error(permuted, joined(jacobian(network, x, names, way=way))[order]) < 1e-9


@pytest.mark.parametrize("way", ["plain", "reverse", "batched"])
def test_one_hot_weights_of_the_logits_add_up_to_the_sum(network, way):
    x, names = nets.images(5), select_parameters(network, "weights")
    parts = [jacobian(network, x, names, logit_weights=v, way=way) for v in torch.eye(5).double()]
    total = {name: sum(part[name] for part in parts) for name in names}
    assert_same_jacobian(total, jacobian(network, x, names, way=way), 1e-9)


@pytest.mark.parametrize("batch_norm", ["exact", "frozen"])
def test_the_network_stays_as_it_was(batch_norm):
    network = nn.Sequential(
        nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()
    )
    network = network.append(nn.Linear(4, 2)).double()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    for way in ("plain", "reverse", "batched") if batch_norm == "exact" else ("batched",):
        jacobian(network, nets.images(4), select_parameters(network, "all"), way=way, batch_norm=batch_norm)
        assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
        assert all(parameter.grad is None for parameter in network.parameters())


# Which parameters


def test_weights_are_those_with_weight_in_their_name(network):
    chosen = select_parameters(network, "weights")
    assert chosen == tuple(name for name, _ in network.named_parameters() if name.endswith("weight"))
    assert "stem.1.weight" in chosen and "head.classifier.weight" in chosen


def test_cells_include_residual_blocks_but_neither_stem_nor_head(network):
    chosen = select_parameters(network, "cells")
    assert {
        "cells.1.shortcut.weight",
        "cells.1.first.norm.weight",
        "cells.0.edges.0_1_nor_conv_3x3.norm.weight",
    } < {*chosen}
    assert all(name.startswith("cells.") and name.endswith(".weight") for name in chosen)


def test_all_and_last(network):
    assert select_parameters(network, "all") == tuple(name for name, _ in network.named_parameters())
    assert select_parameters(network, "last") == ("head.classifier.weight",)
    assert select_parameters(nn.Linear(2, 3), "last") == ("weight",)
    assert select_parameters(nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1)), "last") == ("2.weight",)


def test_parameters_that_are_not_trained_are_left_out():
    network = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1))
    network[0].requires_grad_(False)
    assert select_parameters(network, "all") == ("1.weight", "1.bias")


@pytest.mark.parametrize(
    ("network", "which", "said"),
    [
        (nn.Linear(2, 2), "bias", "unknown parameters 'bias'; known are weights, all, cells, last"),
        (nn.Linear(2, 2), "cells", "the network has no parameters of kind 'cells'"),
        (nn.Conv2d(3, 3, 1), "last", "the network has no parameters of kind 'last'"),
        (nn.ReLU(), "all", "the network has no parameters of kind 'all'"),
    ],
)
def test_a_choice_that_is_none_is_refused(network, which, said):
    with pytest.raises(TegnasError, match=said):
        select_parameters(network, which)


# Which way


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """Which of the fast ways were asked."""
    asked = []
    for module, name in ((reverse_pass, "reverse"), (frozen, "frozen"), (batched, "batched")):
        original = module.jacobian

        def spy(*args, _original=original, _name=name, **options):
            asked.append(_name)
            return _original(*args, **options)

        monkeypatch.setattr(module, "jacobian", spy)
    return asked


def test_on_a_cpu_the_compiled_ways_are_taken(network, asked):
    x, names = nets.images(4), select_parameters(network, "weights")
    jacobian(network, x, names)
    jacobian(network, x, names, batch_norm="frozen")
    assert asked == ["reverse", "frozen"]


UNKNOWN = {
    "an unknown layer": lambda: nn.Sequential(
        nn.Conv2d(3, 4, 1), nn.GELU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()
    ),
    "a shared layer": lambda: nn.Sequential(*[nn.Conv2d(3, 3, 1)] * 2, nn.AdaptiveAvgPool2d(1), nn.Flatten()),
    "an unused layer": lambda: Unused(),
    "unequal padding": lambda: nn.Sequential(
        nn.Conv2d(3, 3, 1), nn.Conv2d(3, 4, 3, padding=0), nn.AdaptiveAvgPool2d(1), nn.Flatten()
    ),
    "an oblong window": lambda: nn.Sequential(
        nn.Conv2d(3, 3, 1), nn.Conv2d(3, 4, (1, 3), padding=(0, 1)), nn.AdaptiveAvgPool2d(1), nn.Flatten()
    ),
    "overlapping pools": lambda: nn.Sequential(
        nn.Conv2d(3, 4, 1), nn.AvgPool2d(3, 1, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten()
    ),
}


class Unused(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.used, self.unused, self.flatten = nn.Conv2d(3, 4, 1), nn.Linear(2, 2), nn.Flatten()

    def forward(self, x):
        return self.flatten(self.used(x))


@pytest.mark.parametrize("case", UNKNOWN)
def test_what_the_fast_ways_do_not_know_falls_back_to_the_plain_one(case):
    network, x = UNKNOWN[case]().double(), nets.images(4, size=5)
    names = select_parameters(network, "all")
    assert_same_jacobian(jacobian(network, x, names), twins.by_jacrev(network, x, names), 1e-10)


@pytest.mark.parametrize("case", UNKNOWN)
def test_a_forced_way_says_what_it_does_not_know(case):
    network, x = UNKNOWN[case]().double(), nets.images(4, size=5)
    with pytest.raises(UnknownLayer):
        jacobian(network, x, select_parameters(network, "all"), way="reverse")


@pytest.mark.parametrize("case", ["an unknown layer", "a shared layer", "an unused layer"])
@pytest.mark.parametrize("options", [{"way": "batched"}, {"batch_norm": "frozen"}], ids=str)
def test_frozen_statistics_have_no_plain_way_to_fall_back_to(case, options):
    network, x = UNKNOWN[case]().double(), nets.images(4, size=5)
    with pytest.raises(UnknownLayer):
        jacobian(network, x, select_parameters(network, "all"), **options)


def test_the_plain_way_knows_no_frozen_statistics(network):
    with pytest.raises(UnknownLayer, match="frozen statistics need the batched way"):
        jacobian(network, nets.images(4), ("stem.0.weight",), way="plain", batch_norm="frozen")


@pytest.mark.parametrize("which", KINDS)
def test_the_order_of_the_blocks_is_that_of_the_names(network, which):
    x, names = nets.images(4), select_parameters(network, which)
    for way in ("plain", "reverse", "batched"):
        assert tuple(jacobian(network, x, names, way=way)) == names
    assert gram(jacobian(network, x, names)).shape == (4, 4)
