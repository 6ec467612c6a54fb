"""What the ledger of the paper's claims needs of the benchmark's own accuracies, in every draw of the weights.

Each statistic has one value for each draw, and an interval in which draws and classes of equal functions are both
drawn anew (`across_draws`). A fresh machine lacks these accuracies, so `report` records what comes out.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd

from tegnas_core.indicators.names import CONDITION_NUMBER, LINEAR_REGIONS, RANK_SUM, REGRESSION_ERROR, TEG
from tegnas_study.analysis import exclusive, none_study
from tegnas_study.analysis.across_draws import (
    DrawsBootstrap,
    Pairs,
    across_draws,
    draw_tables,
    same_rows,
    taus_across_draws,
)
from tegnas_study.analysis.inputs import Inputs
from tegnas_study.analysis.subsets import Subset, oriented, subset
from tegnas_study.tables.atlases import atlas
from tegnas_study.tables.bootstrap import Bootstrap, Counts, Estimate, Formula, Name, bootstrap, taus
from tegnas_study.tables.frames import mean_of_draws
from tegnas_study.tables.ranking import failures_last, rank_sum

TEST = {
    "CIFAR-10": "cifar10_test_200",
    "CIFAR-100": "cifar100_test_200",
    "ImageNet16-120": "imagenet16_120_test_200",
}
RETRAINED = "cifar10_test_retrained"
VALID = "cifar10_valid_valid_acc_200"
PROTOCOLS = {
    "50,000 images": ("cifar10_train_acc_200", "cifar10_test_200"),
    "25,000 images": ("cifar10_valid_train_acc_200", "cifar10_valid_test_acc_200"),
}
PARTS = (*TEG, RANK_SUM)
TWO = "κ and R"  # the sum of two ranks, without that of MSE
CONTROLS = {"permuted labels": "control_permuted", "last layer": "control_last"}
SKIPS = "|skip_connect~0|+|skip_connect~0|skip_connect~1|+|skip_connect~0|skip_connect~1|skip_connect~2|"
SETS = ("share_convolutions", "depth")


class Statistic(NamedTuple):
    """By what a recorded number is looked up.

    Attributes:
        quantity: What is measured, such as "agreement".
        of: What it is measured of, such as "condition_number".
        accuracy: The accuracy that it is compared with, a column of the benchmark; empty where there is none.
        among: Which architectures, or which of the data; empty where it goes without saying.
    """

    quantity: str
    of: str
    accuracy: str = ""
    among: str = ""


class Measured(NamedTuple):
    """A recorded number.

    Attributes:
        each: Its value in each draw, indexed by the draw.
        estimate: Their mean with its interval.
    """

    each: pd.Series
    estimate: Estimate


Found = Iterator[tuple[Statistic, Measured]]
Draws = Mapping[str, pd.DataFrame]


def claims_record(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """Return the tables of the record: ``each``, a row for each statistic and draw, and ``intervals``.

    Args:
        inputs: Everything that the numbers follow from; all draws of its table take part.
    """
    draws = draw_tables(inputs.table, inputs.name, folder=inputs.folder)
    known = inputs.known(tuple(TEST.values()))
    options = inputs.resampling
    found: list[tuple[Statistic, Measured]] = []
    for accuracy in (*known, *inputs.known((RETRAINED,))):
        for among in ("all", "classes", "top tenth"):
            found += _agreements(draws, accuracy, among, **options)
        found += _of_three(draws, accuracy, **options)
        found += _replacements(draws, accuracy, **options)
        found += _facts(inputs.table, accuracy)
    for accuracy in inputs.known((VALID,)):  # beside the test accuracy of the same data set
        for among in ("all", "classes"):
            found += _agreements(draws, accuracy, among, **options)
    for protocol, (train, test) in PROTOCOLS.items():
        if {train, test} <= {*inputs.table.columns}:
            for among in ("all", "classes"):
                found += _train_test(draws, protocol, among, **options)
    found += _controls(inputs, draws, known[0], **options)
    found += _sets(draws, **options)
    found += _best_of_25(inputs, inputs.known((*known, VALID)), **options)
    each = [(*s, draw, value) for s, a in found for draw, value in a.each.items()]
    ends = [(*s, a.estimate.value, a.estimate.low, a.estimate.high) for s, a in found]
    return {
        "each": pd.DataFrame(each, columns=[*Statistic._fields, "draw", "value"]),
        "intervals": pd.DataFrame(ends, columns=[*Statistic._fields, "value", "low", "high"]),
    }


def _agreements(draws: Draws, accuracy: str, among: Subset, **options: int) -> Found:
    """Yield agreements, and by how much the sum of ranks is above what it competes with."""
    rows = {draw: _with_two(subset(table, among, accuracy)) for draw, table in draws.items()}

    def pairs(part: pd.DataFrame, names: Sequence[str]) -> Pairs:
        return {name: (_oriented(part, name), part[accuracy]) for name in names}

    resampled = taus_across_draws(rows, pairs, (*PARTS, TWO), ("parameters",), **options)
    for name in (*PARTS, "parameters"):
        yield Statistic("agreement", name, accuracy, among), _across(resampled, name)
    for other in (*TEG, TWO, "parameters"):
        gap = _across(resampled, lambda s, other=other: s[RANK_SUM] - s[other])
        yield Statistic("sum of ranks above", other, accuracy, among), gap


def _with_two(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(**{TWO: rank_sum(rows, (CONDITION_NUMBER.name, LINEAR_REGIONS.name))})


def _oriented(rows: pd.DataFrame, name: str) -> pd.Series:
    return -rows[name] if name == TWO else oriented(rows, name)


def _of_three(draws: Draws, accuracy: str, *, seed: int, n_draws: int) -> Found:
    """Yield the agreement of averages over three draws, as the paper averages, one value for each three draws.

    The interval is where such an average ends with three draws that somebody else makes, in a space like this one.
    """
    rows = same_rows({draw: subset(table, "all", accuracy) for draw, table in draws.items()})
    threes = [*combinations(rows, 3)]
    if not threes:
        return
    first = next(iter(rows.values()))
    averaged = {", ".join(three): _average([rows[draw] for draw in three]) for three in threes}
    pairs = {k: taus({p: (oriented(t, p), t[accuracy]) for p in PARTS}) for k, t in averaged.items()}
    rng, names = np.random.default_rng(seed), [*pairs]
    own = {name: pd.Series(statistic(np.ones(len(first), np.int64))) for name, statistic in pairs.items()}
    one = bootstrap(
        lambda counts: pairs[names[rng.integers(len(names))]](counts),
        first["representative"],
        seed=seed,
        n_draws=n_draws,
    )
    for name in PARTS:
        each = pd.Series({three: values[name] for three, values in own.items()})
        drawn = Bootstrap(pd.Series({"mean": each.mean()}), one.draws[[name]].set_axis(["mean"], axis=1))
        yield Statistic("agreement of three", name, accuracy), Measured(each, drawn.estimate("mean"))


def _average(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return a table with the indicators averaged: κ by its geometric mean, as everywhere."""
    means = mean_of_draws([t[[*TEG]].to_numpy(float) for t in tables])
    rows = tables[0].assign(**dict(zip(TEG, means.T, strict=True)))
    return rows.assign(rank_sum=rank_sum(rows))


