"""Candidate operations as torch modules, one small class each.

Source: NAS-Bench-201 (ICLR 2020), Section 2. All keep the shape (N, C, H, W) of their input.
Batch-norm keeps no running averages: a network at initialisation only ever sees its own batch.
"""

from torch import Tensor, nn


def batch_norm(channels: int) -> nn.BatchNorm2d:
    """Return batch-norm by batch statistics with a gain and a shift, without running averages."""
    return nn.BatchNorm2d(channels, track_running_stats=False)


class ReLUConvBN(nn.Sequential):
    """ReLU, then a convolution without bias, then batch-norm: the space's pre-activation order."""

    def __init__(self, channels_in: int, channels_out: int, kernel_size: int, stride: int = 1) -> None:
        """Build the three layers; the padding keeps the size at stride 1."""
        super().__init__()
        self.relu = nn.ReLU()
        self.convolution = nn.Conv2d(
            channels_in, channels_out, kernel_size, stride=stride, padding=kernel_size // 2, bias=False
        )
        self.norm = batch_norm(channels_out)


class ResidualBlock(nn.Module):
    """The benchmark's down-sampling block: half the size, twice the channels, no ReLU at the end.

    Main path ReLU-Conv3×3(stride 2)-BN, ReLU-Conv3×3-BN; shortcut mean over 2×2, then Conv1×1 without BN.
    """

    def __init__(self, channels_in: int, channels_out: int) -> None:
        """Build both paths."""
        super().__init__()
        self.first = ReLUConvBN(channels_in, channels_out, 3, stride=2)
        self.second = ReLUConvBN(channels_out, channels_out, 3)
        self.pool = nn.AvgPool2d(2, stride=2)
        self.shortcut = nn.Conv2d(channels_in, channels_out, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C_in, H, W) to (N, C_out, H/2, W/2)."""
        return self.second(self.first(x)) + self.shortcut(self.pool(x))


def build_operation(name: str, channels: int) -> nn.Module:
    """Return the module of an operation; ``none`` has no module, since an absent edge needs none.

    Raises:
        KeyError: When the name is not an operation with a module.
    """
    builders = {
        "skip_connect": nn.Identity,
        "nor_conv_1x1": lambda: ReLUConvBN(channels, channels, 1),
        "nor_conv_3x3": lambda: ReLUConvBN(channels, channels, 3),
        "avg_pool_3x3": lambda: nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False),
    }
    return builders[name]()
