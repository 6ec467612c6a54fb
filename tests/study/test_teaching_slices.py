"""A plane through three inputs, and a network whose batch normalisation stands still."""

import numpy as np
import pytest
import torch
from torch import nn

from tegnas_core.errors import TegnasError
from tegnas_study.teaching.slices import hold_statistics, patterns_on_plane, plane_through

MARKS = np.array([[0.25, 0.25], [0.75, 0.25], [0.25, 0.75]])


@pytest.fixture
def inputs():
    return torch.randn(20, 1, 3, 3, generator=torch.Generator().manual_seed(0))


def network():
    torch.manual_seed(0)
    layers = (nn.Conv2d(1, 2, 3, padding=1), nn.BatchNorm2d(2, track_running_stats=False), nn.ReLU())
    return nn.Sequential(*layers, nn.Conv2d(2, 1, 1), nn.BatchNorm2d(1, track_running_stats=False))


def test_held_network_gives_its_batch_what_it_gave_before_and_each_input_alone_the_same(inputs):
    with torch.no_grad():
        together = network()(inputs)
        held = hold_statistics(network(), inputs)
        assert torch.allclose(held(inputs), together, atol=1e-6)
        assert torch.allclose(held(inputs[3:4]), together[3:4], atol=1e-6)
        assert not torch.allclose(network()(inputs[3:5]), together[3:5], atol=1e-3)
    assert not any(module._forward_pre_hooks for module in held.modules())


def test_plane_passes_through_the_three_inputs_and_is_flat(inputs):
    plane = plane_through(inputs[:3], MARKS, 2)  # the middles of four squares: three marks and one more
    assert torch.allclose(plane[0], inputs[0], atol=1e-6)
    assert torch.allclose(plane[1], inputs[1], atol=1e-6)
    assert torch.allclose(plane[2], inputs[2], atol=1e-6)
    assert torch.allclose(plane[3], inputs[1] + inputs[2] - inputs[0], atol=1e-5)


def test_patterns_lie_where_their_points_lie(inputs):
    held = hold_statistics(network(), inputs)
    patterns = patterns_on_plane(held, inputs[:3], MARKS, 2)
    assert patterns.shape == (2, 2, 18)
    with torch.no_grad():
        on = (held[:2](inputs[:3]) > 0).flatten(1).numpy()
    assert [patterns[0, 0].tolist(), patterns[0, 1].tolist(), patterns[1, 0].tolist()] == on.tolist()


def test_three_marks_on_a_line_and_two_inputs_are_told(inputs):
    with pytest.raises(TegnasError, match="on one line"):
        plane_through(inputs[:3], np.array([[0, 0], [0.5, 0.5], [1, 1]]), 4)
    with pytest.raises(TegnasError, match="not through 2 at 3"):
        plane_through(inputs[:2], MARKS, 4)
