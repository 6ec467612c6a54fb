"""No bad option of any command gives a traceback, takes five seconds, or changes a file.

The options are read from the commands themselves, so a new one is tested from the day it exists.
"""

import contextlib
import os
import resource
import shlex
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from command_line import CUT, RICH, answer, run_alone, small_images
from hypothesis import given, settings
from hypothesis import strategies as st

from tegnas_study.cli import tegnas
from tegnas_study.cli.options import LARGEST_SEED

pytestmark = pytest.mark.slow

SECONDS = 5  # of computing: a busy machine may need longer for the same
PATIENCE = 90
LONG = "x" * 5000
QUICK = ("--images", "images", "--batch-size", "8", "--repeats", "1", "--device", "cpu")
# What makes the examples of the help end soon.
SMALLER = {"evaluate": QUICK, "score": QUICK, "sweep": (*QUICK, "--architectures", "4"), "card": ("--draws", "10")}

SMALL_NET = """
from torch import nn

layers = nn.Flatten(), nn.Linear(768, 4)


def make():
    return nn.Sequential(*layers)


def alone():
    return "no module"


def fails():
    raise OSError("two\\nlines")


one = make()
number = 3
"""

# A good and quick command line of each command; a bad option is added at its end.
GOOD: dict[str, tuple[str, ...]] = {
    "evaluate": (RICH, *QUICK),
    "score": ("small_net.py:make", *QUICK),
    "sweep": ("--architectures", "1", *QUICK, "--out", "new.parquet"),
    "search": ("random", "--steps", "2", "--out", "new.parquet"),
    "study": ("--table", "table-2", "--method", "naswot", "--seeds", "1", "--out", "new.parquet"),
    "spawn": ("--steps", "4", "--at", "2", "--out", "new.parquet"),
    "train": (RICH, "--images", "images", "--epochs", "1", "--threads", "1", "--device", "cpu", "--out", "new"),
    "atlas": (),
    "atlas report": ("--name", "teg-cifar10", "--draws", "2", "--out", "records"),
    "claims": ("table2-skips",),
    "card": ("naswot", "--draws", "2"),
    "architecture": (RICH,),
    "data": (),
    "data convert": (),
}


def commands(group: click.Group = tegnas, name: str = "") -> Iterator[tuple[str, click.Command]]:
    """Yield every command with the words that call it."""
    for word, command in group.commands.items():
        yield f"{name} {word}".strip(), command
        if isinstance(command, click.Group):
            yield from commands(command, word)


COMMANDS = dict(commands())
OPTIONS = [
    (name, option)
    for name, command in COMMANDS.items()
    for option in command.params
    if isinstance(option, click.Option) and not option.is_flag
]


def label(value: object) -> str:
    return value.opts[0] if isinstance(value, click.Option) else str(value)


# What is bad

ODD_TEXT = [
    "",
    " ",
    "\t\n",
    LONG,
    "🙂",
    "\udcff",
    "a\0b",
    "nan",
    "None",
    "٣x",
    "%s{0}$HOME`id`",
    "../../etc/passwd",
    "~nobody-here/x",
]
ODD_NUMBERS = ["-1", "9" * 30, "9" * 4000, "9" * 6000, "1e12", "1.5", "0x10", "٣.٣", "inf", "1 2"]
BAD_TARGETS = [
    "",
    " ",
    LONG,
    f"{LONG}/x",
    "a\0b",
    "\udcff",
    ".",
    "no/such/folder/x",
    "pipe",
    "other.parquet/x",
]
BAD_PLACES = [*BAD_TARGETS, "nowhere", "~nobody-here/x"]
FREE_TEXT = {
    "--images": [*ODD_TEXT, "nowhere", ".", "cells.txt", "cifar10"],
    "--architectures": [*ODD_TEXT, *ODD_NUMBERS, "0", "15626", "nowhere.txt", ".", "wrong.txt", "empty.txt"],
    "--indicators": [*ODD_TEXT, *ODD_NUMBERS, "kappa", "meco,", "meco,kappa", "teg,rivals", "TEG"],
    "--only": [*ODD_TEXT, *ODD_NUMBERS, "nothing", "Combinations", "claims,rivals"],
    "--scheduler": [
        *ODD_TEXT,
        "nonsense",
        "nonsense://host:1",
        "tcp://host",
        "tcp://host:99999",
        "tcp://127.0.0.1:9",
    ],
    "--reward": [*ODD_TEXT, "beauty", "kappa+kappa", "+", "kappa+", "teg+kappa", "TEG"],
    "--atlas": [*ODD_TEXT, "nothing", "rivals-cifar10", "../results/correlation-200-cifar10", "."],
    "--benchmark": [*ODD_TEXT, "nothing", "cells.txt", "other.parquet", "images", "table"],
    "--name": [*ODD_TEXT, "nothing", "rivals-cifar10", "../results/correlation-200-cifar10", "."],
}


