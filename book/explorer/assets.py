"""The files behind the page of the explorer: the chart library, the data, our own script and style.

The library is Vega with Vega-Embed, bundled when the book is built by vl-convert, which carries both in its
wheel and needs no network. Compared by size: 0.90 MB (0.31 MB compressed) against 1.27 MB (0.35 MB) of Bokeh
3.9 and 4.8 MB of Plotly; copies of d3 and Observable Plot on the index are old or closed inside a widget.
Compared by feel: moving 20 marks over 15,625 dots kept a busy core for 14 ms with Vega, which draws only the
part of a canvas that changed, and for 92 ms with Bokeh, which draws all of it.
"""

import json
from pathlib import Path

import vl_convert

from book.errors import BuildError
from book.explorer.cells import cells_data
from book.explorer.projection import fit_projection
from book.explorer.searches import searches_data, visited_codes
from tegnas_core.errors import TegnasError
from tegnas_study.data.benchmark import Benchmark, load_benchmark
from tegnas_study.figures.style import OPERATION_NAMES
from tegnas_study.paths import ATLAS, SEARCHES

HERE = Path(__file__).resolve().parent
# One script from several files, in the order in which they use each other.
SCRIPTS = (
    "data",
    "cells",
    "quantities",
    "address",
    "drawing",
    "map",
    "values",
    "neighbours",
    "replay",
    "timeline",
    "page",
)
MOST_DATA, MOST_TOGETHER = 1_000_000, 3_000_000  # bytes


def explorer_data(
    benchmark: Benchmark | None = None, *, atlas: Path = ATLAS, searches: Path = SEARCHES
) -> dict[str, object]:
    """Return everything that the page knows, ready for JSON.

    Args:
        benchmark: Where accuracies come from; None takes what `load_benchmark` finds.
        atlas: Where the tables of draws lie.
        searches: Where the recorded searches lie.
    """
    return {
        **cells_data(benchmark or load_benchmark(), atlas),
        "operation_names": OPERATION_NAMES,
        "projection": fit_projection(visited_codes(searches)).data(),
        "searches": searches_data(searches),
    }


def write_explorer(folder: Path, data: dict[str, object] | None = None) -> dict[str, int]:
    """Write the files of the page into a folder and return how many bytes each has.

    Args:
        folder: Made when it is not there; the page looks for it beside itself, under the name ``explorer``.
        data: What `explorer_data` returns; None makes it.

    Raises:
        BuildError: When the study's tables cannot be read, or the page would be larger than a page should be.
    """
    try:
        data = data or explorer_data()
    except TegnasError as error:
        raise BuildError(f"the explorer has no data: {error}") from None
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    files = {
        "vega.js": _library(),
        "data.js": f"window.TEGNAS_EXPLORER = {text};\n",
        "explorer.js": _script(),
        "explorer.css": (HERE / "explorer.css").read_text(encoding="utf-8"),
    }
    sizes = {name: len(content.encode()) for name, content in files.items()}
    if sizes["data.js"] > MOST_DATA or sum(sizes.values()) > MOST_TOGETHER:
        told = ", ".join(f"{name} {size:,}" for name, size in sizes.items())
        raise BuildError(
            f"the explorer is too large ({told} bytes); {MOST_DATA:,} of data, {MOST_TOGETHER:,} in all"
        )
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    return sizes


def _library() -> str:
    """Return Vega-Embed with Vega in it as one plain script, which puts only ``vegaEmbed`` on the page."""
    return f"(() => {{\n{vl_convert.javascript_bundle('window.vegaEmbed = vegaEmbed;')}\n}})();\n"


def _script() -> str:
    """Return our own script: its files one after the other, closed to the outside."""
    parts = [(HERE / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS]
    return '(() => {\n"use strict";\n' + "\n".join(parts) + "\n})();\n"
