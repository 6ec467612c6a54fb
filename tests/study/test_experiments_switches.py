"""The steps of a search lead from the text to `teg`, one option at a time, and an interrupted run goes on."""

import itertools

import pytest
from made_up_atlas import made_up_benchmark

from tegnas_core.errors import TegnasError
from tegnas_study.experiments import switches
from tegnas_study.experiments.presets import METHODS


def changed(first, second):
    return {name for name in first.options if first.options[name] != second.options[name]}


def test_reinforce_changes_one_thing_at_a_time():
    chain = switches.steps("reinforce")
    changes = [changed(first, second) for first, second in itertools.pairwise(chain)]
    assert changes[:3] == [{"reward"}, {"reward"}, {"optimiser"}]
    assert changes[3] <= {"baseline", "edges"}  # edges mean nothing on this space
    assert chain[1].options["reward"].failures == "released"
    assert (chain[1].options["reward"].window, chain[2].options["reward"].window) == (None, 10)


@pytest.mark.parametrize("method", ["reinforce", "evolution"])
def test_the_presets_are_on_the_way(method):
    chain = switches.steps(method)
    for step, preset in ((chain[0], "paper"), (chain[-2], "released"), (chain[-1], "teg")):
        shared = {name: step.options[name] for name in METHODS[method][preset]}
        assert shared == dict(METHODS[method][preset])


def test_a_search_is_a_function_of_its_seed():
    step = switches.steps("evolution")[-1]
    sizes, table = {"n_steps": 3, "population_size": 8, "tournament_size": 4}, "teg-cifar10-seed1"
    small = switches.Step(step.words, step.space, {**step.options, **sizes})
    first, again, other = (switches.searched("evolution", small, atlas=table, seed=s) for s in (0, 0, 1))
    assert first["derived"] == again["derived"]
    assert (first["step"], first["atlas"], first["seed"]) == ("teg", "teg-cifar10-seed1", 0)
    assert first != other


def test_an_interrupted_run_goes_on(tmp_path, monkeypatch):
    asked = []

    def fake(method, step, *, atlas, seed):
        asked.append((method, step.words, atlas, seed))
        cell = "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|"
        row = {"method": method, "step": step.words, "atlas": atlas, "seed": seed}
        return {**row, "derived": cell, "incumbent": cell, "entropy": 1.0}

    monkeypatch.setattr(switches, "searched", fake)
    path, options = tmp_path / "searches.parquet", {"tables": ["a", "b"], "benchmark": made_up_benchmark()}
    once = switches.measure(path, n_seeds=1, command="first", **options)
    assert len(once) == len(asked) == 2 * (6 + 3)
    twice = switches.measure(path, n_seeds=2, command="second", **options)
    assert len(twice) == len(asked) == len({*asked}) == 2 * len(once)
    table, facts = switches.read_searches(path)
    assert facts["command"] == "second"
    assert table["derived cifar10 test"].notna().all()


def test_another_file_is_refused(tmp_path):
    with pytest.raises(TegnasError, match="missing"):
        switches.read_searches(tmp_path / "missing.parquet")