def _train_test(draws: Draws, protocol: str, among: Subset, **options: int) -> Found:
    """Yield agreements with training accuracy, and by how much they are above those with test accuracy."""
    train, test = PROTOCOLS[protocol]
    known = {draw: table[table[train].notna() & table[test].notna()] for draw, table in draws.items()}
    rows = same_rows({draw: subset(table, among, test) for draw, table in known.items()})
    names = (*PARTS, "parameters")
    resampled = across_draws(
        {
            draw: taus({(p, split): (oriented(t, p), t[a]) for p in names for split, a in _splits(protocol)})
            for draw, t in rows.items()
        },
        next(iter(rows.values()))["representative"],
        **options,
    )
    for name in names:
        yield Statistic("agreement", name, train, among), _across(resampled, (name, "train"))
        gap = _across(resampled, lambda s, name=name: s[name, "train"] - s[name, "test"])
        yield Statistic("training above test", name, protocol, among), gap


def _splits(protocol: str) -> tuple[tuple[str, str], ...]:
    train, test = PROTOCOLS[protocol]
    return (("train", train), ("test", test))


def _controls(inputs: Inputs, draws: Draws, accuracy: str, **options: int) -> Found:
    """Yield what the regression error is worth with permuted labels, or with the last layer's kernel alone."""
    rows = {}
    for draw, table in draws.items():
        own = atlas(draw, repeats=1, folder=inputs.folder)
        if {*CONTROLS.values()} <= {*own.columns}:  # not every draw was computed with controls
            controls = own.loc[table.index, [*CONTROLS.values()]]
            rows[draw] = subset(table.assign(**controls), "connected", accuracy)
    if not rows:
        return
    columns = {REGRESSION_ERROR.name: REGRESSION_ERROR.name, **CONTROLS}
    resampled = across_draws(
        {
            draw: taus({k: (_small_is_good(t[c]), t[accuracy]) for k, c in columns.items()})
            for draw, t in rows.items()
        },
        next(iter(same_rows(rows).values()))["representative"],
        **options,
    )
    for name in CONTROLS:
        yield Statistic("agreement", name, accuracy, "connected"), _across(resampled, name)
        gap = _across(resampled, lambda s, name=name: s[REGRESSION_ERROR.name] - s[name])
        yield Statistic("MSE above", name, accuracy, "connected"), gap


def _small_is_good(values: pd.Series) -> np.ndarray:
    return -failures_last(values, higher_is_better=False)


