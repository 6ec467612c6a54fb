"""A search that stands finished in its file is not run again, and a file of anything else is never replaced."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import BaseModel, ValidationError

from tegnas_study.experiments.files import read_histories
from tegnas_study.storage.provenance_table import KEEP, require_same


def finished_search(path: Path, request: BaseModel, seeds: Iterable[int]) -> list[dict[str, object]] | None:
    """Return the outcomes of a search that the file holds already, or None when there is no such file.

    Args:
        path: Where the search is going to be written; the caller holds its lock.
        request: What is asked for, a `SearchRequest` or a `SharingRequest`.
        seeds: The seeds that are asked for.

    Raises:
        TegnasError: When the file is anything else than the record of this very search.
    """
    if not path.exists():
        return None
    file = read_histories(path, advice=KEEP)
    require_this_search(path, file.provenance, request, file.outcomes["seed"], seeds)
    return file.outcomes.to_dict("records")


def require_this_search(
    path: Path,
    made: Mapping[str, object],
    request: BaseModel,
    seeds_made: Iterable[int],
    seeds: Iterable[int],
    plan: Mapping[str, object] | None = None,
) -> None:
    """Check that a file is the record of a request with these seeds.

    Args:
        path: The file.
        made: Its provenance, with ``request``, and ``plan`` if one is asked for.
        request: What is asked for.
        seeds_made: The seeds of the file; one may occur many times.
        seeds: The seeds that are asked for.
        plan: Of spawning, as the file would hold it.

    Raises:
        TegnasError: When it is the record of another search; the line names the first difference.
    """
    plan = dict(plan or {})
    told = made.get("plan") if plan else {}
    recorded = {**_request_of(made["request"], request), **(told if isinstance(told, dict) else {})}
    recorded["seeds"] = _in_words(seeds_made)
    wanted = {**request.model_dump(), **plan, "seeds": _in_words(seeds)}
    short = [name for name in wanted if name != "settings"]
    require_same(path, recorded, wanted, short, with_values=True)
    require_same(path, recorded, wanted, [name for name in wanted if name == "settings"])


def _request_of(recorded: object, request: BaseModel) -> dict[str, object]:
    """Return a file's request; what an older file does not say has its default."""
    try:
        return type(request).model_validate(recorded).model_dump()
    except ValidationError:
        return dict(recorded) if isinstance(recorded, dict) else {}


def _in_words(seeds: Iterable[int]) -> str:
    """Return seeds in a text that is the same for the same seeds only.

    >>> _in_words([2, 1, 1, 3]), _in_words([5]), _in_words([1, 7])
    ('1 to 3', '5', '1, 7')
    """
    found = sorted({int(seed) for seed in seeds})
    if len(found) > 1 and found[-1] - found[0] == len(found) - 1:
        return f"{found[0]} to {found[-1]}"
    return ", ".join(map(str, found))
