"""One step down a gradient."""

import pytest
import torch

from tegnas_core.errors import TegnasError
from tegnas_core.search.optimisers import descend, make_optimiser


@pytest.mark.parametrize(("name", "expected"), [("sgd", [1.0 - 0.1 * 2, -3.0 + 0.1 * 6]), ("adam", [0.9, -2.9])])
def test_a_step_goes_down_the_gradient(name, expected):
    logits = torch.tensor([1.0, -3.0], dtype=torch.float64, requires_grad=True)
    optimiser = make_optimiser(name, logits, learning_rate=0.1)
    descend(optimiser, (logits**2).sum())
    assert logits.tolist() == pytest.approx(expected)  # the first step of Adam has length η in every coordinate
    first = logits.detach().clone()
    descend(optimiser, 0 * logits.sum())
    assert torch.equal(logits.detach(), first) == (name == "sgd")  # gradients do not add up; Adam has momentum


def test_what_makes_no_sense_is_refused():
    logits = torch.zeros(2, requires_grad=True)
    with pytest.raises(TegnasError, match="known are adam, sgd"):
        make_optimiser("lion", logits, learning_rate=0.1)
    with pytest.raises(TegnasError, match="positive"):
        make_optimiser("sgd", logits, learning_rate=0.0)
