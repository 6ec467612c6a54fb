"""The newer rivals from their definitions: loops, masks, finite changes and NumPy, in float64."""

import math
import statistics
from itertools import pairwise

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn


def layers(network: nn.Module) -> list[nn.Module]:
    return [module for module in network.modules() if isinstance(module, nn.Conv2d | nn.Linear)]


def loss_gradients(network: nn.Module, images: Tensor, labels: Tensor) -> list[np.ndarray]:
    """∂L/∂W of each layer, by ``backward``."""
    network.zero_grad()
    F.cross_entropy(network(images), labels).backward()
    found = [layer.weight for layer in layers(network)]
    return [np.zeros(w.shape) if w.grad is None else w.grad.numpy().copy() for w in found]


def along_the_weights(network: nn.Module, measure, step: float = 1e-7) -> float:
    """The derivative of a measure at t = 0 with weights (1 + t) W in all layers; larger steps flip ReLUs."""
    values = []
    for sign in (1, -1):
        for layer in layers(network):
            layer.weight.data *= 1 + sign * step
        values.append(measure())
        for layer in layers(network):
            layer.weight.data /= 1 + sign * step
    return (values[0] - values[1]) / (2 * step)


def plain(network: nn.Module, images: Tensor, labels: Tensor) -> float:
    return along_the_weights(network, lambda: F.cross_entropy(network(images), labels).item())


def grasp(network: nn.Module, images: Tensor, labels: Tensor) -> float:
    """−W·Hg = −d/dt ½‖g((1 + t) W)‖², since H is symmetric."""
    return -along_the_weights(
        network, lambda: sum((g**2).sum() for g in loss_gradients(network, images, labels)) / 2
    )


def l2_norm(network: nn.Module) -> float:
    return sum(
        math.sqrt(sum(w * w for w in layer.weight.detach().flatten().tolist())) for layer in layers(network)
    )


def zico(first: list[np.ndarray], second: list[np.ndarray]) -> float:
    total = 0.0
    for a, b in zip(first, second, strict=True):
        pairs = [(abs(x), abs(y)) for x, y in zip(a.flat, b.flat, strict=True) if abs(x) != abs(y)]
        if pairs:
            total += math.log(sum(statistics.fmean(pair) / statistics.pstdev(pair) for pair in pairs))
    return total


def epe_nas(rows: np.ndarray, labels: list[int], n_classes: int, k: float = 1e-5) -> float:
    sums, sizes = [], []
    for label in sorted(set(labels)):
        members = [row for row, its in zip(rows, labels, strict=True) if its == label]
        if len(members) > 1:
            pairs = [abs(np.corrcoef(a, b)[0, 1]) for a in members for b in members]
            sums.append(sum(math.log(value + k) for value in pairs))
            sizes.append(len(pairs))
    if n_classes <= 100:
        return sum(abs(value) for value in sums)
    means = [value / size for value, size in zip(sums, sizes, strict=True)]
    return sum(abs(a - b) for a in means for b in means) / len(means) ** 2


def swap(signs: list[Tensor]) -> int:
    return len({tuple(column.tolist()) for pattern in signs for column in pattern.T})


def fisher(network: nn.Module, images: Tensor, labels: Tensor) -> float:
    """½ E (∂L/∂m)² for a mask m of ones, one number an image and channel, on the output of each layer."""
    masks: list[Tensor] = []

    def masked(_, __, output: Tensor) -> Tensor:
        masks.append(torch.ones(output.shape[:2], dtype=output.dtype, requires_grad=True))
        return output * masks[-1].reshape(*output.shape[:2], *[1] * (output.dim() - 2))

    hooks = [layer.register_forward_hook(masked) for layer in layers(network)]
    F.cross_entropy(network(images), labels).backward()
    for hook in hooks:
        hook.remove()
    return sum(float((mask.grad**2).mean(0).sum()) / 2 for mask in masks if mask.grad is not None)


