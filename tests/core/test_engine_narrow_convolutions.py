"""Convolutions of a channel or two are those of torch; wide ones are left to it."""

import pytest
import torch
from torch import nn

from tegnas_core.engine.narrow_convolutions import convolve, is_narrow

NARROW = [
    nn.Conv2d(1, 1, 1, bias=False),
    nn.Conv2d(2, 3, 1),
    nn.Conv2d(2, 2, 1, stride=2, bias=False),
    nn.Conv2d(1, 4, 3, padding=1),
    nn.Conv2d(6, 6, 5, padding=2, groups=6),
    nn.Conv2d(6, 6, 5, padding=4, dilation=2, groups=6, bias=False),
    nn.Conv2d(6, 6, 3, padding=0, groups=6),
]


@pytest.mark.parametrize("module", NARROW, ids=str)
@pytest.mark.parametrize("sides", [(9, 8), (5, 11)])
def test_equals_torch_in_both_precisions(module, sides):
    x = torch.randn(3, module.in_channels, *sides, generator=torch.Generator().manual_seed(0)).double()
    assert is_narrow(module, x)
    with torch.no_grad():
        expected = module.double()(x)
        torch.testing.assert_close(convolve(module, x), expected, rtol=1e-12, atol=1e-12)
        found = convolve(module.float(), x.float())
    torch.testing.assert_close(found, expected.float(), rtol=1e-5, atol=1e-5)


WIDE = [
    nn.Conv2d(3, 3, 3, padding=1),
    nn.Conv2d(3, 6, 1),
    nn.Conv2d(4, 4, 1, groups=2),
    nn.Conv2d(6, 6, 5, 2, 2, groups=6),
    nn.Conv2d(1, 1, (1, 3)),
]


@pytest.mark.parametrize("module", WIDE, ids=str)
def test_what_torch_does_better_is_left_to_it(module):
    assert not is_narrow(module, torch.zeros(1, module.in_channels, 8, 8))
