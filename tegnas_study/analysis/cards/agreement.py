"""How far an indicator orders architectures as their accuracy does, in four parts of the space."""

from dataclasses import dataclass

import pandas as pd

from tegnas_study.analysis.cards.scored import PARTS, Part, Scored
from tegnas_study.tables.bootstrap import Bootstrap, Estimate, Joined, Within, bootstrap, taus
from tegnas_study.tables.ranking import partial_tau
from tegnas_study.tables.resampled_rho import rhos


@dataclass(frozen=True)
class Agreement:
    """Agreement with accuracy in one part of the space; a larger number is better.

    Attributes:
        part: "all", "classes" (each class of equal functions once), "top tenth" (by accuracy), or "equal size"
            (among pairs of connected architectures with equally many parameters).
        n: Number of architectures.
        n_classes: Number of their classes; a resample draws whole classes.
        tau: Kendall's τ-b.
        rho: Spearman's ρ.
        partial: Partial τ given the number of parameters (see `ranking.partial_tau`); nan at equal size.
        beyond_parameters: τ less the τ of parameters, in pairs over the same resamples; at equal size, where
            parameters order nothing, τ itself.
    """

    part: Part
    n: int
    n_classes: int
    tau: Estimate
    rho: Estimate
    partial: Estimate
    beyond_parameters: Estimate


UNKNOWN = Estimate(float("nan"), float("nan"), float("nan"))


def agreements(found: Scored, *, seed: int, n_draws: int) -> tuple[Agreement, ...]:
    """Return the agreement with accuracy in every part that has at least two architectures.

    Args:
        found: The scored architectures.
        seed: Seed of the resampling, which draws whole classes.
        n_draws: Number of resamples.
    """
    parts = {name: found.part(name) for name in PARTS}
    return tuple(
        _agreement(name, rows, seed=seed, n_draws=n_draws) for name, rows in parts.items() if len(rows) > 1
    )


def _agreement(name: Part, rows: pd.DataFrame, *, seed: int, n_draws: int) -> Agreement:
    drawn = _drawn(name, rows, seed=seed, n_draws=n_draws)
    if name == "equal size":
        partial, beyond = UNKNOWN, drawn.estimate("tau")
    else:
        partial = drawn.estimate(lambda s: partial_tau(s["tau"], s["tau of both"], s["tau of parameters"]))
        beyond = drawn.estimate(lambda s: s["tau"] - s["tau of parameters"])
    n_classes = rows["representative"].nunique()
    return Agreement(name, len(rows), n_classes, drawn.estimate("tau"), drawn.estimate("rho"), partial, beyond)


def _drawn(name: Part, rows: pd.DataFrame, *, seed: int, n_draws: int) -> Bootstrap:
    score, size, accuracy = (rows[c].to_numpy(float) for c in ("score", "parameters", "accuracy"))
    main = (score, accuracy)
    if name == "equal size":
        parts = [Within(taus, {"tau": main}, size), Within(rhos, {"rho": main}, size)]
    else:
        others = {"tau of both": (score, size), "tau of parameters": (size, accuracy)}
        parts = [taus({"tau": main, **others}), rhos({"rho": main})]
    return bootstrap(Joined(parts), rows["representative"], seed=seed, n_draws=n_draws)
