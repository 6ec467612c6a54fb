"""Orders, and how far two of them agree: pure functions of tables. Signs are flipped here and nowhere else.

An indicator that could not be computed is not finite. Such a failure ranks worst, and failures share their rank.
How sure a correlation is, `bootstrap` says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from tegnas_core.errors import TegnasError
from tegnas_core.indicators import names
from tegnas_core.indicators.names import HIGHER_IS_BETTER as HIGHER_IS_BETTER
from tegnas_study.tables.bootstrap import bootstrap_interval
from tegnas_study.tables.resampled_tau import checked_pairs

TEG = tuple(names.TEG)


@dataclass(frozen=True)
class KendallTau:
    """Kendall's rank correlation and the number of architectures it was taken over.

    Attributes:
        tau: τ-b, from −1 to 1; nan when all values of one side are equal.
        n: Number of architectures.
    """

    tau: float
    n: int


def failures_last(values: ArrayLike, *, higher_is_better: bool) -> NDArray[np.float64]:
    """Return the values with every one that is not finite put at the worse end: −∞ or +∞.

    Args:
        values: Numbers, shape (n,).
        higher_is_better: Direction of the indicator.

    >>> failures_last([4.0, float("nan"), 2.0], higher_is_better=True).tolist()
    [4.0, -inf, 2.0]
    """
    array = np.asarray(values, float)
    return np.where(np.isfinite(array), array, -np.inf if higher_is_better else np.inf)


def ranks(values: ArrayLike, *, higher_is_better: bool) -> NDArray[np.float64]:
    """Return average ranks: 1 for the best, n for the worst, shape (n,).

    rank(a) = #{b better than a} + (#{b equal to a} + 1) / 2, where a counts as equal to itself. Failures are
    equal to each other and worse than everything else.

    Args:
        values: Numbers, shape (n,); what is not finite is a failure.
        higher_is_better: Direction of the indicator.

    >>> ranks([10.0, 30.0, 30.0, float("inf")], higher_is_better=False).tolist()
    [1.0, 2.5, 2.5, 4.0]
    """
    ordered = failures_last(values, higher_is_better=higher_is_better)
    return stats.rankdata(-ordered if higher_is_better else ordered)


def rank_sum(
    table: pd.DataFrame,
    indicators: Sequence[str] = TEG,
    *,
    higher_is_better: Mapping[str, bool] = HIGHER_IS_BETTER,
) -> pd.Series:
    """Return Σ_i rank_i(a) over some indicators, named ``rank_sum``; a small sum is good.

    The ranks are those within the table, so the sum of one architecture depends on the others in it. Source:
    paper Fig. 1, which does not say how ties count; here they share their average rank.

    Args:
        table: One row for each architecture, one column for each indicator.
        indicators: The columns to use.
        higher_is_better: Direction of each indicator.

    Raises:
        TegnasError: When there is no indicator, or one has no column or no direction.

    >>> table = pd.DataFrame({"condition_number": [20.0, 50.0], "linear_regions": [900, 1500]})
    >>> rank_sum(table, ["condition_number", "linear_regions"]).tolist()  # each is best once
    [3.0, 3.0]
    """
    for name in indicators:
        if name not in table.columns:
            raise TegnasError(f"the table has no column {name!r}; it has {', '.join(map(str, table.columns))}")
        if name not in higher_is_better:
            raise TegnasError(f"no direction is known for {name!r}; give higher_is_better={{{name!r}: …}}")
    if not indicators:
        raise TegnasError(f"a sum of ranks needs at least one indicator, such as {TEG[0]}")
    columns = [ranks(table[name], higher_is_better=higher_is_better[name]) for name in indicators]
    return pd.Series(np.sum(columns, axis=0), index=table.index, name="rank_sum")


def kendall_tau(x: ArrayLike, y: ArrayLike) -> KendallTau:
    """Return Kendall's τ-b, the agreement of two orders corrected for ties.

    τ = (C − D) / √((N − T_x)(N − T_y)), with C concordant and D discordant pairs, N = n(n − 1)/2 pairs in all,
    of which T_x are tied in x and T_y in y. Source: Kendall, Biometrika 33 (1945).

    Nothing is turned round: for an indicator of which small values are good, a good τ is negative. An infinite
    value is larger (or smaller) than every finite one and equal to its like, so a failed κ ranks worst as it is.

    Args:
        x: Numbers, shape (n,).
        y: Numbers, shape (n,).

    Raises:
        TegnasError: When the lengths differ, there are fewer than two pairs, or a value is nan (see
            `failures_last`).

    >>> round(kendall_tau([1, 2, 3, 4], [10, 30, 20, 40]).tau, 3)  # five of six pairs agree
    0.667
    """
    first, second = checked_pairs(x, y)
    order = (stats.rankdata(values, method="dense") for values in (first, second))  # scipy never sees ∞
    return KendallTau(float(stats.kendalltau(*order).statistic), len(first))


def partial_tau(xy: ArrayLike, xz: ArrayLike, yz: ArrayLike) -> NDArray[np.float64] | float:
    """Return the partial τ of x and y given z, from the three τ between them.

    τ_{xy·z} = (τ_xy − τ_xz τ_yz) / √((1 − τ_xz²)(1 − τ_yz²)). Source: Kendall, Biometrika 32 (1942). It is 0 when
    the agreement is no more than what both owe to z, if τ combines like a correlation, which it does roughly.

    Args:
        xy: τ of x and y; a number, or an array of resamples.
        xz: τ of x and z.
        yz: τ of y and z.

    Returns:
        A number, or an array of the same shape; nan where x or y has the same order as z.

    >>> round(partial_tau(0.6, 0.5, 0.4), 3)
    0.504
    """
    xy, xz, yz = (np.asarray(value, float) for value in (xy, xz, yz))
    spread = (1 - xz**2) * (1 - yz**2)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where(spread > 1e-12, (xy - xz * yz) / np.sqrt(spread), np.nan)
    return found if found.ndim else float(found)


def top_fraction(values: ArrayLike, fraction: float, *, higher_is_better: bool) -> NDArray[np.bool_]:
    """Say for each value whether it belongs to the best share of all, shape (n,), bool.

    With T the ⌈fraction · n⌉-th best value, all that are at least as good as T belong (paper Eq. 10 to 12); with
    ties at T they may be more than asked for. A failure never belongs.

    Raises:
        TegnasError: When the fraction is not in (0, 1].

    >>> top_fraction([90.1, 93.5, 88.0, 94.2], 0.5, higher_is_better=True).tolist()
    [False, True, False, True]
    """
    if not 0 < fraction <= 1:
        raise TegnasError(f"a fraction lies between 0 and 1, got {fraction}")
    ordered = failures_last(values, higher_is_better=higher_is_better)
    costs = -ordered if higher_is_better else ordered
    if len(costs) == 0:
        return np.zeros(0, bool)
    position = int(np.ceil(round(fraction * len(costs), 9))) - 1  # 0.07 · 100 is 7, not 7.0000000000000009
    return np.isfinite(costs) & (costs <= np.sort(costs)[position])


def precision_at_k(x: ArrayLike, accuracy: ArrayLike, k: int, *, higher_is_better: bool) -> float:
    """Return which share of the k best by x are among the k most accurate.

    Ties at either border are broken at random, and the expectation is returned: of t values that are tied for the
    last s places each counts s/t.

    Args:
        x: Values of an indicator, shape (n,); failures rank worst.
        accuracy: Accuracies, shape (n,).
        k: How many are chosen, 1 … n.
        higher_is_better: Direction of the indicator.

    Raises:
        TegnasError: When the lengths differ, an accuracy is nan, or k is out of range.

    >>> precision_at_k([1, 2, 3, 4], [90.0, 93.0, 91.0, 94.0], 2, higher_is_better=True)
    0.5
    """
    chosen, known = checked_pairs(failures_last(x, higher_is_better=higher_is_better), accuracy)
    if not 1 <= k <= len(chosen):
        raise TegnasError(f"k must be between 1 and the {len(chosen)} architectures, got {k}")
    membership = _membership(-chosen if higher_is_better else chosen, k) * _membership(-known, k)
    return float(membership.sum() / k)


def _membership(costs: NDArray[np.float64], k: int) -> NDArray[np.float64]:
    """Return each value's probability to be among the k smallest when ties are broken at random."""
    border = np.sort(costs)[k - 1]
    better, tied = costs < border, costs == border
    return better + tied * ((k - better.sum()) / tied.sum())


