"""Candidate operations of the DARTS space as torch modules, one small class each.

All map (N, C, H, W) to (N, C, H/stride, W/stride), rounded up. Source: Liu, Simonyan & Yang, DARTS (ICLR 2019),
Section 3.1; Zoph et al., NASNet (CVPR 2018).
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Layers:
    """How layers are made, wherever in a network they stand.

    Attributes:
        running_averages: Batch-norm keeps running averages; a network at initialisation only ever sees its own
            batch and needs none.
        pool_norm: A batch-norm without gain and shift behind each pool, as in the retraining code of TEG-NAS. The
            search networks and the retraining of the DARTS paper have none.
        odd_maps: Maps with an odd side may have to be halved, as crops of 3×3 pixels have.
    """

    running_averages: bool = False
    pool_norm: bool = False
    odd_maps: bool = False

    def norm(self, channels: int, *, affine: bool = True) -> nn.BatchNorm2d:
        """Return a batch-norm."""
        return nn.BatchNorm2d(channels, affine=affine, track_running_stats=self.running_averages)


class ReLUConvNorm(nn.Sequential):
    """ReLU, 1×1 convolution, batch-norm: how a cell reads its inputs."""

    def __init__(self, channels_in: int, channels_out: int, layers: Layers) -> None:
        """Build the three layers."""
        super().__init__()
        self.relu = nn.ReLU()
        self.convolution = nn.Conv2d(channels_in, channels_out, 1, bias=False)
        self.norm = layers.norm(channels_out)


class FactorizedReduce(nn.Module):
    """ReLU, two 1×1 convolutions of stride 2 side by side, batch-norm: half the size.

    The first convolution, with ⌊C_out/2⌋ channels, reads the pixels of even row and column, the second, with the
    other channels, those of odd row and column. On a map with an odd side the odd rows and columns are one fewer,
    and a border of zeros makes up for them.
    """

    def __init__(self, channels_in: int, channels_out: int, layers: Layers) -> None:
        """Build the layers; `layers.odd_maps` adds the border."""
        super().__init__()
        first = channels_out // 2
        self.relu = nn.ReLU()
        self.border = nn.ZeroPad2d((0, 1, 0, 1)) if layers.odd_maps else nn.Identity()
        self.even = nn.Conv2d(channels_in, first, 1, stride=2, bias=False)
        self.odd = nn.Conv2d(channels_in, channels_out - first, 1, stride=2, bias=False)
        self.norm = layers.norm(channels_out)

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C_in, H, W) to (N, C_out, H/2, W/2), rounded up."""
        x = self.relu(x)
        return self.norm(torch.cat([self.even(x), self.odd(self.border(x)[:, :, 1:, 1:])], 1))


class SeparableHalf(nn.Sequential):
    """ReLU, a k×k convolution of each channel by itself, a 1×1 convolution over channels, batch-norm."""

    def __init__(
        self, channels: int, kernel_size: int, layers: Layers, *, stride: int = 1, dilation: int = 1
    ) -> None:
        """Build the four layers; the padding keeps the size at stride 1."""
        super().__init__()
        self.relu = nn.ReLU()
        self.depthwise = nn.Conv2d(
            channels,
            channels,
            kernel_size,
            stride=stride,
            padding=dilation * (kernel_size // 2),
            dilation=dilation,
            groups=channels,
            bias=False,
        )
        self.pointwise = nn.Conv2d(channels, channels, 1, bias=False)
        self.norm = layers.norm(channels)


class Separable(nn.Sequential):
    """A separable convolution, twice; the stride is in the first half only."""

    def __init__(self, channels: int, kernel_size: int, layers: Layers, *, stride: int = 1) -> None:
        """Build both halves."""
        super().__init__()
        self.first = SeparableHalf(channels, kernel_size, layers, stride=stride)
        self.second = SeparableHalf(channels, kernel_size, layers)


def build_operation(name: str, channels: int, layers: Layers, *, stride: int = 1) -> nn.Module:
    """Return the module of an operation; ``none`` has no module, since an absent edge needs none.

    Raises:
        KeyError: When the name is not an operation with a module.
    """
    builders = {
        "skip_connect": lambda: nn.Identity() if stride == 1 else FactorizedReduce(channels, channels, layers),
        "sep_conv_3x3": lambda: Separable(channels, 3, layers, stride=stride),
        "sep_conv_5x5": lambda: Separable(channels, 5, layers, stride=stride),
        "dil_conv_3x3": lambda: SeparableHalf(channels, 3, layers, stride=stride, dilation=2),
        "dil_conv_5x5": lambda: SeparableHalf(channels, 5, layers, stride=stride, dilation=2),
        "avg_pool_3x3": lambda: _pool(
            nn.AvgPool2d(3, stride=stride, padding=1, count_include_pad=False), channels, layers
        ),
        "max_pool_3x3": lambda: _pool(nn.MaxPool2d(3, stride=stride, padding=1), channels, layers),
    }
    return builders[name]()


def _pool(pool: nn.Module, channels: int, layers: Layers) -> nn.Module:
    return nn.Sequential(pool, layers.norm(channels, affine=False)) if layers.pool_norm else pool
