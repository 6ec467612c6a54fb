"""The rules of the compiled reverse pass: what each layer does to LANES cotangents at once.

The loops are in `reverse_loops` and `reverse_convolution`; `reverse` and `frozen` say what the lanes are.
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from torch import nn

from tegnas_core import reverse_loops as loops
from tegnas_core.lanes import LANES
from tegnas_core.reverse_convolution import one_number, plan_convolutions
from tegnas_core.tape import UnknownLayer, steps_needed
from tegnas_core.workspace import Workspace

_workspace = Workspace()


@dataclass(frozen=True)
class Record:
    """A step of the forward pass, in arrays.

    Attributes:
        kind, name, module, inputs: As in `tape.Step`.
        sides: (H, W), or () after flatten.
        value: Its output, (N, C, P) or (N, C); when lanes are images, (N, C, P, LANES) or (N, C, LANES).
        normalised: x̂ of a batch-norm, shaped like the value.
        inverse_std: 1/σ of a batch-norm, (C,).
    """

    kind: str
    name: str
    module: nn.Module | None
    inputs: tuple[int, ...]
    sides: tuple[int, ...]
    value: np.ndarray
    normalised: np.ndarray | None = None
    inverse_std: np.ndarray | None = None


class ReversePass:
    """Reverse passes over one forward pass.

    Args:
        records: The forward pass.
        wanted: Names of the parameters whose gradients are wanted.
        frozen: Lanes are images, and batch statistics are constants.

    Raises:
        UnknownLayer: When a layer's shape has no rule here.
    """

    def __init__(self, records: list[Record], wanted: frozenset[str], *, frozen: bool = False) -> None:
        self.records, self.wanted, self.frozen = records, wanted, frozen
        self.dtype = records[-1].value.dtype
        self.rows = len(records[0].value) if frozen else 1  # of a gradient: one a block of images, or their sum
        self.readers = Counter(i for record in records for i in record.inputs)
        self.needed = steps_needed(records, wanted)
        self.convolutions = plan_convolutions(records, self.readers, self.needed, frozen=frozen)
        self.gradients: dict[str, np.ndarray] = {}
        self.sums: dict[int, _Sum] = {}

    def run(self, seeds: np.ndarray) -> Mapping[str, np.ndarray]:
        """Return the gradients of the wanted parameters, each (rows, size, LANES), from those of the logits."""
        _workspace.begin((self.frozen, self.records[0].value.shape, self.dtype))
        self.gradients, self.sums = {}, {}
        self._hand_on(len(self.records) - 1, seeds)
        for number in range(len(self.records) - 1, -1, -1):
            if number in self.sums:
                getattr(self, f"_{self.records[number].kind}")(number, *self.sums.pop(number).total())
                _workspace.keep_only({i for later in self.sums.values() for i in later.identities()})
        for record in self.records:  # parameters that no output depends on
            for kind in ("weight", "bias"):
                if (name := f"{record.name}.{kind}") in self.wanted and name not in self.gradients:
                    size = record.module.get_parameter(kind).numel()
                    self.gradients[name] = np.zeros((self.rows, size, LANES), self.dtype)
        return self.gradients

    # --- where cotangents go -------------------------------------------------------------------------------

    def _sum(self, number: int) -> "_Sum":
        if number not in self.sums:
            record = self.records[number]
            self.sums[number] = _Sum((*record.value.shape[:2], math.prod(record.sides), LANES), self.dtype)
        return self.sums[number]

    def _hand_on(self, number: int, cotangent: np.ndarray, factor: float = 1.0) -> None:
        """Add a multiple of an array, which others may hold too, to a step's cotangent."""
        if self.needed[number]:
            self._sum(number).add(cotangent, factor)

    def _keep(self, number: int, kind: str, gradient: np.ndarray) -> None:
        name = f"{self.records[number].name}.{kind}"
        if name in self.wanted:
            self.gradients[name] = gradient.reshape(self.rows, -1, LANES)

    # --- the rules: a step's cotangent is factor · g --------------------------------------------------------

    def _input(self, number: int, g: np.ndarray, factor: float) -> None:
        pass

    _zero = _input

    def _add(self, number: int, g: np.ndarray, factor: float) -> None:
        for source in self.records[number].inputs:
            self._hand_on(source, g, factor)

    _identity = _add

    def _linear(self, number: int, g: np.ndarray, factor: float) -> None:
        (source,), g = self.records[number].inputs, factor * g
        features = self.records[source].value
        rule = "nkl,ncl->nkcl" if self.frozen else "nkl,nc->kcl"
        self._keep(number, "weight", np.einsum(rule, g, features, optimize=True))
        self._keep(number, "bias", g if self.frozen else g.sum(0))
        weight = self.records[number].module.weight.detach().numpy()
        self._hand_on(source, np.ascontiguousarray(np.einsum("nkl,kc->ncl", g, weight, optimize=True)))

    def _flatten(self, number: int, g: np.ndarray, factor: float) -> None:
        (source,) = self.records[number].inputs
        n, c = self.records[source].value.shape[:2]
        self._hand_on(source, g.reshape(n, c, -1, LANES), factor)

    def _global_pool(self, number: int, g: np.ndarray, factor: float) -> None:
        (source,) = self.records[number].inputs
        if self.needed[source]:
            target, fresh = self._sum(source).writable()
            loops.spread(g.reshape(*g.shape[:2], LANES), factor / target.shape[2], target, fresh)

    def _relu(self, number: int, g: np.ndarray, factor: float) -> None:
        (source,) = self.records[number].inputs
        if self.needed[source]:
            target, fresh = self._sum(source).writable()
            loops.relu(g, self.dtype.type(factor), self.records[number].value, target, fresh)

    def _mean_pool(self, number: int, g: np.ndarray, factor: float) -> None:
        (source,), pool = self.records[number].inputs, self.records[number].module
        size, stride, padding = (one_number(v) for v in (pool.kernel_size, pool.stride, pool.padding))
        if not self.needed[source]:
            return
        target, fresh = self._sum(source).writable()
        if (size, stride, padding) == (3, 1, 1) and not pool.count_include_pad:
            loops.mean_pool_3x3(g, factor, target, fresh, *self.records[source].sides)
        elif size == stride and padding == 0:
            loops.mean_pool_blocks(g, factor, target, fresh, *self.records[source].sides, size)
        else:
            raise UnknownLayer(f"no reverse rule for {pool}")

    def _norm(self, number: int, g: np.ndarray, factor: float) -> None:
        """Batch-norm: project off span{1, x̂}, unless frozen; ⟨g, x̂⟩ is also the gradient of the gain.

        dx = (γ/σ) (g − mean(g) − x̂ · mean(g x̂)), means over batch and pixels.
        """
        record, factor = self.records[number], self.dtype.type(factor)
        sums, products = loops.norm_sums(g, record.normalised, self.rows)
        self._keep(number, "weight", factor * products)
        self._keep(number, "bias", factor * sums)
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
        norm = record.normalised, scale, means, slopes
        if self.records[source].kind == "conv" and self.readers[source] == 1:
            if self.frozen:  # else a shift before batch-norm changes nothing: its gradient is zero
                self._keep(source, "bias", scale[:, None] * sums)
            self._conv_under_norm(source, g, norm)
        else:
            loops.norm_project(g, *norm, *self._sum(source).writable())

    def _conv(self, number: int, g: np.ndarray, factor: float) -> None:
        """A convolution without batch-norm: the same with means and slopes of zero."""
        if f"{self.records[number].name}.bias" in self.wanted:
            self._keep(number, "bias", self.dtype.type(factor) * g.sum(2 if self.frozen else (0, 2)))
        nothing, scale = np.zeros((g.shape[1], LANES), self.dtype), np.full(g.shape[1], factor, self.dtype)
        self._conv_under_norm(number, g, (self.records[number].value, scale, nothing, nothing))

    def _conv_under_norm(self, number: int, g: np.ndarray, norm: tuple[np.ndarray, ...]) -> None:
        """Reverse of a convolution; the batch-norm above it is applied image by image, in the cache."""
        convolution = self.convolutions[number]
        source = convolution.source
        target, fresh = self._sum(source).writable() if self.needed[source] else (None, False)
        self._keep(number, "weight", convolution.reverse(g, norm, target, fresh, self.rows))