def _sets(draws: Draws, **options: int) -> Found:
    """Yield how the exclusive sets of Fig. 2 differ from one another and from the connected architectures."""
    rows = {draw: exclusive.members(table).reset_index(drop=True) for draw, table in draws.items()}
    resampled = across_draws(
        {draw: _profile_of(table) for draw, table in rows.items()},
        next(iter(rows.values()))["representative"],
        **options,
    )
    for quantity in SETS:
        for name in TEG:
            yield Statistic("mean", quantity, "", name), _across(resampled, (name, quantity))
        for first, second in (*combinations(TEG, 2), *((name, "all") for name in TEG)):
            gap = _across(resampled, lambda s, a=first, b=second, q=quantity: s[a, q] - s[b, q])
            yield Statistic(f"{quantity} above", first, "", second), gap


def _profile_of(rows: pd.DataFrame) -> Callable[[Counts], dict[Name, float]]:
    def statistic(counts: Counts) -> dict[Name, float]:
        drawn = rows.iloc[np.repeat(np.arange(len(rows)), counts)].reset_index(drop=True)
        chosen = {**exclusive.exclusive_sets(drawn), "all": drawn["connected"]}
        return {(n, q): float(drawn[q][inside].mean()) for n, inside in chosen.items() for q in SETS}

    return statistic


def _replacements(draws: Draws, accuracy: str, **options: int) -> Found:
    """Yield what replacing `none` does (Fig. 3), for a skip and for a 1×1 convolution."""
    pairs = {draw: none_study.none_pairs(table, accuracy) for draw, table in draws.items()}
    margin = none_study.accuracy_noise(next(iter(pairs.values())))
    for name in ("skip_connect", "nor_conv_1x1"):
        chosen = {draw: p[(p["kind"] == "changed") & (p["replacement"] == name)] for draw, p in pairs.items()}
        resampled = across_draws(
            {draw: _shares(p, margin) for draw, p in chosen.items()},
            next(iter(chosen.values()))["representative"],
            **options,
        )
        for share in ("better", "either when better", "either above chance", "cases"):
            yield Statistic(f"none replaced: {share}", name, accuracy), _across(resampled, share)


def _shares(pairs: pd.DataFrame, margin: float) -> Callable[[Counts], dict[Name, float]]:
    """Return how often accuracy rises when it changes, and how often κ or R then says so.

    Two coins say "better" in 75 % of the cases, so what κ or R say of a rise is compared with what they say of a
    fall.
    """
    change = pairs["change_accuracy"].to_numpy()
    rises, falls = change > margin, change < -margin
    either = ((pairs["better_condition_number"] > 0) | (pairs["better_linear_regions"] > 0)).to_numpy()

    def statistic(counts: Counts) -> dict[Name, float]:
        up, down = float(counts @ rises), float(counts @ falls)
        told, wrong = float(counts @ (either & rises)), float(counts @ (either & falls))
        rate, other = told / up if up else np.nan, wrong / down if down else np.nan
        found = {"better": up / (up + down) if up + down else np.nan, "either when better": rate}
        return {**found, "either above chance": rate - other, "cases": told}

    return statistic


def _facts(table: pd.DataFrame, accuracy: str) -> Found:
    """Yield numbers of the benchmark alone: its best accuracy, and that of a cell of skips."""
    known = table.set_index("architecture")[accuracy]
    for name, value in (("optimum", known.max()), ("all skips", known.get(SKIPS, np.nan))):
        yield Statistic("accuracy", name, accuracy), fixed(float(value))


def _best_of_25(inputs: Inputs, accuracies: Sequence[str], *, seed: int, n_draws: int) -> Found:
    """Yield the accuracy of the best of 25 random architectures by jacob-cov: the paper's row "NAS w.o. Training".

    The values are averages over the repeats of one table; the interval is where the mean of four searches ends.
    """
    if "jacob_cov" not in inputs.rivals.columns:
        return
    values = inputs.rivals["jacob_cov"].to_numpy(float)
    drawn = np.random.default_rng(seed).integers(len(values), size=(4 * n_draws, 25))
    best = drawn[np.arange(len(drawn)), np.argmax(values[drawn], axis=1)]
    for accuracy in accuracies:
        reached = inputs.rivals[accuracy].to_numpy(float)[best]
        means = pd.DataFrame({"mean": reached.reshape(-1, 4).mean(1)})
        found = Bootstrap(pd.Series({"mean": reached.mean()}), means).estimate("mean")
        yield Statistic("best of 25", "jacob_cov", accuracy), Measured(pd.Series({"": reached.mean()}), found)
        yield Statistic("deviation of best of 25", "jacob_cov", accuracy), fixed(float(reached.std()))


def _across(resampled: DrawsBootstrap, of: Name | Formula) -> Measured:
    found = resampled.across(of)
    return Measured(found.each, found.estimate)


def fixed(value: float) -> Measured:
    """Return a number that is no sample of anything: it is its own interval."""
    return Measured(pd.Series({"": value}), Estimate(value, value, value))
