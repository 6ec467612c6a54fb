"""Expressivity: the number R of linear regions that a batch of inputs falls into (paper Section 3.2, Eq. 5, 6)."""

import contextlib
from collections.abc import Iterable, Iterator

import numpy as np
import torch
from torch import Tensor, nn


@contextlib.contextmanager
def recorded_signs(network: nn.Module) -> Iterator[list[Tensor]]:
    """Hand out a list to which every ReLU adds where it is on, bool (n, n_units), while the block runs.

    A ReLU counts once for each forward pass that runs it with a four-dimensional input.
    """
    signs: list[Tensor] = []
    hooks = [
        module.register_forward_hook(
            lambda _, inputs, output: signs.append(output.detach().flatten(1) > 0) if output.dim() == 4 else None
        )
        for module in network.modules()
        if isinstance(module, nn.ReLU)
    ]
    try:
        yield signs
    finally:
        for hook in hooks:
            hook.remove()


@torch.no_grad()
def activation_patterns(network: nn.Module, batches: Iterable[Tensor]) -> np.ndarray:
    """Return which ReLUs are on for each input, shape (n, n_relus), bool.

    A ReLU that the forward pass runs with a four-dimensional input counts once for each pixel and channel.
    A network without any gives shape (n, 0): one region.

    Args:
        network: Any module; its ReLUs must be `nn.ReLU` modules.
        batches: Inputs, each of shape (n_b, C, H, W); batch-norm in train mode uses the statistics of its batch.

    >>> inputs = torch.tensor([-1.0, 0.0, 2.0]).view(3, 1, 1, 1)
    >>> activation_patterns(nn.ReLU(), [inputs]).tolist()
    [[False], [False], [True]]
    """
    rows = []
    with recorded_signs(network) as signs:
        for batch in batches:
            signs.clear()
            network(batch)
            rows.append(torch.cat(signs, 1) if signs else torch.zeros(len(batch), 0, dtype=torch.bool))
    return torch.cat(rows).cpu().numpy()


def linear_regions(patterns: np.ndarray) -> int:
    """Return R, the number of different activation patterns; a large R means expressive.

    Args:
        patterns: Bool, shape (n, n_relus).

    Returns:
        A whole number from 1 to n (0 when there is no input). With batch statistics the network is not
        piecewise linear in one input, so R counts patterns; calling them regions is a custom.

    >>> import numpy as np
    >>> linear_regions(np.array([[True, False], [True, True], [True, False]]))
    2
    """
    if patterns.shape[1] == 0:
        return min(1, len(patterns))
    return distinct_rows(np.packbits(patterns, axis=1))


def distinct_rows(packed: np.ndarray) -> int:
    """Return how many of the rows of bytes differ."""
    width, packed = packed.shape[1], np.ascontiguousarray(packed)
    if width == 8 and len(packed):  # whole numbers: sorting them is many times as fast as NumPy's table of them
        numbers = np.sort(packed.view(np.uint64).ravel())
        return 1 + int(np.count_nonzero(numbers[1:] != numbers[:-1]))
    return len(np.unique(packed.view(np.dtype((np.void, width)))))
