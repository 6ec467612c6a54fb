"""Averages of one batch and of three are of the same classes, and share no draw."""

import numpy as np
import pytest
from made_up_atlas import SPACE, made_up_benchmark, made_up_row, write_atlas

from tegnas_core.settings import PRESETS
from tegnas_study.analysis.batches import batch_agreements, batch_averages
from tegnas_study.analysis.choices import INDICATORS

CLASSES = list(dict.fromkeys(SPACE.representative(a) for a in SPACE.sample_many(1000, seed=0)))


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("atlas")
    write_atlas(folder, [(a, r) for a in CLASSES for r in range(3)], name="teg-cifar10")
    for number in range(1, 5):
        write_atlas(folder, [(a, 0) for a in CLASSES], name=f"teg-cifar10-seed{number}")
    return batch_averages(folder)


def test_each_average_has_three_draws_of_its_own(found):
    assert {kind: len(tables) for kind, tables in found.items()} == {"one batch": 1, "three batches": 1}
    rows = [made_up_row(CLASSES[0], r, PRESETS["teg"])["linear_regions"] for r in range(3)]
    one, three = (found[kind][0].loc[str(CLASSES[0])] for kind in found)
    assert one["linear_regions"] == pytest.approx(np.mean(rows))
    assert three["linear_regions"] == pytest.approx(rows[0])
    assert {*found["one batch"][0].index} == {str(a) for a in CLASSES}


def test_agreements_are_means_over_averages_of_a_kind(found):
    accuracy = made_up_benchmark().accuracy("cifar10")
    doubled = {kind: 2 * tables for kind, tables in found.items()}
    first, same = (batch_agreements(f, accuracy, seed=0, n_draws=3) for f in (found, doubled))
    assert {*first.value.index} == {(kind, name) for kind in found for name in INDICATORS}
    assert first.value.to_dict() == pytest.approx(same.value.to_dict())
    assert first.estimate(("one batch", "rank_sum")).value > 0
