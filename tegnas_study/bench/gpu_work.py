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


@dataclass(frozen=True)
class Piece:
    """One command.

    Attributes:
        name: A short name.
        what: What it measures, in a few words.
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

    def piece(name: str, what: str, *words: str, out: str, option: str = "--out", resumes: bool = False) -> Piece:
        place = folder / out
        arguments = ("-m", *words, "--device", "cuda", option, str(place))
        return Piece(name, what, arguments, place if resumes else None)

    bench, real = "tegnas_study.bench", ("--images", "cifar10")
    sweep, search = ("tegnas_study", "sweep", *real), ("tegnas_study", "search")
    classes = "--architectures", "canonical", "--repeats", "1", "--controls"
    supernet = "tegnas_study.experiments.weight_sharing_record", "--size", "full", *real, "--seeds", "1"
    live = "--space", "darts", "--source", "live", *real, "--repeats", "3"
    cells = f"{bench}.epochs", "--cells", "50"
    found = [
        piece("bench", "the fast ways beside the plain ones", f"{bench}.bench", out="bench.json", option="--json"),
        piece("agreement", "numbers beside the processor's", f"{bench}.agreement", out="agreement.parquet"),
        piece("epochs", "an epoch against an evaluation", *cells, out="epoch-cost.parquet"),
    ]
    for preset in ("released", "paper"):
        words, out = (*sweep, "--architectures", "all", "--settings", preset), f"{preset}-cifar10.parquet"
        found.append(piece(f"sweep-{preset}", f"all cells under the preset {preset}", *words, out=out))
    for seed in range(10, 15):
        words, out = (*sweep, *classes, "--seed", str(seed)), f"teg-cifar10-seed{seed}.parquet"
        found.append(piece(f"draw-{seed}", "another draw of weights and batch", *words, out=out))
    zoo = "tegnas_study.experiments.zoo", "--size", "reduced"
    found.append(piece("zoo", "the zoo at the size called reduced", *zoo, out="zoo.parquet"))
    for method in ("rsps", "darts", "gdas", "enas", "darts-2nd", "fp-nas"):
        words, out = (*supernet, "--method", method), f"supernet-{method}.parquet"
        found.append(piece(f"supernet-{method}", "a supernet at full size", *words, out=out))
    for method in ("reinforce", "evolution", "fp-nas", "te-nas"):
        words, out = (*search, method, *live), f"darts-{method}.parquet"
        found.append(piece(f"search-{method}", "with three repeats", *words, out=out, resumes=True))
    published = "TEGNAS_RL", "TEGNAS_EVOLUTION", "DARTS_V2", "--space", "darts", "--size", "full", *real
    words = "tegnas_study", "train", *published
    found.append(piece("train", "published cells at full size", *words, out="runs", resumes=True))
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
