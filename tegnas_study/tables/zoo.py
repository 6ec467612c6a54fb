"""The records of the zoo of trained networks: where they lie and how they are read."""

from pathlib import Path

import pandas as pd

from tegnas_study.paths import RESULTS
from tegnas_study.storage.provenance_table import read_with_provenance

RECORD = RESULTS / "zoo.parquet"
KIND, COMMAND = "tegnas-zoo", "python -m tegnas_study.experiments.zoo"
COLUMNS = (
    "space",
    "architecture",
    "group",
    "name",
    "seed",
    "parameters",
    "full_parameters",
    "full_flops",
    "epoch",
    "test_accuracy",
    "cpu_seconds",
)


def read_zoo(path: Path = RECORD) -> tuple[pd.DataFrame, dict[str, object]]:
    """Return the learning curves of the zoo, one row an epoch of a network, and where they come from.

    ``parameters`` are those of the trained network, ``full_parameters`` and ``full_flops`` those of the same
    cells at full size.

    Raises:
        TegnasError: When the file is missing, damaged, or of another kind.
    """
    return read_with_provenance(path, COLUMNS, ("command", "protocols"), kind=KIND, command=COMMAND)


LITTLE_RECORD = RESULTS / "zoo-trained-a-little.parquet"
LITTLE_KIND, LITTLE_COMMAND = "tegnas-zoo-little", "python -m tegnas_study.experiments.trained_a_little"
LITTLE_COLUMNS = (
    "architecture",
    "epoch",
    "test_accuracy",
    "cpu_seconds",
    "condition_number",
    "linear_regions",
    "regression_error",
    "label_gradient_alignment",
    "evaluation_seconds",
)


def read_trained_a_little(path: Path = LITTLE_RECORD) -> tuple[pd.DataFrame, dict[str, object]]:
    """Return the indicators of the zoo's cells before and after the first epochs, and where they come from.

    Raises:
        TegnasError: When the file is missing, damaged, or of another kind.
    """
    return read_with_provenance(path, LITTLE_COLUMNS, ("command",), kind=LITTLE_KIND, command=LITTLE_COMMAND)
