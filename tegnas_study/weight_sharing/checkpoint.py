"""What lies on the disk after every epoch: whole or not at all, and not trusted when it is read."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from tegnas_core.errors import TegnasError
from tegnas_study.storage.atomic import replacing
from tegnas_study.storage.tensors import first_line, is_between, load_tensors

_KIND = "tegnas-weight-sharing-1"
_PARTS = {"run": dict, "epochs": list, "ranking": list, "network": dict, "optimiser": dict, "method": dict}
_COLUMNS = {  # of its rows
    "epochs": {"epoch", "architecture", "accuracy", "entropy", "loss", "seconds"},
    "ranking": {"epoch", "architecture", "accuracy"},
}
_BOUNDS = {"epoch": (0, 10**9), "accuracy": (0, 100), "seconds": (0, 1e12)}
_MAY_BE_NAN = ("entropy", "loss")  # the one where there is no policy, the other where a training diverges


def checkpoint_path(output: Path, method: str, seed: int) -> Path:
    """Return where the checkpoint of a search lies: beside its result.

    >>> checkpoint_path(Path("found.parquet"), "gdas", 3).name
    'found.parquet.gdas-3.checkpoint'
    """
    return output.with_name(f"{output.name}.{method}-{seed}.checkpoint")


def write_checkpoint(path: Path, parts: Mapping[str, Any]) -> None:
    """Write a checkpoint; it appears complete or the old one stays.

    Raises:
        TegnasError: When the file cannot be written.
    """
    try:
        with replacing(path) as partial:
            torch.save({"kind": _KIND, **parts}, partial)
    except (OSError, RuntimeError) as error:
        raise TegnasError(f"cannot write {path} ({first_line(error)})") from None


def read_checkpoint(path: Path, run: Mapping[str, object]) -> dict[str, Any]:
    """Return the parts of a checkpoint of this very run.

    Nothing but tensors and plain values is unpickled, so a file from elsewhere cannot run code.

    Args:
        path: The file.
        run: What the training follows from; a checkpoint of another run is refused.

    Raises:
        TegnasError: When the file is damaged, is no checkpoint, holds anything else, or belongs to another run.
    """
    try:
        parts = load_tensors(path)
    except FileNotFoundError:
        raise TegnasError(f"there is no checkpoint {path}") from None
    except ValueError as error:
        raise damaged(path, error) from None
    if not isinstance(parts, dict) or parts.get("kind") != _KIND:
        raise damaged(path, "it is no checkpoint of weight sharing")
    for name, kind in _PARTS.items():
        if not isinstance(parts.get(name), kind):
            raise damaged(path, f"its part {name!r} is missing or wrong")
    if parts["run"] != dict(run):
        raise TegnasError(f"{path} belongs to another search; choose another --out, or remove the file")
    _check_rows(path, parts)
    return parts


def damaged(path: Path, reason: object) -> TegnasError:
    """Return the error of a checkpoint that cannot be gone on with."""
    text = first_line(reason) if isinstance(reason, BaseException) else reason
    return TegnasError(f"the checkpoint {path} cannot be used ({text}); remove it to start again")


def _check_rows(path: Path, parts: Mapping[str, Any]) -> None:
    for name in ("epochs", "ranking"):
        for row in parts[name]:
            if not isinstance(row, dict) or set(row) != _COLUMNS[name] or not all(map(_is_sound, row.items())):
                raise damaged(path, f"a row of its part {name!r} is wrong")
    if [row["epoch"] for row in parts["epochs"]] != [*range(1, len(parts["epochs"]) + 1)]:
        raise damaged(path, "its epochs do not follow one another")


def _is_sound(entry: tuple[str, object]) -> bool:
    name, value = entry
    if name == "architecture":
        return isinstance(value, str)
    if name in _MAY_BE_NAN:
        return isinstance(value, float)
    return is_between(value, *_BOUNDS[name])
