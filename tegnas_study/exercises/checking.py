"""Find an exercise by its label and check an answer."""

import difflib
import importlib
import pkgutil
from functools import cache
from pathlib import Path

import yaml
from pydantic import ValidationError

from tegnas_core.errors import TegnasError, quoted
from tegnas_study.exercises import hidden
from tegnas_study.exercises.replies import Reply
from tegnas_study.exercises.sealed import Sealed
from tegnas_study.exercises.tasks import FromPage, Task, WriteFunction
from tegnas_study.exercises.values import plain
from tegnas_study.paths import REPOSITORY

FOLDER = REPOSITORY / "notebooks" / "exercises"


def check(key: str, answer: object, **page: object) -> Reply:
    """Return one friendly line that says whether a reader's answer is right, and never what is right.

    Args:
        key: The exercise's label, such as "ex-scale".
        answer: What the reader wrote: a value or a function; None or ``...`` when there is no answer yet.
        page: What the answer depends on, for exercises that ask about what the page has computed.

    Raises:
        TegnasError: When there is no such exercise.

    >>> check("ex-lines", None)
    Not tried yet: put your answer in place of None and run the cell again.
    """
    sealed = sealed_answers().get(key)
    if sealed is not None:
        return sealed.reply(key, answer)
    task = hidden_tasks().get(key)
    if task is None:
        near = difflib.get_close_matches(str(key), known_exercises(), n=1)
        raise TegnasError(f"there is no exercise {quoted(key)}{f'; did you mean {near[0]!r}?' if near else ''}")
    return task.reply(answer) if isinstance(task, WriteFunction) else task.reply(answer, **page)


def solution_of(key: str, **page: object) -> object:
    """Return the right answer of an exercise about what the page has computed, for the text of its solution.

    Raises:
        TegnasError: When this is not such an exercise: a sealed answer cannot be read.
    """
    task = hidden_tasks().get(key)
    if not isinstance(task, FromPage):
        raise TegnasError(f"{quoted(key)} is not an exercise about a page, so nobody can tell its answer")
    return plain(task.truth(**page))


def known_exercises() -> list[str]:
    """Return the labels of all exercises that can be checked."""
    return sorted({*sealed_answers(), *hidden_tasks()})


@cache
def sealed_answers(folder: Path = FOLDER) -> dict[str, Sealed]:
    """Return every sealed answer by its label.

    Raises:
        TegnasError: When a file is damaged or two files hold the same label.
    """
    found: dict[str, Sealed] = {}
    for path in sorted(folder.glob("*.yml")):
        for key, sealed in read_sealed(path).items():
            if key in found:
                raise TegnasError(f"{path.name} seals {key}, which another chapter has sealed already")
            found[key] = sealed
    return found


def read_sealed(path: Path) -> dict[str, Sealed]:
    """Return the sealed answers of one file.

    Raises:
        TegnasError: When the file is not a mapping of labels to sealed answers.
    """
    try:
        lines = yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader)) or {}
        if not isinstance(lines, dict):
            raise TegnasError(f"{path.name} must map labels of exercises to sealed answers")
        return {str(key): Sealed.model_validate(line) for key, line in lines.items()}
    except yaml.YAMLError as error:
        raise TegnasError(f"{path.name} is not YAML: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise TegnasError(f"{path.name} holds a damaged answer: {where}: {first['msg']}") from None


@cache
def hidden_tasks() -> dict[str, Task]:
    """Return every task of the modules in `hidden` by its label."""
    found: dict[str, Task] = {}
    for module in pkgutil.iter_modules(hidden.__path__):
        tasks = importlib.import_module(f"{hidden.__name__}.{module.name}").TASKS
        repeated = sorted(found.keys() & tasks)
        if repeated:
            raise TegnasError(f"{module.name} tests {repeated[0]}, which another module tests already")
        found.update(tasks)
    return found
