"""What cells compute: classes, connectedness and depth of all 15,625, against paths and functions of numbers."""

import math
import random
from collections import Counter, defaultdict

import pytest
from oracles import cells

from tegnas_core.errors import TegnasError
from tegnas_core.spaces import NASBench201
from tegnas_core.spaces.architecture import EDGES, OPERATIONS, Architecture
from tegnas_core.spaces.structure import (
    LEVELS,
    canonical,
    depth,
    is_connected,
    live_edges,
    operation_counts,
)

SPACE = NASBench201()
EVERY = SPACE.all()
CONVOLUTIONS = ("nor_conv_1x1", "nor_conv_3x3")


@pytest.fixture(scope="module")
def texts() -> dict[str, list[str]]:
    """The canonical text of every architecture at every level."""
    return {level: [canonical(architecture, level) for architecture in EVERY] for level in LEVELS}


@pytest.fixture(scope="module")
def classes(texts) -> dict[str, list[Architecture]]:
    members = defaultdict(list)
    for architecture, text in zip(EVERY, texts["function"], strict=True):
        members[text].append(architecture)
    return members


# Counts over the whole space


@pytest.mark.parametrize(
    ("level", "n"),
    [
        ("raw", 15_625),
        ("skip", 12_751),
        ("skip-zero", 6_466),
        ("zero-propagated", 5_819),
        ("function", 4_930),
        ("linear-pool", 4_660),
    ],
)
def test_the_number_of_classes_at_each_level(texts, level, n):
    assert len(set(texts[level])) == n


@pytest.mark.parametrize("finer", ["raw", "skip", "skip-zero", "zero-propagated", "linear-pool"])
def test_the_function_level_only_joins_classes_of_other_levels(texts, finer):
    """Not so between the benchmark's own levels, whose sums are sorted as written. Pooling joins further."""
    finer, coarser = ("function", finer) if finer == "linear-pool" else (finer, "function")
    pairs = set(zip(texts[finer], texts[coarser], strict=True))
    assert len(pairs) == len(set(texts[finer]))


def test_341_architectures_are_disconnected_and_they_are_one_class(texts):
    disconnected = [not is_connected(architecture) for architecture in EVERY]
    assert sum(disconnected) == 341
    assert [text == "0" for text in texts["function"]] == disconnected
    assert [text == "0" for text in texts["linear-pool"]] == disconnected


def test_depths_of_the_whole_space():
    assert Counter(map(depth, EVERY)) == {3: 8_000, 2: 5_920, 1: 1_364, None: 341}
    effective = Counter(depth(architecture, count_skips=False) for architecture in EVERY)
    assert effective == {3: 3_375, 2: 7_470, 1: 3_972, 0: 467, None: 341}


def test_convolutions_on_a_path_of_the_whole_space():
    counts = Counter(
        sum(operation_counts(architecture, live_only=True)[name] for name in CONVOLUTIONS)
        for architecture in EVERY
    )
    assert counts == {0: 1_983, 1: 3_842, 2: 4_272, 3: 3_288, 4: 1_664, 5: 512, 6: 64}


# Against the four ways through the cell


@pytest.fixture(scope="module")
def paths() -> list[list[tuple]]:
    return [cells.paths(architecture) for architecture in EVERY]


def test_an_edge_is_live_when_a_path_uses_it(paths):
    for architecture, ways in zip(EVERY, paths, strict=True):
        used = {edge for way in ways for edge in way}
        assert live_edges(architecture) == tuple(edge in used for edge in EDGES)
        assert is_connected(architecture) == bool(ways)


def test_the_depth_is_the_longest_path(paths):
    for architecture, ways in zip(EVERY, paths, strict=True):
        assert depth(architecture) == max(map(len, ways), default=None)
        lengths = (sum(architecture[edge] != "skip_connect" for edge in way) for way in ways)
        assert depth(architecture, count_skips=False) == max(lengths, default=None)


def test_counting_all_edges_counts_six():
    architecture = Architecture(("nor_conv_3x3", "none", "none", "none", "nor_conv_3x3", "avg_pool_3x3"))
    assert operation_counts(architecture) == {"nor_conv_3x3": 2, "none": 3, "avg_pool_3x3": 1}
    assert operation_counts(architecture, live_only=True) == {"nor_conv_3x3": 2}


