"""One kernel for many notebooks: what they import is imported once, what they name is forgotten between them.

`make book` gives every notebook a kernel of its own; tests at smoke size, which are mostly imports, share one a
worker.
"""

from functools import cache
from pathlib import Path

from jupyter_client.manager import AsyncKernelManager

from book.execute import Run, execute
from book.parameters import Parameters

FORGET = "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.close('all')\n%reset -f"


def execute_warm(source: Path, target: Path, parameters: Parameters) -> Run:
    """Run a notebook as `book.execute.execute` does, in this process's one kernel."""
    kernel = _kernel()
    if kernel.has_kernel:
        _forget(kernel)
    return execute(source, target, parameters, kernel=kernel)


@cache
def _kernel() -> AsyncKernelManager:
    return AsyncKernelManager(kernel_name="python3")  # it ends with the process that started it


def _forget(kernel: AsyncKernelManager) -> None:
    client = kernel.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        reply = client.execute_interactive(FORGET, timeout=60, output_hook=lambda message: None)
        assert reply["content"]["status"] == "ok", reply["content"]
    finally:
        client.stop_channels()
