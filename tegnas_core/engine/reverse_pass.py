"""The fast exact Jacobian on a CPU: one compiled reverse pass that carries many cotangents at once.

With batch statistics the Jacobian of n outputs costs n backward passes. Here LANES of them travel together from
the logits to the parameters: a cotangent has shape (N, C, P, LANES), P = H·W, and one vector register holds a
number of all of them (see `lanes`). The mask of a ReLU is the same for all lanes: its inactive pixels, about half,
are not visited. `frozen` runs the same pass with images for lanes.

`jacobian` is the way in. `ReversePass` goes from step to step and has one rule for each kind of layer; what the
rule of a convolution needs is planned beforehand by `ConvolutionPlanner`. The arithmetic is in the files named
``…_loops``.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

import numpy as np
import torch
from torch import Tensor, nn

from tegnas_core.engine import convolution_loops, pool_loops
from tegnas_core.engine import reverse_loops as loops
from tegnas_core.engine.convolution_geometry import Geometry, Window, geometry, window_of
from tegnas_core.engine.cotangents import Cotangent, workspace
from tegnas_core.engine.lanes import LANES
from tegnas_core.engine.tape import Step, steps_needed
from tegnas_core.engine.tracing import UnknownLayer, one_number

Visits = tuple[np.ndarray, np.ndarray]  # see `convolution_loops.pixels_to_visit`
_FEW = 16  # weights of a 1×1 convolution: with more of them it is better done by itself


def jacobian(
    tape: tuple[Step, ...], parameters: tuple[str, ...], logit_weights: Tensor | None = None
) -> Mapping[str, Tensor]:
    """Return the blocks (n_images, parameter size) of the Jacobian of v·f (see `jacobians.jacobian`).

    Args:
        tape: What `tape.record` returns.
        parameters: Names of parameters.
        logit_weights: v, shape (n_logits,); None is all ones.

    Raises:
        UnknownLayer: When a layer's shape has no rule here.
    """
    weights = None if logit_weights is None else logit_weights.numpy()
    return ReversePass.over(tape, parameters).jacobian(parameters, weights)


@dataclass(frozen=True)
class Record:
    """A step of the forward pass, in arrays.

    Attributes:
        kind, name, module, inputs: What `tape.Step` has under these names.
        sides: (H, W), or () after flatten.
        value: The step's output, (N, C, P) or (N, C); when lanes are images, (N, C, P, LANES) or (N, C, LANES).
        normalised: x̂ of a batch-norm, shaped like the value.
        inverse_std: 1/σ of a batch-norm, (C,).
        winners: Pixels that won the windows of a max pool, (N, C, P).
    """

    kind: str
    name: str
    module: nn.Module | None
    inputs: tuple[int, ...]
    sides: tuple[int, ...]
    value: np.ndarray
    normalised: np.ndarray | None = None
    inverse_std: np.ndarray | None = None
    winners: np.ndarray | None = None


class ReversePass:
    """Reverse passes over one forward pass.

    A method named after a kind of layer is its rule. It is called with a step's number and the step's cotangent,
    which is factor · g, and hands what the step's inputs get on to them.

    Args:
        records: The forward pass.
        wanted: Names of the parameters whose gradients are wanted.
        frozen: Lanes are images, and batch statistics are constants.

    Raises:
        UnknownLayer: When a layer's shape has no rule here.
    """

    def __init__(self, records: Sequence[Record], wanted: frozenset[str], *, frozen: bool = False) -> None:
        self.records, self.wanted, self.frozen = records, wanted, frozen
        self.dtype = records[-1].value.dtype
        self.rows = len(records[0].value) if frozen else 1  # of a gradient: one a block of images, or their sum
        self.needed = steps_needed(records, wanted)
        planner = ConvolutionPlanner(records, frozen=frozen)
        self.readers, self.convolutions = planner.readers, planner.plan(self.needed)
        self.gradients: dict[str, np.ndarray] = {}
        self.sums: dict[int, Cotangent] = {}

    @classmethod
    def over(cls, tape: tuple[Step, ...], parameters: tuple[str, ...]) -> Self:
        """Return the reverse passes over a tape, for the gradients of some parameters."""
        return cls([_record(step) for step in tape], frozenset(parameters))

    def jacobian(self, parameters: tuple[str, ...], logit_weights: np.ndarray | None = None) -> dict[str, Tensor]:
        """Return what the function `jacobian` does: LANES rows from each pass."""
        n, n_logits = self.records[-1].value.shape
        weights = np.ones(n_logits) if logit_weights is None else logit_weights
        pieces: dict[str, list[np.ndarray]] = {name: [] for name in parameters}
        for start in range(0, n, LANES):
            lanes = min(LANES, n - start)
            seeds = np.zeros((n, n_logits, LANES), dtype=self.dtype)
            for lane in range(lanes):
                seeds[start + lane, :, lane] = weights
            for name, gradient in self.run(seeds).items():
                pieces[name].append(gradient[0, :, :lanes].T)
        return {name: torch.from_numpy(np.concatenate(pieces[name])) for name in parameters}

    def run(self, seeds: np.ndarray) -> Mapping[str, np.ndarray]:
        """Return the gradients of the wanted parameters, each (rows, size, LANES), from those of the logits."""
        workspace.begin((self.frozen, self.records[0].value.shape, self.dtype))
        self.gradients, self.sums = {}, {}
        self.hand_on(len(self.records) - 1, seeds)
        for number in range(len(self.records) - 1, -1, -1):
            if number in self.sums:
                self.apply_rule(number, *self.sums.pop(number).total())
                workspace.keep_only({i for later in self.sums.values() for i in later.identities()})
        for record in self.records:  # parameters that no output depends on
            for kind in ("weight", "bias"):
                if (name := f"{record.name}.{kind}") in self.wanted and name not in self.gradients:
                    size = record.module.get_parameter(kind).numel()
                    self.gradients[name] = np.zeros((self.rows, size, LANES), self.dtype)
        return self.gradients

    def apply_rule(self, number: int, g: np.ndarray, factor: float) -> None:
        """Apply the rule of a step's kind to its cotangent factor · g."""
        getattr(self, f"_{self.records[number].kind}")(number, g, factor)

    def target(self, number: int) -> tuple[np.ndarray, bool]:
        """Return an array where a step's cotangent is added up, and whether it is fresh and to be overwritten."""
        return self._sum(number).writable()

    def hand_on(self, number: int, cotangent: np.ndarray, factor: float = 1.0) -> None:
        """Add a multiple of an array, which other cotangents may hold too, to a step's cotangent."""
        if self.needed[number]:
            self._sum(number).add(cotangent, factor)

    def keep(self, number: int, kind: str, gradient: np.ndarray) -> None:
        """Keep the gradient of a step's weight or bias, if it is wanted."""
        name = f"{self.records[number].name}.{kind}"
        if name in self.wanted:
            self.gradients[name] = gradient.reshape(self.rows, -1, LANES)

    def _sum(self, number: int) -> Cotangent:
        if number not in self.sums:
            record = self.records[number]
            self.sums[number] = Cotangent((*record.value.shape[:2], math.prod(record.sides), LANES), self.dtype)
        return self.sums[number]

    # What moves numbers about

    def _input(self, number: int, g: np.ndarray, factor: float) -> None:
        """Images, and zeros: nothing stands before them."""

    _zero = _input

    def _add(self, number: int, g: np.ndarray, factor: float) -> None:
        """Sums, and what changes nothing: every term has the sum's cotangent."""
        for source in self.records[number].inputs:
            self.hand_on(source, g, factor)

    _identity = _add

    def _scale(self, number: int, g: np.ndarray, factor: float) -> None:
        (source,) = self.records[number].inputs
        self.hand_on(source, g, factor * self.records[number].module.factor)

    def _crop(self, number: int, g: np.ndarray, factor: float) -> None:
        (source,) = self.records[number].inputs
        if self.needed[source]:
            loops.uncrop(g, self.dtype.type(factor), *self.target(source), *self.records[source].sides)

    def _concat(self, number: int, g: np.ndarray, factor: float) -> None:
        """Channels put together: every map gets those channels of the cotangent that are its own."""
        first = 0
        for source in self.records[number].inputs:
            if self.needed[source]:
                loops.add_channels(g, self.dtype.type(factor), first, *self.target(source))
            first += self.records[source].value.shape[1]

    def _flatten(self, number: int, g: np.ndarray, factor: float) -> None:
        (source,) = self.records[number].inputs
        n, c = self.records[source].value.shape[:2]
        self.hand_on(source, g.reshape(n, c, -1, LANES), factor)

    # Pools

    def _global_pool(self, number: int, g: np.ndarray, factor: float) -> None:
        (source,) = self.records[number].inputs
        if self.needed[source]:
            target, fresh = self.target(source)
            loops.spread(g.reshape(*g.shape[:2], LANES), factor / target.shape[2], target, fresh)

    def _mean_pool(self, number: int, g: np.ndarray, factor: float) -> None:
        """Means over 3×3 windows whose padding does not count, or over blocks."""
        (source,), pool = self.records[number].inputs, self.records[number].module
        if not self.needed[source]:
            return
        size, stride, padding = (one_number(v) for v in (pool.kernel_size, pool.stride, pool.padding))
        sides = self.records[source].sides
        if (size, padding) == (3, 1) and stride in (1, 2) and not pool.count_include_pad:
            loop = loops.mean_pool_3x3 if stride == 1 else pool_loops.mean_pool_3x3_stride_2
            loop(g, factor, *self.target(source), *sides)
        elif size == stride and padding == 0:
            loops.mean_pool_blocks(g, factor, *self.target(source), *sides, size)
        else:
            raise UnknownLayer(f"no reverse rule for {pool}")

    def _max_pool(self, number: int, g: np.ndarray, factor: float) -> None:
        """Maxima: the pixel that won gets the cotangent of the window."""
        (source,) = self.records[number].inputs
        if self.needed[source]:
            winners = self.records[number].winners
            pool_loops.max_pool(g, self.dtype.type(factor), winners, *self.target(source))

    # Layers with parameters, and ReLU, which convolutions fold in

    def _relu(self, number: int, g: np.ndarray, factor: float) -> None:
        (source,) = self.records[number].inputs
        if self.needed[source]:
            loops.relu(g, self.dtype.type(factor), self.records[number].value, *self.target(source))

    def _linear(self, number: int, g: np.ndarray, factor: float) -> None:
        (source,), g = self.records[number].inputs, factor * g
        rule = "nkl,ncl->nkcl" if self.frozen else "nkl,nc->kcl"
        self.keep(number, "weight", np.einsum(rule, g, self.records[source].value, optimize=True))
        self.keep(number, "bias", g if self.frozen else g.sum(0))
        weight = self.records[number].module.weight.detach().numpy()
        self.hand_on(source, np.ascontiguousarray(np.einsum("nkl,kc->ncl", g, weight, optimize=True)))

    def _norm(self, number: int, g: np.ndarray, factor: float) -> None:
        """Batch-norm: project off span{1, x̂}, unless frozen; ⟨g, x̂⟩ is also the gradient of the gain.

        dx = (γ/σ) (g − mean(g) − x̂ · mean(g x̂)), means over batch and pixels.
        """
        record, factor = self.records[number], self.dtype.type(factor)
        sums, products = loops.norm_sums(g, record.normalised, self.rows)
        self.keep(number, "weight", factor * products)
        self.keep(number, "bias", factor * sums)
        (source,) = record.inputs
        if not self.needed[source]:
            return
        gain = record.module.weight.detach().numpy() if record.module.affine else self.dtype.type(1)
        if self.frozen:
            means = slopes = np.zeros(products.shape[1:], self.dtype)
        else:
            count = len(record.value) * math.prod(record.sides)
            means, slopes = sums[0] / count, products[0] / count
        scale = factor * gain * record.inverse_std
        below = record.normalised, scale, means, slopes
        if self.records[source].kind == "conv" and len(self.readers[source]) == 1:
            if self.frozen:  # else a shift before batch-norm changes nothing: its gradient is zero
                self.keep(source, "bias", scale[:, None] * sums)
            self.convolve(source, g, below)
        else:
            loops.norm_project(g, *below, *self.target(source))

    def _conv(self, number: int, g: np.ndarray, factor: float) -> None:
        """A convolution without batch-norm: the same with means and slopes of zero."""
        if f"{self.records[number].name}.bias" in self.wanted:
            bias = self.dtype.type(factor) * g.sum(2 if self.frozen else (0, 2))
            self.keep(number, "bias", bias)
        nothing, scale = np.zeros((g.shape[1], LANES), self.dtype), np.full(g.shape[1], factor, self.dtype)
        self.convolve(number, g, (self.records[number].value, scale, nothing, nothing))

    def convolve(self, number: int, g: np.ndarray, norm: tuple[np.ndarray, ...]) -> None:
        """Reverse a convolution; the batch-norm above it is applied image by image, in the cache.

        Args:
            number: The step below the batch-norm.
            g, norm: See `convolution_loops.conv`.
        """
        plan = self.convolutions[number]
        target, fresh = self.target(plan.source) if self.needed[plan.source] else (None, False)
        gradient, between = np.zeros((self.rows, plan.weight.size, LANES), g.dtype), None
        if plan.between is not None:
            between_gradient = np.zeros((plan.between.weight.size, LANES), g.dtype)
            between = plan.between.x, plan.between.weight, between_gradient
        places = plan.geometry
        where = plan.visits, plan.window, places.corners, places.offsets, places.taps, places.n_taps
        convolution_loops.conv(g, norm, between, plan.x, plan.weight, gradient, target, fresh, *where)
        self.keep(plan.number, "weight", gradient)
        if between is not None:
            self.keep(plan.between.number, "weight", between_gradient)


