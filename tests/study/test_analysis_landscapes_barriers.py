"""What lies between two architectures, on ways whose heights are known."""

import numpy as np
import pandas as pd
import pytest

from tegnas_core.spaces import NASBench201
from tegnas_study.analysis.landscapes.barriers import (
    GOODNESS,
    Scale,
    barriers,
    cell_ways,
    drops,
    own_drops,
    profile,
    scale_of,
)
from tegnas_study.analysis.searches.exact_gradient import every_architecture
from tegnas_study.tables.ranking import TEG

SPACE = NASBench201()
NAMES = pd.Index([str(a) for a in every_architecture(SPACE)])
PLAIN = Scale(dict.fromkeys(TEG, 0.0), dict.fromkeys(TEG, 1.0), dict.fromkeys(TEG, -9.0))


def heights(regions):
    """Return a table whose R is as given; κ and MSE are level."""
    return pd.DataFrame({"condition_number": 1.0, "linear_regions": regions, "regression_error": 1.0})


def way(values, seed=0, at=50, number=0):
    stops = [f"{seed}-{at}-{number}-{k}" for k in range(len(values))]
    rows = pd.DataFrame({"seed": seed, "at": at, "number": number, "step": range(len(values))})
    return rows.assign(architecture=stops), heights(values).set_index(pd.Index(stops))


def drop_of(*ways):
    tables = [way(values, number=k) for k, values in enumerate(ways)]
    return drops(pd.concat([w for w, _ in tables]), pd.concat([v for _, v in tables]), PLAIN)


def of_regions(below):
    found = barriers(below)
    return found[found["goodness"] == "linear_regions"].iloc[0]


def test_a_valley_is_measured_from_the_chord():
    row = of_regions(drop_of([0.0, -1.0, 2.0]))
    assert row["barrier"] == pytest.approx(2) == row["lowest"] == row["mean_drop"]  # the chord is 1 half way


def test_a_hill_between_is_no_barrier():
    row = of_regions(drop_of([0.0, 5.0, 0.0]))
    assert (row["barrier"], row["lowest"], row["mean_drop"]) == (0, 0, -5)


def test_the_barrier_is_the_mean_and_the_lowest_is_of_the_easiest_way():
    row = of_regions(drop_of([0.0, -3.0, 0.0, 0.0], [0.0, -1.0, -2.0, 0.0]))
    assert (row["barrier"], row["lowest"], row["mean_drop"]) == (2.5, 2, 1.5)


def test_equal_ends_and_neighbours_have_no_barrier():
    for values in ([1.0], [1.0, 4.0]):
        row = of_regions(drop_of(values))
        assert (row["barrier"], row["mean_drop"]) == (0, 0)


def test_a_straight_way_is_level_wherever_it_is_looked_at():
    found = profile(drop_of([0.0, 1.0, 2.0, 3.0], [0.0, 1.0, 2.0, 3.0]), "linear_regions", points=7)
    assert found["mean"].to_numpy() == pytest.approx(0) and found["spread"].to_numpy() == pytest.approx(0)


def test_a_profile_is_the_mean_over_ways_above_the_chord():
    found = profile(drop_of([0.0, 2.0, 0.0], [0.0, 0.0, 0.0]), "linear_regions", points=3)
    assert found["mean"].tolist() == [0, 1, 0] and found["spread"].tolist() == [0, 1, 0]


def test_goodness_is_in_standard_deviations_and_turned():
    rng = np.random.default_rng(0)
    table = pd.DataFrame({name: rng.lognormal(size=500) for name in TEG})
    scale = scale_of(table)
    good = scale.goodness(table)
    assert list(good.columns) == [*GOODNESS]
    assert good[[*TEG]].mean().to_numpy() == pytest.approx(0, abs=1e-9)
    assert good[[*TEG]].std(ddof=0).to_numpy() == pytest.approx(1)
    assert table["condition_number"].idxmin() == good["condition_number"].idxmax()
    assert table["linear_regions"].idxmax() == good["linear_regions"].idxmax()
    assert good["teg"].to_numpy() == pytest.approx(good[[*TEG]].mean(axis=1).to_numpy())


def test_a_failure_counts_as_the_worst_that_did_not_fail():
    table = pd.DataFrame({name: [1.0, 2.0, 4.0, np.inf] for name in TEG})
    table["linear_regions"] = [1.0, 2.0, 4.0, 0.5]
    good = scale_of(table).goodness(table)
    assert good["condition_number"].iloc[3] == pytest.approx(good["condition_number"].iloc[2])
    assert np.isfinite(good.to_numpy()).all()


def test_ways_between_cells_change_one_edge_at_a_time():
    rng = np.random.default_rng(3)
    cells = [SPACE.sample(rng) for _ in range(8)]
    rows = [(s, at, c) for s in range(2) for at in (0, 50) for c in range(2)]
    ends = pd.DataFrame(rows, columns=["seed", "at", "number"]).assign(architecture=[str(c) for c in cells])
    ends.loc[1, "architecture"] = ends.loc[0, "architecture"]  # one pair of equal ends
    found = cell_ways(ends, NAMES, orders=5, seed=0)
    assert found.groupby(["seed", "at"])["number"].nunique().tolist() == [5] * 4
    for (seed, at, _), stops in found.groupby(["seed", "at", "number"]):
        texts = stops["architecture"].tolist()
        pair = ends[(ends["seed"] == seed) & (ends["at"] == at)]["architecture"].tolist()
        assert [texts[0], texts[-1]] == pair and stops["step"].tolist() == [*range(len(texts))]
        parsed = [SPACE.parse(text) for text in texts]
        assert [SPACE.distance(a, parsed[-1]) for a in parsed] == [*range(len(parsed))][::-1]
    assert found.equals(cell_ways(ends, NAMES, orders=5, seed=0))


def test_own_drops_use_each_seeds_scale_and_values():
    tables = []
    for seed, spread in ((0, 1.0), (1, 10.0)):
        rng = np.random.default_rng(seed)
        early = pd.DataFrame({name: np.exp(spread * rng.standard_normal(50)) for name in TEG})
        early["linear_regions"] = spread * np.linspace(-1, 1, 50)
        early = early.assign(part="trunk", step=range(50), number=0, architecture=[f"t{i}" for i in range(50)])
        path = heights(np.array([0.0, -spread, 0.0])).assign(part="path", step=range(3), number=0)
        path["architecture"] = ["a", "b", "c"]  # the same names in both seeds, with other values
        tables.append(pd.concat([early, path]).assign(seed=seed, at=50))
    found = barriers(own_drops(pd.concat(tables, ignore_index=True)))
    found = found[found["goodness"] == "linear_regions"].set_index("seed")["barrier"]
    assert found[0] == pytest.approx(found[1]) == pytest.approx(1 / np.linspace(-1, 1, 50).std())
