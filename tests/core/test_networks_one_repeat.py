"""The network of one repeat: seed, repeat and role give its weights, settings its shape."""

import torch
from torch import nn

from tegnas_core.networks import NASBench201Networks, proxy_network
from tegnas_core.networks.proxy import Role
from tegnas_core.settings import PRESETS, IndicatorSettings, make_settings
from tegnas_core.spaces.architecture import EXAMPLE, Architecture

CELL = Architecture.parse(EXAMPLE)


def make(role: str = "kernel", *, seed: int = 0, repeat: int = 0, **changes: object) -> nn.Module:
    settings = make_settings("teg", **changes)
    return proxy_network(CELL, settings, role, n_classes=10, seed=seed, repeat=repeat)


def first_weight(network: nn.Module) -> torch.Tensor:
    return network.head.classifier.weight.flatten()[:3].detach()


def test_seed_repeat_and_role_give_the_weights_and_nothing_else_does():
    expected = make(seed=1, repeat=2).state_dict()
    make(seed=5)
    again = make(seed=1, repeat=2).state_dict()
    assert all(torch.equal(again[name], value) for name, value in expected.items())
    drawn = [
        first_weight(make(role, seed=s, repeat=r))
        for role in ("kernel", "regions")
        for s in (0, 1)
        for r in (0, 1)
    ]
    assert len({tuple(weight.tolist()) for weight in drawn}) == 8


def test_settings_give_width_cells_precision_and_initialisation():
    assert make(width=5).stem[0].out_channels == 5
    assert len(make(cells_per_stage=2).cells) == 8
    assert first_weight(make(precision="float64")).dtype == torch.float64
    assert not torch.equal(first_weight(make(initialisation="xavier")), first_weight(make()))
    assert make("regions", region_width=2).head.norm.num_features == 2


def test_single_precision_weights_are_the_rounded_double_ones():
    """Drawn in single precision either way: precision must not change what is drawn."""
    assert torch.equal(first_weight(make(precision="float64")).float(), first_weight(make()))


def test_a_proxy_is_in_train_mode_on_its_device():
    network = proxy_network(CELL, PRESETS["teg"], "kernel", n_classes=10, seed=0, repeat=0, device="meta")
    assert network.training and {parameter.device.type for parameter in network.parameters()} == {"meta"}


class Lines:
    """A space of whole numbers: a number is the width of a network without anything else."""

    space = "lines"

    def build(self, architecture: int, settings: IndicatorSettings, role: Role, *, n_classes: int) -> nn.Module:
        return nn.Sequential(nn.Flatten(), nn.Linear(3 if role == "kernel" else 1, architecture), nn.ReLU())


def test_another_space_builds_its_own_network_and_has_it_filled():
    networks = [
        proxy_network(5, PRESETS["teg"], "kernel", n_classes=10, seed=seed, repeat=0, networks=Lines())
        for seed in (0, 0, 1)
    ]
    first, again, other = (network[1].weight for network in networks)
    assert first.shape == (5, 3) and torch.equal(first, again) and not torch.equal(first, other)


def test_nas_bench_201_is_what_is_built_without_saying():
    given = proxy_network(
        CELL, PRESETS["teg"], "kernel", n_classes=10, seed=0, repeat=0, networks=NASBench201Networks()
    )
    assert torch.equal(first_weight(given), first_weight(make()))
