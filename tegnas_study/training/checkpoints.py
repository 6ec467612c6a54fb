"""Where a training stands, in a file that appears whole after every epoch and is read with suspicion.

A checkpoint may come from anywhere. It is loaded with ``weights_only``, so nothing in it is ever executed, and its
content must have the names, shapes and types that a training of this very job has.
"""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from tegnas_core.errors import TegnasError, quoted
from tegnas_study.storage.atomic import replacing
from tegnas_study.storage.tensors import first_line, load_tensors
from tegnas_study.training.training import COLUMNS, Training

FORMAT = "tegnas-training-1"


def write(path: Path, training: Training, identity: Mapping[str, object]) -> None:
    """Replace the checkpoint by the present state; call it while holding the lock of the path.

    Args:
        path: The file.
        training: What stands there.
        identity: What the trajectory follows from, as JSON values.

    Raises:
        TegnasError: When the file cannot be written; the old one is then untouched.
    """
    content = {"format": FORMAT, "identity": dict(identity), **training.state()}
    try:
        with replacing(path) as partial:
            torch.save(content, partial)
    except (OSError, RuntimeError) as error:
        raise TegnasError(
            f"cannot write {path} ({first_line(error)}); every earlier epoch is safe: make room, then use --resume"
        ) from error


def read(path: Path, training: Training, identity: Mapping[str, object]) -> None:
    """Bring a training to where a checkpoint stands.

    Args:
        path: The file.
        training: A training of the same job that has not begun.
        identity: What the trajectory follows from; that of the file must be equal.

    Raises:
        TegnasError: When the file is damaged, hostile, or of another training.
    """
    content = _load(path)
    _check_identity(path, content.get("identity"), identity)
    wrong = _fault(content, training)
    if wrong:
        raise _refused(path, wrong)
    training.restore(content)


def _load(path: Path) -> dict[str, Any]:
    try:
        content = load_tensors(path)
    except (OSError, ValueError) as error:
        raise _refused(path, first_line(error)) from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise _refused(path, f"it is not of the format {FORMAT}")
    return content


def _check_identity(path: Path, found: object, wanted: Mapping[str, object]) -> None:
    if not isinstance(found, dict):
        raise _refused(path, "it does not say what it trains")
    for name, value in wanted.items():
        was = found.get(name)
        if was != value or type(was) is not type(value):
            if isinstance(value, dict) and isinstance(was, dict):
                (name, was, value) = (
                    next(
                        (f"{name} {key}", was.get(key), value[key]) for key in value if was.get(key) != value[key]
                    )
                    if set(was) == set(value)
                    else (name, was, value)
                )
            raise TegnasError(
                f"{path} is of another training: its {name} is {quoted(was)}, not {quoted(value)}; "
                "repeat that command, or choose another --out"
            )


def _fault(content: Mapping[str, Any], training: Training) -> str:
    """Return what is wrong with the state of a training, or ""."""
    rows, expected = content.get("rows"), training.state()
    if not isinstance(rows, list) or not 0 < len(rows) <= training.job.protocol.epochs:
        return "its epochs cannot be"
    for number, row in enumerate(rows, 1):
        if not _is_row(row) or row["epoch"] != number:
            return f"what it says of epoch {number} cannot be"
    if fault := _tensors_differ(content.get("network"), expected["network"], "network"):
        return fault
    return _optimiser_fault(content.get("optimiser"), [*training.network.parameters()])


def _is_row(row: object) -> bool:
    return (
        isinstance(row, dict)
        and set(row) == set(COLUMNS)
        and all(type(value) in (int, float) for value in row.values())
        and all(not math.isinf(row[name]) for name in COLUMNS if name != "loss")
    )


def _tensors_differ(found: object, expected: Mapping[str, Tensor], what: str) -> str:
    if not isinstance(found, dict) or set(found) != set(expected):
        return f"its {what} has other parts"
    for name, tensor in expected.items():
        other = found[name]
        if not isinstance(other, Tensor) or other.shape != tensor.shape or other.dtype != tensor.dtype:
            return f"its {what} has another {name}"
    return ""


def _optimiser_fault(found: object, parameters: list[Tensor]) -> str:
    """Say whether the momenta are those of the parameters; one that no gradient ever reached has none."""
    if not isinstance(found, dict) or not set(found) <= set(range(len(parameters))):
        return "its optimiser has other parts"
    for number, momenta in found.items():
        if not isinstance(momenta, dict) or set(momenta) != {"momentum_buffer"}:
            return "its optimiser is another one"
        buffer = momenta["momentum_buffer"]
        if buffer is not None and (not isinstance(buffer, Tensor) or buffer.shape != parameters[number].shape):
            return "its optimiser has other shapes"
    return ""


def _refused(path: Path, reason: str) -> TegnasError:
    return TegnasError(
        f"{path} is damaged or no checkpoint of this training ({reason}); nothing was changed: "
        "move it away to train anew"
    )
