"""The contract of a search space, as tests: inherit `SearchSpaceContract` and say which space."""

import itertools

import numpy as np
import pytest

from tegnas_core.errors import TegnasError


class SearchSpaceContract:
    """Tests that hold for every search space.

    A subclass gives the fixture `space`, and `longest`: the largest distance that can occur.
    """

    longest: int

    @pytest.fixture
    def rng(self):
        return np.random.default_rng(0)

    @pytest.fixture
    def sample(self, space):
        return space.sample_many(12, seed=0)

    def test_samples_belong_to_the_space(self, space, rng):
        assert all(space.contains(space.sample(rng)) for _ in range(50))
        assert not space.contains("no architecture") and not space.contains(None)

    def test_the_same_generator_state_gives_the_same_architecture(self, space):
        first, second = ([space.sample(np.random.default_rng(seed)) for seed in range(20)] for _ in range(2))
        assert first == second
        assert len(set(first)) > 10

    def test_sample_many_draws_different_architectures_and_prefixes(self, space):
        large = space.sample_many(12, seed=3)
        assert len(set(large)) == 12
        assert tuple(space.sample_many(5, seed=3)) == tuple(large[:5])
        assert tuple(space.sample_many(12, seed=4)) != tuple(large)
        assert len(space.sample_many(0, seed=3)) == 0

    @pytest.mark.parametrize("n", [-1, 10**9])
    def test_sample_many_refuses_what_the_space_has_not(self, space, n):
        with pytest.raises(TegnasError, match="cannot sample"):
            space.sample_many(n, seed=0)

    def test_a_mutation_has_distance_one_and_belongs(self, space, sample, rng):
        for architecture in sample:
            child = space.mutate(architecture, rng)
            assert space.contains(child) and space.distance(architecture, child) == 1

    def test_the_neighbours_are_those_at_distance_one_each_once(self, space, sample, rng):
        for architecture in sample[:3]:
            neighbours = space.neighbours(architecture)
            assert len(set(neighbours)) == len(neighbours)
            assert {space.distance(architecture, neighbour) for neighbour in neighbours} == {1}
            assert {space.mutate(architecture, rng) for _ in range(40)} <= set(neighbours)
            assert all(architecture in space.neighbours(neighbour) for neighbour in neighbours)

    def test_mutations_reach_every_neighbour(self, space, sample, rng):
        reached = {space.mutate(sample[0], rng) for _ in range(3000)}
        assert reached == set(space.neighbours(sample[0]))

    def test_the_distance_is_a_metric(self, space, sample):
        for a, b, c in itertools.product(sample, repeat=3):
            assert (space.distance(a, b) == 0) == (a == b)
            assert space.distance(a, b) == space.distance(b, a) <= self.longest
            assert space.distance(a, c) <= space.distance(a, b) + space.distance(b, c)

    def test_encodings_are_zeros_and_ones_and_tell_architectures_apart(self, space, sample):
        encoded = [space.encode(architecture) for architecture in sample]
        assert {code.shape for code in encoded} == {encoded[0].shape}
        assert encoded[0].ndim == 1
        assert all(set(np.unique(code)) <= {0.0, 1.0} for code in encoded)
        assert len({code.tobytes() for code in encoded}) == len(sample)
        np.testing.assert_array_equal(encoded[0], space.encode(sample[0]))

    def test_architectures_print_and_parse(self, space, sample):
        assert [space.parse(str(architecture)) for architecture in sample] == list(sample)

    @pytest.mark.parametrize("text", ["", "no architecture", "|x~0|", "\n", "0" * 10_000])
    def test_other_text_is_refused_in_one_line(self, space, text):
        with pytest.raises(TegnasError) as caught:
            space.parse(text)
        assert len(str(caught.value).splitlines()) == 1

    def test_the_space_has_a_name(self, space):
        assert space.name and space.name == space.name.strip().lower()