def bad_values(option: click.Option) -> list[str]:
    """Return values that no option of this kind can take."""
    kind, name = option.type, option.opts[0]
    if isinstance(kind, click.IntRange):
        return [*ODD_TEXT, *ODD_NUMBERS, str(kind.min - 1), str(kind.max + 1)]
    if isinstance(kind, click.Choice):
        return [*ODD_TEXT, *ODD_NUMBERS, f"{kind.choices[0]} ", str(kind.choices[0])[:-1]]
    if isinstance(kind, click.Path):
        there = "images" if not kind.dir_okay else "other.parquet"
        places = BAD_PLACES if kind.exists else BAD_TARGETS
        good = (".",) if not kind.file_okay and not kind.exists else ()  # to write into this folder is no mistake
        return [*(place for place in places if place not in good), there]
    return FREE_TEXT[name]


# Crossed options, each of them good alone

REPEATED = " ".join(["evaluate"] * 3)
CROSSED = [
    "",
    "nonsense",
    REPEATED,
    "--nonsense",
    "evaluate",
    "evaluate --nonsense",
    f"evaluate '{RICH}' nonsense",
    f"evaluate '{RICH}' --normal-cell-bug",
    f"evaluate '{RICH}' --space darts",
    f"evaluate '{RICH}' --images images --batch-size 21",
    f"evaluate '{CUT}' --images images --batch-size 10000",
    "evaluate DARTS_V2",
    "evaluate DARTS_V9 --space darts",
    "score",
    "score ''",
    "score ' '",
    "score ':'",
    "score 'a\0b'",
    "score resnet19",
    "score no_such_module:make",
    "score no_such_file.py:make",
    "score ../../etc/passwd.py:make",
    "score images:make",
    "score wrong.txt:make",
    f"score {LONG}",
    f"score {LONG}:{LONG}",
    "score small_net.py:nothing",
    "score small_net.py:number",
    "score small_net.py:one",
    *(f"score small_net.py:{name} {' '.join(QUICK)}" for name in ("alone", "fails")),
    *(f"score small_net.py:make --images images {more}" for more in ("--classes 5", "--classes 3", "--size 20")),
    "score small_net.py:make --images images --batch-size 21",
    "score small_net.py:make small_net.py:make",
    "sweep",
    "sweep --architectures 1",
    "sweep --out new.parquet",
    "sweep --architectures all --space darts --out new.parquet",
    "sweep --architectures 100001 --space darts --out new.parquet",
    "sweep --architectures 1 --images images --batch-size 8 --indicators rivals --controls --out new.parquet",
    "sweep --architectures 1 --images images --batch-size 8 --no-alignment --out new.parquet",
    "sweep --architectures 1 --space darts --network benchmark --out new.parquet",
    "sweep --architectures 1 --space darts --indicators rivals --images images --out new.parquet",
    "sweep --architectures 1 --images images --batch-size 8 --out other.parquet",
    "sweep --architectures 1 --images images --workers 2 --scheduler tcp://127.0.0.1:9 --out new.parquet",
    "search",
    "search random random",
    "search astrology",
    "search random --resume",
    "search random --steps 2 --resume --out new.parquet",
    "search random --steps 2 --resume --out done.parquet",
    f"search random --steps 2 --seed {LARGEST_SEED} --seeds 2 --out new.parquet",
    *(f"search random --steps 2 {option} --out new.parquet" for option in (
        "--images images", "--device cpu", "--batch-size 8", "--repeats 1", "--settings teg", "--dataset cifar10",
    )),
    "search random --source live --atlas teg-cifar10 --images images --out new.parquet",
    "search random --source live --images nowhere --out new.parquet",
    "search random --source live --draw 0 --images images --out new.parquet",
    "search random --source live --reward accuracy --images images --out new.parquet",
    "search random --source live --images images --batch-size 21 --out new.parquet",
    "search random --draw 999 --out new.parquet",
    "search random --population 5 --out new.parquet",
    "search random --space darts --out new.parquet",
    "search random --size quick --out new.parquet",
    "search gdas --size quick --images nowhere --out new.parquet",
    "search gdas --size quick --images images --preset paper --out new.parquet",
    "search gdas --size quick --images images --space darts --out new.parquet",
    "search gdas --size quick --images images --reward teg --out new.parquet",
    "search gdas --size quick --images images --source atlas --out new.parquet",
    "search gdas --size quick --images images --resume --out new.parquet",
    "search evolution --reward shared-weights --out new.parquet",
    "search random --space darts --source live --reward params --out new.parquet",
    "search random --reward accuracy --dataset cifar100 --out new.parquet",
    "search random --reward naswot --atlas rivals-cifar10 --out new.parquet",
    "search te-nas --steps 4 --out new.parquet",
    "search te-nas --reward params --out new.parquet",
    "search evolution --tournament 400 --out new.parquet",
    "search evolution --population 2 --out new.parquet",
    "spawn",
    "spawn --steps 4 --at 4 --out new.parquet",
    "spawn --steps 4 --at 2 --at 2 --out new.parquet",
    "spawn --steps 4 --at 2 --images images --out new.parquet",
    "spawn --steps 4 --at 2 --resume --out new.parquet",
    "spawn --steps 4 --at 2 --parent other.parquet --out new.parquet",
    "spawn --steps 4 --at 2 --source live --images images --batch-size 21 --out new.parquet",
    "study",
    "study --table table-5 --method local --out new.parquet",
    "study --method naswot --live cells.txt --out new.parquet",
    "study --method naswot --out other.parquet",
    "train",
    "train nonsense",
    "train DARTS_V2",
    f"train '{RICH}' --space darts",
    f"train '{RICH}' --protocol darts-cifar10",
    f"train '{RICH}' --images nowhere",
    f"train '{RICH}' --resume",
    f"train '{RICH}' --images images --resume --out new",
    "train DARTS_V2 --space darts --size full --images images --device cpu --out new",
    "architecture",
    "architecture ''",
    "architecture nonsense",
    "architecture 15625",
    "architecture '(4, 0, 3, 1, 4, 5)'",
    "architecture 8:16:32:64:64",
    f"architecture {LONG}",
    f"architecture {'9' * 5000}",
    f"architecture '{RICH}' --to index --json",
    "atlas --folder images",
    "atlas nonsense",
    "atlas --folder images report --out records",
    "atlas report --out records",
    "card nonsense",
    "card naswot parameters",
    "card naswot --table other.parquet",
    "card naswot --lower-is-better",
    "card --lower-is-better",
    "card naswot --figure new.txt",
    "card naswot --dataset cifar100",
    "card naswot --folder images",
    "card --table other.parquet",
    "card --table cells.txt",
    "card --table wrong.csv",
    "card --table few.csv",
    "data nonsense",
    "data convert",
    "data convert other.parquet",
    "data convert nowhere new.parquet",
    "data convert cells.txt new.parquet",
    "data convert other.parquet other.parquet",
    "data convert images new.parquet",
    "data convert other.parquet no/such/folder/new.parquet",
    "data convert other.parquet pipe",
    "data convert '' new.parquet",
    "data convert other.parquet ''",
    f"data convert {LONG} new.parquet",
]  # fmt: skip


