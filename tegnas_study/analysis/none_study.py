"""What happens when `none` is replaced? The paper's Fig. 3, one architecture there, over every such pair here.

Every architecture and every edge of it that holds ``none`` makes 18,750 pairs, and four operations can take its
place: 75,000 replacements, each with a before and an after.
"""

from collections.abc import Mapping
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tegnas_core.errors import TegnasError
from tegnas_core.spaces.architecture import EDGES, OPERATIONS, Architecture
from tegnas_study.analysis.across_draws import DrawsBootstrap, across_draws, same_rows
from tegnas_study.analysis.subsets import evaluated
from tegnas_study.tables.bootstrap import Bootstrap, Counts, bootstrap
from tegnas_study.tables.ranking import HIGHER_IS_BETTER, TEG, failures_last

Kind = Literal["changed", "connected", "same function", "still disconnected"]

KINDS: tuple[Kind, ...] = get_args(Kind)
REPLACEMENTS = tuple(name for name in OPERATIONS if name != "none")
CHANGES = {
    "condition_number": "decades of κ",  # log₁₀ κ after − log₁₀ κ before
    "linear_regions": "change of R",
    "regression_error": "change of MSE",
    "accuracy": "change of accuracy",
}


def none_pairs(table: pd.DataFrame, accuracy: str = "test_accuracy") -> pd.DataFrame:
    """Return one row for each replacement of a ``none`` by another operation.

    Args:
        table: The table that `atlases.atlas` returns, with the accuracy. Replacements are left out where one of
            the two architectures was not evaluated, or its accuracy is unknown.
        accuracy: The column of accuracies, in percent.

    Returns:
        ``before`` and ``after`` (labels of the table's index), ``architecture`` and ``representative`` of the one
        before, ``edge`` such as "0→1", ``replacement``; ``kind``: "changed", "connected" (there was no path
        before), "still disconnected", or "same function" (the edge leads nowhere); for κ, R and MSE ``better_…``:
        +1, 0 or −1 as the indicator says better, equal or worse, failures being worst; ``change_…``, the
        difference (of log₁₀ κ), nan where a side failed; ``change_accuracy`` in percent.
    """
    known = evaluated(table)
    known = known[known[accuracy].notna()]
    codes = np.array(
        [[OPERATIONS.index(o) for o in Architecture.parse(a).operations] for a in known["architecture"]]
    )
    if not len(known):
        raise TegnasError(f"no architecture has both indicators and {accuracy}")
    place = len(OPERATIONS) ** np.arange(len(EDGES))
    position = np.full(len(OPERATIONS) ** len(EDGES), -1)
    position[codes @ place] = np.arange(len(known))
    parts = []
    for edge, (source, target) in enumerate(EDGES):
        before = np.flatnonzero(codes[:, edge] == OPERATIONS.index("none"))
        for name in REPLACEMENTS:
            after = position[codes[before] @ place + OPERATIONS.index(name) * place[edge]]
            both = after >= 0
            facts = {"edge": f"{source}→{target}", "replacement": name}
            parts.append(_compared(known, before[both], after[both], accuracy).assign(**facts))
    return pd.concat(parts, ignore_index=True)


def _compared(known: pd.DataFrame, before: NDArray, after: NDArray, accuracy: str) -> pd.DataFrame:
    old, new = known.iloc[before], known.iloc[after]
    found = {
        "before": old.index,
        "after": new.index,
        "architecture": old["architecture"].to_numpy(),
        "representative": old["representative"].to_numpy(),
        "kind": _kinds(old, new),
        "change_accuracy": new[accuracy].to_numpy() - old[accuracy].to_numpy(),
    }
    for name in TEG:
        there, here = (failures_last(t[name], higher_is_better=HIGHER_IS_BETTER[name]) for t in (old, new))
        direction = 1 if HIGHER_IS_BETTER[name] else -1
        found[f"better_{name}"] = direction * ((here > there).astype(int) - (here < there))
        finite = np.isfinite(there) & np.isfinite(here)
        scale = np.log10 if name == "condition_number" else np.asarray
        change = np.full(len(old), np.nan)
        change[finite] = scale(here[finite]) - scale(there[finite])
        found[f"change_{name}"] = change
    return pd.DataFrame(found)


def _kinds(old: pd.DataFrame, new: pd.DataFrame) -> NDArray[np.str_]:
    was, now = old["connected"].to_numpy(), new["connected"].to_numpy()
    same = old["representative"].to_numpy() == new["representative"].to_numpy()
    return np.select(
        [~now, ~was, same],
        ["still disconnected", "connected", "same function"],
        default="changed",
    )


def accuracy_noise(pairs: pd.DataFrame) -> float:
    """Return how far the accuracies of one function differ: the 95 % quantile of |Δ| over "same function".

    Two strings of one function were trained apart, so their difference is the noise of training.
    """
    same = pairs.loc[pairs["kind"] == "same function", "change_accuracy"].abs()
    return float(same.quantile(0.95)) if len(same) else float("nan")


def summary(pairs: pd.DataFrame, by: str, *, margin: float = 0.0) -> pd.DataFrame:
    """Return what each replacement, or each edge, does to indicators and accuracy.

    Args:
        pairs: The table that `none_pairs` returns, usually the kind "changed" alone.
        by: What the rows are grouped by: "replacement", "edge", or "kind".
        margin: Accuracies that differ by no more than this count as equal.

    Returns:
        Indexed by group: ``n``; ``improves_…``, the share of replacements that the indicator, or the accuracy,
        calls better; ``median_…``, the median change; ``wrong_…``, the share in which the indicator points away
        from the accuracy, of those in which both differ (`points_wrong`).
    """
    groups = pairs.groupby(by, sort=False)
    found = {group: shares(part, margin=margin) | _medians(part) for group, part in groups}
    return pd.DataFrame(found).T.rename_axis(by)


