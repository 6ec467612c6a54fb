"""Rows of Tables 2 and 5: which there are, who is paired with whom, and that a study goes on where it stopped."""

import numpy as np
import pandas as pd
import pytest

from tegnas_core.errors import TegnasError
from tegnas_study.data.benchmark import load_benchmark
from tegnas_study.experiments.request import make_request
from tegnas_study.experiments.run import run_search
from tegnas_study.experiments.study import (
    GUIDED,
    answerable,
    other_draws,
    parts_on_draws,
    row_of,
    run_study,
    search_rows,
    seeds_of,
    table_2,
    table_5,
)
from tegnas_study.tables.study_rows import MAIN_TABLE, TEG_PARTS, ValueSource

RANDOM = tuple(make_request("random", reward=word, steps=20) for word in ("teg", "params"))


@pytest.fixture(autouse=True)
def fresh_machine(monkeypatch):
    monkeypatch.delenv("TEGNAS_DATA", raising=False)


def test_no_two_rows_are_known_by_the_same():
    rows = [row_of(request) for request in (*table_2(), *table_5(), *other_draws(), *parts_on_draws())]
    assert len(set(rows)) == len(rows)


@pytest.mark.parametrize("method", GUIDED)
@pytest.mark.parametrize("reward", ["teg", "accuracy-1-epoch", "accuracy", "params"])
def test_every_guided_method_has_a_row_with_and_without_teg(method, reward):
    assert any(r.method == method and r.reward == reward and r.preset == "teg" for r in table_2())


def test_table_5_has_every_subset_for_reinforce_and_for_random_search():
    for method in ("reinforce", "random"):
        rows = [r for r in (*table_2(), *table_5()) if r.method == method and r.preset == "teg" and r.steps != 25]
        assert {*TEG_PARTS, "teg"} <= {r.reward for r in rows}
    assert {r.steps for r in table_5()} == {None, 500}


def test_naswot_keeps_its_name():
    rows = search_rows(make_request("naswot", steps=3), [0])
    assert (rows[0]["method"], rows[0]["reward"]) == ("naswot", "naswot")


def test_where_nothing_is_drawn_there_is_one_seed():
    assert seeds_of(make_request("te-nas"), 9) == range(1)
    assert seeds_of(make_request("te-nas", source="live"), 9) == range(9)
    assert seeds_of(make_request("random"), 9) == range(9)


def test_a_fresh_machine_answers_what_it_can():
    left = answerable(table_2(), load_benchmark())
    assert {r.reward for r in left} == {"teg", "kappa+regions", "naswot", "params", "accuracy"}
    assert {r.dataset for r in left if r.reward == "accuracy"} == {"cifar10"}


def test_rows_with_one_seed_see_the_same_architectures():
    teg, size = (run_search(request, seed=3).visits for request in RANDOM)
    assert [v.architecture for v in teg] == [v.architecture for v in size]
    found = [row["derived"] for request in RANDOM for row in search_rows(request, [3])]
    assert found[0] != found[1]


def test_a_study_grows_and_keeps_what_it_has():
    told = []
    first = run_study(RANDOM, n_seeds=2, on_rows=lambda rows: told.append(len(rows)))
    assert told == [2, 4]
    known = first.assign(derived="kept")
    ran = []
    more = run_study(RANDOM, n_seeds=3, known=known, on_done=ran.append)
    assert sum(ran) == 2 and len(more) == 6
    assert (more["derived"] == "kept").sum() == 4
    assert more["seed"].tolist() == [0, 1, 2, 0, 1, 2]
    whole = run_study(RANDOM, n_seeds=3)
    assert more[more["seed"] == 2].equals(whole[whole["seed"] == 2])


@pytest.mark.slow
@pytest.mark.long
def test_several_processes_give_the_same_rows():
    alone, side_by_side = (run_study(RANDOM[:1], n_seeds=2, workers=n) for n in (1, 2))
    pd.testing.assert_frame_equal(side_by_side, alone)


def test_a_draw_is_a_table_of_its_own():
    average, first, second = (make_request("random", steps=30, draw=d) for d in (None, 0, 1))
    values = [[v.values["linear_regions"] for v in run_search(r, seed=0).visits] for r in (average, first, second)]
    assert values[0] != values[1] != values[2]
    assert np.corrcoef(values).min() > 0.5
    assert [row_of(r).source for r in (average, first)] == [MAIN_TABLE, ValueSource("teg-cifar10", 0)]


@pytest.mark.parametrize("changes", [{"method": "te-nas"}, {"method": "random", "reward": "params"}])
def test_what_has_no_draws_says_so(changes):
    with pytest.raises(TegnasError, match="a draw is a repeat of the atlas"):
        make_request(**changes, draw=1)
