"""What live searches of the DARTS space found, how they went there, and how alike their results are.

Values of one seed are comparable across methods: the seed also fixes the images and the weights. Values of two
seeds are not. The yardstick of a seed is therefore the first population of its evolution: random genotypes, judged
on the same images.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_core.settings import IndicatorSettings
from tegnas_core.spaces.darts import Darts
from tegnas_core.spaces.darts_edges import CELLS, EDGES
from tegnas_core.spaces.genotype import OPERATIONS, Genotype
from tegnas_study.tables.bootstrap import Estimate, bootstrap, taus
from tegnas_study.tables.frames import average_repeats
from tegnas_study.tables.ranking import HIGHER_IS_BETTER, TEG, failures_last, rank_sum
from tegnas_study.tables.study_rows import PAPER_NAMES

QUOTED = {name: words if name == "te-nas" else f"{words} + TEG" for name, words in PAPER_NAMES.items()}
"""Method → its row in the paper's Tables 3 and 4."""
PUBLISHED = {"reinforce": "TEGNAS_RL", "evolution": "TEGNAS_EVOLUTION", "fp-nas": "TEGNAS_PROBNAS"}
"""Method → the published genotype (see `spaces.named_genotypes`)."""
BETTER = "share_better"  # column: of random genotypes, the mean over the three indicators


def label(method: str, seed: int) -> str:
    """Return what a search is called on a page: its method and its seed.

    >>> label("fp-nas", 1)
    'FP-NAS 1'
    """
    return f"{PAPER_NAMES.get(method, method)} {seed}"


def found_genotypes(outcomes: pd.DataFrame) -> dict[str, Genotype]:
    """Return what every search derived, by `label`."""
    rows = zip(outcomes["method"], outcomes["seed"], outcomes["derived"], strict=True)
    return {label(method, seed): Genotype.parse(text) for method, seed, text in rows}


def n_convolutions(genotype: Genotype) -> int:
    """Return how many of a genotype's 16 operations are convolutions."""
    return sum("conv" in operation for operation, _ in (*genotype.normal, *genotype.reduce))


def with_one_operation(genotype: Genotype, operation: str) -> Genotype:
    """Return the genotype that reads the same states through one operation everywhere."""
    return Genotype(
        *(tuple((operation, source) for _, source in cell) for cell in (genotype.normal, genotype.reduce))
    )


def agreement_with_convolutions(
    rows: pd.DataFrame, settings: IndicatorSettings, *, seed: int, n_draws: int
) -> tuple[Estimate, int]:
    """Return how far counting convolutions orders genotypes as their sum of ranks does, and how many there are.

    Args:
        rows: The long table of evaluations that `analysis.normal_cell_bug.rows_of_both` returns; what was
            evaluated with wrong normal cells is left out.
        settings: The settings that the rows were computed with.
        seed: Seed of the bootstrap over genotypes.
        n_draws: Number of resamples.

    Returns:
        Kendall's τ, positive when more convolutions go with a better sum of ranks, and the number of genotypes.
    """
    table = average_repeats(rows[rows["space"] == Darts.name], settings)
    counts = [n_convolutions(Genotype.parse(text)) for text in table["architecture"]]
    drawn = bootstrap(taus({"τ": (-rank_sum(table), counts)}), np.arange(len(table)), seed=seed, n_draws=n_draws)
    return drawn.estimate("τ"), len(table)