def meco(network: nn.Module, image: Tensor) -> float:
    maps: list[np.ndarray] = []
    leaves = [module for module in network.modules() if not list(module.children())]
    hooks = [leaf.register_forward_hook(lambda _, __, y: maps.append(y.detach().numpy())) for leaf in leaves]
    network(image)
    for hook in hooks:
        hook.remove()
    total = 0.0
    for found in (m[0].reshape(m.shape[1], -1) for m in maps if m.ndim == 4):
        if found.shape[1] == 1:
            continue  # the average of a channel has no correlations: zero rows
        with np.errstate(invalid="ignore", divide="ignore"):
            correlations = np.nan_to_num(np.corrcoef(found), nan=0.0)
        total += np.linalg.eigvals(np.atleast_2d(correlations)).real.min()
    return float(total)


def zen(network: nn.Module, images: Tensor, changed: Tensor) -> float:
    """From the network without its last three layers, and what goes into each batch-norm."""
    head = network.head
    before = nn.Sequential(network.stem, network.cells, head.norm, head.relu)
    into: list[Tensor] = []
    norms = [module for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    hooks = [norm.register_forward_hook(lambda _, x, __: into.append(x[0].detach())) for norm in norms]
    first = before(images)
    for hook in hooks:
        hook.remove()
    scales = [math.sqrt(np.mean([x[:, c].numpy().var(ddof=1) for c in range(x.shape[1])])) for x in into]
    distances = [(a - b).detach().abs().sum().item() for a, b in zip(first, before(changed), strict=True)]
    return math.log(sum(distances) / len(distances)) + sum(math.log(scale) for scale in scales if scale > 0)


def entropies(features: list[Tensor]) -> list[float]:
    """The entropy of the squared singular values of the centred features."""
    found = []
    for feature in features:
        rows = np.array(
            [feature[i, :, h, w].detach().numpy() for i, h, w in np.ndindex(*np.array(feature.shape)[[0, 2, 3]])]
        )
        shares = np.linalg.svd(rows - rows.mean(0), compute_uv=False) ** 2
        shares = shares / shares.sum()
        found.append(float(-(shares * np.log(shares + 1e-8)).sum()))
    return found


def az_features(network: nn.Module, images: Tensor) -> list[Tensor]:
    features = [network.stem(images)]
    for cell in network.cells:
        features.append(cell(features[-1]))
    return features


def az_trainability(network: nn.Module, images: Tensor, generator: torch.Generator) -> float:
    """The mean of 2 − σ − 1/σ, through one graph of the whole network and a loop over positions."""
    scores = []
    for source, output in pairwise(az_features(network, images)):
        signs = torch.randint(2, output.shape, generator=generator).to(output) * 2 - 1
        gradient = torch.autograd.grad(output, source, signs, retain_graph=True)[0].numpy()
        stride = gradient.shape[-1] // signs.shape[-1]
        products = []
        for i, h, w in np.ndindex(len(signs), *signs.shape[2:]):
            block = gradient[i, :, stride * h : stride * (h + 1), stride * w : stride * (w + 1)]
            products.append(np.outer(block.flatten(), signs[i, :, h, w].numpy()))
        scale = np.linalg.svd(np.mean(products, axis=0), compute_uv=False)[0]
        scores.append(2 - scale - 1 / (scale + 1e-6))
    return float(np.mean(scores))


def kernel_size(network: nn.Module, images: Tensor) -> tuple[float, float]:
    """Mean squared length of the images' gradients, and squared length of their mean."""
    weights = [p for name, p in network.named_parameters() if "weight" in name]
    outputs = network(images).sum(1)
    rows = []
    for output in outputs:
        found = torch.autograd.grad(output, weights, retain_graph=True, allow_unused=True, materialize_grads=True)
        rows.append(np.concatenate([g.numpy().ravel() for g in found]))
    return float(np.mean([row @ row for row in rows])), float(np.mean(rows, axis=0) @ np.mean(rows, axis=0))
