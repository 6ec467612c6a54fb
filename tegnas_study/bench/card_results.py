"""What `make gpu` has measured so far of cost and of agreement, and the command where nothing is measured."""

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_study.analysis.searches.cost import cost_both_ways
from tegnas_study.bench.agreement import agreement, read_agreement
from tegnas_study.bench.epochs import ENOUGH, read_epoch_costs
from tegnas_study.bench.gpu_work import FOLDER
from tegnas_study.bench.table import MEDIAN_EXACT

NOT_YET = "not measured"


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

    def times_faster(path: Path) -> tuple[str, str]:
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            value = next(float(row["value"]) for row in kept["rows"] if row["name"] == MEDIAN_EXACT)
            return f"{value:.1f}", str(kept["device"])
        except (ValueError, LookupError, TypeError, StopIteration):
            raise TegnasError(f"{path.name} is no record of make bench; measure it again by make gpu") from None

    def paid(way: str) -> Callable[[Path], tuple[str, str]]:
        def read(path: Path) -> tuple[str, str]:
            timed, made = read_epoch_costs(path)
            if len(timed) < ENOUGH:
                return f"only {len(timed)} of {ENOUGH} cells so far", str(made.get("card", ""))
            ratio = cost_both_ways(timed, repeats=3, seed=seed, n_draws=n_draws).estimate(way)
            return f"{ratio:.1f}", str(made.get("card", ""))

        return read

    def largest(path: Path) -> tuple[str, str]:
        values, made = read_agreement(path)
        found = agreement(values)
        worst = found["median"].idxmax()
        told = (
            f"at most {found.loc[worst, 'median']:.1e} ({worst}), orders agree by {found['tau'].min():.3f} or more"
        )
        return told, str(made["card"])

    questions = (
        ("exact Jacobian: times faster than the plain way, median", "bench", "bench.json", times_faster),
        ("evaluations that an epoch pays for, both plain", "epochs", "epoch-cost.parquet", paid("plain")),
        ("evaluations that an epoch pays for, both fast", "epochs", "epoch-cost.parquet", paid("fast")),
        ("median relative difference from a processor", "agreement", "agreement.parquet", largest),
    )
    rows = []
    for question, piece, name, read in questions:
        answer, card = read(folder / name) if (folder / name).exists() else (NOT_YET, "")
        rows.append((question, answer, card, f'make gpu ARGS="--only {piece}"'))
    return pd.DataFrame(rows, columns=["on a graphics card", "answer", "card", "command"])
