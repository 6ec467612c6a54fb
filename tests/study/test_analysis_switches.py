"""Steps between two presets: what they hold, what changes from one to the next, and how sure that is."""

import numpy as np
import pandas as pd
import pytest
from made_up_atlas import SPACE, made_up_benchmark, made_up_row, write_atlas, write_rows
from scipy import stats

from tegnas_core.errors import TegnasError
from tegnas_core.spaces.structure import is_connected
from tegnas_study.analysis import switches
from tegnas_study.analysis.choices import choice_agreements
from tegnas_study.sweep.switches import HALF, KAIMING, READINGS, RELEASED
from tegnas_study.tables.bootstrap import bootstrap
from tegnas_study.tables.ranking import rank_sum

SAMPLE = SPACE.sample_many(100, seed=0)


def recorded(repeats):
    rows = []
    for number, settings in enumerate((RELEASED, HALF, KAIMING)):
        for architecture in SAMPLE:
            for repeat in range(repeats):
                row = made_up_row(architecture, repeat, settings)
                row["linear_regions"] += number
                if settings is RELEASED:
                    row |= {f"{p}_{n}": row[n] * (2 + k) for k, p in enumerate(READINGS) for n in switches.KERNELS}
                rows.append(row)
    return rows


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("atlas")
    write_atlas(path, [(a, r) for a in {SPACE.representative(a) for a in SAMPLE} for r in (0, 1)], name="base")
    for repeats in (1, 2):
        write_rows(path, recorded(repeats), name=f"record{repeats}")
    return path


@pytest.fixture(scope="module")
def steps(folder):
    return switches.indicator_steps(folder / "record1.parquet", "base", folder)


def test_every_step_has_the_same_architectures(steps):
    assert [*steps] == [
        "released",
        "failures are failures",
        "kernels in float64",
        "Cholesky",
        "no test images",
        "other half",
        "Kaiming weights",
        "equal cells alike",
    ]
    for table in steps.values():
        assert {*table.index} == {str(a) for a in SAMPLE}
        assert table.index.equals(steps["released"].index)
        assert table["rank_sum"].equals(rank_sum(table))


def test_the_last_step_is_the_table_of_the_atlas(steps):
    architecture = SAMPLE[5]
    plain = made_up_row(SPACE.representative(architecture), 0, KAIMING)
    assert steps["equal cells alike"].loc[str(architecture), "linear_regions"] == plain["linear_regions"]


def test_a_reading_changes_kappa_and_the_error_alone(steps):
    before, after = steps["failures are failures"], steps["kernels in float64"]
    alive = before["connected"]
    assert np.allclose(after.loc[alive, "condition_number"], 2 * before.loc[alive, "condition_number"])
    assert after["linear_regions"].equals(before["linear_regions"])


def test_a_failure_is_stored_as_the_best_value_there_is(steps):
    cut = [str(a) for a in SAMPLE if not is_connected(a)]
    assert cut
    assert (steps["released"].loc[cut, list(switches.KERNELS)] == switches.SENTINEL).all(axis=None)
    assert steps["released"]["condition_number"].idxmin() in cut
    assert np.isinf(steps["failures are failures"].loc[cut, "condition_number"]).all()


def test_a_negative_kappa_stands_as_it_is():
    rows = pd.DataFrame(
        {
            "condition_number": [np.inf, np.inf, 5.0],
            "regression_error": [np.inf, 1.0, 1.0],
            "kernel_largest": [4.0, np.nan, 10.0],
            "kernel_smallest": [-2.0, np.nan, 2.0],
        }
    )
    stored = switches.as_stored(rows)
    assert stored["condition_number"].tolist() == [-2.0, -1.0, 5.0]
    assert stored["regression_error"].tolist() == [-1.0, 1.0, 1.0]


