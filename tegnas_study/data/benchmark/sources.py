"""Where accuracies come from: what is on this machine, loading by name or path, converting."""

import os.path
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tegnas_core.errors import TegnasError, quoted
from tegnas_study import paths
from tegnas_study.data.benchmark.analog import PACKAGE, find_analog
from tegnas_study.data.benchmark.kept import load_kept_analog
from tegnas_study.data.benchmark.official import (
    NAS_BENCH_201_NAME,
    NATS_BENCH_NAME,
    load_nas_bench_201,
    load_nats_bench,
)
from tegnas_study.data.benchmark.official_files import look_at_folder, look_at_pth
from tegnas_study.data.benchmark.table import TABLE_NAME, load_table, read_schema, save_table
from tegnas_study.data.benchmark.value import Benchmark
from tegnas_study.storage.lock import checked_output


@dataclass(frozen=True)
class BenchmarkSource:
    """One place that accuracies may come from.

    Attributes:
        name: What `load_benchmark` takes.
        holds: What it knows, in a few words.
        path: Where it was found, or None.
        hint: What to do to get it.
    """

    name: str
    holds: str
    path: Path | None
    hint: str

    @property
    def found(self) -> bool:
        """Whether it is on this machine."""
        return self.path is not None


def find_benchmarks() -> tuple[BenchmarkSource, ...]:
    """Return the four sources in order of preference, each with its path when it is here; load nothing."""
    everything = "three data sets, all splits, 12-epoch curve, training times"
    below_root = (
        ("table", TABLE_NAME),
        ("nas-bench-201", NAS_BENCH_201_NAME),
        ("nats-bench", NATS_BENCH_NAME),
    )
    table, *official = (
        BenchmarkSource(name, everything, _below_data_root(file), f"put {file} into the folder TEGNAS_DATA names")
        for name, file in below_root
    )
    analog = BenchmarkSource(
        "analog", "CIFAR-10 test accuracy, re-trained", find_analog(), f"pip install {PACKAGE}==0.1.3"
    )
    return (table, analog, *official)


def fault_of(source: BenchmarkSource) -> str:
    """Return why a source that was found cannot be read, as far as a look at its beginning or end tells, or "".

    Args:
        source: One of `find_benchmarks`.
    """
    if source.path is None:
        return ""
    try:
        if source.name == "table":
            read_schema(source.path)
        elif source.name == "nats-bench":
            look_at_folder(source.path)
        elif source.name == "nas-bench-201":
            look_at_pth(source.path)
    except TegnasError as error:
        return str(error)
    return ""


def load_benchmark(name_or_path: str | Path | None = None) -> Benchmark:
    """Load the known accuracies of architectures.

    >>> benchmark = load_benchmark("analog")  # needs no files
    >>> benchmark.name, len(benchmark), benchmark.available
    ('analog-nasbench', 15625, ('cifar10_test_retrained',))

    Args:
        name_or_path: None or "auto" for the compact table under ``TEGNAS_DATA`` when it is there, and otherwise
            for the table of the package ``analog-nasbench``; or a name of `find_benchmarks`; or the path of a
            ``.parquet`` table, of an official ``.pth`` file, or of a NATS-Bench folder.

    Raises:
        TegnasError: When there is no such source, or it is damaged or hostile.
    """
    sources = {source.name: source for source in find_benchmarks()}
    if name_or_path is None or name_or_path == "auto":
        return load_benchmark("table" if sources["table"].found else "analog")
    source = sources.get(str(name_or_path))
    if source is None:
        return _load_path(paths.given_path(name_or_path, "the benchmark"), known=tuple(sources))
    if source.path is None:
        raise TegnasError(f"the benchmark {source.name} is not here; {source.hint}")
    return _load_path(source.path, known=tuple(sources))


def convert_benchmark(source: str | Path, output: Path, *, overwrite: bool = False) -> Benchmark:
    """Turn an official file or folder into the compact table.

    Args:
        source: What `load_benchmark` takes, usually the path of a ``.pth`` file or of a NATS-Bench folder.
        output: The ``.parquet`` file to write; it appears complete or not at all.
        overwrite: Whether an existing file may be replaced.

    Returns:
        The benchmark, as read from the source.

    Raises:
        TegnasError: When the output exists, is no ``.parquet`` name, or cannot be written, and when the source
            cannot be read.
    """
    output = paths.given_path(output, "the output")
    if output.suffix != ".parquet":
        raise TegnasError(f"the compact table is a .parquet file, got {quoted(output.name)}")
    if os.path.lexists(output) and not overwrite:
        raise TegnasError(f"{output} exists already; choose another name or delete it first")
    output = checked_output(output)  # before the source is read, which may take long
    benchmark = load_benchmark(source)
    save_table(benchmark, output)
    return benchmark


def _load_path(path: Path, *, known: tuple[str, ...]) -> Benchmark:
    if os.path.isdir(path):
        return load_nats_bench(path)
    if not os.path.isfile(path):
        choices = ", ".join(("auto", *known))
        raise TegnasError(f"no benchmark {quoted(str(path))}: neither a file or folder nor one of {choices}")
    if path.suffix == ".pth":
        return load_nas_bench_201(path)
    small = {".parquet": load_table, ".anb": load_kept_analog}.get(path.suffix)
    if small is None:
        raise TegnasError(f"{path.name} is no benchmark: expected .parquet, .pth or a NATS-Bench folder")
    if not os.access(path, os.R_OK):
        raise TegnasError(f"{path} cannot be read; look at its permissions")
    status = path.stat()
    return _load_once(small, path.resolve(), status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=4)
def _load_once(load: Callable[[Path], Benchmark], path: Path, _mtime_ns: int, _size: int) -> Benchmark:
    """Remember small tables; a file that has changed in the meantime has another key."""
    return load(path)


def _below_data_root(name: str) -> Path | None:
    root = paths.data_root()
    return root / name if root is not None and os.path.exists(root / name) else None
