"""The images of one repeat: which splits, which seeds, and that nothing else decides."""

import pytest
import torch
from small_source import small_settings, small_source

from tegnas_core.data.batches import draw_batch
from tegnas_core.data.proxy_data import ProxyData, draw_proxy_data
from tegnas_core.errors import TegnasError

SOURCE = small_source()
CPU = torch.device("cpu")


def draw(*, seed: int = 0, index: int = 0, source=SOURCE, **changes: object) -> ProxyData:
    return draw_proxy_data(source, small_settings(**changes), seed=seed, index=index, device=CPU)


def tensors(data: ProxyData) -> tuple[torch.Tensor, ...]:
    return data.images, data.labels, data.held_out_images, data.held_out_labels, data.crops


def is_in(images: torch.Tensor, split: str, n: int) -> bool:
    """Whether all of the (not augmented) images belong to a split."""
    members = draw_batch(SOURCE, split, n, seed=9).images.flatten(1).tolist()
    return all(row in members for row in images.flatten(1).tolist())


def test_shapes_are_those_of_the_settings():
    data = draw(batch_size=7, region_images=50, region_size=5)
    assert data.images.shape == data.held_out_images.shape == (7, 3, 16, 16)
    assert data.labels.shape == data.held_out_labels.shape == (7,)
    assert data.crops.shape == (50, 1, 5, 5) and data.n_classes == 4
    assert all(tensor.is_contiguous() for tensor in tensors(data))
    assert {t.dtype for t in (data.images, data.held_out_images, data.crops)} == {torch.float32}
    assert draw(precision="float64").crops.dtype == torch.float64


def test_a_seed_gives_the_same_images_whatever_was_drawn_before():
    first = draw(seed=3)
    draw(seed=4)
    assert all(torch.equal(a, b) for a, b in zip(tensors(first), tensors(draw(seed=3)), strict=True))


@pytest.mark.parametrize("change", [{"seed": 1}, {"index": 1}])
def test_another_seed_or_index_gives_other_images(change):
    for first, second in zip(tensors(draw()), tensors(draw(**change)), strict=True):
        assert not torch.equal(first, second)


def test_the_splits_of_teg_are_disjoint_halves_of_the_training_set():
    data = draw(augment=False)
    assert is_in(data.images, "train_half", 30) and not is_in(data.images, "validation_half", 30)
    assert is_in(data.held_out_images, "validation_half", 30) and not is_in(data.held_out_images, "train_half", 30)


def test_the_released_codes_splits_are_the_whole_training_set_and_the_test_set():
    data = draw(augment=False, train_split="train", held_out_split="test", batch_size=20)
    assert is_in(data.images, "train", 60) and not is_in(data.images, "train_half", 30)
    assert is_in(data.held_out_images, "test", 60)


@pytest.mark.parametrize(("split", "n"), [("train_half", 30), ("train", 60)])
def test_crops_are_cut_from_the_training_split(split, n):
    """A crop as large as the image is one of its channels."""
    crops = draw(train_split=split, region_size=16, region_images=n).crops
    channels = draw_batch(SOURCE, split, n, seed=9).images.reshape(-1, 256)
    owners = {int((channels - crop).abs().sum(1).argmin()) // 3 for crop in crops.reshape(n, 256)}
    assert all((channels - crop).abs().sum(1).min() == 0 for crop in crops.reshape(n, 256))
    assert len(owners) == n  # each image once


def test_only_training_images_are_augmented():
    plain, augmented = draw(augment=False), draw(augment=True)
    assert torch.equal(plain.labels, augmented.labels)
    assert not torch.equal(plain.images, augmented.images)
    assert torch.equal(plain.held_out_images, augmented.held_out_images)
    assert torch.equal(plain.crops, augmented.crops)


def test_training_and_held_out_batches_of_one_split_are_drawn_apart():
    data = draw(augment=False, train_split="train", held_out_split="train")
    assert not torch.equal(data.images, data.held_out_images)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"batch_size": 31}, "a batch of 31 images cannot be drawn from the 30 of small-16 train_half"),
        ({"region_size": 17}, "200 crops of 17×17 cannot be cut from images of 16×16"),
        ({"source": small_source(test=False), "held_out_split": "test"}, "small-16 has no test images"),
    ],
)
def test_what_cannot_be_drawn_is_refused(changes, said):
    with pytest.raises(TegnasError, match=said):
        draw(**changes)
