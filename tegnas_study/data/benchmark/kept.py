"""What reading the default table gave, kept as a compact table: a pickle of two seconds is read once a machine.

The copy lies in the user's folder of caches, under the digest of the pickle: another pickle has another copy.
"""

import contextlib
import hashlib
from dataclasses import replace
from pathlib import Path

import platformdirs

from tegnas_core.errors import TegnasError
from tegnas_study.data.benchmark.analog import NAME, load_analog, read_bytes
from tegnas_study.data.benchmark.table import load_table, save_table
from tegnas_study.data.benchmark.value import Benchmark

_VERSION = 1  # raise it when `load_analog` reads the same pickle into something else


def load_kept_analog(path: Path) -> Benchmark:
    """Return what `load_analog` returns, from a copy where there is one; make the copy where there is none.

    A copy that is damaged, or a folder that cannot be written, costs time and nothing else.

    Raises:
        TegnasError: When there is no copy and the pickle is hostile or damaged.
    """
    copy = kept_path(path)
    with contextlib.suppress(TegnasError, OSError):
        return replace(load_table(copy), name=NAME)
    benchmark = load_analog(path)
    with contextlib.suppress(TegnasError, OSError):
        copy.parent.mkdir(parents=True, exist_ok=True)
        save_table(benchmark, copy)
    return benchmark


def kept_path(path: Path) -> Path:
    """Return where the copy of a pickle lies, whether or not there is one.

    Raises:
        TegnasError: When the pickle is too large to be the package's.
    """
    digest = hashlib.sha256(read_bytes(path)).hexdigest()
    return Path(platformdirs.user_cache_dir("tegnas")) / f"analog-{_VERSION}-{digest[:32]}.parquet"
