"""One epoch of truncated training: the reward of the paper's training-based baselines.

The paper does not give its recipe. Here it is NAS-Bench-201's, cut after the first epoch, but for three things:
the learning rate stays at its start, the first weights are those of our preset `teg`, and batch-norm uses each
batch's statistics when accuracy is measured. That is done on the other half of the training set; test images are
never touched.
"""

import time
from contextlib import AbstractContextManager, nullcontext
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from tegnas_core.data.batches import Batch, draw_batch
from tegnas_core.data.source import ImageSource
from tegnas_core.networks import build_network
from tegnas_core.networks.initialisation import initialise
from tegnas_core.spaces.architecture import Architecture


class Trained(NamedTuple):
    """What one epoch gave.

    Attributes:
        accuracy: On the validation half, in percent.
        seconds: Wall-clock time of training and validation.
    """

    accuracy: float
    seconds: float


def train_one_epoch(
    architecture: Architecture,
    images: ImageSource,
    *,
    seed: int,
    device: str | torch.device = "cpu",
    width: int = 16,
    cells_per_stage: int = 5,
    batch_size: int = 256,
    learning_rate: float = 0.1,
) -> Trained:
    """Train the benchmark's network for one epoch on one half of the training images, and validate on the other.

    SGD with Nesterov momentum 0.9 and weight decay 5e-4; random flips and crops. Source: Dong & Yang,
    NAS-Bench-201 (ICLR 2020), Table 1; paper Section 5.3 for the idea.

    Args:
        architecture: What the cells compute.
        images: Its training set is halved.
        seed: Fixes the weights, the order of the images and their crops.
        device: Where the network runs.
        width, cells_per_stage: Size of the network; the benchmark's has 16 channels and 5 cells.
        batch_size: Images a step; a last batch of one image is left out, since batch-norm needs two.
        learning_rate: The same for all steps.
    """
    started = time.perf_counter()
    sizes = {"width": width, "cells_per_stage": cells_per_stage, "n_classes": images.n_classes}
    network = new_network(architecture, **sizes, seed=seed).to(device)
    optimiser = new_optimiser(network, learning_rate)
    n_train = len(images.train) // 2
    for inputs, labels in _batches(draw_batch(images, "train_half", n_train, seed=seed, augment=True), batch_size):
        training_step(network, optimiser, inputs.to(device), labels.to(device))
    held_out = draw_batch(images, "validation_half", len(images.train) - n_train, seed=seed)
    accuracy = _accuracy(network, _batches(held_out, batch_size), device)
    return Trained(accuracy, time.perf_counter() - started)


def new_network(
    architecture: Architecture, *, width: int = 16, cells_per_stage: int = 5, n_classes: int, seed: int
) -> nn.Module:
    """Return the benchmark's network with the weights that the epoch starts from, in train mode."""
    network = build_network(architecture, width=width, cells_per_stage=cells_per_stage, n_classes=n_classes)
    return initialise(network, "kaiming_fan_in", seed=(seed, "one epoch")).train()


def new_optimiser(network: nn.Module, learning_rate: float = 0.1) -> torch.optim.Optimizer:
    """Return the benchmark's optimiser: SGD with Nesterov momentum 0.9 and weight decay 5e-4."""
    return torch.optim.SGD(network.parameters(), lr=learning_rate, momentum=0.9, weight_decay=5e-4, nesterov=True)


def training_step(
    network: nn.Module,
    optimiser: torch.optim.Optimizer,
    images: Tensor,
    labels: Tensor,
    *,
    precision: AbstractContextManager[object] | None = None,
) -> None:
    """Change the weights once, by the gradient of the mean cross-entropy of one batch.

    Args:
        network: What is trained.
        optimiser: It changes the weights.
        images, labels: The batch.
        precision: The loss is computed within it, as within ``torch.autocast``; None computes in the weights' own.
    """
    with precision or nullcontext():
        loss = functional.cross_entropy(network(images), labels)
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()


def _batches(drawn: Batch, size: int) -> list[tuple[Tensor, Tensor]]:
    pairs = zip(drawn.images.split(size), drawn.labels.split(size), strict=True)
    return [(inputs, labels) for inputs, labels in pairs if len(labels) > 1]


@torch.no_grad()
def _accuracy(network: nn.Module, batches: list[tuple[Tensor, Tensor]], device: str | torch.device) -> float:
    """Return the accuracy in percent; batch-norm uses each batch's statistics, as everywhere in this study."""
    right = sum(
        int((network(inputs.to(device)).argmax(1) == labels.to(device)).sum()) for inputs, labels in batches
    )
    return 100.0 * right / sum(len(labels) for _, labels in batches)
