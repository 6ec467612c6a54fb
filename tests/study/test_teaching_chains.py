"""Chains are what they say, their kernels are those of a plain product, and tables of κ keep what is infinite."""

import math

import pandas as pd
import pytest
import torch

from tegnas_core import condition_number
from tegnas_core.errors import TegnasError
from tegnas_study.teaching.chains import Chain, chain, kappas, kernel_of, over_seeds

X = torch.tensor([[1.0, 0.0], [0.6, 0.8], [-1.0, 0.2]], dtype=torch.float64)


def by_hand(network, x, *, skips):
    hidden = torch.relu(x @ network.first.weight.T)
    for layer in network.hidden:
        hidden = torch.relu(hidden @ layer.weight.T) + (hidden if skips else 0)
    return hidden @ network.last.weight.T


@pytest.mark.parametrize("skips", [False, True])
def test_a_chain_is_the_product_of_its_layers(skips):
    network = chain(3, 5, seed=0, skips=skips, biases=False)
    assert len(list(network.parameters())) == 4
    assert torch.allclose(network(X), by_hand(network, X, skips=skips))


def test_tanh_and_biases():
    network = chain(1, 4, seed=0, activation="tanh", initialisation="torch_default")
    expected = network.last(torch.tanh(network.first(X)))
    assert torch.equal(network(X), expected)
    assert network.first.bias.abs().min() > 0


@pytest.mark.parametrize(
    "wrong, told",
    [
        ({"depth": 0, "width": 3}, "from 1 up, got 0, 3 and 2"),
        ({"depth": 1, "width": 0}, "from 1 up, got 1, 0 and 2"),
        ({"depth": 1, "width": 1, "activation": "sine"}, "unknown activation 'sine'; known are relu, tanh"),
    ],
)
def test_a_chain_that_cannot_be_is_told(wrong, told):
    with pytest.raises(TegnasError, match=told):
        Chain(**wrong)


def test_the_same_seed_is_the_same_chain():
    assert torch.equal(chain(2, 3, seed=1)(X), chain(2, 3, seed=1)(X))
    assert not torch.equal(chain(2, 3, seed=1)(X), chain(2, 3, seed=2)(X))


def test_a_kernel_is_that_of_the_weights_alone():
    network = chain(1, 6, seed=0, initialisation="torch_default")
    rows = []
    for i in range(len(X)):
        weights = [network.first.weight, network.last.weight]
        rows.append(torch.cat([g.flatten() for g in torch.autograd.grad(network(X)[i, 0], weights)]))
    J = torch.stack(rows)
    assert torch.allclose(kernel_of(network, X), J @ J.T)


def test_a_row_for_every_combination_and_kappa_is_the_core_s():
    table = kappas(X, depths=(1, 2), widths=(4, 8), skips=(False, True), seeds=range(3))
    assert len(table) == 2 * 2 * 2 * 3
    row = table.query("depth == 2 and width == 8 and skips and seed == 2").iloc[0]
    assert row["kappa"] == condition_number(kernel_of(chain(2, 8, skips=True, seed=2), X)).value


def test_without_biases_scale_moves_no_kappa():
    """The exercise of the chapter: a factor on all weights scales Θ, and κ stays."""
    network = chain(2, 16, seed=0, biases=False)
    before = kernel_of(network, X)
    with torch.no_grad():
        for weight in network.parameters():
            weight *= 2
    assert torch.allclose(kernel_of(network, X), 16 * before)


def test_medians_and_bands_know_infinity():
    rows = [("a", k, value) for k, value in enumerate([1.0, 2.0, 3.0, 4.0, math.inf])]
    rows += [("b", k, math.inf) for k in range(5)]
    found = over_seeds(pd.DataFrame(rows, columns=["group", "seed", "kappa"]), ["group"]).set_index("group")
    assert found.loc["a"].tolist() == [3.0, 1.0, math.inf, 0.2]
    assert found.loc["b"].tolist() == [math.inf, math.inf, math.inf, 1.0]
