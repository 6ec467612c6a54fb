"""The ways are compared on the same kernel, and errors are reported as they are."""

import pytest

from tegnas_core import Architecture, make_settings
from tegnas_core.indicators.jacobians import jacobian
from tegnas_study import load_images
from tegnas_study.bench import cost

MIXED = Architecture(
    ("nor_conv_3x3", "avg_pool_3x3", "nor_conv_1x1", "skip_connect", "nor_conv_3x3", "avg_pool_3x3")
)


@pytest.fixture(scope="module")
def case() -> cost.Case:
    settings = make_settings("teg", batch_size=8, region_images=60, region_batch=60)
    return cost.Case(settings, load_images("synthetic"))


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
