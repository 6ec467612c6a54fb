"""How the shared weights are trained and what a path is worth with them, whatever method chooses the paths."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from tegnas_study.storage.tensors import is_like, unlike
from tegnas_study.weight_sharing.batches import Pair
from tegnas_study.weight_sharing.sizes import SharingSize
from tegnas_study.weight_sharing.supernet import Choice

MOMENTUM = 0.9
CLIP = 5.0  # largest norm of a gradient


@dataclass(frozen=True)
class WeightRecipe:
    """How the weights are optimised: SGD with Nesterov momentum 0.9, clipped gradients and a cosine schedule.

    Attributes:
        rate: The first learning rate.
        last_rate: The last learning rate.
        weight_decay: Of all weights.
        period: Epochs in which the rate falls once, and after which it rises again; None falls once in all epochs.
    """

    rate: float = 0.025
    last_rate: float = 0.001
    weight_decay: float = 5e-4
    period: int | None = None


def weight_recipe(method: str, size: SharingSize) -> WeightRecipe:
    """Return the benchmark's recipe of a method: ENAS has one of its own.

    Source: the scripts of Dong & Yang, NAS-Bench-201 (ICLR 2020).
    """
    if method == "enas":
        return WeightRecipe(0.05, 0.0005, 2.5e-4, size.enas_period)
    return WeightRecipe()


def restore_module(module: nn.Module, state: object) -> None:
    """Go on from a `state_dict` that may come from elsewhere.

    Raises:
        ValueError: When a part of it is missing, or has another shape or type.
    """
    if fault := unlike(state, module.state_dict(), type(module).__name__):
        raise ValueError(fault)
    module.load_state_dict(state)


def restore_optimiser(optimiser: torch.optim.Optimizer, state: Mapping[str, Any]) -> None:
    """Go on from a `state_dict` that may come from elsewhere: what it remembers counts, its options do not.

    Raises:
        ValueError: When it is of other parameters, or remembers what has another shape or type than they.
    """
    options = optimiser.state_dict()["param_groups"]
    if [group["params"] for group in state["param_groups"]] != [group["params"] for group in options]:
        raise ValueError("an optimiser of other parameters")
    parameters = [parameter for group in optimiser.param_groups for parameter in group["params"]]
    for number, remembered in state["state"].items():
        if not all(_fits(name, value, parameters[number]) for name, value in remembered.items()):
            raise ValueError("an optimiser of other shapes or types")
    optimiser.load_state_dict({"state": state["state"], "param_groups": options})


def _fits(name: str, value: object, parameter: Tensor) -> bool:
    """Say whether an optimiser can remember this of a parameter; before its first step there is no momentum."""
    if name == "step":
        return isinstance(value, Tensor) and value.shape == () and value.dtype == torch.float32
    return is_like(value, parameter) or (name == "momentum_buffer" and value is None)


class SharedWeights:
    """A supernet with its optimiser.

    Args:
        network: Maps images and a `Choice` to logits; it is changed in place.
        recipe: How its weights are optimised.
        n_epochs: Epochs of the whole training.
    """

    def __init__(self, network: nn.Module, recipe: WeightRecipe, n_epochs: int) -> None:
        self.network, self.recipe, self.n_epochs = network.train(), recipe, n_epochs
        self.parameters = [parameter for parameter in network.parameters() if parameter.requires_grad]
        self.device = self.parameters[0].device
        self.optimiser = torch.optim.SGD(
            self.parameters,
            lr=recipe.rate,
            momentum=MOMENTUM,
            weight_decay=recipe.weight_decay,
            nesterov=True,
        )

    @property
    def rate(self) -> float:
        """The learning rate as it is now."""
        return self.optimiser.param_groups[0]["lr"]

    def set_time(self, epochs: float) -> None:
        """Set the learning rate for a moment of the training, given in epochs from its start."""
        recipe = self.recipe
        share = (1 + math.cos(math.pi * epochs / (recipe.period or self.n_epochs))) / 2
        for group in self.optimiser.param_groups:
            group["lr"] = recipe.last_rate + (recipe.rate - recipe.last_rate) * share

    def loss(self, pair: Pair, choice: Choice) -> Tensor:
        """Return the mean cross-entropy of a batch."""
        images, labels = self.moved(pair)
        return functional.cross_entropy(self.network(images, choice), labels)

    def step(self, loss: Tensor) -> float:
        """Change the weights once, down the gradient of a loss, and return the loss.

        Operations that are not in the path have a gradient of zero once they have been in one: their momentum and
        the weight decay move them on, as they do in the benchmark's scripts.
        """
        self.optimiser.zero_grad(set_to_none=False)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, CLIP)
        self.optimiser.step()
        return float(loss.detach())

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from the `state_dict` of the optimiser (see `restore_optimiser`).

        Raises:
            ValueError: When a momentum has another shape or type than its weight.
        """
        restore_optimiser(self.optimiser, state)
        for parameter in self.parameters:
            if self.optimiser.state[parameter].get("momentum_buffer") is not None:
                parameter.grad = torch.zeros_like(parameter)  # as it was left by the step before

    @torch.no_grad()
    def accuracy(self, choice: Choice, pairs: Sequence[Pair]) -> float:
        """Return the accuracy of a choice in percent; batch-norm uses the statistics of each batch."""
        right = total = 0
        for pair in pairs:
            images, labels = self.moved(pair)
            right += int((self.network(images, choice).argmax(1) == labels).sum())
            total += len(labels)
        return 100.0 * right / total

    def moved(self, pair: Pair) -> Pair:
        """Return a batch on the device of the network."""
        return pair[0].to(self.device), pair[1].to(self.device)
