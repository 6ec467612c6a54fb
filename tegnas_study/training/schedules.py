"""What changes from step to step and from epoch to epoch: the learning rate and the drop path.

Both follow from the protocol and the number of the epoch alone, so a resumed training needs to remember neither.
"""

import math
import warnings

import torch
from torch.optim.lr_scheduler import CosineAnnealingLR, LambdaLR, LinearLR, LRScheduler, SequentialLR

from tegnas_study.training.protocols import Protocol


def learning_rates(protocol: Protocol, n_steps: int) -> list[list[float]]:
    """Return the learning rate of every step of every epoch, as torch's schedulers give it.

    After E_w epochs of warm-up with η_e = η (e + 1) / E_w it is η (1 + cos π t / T) / 2, with t and T counted
    from the end of the warm-up, in epochs or in steps; "late epoch" takes t = e + 1 and T = E and ignores that it
    warmed up.

    Args:
        protocol: The recipe.
        n_steps: Steps of an epoch.

    >>> from tegnas_study.training.protocols import protocol_named
    >>> [round(rates[0], 4) for rates in learning_rates(protocol_named("darts-cifar10", epochs=4), 2)]
    [0.025, 0.0213, 0.0125, 0.0037]
    """
    by_step = n_steps if protocol.cosine == "step" else 1
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=protocol.learning_rate)
    scheduler = _scheduler(protocol, optimiser, by_step)
    found = []
    for _ in range(protocol.epochs * by_step):
        found.append(optimiser.param_groups[0]["lr"])
        _step(optimiser, scheduler)
    repeats = n_steps // by_step
    return [
        [rate for rate in found[epoch * by_step : (epoch + 1) * by_step] for _ in range(repeats)]
        for epoch in range(protocol.epochs)
    ]


def _scheduler(protocol: Protocol, optimiser: torch.optim.Optimizer, by_step: int) -> LRScheduler:
    warm_up, total = protocol.warm_up * by_step, protocol.epochs * by_step
    if protocol.cosine == "late epoch":
        cosine = lambda epoch: (1 + math.cos(math.pi * min(epoch + 1, total) / total)) / 2  # noqa: E731
        return LambdaLR(optimiser, lambda epoch: (epoch + 1) / warm_up if epoch < warm_up else cosine(epoch))
    if not warm_up:
        return CosineAnnealingLR(optimiser, T_max=total)
    rising = LinearLR(optimiser, start_factor=1 / warm_up, total_iters=max(warm_up - 1, 1))
    return SequentialLR(optimiser, [rising, CosineAnnealingLR(optimiser, T_max=total - warm_up)], [warm_up])


def _step(optimiser: torch.optim.Optimizer, scheduler: LRScheduler) -> None:
    with warnings.catch_warnings():  # SequentialLR calls its parts in a way that torch itself warns about
        warnings.simplefilter("ignore")
        optimiser.step()
        scheduler.step()


def drop_path(protocol: Protocol, epoch: int) -> float:
    """Return the probability that an operation is left out in an epoch, from 0: p · epoch / epochs."""
    return protocol.drop_path * epoch / protocol.epochs
