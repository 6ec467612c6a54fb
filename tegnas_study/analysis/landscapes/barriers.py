"""What lies between two architectures: the true values on the way, one edge changed at a time.

With g the goodness at the stops 0 … m of a way and chord(k) = g(0) + (g(m) − g(0)) k / m, the *drop* at a stop is
chord(k) − g(k). The barrier of a way is its largest drop, never negative, since both ends drop by 0. The largest
of several noisy numbers is positive by itself; the mean drop over all stops between is not, and stands beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tegnas_study.analysis.landscapes.neighbourhood import SHAPE
from tegnas_study.tables.ranking import HIGHER_IS_BETTER, TEG

GOODNESS = (*TEG, "teg")
_WAY = ["seed", "at", "number"]


@dataclass(frozen=True)
class Scale:
    """What is usual for a random architecture of a space under one draw of weights.

    Attributes:
        centre: Mean of the logarithm of κ, of R and of the logarithm of MSE, by name.
        spread: Their standard deviations.
        worst: What a failure counts as, in standard deviations.
    """

    centre: Mapping[str, float]
    spread: Mapping[str, float]
    worst: Mapping[str, float]

    def goodness(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return how much better than usual each row is, in standard deviations; "teg" is their mean."""
        found = {}
        for name in TEG:
            sign = 1 if HIGHER_IS_BETTER[name] else -1
            scaled = sign * (_even(table, name) - self.centre[name]) / self.spread[name]
            found[name] = np.where(np.isfinite(scaled), scaled, self.worst[name])
        return pd.DataFrame({**found, "teg": np.mean([*found.values()], axis=0)}, index=table.index)


def scale_of(random: pd.DataFrame) -> Scale:
    """Return the scale of a space from random architectures of it; failures are left out.

    Args:
        random: Columns `TEG`, one row an architecture.
    """
    values = {name: _even(random, name) for name in TEG}
    known = {name: v[np.isfinite(v)] for name, v in values.items()}
    centre = {name: float(v.mean()) for name, v in known.items()}
    spread = {name: float(v.std()) for name, v in known.items()}
    ends = {name: v.min() if HIGHER_IS_BETTER[name] else v.max() for name, v in known.items()}
    return Scale(centre, spread, {name: -abs(ends[name] - centre[name]) / spread[name] for name in TEG})


