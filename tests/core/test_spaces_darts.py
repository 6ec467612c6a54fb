"""The DARTS space: its contract, its size, sampling, mutation, distance and encoding."""

import itertools
from collections import Counter

import numpy as np
import pytest
from contracts.search_space import SearchSpaceContract
from genotypes import SEEDS, genotypes, written_genotypes
from hypothesis import given, settings
from hypothesis import strategies as st

from tegnas_core.errors import TegnasError
from tegnas_core.spaces import Darts
from tegnas_core.spaces.genotype import Genotype

pytestmark = pytest.mark.slow

SPACE = Darts()
WIDE = Darts(none=True, duplicates="released")


class TestDarts(SearchSpaceContract):
    longest = 26

    @pytest.fixture
    def space(self):
        return Darts()


class TestDartsWithNoneAndDuplicates(SearchSpaceContract):
    longest = 32

    @pytest.fixture
    def space(self):
        return WIDE


# Size and membership


def test_the_space_has_as_many_genotypes_as_choices_of_sources_and_operations():
    assert SPACE.n_genotypes == ((1 * 3 * 6 * 10) * 7**8) ** 2
    assert Darts(none=True).n_genotypes == ((1 * 3 * 6 * 10) * 8**8) ** 2


def test_duplicates_add_unordered_pairs_of_operations_on_one_source():
    nodes = [n * (n - 1) // 2 * 49 + n * (7 * 8 // 2) for n in (2, 3, 4, 5)]
    assert Darts(duplicates="released").n_genotypes == np.prod(nodes, dtype=object) ** 2


@given(written_genotypes)
def test_what_a_space_contains_depends_on_its_options(genotype):
    pairs = genotype.normal + genotype.reduce
    has_none = any(operation == "none" for operation, _ in pairs)
    has_duplicate = any(pairs[i][1] == pairs[i + 1][1] for i in range(0, 16, 2))
    assert SPACE.contains(genotype) == (not has_none and not has_duplicate)
    assert Darts(none=True).contains(genotype) == (not has_duplicate)
    assert Darts(duplicates="released").contains(genotype) == (not has_none)
    assert Darts.released().contains(genotype)


def test_a_text_of_a_genotype_outside_is_refused_with_the_reason(genotype_with):
    with pytest.raises(TegnasError, match=r"^node 2 of the normal cell uses none, .*Darts\(none=True\) does$"):
        SPACE.parse(str(genotype_with(4, ("none", 0))))
    with pytest.raises(TegnasError, match=r"^node 3 of the normal cell reads state 4 twice; Darts\(duplicates="):
        SPACE.parse(str(genotype_with(6, ("skip_connect", 4))))
    with pytest.raises(TegnasError, match="twice"):
        SPACE.mutate(genotype_with(6, ("skip_connect", 4)), np.random.default_rng(0))


@pytest.fixture
def genotype_with():
    cell = tuple(("sep_conv_3x3", source) for source in (0, 1, 0, 2, 1, 3, 0, 4))

    def replaced(index, pair):
        return Genotype((*cell[:index], pair, *cell[index + 1 :]), cell)

    return replaced


def test_a_name_is_read_in_any_case():
    assert SPACE.parse(" darts_v2\n") == SPACE.parse("DARTS_V2")


@pytest.mark.parametrize("options", [{"mutation": "x"}, {"duplicates": "x"}, {"sampling": "x"}])
def test_an_unknown_option_is_refused(options):
    with pytest.raises(TegnasError, match=r"must be one of \w+, \w+, not 'x'"):
        Darts(**options)


@pytest.mark.parametrize("probability", [-0.1, 1.1, float("nan")])
def test_a_probability_is_between_0_and_1(probability):
    with pytest.raises(TegnasError, match="identity_prob must be between 0 and 1"):
        Darts(identity_prob=probability)


# Sampling


@pytest.mark.parametrize("space", [SPACE, WIDE], ids=["default", "wide"])
def test_samples_are_uniform_over_the_ways_of_a_node(space):
    """Node 1 has 3·49 ways, or 3·64 + 3·36 with none and duplicates."""
    rng, n = np.random.default_rng(0), 6000
    counts = Counter(frozenset(Counter(space.sample(rng).sorted().node("normal", 1)).items()) for _ in range(n))
    n_ways = 300 if space is WIDE else 147
    assert len(counts) == n_ways
    chi_square = sum((count - n / n_ways) ** 2 / (n / n_ways) for count in counts.values())
    assert abs(chi_square - n_ways) < 6 * np.sqrt(2 * n_ways)


@pytest.mark.parametrize("space", [SPACE, Darts(sampling="weights")], ids=["uniform", "weights"])
def test_samples_are_uniform_over_edges_and_operations(space):
    rng, n = np.random.default_rng(0), 2000
    codes = np.sum([space.encode(space.sample(rng)) for _ in range(n)], axis=0).reshape(2, 14, 8)
    assert codes[..., 0].sum() == 0
    shares = codes[..., 1:] / n  # edge kept with probability 2 / (i + 2), then one operation of seven
    expected = np.repeat([1, 2 / 3, 1 / 2, 2 / 5], [2, 3, 4, 5])[:, None] / 7
    assert abs(shares - expected).max() < 5 * np.sqrt(0.25 / n)


def test_the_rules_of_sampling_differ_and_both_stay_in_the_space():
    first, second = (Darts(sampling=rule).sample_many(100, seed=0) for rule in ("uniform", "weights"))
    assert all(SPACE.contains(genotype) for genotype in (*first, *second))
    assert not set(first) & set(second)


def test_the_sample_is_pinned():
    """Recorded searches name their genotypes by seed."""
    assert SPACE.sample_many(1, seed=0)[0].normal == (
        *(("avg_pool_3x3", 0), ("max_pool_3x3", 1)),
        *(("max_pool_3x3", 0), ("sep_conv_5x5", 2)),
        *(("skip_connect", 1), ("dil_conv_3x3", 2)),
        *(("dil_conv_5x5", 0), ("max_pool_3x3", 3)),
    )


# Mutation


@settings(max_examples=1000)
@given(genotypes, SEEDS)
def test_a_mutation_changes_one_decision_and_stays_in_the_space(genotype, seed):
    child = SPACE.mutate(genotype, np.random.default_rng(seed))
    assert SPACE.contains(child) and SPACE.distance(genotype, child) == 1
    pairs = zip(genotype.normal + genotype.reduce, child.normal + child.reduce, strict=True)
    assert sum((a[0] != b[0]) + (a[1] != b[1]) for a, b in pairs) == 1


@given(written_genotypes, SEEDS)
def test_a_mutation_of_a_wide_space_has_distance_one_too(genotype, seed):
    child = WIDE.mutate(genotype, np.random.default_rng(seed))
    assert WIDE.contains(child) and WIDE.distance(genotype, child) == 1


def test_sources_and_operations_change_equally_often_and_every_place_alike():
    rng, n, parent = np.random.default_rng(0), 6000, SPACE.sample(np.random.default_rng(1))
    changed = Counter()
    for _ in range(n):
        child = SPACE.mutate(parent, rng)
        pairs = zip(parent.normal + parent.reduce, child.normal + child.reduce, strict=True)
        place, before, after = next((i, a, b) for i, (a, b) in enumerate(pairs) if a != b)
        changed["operation" if before[0] != after[0] else "source", place] += 1
    # node 0 has no other source to read
    expected = {("operation", place): 1 / 32 for place in range(16)}
    expected |= {("source", place): 1 / 24 for place in range(16) if place % 8 >= 2}
    assert set(changed) == set(expected)
    assert max(abs(changed[key] / n - share) for key, share in expected.items()) < 5 * np.sqrt(1 / 24 / n)


def test_the_released_mutation_repeats_sources_makes_none_and_sometimes_nothing():
    space, rng, n = Darts.released(), np.random.default_rng(0), 4000
    parent = SPACE.sample(np.random.default_rng(1))
    children = [space.mutate(parent, rng) for _ in range(n)]
    assert {space.distance(parent, child) for child in children} == {0, 1}
    # the coin says source: half; the same one again: 1 / (i + 2) for node i; the other one again: the same
    probability = np.mean([1 / 2, 1 / 3, 1 / 4, 1 / 5]) / 2
    same = np.mean([child == parent for child in children])
    twice = np.mean([not Darts(none=True).contains(child) for child in children])
    none = np.mean([not Darts(duplicates="released").contains(child) for child in children])
    tolerance = 5 * np.sqrt(0.25 / n)
    assert abs(same - probability) < tolerance and abs(twice - probability) < tolerance
    assert abs(none - 1 / 2 / 7) < tolerance


@given(genotypes, SEEDS)
def test_the_released_rule_in_the_default_space_stays_in_it(genotype, seed):
    child = Darts(mutation="released").mutate(genotype, np.random.default_rng(seed))
    assert SPACE.contains(child) and SPACE.distance(genotype, child) <= 1


@pytest.mark.parametrize("probability", [0.0, 0.3, 1.0])
def test_the_identity_is_as_frequent_as_asked(probability):
    space, rng = Darts(identity_prob=probability), np.random.default_rng(0)
    parent = space.sample(rng)
    share = np.mean([space.mutate(parent, rng) == parent for _ in range(2000)])
    assert abs(share - probability) <= 5 * np.sqrt(probability * (1 - probability) / 2000)


@given(genotypes)
def test_a_genotype_has_120_neighbours(genotype):
    """Each cell: 8 pairs with 6 other operations; nodes 1 … 3 with two pairs and 1 … 3 unread sources."""
    assert len(SPACE.neighbours(genotype)) == 2 * (8 * 6 + 2 * (1 + 2 + 3))


# Distance


@settings(max_examples=500)
@given(*[written_genotypes] * 3)
def test_the_distance_is_a_metric_even_with_none_and_duplicates(a, b, c):
    assert (WIDE.distance(a, b) == 0) == (a == b)
    assert WIDE.distance(a, b) == WIDE.distance(b, a) <= 32
    assert WIDE.distance(a, c) <= WIDE.distance(a, b) + WIDE.distance(b, c)


@given(genotypes, genotypes)
def test_the_distance_counts_the_cheapest_changes(first, second):
    def changes(a, b):
        return sum((x[0] != y[0]) + (x[1] != y[1]) for x, y in zip(a, b, strict=True))

    nodes = [(first.node(cell, i), second.node(cell, i)) for cell in ("normal", "reduce") for i in range(4)]
    cheapest = sum(min(changes(order, b) for order in itertools.permutations(a)) for a, b in nodes)
    assert SPACE.distance(first, second) == cheapest <= 26


@given(written_genotypes)
def test_genotypes_that_differ_in_the_order_of_pairs_are_one_point(genotype):
    turned = Genotype(*(sum((cell[i : i + 2][::-1] for i in range(0, 8, 2)), ()) for cell in cells_of(genotype)))
    assert WIDE.distance(genotype, turned) == WIDE.pairs_apart(genotype, turned) == 0
    np.testing.assert_array_equal(WIDE.encode(genotype), WIDE.encode(turned))


def cells_of(genotype):
    return genotype.normal, genotype.reduce


@given(genotypes, st.integers(0, 12), SEEDS)
def test_n_mutations_lead_no_further_than_n(genotype, n, seed):
    rng, child = np.random.default_rng(seed), genotype
    for _ in range(n):
        child = SPACE.mutate(child, rng)
    assert SPACE.distance(genotype, child) <= n


@given(genotypes, genotypes)
def test_pairs_apart_is_half_the_difference_of_the_encodings(first, second):
    apart = SPACE.pairs_apart(first, second)
    assert 2 * apart == abs(SPACE.encode(first) - SPACE.encode(second)).sum()
    assert apart <= SPACE.distance(first, second)


def test_pairs_apart_is_not_symmetric_with_duplicates(genotype_with):
    twice = genotype_with(0, ("sep_conv_3x3", 1))
    other = genotype_with(0, ("skip_connect", 1))
    assert (SPACE.pairs_apart(twice, other), SPACE.pairs_apart(other, twice)) == (0, 1)


# Encoding


@given(genotypes)
def test_the_encoding_has_a_one_for_each_pair(genotype):
    code = SPACE.encode(genotype).reshape(2, 14, 8)
    assert code.sum() == 16 and code.sum(-1).max() == 1
    assert [code[:, start:end].sum() for start, end in ((0, 2), (2, 5), (5, 9), (9, 14))] == [4] * 4


@settings(max_examples=500)
@given(written_genotypes, written_genotypes)
def test_encodings_are_equal_exactly_when_genotypes_are(first, second):
    assert np.array_equal(WIDE.encode(first), WIDE.encode(second)) == (first == second)


def test_encodings_of_a_large_sample_and_of_neighbours_differ():
    sample = SPACE.sample_many(1000, seed=0)
    every = {*sample, *WIDE.neighbours(sample[0]), *WIDE.neighbours(WIDE.sample(np.random.default_rng(0)))}
    assert len({WIDE.encode(genotype).tobytes() for genotype in every}) == len(every)
