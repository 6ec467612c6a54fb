"""Edges of a DARTS cell: their order, the deriving rule, and the ways between arrays and genotypes."""

import numpy as np
import pytest
from genotypes import SEEDS, genotypes, written_genotypes
from hypothesis import given, settings

from tegnas_core.errors import TegnasError
from tegnas_core.spaces import NAMED, Darts
from tegnas_core.spaces.darts_edges import EDGES, edge, one_hot, ops_on_edges, resolve_duplicates, rows_of
from tegnas_core.spaces.genotype import OPERATIONS, Genotype

SPACE = Darts()


def test_rows_are_sorted_by_node_and_then_by_source():
    assert EDGES[:5] == ((0, 0), (1, 0), (0, 1), (1, 1), (2, 1)) and EDGES[-1] == (4, 3) and len(EDGES) == 14
    assert [edge(node, source) for source, node in EDGES] == list(range(14))
    assert [rows_of(node).start for node in range(4)] == [0, 2, 5, 9]
    assert [row for node in range(4) for row in rows_of(node)] == list(range(14))


@pytest.mark.parametrize(("node", "source"), [(0, 2), (3, 5), (4, 0), (0, -1), (-1, 0)])
def test_there_is_no_edge_from_a_later_state(node, source):
    with pytest.raises(TegnasError, match=rf"^no edge from state {source} to node {node}"):
        edge(node, source)


# The deriving rule


def derived_slowly(probabilities):
    """The rule in words: per node keep two edges, each with its largest operation other than none."""
    cells = []
    for cell in probabilities:
        pairs = []
        for node in range(4):
            options = []
            for source in range(node + 2):
                row = dict(zip(OPERATIONS, cell[edge(node, source)], strict=True))
                row.pop("none")
                best = max(row, key=row.get)
                options.append((row[best], best, source))
            two = sorted(options, key=lambda option: -option[0])[:2]
            pairs += [(operation, source) for _, operation, source in two]
        cells.append(tuple(pairs))
    return Genotype(*cells)


@settings(max_examples=300)
@given(SEEDS)
def test_deriving_keeps_two_edges_a_node_and_the_best_operation_of_each(seed):
    probabilities = np.random.default_rng(seed).dirichlet(np.ones(8), size=(2, 14))
    found = SPACE.derive(probabilities)
    assert found == derived_slowly(probabilities) and SPACE.contains(found)


@settings(max_examples=500)
@given(genotypes)
def test_the_one_hot_array_of_a_genotype_derives_it(genotype):
    assert SPACE.derive(one_hot(genotype)) == genotype


@given(genotypes, SEEDS)
def test_more_none_changes_nothing(genotype, seed):
    rng = np.random.default_rng(seed)
    probabilities = one_hot(genotype) + 0.1 * rng.random((2, 14, 8))
    probabilities[..., 0] = 10 * rng.random((2, 14))
    before = probabilities.copy()
    assert SPACE.derive(probabilities) == genotype
    np.testing.assert_array_equal(probabilities, before)


def test_among_equals_the_first_edges_and_the_first_operation_win():
    first = tuple(("skip_connect", source) for _ in range(4) for source in (0, 1))
    assert SPACE.derive(np.ones((2, 14, 8))) == Genotype(first, first)


@pytest.mark.parametrize(
    "wrong",
    [np.ones((14, 8)), np.ones((2, 14, 7)), np.full((2, 14, 8), np.nan), np.full((2, 14, 8), "a"), [[1]], None],
    ids=["one cell", "seven operations", "nan", "letters", "scalar", "nothing"],
)
def test_other_arrays_are_refused(wrong):
    with pytest.raises(TegnasError, match=r"^probabilities need finite numbers of shape \(2, 14, 8\), got shape"):
        SPACE.derive(wrong)


# Chosen edges and operations


@settings(max_examples=300)
@given(genotypes, SEEDS)
def test_edges_and_operations_give_the_genotype_whatever_stands_elsewhere(genotype, seed):
    operations = np.random.default_rng(seed).integers(8, size=(2, 14))
    edges = np.zeros((2, 4, 2), dtype=int)
    for cell, pairs in enumerate((genotype.normal, genotype.reduce)):
        for index, (operation, source) in enumerate(pairs):
            row = edges[cell, index // 2, index % 2] = edge(index // 2, source)
            operations[cell, row] = OPERATIONS.index(operation)
    found = SPACE.from_edges(edges, operations)
    assert (found.normal, found.reduce) == (genotype.normal, genotype.reduce)


def test_edges_that_do_not_lead_to_their_node_are_refused():
    edges = np.array([[[0, 1], [2, 3], [5, 6], [9, 10]]] * 2)
    operations = np.ones((2, 14), dtype=int)
    SPACE.from_edges(edges, operations)
    with pytest.raises(TegnasError, match=r"edge 2 does not lead to node 0, whose edges are \[0, 1\]"):
        SPACE.from_edges(np.where(edges == 1, 2, edges), operations)
    for wrong in (-1, 8):
        with pytest.raises(TegnasError, match="operations are indices 0 … 7"):
            SPACE.from_edges(edges, np.full((2, 14), wrong))
    with pytest.raises(TegnasError, match=r"edges need finite numbers of shape \(2, 4, 2\), got shape \(2, 8\)"):
        SPACE.from_edges(edges.reshape(2, 8), operations)


@given(genotypes)
def test_operations_on_edges_are_those_of_the_encoding(genotype):
    cells = ops_on_edges(genotype)
    for operations, code in zip(cells, one_hot(genotype), strict=True):
        assert len(operations) == 14
        found = [OPERATIONS[row.argmax()] if row.any() else "none" for row in code]
        assert list(operations) == found


def test_operations_on_edges_of_a_published_cell():
    normal, _ = ops_on_edges(NAMED["DARTS_V2"])
    sep, none = "sep_conv_3x3", "none"
    assert normal == (
        *(sep, sep),
        *(sep, sep, none),
        *("skip_connect", sep, none, none),
        *("skip_connect", none, "dil_conv_3x3", none, none),
    )


# The same source twice


@given(written_genotypes)
def test_a_source_read_twice_keeps_one_operation_and_gets_a_none(genotype):
    resolved = resolve_duplicates(genotype)
    assert Darts(none=True).contains(resolved) and resolve_duplicates(resolved) == resolved
    for cell in ("normal", "reduce"):
        for node in range(4):
            (first, second), found = genotype.node(cell, node), resolved.node(cell, node)
            if first[1] != second[1]:
                assert found == (first, second)
            else:
                kept = min(OPERATIONS.index(first[0]), OPERATIONS.index(second[0]))
                assert found[0] == (OPERATIONS[kept], first[1])
                assert found[1] == ("none", min({0, 1} - {first[1]}))


@given(written_genotypes)
def test_operations_on_edges_resolve_duplicates_first(genotype):
    assert ops_on_edges(genotype) == ops_on_edges(resolve_duplicates(genotype))
