"""Architectures: the benchmark's strings there and back, and one line for everything else."""

import dataclasses

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tegnas_core.errors import TegnasError
from tegnas_core.spaces import NASBench201
from tegnas_core.spaces.architecture import EDGES, EXAMPLE, N_NODES, OPERATIONS, Architecture

MIXED = ("none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3", "none")
MIXED_TEXT = "|none~0|+|skip_connect~0|nor_conv_1x1~1|+|nor_conv_3x3~0|avg_pool_3x3~1|none~2|"

architectures = st.tuples(*[st.sampled_from(OPERATIONS)] * 6).map(Architecture)


def test_edges_are_sorted_by_target_and_then_by_source():
    assert EDGES == ((0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3))
    assert max(target for _, target in EDGES) == N_NODES - 1


def test_an_architecture_prints_the_benchmarks_string():
    assert str(Architecture(MIXED)) == MIXED_TEXT
    assert Architecture.parse(MIXED_TEXT).operations == MIXED


def test_all_15625_strings_make_the_round_trip():
    every = NASBench201().all()
    texts = [str(architecture) for architecture in every]
    assert len(set(texts)) == 15_625
    assert [Architecture.parse(text) for text in texts] == list(every)


@given(architectures)
def test_the_six_entries_stand_where_the_benchmark_has_them(architecture):
    tokens = str(architecture).split("|")
    found = [tokens[position].split("~") for position in (1, 3, 4, 6, 7, 8)]
    assert tuple(name for name, _ in found) == architecture.operations
    assert tuple(int(source) for _, source in found) == tuple(source for source, _ in EDGES)


@given(architectures)
def test_an_edge_is_looked_up_by_its_nodes(architecture):
    assert tuple(architecture[edge] for edge in EDGES) == architecture.operations


def test_space_around_a_string_does_not_matter():
    assert str(Architecture.parse(f"  {EXAMPLE}\n")) == EXAMPLE


@given(architectures, st.integers(0, 5), st.sampled_from(OPERATIONS))
def test_replace_changes_one_edge_and_leaves_the_original(architecture, edge, operation):
    before = architecture.operations
    changed = architecture.replace(edge, operation)
    assert changed.operations[edge] == operation and architecture.operations == before
    assert all(changed.operations[other] == before[other] for other in range(6) if other != edge)


def test_architectures_are_frozen_values():
    first, second = Architecture(MIXED), Architecture(MIXED)
    assert first == second and hash(first) == hash(second) and len({first, second}) == 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        first.operations = MIXED


# What is no architecture


def one_line_about(text: str) -> str:
    with pytest.raises(TegnasError) as caught:
        Architecture.parse(text)
    said = str(caught.value)
    assert len(said.splitlines()) == 1 and said.isprintable() and len(said) < 500
    return said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not a NAS-Bench-201 string: ''; it should look like |nor_conv_3x3~0|+"),
        ("|nor_conv_3x3~0|", "not a NAS-Bench-201 string"),
        ("|none~0|+|none~0|none~1|+|none~0|none~1|", "node 3 has 2 entries and needs 3"),
        ("|none~0|+|none~0|none~1|none~2|+|none~0|none~1|none~2|", "node 2 has 3 entries and needs 2"),
        ("|none~0|+|none~1|none~0|+|none~0|none~1|none~2|", "of node 2 should read operation~0"),
        ("|conv~0|+|none~0|none~1|+|none~0|none~1|none~2|", "unknown operation 'conv'; known are none,"),
        ("none~0+|none~0|none~1|+|none~0|none~1|none~2|", "node 1 has 0 entries and needs 1"),
        ("||none~0||+|none~0|none~1|+|none~0|none~1|none~2|", "entry '' of node 1"),
        ("|+|none~0|none~1|+|none~0|none~1|none~2|", "entry '' of node 1"),
        ("|none~0~0|+|none~0|none~1|+|none~0|none~1|none~2|", "should read operation~0"),
        (f"|{'x' * 9999}~0|+|none~0|none~1|+|none~0|none~1|none~2|", "unknown operation 'xxx"),
        ("|no\nne~0|+|none~0|none~1|+|none~0|none~1|none~2|", r"unknown operation 'no\\nne'"),
        ("|none~٠|+|none~0|none~1|+|none~0|none~1|none~2|", "should read operation~0"),  # another zero
    ],
)
def test_a_wrong_string_is_refused_in_one_line_that_says_why(text, said):
    assert said.replace("\\\\", "\\") in one_line_about(text)


@given(st.text())
@example("|" * 10_000)
@example("+" * 10_000)
@example("|\x00~0|+||+||")
@example("\ud800")
def test_any_text_is_refused_in_one_line(text):
    one_line_about(text)


PIECES = ["|", "+", "~", "0", "1", "2", "-", " ", "\n", "none", "skip_connect", "|none~0|", "x"]


@given(architectures, st.integers(0, 100), st.integers(0, 5), st.sampled_from(PIECES))
def test_a_nearly_right_string_is_refused_or_means_what_it_says(architecture, place, cut, piece):
    text = str(architecture)
    spoiled = text[:place] + piece + text[place + cut :]
    try:
        found = Architecture.parse(spoiled)
    except TegnasError as error:
        assert len(str(error).splitlines()) == 1
    else:
        assert str(found) == spoiled.strip()


@given(st.lists(st.sampled_from(OPERATIONS)).filter(lambda names: len(names) != 6))
def test_there_are_six_operations(names):
    with pytest.raises(TegnasError, match=f"has 6 operations, got {len(names)}"):
        Architecture(tuple(names))


@pytest.mark.parametrize("wrong", ["None", "nor_conv_5x5", "", 3, None])
def test_an_unknown_operation_is_refused(wrong):
    with pytest.raises(TegnasError, match=r"unknown operation .*; known are none, skip_connect"):
        Architecture(("none",) * 5 + (wrong,))
