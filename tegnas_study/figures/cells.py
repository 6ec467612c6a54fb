"""Drawings of cells and of the network around them."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import networkx as nx
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tegnas_study.figures.style import GREY, INK, OPERATION_COLOURS, OPERATION_NAMES, SKY, WIDTH, styled

Edge = tuple[int, int]

# Edges between neighbours are straight; the others bow so far that no two labels meet.
_BOWS = {(0, 2): -0.45, (1, 3): 0.45, (0, 3): -0.62}
_NODE_NAMES = {0: "in", 3: "out"}


@styled
def cell(operations: Mapping[Edge, str]) -> Figure:
    """Draw one cell: nodes 0 (input) to 3 (output) and the operation on each edge; ``none`` is dotted.

    Args:
        operations: The operation on each edge (source, target), by its name in the benchmark.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 2.5))
    _draw_cell(axes, operations)
    return figure


@styled
def cells(drawn: Mapping[str, Mapping[Edge, str]]) -> Figure:
    """Draw several cells one below the other, each under its own words.

    Args:
        drawn: The words above each cell, and its operations as `cell` takes them.
    """
    figure, rows = plt.subplots(len(drawn), figsize=(WIDTH, 2.7 * len(drawn)), squeeze=False)
    for axes, (words, operations) in zip(rows[:, 0], drawn.items(), strict=True):
        axes.set_title(words, loc="left", fontsize=11)
        _draw_cell(axes, operations)
    return figure


@styled
def skeleton(steps: Sequence[tuple[str, str]]) -> Figure:
    """Draw the steps from image to logits from top to bottom, each with what comes out of it.

    Args:
        steps: Pairs of what happens and the shape of the result. Steps that begin with "cell" are coloured.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 0.48 * len(steps)))
    for row, (words, shape) in enumerate(steps):
        box = {"boxstyle": "round,pad=0.35", "facecolor": SKY if words.startswith("cell") else "white"}
        options = {"ha": "center", "va": "center", "bbox": {**box, "edgecolor": INK}}
        if row:
            arrow = {"arrowstyle": "-|>", "color": INK, "shrinkA": 9, "shrinkB": 9}
            axes.annotate("", (0.3, -row), (0.3, 1 - row), arrowprops=arrow)
        axes.text(0.3, -row, words, **options)
        axes.text(0.62, -row, shape, va="center")
    axes.set(xlim=(0, 1), ylim=(0.5 - len(steps), 0.5))
    axes.axis("off")
    return figure


def _draw_cell(axes: Axes, operations: Mapping[Edge, str]) -> None:
    graph = nx.DiGraph(list(operations))
    places = {node: (node, 0) for node in graph}
    names = {node: _NODE_NAMES.get(node, node) for node in graph}
    nx.draw_networkx_nodes(graph, places, ax=axes, node_color="white", edgecolors=INK, node_size=560)
    nx.draw_networkx_labels(graph, places, names, ax=axes, font_size=11, font_color=INK)
    for edge, operation in operations.items():
        bow = f"arc3,rad={_BOWS.get(edge, 0)}"
        nx.draw_networkx_edges(
            graph,
            places,
            [edge],
            ax=axes,
            connectionstyle=bow,
            edge_color=OPERATION_COLOURS[operation],
            width=1.5 if operation == "none" else 3,
            style=":" if operation == "none" else "-",
            arrowsize=14,
            node_size=560,
        )
        nx.draw_networkx_edge_labels(
            graph,
            places,
            {edge: OPERATION_NAMES[operation]},
            ax=axes,
            connectionstyle=bow,
            font_size=10,
            font_color=GREY if operation == "none" else INK,
            rotate=False,
        )
    axes.set(xlim=(-0.2, 3.2), ylim=(-0.62, 1.08))
    axes.axis("off")
