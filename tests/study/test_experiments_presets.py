"""The table of presets: complete, and made of options that exist."""

import inspect
import itertools

import numpy as np
import pytest

from tegnas_core.errors import TegnasError
from tegnas_core.spaces import Darts, NASBench201, Toy
from tegnas_study.experiments.methods import CLASSES
from tegnas_study.experiments.presets import METHODS, NOTES, SPACES, method_options, space_options

PRESETS = ("teg", "paper", "released")


@pytest.mark.parametrize(("method", "preset"), [*itertools.product(CLASSES, PRESETS)])
def test_every_method_takes_its_options(method, preset):
    made = CLASSES[method](Toy(4), rng=np.random.default_rng(0), **method_options(method, preset, space="toy"))
    assert made.ask()


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("space", [NASBench201, Darts, Toy])
def test_every_space_takes_its_options(space, preset):
    made = space(**space_options(space.name, preset))
    assert made.sample(np.random.default_rng(0))
    if space is Darts and preset == "released":
        assert vars(made) == vars(Darts.released())


def test_our_presets_are_the_defaults_of_the_classes():
    for method in set(CLASSES) - {"naswot"}:
        defaults = {n: p.default for n, p in inspect.signature(CLASSES[method]).parameters.items()}
        options = method_options(method, "teg", space="nas-bench-201")
        assert {name: defaults[name] for name in options} == options


def test_presets_differ_where_they_should():
    rows = {preset: method_options("reinforce", preset, space="darts") for preset in PRESETS}
    assert {rows[p]["optimiser"] for p in ("teg", "released")} == {"adam"} and rows["paper"]["optimiser"] == "sgd"
    assert [rows[p]["reward"].window for p in PRESETS] == [10, None, 10]
    assert [rows[p]["reward"].failures for p in PRESETS] == ["worst", "worst", "released"]
    assert {row["learning_rate"] for row in rows.values()} == {0.07}
    assert method_options("reinforce", "teg", space="nas-bench-201")["learning_rate"] == 0.04


def test_every_row_has_three_presets_and_notes_belong_to_rows():
    assert all({*row} == {*PRESETS} for table in (METHODS, SPACES) for row in table.values())
    assert all(preset in METHODS[method] for method, preset in NOTES)


def test_unknown_names_are_refused():
    with pytest.raises(TegnasError, match="unknown search method 'annealing'"):
        method_options("annealing", "teg", space="toy")
    with pytest.raises(TegnasError, match="known are teg, paper, released"):
        method_options("reinforce", "mine", space="toy")
    with pytest.raises(TegnasError, match="unknown search space"):
        space_options("nas-bench-101", "teg")
