"""Which part of the regression error knows the labels? Parts that do not depend on scale, over many batches.

The error is mean ‖y‖² + mean ‖ŷ‖² − 2 mean ⟨ŷ, y⟩. The last part knows the labels, but it grows with the size of
the predictions, so its order of architectures is largely the order of that size. The cosine of ŷ and y does not.
On one batch of 64 images either is mostly noise; how much of it is, the agreement of two draws says.
"""

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from tegnas_study.analysis.across_draws import AcrossDraws, across_draws, as_row, same_rows
from tegnas_study.analysis.regression_error import with_parts
from tegnas_study.analysis.subsets import Subset, subset
from tegnas_study.tables.bootstrap import Estimate, bootstrap, taus
from tegnas_study.tables.ranking import kendall_tau, partial_tau, ranks

# Part → whether large values are good.
PARTS: Mapping[str, bool] = {
    "regression_error": False,
    "condition_number": False,
    "control_norm": False,
    "control_alignment": True,
    "cosine": True,
    "control_lga": True,
    "label_gain": True,
}
CONTROLS = ("control_norm", "control_alignment", "control_permuted", "control_lga")


def with_cosine(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with the parts of the error, and ``cosine``, the alignment without its scale.

    cosine = mean ⟨ŷ, y⟩ / √(mean ‖ŷ‖² · mean ‖y‖²), where mean ‖y‖² is the error of the trivial predictor.

    Raises:
        TegnasError: When the table was computed without controls.
    """
    parts = with_parts(table)
    scale = np.sqrt(parts["control_norm"] * parts["trivial"])
    return parts.assign(cosine=parts["control_alignment"] / scale)


def parts_across_draws(
    tables: Mapping[str, pd.DataFrame],
    accuracy: str = "test_accuracy",
    name: Subset = "classes",
    *,
    seed: int,
    n_draws: int,
) -> pd.DataFrame:
    """Return the agreement of every part with accuracy: in single draws, and averaged over all of them.

    Args:
        tables: The tables that `across_draws.draw_tables` returns with ``more=CONTROLS``; connected architectures
            take part.
        accuracy: The column of accuracies, in percent.
        name: Name of the subset.
        seed: Seed of the resampling.
        n_draws: Number of resamples.

    Returns:
        Indexed by part: mean, sd, low, high, above and draws, as `across_draws.as_row` has them; ``reliability``,
        the mean τ of two draws; ``averaged``, the agreement of the mean over draws (of log κ), with
        ``averaged_low`` and ``averaged_high`` over classes.
    """
    rows = _rows(tables, accuracy, name)
    first = next(iter(rows.values()))
    target, groups = first[accuracy], first["representative"]
    turned = {draw: {part: _turned(table[part], part) for part in PARTS} for draw, table in rows.items()}
    statistics = {draw: taus({part: (x, target) for part, x in of.items()}) for draw, of in turned.items()}
    single = across_draws(statistics, groups, seed=seed, n_draws=n_draws)
    means = {part: sum(_scaled(table[part], part) for table in rows.values()) / len(rows) for part in PARTS}
    together = bootstrap(
        taus({part: (_turned(mean, part), target) for part, mean in means.items()}),
        groups,
        seed=seed,
        n_draws=n_draws,
    )
    found = {}
    for part in PARTS:
        pairs = combinations([of[part] for of in turned.values()], 2)
        averaged = together.estimate(part)
        found[part] = {
            **as_row(single.across(part)),
            "reliability": float(np.mean([kendall_tau(x, y).tau for x, y in pairs])),
            **dict(zip(("averaged", "averaged_low", "averaged_high"), averaged.numbers, strict=True)),
        }
    return pd.DataFrame(found).T.rename_axis("part")


def error_given_kappa(
    tables: Mapping[str, pd.DataFrame],
    accuracy: str = "test_accuracy",
    name: Subset = "classes",
    *,
    seed: int,
    n_draws: int,
) -> AcrossDraws:
    """Return what the error says about accuracy beyond κ, Kendall's partial τ, across draws.

    Args:
        tables: The same tables as in `parts_across_draws`.
        accuracy: The column of accuracies, in percent.
        name: Name of the subset.
        seed: Seed of the resampling.
        n_draws: Number of resamples.
    """
    rows = _rows(tables, accuracy, name)
    statistics = {}
    for draw, table in rows.items():
        error, kappa = (_turned(table[part], part) for part in ("regression_error", "condition_number"))
        target = table[accuracy]
        statistics[draw] = taus({"error": (error, target), "kappa": (kappa, target), "both": (error, kappa)})
    groups = next(iter(rows.values()))["representative"]
    drawn = across_draws(statistics, groups, seed=seed, n_draws=n_draws)
    return drawn.across(lambda s: partial_tau(s["error"], s["both"], s["kappa"]))


def gains_of_labels(
    tables: Mapping[str, pd.DataFrame], accuracy: str = "test_accuracy", name: Subset = "classes"
) -> pd.Series:
    """Return by how much the error agrees more with accuracy than that with permuted labels, in each draw.

    Args:
        tables: The same tables as in `parts_across_draws`.
        accuracy: The column of accuracies, in percent.
        name: Name of the subset.
    """
    gains = {}
    for draw, table in _rows(tables, accuracy, name).items():
        both = (-ranks(table[c], higher_is_better=False) for c in ("regression_error", "control_permuted"))
        true, permuted = (kendall_tau(values, table[accuracy]).tau for values in both)
        gains[draw] = true - permuted
    return pd.Series(gains, dtype=float)


def averaged_gap(
    tables: Mapping[str, pd.DataFrame],
    both: tuple[str, str],
    accuracy: str = "test_accuracy",
    name: Subset = "classes",
    *,
    seed: int,
    n_draws: int,
) -> Estimate:
    """Return by how much one part, averaged over draws, agrees better with accuracy than another so averaged.

    Args:
        tables: The same tables as in `parts_across_draws`.
        both: The two parts.
        accuracy: The column of accuracies, in percent.
        name: Name of the subset.
        seed: Seed of the resampling, which draws whole classes.
        n_draws: Number of resamples.
    """
    rows = _rows(tables, accuracy, name)
    first = next(iter(rows.values()))
    means = {part: sum(_scaled(table[part], part) for table in rows.values()) / len(rows) for part in both}
    statistic = taus({part: (_turned(mean, part), first[accuracy]) for part, mean in means.items()})
    found = bootstrap(statistic, first["representative"], seed=seed, n_draws=n_draws)
    return found.estimate(lambda s: s[both[0]] - s[both[1]])


def reliability(tables: Mapping[str, pd.DataFrame], part: str, name: Subset = "classes") -> float:
    """Return the mean τ of a part in two draws, over the connected architectures of a subset."""
    turned = [_turned(table[part], part) for table in _rows(tables, "test_accuracy", name).values()]
    return float(np.mean([kendall_tau(x, y).tau for x, y in combinations(turned, 2)]))


def _rows(tables: Mapping[str, pd.DataFrame], accuracy: str, name: Subset) -> dict[str, pd.DataFrame]:
    connected = {draw: with_cosine(table[table["connected"]]) for draw, table in tables.items()}
    return same_rows({draw: subset(table, name, accuracy) for draw, table in connected.items()})


def _scaled(values: pd.Series, part: str) -> pd.Series:
    return np.log(values) if part == "condition_number" else values


def _turned(values: pd.Series, part: str) -> np.ndarray:
    return -ranks(values, higher_is_better=PARTS[part])
