"""Rows of another file that stay true under another equivalence of cells are taken over, not computed again.

The numbers of a row belong to the network that was built for it. Two settings that differ in `equivalence` alone
build the same network for most architectures, with the same weights and images, and then give the same row.
"""

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
from pydantic import ValidationError

from tegnas_core.errors import TegnasError
from tegnas_core.settings import IndicatorSettings
from tegnas_study.sweep.output import provenance_of, read_table
from tegnas_study.sweep.rows import KEY, Outcome, Row, Sweep, Task
from tegnas_study.sweep.store import open_store

_FREE = {"name", "repeats", "equivalence"}  # settings in which the two sweeps may differ


def take_over(old: Path, tasks: Iterable[Task], sweep: Sweep, *, out: Path, columns: Iterable[str] = ()) -> int:
    """Copy what is asked for and missing from another sweep's file into the output, and return how many rows.

    A row is taken when its settings differ in `equivalence` at most, its space, images and seed are those of the
    sweep, it is no "error", and its architecture builds the same network under both settings. The circumstances of
    the old runs (command, versions, hardware) become runs of the new file, each with an entry ``taken_over``: the
    file, the old settings and how many rows. A file from before images had digests is taken at its word.

    Args:
        old: The Parquet file of the other sweep.
        tasks: What is asked for.
        sweep: What the new rows share; its details hold the settings.
        out: The file of the sweep.
        columns: More columns, beside the results of the sweep, that the old file must have.

    Raises:
        TegnasError: When the old file is missing, damaged, of another kind or the output itself; when it has none
            of the rows under fitting settings; when its images were others; or when the output cannot be written.
    """
    if out.exists() and old.exists() and out.samefile(old):
        raise TegnasError(f"rows are taken over from another file; {old} is the output itself")
    table = read_table(old)
    for name in (*sweep.results, *columns):
        if name not in table.column_names:
            raise TegnasError(f"{old} has no {name}, so that nothing can be taken over from it")
    settings = _fitting(old, provenance_of(table)["settings"], sweep)
    runs = _runs(old, table, sweep, settings)
    rows = _rows(table, {*tasks}, sweep, settings)
    if not rows:
        raise TegnasError(f"{old} has no row of {sweep.images} and seed {sweep.seed} that could be taken over")
    with open_store(out, sweep.results) as store:
        store.check_images({"images": sweep.images, "images_digest": sweep.details.get("images_digest", "")})
        known = store.statuses(sweep)
        new = [row for row in rows if (row["architecture"], row["repeat"]) not in known]
        for run in runs if new else ():
            n = sum(row["settings"] == run["settings"] for row in new)
            origin = {"file": old.name, "settings": run["settings"], "rows": n}
            store.begin({**run, "settings": sweep.settings, "details": dict(sweep.details), "taken_over": origin})
        store.add(sweep, map(_outcome, new))
        store.finish()
    return len(new)


def _fitting(old: Path, known: dict[str, dict], sweep: Sweep) -> dict[str, IndicatorSettings]:
    """Return those settings of the old file, by label, that differ from the sweep's in `equivalence` at most."""
    wanted = IndicatorSettings.model_validate(sweep.details["settings"]).model_dump(exclude=_FREE)
    fitting = {}
    for label, details in known.items():
        try:
            settings = IndicatorSettings.model_validate(details["settings"])
        except (ValidationError, KeyError, TypeError):
            continue
        if settings.label == label and settings.model_dump(exclude=_FREE) == wanted:
            fitting[label] = settings
    if not fitting:
        raise TegnasError(
            f"{old} has rows of {', '.join(known) or 'unknown settings'}, "
            f"which differ from {sweep.settings} in more than their equivalence"
        )
    return fitting


def _runs(old: Path, table: pa.Table, sweep: Sweep, settings: dict[str, IndicatorSettings]) -> list[dict]:
    """Return the old runs of the sweep's images and seed; refuse them when the images were others."""
    runs, digest = [], sweep.details.get("images_digest", "")
    for run in provenance_of(table)["runs"]:
        shared = run["space"], run["images"], run["seed"]
        if run["settings"] in settings and shared == (sweep.space, sweep.images, sweep.seed):
            if run.get("images_digest", digest) != digest:
                raise TegnasError(f"the rows of images {sweep.images} in {old} were made from other images")
            runs.append(run)
    return runs


def _rows(table: pa.Table, tasks: set[Task], sweep: Sweep, settings: dict[str, IndicatorSettings]) -> list[Row]:
    from tegnas_core.networks.by_name import networks_named
    from tegnas_core.spaces.by_name import parse_architecture

    networks = networks_named(sweep.space)
    now = IndicatorSettings.model_validate(sweep.details["settings"])

    def is_the_same(row: Row) -> bool:
        architecture = parse_architecture(networks.search_space, row["architecture"])
        before = settings[row["settings"]]
        return networks.simplest(architecture, before) == networks.simplest(architecture, now)

    return [
        row
        for row in table.to_pylist()
        if (row["architecture"], row["repeat"]) in tasks
        and (row["space"], row["images"], row["seed"]) == (sweep.space, sweep.images, sweep.seed)
        and row["settings"] in settings
        and row["status"] != "error"
        and is_the_same(row)
    ]


def _outcome(row: Row) -> Outcome:
    result = {name: value for name, value in row.items() if name not in KEY}
    return Outcome((row["architecture"], row["repeat"]), result)
