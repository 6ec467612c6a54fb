"""One thread and no TF32 inside the block, as before outside."""

import pytest
import torch

from tegnas_core.engine.arithmetic import full_precision, one_thread


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


def state() -> tuple[bool, bool, bool]:
    return (
        torch.backends.cudnn.allow_tf32,
        torch.backends.cuda.matmul.allow_tf32,
        torch.backends.cudnn.deterministic,
    )


def test_tf32_is_off_inside_and_as_before_outside():
    before = state()
    with full_precision():
        assert state() == (False, False, True)
    assert state() == before


def test_an_error_inside_restores_it_too():
    torch.backends.cuda.matmul.allow_tf32 = True
    try:
        with pytest.raises(KeyError), full_precision():
            raise KeyError
        assert torch.backends.cuda.matmul.allow_tf32
    finally:
        torch.backends.cuda.matmul.allow_tf32 = False
