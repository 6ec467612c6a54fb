"""The reverse of a convolution: which pixels are visited, and what they meet there.

Every pixel of the input reads a patch of the cotangent dz below the batch-norm, through taps that lie at the same
distances from the patch's corner. With a stride, pixels fall into classes of the same taps: of four pixels under a
3×3 window at stride 2, one meets one tap, two meet two, and one meets four. The loops are in `convolution_loops`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from tegnas_core import convolution_loops as loops
from tegnas_core.lanes import LANES
from tegnas_core.tape import UnknownLayer

if TYPE_CHECKING:
    from tegnas_core.reverse_rules import Record

Visits = tuple[np.ndarray, np.ndarray]  # see `convolution_loops.pixels_to_visit`


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
    n_out: int, n_in: int, sides_out: tuple[int, int], sides: tuple[int, int], size: int, stride: int
) -> Geometry:
    """Return it for a convolution of n_in to n_out channels with padding size // 2.

    Args:
        n_out, n_in: Channels.
        sides_out, sides: Height and width of the output and of the input.
        size, stride: Of the window.
    """
    pad = size // 2
    tall, wide = (side + 2 * pad for side in sides_out)
    rows, columns = np.divmod(np.arange(sides[0] * sides[1]), sides[1])
    classes = rows % stride * stride + columns % stride
    order = np.argsort(classes, kind="stable")
    top, left = ((places + pad - _last_tap(places, size, stride)) // stride + pad for places in (rows, columns))
    offsets, taps = [], []
    for row_class, column_class in np.ndindex(stride, stride):
        patch = [
            (dr, dc, kr * size + kc)
            for dr, kr in enumerate(range(_last_tap(row_class, size, stride), -1, -stride))
            for dc, kc in enumerate(range(_last_tap(column_class, size, stride), -1, -stride))
        ]
        offsets.append([(o * tall + dr) * wide + dc for o in range(n_out) for dr, dc, _ in patch])
        taps.append([o * n_in * size**2 + k for o in range(n_out) for _, _, k in patch])
    return Geometry(
        order=order.astype(np.int32),
        starts=np.searchsorted(classes[order], np.arange(stride**2 + 1)).astype(np.int32),
        corners=top * wide + left,
        offsets=_rectangle(offsets),
        taps=_rectangle(taps),
        n_taps=np.array([len(row) for row in taps]),
    )


def _last_tap(places, size: int, stride: int):
    """Return, along one axis, the last tap that meets a place: the one of the first output that does."""
    return size - 1 - (size - 1 - places - size // 2) % stride


def _rectangle(rows: list[list[int]]) -> np.ndarray:
    longest = max(map(len, rows))
    return np.array([row + [0] * (longest - len(row)) for row in rows])


@dataclass(frozen=True)
class Convolution:
    """The reverse of one convolution, planned once for all passes.

    Attributes:
        source: Number of the step that the cotangent goes to: its input, or the step before the ReLU before it.
        x: Input, (N, C_in, P), or (N, C_in, P, LANES).
        weight: (C_out·C_in·size²,).
        visits: Pixels to visit.
        window: Height and width of the output, size and stride of the window.
        geometry: What the pixels meet.
    """

    source: int
    x: np.ndarray
    weight: np.ndarray
    visits: Visits
    window: tuple[int, int, int, int]
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
        places = geometry(record.value.shape[1], x.shape[1], record.sides, records[i].sides, *window)
        key = source, sparse, window[1]
        if key not in known:
            values = x if sparse else np.ones(x.shape[:3], x.dtype)
            known[key] = loops.pixels_to_visit(values, places.order, places.starts)
        weight = record.module.weight.detach().contiguous().numpy().reshape(-1)
        plans[number] = Convolution(source, x, weight, known[key], (*record.sides, *window), places)
    return plans


def window_of(module) -> tuple[int, int]:
    """Return size and stride of a convolution that the loops know.

    Raises:
        UnknownLayer: When its window is not square and odd, or its padding is not size // 2.
    """
    size, stride, padding = (one_number(v) for v in (module.kernel_size, module.stride, module.padding))
    if padding != size // 2 or size % 2 == 0:
        raise UnknownLayer(f"no reverse rule for {module}")
    return size, stride


def one_number(value: int | tuple[int, int]) -> int:
    """Return the number that a window has along both axes.

    Raises:
        UnknownLayer: When they differ.
    """
    if isinstance(value, int):
        return value
    if value[0] != value[1]:
        raise UnknownLayer(f"no reverse rule for a window of {value}")
    return value[0]