# Two indicators that toss a coin each: at least one of them calls a replacement better in this share of cases.
TWO_COINS = 0.75


def shares(pairs: pd.DataFrame, weights: Counts | None = None, *, margin: float = 0.0) -> dict[str, float]:
    """Return the shares of `summary` over all rows, each as often as its weight says.

    Args:
        pairs: The table that `none_pairs` returns.
        weights: How often each row counts, shape (n,); None counts each row once.
        margin: Accuracies that differ by no more than this count as equal.
    """
    once = np.ones(len(pairs), np.int64) if weights is None else weights
    return {"n": float(once.sum()), **Shares(pairs, margin=margin)(once)}


class Shares:
    """The statistic that counts shares of replacements, of many resamples at once.

    * ``improves_…``: of all replacements, those that the indicator, or the accuracy beyond the margin, calls
      better; ``improves_either``: κ or R does; ``improves_either_and_accuracy``: one of them and the accuracy;
    * ``wrong_…``: of those in which both differ, those in which the indicator points away from the accuracy;
      ``wrong_always``: the same of the rule "anything is better than none";
    * ``rises``: of those that really change the accuracy, those that raise it; ``rises_if_either`` and
      ``rises_if_neither``: the same of those that κ or R calls better, and of the others. Their difference is what
      the two know; the share of all that improve both is no measure of it, since most replacements raise accuracy
      and two coins, too, would often show one head.

    Args:
        pairs: The table that `none_pairs` returns.
        margin: Accuracies that differ by no more than this count as equal.
    """

    def __init__(self, pairs: pd.DataFrame, *, margin: float = 0.0) -> None:
        gains = _signs(pairs["change_accuracy"], margin)
        better = {name: pairs[f"better_{name}"].to_numpy() for name in TEG}
        either = (better["condition_number"] > 0) | (better["linear_regions"] > 0)
        everything, real, rises = np.ones(len(pairs), bool), gains != 0, gains > 0
        parts = {"improves_accuracy": (rises, everything)}
        for name in TEG:
            parts[f"improves_{name}"] = (better[name] > 0, everything)
            parts[f"wrong_{name}"] = (better[name] != gains, real & (better[name] != 0))
        parts |= {
            "wrong_always": (~rises, real),
            "improves_either": (either, everything),
            "improves_either_and_accuracy": (either & rises, everything),
            "rises": (rises, real),
            "rises_if_either": (rises, real & either),
            "rises_if_neither": (rises, real & ~either),
        }
        self._names = list(parts)
        self._hits = np.array([hits & of for hits, of in parts.values()], np.float32)
        self._of = np.array([of for _, of in parts.values()], np.float32)

    def __call__(self, counts: Counts) -> dict[str, float]:
        """Return the shares of one resample, from counts of shape (n,)."""
        return {name: float(values[0]) for name, values in self.many(counts[:, None]).items()}

    def many(self, counts: Counts) -> dict[str, NDArray[np.float64]]:
        """Return the shares of several resamples, each of shape (r,), from counts of shape (n, r)."""
        weights = counts.astype(np.float32)  # sums stay below 2²⁴, so they are exact
        with np.errstate(invalid="ignore"):
            found = (self._hits @ weights).astype(float) / (self._of @ weights)
        return dict(zip(self._names, found, strict=True))


def points_wrong(pairs: pd.DataFrame, *, margin: float = 0.0, seed: int, n_draws: int) -> Bootstrap:
    """Return the shares of `Shares` with resamples of the classes before the replacement.

    ``wrong_always`` is the share that the rule "anything is better than none" gets wrong: an indicator that knows
    more must do better.
    """
    statistic = Shares(pairs, margin=margin)
    return bootstrap(statistic, pairs["representative"], seed=seed, n_draws=n_draws)


def shares_across_draws(
    pairs: Mapping[str, pd.DataFrame], *, margin: float, seed: int, n_draws: int
) -> DrawsBootstrap:
    """Return the shares of `Shares` across draws of weights and batch.

    Args:
        pairs: For each draw the table that `none_pairs` returns, or the same part of it.
        margin: Accuracies that differ by no more than this count as equal.
        seed: Seed of the resampling, which draws draws and the classes before the replacement.
        n_draws: Number of resamples.
    """
    same = same_rows({draw: part.set_index(["before", "after"]) for draw, part in pairs.items()})
    groups = next(iter(same.values()))["representative"]
    statistics = {draw: Shares(part, margin=margin) for draw, part in pairs.items()}
    return across_draws(statistics, groups, seed=seed, n_draws=n_draws)


def extreme_cases(pairs: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the nicest and the worst replacement, of those that all three indicators call better.

    The nicest gains most accuracy, the worst loses most. Only functions that change and were connected before.

    Raises:
        TegnasError: When no replacement improves all three.
    """
    chosen = pairs[pairs["kind"] == "changed"]
    chosen = chosen[(chosen[[f"better_{name}" for name in TEG]] > 0).all(axis=1)]
    if chosen.empty:
        raise TegnasError("no replacement improves all three indicators")
    return {
        "nicest": chosen.loc[chosen["change_accuracy"].idxmax()],
        "worst": chosen.loc[chosen["change_accuracy"].idxmin()],
    }


def _signs(changes: pd.Series, margin: float) -> NDArray[np.int64]:
    values = changes.to_numpy()
    return np.where(np.abs(values) > margin, np.sign(values), 0).astype(int)


def _medians(pairs: pd.DataFrame) -> dict[str, float]:
    return {f"median_{name}": float(pairs[f"change_{name}"].median()) for name in (*TEG, "accuracy")}
