"""The fast exact Jacobian on a CPU: one hand-written reverse pass for many cotangents at once.

With batch statistics the Jacobian of n outputs costs n backward passes. Here `LANES` of them travel together:
a cotangent has shape (N, C, H·W, LANES), lanes innermost, so every inner loop is one long vector operation.
The mask of a ReLU is the same for all lanes: its inactive pixels, about half, are skipped. What the rules of the
layers are is in this file; the loops are in `reverse_loops`.
"""

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tegnas_core import reverse_loops as loops
from tegnas_core.reverse_loops import LANES
from tegnas_core.tape import Step, UnknownLayer


def jacobian(
    tape: tuple[Step, ...], parameters: tuple[str, ...], logit_weights: Tensor | None = None
) -> Mapping[str, Tensor]:
    """Return the blocks (n_images, parameter size) of the Jacobian of v·f (see `jacobians.jacobian`).

    Raises:
        UnknownLayer: When a layer's shape has no rule here.
    """
    logits = tape[-1].value
    weights = np.ones(logits.shape[1]) if logit_weights is None else logit_weights.numpy()
    pieces: dict[str, list[np.ndarray]] = defaultdict(list)
    for start in range(0, len(logits), LANES):
        lanes = min(LANES, len(logits) - start)
        seeds = np.zeros((*logits.shape, LANES), dtype=_numpy(logits).dtype)
        for lane in range(lanes):
            seeds[start + lane, :, lane] = weights
        gradients = _Pass(tape, frozenset(parameters)).run(seeds)
        for name in parameters:
            pieces[name].append(gradients[name].reshape(-1, LANES)[:, :lanes])
    return {
        name: torch.from_numpy(np.ascontiguousarray(np.concatenate(pieces[name], axis=1).T)) for name in parameters
    }


def _numpy(tensor: Tensor) -> np.ndarray:
    return tensor.detach().contiguous().numpy()


