"""Layers for what a forward pass does between its modules: put channels together, crop maps, take multiples."""

import torch
from torch import Tensor, nn


class Scale(nn.Module):
    """A multiple of x."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: Tensor) -> Tensor:
        """Return factor · x."""
        return x * self.factor

    def extra_repr(self) -> str:
        """Return the factor: layers are of one structure when their descriptions are the same."""
        return str(self.factor)


class Crop(nn.Module):
    """A map without its first row and column: what the second half of a factorised reduction reads."""

    def forward(self, x: Tensor) -> Tensor:
        """Return x[:, :, 1:, 1:]."""
        return x[:, :, 1:, 1:].contiguous()


class Concat(nn.Module):
    """Several maps as one, their channels one after the other.

    Args:
        groups: Networks that lie side by side in the channels (see `together`), each with its own maps.
    """

    def __init__(self, groups: int = 1) -> None:
        super().__init__()
        self.groups = groups

    def forward(self, *maps: Tensor) -> Tensor:
        """Return (N, ΣC, H, W)."""
        return torch.cat([x.unflatten(1, (self.groups, -1)) for x in maps], 2).flatten(1, 2)

    def backward(self, g: Tensor, channels: list[int]) -> list[Tensor]:
        """Return the maps' cotangents, (…, C, H, W) each, from that of the whole; `channels` are the maps' C."""
        parts = g.unflatten(-3, (self.groups, -1)).split([c // self.groups for c in channels], -3)
        return [part.flatten(-4, -3) for part in parts]
