"""Trainings that cost a fraction of a second, for tests."""

from dataclasses import replace

import torch
from command_line import RICH
from small_source import small_source

from tegnas_core import Architecture
from tegnas_core.spaces import NAMED
from tegnas_study.training.data import training_data
from tegnas_study.training.protocols import Protocol, protocol_named
from tegnas_study.training.training import Job, Training

CELL, GENOTYPE = Architecture.parse(RICH), NAMED["DARTS_V2"]
SOURCE = small_source(size=16, n=48)


def tiny(name: str = "nas-bench-201", **changes: object) -> Protocol:
    """A protocol of two epochs of three steps on images of 8 pixels."""
    small = {"width": 2, "epochs": 2, "batch_size": 16, "shrink": 2, "n_train": None, "n_test": None}
    return replace(protocol_named(name, "quick"), **{**small, **changes})


def new_training(protocol: Protocol, seed: int = 0, *, bfloat16: bool = False) -> Training:
    """A training that has not begun."""
    architecture = CELL if protocol.space == "nas-bench-201" else GENOTYPE
    data = training_data(SOURCE, protocol, device="cpu")
    return Training(Job(architecture, protocol, seed, SOURCE.n_classes), data, bfloat16=bfloat16)


def same_state(first: dict, second: dict) -> bool:
    """Whether two trainings stand at the same bits, seconds left out."""
    weights = all(value.equal(second["network"][name]) for name, value in first["network"].items())
    momenta = all(
        torch.equal(value["momentum_buffer"], second["optimiser"][number]["momentum_buffer"])
        for number, value in first["optimiser"].items()
    )
    return weights and momenta and curve(first["rows"]) == curve(second["rows"])


def curve(rows: list[dict]) -> list[dict]:
    """The rows without what a clock says."""
    return [{name: value for name, value in row.items() if not name.endswith("seconds")} for row in rows]
