"""Networks of the DARTS kind in natural torch: random two-cell proxies, and supernets that mix operations."""

import random
from collections.abc import Callable

import torch
from torch import Tensor, nn

from oracles.small_networks import images

OPERATIONS = (
    "skip_connect",
    "sep_conv_3x3",
    "sep_conv_5x5",
    "dil_conv_3x3",
    "dil_conv_5x5",
    "avg_pool_3x3",
    "max_pool_3x3",
)
TOPOLOGY = ("skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3")  # those of NAS-Bench-201


def half(c: int, size: int, stride: int = 1, dilation: int = 1) -> nn.Sequential:
    """ReLU, convolution by channel, 1×1 convolution, batch-norm."""
    pad = size // 2 * dilation
    return nn.Sequential(
        nn.ReLU(),
        nn.Conv2d(c, c, size, stride, pad, dilation, groups=c, bias=False),
        nn.Conv2d(c, c, 1, bias=False),
        nn.BatchNorm2d(c),
    )


class Reduction(nn.Module):
    """Half the sides: two 1×1 convolutions at stride 2, the second of the map moved by a pixel."""

    def __init__(self, c_in: int, c_out: int) -> None:
        super().__init__()
        self.relu = nn.ReLU()
        self.first = nn.Conv2d(c_in, c_out - c_out // 2, 1, stride=2, bias=False)
        self.second = nn.Conv2d(c_in, c_out // 2, 1, stride=2, bias=False) if c_out > 1 else None
        self.norm = nn.BatchNorm2d(c_out)

    def forward(self, x: Tensor) -> Tensor:
        x = self.relu(x)
        parts = [self.first(x)] if self.second is None else [self.first(x), self.second(x[:, :, 1:, 1:])]
        return self.norm(torch.cat(parts, 1))


def operation(name: str, c: int, stride: int) -> nn.Module:
    kind, size = name[:4], int(name[-1]) if name[-1].isdigit() else 0
    match kind:
        case "skip":
            return nn.Identity() if stride == 1 else Reduction(c, c)
        case "sep_":
            return nn.Sequential(half(c, size, stride), half(c, size))
        case "dil_":
            return half(c, size, stride, dilation=2)
        case "nor_":
            convolution = nn.Conv2d(c, c, int(name[-1]), stride, int(name[-1]) // 2, bias=False)
            return nn.Sequential(nn.ReLU(), convolution, nn.BatchNorm2d(c))
        case "avg_":
            return nn.AvgPool2d(3, stride, 1, count_include_pad=False)
    return nn.MaxPool2d(3, stride, 1)


class Mixed(nn.Module):
    """The mean of several operations."""

    def __init__(self, operations: list[nn.Module]) -> None:
        super().__init__()
        self.operations = nn.ModuleList(operations)

    def forward(self, x: Tensor) -> Tensor:
        return sum(1 / len(self.operations) * operation(x) for operation in self.operations)


class Cell(nn.Module):
    """Two inputs, four nodes; edges are (operation, source) pairs, node by node."""

    def __init__(self, c: int, inputs: tuple[int, int], edges, *, reduced: bool, stride: int, make) -> None:
        super().__init__()
        plain = [nn.Sequential(nn.ReLU(), nn.Conv2d(i, c, 1, bias=False), nn.BatchNorm2d(c)) for i in inputs]
        self.before = nn.ModuleList([Reduction(inputs[0], c) if reduced else plain[0], plain[1]])
        self.sources = [[source for _, source in node] for node in edges]
        self.edges = nn.ModuleList(
            nn.ModuleList(make(name, c, stride if source < 2 else 1) for name, source in node) for node in edges
        )

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        nodes = [self.before[0](a), self.before[1](b)]
        for sources, modules in zip(self.sources, self.edges, strict=True):
            nodes.append(sum(module(nodes[i]) for i, module in zip(sources, modules, strict=True)))
        return torch.cat(nodes[2:], dim=1)


class TwoCells(nn.Module):
    """Stem, two cells, head: the proxy of the DARTS space, or with the reduction first."""

    def __init__(self, first, second, *, c: int = 1, reduce_first: bool = False, make=operation) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, c, 3, padding=1, bias=False), nn.BatchNorm2d(c))
        wide = 2 * c if reduce_first else c
        strides = (2, 1) if reduce_first else (1, 2)
        self.first = Cell(wide, (c, c), first, reduced=False, stride=strides[0], make=make)
        self.second = Cell(2 * c, (c, 4 * wide), second, reduced=reduce_first, stride=strides[1], make=make)
        self.head = nn.Sequential(nn.BatchNorm2d(8 * c), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.classifier = nn.Linear(8 * c, 10)

    def forward(self, x: Tensor) -> Tensor:
        stem = self.stem(x)
        return self.classifier(self.head(self.second(stem, self.first(stem, stem))))


def random_edges(seed: int) -> list[list[tuple[str, int]]]:
    """Two operations a node."""
    rng = random.Random(seed)
    return [[(rng.choice(OPERATIONS), source) for source in rng.sample(range(node + 2), 2)] for node in range(4)]


def random_network(seed: int, *, c: int = 1, reduce_first: bool = False) -> nn.Module:
    """A random genotype's proxy in float64, every number set by the seed."""
    cells = random_edges(2 * seed), random_edges(2 * seed + 1)
    return numbered(TwoCells(*cells, c=c, reduce_first=reduce_first), seed)


def supernet(seed: int, names: tuple[str, ...] = OPERATIONS) -> nn.Module:
    """Every edge the mean of all operations, in float64."""
    edges = [[("all", source) for source in range(node + 2)] for node in range(4)]

    def make(_: str, c: int, stride: int) -> nn.Module:
        return Mixed([operation(name, c, stride) for name in names])

    return numbered(TwoCells(edges, edges, make=make), seed)


def numbered(network: nn.Module, seed: int) -> nn.Module:
    """The network in float64 with weights of a size that keeps the maps alive; gains near 1, shifts near 0."""
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in network.named_parameters():
        noise = torch.randn(parameter.shape, generator=generator)
        fan_in = max(1, parameter[0].numel()) if parameter.dim() > 1 else 1
        parameter.data = 1 + 0.2 * noise if parameter.dim() == 1 and "weight" in name else noise * fan_in**-0.5
    return network.double()


class Cropped(nn.Module):
    """A map without its first row and column."""

    def forward(self, x: Tensor) -> Tensor:
        return x[:, :, 1:, 1:]


class Function(nn.Module):
    """A forward pass given as a function of a convolution and x."""

    def __init__(self, function: Callable[[nn.Module, Tensor], Tensor]) -> None:
        super().__init__()
        self.convolution, self.function = nn.Conv2d(3, 3, 3, padding=1), function

    def forward(self, x: Tensor) -> Tensor:
        return self.function(self.convolution, x)


def odd_layers() -> dict[str, tuple[nn.Module, Tensor]]:
    """One layer that DARTS needs each, or a meeting of some, between a convolution and a head, in float64."""

    def headed(*layers: nn.Module, c: int = 3) -> nn.Module:
        head = (nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(c, 3))
        return numbered(nn.Sequential(nn.Conv2d(3, 3, 1), *layers, *head), seed=0)

    def by_channel(size: int, stride: int, dilation: int, **options: bool) -> nn.Conv2d:
        return nn.Conv2d(3, 3, size, stride, size // 2 * dilation, dilation, groups=3, **options)

    relu, norm = nn.ReLU, nn.BatchNorm2d
    convolutions = {
        f"{size}×{size} by channel, stride {stride}, dilation {dilation}": headed(
            relu(), by_channel(size, stride, dilation, bias=False), relu(), nn.Conv2d(3, 3, 1), norm(3)
        )
        for size, dilation in [(1, 1), (3, 1), (3, 2), (3, 3), (5, 1), (5, 2), (7, 1)]
        for stride in (1, 2, 3)
    }
    others = {
        "by channel with a bias, no ReLU": headed(by_channel(3, 1, 1), by_channel(5, 2, 1), relu()),
        "by channel under batch-norm": headed(relu(), by_channel(3, 1, 2), norm(3), by_channel(5, 1, 1), norm(3)),
        "a dilated convolution of all channels": headed(
            relu(), nn.Conv2d(3, 4, 3, 1, 2, 2), norm(4, affine=False), nn.Conv2d(4, 3, 5, 2, 4, 2)
        ),
        "max pool": headed(nn.MaxPool2d(3, 1, 1), norm(3)),
        "max pool at stride 2": headed(relu(), nn.MaxPool2d(3, 2, 1), norm(3)),
        "max pool of blocks": headed(nn.MaxPool2d(2)),
        "mean pool at stride 2": headed(relu(), nn.AvgPool2d(3, 2, 1, count_include_pad=False), norm(3)),
        "factorised reduction": headed(Reduction(3, 5), c=5),
        "identities before a shift": headed(
            relu(), nn.Identity(), nn.Identity(), Cropped(), nn.Conv2d(3, 3, 1, 2), norm(3)
        ),
        "multiples": headed(Function(lambda layer, x: 0.5 * layer(x) + thrice(x) * -2), relu()),
        "maps together": headed(
            Function(lambda layer, x: torch.cat([layer(x), 2 * x, x], dim=1)[:, :, 1:, 1:]), relu(), c=9
        ),
    }
    narrow = {name: (network, images(4, size=8)[..., 1:]) for name, network in convolutions.items()}
    return narrow | {name: (network, images(4, size=8)) for name, network in others.items()}


def thrice(x: Tensor) -> Tensor:
    """x + x + x."""
    return sum([x, x, x])
