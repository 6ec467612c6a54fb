"""One training from the first epoch or the last checkpoint to the end, with what it writes into its folder."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from tegnas_core.data.source import ImageSource
from tegnas_core.errors import TegnasError
from tegnas_study.storage.atomic import replacing
from tegnas_study.storage.lock import writer_lock
from tegnas_study.storage.provenance import hardware, versions
from tegnas_study.training import checkpoints
from tegnas_study.training.choices import CHECKPOINT
from tegnas_study.training.data import TrainingData
from tegnas_study.training.training import COLUMNS, Job, Training
from tegnas_study.training.workers import Worker

LOG, OUTCOME = "log.csv", "outcome.json"


class Outcome(NamedTuple):
    """What a training gave.

    Attributes:
        rows: One row an epoch (see `Training`).
        reported: The test accuracy that the protocol counts, in percent.
        last: That of the last epoch.
        best: The largest of all epochs, which was chosen by test images.
        seconds: Wall-clock time of all epochs.
        parameters: Trainable numbers, without the auxiliary head.
    """

    rows: pd.DataFrame
    reported: float
    last: float
    best: float
    seconds: float
    parameters: int


def run_training(
    job: Job,
    data: TrainingData,
    source: ImageSource,
    *,
    folder: Path | None = None,
    resume: bool = False,
    worker: Worker | None = None,
    bfloat16: bool = False,
    facts: Mapping[str, object] | None = None,
    on_step: Callable[[], None] = lambda: None,
    on_epoch: Callable[[Training], None] = lambda _: None,
) -> Outcome:
    """Train to the end and return the outcome.

    Args:
        job: What is trained.
        data: Its images.
        source: Where they come from, for the provenance.
        folder: Where checkpoint, log and outcome are written after every epoch; None writes nothing.
        resume: Go on from the checkpoint in the folder, if there is one; without it a checkpoint is an error.
        worker: Which of several processes this is.
        bfloat16: Compute in 16 bits where that loses little.
        facts: More for the outcome, such as the command.
        on_step: Called after every step.
        on_epoch: Called with the training after every epoch, and once at the start.

    Raises:
        TegnasError: When the folder holds another training, or one and `resume` is not set, or cannot be written.
    """
    worker = worker or Worker()
    training = Training(job, data, worker, bfloat16=bfloat16)
    identity = identity_of(job, data, source, worker, bfloat16=bfloat16)
    if folder is None:
        _train(training, on_step, on_epoch)
        return outcome(training)
    path = folder / CHECKPOINT
    if path.exists():
        if not resume:
            raise TegnasError(f"{folder} holds a training already; go on with --resume, or choose another --out")
        checkpoints.read(path, training, identity)
    if not worker.is_first:
        _train(training, on_step, on_epoch)
        return outcome(training)
    _make(folder)
    with writer_lock(path):

        def keep(_: Training) -> None:
            if training.rows:
                checkpoints.write(path, training, identity)
                _write_results(folder, training, {**identity, **(facts or {})})
            on_epoch(training)

        _train(training, on_step, keep)
    return outcome(training)


def _train(training: Training, on_step: Callable[[], None], on_epoch: Callable[[Training], None]) -> None:
    on_epoch(training)
    while not training.is_finished:
        training.run_epoch(on_step)
        on_epoch(training)


def identity_of(
    job: Job, data: TrainingData, source: ImageSource, worker: Worker, *, bfloat16: bool
) -> dict[str, object]:
    """Return everything that a trajectory follows from on a given machine, as JSON values."""
    return {
        "space": job.protocol.space,
        "architecture": str(job.architecture),
        "protocol": job.protocol.facts,
        "seed": job.seed,
        "images": source.description,
        "images_digest": source.digest,
        "images_trained": data.n_train,
        "images_tested": data.n_test,
        "processes": worker.n,
        "bfloat16": bfloat16,
    }


def outcome(training: Training) -> Outcome:
    """Return what a training has given so far; at least one epoch must be done."""
    rows = pd.DataFrame(training.rows, columns=[*COLUMNS]).astype({"epoch": int})
    last, best = float(rows["test_accuracy"].iloc[-1]), float(rows["test_accuracy"].max())
    reported = best if training.job.protocol.reports == "best" else last
    return Outcome(rows, reported, last, best, float(rows["seconds"].sum()), training.n_parameters)


def _write_results(folder: Path, training: Training, facts: Mapping[str, object]) -> None:
    """Write log and outcome anew; both follow from the checkpoint, so a kill between them loses nothing."""
    found = outcome(training)
    _write(folder / LOG, found.rows.to_csv(index=False, lineterminator="\n"))
    about = {
        "test_accuracy": found.reported,
        "test_accuracy_last": found.last,
        "test_accuracy_best": found.best,
        "epochs_done": len(found.rows),
        "finished": training.is_finished,
        "parameters": found.parameters,
        "seconds": round(found.seconds, 3),
        **facts,
        "date": datetime.now(UTC).date().isoformat(),
        "versions": versions(),
        "hardware": hardware(),
    }
    _write(folder / OUTCOME, json.dumps(about, indent=1, ensure_ascii=False) + "\n")


def _write(path: Path, text: str) -> None:
    try:
        with replacing(path) as partial:
            partial.write_text(text, encoding="utf-8")
    except OSError as error:
        raise TegnasError(f"cannot write {path} ({error.strerror}); the checkpoint beside it is safe") from error


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TegnasError(f"cannot make the folder {folder} ({error.strerror}); choose another --out") from error
