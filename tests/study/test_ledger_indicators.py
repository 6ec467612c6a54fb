"""Recorded numbers, looked up by what they are of."""

from types import SimpleNamespace

import pandas as pd
import pytest

from tegnas_core.errors import TegnasError
from tegnas_study.analysis.claims_record import Statistic
from tegnas_study.ledger import indicators
from tegnas_study.ledger.finding import DRAWS

ROWS = (
    (Statistic("agreement", "linear_regions", "cifar10_test_200", "all"), (0.5, 0.6)),
    (Statistic("agreement", "linear_regions", "cifar10_test_200", "classes"), (0.1, 0.2)),
    (Statistic("agreement of three", "condition_number", "cifar10_test_200"), (0.4, 0.5)),
    (Statistic("accuracy", "optimum", "cifar10_test_200"), (94.37,)),
)


@pytest.fixture
def sources():
    each = [(*s, f"draw {i}", value) for s, values in ROWS for i, value in enumerate(values)]
    ends = [(*s, sum(values) / len(values), min(values), max(values)) for s, values in ROWS]
    tables = {
        "each": pd.DataFrame(each, columns=[*Statistic._fields, "draw", "value"]),
        "intervals": pd.DataFrame(ends, columns=[*Statistic._fields, "value", "low", "high"]),
    }
    return SimpleNamespace(record=SimpleNamespace(tables=tables))


def test_a_number_is_found_by_all_its_names(sources):
    found = indicators.agreement(sources, predictor="linear_regions", accuracy="cifar10_test_200")
    assert found.each.to_dict() == {"draw 0": 0.5, "draw 1": 0.6}
    assert (found.estimate.low, found.estimate.high, found.unit) == (0.5, 0.6, DRAWS)
    assert found.population == "all 15,625 architectures, CIFAR-10 test accuracy"


def test_the_sign_of_the_paper_is_that_of_tau(sources):
    options = {"predictor": "condition_number", "accuracy": "cifar10_test_200"}
    turned, printed = (indicators.agreement_of_three(sources, turned=t, **options) for t in (True, False))
    assert printed.estimate.value == -turned.estimate.value
    assert (printed.estimate.low, printed.estimate.high) == (-0.5, -0.4)
    assert printed.each.tolist() == [-0.4, -0.5]


def test_an_accuracy_of_the_benchmark_is_counted(sources):
    assert str(indicators.benchmark_accuracy(sources, of="optimum", accuracy="cifar10_test_200")) == "94.37"


def test_what_is_not_recorded_is_told(sources):
    with pytest.raises(TegnasError, match="nothing is recorded for agreement, naswot, cifar10_test_200, all; run"):
        indicators.agreement(sources, predictor="naswot", accuracy="cifar10_test_200")
