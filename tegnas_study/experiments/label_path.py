"""The kernel regression with more images: sizes, ridges and batches, in parts that do not depend on scale.

One batch of 64 images says little about which architecture the labels favour. Here the regression of each class of
cells is repeated on several batches, each with its own weights; for n of its training images, and with several
ridges. Training and held-out images go through the network once each, so the statistics of batch normalisation are
those of the whole batch, and a smaller n takes the first rows of the same kernel.

Run ``python -m tegnas_study.experiments.label_path``; it goes on where it stopped, with more classes and batches
when they are asked for. The full size is ``--classes 500 --batches 20 --held-out 512 --sizes 64,128,256,512``, for
which another ``--out`` is needed: with exact batch statistics about half a minute of a free core a class and
batch, three and a half core-days; with ``--batch-norm frozen``, which holds the statistics constant in the
derivative, about half a second.
"""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
import pandas as pd
import torch
from torch import Tensor

from tegnas_core.data.batches import draw_batch
from tegnas_core.data.source import ImageSource
from tegnas_core.engine.arithmetic import one_thread
from tegnas_core.errors import quoted
from tegnas_core.indicators.controls import label_gradient_alignment
from tegnas_core.indicators.jacobians import jacobian, select_parameters
from tegnas_core.indicators.kernels import centred_one_hot, kernel_regression, ntk
from tegnas_core.networks import proxy_network
from tegnas_core.seeding import derive_seed, torch_generator
from tegnas_core.settings import make_settings
from tegnas_core.spaces import NASBench201
from tegnas_core.spaces.architecture import Architecture
from tegnas_core.spaces.structure import is_connected
from tegnas_study.command import number_option, run_command, seed_option
from tegnas_study.data.images import load_images
from tegnas_study.paths import RESULTS
from tegnas_study.storage.lock import writer_lock
from tegnas_study.storage.provenance_table import read_with_provenance, require_same, write_with_provenance

RECORD = RESULTS / "label-path-cifar10.parquet"
KIND, COMMAND = "tegnas-label-path", "python -m tegnas_study.experiments.label_path"
RIDGES = (0.0, 0.01, 0.1, 1.0)
FROZEN_RECORD = RESULTS / "label-path-frozen-cifar10.parquet"
MOST_IMAGES = 10_000  # of a batch
BATCH_NORMS = ("exact", "frozen")
SECONDS_UNSAVED = 20.0  # at most this much work is lost by a kill
COLUMNS = ("architecture", "batch", "n", "ridge", "error", "permuted", "norm", "cosine", "lga", "trivial")


def regression_parts(
    kernel: Tensor, kernel_test: Tensor, labels: Tensor, held_out: Tensor, permuted: Tensor, ridge: float
) -> dict[str, float]:
    """Return the error with true and with permuted labels, and the parts of it, of one regression.

    ``cosine`` is Σ⟨ŷ, y⟩ / (‖ŷ‖ ‖y‖) over all held-out images, ``norm`` the mean of ‖ŷ‖², ``trivial`` the error of
    predicting the mean. Infinite, or nan for the cosine, where the kernel is singular.

    Args:
        kernel: Shape (n, n), in float64.
        kernel_test: Shape (m, n).
        labels: Classes of the training images, shape (n,).
        held_out: Classes of the held-out images, shape (m,).
        permuted: The training labels in another order, shape (n,).
        ridge: λ, relative to the mean of the diagonal.
    """
    n_classes = int(max(labels.max(), held_out.max())) + 1
    y = centred_one_hot(held_out, n_classes, dtype=kernel.dtype)
    trivial = y.square().sum(1).mean().item()
    try:
        true, other = (
            kernel_regression(kernel, kernel_test, centred_one_hot(t, n_classes, dtype=kernel.dtype), ridge=ridge)
            for t in (labels, permuted)
        )
    except torch.linalg.LinAlgError:
        failed = dict.fromkeys(("error", "permuted", "norm"), float("inf"))
        return {**failed, "cosine": float("nan"), "trivial": trivial}
    error = lambda found: (found - y).square().sum(1).mean().item()  # noqa: E731
    return {
        "error": error(true),
        "permuted": error(other),
        "norm": true.square().sum(1).mean().item(),
        "cosine": ((true * y).sum() / (true.norm() * y.norm())).item(),
        "trivial": trivial,
    }


def path_of(
    architecture: Architecture,
    images: ImageSource,
    *,
    batch: int,
    sizes: Sequence[int],
    held_out: int,
    seed: int,
    batch_norm: str = "exact",
) -> list[dict[str, float]]:
    """Return the parts of the regressions of one architecture on one batch, for every size and ridge.

    Args:
        architecture: What the cells compute.
        images: The data set.
        batch: Number of the batch; weights and images follow from it.
        sizes: How many training images the regressions take; the largest is drawn.
        held_out: How many held-out images they are tested on.
        seed: Seed of everything.
        batch_norm: "exact" differentiates through the batch statistics, "frozen" holds them constant.
    """
    settings = make_settings("teg", batch_size=max(sizes))
    base = derive_seed(seed, "label path", batch)
    train = draw_batch(images, "train_half", max(sizes), seed=base, augment=settings.augment)
    test = draw_batch(images, "validation_half", held_out, seed=derive_seed(base, "held out"))
    network = proxy_network(architecture, settings, "kernel", n_classes=images.n_classes, seed=seed, repeat=batch)
    names = select_parameters(network, "cells")
    with one_thread():
        mine, theirs = (jacobian(network, part.images, names, batch_norm=batch_norm) for part in (train, test))
        kernel, kernel_test = ntk(mine), ntk(theirs, mine)
    order = torch.randperm(max(sizes), generator=torch_generator(base, "permuted labels"))
    rows = []
    for n in sizes:
        labels, small = train.labels[:n], kernel[:n, :n]
        permuted = labels[order[order < n]]
        lga = label_gradient_alignment(small, labels, images.n_classes)
        for ridge in RIDGES:
            parts = regression_parts(small, kernel_test[:, :n], labels, test.labels, permuted, ridge)
            rows.append({"batch": batch, "n": n, "ridge": ridge, "lga": lga, **parts})
    return rows


