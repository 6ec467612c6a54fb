"""Which pixels of a convolution's input meet which of its outputs, and through which taps.

Every pixel of the input reads a patch of the cotangent dz of the output, through taps that lie at the same
distances from the patch's corner. With a stride, pixels fall into classes of the same taps: of four pixels under a
3×3 window at stride 2, one meets one tap, two meet two, and one meets four.
"""

import itertools
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from torch import nn

from tegnas_core.engine.tracing import UnknownLayer, one_number


class Window(NamedTuple):
    """The window of a convolution, the same along both axes; its padding is size // 2 · dilation.

    Attributes:
        size, stride, dilation: What PyTorch calls by these names.
        shift: Rows and columns of the map that are left out before the first window, fewer than the stride.
    """

    size: int
    stride: int
    dilation: int = 1
    shift: int = 0

    @property
    def padding(self) -> int:
        """Zeros around the input, on each side."""
        return self.size // 2 * self.dilation


def window_of(module: nn.Conv2d) -> Window:
    """Return the window of a convolution that the loops know.

    Raises:
        UnknownLayer: When it is not square and odd, or its padding is not size // 2 · dilation.
    """
    window = Window(*(one_number(v) for v in (module.kernel_size, module.stride, module.dilation)))
    if window.size % 2 == 0 or one_number(module.padding) != window.padding:
        raise UnknownLayer(f"no reverse rule for {module}")
    return window


@dataclass(frozen=True)
class Geometry:
    """Which taps of which outputs meet a pixel.

    Attributes:
        order: Pixels of the input, class by class, (P,).
        starts: Where each class starts in `order`, and P.
        corners: For each pixel the row of the slab (see `convolution_loops.conv`) where its patch begins, (P,).
        offsets: Rows from the corner to what each tap reads, (n_classes, n_taps).
        taps: Row of weight and gradient that each tap of input channel 0 uses, (n_classes, n_taps).
        n_taps: Number of taps of each class.
    """

    order: np.ndarray
    starts: np.ndarray
    corners: np.ndarray
    offsets: np.ndarray
    taps: np.ndarray
    n_taps: np.ndarray


@lru_cache(maxsize=64)
def geometry(
    n_out: int, n_in: int, sides_out: tuple[int, int], sides: tuple[int, int], window: Window
) -> Geometry:
    """Return it for a convolution of n_in to n_out channels; for one that goes by channel, say 1 and 1.

    Args:
        n_out, n_in: Channels.
        sides_out, sides: Height and width of the output and of the input.
        window: The window of the convolution, which may have a shift only if its size is 1.
    """
    size, stride, pad = window.size, window.stride, window.padding
    tall, wide = (side + 2 * pad for side in sides_out)
    rows, columns = np.divmod(np.arange(sides[0] * sides[1]), sides[1])
    classes = rows % stride * stride + columns % stride
    order = np.argsort(classes, kind="stable")
    met = [_taps_met(place, window) for place in range(stride)]
    last = np.array([taps[0] if taps else 0 for taps in met]) * window.dilation
    top, left = (
        (places + pad - window.shift - last[places % stride]) // stride + pad for places in (rows, columns)
    )
    offsets, taps = [], []
    for row_taps, column_taps in itertools.product(met, met):
        patch = [
            (_distance(row_taps, kr, window), _distance(column_taps, kc, window), kr, kc)
            for kr, kc in itertools.product(row_taps, column_taps)
        ]
        offsets.append([(o * tall + dr) * wide + dc for o in range(n_out) for dr, dc, _, _ in patch])
        taps.append([(o * n_in * size + kr) * size + kc for o in range(n_out) for _, _, kr, kc in patch])
    return Geometry(
        order=order.astype(np.uint32),
        starts=np.searchsorted(classes[order], np.arange(stride**2 + 1)).astype(np.int32),
        corners=(top * wide + left).astype(np.uint32),
        offsets=_rectangle(offsets),
        taps=_rectangle(taps),
        n_taps=np.array([len(row) for row in taps]),
    )


def _taps_met(place: int, window: Window) -> list[int]:
    """Return, along one axis, the taps that meet a place, from that of the first output on."""
    taps = range(window.size - 1, -1, -1)
    first = place + window.padding - window.shift
    return [k for k in taps if (first - k * window.dilation) % window.stride == 0]


def _distance(taps: list[int], tap: int, window: Window) -> int:
    """Return, along one axis, how far the output that meets a tap is from that of the first tap."""
    return (taps[0] - tap) * window.dilation // window.stride


def _rectangle(rows: list[list[int]]) -> np.ndarray:
    longest = max(map(len, rows))
    return np.array([row + [0] * (longest - len(row)) for row in rows], np.int64)
