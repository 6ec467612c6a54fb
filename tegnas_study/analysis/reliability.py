"""How reliable is an average over repeats? Two independent averages compared, directly, for every number of them.

A repeat is a new draw of the weights, with the same images. Everything here is about connected architectures whose
repeats are all there and all worked: the others cannot be reordered by noise.
"""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from tegnas_core.errors import TegnasError
from tegnas_study.analysis.subsets import oriented
from tegnas_study.tables.bootstrap import Estimate, bootstrap
from tegnas_study.tables.ranking import TEG, kendall_tau, rank_sum

TABLE = "repeats10-cifar10-sample"  # of the atlas
INDICATORS = (*TEG, "rank_sum")
Matrices = Mapping[str, pd.DataFrame]


def repeated(rows: pd.DataFrame, *, average: str) -> dict[str, pd.DataFrame]:
    """Return a table for each indicator: an architecture in each row, a repeat in each column.

    The numbers are on the scale on which repeats are averaged.

    Args:
        rows: The table that `atlases.atlas_repeats` returns.
        average: How repeats of κ are averaged; "geometric" gives its logarithm.

    Raises:
        TegnasError: When no architecture has all repeats.
    """
    n_repeats = rows["repeat"].nunique()
    worked = rows[rows["status"] == "ok"].groupby("architecture")["repeat"].nunique()
    complete = rows[rows["architecture"].isin(worked.index[worked == n_repeats])]
    if complete.empty:
        raise TegnasError(f"no architecture has all {n_repeats} repeats; let the sweep go on")
    found = {name: complete.pivot(index="architecture", columns="repeat", values=name) for name in TEG}
    if average == "geometric":
        found["condition_number"] = np.log(found["condition_number"])
    return found