class _Pass:
    """One reverse pass over a tape with LANES cotangents."""

    def __init__(self, tape: tuple[Step, ...], wanted: frozenset[str]) -> None:
        self.tape = tape
        self.wanted = wanted
        self.gradients: dict[str, np.ndarray] = {}
        self.cotangents: dict[int, np.ndarray] = {}
        self.owned: set[int] = set()  # steps whose cotangent array is theirs alone and may be added to
        self.readers = [0] * len(tape)
        for step in tape:
            for i in step.inputs:
                self.readers[i] += 1
        self.needed = self._which_steps_need_a_cotangent()

    def _which_steps_need_a_cotangent(self) -> list[bool]:
        """A step needs one when a wanted parameter stands at it or before it."""
        needed: list[bool] = []
        for step in self.tape:
            own = any(name in self.wanted for name in (f"{step.name}.weight", f"{step.name}.bias"))
            needed.append(own or any(needed[i] for i in step.inputs))
        return needed

    def run(self, seeds: np.ndarray) -> dict[str, np.ndarray]:
        """Return the gradients of the wanted parameters, each (*parameter shape, LANES)."""
        self.cotangents[len(self.tape) - 1] = seeds
        for number in range(len(self.tape) - 1, -1, -1):
            step = self.tape[number]
            cotangent = self.cotangents.pop(number, None)
            if cotangent is not None and self.needed[number]:
                getattr(self, f"_{step.kind}")(step, cotangent)
        for step in self.tape:  # parameters that no output depends on
            for name in (f"{step.name}.weight", f"{step.name}.bias"):
                if name in self.wanted and name not in self.gradients:
                    shape = step.module.get_parameter(name.rsplit(".", 1)[1]).shape
                    self.gradients[name] = np.zeros((*shape, LANES), dtype=seeds.dtype)
        return self.gradients

    # --- where cotangents go -------------------------------------------------------------------------------

    def _hand_on(self, number: int, cotangent: np.ndarray) -> None:
        """Add an array, which others may hold too, to a step's cotangent."""
        if not self.needed[number]:
            return
        if number not in self.cotangents:
            self.cotangents[number] = cotangent
            self.owned.discard(number)
        else:
            self._accumulator(number, cotangent.dtype)[...] += cotangent

    def _accumulator(self, number: int, dtype: np.dtype) -> np.ndarray:
        """Return the step's cotangent as an array that may be added to in place."""
        value = self.tape[number].value
        if number not in self.cotangents:
            shape = (value.shape[0], value.shape[1], value.shape[2] * value.shape[3], LANES)
            self.cotangents[number] = np.zeros(shape, dtype=dtype)
        elif number not in self.owned:
            self.cotangents[number] = self.cotangents[number].copy()
        self.owned.add(number)
        return self.cotangents[number]

    # --- the rules -----------------------------------------------------------------------------------------

    def _input(self, step: Step, cotangent: np.ndarray) -> None:
        pass

    _zero = _input

    def _add(self, step: Step, cotangent: np.ndarray) -> None:
        for number in step.inputs:
            self._hand_on(number, cotangent)

    _identity = _add

    def _linear(self, step: Step, cotangent: np.ndarray) -> None:
        features = _numpy(self.tape[step.inputs[0]].value)
        self._keep(step, "weight", np.einsum("nkl,nc->kcl", cotangent, features, optimize=True))
        self._keep(step, "bias", cotangent.sum(0))
        weight = _numpy(step.module.weight)
        self._hand_on(step.inputs[0], np.einsum("nkl,kc->ncl", cotangent, weight, optimize=True))

    def _flatten(self, step: Step, cotangent: np.ndarray) -> None:
        n, c, h, w = self.tape[step.inputs[0]].value.shape
        self._hand_on(step.inputs[0], cotangent.reshape(n, c, h * w, LANES))

    def _global_pool(self, step: Step, cotangent: np.ndarray) -> None:
        n, c, h, w = self.tape[step.inputs[0]].value.shape
        spread = np.broadcast_to(cotangent / (h * w), (n, c, h * w, LANES))
        self._hand_on(step.inputs[0], np.ascontiguousarray(spread))

    def _relu(self, step: Step, cotangent: np.ndarray) -> None:
        active = _numpy(step.value).reshape(cotangent.shape[:3]) > 0
        self._hand_on(step.inputs[0], cotangent * active[..., None])

    def _mean_pool(self, step: Step, cotangent: np.ndarray) -> None:
        pool, x = step.module, self.tape[step.inputs[0]].value
        size, stride, padding = (_one_number(v) for v in (pool.kernel_size, pool.stride, pool.padding))
        if not self.needed[step.inputs[0]]:
            return
        target = self._accumulator(step.inputs[0], cotangent.dtype)
        if (size, stride, padding) == (3, 1, 1) and not pool.count_include_pad:
            loops.mean_pool_3x3(cotangent, target, x.shape[2], x.shape[3])
        elif size == stride and padding == 0:
            loops.mean_pool_blocks(cotangent, target, x.shape[2], x.shape[3], size)
        else:
            raise UnknownLayer(f"no reverse rule for {pool}")

    def _norm(self, step: Step, cotangent: np.ndarray) -> None:
        """Batch-norm, exactly: project off span{1, x̂}; ⟨g, x̂⟩ is also the gradient of the gain.

        dx = (γ/σ) (g − mean(g) − x̂ · mean(g x̂)), means over batch and pixels.
        """
        n, c, h, w = step.value.shape
        normalised = _numpy(step.normalised).reshape(n, c, h * w)
        sums, products = loops.norm_sums(cotangent, normalised)
        self._keep(step, "weight", products)
        self._keep(step, "bias", sums)
        if not self.needed[step.inputs[0]]:
            return
        gain = _numpy(step.module.weight) if step.module.affine else np.ones(c, dtype=cotangent.dtype)
        scale = gain * _numpy(step.inverse_std)
        means, slopes = sums / (n * h * w), products / (n * h * w)
        before = self.tape[step.inputs[0]]
        if before.kind == "conv" and self.readers[step.inputs[0]] == 1:
            self._conv_under_norm(before, cotangent, (normalised, scale, means, slopes))
        else:
            projected = loops.norm_project(cotangent, normalised, scale, means, slopes)
            self._hand_on(step.inputs[0], projected)

    def _conv(self, step: Step, cotangent: np.ndarray) -> None:
        n, c, h, w = step.value.shape
        self._keep(step, "bias", cotangent.sum((0, 2)))
        nothing = np.zeros((c, LANES), dtype=cotangent.dtype)
        flat = (
            np.zeros((n, c, h * w), dtype=cotangent.dtype),
            np.ones(c, dtype=cotangent.dtype),
            nothing,
            nothing,
        )
        self._conv_under_norm(step, cotangent, flat)

    def _conv_under_norm(self, conv: Step, cotangent: np.ndarray, norm: tuple[np.ndarray, ...]) -> None:
        """Reverse of a convolution; the batch-norm above it is applied image by image, in the cache."""
        module, before = conv.module, self.tape[conv.inputs[0]]
        size, stride, padding = (_one_number(v) for v in (module.kernel_size, module.stride, module.padding))
        if padding != size // 2 or size % 2 == 0:
            raise UnknownLayer(f"no reverse rule for {module}")
        x = _numpy(before.value)
        weight = _numpy(module.weight)
        gradient = np.zeros((*weight.shape, LANES), dtype=cotangent.dtype)
        geometry = (conv.value.shape[2], conv.value.shape[3], size, stride)
        if not self.needed[conv.inputs[0]]:
            if (size, stride) == (3, 1):
                loops.conv_weight_3x3(cotangent, *norm, x, gradient, *geometry[:2])
            else:
                gradient = _weight_gradient(loops.norm_project(cotangent, *norm), before.value, module)
        else:
            # After a ReLU that only this convolution reads, its reverse is folded in: skip inactive pixels.
            sparse = before.kind == "relu" and self.readers[conv.inputs[0]] == 1
            target = self._accumulator(before.inputs[0] if sparse else conv.inputs[0], cotangent.dtype)
            loops.conv(cotangent, *norm, x, weight, gradient, target, sparse, *geometry)
        self._keep(conv, "weight", gradient)

    def _keep(self, step: Step, kind: str, gradient: np.ndarray) -> None:
        name = f"{step.name}.{kind}"
        if name in self.wanted:
            self.gradients[name] = gradient


def _weight_gradient(cotangent: np.ndarray, x: Tensor, module: nn.Conv2d) -> np.ndarray:
    """Return a convolution's weight gradient alone, where no pixel can be skipped: one matrix product an image."""
    windows = F.unfold(x, module.kernel_size, padding=module.padding, stride=module.stride)  # (N, K, P)
    n, c, p, lanes = cotangent.shape
    side_by_side = torch.from_numpy(cotangent).permute(0, 2, 1, 3).reshape(n, p, c * lanes)
    total = torch.matmul(windows, side_by_side).sum(0)  # (K, C_out · LANES)
    return total.reshape(-1, c, lanes).transpose(0, 1).reshape(*module.weight.shape, lanes).numpy()


def _one_number(value: int | tuple[int, int]) -> int:
    if isinstance(value, int):
        return value
    if value[0] != value[1]:
        raise UnknownLayer(f"no reverse rule for a window of {value}")
    return value[0]
