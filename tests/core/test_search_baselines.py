"""The moving average of rewards, in its three readings."""

import pytest

from tegnas_core.errors import TegnasError
from tegnas_core.search.baselines import Baseline

REWARDS = [0.0, 1.0, -0.5, 2.0]


def advantages(kind, rewards=REWARDS):
    baseline = Baseline(0.9, kind)
    return [baseline.advantage(reward) for reward in rewards]


def test_the_papers_average_is_its_equation():
    b, expected = 0.0, []
    for r in REWARDS:
        b = 0.9 * b + 0.1 * r
        expected.append(r - b)
    assert advantages("plain") == pytest.approx(expected)


def test_the_textbooks_is_the_papers_divided_by_the_decay():
    assert advantages("plain") == pytest.approx([0.9 * a for a in advantages("previous")])


def test_the_released_average_has_no_bias_and_its_first_advantage_is_zero():
    assert advantages("debiased", [3.0, 3.0, 3.0]) == pytest.approx([0.0, 0.0, 0.0])
    assert advantages("debiased")[1] == pytest.approx(1.0 - 0.1 * 1.0 / (1 - 0.9**2))
    assert advantages("plain", [3.0])[0] == pytest.approx(2.7)


@pytest.mark.parametrize(("decay", "kind"), [(1.0, "plain"), (-0.1, "plain"), (0.9, "moving")])
def test_what_makes_no_sense_is_refused(decay, kind):
    with pytest.raises(TegnasError):
        Baseline(decay, kind)
