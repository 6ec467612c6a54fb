"""Options that several commands share, so that they mean the same everywhere, and the bounds of every number."""

from collections.abc import Callable, Iterable
from pathlib import Path

import click
from click.core import ParameterSource

from tegnas_core.errors import TegnasError, quoted
from tegnas_core.settings import NETWORKS, PRESETS, IndicatorSettings, make_settings
from tegnas_study.command import LARGEST_SEED

SPACES = ("nas-bench-201", "darts")


class Number(click.IntRange):
    """A whole number between two bounds, which help texts and messages give in words."""

    name = "whole number"

    def _describe_range(self) -> str:
        return f"{self.min:,} to {self.max:,}"


# Far above any use and far below what fills a memory: a slip of the finger is told at once.
SEED = Number(0, LARGEST_SEED)
SEEDS = Number(1, 10_000)
BATCH_SIZE = Number(2, 10_000)
REPEATS = Number(1, 1_000)
STEPS = Number(1, 100_000)
POPULATION = Number(2, 100_000)
TOURNAMENT = Number(1, 100_000)
DRAW = Number(0, 999)  # of repeats
RESAMPLES = Number(1, 100_000)
WORKERS = Number(1, 256)


class _Named(click.Path):
    """A path that has a name: the empty one would stand for the current folder."""

    def convert(self, value: object, param: click.Parameter | None, context: click.Context | None) -> object:
        if not str(value).strip():
            self.fail("the name is empty.", param, context)
        try:
            str(value).encode()
            path = Path(super().convert(value, param, context))
            there, sound = path.exists(), path.is_file() or path.is_dir()
        except ValueError:  # a null character, or bytes that are no text
            self.fail("the name holds characters that a name cannot have.", param, context)
        except OSError as error:  # a name of thousands of characters, for example
            self.fail(f"the name cannot be used ({error.strerror}).", param, context)
        if there and not sound:  # opening a pipe would wait for ever
            self.fail(f"{path} is neither a file nor a folder.", param, context)
        return path


class _Output(_Named):
    """A file to write, which is refused before any work when it could never be written."""

    def convert(self, value: object, param: click.Parameter | None, context: click.Context | None) -> object:
        from tegnas_study.storage.lock import checked_output

        path = super().convert(value, param, context)
        checked_output(Path(path))
        return path


class _Table(_Output):
    """A Parquet file to write, whose name says so: others would be read as what they are not."""

    def convert(self, value: object, param: click.Parameter | None, context: click.Context | None) -> object:
        path = Path(super().convert(value, param, context))
        if path.suffix.lower() != ".parquet":
            self.fail(f"{quoted(path.name)} should end in .parquet, as the table is such a file.", param, context)
        return path


FILE = _Output(dir_okay=False, path_type=Path)
TABLE = _Table(dir_okay=False, path_type=Path)
FOLDER = _Named(file_okay=False, path_type=Path)
EXISTING = _Named(exists=True, path_type=Path)
EXISTING_FILE = _Named(exists=True, dir_okay=False, path_type=Path)
EXISTING_FOLDER = _Named(exists=True, file_okay=False, path_type=Path)

