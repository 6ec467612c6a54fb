"""Small image files in the true formats, for the tests of the images."""

import io
import pickle
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image


def random_pixels(n: int, size: int = 32, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (n, size, size, 3), dtype=np.uint8)


def encoded(pixels: np.ndarray, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, kind)
    return buffer.getvalue()


def write_parquet(path: Path, images: list[bytes | None], labels: list[int | None], **options) -> Path:
    """Write rows as the Hugging Face hub does; images are encoded bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [data if data is None else {"bytes": data, "path": "x.png"} for data in images]
    image_type = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    columns = {
        options.pop("image_column", "img"): pa.array(rows, image_type),
        options.pop("label_column", "label"): pa.array(labels, pa.int64()),
    }
    pq.write_table(pa.table(columns), path, **options)
    return path


def write_imagenet16(folder: Path, n: int = 6, *, protocol: int = 3, seed: int = 0) -> dict[str, dict]:
    """Write the eleven batches, n images each, every second one beyond class 120; return their entries."""
    folder.mkdir(parents=True, exist_ok=True)
    entries = {}
    for i, name in enumerate([*(f"train_data_batch_{k}" for k in range(1, 11)), "val_data"]):
        rng = np.random.default_rng([seed, i])
        data = rng.integers(0, 256, (n, 768), dtype=np.uint8)
        labels = [int(rng.integers(1, 121)) if k % 2 == 0 else int(rng.integers(121, 1001)) for k in range(n)]
        entries[name] = {"data": data, "labels": labels}
        (folder / name).write_bytes(pickle.dumps(entries[name], protocol=protocol))
    return entries


class Evil:
    """Pickles into a call: unpickled without care, it leaves a file behind."""

    def __init__(self, trace: Path):
        self.trace = trace

    def __reduce__(self):
        return Path.touch, (self.trace,)
