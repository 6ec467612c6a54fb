"""From the bytes of an encoded image to its pixels, with limits, since the bytes may come from anywhere."""

import io
import struct
import warnings
import zlib

import numpy as np
from PIL import Image, ImageOps

from tegnas_core.errors import TegnasError

LARGEST_ENCODED = 2**24  # bytes of one encoded image; the largest of ImageNet-1k has 15 MB
LARGEST_PIXELS = 2**25  # pixels of one image before it is made small
_FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "PPM")
# What Pillow raises on bytes that are not a sound image.
_DAMAGED = (
    OSError,
    ValueError,
    SyntaxError,
    TypeError,
    IndexError,
    EOFError,
    OverflowError,
    struct.error,
    zlib.error,
)
_BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def decode(data: bytes, size: int, *, where: str, fit: bool = False) -> np.ndarray:
    """Return the pixels of one encoded image, uint8, shape (size, size, 3).

    Args:
        data: An encoded PNG, JPEG, WebP, BMP or PPM image of any colour mode.
        size: Height and width wanted, in pixels.
        where: How an error names the image.
        fit: Whether to cut the largest central square and resize it; otherwise another size is an error.

    Raises:
        TegnasError: When the bytes are no image, damaged, too large to be decoded safely, or of another size.
    """
    image = _open(data, where)
    if image.size != (size, size) and not fit:
        raise TegnasError(f"{where} is {image.width}×{image.height} pixels, expected {size}×{size}")
    try:
        colours = image.convert("RGB")
        if colours.size != (size, size):
            colours = ImageOps.fit(colours, (size, size), Image.Resampling.BILINEAR)
    except _DAMAGED as error:
        raise TegnasError(f"{where} is damaged: {_one_line(error)}") from error
    return np.asarray(colours)


def decode_whole(data: bytes, *, where: str) -> np.ndarray:
    """Return all pixels of one encoded image, uint8, shape (height, width, 3).

    Args:
        data: An encoded PNG, JPEG, WebP, BMP or PPM image of any colour mode.
        where: How an error names the image.

    Raises:
        TegnasError: When the bytes are no image, damaged, or too large to be decoded safely.
    """
    image = _open(data, where)
    try:
        return np.asarray(image.convert("RGB"))
    except _DAMAGED as error:
        raise TegnasError(f"{where} is damaged: {_one_line(error)}") from error


def natural_size(data: bytes, *, where: str, fallback: int = 32, largest: int = 64) -> int:
    """Return the side in pixels that a set of images should have, judged by its first image.

    A square image whose side is at most ``largest`` keeps its size; everything else is resized to ``fallback``.
    """
    width, height = _open(data, where).size
    return width if width == height <= largest else fallback


def encoding(data: bytes, *, where: str) -> str:
    """Return the format of an encoded image, such as "PNG" or "JPEG"."""
    return _open(data, where).format or "unknown"


def _open(data: bytes, where: str) -> Image.Image:
    """Read only the header, and refuse what would be too large to decode."""
    if len(data) > LARGEST_ENCODED:
        raise TegnasError(f"{where} has {len(data):,} bytes, more than the limit of {LARGEST_ENCODED:,}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=_FORMATS)
    except _BOMB as error:
        raise TegnasError(f"{where} is too large to be decoded safely") from error
    except _DAMAGED as error:
        raise TegnasError(f"{where} is not a PNG, JPEG, WebP, BMP or PPM image") from error
    if image.width * image.height > LARGEST_PIXELS:
        raise TegnasError(f"{where} is too large to be decoded safely ({image.width}×{image.height} pixels)")
    return image


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
