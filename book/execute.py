"""Run notebooks: papermill, tidied, moved into place when all went well, two at a time."""

import contextlib
import multiprocessing
import os
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import nbformat
import papermill
from jupyter_client.manager import KernelManager
from papermill.exceptions import PapermillExecutionError

from book.errors import BuildError
from book.origins import note_readings, take_readings
from book.parameters import Parameters, changed_parameters
from book.tidy import tidy
from tegnas_study.paths import DATA

WATCH = Path(__file__).resolve().parent / "watch.py"
# One thread a notebook: two of them fill two cores, and sums are added in the same order every time.
KERNEL_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",  # figures go into the page
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # the debugger's notice on stderr
}


@dataclass(frozen=True)
class Run:
    """What one execution took: wall-clock seconds, and outputs on stderr that were dropped."""

    seconds: float
    stderr_outputs: int


def execute(
    source: Path, target: Path, parameters: Parameters, *, key: str = "", kernel: KernelManager | None = None
) -> Run:
    """Run a notebook from top to bottom and write it, tidied, to ``target``; a failed run leaves no target.

    To be called in one of `workers`, which set up the kernel's environment.

    Args:
        source: The notebook; it runs in the folder it lies in.
        target: The executed copy. A failed one lies beside it, as ``….failed.ipynb``.
        parameters: What to change in the cell tagged ``parameters``.
        key: Identifies the inputs; kept in the notebook's metadata.
        kernel: Runs it and stays alive; None starts one and ends it.

    Raises:
        BuildError: When a parameter is unknown or a cell raises.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    failed = target.with_suffix(".failed.ipynb")
    started = time.perf_counter()
    log = target.with_suffix(".readings")
    os.environ.update(TEGNAS_WATCHED=str(DATA), TEGNAS_READINGS=str(log))
    try:
        notebook = papermill.execute_notebook(
            str(source),
            str(failed),
            parameters=changed_parameters(source, parameters),
            kernel_name="python3",
            cwd=str(source.parent),
            progress_bar=False,
            extra_arguments=["--log-level=CRITICAL", f"--IPKernelApp.exec_files={WATCH}"],  # no notices of its own
            km=kernel,
        )
    except PapermillExecutionError as error:
        reason = f"{error.ename}: {error.evalue}".splitlines()[0]
        raise BuildError(f"{source.name}, cell {error.cell_index + 1}: {reason} (see {failed})") from None
    finally:
        readings = take_readings(log)
    note_readings(notebook, readings, DATA)
    stderr_outputs = tidy(notebook)
    notebook.metadata["inputs"] = key
    _write(notebook, target)
    failed.unlink()
    return Run(time.perf_counter() - started, stderr_outputs)


def _write(notebook: nbformat.NotebookNode, target: Path) -> None:
    temporary = target.with_suffix(".part")
    nbformat.write(notebook, temporary)
    os.replace(temporary, target)


def key_of(target: Path) -> str:
    """Return the key an executed notebook was written with, or "" when there is none."""
    with contextlib.suppress(FileNotFoundError):
        return nbformat.read(target, as_version=4).metadata.get("inputs", "")
    return ""


def workers(jobs: int) -> ProcessPoolExecutor:
    """Return a pool that runs ``jobs`` notebooks at a time, each kernel with one thread."""
    return ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"), initializer=_prepare_worker)


def _prepare_worker() -> None:
    os.environ.update(KERNEL_ENVIRONMENT)
