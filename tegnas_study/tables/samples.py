"""The same architectures in several tables of the atlas."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_core.spaces import NASBench201
from tegnas_study.paths import ATLAS
from tegnas_study.tables.atlases import MISSING, atlas, atlas_names

N_SAMPLE, SEED = 1000, 0  # of the sweeps of samples: --architectures 1000 --seed 0


def sampled_architectures() -> list[str]:
    """Return the strings of the random sample of NAS-Bench-201, in the order in which a sweep takes them."""
    return [str(architecture) for architecture in NASBench201().sample_many(N_SAMPLE, seed=SEED)]


def same_architectures(
    tables: Mapping[str, str], columns: Sequence[str], *, repeats: int | None = None, folder: Path = ATLAS
) -> dict[str, pd.DataFrame]:
    """Return the random sample of the space from each table, the architectures that all of them have.

    Args:
        tables: A name for each table of the atlas. The first table must be there; others may be missing, and are
            then left out.
        columns: The columns that are taken from each table.
        repeats: How many repeats are averaged, as in `atlases.atlas`.
        folder: The folder that holds the tables.

    Returns:
        A table for each name, with one row for each architecture, indexed by its string, in index order; columns
        ``representative`` and ``connected``, as the first table has them, and those asked for.

    Raises:
        TegnasError: When the first table is not there, or no architecture of the sample is in all of them.
    """
    first, known = next(iter(tables)), atlas_names(folder)
    there = {words: name for words, name in tables.items() if words == first or name in known}
    found = {
        words: atlas(name, repeats=repeats, folder=folder).set_index("architecture")
        for words, name in there.items()
    }
    sampled = {*sampled_architectures()}
    for table in found.values():
        sampled &= {*table.index[table["status"] != MISSING]}
    if not sampled:
        raise TegnasError(f"the tables {', '.join(there.values())} have no architecture of the sample in common")
    chosen = [architecture for architecture in found[first].index if architecture in sampled]
    structure = found[first].loc[chosen, ["representative", "connected"]]
    return {words: pd.concat([structure, table.loc[chosen, [*columns]]], axis=1) for words, table in found.items()}
