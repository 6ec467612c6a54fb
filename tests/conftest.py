"""What every test shares: figures without a window, reproducible property tests, one thread a process."""

import gc
import os
import signal

os.environ.setdefault("MPLBACKEND", "Agg")
os.environ.setdefault("OMP_NUM_THREADS", "1")  # before torch or numpy is imported: sums in a fixed order

from hypothesis import HealthCheck, settings

BUSY = [HealthCheck.too_slow]  # a busy machine is no defect of a test
settings.register_profile("study", deadline=None, derandomize=True, suppress_health_check=BUSY)
settings.register_profile("quick", settings.get_profile("study"), max_examples=20)
settings.load_profile("study")

QUICK = "not slow"  # how `make quick` chooses its tests
OF_SLOW_FILES = ("pytest.mark.slow", "[pytest.mark.slow, pytest.mark.long]")


def pytest_configure(config):
    if config.option.markexpr == QUICK:
        settings.load_profile("quick")


def pytest_ignore_collect(collection_path, config):
    """Leave out files of slow tests before they are imported: some load all that the book is made with."""
    if config.option.markexpr == QUICK and collection_path.suffix == ".py":
        text = collection_path.read_text(encoding="utf-8")
        return any(f"\npytestmark = {marks}\n" in text for marks in OF_SLOW_FILES) or None
    return None


def pytest_collection_finish():
    """Leave what was imported out of every later garbage collection: it is a million objects, and stays."""
    gc.collect()
    gc.freeze()


# A shell starts its background jobs with Ctrl-C ignored; the tests of a polite stop, and their children, need it.
signal.signal(signal.SIGINT, signal.default_int_handler)
