"""What is timed is what the evaluator computes, and timing it changes no number."""

import pytest
import torch

from tegnas_core import Architecture, Evaluator, make_settings
from tegnas_core.engine.tape import record
from tegnas_core.indicators.jacobians import jacobian, select_parameters
from tegnas_study import load_images
from tegnas_study.bench import cost_parts as cost
from tegnas_study.bench.cost import Case, timed

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


def test_a_timed_pass_gives_the_same_jacobian_and_times_no_more_than_it_took(case):
    network, images = case.network(MIXED), case.data().images
    names = select_parameters(network, "weights")
    tape = record(network, images)
    timed_pass = cost.TimedPass.over(tape, names)
    expected = jacobian(network, images, names, way="reverse")
    seconds, found = timed(lambda: timed_pass.jacobian(names))
    assert all(torch.equal(found[name], expected[name]) for name in names)
    planning = cost.TimedPass.over(tape, names).spent["convolutions"]
    assert set(timed_pass.spent) == {"convolutions", "batch-norm", "pools"}
    assert min(timed_pass.spent.values()) > 0 and planning > 0
    assert timed_pass.spent["batch-norm"] + timed_pass.spent["pools"] < seconds


def test_every_indicator_has_a_time_of_its_own(case):
    spent = cost.seconds_by_indicator(case, MIXED)
    assert set(spent) == {"condition_number", "linear_regions", "regression_error"} and min(spent.values()) > 0
