"""Genotypes: the notation of the literature there and back, and one line for everything else."""

import dataclasses

import pytest
from genotypes import written_genotypes
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tegnas_core.errors import TegnasError
from tegnas_core.spaces.genotype import CONCAT, OPERATIONS, Genotype

NORMAL = (
    ("sep_conv_3x3", 1),
    ("sep_conv_3x3", 0),
    ("skip_connect", 0),
    ("dil_conv_5x5", 2),
    ("avg_pool_3x3", 3),
    ("max_pool_3x3", 1),
    ("sep_conv_5x5", 4),
    ("dil_conv_3x3", 0),
)
REDUCE = tuple(("max_pool_3x3", source) for source in (0, 1, 2, 0, 3, 0, 4, 1))
GENOTYPE = Genotype(NORMAL, REDUCE)
TEXT = (
    "Genotype(normal=[('sep_conv_3x3', 1), ('sep_conv_3x3', 0), ('skip_connect', 0), ('dil_conv_5x5', 2), "
    "('avg_pool_3x3', 3), ('max_pool_3x3', 1), ('sep_conv_5x5', 4), ('dil_conv_3x3', 0)], "
    "normal_concat=[2, 3, 4, 5], reduce=[('max_pool_3x3', 0), ('max_pool_3x3', 1), ('max_pool_3x3', 2), "
    "('max_pool_3x3', 0), ('max_pool_3x3', 3), ('max_pool_3x3', 0), ('max_pool_3x3', 4), ('max_pool_3x3', 1)], "
    "reduce_concat=[2, 3, 4, 5])"
)


def test_a_genotype_prints_the_notation_of_the_literature():
    assert str(GENOTYPE) == TEXT
    assert Genotype.parse(TEXT).normal == NORMAL and Genotype.parse(TEXT).reduce == REDUCE


@settings(max_examples=500)
@given(written_genotypes)
def test_every_genotype_makes_the_round_trip_text_and_all(genotype):
    read = Genotype.parse(str(genotype))
    assert read == genotype and str(read) == str(genotype)
    assert (read.normal, read.reduce) == (genotype.normal, genotype.reduce)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[2, 3, 4, 5]", "range(2, 6)"),
        ("[2, 3, 4, 5]", "list(range(2, 6))"),
        ("[2, 3, 4, 5]", "(2, 3, 4, 5)"),
        ("normal_concat=[2, 3, 4, 5], ", ""),
        ("'", '"'),
        (", ", ",\n      "),
        (")]", "),]"),
        ("Genotype(", " \n Genotype( "),
        ("(normal=", "("),
    ],
)
def test_the_ways_in_which_people_write_it_mean_the_same(before, after):
    assert before in TEXT and Genotype.parse(TEXT.replace(before, after)) == GENOTYPE


def test_tuples_mean_the_same_as_lists():
    assert Genotype.parse(TEXT.replace("[", "(").replace("]", ")")) == GENOTYPE


def test_a_text_in_another_order_of_fields_means_the_same():
    normal, reduce = str(list(NORMAL)), str(list(REDUCE))
    assert Genotype.parse(f"Genotype(reduce={reduce}, normal={normal})") == GENOTYPE


# Equality


@given(written_genotypes, st.lists(st.booleans(), min_size=8, max_size=8))
def test_the_order_of_a_nodes_pairs_means_nothing(genotype, swaps):
    pairs = genotype.normal + genotype.reduce
    nodes = [pairs[i : i + 2] for i in range(0, 16, 2)]
    swapped = [node[::-1] if swap else node for node, swap in zip(nodes, swaps, strict=True)]
    flat = tuple(pair for node in swapped for pair in node)
    other = Genotype(flat[:8], flat[8:])
    assert other == genotype and hash(other) == hash(genotype)
    assert str(other.sorted()) == str(genotype.sorted())


