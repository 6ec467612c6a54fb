"""The rivals from their definitions: pairs of images, masks and finite changes, in float64.

The network is that of `oracles.networks`, written out as formulas.
"""

import math
from itertools import product
from unittest import mock

import numpy as np
import torch
from torch import Tensor, nn

from oracles import networks
from tegnas_core.spaces.architecture import Architecture

Weights = dict[str, Tensor]


def weights_of(network: nn.Module, *, n_classes: int) -> Weights:
    """Weights of a network of width 3, and ones for operations that it lacks: a mask gives them the share 0."""
    supernet = networks.supernet_weights(width=3, n_classes=n_classes, scheme="xavier", seed=(0,))
    ones = {name: torch.ones_like(weight) for name, weight in supernet.items()}
    return {**ones, **{name: weight.detach().double() for name, weight in network.state_dict().items()}}


def naswot(network: nn.Module, images: Tensor) -> float:
    """log |det K|, K counted pair by pair from the signs of what goes into each ReLU."""
    inputs: list[Tensor] = []
    relus = [module for module in network.modules() if isinstance(module, nn.ReLU)]
    hooks = [relu.register_forward_pre_hook(lambda _, x: inputs.append(x[0].detach().clone())) for relu in relus]
    network(images)
    for hook in hooks:
        hook.remove()
    on = [torch.cat([x[i].flatten() > 0 for x in inputs]) for i in range(len(images))]
    kernel = [[float((a == b).sum()) for b in on] for a in on]
    return float(np.log(np.abs(np.linalg.det(np.array(kernel) / kernel[0][0]))) + len(on) * np.log(kernel[0][0]))


def input_gradients(architecture: Architecture, weights: Weights, images: Tensor) -> Tensor:
    """Gradient of the summed logits, one logit of one image after the other."""
    x = images.double().clone().requires_grad_(True)
    outputs = networks.logits(networks.one_hot_mask(architecture), weights, x)
    total = torch.zeros_like(x)
    for i, k in product(*map(range, outputs.shape)):
        total += torch.autograd.grad(outputs[i, k], x, retain_graph=True)[0]
    return total.flatten(1)


def jacob_cov(gradients: Tensor, k: float = 1e-5) -> float:
    """The score from correlations taken pair by pair."""
    rows = gradients.double().numpy()
    centred = [row - row.sum() / len(row) for row in rows]
    lengths = [math.sqrt(float((row * row).sum())) for row in centred]
    products = np.array([[float((a * b).sum()) for b in centred] for a in centred])
    correlations = products / np.outer(lengths, lengths)
    eigenvalues = np.linalg.eigvals(correlations).real
    return -sum(math.log(value + k) + 1 / (value + k) for value in eigenvalues)


def loss(architecture: Architecture, weights: Weights, images: Tensor, labels: Tensor) -> Tensor:
    """Mean of −log of the softmax at the label."""
    outputs = networks.logits(networks.one_hot_mask(architecture), weights, images.double())
    shares = outputs.exp() / outputs.exp().sum(1, keepdim=True)
    return -torch.stack([shares[i, label].log() for i, label in enumerate(labels.tolist())]).mean()


def grad_norm(architecture: Architecture, weights: Weights, images: Tensor, labels: Tensor) -> float:
    """The sum of the lengths of the layers' gradients."""
    leaves = {name: weights[name].clone().requires_grad_(True) for name in layers(weights)}
    loss(architecture, {**weights, **leaves}, images, labels).backward()
    return sum(math.sqrt(float((leaf.grad**2).sum())) for leaf in leaves.values() if leaf.grad is not None)


def snip(architecture: Architecture, weights: Weights, images: Tensor, labels: Tensor) -> float:
    """Σ |∂L/∂m| for a mask m of ones on every weight, as SNIP defines it."""
    masks = {name: torch.ones_like(weights[name]).requires_grad_(True) for name in layers(weights)}
    masked = {name: weights[name] * mask for name, mask in masks.items()}
    loss(architecture, {**weights, **masked}, images, labels).backward()
    return sum(float(mask.grad.abs().sum()) for mask in masks.values() if mask.grad is not None)


def log_synflow(architecture: Architecture, weights: Weights, size: int) -> float:
    """log Σ_l [R(2 W_l) − R(W_l)]: every path crosses a layer once, so R is a straight line in each of them."""
    positive = {name: weight.abs() for name, weight in weights.items()}
    image = torch.ones(1, 3, size, size, dtype=torch.float64)

    def flow(doubled: str = "") -> float:
        weights = {name: 2 * weight if name == doubled else weight for name, weight in positive.items()}
        return float(networks.logits(networks.one_hot_mask(architecture), weights, image).sum())

    with mock.patch.object(networks, "batch_norm", lambda x, *_: x):
        return math.log(sum(flow(name) - flow() for name in layers(weights)))


def layers(weights: Weights) -> list[str]:
    """The names of the weights of convolutions and of the classifier."""
    return [name for name, weight in weights.items() if name.endswith("weight") and weight.dim() > 1]
