"""How many evaluations by TEG one epoch of training pays for: plain against plain, and fast against fast.

To set a hand-made engine beside plain training says as much about the engine as about the indicator. So both are
timed both ways, on one thread and in CPU seconds, over random connected cells:

* an evaluation in the plain way, one backward pass for each image, and in the fast way, the engine;
* an epoch as torch computes it by default, and with images and weights in the memory order that convolutions
  prefer on a processor (channels last).

An epoch is extrapolated from a few steps. What is not judged: other processors, GPUs, several threads, compiled or
half-precision training, and an engine for training as hand-made as the one for the Jacobian.

Run ``python -m tegnas_study.bench.epochs --cells 60``; it goes on where it stopped.
"""

import itertools
from collections.abc import Callable, Mapping
from pathlib import Path

import click
import pandas as pd
import torch

from tegnas_core.data.batches import draw_batch
from tegnas_core.engine.arithmetic import one_thread
from tegnas_core.evaluation import Evaluator
from tegnas_core.indicators.jacobians import jacobian, plain_jacobian, select_parameters
from tegnas_core.settings import make_settings
from tegnas_core.spaces import NASBench201
from tegnas_core.spaces.architecture import Architecture
from tegnas_core.spaces.structure import is_connected
from tegnas_study.bench.cost import Case, timed
from tegnas_study.data.images import load_images
from tegnas_study.paths import RESULTS
from tegnas_study.storage.lock import writer_lock
from tegnas_study.storage.provenance_table import read_with_provenance, write_with_provenance
from tegnas_study.training.one_epoch import new_network, new_optimiser, training_step

RECORD = RESULTS / "epoch-cost.parquet"
KIND, COMMAND = "tegnas-epoch-cost", "python -m tegnas_study.bench.epochs"
COLUMNS = ("architecture", "teg_plain", "teg_fast", "epoch_plain", "epoch_fast")
N_TRAINED, N_VALIDATED = 25_000, 25_000  # half of CIFAR-10 each
ENOUGH = 50  # cells, before a ratio is judged


def connected_cells(n: int, *, seed: int) -> list[Architecture]:
    """Return n different connected cells, drawn at random."""
    drawn = NASBench201().sample_many(2 * n + 20, seed=seed)
    return list(itertools.islice((a for a in drawn if is_connected(a)), n))


def evaluation_seconds(case: Case, architecture: Architecture) -> dict[str, float]:
    """Return the CPU seconds of one repeat of the three indicators, in the plain and in the fast way.

    The plain way is the fast one with its two Jacobians, of the training and of the held-out batch, replaced.
    """
    evaluator = Evaluator(case.settings, case.images, seed=case.seed)
    data, network = case.data(), case.network(architecture)
    sides = ((data.images, "weights"), (data.held_out_images, "cells"))
    with one_thread():
        fast, _ = timed(lambda: evaluator.evaluate_repeat(architecture, 0))
        exchanged = 0.0
        for images, wanted in sides:
            names = select_parameters(network, wanted)
            exchanged += timed(lambda x=images, n=names: plain_jacobian(case.network(architecture), x, n))[0]
            exchanged -= timed(lambda x=images, n=names: jacobian(case.network(architecture), x, n))[0]
    return {"teg_plain": fast + exchanged, "teg_fast": fast}


def epoch_seconds(
    case: Case, architecture: Architecture, *, batch_size: int = 64, n_steps: int = 2, width: int = 16
) -> dict[str, float]:
    """Return the CPU seconds of one epoch of the benchmark's network, plain and fast, extrapolated from steps.

    Args:
        case: The images, and the seed of the weights.
        architecture: What the cells compute.
        batch_size: Images a step.
        n_steps: How many steps are timed, after one that is not.
        width: Channels of the first stage.
    """
    batch = draw_batch(case.images, "train_half", batch_size, seed=case.seed)
    orders = {"epoch_plain": torch.contiguous_format, "epoch_fast": torch.channels_last}
    return {name: _epoch(case, architecture, batch, n_steps, width, order) for name, order in orders.items()}


def _epoch(case: Case, architecture: Architecture, batch, n_steps: int, width: int, order) -> float:
    network = new_network(architecture, width=width, n_classes=case.images.n_classes, seed=case.seed)
    network.to(memory_format=order)
    inputs, optimiser = batch.images.to(memory_format=order), new_optimiser(network)

    def step() -> None:
        training_step(network, optimiser, inputs, batch.labels)

    with one_thread():
        step()
        training = sum(timed(step)[0] for _ in range(n_steps)) / n_steps
        with torch.no_grad():
            validation = timed(lambda: network(inputs))[0]
    return (training * N_TRAINED + validation * N_VALIDATED) / len(inputs)


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
    """
    with writer_lock(path):
        table = read_epoch_costs(path)[0] if path.exists() else pd.DataFrame(columns=COLUMNS)
        for cell in (c for c in cells if str(c) not in set(table["architecture"])):
            seconds = {name: value for way in ways for name, value in way(case, cell).items()}
            row = pd.DataFrame([{"architecture": str(cell), **seconds}])
            table = pd.concat([table, row], ignore_index=True) if len(table) else row
            facts = {"command": command, "settings": case.settings.label, "images": case.images.description}
            write_with_provenance(path, table, {**facts, "seed": case.seed}, kind=KIND)
    return table


@click.command()
@click.option("--cells", default=60, show_default=True, help="Random connected cells.")
@click.option("--seed", default=0, show_default=True, help="Seed of cells, weights and images.")
@click.option("--out", type=click.Path(path_type=Path), default=RECORD, help="The file of results.")
def main(cells: int, seed: int, out: Path) -> None:
    """Time evaluations and epochs, both ways, on one thread; an interrupted run goes on."""
    case = Case(make_settings("teg", repeats=1), load_images("cifar10"), seed=seed)
    command = f"{COMMAND} --cells {cells} --seed {seed}"
    table = measure(case, connected_cells(cells, seed=seed), out, command=command)
    click.echo(table[[*COLUMNS[1:]]].mean().to_string())


if __name__ == "__main__":
    main()
