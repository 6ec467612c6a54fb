"""The NAS-Bench-201 space: the benchmark's order, its contract, sampling, mutation and representatives."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from contracts.search_space import SearchSpaceContract

from tegnas_core.errors import TegnasError
from tegnas_core.spaces import NASBench201
from tegnas_core.spaces.architecture import EDGES, Architecture
from tegnas_core.spaces.structure import canonical, is_connected, live_edges, operation_counts
from tegnas_study.paths import data_root

SPACE = NASBench201()


class TestNASBench201(SearchSpaceContract):
    longest = 6

    @pytest.fixture
    def space(self):
        return NASBench201()


class TestNASBench201MutatedByNode(SearchSpaceContract):
    longest = 6

    @pytest.fixture
    def space(self):
        return NASBench201(mutation="by-node")


# The benchmark's order

PINNED = {  # public: the first entries of the benchmark's list, and its best cell on CIFAR-10
    0: "|avg_pool_3x3~0|+|nor_conv_1x1~0|skip_connect~1|+|nor_conv_1x1~0|skip_connect~1|skip_connect~2|",
    1: "|nor_conv_3x3~0|+|nor_conv_3x3~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_3x3~1|skip_connect~2|",
    2: "|avg_pool_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|avg_pool_3x3~0|avg_pool_3x3~1|avg_pool_3x3~2|",
    6111: "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_1x1~2|",
    15624: "|nor_conv_1x1~0|+|none~0|nor_conv_1x1~1|+|none~0|nor_conv_1x1~1|nor_conv_1x1~2|",
}


@pytest.mark.parametrize(("index", "text"), PINNED.items())
def test_an_index_is_the_benchmarks(index, text):
    assert str(SPACE.all()[index]) == text
    assert SPACE.index_of(Architecture.parse(text)) == index


def test_all_are_different_and_the_index_is_their_place():
    assert len(set(SPACE.all())) == len(SPACE.all()) == 15_625
    assert [SPACE.index_of(architecture) for architecture in SPACE.all()] == list(range(15_625))


def test_the_order_is_that_of_the_published_accuracies():
    table = data_root() and data_root() / "nas_bench_201.parquet"
    if not (table and table.is_file()):
        pytest.skip("nas_bench_201.parquet is not under TEGNAS_DATA")
    published = pd.read_parquet(table, columns=["index", "arch_str"]).sort_values("index")
    assert published["index"].tolist() == list(range(15_625))
    assert published["arch_str"].tolist() == [str(architecture) for architecture in SPACE.all()]


# Sampling


def test_samples_are_uniform_on_every_edge():
    rng = np.random.default_rng(0)
    samples = [SPACE.sample(rng).operations for _ in range(5000)]
    for edge in range(6):
        counts = Counter(operations[edge] for operations in samples)
        assert max(abs(n - 1000) for n in counts.values()) < 5 * np.sqrt(5000 * 0.2 * 0.8)


def test_the_whole_space_can_be_sampled():
    assert sorted(SPACE.sample_many(15_625, seed=0)) == sorted(SPACE.all())
    with pytest.raises(TegnasError, match="has 15,625 architectures, cannot sample 15,626"):
        SPACE.sample_many(15_626, seed=0)


def test_the_sample_is_pinned():
    """Published tables name a sample by its seed."""
    assert [SPACE.index_of(architecture) for architecture in SPACE.sample_many(4, seed=0)] == [
        11759,
        10533,
        8177,
        7648,
    ]


# Mutation


@pytest.mark.parametrize(
    ("mutation", "expected"),
    [("uniform", [1 / 6] * 6), ("by-node", [1 / 3, 1 / 6, 1 / 6, 1 / 9, 1 / 9, 1 / 9])],
)
def test_the_rule_of_mutation_picks_edges_with_its_probabilities(mutation, expected):
    space, rng = NASBench201(mutation=mutation), np.random.default_rng(0)
    parent = SPACE.all()[0]
    n = 6000
    changed, new = Counter(), Counter()
    for _ in range(n):
        child = space.mutate(parent, rng)
        edge = next(i for i in range(6) if child.operations[i] != parent.operations[i])
        changed[EDGES[edge]] += 1
        new[child.operations[edge]] += 1
    shares = np.array([changed[edge] / n for edge in EDGES])
    assert abs(shares - expected).max() < 5 * np.sqrt(0.25 / n)
    assert len(new) == 5 and min(new.values()) > 0.1 * n


def test_an_architecture_has_24_neighbours():
    assert len(SPACE.neighbours(SPACE.all()[5])) == 24


# Encoding


def test_the_encoding_is_one_hot_for_each_edge():
    first, second = SPACE.all()[:2]
    assert SPACE.encode(first).shape == (30,)
    np.testing.assert_array_equal(SPACE.encode(first).reshape(6, 5).sum(1), np.ones(6))
    assert abs(SPACE.encode(first) - SPACE.encode(second)).sum() == 2 * SPACE.distance(first, second)


def test_the_distance_counts_edges():
    first = Architecture(("none",) * 6)
    assert SPACE.distance(first, Architecture(("skip_connect",) * 6)) == 6
    assert SPACE.distance(first, first.replace(3, "nor_conv_1x1").replace(0, "nor_conv_1x1")) == 2


# Representatives


def test_a_representative_is_a_member_of_its_class_with_the_fewest_operations():
    fewest: dict[str, int] = {}
    for architecture in SPACE.all():
        n = 6 - operation_counts(architecture)["none"]
        fewest[canonical(architecture)] = min(n, fewest.get(canonical(architecture), 6))
    for architecture in SPACE.all():
        representative = SPACE.representative(architecture)
        assert canonical(representative) == canonical(architecture)
        assert 6 - operation_counts(representative)["none"] == fewest[canonical(architecture)]


def test_a_representative_has_no_dead_edge_and_represents_itself():
    for architecture in SPACE.classes():
        live = [operation != "none" for operation in architecture.operations]
        assert list(live_edges(architecture)) == live
        assert SPACE.representative(architecture) == architecture


def test_a_representative_belongs_to_the_class_of_its_level():
    for level, n in {"raw": 15_625, "function": 4_930, "linear-pool": 4_660}.items():
        representatives = {SPACE.representative(architecture, level) for architecture in SPACE.all()}
        classes = SPACE.classes(level)
        assert set(classes) == representatives and len(classes) == len(set(classes)) == n
        assert all(SPACE.representative(architecture, level) == architecture for architecture in classes)
        assert all(
            canonical(SPACE.representative(a, level), level) == canonical(a, level) for a in SPACE.all()[:500]
        )


def test_a_representative_at_the_finer_level_has_no_dead_edge():
    for architecture in SPACE.classes("shared-weights"):
        assert list(live_edges(architecture)) == [operation != "none" for operation in architecture.operations]


def test_there_are_5260_classes_in_index_order_one_of_them_disconnected():
    classes = SPACE.classes()
    assert len(classes) == 5_260
    assert list(classes) == sorted(classes, key=SPACE.index_of)
    assert [a for a in classes if not is_connected(a)] == [Architecture(("none",) * 6)]


def test_canonical_texts_are_those_of_the_structure():
    architecture = SPACE.all()[7]
    assert SPACE.canonical(architecture) == canonical(architecture, "shared-weights")
    assert SPACE.canonical(architecture, "skip") == canonical(architecture, "skip")
