"""The images of a training: small ones in memory, changed a batch at a time; large ones read one by one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Protocol as Interface

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import v2

from tegnas_core.data.source import ImageSet, ImageSource
from tegnas_core.errors import TegnasError
from tegnas_core.seeding import derive_seed, torch_generator
from tegnas_study.training.augmentation import cut_out, draw, flip_and_crop, normalise
from tegnas_study.training.protocols import Protocol

Batches = Iterator[tuple[Tensor, Tensor]]  # images (n, 3, h, w) in float32, and classes (n,)


class TrainingData(Interface):
    """What a training needs to know of its images.

    Attributes:
        n_train: Number of training images.
        n_test: Number of test images.
        size: Height and width of what the network sees, in pixels.
    """

    n_train: int
    n_test: int
    size: int

    def train(self, batches: Iterable[Tensor], seed: tuple[object, ...]) -> Batches:
        """Yield training images by their numbers, each changed at random as the seed says."""

    def test(self, batches: Iterable[Tensor]) -> Batches:
        """Yield test images by their numbers, as they are."""


def training_data(source: ImageSource, protocol: Protocol, *, device: str, readers: int = 0) -> TrainingData:
    """Return the images that a protocol trains and tests on.

    When the protocol asks for fewer than there are, they are drawn once for all seeds.

    Args:
        source: The data set.
        protocol: Says how many, how large, and how they are changed.
        device: Where small images are kept.
        readers: Processes that read large images.

    Raises:
        TegnasError: When the source has no test images.
    """
    if source.test is None:
        raise TegnasError(f"{source.name} has no test images, and a training needs some to be judged by")
    train = _chosen(source.train, protocol.n_train, "train")
    test = _chosen(source.test, protocol.n_test, "test")
    if protocol.resolution is None:
        return SmallImages(source, protocol, train, test, device)
    return LargeImages(source, protocol, train, test, readers)


def _chosen(images: ImageSet, n: int | None, split: str) -> np.ndarray:
    """Return the numbers of n images of a set, or of all when there are no more."""
    if n is None or n >= len(images):
        return np.arange(len(images))
    order = torch.randperm(len(images), generator=torch_generator("images of a smaller training", split))
    return np.sort(order[:n].numpy())


class SmallImages:
    """Images of one small size, held in memory as bytes (see `TrainingData`)."""

    def __init__(
        self, source: ImageSource, protocol: Protocol, train: np.ndarray, test: np.ndarray, device: str
    ) -> None:
        """Decode the images with these numbers."""
        self.size, self.n_train, self.n_test = source.size // protocol.shrink, len(train), len(test)
        self._padding, self._cutout = (size * self.size // 32 for size in (protocol.padding, protocol.cutout))
        self._normalise = partial(normalise, mean=source.mean, std=source.std)
        self._train, self._test = (
            (
                _as_tensor(images.images(chosen), protocol.shrink).to(device),
                torch.from_numpy(images.labels[chosen]).to(device),
            )
            for images, chosen in ((source.train, train), (source.test, test))
        )

    def train(self, batches: Iterable[Tensor], seed: tuple[object, ...]) -> Batches:
        """Flip, crop and cut out; an image's changes do not depend on its batch."""
        pixels, labels = self._train
        draws = draw(self.n_train, self.size, self._padding, generator=torch_generator(*seed, "changes"))
        draws = draws.to(pixels.device)
        for index in batches:
            index = index.to(pixels.device)
            images = self._normalise(flip_and_crop(pixels[index], draws[index], self._padding))
            yield cut_out(images, draws[index], self._cutout) if self._cutout else images, labels[index]

    def test(self, batches: Iterable[Tensor]) -> Batches:
        """Normalise."""
        pixels, labels = self._test
        for index in batches:
            index = index.to(pixels.device)
            yield self._normalise(pixels[index]), labels[index]


def _as_tensor(pixels: np.ndarray, shrink: int) -> Tensor:
    images = torch.from_numpy(np.ascontiguousarray(pixels.transpose(0, 3, 1, 2)))
    return functional.avg_pool2d(images.float(), shrink).round().byte() if shrink > 1 else images


class LargeImages:
    """Images of any size, read from their files when they are needed (see `TrainingData`).

    In training a random part of 8 to 100 % of the area is cut out, resized and mirrored with probability 1/2, and
    its colours are shifted; in a test the central square is, of an image whose shorter side has 256 pixels for
    224.
    """

    def __init__(
        self, source: ImageSource, protocol: Protocol, train: np.ndarray, test: np.ndarray, readers: int
    ) -> None:
        """Read nothing yet."""
        self.size, self.n_train, self.n_test = protocol.resolution, len(train), len(test)
        last = [v2.ToDtype(torch.float32, scale=True), v2.Normalize(source.mean, source.std)]
        jitter = [v2.ColorJitter(*protocol.jitter)] if protocol.jitter else []
        changes = [v2.RandomResizedCrop(self.size, antialias=True), v2.RandomHorizontalFlip(), *jitter, *last]
        plain = [v2.Resize(self.size * 256 // 224, antialias=True), v2.CenterCrop(self.size), *last]
        self._train = _OneByOne(source.train, train, v2.Compose(changes))
        self._test = _OneByOne(source.test, test, v2.Compose(plain))
        self._readers = readers

    def train(self, batches: Iterable[Tensor], seed: tuple[object, ...]) -> Batches:
        """Cut, resize, mirror and colour; an image's changes do not depend on its batch."""
        return self._read(self._train.seeded(seed), batches)

    def test(self, batches: Iterable[Tensor]) -> Batches:
        """Resize, take the centre, and normalise."""
        return self._read(self._test, batches)

    def _read(self, images: "_OneByOne", batches: Iterable[Tensor]) -> Batches:
        numbers = [batch.tolist() for batch in batches]
        own = torch.Generator()  # the loader would draw from the global one otherwise
        try:
            yield from DataLoader(images, batch_sampler=numbers, num_workers=self._readers, generator=own)
        except TegnasError as error:  # a reading process sends its traceback along, of which the last line counts
            raise TegnasError(str(error).rpartition("TegnasError: ")[2].removesuffix("\\n")) from None


@dataclass(frozen=True, eq=False)
class _OneByOne(Dataset):
    images: ImageSet
    chosen: np.ndarray
    transform: v2.Transform
    seed: tuple[object, ...] = ()

    def seeded(self, seed: tuple[object, ...]) -> "_OneByOne":
        return _OneByOne(self.images, self.chosen, self.transform, seed)

    def __getitem__(self, number: int) -> tuple[Tensor, int]:
        index = int(self.chosen[number])
        whole = getattr(self.images, "whole_image", None)  # files have one; other sources have one size only
        pixels = whole(index) if whole else self.images.images(np.array([index]))[0]
        with torch.random.fork_rng(devices=[]):  # torchvision draws from the global generator
            torch.manual_seed(derive_seed(*self.seed, "changes", number))
            return self.transform(torch.tensor(pixels).permute(2, 0, 1)), int(self.images.labels[index])
