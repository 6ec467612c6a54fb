"""`Benchmark`: what is known about the accuracy of every architecture, as one frozen value with known columns.

A measurement is taken on a **protocol** (which images were trained on) after a number of epochs:

==================  ===========================  ================================================
protocol            trained on                   measured on
==================  ===========================  ================================================
``cifar10``         all 50,000 training images   train, test
``cifar10-valid``   25,000 of them               train, valid (the other 25,000), test
``cifar100``        all 50,000 training images   train; valid and test: halves of the test set
``ImageNet16-120``  all 151,700 training images  train; valid and test: halves of the test set
==================  ===========================  ================================================

Source: Dong & Yang, NAS-Bench-201 (ICLR 2020), Section 2.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from tegnas_core.errors import TegnasError, quoted
from tegnas_core.spaces.nasbench201 import NASBench201

Quantity = Literal["accuracy", "loss", "seconds"]
Split = Literal["train", "valid", "test"]

PROTOCOLS = ("cifar10", "cifar10-valid", "cifar100", "ImageNet16-120")
SPLITS: tuple[Split, ...] = ("train", "valid", "test")


class Column(NamedTuple):
    """What one column of a benchmark table holds."""

    name: str
    quantity: Quantity  # accuracy in percent, mean loss, or training time in seconds
    protocol: str  # one of PROTOCOLS
    split: Split  # the images it was measured on; "train" for losses and times
    schedule: int = 200  # length of the training run in epochs
    epoch: int = 200  # measured after this epoch of the run
    retrained: bool = False  # an independent re-training, not the benchmark's own


COLUMNS: tuple[Column, ...] = (
    Column("cifar10_test_200", "accuracy", "cifar10", "test"),
    Column("cifar100_test_200", "accuracy", "cifar100", "test"),
    Column("imagenet16_120_test_200", "accuracy", "ImageNet16-120", "test"),
    Column("cifar10_valid_train_acc_200", "accuracy", "cifar10-valid", "train"),
    Column("cifar10_valid_train_loss_200", "loss", "cifar10-valid", "train"),
    Column("cifar10_valid_valid_acc_200", "accuracy", "cifar10-valid", "valid"),
    Column("cifar10_valid_test_acc_200", "accuracy", "cifar10-valid", "test"),
    Column("cifar10_valid_train_seconds_200", "seconds", "cifar10-valid", "train"),
    Column("cifar10_train_acc_200", "accuracy", "cifar10", "train"),
    Column("cifar100_valid_200", "accuracy", "cifar100", "valid"),
    Column("imagenet16_120_valid_200", "accuracy", "ImageNet16-120", "valid"),
    Column("cifar100_train_seconds_200", "seconds", "cifar100", "train"),
    Column("imagenet16_120_train_seconds_200", "seconds", "ImageNet16-120", "train"),
    *(
        Column(f"cifar10_test_12_epoch_{epoch:02d}", "accuracy", "cifar10", "test", 12, epoch)
        for epoch in range(1, 13)
    ),
    # only the official files have these
    Column("cifar100_train_acc_200", "accuracy", "cifar100", "train"),
    Column("imagenet16_120_train_acc_200", "accuracy", "ImageNet16-120", "train"),
    # only AnalogNAS-Bench has this one
    Column("cifar10_test_retrained", "accuracy", "cifar10", "test", retrained=True),
)

COLUMN_NAMES = tuple(column.name for column in COLUMNS)


@dataclass(frozen=True, eq=False)
class Benchmark:
    """Known accuracies of NAS-Bench-201 architectures; every loader returns the same columns.

    Attributes:
        name: A short word for file names and legends.
        description: One line that says what the numbers are, where they come from, and under which protocol they
            were measured. Show it with every result that uses them.
        table: One row for each architecture, indexed by the benchmark's index 0 … 15,624 in ascending order: its
            string in `architecture`, then the columns of `COLUMNS`; what a source does not know is nan. All
            callers share the table, so read it and do not write to it.
    """

    name: str
    description: str
    table: pd.DataFrame

    def __len__(self) -> int:
        """Return the number of architectures."""
        return len(self.table)

    @cached_property
    def available(self) -> tuple[str, ...]:
        """Names of the columns that hold at least one number."""
        return tuple(c.name for c in COLUMNS if self.table[c.name].notna().any())

    def accuracy(self, dataset: str = "cifar10", split: str = "test", *, epochs: int = 200) -> pd.Series:
        """Return accuracies in percent, indexed by architecture string; nan where unknown.

        >>> from tegnas_study.data.benchmark import load_benchmark
        >>> accuracy = load_benchmark("analog").accuracy("cifar10")
        >>> len(accuracy), accuracy.name
        (15625, 'cifar10_test_retrained')
        >>> pooling = "|avg_pool_3x3~0|+|avg_pool_3x3~0|none~1|+|avg_pool_3x3~0|none~1|none~2|"
        >>> round(float(accuracy[pooling]), 1)
        75.5

        Args:
            dataset: "cifar10", "cifar100", "ImageNet16-120", or "cifar10-valid" for CIFAR-10 networks trained
                on 25,000 images ("cifar10" with split "valid" means these too).
            split: "train", "valid" or "test": the images the accuracy was measured on.
            epochs: 200 for the full training; 1 … 12 for the accuracy after that epoch of the 12-epoch run.

        Returns:
            A Series whose name is the table's column, so that a result can say which one it used. Where only an
            independent re-training is known, its accuracies are returned for full training, under the name
            ``cifar10_test_retrained``.

        Raises:
            TegnasError: When the benchmark has no such accuracy; the line lists what it has.
        """
        return self._answer("accuracy", dataset, split, epochs)

    def training_seconds(self, dataset: str = "cifar10-valid", *, epochs: int = 200) -> pd.Series:
        """Return training times in seconds on the benchmark's hardware: ``seconds(200) · epochs / 200``.

        Args:
            dataset: "cifar10-valid", "cifar100" or "ImageNet16-120".
            epochs: Length of the training; each epoch takes a 200th of the full run.

        Raises:
            TegnasError: When the benchmark has no such times, or the number of epochs is not positive.
        """
        if epochs < 1:
            raise TegnasError(f"training takes at least 1 epoch, got {epochs}")
        return self._answer("seconds", dataset, "train", 200) * (epochs / 200)

    def training_loss(self, dataset: str = "cifar10-valid") -> pd.Series:
        """Return the training loss after 200 epochs; it orders architectures even at 100 % train accuracy.

        Args:
            dataset: "cifar10-valid", the only data set of which losses are known.

        Raises:
            TegnasError: When the benchmark has no such loss.
        """
        return self._answer("loss", dataset, "train", 200)

    def column(self, name: str) -> pd.Series:
        """Return one column of the table, indexed by architecture string.

        Raises:
            TegnasError: When the benchmark has no number under this name.
        """
        if name not in self.available:
            raise TegnasError(f"{self.name} has no {name!r}; it has {', '.join(self.available)}")
        return pd.Series(self.table[name].to_numpy(copy=True), index=self.table["architecture"], name=name)

    def _answer(self, quantity: Quantity, dataset: str, split: str, epochs: int) -> pd.Series:
        protocol = _one_of(PROTOCOLS, dataset, "data set")
        names = _candidates(quantity, protocol, _one_of(SPLITS, split, "split"), epochs)
        for name in names:
            if name in self.available:
                return self.column(name)
        raise TegnasError(
            f"{self.name} has no {protocol} {split} {quantity} after {epochs} epochs; "
            f"it has {', '.join(self.available)}"
        )


def _candidates(quantity: Quantity, protocol: str, split: str, epoch: int) -> tuple[str, ...]:
    """Return the names of the columns that answer a question: first the benchmark's own, then a re-training."""
    if protocol == "cifar10" and split == "valid":
        protocol = "cifar10-valid"  # CIFAR-10 has validation images only where half of the training set is kept
    question = (quantity, protocol, split, epoch)
    return tuple(c.name for c in COLUMNS if (c.quantity, c.protocol, c.split, c.epoch) == question)


