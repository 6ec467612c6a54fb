"""Which passes through a network each rival looks at: forward, backward, on images or on noise.

`MEASURES` maps the name of a rival to a function of `Passes`, which makes a pass when it is first asked for, so
that rivals share passes and nothing is computed that nobody wants.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor, nn

from tegnas_core.indicators import rivals
from tegnas_core.indicators.controls import label_gradient_alignment
from tegnas_core.indicators.expressivity import recorded_signs
from tegnas_core.indicators.jacobians import jacobian, select_parameters
from tegnas_core.indicators.kernels import ntk
from tegnas_core.indicators.measured import Measured, finite
from tegnas_core.indicators.rivals.az_nas import block_entropies, block_passes
from tegnas_core.indicators.rivals.gradients import Gradients, differentiate
from tegnas_core.seeding import torch_generator

# Zen's authors take 16 images of noise, those of AZ-NAS 64; its averages run over all pixels of all of them
NOISE_IMAGES = 16
SECOND_BATCH = frozenset({"zico"})  # the rivals that look at a second batch
# the rivals that look at gradients of the images; without them, the signs of ReLUs need a forward pass only
GRADIENTS = frozenset({"jacob_cov", "grad_norm", "snip", "zico", "epe_nas", "plain", "l2_norm"})
# what a rival reads of any network, and the layers that its formula does not know
_NEEDS = {"zen": nn.AdaptiveAvgPool2d, "meco": nn.Conv2d}
_NORMS = (nn.LayerNorm, nn.GroupNorm, nn.InstanceNorm2d)
_BARS = {"log_synflow": _NORMS, "zen": _NORMS, "meco": nn.LayerNorm}


@dataclass(frozen=True)
class Passes:
    """One network, what it is shown, and the passes that were made so far.

    Attributes:
        network: In train mode; its children are applied one after the other, the last is the head.
        images: Training images, shape (n, C, H, W).
        labels: Their classes, shape (n,).
        second: Another batch of images with labels, for the rivals of `SECOND_BATCH`.
        n_classes: Number of classes of the data set.
        noise: Seed of the Gaussian images, and of random signs; the same for every network.
        forward_only: Whether none of the rivals of `GRADIENTS` is wanted.
    """

    network: nn.Module
    images: Tensor
    labels: Tensor
    second: tuple[Tensor, Tensor] | None
    n_classes: int
    noise: tuple[object, ...]
    forward_only: bool

    @cached_property
    def gradients(self) -> Gradients:
        """Return signs and gradients of the batch."""
        return differentiate(self.network, self.images, self.labels)

    @cached_property
    def signs(self) -> tuple[Tensor, ...]:
        """Return where the ReLUs are on."""
        if not self.forward_only:
            return self.gradients.signs
        with torch.no_grad(), recorded_signs(self.network) as signs:
            self.network(self.images)
        return tuple(signs)

    @cached_property
    def second_gradients(self) -> tuple[Tensor, ...]:
        """Return the gradients of the weights on the second batch."""
        return differentiate(self.network, *self.second).of_weights

    @cached_property
    def kernel(self) -> Tensor:
        """Return the kernel of all weights, that of κ."""
        return ntk(jacobian(self.network, self.images, select_parameters(self.network, "weights")))

    @cached_property
    def blocks(self) -> list[tuple[Tensor, Tensor]]:
        """Return what Gaussian images are before and behind the stem, the cells and the residual blocks."""
        stem, cells, _ = self.network.children()
        return block_passes([stem, *cells], self.gaussian("images"))

    @cached_property
    def entropies(self) -> list[float]:
        """Return the entropies of the blocks' outputs."""
        return block_entropies([output for _, output in self.blocks])

    def gaussian(self, what: str, n: int = NOISE_IMAGES) -> Tensor:
        """Return n images of Gaussian noise in the shape of the images."""
        return torch.randn(n, *self.images.shape[1:], generator=torch_generator(*self.noise, what)).to(self.images)


MEASURES: Mapping[str, Callable[[Passes], Measured]] = {
    "naswot": lambda p: rivals.naswot(p.signs),
    "jacob_cov": lambda p: rivals.jacob_cov(p.gradients.of_inputs),
    "grad_norm": lambda p: rivals.grad_norm(p.gradients.of_weights),
    "snip": lambda p: rivals.snip(p.gradients.weights, p.gradients.of_weights),
    "log_synflow": lambda p: rivals.log_synflow(p.network, tuple(p.images.shape[1:])),
    "label_gradient_alignment": lambda p: finite(label_gradient_alignment(p.kernel, p.labels, p.n_classes)),
    "swap": lambda p: rivals.swap(p.signs),
    "meco": lambda p: rivals.meco(p.network, p.gaussian("image", 1)),
    "az_expressivity": lambda p: rivals.az_expressivity(p.entropies),
    "az_progressivity": lambda p: rivals.az_progressivity(p.entropies),
    "az_trainability": lambda p: rivals.az_trainability(p.blocks, torch_generator(*p.noise, "signs")),
    "zico": lambda p: rivals.zico(p.gradients.of_weights, p.second_gradients),
    "zen": lambda p: rivals.zen(p.network, p.gaussian("images"), p.gaussian("change")),
    "epe_nas": lambda p: rivals.epe_nas(p.gradients.of_inputs, p.labels, p.n_classes),
    "plain": lambda p: rivals.plain(p.gradients.weights, p.gradients.of_weights),
    "l2_norm": lambda p: rivals.l2_norm(p.gradients.weights),
    "fisher": lambda p: rivals.fisher(p.network, p.images, p.labels),
    "grasp": lambda p: rivals.grasp(p.network, p.images, p.labels),
    "ntk_trace": lambda p: rivals.ntk_trace(p.kernel),
    "ntk_mean": lambda p: rivals.ntk_mean(p.kernel),
}


def why_undefined(name: str, passes: Passes) -> str:
    """Return why a rival means nothing for a network from outside this study, or "" when it is defined."""
    kinds = {type(module) for module in passes.network.modules()}
    if name.startswith("az_"):
        return "it reads a chain of stem, cells and head"
    if name in SECOND_BATCH and passes.second is None:
        return "it needs a second batch of images"
    if name in ("naswot", "swap") and {len(pattern) for pattern in passes.signs} != {len(passes.images)}:
        return "no nn.ReLU module sees a map of features"
    if not any(issubclass(kind, _NEEDS.get(name, nn.Module)) for kind in kinds):
        return f"there is no {_NEEDS[name].__name__}"
    barred = sorted(kind.__name__ for kind in kinds if issubclass(kind, _BARS.get(name, ())))
    return f"it does not know {', '.join(barred)}" if barred else ""
