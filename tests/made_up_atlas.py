"""Atlases made up from a formula: tests of analyses never depend on how much of the real one is there."""

import math
import zlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from tegnas_core.indicators.names import ZERO_COST
from tegnas_core.settings import IndicatorSettings, make_settings
from tegnas_core.spaces import NASBench201
from tegnas_core.spaces.architecture import Architecture
from tegnas_core.spaces.structure import is_connected, operation_counts
from tegnas_study.data.benchmark import Benchmark
from tegnas_study.data.benchmark.value import COLUMNS, checked_table
from tegnas_study.sweep.output import write_table
from tegnas_study.sweep.rows import TEG, Results, make_table
from tegnas_study.tables.atlases import _structure

SPACE = NASBench201()
CONTROLS = ("control_norm", "control_permuted", "control_last", "control_kappa_cells", "control_ridge_1")


def made_up_row(architecture: Architecture, repeat: int, settings: IndicatorSettings) -> dict[str, object]:
    """Indicators that follow the number of convolutions, with noise that depends on architecture and repeat."""
    noise = np.random.default_rng(zlib.crc32(f"{architecture}/{repeat}".encode())).normal(size=3)
    connected = is_connected(architecture)
    counts = operation_counts(architecture, live_only=True)
    size = counts["nor_conv_1x1"] + 2 * counts["nor_conv_3x3"]
    norm = 0.4 + 0.1 * math.exp(noise[2] - 0.2 * size)
    failed = {} if connected else dict.fromkeys(("regression_error", *CONTROLS), math.inf)
    return {
        "architecture": str(architecture),
        "space": "nas-bench-201",
        "settings": settings.label,
        "images": "synthetic",
        "seed": 0,
        "repeat": repeat,
        "condition_number": math.exp(8 - 0.3 * size + noise[0]) if connected else math.inf,
        "linear_regions": float(300 + 100 * size + 30 * noise[1]) if connected else 1.0,
        "regression_error": norm - 2 * 0.05 + 0.9,
        "status": "ok" if connected else "disconnected",
        "seconds": 0.5,
        "control_norm": norm,
        "control_alignment": 0.05 if connected else math.nan,
        "control_permuted": 1.5 + 0.1 * noise[2],
        "control_last": 1.1 + 0.01 * noise[0],
        "control_kappa_cells": math.exp(7 + noise[1]),
        "control_ridge_1": 0.95 + 0.1 * noise[0],
        **failed,
    }


def write_atlas(
    folder: Path, tasks: Iterable[tuple[Architecture, int]], *, name: str = "made-up", preset: str = "teg"
) -> Path:
    """Write a table of the atlas as a sweep would, with one row for each architecture and repeat."""
    settings = make_settings(preset)
    rows = [made_up_row(architecture, repeat, settings) for architecture, repeat in tasks]
    return write_rows(folder, rows, settings, name=name)


def write_rows(
    folder: Path,
    rows: list[dict[str, object]],
    settings: IndicatorSettings | None = None,
    *,
    name: str = "made-up",
    results: Results = TEG,
) -> Path:
    """Write rows as a sweep with these settings would; None takes the preset teg."""
    settings = settings or make_settings("teg")
    path = folder / f"{name}.parquet"
    details = {"settings": settings.model_dump()}
    write_table(path, make_table(rows, results), {"settings": {settings.label: details}, "runs": []})
    return path


def made_up_rivals(architecture: Architecture, repeat: int, settings: IndicatorSettings) -> dict[str, object]:
    """Rivals of the same network: NASWOT knows the convolutions well, snip hardly at all."""
    noise = np.random.default_rng(zlib.crc32(f"rivals {architecture}/{repeat}".encode())).normal(size=5)
    counts = operation_counts(architecture, live_only=True)
    size = counts["nor_conv_1x1"] + 2 * counts["nor_conv_3x3"]
    names, weights = dict.fromkeys(ZERO_COST, -math.inf), (1.0, 0.5, 0.1, 0.05, 0.8)
    values = {name: 10 + w * size + e / 2 for name, w, e in zip(names, weights, noise, strict=True)}
    row = made_up_row(architecture, repeat, settings)
    shared = {k: row[k] for k in ("architecture", "space", "settings", "images", "seed", "repeat", "seconds")}
    return {**shared, **(values if is_connected(architecture) else dict(names)), "status": row["status"]}


def write_rivals(folder: Path, tasks: Iterable[tuple[Architecture, int]], *, name: str = "made-up-rivals") -> Path:
    """Write a table of rivals as a sweep would, with the preset teg."""
    settings = make_settings("teg")
    rows = [made_up_rivals(architecture, repeat, settings) for architecture, repeat in tasks]
    return write_rows(folder, rows, settings, name=name, results=dict.fromkeys(ZERO_COST, -math.inf))


NEWER = ("naswot", "swap", "log_synflow", "meco", "az_expressivity", "az_progressivity", "az_trainability")


def write_newer_rivals(folder: Path, cells: Iterable[Architecture], *, name: str) -> Path:
    """Write a table of the rivals that combinations are made of, all of them noise."""
    rng, settings, rows = np.random.default_rng(0), make_settings("teg"), []
    for cell in cells:
        row = made_up_row(cell, 0, settings)
        kept = {k: v for k, v in row.items() if k not in TEG and not k.startswith("control")}
        rows.append({**kept, **dict(zip(NEWER, rng.normal(size=len(NEWER)), strict=True))})
    return write_rows(folder, rows, settings, name=name, results=dict.fromkeys(NEWER, -math.inf))


def sample_table(n: int = 400, *, seed: int = 0) -> pd.DataFrame:
    """A table as `atlas` returns it, of a few architectures, with accuracies that follow size and noise."""
    return _sample(n, seed).copy()


@lru_cache(maxsize=4)
def _sample(n: int, seed: int) -> pd.DataFrame:
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


def made_up_benchmark(*, without: tuple[str, ...] = ()) -> Benchmark:
    """A benchmark of all architectures in which convolutions help, on every data set and split."""
    structure = _structure()
    rng, n = np.random.default_rng(7), len(structure)
    columns = {"architecture": structure["architecture"]}
    for column in COLUMNS:
        quality = 3 * structure["n_convolutions"] + rng.normal(size=n)
        numbers = {"accuracy": 75 + quality, "loss": np.exp(-quality / 10), "seconds": 100 + quality}
        if column.name not in without:
            columns[column.name] = numbers[column.quantity].clip(0, 100).astype(float)
    return Benchmark(
        "made-up", "accuracies that were made up", checked_table(pd.DataFrame(columns), what="made up")
    )