def _one_of(choices: Sequence[str], word: str, what: str) -> str:
    for choice in choices:
        if word.casefold() == choice.casefold():
            return choice
    raise TegnasError(f"unknown {what} {quoted(word)}; choose one of {', '.join(choices)}")


def checked_table(table: pd.DataFrame, *, what: str) -> pd.DataFrame:
    """Return the table of a `Benchmark` after checking that it can be believed.

    Args:
        table: The benchmark's numbers of the architectures as index, their strings in the column `architecture`,
            and any of the known columns.
        what: How an error names the source.

    Returns:
        The rows in the order of the index with all the columns of `COLUMNS`; absent ones are nan.

    Raises:
        TegnasError: When an index is repeated or unknown, a string is not the architecture of its index, a
            column is not numeric, an accuracy is outside 0 … 100, a loss or a time is negative or infinite,
            or there is no number at all.
    """
    _check_architectures(table, what)
    numbers = {c.name: _checked_numbers(table, c.name, c.quantity, what) for c in COLUMNS}
    checked = pd.DataFrame({"architecture": table["architecture"], **numbers}, index=table.index).sort_index()
    if not checked.drop(columns="architecture").notna().any(axis=None):
        raise TegnasError(f"{what} holds no accuracy, loss or training time that tegnas knows")
    return checked.rename_axis("index")


def _check_architectures(table: pd.DataFrame, what: str) -> None:
    every = NASBench201().all()
    if not 0 < len(table) <= len(every):
        raise TegnasError(f"{what} has {len(table):,} architectures; NAS-Bench-201 has {len(every):,}")
    if table.index.has_duplicates:
        raise TegnasError(f"{what} lists architecture {table.index[table.index.duplicated()][0]} twice")
    for index, text in zip(table.index, table["architecture"], strict=True):
        if not 0 <= index < len(every):
            raise TegnasError(f"{what} has an architecture index {index}; it should be 0 … {len(every) - 1}")
        if text != str(every[index]):
            raise TegnasError(f"{what} calls architecture {index} {quoted(text, 100)}; it is {every[index]}")


def _checked_numbers(table: pd.DataFrame, name: str, quantity: Quantity, what: str) -> np.ndarray:
    if name not in table:
        return np.full(len(table), np.nan)
    if not pd.api.types.is_float_dtype(table[name].dtype):
        raise TegnasError(f"{what}: column {name} holds {table[name].dtype}; it should hold floats")
    values = table[name].to_numpy(dtype=np.float64, na_value=np.nan)
    highest = 100.0 if quantity == "accuracy" else np.finfo(np.float64).max
    wrong = ~np.isnan(values) & ~((values >= 0) & (values <= highest))
    if wrong.any():
        bound = "between 0 and 100 percent" if quantity == "accuracy" else "finite and not negative"
        raise TegnasError(f"{what}: column {name} holds {values[wrong][0]}; it should be {bound}")
    return values
