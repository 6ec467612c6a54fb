"""One request with several seeds: every finished evaluation is safe in a file, and the histories at the end."""

import contextlib
from collections.abc import Callable, Iterable
from pathlib import Path

from tegnas_study.experiments.files import write_histories
from tegnas_study.experiments.finished import finished_search
from tegnas_study.experiments.memory import Memory, forget_left_over
from tegnas_study.experiments.outcome import outcome
from tegnas_study.experiments.request import SearchRequest
from tegnas_study.experiments.run import run_search
from tegnas_study.storage.lock import writer_lock


def run_searches(
    request: SearchRequest,
    seeds: Iterable[int],
    *,
    out: Path | None = None,
    resume: bool = False,
    command: str = "",
    device: str = "cpu",
    on_seed: Callable[[int], None] = lambda seed: None,
    on_step: Callable[[int], None] = lambda n_evaluations: None,
    on_finished: Callable[[], None] = lambda: None,
) -> list[dict[str, object]]:
    """Search once with every seed and return the outcomes, one row per seed (see `outcome.outcome`).

    Args:
        request: Everything that the histories follow from, apart from the seeds.
        seeds: One search each.
        out: The Parquet file for the histories; None writes nothing. When it holds this very search already, its
            outcomes are returned and nothing is changed. After a crash, a kill or an interruption the
            finished evaluations lie in a journal beside it.
        resume: Whether to go on with such a journal.
        command: The command that is noted in the file.
        device: The device that networks run on.
        on_seed: Called with each seed when its search begins.
        on_step: Called after each step with the number of its evaluations.
        on_finished: Called once, instead of the other two, when the file holds this very search already.

    Raises:
        TegnasError: When what the request asks for is not there, the output holds anything but this very search,
            cannot be written or is being written, or `resume` does not fit what lies beside it. A search that
            fails before its first evaluation leaves nothing behind.
    """
    seeds = list(seeds)
    with contextlib.ExitStack() as stack:
        path = None if out is None else stack.enter_context(writer_lock(out))
        if path is not None and (done := finished_search(path, request, seeds)) is not None:
            forget_left_over(path, request.model_dump(), seeds)
            on_finished()
            return done
        memory = stack.enter_context(Memory(path, request.model_dump(), resume=resume))
        histories = {}
        for seed in seeds:
            on_seed(seed)
            histories[seed] = run_search(request, seed=seed, device=device, memory=memory, on_step=on_step)
        rows = [outcome(history, seed=seed) for seed, history in histories.items()]
        if path is not None:
            write_histories(path, request, histories, rows, command=command, device=device)
            memory.forget_file()
    return rows
