"""One training on one process, or spread over several that torchrun started."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, distributed, nn


@dataclass(frozen=True)
class Worker:
    """Which of the processes of a training this is.

    Attributes:
        rank: Its number, from 0; the first one writes files.
        n: How many there are.
        device: Where it computes.
    """

    rank: int = 0
    n: int = 1
    device: str = "cpu"

    @property
    def is_first(self) -> bool:
        """Whether this process writes and prints."""
        return self.rank == 0

    def shared(self, network: nn.Module, *, dead_ends: bool = False) -> nn.Module:
        """Return a network whose gradients are averaged over all processes.

        Args:
            network: The network, on the device.
            dead_ends: Some weights may have no way to the output, as on edges of a cell that lead nowhere.
        """
        if self.n == 1:
            return network
        devices = [self.device] if self.device.startswith("cuda") else None
        return nn.parallel.DistributedDataParallel(network, device_ids=devices, find_unused_parameters=dead_ends)

    def total(self, numbers: list[float]) -> list[float]:
        """Return the sums of numbers over all processes."""
        if self.n == 1:
            return numbers
        summed = torch.tensor(numbers, dtype=torch.float64, device=self.device)
        distributed.all_reduce(summed)
        return summed.tolist()

    def same_buffers(self, network: nn.Module) -> None:
        """Give all processes the running averages of the first, before they test on different images."""
        if self.n > 1:
            for buffer in network.buffers():
                distributed.broadcast(buffer, 0)

    def part_of(self, batch: Tensor) -> Tensor:
        """Return this process's share of a batch; all shares are equal, so a few images may be left out."""
        size = len(batch) // self.n
        return batch[self.rank * size : (self.rank + 1) * size]


def ignored_variables() -> tuple[str, ...]:
    """Return the variables that number processes although torchrun started none: they have no effect."""
    if distributed.is_torchelastic_launched():
        return ()
    return tuple(name for name in ("RANK", "WORLD_SIZE") if os.environ.get(name))


@contextlib.contextmanager
def this_worker(device: str) -> Iterator[Worker]:
    """Join the other processes of torchrun if there are any, and part from them at the end.

    Args:
        device: "cpu" or "cuda"; of several GPUs each process takes the one of its local rank.
    """
    if not distributed.is_torchelastic_launched():
        yield Worker(device=device)
        return
    if device == "cuda":
        device = f"cuda:{os.environ['LOCAL_RANK']}"
        torch.cuda.set_device(device)
    distributed.init_process_group("gloo" if device == "cpu" else "nccl")
    try:
        yield Worker(distributed.get_rank(), distributed.get_world_size(), device)
    finally:
        distributed.destroy_process_group()


@contextlib.contextmanager
def on_threads(n: int) -> Iterator[int]:
    """Run torch on n threads inside the block; another number may add sums in another order."""
    before = torch.get_num_threads()
    torch.set_num_threads(n)
    try:
        yield n
    finally:
        torch.set_num_threads(before)


def takes_bfloat16(device: str, precision: str) -> bool:
    """Say whether to compute in 16 bits: when asked to, or by "auto" on a card that can.

    Args:
        device: "cpu" or "cuda".
        precision: "auto", "float32" or "bfloat16".
    """
    return precision == "bfloat16" or (
        precision == "auto" and device == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)
    )
