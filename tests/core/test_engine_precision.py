"""TF32 is off inside the block, and what it was before outside."""

import pytest
import torch

from tegnas_core.engine.precision import full_precision


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
