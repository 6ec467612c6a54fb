"""From a name or a folder to an image source, and a list of what could be found."""

import os.path
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tegnas_core.data.source import ImageSource
from tegnas_core.errors import TegnasError, quoted
from tegnas_study.data.images.catalogue import DATA_SETS
from tegnas_study.data.images.cifar import CIFAR_FOLDERS, CifarImages, cifar_source, missing_files
from tegnas_study.data.images.folder import folder_source, has_image_folders
from tegnas_study.data.images.imagenet16 import TEST_BATCHES, TRAIN_BATCHES, imagenet16_source
from tegnas_study.data.images.parquet import has_parquet_images, parquet_source
from tegnas_study.data.images.synthetic import SYNTHETIC_NAMES, synthetic_source
from tegnas_study.paths import data_root, given_path

IMAGE_NAMES = (*SYNTHETIC_NAMES, *DATA_SETS)
# Where official files usually lie below a root.
_OFFICIAL_FOLDERS = ("", "torchvision", "cifar.python", "cifar10", "cifar100")
_IMAGENET16_FOLDERS = ("", "ImageNet16", "ImageNet16-120", "imagenet16-120", "cifar.python/ImageNet16")


@dataclass(frozen=True)
class FoundImages:
    """One line of ``tegnas data``.

    Attributes:
        name: What to give to ``load_images``.
        place: "built in", the folder it was found in, or "" when it was not found.
        description: What it is, or why it cannot be used.
    """

    name: str
    place: str
    description: str


def load_images(
    name_or_path: str | Path = "synthetic", *, root: str | Path | None = None, download: bool = False
) -> ImageSource:
    """Open a source of images; no image is decoded, and nothing is downloaded unless you ask for it.

    A data set known by name is looked for under ``root``, then under ``TEGNAS_DATA``: first as Parquet files in a
    folder of that name, then as the official files. A stand-in never takes its place unless you name the stand-in.

    >>> source = load_images("synthetic")
    >>> source.n_classes, len(source.train), source.train.images([0, 1]).shape
    (10, 50000, (2, 32, 32, 3))

    Args:
        name_or_path: One of ``IMAGE_NAMES``, or a folder of Parquet files, official files or class folders.
        root: The folder to look in first, and to download to.
        download: Whether torchvision may fetch CIFAR-10 or CIFAR-100 when it is not there.

    Raises:
        TegnasError: When there are no such images, or the files are damaged.
    """
    name = str(name_or_path)
    if name in SYNTHETIC_NAMES:
        return synthetic_source(name)
    if name not in DATA_SETS:
        return _folder_by_path(given_path(name_or_path, "the source of images"))
    places = _places(root)
    for place in places:
        if source := _look_under(place, name):
            return source
    if download and name in CIFAR_FOLDERS and places:
        return cifar_source(name, places[0], download=True)
    raise TegnasError(_not_found(name, places))


def find_images(*, root: str | Path | None = None) -> list[FoundImages]:
    """Return one entry for each known name: where it was found and what it is, or how to get it."""
    return [_describe(name, _places(root)) for name in IMAGE_NAMES]


def _places(root: str | Path | None) -> list[Path]:
    candidates = (given_path(root, "the root of images") if root is not None else None, data_root())
    return [place for place in candidates if place is not None]


def _look_under(place: Path, name: str) -> ImageSource | None:
    """Return the named data set from Parquet or official files below a place, or None."""
    if has_parquet_images(place / name):
        return parquet_source(place / name, DATA_SETS[name])
    if name in CIFAR_FOLDERS:
        for folder in _OFFICIAL_FOLDERS:
            if os.path.isdir(place / folder / CIFAR_FOLDERS[name]):
                return cifar_source(name, place / folder)
    if name == "imagenet16-120":
        for folder in _IMAGENET16_FOLDERS:
            if _has_batches(place / folder):
                return imagenet16_source(place / folder)
    return None


def _folder_by_path(folder: Path) -> ImageSource:
    if not os.path.isdir(folder):
        raise TegnasError(
            f"no images called {quoted(str(folder))}: give a folder or one of {', '.join(IMAGE_NAMES)}"
        )
    if has_parquet_images(folder):
        return parquet_source(folder, DATA_SETS.get(folder.resolve().name))
    if _has_batches(folder):
        return imagenet16_source(folder)
    for name, official in CIFAR_FOLDERS.items():
        if folder.name == official or os.path.isdir(folder / official):
            return cifar_source(name, folder.parent if folder.name == official else folder)
    if has_image_folders(folder):
        return folder_source(folder)
    raise TegnasError(
        f"{folder} holds no Parquet files (train*.parquet), official batches or class folders of images"
    )


def _has_batches(folder: Path) -> bool:
    return any(os.path.isfile(folder / name) for name in TRAIN_BATCHES + TEST_BATCHES)


def _not_found(name: str, places: list[Path]) -> str:
    where = " or ".join(str(place) for place in places) or "TEGNAS_DATA, which is not set"
    available = ", ".join(_available(places))
    return f"{name} was not found under {where}; {_how_to_get(name)}; available now: {available}"


def _available(places: list[Path]) -> Iterator[str]:
    yield from SYNTHETIC_NAMES
    for name in DATA_SETS:
        if _describe(name, places).place:
            yield name


def _how_to_get(name: str) -> str:
    parquet = f"put its Parquet files into TEGNAS_DATA/{name}"
    if name in CIFAR_FOLDERS:
        return f"{parquet}, give a torchvision root, or ask for the download"
    if name == "imagenet16-120":
        return f"{parquet}, or the official train_data_batch_1 … 10 and val_data"
    return parquet


def _require_whole(images: CifarImages) -> None:
    """Refuse official files that are not all there; a source reads them at first use only."""
    if lost := missing_files(images.name, images.root):
        folder = images.root / CIFAR_FOLDERS[images.name]
        raise TegnasError(f"{', '.join(lost)} missing or empty in {folder}; fetch the files again")


def _describe(name: str, places: list[Path]) -> FoundImages:
    if name in SYNTHETIC_NAMES:
        return FoundImages(name, "built in", synthetic_source(name).description)
    for place in places:
        try:
            source = _look_under(place, name)
            if source and isinstance(source.train, CifarImages):
                _require_whole(source.train)
        except TegnasError as error:
            return FoundImages(name, "", f"cannot be used: {error}")
        if source:
            return FoundImages(name, str(place), source.description)
    return FoundImages(name, "", f"not found; {_how_to_get(name)}")