class Between(NamedTuple):
    """A 1×1 convolution between the batch-norm and the convolution, reversed together with the latter.

    Attributes:
        number: The number of its step.
        x: Its input, (N, C_in, P).
        weight: (C_out·C_in,).
    """

    number: int
    x: np.ndarray
    weight: np.ndarray


@dataclass(frozen=True)
class Convolution:
    """What the reverse of one convolution needs, the same for all passes.

    Attributes:
        number: The number of its step.
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


class ConvolutionPlanner:
    """Plans the convolutions of one forward pass.

    Behind a ReLU that only convolutions read, the ReLU's reverse is folded in: pixels with x ≤ 0 are not visited,
    unless lanes are images with masks of their own. Convolutions that read the same step visit the same pixels.
    A crop before a 1×1 window is a shift of the window.

    Args:
        records: The forward pass.
        frozen: Lanes are images.
    """

    def __init__(self, records: Sequence[Record], *, frozen: bool) -> None:
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
                    between = Between(number, self.records[record.inputs[0]].value, _weight(record.module))
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
            self.visits[key] = convolution_loops.pixels_to_visit(values, places.order, places.starts)
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


def _record(step: Step) -> Record:
    value, normalised, winners = (
        None if tensor is None else _flat(tensor) for tensor in (step.value, step.normalised, step.winners)
    )
    scale, sides = None if step.inverse_std is None else step.inverse_std.numpy(), tuple(step.value.shape[2:])
    return Record(step.kind, step.name, step.module, step.inputs, sides, value, normalised, scale, winners)


def _flat(value: Tensor) -> np.ndarray:
    """Return a value (N, C, H, W) as an array (N, C, P)."""
    return value.detach().contiguous().flatten(2).numpy() if value.dim() > 2 else value.detach().numpy()


def _weight(module: nn.Conv2d) -> np.ndarray:
    return module.weight.detach().contiguous().numpy().reshape(-1)