class _Sum:
    """The cotangent of one step while its terms arrive: an array of its own, and multiples of others' arrays.

    Skipping edges hand on the same array, some several times: nothing is added before the sum is needed.
    """

    def __init__(self, shape: tuple[int, ...], dtype: np.dtype) -> None:
        self.shape, self.dtype = shape, dtype
        self.own: np.ndarray | None = None
        self.others: dict[int, tuple[np.ndarray, float]] = {}

    def identities(self) -> set[int]:
        return {id(self.own), *self.others}

    def add(self, array: np.ndarray, factor: float) -> None:
        _, before = self.others.get(id(array), (array, 0.0))
        self.others[id(array)] = array, before + factor

    def writable(self) -> tuple[np.ndarray, bool]:
        """Return an array to add to, and whether it is fresh: to be overwritten."""
        fresh = self.own is None
        if fresh:
            self.own = _workspace.take(self.shape, self.dtype)
        return self.own, fresh

    def total(self) -> tuple[np.ndarray, float]:
        """Return an array that nobody may write to any more, and by what to multiply it."""
        terms = list(self.others.values())
        if self.own is None and len(terms) == 1:
            return terms[0]
        for array, factor in terms:
            loops.add_multiple(array, self.dtype.type(factor), *self.writable())
        return self.own, 1.0
