"""The same architectures under several choices: which they are, how they agree, and with what."""

import numpy as np
import pandas as pd
import pytest
from made_up_atlas import SPACE, made_up_benchmark, made_up_row, write_atlas, write_rows
from scipy import stats

from tegnas_core.errors import TegnasError
from tegnas_core.settings import make_settings
from tegnas_study.analysis import choices
from tegnas_study.tables.atlases import atlas_repeats
from tegnas_study.tables.bootstrap import Estimate
from tegnas_study.tables.ranking import rank_sum

SAMPLE = SPACE.sample_many(120, seed=0)
CLASSES = tuple(dict.fromkeys(SPACE.representative(a) for a in SAMPLE))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The main table; the same numbers under another name; raw strings, fewer of them; noise alone."""
    path = tmp_path_factory.mktemp("atlas")
    write_atlas(path, [(a, 0) for a in CLASSES], name="base")
    write_atlas(path, [(a, 0) for a in CLASSES], name="frozen-cifar10-sample")
    write_atlas(path, [(a, 0) for a in SAMPLE[:100]], name="released-cifar10-sample", preset="released")
    rng = np.random.default_rng(0)
    rows = [made_up_row(a, 0, make_settings("teg")) | {"linear_regions": rng.uniform(1, 900)} for a in CLASSES]
    write_rows(path, rows, name="batch16-cifar10-sample")
    return path


@pytest.fixture(scope="module")
def found(folder):
    return choices.samples("base", folder)


@pytest.fixture(scope="module")
def accuracy():
    return made_up_benchmark().accuracy("cifar10")


def test_all_choices_have_the_same_architectures(found):
    assert [*found] == ["teg", "released", "frozen batch-norm", "batch of 16"]
    expected = [str(a) for a in SPACE.all() if a in SAMPLE[:100]]
    for rows in found.values():
        assert rows.index.tolist() == expected
        assert rows["representative"].tolist() == found["teg"]["representative"].tolist()


def test_raw_choices_have_their_own_numbers(found):
    text = str(SAMPLE[5])
    assert (
        found["released"].loc[text, "linear_regions"]
        == made_up_row(SAMPLE[5], 0, make_settings("released"))["linear_regions"]
    )
    plain = made_up_row(SPACE.representative(SAMPLE[5]), 0, make_settings("teg"))
    assert found["teg"].loc[text, "linear_regions"] == plain["linear_regions"]


def test_each_function_can_count_once(found):
    once = choices.each_function_once(found)
    classes = {SPACE.representative(a) for a in SAMPLE[:100]}
    assert len(classes) < 100
    for choice, rows in once.items():
        assert {*rows["representative"]} == {str(a) for a in classes}
        assert len(rows) == len(classes)
        assert rows["rank_sum"].equals(rank_sum(rows)), choice
    assert once["released"].index.equals(once["teg"].index)


def test_one_unlucky_repeat_decides_an_arithmetic_mean(tmp_path):
    first, second, third = CLASSES[:3]
    values = {first: (1.0, 10_000.0), second: (400.0, 400.0), third: (9.0, 9.0)}
    rows = [
        made_up_row(a, repeat, make_settings("teg")) | {"condition_number": kappa, "status": "ok"}
        for a, kappas in values.items()
        for repeat, kappa in enumerate(kappas)
    ]
    write_rows(tmp_path, rows, name="base")
    chosen = choices.each_function_once(choices.samples("base", tmp_path))
    found = choices.means_of_kappa(chosen, atlas_repeats("base", folder=tmp_path))
    by_class = {c: rows.set_index("representative")["condition_number"] for c, rows in found.items()}
    assert by_class["teg"][str(first)] == pytest.approx(100)
    assert by_class["arithmetic mean"].to_dict() == {str(first): 5000.5, str(second): 400, str(third): 9}
    assert found["arithmetic mean"]["rank_sum"].equals(rank_sum(found["arithmetic mean"]))


def test_only_the_main_table_is_needed(tmp_path):
    write_atlas(tmp_path, [(a, 0) for a in CLASSES], name="base")
    alone = choices.samples("base", tmp_path)
    assert [*alone] == ["teg"]
    assert choices.statistics(choices.likeness_to_reference(alone, seed=0, n_draws=2)).empty


def test_tables_without_a_common_architecture_are_refused(tmp_path):
    write_atlas(tmp_path, [(a, 0) for a in CLASSES[:3]], name="base")
    others = [a for a in SPACE.classes() if a not in CLASSES][:3]
    write_atlas(tmp_path, [(a, 0) for a in others], name="frozen-cifar10-sample")
    with pytest.raises(TegnasError, match="base, frozen-cifar10-sample have no architecture of the sample"):
        choices.samples("base", tmp_path)


def test_agreement_with_accuracy_is_kendalls_tau(found, accuracy):
    drawn = choices.choice_agreements(found, accuracy, seed=0, n_draws=3)
    rows = found["batch of 16"]
    expected = stats.kendalltau(rows["linear_regions"], rows.index.map(accuracy)).statistic
    assert drawn.value["batch of 16", "linear_regions"] == pytest.approx(expected)
    table = choices.statistics(drawn)
    assert len(table) == 4 * 4
    assert (table["low"] <= table["high"]).all()


def test_unknown_accuracies_are_left_out(found, accuracy):
    some = found["teg"].index[:40]
    drawn = choices.choice_agreements(found, accuracy[some], seed=0, n_draws=1)
    rows = found["teg"].loc[some]
    expected = stats.kendalltau(rows["linear_regions"], some.map(accuracy)).statistic
    assert drawn.value["teg", "linear_regions"] == pytest.approx(expected)


def test_differences_are_paired_and_named(found, accuracy):
    rows = choices.differences(choices.choice_agreements(found, accuracy, seed=0, n_draws=50))
    compared = rows.set_index(["choice", "predictor"])["compared"]
    assert set(compared["frozen batch-norm"]) == {"the same"}
    assert compared["batch of 16", "linear_regions"] == "lower"  # noise in place of R
    assert compared["batch of 16", "condition_number"] == "the same"
    assert "teg" not in set(rows["choice"])


@pytest.mark.parametrize(
    "ends, expected",
    [((0.1, 0.05, 0.2), "higher"), ((-0.1, -0.2, -0.01), "lower"), ((0.1, -0.1, 0.2), "cannot tell")],
)
def test_a_side_needs_the_whole_interval(ends, expected):
    assert choices.side(Estimate(*ends)) == expected


def test_likeness_is_one_for_the_same_numbers_and_near_zero_for_noise(found):
    drawn = choices.likeness_to_reference(found, seed=0, n_draws=2)
    assert drawn.value["frozen batch-norm"].tolist() == pytest.approx([1] * 4)
    assert abs(drawn.value["batch of 16", "linear_regions"]) < 0.3
    assert "teg" not in drawn.value.index.get_level_values(0)
    connected = found["teg"]["connected"]
    x, y = (found[c].loc[connected, "condition_number"] for c in ("teg", "released"))
    assert drawn.value["released", "condition_number"] == pytest.approx(stats.kendalltau(x, y).statistic)


def test_what_is_recorded_has_every_accuracy_and_its_number(found, accuracy):
    accuracies = pd.DataFrame({"first": accuracy, "second": accuracy.where(accuracy > accuracy.median())})
    tables = choices.choice_tables(found, accuracies, seed=0, n_draws=2)
    assert {name: set(table["accuracy"]) for name, table in tables.items()} == {
        "agreements": {"first", "second"},
        "differences": {"first", "second"},
    }
    counts = tables["agreements"].groupby(["subset", "accuracy"])["n"].first()
    assert counts["all", "first"] == 100 > counts["all", "second"] > 20
    assert counts["classes", "first"] == found["teg"]["representative"].nunique() < 100
    rows = tables["agreements"].set_index(["subset", "accuracy", "choice", "predictor"])["tau"].sort_index()
    drawn = choices.choice_agreements(choices.each_function_once(found), accuracy, seed=0, n_draws=1)
    assert rows["classes", "first", "released", "rank_sum"] == drawn.value["released", "rank_sum"]
