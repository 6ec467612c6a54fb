"""Every directory of the project, named once."""

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
ATLAS = REPOSITORY / "data" / "atlas"
RESULTS = REPOSITORY / "data" / "results"
SEARCHES = REPOSITORY / "data" / "searches"


def data_root() -> Path | None:
    """Return the folder named by the environment variable ``TEGNAS_DATA``, or None when it is not set.

    The folder may hold benchmark tables and images; everything works without it.
    """
    value = os.environ.get("TEGNAS_DATA", "").strip()
    return Path(value).expanduser() if value else None
