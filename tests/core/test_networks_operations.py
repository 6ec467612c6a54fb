"""The candidate operations: shapes, borders, and the order of their layers."""

import pytest
import torch
from oracles import networks as formulas
from torch import nn

from tegnas_core.networks.operations import ReLUConvBN, ResidualBlock, batch_norm, build_operation
from tegnas_core.spaces.architecture import OPERATIONS


def images(channels: int = 4, size: int = 6) -> torch.Tensor:
    return torch.randn(5, channels, size, size, generator=torch.Generator().manual_seed(0)).double()


def with_random_numbers(module: nn.Module) -> nn.Module:
    """Also gains and shifts, so that none of them can be left out unnoticed."""
    generator = torch.Generator().manual_seed(1)
    for parameter in module.double().parameters():
        parameter.data.normal_(generator=generator)
    return module


@pytest.mark.parametrize("name", [name for name in OPERATIONS if name != "none"])
def test_an_operation_equals_its_formula_and_keeps_the_shape(name):
    module, x = with_random_numbers(build_operation(name, 4)), images()
    expected = formulas.apply(
        name, x, {f"here.{key}": value for key, value in module.state_dict().items()}, "here"
    )
    torch.testing.assert_close(module(x), expected, rtol=1e-12, atol=1e-12)
    assert module(x).shape == x.shape


def test_pooling_leaves_the_padding_out_of_the_mean():
    x = torch.tensor([[[[1.0, 2.0], [3.0, 6.0]]]])
    assert build_operation("avg_pool_3x3", 1)(x).tolist() == [[[[3.0, 3.0], [3.0, 3.0]]]]
    corner = torch.zeros(1, 1, 5, 5)
    corner[0, 0, 0, 0] = 36.0
    pooled = build_operation("avg_pool_3x3", 1)(corner)[0, 0]
    assert pooled[:3, :3].tolist() == [[9.0, 6.0, 0.0], [6.0, 4.0, 0.0], [0.0, 0.0, 0.0]]


def test_a_convolution_reads_only_what_is_positive():
    module = with_random_numbers(ReLUConvBN(4, 4, 3))
    torch.testing.assert_close(module(images()), module(images().clamp(min=0)))
    assert module.convolution.bias is None


def test_a_zero_input_gives_the_shift():
    """Hence an edge that reads only zeros is zero at initialisation, where shifts are."""
    module = with_random_numbers(ReLUConvBN(4, 4, 3))
    expected = module.norm.bias[None, :, None, None].expand(2, 4, 3, 3)
    torch.testing.assert_close(module(torch.zeros(2, 4, 3, 3).double()), expected)


def test_the_residual_block_equals_its_formula_at_half_the_size():
    block, x = with_random_numbers(ResidualBlock(4, 8)), images()
    weights = {f"here.{key}": value for key, value in block.state_dict().items()}
    torch.testing.assert_close(block(x), formulas.residual_block(x, weights, "here"), rtol=1e-12, atol=1e-12)
    assert block(x).shape == (5, 8, 3, 3)


def test_batch_norm_keeps_no_running_averages():
    norm = batch_norm(4)
    assert not list(norm.buffers())
    torch.testing.assert_close(norm.eval()(images().float()), norm.train()(images().float()))


@pytest.mark.parametrize("name", ["none", "nor_conv_5x5"])
def test_what_has_no_module_is_a_key_error(name):
    with pytest.raises(KeyError):
        build_operation(name, 4)
