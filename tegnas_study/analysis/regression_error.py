"""What does the regression error measure? The same kernels with other labels, other ridges and other layers.

If it measured how well an architecture learns the labels, permuting them should destroy what it says about
accuracy. The controls are columns of the atlas (`controls`); here they are compared.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_study.analysis.subsets import Subset, subset
from tegnas_study.tables.bootstrap import Bootstrap, Formula, bootstrap, taus
from tegnas_study.tables.ranking import partial_tau, ranks

# Column → whether large values are good. The last four are made by `with_parts`.
VARIANTS: Mapping[str, bool] = {
    "regression_error": False,
    "control_permuted": False,
    "control_random": False,
    "control_ridge_0.01": False,
    "control_ridge_0.1": False,
    "control_ridge_1": False,
    "control_permuted_ridge_0.01": False,
    "control_permuted_ridge_0.1": False,
    "control_permuted_ridge_1": False,
    "control_last": False,
    "condition_number": False,
    "control_kappa_cells": False,
    "control_norm": False,
    "control_alignment": True,
    "control_lga": True,
    "linear_regions": True,
    "label_gain": True,
    "parameters": True,
}


SUBSETS: tuple[Subset, ...] = ("connected", "classes", "top tenth", "above 90")

# What the error says about accuracy beyond another predictor, and the other way round.
PARTIALS = (
    ("regression_error", "condition_number"),
    ("condition_number", "regression_error"),
    ("regression_error", "control_kappa_cells"),
    ("control_kappa_cells", "regression_error"),
    ("regression_error", "parameters"),
    ("parameters", "regression_error"),
)


def with_parts(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with what follows from its controls.

    * ``trivial``: the error of predicting the mean, mean ‖y‖² = MSE − mean ‖ŷ‖² + 2 mean ⟨ŷ, y⟩;
    * ``label_gain``: by how much the true labels beat permuted ones, error(permuted) − MSE.

    Raises:
        TegnasError: When the table was computed without controls.
    """
    if "control_permuted" not in table.columns:
        raise TegnasError("the table has no controls; sweep with --controls")
    finite = np.isfinite(table["regression_error"])
    mse, norm, alignment = (
        table[name].where(finite) for name in ("regression_error", "control_norm", "control_alignment")
    )
    gain = table["control_permuted"].where(finite) - mse
    return table.assign(trivial=mse - norm + 2 * alignment, label_gain=gain)


def variant_agreements(
    table: pd.DataFrame,
    accuracy: str = "test_accuracy",
    name: Subset = "connected",
    *,
    seed: int,
    n_draws: int,
) -> Bootstrap:
    """Return the agreement of every variant with accuracy, and with the regression error itself.

    Args:
        table: The table that `with_parts` returns.
        accuracy: The column of accuracies, in percent.
        name: Name of the subset; its members are connected, for only they have an error.
        seed: Seed of the resampling, which draws whole classes.
        n_draws: Number of resamples.

    Returns:
        Statistics named by the column, τ with accuracy; "column ~ other" for τ between two columns, which
        `partial` needs. All are turned so that larger is better.
    """
    rows = subset(table[table["connected"]], name, accuracy)
    present = [column for column in VARIANTS if column in rows.columns]
    turned = {column: -ranks(rows[column], higher_is_better=VARIANTS[column]) for column in present}
    pairs = {column: (turned[column], rows[accuracy]) for column in present}
    for other in ("condition_number", "control_kappa_cells", "parameters", "control_norm"):
        if other in present:
            pairs[f"regression_error ~ {other}"] = (turned["regression_error"], turned[other])
    return bootstrap(taus(pairs), rows["representative"], seed=seed, n_draws=n_draws)


def partial(first: str, given: str) -> Formula:
    """Return the formula of the partial τ of a predictor with accuracy, given another predictor.

    See `ranking.partial_tau`.

    Args:
        first: The predictor x; either it or ``given`` is the regression error.
        given: The other predictor, z.
    """
    between = f"regression_error ~ {given if first == 'regression_error' else first}"

    def formula(s: Mapping[str, float | pd.Series]) -> float | pd.Series:
        return partial_tau(s[first], s[between], s[given])

    return formula


def estimates(found: Bootstrap) -> pd.DataFrame:
    """Return all statistics of `variant_agreements`, then what follows from them.

    Args:
        found: The bootstrap that `variant_agreements` returns.

    Returns:
        Columns statistic, value, low, high. "x | z" is a partial τ (`partial`), "x − y" the difference of two τ
        over the same architectures.
    """
    formulas: dict[str, Formula] = {f"{x} | {z}": partial(x, z) for x, z in PARTIALS}
    for other in ("control_permuted", "control_kappa_cells", "control_last"):
        formulas[f"regression_error − {other}"] = lambda s, other=other: s["regression_error"] - s[other]
    derived = {name: found.estimate(formula).numbers for name, formula in formulas.items()}
    derived_table = pd.DataFrame(derived, index=["value", "low", "high"]).T
    return pd.concat([found.table(), derived_table]).rename_axis("statistic").reset_index()


def value_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return what each variant of the error is worth beside the trivial predictor, over connected architectures.

    Args:
        table: The table that `with_parts` returns.

    Returns:
        Indexed by column: ``median``, the ``smallest`` value, and ``below``, the share of architectures whose
        error is below that of predicting the mean.
    """
    rows = table[table["connected"] & np.isfinite(table["regression_error"])]
    found = {}
    for column in ("regression_error", *(c for c in VARIANTS if c.startswith("control_"))):
        if column in rows.columns and _is_error(column):
            below = float((rows[column] < rows["trivial"]).mean())
            found[column] = {"median": rows[column].median(), "smallest": rows[column].min(), "below": below}
    return pd.DataFrame(found).T


def label_shares(table: pd.DataFrame) -> dict[str, float]:
    """Return how far the labels matter for the value of the error, over connected architectures.

    ``true_is_smaller`` is the share of architectures whose error is smaller with the true labels than with
    permuted ones, ``ratio`` the median of their quotient, and ``norm_share`` the share of the error's variance
    that mean ‖ŷ‖² has alone: Var(norm) / Var(MSE), above 1 when the alignment takes some of it back.
    """
    rows = table[table["connected"] & np.isfinite(table["regression_error"])]
    return {
        "true_is_smaller": float((rows["label_gain"] > 0).mean()),
        "ratio": float((rows["regression_error"] / rows["control_permuted"]).median()),
        "norm_share": float(rows["control_norm"].var() / rows["regression_error"].var()),
        "alignment_share": float((2 * rows["control_alignment"]).var() / rows["regression_error"].var()),
    }


def _is_error(column: str) -> bool:
    """Say whether a column holds an error that the trivial predictor's may be compared with."""
    return (
        column in ("regression_error", "control_last", "control_permuted", "control_random") or "ridge" in column
    )
