"""Reliability from made-up repeats: without noise one repeat is enough, with nothing but noise none are."""

import numpy as np
import pytest
from made_up_atlas import SPACE, made_up_row, write_rows
from scipy import stats

from tegnas_core.settings import make_settings
from tegnas_study.analysis.cards.measured import grounds
from tegnas_study.analysis.cards.noise import noise, repeated_values
from tegnas_study.analysis.reliability import intraclass, repeats_needed

CLASSES = [a for a in SPACE.classes()[:80]]


def write(folder, value, *, repeats=2, name="made-up"):
    settings, rng = make_settings("teg"), np.random.default_rng(0)
    rows = [made_up_row(a, r, settings) for a in CLASSES for r in range(repeats)]
    for row in rows:
        row["linear_regions"] = value(CLASSES.index(SPACE.parse(row["architecture"])), rng)
    write_rows(folder, rows, settings, name=name)
    return grounds("linear_regions", folder)[0]


def test_numbers_are_those_of_the_repeats(tmp_path):
    found = write(tmp_path, lambda k, rng: k + rng.normal(scale=10))
    matrix = repeated_values(found, tmp_path)["linear_regions"]
    result = noise(found, tmp_path, seed=0, n_draws=10)
    assert (result.n, result.repeats, result.half) == (len(matrix), 2, 1)
    assert result.tau.value == pytest.approx(stats.kendalltau(*matrix.T).statistic)
    ranked = np.column_stack([stats.rankdata(column) for column in matrix.T])
    assert result.intraclass.value == pytest.approx(intraclass(ranked))
    assert result.needed.value == pytest.approx(float(repeats_needed(result.tau.value, 1)))
    assert result.needed.low < result.needed.value < result.needed.high


def test_without_noise_repeats_are_of_no_use(tmp_path):
    result = noise(write(tmp_path, lambda k, rng: float(k)), tmp_path, seed=0, n_draws=5)
    assert result.tau.value == 1 and result.intraclass.value == pytest.approx(1) and result.needed.value < 0.01


def test_with_more_repeats_halves_are_averages(tmp_path):
    write(tmp_path, lambda k, rng: k + rng.normal(scale=30), name="a")
    found = write(tmp_path, lambda k, rng: k + rng.normal(scale=30), repeats=6, name="b")
    result = noise(found, tmp_path, seed=0, n_draws=5)
    assert (result.table, result.repeats, result.half) == ("b", 6, 3)
    assert result.tau.value > stats.kendalltau(*repeated_values(found, tmp_path)["linear_regions"].T[:2]).statistic


def test_kappa_is_averaged_by_its_logarithm_and_turned(tmp_path):
    write(tmp_path, lambda k, rng: float(k))
    found = grounds("condition_number", tmp_path)[0]
    matrix = repeated_values(found, tmp_path)["condition_number"]
    settings = make_settings("teg")
    kappas = [made_up_row(a, 0, settings)["condition_number"] for a in CLASSES]
    assert sorted(matrix[:, 0]) == pytest.approx(sorted(-np.log([k for k in kappas if np.isfinite(k)])))


def test_one_repeat_says_nothing(tmp_path):
    assert noise(write(tmp_path, lambda k, rng: float(k), repeats=1), tmp_path, seed=0, n_draws=5) is None
