"""The tape: it computes what the network computes, and refuses what the reverse passes would get wrong."""

import operator

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from tegnas_core.engine.tape import parameters_on, record
from tegnas_core.engine.tracing import UnknownLayer, layers
from tegnas_core.networks import build_network
from tegnas_core.spaces.architecture import EXAMPLE, Architecture


def images(n: int = 5, channels: int = 3, size: int = 8) -> torch.Tensor:
    return torch.randn(n, channels, size, size, generator=torch.Generator().manual_seed(0)).double()


@pytest.fixture(scope="module")
def network() -> nn.Module:
    network = build_network(Architecture.parse(EXAMPLE), width=3, cells_per_stage=1, n_classes=10).double()
    for parameter in network.parameters():
        parameter.data.normal_(generator=torch.Generator().manual_seed(parameter.numel()))
    return network


def test_the_last_step_holds_the_logits(network):
    torch.testing.assert_close(record(network, images())[-1].value, network(images()), rtol=1e-10, atol=1e-10)


def test_every_step_holds_the_output_of_its_module(network):
    seen = {}
    hooks = [
        module.register_forward_hook(lambda _, inputs, output, name=name: seen.update({name: output}))
        for name, module in network.named_modules()
    ]
    network(images())
    for hook in hooks:
        hook.remove()
    steps = {step.name: step.value for step in record(network, images()) if step.name}
    assert steps.keys() == {name for name, module in network.named_modules() if not list(module.children())}
    for name, value in steps.items():
        torch.testing.assert_close(value, seen[name], rtol=1e-9, atol=1e-9)


def test_steps_read_only_earlier_steps(network):
    tape = record(network, images())
    assert tape[0].kind == "input" and all(max(step.inputs) < i for i, step in enumerate(tape) if i)
    kinds = {step.kind for step in tape}
    assert kinds == {
        "input",
        "conv",
        "norm",
        "relu",
        "mean_pool",
        "global_pool",
        "flatten",
        "linear",
        "identity",
        "add",
    }


def test_batch_norm_keeps_what_its_reverse_needs(network):
    tape = record(network, images())
    for step in (step for step in tape if step.kind == "norm"):
        x = tape[step.inputs[0]].value
        variance = x.var((0, 2, 3), unbiased=False)
        torch.testing.assert_close(step.inverse_std, (variance + step.module.eps) ** -0.5)
        torch.testing.assert_close(step.normalised.mean((0, 2, 3)), torch.zeros_like(variance), rtol=0, atol=1e-10)
        torch.testing.assert_close(step.normalised.var((0, 2, 3), unbiased=False), variance * step.inverse_std**2)


def test_a_node_without_input_is_a_zero_step():
    cut = Architecture(("none",) * 3 + ("none", "none", "skip_connect"))
    tape = record(build_network(cut, width=3, cells_per_stage=1, n_classes=10).double(), images())
    assert "zero" in {step.kind for step in tape}


def test_the_parameters_on_the_tape_are_those_of_the_network(network):
    found, expected = parameters_on(record(network, images())), dict(network.named_parameters())
    assert found.keys() == expected.keys() and all(found[name] is expected[name] for name in found)


def test_running_averages_and_modes_stay_as_they_were():
    network = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU()).double()
    before = {name: buffer.clone() for name, buffer in network.named_buffers()}
    record(network, images())
    assert all(torch.equal(buffer, before[name]) for name, buffer in network.named_buffers())


def test_a_network_that_grew_is_traced_again():
    network = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1)).double()
    assert len(record(network, images())) == 2
    network.append(nn.ReLU())
    assert [step.kind for step in record(network, images())] == ["input", "conv", "relu"]


# What has no reverse rule


class Functional(nn.Module):
    """A forward pass given as a function of the module and x."""

    def __init__(self, forward) -> None:
        super().__init__()
        self.layer, self.other = nn.Conv2d(3, 3, 3, padding=1), nn.Conv2d(3, 3, 3, padding=1)
        self.function = forward

    def forward(self, x):
        return self.function(self, x)


class TwoInputs(nn.Module):
    def forward(self, x, y=None):
        return x if y is None else x + y


