"""From the paper's text to the released code and to the preset `teg`: a search with one option changed at a time.

Each search looks its values up in a single draw of weights and batch, the first repeat of a table of the atlas.
What it finds is kept with its accuracies, on the validation and on the test split.

Run ``python -m tegnas_study.experiments.switches``; it goes on where it stopped.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import pandas as pd

from tegnas_core.spaces.by_name import SPACES
from tegnas_study.command import number_option, run_command
from tegnas_study.data.benchmark import Benchmark, load_benchmark
from tegnas_study.experiments.choices import PresetName
from tegnas_study.experiments.methods import CLASSES
from tegnas_study.experiments.outcome import outcome, with_accuracies
from tegnas_study.experiments.presets import method_options, space_options
from tegnas_study.experiments.request import make_request
from tegnas_study.experiments.run import run_search
from tegnas_study.paths import RESULTS
from tegnas_study.storage.lock import writer_lock
from tegnas_study.storage.provenance import portable_command
from tegnas_study.storage.provenance_table import read_with_provenance, write_with_provenance
from tegnas_study.tables.atlases import seed_tables

RECORD = RESULTS / "switches-searches.parquet"
KIND, COMMAND = "tegnas-search-switches", "python -m tegnas_study.experiments.switches"
SPACE = "nas-bench-201"
COLUMNS = ("method", "step", "atlas", "seed", "derived", "incumbent", "entropy")
RESULTS_OF = ("derived", "incumbent")


@dataclass(frozen=True)
class Step:
    """A search on the way from the text to `teg`.

    Attributes:
        words: What has been changed since the step before.
        space: The preset of the space, which says how it is mutated.
        options: All options of the method.
    """

    words: str
    space: PresetName
    options: Mapping[str, Any]


def steps(method: str) -> tuple[Step, ...]:
    """Return the steps of a method: the text first, `teg` last, `released` between them.

    >>> [step.words for step in steps("evolution")]
    ['as printed', 'released', 'teg']
    """
    text, code, ours = (method_options(method, preset, space=SPACE) for preset in ("paper", "released", "teg"))
    if method != "reinforce":
        kinds: tuple[PresetName, ...] = ("paper", "released", "teg")
        words = ("as printed", "released", "teg")
        return tuple(Step(*parts) for parts in zip(words, kinds, (text, code, ours), strict=True))
    buffer = text | {"reward": replace(text["reward"], failures="released")}
    window = buffer | {"reward": code["reward"]}
    adam = window | {"optimiser": code["optimiser"]}
    if adam | {"baseline": code["baseline"], "edges": code["edges"]} != code:
        raise AssertionError("the steps of REINFORCE must lead from the text to the released code")
    chain = {"as printed": text, "overwritten buffers": buffer, "window of ten": window, "Adam": adam}
    found = [Step(words, "released", options) for words, options in chain.items()]
    return (*found, Step("debiased baseline", "released", code), Step("failures are worst", "teg", ours))


def searched(method: str, step: Step, *, atlas: str, seed: int) -> dict[str, object]:
    """Search once and return the row of it, without accuracies.

    Args:
        method: Name of the method.
        step: Its options.
        atlas: The table whose first repeat is looked up.
        seed: Seed of the method's draws; all steps of one seed begin alike.
    """
    request = make_request(method, atlas=atlas, draw=0)
    space = SPACES[SPACE](**space_options(SPACE, step.space))
    history = run_search(request, seed=seed, make=lambda rng: CLASSES[method](space, rng=rng, **step.options))
    found = outcome(history, seed=seed)
    return {
        "method": method,
        "step": step.words,
        "atlas": atlas,
        "seed": seed,
        **{name: found[name] for name in RESULTS_OF},
        "entropy": history.visits[-1].entropy,
    }


def measure(
    path: Path,
    *,
    tables: Sequence[str],
    n_seeds: int,
    benchmark: Benchmark,
    command: str,
    methods: Sequence[str] = ("reinforce", "evolution"),
) -> pd.DataFrame:
    """Add the searches that the file does not hold yet, and write it anew after every seed of a table.

    Args:
        path: The file.
        tables: Tables of the atlas.
        n_seeds: How many searches each step has on each table.
        benchmark: Where accuracies come from; splits that it does not know get no column.
        command: How the file is made, for its provenance.
        methods: Names of methods.
    """
    with writer_lock(path):
        rows = read_searches(path)[0][[*COLUMNS]].to_dict("records") if path.exists() else []
        done = {tuple(row[name] for name in COLUMNS[:4]) for row in rows}
        facts = {"command": command, "benchmark": benchmark.description, "atlas": list(tables)}
        for seed in range(n_seeds):
            for table in tables:
                wanted = [(m, s) for m in methods for s in steps(m) if (m, s.words, table, seed) not in done]
                rows += [searched(m, step, atlas=table, seed=seed) for m, step in wanted]
                if wanted:
                    found = with_accuracies(rows, benchmark, RESULTS_OF)
                    write_with_provenance(path, found, facts, kind=KIND)
    return with_accuracies(rows, benchmark, RESULTS_OF)


def read_searches(path: Path = RECORD) -> tuple[pd.DataFrame, dict[str, object]]:
    """Return the recorded searches, and where they come from.

    Raises:
        TegnasError: When the file is missing, damaged, or of another kind.
    """
    return read_with_provenance(path, COLUMNS, ("command", "benchmark"), kind=KIND, command=COMMAND)


@click.command()
@number_option("--seeds", lowest=1, highest=10_000, default=10, help="Searches of each step on each draw.")
@click.option("--out", type=click.Path(path_type=Path), default=RECORD, help="The file of results.")
def main(seeds: int, out: Path) -> None:
    """Search with one option changed after the other; an interrupted run goes on."""
    command = portable_command(sys.argv[1:], COMMAND)
    found = measure(out, tables=seed_tables(), n_seeds=seeds, benchmark=load_benchmark(), command=command)
    click.echo(f"{len(found):,} searches")


if __name__ == "__main__":
    run_command(main, "switches")
