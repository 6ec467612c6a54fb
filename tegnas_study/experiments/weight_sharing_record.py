"""The record of weight sharing: every method with several seeds, epoch by epoch, and how supernets rank cells.

Run ``python -m tegnas_study.experiments.weight_sharing_record``; it goes on where it stopped. Two files grow run
by run: what each method named after each epoch, with the benchmark's accuracies of it, and the accuracy with
shared weights of a fixed sample of cells after some epochs.
"""

import contextlib
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import click
import pandas as pd

from tegnas_core.data.source import ImageSource
from tegnas_core.engine.arithmetic import one_thread
from tegnas_core.evaluation import Evaluator
from tegnas_core.settings import make_settings
from tegnas_study.command import number_option, run_command
from tegnas_study.data.benchmark import Benchmark, load_benchmark
from tegnas_study.data.images import load_images
from tegnas_study.experiments.outcome import with_accuracies
from tegnas_study.paths import RESULTS
from tegnas_study.storage.lock import writer_lock
from tegnas_study.storage.provenance import portable_command
from tegnas_study.storage.provenance_table import read_with_provenance, rows_so_far, write_with_provenance
from tegnas_study.weight_sharing.checkpoint import checkpoint_path
from tegnas_study.weight_sharing.run import SharingRun, clock_of, ranked_cells, train_supernet
from tegnas_study.weight_sharing.sizes import NAMES, SIZE_NAMES, sharing_size

RECORD = RESULTS / "weight-sharing.parquet"
RANKING = RESULTS / "weight-sharing-ranking.parquet"
COMMAND = "python -m tegnas_study.experiments.weight_sharing_record"
_KIND = "tegnas-weight-sharing"

RUN = ("method", "size", "seed")
COLUMNS = (*RUN, "epoch", "derived", "accuracy", "entropy", "loss", "seconds", "teg_seconds")
RANKING_COLUMNS = (*RUN, "epoch", "architecture", "accuracy")
_SAME = ("benchmark", "images_digest", "device", "sizes", "epochs")  # of all rows of a file
_FACTS = ("command", "images", *_SAME)
_TIMED = 10  # evaluations by TEG that are timed beside each training


def ranking_path(path: Path) -> Path:
    """Return where the rankings of a record lie.

    >>> ranking_path(Path("data/results/weight-sharing.parquet")).name
    'weight-sharing-ranking.parquet'
    """
    return path.with_name(f"{path.stem}-ranking{path.suffix}")


