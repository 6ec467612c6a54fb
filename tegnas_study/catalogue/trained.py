"""The contracts of tables of what was trained: the zoo's learning curves, and supernets with shared weights."""

from tegnas_study.catalogue import columns as c
from tegnas_study.catalogue.column import Column, percent, text, whole

_ARCHITECTURE = text("architecture", "the architecture that is trained")
_EPOCH = whole("epoch", "epoch, from 1; 0 is before the first")
_LOSS = Column("loss", "mean training loss of the epoch", unit="nat", lowest=0, missing=True)
_TESTED = percent("test_accuracy", "accuracy on test images after the epoch", missing=True)


def _seconds(name: str, meaning: str) -> Column:
    return Column(name, meaning, unit="s", lowest=0, missing=True)


ZOO = (
    text("space", "search space", values=("nas-bench-201", "darts")),
    _ARCHITECTURE,
    text("group", "why it is in the zoo, such as `random` or `found`"),
    text("name", "what it is called; empty for none"),
    whole("seed", "seed of weights and batches"),
    whole("parameters", "parameters of the trained network", unit="count"),
    whole("full_parameters", "parameters of the same cell at full size", unit="count"),
    whole("full_flops", "multiply-accumulates for one image at full size", unit="count"),
    _EPOCH,
    _LOSS,
    percent("train_accuracy", "accuracy on training images in the epoch"),
    _TESTED,
    Column("learning_rate", "learning rate of the epoch", lowest=0),
    _seconds("seconds", "time of the epoch"),
    _seconds("cpu_seconds", "processor time of the epoch"),
)
TRAINED_A_LITTLE = (
    _ARCHITECTURE,
    _EPOCH,
    _TESTED,
    _seconds("cpu_seconds", "processor time of the training until then"),
    *c.INDICATORS,
    *(column for column in c.RIVAL_COLUMNS if column.name == "label_gradient_alignment"),
    _seconds("evaluation_seconds", "processor time of the indicators"),
)
SHARING = (
    text("method", "method of search with shared weights"),
    text("size", "name of the size of supernet and training"),
    whole("seed", "seed of weights, batches and choices"),
    _EPOCH,
    percent("accuracy", "accuracy of the cell with shared weights on held-out images", missing=True),
)
SHARING_MORE = (
    c.DERIVED,
    text("architecture", "the cell that is judged"),
    c.ENTROPY,
    _LOSS,
    _seconds("seconds", "processor time of training in the epoch, and in the last one of naming the cell too"),
    _seconds("teg_seconds", "processor time of one repeat of κ, R and MSE, timed beside the training"),
    *c.accuracies("derived"),
)
