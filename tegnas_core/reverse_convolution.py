"""The reverse of a convolution: which pixels are visited, and what they meet there.

Every pixel of the input reads a patch of the cotangent dz below the batch-norm, through taps that lie at the same
distances from the patch's corner. With a stride, pixels fall into classes of the same taps: of four pixels under a
3×3 window at stride 2, one meets one tap, two meet two, and one meets four. The loops are in `convolution_loops`.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from torch import nn

from tegnas_core import convolution_loops as loops
from tegnas_core.lanes import LANES
from tegnas_core.tracing import UnknownLayer, one_number

if TYPE_CHECKING:
    from tegnas_core.reverse_pass import Record

Visits = tuple[np.ndarray, np.ndarray]  # see `convolution_loops.pixels_to_visit`


class Window(NamedTuple):
    """The window of a convolution, the same along both axes; its padding is size // 2 · dilation."""

    size: int
    stride: int
    dilation: int = 1

    @property
    def padding(self) -> int:
        """Zeros around the input, on each side."""
        return self.size // 2 * self.dilation


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
        window: Its size, stride and dilation.
    """
    size, stride, pad = window.size, window.stride, window.padding
    tall, wide = (side + 2 * pad for side in sides_out)
    rows, columns = np.divmod(np.arange(sides[0] * sides[1]), sides[1])
    classes = rows % stride * stride + columns % stride
    order = np.argsort(classes, kind="stable")
    met = [_taps_met(place, window) for place in range(stride)]
    last = np.array([taps[0] if taps else 0 for taps in met]) * window.dilation
    top, left = ((places + pad - last[places % stride]) // stride + pad for places in (rows, columns))
    offsets, taps = [], []
    for row_taps, column_taps in itertools.product(met, met):
        patch = [
            (_distance(row_taps, kr, window), _distance(column_taps, kc, window), kr, kc)
            for kr, kc in itertools.product(row_taps, column_taps)
        ]
        offsets.append([(o * tall + dr) * wide + dc for o in range(n_out) for dr, dc, _, _ in patch])
        taps.append([(o * n_in * size + kr) * size + kc for o in range(n_out) for _, _, kr, kc in patch])
    return Geometry(
        order=order.astype(np.int32),
        starts=np.searchsorted(classes[order], np.arange(stride**2 + 1)).astype(np.int32),
        corners=top * wide + left,
        offsets=_rectangle(offsets),
        taps=_rectangle(taps),
        n_taps=np.array([len(row) for row in taps]),
    )


def _taps_met(place: int, window: Window) -> list[int]:
    """Return, along one axis, the taps that meet a place, from that of the first output on."""
    taps = range(window.size - 1, -1, -1)
    return [k for k in taps if (place + window.padding - k * window.dilation) % window.stride == 0]


def _distance(taps: list[int], tap: int, window: Window) -> int:
    """Return, along one axis, how far the output that meets a tap is from that of the first tap."""
    return (taps[0] - tap) * window.dilation // window.stride


def _rectangle(rows: list[list[int]]) -> np.ndarray:
    longest = max(map(len, rows))
    return np.array([row + [0] * (longest - len(row)) for row in rows], np.int64)


@dataclass(frozen=True)
class Convolution:
    """The reverse of one convolution, planned once for all passes.

    Attributes:
        source: Number of the step that the cotangent goes to: its input, or the step before the ReLU before it.
        x: Input, (N, C_in, P), or (N, C_in, P, LANES).
        weight: (C_out·C_in·size²,).
        visits: Pixels to visit.
        window: Height and width of the output, size, stride and dilation of the window.
        geometry: What the pixels meet.
    """

    source: int
    x: np.ndarray
    weight: np.ndarray
    visits: Visits
    window: tuple[int, int, int, int, int]
    geometry: Geometry

    def reverse(
        self, g: np.ndarray, norm: tuple[np.ndarray, ...], target: np.ndarray | None, fresh: bool, n_rows: int
    ) -> np.ndarray:
        """Add to the target and return the weight's gradient, (n_rows, C_out·C_in·size², LANES).

        Arguments as in `convolution_loops.conv`.
        """
        gradient = np.zeros((n_rows, self.weight.size, LANES), g.dtype)
        places = self.geometry
        where = places.corners, places.offsets, places.taps, places.n_taps
        loops.conv(g, norm, self.x, self.weight, gradient, target, fresh, self.visits, self.window, *where)
        return gradient


def plan_convolutions(
    records: Sequence["Record"], readers: Mapping[int, int], needed: Sequence[bool], *, frozen: bool
) -> Mapping[int, Convolution]:
    """Return the convolutions of a forward pass that a cotangent must pass, by number.

    Behind a ReLU that nothing else reads, the ReLU's reverse is folded in: pixels with x ≤ 0 are not visited,
    unless lanes are images with masks of their own. Convolutions that read the same step visit the same pixels.
    """
    plans: dict[int, Convolution] = {}
    known: dict[tuple, Visits] = {}
    for number, record in enumerate(records):
        if record.kind != "conv" or not needed[number]:
            continue
        (i,), window = record.inputs, window_of(record.module)
        sparse = not frozen and records[i].kind == "relu" and readers[i] == 1
        source = records[i].inputs[0] if sparse else i
        x = records[i].value
        channels = (1, 1) if record.module.groups > 1 else (record.value.shape[1], x.shape[1])
        places = geometry(*channels, record.sides, records[i].sides, window)
        key = source, sparse, window.stride
        if key not in known:
            values = x if sparse else np.ones(x.shape[:3], x.dtype)
            known[key] = loops.pixels_to_visit(values, places.order, places.starts)
        weight = record.module.weight.detach().contiguous().numpy().reshape(-1)
        plans[number] = Convolution(source, x, weight, known[key], (*record.sides, *window), places)
    return plans


def window_of(module: nn.Conv2d) -> Window:
    """Return the window of a convolution that the loops know.

    Raises:
        UnknownLayer: When it is not square and odd, or its padding is not size // 2 · dilation.
    """
    window = Window(*(one_number(v) for v in (module.kernel_size, module.stride, module.dilation)))
    if window.size % 2 == 0 or one_number(module.padding) != window.padding:
        raise UnknownLayer(f"no reverse rule for {module}")
    return window