@pytest.mark.parametrize(
    "layer",
    [
        nn.GELU(),
        nn.Dropout(),
        nn.MaxPool2d(2, ceil_mode=True),
        nn.MaxPool2d(3, 1, 1, dilation=2),
        nn.BatchNorm2d(3).eval(),
        nn.Conv2d(3, 6, 3, groups=3),
        nn.Sequential(nn.Conv2d(3, 4, 1), nn.Conv2d(4, 4, 3, groups=2)),
        nn.Conv2d(3, 3, 3, padding="same"),
        nn.Conv2d(3, 3, 3, padding_mode="reflect", padding=1),
        nn.AvgPool2d(3, divisor_override=2),
        nn.AvgPool2d(3, ceil_mode=True),
        nn.AdaptiveAvgPool2d(2),
        nn.Flatten(0),
        nn.LayerNorm(8),
        Functional(lambda self, x: F.relu(self.layer(x))),
        Functional(lambda self, x: self.layer(x).relu()),
        Functional(lambda self, x: self.layer(x) + 1),
        Functional(lambda self, x: self.layer(x) * self.other(x)),
        Functional(lambda self, x: torch.add(self.layer(x), x, alpha=2)),
        Functional(lambda self, x: self.layer(input=x)),
        Functional(lambda self, x: self.layer.weight.sum() * self.layer(x)),
        Functional(lambda self, x: 1 + self.layer(x)),
        Functional(lambda self, x: x[:, :, 1:]),
        Functional(lambda self, x: x[:, :, :-1, :-1]),
        Functional(lambda self, x: torch.cat([x, self.layer(x)], 2)),
        Functional(lambda self, x: torch.cat([x, torch.ones(5, 3, 8, 8)], 1)),
        Functional(lambda self, x: x + self.layer.weight.sum()),
        Functional(lambda self, x: self.layer(x) if x.sum() > 0 else x),
        Functional(lambda self, x: next(self.layer(x) for _ in range(len(x)))),
        Functional(lambda self, x: self.layer(self.layer(x))),
        Functional(lambda self, x: (self.layer(x), self.other(x))[0]),
        Functional(lambda self, x: (self.layer(x), x)),
        Functional(lambda self, x: x + nn.AdaptiveAvgPool2d(1)(x)),
    ],
    ids=lambda layer: str(getattr(layer, "function", layer)).split(" at ")[0][:40],
)
def test_what_the_reverse_passes_do_not_know_is_refused(layer):
    with pytest.raises(UnknownLayer):
        record(nn.Sequential(layer).double(), images())


def test_a_network_of_several_inputs_is_refused():
    with pytest.raises(UnknownLayer, match="should take one argument"):
        record(TwoInputs(), images())


def test_a_sum_of_different_shapes_is_refused():
    class Broadcast(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.pool = nn.AdaptiveAvgPool2d(1)

        def forward(self, x):
            return operator.add(x, self.pool(x))

    with pytest.raises(UnknownLayer, match=r"adding \(5, 3, 1, 1\) to \(5, 3, 8, 8\)"):
        record(Broadcast(), images())


def test_two_layers_with_one_weight_are_refused():
    network = nn.Sequential(nn.Conv2d(3, 3, 1), nn.Conv2d(3, 3, 1))
    network[1].weight = network[0].weight
    with pytest.raises(UnknownLayer, match="used twice"):
        record(network.double(), images())


def test_a_layer_whose_forward_pass_was_replaced_is_refused_and_keeps_it():
    network = nn.Sequential(nn.Conv2d(3, 3, 1), nn.ReLU()).double()
    network[0].forward = replaced = lambda x: 2 * x
    with pytest.raises(UnknownLayer, match="replaced"):
        record(network, images())
    assert network[0].forward is replaced


def test_a_refused_network_still_runs():
    network = nn.Sequential(nn.Conv2d(3, 3, 1), nn.GELU()).double()
    expected = network(images())
    with pytest.raises(UnknownLayer):
        record(network, images())
    assert torch.equal(network(images()), expected)


@pytest.mark.parametrize(
    "network",
    [
        nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2)),
        nn.Sequential(nn.Flatten(), nn.Linear(27, 4), nn.ReLU(), nn.Linear(4, 2)),
    ],
    ids=["no flatten", "a ReLU behind flatten"],
)
def test_refuses_layers_that_meet_the_other_shape(network):
    with pytest.raises(UnknownLayer, match="flattened"):
        layers(network)
