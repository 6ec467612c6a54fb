"""The same ratios on a GPU, and how long the whole space would take there."""

from collections.abc import Sequence

import numpy as np
import torch

from tegnas_core import Architecture, Evaluator, jacobian, select_parameters
from tegnas_study.bench.cost import Case, compare, timed
from tegnas_study.bench.side_by_side import jacobians
from tegnas_study.bench.table import REPEATS, Row, ratio_rows, space_rows


def measure_gpu(case: Case, architectures: Sequence[Architecture], rounds: int) -> tuple[list[Row], dict]:
    """Return the rows of a GPU, and the numbers behind them; times are by the clock, waiting for the device."""
    compare(case, architectures[0], rounds=1)  # load libraries, choose algorithms
    each = [compare(case, architecture, rounds=rounds) for architecture in architectures]
    repeats = [repeats_side_by_side(case, architecture, rounds=rounds) for architecture in architectures]
    evaluator = Evaluator(case.settings, case.images, seed=case.seed, device=case.device)
    evaluator.evaluate_repeat(architectures[0], 0)
    seconds = [timed(lambda a=a: evaluator.evaluate_repeat(a, 0), case.device)[0] for a in architectures]
    alone, beside = (np.array([row[name] for row in repeats]) for name in ("alone", "side_by_side"))
    rows = ratio_rows({name: np.array([row[name] for row in each]) for name in each[0]}, targets=False)
    rows += [
        Row(f"{REPEATS} repeats side by side against one by one, median", float(np.median(alone / beside)), "×"),
        Row("one repeat of the three indicators", float(np.mean(seconds)), "s"),
        *space_rows(float(np.mean(seconds)), "one GPU", (10, 1, False)),
    ]
    device = torch.cuda.get_device_name() if case.device == "cuda" else case.device
    listed = [{"architecture": str(a), **row} for a, row in zip(architectures, each, strict=True)]
    return rows, {"device": device, "architectures": listed}


def repeats_side_by_side(case: Case, architecture: Architecture, *, rounds: int) -> dict[str, float]:
    """Time the exact Jacobians of several repeats, `alone` one by one and `side_by_side`."""
    x = case.data().images
    names = select_parameters(case.network(architecture), "weights")

    def networks() -> list[torch.nn.Module]:
        return [case.network(architecture, repeat=repeat) for repeat in range(REPEATS)]

    def alone() -> list:
        return [jacobian(network, x, names) for network in made]

    def side_by_side() -> list:
        return jacobians(made, [x] * REPEATS, names)

    seconds = {"alone": 0.0, "side_by_side": 0.0}
    for _ in range(rounds):
        for way in (alone, side_by_side):
            made = networks()
            seconds[way.__name__] += timed(way, case.device)[0] / rounds
    return seconds
