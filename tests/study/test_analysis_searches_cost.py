"""Costs of made-up evaluations, against numbers that can be checked by hand."""

import pandas as pd
import pytest

from tegnas_core.errors import TegnasError
from tegnas_core.settings import make_settings
from tegnas_study.analysis.searches.cost import cost_ratio, passes_of_teg, passes_of_training, same_evaluations


def evaluations(**seconds):
    rows = [(name, value) for name, value in seconds.items()]
    return pd.DataFrame(rows, columns=["architecture", "seconds"])


def test_only_what_both_evaluated_is_compared():
    teg = pd.concat([evaluations(a=1.0, b=2.0, c=9.0), evaluations(a=0.0)])
    both = same_evaluations(teg, evaluations(b=20.0, a=40.0, d=7.0))
    assert both.to_dict("index") == {"a": {"teg": 1.0, "epoch": 40.0}, "b": {"teg": 2.0, "epoch": 20.0}}


def test_searches_without_a_common_architecture_are_refused():
    with pytest.raises(TegnasError, match="share no architecture"):
        same_evaluations(evaluations(a=1.0), evaluations(b=1.0))


def test_the_ratio_is_one_of_means_and_repeats_divide_it():
    both = same_evaluations(evaluations(a=1.0, b=3.0), evaluations(a=20.0, b=20.0))
    once = cost_ratio(both, seed=0, n_draws=50)
    assert once.value.to_dict() == {"teg": 2.0, "epoch": 20.0, "ratio": 10.0}
    thrice = cost_ratio(both, repeats=3, seed=0, n_draws=50)
    assert thrice.value["ratio"] == pytest.approx(10 / 3)
    estimate = once.estimate("ratio")
    assert estimate.low == pytest.approx(20 / 3) and estimate.high == 20.0


def test_passes_are_counted_as_the_indicators_need_them():
    settings = make_settings("teg", batch_size=32, repeats=2)
    assert passes_of_teg(settings, n_classes=10) == (128, 128, 6000)
    traced = settings.model_copy(update={"output": "trace"})
    assert passes_of_teg(traced, n_classes=10).backward == 1280
    assert passes_of_training(25_000, 25_000) == (50_000, 25_000, 0)