def rank_times(method: str, n_epochs: int) -> tuple[int, ...]:
    """Return the epochs after which cells are ranked: some of RSPS, the one method that trains all cells alike.

    >>> rank_times("rsps", 40), rank_times("gdas", 20)
    ((0, 1, 5, 10, 20, 40), ())
    """
    if method != "rsps":
        return ()
    return tuple(sorted({0, *(max(1, n_epochs // part) for part in (40, 8, 4, 2)), n_epochs}))


def measure(
    path: Path,
    *,
    images: ImageSource,
    size: str,
    n_seeds: int,
    n_ranked: int,
    benchmark: Benchmark,
    command: str,
    teg_seconds: Callable[[], float],
    methods: Sequence[str] = NAMES,
    device: str = "cpu",
) -> pd.DataFrame:
    """Add the trainings that the record does not hold yet, and write both files anew after each of them.

    Args:
        path: The file of the record; that of the rankings lies beside it.
        images: What is trained on.
        size: Name of the size.
        n_seeds: How many seeds each method has.
        n_ranked: How many cells are ranked.
        benchmark: Where accuracies come from; splits that it does not know get no column.
        command: How the files are made, for their provenance.
        teg_seconds: Times one evaluation by TEG; it is called beside each training, so that both meet the same
            machine (see `evaluation_seconds`).
        methods: Names of methods.
        device: Where supernets lie.

    Raises:
        TegnasError: When a file was made from other images, at another size, on another device, or with another
            benchmark.
    """
    with writer_lock(path):
        ranking = ranking_path(path)
        facts = _facts(images, size, command, benchmark, device)
        table = rows_so_far(path, read_record, facts, _SAME, columns=COLUMNS)
        judged = rows_so_far(ranking, read_ranking, facts, _SAME, columns=RANKING_COLUMNS)
        rows, ranked = table[[*COLUMNS]].to_dict("records"), judged[[*RANKING_COLUMNS]].to_dict("records")
        done = {tuple(row[name] for name in RUN) for row in rows}
        for method, seed in [(method, seed) for seed in range(n_seeds) for method in methods]:
            if (method, size, seed) in done:
                continue
            n_epochs = sharing_size(size).epochs[method]
            run = SharingRun(
                method, size, seed, ranked=tuple(ranked_cells(n_ranked)), ranked_at=rank_times(method, n_epochs)
            )
            place = checkpoint_path(path, method, seed)
            trained = train_supernet(run, images, device=device, checkpoint=place, resume=True)
            mine = {"method": method, "size": size, "seed": seed}
            told = mine | {"teg_seconds": teg_seconds()}
            rows += [told | {"derived": row["architecture"]} | row for row in trained.epochs]
            ranked = [row for row in ranked if tuple(row[name] for name in RUN) != tuple(mine.values())]
            ranked += [mine | row for row in trained.ranking]
            if ranked:
                judged = pd.DataFrame(ranked, columns=[*RANKING_COLUMNS])
                with writer_lock(ranking):
                    write_with_provenance(ranking, judged, facts, kind=_KIND)
            table = with_accuracies(pd.DataFrame(rows)[[*COLUMNS]], benchmark)
            write_with_provenance(path, table, facts, kind=_KIND)
            place.unlink(missing_ok=True)
    return pd.DataFrame(rows)


def read_record(path: Path = RECORD) -> tuple[pd.DataFrame, dict[str, object]]:
    """Return what every method named after every epoch, and where it comes from.

    Raises:
        TegnasError: When the file is missing, damaged, or of another kind.
    """
    return read_with_provenance(path, COLUMNS, _FACTS, kind=_KIND, command=COMMAND)


def read_ranking(path: Path = RANKING) -> tuple[pd.DataFrame, dict[str, object]]:
    """Return the accuracies of the ranked cells with shared weights, and where they come from.

    Raises:
        TegnasError: When the file is missing, damaged, or of another kind.
    """
    return read_with_provenance(path, RANKING_COLUMNS, _FACTS, kind=_KIND, command=COMMAND)


def evaluation_seconds(images: ImageSource, *, device: str, n: int = _TIMED) -> float:
    """Return the mean seconds of one repeat of κ, R and MSE, of n connected cells: of a processor on a CPU.

    Args:
        images: What is evaluated with.
        device: Where networks lie.
        n: How many cells are timed, after one that is not.
    """
    clock = clock_of(device)
    evaluator = Evaluator(make_settings("teg", repeats=1), images, device=device)
    first, *cells = ranked_cells(n + 1)
    with one_thread() if device == "cpu" else contextlib.nullcontext():
        evaluator.evaluate_repeat(first, 0)  # compiles, or loads what was compiled
        started = clock()
        for cell in cells:
            evaluator.evaluate_repeat(cell, 0)
        return (clock() - started) / n


def _facts(images: ImageSource, size: str, command: str, benchmark: Benchmark, device: str) -> dict[str, object]:
    numbers = sharing_size(size)
    plain = {name: value for name, value in vars(numbers).items() if name != "epochs"}
    return {
        "command": command,
        "benchmark": benchmark.description,
        "images": images.description,
        "images_digest": images.digest,
        "device": device,
        "sizes": plain,
        "epochs": dict(numbers.epochs),
    }


@click.command()
@click.option("--method", "methods", type=click.Choice(NAMES), multiple=True, help="Only this method.")
@number_option("--seeds", lowest=1, highest=1000, default=3, help="Seeds of each method.")
@click.option("--size", type=click.Choice(SIZE_NAMES), default="reduced", show_default=True, help="The size.")
@click.option("--images", default="cifar10", show_default=True, help="The images.")
@number_option("--ranked", lowest=2, highest=5000, default=120, help="Cells to rank.")
@click.option("--device", type=click.Choice(["cpu", "cuda"]), default="cpu", show_default=True, help="Where.")
@click.option("--out", type=click.Path(path_type=Path), default=RECORD, help="The file of results.")
def main(
    methods: tuple[str, ...], seeds: int, size: str, images: str, ranked: int, device: str, out: Path
) -> None:
    """Train supernets by every method; an interrupted run goes on at its last epoch."""
    source = load_images(images)
    rows = measure(
        out,
        images=source,
        size=size,
        n_seeds=seeds,
        n_ranked=ranked,
        benchmark=load_benchmark(),
        command=portable_command(sys.argv[1:], COMMAND),
        teg_seconds=partial(evaluation_seconds, source, device=device),
        methods=methods or NAMES,
        device=device,
    )
    click.echo(f"{len(rows.groupby([*RUN]))} trainings, {len(rows):,} epochs")


if __name__ == "__main__":
    run_command(main, "weight_sharing_record")
