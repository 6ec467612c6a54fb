"""The networks that genotypes of the DARTS space are trained in: 20 cells for CIFAR-10, 14 for ImageNet.

Weights are PyTorch's own, batch-norm keeps running averages, and in train mode the logits of an auxiliary head
come beside the others. The literature counts parameters without that head.
Source: Liu, Simonyan & Yang, DARTS (ICLR 2019), Section 3.2 and 3.3; Zoph et al., NASNet (CVPR 2018).
"""

from torch import Tensor, nn
from torchvision.ops import StochasticDepth

from tegnas_core.networks.darts_cell import Cell, entries_of
from tegnas_core.networks.darts_operations import Layers
from tegnas_core.spaces.genotype import Genotype
from tegnas_study.training.darts_skeleton import DartsSkeleton


class FullNetwork(nn.Module):
    """A genotype at full size.

    Attributes:
        skeleton: What was built around the cells.
        drop_path: Stochastic depth of every operation but the identity, a path of a whole image at a time; its
            probability `p` is 0 and meant to be raised from epoch to epoch.
    """

    def __init__(self, genotype: Genotype, skeleton: DartsSkeleton | None = None) -> None:
        """Build the network; None takes the skeleton for CIFAR-10."""
        super().__init__()
        self.skeleton = skeleton = skeleton or DartsSkeleton()
        layers = Layers(running_averages=True, pool_norm=skeleton.pool_norm)
        normal, reduction = entries_of(genotype.normal), entries_of(genotype.reduce)
        self.drop_path = StochasticDepth(0.0, "row")
        self.stem = _Stem(skeleton)
        self.cells = nn.ModuleList(
            Cell(
                reduction if place.reduction else normal,
                place.channels_before,
                place.channels,
                layers,
                reduction=place.reduction,
                previous_reduction=place.previous_reduction,
            )
            for place in skeleton.cells
        )
        for cell in self.cells:
            cell.drop_path = self.drop_path
        self.auxiliary = _auxiliary_head(skeleton) if skeleton.auxiliary else None
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.classifier = nn.Linear(skeleton.features, skeleton.n_classes)

    def forward(self, images: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        """Map images to logits (N, n_classes); in train mode with an auxiliary head also to its logits."""
        older, newer = self.stem(images)
        auxiliary = None
        for index, cell in enumerate(self.cells):
            older, newer = newer, cell(older, newer)
            if self.training and self.auxiliary is not None and index == self.skeleton.reductions[1]:
                auxiliary = self.auxiliary(newer)
        logits = self.classifier(self.flatten(self.pool(newer)))
        return logits if auxiliary is None else (logits, auxiliary)


class _Stem(nn.Module):
    """What comes before the first cell, and gives both outputs that it reads."""

    def __init__(self, skeleton: DartsSkeleton) -> None:
        super().__init__()
        c = skeleton.stem_channels
        if skeleton.stem == "cifar":
            self.first = nn.Sequential(nn.Conv2d(3, c, 3, padding=1, bias=False), nn.BatchNorm2d(c))
            self.second = nn.Identity()
        else:
            self.first = nn.Sequential(*_halving(3, c // 2), nn.ReLU(), *_halving(c // 2, c))
            self.second = nn.Sequential(nn.ReLU(), *_halving(c, c))

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        older = self.first(images)
        return older, self.second(older)


def _halving(channels_in: int, channels_out: int) -> tuple[nn.Module, nn.Module]:
    convolution = nn.Conv2d(channels_in, channels_out, 3, stride=2, padding=1, bias=False)
    return convolution, nn.BatchNorm2d(channels_out)


def _auxiliary_head(skeleton: DartsSkeleton) -> nn.Module:
    """The second classifier: from maps of 8×8 (CIFAR) or 7×7 (ImageNet) over 2×2 to one pixel.

    The literature's head for ImageNet has no batch-norm behind its second convolution, an omission that became
    custom.
    """
    cifar = skeleton.stem == "cifar"
    return nn.Sequential(
        nn.ReLU(),
        nn.AvgPool2d(5, stride=3 if cifar else 2, count_include_pad=False),
        nn.Conv2d(skeleton.features, 128, 1, bias=False),
        nn.BatchNorm2d(128),
        nn.ReLU(),
        nn.Conv2d(128, 768, 2, bias=False),
        *([nn.BatchNorm2d(768)] if cifar else []),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(768, skeleton.n_classes),
    )
