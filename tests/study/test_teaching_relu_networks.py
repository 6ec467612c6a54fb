"""A network written as its weights is the network that the core sees."""

import numpy as np
import pytest
import torch

from tegnas_core import linear_regions
from tegnas_core.errors import TegnasError
from tegnas_core.indicators.expressivity import activation_patterns
from tegnas_study.teaching.relu_networks import as_images, as_module, random_layers


def forward(layers, x):
    """Run a network row by row, the slow way."""
    outputs, patterns = [], []
    for row in x:
        pattern = []
        for weights, biases in layers[:-1]:
            row = [float(np.dot(w, row) + b) for w, b in zip(weights, biases, strict=True)]
            pattern += [z > 0 for z in row]
            row = [max(z, 0.0) for z in row]
        weights, biases = layers[-1]
        outputs.append(weights @ np.array(row) + biases)
        patterns.append(pattern)
    return np.array(outputs), np.array(patterns)


def test_module_computes_the_network_and_the_core_hears_its_patterns():
    layers = random_layers((3, 5, 4, 2), rng=np.random.default_rng(0))
    x = np.random.default_rng(1).normal(size=(20, 3))
    outputs, patterns = forward(layers, x)
    module = as_module(layers)
    with torch.no_grad():
        assert np.allclose(module(as_images(x))[..., 0, 0].numpy(), outputs)
    heard = activation_patterns(module, [as_images(x)])
    assert np.array_equal(heard, patterns)
    assert linear_regions(heard) == len({tuple(row) for row in patterns.tolist()})


def test_weights_have_the_spread_that_is_promised_and_follow_from_the_seed():
    (weights, biases), _ = random_layers((50, 400, 1), rng=np.random.default_rng(0), bias=0.1)
    assert weights.std() == pytest.approx(np.sqrt(2 / 50), rel=0.05)
    assert biases.std() == pytest.approx(0.1, rel=0.1)
    again = random_layers((50, 400, 1), rng=np.random.default_rng(0), bias=0.1)
    assert np.array_equal(weights, again[0][0])


@pytest.mark.parametrize("widths", [(), (2,), (2, 0, 1)])
def test_widths_that_make_no_network_are_told(widths):
    with pytest.raises(TegnasError, match="make no network"):
        random_layers(widths, rng=np.random.default_rng(0))
