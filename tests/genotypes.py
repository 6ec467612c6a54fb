"""Strategies of genotypes for the property tests: of the space, and of everything that can be written down."""

from hypothesis import strategies as st

from tegnas_core.genotype import OPERATIONS, Genotype


def _cell(operations, pairs_of_sources):
    def pairs(sources, names):
        return tuple(zip(names, (source for pair in sources for source in pair), strict=True))

    sources = st.tuples(*(pairs_of_sources(node + 2) for node in range(4)))
    return st.builds(pairs, sources, st.tuples(*[st.sampled_from(operations)] * 8))


def _different(n_states):
    states = list(range(n_states))
    return st.permutations(states).map(lambda order: order[:2])


def _any(n_states):
    return st.tuples(*[st.integers(0, n_states - 1)] * 2)


_members, _written = _cell(OPERATIONS[1:], _different), _cell(OPERATIONS, _any)
genotypes = st.builds(Genotype, _members, _members)  # different sources, no none
written_genotypes = st.builds(Genotype, _written, _written)
