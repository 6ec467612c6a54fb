"""What the record keeps of agreements across draws: each gain against the right rival of its own subset."""

import numpy as np
import pytest
from made_up_atlas import sample_table

from tegnas_study.analysis.draws_record import ALONE, SIZE, agreements
from tegnas_study.analysis.subsets import subset, with_predictors
from tegnas_study.tables.ranking import TEG, kendall_tau


@pytest.fixture(scope="module")
def tables():
    """R knows all strings best; in the top tenth it knows nothing and MSE knows everything."""
    table = with_predictors(sample_table(600))
    rng = np.random.default_rng(1)
    best = table["test_accuracy"] >= table["test_accuracy"].quantile(0.9)
    blind = table["test_accuracy"] + rng.normal(size=len(table))
    table["linear_regions"] = np.where(best, table["test_accuracy"].max() + rng.random(len(table)), blind)
    table["regression_error"] = np.where(best, 100 - table["test_accuracy"], 50 + rng.random(len(table)))
    moved = lambda seed: table["linear_regions"] + np.random.default_rng(seed).normal(size=len(table)) / 5  # noqa: E731
    return {f"draw {i}": table.assign(linear_regions=moved(i)) for i in range(3)}


@pytest.fixture(scope="module")
def found(tables):
    return agreements(tables, ["test_accuracy"], ("all", "top tenth"), seed=0, n_draws=3)


def test_the_best_alone_is_chosen_in_the_subset_it_is_compared_on(tables, found):
    table = found["agreements"].set_index(["subset", "statistic"])
    assert table.loc[("all", ALONE), "against"] == "linear_regions"
    assert table.loc[("top tenth", ALONE), "against"] == "regression_error"
    for name in ("all", "top tenth"):
        means = table.loc[name]["mean"].astype(float)
        assert means[ALONE] == pytest.approx(means["rank_sum"] - max(means[k] for k in TEG))
        assert means[SIZE] == pytest.approx(means["rank_sum"] - means["parameters"])


def test_each_draw_is_kept(tables, found):
    each = found["each"].set_index(["subset", "draw", "predictor"])["tau"]
    rows = subset(tables["draw 1"], "top tenth")
    expected = kendall_tau(rows["linear_regions"], rows["test_accuracy"]).tau
    assert each["top tenth", "draw 1", "linear_regions"] == pytest.approx(expected)
    spread = found["agreements"].set_index(["subset", "statistic"]).loc[("all", "linear_regions"), "sd"]
    assert spread == pytest.approx(each["all"].unstack("predictor")["linear_regions"].std(ddof=1))