# Against what comes out when numbers are put in


def partition(values) -> set[tuple[int, ...]]:
    """Which architectures have equal values."""
    members = defaultdict(list)
    for index, value in enumerate(values):
        members[value].append(index)
    return {tuple(indices) for indices in members.values()}


@pytest.mark.parametrize(
    ("level", "pool"),
    [("function", lambda x: math.sinh(0.7 * x) - 0.3 * x * x), ("linear-pool", lambda x: 0.618034 * x)],
)
def test_equal_texts_mean_equal_functions_and_different_texts_different_ones(texts, level, pool):
    """Operations are functions of a number with f(0) = 0; convolutions of one size share theirs."""
    functions = {
        "none": lambda x: 0.0,
        "skip_connect": lambda x: x,
        "nor_conv_1x1": lambda x: math.sin(1.3 * x) + 0.31 * x * x,
        "nor_conv_3x3": lambda x: 1.1 * math.tanh(0.9 * x) - 0.17 * x**3,
        "avg_pool_3x3": pool,
    }
    values = [round(cells.value_at_output(architecture, functions, 0.7391), 10) for architecture in EVERY]
    assert partition(values) == partition(texts[level])


def test_the_function_level_takes_a_shared_convolution_for_two(classes):
    """2·f(x) and f(x) + g(x) have one text; with weights told apart there are 5,260 functions."""
    keys = {architecture: cells.function_key(architecture) for architecture in EVERY}
    assert len(set(keys.values())) == 5_260
    assert sum(len({keys[member] for member in members}) > 1 for members in classes.values()) == 326
    as_another = sum(keys[a] != keys[SPACE.representative(a)] for a in EVERY)
    assert as_another == 488


def test_members_of_a_class_are_one_function_up_to_the_names_of_weights(classes):
    """Checked on random pairs with other weights on every edge; shared convolutions are the known exception."""
    rng = random.Random(0)
    large = [members for members in classes.values() if len(members) > 1]
    n_equal = 0
    for _ in range(200):
        first, second = rng.sample(rng.choice(large), 2)
        renamed = cells.weight_map(first, second)
        if renamed is None:
            assert len(cells.live_convolutions(first)) != len(cells.live_convolutions(second))
            continue
        assert cells.labelled_sum(first, renamed) == cells.labelled_sum(second)
        n_equal += 1
    assert n_equal > 150


def test_an_operation_on_a_dead_edge_does_not_matter():
    rng = random.Random(1)
    for architecture in rng.sample(EVERY, 500):
        for edge, live in enumerate(live_edges(architecture)):
            changed = architecture.replace(edge, rng.choice(OPERATIONS))
            if not live and not live_edges(changed)[edge]:
                assert canonical(changed) == canonical(architecture)


# Texts that can be read


@pytest.mark.parametrize(
    ("operations", "level", "text"),
    [
        (("none",) * 6, "function", "0"),
        (("none", "none", "none", "skip_connect", "none", "none"), "function", "x"),
        (("skip_connect", "none", "none", "skip_connect", "skip_connect", "none"), "function", "x+x"),
        (("nor_conv_1x1", "none", "none", "none", "none", "none"), "function", "0"),
        (("none", "nor_conv_3x3", "avg_pool_3x3", "none", "none", "skip_connect"), "function", "(x)@nor_conv_3x3"),
        (
            ("skip_connect", "none", "none", "skip_connect", "skip_connect", "none"),
            "skip",
            "((0)@none+(0)@none)@none+0+0",
        ),
    ],
)
def test_the_text_says_what_node_3_is(operations, level, text):
    assert canonical(Architecture(operations), level) == text


def test_the_raw_text_is_the_benchmarks_string():
    assert all(canonical(architecture, "raw") == str(architecture) for architecture in EVERY[:50])


def test_an_unknown_level_is_refused():
    with pytest.raises(TegnasError, match="unknown level 'isomorphic'; known are raw, skip, "):
        canonical(EVERY[0], "isomorphic")
