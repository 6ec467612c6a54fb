"""Averages over repeats: a failure may make an architecture worse and never better."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tegnas_core.evaluated import Indicators, Repeat, average
from tegnas_core.settings import make_settings
from tegnas_core.spaces.architecture import EXAMPLE, Architecture

ARCHITECTURE = Architecture.parse(EXAMPLE)
FAILURES = ("disconnected", "singular", "not_finite", "error")

kappas = st.floats(1, 1e300)
errors = st.floats(0, 1e100)
repeats = st.lists(
    st.builds(lambda k, r, e: Repeat(0, k, float(r), e, "ok", 0.5, {}), kappas, st.integers(1, 3000), errors),
    min_size=1,
    max_size=6,
)
rules = st.sampled_from(["geometric", "arithmetic"])


def mean(values: list[Repeat], rule: str = "geometric") -> Indicators:
    return average(ARCHITECTURE, values, make_settings("teg", average=rule))


def repeat(kappa: float, regions: float = 100.0, error: float = 1.0, status: str = "ok") -> Repeat:
    return Repeat(0, kappa, regions, error, status, 0.5, {})


def test_kappa_is_averaged_by_the_rule_and_the_others_arithmetically():
    values = [repeat(10.0, 100.0, 1.0), repeat(1000.0, 200.0, 2.0)]
    geometric, arithmetic = (mean(values, rule) for rule in ("geometric", "arithmetic"))
    assert geometric.condition_number == pytest.approx(100) and arithmetic.condition_number == pytest.approx(505)
    assert (geometric.linear_regions, geometric.regression_error, geometric.seconds) == (150.0, 1.5, 1.0)
    assert geometric.repeats == tuple(values) and geometric.architecture == ARCHITECTURE
    assert geometric.status == "ok"


@given(repeats, st.data(), rules, st.sampled_from(FAILURES))
def test_a_failure_never_improves_an_architecture(values, data, rule, status):
    before = mean(values, rule)
    k = data.draw(st.integers(0, len(values) - 1))
    failed = repeat(math.inf, values[k].linear_regions, math.inf, status)
    after = mean([*values[:k], failed, *values[k + 1 :]], rule)
    assert after.condition_number == math.inf >= before.condition_number
    assert after.regression_error == math.inf >= before.regression_error
    assert after.linear_regions == before.linear_regions
    assert after.status == status


@given(repeats, rules)
def test_a_worse_repeat_never_improves_the_mean(values, rule):
    worse = [repeat(r.condition_number * 2, r.linear_regions, r.regression_error * 2) for r in values]
    assert mean(worse, rule).condition_number >= mean(values, rule).condition_number
    assert mean(worse, rule).regression_error >= mean(values, rule).regression_error


@given(repeats, rules)
def test_a_mean_lies_between_its_repeats(values, rule):
    found = mean(values, rule)
    for name in ("condition_number", "linear_regions", "regression_error"):
        each = [getattr(r, name) for r in values]
        assert min(each) * (1 - 1e-9) <= getattr(found, name) <= max(each) * (1 + 1e-9)


def test_kappa_may_fail_alone():
    found = mean([repeat(5.0), repeat(math.inf, 50.0, 2.0, "singular")])
    assert found.condition_number == math.inf and found.regression_error == 1.5
    assert found.status == "singular"


def test_the_status_is_the_first_that_is_not_ok():
    assert (
        mean([repeat(5.0), repeat(math.inf, status="singular"), repeat(math.inf, status="error")]).status
        == "singular"
    )
