"""Does an indicator that looks at labels learn from them? The same number with permuted labels."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from tegnas_core.indicators.names import REGRESSION_ERROR
from tegnas_study.analysis.cards.scored import Scored, better
from tegnas_study.tables.bootstrap import Estimate, bootstrap, taus
from tegnas_study.tables.ranking import ranks

# The indicators whose definition has labels in it.
WITH_LABELS = frozenset(
    {
        REGRESSION_ERROR.name,
        "grad_norm",
        "snip",
        "fisher",
        "grasp",
        "plain",
        "zico",
        "epe_nas",
        "label_gradient_alignment",
    }
)
PERMUTED: Mapping[str, str] = {REGRESSION_ERROR.name: "control_permuted"}  # indicator → column of the atlas


@dataclass(frozen=True)
class Labels:
    """The agreement with accuracy, each class once, when the labels are permuted.

    Attributes:
        n: Number of classes.
        true: Kendall's τ with the true labels.
        permuted: Kendall's τ with permuted ones.
        gained: By how much the true labels agree better, in pairs over the same resamples.
    """

    n: int
    true: Estimate
    permuted: Estimate
    gained: Estimate


def permuted_labels(name: str, found: Scored, measured: pd.DataFrame, *, seed: int, n_draws: int) -> Labels | None:
    """Return what permuted labels leave of an indicator; None when it was not measured with them.

    Args:
        name: Name of the indicator.
        found: The scored architectures.
        measured: What the table holds, indexed by architecture.
        seed: Seed of the resampling, which draws whole classes.
        n_draws: Number of resamples.
    """
    column = PERMUTED.get(name)
    if column is None or column not in measured.columns:
        return None
    rows = found.part("classes")
    permuted = rows["architecture"].map(measured[column])
    rows = rows[permuted.notna()]
    ((_, higher_is_better),) = found.columns.items()
    other = -ranks(permuted[permuted.notna()], higher_is_better=higher_is_better)
    pairs = {"true": (better(rows, found.columns), rows["accuracy"]), "permuted": (other, rows["accuracy"])}
    drawn = bootstrap(taus(pairs), rows["representative"], seed=seed, n_draws=n_draws)
    gained = drawn.estimate(lambda s: s["true"] - s["permuted"])
    return Labels(len(rows), drawn.estimate("true"), drawn.estimate("permuted"), gained)
