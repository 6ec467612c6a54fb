"""``tegnas train``: networks trained by the recipes of the literature, at full size or at a stated smaller one."""

import os
import sys
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tegnas_core.errors import TegnasError
from tegnas_study.cli import options
from tegnas_study.training.choices import CHECKPOINT, DEFAULTS, PRECISIONS, PROTOCOLS, SIZES

if TYPE_CHECKING:
    from tegnas_core.data.source import ImageSource
    from tegnas_study.training.data import TrainingData
    from tegnas_study.training.protocols import Protocol
    from tegnas_study.training.run import Outcome
    from tegnas_study.training.training import Job, Training
    from tegnas_study.training.workers import Worker

EPOCHS = options.Number(1, 10_000)
THREADS = options.Number(1, 1_024)


@click.command()
@click.argument("architectures", nargs=-1, required=True, metavar="ARCH…")
@options.space
@click.option(
    "--protocol",
    type=click.Choice(PROTOCOLS),
    help="The recipe. Those called released are of the code with which the paper's authors trained.  "
    "[default: nas-bench-201, or darts-cifar10 for --space darts]",
)
@click.option(
    "--size",
    type=click.Choice(SIZES),
    default="quick",
    show_default=True,
    help="How large: quick takes seconds, zoo half a minute, reduced minutes of a GPU; full is the literature's.",
)
@options.images
@click.option("--epochs", type=EPOCHS, metavar="N", help="Passes over the images.  [default: the size's]")
@options.device
@click.option(
    "--precision",
    type=click.Choice(PRECISIONS),
    default="auto",
    show_default=True,
    help="How it computes; 'auto' takes 16 bits where that loses little and the GPU can.",
)
@click.option("--threads", type=THREADS, metavar="N", help="Threads of the processor.  [default: one a core]")
@options.seed
@click.option(
    "--out",
    type=options.FOLDER,
    metavar="DIR",
    help="Where each training gets a folder, with a checkpoint, a log, an outcome and a figure.",
)
@click.option("--resume", is_flag=True, help="Go on with the trainings in --out after their last finished epoch.")
def train(
    architectures: tuple[str, ...],
    space: str,
    protocol: str | None,
    size: str,
    images: str,
    epochs: int | None,
    device: str,
    precision: str,
    threads: int | None,
    seed: int,
    out: Path | None,
    resume: bool,
) -> None:
    """Train the network of each architecture and print its test accuracy.

    ARCH is a string of NAS-Bench-201, in quotes, or with --space darts a genotype or the name of a known one. With
    --out every finished epoch is safe. After an interruption, a crash or a kill, the same command with --resume
    goes on to the same result. Under torchrun several processes share every batch:
    torchrun --nproc-per-node 8 -m tegnas_study train ….

    \b
    Example:
      tegnas train DARTS_V2 --space darts --epochs 1 --threads 1
    """
    from tegnas_core.spaces.by_name import parse_architecture
    from tegnas_study.data.images import load_images
    from tegnas_study.training.protocols import protocol_named

    protocol = protocol or DEFAULTS[space]
    if not protocol.startswith(space):
        raise TegnasError(f"--protocol {protocol} belongs to another --space than {space}")
    if resume and out is None:
        raise TegnasError("--resume goes on with the trainings in a folder; name the folder with --out")
    chosen = protocol_named(protocol, size, epochs=epochs)
    parsed = tuple(dict.fromkeys(parse_architecture(space, text) for text in architectures))
    places = _places(parsed, chosen, seed, out, resume=resume)
    source = load_images(images)
    device = options.resolve_device(device)
    _train_all(parsed, chosen, source, seed, places, device, precision, threads, resume=resume)


def _places(
    architectures: Sequence[Hashable], protocol: "Protocol", seed: int, out: Path | None, *, resume: bool
) -> list[Path | None]:
    """Return the folder of each training; refuse those that are there already, and to resume what never began."""
    from tegnas_study.training.names import folder_name

    if out is None:
        return [None] * len(architectures)
    if not out.resolve().parent.is_dir():
        raise TegnasError(f"the folder {out.parent} does not exist; create it or write somewhere else")
    places = [out / folder_name(architecture, protocol, seed) for architecture in architectures]
    begun = [place for place in places if (place / CHECKPOINT).exists()]
    if begun and not resume:
        raise TegnasError(f"{begun[0]} holds a training already; go on with --resume, or choose another --out")
    if resume and not begun:
        raise TegnasError(f"no such training was begun in {out}; to start one leave out --resume")
    return places


def _train_all(
    architectures: Sequence[Hashable],
    protocol: "Protocol",
    source: "ImageSource",
    seed: int,
    places: Sequence[Path | None],
    device: str,
    precision: str,
    threads: int | None,
    *,
    resume: bool,
) -> None:
    from tegnas_study.training.data import training_data
    from tegnas_study.training.training import Job
    from tegnas_study.training.workers import ignored_variables, on_threads, takes_bfloat16, this_worker

    if ignored := ignored_variables():
        told = f"{' and '.join(ignored)} ignored, as torchrun did not start this process"
        click.echo(f"{told}; to share a training see 'tegnas train --help'", err=True)
    bfloat16 = takes_bfloat16(device, precision)
    with this_worker(device) as worker, on_threads(threads or cores() // worker.n or 1) as n_threads:
        data = training_data(source, protocol, device=worker.device, readers=n_threads - 1)
        header = [f"{protocol.name} · size {protocol.size} · {source.description} · seed {seed}"]
        facts = {"device": device, "threads": n_threads}
        for architecture, place in zip(architectures, places, strict=True):
            job = Job(architecture, protocol, seed, source.n_classes)
            about = {"folder": place, "resume": resume, "worker": worker, "bfloat16": bfloat16}
            found = _train_one(job, data, source, facts, header, **about)
            if worker.is_first:
                _show(architecture, found, place)


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _train_one(
    job: "Job",
    data: "TrainingData",
    source: "ImageSource",
    facts: dict[str, object],
    header: list[str],
    *,
    worker: "Worker",
    **how: object,
) -> "Outcome":
    from tqdm import tqdm

    from tegnas_study.storage.provenance import portable_command
    from tegnas_study.training.run import run_training

    facts = {"command": portable_command(sys.argv[1:]), **facts}
    silent = not (worker.is_first and sys.stderr.isatty())
    with tqdm(unit="step", disable=silent, leave=False) as bar:

        def tell(training: "Training") -> None:
            if header and worker.is_first:  # only now nothing can be wrong with the command any more
                click.echo(header.pop())
            bar.total, bar.n = job.protocol.epochs * training.n_steps, len(training.rows) * training.n_steps
            if training.rows:
                bar.set_postfix(epoch=len(training.rows), test=f"{training.rows[-1]['test_accuracy']:.2f} %")

        return run_training(
            job, data, source, worker=worker, facts=facts, on_step=bar.update, on_epoch=tell, **how
        )


def _show(architecture: Hashable, found: "Outcome", place: Path | None) -> None:
    click.echo(str(architecture))
    click.echo(
        f"  test accuracy {found.reported:.2f} % (last epoch {found.last:.2f} %, best {found.best:.2f} %); "
        f"{len(found.rows):,} epochs, {found.parameters / 1e6:.3f} million parameters, {found.seconds:,.1f} s"
    )
    if place is not None:
        from tegnas_study.figures.cards import save_figure
        from tegnas_study.figures.training import learning_curve

        for suffix in ("png", "svg"):
            save_figure(learning_curve(found.rows), place / f"curve.{suffix}")
        click.echo(f"  {place}: checkpoint, log, outcome and learning curve")
