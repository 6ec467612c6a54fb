"""The indicators of all 15,625 architectures under every draw of weights and images that the atlas has.

Arrays follow the order of `exact_gradient.every_architecture`: the last edge varies fastest.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tegnas_core.errors import TegnasError
from tegnas_core.spaces import NASBench201
from tegnas_study.analysis.searches.exact_gradient import every_architecture
from tegnas_study.tables.atlases import DEFAULT, atlas, atlas_repeats, atlas_settings, seed_tables
from tegnas_study.tables.frames import mean_of_draws
from tegnas_study.tables.ranking import HIGHER_IS_BETTER, TEG, rank_sum
from tegnas_study.tables.repeats import of_repeat

Draw = tuple[str, int]  # a table of the atlas and the number of a repeat


@dataclass(frozen=True)
class Draws:
    """Indicators under several draws of weights and images.

    Attributes:
        names: Where each draw comes from.
        architectures: Strings, in the order of `every_architecture`.
        values: Values of the indicators `TEG`, shape (draws, 15,625, 3); what failed is not finite.
    """

    names: tuple[Draw, ...]
    architectures: pd.Index
    values: NDArray[np.float64]

    def average(self, chosen: Sequence[int]) -> pd.DataFrame:
        """Return the indicators averaged over some draws: κ by its geometric mean, as in the atlas.

        Args:
            chosen: Numbers of draws.
        """
        return pd.DataFrame(mean_of_draws(self.values[list(chosen)]), columns=[*TEG], index=self.architectures)

    def fitness(self, chosen: Sequence[int]) -> dict[str, NDArray[np.float64]]:
        """Return what a search may climb on the average over some draws: each indicator, and the sum of ranks.

        Larger is better and a failure is −∞; "rank_sum" is minus the sum of the ranks in the whole space.
        """
        return fitness_of(self.average(chosen))


def fitness_of(table: pd.DataFrame) -> dict[str, NDArray[np.float64]]:
    """Return the indicators of a table turned so that larger is better, −∞ for failures, and minus `rank_sum`."""
    signs = {name: 1.0 if HIGHER_IS_BETTER[name] else -1.0 for name in TEG}
    turned = {name: sign * table[name].to_numpy(float) for name, sign in signs.items()}
    turned = {name: np.where(np.isfinite(values), values, -np.inf) for name, values in turned.items()}
    return {**turned, "rank_sum": -rank_sum(table).to_numpy(float)}


def known_draws(prefix: str = DEFAULT) -> tuple[Draw, ...]:
    """Return the complete repeats of the table `prefix` and of its like under other seeds, ``prefix-seed1`` …"""
    found, n_classes = [], len(NASBench201().classes(atlas_settings(prefix).equivalence))
    for name in seed_tables(prefix):
        counts = atlas_repeats(name).groupby("repeat").size()
        found += [(name, int(repeat)) for repeat, n in counts.items() if n == n_classes]
    return tuple(found)


def load_draws(names: Iterable[Draw] | None = None) -> Draws:
    """Return the space under some draws of the atlas; None takes all of `known_draws`.

    Raises:
        TegnasError: When a draw is not there, or none is asked for.
    """
    chosen = tuple(known_draws() if names is None else names)
    if not chosen:
        raise TegnasError("there is no draw of the whole space in the atlas")
    order = pd.Index([str(architecture) for architecture in every_architecture(NASBench201())])
    table = atlas()[["architecture", "representative", *TEG, "status"]]
    rows = {name: atlas_repeats(name) for name in dict.fromkeys(name for name, _ in chosen)}
    values = [
        of_repeat(table, rows[name], repeat).set_index("architecture")[[*TEG]].reindex(order).to_numpy(float)
        for name, repeat in chosen
    ]
    return Draws(chosen, order, np.stack(values))
