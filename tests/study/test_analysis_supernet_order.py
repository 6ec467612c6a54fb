"""Supernets and indicators order the same cells, and few seeds say nothing about others."""

import numpy as np
import pandas as pd
import pytest

from tegnas_core.errors import TegnasError
from tegnas_core.spaces import NASBench201
from tegnas_study.analysis import supernet_order as orders
from tegnas_study.analysis.verdicts import Verdict, verdict

OPTIONS = {"seed": 0, "n_draws": 1000}
CELLS = [str(cell) for cell in NASBench201().sample_many(40, seed=3)]
TRUTH = pd.Series(np.arange(40.0), index=CELLS)


def ranking(noise, n_seeds=3):
    """Supernets that know nothing untrained, and everything but noise after 8 epochs."""
    rows = []
    for seed in range(n_seeds):
        rng = np.random.default_rng(seed)
        for epoch, known in ((0, 0.0), (8, 1.0)):
            values = known * np.arange(40) + noise * rng.normal(size=40)
            rows += [
                {"method": "rsps", "seed": seed, "epoch": epoch, "architecture": cell, "accuracy": value}
                for cell, value in zip(CELLS, values, strict=True)
            ]
    return pd.DataFrame(rows)


def test_supernets_stand_beside_indicators_on_the_same_cells():
    found = orders.agreements(ranking(noise=1.0), TRUTH, method="rsps", **OPTIONS)
    table = orders.agreement_table(found, [0, 8]).set_index(["what", "epoch"])
    assert table.loc[("supernet", 8), "tau"] > 0.8 > 0.3 > abs(table.loc[("supernet", 0), "tau"])
    assert table.loc[("condition_number", 0), "tau"] == table.loc[("condition_number", 8), "tau"]
    assert (table["low"] <= table["tau"]).all() and set(table["seeds"]) == {3}
    gap = orders.above(found, 8, orders.SUM)
    assert verdict(gap.estimate) is Verdict.HOLDS
    assert verdict(orders.above(found, 0, "linear_regions").estimate) is not Verdict.HOLDS


def test_one_supernet_says_nothing_about_others():
    found = orders.agreements(ranking(0.1, n_seeds=1), TRUTH, method="rsps", **OPTIONS)
    gap = orders.above(found, 8, orders.SUM)
    assert gap.estimate.value > 0.3 and verdict(gap.estimate) is Verdict.UNKNOWN
    order = orders.across_seeds(found, orders.after(8)).estimate
    assert order.value > 0.8 and verdict(order) is Verdict.UNKNOWN
    assert orders.agreement_table(found, [8])[["low", "high"]].isna().all(axis=None)


def test_a_ranking_must_be_whole():
    with pytest.raises(TegnasError, match="no supernet of gdas"):
        orders.agreements(ranking(1.0), TRUTH, method="gdas", **OPTIONS)
    with pytest.raises(TegnasError, match="lacks cells"):
        orders.agreements(ranking(1.0).iloc[1:], TRUTH, method="rsps", **OPTIONS)


def test_a_supernet_that_prefers_few_convolutions_is_seen():
    cells = ["|nor_conv_3x3~0|", "|nor_conv_3x3~0|+|nor_conv_1x1~0|", "|skip_connect~0|"]
    rows = [(seed, cell, value) for seed in (0, 1) for cell, value in zip(cells, (20.0, 10.0, 30.0), strict=True)]
    ranking = pd.DataFrame(rows, columns=["seed", "architecture", "accuracy"])
    assert orders.convolutions_order(ranking, **OPTIONS).value == pytest.approx(-1)
    assert orders.convolutions_order(ranking.assign(accuracy=-ranking["accuracy"]), **OPTIONS).value == 1
