"""A single path of the supernet is the stand-alone network with the same weights."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tegnas_core.errors import TegnasError
from tegnas_core.networks import build_network
from tegnas_core.spaces import NASBench201
from tegnas_study.weight_sharing.supernet import Choice, Supernet, single_path

SIZES = {"width": 2, "cells_per_stage": 1, "n_classes": 3}
NETWORK = Supernet(seed=0, **SIZES).double()
IMAGES = torch.randn(5, 3, 8, 8, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
OPTIONS = st.lists(st.integers(0, 4), min_size=6, max_size=6)


@given(OPTIONS)
@settings(max_examples=10, deadline=None)
def test_a_path_is_the_network_of_its_cell(options):
    cell = NASBench201().compose(options)
    alone = build_network(cell, **SIZES).double()
    alone.load_state_dict(NETWORK.weights_of(cell))  # every name is there, and no other
    assert torch.equal(NETWORK(IMAGES, single_path(options)), alone(IMAGES))


@given(OPTIONS)
@settings(max_examples=5, deadline=None)
def test_a_mixture_with_all_on_one_is_that_path(options):
    shares = torch.nn.functional.one_hot(torch.tensor(options), 5).double()
    mixture = Choice((tuple(range(5)),) * 6, shares)
    assert torch.allclose(NETWORK(IMAGES, mixture), NETWORK(IMAGES, single_path(options)), atol=1e-10)


def test_only_the_weights_of_the_path_have_gradients():
    network = Supernet(seed=0, **SIZES)
    options = (3, 0, 1, 2, 4, 3)
    network(IMAGES.float(), single_path(options)).sum().backward()
    cell = NASBench201().compose(options)
    with_gradient = {name for name, p in network.named_parameters() if p.grad is not None}
    assert with_gradient <= {*network.weights_of(cell)}
    assert any(".edges.0_1_nor_conv_3x3." in name for name in with_gradient)


def test_weights_follow_from_the_seed_and_the_place_alone():
    first, second, other = (Supernet(seed=seed, **SIZES).state_dict() for seed in (0, 0, 1))
    name = "cells.0.edges.0_1_nor_conv_3x3.convolution.weight"
    assert torch.equal(first[name], second[name]) and not torch.equal(first[name], other[name])


def test_gains_inside_cells_are_learned_only_when_asked_for():
    for gains in (False, True):
        network = Supernet(seed=0, gains=gains, **SIZES)
        learned = {name for name, p in network.named_parameters() if p.requires_grad}
        inside = {name for name in learned if ".edges." in name and ".norm." in name}
        assert bool(inside) is gains
        assert "head.norm.weight" in learned


def test_a_cell_that_passes_nothing_on_gives_every_image_the_same_logits():
    logits = NETWORK(IMAGES, single_path([0] * 6))
    assert torch.allclose(logits, logits[:1].expand_as(logits))


def test_a_choice_of_another_space_is_refused():
    with pytest.raises(TegnasError, match="6 edges"):
        NETWORK(IMAGES, single_path([0] * 5))
