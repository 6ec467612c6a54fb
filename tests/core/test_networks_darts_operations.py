"""The operations of the DARTS space: against formulas, on even and odd maps, at both strides."""

import pytest
import torch
from oracles import darts as formulas
from torch import nn

from tegnas_core.networks.darts_operations import FactorizedReduce, Layers, SeparableHalf, build_operation
from tegnas_core.spaces.genotype import OPERATIONS

NAMES = [name for name in OPERATIONS if name != "none"]


def images(channels: int = 4, size: int = 8) -> torch.Tensor:
    return torch.randn(5, channels, size, size, generator=torch.Generator().manual_seed(0)).double()


def with_random_numbers(module: nn.Module) -> nn.Module:
    """Also gains and shifts, so that none of them can be left out unnoticed."""
    generator = torch.Generator().manual_seed(1)
    for parameter in module.double().parameters():
        parameter.data.normal_(generator=generator)
    return module


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("size", [3, 8])
@pytest.mark.parametrize("name", NAMES)
def test_an_operation_equals_its_formula(name, size, stride):
    x = images(size=size)
    module = with_random_numbers(build_operation(name, 4, Layers(odd_maps=size % 2 == 1), stride=stride))
    weights = {f"here.{key}": value for key, value in module.state_dict().items()}
    expected = formulas.apply(name, x, weights, "here", stride)
    torch.testing.assert_close(module(x), expected, rtol=1e-10, atol=1e-10)
    assert module(x).shape == (5, 4, -(-size // stride), -(-size // stride))


@pytest.mark.parametrize("channels", [2, 3, 8])
def test_a_factorised_reduction_shares_its_channels_between_even_and_odd_pixels(channels):
    module = FactorizedReduce(4, channels, Layers())
    assert (module.even.out_channels, module.odd.out_channels) == (channels // 2, channels - channels // 2)
    assert module(images().float()).shape == (5, channels, 4, 4)


def test_a_border_changes_nothing_on_even_maps():
    with_border = FactorizedReduce(4, 6, Layers(odd_maps=True)).double()
    without = FactorizedReduce(4, 6, Layers()).double()
    without.load_state_dict(with_border.state_dict())
    assert torch.equal(with_border(images()), without(images()))


def test_without_a_border_odd_maps_do_not_fit():
    with pytest.raises(RuntimeError):
        FactorizedReduce(4, 6, Layers())(images(size=3).float())


def test_a_dilated_convolution_reaches_twice_as_far():
    x = torch.zeros(1, 1, 15, 15)
    x[0, 0, 7, 7] = 1.0
    for kernel, dilation, reach in ((3, 2, 2), (5, 2, 4), (5, 1, 2)):
        module = SeparableHalf(1, kernel, Layers(), dilation=dilation)
        touched = module.pointwise(module.depthwise(x))[0, 0].nonzero()
        assert (touched.min().item(), touched.max().item()) == (7 - reach, 7 + reach)


@pytest.mark.parametrize("name", NAMES)
def test_only_a_pool_gets_a_norm_and_one_without_numbers(name):
    plain = build_operation(name, 4, Layers(), stride=2)
    normed = build_operation(name, 4, Layers(pool_norm=True), stride=2)
    sizes = [sum(p.numel() for p in module.parameters()) for module in (plain, normed)]
    norms = [sum(isinstance(m, nn.BatchNorm2d) for m in module.modules()) for module in (plain, normed)]
    assert sizes[0] == sizes[1] and norms[1] - norms[0] == ("pool" in name)
    if "pool" in name:
        y = normed(images().float())
        torch.testing.assert_close(y.mean((0, 2, 3)), torch.zeros(4), atol=1e-5, rtol=0)


def test_norms_keep_running_averages_only_when_asked():
    for wanted in (False, True):
        module = build_operation("sep_conv_3x3", 4, Layers(running_averages=wanted))
        assert bool(list(module.buffers())) == wanted


@pytest.mark.parametrize("name", ["none", "nor_conv_3x3"])
def test_what_has_no_module_is_a_key_error(name):
    with pytest.raises(KeyError):
        build_operation(name, 4, Layers())
