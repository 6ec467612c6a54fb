"""Which architectures: the value of ``--architectures``."""

from collections.abc import Hashable, Iterable
from pathlib import Path

from tegnas_core.errors import TegnasError
from tegnas_core.spaces import NASBench201, SearchSpace
from tegnas_core.spaces.structure import Level
from tegnas_study.sweep.rows import Task

LARGEST_SAMPLE = 100_000  # more are listed in a file
LARGEST_LIST = 64 * 2**20  # characters of such a file; a line has some hundreds


def select_architectures(
    text: str, space: SearchSpace, *, seed: int, equivalence: Level = "shared-weights"
) -> tuple[str, ...]:
    """Return architecture strings, each once.

    Args:
        text: ``all``; ``canonical``, the representative of each class of equal cells; a number N, a random
            sample; or the name of a text file with one string a line, where # begins a comment. The first two
            are of NAS-Bench-201 only.
        space: The search space that they come from.
        seed: The seed of the random sample; a smaller sample is a prefix of a larger one.
        equivalence: The level of the classes that ``canonical`` means, that of the settings.

    Raises:
        TegnasError: When the text is none of these, or a line of the file is no architecture of the space.
    """
    if text in ("all", "canonical") and not isinstance(space, NASBench201):
        raise TegnasError(f"--architectures {text} belongs to --space nas-bench-201; give a number or a text file")
    if text == "all":
        return tuple(map(str, space.all()))
    if text == "canonical":
        return tuple(map(str, space.classes(equivalence)))
    if text.removeprefix("-").isdecimal():
        return tuple(map(str, space.sample_many(_positive(text), seed=seed)))
    return tuple(dict.fromkeys(map(str, _from_file(Path(text), space))))


def make_tasks(architectures: Iterable[str], *, repeats: int) -> list[Task]:
    """Return the tasks (architecture, 0) … (architecture, repeats − 1) of every architecture.

    Raises:
        TegnasError: When there is not at least one repeat.
    """
    if repeats < 1:
        raise TegnasError(f"--repeats must be at least 1, got {repeats}")
    return [(architecture, repeat) for architecture in architectures for repeat in range(repeats)]


def _positive(text: str) -> int:
    digits = text.removeprefix("-").lstrip("0")
    if len(digits) > len(str(LARGEST_SAMPLE)) or int(text) > LARGEST_SAMPLE:  # int() refuses thousands of digits
        raise TegnasError(
            f"--architectures samples at most {LARGEST_SAMPLE:,}, got a number of {len(digits)} digits"
        )
    if int(text) < 1:
        raise TegnasError(f"--architectures must be at least 1, got {text}")
    return int(text)


def _from_file(path: Path, space: SearchSpace) -> list[Hashable]:
    found, lines = [], _lines(path)
    for number, line in enumerate(lines, start=1):
        entry = line.partition("#")[0].strip()
        if entry:
            try:
                found.append(space.parse(entry))
            except TegnasError as error:
                raise TegnasError(f"{path}, line {number}: {error}") from None
    if not found:
        raise TegnasError(f"{path} names no architecture; it should hold one string a line")
    return found


def _lines(path: Path) -> list[str]:
    """Return the lines of a text file; a device or a pipe, which may never end, is not opened."""
    try:
        if path.exists() and not path.is_file():
            raise ValueError("it is no regular file")
        with path.open(encoding="utf-8-sig") as file:
            text = file.read(LARGEST_LIST + 1)
        if len(text) > LARGEST_LIST:
            raise ValueError(f"it has more than {LARGEST_LIST:,} characters")
    except (OSError, ValueError) as error:
        raise TegnasError(
            f"--architectures {path} is neither all, canonical, a number nor a readable text file ({error})"
        ) from None
    return text.splitlines()
