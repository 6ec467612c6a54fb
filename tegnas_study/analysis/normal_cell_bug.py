"""How far do the wrong normal cells of the released code move κ, R and MSE? (What they are: `networks.darts_bug`.)

The same genotypes are evaluated twice with the same weights and images, right and wrong, and both lie in one file:

    tegnas sweep --space darts --architectures 200 --images cifar10 --out …/darts-normal-cell-bug.parquet
    tegnas sweep --space darts --normal-cell-bug … (and on as above)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations, permutations
from pathlib import Path

import numpy as np
import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_core.settings import IndicatorSettings
from tegnas_core.spaces.darts_edges import edges_of, resolve_duplicates
from tegnas_core.spaces.genotype import N_INPUTS, OPERATIONS, Cell, Genotype
from tegnas_study.paths import RESULTS
from tegnas_study.sweep import read_sweep
from tegnas_study.tables.bootstrap import bootstrap, bootstrap_interval, taus
from tegnas_study.tables.frames import average_repeats
from tegnas_study.tables.ranking import HIGHER_IS_BETTER, TEG, failures_last, kendall_tau

RECORD = RESULTS / "darts-normal-cell-bug.parquet"
RIGHT, WRONG = "darts", "darts+normal_cell_bug"  # `space` of the networks in `networks.darts`
PAIRS = ("right and wrong", "two draws of weights")
MIXTURE = "all 8\n× ⅛"
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class TwoOrders:
    """Two orders of the same genotypes that are compared.

    Attributes:
        indicator: The column that orders them.
        pair: Which of `PAIRS` they are.
        first_repeat: The repeat of the first order.
        second_repeat: The repeat of the second one.
    """

    indicator: str
    pair: str
    first_repeat: int
    second_repeat: int


def dropped_and_spurious(genotype: Genotype) -> tuple[int, int]:
    """Return how many intended operations the wrong normal cell loses, and how many others it runs at weight 1/8.

    Both count ``none``: all eight operations run on every edge that only the reduction cell has.
    """
    masks = resolve_duplicates(genotype)
    normal, reduce = edges_of(masks.normal).keys(), edges_of(masks.reduce).keys()
    return len(normal - reduce), len(OPERATIONS) * len(reduce - normal)


def rows_of_both(settings: IndicatorSettings, path: Path = RECORD) -> pd.DataFrame:
    """Return the rows of both networks under one settings, of the genotypes and repeats that both have.

    Raises:
        TegnasError: When the file is missing or damaged, or lacks one side under these settings.
    """
    rows = read_sweep(path)
    rows = rows[(rows["settings"] == settings.label) & rows["space"].isin([RIGHT, WRONG])]
    both = rows.groupby(["architecture", "repeat"])["space"].transform("nunique") == 2
    if not both.any():
        raise TegnasError(f"{path.name} has no genotype evaluated right and wrong with settings {settings.label}")
    return rows[both].reset_index(drop=True)


def compared(rows: pd.DataFrame, settings: IndicatorSettings) -> pd.DataFrame:
    """Return one row for each genotype: both evaluations side by side.

    Args:
        rows: The rows that `rows_of_both` returns.
        settings: The settings that the rows were computed with.

    Returns:
        Columns architecture, ``dropped`` and ``spurious`` (see `dropped_and_spurious`), and for each indicator
        ``…_right``, ``…_wrong`` and ``…_decades``, log₁₀(wrong / right), nan where a side failed.
    """
    right, wrong = (
        average_repeats(rows[rows["space"] == space], settings).set_index("architecture")
        for space in (RIGHT, WRONG)
    )
    wrong = wrong.loc[right.index]
    counts = [dropped_and_spurious(Genotype.parse(text)) for text in right.index]
    table = pd.DataFrame(counts, columns=["dropped", "spurious"], index=right.index)
    for name in TEG:
        table[f"{name}_right"], table[f"{name}_wrong"] = right[name], wrong[name]
        ratios = (wrong[name] / right[name]).where(np.isfinite(right[name]) & np.isfinite(wrong[name]))
        table[f"{name}_decades"] = np.log10(ratios)
    return table.reset_index()


def movement(table: pd.DataFrame, *, seed: int, n_draws: int = 1000) -> pd.DataFrame:
    """Return how far each indicator moves: rank correlation of right and wrong, and quantiles of their ratio.

    Args:
        table: The table that `compared` returns.
        seed: Seed of the bootstrap over genotypes.
        n_draws: Number of resamples.

    Returns:
        Columns indicator, n, failed (genotypes where a side failed), tau, low, high (95 % interval), and
        ``ratio_5`` … ``ratio_95``, quantiles of wrong / right.
    """
    found = []
    for name in TEG:
        right, wrong = (
            failures_last(table[f"{name}_{side}"], higher_is_better=HIGHER_IS_BETTER[name])
            for side in ("right", "wrong")
        )
        agreement, interval = (
            kendall_tau(right, wrong),
            bootstrap_interval(right, wrong, seed=seed, n_draws=n_draws),
        )
        decades = table[f"{name}_decades"].dropna()
        ratios = {f"ratio_{round(100 * q)}": 10 ** decades.quantile(q) for q in QUANTILES}
        found.append(
            {
                "indicator": name,
                "n": len(table),
                "failed": len(table) - len(decades),
                "tau": agreement.tau,
                "low": interval.low,
                "high": interval.high,
                **ratios,
            }
        )
    return pd.DataFrame(found)


def agreements_of_orders(rows: pd.DataFrame, *, seed: int, n_draws: int) -> pd.DataFrame:
    """Return how far two orders of the same genotypes agree, with intervals over genotypes.

    Args:
        rows: The rows that `rows_of_both` returns.
        seed: Seed of the bootstrap, which draws genotypes and keeps all their repeats.
        n_draws: Number of resamples.

    Returns:
        Columns indicator, pair, tau, low, high. The pair is "right and wrong", the same weights on both sides, or
        "two draws of weights", both right; each τ is a mean over the repeats, or the pairs of repeats, one repeat
        on either side. With one repeat there is no second pair.
    """
    repeats, pairs = sorted(rows["repeat"].unique()), {}
    for name in TEG:
        values = rows.assign(value=failures_last(rows[name], higher_is_better=HIGHER_IS_BETTER[name]))
        wide = values.pivot(index="architecture", columns=["space", "repeat"], values="value").dropna()
        pairs |= {TwoOrders(name, PAIRS[0], r, r): (wide[RIGHT, r], wide[WRONG, r]) for r in repeats}
        pairs |= {
            TwoOrders(name, PAIRS[1], r, s): (wide[RIGHT, r], wide[RIGHT, s]) for r, s in combinations(repeats, 2)
        }
    drawn = bootstrap(taus(pairs), np.arange(len(wide)), seed=seed, n_draws=n_draws)
    found = []
    for name in TEG:
        for pair in PAIRS:
            keys = [key for key in pairs if (key.indicator, key.pair) == (name, pair)]
            if keys:
                mean = drawn.estimate(lambda s, keys=keys: sum(s[key] for key in keys) / len(keys))
                found.append((name, pair, mean.value, mean.low, mean.high))
    return pd.DataFrame(found, columns=["indicator", "pair", "tau", "low", "high"])


def corrected_for_noise(rows: pd.DataFrame, *, seed: int, n_draws: int) -> pd.DataFrame:
    """Return how far right and wrong would agree if no draw of weights disturbed them.

    A noisy order agrees little even with itself. With ρ(a, b) = sin(π τ(a, b) / 2), the correlation is
    ρ(right, wrong) / √(ρ(right, right′) ρ(wrong, wrong′)), each ρ being one of two *different* draws of weights.
    Source of the correction: Spearman, American Journal of Psychology 15 (1904); of the sine: Greiner (1909).

    Args:
        rows: The rows that `rows_of_both` returns.
        seed: Seed of the bootstrap, which draws genotypes and keeps all their repeats.
        n_draws: Number of resamples.

    Returns:
        Columns indicator, n (genotypes without a failure), correlation, low, high; no row with a single repeat.
    """
    repeats, found = sorted(rows["repeat"].unique()), []
    for name in TEG if len(repeats) > 1 else ():
        finite = rows.assign(value=rows[name].where(np.isfinite(rows[name])))
        wide = finite.pivot(index="architecture", columns=["space", "repeat"], values="value").dropna()
        pairs = {
            (first, second, r, s): (wide[first, r], wide[second, s])
            for first, second in ((RIGHT, RIGHT), (WRONG, WRONG), (RIGHT, WRONG))
            for r, s in permutations(repeats, 2)
        }
        drawn = bootstrap(taus(pairs), np.arange(len(wide)), seed=seed, n_draws=n_draws)

        def formula(s: Mapping, pairs: Mapping = pairs) -> float | pd.Series:
            mean = lambda *sides: np.mean([np.sin(np.pi / 2 * s[k]) for k in pairs if k[:2] == sides], axis=0)  # noqa: E731
            return mean(RIGHT, WRONG) / np.sqrt(mean(RIGHT, RIGHT) * mean(WRONG, WRONG))

        found.append((name, len(wide), *drawn.estimate(formula).numbers))
    return pd.DataFrame(found, columns=["indicator", "n", "correlation", "low", "high"])


def evaluated_cell(genotype: Genotype) -> Cell:
    """Return the wrong normal cell as eight pairs: all operations at once are one pair, called `MIXTURE`."""
    masks = resolve_duplicates(genotype)
    intended = edges_of(masks.normal)
    return tuple(
        (intended.get((source, N_INPUTS + index // 2), MIXTURE), source)
        for index, (_, source) in enumerate(masks.reduce)
    )
