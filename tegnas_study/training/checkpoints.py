"""Where a training stands, in a file that appears whole after every epoch and is read with suspicion.

A checkpoint may come from anywhere. It is loaded with ``weights_only``, so nothing in it is ever executed, and its
content must have the names, shapes and types that a training of this very job has.
"""

import math
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from tegnas_core.errors import TegnasError, quoted
from tegnas_study.storage.atomic import replacing
from tegnas_study.storage.tensors import first_line, is_between, is_like, load_tensors, unlike
from tegnas_study.training.training import COLUMNS, Training

FORMAT = "tegnas-training-1"
_MOST_FACTS = 1000  # that are read of an identity; a training has about forty
# Between which two numbers each column of a row lies; what follows `epoch` is loss, percent, rate and seconds.
_BOUNDS = dict(zip(COLUMNS[1:], [(0, math.inf), (0, 100), (0, 100), (0, 1e6), (0, 1e12), (0, 1e12)], strict=True))


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
    made, asked = dict(islice(_flat(found), _MOST_FACTS)), dict(_flat(wanted))
    for name in {**asked, **made}:
        was, value = made.get(name), asked.get(name)
        if type(was) is not type(value) or was != value:
            raise TegnasError(
                f"{path} is of another training: its {name} is {quoted(was)}, not {quoted(value)}; "
                "repeat that command, or choose another --out"
            )


def _flat(value: object, name: str = "") -> Iterator[tuple[str, object]]:
    """Yield the plain values in nested ones, each with the names that lead to it."""
    if not isinstance(value, dict | list | tuple):
        yield name, value
        return
    for key, part in value.items() if isinstance(value, dict) else enumerate(value):
        yield from _flat(part, f"{name} {key}".strip())


def _fault(content: Mapping[str, Any], training: Training) -> str:
    """Return what is wrong with the state of a training, or ""."""
    rows, expected = content.get("rows"), training.state()
    if not isinstance(rows, list) or not 0 < len(rows) <= training.job.protocol.epochs:
        return "its epochs cannot be"
    for number, row in enumerate(rows, 1):
        if not _is_row(row, number):
            return f"what it says of epoch {number} cannot be"
    if fault := unlike(content.get("network"), expected["network"], "network"):
        return fault
    return _optimiser_fault(content.get("optimiser"), [*training.network.parameters()])


def _is_row(row: object, number: int) -> bool:
    if not isinstance(row, dict) or set(row) != set(COLUMNS):
        return False
    if type(row["epoch"]) is not int or row["epoch"] != number:
        return False
    diverged = isinstance(row["loss"], float) and math.isnan(row["loss"])
    return all(
        is_between(row[name], *bounds) for name, bounds in _BOUNDS.items() if not (name == "loss" and diverged)
    )


def _optimiser_fault(found: object, parameters: list[Tensor]) -> str:
    """Say whether the momenta are those of the parameters; one that no gradient ever reached has none."""
    if not isinstance(found, dict) or not set(found) <= set(range(len(parameters))):
        return "its optimiser has other parts"
    for number, momenta in found.items():
        if not isinstance(momenta, dict) or set(momenta) != {"momentum_buffer"}:
            return "its optimiser is another one"
        buffer = momenta["momentum_buffer"]
        if buffer is not None and not is_like(buffer, parameters[number]):
            return "its optimiser has momenta of other shapes or types"
    return ""


def _refused(path: Path, reason: str) -> TegnasError:
    return TegnasError(
        f"{path} is damaged or no checkpoint of this training ({reason}); nothing was changed: "
        "move it away to train anew"
    )