@given(written_genotypes, written_genotypes)
def test_genotypes_are_equal_only_if_every_node_reads_the_same(first, second):
    def what_nodes_read(genotype):
        pairs = genotype.normal + genotype.reduce
        return [sorted(pairs[i : i + 2]) for i in range(0, 16, 2)]

    assert (first == second) == (what_nodes_read(first) == what_nodes_read(second))


@given(written_genotypes)
def test_sorting_puts_the_lower_source_first_and_changes_nothing_else(genotype):
    in_order = genotype.sorted()
    assert in_order == genotype
    for pairs in (in_order.normal, in_order.reduce):
        assert all(pairs[i][1] <= pairs[i + 1][1] for i in range(0, 8, 2))


def test_genotypes_are_frozen_values_unequal_to_anything_else():
    assert Genotype(NORMAL, REDUCE, CONCAT, CONCAT) == GENOTYPE and len({GENOTYPE, Genotype(NORMAL, REDUCE)}) == 1
    assert GENOTYPE != TEXT and GENOTYPE != (NORMAL, REDUCE) and Genotype(REDUCE, NORMAL) != GENOTYPE
    with pytest.raises(dataclasses.FrozenInstanceError):
        GENOTYPE.normal = REDUCE


def test_the_pairs_of_a_node():
    assert GENOTYPE.node("normal", 1) == (("skip_connect", 0), ("dil_conv_5x5", 2))
    assert GENOTYPE.node("reduce", 3) == (("max_pool_3x3", 4), ("max_pool_3x3", 1))


# What is no genotype


def one_line_about(text: str) -> str:
    with pytest.raises(TegnasError) as caught:
        Genotype.parse(text)
    said = str(caught.value)
    assert len(said.splitlines()) == 1 and said.isprintable() and len(said) < 500
    return said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not a genotype: ''; it should read Genotype(normal=[('sep_conv_3x3', 0), …]"),
        ("Genotype", "not a genotype"),
        ("Genotype()", "should be once each normal, normal_concat, reduce, reduce_concat"),
        (TEXT.replace("Genotype", "genotype"), "not a genotype"),
        (TEXT.replace("normal=", "ordinary="), "should be once each"),
        (TEXT.replace("reduce=", "normal="), "not a genotype"),  # the same field twice
        (TEXT[:-1] + ", more=1)", "should be once each"),
        (TEXT.replace("normal=", "**"), "not a genotype"),
        (f"Genotype(*{list(NORMAL)}, reduce=[])", "not a genotype"),
        (TEXT.replace("('sep_conv_3x3', 1), ", ""), "the normal cell needs a tuple of 8 pairs"),
        (TEXT.replace(")], reduce_concat", "), ('skip_connect', 0)], reduce_concat"), "the reduce cell needs"),
        (
            TEXT.replace("'dil_conv_5x5', 2", "'dil_conv_5x5', 3"),
            "node 1 of the normal cell can read the states 0 … 2",
        ),
        (TEXT.replace("'dil_conv_5x5', 2", "'dil_conv_5x5', -1"), "not a genotype"),
        (TEXT.replace("'dil_conv_5x5', 2", "'dil_conv_5x5', 2.0"), "not a genotype"),
        (TEXT.replace("'dil_conv_5x5', 2", "'dil_conv_5x5', True"), "not a genotype"),
        (TEXT.replace("'dil_conv_5x5', 2", "2, 'dil_conv_5x5'"), "node 1 of the normal cell: unknown operation 2"),
        (TEXT.replace("'dil_conv_5x5', 2", "'dil_conv_5x5'"), "node 1 of the normal cell needs pairs"),
        (TEXT.replace("'dil_conv_5x5', 2", "'dil_conv_5x5', 2, 2"), "node 1 of the normal cell needs pairs"),
        (TEXT.replace("dil_conv_5x5", "sep_conv_7x7"), "unknown operation 'sep_conv_7x7'; known are none, skip"),
        (TEXT.replace("dil_conv_5x5", "x" * 3000), "unknown operation 'xxx"),
        (TEXT.replace("dil_conv_5x5", r"a\nb"), r"unknown operation 'a\nb'"),
        (TEXT.replace("'dil_conv_5x5'", "('dil_conv_5x5',)"), "not a genotype"),
        (TEXT.replace("normal_concat=[2, 3, 4, 5]", "normal_concat=[2, 3, 4]"), "normal_concat must be the four"),
        (
            TEXT.replace("reduce_concat=[2, 3, 4, 5]", "reduce_concat=range(1, 6)"),
            "reduce_concat must be the four",
        ),
        (TEXT.replace("[2, 3, 4, 5]", "range(2, 10**9)"), "not a genotype"),
        (TEXT.replace("[2, 3, 4, 5]", "range(2, 99)"), "not a genotype"),
        (TEXT.replace("[2, 3, 4, 5]", "range(6)"), "not a genotype"),
        (TEXT.replace("[2, 3, 4, 5]", "0x" + "f" * 4000), "not a genotype"),
        ("Genotype(normal=[('none', 0)] * 8, reduce=[('none', 0)] * 8)", "not a genotype"),
        ("Genotype(normal=[x for x in (1, 2)], reduce=[])", "not a genotype"),
        ("Genotype(normal='12345678', reduce='12345678')", "the normal cell needs a tuple of 8 pairs"),
        ("Genotype(normal=__import__('os').abort(), reduce=[])", "not a genotype"),
        ("__import__('os').abort()", "not a genotype"),
        (TEXT + TEXT, "not a genotype"),
        (TEXT + "\n" * 20_000, "the text has 20,4"),
        ("(" * 9_000, "not a genotype"),
        ("[" * 99 + "]" * 99, "not a genotype"),
        ("Genotype(normal=" + "[" * 90 + "]" * 90 + ", reduce=[])", "not a genotype"),
        ("Genotype(normal=" + "-" * 9_000 + "1, reduce=[])", "not a genotype"),
        ("9" * 9_999, "not a genotype"),
        ("Genotype(normal=1if 1else 2, reduce=1)", "not a genotype"),
        ("Genotype(normal='\\d', reduce=1)", "the normal cell needs"),
        ("\x00", "not a genotype"),
        ("\ud800", "not a genotype"),
    ],
)
@pytest.mark.filterwarnings("error")
def test_a_wrong_text_is_refused_in_one_line_that_says_why(text, said):
    assert said in one_line_about(text).replace("\\\\", "\\")


