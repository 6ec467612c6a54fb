"""Where cells stand at full size."""

import pytest

from tegnas_core.errors import TegnasError
from tegnas_study.training.darts_skeleton import DartsSkeleton


def test_the_skeletons_of_the_literature():
    cifar, imagenet = DartsSkeleton.cifar(), DartsSkeleton.imagenet()
    assert (len(cifar.cells), cifar.width, cifar.reductions) == (20, 36, (6, 13))
    assert (len(imagenet.cells), imagenet.width, imagenet.reductions) == (14, 48, (4, 9))
    assert (cifar.features, imagenet.features) == (4 * 144, 4 * 192)
    assert (cifar.cells[-1].size, imagenet.cells[-1].size) == (8, 7)


@pytest.mark.parametrize("skeleton", [DartsSkeleton.cifar(), DartsSkeleton.imagenet()])
def test_cells_fit_together(skeleton):
    outputs = [skeleton.stem_channels] * 2
    for index, place in enumerate(skeleton.cells):
        assert place.channels_before == tuple(outputs[-2:])
        assert place.reduction == (index in skeleton.reductions)
        if index:
            assert place.previous_reduction == skeleton.cells[index - 1].reduction
            ratio = 2 if place.reduction else 1
            assert place.size * ratio == skeleton.cells[index - 1].size
            assert place.channels == ratio * skeleton.cells[index - 1].channels
        outputs.append(4 * place.channels)


def test_changes_are_taken():
    changed = DartsSkeleton.imagenet(n_classes=7, auxiliary=True)
    assert (changed.n_classes, changed.auxiliary, changed.width) == (7, True, 48)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"stem": "mnist"}, "unknown stem 'mnist'; known are cifar, imagenet"),
        ({"n_classes": 0}, "positive number of classes"),
        ({"width": 35}, "an even width"),
        ({"width": 0}, "an even width"),
        ({"n_cells": 2}, "three cells at least"),
        ({"size": 30}, "images of 30 pixels do not suit the cifar stem; a multiple of 4 does"),
        (
            {"stem": "imagenet", "size": 100},
            "images of 100 pixels do not suit the imagenet stem; a multiple of 32",
        ),
    ],
)
def test_what_cannot_be_built_is_refused_in_one_line(changes, said):
    with pytest.raises(TegnasError, match=said):
        DartsSkeleton(**changes)
