"""The official releases: a `.pth` file for the package ``nas-bench-201``, a folder for ``nats-bench``.

The packages get plain dictionaries that `official_files` has read, and their classes then answer. Both keep the
training of one architecture in the same two classes: `ArchResults` holds one schedule with all its data sets and
seeds, and `ResultsCount` holds one trial.
Sources: Dong & Yang, NAS-Bench-201 (ICLR 2020); Dong et al., NATS-Bench (TPAMI 2021).
"""

import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm import tqdm

from tegnas_core.errors import TegnasError, quoted
from tegnas_study.data.benchmark.official_files import META, read_packed, read_pth
from tegnas_study.data.benchmark.value import COLUMNS, Benchmark, Column, checked_table
from tegnas_study.storage.unpickling import DAMAGED

NAS_BENCH_201_NAME = "NAS-Bench-201-v1_1-096897.pth"
NATS_BENCH_NAME = "NATS-tss-v1_0-3ffb9-simple"

_PROTOCOL = "trained for 200 epochs, mean over the benchmark's seeds; 12-epoch columns from its 12-epoch run"
_KEYS = {"accuracy": "accuracy", "loss": "loss", "seconds": "all_time"}  # quantity → the packages' word
_MOST_TRIALS = 100  # of one architecture; the benchmark has about ten

States = Iterator[tuple[object, Mapping[str, object]]]  # index, {"12": state, "200": state}


def load_nas_bench_201(path: Path) -> Benchmark:
    """Read the official NAS-Bench-201 file. It is large and slow to read, so convert it once.

    Reading takes about 0.2 seconds and several megabytes of memory for each megabyte of the file.

    Raises:
        TegnasError: When the file holds anything but plain data, is damaged, or has another layout.
    """
    what = f"the NAS-Bench-201 file {path.name}"
    archive = read_pth(path, what)
    names, infos = _names(archive, what), _entry(archive, "arch2infos", dict, what)

    from nas_201_api import ArchResults, ResultsCount  # only now, since this takes seconds

    def states() -> States:
        for index in list(infos):
            info = infos.pop(index)  # popped: what has been read need not stay in memory
            yield index, {"12": _entry(info, "less", dict, what), "200": _entry(info, "full", dict, what)}

    table = _table(states(), len(infos), names, (ArchResults, ResultsCount), what)
    description = f"NAS-Bench-201 ({path.name}, package nas-bench-201): {_PROTOCOL}"
    return Benchmark("nas-bench-201", description, table)


def load_nats_bench(folder: Path) -> Benchmark:
    """Read a NATS-Bench folder: `meta.pickle.pbz2` and one such file for each architecture, about 40 ms each.

    Raises:
        TegnasError: When a file holds anything but plain data, is damaged, or has another layout.
    """
    what = f"the NATS-Bench folder {folder.name}"
    names = _names(read_packed(folder / META), what)
    files = sorted(folder.glob("*.pickle.pbz2"))
    files = [file for file in files if re.fullmatch(r"\d{1,6}\.pickle\.pbz2", file.name)]

    from nats_bench import ArchResults, ResultsCount  # only now, since this takes seconds

    def states() -> States:
        for file in files:
            state = read_packed(file)
            yield int(file.name.split(".")[0]), state if isinstance(state, dict) else {"200": state}

    table = _table(states(), len(files), names, (ArchResults, ResultsCount), what)
    description = f"NATS-Bench, topology space ({folder.name}, package nats-bench): {_PROTOCOL}"
    return Benchmark("nats-bench", description, table)


def _names(archive: object, what: str) -> list[str]:
    names = _entry(archive, "meta_archs", list, what)
    if not all(type(name) is str for name in names):
        raise TegnasError(f"{what} lists architectures in meta_archs that are no text")
    return names


def _entry(container: object, key: str, kind: type, what: str) -> Any:
    value = container.get(key) if isinstance(container, dict) else None
    if not isinstance(value, kind):
        raise TegnasError(f"{what} has no {key} where the official layout has a {kind.__name__}")
    return value


def _table(states: States, n: int, names: list, classes: tuple[type, type], what: str) -> pd.DataFrame:
    rows = {}
    for index, state in tqdm(states, total=n, unit=" architectures", disable=None):
        if not isinstance(index, int) or not 0 <= index < len(names):
            raise TegnasError(f"{what} has an architecture {quoted(index)} that meta_archs does not list")
        try:
            rows[index] = {"architecture": names[index], **_measurements(state, classes)}
        except TegnasError as error:
            raise TegnasError(f"{what}: architecture {index}: {error}") from error
    return checked_table(pd.DataFrame.from_dict(rows, orient="index"), what=what)


def _measurements(states: Mapping[str, object], classes: tuple[type, type]) -> dict[str, float]:
    """Return what is known about one architecture: column name → mean over the seeds, or nan.

    Args:
        states: "12" and "200" → the plain dictionary an `ArchResults` is made of.
        classes: The package's `ArchResults` and `ResultsCount`.

    Raises:
        TegnasError: When a state has another layout.
    """
    try:
        results = {schedule: _results(state, *classes) for schedule, state in states.items()}
        own = [c for c in COLUMNS if not c.retrained and str(c.schedule) in results]
        return {column.name: _mean_over_seeds(results[str(column.schedule)], column) for column in own}
    except DAMAGED as error:
        raise TegnasError(f"not the layout of the official files ({type(error).__name__})") from error


def _results(state: Any, arch_results: type, results_count: type) -> Any:
    """Rebuild one `ArchResults`.

    The package would take a *string* in place of a state for the path of one more pickle, and would let a state
    replace methods. So only dictionaries pass, and of those only the fields that the classes have.
    """
    if not isinstance(state, dict):
        raise TypeError("a state is a dictionary")
    seeds = state["dataset_seed"].values()
    if any(len(trials) > _MOST_TRIALS for trials in (state["all_results"], *seeds)):
        raise ValueError("an architecture has too many trials")
    trial_fields = vars(results_count(*[None] * 10))
    trials = {
        key: {name: value for name, value in trial.items() if name in trial_fields}
        for key, trial in state["all_results"].items()
    }
    kept = {name: state[name] for name in vars(arch_results(-1, "")) if name in state}
    return arch_results.create_from_state_dict({**kept, "all_results": trials})


def _mean_over_seeds(results: Any, column: Column) -> float:
    """Ask the package; nan when the architecture was not trained or not measured this way."""
    try:
        metrics = results.get_metrics(column.protocol, _set_name(column), column.epoch - 1, is_random=False)
    except KeyError:
        return math.nan
    value = metrics[_KEYS[column.quantity]]
    return math.nan if value is None else float(value)


def _set_name(column: Column) -> str:
    """Return the benchmark's name of a split; CIFAR-10's test set is whole, the others' are cut in halves."""
    if column.split == "train":
        return "train"
    if column.split == "test" and column.protocol in ("cifar10", "cifar10-valid"):
        return "ori-test"
    return f"x-{column.split}"
