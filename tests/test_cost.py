"""What is timed is the work that counts, errors are reported as they are, and the loops are left as they were."""

import pytest

from tegnas_core import Architecture, Evaluator, convolution_loops, cost, load_images, make_settings, reverse_loops
from tegnas_core.jacobians import jacobian

MIXED = Architecture(
    ("nor_conv_3x3", "avg_pool_3x3", "nor_conv_1x1", "skip_connect", "nor_conv_3x3", "avg_pool_3x3")
)


@pytest.fixture(scope="module")
def case() -> cost.Case:
    settings = make_settings("teg", batch_size=8, region_images=60, region_batch=60)
    return cost.Case(settings, load_images("synthetic"))


def test_every_part_of_a_repeat_has_a_time(case):
    spent = cost.where_time_goes(case, MIXED)
    assert tuple(spent) == cost.PARTS
    assert min(spent.values()) >= 0 and sum(spent.values()) > 0


def test_parts_are_computed_from_the_evaluators_own_numbers(case, monkeypatch):
    """The indicators inside are those of the evaluator: nothing is timed that the evaluator does not compute."""
    seen = {}
    for name in ("condition_number", "regression_error", "linear_regions"):
        original = getattr(cost, name)

        def spy(*arguments, _original=original, _name=name):
            seen[_name] = _original(*arguments)
            return seen[_name]

        monkeypatch.setattr(cost, name, spy)
    cost.where_time_goes(case, MIXED)
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


def test_the_ways_agree_with_each_other_and_with_float64(case):
    found = cost.compare(case, MIXED, rounds=1)
    assert {"twin", "exact", "frozen"} < found.keys()
    errors = {name: value for name, value in found.items() if name.startswith("error_")}
    assert len(errors) == 5 and max(errors.values()) <= 1e-4


def test_a_wrong_way_is_found_out(case, monkeypatch):
    def wrong(*arguments, **options):
        scale = 1.1 if options.get("way") is None else 1.0
        return {name: scale * block for name, block in jacobian(*arguments, **options).items()}

    monkeypatch.setattr(cost, "jacobian", wrong)
    found = cost.compare(case, MIXED, rounds=1)
    for name in ("error_exact_twin", "error_exact", "error_frozen"):
        assert found[name] == pytest.approx(0.21, abs=1e-3)
    assert found["error_twin"] < 1e-4


def test_without_a_reference_only_the_twin_is_compared(case):
    found = cost.compare(case, MIXED, rounds=1, reference=False)
    assert [name for name in found if name.startswith("error_")] == ["error_exact_twin"]
