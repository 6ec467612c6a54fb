"""What does one indicator choose that the two others do not? The exclusive sets of Eq. 10 to 12, and Fig. 2.

With T the threshold of an indicator's best tenth, A_κ holds the architectures at least as good as T_κ by κ and
worse than T_R and T_MSE by the others; A_R and A_MSE are the same in turn. No architecture is in two of them, by
construction.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tegnas_core.spaces.architecture import OPERATIONS
from tegnas_study.analysis.repeats import usable_repeats
from tegnas_study.analysis.subsets import evaluated
from tegnas_study.tables.bootstrap import Bootstrap, Counts, bootstrap
from tegnas_study.tables.ranking import HIGHER_IS_BETTER, TEG, top_fraction
from tegnas_study.tables.repeats import of_repeat

FRACTION = 0.1

# What is said of a set, and how: mean over its members of these columns (a share is a mean over edges).
SHARES = {f"share_{operation}": f"n_{operation}" for operation in OPERATIONS}
QUANTITIES = (*SHARES, "share_convolutions", "share_live_convolutions", "depth", "effective_depth")


def exclusive_sets(table: pd.DataFrame, fraction: float = FRACTION) -> pd.DataFrame:
    """Return for each architecture in which exclusive set it is: a column of booleans for each indicator.

    Thresholds are taken over all rows, ties at a threshold come in, and an indicator that failed chooses nobody.

    Args:
        table: One row for each architecture, with the three indicators.
        fraction: The share of the rows that counts as best.
    """
    best = {name: top_fraction(table[name], fraction, higher_is_better=HIGHER_IS_BETTER[name]) for name in TEG}
    chosen_by = np.sum(list(best.values()), axis=0)
    return pd.DataFrame({name: best[name] & (chosen_by == 1) for name in TEG}, index=table.index)


def members(table: pd.DataFrame) -> pd.DataFrame:
    """Return what Fig. 2 needs to know of each evaluated architecture, as floats.

    The shares are of its six edges; ``share_live_convolutions`` is of its edges on an input-output path. A depth
    is nan where there is no path.

    Args:
        table: The table that `atlases.atlas` returns; accuracies such as ``test_accuracy`` are kept.
    """
    rows, n_edges = evaluated(table), 6
    columns = {share: rows[column] / n_edges for share, column in SHARES.items()}
    columns["share_convolutions"] = rows["n_convolutions"] / n_edges
    columns["share_live_convolutions"] = rows["n_live_convolutions"] / rows["n_live_edges"].where(
        rows["connected"]
    )
    for name in ("depth", "effective_depth"):
        columns[name] = rows[name].astype(float)
    kept = [*TEG, "architecture", "representative", "connected", *accuracies(rows)]
    return pd.concat([rows[kept], pd.DataFrame(columns)], axis=1)


def accuracies(table: pd.DataFrame) -> list[str]:
    """Return the columns of a table that hold accuracies after full training."""
    return [c for c in table.columns if c.endswith(("_accuracy", "_test_200")) and table[c].notna().any()]


def profile(rows: pd.DataFrame, chosen: NDArray[np.bool_]) -> dict[str, float]:
    """Return the size of a set, its share of the rows, and the mean of every quantity over its members.

    Args:
        rows: The table that `members` returns.
        chosen: Which rows are in the set, shape (n,).
    """
    inside = rows[chosen]
    means = {name: float(inside[name].mean()) for name in (*QUANTITIES, *accuracies(rows))}
    return {"size": float(len(inside)), "share": len(inside) / max(1, len(rows)), **means}


def set_means(table: pd.DataFrame, fraction: float = FRACTION) -> dict[tuple[str, str], float]:
    """Return the profile of each exclusive set, without resamples, by (indicator, quantity).

    Args:
        table: The table that `atlases.atlas` returns.
        fraction: The share of the rows that counts as best.
    """
    return _profiles_of(members(table).reset_index(drop=True), fraction)


def _profiles_of(rows: pd.DataFrame, fraction: float) -> dict[tuple[str, str], float]:
    sets = exclusive_sets(rows, fraction)
    return {(n, q): v for n in TEG for q, v in profile(rows, sets[n].to_numpy()).items()}


def profiles(table: pd.DataFrame, fraction: float = FRACTION, *, seed: int, n_draws: int) -> Bootstrap:
    """Return the profile of each exclusive set, with resamples of the whole space.

    A resample draws classes of equal functions and finds thresholds and sets anew. Its size is that of a space as
    large as the table.

    Returns:
        Statistics named (indicator, quantity).
    """
    rows = members(table).reset_index(drop=True)

    def statistic(counts: Counts) -> dict[tuple[str, str], float]:
        drawn = rows.iloc[np.repeat(np.arange(len(rows)), counts)].reset_index(drop=True)
        return _profiles_of(drawn, fraction)

    return bootstrap(statistic, rows["representative"], seed=seed, n_draws=n_draws)


def random_profiles(table: pd.DataFrame, sizes: Mapping[str, int], *, seed: int, n_draws: int) -> pd.DataFrame:
    """Return the profiles of random sets of connected architectures of the same sizes: what chance looks like.

    Like the exclusive sets they consist of whole classes: classes in random order are taken until the set is as
    large.

    Args:
        table: The table that `atlases.atlas` returns.
        sizes: Name of a set → number of its members.
        seed: Seed of the random draws.
        n_draws: Number of random sets of each size.

    Returns:
        Columns set, draw, quantity, value.
    """
    rows = members(table)
    rows = rows[rows["connected"]].reset_index(drop=True)
    codes = pd.factorize(rows["representative"])[0]
    rng, parts = np.random.default_rng(seed), []
    for draw in range(n_draws):
        order = np.argsort(rng.permutation(codes.max() + 1)[codes], kind="stable")
        for name, size in sizes.items():
            chosen = np.zeros(len(rows), bool)
            chosen[order[:size]] = True
            parts += [(name, draw, quantity, value) for quantity, value in profile(rows, chosen).items()]
    return pd.DataFrame(parts, columns=["set", "draw", "quantity", "value"])


def beside_chance(found: Bootstrap, drawn: pd.DataFrame) -> pd.DataFrame:
    """Return the profiles of the sets beside those of random sets.

    Args:
        found: The bootstrap that `profiles` returns.
        drawn: The table that `random_profiles` returns for the same sets.

    Returns:
        Columns set, quantity, value, low, high, random_low, random_high; the last two hold the middle 95 % of the
        random sets.
    """
    rows = found.table()
    rows[["set", "quantity"]] = [*rows.index]
    ends = drawn.groupby(["set", "quantity"])["value"].quantile([0.025, 0.975]).unstack()
    return rows.merge(ends.set_axis(["random_low", "random_high"], axis=1).reset_index(), on=["set", "quantity"])


def overlaps(table: pd.DataFrame, fraction: float = FRACTION) -> pd.DataFrame:
    """Return for each indicator how many of its best tenth are chosen by it alone, with one other, by all three.

    Returns:
        Indexed by indicator; columns ``tenth``, ``alone``, ``with_one``, ``with_both``.
    """
    best = {n: top_fraction(table[n], fraction, higher_is_better=HIGHER_IS_BETTER[n]) for n in TEG}
    chosen_by = np.sum(list(best.values()), axis=0)
    counts = {n: [b.sum(), *(np.sum(b & (chosen_by == k)) for k in (1, 2, 3))] for n, b in best.items()}
    return pd.DataFrame(counts, index=["tenth", "alone", "with_one", "with_both"]).T


def jaccard(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> float:
    """Return |A ∩ B| / |A ∪ B|, the overlap of two sets; nan when both are empty."""
    union = np.sum(first | second)
    return float(np.sum(first & second) / union) if union else float("nan")


def stability(table: pd.DataFrame, rows: pd.DataFrame, fraction: float = FRACTION) -> pd.DataFrame:
    """Return how far the exclusive sets of two repeats overlap, for every pair of usable repeats.

    Args:
        table: The table that `atlases.atlas` returns.
        rows: The table that `atlases.atlas_repeats` returns.
        fraction: The share of the rows that counts as best.

    Returns:
        Columns first, second, set, jaccard, chance: the overlap of two random sets of these sizes, and so for
        ``tenth``, the overlap of the best tenths that the sets are cut from. No rows with fewer than two repeats.
    """
    alone = [of_repeat(table, rows, repeat) for repeat in range(usable_repeats(rows))]
    found = []
    for first in range(len(alone)):
        for second in range(first + 1, len(alone)):
            both = alone[first].index.intersection(alone[second].index)
            pair = alone[first].loc[both], alone[second].loc[both]
            sets = [exclusive_sets(part, fraction) for part in pair]
            for name in TEG:
                a, b = (part[name].to_numpy() for part in sets)
                tenths = [top_fraction(p[name], fraction, higher_is_better=HIGHER_IS_BETTER[name]) for p in pair]
                found.append((first, second, name, jaccard(a, b), _by_chance(a, b), jaccard(*tenths)))
    return pd.DataFrame(found, columns=["first", "second", "set", "jaccard", "chance", "tenth"])


def _by_chance(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> float:
    """Return the overlap of two sets of these sizes when they share what independent sets share on average."""
    shared = first.sum() * second.sum() / len(first)
    union = first.sum() + second.sum() - shared
    return float(shared / union) if union else float("nan")
