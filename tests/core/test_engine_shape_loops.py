"""The loops of crops and of channels put together do what slices do."""

import numpy as np
import pytest
from test_engine_reverse_loops import C, N, lanes_last, random

from tegnas_core.engine import shape_loops as loops
from tegnas_core.engine.lanes import LANES


@pytest.mark.parametrize("fresh", [False, True])
def test_channels_and_crops_are_slices(fresh):
    g, before = lanes_last(random(LANES, N, C, 3, 2)), lanes_last(random(LANES, N, C, 4, 3, seed=1))
    target, start = np.full_like(before, np.nan) if fresh else before.copy(), 0 if fresh else before
    loops.uncrop(g, 1.5, target, fresh, 4, 3)
    expected = np.pad(1.5 * g.reshape(N, C, 3, 2, LANES), [(0, 0), (0, 0), (1, 0), (1, 0), (0, 0)])
    np.testing.assert_allclose(target, start + expected.reshape(before.shape), atol=1e-12)

    wide = np.concatenate([g, 2 * g], axis=1)
    target = np.full_like(g, np.nan) if fresh else g.copy()
    loops.add_channels(wide, 1.5, C - 1, target, fresh)
    np.testing.assert_allclose(target, (0 if fresh else g) + 1.5 * wide[:, C - 1 : 2 * C - 1], atol=1e-12)
