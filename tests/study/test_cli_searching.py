"""What the commands that search share."""

import pytest

from tegnas_core.errors import TegnasError
from tegnas_study.cli.options import LARGEST_SEED
from tegnas_study.cli.searching import seeds_from


def test_seeds_stand_in_a_row():
    assert list(seeds_from(7, 3)) == [7, 8, 9]
    assert list(seeds_from(LARGEST_SEED, 1)) == [LARGEST_SEED]


def test_the_last_seed_fits_into_a_table():
    with pytest.raises(
        TegnasError, match=f"the last of 2 seeds from {LARGEST_SEED} is larger than {LARGEST_SEED}"
    ):
        seeds_from(LARGEST_SEED, 2)
