"""How much of a number is due to which choice? Steps from the preset `released` to the preset `teg`.

Neighbouring steps differ in one thing. All statistics of one call see the same resamples, so the change from one
step to the next is a paired difference, and where its interval holds zero we cannot tell.
"""

import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_study.analysis.choices import side
from tegnas_study.analysis.subsets import oriented
from tegnas_study.paths import ATLAS
from tegnas_study.sweep import read_sweep
from tegnas_study.sweep.switches import HALF, KAIMING, KERNELS, READINGS, RECORD, RELEASED
from tegnas_study.tables.atlases import DEFAULT, atlas, atlas_repeats
from tegnas_study.tables.bootstrap import Bootstrap, Estimate, Name, bootstrap
from tegnas_study.tables.frames import mean_of_draws
from tegnas_study.tables.ranking import TEG, kendall_tau, rank_sum
from tegnas_study.tables.samples import sampled_architectures

SENTINEL = -1.0  # what the released code writes where κ or MSE cannot be computed
CHANGES = ("step", "predictor", "value", "low", "high", "change", "change_low", "change_high", "compared")


def complete_steps(path: Path = RECORD) -> tuple[pd.DataFrame, int]:
    """Return the recorded rows of the architectures that all settings have, and how many repeats they all have.

    Of an unfinished file these are the first of the random sample, up to one that some setting lacks: what was
    done out of turn is no random sample.

    Raises:
        TegnasError: When the file is missing or damaged, or no architecture has a repeat under all settings.
    """
    rows = read_sweep(path)
    labels = [settings.label for settings in (RELEASED, HALF, KAIMING)]
    rows = rows[rows["settings"].isin(labels)]
    number = rows.groupby(["repeat", "architecture"])["settings"].nunique()
    done = [{*number[r][number[r] == len(labels)].index} for r in sorted({*rows["repeat"]})]
    chosen = list(itertools.takewhile(done[0].__contains__, sampled_architectures())) if done else []
    if not chosen:
        raise TegnasError(f"{path.name} is not complete; run python -m tegnas_study.sweep.switches again")
    repeats = len(list(itertools.takewhile({*chosen}.issubset, done)))
    return rows[rows["architecture"].isin(chosen) & (rows["repeat"] < repeats)].reset_index(drop=True), repeats


def indicator_steps(path: Path = RECORD, base: str = DEFAULT, folder: Path = ATLAS) -> dict[str, pd.DataFrame]:
    """Return the same architectures under the settings from `released` to `teg`, one more changed at each step.

    Args:
        path: The file that `sweep.switches` makes.
        base: Table of the atlas, of the preset `teg`, whose values are the last step.
        folder: The folder that holds the atlas.

    Returns:
        A table for each step, indexed by architecture; columns representative, connected, the three indicators and
        their ``rank_sum`` within the table, as `choices.choice_agreements` takes them. With one repeat there is no
        step for the mean of κ.
    """
    rows, repeats = complete_steps(path)
    released = rows[rows["settings"] == RELEASED.label]
    half, kaiming = (rows[rows["settings"] == settings.label] for settings in (HALF, KAIMING))
    found = {"released": averaged(as_stored(released)), "failures are failures": averaged(released)}
    words = dict(zip(READINGS, ("kernels in float64", "Cholesky", "no test images"), strict=True))
    found |= {words[prefix]: averaged(reading(released, prefix)) for prefix in READINGS}
    found["other half"] = averaged(half)
    if repeats > 1:
        found["geometric mean"] = averaged(half, geometric=True)
    found["Kaiming weights"] = averaged(kaiming, geometric=True)
    names = found["released"].index
    structure = atlas(base, folder=folder).set_index("architecture")
    structure = structure.loc[names, ["representative", "connected"]]
    ours = atlas_repeats(base, folder=folder)
    ours = averaged(ours[ours["repeat"] < repeats], geometric=True)
    found["equal cells alike"] = ours.reindex(structure["representative"]).set_axis(names)
    tables = {step: pd.concat([structure, table.loc[names]], axis=1) for step, table in found.items()}
    return {step: table.assign(rank_sum=rank_sum(table)) for step, table in tables.items()}


def presets_by_draw(
    names: pd.Index,
    accuracy: pd.Series,
    sample: str = "released-cifar10-sample",
    base: str = DEFAULT,
    folder: Path = ATLAS,
) -> dict[str, list[float]]:
    """Return how far the sum of ranks agrees with accuracy in each single draw of the weights, by preset.

    Args:
        names: The architectures, all of them in both tables.
        accuracy: Their accuracies, indexed by architecture; those whose accuracy is unknown are left out.
        sample: Table of the atlas of the preset `released`, with each string evaluated as it is written.
        base: Table of the atlas of the preset `teg`, with the plainest cell of each class.
        folder: The folder that holds the atlas.

    Returns:
        Kendall's τ of each draw, for "released" (with `SENTINEL`), "failures last" and "teg".
    """
    rows, ours = atlas_repeats(sample, folder=folder), atlas_repeats(base, folder=folder)
    structure = atlas(base, folder=folder).set_index("architecture")["representative"].loc[names]
    found: dict[str, list[float]] = {"released": [], "failures last": [], "teg": []}
    known = names.map(accuracy).notna()
    for repeat in sorted({*rows["repeat"]} & {*ours["repeat"]}):
        one = rows[rows["repeat"] == repeat]
        tables = {
            "released": averaged(as_stored(one)).loc[names],
            "failures last": averaged(one).loc[names],
            "teg": averaged(ours[ours["repeat"] == repeat]).reindex(structure).set_axis(names),
        }
        for preset, table in tables.items():
            summed = oriented(table.assign(rank_sum=rank_sum(table)), "rank_sum")
            found[preset].append(kendall_tau(summed[known], names[known].map(accuracy)).tau)
    return found


