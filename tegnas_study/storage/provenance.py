"""Where and how rows are computed: versions and hardware; nothing is imported to ask for its version."""

import platform
import shlex
from collections.abc import Sequence
from functools import cache
from importlib import metadata
from pathlib import Path

from tegnas_study.paths import REPOSITORY

_PACKAGES = ("tegnas-study", "torch", "numpy", "numba", "scipy", "pyarrow")


@cache
def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that make the numbers; "" for one not installed."""
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = ""
    return found


def hardware() -> str:
    """Return the processor's name, as well as the system knows it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def portable_command(arguments: Sequence[str], program: str = "tegnas") -> str:
    """Return the command as another machine can repeat it: no absolute path stays in a file's metadata.

    >>> portable_command(["--seeds", "3", "--out", "/tmp/a b.parquet"], "python -m tegnas_study.experiments.zoo")
    "python -m tegnas_study.experiments.zoo --seeds 3 --out 'a b.parquet'"
    """
    portable = []
    for argument in arguments:
        path = Path(argument)
        if path.is_absolute():
            inside = path.is_relative_to(REPOSITORY)
            argument = str(path.relative_to(REPOSITORY)) if inside else path.name
        portable.append(argument)
    return shlex.join([*program.split(), *portable])