def connected_classes(n: int, *, seed: int) -> list[Architecture]:
    """Return representatives of n different connected classes; classes are drawn, not strings."""
    classes = [a for a in NASBench201().classes() if is_connected(a)]
    order = torch.randperm(len(classes), generator=torch_generator(seed, "classes of the label path"))
    return [classes[i] for i in order[:n]]


def read_label_path(path: Path = RECORD) -> tuple[pd.DataFrame, dict[str, object]]:
    """Return the recorded regressions, and where they come from.

    Raises:
        TegnasError: When the file is missing, damaged, or of another kind.
    """
    return read_with_provenance(path, COLUMNS, ("command",), kind=KIND, command=COMMAND)


def measure(
    classes: Sequence[Architecture],
    images: ImageSource,
    path: Path,
    *,
    batches: int,
    sizes: Sequence[int],
    held_out: int,
    seed: int,
    command: str,
    batch_norm: str = "exact",
) -> pd.DataFrame:
    """Add what the file does not hold yet, batch by batch, and write it anew every now and then.

    The first batch of all classes comes before the second of any, so an interrupted run has whole batches.

    Args:
        classes: What is evaluated.
        images: The data set.
        path: The file.
        batches: How many batches each class sees.
        sizes: As in `path_of`.
        held_out: As in `path_of`.
        seed: Seed of everything.
        command: How it is made, for its provenance.
        batch_norm: As in `path_of`.

    Raises:
        TegnasError: When the file was made with other images, sizes, statistics or seed.
    """
    facts = {"command": command, "images": images.description, "held_out": held_out, "seed": seed}
    facts["batch_norm"] = batch_norm
    with writer_lock(path):
        table, made = read_label_path(path) if path.exists() else (pd.DataFrame(columns=COLUMNS), None)
        if made is not None:
            _check_same(path, {**made, "sizes": sorted(set(table["n"]))}, {**facts, "sizes": sorted(sizes)})
        done = set(zip(table["architecture"], table["batch"], strict=True))
        left = [(cell, batch) for batch in range(batches) for cell in classes if (str(cell), batch) not in done]
        same = {"sizes": sizes, "held_out": held_out, "seed": seed, "batch_norm": batch_norm}
        fresh, saved = [], time.monotonic()
        for cell, batch in left:
            found = path_of(cell, images, batch=batch, **same)
            fresh.append(pd.DataFrame(found).assign(architecture=str(cell))[[*COLUMNS]])
            if time.monotonic() - saved > SECONDS_UNSAVED or (cell, batch) == left[-1]:
                table = pd.concat([*([table] if len(table) else []), *fresh], ignore_index=True)
                write_with_provenance(path, table, facts, kind=KIND)
                fresh, saved = [], time.monotonic()
    return table


def _check_same(path: Path, made: Mapping[str, object], wanted: Mapping[str, object]) -> None:
    made = {"batch_norm": "exact", **made}  # older files do not name it
    require_same(path, made, wanted, ("images", "held_out", "seed", "sizes", "batch_norm"), with_values=True)


class _Sizes(click.ParamType):
    """Different numbers of images, with commas between them."""

    name = "numbers"

    def convert(self, value: str, param: click.Parameter | None, context: click.Context | None) -> list[int]:
        words = [word.strip() for word in value.split(",")]
        numbers = [int(word) for word in words if word.isascii() and word.isdigit() and len(word) <= 5]
        if len({*numbers}) < len(words) or not all(2 <= n <= MOST_IMAGES for n in numbers):
            right = f"different whole numbers from 2 to {MOST_IMAGES:,} with commas between them, as in 64,128"
            self.fail(f"{quoted(value)} should be {right}.", param, context)
        return numbers


@click.command()
@number_option("--classes", lowest=1, highest=5259, default=100, help="Connected classes of equal functions.")
@number_option("--batches", lowest=1, highest=1000, default=6, help="Batches, each with weights of its own.")
@number_option("--held-out", lowest=2, highest=MOST_IMAGES, default=256, help="Held-out images.")
@click.option(
    "--sizes", type=_Sizes(), default="64,128,256", show_default=True, help="Numbers of training images."
)
@seed_option("Seed of classes, weights and images.")
@click.option(
    "--batch-norm",
    type=click.Choice(BATCH_NORMS),
    default="exact",
    show_default=True,
    help="Differentiate through the batch statistics, or hold them constant.",
)
@click.option("--out", type=click.Path(path_type=Path), default=RECORD, help="The file of results.")
def main(
    classes: int, batches: int, held_out: int, sizes: list[int], seed: int, batch_norm: str, out: Path
) -> None:
    """Repeat the kernel regression with more images; an interrupted run goes on."""
    command = f"{COMMAND} --classes {classes} --batches {batches} --held-out {held_out}"
    command += f" --sizes {','.join(map(str, sizes))}"
    if batch_norm != "exact":
        command += f" --batch-norm {batch_norm}"
    options = {"batches": batches, "sizes": sizes, "held_out": held_out, "seed": seed, "batch_norm": batch_norm}
    cells = connected_classes(classes, seed=seed)
    table = measure(cells, load_images("cifar10"), out, command=f"{command} --seed {seed}", **options)
    click.echo(f"{len(table):,} regressions of {table['architecture'].nunique()} classes")


if __name__ == "__main__":
    run_command(main, "label_path")
