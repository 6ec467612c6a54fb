"""What wants a graphics card, in order of value: `make gpu`.

Every piece is a command that keeps what it finished and goes on where it stopped, so it is stopped after a few
minutes and the next call takes it further. A piece that ended is not begun again. On a machine without a card
there is nothing to do, which is said in one line.
"""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from tegnas_core.errors import TegnasError
from tegnas_study.bench.card import has_card
from tegnas_study.command import run_command
from tegnas_study.paths import REPOSITORY
from tegnas_study.storage.atomic import replacing
from tegnas_study.training.choices import CHECKPOINT

FOLDER = REPOSITORY / "data" / "gpu"
MINUTES = 8.0
TEGNAS = ("-m", "tegnas_study")


@dataclass(frozen=True)
class Piece:
    """One command.

    Attributes:
        name: A short name.
        what: What it is good for.
        arguments: What Python is called with.
        resumes: An output of which a journal, or a folder with a checkpoint, means that the command must be called
            with ``--resume``.
    """

    name: str
    what: str
    arguments: tuple[str, ...]
    resumes: Path | None = None

    def command(self) -> list[str]:
        """Return the command line, with ``--resume`` when there is something to go on with."""
        begun = self.resumes is not None and (
            any(self.resumes.rglob(CHECKPOINT)) or self.resumes.with_name(f"{self.resumes.name}.journal").exists()
        )
        return [sys.executable, *self.arguments, *(["--resume"] if begun else [])]


def pieces(folder: Path = FOLDER) -> tuple[Piece, ...]:
    """Return all pieces, the most valuable first."""
    cuda, real = ("--device", "cuda"), ("--images", "cifar10")
    bench = "-m", "tegnas_study.bench.bench", *cuda, "--json", str(folder / "bench.json")
    found = [Piece("bench", "the fast ways beside the plain ones on the card", bench)]
    agreement = "-m", "tegnas_study.bench.agreement", *cuda, "--out", str(folder / "agreement.parquet")
    found.append(Piece("agreement", "its numbers beside those of the processor", agreement))
    epochs = "-m", "tegnas_study.bench.epochs", "--cells", "50", *cuda, "--out", str(folder / "epoch-cost.parquet")
    found.append(Piece("epochs", "what an epoch costs against an evaluation, plain and fast", epochs))
    for preset in ("released", "paper"):
        out = str(folder / f"{preset}-cifar10.parquet")
        sweep = *TEGNAS, "sweep", "--architectures", "all", "--settings", preset, *real, *cuda, "--out", out
        found.append(Piece(f"sweep-{preset}", f"all 15,625 cells under the preset {preset}", sweep))
    for seed in range(10, 15):
        out = str(folder / f"teg-cifar10-seed{seed}.parquet")
        draw = "--architectures", "canonical", "--seed", str(seed), "--repeats", "1", "--controls"
        sweep = *TEGNAS, "sweep", *draw, *real, *cuda, "--out", out
        found.append(Piece(f"draw-{seed}", "another draw of weights and batch, of all classes", sweep))
    out = str(folder / "zoo.parquet")
    larger = "-m", "tegnas_study.experiments.zoo", "--size", "reduced", *cuda, "--out", out
    found.append(Piece("zoo", "the zoo at the size called reduced", larger))
    record = "-m", "tegnas_study.experiments.weight_sharing_record", "--size", "full", *real, *cuda
    for method in ("rsps", "darts", "gdas", "enas", "darts-2nd", "fp-nas"):
        out = str(folder / f"supernet-{method}.parquet")
        supernet = *record, "--method", method, "--seeds", "1", "--out", out
        found.append(Piece(f"supernet-{method}", "a supernet at full size, and how it orders cells", supernet))
    for method in ("reinforce", "evolution", "fp-nas", "te-nas"):
        out = folder / f"darts-{method}.parquet"
        search = *TEGNAS, "search", method, "--space", "darts", "--source", "live", *real, *cuda, "--repeats", "3"
        found.append(Piece(f"search-{method}", "with three repeats", (*search, "--out", str(out)), out))
    runs = folder / "runs"
    train = *TEGNAS, "train", "TEGNAS_RL", "TEGNAS_EVOLUTION", "DARTS_V2", "--space", "darts", "--size", "full"
    found.append(Piece("train", "published cells at full size", (*train, *real, *cuda, "--out", str(runs)), runs))
    return tuple(found)


def work(todo: Sequence[Piece], folder: Path, *, minutes: float) -> dict[str, str]:
    """Run what is not finished, each piece for so many minutes at most, and return how each one ended.

    A piece that runs out of time is asked to stop, and killed when it does not listen; neither loses anything.

    Args:
        todo: The pieces, in order.
        folder: Where results and the list of finished pieces lie.
        minutes: The longest time of a piece.

    Returns:
        Name → "finished", "was finished", "goes on next time", or "failed with code N".
    """
    folder.mkdir(parents=True, exist_ok=True)
    record = folder / "finished.json"
    finished = set(json.loads(record.read_text(encoding="utf-8"))) if record.exists() else set()
    ends = {}
    for piece in todo:
        if piece.name in finished:
            ends[piece.name] = "was finished"
            continue
        click.echo(f"{piece.name}: {piece.what}")
        started = time.monotonic()
        code = _run(piece.command(), seconds=60 * minutes)
        ends[piece.name] = {0: "finished", None: "goes on next time"}.get(code, f"failed with code {code}")
        click.echo(f"{piece.name}: {ends[piece.name]}, {time.monotonic() - started:,.0f} s")
        if code == 0:
            finished.add(piece.name)
            with replacing(record) as partial:
                partial.write_text(json.dumps(sorted(finished)), encoding="utf-8")
    return ends


def _run(command: Sequence[str], *, seconds: float) -> int | None:
    """Return the exit code of a command, or None when its time ran out."""
    process = subprocess.Popen(command, cwd=REPOSITORY)
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        return None
    except BaseException:
        process.kill()
        raise


@click.command()
@click.option(
    "--minutes", default=MINUTES, show_default=True, type=click.FloatRange(0.1, 600), help="Of each piece."
)
@click.option("--only", multiple=True, metavar="PIECE", help="Only this piece; may be given more than once.")
@click.option("--list", "as_list", is_flag=True, help="Only list the pieces.")
def gpu(minutes: float, only: tuple[str, ...], as_list: bool) -> None:
    """Run what wants a graphics card, in order of value; call it again to go on."""
    todo = pieces()
    names = [piece.name for piece in todo]
    if unknown := [name for name in only if name not in names]:
        raise TegnasError(f"there is no piece {unknown[0]!r}; there are {', '.join(names)}")
    todo = [piece for piece in todo if not only or piece.name in only]
    if as_list:
        for piece in todo:
            click.echo(f"{piece.name}: {piece.what}")
    elif not has_card():
        click.echo("torch sees no graphics card, so there is nothing to do here")
    else:
        ends = work(todo, FOLDER, minutes=minutes)
        if failed := [name for name, end in ends.items() if end.startswith("failed")]:
            raise TegnasError(f"{', '.join(failed)} failed, for the reason above; what was finished is kept")


if __name__ == "__main__":
    run_command(gpu, "gpu")