# The place


@pytest.fixture(scope="module", autouse=True)
def place(tmp_path_factory) -> Iterator[Path]:
    """A folder to stand in, with what a slip could damage, on a machine without data of its own."""
    folder = tmp_path_factory.mktemp("around") / "place"
    small_images(folder / "images")
    for name in ("other.parquet", "done.parquet"):
        (folder / name).write_bytes(b"PAR1 precious PAR1")
    (folder / "cells.txt").write_text(RICH)
    (folder / "small_net.py").write_text(SMALL_NET)
    (folder / "wrong.txt").write_text("nonsense")
    (folder / "empty.txt").write_text("\n# nothing\n")
    (folder / "wrong.csv").write_text("architecture,score\nnonsense,1\n")
    (folder / "few.csv").write_text(f"architecture,score\n{RICH},1\n{CUT},2\n")
    os.mkfifo(folder / "pipe")  # no regular file, as a device is: no test may name a device of the machine
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("TEGNAS_DATA", raising=False)
        answer("search", "random", "--steps", 2)  # so that no test is timed with the import of torch
        yield folder


def contents(folder: Path) -> dict[str, tuple[object, ...]]:
    """Return what lies in and beside a folder; a lock that came and went leaves no trace."""

    def state(path: Path) -> tuple[object, ...]:
        found = path.stat()
        return (found.st_mode, found.st_mtime_ns, path.read_bytes()) if path.is_file() else (found.st_mode,)

    return {str(path): state(path) for path in folder.parent.rglob("*")}


class NoAnswerError(BaseException):
    """No command may catch it."""


@contextlib.contextmanager
def nothing_happens(folder: Path, *, who: int = resource.RUSAGE_SELF) -> Iterator[None]:
    """Check that a block is quick, ends, and leaves every file as it is."""

    def computed() -> float:
        used = resource.getrusage(who)
        return used.ru_utime + used.ru_stime

    def too_long(*_: object) -> None:
        raise NoAnswerError

    before, started = contents(folder), computed()
    previous = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)
    assert computed() - started < SECONDS
    assert contents(folder) == before


# The tests


