"""The images that a training sees: which, how large, and changed by draws that do not depend on batches."""

import numpy as np
import pytest
import torch
from images_on_disk import encoded, random_pixels
from small_source import small_source
from trainings import tiny

from tegnas_core.errors import TegnasError
from tegnas_study.data.images import load_images
from tegnas_study.training.data import training_data

SOURCE = small_source(size=16, n=48)


def all_of(batches):
    images, labels = zip(*batches, strict=True)
    return torch.cat(images), torch.cat(labels)


def numbers(n, size):
    return torch.arange(n).split(size)


def test_test_images_are_normalised_and_shrunk_by_their_mean():
    data = training_data(SOURCE, tiny(), device="cpu")
    images, labels = all_of(data.test(numbers(48, 20)))
    pixels = SOURCE.test.pixels.reshape(48, 8, 2, 8, 2, 3).mean(axis=(2, 4)).round()
    expected = (pixels / 255 - np.array(SOURCE.mean)) / np.array(SOURCE.std)
    assert (data.size, data.n_test) == (8, 48) and labels.equal(torch.arange(48) % 4)
    np.testing.assert_allclose(images.numpy(), expected.transpose(0, 3, 1, 2), atol=0.02)


@pytest.mark.parametrize("name", ["nas-bench-201", "darts-cifar10", "darts-imagenet"])
def test_changes_depend_on_the_image_and_the_seed_alone(name):
    changes = {"resolution": 8, "shrink": 1} if name == "darts-imagenet" else {"padding": 8, "cutout": 8}
    data = training_data(SOURCE, tiny(name, **changes), device="cpu")
    together, _ = all_of(data.train(numbers(12, 12), (0, 1)))
    apart, _ = all_of(data.train(numbers(12, 5), (0, 1)))
    other, _ = all_of(data.train(numbers(12, 12), (0, 2)))
    assert together.equal(apart) and not together.equal(other)
    assert together.shape == (12, 3, 8, 8) and together.dtype == torch.float32


def test_a_smaller_set_is_the_same_for_all_seeds():
    data = [training_data(SOURCE, tiny(n_train=10, n_test=5), device="cpu") for _ in range(2)]
    assert (data[0].n_train, data[0].n_test) == (10, 5)
    first, second = (all_of(part.test(numbers(5, 5)))[0] for part in data)
    assert first.equal(second)


def test_a_source_without_test_images_is_refused():
    with pytest.raises(TegnasError, match="has no test images"):
        training_data(small_source(test=False), tiny(), device="cpu")


@pytest.mark.slow
@pytest.mark.parametrize("readers", [0, 1])
def test_a_damaged_file_is_told_in_one_line_even_by_another_process(tmp_path, readers):
    for split in ("train", "val"):
        for label in ("cat", "dog"):
            folder = tmp_path / split / label
            folder.mkdir(parents=True)
            (folder / "0.png").write_bytes(encoded(random_pixels(1, 40)[0]))
    source = load_images(tmp_path)
    (tmp_path / "train" / "dog" / "0.png").write_bytes(b"no image")
    protocol = tiny("darts-imagenet", resolution=32, n_train=None)
    data = training_data(source, protocol, device="cpu", readers=readers)
    with pytest.raises(TegnasError, match=r"^\S*0\.png is not a PNG") as caught:
        all_of(data.train(numbers(2, 2), (0,)))
    assert str(caught.value).endswith("image")


def test_files_of_any_size_are_cut_and_the_global_generator_stays(tmp_path):
    for split in ("train", "val"):
        for label in ("cat", "dog"):
            folder = tmp_path / split / label
            folder.mkdir(parents=True)
            for number, side in enumerate((40, 70)):
                pixels = random_pixels(1, side, seed=number)[0][:, : side - 10]
                (folder / f"{number}.png").write_bytes(encoded(pixels))
    source = load_images(tmp_path)
    data = training_data(source, tiny("darts-imagenet", resolution=32, n_train=None), device="cpu")
    before = torch.random.get_rng_state()
    images, labels = all_of(data.train(numbers(4, 2), (0,)))
    assert images.shape == (4, 3, 32, 32) and labels.tolist() == [0, 0, 1, 1]
    assert all_of(data.test(numbers(4, 4)))[0].shape == (4, 3, 32, 32)
    assert torch.random.get_rng_state().equal(before)
