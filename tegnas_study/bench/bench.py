"""The fast ways beside the plain ones, in one table: `make bench`, or `python -m tegnas_study.bench.bench --help`.

Everything runs on one thread. The slow twin, the exact and the frozen way take turns on each architecture. On a
graphics card an interrupted run with ``--json`` goes on when it is called again.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np
from tqdm import tqdm

from tegnas_core import OPERATIONS, Architecture, make_settings
from tegnas_study import load_images
from tegnas_study.bench.card import require_card
from tegnas_study.bench.cells import connected_cells
from tegnas_study.bench.cost import Case, compare
from tegnas_study.bench.cost_parts import seconds_by_indicator, where_time_goes
from tegnas_study.bench.gpu import measure_gpu
from tegnas_study.bench.peak import peak_operations
from tegnas_study.bench.table import Row, part_rows, rate_rows, ratio_rows, record, space_rows, worker_rows, write
from tegnas_study.bench.workers import two_against_one
from tegnas_study.command import number_option, run_command, seed_option
from tegnas_study.storage.journal import journal_path
from tegnas_study.storage.provenance import hardware, portable_command

BUSY = 0.5  # programs that wait for a processor before the bench starts
UNIFORM = {name: Architecture((name,) * 6) for name in OPERATIONS if name != "none"}


def measure_cpu(case: Case, architectures: Sequence[Architecture], rounds: int) -> tuple[list[Row], dict]:
    """Return the rows of one thread of a CPU and of two workers, and the numbers behind them."""
    compare(case, UNIFORM["nor_conv_3x3"], rounds=1)  # compile, or load what was compiled
    each, parts, indicators = [], [], []
    for architecture in tqdm(architectures, leave=False, disable=not sys.stderr.isatty()):
        each.append(compare(case, architecture, rounds=rounds))
        parts.append(where_time_goes(case, architecture))
        indicators.append(seconds_by_indicator(case, architecture))
    mean, alone = _mean(parts), _mean(indicators)
    uniform = {name: where_time_goes(case, architecture) for name, architecture in UNIFORM.items()}
    rows = ratio_rows({name: np.array([row[name] for row in each]) for name in each[0]}, targets=True)
    rows += part_rows(mean)
    rows += rate_rows(case, uniform["nor_conv_3x3"]["convolutions"], peak_operations())
    rows += worker_rows(two_against_one(case, architectures[:8], rounds=rounds))
    rows += space_rows(sum(mean.values()) / 2, "two free cores")
    listed = [{"architecture": str(a), **row} for a, row in zip(architectures, each, strict=True)]
    return rows, {"architectures": listed, "parts": {"random": mean, **uniform}, "indicators": alone}


def _mean(seconds: list[dict[str, float]]) -> dict[str, float]:
    return {name: float(np.mean([each[name] for each in seconds])) for name in seconds[0]}


@click.command()
@click.option("--device", type=click.Choice(["cpu", "cuda"]), default="cpu", show_default=True)
@number_option("--architectures", lowest=1, highest=1000, default=20, help="Random ones.")
@number_option("--batch", lowest=4, highest=1000, default=64, help="Images of a kernel.")
@number_option("--rounds", lowest=1, highest=1000, default=2, help="Turns of each way.")
@seed_option("Of architectures, weights and images.")
@click.option("--json", "path", type=click.Path(path_type=Path, dir_okay=False), help="Keep the numbers here.")
def bench(device: str, architectures: int, batch: int, rounds: int, seed: int, path: Path | None) -> None:
    """Time the fast ways beside the plain ones and print one table."""
    if device == "cuda":
        require_card()
    case = Case(make_settings("teg", batch_size=batch), load_images("synthetic"), seed=seed, device=device)
    chosen, before = connected_cells(architectures, seed=seed), os.getloadavg()[0]
    click.echo(f"{hardware()}, one thread, {len(chosen)} random architectures, batch {batch}")
    if before > BUSY:
        click.echo(f"the machine is busy (load average {before:.1f}): ratios suffer, times by the clock more")
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    on_card = device == "cuda"
    rows, details = measure_gpu(case, chosen, rounds, path) if on_card else measure_cpu(case, chosen, rounds)
    for row in rows:
        click.echo(row)
    after = os.getloadavg()[0]
    click.echo(f"load average {before:.1f} before, {after:.1f} after")
    if path is not None:
        command = portable_command(sys.argv[1:], "python -m tegnas_study.bench.bench")
        write(path, record(rows, details, command, (before, after)))
        if on_card:
            journal_path(path).unlink(missing_ok=True)  # the record holds its rows now


if __name__ == "__main__":
    run_command(bench, "bench")
