"""What is left to find: how well a forest that learns from accuracies orders the classes it never saw.

Part of the protocol of combinations (see `combinations`).
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_core.spaces.architecture import EDGES, OPERATIONS, Architecture
from tegnas_study.analysis.combinations import INDICATORS
from tegnas_study.analysis.subsets import oriented
from tegnas_study.tables.bootstrap import Bootstrap, bootstrap, taus

N_TREES, N_FOLDS = 500, 10
FEATURES = ("cell", "indicators", "both")


def cell_features(architectures: Sequence[str]) -> pd.DataFrame:
    """Return a column of zeros and ones for each edge and operation, named like ``nor_conv_3x3~0→1``."""
    parsed = [Architecture.parse(text) for text in architectures]
    columns = {
        f"{name}~{source}→{target}": [cell[source, target] == name for cell in parsed]
        for source, target in EDGES
        for name in OPERATIONS
    }
    return pd.DataFrame(columns, dtype=float)


def features(rows: pd.DataFrame, which: str) -> np.ndarray:
    """Return what the forest sees of each class.

    Args:
        rows: The table that `combinations.measured` returns.
        which: "cell", the operations on the six edges; "indicators", their ranks; or "both".

    Raises:
        TegnasError: When the features are unknown.
    """
    if which not in FEATURES:
        raise TegnasError(f"unknown features {which!r}; known are {', '.join(FEATURES)}")
    parts = []
    if which != "indicators":
        parts.append(cell_features(rows["representative"].tolist()).to_numpy())
    if which != "cell":
        parts.append(np.column_stack([oriented(rows, name) for name in INDICATORS]))
    return np.hstack(parts)


def out_of_fold(
    rows: pd.DataFrame,
    which: str,
    accuracy: str = "test_accuracy",
    *,
    seed: int,
    n_learned: int | None = None,
    n_trees: int = N_TREES,
    n_folds: int = N_FOLDS,
    workers: int = 1,
) -> np.ndarray:
    """Return the predicted accuracy of each class by a forest that did not see it, in percent.

    Args:
        rows: The table that `combinations.measured` returns, one row for each class.
        which: The features.
        accuracy: The column of accuracies, in percent.
        seed: Seed of the folds, of what is learned from, and of the forests.
        n_learned: How many classes each forest learns from, drawn from the other folds; None takes them all.
        n_trees: Trees of a forest.
        n_folds: Number of folds.
        workers: Threads.
    """
    from sklearn.ensemble import RandomForestRegressor
    from sklearn.model_selection import KFold

    seen, wanted = features(rows, which), rows[accuracy].to_numpy(float)
    predicted, rng = np.empty(len(rows)), np.random.default_rng(seed)
    for learned, held_out in KFold(n_folds, shuffle=True, random_state=seed).split(seen):
        few = learned if n_learned is None else rng.choice(learned, min(n_learned, len(learned)), replace=False)
        forest = RandomForestRegressor(n_trees, random_state=seed, n_jobs=workers)
        predicted[held_out] = forest.fit(seen[few], wanted[few]).predict(seen[held_out])
    return predicted


def ceiling(
    rows: pd.DataFrame,
    predictions: Mapping[str, np.ndarray],
    accuracy: str = "test_accuracy",
    *,
    seed: int,
    n_draws: int,
) -> Bootstrap:
    """Return the agreement of predictions with the accuracy.

    Args:
        rows: The table that `combinations.measured` returns.
        predictions: What `out_of_fold` returned, by name.
        accuracy: The column of accuracies, in percent.
        seed: Seed of the resampling, which draws classes.
        n_draws: Number of resamples.
    """
    pairs = {name: (found, rows[accuracy]) for name, found in predictions.items()}
    return bootstrap(taus(pairs), rows["representative"], seed=seed, n_draws=n_draws)
