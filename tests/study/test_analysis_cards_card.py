"""The card of an indicator of a small made-up atlas, and that of a table from outside."""

import numpy as np
import pandas as pd
import pytest
from made_up_atlas import SPACE, made_up_benchmark, write_atlas, write_rivals

from tegnas_core.errors import TegnasError
from tegnas_study.analysis.cards.card import Accuracies, card_of_scores, indicator_card, scored_grounds
from tegnas_study.analysis.cards.measured import measurements, values
from tegnas_study.tables.ranking import kendall_tau

DRAWS = {"seed": 0, "n_draws": 5}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path, classes = tmp_path_factory.mktemp("atlas"), SPACE.classes()[:150]
    write_atlas(path, [(a, r) for a in classes for r in range(2)], name="teg-cifar10")
    write_atlas(path, [(a, r) for a in classes[:90] for r in range(4)], name="more-repeats")
    write_rivals(path, [(a, 0) for a in classes[:100]])
    return path


@pytest.fixture(scope="module")
def accuracy():
    benchmark = made_up_benchmark()
    return Accuracies(benchmark.accuracy("cifar10"), benchmark.description)


@pytest.fixture(scope="module")
def card(folder, accuracy):
    return indicator_card("regression_error", accuracy, folder, **DRAWS)


def test_a_card_says_what_the_table_says(card, folder, accuracy):
    (judged,) = card.judgements
    table = values(measurements("regression_error", folder)[1], folder)
    assert judged.ground.n == len(table) and judged.ground.n_classes == 150
    assert judged.ground.failed == int(np.isinf(table["regression_error"]).sum())
    assert (judged.ground.network, judged.ground.repeats, judged.ground.seconds) == ("proxy", 2, 0.5)
    known = table.index.map(accuracy.values)
    everything = {a.part: a for a in judged.agreements}["all"]
    assert everything.tau.value == pytest.approx(-kendall_tau(table["regression_error"], known).tau)
    assert not card.higher_is_better and card.uses_labels


def test_a_card_takes_repeats_from_where_there_are_most(card):
    (judged,) = card.judgements
    assert (judged.noise.table, judged.noise.repeats, judged.noise.half) == ("more-repeats", 4, 2)
    assert judged.duplicates is None  # each class was evaluated once
    assert judged.labels.permuted.value < judged.labels.true.value + 1


def test_a_card_of_rivals_has_what_their_table_holds(folder, accuracy):
    (judged,) = indicator_card("naswot", accuracy, folder, **DRAWS).judgements
    assert judged.ground.n_classes == 100 and judged.ground.repeats == 1
    assert judged.noise is None and judged.labels is None
    assert judged.shortlists[0].k < 10 < judged.shortlists[-1].k


def test_the_sum_of_ranks_has_a_card_and_what_is_counted_too(folder, accuracy):
    total = indicator_card("rank_sum", accuracy, folder, **DRAWS)
    assert total.judgements[0].noise.repeats == 4
    counted = indicator_card("n_convolutions", accuracy, folder, **DRAWS)
    assert counted.judgements[0].ground.n == 15_625 and counted.sensitivities == ()
    assert counted.judgements[0].duplicates.equal < 1  # a convolution that leads nowhere counts


def test_scores_of_every_judgement_are_at_hand_for_figures(folder, accuracy):
    assert [*scored_grounds("naswot", accuracy, folder)] == ["proxy"]
    assert [*scored_grounds("depth", accuracy, folder)] == ["none"]


def test_an_indicator_that_no_table_holds_has_no_card(folder, accuracy):
    with pytest.raises(TegnasError, match=r"no table of .* holds label_gradient_alignment yet"):
        indicator_card("label_gradient_alignment", accuracy, folder, **DRAWS)
    with pytest.raises(TegnasError, match="there is no indicator 'beauty'; there are: condition_number, "):
        indicator_card("beauty", accuracy, folder, **DRAWS)


def test_a_stranger_is_judged_by_the_same_numbers(card, folder, accuracy):
    table = values(measurements("regression_error", folder)[1], folder)
    outside = card_of_scores(
        table["regression_error"], accuracy, folder, name="mine.csv", higher_is_better=False, **DRAWS
    )
    (judged,), (known,) = outside.judgements, card.judgements
    assert judged.agreements == known.agreements
    assert judged.shortlists == known.shortlists and judged.searches == known.searches
    assert judged.ground.network == "unknown" and judged.duplicates.spread.value == 0
    assert (outside.sensitivities, outside.uses_labels, judged.noise) == ((), None, None)


def test_a_perfect_stranger_has_a_perfect_card(folder, accuracy):
    some = accuracy.values.sample(300, random_state=0)
    outside = card_of_scores(-some, accuracy, folder, name="mine", higher_is_better=False, **DRAWS)
    (judged,) = outside.judgements
    assert judged.ground.n == 300
    assert {round(a.tau.value, 9) for a in judged.agreements} == {1.0}
    assert {s.precision.value for s in judged.shortlists} == {1.0}
    assert [s.lost.value for s in judged.searches] == pytest.approx([0] * 2)


def test_too_small_a_table_is_refused(folder, accuracy):
    few = pd.Series(np.arange(10.0), index=accuracy.values.index[:10])
    with pytest.raises(TegnasError, match="mine scores 10 architectures"):
        card_of_scores(few, accuracy, folder, name="mine", higher_is_better=True, **DRAWS)
