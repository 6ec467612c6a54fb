"""What does the best of a few random architectures reach, chosen by an indicator? Exactly, without drawing any.

The first version of "NAS without training" draws 25 architectures and takes the one with the best jacob-cov; the
paper's Table 2 has it. With a table of all architectures its mean needs no search.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy.special import gammaln

from tegnas_core.errors import TegnasError
from tegnas_study.analysis.subsets import oriented


def best_of(values: pd.Series, accuracy: pd.Series, n: int) -> tuple[float, float]:
    """Return mean and standard deviation of the accuracy of the best of n random architectures.

    Of N architectures in order, best first, the i-th (from 0) is the best of n drawn without replacement with
    probability C(N − 1 − i, n − 1) / C(N, n). Those with equal values share their places.

    Args:
        values: Where larger is better, shape (N,).
        accuracy: Accuracies in percent, shape (N,).
        n: How many are drawn.

    Raises:
        TegnasError: When n is not between 1 and N.

    >>> best_of(pd.Series([1.0, 2.0, 3.0]), pd.Series([90.0, 91.0, 95.0]), 3)  # all are drawn
    (95.0, 0.0)
    """
    size = len(values)
    if not 1 <= n <= size:
        raise TegnasError(f"the best of n needs 1 to {size} architectures, got {n}")
    later = size - 1.0 - np.arange(size - n + 1)  # how many are worse than the i-th
    logs = _log_binomial(later, n - 1) - _log_binomial(np.array([float(size)]), n)
    chance = np.concatenate([np.exp(logs), np.zeros(n - 1)])
    order = np.argsort(-values.to_numpy(), kind="stable")
    ranked = pd.DataFrame({"value": values.to_numpy()[order], "a": accuracy.to_numpy()[order], "p": chance})
    shared = ranked.groupby("value")["p"].transform("mean")
    mean = float(shared @ ranked["a"])
    return mean, float(np.sqrt(max(0.0, shared @ (ranked["a"] - mean) ** 2)))


def best_of_table(
    table: pd.DataFrame, accuracies: Iterable[str], predictors: Iterable[str], *, n: int = 25
) -> pd.DataFrame:
    """Return what the best of n reaches by several predictors on several accuracies.

    Args:
        table: The table that ``atlas(rivals=…)`` returns, with the accuracies.
        accuracies: The columns of accuracies.
        predictors: The columns to choose by.
        n: How many are drawn.

    Returns:
        Columns predictor, n, accuracy, mean, sd.
    """
    rows, accuracies = [], tuple(accuracies)
    for predictor in predictors:
        for accuracy in accuracies:
            known = table[table[accuracy].notna() & table[predictor].notna()]
            rows.append((predictor, n, accuracy, *best_of(oriented(known, predictor), known[accuracy], n)))
    return pd.DataFrame(rows, columns=["predictor", "n", "accuracy", "mean", "sd"])


def _log_binomial(n: np.ndarray, k: int) -> np.ndarray:
    return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
