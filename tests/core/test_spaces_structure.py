"""What cells compute: classes, connectedness and depth of all 15,625, against paths and functions of numbers."""

import itertools
import math
import random
from collections import Counter, defaultdict

import pytest
import torch
from oracles import cells

from tegnas_core.errors import TegnasError
from tegnas_core.networks import Cell
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
        ("shared-weights", 5_260),
        ("function", 4_930),
        ("linear-pool", 4_660),
    ],
)
def test_the_number_of_classes_at_each_level(texts, level, n):
    assert len(set(texts[level])) == n


@pytest.mark.parametrize("finer", ["raw", "skip", "skip-zero", "zero-propagated", "shared-weights", "linear-pool"])
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


def test_the_shared_weights_level_is_equality_up_to_the_names_of_weights(texts):
    keys = [cells.function_key(architecture) for architecture in EVERY]
    assert partition(texts["shared-weights"]) == partition(keys)


def test_the_function_level_takes_a_shared_convolution_for_two(texts, classes):
    """2·f(x) and f(x) + g(x) have one text; 326 classes hold both kinds, and 488 members are not of their kind."""
    exact = dict(zip(EVERY, texts["shared-weights"], strict=True))
    assert sum(len({exact[member] for member in members}) > 1 for members in classes.values()) == 326
    assert sum(exact[a] != exact[SPACE.representative(a, "function")] for a in EVERY) == 488


def test_the_numbers_of_convolutions_say_which_term_comes_from_which():
    once = Architecture.parse("|nor_conv_3x3~0|+|skip_connect~0|none~1|+|none~0|skip_connect~1|skip_connect~2|")
    shared = once.replace(1, "none").replace(2, "skip_connect")  # node 2 copies node 1
    apart = once.replace(1, "nor_conv_3x3")
    assert canonical(once, "shared-weights") == canonical(once, "function") == "(x)@nor_conv_3x3+x"
    assert canonical(shared, "shared-weights") == canonical(shared, "function") == canonical(apart, "function")
    assert canonical(apart, "shared-weights") == "(x)@nor_conv_3x3#1+(x)@nor_conv_3x3#2"


def output(architecture: Architecture, weights: dict) -> torch.Tensor:
    """What a cell of two channels makes of a fixed batch, with these weights on its edges."""
    cell = Cell(architecture, 2).double()
    with torch.no_grad():
        for (source, target), weight in weights.items():
            name = f"{source}_{target}_{architecture[source, target]}"
            (convolution,) = (m for m in cell.edges[name].modules() if isinstance(m, torch.nn.Conv2d))
            convolution.weight.copy_(weight)
        return cell(torch.randn(3, 2, 4, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(1)))


def drawn_weights(architecture: Architecture) -> dict:
    """A weight of its own for every convolution that matters."""
    generator = torch.Generator().manual_seed(0)
    sizes = {"nor_conv_1x1": (2, 2, 1, 1), "nor_conv_3x3": (2, 2, 3, 3)}
    return {
        edge: torch.randn(sizes[architecture[edge]], dtype=torch.float64, generator=generator)
        for edge in cells.live_convolutions(architecture)
    }


def test_networks_of_a_shared_weights_class_are_equal_up_to_the_names_of_their_weights(texts):
    """The network of the representative, and that of a member that has its weights under other names."""
    rng = random.Random(0)
    members = [a for a in EVERY if is_connected(a) and SPACE.representative(a, "shared-weights") != a]
    for architecture in rng.sample(members, 150):
        representative = SPACE.representative(architecture, "shared-weights")
        weights = drawn_weights(representative)
        renamed = cells.weight_map(architecture, representative)
        assert renamed is not None and set(renamed.values()) == set(weights)
        theirs = {edge: weights[other] for edge, other in renamed.items()}
        torch.testing.assert_close(output(architecture, theirs), output(representative, weights))


def test_where_only_the_finer_level_differs_no_naming_of_weights_makes_the_networks_equal(texts):
    """Every convolution has weights of its own, so one that is used twice does not equal two."""
    exact, rng = dict(zip(EVERY, texts["shared-weights"], strict=True)), random.Random(1)
    mixed = [a for a in EVERY if exact[SPACE.representative(a, "function")] != exact[a]]
    n_tried = 0
    for architecture in rng.sample(mixed, 40):
        pair = architecture, SPACE.representative(architecture, "function")
        fewer, more = sorted(pair, key=lambda a: len(cells.live_convolutions(a)))
        weights, edges = drawn_weights(more), cells.live_convolutions(fewer)
        wanted = output(more, weights)
        for others in itertools.permutations(weights, len(edges)):
            if [fewer[edge] for edge in edges] == [more[other] for other in others]:
                named = {edge: weights[other] for edge, other in zip(edges, others, strict=True)}
                assert not torch.allclose(output(fewer, named), wanted, atol=1e-6)
                n_tried += 1
    assert n_tried > 40


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
