"""Everything a notebook's outputs follow from, as one short key: an unchanged notebook need not run again."""

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from importlib.metadata import distributions
from pathlib import Path

from book.parameters import Parameters


def shared_inputs(root: Path) -> str:
    """Return the hash of what every notebook depends on.

    That is the package, the tables in ``data/``, the code that runs notebooks, the claims of the ledger and which
    chapter shows which figure, the installed versions, and the names, sizes and times of the files under
    ``TEGNAS_DATA``.
    """
    digest = hashlib.sha256()
    for folder in ("tegnas_core", "tegnas_study", "data", "book"):
        for path in _files(
            root / folder,
            skip=("__pycache__", "notebooks", "_static", "explorer", "cards", "api", "teaching", "templates"),
        ):
            digest.update(f"{path.relative_to(root)}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    claims = root / "book" / "claims.yml"
    digest.update(claims.read_bytes() if claims.exists() else b"")
    for line in (*_versions(), *_figures(root), *_outside(os.environ.get("TEGNAS_DATA", "").strip())):
        digest.update(f"{line}\n".encode())
    return digest.hexdigest()


def notebook_key(notebook: Path, parameters: Parameters, shared: str) -> str:
    """Return the key of one notebook at one size, given `shared_inputs`."""
    text = json.dumps(parameters, sort_keys=True, default=str)
    parts = (shared.encode(), text.encode(), notebook.read_bytes())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def _files(folder: Path, *, skip: Iterable[str] = ()) -> list[Path]:
    skipped = set(skip)
    found = (path for path in folder.rglob("*") if not skipped.intersection(path.relative_to(folder).parts))
    return sorted(path for path in found if path.is_file() and path.suffix not in {".md", ".yml", ".bib"})


def _versions() -> list[str]:
    return sorted(f"{found.metadata['Name']}=={found.version}" for found in distributions())


def _figures(root: Path) -> Iterator[str]:
    for path in sorted((root / "notebooks").glob("*.py")):
        for name in re.findall(r'"name": "(fig-[a-z0-9-]+)"', path.read_text(encoding="utf-8")):
            yield f"{path.stem} {name}"


def _outside(folder: str) -> Iterator[str]:
    for path in _files(Path(folder).expanduser()) if folder else ():
        facts = path.stat()
        yield f"{path.relative_to(Path(folder).expanduser())} {facts.st_size} {facts.st_mtime_ns}"
