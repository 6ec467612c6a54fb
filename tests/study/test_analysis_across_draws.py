"""Draws of weights and batch are the units of a verdict: their mean, their spread, an interval of both."""

import numpy as np
import pytest
from made_up_atlas import SPACE, made_up_row, sample_table, write_rows

from tegnas_core.errors import TegnasError
from tegnas_core.settings import make_settings
from tegnas_study.analysis.across_draws import (
    across_draws,
    as_row,
    draw_agreements,
    draw_tables,
    from_row,
)
from tegnas_study.analysis.subsets import oriented, subset
from tegnas_study.tables.bootstrap import bootstrap
from tegnas_study.tables.ranking import kendall_tau


def shifted(values, shift):
    return lambda counts: {"mean": float(counts @ values / counts.sum()) + shift}


def test_the_interval_holds_draws_and_rows():
    """Draws that lie far apart make the interval wide, though each of them alone is nearly certain."""
    values = np.random.default_rng(0).normal(size=400)
    alone = bootstrap(shifted(values, 0), np.arange(400), seed=0, n_draws=400).estimate("mean")
    near = {str(i): shifted(values, 0) for i in range(5)}
    far = {str(i): shifted(values, shift) for i, shift in enumerate((-1, -0.5, 0, 0.5, 1))}
    options = {"groups": np.arange(400), "seed": 0, "n_draws": 400}
    equal, spread = (across_draws(draws, **options).across("mean") for draws in (near, far))
    width = alone.high - alone.low
    assert equal.estimate.high - equal.estimate.low == pytest.approx(width, rel=0.15)
    expected = np.hypot(width, 2 * 1.96 * np.std((-1, -0.5, 0, 0.5, 1)) / np.sqrt(5))
    assert spread.estimate.high - spread.estimate.low == pytest.approx(expected, rel=0.15)
    assert spread.sd == pytest.approx(np.std((-1, -0.5, 0, 0.5, 1), ddof=1))
    assert spread.estimate.resamples == 400


def test_a_formula_is_applied_in_each_draw():
    draws = {name: lambda counts, a=a: {"a": a, "b": 1.0} for name, a in {"x": 0.5, "y": 1.5, "z": 4.0}.items()}
    found = across_draws(draws, np.arange(3), seed=0, n_draws=50).across(lambda s: s["a"] / s["b"] - 1)
    assert found.each.to_dict() == {"x": -0.5, "y": 0.5, "z": 3.0}
    assert found.estimate.value == pytest.approx(1.0)
    assert (found.above, found.words(), (-found).words()) == (2, "2 of 3 draws", "1 of 3 draws")
    again = from_row(as_row(found), resamples=50)
    assert (f"{again}", again.words()) == (f"{found}", found.words())
    assert f"{found:.1f}".startswith("1.0 ± 1.8 [")


def test_shared_statistics_see_the_same_rows_and_do_not_spread():
    values = np.arange(10.0)
    own = {"x": shifted(values, 0), "y": shifted(values, 2)}
    shared = lambda counts: {"size": float(counts @ values / counts.sum())}  # noqa: E731
    found = across_draws(own, np.arange(10), shared=shared, seed=0, n_draws=30)
    assert found.across("size").sd == 0
    each = found.resampled["mean"] - found.resampled["size"]
    assert sorted(each.round(9).unique()) == [0, 2]


def test_no_draw_is_an_error():
    with pytest.raises(TegnasError, match="no draw"):
        across_draws({}, np.arange(3), seed=0, n_draws=5)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Three draws, the first with two repeats, and a table of another name."""
    path, settings = tmp_path_factory.mktemp("atlas"), make_settings("teg")
    classes = sorted({SPACE.representative(a) for a in SPACE.sample_many(60, seed=0)}, key=str)
    for name, first, n_repeats in (
        ("made-up", 0, 2),
        ("made-up-seed2", 20, 1),
        ("made-up-seed10", 100, 1),
        ("made-up-seedy", 7, 1),
    ):
        tasks = [(a, r) for r in range(n_repeats) for a in classes]
        rows = [{**made_up_row(a, first + r, settings), "repeat": r} for a, r in tasks]
        write_rows(path, rows, settings, name=name)
    return path


def test_draws_are_found_by_their_pattern_in_the_order_of_seeds(folder):
    assert [*draw_tables(sample_table(15_625), "made-up", folder=folder)] == [
        "made-up",
        "made-up-seed2",
        "made-up-seed10",
    ]
    with pytest.raises(TegnasError, match="there is no table 'other'"):
        draw_tables(sample_table(15_625), "other", folder=folder)


def test_draws_are_compared_at_equally_many_repeats(folder):
    table = sample_table(15_625)
    found = draw_tables(table, "made-up", folder=folder)
    assert {draw: int(part["n_repeats"].max()) for draw, part in found.items()} == dict.fromkeys(found, 1)
    known = [part.loc[part["status"] == "ok", "condition_number"] for part in found.values()]
    assert not np.allclose(known[0], known[1])
    twice = draw_tables(table, "made-up", folder=folder, repeats=2)["made-up"]
    assert twice["n_repeats"].max() == 2


def test_agreements_across_draws_are_those_of_each_draw(folder):
    tables = draw_tables(sample_table(15_625), "made-up", folder=folder)
    tables = {draw: part.assign(parameters=part["n_convolutions"]) for draw, part in tables.items()}
    predictors = ("condition_number", "rank_sum", "parameters")
    found = draw_agreements(tables, name="classes", predictors=predictors, seed=0, n_draws=20)
    assert set(found.value.columns) == set(predictors)
    for draw, table in tables.items():
        rows = subset(table, "classes")
        for name in predictors:
            expected = kendall_tau(oriented(rows, name), rows["test_accuracy"]).tau
            assert found.value.loc[draw, name] == pytest.approx(expected)
    table = found.table()
    assert table.loc["parameters", "sd"] == 0 < table.loc["condition_number", "sd"]
    assert (table["draws"] == 3).all()


def test_draws_of_other_architectures_are_refused(folder):
    tables = draw_tables(sample_table(15_625), "made-up", folder=folder)
    tables["made-up-seed2"] = tables["made-up-seed2"].iloc[::2]
    with pytest.raises(TegnasError, match="do not cover the same architectures"):
        draw_agreements(tables, name="classes", predictors=["rank_sum"], seed=0, n_draws=2)
