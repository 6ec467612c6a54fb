"""What every test shares: figures without a window, reproducible property tests, one thread a process."""

import os
import signal

os.environ.setdefault("MPLBACKEND", "Agg")
os.environ.setdefault("OMP_NUM_THREADS", "1")  # before torch or numpy is imported: sums in a fixed order

from hypothesis import settings

settings.register_profile("study", deadline=None, derandomize=True)
settings.load_profile("study")

# A shell starts its background jobs with Ctrl-C ignored; the tests of a polite stop, and their children, need it.
signal.signal(signal.SIGINT, signal.default_int_handler)
