"""The Jacobian of a network's outputs by three ways that share nothing with the package's own.

Blocks are named as the parameters and have shape (n_images, parameter size), as in `jacobians`.
"""

import copy
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.func import functional_call, jacrev


def by_jacrev(
    network: nn.Module, images: Tensor, names: Sequence[str], logit_weights: Tensor | None = None
) -> dict[str, Tensor]:
    """Vectorised reverse differentiation of the whole batch's outputs."""

    def outputs(parameters: dict[str, Tensor]) -> Tensor:
        return _weighted(functional_call(network, parameters, (images,)), logit_weights)

    wanted = {name: p.detach() for name, p in network.named_parameters() if name in names}
    blocks = jacrev(outputs)(wanted)
    return {name: blocks[name].reshape(len(images), -1) for name in names}


@torch.no_grad()
def by_differences(
    network: nn.Module,
    images: Tensor,
    names: Sequence[str],
    logit_weights: Tensor | None = None,
    *,
    step: float = 1e-6,
) -> dict[str, Tensor]:
    """Central differences, one number of one parameter at a time."""
    blocks = {}
    for name in names:
        numbers, columns = dict(network.named_parameters())[name].view(-1), []
        for k in range(len(numbers)):
            before = numbers[k].item()
            sides = []
            for sign in (1, -1):
                numbers[k] = before + sign * step
                sides.append(_weighted(network(images), logit_weights))
            numbers[k] = before
            columns.append((sides[0] - sides[1]) / (2 * step))
        blocks[name] = torch.stack(columns, 1)
    return blocks


def frozen(
    network: nn.Module, images: Tensor, names: Sequence[str], logit_weights: Tensor | None = None
) -> dict[str, Tensor]:
    """The Jacobian with constant batch statistics, one image alone at a time.

    Every batch-norm is replaced by the affine map that it is on this batch; then no image knows of another.
    """
    affine = with_constant_statistics(network, images)
    rows = []
    for i in range(len(images)):
        affine.zero_grad(set_to_none=True)
        _weighted(affine(images[i : i + 1]), logit_weights).backward()
        rows.append({name: parameter.grad for name, parameter in affine.named_parameters()})
    zero = {name: torch.zeros_like(parameter) for name, parameter in affine.named_parameters()}
    return {
        name: torch.stack([(zero[name] if row[name] is None else row[name]).flatten() for row in rows])
        for name in names
    }


class ConstantNorm(nn.Module):
    """Batch-norm with statistics that are numbers, under the same parameter names."""

    def __init__(self, norm: nn.BatchNorm2d, seen: Tensor) -> None:
        super().__init__()
        self.affine, self.weight, self.bias = norm.affine, norm.weight, norm.bias
        self.mean = seen.mean((0, 2, 3), keepdim=True).detach()
        self.std = (seen.var((0, 2, 3), unbiased=False, keepdim=True) + norm.eps).sqrt().detach()

    def forward(self, x: Tensor) -> Tensor:
        normalised = (x - self.mean) / self.std
        return normalised * self.weight[:, None, None] + self.bias[:, None, None] if self.affine else normalised


def with_constant_statistics(network: nn.Module, images: Tensor) -> nn.Module:
    """A copy whose batch-norms hold the statistics that this batch has in the network."""
    network = copy.deepcopy(network)
    norms = {name: module for name, module in network.named_modules() if isinstance(module, nn.BatchNorm2d)}
    seen: dict[str, Tensor] = {}
    hooks = [
        module.register_forward_pre_hook(lambda _, inputs, name=name: seen.update({name: inputs[0]}))
        for name, module in norms.items()
    ]
    with torch.no_grad():
        network(images)
    for hook in hooks:
        hook.remove()
    for name, module in norms.items():
        parent, _, attribute = name.rpartition(".")
        setattr(network.get_submodule(parent), attribute, ConstantNorm(module, seen[name]))
    return network


def _weighted(logits: Tensor, logit_weights: Tensor | None) -> Tensor:
    return logits.sum(1) if logit_weights is None else logits @ logit_weights
