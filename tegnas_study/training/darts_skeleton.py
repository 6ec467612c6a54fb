"""The networks around the cells of the DARTS space, at full size: where cells stand, how wide and how large.

Source: Liu, Simonyan & Yang, DARTS (ICLR 2019), Section 3.2 and 3.3.
"""

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, Self

from tegnas_core.errors import TegnasError
from tegnas_core.spaces.genotype import N_NODES


class PlacedCell(NamedTuple):
    """A cell in its network.

    Attributes:
        reduction: It is a reduction cell.
        previous_reduction: What comes before it halves the size, so its two inputs differ in size.
        channels_before: Numbers of channels that cells k-2 and k-1 hand on.
        channels: Number of channels of each node of the cell.
        size: Height and width of its output.
    """

    reduction: bool
    previous_reduction: bool
    channels_before: tuple[int, int]
    channels: int
    size: int


@dataclass(frozen=True)
class DartsSkeleton:
    """The network around the cells; `cifar` and `imagenet` give the literature's.

    Attributes:
        stem: "cifar", one 3×3 convolution to 3C channels; "imagenet", three of stride 2 to C channels.
        size: Height and width of an image in pixels.
        n_classes: Number of logits.
        width: C, the channels of the first cells' nodes.
        n_cells: Cells; those at a third and at two thirds are reduction cells and double the channels.
        auxiliary: Add the second classifier behind the second reduction cell.
        pool_norm: Batch-norm without gain and shift behind each pool, as in the retraining code of TEG-NAS.

    Raises:
        TegnasError: When a number is not positive, the width is odd, there are fewer than three cells, or the size
            does not suit the stem.
    """

    stem: Literal["cifar", "imagenet"] = "cifar"
    size: int = 32
    n_classes: int = 10
    width: int = 36
    n_cells: int = 20
    auxiliary: bool = False
    pool_norm: bool = False

    def __post_init__(self) -> None:
        if self.stem not in ("cifar", "imagenet"):
            raise TegnasError(f"unknown stem {self.stem!r}; known are cifar, imagenet")
        if min(self.n_classes, self.width) < 1 or self.width % 2 or self.n_cells < 3:
            raise TegnasError(f"{self} needs a positive number of classes, an even width and three cells at least")
        divisor = 4 * self._stem_stride
        if self.size < divisor or self.size % divisor:
            raise TegnasError(
                f"images of {self.size} pixels do not suit the {self.stem} stem; a multiple of {divisor} does"
            )

    @classmethod
    def cifar(cls, **changes: object) -> Self:
        """Return the skeleton for CIFAR-10: 20 cells, C = 36."""
        return replace(cls(), **changes)

    @classmethod
    def imagenet(cls, **changes: object) -> Self:
        """Return the skeleton for ImageNet: 14 cells, C = 48, images of 224 pixels."""
        return replace(cls("imagenet", 224, 1000, 48, 14), **changes)

    @property
    def reductions(self) -> tuple[int, int]:
        """The places of the two reduction cells, from 0."""
        return self.n_cells // 3, 2 * self.n_cells // 3

    @property
    def stem_channels(self) -> int:
        """Channels of both outputs of the stem."""
        return 3 * self.width if self.stem == "cifar" else self.width

    @property
    def features(self) -> int:
        """Channels of the last cell's output, which the classifier reads."""
        return N_NODES * self.cells[-1].channels

    @property
    def cells(self) -> tuple[PlacedCell, ...]:
        """The cells, first to last."""
        placed = []
        before, halved = (self.stem_channels,) * 2, self.stem == "imagenet"
        channels, size = self.width, self.size // self._stem_stride
        for index in range(self.n_cells):
            reduction = index in self.reductions
            if reduction:
                channels, size = 2 * channels, size // 2
            placed.append(PlacedCell(reduction, halved, before, channels, size))
            before, halved = (before[1], N_NODES * channels), reduction
        return tuple(placed)

    @property
    def _stem_stride(self) -> int:
        return 1 if self.stem == "cifar" else 8
