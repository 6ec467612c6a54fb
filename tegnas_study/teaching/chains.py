"""Fully connected networks of any depth and width, with or without skips, and κ of their kernels."""

import itertools
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

import pandas as pd
import torch
from torch import Tensor, nn

from tegnas_core.errors import TegnasError
from tegnas_core.indicators import condition_number
from tegnas_core.indicators.jacobians import plain_jacobian, select_parameters
from tegnas_core.indicators.kernels import ntk
from tegnas_core.networks.initialisation import initialise

Activation = Literal["relu", "tanh"]
_ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {"relu": torch.relu, "tanh": torch.tanh}


class Chain(nn.Module):
    """A network from n inputs to one output through hidden layers of one width.

    Args:
        depth: Number of hidden layers, at least 1.
        width: Units of each hidden layer, at least 1.
        skips: Whether each hidden layer but the first adds its input to its output, h + φ(W h).
        biases: Whether the layers have biases.
        activation: φ, "relu" or "tanh".
        n_inputs: Number of inputs.

    Raises:
        TegnasError: When depth, width or the number of inputs is below 1, or the activation is unknown.
    """

    def __init__(
        self,
        depth: int,
        width: int,
        *,
        skips: bool = False,
        biases: bool = True,
        activation: Activation = "relu",
        n_inputs: int = 2,
    ) -> None:
        super().__init__()
        if min(depth, width, n_inputs) < 1:
            raise TegnasError(
                f"a chain has depth, width and inputs from 1 up, got {depth}, {width} and {n_inputs}"
            )
        if activation not in _ACTIVATIONS:
            raise TegnasError(f"unknown activation {activation!r}; known are {', '.join(_ACTIVATIONS)}")
        self.first = nn.Linear(n_inputs, width, bias=biases)
        self.hidden = nn.ModuleList(nn.Linear(width, width, bias=biases) for _ in range(depth - 1))
        self.last = nn.Linear(width, 1, bias=biases)
        self.skips, self.activation = skips, _ACTIVATIONS[activation]

    def forward(self, x: Tensor) -> Tensor:
        """Return the outputs, shape (n, 1), of inputs of shape (n, n_inputs)."""
        hidden = self.activation(self.first(x))
        for layer in self.hidden:
            through = self.activation(layer(hidden))
            hidden = hidden + through if self.skips else through
        return self.last(hidden)


def chain(
    depth: int,
    width: int,
    *,
    seed: object,
    initialisation: str = "kaiming_fan_in",
    dtype: torch.dtype = torch.float64,
    **options: object,
) -> Chain:
    """Return an untrained chain whose weights are drawn as `initialisation` says.

    Args:
        depth: Number of hidden layers.
        width: Units of each.
        seed: What the weights follow from.
        initialisation: A name of `tegnas_core.networks.initialisation.SCHEMES`.
        dtype: The precision of the network.
        options: Passed to `Chain`.

    >>> chain(2, 3, seed=0)(torch.zeros(4, 2, dtype=torch.float64)).shape
    torch.Size([4, 1])
    """
    return initialise(Chain(depth, width, **options).to(dtype), initialisation, seed=("chain", seed))


def kernel_of(network: nn.Module, inputs: Tensor) -> Tensor:
    """Return Θ = J Jᵀ of a network's weights, without biases, shape (n, n) (paper Eq. 1)."""
    return ntk(plain_jacobian(network, inputs, select_parameters(network, "weights")))


def kappas(
    inputs: Tensor,
    *,
    depths: Sequence[int],
    widths: Sequence[int],
    skips: Sequence[bool] = (False,),
    initialisations: Sequence[str] = ("kaiming_fan_in",),
    seeds: Iterable[object],
) -> pd.DataFrame:
    """Return κ of a chain for every combination of depth, width, skips, initialisation and seed.

    Args:
        inputs: Inputs that the kernels are taken on, shape (n, n_inputs).
        depths: Numbers of hidden layers.
        widths: Units of each hidden layer.
        skips: Whether there are skips.
        initialisations: Names of initialisations.
        seeds: What the weights follow from; each is one draw.

    Returns:
        Columns depth, width, skips, initialisation, seed and kappa, which is +inf where a kernel is singular or
        not finite.
    """
    names = ("depth", "width", "skips", "initialisation", "seed")
    rows = []
    for settings in itertools.product(depths, widths, skips, initialisations, list(seeds)):
        chosen = dict(zip(names, settings, strict=True))
        network = chain(**chosen, n_inputs=inputs.shape[1], dtype=inputs.dtype)
        rows.append({**chosen, "kappa": condition_number(kernel_of(network, inputs)).value})
    return pd.DataFrame(rows, columns=[*names, "kappa"])


def over_seeds(table: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return the median of κ over seeds with the middle four fifths of the draws, and the share that is singular.

    Args:
        table: What `kappas` returns.
        by: The columns that tell the groups apart.

    Returns:
        The columns `by`, then median, low and high (quantiles 0.1 and 0.9, each a value that was drawn, so that
        infinite ones need no arithmetic) and singular, a share.
    """
    kappa = table.groupby(list(by), sort=False)["kappa"]
    columns = {
        name: kappa.quantile(q, interpolation="nearest")
        for name, q in (("median", 0.5), ("low", 0.1), ("high", 0.9))
    }
    singular = kappa.agg(lambda values: (values == float("inf")).mean())
    return pd.DataFrame({**columns, "singular": singular}).reset_index()