def random_genotypes(histories: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the evaluations of a seed's random genotypes, if any: the first population of its evolution."""
    chosen = (histories["method"] == "evolution") & (histories["seed"] == seed) & (histories["step"] == 0)
    return histories[chosen]


def share_better(values: pd.DataFrame, reference: pd.DataFrame) -> pd.Series:
    """Return which share of a reference is better than each row: 0 beats all, about 0.5 is like the reference.

    The mean over κ, R and MSE; equal values count half, and a failure is worst. Up to scale it is the row's sum of
    ranks among the reference.

    Args:
        values: Columns condition_number, linear_regions, regression_error.
        reference: The same columns of at least one other genotype, evaluated on the same images.
    """
    shares = []
    for name in TEG:
        higher = HIGHER_IS_BETTER[name]
        mine, others = (failures_last(t[name], higher_is_better=higher) for t in (values, reference))
        mine, others = (-mine, -others) if higher else (mine, others)  # small is good now
        ordered = np.sort(others)
        below, up_to = np.searchsorted(ordered, mine), np.searchsorted(ordered, mine, "right")
        shares.append((below + up_to) / (2 * len(ordered)))
    return pd.Series(np.mean(shares, axis=0), index=values.index, name=BETTER)


def trajectories(histories: pd.DataFrame, *, window: int, points: int = 60) -> pd.DataFrame:
    """Return how the visited genotypes change over a search, beside random ones of the same seed.

    Supernets are no genotypes, so TE-NAS is left out; so is a seed without random genotypes.

    Args:
        histories: One row for each evaluation: method, seed, then the columns of `SearchHistory.table`.
        window: How many evaluations a median (for `BETTER`, a mean) is taken over.
        points: The largest number of points for each search.

    Returns:
        Columns method, seed, evaluations, κ, R and MSE as multiples of the median of random genotypes, and
        `BETTER`.
    """
    found = []
    for (method, seed), rows in histories[histories["method"] != "te-nas"].groupby(["method", "seed"], sort=False):
        reference = random_genotypes(histories, seed)
        if reference.empty:
            continue
        finite = rows[[*TEG]].where(np.isfinite(rows[[*TEG]]))
        smooth = finite.rolling(window, min_periods=window // 2).median() / reference[[*TEG]].median()
        smooth[BETTER] = share_better(rows, reference).rolling(window, min_periods=window // 2).mean()
        smooth = smooth.assign(method=method, seed=seed, evaluations=rows["evaluations"])
        found.append(smooth.dropna().iloc[:: max(1, len(rows) // points)])
    columns = ["method", "seed", "evaluations", *TEG, BETTER]
    return pd.concat(found)[columns].reset_index(drop=True) if found else pd.DataFrame(columns=columns)


def standing_in_search(histories: pd.DataFrame, outcomes: pd.DataFrame) -> pd.Series:
    """Return `share_better` of every result by the search's own evaluation of it, by `label`.

    It is nan where the search never evaluated what it derived, or its seed has no random genotypes.

    Args:
        histories: One row for each evaluation: method, seed, then the columns of `SearchHistory.table`.
        outcomes: One row for each search, with the columns method, seed and derived.
    """
    found = {}
    for _, outcome in outcomes.iterrows():
        rows = histories[(histories[["method", "seed"]] == outcome[["method", "seed"]]).all(axis=1)]
        visited = rows[rows["architecture"] == outcome["derived"]].head(1)
        reference = random_genotypes(histories, outcome["seed"])
        known = len(visited) and len(reference)
        name = label(outcome["method"], outcome["seed"])
        found[name] = share_better(visited, reference).iloc[0] if known else np.nan
    return pd.Series(found, name=BETTER, dtype=float)


def full_entropy(n_operations: int = len(OPERATIONS) - 1) -> float:
    """Return the entropy in nats of a policy that knows nothing: ln of the operations, on 28 edges."""
    return float(len(CELLS) * len(EDGES) * np.log(n_operations))


def narrowing(histories: pd.DataFrame) -> pd.DataFrame:
    """Return what is left of a search's openness after every step.

    Returns:
        Columns method, seed, evaluations, and left: the entropy of a policy (of TE-NAS: the logarithm of how many
        genotypes its supernet holds) over that of a policy that knows nothing, which is where it begins, or the
        diversity of a population over that of the first one.
    """
    found = []
    for (method, seed), rows in histories.groupby(["method", "seed"], sort=False):
        steps = rows.drop_duplicates("step", keep="last")
        left = steps["entropy"] / full_entropy()
        reached = steps["evaluations"]
        if left.isna().all():
            left = steps["diversity"] / steps["diversity"].iloc[0]
        else:
            left, reached = [1.0, *left], [0, *reached]
        found.append(pd.DataFrame({"method": method, "seed": seed, "evaluations": reached, "left": left}))
    return pd.concat(found, ignore_index=True)


def seed_distances(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return how many decisions lie between results: of two seeds, and of a seed and the published cell.

    Returns:
        Columns method, pair ("two seeds" or "to the paper's"), distance.
    """
    space, found = Darts(), []
    for method, rows in outcomes.groupby("method", sort=False):
        cells = [Genotype.parse(text) for text in rows["derived"]]
        pairs = [("two seeds", a, b) for i, a in enumerate(cells) for b in cells[i + 1 :]]
        if method in PUBLISHED:
            pairs += [("to the paper's", a, space.parse(PUBLISHED[method])) for a in cells]
        found += [(method, words, space.distance(a, b)) for words, a, b in pairs]
    return pd.DataFrame(found, columns=["method", "pair", "distance"])


def random_distances(n_pairs: int, *, seed: int) -> np.ndarray:
    """Return the distances between pairs of random genotypes, shape (n_pairs,)."""
    space = Darts()
    drawn = space.sample_many(2 * n_pairs, seed=seed)
    return np.array([space.distance(a, b) for a, b in zip(drawn[::2], drawn[1::2], strict=True)])


def standings(rows: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Return how judged genotypes stand among random ones, repeat by repeat.

    Args:
        rows: The rows that `tables.evaluate_many` returns, of named and of random genotypes.
        names: Architecture string → name; all others are the random ones.

    Returns:
        Indexed by name in the order of `names`: mean, low and high of `share_better` over the repeats.

    Raises:
        TegnasError: When no genotype is a random one.
    """
    named = rows["architecture"].isin(list(names))
    if named.all():
        raise TegnasError("standings are among random genotypes; evaluate some that have no name")
    parts = []
    for repeat, group in rows[named].groupby("repeat"):
        reference = rows[~named & (rows["repeat"] == repeat)]
        parts.append(group[["architecture"]].assign(share=share_better(group, reference)))
    shares = pd.concat(parts).groupby("architecture")["share"].agg(["mean", "min", "max"])
    shares = shares.reindex(list(names)).set_axis(list(names.values()))
    return shares.rename(columns={"min": "low", "max": "high"})
