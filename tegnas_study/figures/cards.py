"""Indicator cards as figures: one card in small panels, and all cards as a heat map whose cells have intervals."""

from collections.abc import Mapping
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator

from tegnas_core.errors import TegnasError
from tegnas_study.figures.intervals import RIVAL_NAMES
from tegnas_study.figures.style import BLUE, GREY, INK, PALE, VERMILION, WIDTH, accuracy_scale, styled
from tegnas_study.storage.atomic import replacing
from tegnas_study.storage.lock import writer_lock
from tegnas_study.tables.printed import printed

KINDS: Mapping[str, str] = {
    "all": "all",
    "classes": "each class\nonce",
    "top tenth": "top\ntenth",
    "equal size": "equal\nsize",
    "given parameters": "given\nparameters",
}
NETWORKS: Mapping[str, str] = {
    "proxy": "small proxy network",
    "benchmark": "benchmark's network",
    "none": "counted",
    "unknown": "as the table has it",
}
MARKS: Mapping[str, str] = {"same": "○", "less": "▼", "more": "", "itself": ""}  # beside the number of parameters
_DIVERGING = LinearSegmentedColormap.from_list("agreement", [VERMILION, "#ffffff", BLUE])
_LARGEST = 0.8  # the τ at which the colour is full


@styled
def card_figure(points: pd.DataFrame, agreements: pd.DataFrame) -> Figure:
    """Draw a card: for each network where architectures lie, and how far their order agrees with accuracy.

    Args:
        points: Columns network, place (0 for what is ranked last, 1 for the first) and accuracy in percent.
        agreements: Columns network, kind, value, low, high.
    """
    networks = list(dict.fromkeys(points["network"]))
    size = (WIDTH, 0.3 + 2.6 * len(networks))
    figure, grid = plt.subplots(len(networks), 2, figsize=size, squeeze=False, width_ratios=(1, 1))
    for (left, right), network in zip(grid, networks, strict=True):
        _places(left, points[points["network"] == network])
        _intervals(right, agreements[agreements["network"] == network])
        left.set_title(NETWORKS.get(network, network), fontsize=10, loc="left")
    grid[-1, 0].set_xlabel("share ranked behind")
    grid[-1, 1].set_xlabel("Kendall's τ")
    ends = agreements[["low", "high"]].to_numpy(float)
    for axes in grid[:, 1]:
        axes.set_xlim(min(-0.1, np.nanmin(ends) - 0.05), max(0.8, np.nanmax(ends) + 0.05))
    return figure


def _places(axes: Axes, points: pd.DataFrame) -> None:
    stretched = -np.log10(101 - np.minimum(points["accuracy"], 100.9))  # as accuracy_scale does
    low, high = stretched.quantile(0.03), stretched.max()
    n_bins = 30 if len(points) > 1000 else 15
    x_edges, y_edges = np.linspace(0, 1, n_bins + 1), np.linspace(min(low, high - 1e-6), high + 1e-9, n_bins + 1)
    counts, _, _ = np.histogram2d(np.maximum(stretched, low), points["place"], bins=(y_edges, x_edges))
    shown = np.ma.masked_equal(counts, 0)
    colours = LinearSegmentedColormap.from_list("density", ["#dbe9f5", BLUE, INK])
    axes.pcolormesh(x_edges, 101 - 10.0 ** (-y_edges), shown, cmap=colours, norm="log", linewidth=0)
    accuracy_scale(axes)
    axes.yaxis.set_major_locator(FixedLocator([10, 50, 80, 90, 93, 95]))
    axes.set(ylabel="test accuracy (%)", xlim=(0, 1), xticks=(0, 0.5, 1))


def _intervals(axes: Axes, agreements: pd.DataFrame) -> None:
    known = agreements[agreements["value"].notna()]
    heights = [list(KINDS).index(kind) for kind in known["kind"]]
    axes.hlines(heights, known["low"], known["high"], color=BLUE)
    axes.plot(known["value"], heights, "o", color=BLUE, ms=5)
    axes.axvline(0, color=GREY, lw=1)
    axes.set_yticks(range(len(KINDS)), [*KINDS.values()])
    axes.set_ylim(len(KINDS) - 0.5, -0.5)
    axes.grid(axis="x", color=PALE, lw=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(left=False)


@styled
def cards_heat_map(table: pd.DataFrame, names: Mapping[str, str] = RIVAL_NAMES) -> Figure:
    """Draw the agreements of all cards: a row for each indicator and network, by family and not by value.

    A cell shows τ, and its interval below it. A ring says that it cannot be told from the number of parameters,
    a triangle that it agrees less; at equal size, and given parameters, these are comparisons with zero.

    Args:
        table: The table that `analysis.cards.frames.side_by_side` returns.
        names: What indicators are called.
    """
    rows = list(dict.fromkeys(zip(table["family"], table["name"], table["network"], strict=True)))
    figure, axes = plt.subplots(figsize=(1.3 * WIDTH, 0.9 + 0.4 * len(rows)))
    values = np.full((len(rows), len(KINDS)), np.nan)
    for cell in table.itertuples():
        y, x = rows.index((cell.family, cell.name, cell.network)), list(KINDS).index(cell.kind)
        values[y, x] = cell.value
        axes.text(
            x, y, _words(cell), ha="center", va="center", fontsize=8, color=_ink(cell.value), linespacing=1.15
        )
    cells = np.ma.masked_invalid(values)
    axes.imshow(cells, cmap=_DIVERGING, vmin=-_LARGEST, vmax=_LARGEST, aspect="auto", zorder=-1)
    axes.set_xticks(range(len(KINDS)), [*KINDS.values()], fontsize=9)
    axes.xaxis.tick_top()
    labels = [_label(name, network, names) for _, name, network in rows]
    axes.set_yticks(range(len(rows)), labels, fontsize=9)
    axes.tick_params(length=0)
    for y in range(1, len(rows)):
        axes.axhline(y - 0.5, color=INK if rows[y][0] != rows[y - 1][0] else "white", lw=1.2)
    axes.spines[:].set_visible(False)
    return figure


def _words(cell: object) -> str:
    if not np.isfinite(cell.value):
        return "–"
    value, low, high = (printed(number, ".2f") for number in (cell.value, cell.low, cell.high))
    return f"{f'{value} {MARKS[cell.compared]}'.rstrip()}\n[{low}, {high}]"


def _ink(value: float) -> str:
    return "white" if abs(value) > 0.75 * _LARGEST else INK


def _label(name: str, network: str, names: Mapping[str, str]) -> str:
    called = names.get(name, name.replace("_", " "))
    return f"{called},\nbenchmark's" if network == "benchmark" else called


def save_figure(figure: Figure, path: Path) -> None:
    """Write a figure into a .svg or .png file, as a whole or not at all; the same figure gives the same bytes.

    Raises:
        TegnasError: When the file cannot be written.
    """
    kind = path.suffix.lower().removeprefix(".")
    metadata = {"svg": {"Date": None, "Creator": None}, "png": {"Software": None}}
    try:
        with plt.rc_context({"svg.hashsalt": "tegnas"}), writer_lock(path) as file, replacing(file) as partial:
            figure.savefig(partial, format=kind, metadata=metadata[kind])
    except OSError as error:
        raise TegnasError(f"cannot write {path} ({error.strerror}); choose another --figure") from error
    finally:
        plt.close(figure)
