"""The default accuracies: the CIFAR-10 table that the PyPI package ``analog-nasbench`` carries.

The package is found but never imported, and its one pickle is read by `storage.unpickling`.
Source: AnalogNAS-Bench (arXiv 2506.18495), field ``baseline_accuracy``.
"""

import importlib.metadata
import importlib.util
from functools import lru_cache
from pathlib import Path

import pandas as pd

from tegnas_core.errors import TegnasError, quoted
from tegnas_core.spaces.architecture import Architecture
from tegnas_core.spaces.nasbench201 import NASBench201
from tegnas_study.data.benchmark.value import Benchmark, checked_table
from tegnas_study.storage.unpickling import Limits, read_pickle

PACKAGE = NAME = "analog-nasbench"

# Keys are six digits, and neither the order of operations nor that of edges is the benchmark's. The package
# does not state them; the data do: in this reading the 341 cells without a path have 10 %, and no others, and
# Kendall's τ with NAS-Bench-201's own accuracies is 0.93 (in the benchmark's order of edges 0.57).
_OPERATIONS = ("skip_connect", "none", "nor_conv_3x3", "nor_conv_1x1", "avg_pool_3x3")
_EDGES = ((0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3))

_MAX_BYTES = 64 * 2**20  # the file of version 0.1.3 has 5.6 MB, and takes 2.2 million steps to read
_LIMITS = Limits(steps=4_000_000)


def find_analog() -> Path | None:
    """Return where the package keeps its pickle, or None when it is not installed; import nothing."""
    spec = importlib.util.find_spec("analognasbench")
    folders = spec.submodule_search_locations if spec else None
    path = Path(folders[0]) / "data.anb" if folders else None
    return path if path and path.is_file() else None


def load_analog(path: Path) -> Benchmark:
    """Read the package's pickle.

    Raises:
        TegnasError: When the file is hostile, damaged, or does not hold all 15,625 architectures.
    """
    what = _named(path)
    accuracies = _baseline_accuracies(read_bytes(path), what)
    every = NASBench201().all()
    keys = [_key(architecture) for architecture in every]
    if accuracies.keys() != set(keys):
        raise TegnasError(f"{what} does not hold exactly the {len(keys):,} architectures of NAS-Bench-201")
    columns = {
        "architecture": [str(architecture) for architecture in every],
        "cifar10_test_retrained": [accuracies[key] for key in keys],
    }
    return Benchmark(NAME, _description(), checked_table(pd.DataFrame(columns), what=what))


def read_bytes(path: Path) -> bytes:
    """Return what the pickle holds, not read yet.

    Raises:
        TegnasError: When it is too large to be the package's.
    """
    if path.stat().st_size > _MAX_BYTES:
        raise TegnasError(f"{_named(path)} has {path.stat().st_size:,} bytes; expected at most {_MAX_BYTES:,}")
    return path.read_bytes()


def _named(path: Path) -> str:
    return f"the {PACKAGE} file {path.name}"


class _Record:
    """Stands in for an architecture of the package and keeps its attributes in a dictionary."""

    def __init__(self) -> None:
        self.fields: dict = {}

    def __setstate__(self, state: dict) -> None:
        self.fields = dict(state)


class _Ignored:
    """Stands in for what is not needed."""

    def __setstate__(self, _state: object) -> None:
        pass


_STAND_INS = {
    ("analognasbench.data", "Architecture"): _Record,
    ("analognasbench.data", "DriftMeasurement"): _Ignored,
}


@lru_cache(maxsize=1)  # reading takes two seconds, and a process asks for the same file again and again
def _baseline_accuracies(data: bytes, what: str) -> dict[tuple[int, ...], float]:
    content = read_pickle(data, _STAND_INS, what=what, limits=_LIMITS)
    if not isinstance(content, dict):
        raise TegnasError(f"{what} holds {quoted(content)}; it should hold a dictionary of architectures")
    accuracies = {}
    for key, record in content.items():
        value = record.fields.get("baseline_accuracy") if isinstance(record, _Record) else None
        if not isinstance(value, float):
            shown = f"({', '.join(map(quoted, key))})" if isinstance(key, tuple) else quoted(key)
            raise TegnasError(f"{what} has no baseline_accuracy for {shown}")
        accuracies[key] = value
    return accuracies


def _key(architecture: Architecture) -> tuple[int, ...]:
    return tuple(_OPERATIONS.index(architecture[edge]) for edge in _EDGES)


def _description() -> str:
    try:
        version = importlib.metadata.version(PACKAGE)
    except importlib.metadata.PackageNotFoundError:
        version = "of unknown version"
    return (
        f"CIFAR-10 test accuracy from {PACKAGE} {version} (AnalogNAS-Bench, arXiv 2506.18495, "
        "baseline_accuracy): an independent re-training of all 15,625 NAS-Bench-201 architectures, "
        "one number each, not the benchmark's own training"
    )
