"""Sources are values: equal by content, never silently out of range."""

import dataclasses

import numpy as np
import pytest

from tegnas_core.data.source import ImageSet, checked_indices, checked_labels, fingerprint
from tegnas_core.errors import TegnasError
from tegnas_study.data.images import load_images


def test_sources_are_equal_by_content_and_can_key_a_cache():
    assert load_images("synthetic") == load_images("synthetic")
    assert len({load_images("synthetic"), load_images("synthetic"), load_images("synthetic-100")}) == 2


@pytest.mark.parametrize("change", [{"mean": (0.1, 0.2, 0.3)}, {"name": "other"}, {"test": None}, {"size": 31}])
def test_a_source_that_gives_other_tensors_has_another_digest(change):
    source = load_images("synthetic")
    assert dataclasses.replace(source, **change) != source


def test_every_set_of_images_keeps_the_protocol():
    source = load_images("synthetic")
    assert isinstance(source.train, ImageSet) and isinstance(source.test, ImageSet)


def test_fingerprint_tells_where_one_part_ends():
    assert fingerprint("ab", "c") != fingerprint("a", "bc")
    assert fingerprint(np.array([1, 2])) != fingerprint(np.array([2, 1]))


@pytest.mark.parametrize("indices", [[-1], [10], [[1]], [0.5]])
def test_indices_outside_the_set_are_refused(indices):
    with pytest.raises(TegnasError, match="indices"):
        checked_indices(indices, 10)


def test_indices_in_range_pass_unchanged():
    np.testing.assert_array_equal(checked_indices([9, 0, 0], 10), [9, 0, 0])
    assert len(checked_indices([], 10)) == 0


@pytest.mark.parametrize(
    ("labels", "said"), [([], "no images"), ([0, 3], r"0\.\.2, found 0\.\.3"), ([-1], "found -1")]
)
def test_labels_outside_the_classes_are_refused(labels, said):
    with pytest.raises(TegnasError, match=said):
        checked_labels(np.array(labels, dtype=int), 3, "here")
