"""From the official packages' records to rows of the table.

Both packages keep the training of one architecture in the same two classes, `ArchResults` (one schedule, all
data sets and seeds) and `ResultsCount` (one trial).
"""

import math
from collections.abc import Mapping
from typing import Any

from tegnas_core.errors import TegnasError
from tegnas_study.data.benchmark.columns import COLUMNS, Column
from tegnas_study.data.benchmark.pickles import DAMAGED

_KEYS = {"accuracy": "accuracy", "loss": "loss", "seconds": "all_time"}


def measurements(states: Mapping[str, object], classes: tuple[type, type]) -> dict[str, float]:
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
    except (*DAMAGED, AssertionError) as error:
        raise TegnasError(f"not the layout of the official files ({type(error).__name__})") from error


def _results(state: Any, arch_results: type, results_count: type) -> Any:
    """Rebuild one `ArchResults`.

    The package would take a *string* in place of a state for the path of one more pickle, and would let a
    state replace methods; so only dictionaries pass, and of those only the fields that the classes have.
    """
    if not isinstance(state, dict):
        raise TypeError("a state is a dictionary")
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
