"""The images that one repeat of the indicators looks at."""

from dataclasses import dataclass

import torch
from torch import Tensor

from tegnas_core.data.batches import Batch, draw_batch, draw_region_inputs
from tegnas_core.data.source import ImageSource
from tegnas_core.errors import TegnasError
from tegnas_core.seeding import derive_seed
from tegnas_core.settings import IndicatorSettings


@dataclass(frozen=True)
class ProxyData:
    """Training and held-out images with labels, and the crops of the region count, on their device.

    Attributes:
        images: Training images, (n, 3, h, w).
        labels: Their classes, (n,).
        held_out_images: Images that the regression is tested on, (n, 3, h, w).
        held_out_labels: Their classes, (n,).
        crops: Inputs of the region count, (n_regions, 1, size, size).
        n_classes: Number of classes of the source.
    """

    images: Tensor
    labels: Tensor
    held_out_images: Tensor
    held_out_labels: Tensor
    crops: Tensor
    n_classes: int


def check_images(source: ImageSource) -> None:
    """Raise `TegnasError` when the networks cannot halve the images twice."""
    if source.size % 4:
        raise TegnasError(
            f"{source.name} has images of {source.size}×{source.size} pixels; the networks halve them twice, "
            "so the side must be a multiple of 4"
        )


def draw_training_batch(source: ImageSource, settings: IndicatorSettings, *, seed: int, index: int) -> Batch:
    """Draw the training images of one repeat, on the CPU; arguments and errors as in `draw_proxy_data`."""
    return draw_batch(
        source,
        settings.train_split,
        settings.batch_size,
        seed=derive_seed(seed, "images", index),
        augment=settings.augment,
        dtype=getattr(torch, settings.precision),
    )


def draw_proxy_data(
    source: ImageSource, settings: IndicatorSettings, *, seed: int, index: int, device: torch.device
) -> ProxyData:
    """Draw all images of one repeat.

    Args:
        source: The data set that they come from.
        settings: They say how many images, from which splits, whether augmented, and in which precision.
        seed: Together with `index` it determines every image.
        index: 0 for all repeats when they share their images, else the number of the repeat.
        device: The device that the tensors are moved to.

    Raises:
        TegnasError: When a batch is larger than the data, or a split is missing.
    """
    dtype = getattr(torch, settings.precision)
    base = derive_seed(seed, "images", index)
    train = draw_training_batch(source, settings, seed=seed, index=index)
    held_out = draw_batch(
        source,
        settings.held_out_split,
        settings.batch_size,
        seed=derive_seed(base, "held out"),
        dtype=dtype,
    )
    crops = draw_region_inputs(
        source,
        settings.region_images,
        size=settings.region_size,
        seed=base,
        split=settings.train_split,
        dtype=dtype,
    )
    tensors = (train.images, train.labels, held_out.images, held_out.labels, crops)
    return ProxyData(*(tensor.to(device) for tensor in tensors), source.n_classes)