def test_every_command_is_tested():
    assert GOOD.keys() == COMMANDS.keys()


@pytest.mark.parametrize(("name", "option"), OPTIONS, ids=label)
def test_a_bad_option_is_told_in_one_line_and_nothing_happens(place, name, option):
    for value in bad_values(option):
        with nothing_happens(place):
            said = answer(*name.split(), *GOOD[name], option.opts[0], value)
        assert 10 < len(said.mistake) < 1000


@pytest.mark.parametrize("line", CROSSED, ids=lambda line: line[:70])
def test_options_that_do_not_fit_are_told_in_one_line_and_nothing_happens(place, line):
    with nothing_happens(place):
        said = answer(*shlex.split(line))
    if line:
        assert 10 < len(said.mistake) < 1000
    else:
        assert said.code == 0 and "Commands:" in said.out


def not_one_of(option: click.Option) -> st.SearchStrategy[str]:
    """Return values that an option cannot take, drawn at random."""
    kind = option.type
    if isinstance(kind, click.IntRange):
        outside = st.integers(max_value=kind.min - 1) | st.integers(min_value=kind.max + 1)
        return outside.map(str) | st.text(st.characters(exclude_categories=["N", "Cs"]))
    if isinstance(kind, click.Choice):
        return st.text().filter(lambda text: text not in kind.choices)
    return st.sampled_from(bad_values(option))


@st.composite
def bad_command_lines(draw: st.DrawFn) -> list[str]:
    """Draw a command with one to three bad options among its good ones."""
    name = draw(st.sampled_from([name for name in COMMANDS if any(name == other for other, _ in OPTIONS)]))
    options = [option for other, option in OPTIONS if other == name]
    line = [*name.split(), *GOOD[name]]
    for option in draw(st.lists(st.sampled_from(options), min_size=1, max_size=3, unique_by=label)):
        line += [option.opts[0], draw(not_one_of(option))]
    return line


@given(bad_command_lines())
@settings(max_examples=150)
def test_bad_options_drawn_at_random(place, line):
    with nothing_happens(place):
        said = answer(*line)
    assert len(said.mistake) < 1000


@given(st.text(min_size=1).filter(lambda text: not text.startswith("-")))
@settings(max_examples=30)
def test_architectures_drawn_at_random(place, text):
    for space in ("nas-bench-201", "darts"):
        with nothing_happens(place):
            said = answer("evaluate", text, "--space", space)
        assert len(said.mistake) < 1000


@pytest.mark.parametrize(
    "line",
    [
        f"search random --steps 2 --atlas {LONG} --out new.parquet",
        "search random --steps 2 --atlas rivals-cifar10 --out ''",
        f"sweep --architectures {'9' * 5000} --out new.parquet",
        "sweep --architectures 1 --scheduler nonsense --out new.parquet",
        f"study --seeds {'9' * 30} --out new.parquet",
        "evaluate '' --images ''",
    ],
    ids=lambda line: line[:60],
)
@pytest.mark.slow
@pytest.mark.long
def test_as_a_user_meets_it(place, line):
    with nothing_happens(place, who=resource.RUSAGE_CHILDREN):
        said = run_alone(*shlex.split(line), folder=place)
    assert len(said.mistake) < 1000


@pytest.mark.parametrize("value", [LONG, "~nobody-here/x", "nowhere", "cells.txt", "\n"])
def test_a_folder_of_data_that_cannot_be(place, monkeypatch, value):
    monkeypatch.setenv("TEGNAS_DATA", value)
    for line in (["data"], ["evaluate", RICH, "--images", "cifar10"]):
        with nothing_happens(place):
            said = answer(*line)
        assert said.code in (0, 2) and len(said.err.splitlines()) == said.code // 2


# Help


@pytest.mark.parametrize("name", ["", *COMMANDS])
@pytest.mark.slow
@pytest.mark.long
def test_help_has_an_example_that_runs(place, name):
    text = answer(*name.split(), "--help").out
    (example,) = [line.strip() for line in text.splitlines() if line.strip().startswith(f"tegnas {name}".strip())]
    assert text.count("Example:\n") == 1
    words = shlex.split(example)[1:]
    if "report" in words or "convert" in words:  # these need files of hundreds of megabytes
        assert answer(*words).code == 2
        return
    started = time.monotonic()
    said = answer(*words, *SMALLER.get(words[0], ()))
    assert said.code == 0 and said.out, said
    assert time.monotonic() - started < PATIENCE


def test_help_speaks_of_every_option_in_whole_sentences():
    for name, option in OPTIONS:
        told = option.help.split("  [")[0]
        assert told[0].isupper() and told.endswith("."), (name, option.opts)
    for name, command in COMMANDS.items():
        assert command.get_short_help_str(limit=200).endswith("."), name
