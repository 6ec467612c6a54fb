"""How torch computes inside a block: on one thread or in full precision, so that numbers repeat everywhere."""

import contextlib
from collections.abc import Iterator

import torch


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Run torch on one thread inside the block, so that sums are added in the same order everywhere."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@contextlib.contextmanager
def full_precision() -> Iterator[None]:
    """Compute without TF32 inside the block, by algorithms that give the same numbers on every run.

    TF32 is PyTorch's default for convolutions on a GPU. It keeps 10 bits of a number: masks of ReLUs flip and a
    kernel is wrong in its third digit. On a CPU nothing changes.
    """
    matmul = torch.backends.cuda.matmul
    before = matmul.allow_tf32
    matmul.allow_tf32 = False
    try:
        with torch.backends.cudnn.flags(enabled=True, deterministic=True, allow_tf32=False):
            yield
    finally:
        matmul.allow_tf32 = before
