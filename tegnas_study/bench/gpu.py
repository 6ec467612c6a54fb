"""The same ratios on a GPU, and how long the whole space would take there."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch

from tegnas_core import Architecture, Evaluator, jacobian, select_parameters
from tegnas_core.errors import TegnasError
from tegnas_study.bench.card import card_name
from tegnas_study.bench.cost import Case, compare, timed
from tegnas_study.bench.side_by_side import jacobians
from tegnas_study.bench.table import REPEATS, Row, ratio_rows, space_rows
from tegnas_study.storage.journal import Entry, Journal, journal_path
from tegnas_study.storage.lock import writer_lock


def measure_gpu(
    case: Case, architectures: Sequence[Architecture], rounds: int, path: Path | None = None
) -> tuple[list[Row], dict]:
    """Return the rows of a GPU, and the numbers behind them; times are by the clock, waiting for the device.

    Args:
        case: Networks and images.
        architectures: What is timed.
        rounds: How often each way is timed.
        path: Where the record will lie. Beside it a journal keeps each architecture once it is timed, so an
            interrupted run goes on; whoever writes the record removes the journal. None keeps nothing.

    Raises:
        TegnasError: When the journal is one of other settings, or of another card.
    """
    with _journal(case, rounds, path) as journal:
        found = {str(entry.key[0]): dict(entry.values) for entry in journal.entries()}
        left = [architecture for architecture in architectures if str(architecture) not in found]
        for architecture in left:
            _measure(case, architecture, rounds=1)  # not kept: a card chooses algorithms for each new shape
            found[str(architecture)] = seconds = _measure(case, architecture, rounds=rounds)
            journal.add([Entry((str(architecture),), seconds)])
    each = [found[str(architecture)] for architecture in architectures]
    columns = {name: np.array([row[name] for row in each]) for name in each[0]}
    a_repeat = float(columns["repeat"].mean())
    beside = float(np.median(columns["alone"] / columns["side_by_side"]))
    rows = [
        *ratio_rows(columns, targets=False),
        Row(f"{REPEATS} repeats side by side against one by one, median", beside, "×"),
        Row("one repeat of the three indicators", a_repeat, "s"),
        *space_rows(a_repeat, "one GPU", (10, 1, False)),
    ]
    listed = [{"architecture": str(a), **row} for a, row in zip(architectures, each, strict=True)]
    return rows, {"device": card_name() or case.device, "architectures": listed}


def _measure(case: Case, architecture: Architecture, *, rounds: int) -> dict[str, float]:
    """Time one architecture: the three ways, repeats beside each other, and one `repeat` of the indicators."""
    evaluator = Evaluator(case.settings, case.images, seed=case.seed, device=case.device)
    return {
        **compare(case, architecture, rounds=rounds),
        **repeats_side_by_side(case, architecture, rounds=rounds),
        "repeat": timed(lambda: evaluator.evaluate_repeat(architecture, 0), case.device)[0],
    }


@contextlib.contextmanager
def _journal(case: Case, rounds: int, path: Path | None) -> Iterator[Journal]:
    """Open what an earlier run of the same case has timed; times of another one must not join these."""
    facts = {
        "settings": case.settings.label,
        "images": case.images.description,
        "seed": case.seed,
        "rounds": rounds,
        "device": card_name() or case.device,
    }
    kept = Path(":memory:") if path is None else journal_path(path)
    with (
        contextlib.nullcontext() if path is None else writer_lock(kept),
        Journal(kept, {"cell": "TEXT"}) as journal,
    ):
        runs = journal.runs()
        if any(run != facts for run in runs):
            raise TegnasError(f"{kept.name} holds times of other options or another card; finish that run first")
        if not runs:
            journal.add_run(facts)
        yield journal


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
