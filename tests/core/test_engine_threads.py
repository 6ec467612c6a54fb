"""One thread inside the block, as many as before outside."""

import pytest
import torch

from tegnas_core.engine.threads import one_thread


def test_torch_runs_on_one_thread_inside_and_as_before_outside():
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    try:
        with one_thread():
            assert torch.get_num_threads() == 1
        assert torch.get_num_threads() == 3
        with pytest.raises(ValueError), one_thread():
            raise ValueError
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)
