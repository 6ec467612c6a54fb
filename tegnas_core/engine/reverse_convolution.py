"""The reverse of the convolutions of a network: what each needs is planned once, for all passes.

The loops are in `convolution_loops`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from torch import nn

from tegnas_core.engine import convolution_loops as loops
from tegnas_core.engine.convolution_geometry import Geometry, Window, geometry
from tegnas_core.engine.lanes import LANES
from tegnas_core.engine.tracing import UnknownLayer, one_number

if TYPE_CHECKING:
    from tegnas_core.engine.reverse_pass import Record

Visits = tuple[np.ndarray, np.ndarray]  # see `convolution_loops.pixels_to_visit`
_FEW = 16  # weights of a 1×1 convolution: with more it is better done by itself


@dataclass(frozen=True)
class Between:
    """A 1×1 convolution between the batch-norm and the convolution, reversed together with the latter.

    Attributes:
        number: Of its step.
        x: Its input, (N, C_in, P).
        weight: (C_out·C_in,).
    """

    number: int
    x: np.ndarray
    weight: np.ndarray


@dataclass(frozen=True)
class Convolution:
    """The reverse of one convolution, planned once for all passes.

    Attributes:
        number: Of its step.
        source: Number of the step that the cotangent goes to: its input, or what stands before the ReLU and the
            crop before it.
        x: Input, (N, C_in, P), or (N, C_in, P, LANES).
        weight: (C_out·C_in·size²,), or (C·size²,) by channel.
        visits: Pixels to visit.
        window: Height and width of the output, size, stride and dilation of the window.
        geometry: What the pixels meet.
        between: What lies between it and the batch-norm above, or None.
    """

    number: int
    source: int
    x: np.ndarray
    weight: np.ndarray
    visits: Visits
    window: tuple[int, int, int, int, int]
    geometry: Geometry
    between: Between | None = None

    def reverse(
        self, g: np.ndarray, norm: tuple[np.ndarray, ...], target: np.ndarray | None, fresh: bool, n_rows: int
    ) -> Mapping[int, np.ndarray]:
        """Add to the target and return the weights' gradients by number, each (n_rows, size of the weight, LANES).

        Arguments as in `convolution_loops.conv`.
        """
        gradients, between = {self.number: np.zeros((n_rows, self.weight.size, LANES), g.dtype)}, None
        if self.between is not None:
            gradient = np.zeros((self.between.weight.size, LANES), g.dtype)
            gradients[self.between.number] = gradient
            between = self.between.x, self.between.weight, gradient
        places = self.geometry
        where = self.visits, self.window, places.corners, places.offsets, places.taps, places.n_taps
        loops.conv(g, norm, between, self.x, self.weight, gradients[self.number], target, fresh, *where)
        return gradients


class Planner:
    """Plans the convolutions of one forward pass.

    Behind a ReLU that only convolutions read, the ReLU's reverse is folded in: pixels with x ≤ 0 are not visited,
    unless lanes are images with masks of their own. Convolutions that read the same step visit the same pixels.
    A crop before a 1×1 window is a shift of the window.

    Args:
        records: The forward pass.
        frozen: Lanes are images.
    """

    def __init__(self, records: Sequence["Record"], *, frozen: bool) -> None:
        self.records, self.frozen = records, frozen
        self.readers: dict[int, list[int]] = {number: [] for number in range(len(records))}
        for number, record in enumerate(records):
            for source in record.inputs:
                self.readers[source].append(number)
        self.visits: dict[tuple, Visits] = {}

    def plan(self, needed: Sequence[bool]) -> Mapping[int, Convolution]:
        """Return the convolutions that a cotangent must pass, by the number of the step below the batch-norm."""
        plans: dict[int, Convolution] = {}
        for number, record in enumerate(self.records):
            if record.kind == "conv" and needed[number]:
                above = plans.get(record.inputs[0])
                if above is not None and self._joins(number):
                    weight = _weight(record.module)
                    between = Between(number, self.records[record.inputs[0]].value, weight)
                    plans[number] = replace(above, between=between)
                else:
                    plans[number] = self._alone(number)
        return plans

    def _alone(self, number: int) -> Convolution:
        record = self.records[number]
        i, window = self._behind_identities(record.inputs[0]), window_of(record.module)
        if self._is_shift(i):
            i, window = self._behind_identities(self.records[i].inputs[0]), window._replace(shift=1)
        x = self.records[i]
        sparse = not self.frozen and x.kind == "relu" and all(map(self._takes_relu, self.readers[i]))
        channels = (1, 1) if record.module.groups > 1 else (record.value.shape[1], x.value.shape[1])
        places = geometry(*channels, record.sides, x.sides, window)
        return Convolution(
            number,
            x.inputs[0] if sparse else i,
            x.value,
            _weight(record.module),
            self._visits(i, x.value, sparse, places, window),
            (*record.sides, *window[:3]),
            places,
        )

    def _visits(self, i: int, x: np.ndarray, sparse: bool, places: Geometry, window: Window) -> Visits:
        key = i, sparse, window.stride  # a shift changes what classes meet, not the classes
        if key not in self.visits:
            values = x if sparse else np.ones(x.shape[:3], x.dtype)
            self.visits[key] = loops.pixels_to_visit(values, places.order, places.starts)
        return self.visits[key]

    def _behind_identities(self, i: int) -> int:
        while self.records[i].kind == "identity":
            (i,) = self.records[i].inputs
        return i

    def _takes_relu(self, number: int) -> bool:
        """Whether a step that reads a ReLU is a convolution, or only leads to some that have planned for it."""
        if self.records[number].kind == "identity":
            return all(map(self._takes_relu, self.readers[number]))
        return self.records[number].kind == "conv" or self._is_shift(number)

    def _is_shift(self, number: int) -> bool:
        """Whether a step is a crop that only one convolution reads, of size 1 and with a stride."""
        if self.records[number].kind != "crop" or len(self.readers[number]) != 1:
            return False
        (reader,) = (self.records[i] for i in self.readers[number])
        if reader.kind != "conv":
            return False
        window = window_of(reader.module)
        return window.size == 1 and window.stride > 1

    def _joins(self, number: int) -> bool:
        """Whether a 1×1 convolution stands between a batch-norm and a convolution that nothing else reads."""
        record = self.records[number]
        readers = [self.records[i].kind for i in self.readers[number]]
        alone = len(self.readers[record.inputs[0]]) == 1 and readers == ["norm"] and not self.frozen
        few = record.module.groups == 1 and record.module.weight.numel() <= _FEW
        return alone and few and window_of(record.module) == Window(1, 1)


def _weight(module: nn.Conv2d) -> np.ndarray:
    return module.weight.detach().contiguous().numpy().reshape(-1)


def window_of(module: nn.Conv2d) -> Window:
    """Return the window of a convolution that the loops know.

    Raises:
        UnknownLayer: When it is not square and odd, or its padding is not size // 2 · dilation.
    """
    window = Window(*(one_number(v) for v in (module.kernel_size, module.stride, module.dilation)))
    if window.size % 2 == 0 or one_number(module.padding) != window.padding:
        raise UnknownLayer(f"no reverse rule for {module}")
    return window