def correlations(
    table: pd.DataFrame,
    accuracies: Sequence[str],
    indicators: Sequence[str] = (*TEG, "rank_sum"),
    *,
    seed: int,
    n_draws: int = 1000,
    level: float = 0.95,
    higher_is_better: Mapping[str, bool] = HIGHER_IS_BETTER,
) -> pd.DataFrame:
    """Return τ of every indicator with every accuracy, with its bootstrap interval over architectures.

    A sum of ranks is resampled as it stands: it is not ranked anew within each resample.

    Args:
        table: One row for each architecture; where an accuracy is nan the row is left out for that accuracy.
        accuracies: Columns of the table.
        indicators: Columns of the table; failures rank worst.
        seed: Seed of the resampling.
        n_draws: Number of resamples.
        level: Nominal coverage of the interval.
        higher_is_better: Direction of each indicator.

    Returns:
        Columns indicator, accuracy, n, tau, low, high.
    """
    rows = []
    for accuracy in accuracies:
        known = table[table[accuracy].notna()]
        for indicator in indicators:
            x = failures_last(known[indicator], higher_is_better=higher_is_better[indicator])
            found = kendall_tau(x, known[accuracy])
            interval = bootstrap_interval(x, known[accuracy], seed=seed, n_draws=n_draws, level=level)
            rows.append((indicator, accuracy, found.n, found.tau, interval.low, interval.high))
    return pd.DataFrame(rows, columns=["indicator", "accuracy", "n", "tau", "low", "high"])


def turned_correlations(
    found: pd.DataFrame, *, higher_is_better: Mapping[str, bool] = HIGHER_IS_BETTER
) -> pd.DataFrame:
    """Return correlations with the sign turned where small values are good: a larger τ is then always better.

    Args:
        found: The table that `correlations` returns.
        higher_is_better: Direction of each indicator.
    """
    turned = found.copy()
    small = ~found["indicator"].map(higher_is_better).astype(bool)
    turned.loc[small, "tau"] = -found.loc[small, "tau"]
    turned.loc[small, "low"] = -found.loc[small, "high"]
    turned.loc[small, "high"] = -found.loc[small, "low"]
    return turned
