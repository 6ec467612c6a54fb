"""What is timed is what the evaluator computes, and the loops are left as they were."""

import pytest

from tegnas_core import Architecture, Evaluator, make_settings
from tegnas_core.engine import convolution_loops, reverse_loops
from tegnas_study import load_images
from tegnas_study.bench import cost_parts as cost
from tegnas_study.bench.cost import Case

MIXED = Architecture(
    ("nor_conv_3x3", "avg_pool_3x3", "nor_conv_1x1", "skip_connect", "nor_conv_3x3", "avg_pool_3x3")
)


@pytest.fixture(scope="module")
def case() -> Case:
    settings = make_settings("teg", batch_size=8, region_images=60, region_batch=60)
    return Case(settings, load_images("synthetic"))


def test_every_part_of_a_repeat_has_a_time(case):
    spent = cost.where_time_goes(case, MIXED)
    assert tuple(spent) == cost.PARTS
    assert min(spent.values()) >= 0 and sum(spent.values()) > 0


@pytest.mark.parametrize("timing", [cost.where_time_goes, cost.seconds_by_indicator])
def test_what_is_timed_gives_the_evaluators_own_numbers(case, monkeypatch, timing):
    """The indicators inside are those of the evaluator: nothing is timed that the evaluator does not compute."""
    seen = {}
    for name in ("condition_number", "regression_error", "linear_regions"):
        original = getattr(cost, name)

        def spy(*arguments, _original=original, _name=name):
            seen[_name] = _original(*arguments)
            return seen[_name]

        monkeypatch.setattr(cost, name, spy)
    timing(case, MIXED)
    repeat = Evaluator(case.settings, case.images, seed=case.seed).evaluate_repeat(MIXED, 0)
    assert seen["condition_number"].value == pytest.approx(repeat.condition_number, rel=1e-6)
    assert seen["regression_error"].value == pytest.approx(repeat.regression_error, rel=1e-6)
    assert seen["linear_regions"] == repeat.linear_regions


def test_the_loops_are_put_back_even_after_an_error(case, monkeypatch):
    before = convolution_loops.conv, reverse_loops.norm_sums, reverse_loops.mean_pool_3x3
    cost.where_time_goes(case, MIXED)
    assert (convolution_loops.conv, reverse_loops.norm_sums, reverse_loops.mean_pool_3x3) == before

    def fail(*arguments):
        raise RuntimeError("on purpose")

    monkeypatch.setattr(cost.reverse, "jacobian", fail)
    with pytest.raises(RuntimeError, match="on purpose"):
        cost.where_time_goes(case, MIXED)
    assert (convolution_loops.conv, reverse_loops.norm_sums, reverse_loops.mean_pool_3x3) == before


def test_every_indicator_has_a_time_of_its_own(case):
    spent = cost.seconds_by_indicator(case, MIXED)
    assert set(spent) == {"condition_number", "linear_regions", "regression_error"} and min(spent.values()) > 0