def split_halves(matrices: Matrices, ks: Iterable[int] | None = None, *, seed: int, n_splits: int) -> pd.DataFrame:
    """Return how far two averages of k repeats each, of the same architectures, agree with each other.

    Args:
        matrices: The tables by indicator that `repeated` returns.
        ks: Numbers of repeats; None takes all from 1 to half of those there are.
        seed: Seed of the choice of repeats.
        n_splits: How often 2k different repeats are chosen.

    Returns:
        Columns k, predictor, tau (the mean over splits), low and high (the middle 95 % of the splits).

    Raises:
        TegnasError: When there are fewer than 2k repeats.
    """
    n_repeats = matrices[TEG[0]].shape[1]
    rng, found = np.random.default_rng(seed), []
    for k in range(1, n_repeats // 2 + 1) if ks is None else ks:
        if not 1 <= k <= n_repeats // 2:
            raise TegnasError(f"two averages of {k} repeats need {2 * k} of them, there are {n_repeats}")
        for _ in range(n_splits):
            order = rng.permutation(n_repeats)
            first, second = (_averages(matrices, chosen) for chosen in (order[:k], order[k : 2 * k]))
            for name in INDICATORS:
                found.append((k, name, kendall_tau(oriented(first, name), oriented(second, name)).tau))
    return _summary(found)


def agreement_by_repeats(
    matrices: Matrices, accuracy: pd.Series, ks: Iterable[int] | None = None, *, seed: int, n_splits: int
) -> pd.DataFrame:
    """Return how far an average of k repeats agrees with accuracy.

    Args:
        matrices: The tables by indicator that `repeated` returns.
        accuracy: Accuracies, indexed by architecture; those whose accuracy is unknown are left out.
        ks: Numbers of repeats; None takes all from 1 to those there are.
        seed: Seed of the choice of repeats.
        n_splits: How often k different repeats are chosen.

    Returns:
        As `split_halves`.
    """
    n_repeats = matrices[TEG[0]].shape[1]
    known = matrices[TEG[0]].index.map(accuracy)
    there = {name: matrix[known.notna()] for name, matrix in matrices.items()}
    rng, found = np.random.default_rng(seed), []
    for k in range(1, n_repeats + 1) if ks is None else ks:
        for _ in range(n_splits if k < n_repeats else 1):
            averaged = _averages(there, rng.permutation(n_repeats)[:k])
            for name in INDICATORS:
                found.append((k, name, kendall_tau(oriented(averaged, name), known[known.notna()]).tau))
    return _summary(found)


def foreseen_tau(tau: float, times: float) -> float:
    """Return τ between two averages when each is taken over more repeats, by some factor.

    With ρ = sin(π τ / 2), its odds ρ / (1 − ρ) grow in proportion to the number of repeats. That is exact when
    values and noise are normal and every repeat is as noisy as the others.
    Source: Spearman, British Journal of Psychology 3 (1910); Kendall's τ of normal pairs is (2/π) arcsin ρ.

    Args:
        tau: The τ between two averages, at least 0 and below 1.
        times: By which factor the number of repeats grows; positive.
    """
    odds = times * _odds(tau)
    return float(2 / np.pi * np.arcsin(odds / (1 + odds)))


def repeats_foreseen(halves: pd.DataFrame, above: float = 0.9) -> dict[str, float]:
    """Return how many repeats τ between two averages would need, by indicator, going on from the largest k.

    Args:
        halves: The table that `split_halves` returns.
        above: The τ to reach, below 1.

    Returns:
        A number that need not be whole, by `foreseen_tau`; infinite where repeats do not agree at all.
    """
    last = halves[halves["k"] == halves["k"].max()].set_index("predictor")
    return {name: float(repeats_needed(row["tau"], row["k"], above)) for name, row in last.iterrows()}


def repeats_needed(tau: ArrayLike, k: int, above: float = 0.9) -> NDArray[np.float64]:
    """Return how many repeats τ between two averages needs to reach a bound, by the rule of `foreseen_tau`.

    Args:
        tau: τ between two averages of k repeats each, below 1; a number, or an array of resamples.
        k: How many repeats were averaged.
        above: The τ to reach, below 1.

    Returns:
        Numbers that need not be whole, of the shape of tau; infinite where two averages do not agree at all.
    """
    agreed = np.asarray(tau, float)
    odds = np.array([_odds(value) if value > 0 else 0.0 for value in agreed.ravel()]).reshape(agreed.shape)
    return np.where(odds > 0, k * _odds(above) / np.where(odds > 0, odds, 1), np.inf)


def _odds(tau: float) -> float:
    if not 0 <= tau < 1:
        raise TegnasError(f"a τ to go on from lies from 0 to below 1, got {tau:.3g}")
    rho = np.sin(np.pi * tau / 2)
    return rho / (1 - rho)


def intraclass(matrix: np.ndarray) -> float:
    """Return the intra-class correlation of single repeats, for consistency: 1 when noise does nothing.

    ICC = (B − W) / (B + (r − 1) W) with B the mean square between architectures, times r, and W that of what is
    left when the means of architectures and of repeats are taken off: a repeat that moves all alike does no harm.
    Source: Shrout & Fleiss, Psychological Bulletin 86 (1979), the form they call ICC(3, 1).

    Args:
        matrix: Values of an indicator, shape (n, r) with n ≥ 2 architectures and r ≥ 2 repeats, all finite.
    """
    n, r = matrix.shape
    if n < 2 or r < 2:
        raise TegnasError(f"an intra-class correlation needs two architectures and two repeats, got {n} and {r}")
    centred = matrix - matrix.mean()
    by_row, by_column = centred.mean(1, keepdims=True), centred.mean(0, keepdims=True)
    between = r * np.square(by_row).sum() / (n - 1)
    within = np.square(centred - by_row - by_column).sum() / ((n - 1) * (r - 1))
    return float((between - within) / (between + (r - 1) * within))


def intraclass_correlations(matrices: Matrices, *, seed: int, n_draws: int) -> dict[str, Estimate]:
    """Return the intra-class correlation of each indicator, with its interval over architectures.

    Args:
        matrices: The tables by indicator that `repeated` returns: κ on the scale of its average.
        seed: Seed of the resampling.
        n_draws: Number of resamples.
    """
    values = {name: matrix.to_numpy(float) for name, matrix in matrices.items()}
    n = len(values[TEG[0]])

    def statistic(counts: np.ndarray) -> dict[str, float]:
        return {name: intraclass(np.repeat(matrix, counts, axis=0)) for name, matrix in values.items()}

    found = bootstrap(statistic, np.arange(n), seed=seed, n_draws=n_draws)
    return {name: found.estimate(name) for name in values}


def _averages(matrices: Matrices, chosen: np.ndarray) -> pd.DataFrame:
    """Return the mean over some repeats, with the sum of ranks; the order of a logarithm is that of its number."""
    means = pd.DataFrame({name: matrix.iloc[:, chosen].mean(axis=1) for name, matrix in matrices.items()})
    return means.assign(rank_sum=rank_sum(means))


def _summary(found: list[tuple[int, str, float]]) -> pd.DataFrame:
    taus = pd.DataFrame(found, columns=["k", "predictor", "tau"]).groupby(["k", "predictor"], sort=False)["tau"]
    ends = taus.quantile([0.025, 0.975]).unstack().set_axis(["low", "high"], axis=1)
    return pd.concat([taus.mean(), ends], axis=1).reset_index()
