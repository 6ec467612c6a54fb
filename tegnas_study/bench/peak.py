"""How fast a thread can multiply and add at the very best: the yardstick for everything else."""

import time

import numpy as np

from tegnas_core.engine.lanes import LANES, compiled, load, store

_CHAINS = 10  # sums that do not wait for each other, enough to keep the processor's units busy


@compiled
def _multiply_and_add(numbers, n):
    a0 = a1 = a2 = a3 = a4 = a5 = a6 = a7 = a8 = a9 = load(numbers, 0)
    x, y = load(numbers, 1), load(numbers, 2)
    for _ in range(n):
        a0, a1, a2, a3, a4 = x * a0 + y, x * a1 + y, x * a2 + y, x * a3 + y, x * a4 + y
        a5, a6, a7, a8, a9 = x * a5 + y, x * a6 + y, x * a7 + y, x * a8 + y, x * a9 + y
    store(numbers, 0, a0 + a1 + a2 + a3 + a4 + (a5 + a6 + a7 + a8 + a9))


def peak_operations(*, n: int = 3_000_000, times: int = 5) -> float:
    """Return the most single-precision operations a second on numbers that stay in registers."""
    numbers = np.full((3, LANES), 0.5, np.float32)
    _multiply_and_add(numbers, 1)
    seconds = []
    for _ in range(times):
        started = time.process_time()
        _multiply_and_add(numbers, n)
        seconds.append(time.process_time() - started)
    return 2 * _CHAINS * LANES * n / min(seconds)
