"""The contract of an indicator, as tests: inherit `IndicatorContract` and say which indicator."""

import math

import pytest

from tegnas_core.indicators import INDICATORS, STATUSES


class IndicatorContract:
    """Tests that hold for every indicator.

    A subclass gives the name under which `INDICATORS` knows it; the fixture `measure`, a function of a seed that
    returns (value, status); and `failures`, a list of functions that return (value, status) of a case that
    cannot be answered, each with the status that it should have.
    """

    name: str

    @pytest.fixture
    def failures(self):
        return []

    def test_it_is_listed_with_symbol_meaning_direction_and_source(self):
        entry = INDICATORS[self.name]
        assert entry.name == self.name and entry.symbol and entry.meaning and entry.source
        assert isinstance(entry.higher_is_better, bool)

    def test_the_same_seed_gives_the_same_value_bit_for_bit(self, measure):
        assert measure(0) == measure(0)

    def test_another_seed_gives_another_value(self, measure):
        assert measure(0) != measure(1)

    def test_a_value_is_a_finite_number_and_its_status_says_ok(self, measure):
        value, status = measure(0)
        assert math.isfinite(value) and status == "ok"

    def test_a_failure_is_the_worst_value_and_a_named_status(self, failures):
        for fail, expected in failures:
            value, status = fail()
            assert status == expected and status in STATUSES and status != "ok"
            assert value == (-math.inf if INDICATORS[self.name].higher_is_better else math.inf)
