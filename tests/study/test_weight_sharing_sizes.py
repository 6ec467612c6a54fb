"""Sizes know every method, and the full one is the benchmark's recipe."""

import pytest

from tegnas_core.errors import TegnasError
from tegnas_core.spaces import Toy
from tegnas_study.weight_sharing.by_name import make_sharing_method
from tegnas_study.weight_sharing.sizes import NAMES, SIZES, batch_size_of, sharing_size


@pytest.mark.parametrize("name", SIZES)
def test_a_size_has_epochs_for_every_method(name):
    assert SIZES[name].name == name
    assert {*SIZES[name].epochs} == {*NAMES}


def test_full_is_the_benchmarks():
    full = sharing_size("full")
    assert (full.width, full.cells_per_stage, full.resolution, full.images) == (16, 5, 32, 25_000)
    assert [full.epochs[name] for name in ("rsps", "enas", "darts", "darts-2nd", "gdas")] == [
        250,
        250,
        50,
        50,
        250,
    ]
    assert (batch_size_of("enas", full), batch_size_of("gdas", full)) == (128, 64)


def test_the_unknown_is_told():
    with pytest.raises(TegnasError, match="quick, reduced, full"):
        sharing_size("huge")
    with pytest.raises(TegnasError, match="known are rsps"):
        make_sharing_method("astrology", Toy(2), sharing_size("quick"), seed=0, n_steps=1)


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_made_and_says_its_name(name):
    assert make_sharing_method(name, Toy(2), sharing_size("quick"), seed=0, n_steps=1).name == name
