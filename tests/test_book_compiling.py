"""What the build compiles before the chapters stays compiled: another process finds it on the disk."""

import os
import subprocess
import sys

import pytest

from book.compiling import EVERY_OPERATION, compile_engine
from tegnas_core import OPERATIONS

AFTERWARDS = """
from book.compiling import compile_engine
compile_engine()
import sys
from tegnas_core.engine import lanes
names = [name for name in sys.modules if name.startswith("tegnas_core.engine")]
loops = {id(v): v for name in names for v in vars(sys.modules[name]).values() if hasattr(v, "stats")}
print(sum(sum(loop.stats.cache_misses.values()) for loop in loops.values()), len(loops))
"""


def test_the_cell_has_every_operation():
    assert all(operation in EVERY_OPERATION for operation in OPERATIONS)


@pytest.mark.slow
def test_a_second_process_finds_everything_compiled():
    compile_engine()
    done = subprocess.run([sys.executable, "-c", AFTERWARDS], capture_output=True, text=True, env=os.environ)
    misses, loops = map(int, done.stdout.split())
    assert misses == 0 < loops, done.stderr
