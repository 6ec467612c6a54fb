"""The zoo's analysis finds what a made-up zoo was made of."""

import numpy as np
import pandas as pd
import pytest
from made_up_zoo import made_up_accuracies, made_up_curves, made_up_theory

from tegnas_core.spaces import Darts
from tegnas_study.analysis import zoo
from tegnas_study.tables.atlases import atlas
from tegnas_study.tables.ranking import TEG, rank_sum


@pytest.fixture(scope="module")
def curves():
    return made_up_curves()


def test_final_accuracies_are_means_over_seeds(curves):
    table = zoo.final(curves, "darts").set_index("architecture")
    assert len(table) == 24 and set(table["seeds"]) == {1, 2} and set(table["cpu_seconds"]) == {6.0}
    rows = curves[(curves["architecture"] == "darts 03") & (curves["epoch"] == 3)]
    assert table.loc["darts 03", zoo.SHORT] == pytest.approx(rows["test_accuracy"].mean())
    assert table.loc["darts 03", "full_parameters"] == 997


def test_two_seeds_agree_when_there_is_little_noise_and_few_pairs_say_nothing(curves):
    clear = zoo.reliability(made_up_curves(noise=0.001), "darts", seed=0, n_draws=200)
    loud = zoo.reliability(made_up_curves(noise=100.0), "darts", seed=0, n_draws=200)
    assert clear.value == 1.0 and loud.low < 0.3
    assert np.isnan(zoo.reliability(made_up_curves(n=6), "darts", seed=0, n_draws=20).value)


def test_agreements_are_turned_and_gaps_are_paired(curves):
    table = zoo.final(curves, "nas-bench-201").set_index("architecture")
    table = zoo.with_rank_sum(table.join(made_up_theory(noise=0.0)))
    table[zoo.KNOWN] = made_up_accuracies()
    drawn = zoo.agreements(table, ["rank_sum", "full_parameters", zoo.SHORT], zoo.KNOWN, seed=0, n_draws=200)
    assert drawn.estimate("rank_sum").value == 1.0 and drawn.estimate("full_parameters").value == -1.0
    assert drawn.estimate(zoo.SHORT).value > 0.8
    assert drawn.estimate(lambda s: s["rank_sum"] - s["full_parameters"]).low == 2.0


def test_training_overtakes_weak_theory_and_not_a_perfect_one():
    curves, known = made_up_curves(noise=0.5), made_up_accuracies()
    weak = zoo.by_epoch(curves, known, made_up_theory(noise=50.0), seed=0)
    assert weak["epoch"].tolist() == [1, 2, 3] and weak["cpu_seconds"].tolist() == [2.0, 4.0, 6.0]
    assert weak["tau"].is_monotonic_increasing and (weak["n"] == 24).all()
    first = zoo.first_better(weak)
    assert first is not None and first["gap_low"] > 0
    perfect = zoo.by_epoch(curves, known, made_up_theory(noise=0.0), seed=0)
    assert zoo.first_better(perfect) is None and (perfect["gap"] < 0).all()


def test_theory_is_compared_on_every_draw_of_the_weights():
    tables = ["teg-cifar10", "teg-cifar10-seed1"]
    values = atlas(tables[1], repeats=1).set_index("architecture")[[*TEG]].iloc[:30]
    found = zoo.order_by_draw(-rank_sum(values), tables=tables)
    assert [*found.index] == tables and found.iloc[1] == 1.0 and 0.3 < found.iloc[0] < 1.0


def test_training_is_ahead_only_where_it_stays_ahead():
    looks = {
        "holds cannot-tell holds holds": 2,
        "holds holds": 0,
        "holds cannot-tell": None,
        "cannot-tell": None,
    }
    for words, place in looks.items():
        table = pd.DataFrame({"verdict": words.split()})
        first = zoo.first_better(table)
        assert (first is None) if place is None else (first.name == place), words


def test_indicators_of_trained_networks_are_compared_with_those_at_initialisation():
    parts = [made_up_theory(noise=noise).assign(epoch=epoch) for epoch, noise in ((0, 50.0), (1, 0.0))]
    little = pd.concat(parts).reset_index()
    found = zoo.little_by_epoch(little, made_up_accuracies(), ["condition_number"], seed=0, n_draws=200)
    found = found.set_index(["epoch", "predictor"])
    assert found.loc[(1, "rank_sum"), "tau"] == 1.0 and found.loc[(1, "condition_number"), "change_low"] > 0
    assert found.loc[(0, "condition_number"), "change"] == 0.0


def test_groups_are_summed_up_in_order(curves):
    labels = {"random": "drawn", "found": "found here", "paper": "none"}
    found = zoo.beside_groups(zoo.final(curves, "darts"), labels)
    assert found.index.tolist() == ["drawn", "found here"] and found["size"].tolist() == [16, 8]


def test_genotypes_are_printed_in_one_way():
    (genotype,) = Darts().sample_many(1, seed=0)
    turned = tuple(pair for i in range(0, 8, 2) for pair in reversed(genotype.normal[i : i + 2]))
    other = type(genotype)(turned, genotype.reduce)
    table = pd.DataFrame({"architecture": [str(genotype), str(other)], "value": [1, 2]})
    found = zoo.with_pairs_in_order(table)
    assert str(genotype) != str(other) and found["architecture"].nunique() == 1
    assert found["value"].tolist() == [1, 2]


def test_too_few_networks_say_nothing():
    curves = made_up_curves(n=5)
    few = zoo.by_epoch(curves, made_up_accuracies(5), made_up_theory(5), seed=0, n_draws=1000)
    assert few["tau"].isna().all() and set(few["verdict"]) == {"cannot tell"}
    assert zoo.first_better(few) is None
    single = curves[curves["seed"] == 0]
    assert np.isnan(zoo.reliability(single, "darts", seed=0, n_draws=10).value)
