"""Images follow from the seed and the epoch, and are flipped and cropped as in the benchmark."""

import numpy as np
import pytest
import torch
from small_source import small_source

from tegnas_core.errors import TegnasError
from tegnas_study.weight_sharing.batches import Epoch, Pool, augmented, epoch_batches, held_out_batches, load_pool

SOURCE = small_source(size=16, n=60)


def pool_of(n=12):
    images = torch.arange(n, dtype=torch.float32)[:, None, None, None].expand(n, 3, 8, 8).contiguous()
    return Pool(images, torch.arange(n), torch.full((3,), -1.0))


def test_a_pass_takes_every_image_once_and_epochs_go_on_in_it():
    def labels(epoch):
        batches = epoch_batches(pool_of(), batch_size=4, n_batches=2, epoch=epoch, key=("a", 0))
        return torch.cat([labels for _, labels in batches]).tolist()

    passes = [[*labels(0), *labels(1)[:4]], [*labels(1)[4:], *labels(2)]]
    assert [sorted(a_pass) for a_pass in passes] == [[*range(12)]] * 2
    assert passes[0] != passes[1]
    assert labels(0) == labels(0)


def test_another_key_gives_another_order():
    orders = [
        torch.cat([y for _, y in epoch_batches(pool_of(), batch_size=4, n_batches=None, epoch=0, key=(key,))])
        for key in ("a", "b")
    ]
    assert len(orders[0]) == 12 and not torch.equal(*orders)


def test_augmented_images_are_windows_of_padded_ones():
    image = torch.arange(64, dtype=torch.float32).reshape(1, 1, 8, 8).repeat(40, 3, 1, 1)
    found = augmented(image, torch.full((3,), -1.0), np.random.default_rng(0))
    assert found.shape == image.shape
    padded = torch.nn.functional.pad(image[0, 0], (1, 1, 1, 1), value=-1.0)
    windows = {}
    for flip in (False, True):
        base = torch.nn.functional.pad(image[0, 0].flip(1), (1, 1, 1, 1), value=-1.0) if flip else padded
        windows |= {(flip, i, j): base[i : i + 8, j : j + 8] for i in range(3) for j in range(3)}
    seen = set()
    for one in found:
        assert torch.equal(one[0], one[1]) and torch.equal(one[0], one[2])
        (which,) = [key for key, window in windows.items() if torch.equal(window, one[0])]
        seen.add(which)
    assert len(seen) > 10


def test_pools_of_the_halves_share_no_image_and_are_averaged_down():
    train, valid = (load_pool(SOURCE, split, 30, 8) for split in ("train_half", "validation_half"))
    assert train.images.shape == (30, 3, 8, 8)
    flat = [{tuple(image.flatten().tolist()) for image in pool.images} for pool in (train, valid)]
    assert not flat[0] & flat[1]
    whole = load_pool(SOURCE, "train_half", 30, 16)
    assert torch.allclose(whole.images.reshape(30, 3, 8, 2, 8, 2).mean((3, 5)), train.images, atol=1e-6)


def test_what_cannot_be_is_told():
    with pytest.raises(TegnasError, match="averaged"):
        load_pool(SOURCE, "train_half", 30, 7)
    with pytest.raises(TegnasError, match="supernet needs"):
        load_pool(small_source(size=8, n=10), "train_half", 30, 8)


def test_held_out_images_are_left_as_they_are():
    ((images, labels),) = held_out_batches(pool_of(), 5)
    assert labels.tolist() == [0, 1, 2, 3, 4] and torch.equal(images, pool_of().images[:5])


def test_generators_of_an_epoch_depend_on_purpose_and_number():
    epochs = [Epoch(number, 3, [], [], [], ("key",)) for number in (0, 1, 2)]
    draws = {epoch.rng(purpose).integers(2**40) for epoch in epochs for purpose in ("a", "b")}
    assert len(draws) == 6
    assert [epoch.is_last for epoch in epochs] == [False, False, True]
