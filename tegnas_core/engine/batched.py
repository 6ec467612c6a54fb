"""The Jacobian in plain torch, all rows at once: for a GPU, and for layers that the compiled ways do not know.

The reverse pass is written by hand over the tape, with a leading dimension of cotangents, (L, N, C, H, W).

* Exact: row l is the gradient of image l's output, L = n cotangents, all images coupled by batch statistics.
* Frozen: no coupling, so one cotangent (L = 1) carries every image's own, and row n is what image n contributes.

Several networks of one structure may lie side by side in the channels, each with its own images: q counts them.
"""

import itertools
from collections import defaultdict
from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor

from tegnas_core.engine.tape import Step, parameters_on, steps_needed
from tegnas_core.engine.tracing import one_number

_CHUNK_BYTES = 2**31  # cotangents of one chunk and stage, at most


def jacobian(
    tape: tuple[Step, ...],
    parameters: tuple[str, ...],
    logit_weights: Tensor | None = None,
    *,
    frozen: bool,
) -> Mapping[str, Tensor]:
    """Return the blocks (n_images, parameter size) of the Jacobian of v·f (see `jacobians.jacobian`).

    Args:
        tape: What `tape.record` returns.
        parameters: Names of parameters.
        logit_weights: v, shape (n_logits,); None is all ones.
        frozen: Whether the batch statistics are held constant.
    """
    logits = tape[-1].value
    weights = torch.ones_like(logits[0]) if logit_weights is None else logit_weights
    if frozen:
        return _Pass(tape, parameters, frozen=True).run(weights.expand_as(logits)[None])
    pieces: dict[str, list[Tensor]] = defaultdict(list)
    largest = max(step.value.numel() * step.value.element_size() for step in tape)
    size = max(1, _CHUNK_BYTES // largest)
    for start in range(0, len(logits), size):
        lanes = range(start, min(start + size, len(logits)))
        seeds = logits.new_zeros(len(lanes), *logits.shape)
        seeds[range(len(lanes)), lanes] = weights
        for name, block in _Pass(tape, parameters, frozen=False).run(seeds).items():
            pieces[name].append(block)
    return {name: torch.cat(pieces[name]) for name in parameters}


class _Pass:
    """One reverse pass over a tape."""

    def __init__(self, tape: tuple[Step, ...], parameters: tuple[str, ...], *, frozen: bool) -> None:
        self.tape, self.parameters, self.frozen = tape, parameters, frozen
        self.needed = steps_needed(tape, parameters)
        self.row = "n" if frozen else "l"
        self.blocks: dict[str, Tensor] = {}
        self.cotangents: dict[int, Tensor] = {}

    @torch.no_grad()
    def run(self, seeds: Tensor) -> Mapping[str, Tensor]:
        """Return the wanted blocks, (rows, parameter size), from the cotangent of the logits (L, N, K)."""
        rows = seeds.shape[1] if self.frozen else seeds.shape[0]
        self._hand_on(len(self.tape) - 1, seeds)
        for number in range(len(self.tape) - 1, -1, -1):
            cotangent = self.cotangents.pop(number, None)
            if cotangent is not None:
                step = self.tape[number]
                getattr(self, f"_{step.kind}")(step, cotangent)
        sizes = {name: parameter.numel() for name, parameter in parameters_on(self.tape).items()}
        return {
            name: self.blocks[name].reshape(rows, -1)
            if name in self.blocks
            else seeds.new_zeros(rows, sizes[name])
            for name in self.parameters
        }

    def _hand_on(self, number: int, cotangent: Tensor) -> None:
        if self.needed[number]:
            held = self.cotangents.get(number)
            self.cotangents[number] = cotangent if held is None else held + cotangent

    def _keep(self, step: Step, kind: str, rule: str, *operands: Tensor) -> None:
        """Keep a parameter's block; in the rule of its product, R stands for the rows."""
        name = f"{step.name}.{kind}"
        if name in self.parameters:
            self.blocks[name] = torch.einsum(rule.replace("R", self.row), *operands)

    def _input_of(self, step: Step) -> Tensor:
        return self.tape[step.inputs[0]].value

    def _input(self, step: Step, g: Tensor) -> None:
        pass

    _zero = _input

    def _add(self, step: Step, g: Tensor) -> None:
        for number in step.inputs:
            self._hand_on(number, g)

    _identity = _add

    def _scale(self, step: Step, g: Tensor) -> None:
        self._hand_on(step.inputs[0], g * step.module.factor)

    def _crop(self, step: Step, g: Tensor) -> None:
        self._hand_on(step.inputs[0], F.pad(g, (1, 0, 1, 0)))

    def _concat(self, step: Step, g: Tensor) -> None:
        channels = [self.tape[number].value.shape[1] for number in step.inputs]
        for number, part in zip(step.inputs, step.module.backward(g, channels), strict=True):
            self._hand_on(number, part)

    def _linear(self, step: Step, g: Tensor) -> None:
        q = getattr(step.module, "groups", 1)
        x, g = self._input_of(step).unflatten(1, (q, -1)), g.unflatten(2, (q, -1))
        self._keep(step, "weight", "lnqk,nqc->Rqkc", g, x)
        self._keep(step, "bias", "lnqk->Rqk", g)
        weight = step.module.weight.unflatten(0, (q, -1))
        self._hand_on(step.inputs[0], torch.einsum("lnqk,qkc->lnqc", g, weight).flatten(2))

    def _flatten(self, step: Step, g: Tensor) -> None:
        self._hand_on(step.inputs[0], g.reshape(g.shape[0], *self._input_of(step).shape))

    def _global_pool(self, step: Step, g: Tensor) -> None:
        x = self._input_of(step)
        self._hand_on(step.inputs[0], (g / (x.shape[2] * x.shape[3])).expand(g.shape[0], *x.shape))

    def _relu(self, step: Step, g: Tensor) -> None:
        self._hand_on(step.inputs[0], g * (step.value > 0))

    def _mean_pool(self, step: Step, g: Tensor) -> None:
        pool, x = step.module, self._input_of(step)
        flat = torch.ops.aten.avg_pool2d_backward(
            g.reshape(-1, *g.shape[2:]).contiguous(),
            x.expand(g.shape[0], *x.shape).reshape(-1, *x.shape[1:]),
            *(_pair(v) for v in (pool.kernel_size, pool.stride, pool.padding)),
            pool.ceil_mode,
            pool.count_include_pad,
            None,
        )
        self._hand_on(step.inputs[0], flat.reshape(g.shape[0], *x.shape))

    def _max_pool(self, step: Step, g: Tensor) -> None:
        """Window place by window place, so that a sum has the same order on every run."""
        pool, x = step.module, self._input_of(step)
        size, stride, pad = (one_number(v) for v in (pool.kernel_size, pool.stride, pool.padding))
        height, width = step.winners.shape[2:]
        rows, columns = (stride * torch.arange(side, device=x.device) - pad for side in (height, width))
        target = g.new_zeros(*g.shape[:3], x.shape[2] + 2 * pad, x.shape[3] + 2 * pad)
        for row, column in itertools.product(range(size), repeat=2):
            won = step.winners == (rows + row)[:, None] * x.shape[3] + columns + column
            rows_met, columns_met = (
                slice(k, k + stride * side, stride) for k, side in ((row, height), (column, width))
            )
            target[..., rows_met, columns_met] += g * won
        self._hand_on(step.inputs[0], target[..., pad : pad + x.shape[2], pad : pad + x.shape[3]])

    def _norm(self, step: Step, g: Tensor) -> None:
        """Frozen: dx = (γ/σ) g. Exact: also project off span{1, x̂}, over batch and pixels."""
        self._keep(step, "weight", "lnchw,nchw->Rc", g, step.normalised)
        self._keep(step, "bias", "lnchw->Rc", g)
        if not self.needed[step.inputs[0]]:
            return
        scale = step.inverse_std * step.module.weight if step.module.affine else step.inverse_std
        scale = scale.view(1, 1, -1, 1, 1)
        if self.frozen:
            self._hand_on(step.inputs[0], g * scale)
            return
        count = step.value.numel() // step.value.shape[1]
        mean = g.sum((1, 3, 4), keepdim=True) / count
        slope = torch.einsum("lnchw,nchw->lc", g, step.normalised)[:, None, :, None, None] / count
        dx = torch.addcmul(-scale * mean, scale, g)
        self._hand_on(step.inputs[0], dx.addcmul_(step.normalised, -scale * slope))

    def _conv(self, step: Step, g: Tensor) -> None:
        module, x = step.module, self._input_of(step)
        q = module.groups
        self._keep(step, "bias", "lnohw->Ro", g)
        if f"{step.name}.weight" in self.parameters:
            windows = F.unfold(x, module.kernel_size, module.dilation, module.padding, module.stride)
            sides = g.flatten(3).unflatten(2, (q, -1)), windows.unflatten(1, (q, -1))
            self._keep(step, "weight", "lnqop,nqkp->Rqok", *sides)
        if self.needed[step.inputs[0]]:
            flat = torch.ops.aten.convolution_backward(
                g.reshape(-1, *g.shape[2:]),
                x.expand(g.shape[0], *x.shape).reshape(-1, *x.shape[1:]),
                module.weight,
                None,
                module.stride,
                module.padding,
                module.dilation,
                False,
                [0, 0],
                q,
                [True, False, False],
            )[0]
            self._hand_on(step.inputs[0], flat.reshape(g.shape[0], *x.shape))


def _pair(value: int | tuple[int, int]) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else tuple(value)
