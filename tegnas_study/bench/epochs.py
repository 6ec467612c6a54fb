"""How many evaluations by TEG one epoch of training pays for: plain against plain, and fast against fast.

To set a hand-made engine beside plain training says as much about the engine as about the indicator. So both are
timed both ways over random connected cells, on one thread and in CPU seconds, or on a graphics card by the clock:

* an evaluation in the plain way, one backward pass for each image, and in the fast way, the engine;
* an epoch as torch computes it by default, and in the way that its users make it fast: images and weights lie in
  the memory order that convolutions prefer (channels last), and on a card the arithmetic is in bfloat16 too.

An epoch is extrapolated from a few steps, whose images already lie on the device. What is not judged: other
processors, several threads, half precision on a processor, compiled training, loading of images, and an engine for
training as hand-made as the one for the Jacobian.

Run ``python -m tegnas_study.bench.epochs --cells 60``; it goes on where it stopped. With ``--device cuda`` another
``--out`` is needed.
"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import click
import pandas as pd
import torch
from torch import Tensor, nn

from tegnas_core.data.batches import draw_batch
from tegnas_core.engine.arithmetic import one_thread
from tegnas_core.errors import TegnasError
from tegnas_core.evaluation import Evaluator
from tegnas_core.indicators.jacobians import jacobian, plain_jacobian, select_parameters
from tegnas_core.settings import make_settings
from tegnas_core.spaces.architecture import Architecture
from tegnas_study.bench.card import card_name, require_card
from tegnas_study.bench.cells import connected_cells
from tegnas_study.bench.cost import Case, timed
from tegnas_study.command import number_option, run_command, seed_option
from tegnas_study.data.images import load_images
from tegnas_study.paths import RESULTS
from tegnas_study.storage.lock import writer_lock
from tegnas_study.storage.provenance_table import read_with_provenance, rows_so_far, write_with_provenance
from tegnas_study.training.one_epoch import new_network, new_optimiser, training_step

RECORD = RESULTS / "epoch-cost.parquet"
KIND, COMMAND = "tegnas-epoch-cost", "python -m tegnas_study.bench.epochs"
COLUMNS = ("architecture", "teg_plain", "teg_fast", "epoch_plain", "epoch_fast")
N_TRAINED, N_VALIDATED = 25_000, 25_000  # half of CIFAR-10 each
STEPS = {"cpu": (64, 2), "cuda": (256, 20)}  # images a step, and timed steps; 256 are the benchmark's
ENOUGH = 50  # cells, before a ratio is judged


def evaluation_seconds(case: Case, architecture: Architecture) -> dict[str, float]:
    """Return the seconds of one repeat of the three indicators, in the plain and in the fast way.

    The plain way is the fast one with its two Jacobians, of the training and of the held-out batch, replaced. On a
    card everything runs once before, so that no time is taken for the choice of algorithms.
    """
    evaluator = Evaluator(case.settings, case.images, seed=case.seed, device=case.device)
    data, network = case.data(), case.network(architecture)
    sides = ((data.images, "weights"), (data.held_out_images, "cells"))

    def whole() -> None:
        evaluator.evaluate_repeat(architecture, 0)

    with one_thread():
        fast, exchanged = _seconds(case, whole), 0.0
        for images, wanted in sides:
            names = select_parameters(network, wanted)
            exchanged += _seconds(case, lambda x=images, n=names: plain_jacobian(case.network(architecture), x, n))
            exchanged -= _seconds(case, lambda x=images, n=names: jacobian(case.network(architecture), x, n))
    return {"teg_plain": fast + exchanged, "teg_fast": fast}


def _seconds(case: Case, action: Callable[[], object]) -> float:
    if case.device != "cpu":
        action()
    return timed(action, case.device)[0]


def epoch_seconds(
    case: Case,
    architecture: Architecture,
    *,
    batch_size: int | None = None,
    n_steps: int | None = None,
    width: int = 16,
) -> dict[str, float]:
    """Return the seconds of one epoch of the benchmark's network, plain and fast, extrapolated from steps.

    Args:
        case: The images, the seed of the weights, and the device.
        architecture: What the cells compute.
        batch_size: Images a step; None takes 64 on a processor and the benchmark's 256 on a card.
        n_steps: How many steps are timed, after one that is not; None takes 2, and 20 on a card.
        width: Channels of the first stage.
    """
    usual_size, usual_steps = STEPS[case.device]
    drawn = draw_batch(case.images, "train_half", batch_size or usual_size, seed=case.seed)
    batch = drawn.images.to(case.device), drawn.labels.to(case.device)
    network = partial(new_network, architecture, width=width, n_classes=case.images.n_classes, seed=case.seed)
    orders = {"epoch_plain": torch.contiguous_format, "epoch_fast": torch.channels_last}
    steps = n_steps or usual_steps
    return {name: _epoch(case, network(), batch, steps, order) for name, order in orders.items()}


def _epoch(
    case: Case, network: nn.Module, batch: tuple[Tensor, Tensor], n_steps: int, order: torch.memory_format
) -> float:
    half = case.device == "cuda" and order == torch.channels_last
    precision = torch.autocast(case.device, torch.bfloat16, enabled=half)
    network = network.to(case.device, memory_format=order)
    inputs, labels, optimiser = batch[0].to(memory_format=order), batch[1], new_optimiser(network)

    def train(steps: int) -> None:
        for _ in range(steps):
            training_step(network, optimiser, inputs, labels, precision=precision)

    def validate(steps: int) -> None:
        with torch.no_grad(), precision:
            for _ in range(steps):
                network(inputs)

    with one_thread():
        train(1)
        training = timed(lambda: train(n_steps), case.device)[0]
        validation = timed(lambda: validate(n_steps), case.device)[0]
    return (training * N_TRAINED + validation * N_VALIDATED) / (n_steps * len(inputs))


def read_epoch_costs(path: Path = RECORD) -> tuple[pd.DataFrame, dict[str, object]]:
    """Return the recorded seconds, one row for each cell, and where they come from.

    Raises:
        TegnasError: When the file is missing, damaged, or of another kind.
    """
    return read_with_provenance(path, COLUMNS, ("command",), kind=KIND, command=COMMAND)


def measure(
    case: Case,
    cells: list[Architecture],
    path: Path,
    *,
    command: str,
    ways: tuple[Callable[[Case, Architecture], Mapping[str, float]], ...] = (evaluation_seconds, epoch_seconds),
) -> pd.DataFrame:
    """Time the cells that the file does not hold yet, and write it anew after each of them.

    Args:
        case: Settings, images and seed.
        cells: What is timed.
        path: The file.
        command: How it is made, for its provenance.
        ways: What is timed of each cell.

    Raises:
        TegnasError: When the file was made with other settings, images or seed, or on another card.
    """
    facts = {"settings": case.settings.label, "images": case.images.description, "seed": case.seed}
    facts |= {"card": card_name()} if case.device == "cuda" else {}
    with writer_lock(path):
        wanted, same = {"card": None, **facts}, ("settings", "images", "seed", "card")
        table = rows_so_far(path, read_epoch_costs, wanted, same, columns=COLUMNS, with_values=True)
        left = [c for c in cells if str(c) not in set(table["architecture"])]
        for way in ways if left else ():
            way(case, left[0])  # not kept: the first of a process compiles, or loads what was compiled
        for cell in left:
            seconds = {name: value for way in ways for name, value in way(case, cell).items()}
            row = pd.DataFrame([{"architecture": str(cell), **seconds}])
            table = pd.concat([table, row], ignore_index=True) if len(table) else row
            write_with_provenance(path, table, {"command": command, **facts}, kind=KIND)
    return table


@click.command()
@number_option("--cells", lowest=1, highest=1000, default=60, help="Random connected cells.")
@seed_option("Seed of cells, weights and images.")
@click.option("--device", type=click.Choice([*STEPS]), default="cpu", show_default=True)
@click.option("--out", type=click.Path(path_type=Path), default=RECORD, help="The file of results.")
def epochs(cells: int, seed: int, device: str, out: Path) -> None:
    """Time evaluations and epochs, both ways; an interrupted run goes on."""
    command = f"{COMMAND} --cells {cells} --seed {seed}"
    if device == "cuda":
        require_card()
        command += " --device cuda"
        if out == RECORD:
            raise TegnasError("times of a card go into a file of their own: give --out")
    case = Case(make_settings("teg", repeats=1), load_images("cifar10"), seed=seed, device=device)
    table = measure(case, connected_cells(cells, seed=seed), out, command=command)
    click.echo(table[[*COLUMNS[1:]]].mean().to_string())


if __name__ == "__main__":
    run_command(epochs, "epochs")
