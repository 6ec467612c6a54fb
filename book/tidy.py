"""Make an executed notebook depend on its inputs alone: two runs then give the same bytes."""

from nbformat import NotebookNode

RUN_METADATA = ("papermill", "execution")  # times of day and durations


def tidy(notebook: NotebookNode) -> int:
    """Strip what differs between two runs, in place, and return how many outputs on stderr were dropped.

    Times, random cell identifiers and the patch version of Python go, and so does stderr: progress bars
    and warnings belong to the run, not to the page.
    """
    notebook.metadata.pop("papermill", None)
    notebook.metadata.get("language_info", {}).pop("version", None)
    return sum(_tidy_cell(cell, number) for number, cell in enumerate(notebook.cells, start=1))


def _tidy_cell(cell: NotebookNode, number: int) -> int:
    cell.id = f"cell-{number:03d}"
    for key in RUN_METADATA:
        cell.metadata.pop(key, None)
    if cell.cell_type != "code":
        return 0
    if "injected-parameters" in cell.metadata.get("tags", []):
        cell.source = cell.source.replace("# Parameters", "# the size this page was built with", 1)
    kept = [output for output in cell.outputs if output.get("name") != "stderr"]
    dropped = len(cell.outputs) - len(kept)
    cell.outputs = kept
    return dropped
