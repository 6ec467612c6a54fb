"""Images in memory, for evaluations that cost milliseconds."""

from dataclasses import dataclass

import numpy as np

from tegnas_core.data.source import ImageSource
from tegnas_core.settings import IndicatorSettings, make_settings

SMALL = {"batch_size": 8, "region_images": 200, "region_batch": 100}


@dataclass(frozen=True, eq=False)
class ArrayImages:
    """As simple as the protocol of an image set allows."""

    pixels: np.ndarray

    @property
    def labels(self) -> np.ndarray:
        return np.arange(len(self.pixels)) % 4

    @property
    def digest(self) -> str:
        return self.pixels.tobytes().hex()[:64]

    def __len__(self) -> int:
        return len(self.pixels)

    def images(self, indices: np.ndarray) -> np.ndarray:
        return self.pixels[indices]


def small_source(size: int = 16, n: int = 60, *, std: float = 0.25, test: bool = True) -> ImageSource:
    """Four classes of smooth random images."""
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 256, (2, n, (size + 1) // 2, (size + 1) // 2, 3), dtype=np.uint8)
    pixels = coarse.repeat(2, axis=2).repeat(2, axis=3)[:, :, :size, :size]
    pixels = pixels // 2 + rng.integers(0, 128, pixels.shape, dtype=np.uint8)
    train, held_out = (ArrayImages(part) for part in pixels)
    name = f"small-{size}"
    return ImageSource(name, "made here", 4, size, (0.5,) * 3, (std,) * 3, None, train, held_out if test else None)


def small_settings(preset: str = "teg", **changes: object) -> IndicatorSettings:
    """A preset with small batches and, unless said otherwise, one repeat."""
    return make_settings(preset, **{"repeats": 1, **SMALL, **changes})
