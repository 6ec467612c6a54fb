"""The whole space under several draws of weights."""

import numpy as np
import pytest

from tegnas_core.errors import TegnasError
from tegnas_study.analysis.landscapes.draws import fitness_of, known_draws, load_draws
from tegnas_study.tables.atlases import atlas
from tegnas_study.tables.ranking import TEG, rank_sum


@pytest.fixture(scope="module")
def draws():
    return load_draws([("teg-cifar10", r) for r in range(3)])


def test_every_complete_repeat_of_every_table_is_known():
    known = known_draws()
    assert known[:3] == tuple(("teg-cifar10", r) for r in range(3)) and len(known) == len(set(known)) >= 6
    assert all(name.startswith("teg-cifar10") and "sample" not in name for name, _ in known)


def test_the_average_of_a_tables_repeats_is_the_atlas(draws):
    table = atlas("teg-cifar10").set_index("architecture").reindex(draws.architectures)
    average = draws.average(range(3))
    for name in TEG:
        known = np.isfinite(table[name].to_numpy())
        assert np.isfinite(average[name].to_numpy()).tolist() == known.tolist()
        assert average[name].to_numpy()[known] == pytest.approx(table[name].to_numpy()[known], rel=1e-9)


def test_fitness_is_larger_for_the_better_and_lowest_for_failures(draws):
    table = draws.average([0])
    fitness = fitness_of(table)
    failed = ~np.isfinite(table["condition_number"].to_numpy())
    assert failed.any() and np.isneginf(fitness["condition_number"][failed]).all()
    assert table["condition_number"].iloc[fitness["condition_number"].argmax()] == table["condition_number"].min()
    assert table["linear_regions"].iloc[fitness["linear_regions"].argmax()] == table["linear_regions"].max()
    assert (fitness["rank_sum"] == -rank_sum(table).to_numpy()).all()
    assert all((fitness[k] == v).all() for k, v in draws.fitness([0]).items())


def test_a_draw_that_is_not_there_is_named():
    with pytest.raises(TegnasError, match="no repeat 77"):
        load_draws([("teg-cifar10", 77)])
    with pytest.raises(TegnasError, match="no draw"):
        load_draws([])
