"""Searches read back, set beside random genotypes, and compared: on tables whose answer is known."""

import math

import numpy as np
import pandas as pd
import pytest

from tegnas_core.errors import TegnasError
from tegnas_core.settings import PRESETS
from tegnas_core.spaces import Darts
from tegnas_core.spaces.genotype import Genotype
from tegnas_study.analysis.searches import live
from tegnas_study.experiments.files import write_histories
from tegnas_study.experiments.live_files import read_live_searches
from tegnas_study.experiments.outcome import outcome
from tegnas_study.experiments.request import make_request
from tegnas_study.experiments.run import run_search
from tegnas_study.paths import RESULTS
from tegnas_study.sweep import read_sweep
from tegnas_study.tables.ranking import TEG

SMALL = {
    "evolution": {"steps": 20, "sizes": {"population_size": 10, "tournament_size": 3}},
    "reinforce": {"steps": 20},
    "te-nas": {},
}


def counting(architecture) -> dict[str, float]:
    """Values that follow from the text alone: many fives are good."""
    fives = str(architecture).count("5")
    return {"condition_number": 100.0 - fives, "linear_regions": fives, "regression_error": 2 - fives / 100}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("searches")
    for method, options in SMALL.items():
        for seed in (0, 1):
            request = make_request(method, space="darts", source="live", **options)
            history = run_search(request, seed=seed, source=counting)
            file = path / f"darts-{method}-{seed}.parquet"
            write_histories(
                file, request, {seed: history}, [outcome(history, seed=seed)], command="tegnas x --resume"
            )
    return path


@pytest.fixture(scope="module")
def searches(folder):
    return read_live_searches(folder)


def test_found_genotypes_have_names(searches):
    found = live.found_genotypes(searches.outcomes)
    assert [*found] == ["REINFORCE 0", "REINFORCE 1", "Evolution 0", "Evolution 1", "TE-NAS 0", "TE-NAS 1"]
    assert all(isinstance(genotype, Genotype) for genotype in found.values())


def table(kappas, regions, errors) -> pd.DataFrame:
    return pd.DataFrame(dict(zip(TEG, (kappas, regions, errors), strict=True)), dtype=float)


def test_shares_by_hand():
    reference = table([10, 20, 30, math.inf], [1, 2, 3, 4], [1, 1, 2, 2])
    values = table([5, 20, math.inf], [5, 1, 0], [0.5, 1, math.inf])
    # second: one κ better and one equal of 4, three R better and one equal, one equal pair of MSE
    expected = [0, (1.5 + 3.5 + 1) / 12, (3.5 + 4 + 4) / 12]
    assert np.allclose(live.share_better(values, reference), expected)


def test_a_reference_stands_in_its_own_middle(searches):
    reference = live.random_genotypes(searches.histories, 0)
    assert len(reference) == 10 and set(reference["step"]) == {0}
    assert live.share_better(reference, reference).mean() == pytest.approx(0.5)


def test_ways_begin_at_random_and_evolution_gets_better(searches):
    ways = live.trajectories(searches.histories, window=5)
    assert set(ways["method"]) == {"reinforce", "evolution"}  # supernets are no genotypes
    rows = ways[(ways["method"] == "evolution") & (ways["seed"] == 0)]
    assert rows[live.BETTER].iloc[-1] < 0.3 < rows[live.BETTER].iloc[0]
    assert rows["condition_number"].iloc[-1] < 1 < rows["linear_regions"].iloc[-1]
    lonely = searches.histories[searches.histories["method"] == "reinforce"]
    assert live.trajectories(lonely, window=5).empty


def test_openness_begins_at_one_and_te_nas_ends_at_nothing(searches):
    left = live.narrowing(searches.histories)
    for (method, _), rows in left.groupby(["method", "seed"]):
        assert rows["left"].iloc[0] == 1, method
    assert (left[left["method"] == "te-nas"].groupby("seed")["left"].last() == 0).all()
    assert live.full_entropy() == pytest.approx(28 * math.log(7))


