"""Networks and images for the tests of Jacobians: a dozen cells that cover all operations, and odd networks."""

import torch
from torch import Tensor, nn

from tegnas_core.networks import build_network
from tegnas_core.networks.initialisation import initialise
from tegnas_core.spaces import NASBench201
from tegnas_core.spaces.architecture import OPERATIONS, Architecture

CELLS = (
    *(Architecture((operation,) * 6) for operation in OPERATIONS if operation != "none"),
    Architecture(("nor_conv_3x3", "none", "none", "none", "skip_connect", "none")),
    Architecture(("none", "none", "none", "avg_pool_3x3", "nor_conv_1x1", "none")),
    Architecture(("nor_conv_1x1", "none", "none", "none", "none", "none")),  # disconnected
    *NASBench201().sample_many(6, seed=2),
)


def images(n: int, *, size: int = 16, channels: int = 3, dtype: torch.dtype = torch.float64) -> Tensor:
    return torch.randn(n, channels, size, size, generator=torch.Generator().manual_seed(n)).to(dtype)


def with_random_numbers(network: nn.Module, seed: int = 0) -> nn.Module:
    """Move every parameter a little, so that gains are not 1 and shifts and biases not 0."""
    generator = torch.Generator().manual_seed(seed)
    for parameter in network.parameters():
        parameter.data += 0.2 * torch.randn(parameter.shape, generator=generator).to(parameter.dtype)
    return network


def proxy(architecture: Architecture, *, n_classes: int = 5) -> nn.Module:
    """The proxy of three stages in float64, with no number at its special value."""
    network = build_network(architecture, width=3, cells_per_stage=1, n_classes=n_classes)
    return with_random_numbers(initialise(network, "kaiming_fan_in", seed=(0,)).double())


class Twice(nn.Module):
    """x + x, a module read by two, and a sum of sums: where cotangents meet."""

    def __init__(self) -> None:
        super().__init__()
        self.convolution, self.relu = nn.Conv2d(3, 3, 3, padding=1), nn.ReLU()
        self.first, self.second = nn.Conv2d(3, 3, 1, bias=False), nn.AvgPool2d(3, 1, 1, count_include_pad=False)

    def forward(self, x: Tensor) -> Tensor:
        y = self.relu(self.convolution(x))
        z = self.first(y) + (self.second(y) + y)
        return (z + z) + (y + z)


def odd_networks() -> dict[str, tuple[nn.Module, Tensor]]:
    """One layer or one meeting of layers each, with a head behind, in float64."""

    def headed(*layers: nn.Module, channels: int = 4) -> nn.Module:
        head = (nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 3))
        return with_random_numbers(nn.Sequential(*layers, *head).double())

    norm = nn.BatchNorm2d
    return {
        "bias before batch-norm": (headed(nn.Conv2d(3, 4, 3, padding=1), norm(4)), images(4, size=7)),
        "bias alone": (headed(nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(), nn.Conv2d(4, 4, 1)), images(4, size=5)),
        "batch-norm without gain": (headed(nn.Conv2d(3, 4, 1), norm(4, affine=False)), images(4, size=5)),
        "batch-norm with averages": (headed(nn.Conv2d(3, 4, 1), norm(4), nn.ReLU()), images(4, size=5)),
        "batch-norm twice": (headed(norm(3), norm(3), nn.Conv2d(3, 4, 3, padding=1)), images(4, size=5)),
        "batch-norm of a pool": (headed(nn.Conv2d(3, 4, 1), nn.AvgPool2d(2), norm(4)), images(4, size=6)),
        "stride 2": (
            headed(nn.Conv2d(3, 5, 3, padding=1), nn.ReLU(), nn.Conv2d(5, 4, 3, 2, 1), norm(4)),
            images(4, size=9),
        ),
        "stride 3": (headed(nn.Conv2d(3, 5, 1), norm(5), nn.Conv2d(5, 4, 3, 3, 1)), images(4, size=8)),
        "1×1 at stride 2": (headed(nn.Conv2d(3, 5, 1), nn.ReLU(), nn.Conv2d(5, 4, 1, 2)), images(4, size=7)),
        "5×5": (
            headed(nn.Conv2d(3, 5, 5, padding=2), nn.ReLU(), nn.Conv2d(5, 4, 5, padding=2)),
            images(4, size=6),
        ),
        "5×5 at stride 2": (headed(nn.Conv2d(3, 5, 1), nn.Conv2d(5, 4, 5, 2, 2)), images(4, size=7)),
        "relu of relu": (headed(nn.Conv2d(3, 4, 1), nn.ReLU(), nn.ReLU(), nn.Conv2d(4, 4, 1)), images(4, size=4)),
        "pool of blocks of 3": (headed(nn.Conv2d(3, 4, 1), nn.AvgPool2d(3)), images(4, size=8)),
        "one pixel": (
            headed(nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(), nn.Conv2d(4, 4, 3, padding=1)),
            images(4, size=1),
        ),
        "one row": (
            headed(nn.Conv2d(3, 4, 3, padding=1), nn.AvgPool2d(3, 1, 1, count_include_pad=False)),
            images(4, size=6)[:, :, :1],
        ),
        "not square": (
            headed(nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(), nn.Conv2d(4, 4, 3, 2, 1)),
            images(4)[..., :6],
        ),
        "sums": (headed(Twice(), channels=3), images(4, size=5)),
        "two linear layers": (
            with_random_numbers(nn.Sequential(nn.Flatten(), nn.Linear(12, 6), nn.Linear(6, 3)).double()),
            images(4, size=2),
        ),
        "one image": (headed(nn.Conv2d(3, 4, 3, padding=1), norm(4)), images(1, size=5)),
    }
