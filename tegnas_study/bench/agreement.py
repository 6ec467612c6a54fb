"""Do the numbers of a graphics card agree with those of a processor?

The same weights and images are drawn for both, so the two differ in how they round and in the order in which they
add. That is judged where it matters: how far a value moves, beside how far it moves when other weights are drawn,
and whether the order of the architectures stays the same.

Run ``python -m tegnas_study.bench.agreement --device cuda --out data/gpu/agreement.parquet``; it goes on where it
stopped.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click
import numpy as np
import pandas as pd
import torch
from scipy.stats import kendalltau
from tqdm import tqdm

from tegnas_core.evaluation import Evaluator
from tegnas_core.indicators.names import ZERO_COST
from tegnas_core.rival_evaluation import RivalEvaluator
from tegnas_core.settings import make_settings
from tegnas_core.spaces.architecture import Architecture
from tegnas_study.bench.card import card_name, require_card
from tegnas_study.bench.cells import connected_cells
from tegnas_study.command import number_option, run_command, seed_option
from tegnas_study.data.images import load_images
from tegnas_study.storage.lock import writer_lock
from tegnas_study.storage.provenance import portable_command
from tegnas_study.storage.provenance_table import read_with_provenance, rows_so_far, write_with_provenance

KIND, COMMAND = "tegnas-agreement", "python -m tegnas_study.bench.agreement"
COLUMNS = ("architecture", "indicator", "processor", "card", "other_weights")
THREE = ("condition_number", "linear_regions", "regression_error")
Values = Callable[[Architecture, int], Mapping[str, float]]  # of one architecture in one repeat


def values_on(device: str, images: str, *, seed: int, settings: str = "teg", **changes: object) -> Values:
    """Return what gives the three indicators and the rivals of one repeat, computed on a device.

    Args:
        device: "cpu" or "cuda".
        images: Name of the images.
        seed: Seed of weights and images.
        settings: Name of the preset.
        **changes: Settings that differ from it.
    """
    made, source = make_settings(settings, repeats=1, **changes), load_images(images)
    teg = Evaluator(made, source, seed=seed, device=device)
    rivals = RivalEvaluator(made, source, seed=seed, device=device, names=ZERO_COST)

    def values(architecture: Architecture, repeat: int) -> dict[str, float]:
        three = teg.evaluate_repeat(architecture, repeat)
        return {
            **{name: getattr(three, name) for name in THREE},
            **rivals.evaluate_repeat(architecture, repeat).values,
        }

    return values


def measure(
    cells: Sequence[Architecture], path: Path, *, processor: Values, card: Values, facts: Mapping[str, object]
) -> pd.DataFrame:
    """Add the cells that the file does not hold yet, and write it anew after each of them.

    Args:
        cells: What is evaluated.
        path: The file.
        processor: The values of a processor; its second repeat is that of other weights.
        card: The values that are compared with them.
        facts: What the values follow from, for the provenance.

    Raises:
        TegnasError: When the file was made from something else.
    """
    with writer_lock(path):
        same = ("images", "seed", "card")
        table = rows_so_far(path, read_agreement, facts, same, columns=COLUMNS, with_values=True)
        left = [cell for cell in cells if str(cell) not in set(table["architecture"])]
        for cell in tqdm(left, leave=False, disable=not sys.stderr.isatty()):
            here, there, again = processor(cell, 0), card(cell, 0), processor(cell, 1)
            rows = [(str(cell), name, here[name], there[name], again[name]) for name in here]
            fresh = pd.DataFrame(rows, columns=COLUMNS)
            table = pd.concat([table, fresh], ignore_index=True) if len(table) else fresh
            write_with_provenance(path, table, facts, kind=KIND)
    return table


def read_agreement(path: Path) -> tuple[pd.DataFrame, dict[str, object]]:
    """Return the recorded values, one row for each cell and indicator, and where they come from.

    Raises:
        TegnasError: When the file is missing, damaged, or of another kind.
    """
    return read_with_provenance(path, COLUMNS, ("command", "card"), kind=KIND, command=COMMAND)


def agreement(table: pd.DataFrame) -> pd.DataFrame:
    """Say for each indicator how far the values of the card lie from those of the processor.

    The relative difference is |a − b| / |a|, with a of the processor; cells whose value is not finite on one of
    them are counted in ``only one finite`` and left out.

    Returns:
        A row for each indicator: how many ``cells`` are finite on both, the ``median`` and ``largest`` relative
        difference of the card, the median one of ``other weights``, Kendall's ``tau`` of the two orders, and how
        many cells are finite on ``only one finite`` of the two.
    """
    rows = {}
    for name, part in table.groupby("indicator", sort=False):
        finite = np.isfinite(part[["processor", "card"]].to_numpy(float))
        both = part[finite.all(1)]
        size = both["processor"].abs()
        moved = (both["card"] - both["processor"]).abs() / size.where(size > 0, 1.0)
        redrawn = (both["other_weights"] - both["processor"]).abs() / size.where(size > 0, 1.0)
        rows[name] = {
            "cells": len(both),
            "median": moved.median(),
            "largest": moved.max(),
            "other weights": redrawn[np.isfinite(redrawn)].median(),
            "tau": kendalltau(both["processor"], both["card"]).statistic,
            "only one finite": int((finite[:, 0] != finite[:, 1]).sum()),
        }
    return pd.DataFrame(rows).T.astype({"cells": int, "only one finite": int}).rename_axis("indicator")


@click.command()
@number_option("--cells", lowest=2, highest=1000, default=50, help="Random connected cells.")
@seed_option("Of cells, weights and images.")
@click.option("--images", default="cifar10", show_default=True, help="The images to evaluate with.")
@click.option("--device", default="cuda", show_default=True, type=click.Choice(["cuda"]), help="What is compared.")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file of results.")
def main(cells: int, seed: int, images: str, device: str, out: Path) -> None:
    """Compare the numbers of a graphics card with those of a processor; an interrupted run goes on."""
    require_card()
    facts = {
        "command": portable_command(sys.argv[1:], COMMAND),
        "images": load_images(images).description,
        "seed": seed,
        "card": card_name(),
    }
    processor, card = (values_on(where, images, seed=seed) for where in ("cpu", device))
    chosen = connected_cells(cells, seed=seed)
    table = measure(chosen, out, processor=processor, card=card, facts=facts)
    click.echo(f"{facts['card']} beside {torch.get_num_threads()} thread(s) of a processor, preset teg")
    click.echo(agreement(table).to_string(float_format="{:.2g}".format))


if __name__ == "__main__":
    run_command(main, "agreement")
