"""A batch changed at once equals its images changed one by one with torchvision."""

import pytest
import torch
from torchvision.transforms.v2 import functional

from tegnas_study.training.augmentation import Draws, cut_out, draw, flip_and_crop, normalise


@pytest.fixture
def images():
    return torch.randint(256, (12, 3, 8, 8), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))


@pytest.fixture
def draws():
    return draw(12, 8, 2, generator=torch.Generator().manual_seed(1))


def test_flips_and_crops_equal_one_by_one(images, draws):
    found = flip_and_crop(images, draws, 2)
    for number, image in enumerate(images):
        image = functional.horizontal_flip(image) if draws.flip[number] else image
        padded = functional.pad(image, 2)
        assert found[number].equal(functional.crop(padded, draws.top[number], draws.left[number], 8, 8))
    assert draws.flip.any() and not draws.flip.all()


def slow_cutout(image, row, column, side):
    """As DARTS' code does: corners are clipped at the border."""
    image = image.clone()
    height, width = image.shape[1:]
    top, bottom = (min(max(edge, 0), height) for edge in (row - side // 2, row + side // 2))
    left, right = (min(max(edge, 0), width) for edge in (column - side // 2, column + side // 2))
    image[:, top:bottom, left:right] = 0
    return image


@pytest.mark.parametrize("side", [2, 4, 16])
def test_cutout_equals_one_by_one(images, draws, side):
    found = cut_out(images.float() + 1, draws, side)
    for number, image in enumerate(images):
        expected = slow_cutout(image.float() + 1, int(draws.row[number]), int(draws.column[number]), side)
        assert found[number].equal(expected)
    assert (found == 0).any()


def test_a_corner_loses_a_quarter_and_the_middle_all():
    corner = Draws(*(torch.tensor([value]) for value in (False, 0, 0, 0, 0)))
    middle = Draws(*(torch.tensor([value]) for value in (False, 0, 0, 4, 4)))
    ones = torch.ones(1, 1, 8, 8)
    assert int((cut_out(ones, corner, 4) == 0).sum()) == 4
    assert int((cut_out(ones, middle, 4) == 0).sum()) == 16


def test_draws_are_uniform_and_follow_from_their_generator():
    found = draw(20_000, 32, 4, generator=torch.Generator().manual_seed(0))
    assert abs(found.flip.float().mean() - 0.5) < 0.02
    for numbers, limit in ((found.top, 9), (found.left, 9), (found.row, 32), (found.column, 32)):
        counts = numbers.bincount(minlength=limit)
        assert len(counts) == limit and (counts - 20_000 / limit).abs().max() < 0.15 * 20_000 / limit + 60
    again = draw(20_000, 32, 4, generator=torch.Generator().manual_seed(0))
    index = torch.tensor([5, 3])
    assert again[index].top.equal(found.top[index]) and again.to("cpu").row.equal(found.row)


def test_normalised_images_have_their_channel_constants(images):
    found = normalise(images, (0.5, 0.4, 0.3), (0.2, 0.3, 0.4))
    expected = functional.normalize(images / 255, [0.5, 0.4, 0.3], [0.2, 0.3, 0.4])
    torch.testing.assert_close(found, expected)
