"""What `make gpu` has measured so far of cost and of agreement, and the command where nothing is measured."""

import json
from functools import partial
from pathlib import Path

import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_study.analysis.searches.cost import cost_both_ways
from tegnas_study.bench.agreement import agreement, read_agreement
from tegnas_study.bench.epochs import ENOUGH, read_epoch_costs
from tegnas_study.bench.gpu_work import FOLDER
from tegnas_study.bench.table import MEDIAN_EXACT

NOT_YET = "not measured"
Answers = tuple[tuple[str, ...], str]  # to the questions of a file, and the card


def card_results(folder: Path = FOLDER, *, seed: int, n_draws: int) -> pd.DataFrame:
    """Return the answers that a graphics card has given.

    Args:
        folder: Where `make gpu` keeps its results.
        seed: Seed of the resampling.
        n_draws: Number of resamples behind an interval.

    Returns:
        A row for each question, with its ``answer``, the ``card``, and the ``command`` that measures it.

    Raises:
        TegnasError: When a file is damaged or of another kind.
    """
    files = (
        ("bench", "bench.json", _times_faster, ("exact Jacobian: times faster than the plain way, median",)),
        (
            "epochs",
            "epoch-cost.parquet",
            partial(_paid, seed=seed, n_draws=n_draws),
            ("evaluations that an epoch pays for, both plain", "evaluations that an epoch pays for, both fast"),
        ),
        ("agreement", "agreement.parquet", _difference, ("median relative difference from a processor",)),
    )
    rows = []
    for piece, name, read, questions in files:
        path = folder / name
        answers, card = read(path) if path.exists() else ((NOT_YET,) * len(questions), "")
        command = f'make gpu ARGS="--only {piece}"'
        rows += [(question, answer, card, command) for question, answer in zip(questions, answers, strict=True)]
    return pd.DataFrame(rows, columns=["on a graphics card", "answer", "card", "command"])


def _times_faster(path: Path) -> Answers:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        value = next(float(row["value"]) for row in kept["rows"] if row["name"] == MEDIAN_EXACT)
        return (f"{value:.1f}",), str(kept["device"])
    except (ValueError, LookupError, TypeError, StopIteration):
        raise TegnasError(f"{path.name} is no record of make bench; measure it again by make gpu") from None


def _paid(path: Path, *, seed: int, n_draws: int) -> Answers:
    timed, made = read_epoch_costs(path)
    card = str(made.get("card", ""))
    if len(timed) < ENOUGH:
        return (f"only {len(timed)} of {ENOUGH} cells so far",) * 2, card
    both = cost_both_ways(timed, repeats=3, seed=seed, n_draws=n_draws)
    return tuple(f"{both.estimate(way):.1f}" for way in ("plain", "fast")), card


def _difference(path: Path) -> Answers:
    values, made = read_agreement(path)
    n = values["architecture"].nunique()
    if n < ENOUGH:
        return (f"only {n} of {ENOUGH} cells so far",), str(made["card"])
    found = agreement(values)
    worst, one_sided = found["median"].idxmax(), int(found["only one finite"].sum())
    told = f"at most {found.loc[worst, 'median']:.1e} ({worst}), orders agree by {found['tau'].min():.3f} or more"
    return (f"{told}, {one_sided} values finite on one of them only",), str(made["card"])
