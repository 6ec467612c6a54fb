"""Drawings of the cells of the DARTS space.

A cell is drawn as a staircase: the states go down its steps, a node's two operations stand above it in its own two
columns, each in the row of the state that it reads. Every possible edge has a place of its own, so that no label
can meet another one, whichever the genotype.
"""

from collections.abc import Collection, Mapping
from types import MappingProxyType

import matplotlib.pyplot as plt
import networkx as nx
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch
from matplotlib.patheffects import Normal, Stroke

from tegnas_core.spaces.genotype import Cell, Genotype
from tegnas_study.figures.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    OPERATION_COLOURS,
    PALE,
    PURPLE,
    SKY,
    VERMILION,
    WIDTH,
    YELLOW,
    styled,
)

OPERATION_LABELS = {
    "none": "none",
    "skip_connect": "skip",
    "sep_conv_3x3": "sep\n3×3",
    "sep_conv_5x5": "sep\n5×5",
    "dil_conv_3x3": "dil\n3×3",
    "dil_conv_5x5": "dil\n5×5",
    "avg_pool_3x3": "avg\npool",
    "max_pool_3x3": "max\npool",
}
_COLOURS = {
    **OPERATION_COLOURS,
    "sep_conv_3x3": SKY,
    "sep_conv_5x5": BLUE,
    "dil_conv_3x3": PURPLE,
    "dil_conv_5x5": GREEN,
    "max_pool_3x3": VERMILION,
}
_LINES = {"sep": "-", "dil": (0, (3, 1)), "avg": (0, (1, 0.8)), "max": (0, (1, 0.8)), "ski": "-", "non": ":"}
_SOLID = {"dash_offset": 0, "dash_list": None}
_STATES = ("cell k−2", "cell k−1", "0", "1", "2", "3")
_WORDS = ("cell k−2", "cell k−1", "node 0", "node 1", "node 2", "node 3")
_OUTPUT = -5.8  # where the output stands; the states stand at 0, -1, … -5
_HALF = 0.23  # from the middle of a node's column to those of its operations
_BELOW = 0.42  # an operation stands so far below the line that leads to it
_EDGE = 0.14  # from the middle of a state's box to its upper edge
_PITCH = 0.68  # inches a row


@styled
def genotype(genotype: Genotype) -> Figure:
    """Draw the normal cell of a genotype and, below it, the reduction cell.

    Dark lines carry a state to the operations that read it; an operation's own line leads to its node, which adds
    its two up. The output stacks the four nodes.
    """
    return _panels({"normal cell": genotype.normal, "reduction cell": genotype.reduce})


@styled
def genotypes(drawn: Mapping[str, Genotype]) -> Figure:
    """Draw both cells of several genotypes one below the other, each under its own words.

    Args:
        drawn: The words above each genotype, and the genotype.
    """
    cells = {}
    for words, genotype in drawn.items():
        cells[f"{words}, normal cell"] = genotype.normal
        cells[f"{words}, reduction cell"] = genotype.reduce
    return _panels(cells)


@styled
def two_cells(first: tuple[str, Cell], second: tuple[str, Cell]) -> Figure:
    """Draw two cells one below the other; what one of them has and the other has not stands in a yellow box.

    Args:
        first: Words above the cell, and the cell. An operation that is none of the space's is drawn under its own
            name, of two short lines.
        second: Words above the other cell, and the cell.
    """
    (words, cell), (other_words, other) = first, second
    marked = {words: _not_in(cell, other), other_words: _not_in(other, cell)}
    return _panels({words: cell, other_words: other}, marked)


def genotype_in_words(genotype: Genotype) -> str:
    """Say what every node reads, for those who cannot see the drawing: one sentence for each cell."""
    return " ".join(
        f"{name}: {_cell_in_words(cell)}."
        for name, cell in (("Normal cell", genotype.normal), ("Reduction cell", genotype.reduce))
    )


def _cell_in_words(cell: Cell) -> str:
    pairs = [f"{OPERATION_LABELS[operation]} of {_WORDS[source]}".replace("\n", " ") for operation, source in cell]
    return "; ".join(f"node {node} = {pairs[2 * node]} + {pairs[2 * node + 1]}" for node in range(4))


def _not_in(cell: Cell, other: Cell) -> set[tuple[int, str, int]]:
    """Return node, operation and source of the pairs of a cell that the same node of the other has not."""
    return set(_with_nodes(cell)) - set(_with_nodes(other))


