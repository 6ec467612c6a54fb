"""Atlases made up from a formula: tests of analyses never depend on how much of the real one is there."""

import math
import zlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from tegnas_core.architecture import Architecture
from tegnas_core.settings import IndicatorSettings, make_settings
from tegnas_core.spaces import NASBench201
from tegnas_core.spaces.structure import is_connected, operation_counts
from tegnas_core.sweep.output import write_table
from tegnas_core.sweep.rows import make_table

SPACE = NASBench201()


def made_up_row(architecture: Architecture, repeat: int, settings: IndicatorSettings) -> dict[str, object]:
    """Indicators that follow the number of convolutions, with noise that depends on architecture and repeat."""
    noise = np.random.default_rng(zlib.crc32(f"{architecture}/{repeat}".encode())).normal(size=3)
    connected = is_connected(architecture)
    counts = operation_counts(architecture, live_only=True)
    size = counts["nor_conv_1x1"] + 2 * counts["nor_conv_3x3"]
    return {
        "architecture": str(architecture),
        "space": "nas-bench-201",
        "settings": settings.label,
        "images": "synthetic",
        "seed": 0,
        "repeat": repeat,
        "condition_number": math.exp(8 - 0.3 * size + noise[0]) if connected else math.inf,
        "linear_regions": float(300 + 100 * size + 30 * noise[1]) if connected else 1.0,
        "regression_error": 1.2 + 0.1 * math.exp(noise[2] - 0.2 * size) if connected else math.inf,
        "status": "ok" if connected else "disconnected",
        "seconds": 0.5,
        "control_permuted": 1.5 + 0.1 * noise[2] if connected else math.inf,
    }


def write_atlas(
    folder: Path, tasks: Iterable[tuple[Architecture, int]], *, name: str = "made-up", preset: str = "teg"
) -> Path:
    """Write a table of the atlas as a sweep would, with one row for each architecture and repeat."""
    settings = make_settings(preset)
    rows = [made_up_row(architecture, repeat, settings) for architecture, repeat in tasks]
    path = folder / f"{name}.parquet"
    details = {"settings": settings.model_dump()}
    write_table(path, make_table(rows), {"settings": {settings.label: details}, "runs": []})
    return path


def sample_table(n: int = 400, *, seed: int = 0) -> pd.DataFrame:
    """A table as `atlas` returns it, of a few architectures, with accuracies that follow size and noise."""
    from tegnas_core.atlases import _structure

    settings = make_settings("teg")
    structure = _structure().iloc[:n].copy()
    rows = [made_up_row(Architecture.parse(text), 0, settings) for text in structure["representative"]]
    numbers = pd.DataFrame(rows, index=structure.index).drop(columns=["architecture", "space", "images", "seed"])
    table = pd.concat([structure, numbers.drop(columns=["repeat", "seconds", "settings"])], axis=1)
    noise = np.random.default_rng(seed).normal(size=n)
    table["test_accuracy"] = np.where(table["connected"], 80 + 2 * table["n_nor_conv_3x3"] + noise, 10.0)
    table["n_repeats"] = 1
    table.index.name = "index"
    return table
