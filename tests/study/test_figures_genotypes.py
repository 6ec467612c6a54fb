"""Drawn genotypes: every operation once, nothing on top of anything else, and the same in words."""

import itertools

import matplotlib.pyplot as plt
import numpy as np
import pytest
from genotypes import written_genotypes
from hypothesis import given, settings
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from tegnas_core.spaces import NAMED
from tegnas_core.spaces.genotype import OPERATIONS
from tegnas_study import figures
from tegnas_study.figures.genotypes import _COLOURS, _LINES, OPERATION_LABELS


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def boxes_of(axes):
    """The frames of all labels of one cell, in pixels, each with its words."""
    labels = [text for text in axes.texts if text.get_bbox_patch()]
    found = [(text.get_text(), text.get_bbox_patch().get_window_extent()) for text in labels]
    states = [patch for patch in axes.patches if isinstance(patch, FancyBboxPatch)]
    return found + [("state", patch.get_window_extent()) for patch in states]


def lines_of(axes):
    return [patch for patch in axes.patches if isinstance(patch, FancyArrowPatch)]


@settings(max_examples=6)
@given(written_genotypes)
def test_nothing_stands_on_anything_else_and_all_is_inside_the_figure(genotype):
    figure = figures.genotype(genotype)
    figure.canvas.draw()
    for axes in figure.axes:
        boxes = boxes_of(axes)
        assert len(boxes) == 8 + 6 + 1  # operations, states, output
        for (_, first), (_, second) in itertools.combinations(boxes, 2):
            assert not first.overlaps(second)
        for words, box in boxes:
            assert box.x0 >= 0 and box.x1 <= figure.bbox.width, words
        operations = [box for words, box in boxes if words in OPERATION_LABELS.values()]
        for line in lines_of(axes):
            along = line.get_transform().transform(line.get_path().interpolated(15).vertices)
            through = [box for box in operations if any(box.contains(x, y) for x, y in along)]
            assert len(through) == 1  # the one that it leads to or from
    plt.close(figure)


@settings(max_examples=5)
@given(written_genotypes)
def test_each_cell_shows_its_operations(genotype):
    figure = figures.genotype(genotype)
    for axes, cell in zip(figure.axes, (genotype.normal, genotype.reduce), strict=True):
        shown = [text.get_text() for text in axes.texts if text.get_text() in OPERATION_LABELS.values()]
        assert sorted(shown) == sorted(OPERATION_LABELS[operation] for operation, _ in cell)
        assert len(lines_of(axes)) == 16  # to and from every operation
    assert [axes.get_title("left") for axes in figure.axes] == ["normal cell", "reduction cell"]
    plt.close(figure)


def test_operations_differ_in_label_and_colour_and_families_in_line():
    assert set(OPERATION_LABELS) == set(OPERATIONS) <= set(_COLOURS)
    assert len(set(OPERATION_LABELS.values())) == 8
    assert len({_COLOURS[operation] for operation in OPERATIONS}) == 8
    assert len({str(_LINES[family]) for family in ("sep", "dil", "max", "non")}) == 4


def test_an_operation_stands_in_the_row_of_its_source_and_the_columns_of_its_node():
    figure = figures.genotype(NAMED["DARTS_V2"])
    normal = figure.axes[0]
    (dilated,) = [text for text in normal.texts if text.get_text() == "dil\n3×3"]  # node 3 reads node 0, state 2
    x, y = dilated.get_position()
    assert abs(x - 4) < 0.5 and -3 < y < -2
    (other,) = [
        text for text in normal.texts if text.get_text() == "skip" and abs(text.get_position()[0] - 4) < 0.5
    ]
    assert -1 < other.get_position()[1] < 0 and other.get_position()[0] > x  # state 0 stands right of state 2


def test_several_genotypes_stand_under_their_words():
    figure = figures.genotypes({"found": NAMED["DARTS_V1"], "published": NAMED["TEGNAS_RL"]})
    assert [axes.get_title("left") for axes in figure.axes] == [
        "found, normal cell",
        "found, reduction cell",
        "published, normal cell",
        "published, reduction cell",
    ]
    alone = figures.genotype(NAMED["DARTS_V1"])
    assert figure.get_size_inches()[1] == 2 * alone.get_size_inches()[1]


@pytest.mark.parametrize("name", ["DARTS_V2", "TEGNAS_RL"])
def test_a_phone_shows_the_words_at_ten_pixels(name):
    figure = figures.genotype(NAMED[name])
    sizes = [text.get_fontsize() for axes in figure.axes for text in axes.texts]
    pixels = min(sizes) / 72 / figure.get_size_inches()[0] * 390
    assert pixels >= 10


def test_a_genotype_in_words():
    assert figures.genotype_in_words(NAMED["DARTS_V2"]) == (
        "Normal cell: node 0 = sep 3×3 of cell k−2 + sep 3×3 of cell k−1; "
        "node 1 = sep 3×3 of cell k−2 + sep 3×3 of cell k−1; node 2 = sep 3×3 of cell k−1 + skip of cell k−2; "
        "node 3 = skip of cell k−2 + dil 3×3 of node 0. "
        "Reduction cell: node 0 = max pool of cell k−2 + max pool of cell k−1; "
        "node 1 = skip of node 0 + max pool of cell k−1; node 2 = max pool of cell k−2 + skip of node 0; "
        "node 3 = skip of node 0 + max pool of cell k−1."
    )


@given(written_genotypes, written_genotypes)
def test_different_genotypes_have_different_words(first, second):
    same = (first.normal, first.reduce) == (second.normal, second.reduce)
    assert (figures.genotype_in_words(first) == figures.genotype_in_words(second)) == same


def test_drawing_leaves_matplotlib_as_it_was():
    before = dict(plt.rcParams)
    figures.genotype(NAMED["DARTS_V1"])
    assert dict(plt.rcParams) == before and np.isfinite(plt.rcParams["font.size"])


def test_what_only_one_of_two_cells_has_is_marked():
    first = NAMED["DARTS_V1"].normal
    second = (*first[:6], ("sep_conv_3x3", 0), ("all 8\n× ⅛", 3))  # was skip of state 2
    figure = figures.two_cells(("intended", first), ("evaluated", second))
    assert [axes.get_title("left") for axes in figure.axes] == ["intended", "evaluated"]
    yellow = [
        [t.get_text() for t in axes.texts if t.get_bbox_patch() and t.get_bbox_patch().get_facecolor()[2] < 0.5]
        for axes in figure.axes
    ]
    assert yellow == [["skip"], ["all 8\n× ⅛"]]
