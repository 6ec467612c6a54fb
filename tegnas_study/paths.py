"""Every directory of the project, named once, and paths that a user gives."""

import os
from pathlib import Path

from tegnas_core.errors import TegnasError, quoted

_PACKAGE = Path(__file__).resolve().parent
SHIPPED = _PACKAGE / "shipped"  # in a wheel: the tables and the claims, at their places in the repository
REPOSITORY = SHIPPED if SHIPPED.is_dir() else _PACKAGE.parent
DATA = REPOSITORY / "data"
ATLAS = DATA / "atlas"
RESULTS = DATA / "results"
SEARCHES = DATA / "searches"


def own_records() -> Path:
    """Return the folder ``data/results`` of the repository, to write records into.

    Raises:
        TegnasError: When the package is installed without the repository.
    """
    if SHIPPED.is_dir():
        raise TegnasError("there is no repository to write into: name a folder with --out")
    return RESULTS


def data_root() -> Path | None:
    """Return the folder named by the environment variable ``TEGNAS_DATA``, or None when it is not set.

    The folder may hold benchmark tables and images; everything works without it.

    Raises:
        TegnasError: When the variable holds what cannot be a path.
    """
    value = os.environ.get("TEGNAS_DATA", "").strip()
    return given_path(value, "TEGNAS_DATA") if value else None


def given_path(text: str | Path, what: str) -> Path:
    """Return a path that a user gave, with ``~`` replaced by the home folder; nothing need exist there.

    Args:
        text: What the user gave.
        what: How an error names it, such as "--images".

    Raises:
        TegnasError: When the text is empty, names an unknown user, or cannot be a path on this system.
    """
    if not str(text).strip():
        raise TegnasError(f"{what} is empty; give the path of a file or folder")
    try:
        path = Path(text).expanduser()
        path.lstat()
    except FileNotFoundError:
        pass
    except (RuntimeError, ValueError, OSError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise TegnasError(f"{what} names {quoted(str(text))}, which cannot be used: {reason}") from error
    return path
