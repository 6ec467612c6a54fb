"""The toy space obeys the contract of every space."""

import pytest
from contracts.search_space import SearchSpaceContract

from tegnas_core.errors import TegnasError
from tegnas_core.spaces import Toy


class TestContract(SearchSpaceContract):
    longest = 12

    @pytest.fixture
    def space(self):
        return Toy(12)


def test_decisions_and_composition_are_inverse():
    space = Toy(6)
    for bits in space.sample_many(20, seed=0):
        assert space.compose(space.decisions(bits)) == bits == space.parse(str(bits))


@pytest.mark.parametrize("text", ["", "01", "0101012", "abcdef", "0" * 1000])
def test_what_is_no_string_is_refused(text):
    with pytest.raises(TegnasError, match="6 zeros and ones"):
        Toy(6).parse(text)