def _even(table: pd.DataFrame, name: str) -> NDArray[np.float64]:
    """Return an indicator on the scale on which it spreads evenly: κ and MSE by their logarithms."""
    values = table[name].to_numpy(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return values if HIGHER_IS_BETTER[name] else np.log(values)


def cell_ways(ends: pd.DataFrame, names: pd.Index, *, orders: int, seed: int) -> pd.DataFrame:
    """Return the ways between the two ends of each pair on NAS-Bench-201, in random orders of their edges.

    Args:
        ends: Rows of part "end", two for each seed and spawn step.
        names: All architectures in the order of `every_architecture`.
        orders: How many ways for each pair.
        seed: Seed of the random orders.

    Returns:
        Columns seed, at, number (of the way), step, architecture; a pair of equal ends has one stop.
    """
    rng, stops, where = np.random.default_rng(seed), [], []
    weights = np.array([np.prod(SHAPE[e + 1 :], dtype=int) for e in range(len(SHAPE))])
    for (parent, at), pair in ends.groupby(["seed", "at"]):
        first, second = names.get_indexer(pair["architecture"])
        moves = (np.array(np.unravel_index(second, SHAPE)) - np.unravel_index(first, SHAPE)) * weights
        moves = moves[moves != 0]
        ways = np.cumsum(rng.permuted(np.tile(moves, (orders, 1)), axis=1), axis=1)
        stops.append((first + np.column_stack([np.zeros(orders, int), ways])).ravel())
        where += [(parent, at, number, step) for number in range(orders) for step in range(len(moves) + 1)]
    return pd.DataFrame(where, columns=[*_WAY, "step"]).assign(architecture=names[np.concatenate(stops)])


def drops(ways: pd.DataFrame, values: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    """Return how far each stop of each way lies below its chord.

    Args:
        ways: Columns seed, at, number, step and architecture.
        values: Columns `TEG`, by architecture.
        scale: In whose standard deviations the drops are.

    Returns:
        Columns seed, at, number, step, fraction (of the edges changed) and one drop for each of `GOODNESS`.
    """
    goodness = scale.goodness(values.loc[ways["architecture"]]).reset_index(drop=True)
    rows = ways[[*_WAY, "step"]].reset_index(drop=True).join(goodness).sort_values([*_WAY, "step"])
    groups = rows.groupby(_WAY)
    fraction = rows["step"] / groups["step"].transform("max").clip(lower=1)
    first, last = (groups[[*GOODNESS]].transform(end) for end in ("first", "last"))
    chord = first.mul(1 - fraction, axis=0) + last.mul(fraction, axis=0)
    below = chord - rows[[*GOODNESS]]
    return rows[[*_WAY, "step"]].assign(fraction=fraction).join(below).reset_index(drop=True)


def own_drops(spawned: pd.DataFrame, *, first: int = 50) -> pd.DataFrame:
    """Return the drops on the ways of live searches, by the values that each of them was told.

    Args:
        spawned: As `experiments.spawning.spawn` returns it, several seeds.
        first: A seed's scale is that of so many steps from its first, when its policy is nearly uniform.

    Returns:
        As `drops`.
    """
    found = []
    for _, rows in spawned.groupby("seed"):
        visits = rows[rows["part"].isin(["trunk", "child"]) & (rows["step"] < first)]
        values = rows.drop_duplicates("architecture").set_index("architecture")[[*TEG]]
        found.append(drops(rows[rows["part"] == "path"], values, scale_of(visits)))
    return pd.concat(found, ignore_index=True)


def barriers(below: pd.DataFrame) -> pd.DataFrame:
    """Return the barriers of each pair.

    Args:
        below: As `drops` returns it.

    Returns:
        One row a pair and goodness: seed, at, goodness, barrier (mean over the ways of their largest drop), lowest
        (of the easiest way) and mean_drop (over all stops between the ends; 0 when there are none).
    """
    long = below.melt([*_WAY, "step", "fraction"], var_name="goodness", value_name="drop")
    way = long.groupby([*_WAY, "goodness"])["drop"].max().clip(lower=0)
    pair = way.groupby(["seed", "at", "goodness"])
    inside = long[(long["fraction"] > 0) & (long["fraction"] < 1)]
    mean_drop = inside.groupby(["seed", "at", "goodness"])["drop"].mean()
    table = pd.DataFrame({"barrier": pair.mean(), "lowest": pair.min()})
    return table.assign(mean_drop=mean_drop.reindex(table.index).fillna(0.0)).reset_index()


def profile(below: pd.DataFrame, goodness: str = "teg", *, points: int = 21) -> pd.DataFrame:
    """Return the mean way at each spawn step, against the fraction of the edges that are changed.

    Ways are interpolated between their stops, and pairs count alike.

    Args:
        below: As `drops` returns it.
        goodness: Which of `GOODNESS`.
        points: Fractions between 0 and 1.

    Returns:
        Columns at, fraction, mean and spread (standard deviation over ways) of goodness minus chord.
    """
    grid, rows = np.linspace(0, 1, points), []
    for at, of_step in below.groupby("at"):
        curves = [np.interp(grid, w["fraction"], -w[goodness]) for _, w in of_step.groupby(["seed", "number"])]
        rows.append(
            pd.DataFrame(
                {"at": at, "fraction": grid, "mean": np.mean(curves, axis=0), "spread": np.std(curves, axis=0)}
            )
        )
    return pd.concat(rows, ignore_index=True)
