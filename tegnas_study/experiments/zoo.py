"""A zoo of trained networks: cells of NAS-Bench-201 and genotypes of the DARTS space, at a small size for each.

The cells of NAS-Bench-201 lie over the whole range of accuracy, so they can say whether so short a training orders
networks as 200 epochs do, and hence how far it may be trusted on the DARTS space, where nobody knows the order.
The genotypes are those of `data/results/darts-judged.txt` (found by every search here, the paper's, and three of
5×5 convolutions alone that nobody searched for), the other named ones of the literature, and random ones.

Run ``python -m tegnas_study.experiments.zoo``; it goes on where it stopped. Jobs come in a random order, so a run
that was stopped has a balanced sample.
"""

import random
import sys
from collections.abc import Hashable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import click
import numpy as np
import pandas as pd

from tegnas_core.data.source import ImageSource
from tegnas_core.engine.arithmetic import one_thread
from tegnas_core.spaces import NAMED, Darts, NASBench201
from tegnas_core.spaces.genotype import Genotype
from tegnas_core.spaces.structure import is_connected
from tegnas_study.command import number_option, run_command, seed_option
from tegnas_study.data.benchmark import load_benchmark
from tegnas_study.data.images import load_images
from tegnas_study.paths import RESULTS
from tegnas_study.storage.lock import writer_lock
from tegnas_study.storage.provenance import portable_command
from tegnas_study.storage.provenance_table import rows_so_far, write_with_provenance
from tegnas_study.tables.darts_sizes import genotype_complexity
from tegnas_study.tables.sizes import Skeleton, complexity_of
from tegnas_study.tables.zoo import COMMAND, KIND, RECORD, read_zoo
from tegnas_study.training.choices import SIZES
from tegnas_study.training.data import TrainingData, training_data
from tegnas_study.training.protocols import Protocol, protocol_named
from tegnas_study.training.run import Outcome, run_training
from tegnas_study.training.training import Job
from tegnas_study.training.workers import Worker

JUDGED = RESULTS / "darts-judged.txt"
RANDOM_SEED = 1000  # of the random genotypes that `darts-judged.parquet` knows
PROTOCOLS = {"nas-bench-201": "nas-bench-201", "darts": "darts-cifar10"}


class Member(NamedTuple):
    """A network of the zoo.

    Attributes:
        space: Its search space.
        architecture: What its cells compute.
        group: Where it comes from: "stratum", "found", "paper", "named", "all 5×5" or "random".
        name: What it is called, or "".
    """

    space: str
    architecture: Hashable
    group: str
    name: str


def cells_of_nas_bench_201(n: int, *, seed: int) -> list[Member]:
    """Return n connected cells, one drawn from each of n equally large strata of accuracy after full training.

    Cells are representatives of classes of equal functions, and the accuracy is the re-training that comes with
    the study, so that everybody draws the same.
    """
    cells = [a for a in NASBench201().classes() if is_connected(a)]
    accuracy = load_benchmark("analog").accuracy("cifar10")
    known = accuracy.reindex([str(cell) for cell in cells]).to_numpy()
    order = np.argsort(known, kind="stable")
    rng = np.random.default_rng(seed)
    return [
        Member("nas-bench-201", cells[stratum[rng.integers(len(stratum))]], "stratum", "")
        for stratum in np.array_split(order, n)
    ]


def genotypes(n_random: int) -> list[Member]:
    """Return the judged genotypes, the other named ones, and n random ones, each once."""
    found = [*_judged(), *(Member("darts", genotype, "named", name) for name, genotype in NAMED.items())]
    found += [Member("darts", g, "random", "") for g in Darts().sample_many(n_random, seed=RANDOM_SEED)]
    members: dict[Hashable, Member] = {}
    for member in found:
        members.setdefault(member.architecture, member)
    return [*members.values()]


def _judged() -> Iterator[Member]:
    for line in JUDGED.read_text(encoding="utf-8").splitlines():
        text, mark, name = line.partition(")  # ")
        if mark:
            group = "paper" if name.startswith("TEGNAS") else "all 5×5" if name.startswith("all") else "found"
            name = name.partition(",")[0] if group == "paper" else name
            yield Member("darts", Genotype.parse(f"{text})"), group, name)


