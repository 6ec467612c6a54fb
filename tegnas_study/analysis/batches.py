"""Three repeats on one batch, as in the released code, or three batches, as in the paper's text?"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from tegnas_study.analysis.choices import INDICATORS, choice_agreements
from tegnas_study.analysis.switches import averaged
from tegnas_study.paths import ATLAS
from tegnas_study.tables.atlases import atlas, atlas_coverage, atlas_repeats, seed_tables
from tegnas_study.tables.bootstrap import Bootstrap
from tegnas_study.tables.ranking import rank_sum
from tegnas_study.tables.samples import sampled_architectures


def batch_averages(folder: Path = ATLAS) -> dict[str, list[pd.DataFrame]]:
    """Return averages of three repeats on one batch, and averages of three batches, of the same classes.

    An average of the first kind is a table of the atlas with three repeats. One of the second kind takes the first
    repeat of three tables of other seeds, which differ in weights and batch. No draw is in two averages.

    Args:
        folder: The folder that holds the atlas.

    Returns:
        "one batch" and "three batches", each a list of tables; the classes are those of the random sample of the
        space, with the columns of `switches.indicator_steps`.
    """
    names = seed_tables(folder=folder)
    full = [name for name in names if atlas_coverage(name, folder=folder).complete >= 3]
    single = [name for name in names if name not in full]
    rows = {name: atlas_repeats(name, folder=folder) for name in names}
    structure = atlas(names[0], folder=folder).set_index("architecture")[["representative", "connected"]]
    classes = list(dict.fromkeys(structure.loc[sampled_architectures(), "representative"]))
    found = {
        "one batch": [averaged(rows[name][rows[name]["repeat"] < 3], geometric=True) for name in full],
        "three batches": [],
    }
    for number in range(len(single) // 3):
        group = enumerate(single[3 * number : 3 * number + 3])
        parts = [rows[name][rows[name]["repeat"] == 0].assign(repeat=k) for k, name in group]
        found["three batches"].append(averaged(pd.concat(parts), geometric=True))
    joined = {
        kind: [pd.concat([structure.loc[classes], table.reindex(classes)], axis=1) for table in tables]
        for kind, tables in found.items()
    }
    return {kind: [t.assign(rank_sum=rank_sum(t)) for t in tables] for kind, tables in joined.items()}


def batch_agreements(
    found: Mapping[str, Sequence[pd.DataFrame]], accuracy: pd.Series, **resampling: int
) -> Bootstrap:
    """Return the mean agreement of each indicator over averages of one kind, as statistics (kind, indicator).

    Args:
        found: What `batch_averages` returns.
        accuracy: Accuracies, indexed by architecture; those whose accuracy is unknown are left out.
        **resampling: ``seed`` and ``n_draws`` of the resampling, which draws classes.
    """
    numbered = {f"{kind} {n}": table for kind, tables in found.items() for n, table in enumerate(tables)}
    drawn = choice_agreements(numbered, accuracy, **resampling)
    parts = {
        (kind, name): [(f"{kind} {n}", name) for n in range(len(tables))]
        for kind, tables in found.items()
        for name in INDICATORS
    }
    value = pd.Series({key: drawn.value[names].mean() for key, names in parts.items()})
    draws = pd.DataFrame({key: drawn.draws[names].mean(axis=1) for key, names in parts.items()})
    return Bootstrap(value, draws)
