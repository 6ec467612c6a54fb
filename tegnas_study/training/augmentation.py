"""Random changes of small training images, a whole batch at a time, each image by draws of its own.

For one epoch all random numbers are drawn at once, one row an image of the training set, so that an image is
changed in the same way whatever batch it falls into, and on however many processes the batch is spread.

Sources: He et al., CVPR 2016 (flip and crop of padded images); DeVries & Taylor, arXiv 1708.04552 (cutout).
"""

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Draws:
    """The random numbers of one epoch, each of shape (n,).

    Attributes:
        flip: Whether an image is mirrored left to right.
        top: First row of its crop, in the padded image.
        left: First column of its crop.
        row: Row of the centre of its cutout.
        column: Column of the centre of its cutout.
    """

    flip: Tensor
    top: Tensor
    left: Tensor
    row: Tensor
    column: Tensor

    def __getitem__(self, index: Tensor) -> "Draws":
        """Return the numbers of some images, which may live on another device."""
        index = index.to(self.flip.device)
        return Draws(*(numbers[index] for numbers in self._all))

    def to(self, device: str | torch.device) -> "Draws":
        """Return the same numbers on a device."""
        return Draws(*(numbers.to(device) for numbers in self._all))

    @property
    def _all(self) -> tuple[Tensor, ...]:
        return self.flip, self.top, self.left, self.row, self.column


def draw(n: int, size: int, padding: int, *, generator: torch.Generator) -> Draws:
    """Draw the changes of n images: flips with probability 1/2, crops and centres uniformly.

    Args:
        n: Number of images.
        size: Height and width of an image in pixels.
        padding: Pixels added on each side before the crop.
        generator: Where the numbers come from.
    """
    below = lambda limit: torch.randint(limit, (n,), generator=generator)  # noqa: E731
    return Draws(below(2).bool(), *(below(limit) for limit in (2 * padding + 1, 2 * padding + 1, size, size)))


def flip_and_crop(images: Tensor, draws: Draws, padding: int) -> Tensor:
    """Mirror some images, pad all with black and cut one window of the old size from each.

    Args:
        images: Shape (n, c, h, w), of any type.
        draws: One row an image.
        padding: Black pixels on each side.
    """
    black = torch.zeros(images.shape[1], dtype=images.dtype, device=images.device)
    return windows(images, draws.flip, draws.top, draws.left, padding, black)


def windows(images: Tensor, flip: Tensor, top: Tensor, left: Tensor, padding: int, black: Tensor) -> Tensor:
    """Mirror some images, pad all and cut one window of the old size from each.

    Args:
        images: Shape (n, c, h, w), of any type.
        flip: Whether an image is mirrored left to right, shape (n,).
        top: First row of each window, in the padded image.
        left: First column of each window.
        padding: Pixels on each side.
        black: The value of the padding in each channel, shape (c,).
    """
    n, _, height, width = images.shape
    padded = black[None, :, None, None].repeat(n, 1, height + 2 * padding, width + 2 * padding)
    padded[:, :, padding : padding + height, padding : padding + width] = torch.where(
        flip[:, None, None, None], images.flip(3), images
    )
    rows = top[:, None] + torch.arange(height, device=images.device)  # (n, h)
    columns = left[:, None] + torch.arange(width, device=images.device)  # (n, w)
    which = torch.arange(n, device=images.device)[:, None, None]
    return padded.permute(0, 2, 3, 1)[which, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def cut_out(images: Tensor, draws: Draws, side: int) -> Tensor:
    """Set a square of each image to zero, the mean colour; near a border a part of it lies outside.

    Args:
        images: Normalised images, shape (n, c, h, w).
        draws: One row an image; its centre is pixel (row, column).
        side: Height and width of the square, from centre − side/2 to centre + side/2 − 1.
    """
    rows = _covered(draws.row, images.shape[2], side)
    columns = _covered(draws.column, images.shape[3], side)
    return images.masked_fill((rows[:, :, None] & columns[:, None, :])[:, None], 0.0)


def _covered(centre: Tensor, size: int, side: int) -> Tensor:
    """Return which of the positions 0 … size − 1 lie in the square, shape (n, size)."""
    distance = torch.arange(size, device=centre.device) - centre[:, None]
    return (distance >= -(side // 2)) & (distance < side // 2)


def normalise(images: Tensor, mean: tuple[float, ...], std: tuple[float, ...]) -> Tensor:
    """Return float32 images, (x / 255 − mean) / std for each channel, of images in uint8 of shape (n, 3, h, w)."""
    shape = {"device": images.device, "dtype": torch.float32}
    return (images / 255 - torch.tensor(mean, **shape)[:, None, None]) / torch.tensor(std, **shape)[:, None, None]
