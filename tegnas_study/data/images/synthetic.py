r"""Procedural images with the spectrum of natural ones: the source that needs no file.

The amplitude of natural images falls like one over the spatial frequency (Field, 1987), and networks learn
useful features from noise that has this spectrum (Baradad et al., 2021).  Image x of class c is a
random-phase texture (Galerne et al., 2011) around a template of its class:

.. math:: \hat x(f) = \frac{1 + \cos 2(\angle f - \theta_c)/2}{|f|}
          \left(\sqrt{t}\, e^{i\phi_c(f) - 2\pi i \langle f, s\rangle} + \sqrt{1 - t}\, e^{i\phi_x(f)}\right)

with an orientation θ_c, template phases φ_c and a tint that belong to the class, and noise phases φ_x, a small
shift s, a contrast and a brightness that belong to the image. Image i depends on nothing but its number i.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tegnas_core.data.source import ImageSource, checked_indices, fingerprint
from tegnas_study.data.images.catalogue import DataSet, of_255

# Mean and standard deviation of what the generator draws, in units of 0..255 (3,000 images, rounded).
_COLOURS = of_255(127.0, 127.0, 127.0), of_255(57.6, 57.7, 58.3)
_TITLE = "procedural images with a 1/f spectrum"
_SHAPES = {
    "synthetic": (DataSet("synthetic", _TITLE, 10, 32, *_COLOURS, "cifar10"), 50_000, 10_000),
    "synthetic-100": (DataSet("synthetic-100", _TITLE, 100, 32, *_COLOURS, "cifar100"), 50_000, 10_000),
    "synthetic16-120": (
        DataSet("synthetic16-120", _TITLE, 120, 16, *_COLOURS, "imagenet16-120"),
        151_700,
        6_000,
    ),
}
SYNTHETIC_NAMES = tuple(_SHAPES)

_VERSION = 1  # raise it when the pixels change: digests follow
_TEMPLATE_SHARE = 0.1  # t: share of the power that belongs to the class
_LARGEST_SHIFT = 3  # pixels
_CLASS_STREAM = 2  # 0 and 1 are the training and the test images
_CHUNK = 250  # images made at once; bounds the memory
_PHASES = np.exp(2j * np.pi * np.arange(256) / 256)  # a random byte picks a phase
# Columns: luminance, blue against yellow, red against green; natural images vary mostly in luminance.
_OPPONENT_TO_RGB = np.array([[0.22, 0.03, 0.03], [0.22, 0.03, -0.03], [0.22, -0.06, 0.0]])


def synthetic_source(name: str) -> ImageSource:
    """Return the procedural source of that name (one of ``SYNTHETIC_NAMES``)."""
    shape, n_train, n_test = _SHAPES[name]
    train, test = (
        SyntheticImages(shape.n_classes, shape.size, n, stream) for stream, n in enumerate((n_train, n_test))
    )
    return shape.source(f"{n_train:,} training and {n_test:,} test images", train, test)


@dataclass(frozen=True)
class SyntheticImages:
    """Images made on demand; the class of image i is i modulo the number of classes.

    Attributes:
        n_classes: Number of classes.
        size: Height and width in pixels.
        n: Number of images.
        stream: 0 for the training images, 1 for the test images: same classes, other images.
    """

    n_classes: int
    size: int
    n: int
    stream: int

    @property
    def labels(self) -> np.ndarray:
        """Class of every image, int64, shape (n,)."""
        return np.arange(self.n, dtype=np.int64) % self.n_classes

    @property
    def digest(self) -> str:
        """Short hash of the parameters and of the first images."""
        return fingerprint(_VERSION, self, self.images(np.arange(4)))

    def __len__(self) -> int:
        """Return the number of images."""
        return self.n

    def images(self, indices: np.ndarray) -> np.ndarray:
        """Return the images at ``indices``, uint8, shape (len(indices), size, size, 3)."""
        indices = checked_indices(indices, self.n)
        chunks = [self._draw(indices[i : i + _CHUNK]) for i in range(0, len(indices), _CHUNK)]
        return np.concatenate(chunks) if chunks else np.zeros((0, self.size, self.size, 3), np.uint8)

    def _draw(self, indices: np.ndarray) -> np.ndarray:
        classes = indices % self.n_classes
        envelope, template, tint = _class_parts(self.n_classes, self.size)
        noise, uniforms = _random_parts(self.stream, indices, (3, *envelope.shape[1:]), 4)
        brightness, contrast, *shift = uniforms.T
        ramp = _shift_ramp(self.size, np.floor(np.stack(shift, 1) * (2 * _LARGEST_SHIFT + 1)) - _LARGEST_SHIFT)
        phases = np.sqrt(_TEMPLATE_SHARE) * template[classes] * ramp + np.sqrt(1 - _TEMPLATE_SHARE) * noise
        fields = np.fft.irfft2(envelope[classes, None] * phases, s=(self.size, self.size))  # (k, 3, h, w)
        fields *= (0.6 + 0.8 * contrast[:, None, None, None]) / fields.std(axis=(2, 3), keepdims=True)
        offset = 0.5 + tint[classes] + 0.2 * (brightness[:, None] - 0.5)  # (k, 3 colours)
        pixels = np.empty((len(indices), self.size, self.size, 3))
        for colour, (light, yellow, red) in enumerate(_OPPONENT_TO_RGB):
            mixed = light * fields[:, 0] + yellow * fields[:, 1] + red * fields[:, 2]
            pixels[..., colour] = mixed + offset[:, colour, None, None]
        return np.rint(255 * pixels.clip(0, 1)).astype(np.uint8)


@lru_cache(maxsize=8)
def _class_parts(n_classes: int, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return envelope (classes, f, f'), template phases (classes, 3, f, f') and tint (classes, 3)."""
    down, right = np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None, :]
    radius = np.hypot(down, right)
    radius[0, 0] = np.inf  # no constant part: brightness and tint are added later
    orientation = np.pi * np.arange(n_classes)[:, None, None] / n_classes
    envelope = (1 + 0.5 * np.cos(2 * (np.arctan2(down, right) - orientation))) / radius
    template, uniforms = _random_parts(_CLASS_STREAM, np.arange(n_classes), (3, *radius.shape), 3)
    return envelope, template, 0.1 * (uniforms - 0.5)


def _shift_ramp(size: int, shift: np.ndarray) -> np.ndarray:
    """Return the factors that move an image by ``shift`` pixels, shape (k, 1, size, size//2+1)."""
    down, right = np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None, :]
    return np.exp(-2j * np.pi * (shift[:, :1, None] * down + shift[:, 1:, None] * right))[:, None]


def _random_parts(
    stream: int, indices: np.ndarray, shape: tuple[int, ...], n_uniforms: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return unit phases (k, *shape) and numbers in [0, 1), (k, n_uniforms), for each index on its own.

    Raw Philox words, keyed by (stream, index), are the same on every platform and numpy version.
    """
    n_phases = math.prod(shape)
    n_words = n_uniforms + -(-n_phases // 8)
    keys = [np.array([stream, index], np.uint64) for index in indices]
    words = np.stack([np.random.Philox(key=key).random_raw(n_words) for key in keys])
    phase_bytes = words[:, n_uniforms:].astype("<u8").view(np.uint8)[:, :n_phases]
    uniforms = (words[:, :n_uniforms] >> np.uint64(11)) * 2.0**-53
    return _PHASES[phase_bytes].reshape(-1, *shape), uniforms
