"""Spaces, and architectures that can be evaluated, by name and text."""

import pytest

from tegnas_core.errors import TegnasError
from tegnas_core.spaces import NAMED, Darts
from tegnas_core.spaces.architecture import EXAMPLE, Architecture
from tegnas_core.spaces.by_name import SPACES, make_space, parse_architecture
from tegnas_core.spaces.genotype import Genotype


@pytest.mark.parametrize("name", SPACES)
def test_a_space_says_its_name_and_reads_what_it_samples(name):
    space = make_space(name)
    assert space.name == name
    for architecture in space.sample_many(5, seed=0):
        assert parse_architecture(name, str(architecture)) == architecture


def test_architectures_are_read_by_their_space():
    assert parse_architecture("nas-bench-201", EXAMPLE) == Architecture.parse(EXAMPLE)
    assert parse_architecture("darts", "DARTS_V2") == NAMED["DARTS_V2"]


def test_what_the_space_does_not_propose_is_evaluated_all_the_same():
    odd = Genotype((("none", 0), ("skip_connect", 0)) * 4, NAMED["DARTS_V2"].reduce)
    assert not Darts().contains(odd) and parse_architecture("darts", str(odd)) == odd


def test_an_unknown_space_is_one_line():
    for action in (make_space, lambda name: parse_architecture(name, EXAMPLE)):
        with pytest.raises(
            TegnasError, match="unknown search space 'nas-bench-101'; known are nas-bench-201, darts"
        ):
            action("nas-bench-101")