def test_single_draws_agree_each_by_itself(folder):
    write_rows(folder, [row for row in recorded(2) if row["settings"] == RELEASED.label], RELEASED, name="sample")
    accuracy = made_up_benchmark().accuracy("cifar10")
    names = pd.Index([str(a) for a in SAMPLE]).unique()
    found = switches.presets_by_draw(names, accuracy, "sample", "base", folder)
    table = switches.indicator_steps(folder / "record1.parquet", "base", folder)["released"].loc[names]
    expected = stats.kendalltau(-rank_sum(table), names.map(accuracy)).statistic
    assert found["released"][0] == pytest.approx(expected)
    assert {preset: len(draws) for preset, draws in found.items()} == {"released": 2, "failures last": 2, "teg": 2}
    table = switches.indicator_steps(folder / "record1.parquet", "base", folder)["failures are failures"].loc[
        names
    ]
    expected = stats.kendalltau(-rank_sum(table), names.map(accuracy)).statistic
    assert found["failures last"][0] == pytest.approx(expected)


def test_more_repeats_bring_the_mean_of_kappa(folder):
    found = switches.indicator_steps(folder / "record2.parquet", "base", folder)
    text = next(str(a) for a in SAMPLE if is_connected(a))
    row = [made_up_row(next(a for a in SAMPLE if str(a) == text), r, HALF)["condition_number"] for r in (0, 1)]
    assert found["other half"].loc[text, "condition_number"] == pytest.approx(np.mean(row))
    assert found["geometric mean"].loc[text, "condition_number"] == pytest.approx(np.sqrt(row[0] * row[1]))


def test_what_some_setting_lacks_is_left_out(folder, tmp_path):
    lacking = KAIMING.label, str(SAMPLE[60])
    rows = [row for row in recorded(1) if (row["settings"], row["architecture"]) != lacking]
    write_rows(tmp_path, rows, name="record")
    found, repeats = switches.complete_steps(tmp_path / "record.parquet")
    assert repeats == 1
    assert {*found["architecture"]} == {str(a) for a in SAMPLE[:60]}
    write_rows(tmp_path, [row for row in rows if row["settings"] != KAIMING.label], name="half")
    with pytest.raises(TegnasError, match="not complete"):
        switches.complete_steps(tmp_path / "half.parquet")


def test_agreements_are_kendalls(steps):
    accuracy = made_up_benchmark().accuracy("cifar10")
    drawn = choice_agreements(steps, accuracy, seed=0, n_draws=10)
    table = steps["no test images"]
    x = -stats.rankdata(table["rank_sum"])
    expected = stats.kendalltau(x, table.index.map(accuracy)).statistic
    assert drawn.value["no test images", "rank_sum"] == pytest.approx(expected)


def test_changes_add_up_and_say_what_is_known():
    values = np.array([[0.0, 1.0, 2.0], [0.2, 1.2, 1.0], [0.4, 1.4, 3.0], [0.6, 1.6, 2.0]])

    def means(counts):
        found = counts @ values / counts.sum()
        return {(step, "τ"): value for step, value in zip(("first", "second", "third"), found, strict=True)}

    table = switches.waterfall(bootstrap(means, np.arange(4), seed=0, n_draws=200)).set_index("step")
    assert table["compared"].tolist() == ["start", "higher", "higher"]
    whole = table.loc["third", "value"] - table.loc["first", "value"]
    assert table["change"].iloc[1:].sum() == pytest.approx(whole)
    assert table.loc["second", ["change_low", "change_high"]].tolist() == pytest.approx([1.0, 1.0])


def test_draws_are_the_units_of_searches():
    rows = [
        {"step": step, "atlas": atlas, "seed": seed, "accuracy": base + gain + 0.1 * seed}
        for step, gain in (("text", 0.0), ("code", 0.5))
        for atlas, base in (("a", 90.0), ("b", 92.0))
        for seed in (0, 1)
    ]
    drawn, each = switches.search_steps(pd.DataFrame(rows), ["accuracy"], seed=0, n_draws=200)
    assert each["text", "accuracy"].tolist() == pytest.approx([90.05, 92.05])
    mean = drawn.estimate(("text", "accuracy"))
    assert mean.numbers == pytest.approx((91.05, 90.05, 92.05))
    gap = drawn.estimate(lambda s: s["code", "accuracy"] - s["text", "accuracy"])
    assert gap.numbers == pytest.approx((0.5, 0.5, 0.5))
    with pytest.raises(TegnasError, match="not every step"):
        switches.search_steps(pd.DataFrame(rows[:-1]), ["accuracy"], seed=0, n_draws=10)
