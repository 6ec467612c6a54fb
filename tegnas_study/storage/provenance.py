"""Where and how rows are computed: versions and hardware; nothing is imported to ask for its version."""

import platform
from functools import cache
from importlib import metadata
from pathlib import Path

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