def test_distances_are_those_of_the_space(searches):
    pairs = live.seed_distances(searches.outcomes)
    found, space = live.found_genotypes(searches.outcomes), Darts()
    (seeds,) = pairs.loc[(pairs["method"] == "evolution") & (pairs["pair"] == "two seeds"), "distance"]
    assert seeds == space.distance(found["Evolution 0"], found["Evolution 1"])
    assert (pairs["pair"] == "two seeds").sum() == 3 and len(pairs) == 3 + 4  # TE-NAS has no published cell
    drawn = live.random_distances(200, seed=0)
    assert len(drawn) == 200 and 17 < drawn.mean() < 21


def test_a_result_stands_as_its_own_search_saw_it(searches):
    seen = live.standing_in_search(searches.histories, searches.outcomes)
    derived = searches.outcomes.set_index(["method", "seed"])["derived"]["evolution", 1]
    expected = live.share_better(table(*[[v] for v in counting(derived).values()]), _random(searches, 1))
    assert seen["Evolution 1"] == pytest.approx(expected[0])
    assert math.isnan(seen["TE-NAS 0"])  # a supernet was evaluated, under another name


def _random(searches, seed):
    return live.random_genotypes(searches.histories, seed)


def test_standings_are_taken_repeat_by_repeat():
    rows = pd.concat([table([1, 5, 9], [9, 5, 1], [1, 5, 9]), table([9, 5, 1], [1, 5, 9], [9, 5, 1])])
    rows = rows.assign(architecture=["mine", "a", "b"] * 2, repeat=[0] * 3 + [1] * 3)
    found = live.standings(rows, {"mine": "My cell"})
    assert found.loc["My cell"].tolist() == [0.5, 0, 1]
    with pytest.raises(TegnasError, match="evaluate some that have no name"):
        live.standings(rows, {"mine": "My cell", "a": "A", "b": "B"})


def test_the_committed_searches_have_their_ways():
    assert not live.trajectories(read_live_searches().histories, window=50).empty


def test_convolutions_are_counted_and_put_everywhere():
    cell = Darts().parse("DARTS_V2")
    assert live.n_convolutions(cell) == 6  # no convolution in its reduction cell
    same = live.with_one_operation(cell, "sep_conv_5x5")
    assert live.n_convolutions(same) == 16 and {operation for operation, _ in same.normal} == {"sep_conv_5x5"}
    assert [source for _, source in same.reduce] == [source for _, source in cell.reduce]


@pytest.mark.parametrize("sign, expected", [(-1, 1), (1, -1)])
def test_agreement_with_convolutions_has_the_sign_of_better(sign, expected):
    rows = []
    for genotype in Darts().sample_many(20, seed=0):
        n = live.n_convolutions(genotype)
        values = {
            "condition_number": 50.0 + sign * n,
            "linear_regions": 50 - sign * n,
            "regression_error": 50 + sign * n,
        }
        shared = {"settings": PRESETS["teg"].label, "images": "made up", "seed": 0, "repeat": 0, "status": "ok"}
        for space in ("darts", "darts+normal_cell_bug"):
            wrong = 0.0 if space != "darts" else 1.0
            moved = {name: value * wrong for name, value in values.items()}
            rows.append({"architecture": str(genotype), "space": space, **shared, **moved, "seconds": 1.0})
    found, n = live.agreement_with_convolutions(pd.DataFrame(rows), PRESETS["teg"], seed=0, n_draws=10)
    assert n == 20 and found.value == pytest.approx(expected)


def test_the_record_of_judged_genotypes_holds_all_that_the_chapter_asks_for():
    rows = read_sweep(RESULTS / "darts-judged.parquet")
    drawn = Darts().sample_many(60, seed=1000)
    found = live.found_genotypes(read_live_searches().outcomes)
    published = [Darts().parse(name) for name in live.PUBLISHED.values()]
    unsearched = [live.with_one_operation(genotype, "sep_conv_5x5") for genotype in drawn[:3]]
    named = {str(genotype) for genotype in (*found.values(), *published, *unsearched)}
    assert set(rows["architecture"]) == named | set(map(str, drawn))
    assert set(rows["settings"]) == {PRESETS["teg"].label} and set(rows["seed"]) == {1000}
    assert (rows.groupby("architecture")["repeat"].nunique() == 3).all()
