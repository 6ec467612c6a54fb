"""Tables 2 and 5 as experiments: every row of them over many seeds, as one table of outcomes.

Each row is a request. Draws follow from method and seed, not from the reward (`run.run_search`), so two rows of
one method are compared seed by seed.
"""

import contextlib
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import pandas as pd
from pydantic import ValidationError

from tegnas_core.errors import TegnasError
from tegnas_study.experiments.choices import DATASETS
from tegnas_study.experiments.files import read_histories
from tegnas_study.experiments.request import SearchRequest, make_request
from tegnas_study.sweep.pool import pool_answers
from tegnas_study.tables.study_rows import (
    LIVE,
    ROW,
    SEARCHED,
    TEG_PARTS,
    StudyRow,
    ValueSource,
    columns_of,
)

if TYPE_CHECKING:
    from tegnas_study.data.benchmark import Benchmark

Rows = list[dict[str, object]]

GUIDED = SEARCHED[:3]  # the paper's three, each with and without TEG
BUDGETS = (25, 100, 500, 1256)  # evaluations of random search; 1,256 is evolution's

_CHUNK = 25  # seeds a worker takes at once


class Task(NamedTuple):
    """What a worker does at once.

    Attributes:
        number: The place of the request among those of the study.
        seeds: The seeds to search with.
    """

    number: int
    seeds: tuple[int, ...]


def table_2() -> tuple[SearchRequest, ...]:
    """Return the rows of Table 2 that can be looked up, and those that it lacks.

    With TEG: every method, in the presets that differ. Without: the accuracy after one epoch, as in the paper. As
    ceilings: the accuracy itself, on each data set. As controls: the number of parameters, random search with the
    same numbers of evaluations, local search, and NASWOT.
    """
    return (
        *(_request(method) for method in (*GUIDED, "local", "te-nas")),
        _request("te-nas", reward="kappa+regions"),  # TE-NAS itself
        *(_request(method, reward="accuracy-1-epoch") for method in SEARCHED),
        _request("reinforce", preset="released", reward="accuracy-1-epoch"),  # as the paper hands it an accuracy
        *(
            _request(method, preset=p)
            for method, p in product(GUIDED, ("paper", "released"))
            if _differs(method, p)
        ),
        *(_request("random", steps=n) for n in BUDGETS),
        _request("random", reward="accuracy-1-epoch", steps=BUDGETS[-1]),
        *(_request("naswot", steps=n) for n in (BUDGETS[0], BUDGETS[2])),
        *(_request(method, reward="naswot") for method in GUIDED),
        *(_request(method, reward="params") for method in SEARCHED),
        *(_request(m, reward="accuracy", dataset=d) for m, d in product(SEARCHED, DATASETS)),
        _request("reinforce", preset="released", reward="accuracy"),
    )


def table_5() -> tuple[SearchRequest, ...]:
    """Return the rows of Table 5 that are not rows of Table 2: REINFORCE and random search by parts of TEG."""
    return tuple(_request(method, reward=word) for method, word in product(("reinforce", "random"), TEG_PARTS))


def other_draws() -> tuple[SearchRequest, ...]:
    """Return searches on other draws of weights and images: each repeat alone, and other averages of several.

    A hundred seeds on one table say how much the search's own chance matters, and nothing about the table's.
    """
    from tegnas_study.tables.atlases import atlas_coverage, seed_tables

    repeats = {name: atlas_coverage(name).complete for name in seed_tables()}
    averages = [name for name in list(repeats)[1:] if repeats[name] > 1]
    singles = [(name, draw) for name, n_repeats in repeats.items() for draw in range(n_repeats)]
    return (
        *(_request(method, atlas=name) for method, name in product(SEARCHED, averages)),
        *(_request(method, atlas=name, draw=draw) for method, (name, draw) in product(SEARCHED, singles)),
    )


def parts_on_draws() -> tuple[SearchRequest, ...]:
    """Return REINFORCE by parts of TEG on the first repeat of each table: a draw of weights and of the batch."""
    from tegnas_study.tables.atlases import seed_tables

    words = product(TEG_PARTS, seed_tables())
    return tuple(_request("reinforce", reward=word, atlas=name, draw=0) for word, name in words)


def _request(method: str, **changes: object) -> SearchRequest:
    return make_request(method, **({"steps": 500} | changes if method == "random" else changes))


def _differs(method: str, preset: str) -> bool:
    return (method, preset) != ("fp-nas", "released")  # no code was released: it is the paper's


def row_of(request: SearchRequest) -> StudyRow:
    """Return the row of a table to which the searches of a request belong."""
    return StudyRow(
        method=request.method,
        preset=request.preset,
        reward=request.reward,
        dataset=request.dataset if request.choice.origin == "accuracy" else "",
        budget=request.steps or 0,
        source=LIVE if request.source == "live" else ValueSource(request.atlas, request.draw),
    )


def answerable(requests: Iterable[SearchRequest], benchmark: "Benchmark") -> tuple[SearchRequest, ...]:
    """Return the requests whose rewards can be looked up: a fresh machine lacks some accuracies."""

    def can(request: SearchRequest) -> bool:
        choice = request.choice
        if choice.origin != "accuracy":
            return True
        try:
            benchmark.accuracy(request.dataset, "test", epochs=choice.epochs)
        except TegnasError:
            return False
        return True

    return tuple(request for request in requests if can(request))


