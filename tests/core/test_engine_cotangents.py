"""Arrays come back when nobody keeps them, and never while somebody does."""

import numpy as np

from tegnas_core.engine.cotangents import Workspace


def test_an_array_is_used_again_only_after_it_was_let_go():
    workspace = Workspace()
    workspace.begin("a")
    first, second = (workspace.take((3, 4), np.float32) for _ in range(2))
    assert first is not second and first.shape == (3, 4) and first.dtype == np.float32
    workspace.keep_only({id(second)})
    assert workspace.take((3, 4), np.float32) is first
    assert workspace.take((3, 4), np.float32) is not second


def test_another_shape_or_precision_is_another_array():
    workspace = Workspace()
    workspace.begin("a")
    first = workspace.take((3, 4), np.float32)
    workspace.keep_only(())
    assert workspace.take((4, 3), np.float32) is not first
    assert workspace.take((3, 4), np.float64).dtype == np.float64
    assert workspace.take((3, 4), np.float32) is first


def test_a_new_computation_of_the_same_kind_finds_the_arrays_and_another_kind_does_not():
    workspace = Workspace()
    workspace.begin("a")
    first = workspace.take((2,), np.float64)
    workspace.begin("a")
    assert workspace.take((2,), np.float64) is first
    workspace.begin("b")
    assert workspace.take((2,), np.float64) is not first
