"""Searches that train a supernet, behind the contract of the others: a request and seeds in, histories out.

An epoch is a step, and the cell that the method names after it is what the step visits. After an interruption the
last whole epoch of each seed lies in a checkpoint beside the output.
"""

import contextlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tegnas_core.errors import TegnasError
from tegnas_core.search import Objective, SearchHistory, Visit
from tegnas_core.spaces import NASBench201
from tegnas_study.data.images import load_images
from tegnas_study.experiments.files import write_histories
from tegnas_study.experiments.finished import finished_search
from tegnas_study.experiments.outcome import outcome
from tegnas_study.storage.lock import writer_lock
from tegnas_study.weight_sharing.checkpoint import checkpoint_path, read_checkpoint
from tegnas_study.weight_sharing.run import SharingRun, Trained, train_supernet
from tegnas_study.weight_sharing.sizes import REWARD, SharingName, SizeName, sharing_size

_OBJECTIVE = Objective("accuracy", True)  # percent, of a path of the supernet


class SharingRequest(BaseModel):
    """A search by weight sharing without its seed.

    Raises:
        pydantic.ValidationError: When a field is unknown or has a value that is not allowed.
            `make_sharing_request` turns it into one line.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: SharingName = Field(description="search method")
    size: SizeName = Field("reduced", description="size of the supernet and of its training")
    images: str = Field("synthetic", description="image source")
    steps: int | None = Field(None, ge=1, description="epochs; None takes the size's")
    space: str = Field("nas-bench-201", pattern="^nas-bench-201$", description="search space")
    reward: str = Field(REWARD, pattern=f"^{REWARD}$", description="what is optimised")
    source: str = Field("live", pattern="^live$", description="networks are trained")

    @property
    def n_epochs(self) -> int:
        """The number of epochs."""
        return self.steps or sharing_size(self.size).epochs[self.method]


def make_sharing_request(method: str, **changes: object) -> SharingRequest:
    """Return a request; what is None keeps its default.

    Raises:
        TegnasError: When something is unknown, or another space or reward is asked for.
    """
    if changes.get("space") == "darts":
        raise TegnasError("supernets with shared weights are those of nas-bench-201; leave out --space darts")
    if changes.get("reward") not in (None, REWARD):
        raise TegnasError(f"{method} is rewarded by shared weights only; leave out --reward")
    given: dict[str, Any] = {key: value for key, value in changes.items() if value is not None}
    try:
        return SharingRequest(method=method, **given)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise TegnasError(f"{where} of the search is wrong: {first['msg']}") from None


def run_sharing_searches(
    request: SharingRequest,
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
    """Train a supernet with every seed and return the outcomes, one row per seed (see `outcome.outcome`).

    Args:
        request: Everything that the histories follow from, apart from the seeds.
        seeds: One training each.
        out: The Parquet file for the histories; None writes nothing. When it holds this very search already, its
            outcomes are returned and nothing is changed.
        resume: Whether to go on with the checkpoints beside the output.
        command: The command that is noted in the file.
        device: The device that the supernet lies on.
        on_seed: Called with each seed when its training begins.
        on_step: Called after each epoch with 1.
        on_finished: Called once, instead of the other two, when the file holds this very search already.

    Raises:
        TegnasError: When the images are not there, the output holds anything but this very search, cannot be
            written or is being written, or `resume` does not fit what lies beside it.
    """
    images, seeds = load_images(request.images), list(seeds)
    with contextlib.ExitStack() as stack:
        path = None if out is None else stack.enter_context(writer_lock(out))
        places = {seed: path and checkpoint_path(path, request.method, seed) for seed in seeds}
        if path is not None and (done := finished_search(path, request, seeds)) is not None:
            for seed, place in places.items():
                _forget_left_over(place, _run_of(request, seed).facts(images))
            on_finished()
            return done
        _check_places([place for place in places.values() if place], path, resume=resume)
        histories = {}
        for seed in seeds:
            on_seed(seed)
            trained = train_supernet(
                _run_of(request, seed),
                images,
                device=device,
                checkpoint=places[seed],
                resume=resume,
                on_epoch=lambda number: on_step(1),
            )
            histories[seed] = history_of(request, trained)
        rows = [outcome(history, seed=seed) for seed, history in histories.items()]
        if path is not None:
            write_histories(path, request, histories, rows, command=command, device=device)
            for place in places.values():
                place.unlink(missing_ok=True)
    return rows


def history_of(request: SharingRequest, trained: Trained) -> SearchHistory:
    """Return a training as the history of a search: one visit an epoch, of the cell that the method names then."""
    space = NASBench201()
    visits = tuple(
        Visit(
            step=row["epoch"] - 1,
            architecture=space.parse(row["architecture"]),
            values={"accuracy": row["accuracy"], "loss": row["loss"], "status": "ok"},
            reward=float("nan"),
            entropy=row["entropy"],
            diversity=float("nan"),
            seconds=row["seconds"],
        )
        for row in trained.epochs
    )
    return SearchHistory(request.method, (_OBJECTIVE,), visits, visits[-1].architecture, "all epochs trained")


def _run_of(request: SharingRequest, seed: int) -> SharingRun:
    return SharingRun(request.method, request.size, seed, request.steps)


def _forget_left_over(place: Path, run: Mapping[str, object]) -> None:
    """Remove the checkpoint of a run whose result is written; one that is of another run stays."""
    with contextlib.suppress(TegnasError):  # there is none, or it is of another run
        read_checkpoint(place, run)
        place.unlink()


def _check_places(places: list[Path], output: Path | None, *, resume: bool) -> None:
    there = [place for place in places if place.exists()]
    if resume and not there:
        raise TegnasError(f"there is no unfinished search beside {output}; to start one leave out --resume")
    if there and not resume:
        raise TegnasError(f"{there[0]} is an unfinished search; go on with it by --resume, or remove the file")