def seeds_of(request: SearchRequest, n_seeds: int) -> range:
    """Return the seeds of a row: one where nothing is drawn, as in pruning a supernet that is looked up."""
    return range(1 if request.method == "te-nas" and request.source == "atlas" else n_seeds)


def search_rows(request: SearchRequest, seeds: Iterable[int]) -> Rows:
    """Search once a seed; return its outcomes, with the columns `ROW` and the last entropy (nats)."""
    from tegnas_study.experiments.outcome import outcome
    from tegnas_study.experiments.run import run_search

    rows = []
    for seed in seeds:
        history = run_search(request, seed=seed)
        found = outcome(history, seed=seed)
        rows.append({**columns_of(row_of(request)), **_but_method(found), "entropy": history.visits[-1].entropy})
    return rows


def live_rows(path: Path) -> Rows:
    """Return the searches of a file of histories as rows of a study: networks were really evaluated for them.

    Raises:
        TegnasError: When the file is damaged, is none of `tegnas search`, or its values were looked up.
    """
    file = read_histories(path)
    try:
        request = SearchRequest.model_validate(file.provenance["request"])
    except ValidationError:
        raise TegnasError(f"{path} holds no search that a study knows, such as one by shared weights") from None
    if request.is_looked_up:
        raise TegnasError(f"the values of {path} were looked up; --live takes searches by --source live")
    last = file.histories.groupby("seed")["entropy"].last()
    return [
        {**columns_of(row_of(request)), **_but_method(row), "entropy": float(last.get(row["seed"], math.nan))}
        for row in file.outcomes.to_dict("records")
    ]


def _but_method(found: dict[str, object]) -> dict[str, object]:
    """Return an outcome without its method, which the request knows better: NASWOT is a random search."""
    return {key: value for key, value in found.items() if key != "method"}


def run_study(
    requests: Sequence[SearchRequest],
    *,
    n_seeds: int,
    known: pd.DataFrame | None = None,
    workers: int = 1,
    on_rows: Callable[[pd.DataFrame], None] = lambda table: None,
    on_done: Callable[[int], None] = lambda n_searches: None,
) -> pd.DataFrame:
    """Run every request with every seed and return one row a search.

    Args:
        requests: The rows of the study, such as `table_2` returns them.
        n_seeds: How many seeds each request gets: 0, 1, … or a single one where nothing is drawn.
        known: Rows of an earlier call; they are kept and not run again.
        workers: The number of processes.
        on_rows: Called with the whole table whenever a request's rows have grown.
        on_done: Called with a number of searches when they are done.

    Returns:
        The columns `ROW`, those of `outcome.outcome`, and the entropy, sorted by request and seed.

    Raises:
        TegnasError: When what a request asks for is not there, or a search killed its worker process twice.
    """
    rows: Rows = [] if known is None else known.to_dict("records")
    table = _sorted(rows, requests)
    for found in _searched(requests, list(_missing(requests, n_seeds, table)), workers):
        rows += found
        table = _sorted(rows, requests)
        on_rows(table)
        on_done(len(found))
    return table


def _missing(requests: Sequence[SearchRequest], n_seeds: int, table: pd.DataFrame) -> Iterator[Task]:
    done = set(table[[*ROW, "seed"]].itertuples(index=False, name=None)) if len(table) else set()
    for number, request in enumerate(requests):
        key = tuple(columns_of(row_of(request)).values())
        wanted = tuple(seed for seed in seeds_of(request, n_seeds) if (*key, seed) not in done)
        for start in range(0, len(wanted), _CHUNK):
            yield Task(number, wanted[start : start + _CHUNK])


def _searched(requests: Sequence[SearchRequest], tasks: list[Task], workers: int) -> Iterator[Rows]:
    """Yield the rows of each task as it is done."""
    if workers == 1:
        yield from (_search_task(requests, task) for task in tasks)
        return
    work = partial(partial, _search_task, requests)  # in a worker, what it returns takes a task
    found = pool_answers([(task,) for task in tasks], work, workers=workers, give_up=partial(_give_up, requests))
    with contextlib.closing(found):
        for answers in found:
            yield from answers


def _search_task(requests: Sequence[SearchRequest], task: Task) -> Rows:
    return search_rows(requests[task.number], task.seeds)


def _give_up(requests: Sequence[SearchRequest], task: Task, cause: str) -> NoReturn:
    request = requests[task.number]
    raise TegnasError(
        f"{request.method} with reward {request.reward}, seeds {task.seeds[0]} to {task.seeds[-1]}: {cause}; what "
        "ended before is in the file: run the same command again, with fewer --workers if memory is short"
    )


def _sorted(rows: Rows, requests: Sequence[SearchRequest]) -> pd.DataFrame:
    """Return the rows by request and seed, those of other requests last: whoever came first does not matter."""
    order = {tuple(columns_of(row_of(request)).values()): number for number, request in enumerate(requests)}

    def place(row: dict[str, object]) -> tuple:
        key = tuple(row[column] for column in ROW)
        return (order.get(key, len(order)), *map(str, key), row["seed"])

    return pd.DataFrame(sorted(rows, key=place))
