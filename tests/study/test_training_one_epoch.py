"""One epoch of training learns something, from the seed alone."""

import numpy as np
import pytest
from command_line import CUT, RICH
from small_source import ArrayImages, small_source

from tegnas_core import Architecture
from tegnas_study.training.one_epoch import train_one_epoch

SMALL = {"width": 4, "cells_per_stage": 1, "batch_size": 16}


@pytest.fixture(scope="module")
def images():
    """Four classes that differ in brightness, class k at 64 · k."""
    n = 240
    noise = np.random.default_rng(0).integers(0, 40, (n, 8, 8, 3))
    pixels = (noise + 64 * (np.arange(n) % 4)[:, None, None, None]).astype(np.uint8)
    source = small_source(size=8)
    return type(source)(**{**source.__dict__, "train": ArrayImages(pixels)})


def test_it_learns_and_follows_from_its_seed(images):
    first, second, other = (
        train_one_epoch(Architecture.parse(RICH), images, seed=seed, learning_rate=0.03, **SMALL)
        for seed in (0, 0, 1)
    )
    assert first.accuracy == second.accuracy != other.accuracy
    assert min(first.accuracy, other.accuracy) > 40
    assert first.seconds > 0


def test_a_cell_that_passes_nothing_on_stays_near_chance(images):
    assert train_one_epoch(Architecture.parse(CUT), images, seed=0, **SMALL).accuracy < 35
