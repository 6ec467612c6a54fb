"""The procedural source: every image fixed by its index, natural spectrum, classes that can be told apart."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tegnas_study.data.images import load_images
from tegnas_study.data.images.synthetic import SYNTHETIC_NAMES, synthetic_source

SOURCE = synthetic_source("synthetic")


@given(st.lists(st.integers(0, 49_999), min_size=1, max_size=12))
def test_an_image_depends_on_its_index_only(indices):
    together = SOURCE.train.images(indices)
    alone = np.concatenate([SOURCE.train.images([index]) for index in indices])
    np.testing.assert_array_equal(together, alone)


@pytest.mark.parametrize(
    ("name", "n_classes", "size"),
    [("synthetic", 10, 32), ("synthetic-100", 100, 32), ("synthetic16-120", 120, 16)],
)
def test_shapes_are_those_of_the_replaced_data_sets(name, n_classes, size):
    source = load_images(name)
    assert (source.n_classes, source.size) == (n_classes, size)
    for images in (source.train, source.test):
        assert images.images([0, 5, 2]).shape == (3, size, size, 3)
        assert images.labels.shape == (len(images),)
        assert set(images.labels) == set(range(n_classes))


def test_many_images_cross_the_chunks():
    many = SOURCE.train.images(np.arange(600))
    np.testing.assert_array_equal(many[[0, 249, 250, 599]], SOURCE.train.images([0, 249, 250, 599]))
    assert len(np.unique(many.reshape(600, -1), axis=0)) == 600
    assert SOURCE.train.images([]).shape == (0, 32, 32, 3)


def test_training_and_test_images_differ():
    assert (SOURCE.train.images([3]) != SOURCE.test.images([3])).mean() > 0.9


def test_the_spectrum_falls_like_one_over_f():
    grey = SOURCE.train.images(np.arange(400)).mean(axis=3)
    power = (np.abs(np.fft.fft2(grey)) ** 2).mean(axis=0)
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(32), np.fft.fftfreq(32)))
    inner = (frequency > 0) & (frequency < 0.4)
    slope, _ = np.polyfit(np.log(frequency[inner]), np.log(power[inner]), 1)
    assert slope == pytest.approx(-2, abs=0.2)  # of power, hence -1 of amplitude


@pytest.mark.parametrize("name", SYNTHETIC_NAMES)
def test_the_constants_normalise(name):
    source = synthetic_source(name)
    pixels = source.train.images(np.arange(1200)) / 255
    np.testing.assert_allclose(pixels.mean(axis=(0, 1, 2)), source.mean, atol=0.02)
    np.testing.assert_allclose(pixels.std(axis=(0, 1, 2)), source.std, atol=0.02)


def test_the_nearest_class_mean_beats_chance_but_is_no_oracle():
    train, test = (
        images.images(np.arange(1000)).reshape(1000, -1) / 255 for images in (SOURCE.train, SOURCE.test)
    )
    means = np.stack([train[SOURCE.train.labels[:1000] == c].mean(axis=0) for c in range(10)])
    nearest = ((test[:, None, ::7] - means[None, :, ::7]) ** 2).sum(axis=2).argmin(axis=1)
    assert 0.2 < (nearest == SOURCE.test.labels[:1000]).mean() < 0.8


def test_the_description_says_stand_in():
    for name in SYNTHETIC_NAMES:
        source = synthetic_source(name)
        assert f"a stand-in for {source.stand_in_for}" in source.description
        assert "\n" not in source.description


def test_a_pickled_copy_draws_the_same_images():
    copy = pickle.loads(pickle.dumps(SOURCE))
    assert copy == SOURCE
    np.testing.assert_array_equal(copy.test.images([7]), SOURCE.test.images([7]))
