"""More images: what is there is cut to a whole block, and parts that know the accuracy agree with it."""

import numpy as np
import pandas as pd
import pytest

from tegnas_study.analysis.label_sizes import (
    agreements_by_size,
    growth,
    order_at_ends,
    values_by_size,
    whole_block,
)

CELLS = [f"cell {i}" for i in range(30)]
ACCURACY = pd.Series(np.linspace(50, 94, len(CELLS)), index=CELLS)


def made_up(batches=3, *, noise=0.0):
    """The cosine knows the accuracy and grows with n; the size of predictions is the same for all."""
    rng, rows = np.random.default_rng(0), []
    for batch in range(batches):
        for cell, quality in (ACCURACY / 100).items():
            for n in (64, 256):
                cosine = quality * n / 512 + noise * rng.normal()
                facts = {"architecture": cell, "batch": batch, "n": n, "ridge": 0.0, "trivial": 0.9, "norm": 0.25}
                error = 0.9 + 0.25 - 2 * cosine * np.sqrt(0.9 * 0.25)
                rows.append({**facts, "cosine": cosine, "lga": cosine, "error": error, "permuted": 1.15})
    return pd.DataFrame(rows)


def test_the_largest_whole_block_is_kept():
    table = made_up()
    early = table[(table["batch"] < 2) | table["architecture"].isin(CELLS[:4])]
    kept = whole_block(early)
    assert (kept["batch"].nunique(), kept["architecture"].nunique()) == (2, len(CELLS))
    late = table[(table["batch"] < 2) | table["architecture"].isin(CELLS[:20])]
    assert whole_block(late)["batch"].nunique() == 3  # 3 · 20 and 2 · 30 are as many: more batches win
    pd.testing.assert_frame_equal(whole_block(table), table)


def test_values_say_when_the_regression_beats_the_mean():
    found = values_by_size(made_up())
    assert found.loc[(64, 0.0), "below"] == 0 < found.loc[(256, 0.0), "below"]
    assert found.loc[(64, 0.0), "true_is_smaller"] == 1
    assert found.loc[(256, 0.0), "cosine"] == pytest.approx(4 * found.loc[(64, 0.0), "cosine"])


def test_a_part_that_knows_the_accuracy_agrees_and_repeats_itself():
    found = agreements_by_size(made_up(), ACCURACY, seed=0, n_draws=50)
    for part in ("cosine", "lga", "error"):
        assert found.loc[(64, 0.0, part), ["tau", "reliability"]].tolist() == [1, 1]
    assert np.isnan(found.loc[(64, 0.0, "norm"), "tau"])  # all sizes are equal, so there is no order


def test_noise_lowers_the_reliability_more_than_the_agreement_of_the_mean():
    found = agreements_by_size(made_up(6, noise=0.05), ACCURACY, seed=0, n_draws=50).loc[(64, 0.0, "cosine")]
    assert found["reliability"] < found["tau"] < 1
    assert found["low"] < found["tau"] < found["high"]


def test_one_batch_has_no_reliability():
    found = agreements_by_size(made_up(1), ACCURACY, seed=0, n_draws=20)
    assert found["reliability"].isna().all()


def test_the_ends_have_each_part_once_and_the_numbers_of_the_whole_table():
    one = made_up(3, noise=0.05)
    table = pd.concat([one, one.assign(ridge=1.0, error=-one["error"]), one[one["n"] == 64].assign(n=128)])
    found = order_at_ends(table, ACCURACY, seed=0, n_draws=20).set_index(["part", "n", "of"])
    assert {n for _, n, _ in found.index} == {64, 256}
    assert sorted({part for part, _, _ in found.index}) == sorted(
        [
            "error, no ridge",
            "error, ridge of 1",
            "cosine, no ridge",
            "cosine, ridge of 1",
            "label-gradient\nalignment",
        ]
    )
    whole = agreements_by_size(table, ACCURACY, seed=0, n_draws=20)
    ends = ["tau", "low", "high"]
    for part, key in {"error, ridge of 1": (1.0, "error"), "label-gradient\nalignment": (0.0, "lga")}.items():
        expected = whole.loc[(256, *key), ends].tolist()
        assert found.loc[(part, 256, "accuracy"), ends].tolist() == expected
    twice = whole.loc[(64, 0.0, "cosine"), "reliability"]
    assert found.loc[("cosine, no ridge", 64, "two batches"), "tau"] == twice
    assert found.loc[("cosine, no ridge", 64, "two batches"), "what"] == "batch with batch, 64 images"


def test_with_one_batch_the_ends_have_agreements_with_accuracy_only():
    table = made_up(1)
    found = order_at_ends(pd.concat([table, table.assign(ridge=1.0)]), ACCURACY, seed=0, n_draws=20)
    assert {*found["of"]} == {"accuracy"}


def test_growth_is_counted_class_by_class():
    row = growth(made_up(), ridge=0.0, seed=0, n_draws=50).iloc[0]
    assert row["more"] == row["classes"] == len(CELLS)
    assert row["low"] < row["value"] < row["high"]
    assert row["value"] == pytest.approx((ACCURACY / 100).mean() * (256 - 64) / 512)
