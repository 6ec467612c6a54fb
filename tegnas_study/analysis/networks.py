"""Does the network matter? The same indicators on the small proxy and on the benchmark's own network.

The benchmark's network has 16 channels and fifteen cells, so an evaluation takes twenty to fifty times as long and
most of its tables hold a sample.
"""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from tegnas_core.indicators import names
from tegnas_study.analysis.across_draws import Pairs
from tegnas_study.analysis.rivals import BENCHMARK_TABLE, MEASURED, TABLE
from tegnas_study.analysis.subsets import DIRECTIONS, RIVALS, oriented
from tegnas_study.paths import ATLAS
from tegnas_study.tables.atlases import MISSING, atlas, atlas_names
from tegnas_study.tables.bootstrap import Bootstrap, bootstrap, taus
from tegnas_study.tables.ranking import TEG, rank_sum

# What the rivals were evaluated on → table of the atlas; what takes longest has a sample. The originals have the
# last: their authors evaluate the benchmark's own network from PyTorch's default weights.
NETWORKS: Mapping[str, str] = {
    "proxy": TABLE,
    "benchmark's network": BENCHMARK_TABLE,
    "benchmark's network, a sample": "rivals-benchmark-rest-cifar10-sample",
    "benchmark's network, default weights": "rivals-benchmark-cifar10-sample",
}

# The same for the three indicators.
TEG_NETWORKS: Mapping[str, str] = {"proxy": "teg-cifar10", "benchmark's network": "teg-benchmark-cifar10-sample"}


def network_agreements(
    accuracy: pd.Series, folder: Path = ATLAS, *, seed: int, n_draws: int
) -> dict[str, Bootstrap]:
    """Return the agreement of the rivals of single networks, by the network and its weights.

    One repeat each. Every other network is set beside the proxy over the architectures that both have, once each
    class, so that each pair compares the same ones; tables differ in how many architectures and rivals they hold.

    Args:
        accuracy: Accuracies, indexed by architecture; those whose accuracy is unknown are left out.
        folder: Where the tables lie; only what is there is returned.
        seed: Seed of the resampling, which draws whole classes.
        n_draws: Number of resamples.

    Returns:
        The statistics of a network are its rivals, newer ones too, "proxy: rival" for those that the proxy's table
        has over the same architectures, and "n", the number of classes.
    """
    tables = {
        network: atlas(name, repeats=1, folder=folder).set_index("architecture")
        for network, name in NETWORKS.items()
        if name in atlas_names(folder)
    }
    proxy, found = tables["proxy"], {}
    for network, rows in tables.items():
        known = _known_to_both(rows, proxy, accuracy)
        of_network = [name for name in RIVALS if name in rows.columns and name != names.ALIGNMENT]
        of_both = [name for name in of_network if name in MEASURED]
        target = known.index.map(accuracy)
        pairs = {name: (oriented(known, name), target) for name in of_network}
        pairs |= {f"proxy: {name}": (oriented(proxy.loc[known.index], name), target) for name in of_both}
        found[network] = _drawn(pairs, known, seed=seed, n_draws=n_draws)
    return found


def teg_network_agreements(accuracy: pd.Series, folder: Path = ATLAS, *, seed: int, n_draws: int) -> Bootstrap:
    """Return the agreement of κ, R, MSE and the sum of their ranks on the proxy and on the benchmark's network.

    One repeat each, over the classes that both tables have, so that the two networks are told the same
    architectures. R is counted on the thin network, which is the same for both.

    Args:
        accuracy: Accuracies, indexed by architecture; those whose accuracy is unknown are left out.
        folder: Where the tables lie.
        seed: Seed of the resampling, which draws whole classes.
        n_draws: Number of resamples.

    Returns:
        The statistics are the indicators on the benchmark's network, "proxy: indicator" for each of them, and
        "n", the number of classes.
    """
    proxy, own = (
        atlas(name, repeats=1, folder=folder).set_index("architecture") for name in TEG_NETWORKS.values()
    )
    known = _known_to_both(own, proxy, accuracy)
    target, pairs = known.index.map(accuracy), {}
    for words, rows in (("", known), ("proxy: ", proxy.loc[known.index])):
        pairs |= {f"{words}{name}": (oriented(rows, name), target) for name in TEG}
        pairs[f"{words}rank_sum"] = (-rank_sum(rows, TEG, higher_is_better=DIRECTIONS), target)
    return _drawn(pairs, known, seed=seed, n_draws=n_draws)


def _known_to_both(own: pd.DataFrame, proxy: pd.DataFrame, accuracy: pd.Series) -> pd.DataFrame:
    """Return the rows of one table that the proxy's table and the accuracies know too, one for each class."""
    there = (own["status"] != MISSING) & (proxy["status"] != MISSING) & own.index.isin(accuracy.dropna().index)
    return own[there].drop_duplicates("representative")


def _drawn(pairs: Pairs, known: pd.DataFrame, *, seed: int, n_draws: int) -> Bootstrap:
    drawn = bootstrap(taus(pairs), known["representative"], seed=seed, n_draws=n_draws)
    drawn.value["n"] = drawn.draws["n"] = len(known)
    return drawn