def _with_nodes(cell: Cell) -> list[tuple[int, str, int]]:
    return [(index // 2, operation, source) for index, (operation, source) in enumerate(cell)]


def _panels(cells: Mapping[str, Cell], marked: Mapping[str, Collection] = MappingProxyType({})) -> Figure:
    height = _PITCH * (0.6 - _OUTPUT) + 0.3
    figure, rows = plt.subplots(len(cells), figsize=(WIDTH, height * len(cells)), squeeze=False)
    for axes, (words, cell) in zip(rows[:, 0], cells.items(), strict=True):
        axes.set_title(words, loc="left", fontsize=11)
        _draw_cell(axes, cell, marked.get(words, ()))
    return figure


def _draw_cell(axes: Axes, cell: Cell, marked: Collection = ()) -> None:
    graph = _graph(cell)
    places = nx.get_node_attributes(graph, "place")
    axes.set(xlim=(-0.4, 4.5), ylim=(_OUTPUT - 0.3, 0.3))
    axes.axis("off")
    _draw_output(axes)
    wires = [edge for edge in graph.edges if edge[0][0] == "state"]
    _draw_wires(axes, graph, places, wires)
    for source, target in graph.edges - set(wires):
        _draw_arrow(axes, graph, places, (source, target))
    for node, place in places.items():
        if node[0] == "operation":
            operation, source = graph.nodes[node]["operation"], graph.nodes[node]["source"]
            _draw_box(axes, operation, place, YELLOW if (node[1], operation, source) in marked else "white")
        if node[0] == "state":
            _draw_state(axes, node[1], place)


def _graph(cell: Cell) -> nx.DiGraph:
    """Return states, operations and the arrival points of the nodes, with their places."""
    graph = nx.DiGraph()
    for state in range(len(_STATES)):
        graph.add_node(("state", state), place=(max(state - 1, 0), -state))
    for node in range(len(cell) // 2):
        # the operation that reads the higher state stands left, so that the two lines do not cross
        left_to_right = sorted(cell[2 * node : 2 * node + 2], key=lambda pair: -pair[1])
        for side, (operation, source) in enumerate(left_to_right):
            x = node + 1 + (2 * side - 1) * _HALF
            box, arrival = ("operation", node, side), ("arrival", node, side)
            graph.add_node(box, place=(x, -source - _BELOW), operation=operation, source=source)
            graph.add_node(arrival, place=(x, -node - 2 + _EDGE))
            graph.add_edge(("state", source), box)
            graph.add_edge(box, arrival)
    return graph


def _draw_wires(axes: Axes, graph: nx.DiGraph, places: dict, wires: list) -> None:
    nx.draw_networkx_edges(
        graph,
        places,
        wires,
        ax=axes,
        connectionstyle="angle,angleA=0,angleB=90,rad=0",
        edge_color=INK,
        width=1.2,
        arrowstyle="-",
        node_size=0,
    )


def _draw_arrow(axes: Axes, graph: nx.DiGraph, places: dict, edge: tuple) -> None:
    operation = graph.nodes[edge[0]]["operation"]
    colour = _COLOURS.get(operation, INK)
    lines = nx.draw_networkx_edges(
        graph,
        places,
        [edge],
        ax=axes,
        edge_color=colour,
        width=2.5,
        style=_LINES.get(operation[:3], "-"),
        arrowstyle="-",
        node_size=0,
    )
    for line in lines:
        line.set_capstyle("butt")
        line.set_path_effects([Stroke(linewidth=6, foreground="white", dashes=_SOLID), Normal()])
    # the head is a marker of its own: dashes would tear it
    x, y = places[edge[1]]
    axes.plot(x, y + 0.06, marker="v", markersize=7, color=colour, zorder=3)


def _draw_box(axes: Axes, operation: str, place: tuple[float, float], face: str) -> None:
    edge = _COLOURS.get(operation, INK)
    box = {"boxstyle": "round,pad=0.2", "facecolor": face, "edgecolor": edge, "linewidth": 2}
    axes.text(
        *place,
        OPERATION_LABELS.get(operation, operation),
        ha="center",
        va="center",
        fontsize=10,
        linespacing=0.9,
        color=GREY if operation == "none" else INK,
        bbox={**box, "linestyle": _LINES.get(operation[:3], "-")},
        zorder=4,
    )


def _draw_state(axes: Axes, state: int, place: tuple[float, float]) -> None:
    x, y = place
    half = 0.37
    options = {"boxstyle": "round,pad=0,rounding_size=0.08", "facecolor": PALE if state < 2 else "white"}
    axes.add_patch(FancyBboxPatch((x - half, y - _EDGE), 2 * half, 2 * _EDGE, edgecolor=INK, zorder=4, **options))
    axes.text(x, y, _STATES[state], ha="center", va="center_baseline", fontsize=10, zorder=5)


def _draw_output(axes: Axes) -> None:
    """Draw the four nodes' way down to the output, thin and behind everything."""
    for node in range(4):
        axes.plot([node + 1] * 2, [-node - 2, _OUTPUT], color=GREY, linewidth=1, zorder=0)
    axes.plot([1, 4], [_OUTPUT] * 2, color=GREY, linewidth=1, zorder=0)
    box = {"boxstyle": "round,pad=0.3", "facecolor": PALE, "edgecolor": INK}
    axes.text(2.5, _OUTPUT, "output: nodes stacked", ha="center", va="center", fontsize=10, bbox=box, zorder=4)
