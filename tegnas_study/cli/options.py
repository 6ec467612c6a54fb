"""Options that several commands share, so that they mean the same everywhere."""

from collections.abc import Callable

import click

from tegnas_core.errors import TegnasError
from tegnas_core.settings import NETWORKS, PRESETS, IndicatorSettings, make_settings

SPACES = ("nas-bench-201", "darts")

space = click.option(
    "--space", type=click.Choice(SPACES), default=SPACES[0], show_default=True, help="Search space."
)
normal_cell_bug = click.option(
    "--normal-cell-bug", is_flag=True, help="Evaluate the wrong normal cells of the released code (DARTS only)."
)
settings = click.option(
    "--settings", type=click.Choice(list(PRESETS)), default="teg", show_default=True, help="Preset of all choices."
)
images = click.option(
    "--images",
    default="synthetic",
    show_default=True,
    metavar="NAME|FOLDER",
    help="Image source; `tegnas data` lists the names.",
)
device = click.option(
    "--device",
    type=click.Choice(["auto", "cpu", "cuda"]),
    default="auto",
    show_default=True,
    help="Where to compute.",
)
batch_size = click.option(
    "--batch-size", type=click.IntRange(2), help="Images of the kernel.  [default: the preset's]"
)
repeats = click.option("--repeats", type=click.IntRange(1), help="Independent repeats.  [default: the preset's]")
batch_norm = click.option(
    "--batch-norm", type=click.Choice(["exact", "frozen"]), help="Differentiate through batch statistics, or not."
)
initialisation = click.option(
    "--initialisation",
    type=click.Choice(["kaiming_fan_in", "kaiming_fan_out", "torch_default", "xavier", "orthogonal"]),
    help="Distribution of the weights.  [default: the preset's]",
)
seed = click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, help="Everything random follows."
)
network = click.option(
    "--network",
    type=click.Choice(list(NETWORKS)),
    default="proxy",
    show_default=True,
    help="The preset's small network, or the benchmark's own: 16 channels, five cells a stage, far slower.",
)


def indicator_options(command: Callable) -> Callable:
    """Add all options that say what is computed: space, settings, images, device, seed and changes."""
    for option in reversed(
        (space, normal_cell_bug, settings, images, device, batch_size, repeats, batch_norm, initialisation, seed)
    ):
        command = option(command)
    return command


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