@given(st.text())
@example("Genotype" * 1000)
@example("lambda: 0")
def test_any_text_is_refused_in_one_line(text):
    one_line_about(text)


PIECES = ["(", ")", "[", "]", ",", "'", "=", "0", "-", " ", "\n", "none", "range(2, 6)", "('none', 1)", "\\", "#"]


@settings(max_examples=500)
@given(written_genotypes, st.integers(0, 600), st.integers(0, 20), st.sampled_from(PIECES))
def test_a_nearly_right_text_is_refused_or_is_a_genotype(genotype, place, cut, piece):
    text = str(genotype)
    try:
        found = Genotype.parse(text[:place] + piece + text[place + cut :])
    except TegnasError as error:
        assert len(str(error).splitlines()) == 1
    else:
        assert Genotype.parse(str(found)) == found


@pytest.mark.parametrize("wrong", ["None", "sep_conv_7x7", "", 3, None])
def test_an_unknown_operation_is_refused(wrong):
    with pytest.raises(TegnasError, match=r"unknown operation .*; known are none, skip_connect"):
        Genotype(((wrong, 0), *NORMAL[1:]), REDUCE)


@pytest.mark.parametrize("wrong", [list(NORMAL), None, NORMAL[:7], (*NORMAL, NORMAL[0]), "none"])
def test_a_cell_is_a_tuple_of_eight_pairs(wrong):
    with pytest.raises(TegnasError, match="the reduce cell needs a tuple of 8 pairs"):
        Genotype(NORMAL, wrong)


def test_there_are_eight_operations_none_first():
    assert len(set(OPERATIONS)) == 8 and OPERATIONS[0] == "none"
