"""Computations about Fig. 4: where spawned searches end, and what lies between."""

import numpy as np
import pandas as pd

from tegnas_study.analysis.landscapes import barriers, pairs
from tegnas_study.analysis.landscapes.two_way import two_way
from tegnas_study.ledger.finding import Finding, over_draws_and_seeds
from tegnas_study.ledger.sources import Sources
from tegnas_study.sweep import read_sweep
from tegnas_study.tables.ranking import HIGHER_IS_BETTER, TEG, ranks

_PARENTS = "parents on DARTS, each with its own weights"


def children_closer(sources: Sources, *, at: int) -> Finding:
    """Return by which share of the edges two children are closer than two independent searches (NAS-Bench-201)."""
    closer = {}
    for name, table in sources.pairs.items():
        wide = table.pivot(index="seed", columns="at", values="apart")
        closer[name] = wide[0] - wide[at]
    about = "share of the edges, NAS-Bench-201"
    values = pd.DataFrame(closer).T
    return over_draws_and_seeds(values, about, unit="averages of three draws", spec="+.2f", **sources.resampling)


def further_on_darts(sources: Sources, *, at: int) -> Finding:
    """Return by how much children are further apart on DARTS than on NAS-Bench-201, beyond their own spread."""
    tables = {"darts": pairs.pair_table(sources.spawned_on_darts, "darts"), "cells": sources.pairs["teg-cifar10"]}
    darts, cells = (pairs.mean_of_pairs(table, **sources.resampling) for table in tables.values())
    found = pairs.contrast(darts, cells, f"excess {at}")
    own = tables["darts"].query("at == @at").set_index("seed")["excess"]
    gaps = own - tables["cells"].query("at == @at")["excess"].mean()
    return Finding(gaps, found, _PARENTS, "excess distance, as a share of the edges", spec="+.2f")


def valley_on_darts(sources: Sources, *, at: int) -> Finding:
    """Return how far the way between two children lies below the straight line, by weights no search has seen.

    In standard deviations of random genotypes.
    """
    spawned = sources.spawned_on_darts
    judged = read_sweep(sources.results / "darts-ways.parquet")
    usual = read_sweep(sources.results / "darts-judged.parquet")
    paths = spawned[spawned["part"] == "path"]
    known = paths["architecture"].isin(judged["architecture"])
    whole = known.groupby(paths["seed"]).all()
    paths = paths[paths["seed"].map(whole)]
    below = barriers.drops(paths, judged.set_index("architecture"), barriers.scale_of(_random(usual)))
    table = barriers.barriers(below).query("at == @at and goodness == 'teg'").set_index("seed")
    drop = table["mean_drop"]
    mean = two_way(drop.to_frame(), **sources.resampling)
    about = "standard deviations of random genotypes, by other weights and images"
    return Finding(drop, mean, _PARENTS, about, spec="+.2f")


def _random(usual: pd.DataFrame) -> pd.DataFrame:
    """Return the random genotypes of the record, in its first repeat: the weights and images of the ways."""
    from tegnas_core.spaces import Darts

    drawn = {str(genotype) for genotype in Darts().sample_many(60, seed=1000)}
    return usual[usual["architecture"].isin(drawn) & (usual["repeat"] == 0)]


def all_good(sources: Sources) -> Finding:
    """Return which share of the ends of spawned searches is in the best tenth by κ, R and MSE alike.

    Judged by draws that no search was told, minus the share of all cells for which that is so.
    """
    table = sources.spawned["teg-cifar10"]
    ends, space, found = table[table["part"] == "end"], sources.other_draws, {}
    for number, (name, _) in enumerate(space.names):
        good = _good(space.average([number]))
        found[name] = good.loc[ends["architecture"]].groupby(ends["seed"].to_numpy()).mean() - good.mean()
    about = "ends of searches above all cells, by weights that no search was told"
    return over_draws_and_seeds(pd.DataFrame(found).T, about, spec="+.0%", **sources.resampling)


def _good(table: pd.DataFrame) -> pd.Series:
    inside = [ranks(table[name], higher_is_better=HIGHER_IS_BETTER[name]) <= 0.1 * len(table) for name in TEG]
    return pd.Series(np.all(inside, axis=0).astype(float), index=table.index)
