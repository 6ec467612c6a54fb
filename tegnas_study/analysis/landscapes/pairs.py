"""How far apart do the two children of a spawned search end, and is it more than their own spread?

A policy that is still undecided proposes cells that differ from each other, so two children that propose other
cells need not be in different areas. With one-hot codes of m kept edges, proposals of two policies with mean codes
c₁ and c₂ differ on

    between = m − ⟨c₁, c₂⟩,   within = m − (‖c₁‖² + ‖c₂‖²) / 2,   excess = between − within = ½ ‖c₁ − c₂‖²

edges on average. The excess is zero exactly when both propose from one place, however wide it is.
"""

import itertools
from collections.abc import Mapping

import numpy as np
import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_core.spaces.by_name import SPACES
from tegnas_study.tables.bootstrap import Bootstrap, Estimate, bootstrap

MEASURES = ("apart", "between", "within", "excess")


def pair_table(spawned: pd.DataFrame, space: str) -> pd.DataFrame:
    """Return one row for each pair of children, all distances as shares of the edges.

    Args:
        spawned: As `experiments.spawning.spawn` returns it.
        space: Name of the space.

    Returns:
        Columns seed, at, apart (of the two derived architectures), same (whether they are equal), between, within,
        excess, and entropy, the mean of both policies as a share of the uniform one's.

    Raises:
        TegnasError: When a pair is not complete.
    """
    ends = spawned[spawned["part"] == "end"]
    rows = []
    for (seed, at), pair in ends.groupby(["seed", "at"]):
        if len(pair) != 2:
            raise TegnasError(f"seed {seed} spawned after {at} steps has {len(pair)} ends, not two")
        rows.append({"seed": seed, "at": at, **_apart(*pair.to_dict("records"), space)})
    return pd.DataFrame(rows)


def pairs_of_parents(spawned: pd.DataFrame, space: str, at: int) -> pd.DataFrame:
    """Return one row for each two parents: how far their first children, spawned after `at` steps, end apart.

    They share neither randomness nor, when they were evaluated live, weights and images.

    Args:
        spawned: As `experiments.spawning.spawn` returns it, several seeds.
        space: Name of the space.
        at: The spawn step.

    Returns:
        Columns as `pair_table`, with "other" for the second parent's seed.
    """
    ends = spawned[(spawned["part"] == "end") & (spawned["at"] == at) & (spawned["number"] == 0)]
    rows = [
        {"seed": a["seed"], "other": b["seed"], "at": at, **_apart(a, b, space)}
        for a, b in itertools.combinations(ends.to_dict("records"), 2)
    ]
    return pd.DataFrame(rows)


def random_apart(space: str, *, n: int, seed: int) -> float:
    """Return on which share of their edges two random architectures differ, the mean of n pairs."""
    made = SPACES[space]()
    codes = np.stack([made.encode(a) for a in made.sample_many(2 * n, seed=seed)])
    return float(1 - (codes[:n] * codes[n:]).sum() / codes[:n].sum())


def mean_of_pairs(pairs: pd.DataFrame, *, seed: int, n_draws: int) -> Bootstrap:
    """Return the means of the measures at each spawn step, with resamples of the parents.

    Args:
        pairs: As `pair_table` returns it.
        seed: Seed of the resampling.
        n_draws: Number of resamples.

    Returns:
        Statistics named such as "apart 50"; all pairs of a parent are drawn together.
    """
    columns = {
        f"{measure} {at}": np.where(pairs["at"] == at, pairs[measure], np.nan)
        for at in sorted(pairs["at"].unique())
        for measure in (*MEASURES, "same", "entropy")
    }
    return bootstrap(_means(columns), pairs["seed"], seed=seed, n_draws=n_draws)


def contrast(first: Bootstrap, second: Bootstrap, name: str) -> Estimate:
    """Return how much larger a statistic is in the first of two spaces, which are resampled apart.

    Args:
        first: As `mean_of_pairs` returns it.
        second: The same of another space, with as many draws.
        name: A statistic of both.
    """
    values = {"first": first.value[name], "second": second.value[name]}
    draws = pd.DataFrame({"first": first.draws[name].to_numpy(), "second": second.draws[name].to_numpy()})
    return Bootstrap(pd.Series(values), draws).estimate(lambda s: s["first"] - s["second"])


def _means(columns: Mapping[str, np.ndarray]):
    known = {name: (np.isfinite(values), np.nan_to_num(values)) for name, values in columns.items()}

    def statistic(counts: np.ndarray) -> dict[str, float]:
        sums = {name: (counts @ there, counts @ values) for name, (there, values) in known.items()}
        return {name: total / n if n else np.nan for name, (n, total) in sums.items()}

    return statistic


def _apart(first: Mapping[str, object], second: Mapping[str, object], space: str) -> dict[str, float]:
    made = SPACES[space]()
    codes = [made.encode(made.parse(str(end["architecture"]))) for end in (first, second)]
    means = [np.asarray(end["mean"], float) for end in (first, second)]
    m = float(codes[0].sum())
    between = m - float(means[0] @ means[1])
    within = m - float(means[0] @ means[0] + means[1] @ means[1]) / 2
    apart = m - float(codes[0] @ codes[1])
    entropy = float(first["entropy"] + second["entropy"]) / 2 / _largest_entropy(space)
    shares = {"apart": apart / m, "between": between / m, "within": within / m, "excess": (between - within) / m}
    return {**shares, "same": float(apart == 0), "entropy": entropy}


def _largest_entropy(space: str) -> float:
    """Return the entropy of the uniform policy in nats."""
    made = SPACES[space]()
    if space == "darts":
        return 28 * float(np.log(len(made.operations)))  # the operations on 14 edges of each of two cells
    return float(np.log(made.choices).sum())
