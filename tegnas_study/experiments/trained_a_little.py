"""The indicators of networks that were trained a little: at initialisation, and after each of the first epochs.

The networks are those of the zoo's cells of NAS-Bench-201 themselves, on the way of their training with seed 0,
and not proxies. κ, MSE and label-gradient alignment are of one batch of its images, as small as the training sees
them. R counts patterns over single pixels, each spread over 4×4 of them: larger pieces of an image would all have
patterns of their own in networks as wide as these.

Run ``python -m tegnas_study.experiments.trained_a_little``; it goes on where it stopped.
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click
import pandas as pd
import torch
from torch import Tensor, nn

from tegnas_core import evaluate_module
from tegnas_core.data.source import ImageSource
from tegnas_core.engine.arithmetic import one_thread
from tegnas_core.indicators.names import ALIGNMENT
from tegnas_core.seeding import torch_generator
from tegnas_study.command import number_option, run_command
from tegnas_study.data.images import load_images
from tegnas_study.experiments.zoo import Member, cells_of_nas_bench_201, jobs
from tegnas_study.storage.lock import writer_lock
from tegnas_study.storage.provenance import portable_command
from tegnas_study.storage.provenance_table import rows_so_far, write_with_provenance
from tegnas_study.tables.zoo import LITTLE_COMMAND, LITTLE_KIND, LITTLE_RECORD, read_trained_a_little
from tegnas_study.training.data import TrainingData, training_data
from tegnas_study.training.protocols import Protocol, protocol_named
from tegnas_study.training.training import Job, Training

N_REGION_INPUTS = 1_000


class Inputs:
    """What the indicators look at: a training and a held-out batch, and single pixels.

    Args:
        data: The images of the training; held-out ones are test images, whose labels no training sees.
        n: Images in a batch.
        seed: Which images, and which pixels.
    """

    def __init__(self, data: TrainingData, n: int, *, seed: int) -> None:
        self.train = _batch(data.train, data.n_train, n, seed, "train")
        self.held_out = _batch(data.test, data.n_test, n, seed, "held out")
        many, _ = _batch(data.test, data.n_test, min(N_REGION_INPUTS, data.n_test), seed, "regions")
        generator = torch_generator(seed, "pixels of a little training")
        row, column = (torch.randint(data.size, (len(many),), generator=generator) for _ in range(2))
        pixels = many[torch.arange(len(many)), :, row, column]
        self.pixels = pixels[:, :, None, None].expand(-1, -1, 4, 4).contiguous()


def _batch(split, n_images: int, n: int, seed: int, purpose: str) -> tuple[Tensor, Tensor]:
    order = torch.randperm(n_images, generator=torch_generator(seed, "a little training", purpose))[:n]
    more = ((seed, "a little training", purpose),) if purpose == "train" else ()
    return next(iter(split([order], *more)))


def indicators(network: nn.Module, inputs: Inputs) -> dict[str, float]:
    """Return κ, R, MSE and label-gradient alignment of a network as it stands, and the processor's seconds."""
    started = time.process_time()
    found = evaluate_module(
        network, *inputs.train, *inputs.held_out, region_images=inputs.pixels, rivals=(ALIGNMENT,)
    )
    return {
        "condition_number": found.condition_number,
        "linear_regions": float(found.linear_regions),
        "regression_error": found.regression_error,
        ALIGNMENT: found.rivals[ALIGNMENT].value,
        "evaluation_seconds": time.process_time() - started,
    }


def way_of(
    member: Member, protocol: Protocol, data: TrainingData, inputs: Inputs, *, n_epochs: int, n_classes: int
) -> pd.DataFrame:
    """Return the indicators before the first epoch and after each of the first ones, a row each."""
    training = Training(Job(member.architecture, protocol, 0, n_classes), data)
    about = {"architecture": str(member.architecture)}
    rows = []
    with one_thread():
        for epoch in range(n_epochs + 1):
            if epoch:
                training.run_epoch()
            accuracy = training.rows[-1]["test_accuracy"] if epoch else float("nan")
            trained = sum(row["cpu_seconds"] for row in training.rows)
            now = {"epoch": epoch, "test_accuracy": accuracy, "cpu_seconds": trained}
            rows.append({**about, **now, **indicators(training.network, inputs)})
    return pd.DataFrame(rows)


def measure(
    members: Sequence[Member],
    images: ImageSource,
    path: Path,
    *,
    n_epochs: int,
    n_images: int,
    command: str,
    size: str = "zoo",
) -> pd.DataFrame:
    """Add the networks that the file does not hold yet, and write it anew after each of them.

    Args:
        members: Cells of NAS-Bench-201.
        images: The data set.
        path: The file.
        n_epochs: How many epochs are trained.
        n_images: Images in a batch of the kernel.
        command: How the file is made, for its provenance.
        size: The size of the protocol.

    Raises:
        TegnasError: When the file was made otherwise.
    """
    protocol = protocol_named("nas-bench-201", size)
    facts = {
        "command": command,
        "images": images.description,
        "images_digest": images.digest,
        "protocol": protocol.facts,
        "n_epochs": n_epochs,
        "n_images": n_images,
        "n_region_inputs": N_REGION_INPUTS,
    }
    with writer_lock(path):
        same = ("images_digest", "protocol", "n_epochs", "n_images")
        table = rows_so_far(path, read_trained_a_little, facts, same)
        done = set() if table.empty else set(table["architecture"])
        todo = [member for member in members if str(member.architecture) not in done]
        if todo:
            data = training_data(images, protocol, device="cpu")
            inputs = Inputs(data, n_images, seed=0)
        for member in todo:
            sizes = {"n_epochs": n_epochs, "n_classes": images.n_classes}
            rows = way_of(member, protocol, data, inputs, **sizes)
            table = pd.concat([table, rows], ignore_index=True) if len(table) else rows
            write_with_provenance(path, table, facts, kind=LITTLE_KIND)
    return table


@click.command()
@number_option("--cells", lowest=1, highest=1000, default=32, help="Cells of NAS-Bench-201, as in the zoo.")
@number_option("--epochs", lowest=1, highest=1000, default=3, help="Epochs that are trained.")
@number_option("--batch", lowest=2, highest=1000, default=32, help="Images in a kernel.")
@click.option("--out", type=click.Path(path_type=Path), default=LITTLE_RECORD, help="The file of results.")
def main(cells: int, epochs: int, batch: int, out: Path) -> None:
    """Measure indicators on the way of a training; an interrupted run goes on."""
    ordered = [member for member, seed in jobs(cells_of_nas_bench_201(cells, seed=0), seed=0) if seed == 0]
    command = portable_command(sys.argv[1:], LITTLE_COMMAND)
    sizes = {"n_epochs": epochs, "n_images": batch}
    table = measure(ordered, load_images("cifar10"), out, command=command, **sizes)
    click.echo(f"{table['architecture'].nunique()} of {len(ordered)} networks")


if __name__ == "__main__":
    run_command(main, "trained_a_little")