def jobs(members: Sequence[Member], *, seed: int) -> list[tuple[Member, int]]:
    """Return every member with seed 0, and every third of each space with seed 1 right behind.

    The order is random within a space, and the spaces take turns in proportion, so any beginning is a fair sample.

    Args:
        members: The zoo.
        seed: Seed of the order.
    """
    order = random.Random(seed).sample(members, len(members))
    placed = []
    for space in sorted({member.space for member in members}):
        of_space = [member for member in order if member.space == space]
        for number, member in enumerate(of_space):
            runs = [(member, 0), (member, 1)] if number % 3 == 0 else [(member, 0)]
            placed.append(((number + 0.5) / len(of_space), space, runs))
    return [run for _, _, runs in sorted(placed, key=lambda entry: entry[:2]) for run in runs]


def trained(
    member: Member, seed: int, protocol: Protocol, data: TrainingData, images: ImageSource, device: str
) -> pd.DataFrame:
    """Train one network on one thread, or on a card, and return its curve, one row an epoch."""
    with one_thread():
        job = Job(member.architecture, protocol, seed, images.n_classes)
        found = run_training(job, data, images, worker=Worker(device=device))
    return rows_of(member, seed, found, protocol, data.size, images.n_classes)


def rows_of(
    member: Member, seed: int, found: Outcome, protocol: Protocol, image_size: int, n_classes: int
) -> pd.DataFrame:
    """Return the rows of a training as the file holds them."""
    if member.space == "darts":
        full = genotype_complexity(member.architecture)
    else:
        full = complexity_of(member.architecture, Skeleton(10))
    about = {
        "space": member.space,
        "architecture": str(member.architecture),
        "group": member.group,
        "name": member.name,
        "seed": seed,
        "parameters": found.parameters,
        "full_parameters": full.parameters,
        "full_flops": full.flops,
    }
    return found.rows.assign(**about)[[*about, *found.rows.columns]]


def measure(
    todo: Sequence[tuple[Member, int]],
    images: ImageSource,
    path: Path,
    *,
    command: str,
    size: str = "zoo",
    epochs: int | None = None,
    device: str = "cpu",
) -> pd.DataFrame:
    """Train what the file does not hold yet, and write it anew after each network.

    Args:
        todo: Networks and seeds.
        images: The data set.
        path: The file.
        command: How it is made, for its provenance.
        size: The size of the protocols.
        epochs: Another length.
        device: "cpu" or "cuda".

    Raises:
        TegnasError: When the file was made with other images, another protocol, or on another device.
    """
    protocols = {space: protocol_named(name, size, epochs=epochs) for space, name in PROTOCOLS.items()}
    facts = {
        "command": command,
        "images": images.description,
        "images_digest": images.digest,
        "protocols": {space: protocol.facts for space, protocol in protocols.items()},
        "threads": 1,
        "device": device,
    }
    with writer_lock(path):
        table = rows_so_far(path, read_zoo, facts, ("images_digest", "protocols", "device"))
        done = set() if table.empty else set(zip(table["architecture"], table["seed"], strict=True))
        wanted = [(m, seed) for m, seed in todo if (str(m.architecture), seed) not in done]
        data = {s: training_data(images, p, device=device) for s, p in protocols.items()} if wanted else {}
        for member, seed in wanted:
            rows = trained(member, seed, protocols[member.space], data[member.space], images, device)
            table = pd.concat([table, rows], ignore_index=True) if len(table) else rows
            write_with_provenance(path, table, facts, kind=KIND)
    return table


@click.command()
@number_option("--cells", lowest=1, highest=1000, default=32, help="Cells of NAS-Bench-201.")
@number_option(
    "--random", "n_random", lowest=0, highest=1000, default=24, help="Random genotypes of the DARTS space."
)
@click.option("--size", type=click.Choice(SIZES), default="zoo", show_default=True, help="Size of the protocols.")
@seed_option("Seed of the cells and of the order.")
@click.option("--device", default="cpu", type=click.Choice(["cpu", "cuda"]), show_default=True, help="Where.")
@click.option("--out", type=click.Path(path_type=Path), default=RECORD, help="The file of results.")
def main(cells: int, n_random: int, size: str, seed: int, device: str, out: Path) -> None:
    """Train the zoo; an interrupted run goes on."""
    todo = jobs([*cells_of_nas_bench_201(cells, seed=seed), *genotypes(n_random)], seed=seed)
    command = portable_command(sys.argv[1:], COMMAND)
    table = measure(todo, load_images("cifar10"), out, command=command, size=size, device=device)
    click.echo(f"{table.groupby(['architecture', 'seed']).ngroups} of {len(todo)} trainings")


if __name__ == "__main__":
    run_command(main, "zoo")
