"""The words of --reward."""

import pytest

from tegnas_core.errors import TegnasError
from tegnas_core.indicators import INDICATORS
from tegnas_study.experiments.rewards import WORDS, parse_reward


@pytest.mark.parametrize("word", WORDS)
def test_every_word_has_objectives_with_their_known_direction(word):
    choice = parse_reward(word)
    assert choice.objectives
    for name, higher in choice.objectives:
        assert higher == (True if name == "accuracy" else INDICATORS[name].higher_is_better)


def test_sums_are_in_the_order_of_the_three():
    assert parse_reward("mse+kappa").objectives == parse_reward("kappa+mse").objectives
    assert parse_reward("kappa+regions+mse").objectives == parse_reward("teg").objectives
    assert len(parse_reward("regions").objectives) == 1


@pytest.mark.parametrize("word", ["", "beauty", "kappa+", "kappa+kappa", "teg+kappa", "accuracy+mse"])
def test_an_unknown_word_lists_the_known_ones(word):
    with pytest.raises(TegnasError, match="known are teg, kappa"):
        parse_reward(word)