def as_stored(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows as the released code stores them: −1 where κ or MSE could not be computed.

    A κ below zero, from a smallest eigenvalue that was rounded below zero, stands as it is.

    Args:
        rows: Rows under `released`; with ``kernel_largest`` and ``kernel_smallest`` where they were kept.
    """
    stored = rows.copy()
    if {"kernel_largest", "kernel_smallest"} <= set(rows.columns):
        ratio = rows["kernel_largest"] / rows["kernel_smallest"]
        stored["condition_number"] = rows["condition_number"].where(
            np.isfinite(rows["condition_number"]) | ~np.isfinite(ratio), ratio
        )
    return stored.assign(**{name: stored[name].where(np.isfinite(stored[name]), SENTINEL) for name in KERNELS})


def reading(rows: pd.DataFrame, prefix: str) -> pd.DataFrame:
    """Return rows with κ and MSE of another reading of the same networks, those of columns with a prefix."""
    return rows.assign(**{name: rows[f"{prefix}_{name}"] for name in KERNELS})


def averaged(rows: pd.DataFrame, *, geometric: bool = False) -> pd.DataFrame:
    """Return κ, R and MSE averaged over repeats, indexed by architecture; κ by its geometric mean if asked."""
    wide = rows.pivot(index="architecture", columns="repeat", values=[*TEG])
    values = np.stack([wide[name].to_numpy(float).T for name in TEG], axis=-1)
    means = mean_of_draws(values) if geometric else values.mean(0)
    return pd.DataFrame(means, index=wide.index, columns=[*TEG])


def spoken(gap: Estimate) -> str:
    """Return a change as a sentence has it: with its interval, and with a remark where its sign is not known.

    >>> spoken(Estimate(0.042, 0.022, 0.061))
    '+0.042 [+0.022, +0.061]'
    >>> spoken(Estimate(0.016, -0.07, 0.114))
    '+0.016 [−0.070, +0.114] (which we cannot tell from zero)'
    """
    remark = " (which we cannot tell from zero)" if side(gap) == "cannot tell" else ""
    return f"{gap:+.3f}{remark}"


def waterfall(found: Bootstrap) -> pd.DataFrame:
    """Return every step of every predictor with its change from the step before.

    Args:
        found: Statistics (step, predictor), the steps in their order.

    Returns:
        Columns `CHANGES`: the statistic with its interval; its change with a paired interval, nan at the first
        step; and ``compared``: "higher", "lower", "cannot tell", "the same", or "start".
    """
    order: dict[Name, list[Name]] = {}
    for step, name in found.value.index:
        order.setdefault(name, []).append(step)
    rows = []
    for name, chain in order.items():
        for number, step in enumerate(chain):
            value = found.estimate((step, name)).numbers
            if not number:
                rows.append((step, name, *value, np.nan, np.nan, np.nan, "start"))
                continue
            before = chain[number - 1]
            gap = found.estimate(lambda s, pair=(step, name), old=(before, name): s[pair] - s[old])
            rows.append((step, name, *value, *gap.numbers, side(gap)))
    return pd.DataFrame(rows, columns=[*CHANGES])


def search_steps(
    searches: pd.DataFrame, columns: Sequence[str], *, seed: int, n_draws: int
) -> tuple[Bootstrap, pd.DataFrame]:
    """Return the mean of several columns at every step of a search, over draws of weights and batch.

    Args:
        searches: One row for each search: columns step, atlas, seed, and those asked for.
        columns: Accuracies in percent, for instance.
        seed: Seed of the resampling, which draws draws: tables of the atlas, with all of their searches.
        n_draws: Number of resamples.

    Returns:
        Statistics (step, column), and the mean of each draw, with a draw in each row.

    Raises:
        TegnasError: When a step lacks a search that another has.
    """
    wide = searches.pivot(index=["atlas", "seed"], columns="step", values=[*columns])
    if wide.isna().any(axis=None):
        raise TegnasError("not every step has all searches; run python -m tegnas_study.experiments.switches again")
    chain = list(dict.fromkeys(searches["step"]))
    values = {(step, column): wide[column, step].to_numpy(float) for column in columns for step in chain}

    def means(counts: np.ndarray) -> Mapping[Name, float]:
        return {name: counts @ found / counts.sum() for name, found in values.items()}

    draws = wide.index.get_level_values("atlas")
    each = pd.DataFrame(values, index=draws).groupby(level=0).mean()
    return bootstrap(means, draws, seed=seed, n_draws=n_draws), each
