"""The three parts of AZ-NAS that need a network: expressivity, progressivity and trainability of its blocks.

Its fourth part is the number of FLOPs. The whole score is a sum over architectures, Σ log(rank / m) of the four
parts among m architectures, so no single network has one (see the combinations of the study).
Source: Lee & Ham, AZ-NAS, CVPR 2024, after its code. The blocks are the stem, every cell, and the residual blocks.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from tegnas_core.indicators.measured import SINGULAR, Measured, finite


@torch.enable_grad()
def block_passes(blocks: Iterable[nn.Module], images: Tensor) -> list[tuple[Tensor, Tensor]]:
    """Return input and output of each of the blocks, applied one after the other to Gaussian noise (n, C, H, W).

    Outputs can be differentiated with respect to the inputs of their own block only.
    """
    passes = []
    for block in blocks:
        source = (passes[-1][1] if passes else images).detach().requires_grad_()
        passes.append((source, block(source)))
    return passes


def block_entropies(features: Sequence[Tensor]) -> list[float]:
    """Return for each map −Σ p log(p + 10⁻⁸), p the shares of its principal components over images and pixels."""
    entropies = []
    for feature in features:
        rows = feature.detach().movedim(1, -1).flatten(0, 2)
        rows = rows - rows.mean(0)
        values = torch.linalg.eigvalsh((rows.T @ rows / len(rows)).to(torch.float64)).clamp(min=0)
        shares = values / values.sum()
        entropies.append(-(shares * (shares + 1e-8).log()).sum().item())
    return entropies


def az_expressivity(entropies: Sequence[float]) -> Measured:
    """Return the sum of the blocks' entropies: how evenly features fill their space; higher is better."""
    return finite(math.fsum(entropies))


def az_progressivity(entropies: Sequence[float]) -> Measured:
    """Return the smallest growth of the entropy from a block to the next; higher is better."""
    return finite(min(b - a for a, b in pairwise(entropies)))


def az_trainability(passes: Sequence[tuple[Tensor, Tensor]], generator: torch.Generator) -> Measured:
    """Return the mean of 2 − σ − 1/σ over the blocks behind the first; higher is better.

    σ is the largest singular value of E[g_in g_outᵀ] over images and pixels, where g_out is ±1 at random and g_in
    what the block's backward pass makes of it. A block that halves the map has the 2×2 pixels of its input as
    channels.

    Args:
        passes: Input and output of each block; their graphs are used up.
        generator: Draws the signs, on the CPU.

    Returns:
        A number of about 0 or less, 0 when no block scales gradients; −∞ with status "singular" when a block
        hands every gradient on unchanged, or "not_finite".
    """
    scores = []
    for source, output in passes[1:]:
        signs = torch.randint(2, output.shape, generator=generator).to(output) * 2 - 1
        (gradient,) = torch.autograd.grad(output, source, signs)
        if torch.equal(gradient, signs):
            return Measured(-math.inf, SINGULAR)
        gradient = nn.functional.pixel_unshuffle(gradient, gradient.shape[-1] // signs.shape[-1])
        g_in, g_out = (g.movedim(1, -1).flatten(0, 2) for g in (gradient, signs))
        scale = torch.linalg.matrix_norm((g_in.T @ g_out / len(g_out)).to(torch.float64), 2).item()
        scores.append(2 - scale - 1 / (scale + 1e-6))
    return finite(math.fsum(scores) / len(scores))
