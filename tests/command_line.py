"""Running the command line: in this process, where it is quick, or as a user does."""

import contextlib
import io
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from images_on_disk import encoded, random_pixels, write_parquet

from tegnas_study.cli import main

RICH = "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_3x3~2|"
CUT = "|nor_conv_3x3~0|+|none~0|none~1|+|none~0|none~1|none~2|"


@dataclass(frozen=True)
class Said:
    """What a command printed and returned."""

    code: int
    out: str
    err: str

    @property
    def mistake(self) -> str:
        """The one line about a mistake of the user; fails when it is anything else."""
        assert self.code == 2, self
        assert self.out == "" and self.err.endswith("\n") and len(self.err.splitlines()) == 1, self
        assert self.err.startswith("tegnas: "), self
        return self.err.removeprefix("tegnas: ").rstrip("\n")


def run(capsys: pytest.CaptureFixture, *arguments: object) -> Said:
    """Run a command in this process."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as stop:
        main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    return Said(stop.value.code, printed.out, printed.err)


def answer(*arguments: object) -> Said:
    """Run a command in this process, for tests that run many in one breath."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as stop:
        main([str(argument) for argument in arguments])
    return Said(stop.value.code, out.getvalue(), err.getvalue())


def run_alone(*arguments: object, folder: Path) -> Said:
    """Run a command in a process of its own, in a folder that is not the repository."""
    command = [sys.executable, "-m", "tegnas_study", *map(str, arguments)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    return Said(done.returncode, done.stdout, done.stderr)


def small_images(folder: Path, n: int = 40, *, size: int = 16, damage: str = "") -> Path:
    """Write a folder of Parquet images of four classes, sound or damaged in a named way."""
    pixels = random_pixels(n, size)
    images: list[bytes | None] = [encoded(image) for image in pixels]
    if damage == "an image":
        images = [data[:60] for data in images]
    for split in ("train", "test"):
        write_parquet(folder / f"{split}-00000-of-00001.parquet", images, [k % 4 for k in range(n)])
    file = folder / "train-00000-of-00001.parquet"
    whole = file.read_bytes()
    if damage == "the end":
        file.write_bytes(whole[: len(whole) // 2])
    elif damage == "the middle":
        file.write_bytes(whole[:200] + bytes(3000) + whole[3200:])
    elif damage == "everything":
        file.write_bytes(b"PAR1" + b"\xff" * 500 + b"PAR1")
    elif damage == "nothing left":
        file.write_bytes(b"")
    return folder
