"""Bytes from anywhere become pixels or one clear line."""

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from images_on_disk import encoded, random_pixels
from PIL import Image

from tegnas_core.errors import TegnasError
from tegnas_study.data.images import decoding
from tegnas_study.data.images.decoding import decode, encoding, natural_size

PIXELS = random_pixels(1)[0]
PNG = encoded(PIXELS)


def png_header(width: int, height: int) -> bytes:
    """Return a small PNG that claims a size and holds hardly any pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def test_a_lossless_image_comes_back_exactly():
    np.testing.assert_array_equal(decode(PNG, 32, where="it"), PIXELS)
    assert encoding(PNG, where="it") == "PNG"


def test_grey_and_transparent_images_become_colour():
    grey = encoded(PIXELS[:, :, 0])
    np.testing.assert_array_equal(decode(grey, 32, where="it"), np.repeat(PIXELS[:, :, :1], 3, axis=2))
    opaque = np.concatenate([PIXELS, np.full((32, 32, 1), 255, np.uint8)], axis=2)
    np.testing.assert_array_equal(decode(encoded(opaque), 32, where="it"), PIXELS)


def test_another_size_is_an_error_unless_it_may_be_fitted():
    wide = np.zeros((40, 80, 3), np.uint8)
    wide[:, 20:60] = 255  # the central square is white
    with pytest.raises(TegnasError, match="it is 80×40 pixels, expected 32×32"):
        decode(encoded(wide), 32, where="it")
    assert decode(encoded(wide), 32, where="it", fit=True).min() > 200  # black margins would pull it down


@pytest.mark.parametrize(
    "data", [b"", b"not an image", PNG[:20], b"GIF89a" + bytes(40), b"%!PS-Adobe-3.0 EPSF-3.0\n" + bytes(99)]
)
def test_what_is_not_an_image_is_refused(data):
    with pytest.raises(TegnasError, match=r"^image 3 is not a PNG"):
        decode(data, 32, where="image 3")


def test_a_truncated_image_is_refused():
    with pytest.raises(TegnasError, match=r"^image 3 is damaged"):
        decode(PNG[: len(PNG) // 2], 32, where="image 3")


@pytest.mark.parametrize("side", [6_000, 12_000, 60_000])  # above our limit, Pillow's warning, Pillow's error
def test_decompression_bombs_are_refused_before_they_are_decoded(side):
    with pytest.raises(TegnasError, match="too large to be decoded safely"):
        decode(png_header(side, side), 32, where="it", fit=True)


def test_too_many_bytes_are_refused(monkeypatch):
    monkeypatch.setattr(decoding, "LARGEST_ENCODED", len(PNG) - 1)
    with pytest.raises(TegnasError, match="more than the limit"):
        decode(PNG, 32, where="it")


@pytest.mark.parametrize(("shape", "expected"), [((16, 16), 16), ((64, 64), 64), ((65, 65), 32), ((20, 30), 32)])
def test_small_squares_keep_their_size(shape, expected):
    assert natural_size(encoded(np.zeros((*shape, 3), np.uint8)), where="it") == expected


@given(
    kind=st.sampled_from(["PNG", "JPEG", "WEBP", "BMP", "PPM"]),
    where=st.integers(0, 4000),
    change=st.binary(max_size=8),
)
def test_scrambled_images_never_raise_anything_else(kind, where, change):
    data = bytearray(encoded(PIXELS, kind))
    where %= len(data)
    data[where : where + len(change)] = change
    try:
        assert decode(bytes(data), 32, where="it").shape == (32, 32, 3)
    except TegnasError as error:
        assert "\n" not in str(error)


def test_animations_give_their_first_frame():
    frames = [Image.fromarray(pixels) for pixels in random_pixels(2)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "PNG", save_all=True, append_images=frames[1:])
    np.testing.assert_array_equal(decode(buffer.getvalue(), 32, where="it"), np.asarray(frames[0]))
