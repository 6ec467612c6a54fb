"""Settings: three presets, one hash, and one line for everything that is wrong."""

from typing import get_args

import pydantic
import pytest

from tegnas_core.errors import TegnasError
from tegnas_core.settings import PRESETS, IndicatorSettings, Initialisation, make_settings

TEG = PRESETS["teg"]

OTHER = {  # another allowed value of every setting
    "name": "mine",
    "equivalence": "raw",
    "width": 4,
    "cells_per_stage": 2,
    "initialisation": "xavier",
    "batch_size": 32,
    "train_split": "train",
    "held_out_split": "test",
    "augment": False,
    "repeats": 5,
    "repeat_draws": "weights and images",
    "output": "trace",
    "batch_norm": "frozen",
    "ntk_parameters": "cells",
    "average": "arithmetic",
    "singular_below": 0.0,
    "region_width": 2,
    "region_images": 100,
    "region_batch": 50,
    "region_size": 4,
    "regression_parameters": "weights",
    "regression_solver": "inverse",
    "ridge": 0.1,
    "regression_error": "norm",
    "precision": "float64",
    "kernel_precision": "float32",
}


def test_every_setting_has_another_value_here():
    assert set(OTHER) == set(IndicatorSettings.model_fields)
    assert all(getattr(TEG, name) != value for name, value in OTHER.items())


# What the presets are


def differences(preset: str) -> dict[str, object]:
    return {name: value for name, value in PRESETS[preset].model_dump().items() if value != getattr(TEG, name)}


def test_teg_is_the_careful_default():
    assert IndicatorSettings() == TEG
    assert (TEG.initialisation, TEG.kernel_precision, TEG.singular_below) == ("kaiming_fan_in", "float64", 1e-10)
    assert (TEG.train_split, TEG.held_out_split) == ("train_half", "validation_half")  # never test labels
    assert (TEG.width, TEG.cells_per_stage, TEG.batch_size, TEG.repeats) == (3, 1, 64, 3)
    assert (TEG.region_images, TEG.region_batch, TEG.region_size, TEG.region_width) == (3000, 1000, 3, 1)
    assert (TEG.output, TEG.batch_norm, TEG.average) == ("sum", "exact", "geometric")
    assert (TEG.ntk_parameters, TEG.regression_parameters) == ("weights", "cells")
    assert (TEG.regression_solver, TEG.ridge, TEG.regression_error) == ("cholesky", 0.0, "squared")


def test_released_is_the_released_codes_arithmetic():
    assert differences("released") == {
        "name": "released",
        "equivalence": "raw",
        "initialisation": "torch_default",
        "train_split": "train",
        "held_out_split": "test",
        "average": "arithmetic",
        "singular_below": 0.0,
        "regression_solver": "inverse",
        "kernel_precision": "float32",
    }


def test_paper_is_the_papers_text():
    assert differences("paper") == {
        "name": "paper",
        "equivalence": "raw",
        "train_split": "train",
        "held_out_split": "test",
        "augment": False,
        "repeat_draws": "weights and images",
        "ntk_parameters": "all",
        "average": "arithmetic",
        "regression_parameters": "last",
        "regression_solver": "pseudo-inverse",
        "regression_error": "norm",
    }


def test_presets_carry_their_names():
    assert {name: settings.name for name, settings in PRESETS.items()} == {name: name for name in PRESETS}


# The hash


@pytest.mark.parametrize("field", OTHER)
def test_the_digest_changes_with_every_setting_but_the_name_and_the_repeats(field):
    changed = TEG.model_copy(update={field: OTHER[field]})
    assert (changed.digest == TEG.digest) == (field in ("name", "repeats"))


def test_digests_are_pinned():
    """Published tables are found by these labels: a change makes them other settings."""
    assert {name: settings.label for name, settings in PRESETS.items()} == {
        "teg": "teg:ef4f4f20",
        "paper": "paper:ac69562c",
        "released": "released:32160fbd",
    }


def test_settings_are_frozen():
    with pytest.raises(pydantic.ValidationError):
        TEG.width = 4


# Changing a preset


def test_changes_are_made_and_the_name_says_so():
    changed = make_settings("released", ridge=0.1, batch_size=32)
    assert (changed.ridge, changed.batch_size, changed.average) == (0.1, 32, "arithmetic")
    assert changed.name == "released+batch_size=32+ridge=0.1"
    assert changed.label == f"{changed.name}:{changed.digest}"


def test_what_changes_nothing_does_not_change_the_name():
    assert make_settings("teg", batch_size=64, ridge=None) == TEG
    fewer = make_settings("teg", repeats=1)
    assert (fewer.label, fewer.repeats) == (TEG.label, 1)


def test_a_name_of_ones_own_is_kept():
    assert make_settings("teg", name="mine", batch_size=8).name == "mine"


@pytest.mark.parametrize("scheme", get_args(Initialisation))
def test_every_initialisation_can_be_set(scheme):
    assert make_settings("teg", initialisation=scheme).initialisation == scheme


@pytest.mark.parametrize(
    ("preset", "changes", "said"),
    [
        ("best", {}, "unknown settings 'best'; known are teg, paper, released"),
        ("teg", {"batchsize": 8}, "setting 'batchsize' is wrong: Extra inputs are not permitted"),
        ("teg", {"batch_size": 1}, "setting 'batch_size' is wrong: Input should be greater than or equal to 2"),
        ("teg", {"batch_size": "many"}, "setting 'batch_size' is wrong: Input should be a valid integer"),
        (
            "teg",
            {"initialisation": "kaiming_norm"},
            "setting 'initialisation' is wrong: Input should be 'kaiming_f",
        ),
        ("teg", {"repeats": 0}, "setting 'repeats' is wrong"),
        ("teg", {"ridge": -1.0}, "setting 'ridge' is wrong"),
        ("teg", {"ridge": float("nan")}, "setting 'ridge' is wrong"),
        ("teg", {"width": 0}, "setting 'width' is wrong"),
        ("teg", {"held_out_split": "valid"}, "setting 'held_out_split' is wrong: Input should be 'train'"),
    ],
)
def test_wrong_settings_are_refused_in_one_line(preset, changes, said):
    with pytest.raises(TegnasError) as caught:
        make_settings(preset, **changes)
    assert str(caught.value).startswith(said) and len(str(caught.value).splitlines()) == 1
