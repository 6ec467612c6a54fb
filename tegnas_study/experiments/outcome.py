"""What a search found: its result, the best it visited, what they are known to reach, and what it cost."""

from collections.abc import Sequence

import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_core.search import SearchHistory, incumbent
from tegnas_study.data.benchmark import Benchmark
from tegnas_study.experiments.choices import DATASETS

# (data set, split): the accuracies of a result; Table 2 of the paper mixes the two splits on CIFAR-10.
ACCURACIES = tuple((dataset, split) for dataset in DATASETS for split in ("test", "valid"))


def outcome(history: SearchHistory, *, seed: int) -> dict[str, object]:
    """Return one row: method, seed, derived, incumbent, stopped, steps, evaluations, unique, seconds."""
    best = history.derived if history.method == "te-nas" else incumbent(history)
    return {
        "method": history.method,
        "seed": seed,
        "derived": str(history.derived),
        "incumbent": str(best),
        "stopped": history.stopped,
        "steps": history.n_steps,
        "evaluations": history.n_evaluations,
        "unique": history.n_unique,
        "seconds": sum(visit.seconds for visit in history.visits),
    }


def with_accuracies(
    outcomes: Sequence[dict[str, object]] | pd.DataFrame,
    benchmark: Benchmark,
    results: Sequence[str] = ("derived",),
) -> pd.DataFrame:
    """Return outcomes with what the benchmark knows of them, in percent: columns such as ``derived cifar10 test``.

    Args:
        outcomes: Rows of `outcome`.
        benchmark: The source of the accuracies; splits that it does not know get no column.
        results: Which of "derived" and "incumbent".
    """
    table = pd.DataFrame(outcomes)
    for dataset, split in ACCURACIES:
        try:
            known = benchmark.accuracy(dataset, split)
        except TegnasError:
            continue
        for result in results:
            table[f"{result} {dataset} {split}"] = table[result].map(known).astype(float)
    return table
