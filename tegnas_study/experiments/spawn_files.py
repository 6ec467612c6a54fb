"""Spawned searches in a file: Parquet, one row a visit, with the request and the plan beside the rows."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from pydantic import ValidationError

from tegnas_core.errors import TegnasError
from tegnas_core.spaces.by_name import SPACES
from tegnas_study.experiments.files import read_histories
from tegnas_study.experiments.finished import require_this_search
from tegnas_study.experiments.memory import Visit
from tegnas_study.experiments.request import SearchRequest
from tegnas_study.experiments.run import text_of
from tegnas_study.experiments.spawning import SpawnPlan
from tegnas_study.storage.provenance_table import KEEP, read_with_provenance, write_with_provenance

_KIND = "tegnas-spawn"
_COLUMNS = ("seed", "at", "part", "number", "step", "architecture", "reward", "entropy", "seconds", "mean")


class SpawnFile(NamedTuple):
    """What a file of spawned searches holds.

    Attributes:
        table: As `spawning.spawn` returns it, all seeds.
        provenance: The request, the plan, command, date, versions and hardware.
    """

    table: pd.DataFrame
    provenance: Mapping[str, object]


def header(request: SearchRequest, plan: SpawnPlan) -> dict[str, object]:
    """Return what a file and its journal follow from."""
    facts = {"at": list(plan.at), "orders": plan.orders, "visits": plan.visits}
    return {"request": request.model_dump(), "plan": facts}


def write_spawned(
    path: Path, request: SearchRequest, plan: SpawnPlan, table: pd.DataFrame, *, command: str, device: str = "cpu"
) -> None:
    """Write spawned searches; the file appears complete or not at all.

    Raises:
        TegnasError: When the file cannot be written.
    """
    facts = {**header(request, plan), "command": command, "device": device}
    write_with_provenance(path, table, facts, kind=_KIND)


def read_spawned(path: Path, *, advice: str = "") -> SpawnFile:
    """Read what `write_spawned` wrote; the file is not trusted.

    Args:
        path: The file.
        advice: What to do with a file of another kind, for the message (see `read_with_provenance`).

    Raises:
        TegnasError: When the file is missing, damaged, or holds no spawned searches.
    """
    return SpawnFile(
        *read_with_provenance(
            path, _COLUMNS, ("request", "plan"), kind=_KIND, command="tegnas spawn", advice=advice
        )
    )


def finished_spawning(
    path: Path, request: SearchRequest, plan: SpawnPlan, seeds: Iterable[int]
) -> pd.DataFrame | None:
    """Return the spawned searches that the file holds already, or None when there is no such file.

    Args:
        path: Where they are going to be written; the caller holds its lock.
        request: What is asked for.
        plan: Where it is spawned.
        seeds: The seeds that are asked for.

    Raises:
        TegnasError: When the file is anything else than the record of this very command.
    """
    if not path.exists():
        return None
    table, made = read_spawned(path, advice=KEEP)
    require_this_search(path, made, request, table["seed"], seeds, header(request, plan)["plan"])
    return table


def read_parents(paths: Iterable[Path]) -> pd.DataFrame:
    """Return the tables of several files, one below the other, by seed.

    Raises:
        TegnasError: When there is no file, or one of them holds no spawned searches.
    """
    tables = [read_spawned(path).table for path in sorted(paths)]
    if not tables:
        raise TegnasError("there is no record of a spawned search; make one with tegnas spawn")
    return pd.concat(tables, ignore_index=True).sort_values("seed", kind="stable", ignore_index=True)


def recorded_values(path: Path, request: SearchRequest) -> dict[Visit, dict[str, float]]:
    """Return the values of a recorded search by seed and text, so that a parent need not be evaluated twice.

    Raises:
        TegnasError: When the file is none of `tegnas search`, or of another search.
    """
    file = read_histories(path)
    if not _same(file.provenance["request"], request):
        raise TegnasError(f"{path} is the record of another search; its values are not this one's")
    names = [objective.name for objective in request.choice.objectives]
    parse = SPACES[request.space]().parse
    rows = file.histories.drop_duplicates(["seed", "architecture"])
    keys = [(int(s), text_of(parse(a))) for s, a in zip(rows["seed"], rows["architecture"], strict=True)]
    return dict(zip(keys, rows[[*names, "seconds"]].to_dict("records"), strict=True))


def _same(recorded: object, request: SearchRequest) -> bool:
    """Say whether a file was made by this request; what an older file does not say has its default."""
    try:
        return SearchRequest.model_validate(recorded) == request
    except ValidationError:
        return False