space = click.option(
    "--space", type=click.Choice(SPACES), default=SPACES[0], show_default=True, help="The search space."
)
normal_cell_bug = click.option(
    "--normal-cell-bug",
    is_flag=True,
    help="Build the normal cells wrongly, as the released code does. Only for --space darts.",
)
settings = click.option(
    "--settings",
    type=click.Choice(list(PRESETS)),
    default="teg",
    show_default=True,
    help="Preset of every choice that moves a number: ours, the paper's text or the released code.",
)
images = click.option(
    "--images",
    default="synthetic",
    show_default=True,
    metavar="NAME|FOLDER",
    help="The images to evaluate with. 'tegnas data' lists the names.",
)
device = click.option(
    "--device",
    type=click.Choice(["auto", "cpu", "cuda"]),
    default="auto",
    show_default=True,
    help="Where to compute. 'auto' takes a GPU if there is one.",
)
batch_size = click.option(
    "--batch-size", type=BATCH_SIZE, metavar="N", help="Images in a kernel.  [default: the preset's]"
)
repeats = click.option(
    "--repeats",
    type=REPEATS,
    metavar="N",
    help="Independent evaluations of each architecture.  [default: the preset's]",
)
batch_norm = click.option(
    "--batch-norm",
    type=click.Choice(["exact", "frozen"]),
    help="Differentiate through the batch statistics, or hold them fixed.  [default: the preset's]",
)
initialisation = click.option(
    "--initialisation",
    type=click.Choice(["kaiming_fan_in", "kaiming_fan_out", "torch_default", "xavier", "orthogonal"]),
    help="Distribution of the initial weights.  [default: the preset's]",
)
seed = click.option(
    "--seed",
    type=SEED,
    metavar="N",
    default=0,
    show_default=True,
    help="All random numbers follow from this seed: weights, images and samples.",
)
network = click.option(
    "--network",
    type=click.Choice(list(NETWORKS)),
    default="proxy",
    show_default=True,
    help="Evaluate the preset's small network, or the benchmark's own with 16 channels and five cells a stage, "
    "which is far slower.",
)
resamples = click.option(
    "--draws",
    type=RESAMPLES,
    metavar="N",
    default=1000,
    show_default=True,
    help="Resamples behind each bootstrap interval.",
)
resampling_seed = click.option(
    "--seed", type=SEED, metavar="N", default=0, show_default=True, help="Seed of the resampling."
)
workers = click.option(
    "--workers", type=WORKERS, metavar="N", default=1, show_default=True, help="Processes, with one thread each."
)


def indicator_options(command: Callable) -> Callable:
    """Add all options that say what is computed: space, settings, images, device, seed and changes."""
    for option in reversed(
        (space, normal_cell_bug, settings, images, device, batch_size, repeats, batch_norm, initialisation, seed)
    ):
        command = option(command)
    return command


def refuse(names: Iterable[str], reason: str) -> None:
    """Refuse options that the user gave although they have no effect.

    Args:
        names: Parameters of the running command, such as "batch_size".
        reason: Why they have no effect, to end the sentence.

    Raises:
        TegnasError: When one of them stands on the command line.
    """
    context = click.get_current_context()
    for name in names:
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise TegnasError(f"--{name.replace('_', '-')} has no effect {reason}; leave it out")


def resolve_settings(
    preset: str,
    *,
    batch_size: int | None,
    repeats: int | None,
    batch_norm: str | None,
    initialisation: str | None,
    network: str = "proxy",
) -> IndicatorSettings:
    """Return the preset with the changes that the options ask for."""
    return make_settings(
        preset,
        batch_size=batch_size,
        repeats=repeats,
        batch_norm=batch_norm,
        initialisation=initialisation,
        **NETWORKS[network],
    )


def resolve_networks(space: str, *, normal_cell_bug: bool, network: str = "proxy") -> str:
    """Return the name of the networks in which a space's architectures are evaluated (see `networks.by_name`).

    Raises:
        TegnasError: When the options ask for a network that the space does not have.
    """
    if space != "darts" and normal_cell_bug:
        raise TegnasError("--normal-cell-bug belongs to --space darts")
    if space == "darts" and network != "proxy":
        raise TegnasError(f"--network {network} belongs to --space nas-bench-201")
    return f"{space}+normal_cell_bug" if normal_cell_bug else space


def resolve_device(name: str) -> str:
    """Return "cpu" or "cuda".

    Raises:
        TegnasError: When a GPU is asked for and torch sees none.
    """
    if name == "cpu":
        return "cpu"
    import torch

    available = torch.cuda.is_available()
    if name == "cuda" and not available:
        raise TegnasError("torch sees no CUDA device; use --device cpu")
    return "cuda" if available else "cpu"
