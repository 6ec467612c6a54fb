"""What a row is: the key that names it, the results it must hold, and how a table of rows is built."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import pyarrow as pa

from tegnas_core.errors import TegnasError
from tegnas_study.storage.journal import Entry

KEY = ("architecture", "space", "settings", "images", "seed", "repeat")
KEY_TYPES = dict.fromkeys(KEY, "TEXT") | {"seed": "INTEGER", "repeat": "INTEGER"}  # in the journal

_TYPES = {"seed": pa.int64(), "repeat": pa.int64()} | dict.fromkeys(
    ("architecture", "space", "settings", "images", "status"), pa.string()
)

Task = tuple[str, int]
Chunk = tuple[str, tuple[int, ...]]
Row = dict[str, object]
Evaluate = Callable[[str, int], Mapping[str, object]]
Results = Mapping[str, float]  # the numbers that every row of a sweep holds → their values in a failed row

TEG: Results = {"condition_number": math.inf, "linear_regions": math.nan, "regression_error": math.inf}


def named_columns(results: Results) -> tuple[str, ...]:
    """Return the columns that every row of a sweep has, in the order of the table: key, results, how it went."""
    return (*KEY, *results, "status", "seconds")


@dataclass(frozen=True)
class Sweep:
    """What all rows of one sweep share; rows of other sweeps may live in the same file.

    Attributes:
        space: Name of the search space.
        settings: Name and hash of the indicator settings, as in ``teg:1a2b3c4d``.
        images: Name of the image source.
        seed: The seed that everything random follows from; −2⁶³ ≤ seed < 2⁶³.
        details: The whole settings, JSON values by name, kept in the file's metadata. An entry ``images_digest``
            tells image sources of one name apart: a file takes one of them only.
        results: What every row holds besides key, status and seconds.

    Raises:
        TegnasError: When the seed does not fit into 64 bits.
    """

    space: str
    settings: str
    images: str
    seed: int
    details: Mapping[str, object] = field(default_factory=dict, compare=False)
    results: Results = field(default_factory=lambda: TEG, compare=False)

    def __post_init__(self) -> None:
        if not -(2**63) <= self.seed < 2**63:
            raise TegnasError(f"the seed must fit into 64 bits, got {self.seed}")

    def key(self, task: Task) -> tuple:
        """Return the key of a task's row, in the order of `KEY`."""
        architecture, repeat = task
        return (architecture, self.space, self.settings, self.images, self.seed, repeat)

    def entry(self, outcome: "Outcome") -> Entry:
        """Return the outcome of a task as it is kept in the journal."""
        return Entry(self.key(outcome.task), outcome.result, outcome.message)

    def complete(self, outcome: "Outcome") -> "Outcome":
        """Return the outcome of an evaluation with all results; one that failed or lacks any is a failed row."""
        missing = [name for name in (*self.results, "status", "seconds") if name not in outcome.result]
        if outcome.message:
            return replace(outcome, result={**self.results, **outcome.result})
        if not missing:
            return outcome
        failure = failed(outcome.task, f"the evaluator returned no {', '.join(missing)}")
        return replace(failure, result={**self.results, **failure.result})


@dataclass(frozen=True)
class Outcome:
    """What became of one task: its results by column name, and why it failed if it did."""

    task: Task
    result: Mapping[str, float | str]
    message: str = ""


def checked_result(values: Mapping[str, object]) -> dict[str, float | str]:
    """Return an evaluator's answer as plain floats and a status, without the columns of the key.

    Raises:
        ValueError: When something but the status is no number.
    """
    return {
        name: str(value) if name == "status" else float(value) for name, value in values.items() if name not in KEY
    }


def failed(task: Task, message: str, *, seconds: float = math.nan) -> Outcome:
    """Return the outcome of a task that raised or died; `Sweep.complete` knows what else its row holds."""
    return Outcome(task, {"status": "error", "seconds": seconds}, message)


def in_chunks(tasks: Iterable[Task]) -> list[Chunk]:
    """Group tasks by architecture, in order of appearance: one worker does all repeats and may cache."""
    repeats: dict[str, list[int]] = {}
    for architecture, repeat in tasks:
        repeats.setdefault(architecture, []).append(repeat)
    return [(architecture, tuple(numbers)) for architecture, numbers in repeats.items()]


def column_type(name: str) -> pa.DataType:
    """Return the type of a column; every column beyond the named ones holds 64-bit floats."""
    return _TYPES.get(name, pa.float64())


def row_of_entry(entry: Entry) -> Row:
    """Return an entry of the journal as a dictionary of the columns of a table."""
    return dict(zip(KEY, entry.key, strict=True)) | entry.values


def make_table(rows: list[Row], results: Results = TEG) -> pa.Table:
    """Return rows as a table: the named columns, then what else they hold, by name; nan where a row lacks it."""
    named = named_columns(results)
    extra = sorted({name for row in rows for name in row}.difference(named))
    columns = {
        name: pa.array([row.get(name, math.nan) for row in rows], type=column_type(name))
        for name in (*named, *extra)
    }
    return pa.table(columns)


def table_keys(table: pa.Table) -> list[tuple]:
    """Return the key of every row."""
    return list(zip(*(table.column(name).to_pylist() for name in KEY), strict=True))


def merge_tables(old: pa.Table, new: pa.Table, results: Results = TEG) -> pa.Table:
    """Return the rows of both in order of the key; where both have a key the new row stays."""
    named = named_columns(results)
    replaced = set(table_keys(new))
    rest = old.filter(pa.array([key not in replaced for key in table_keys(old)], type=pa.bool_()))
    merged = pa.concat_tables([rest, new], promote_options="default").combine_chunks()
    extra = sorted(set(merged.column_names).difference(named))
    for name in extra:  # a column that one side lacks arrives as null
        filled = merged.column(name).fill_null(math.nan)
        merged = merged.set_column(merged.column_names.index(name), name, filled)
    return merged.select([*named, *extra]).sort_by([(name, "ascending") for name in KEY])
