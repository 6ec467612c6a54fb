"""The columns of every benchmark table: one name, one meaning, whatever the loader.

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

from typing import Literal, NamedTuple

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


def candidates(quantity: Quantity, protocol: str, split: str, epoch: int) -> tuple[str, ...]:
    """Return the names of the columns that answer a question, the benchmark's own before a re-training."""
    if protocol == "cifar10" and split == "valid":
        protocol = "cifar10-valid"  # CIFAR-10 has validation images only where half of the training set is kept
    question = (quantity, protocol, split, epoch)
    return tuple(c.name for c in COLUMNS if (c.quantity, c.protocol, c.split, c.epoch) == question)
