"""Every number of a recipe is the literature's, and a smaller size says what it changes."""

import json
from dataclasses import replace

import pytest

from tegnas_core.errors import TegnasError
from tegnas_study.training.choices import DEFAULTS, PROTOCOLS, SIZES
from tegnas_study.training.protocols import FULL, protocol_named

PRINTED = {
    "nas-bench-201": {
        "width": 16, "cells": 5, "epochs": 200, "batch_size": 256, "learning_rate": 0.1, "momentum": 0.9,
        "weight_decay": 5e-4, "nesterov": True, "cosine": "step", "padding": 4, "cutout": 0, "clip": None,
        "drop_path": 0.0, "auxiliary": 0.0, "label_smoothing": 0.0, "warm_up": 0, "reports": "last",
    },
    "darts-cifar10": {
        "width": 36, "cells": 20, "epochs": 600, "batch_size": 96, "learning_rate": 0.025, "momentum": 0.9,
        "weight_decay": 3e-4, "nesterov": False, "cosine": "epoch", "padding": 4, "cutout": 16, "clip": 5.0,
        "drop_path": 0.3, "auxiliary": 0.4, "label_smoothing": 0.0, "warm_up": 0, "pool_norm": False,
    },
    "darts-imagenet": {
        "width": 48, "cells": 14, "epochs": 250, "batch_size": 768, "learning_rate": 0.5, "momentum": 0.9,
        "weight_decay": 3e-5, "warm_up": 5, "clip": 5.0, "drop_path": 0.0, "auxiliary": 0.4, "resolution": 224,
        "label_smoothing": 0.1, "jitter": (0.4, 0.4, 0.4, 0.2), "cutout": 0, "reports": "last",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", PRINTED)
def test_the_full_size_is_the_literatures(name):
    found = protocol_named(name)
    assert {field: getattr(found, field) for field in PRINTED[name]} == PRINTED[name]


def test_the_released_recipes_differ_where_the_released_code_does():
    for name, expected in {
        "darts-cifar10": {"epochs", "pool_norm", "reports", "name"},
        "darts-imagenet": {"pool_norm", "auxiliary", "cosine", "reports", "name"},
    }.items():
        ours, theirs = FULL[name].facts, FULL[f"{name}-released"].facts
        assert {field for field in ours if ours[field] != theirs[field]} == expected


def test_every_name_and_size_is_there_and_facts_are_json():
    assert set(PROTOCOLS) == set(FULL) and set(DEFAULTS.values()) <= set(PROTOCOLS)
    for name in PROTOCOLS:
        for size in SIZES:
            found = protocol_named(name, size)
            assert (found.name, found.size) == (name, size)
            assert json.loads(json.dumps(found.facts)) == found.facts


def test_another_length_keeps_the_warm_up_shorter_than_the_training():
    assert protocol_named("darts-imagenet", epochs=3).warm_up == 2
    assert protocol_named("darts-imagenet", epochs=1).warm_up == 0
    assert protocol_named("nas-bench-201", epochs=12) == replace(FULL["nas-bench-201"], epochs=12)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("darts",), "unknown protocol 'darts'"), (("nas-bench-201", "huge"), "unknown size 'huge'")],
)
def test_unknown_names_are_told(arguments, said):
    with pytest.raises(TegnasError, match=said):
        protocol_named(*arguments)


@pytest.mark.parametrize(
    "change", [{"epochs": 0}, {"drop_path": 1.0}, {"batch_size": 1}, {"label_smoothing": -0.1}]
)
def test_impossible_numbers_are_told(change):
    with pytest.raises(TegnasError, match="a protocol needs"):
        replace(FULL["darts-cifar10"], **change)
