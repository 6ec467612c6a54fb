"""The fast exact Jacobian on a CPU: one hand-written reverse pass for many cotangents at once.

With batch statistics the Jacobian of n outputs costs n backward passes. Here LANES of them travel together: a
cotangent has shape (N, C, P, LANES), P = H·W, and one vector register holds a number of all of them (see `lanes`).
The mask of a ReLU is the same for all lanes: its inactive pixels, about half, are not visited.
"""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from tegnas_core.engine.lanes import LANES
from tegnas_core.engine.reverse_pass import Record, ReversePass
from tegnas_core.engine.tape import Step


def jacobian(
    tape: tuple[Step, ...], parameters: tuple[str, ...], logit_weights: Tensor | None = None
) -> Mapping[str, Tensor]:
    """Return the blocks (n_images, parameter size) of the Jacobian of v·f (see `jacobians.jacobian`).

    Raises:
        UnknownLayer: When a layer's shape has no rule here.
    """
    n, n_logits = tape[-1].value.shape
    weights = np.ones(n_logits) if logit_weights is None else logit_weights.numpy()
    reverse = ReversePass([_record(step) for step in tape], frozenset(parameters))
    pieces: dict[str, list[np.ndarray]] = {name: [] for name in parameters}
    for start in range(0, n, LANES):
        lanes = min(LANES, n - start)
        seeds = np.zeros((n, n_logits, LANES), dtype=reverse.dtype)
        for lane in range(lanes):
            seeds[start + lane, :, lane] = weights
        for name, gradient in reverse.run(seeds).items():
            pieces[name].append(gradient[0, :, :lanes].T)
    return {name: torch.from_numpy(np.concatenate(pieces[name])) for name in parameters}


def _record(step: Step) -> Record:
    value, normalised, winners = (
        None if tensor is None else _flat(tensor) for tensor in (step.value, step.normalised, step.winners)
    )
    scale, sides = None if step.inverse_std is None else step.inverse_std.numpy(), tuple(step.value.shape[2:])
    return Record(step.kind, step.name, step.module, step.inputs, sides, value, normalised, scale, winners=winners)


def _flat(value: Tensor) -> np.ndarray:
    """Return a value (N, C, H, W) as an array (N, C, P)."""
    return value.detach().contiguous().flatten(2).numpy() if value.dim() > 2 else value.detach().numpy()
