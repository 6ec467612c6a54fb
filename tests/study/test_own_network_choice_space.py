"""A declared space keeps the contract of a search space, and every search method searches it."""

import numpy as np
import pytest
from contracts.search_space import SearchSpaceContract

from tegnas_core.errors import TegnasError
from tegnas_core.search import FPNAS, TENAS, Evolution, LocalSearch, Objective, RandomSearch, Reinforce, search
from tegnas_study.own_network.choice_space import Choice, ChoiceSpace

DECISIONS = {
    "width": (8, 16, 32),
    "kernel": (3, 5),
    "skip": (False, True),
    "stem": ("fixed",),
    "norm": ("batch", "group"),
}


class TestChoiceSpace(SearchSpaceContract):
    longest = 4

    @pytest.fixture
    def space(self):
        return ChoiceSpace("mine", **DECISIONS)


class TestLargeSpace(SearchSpaceContract):
    """More architectures than are listed."""

    longest = 24

    @pytest.fixture
    def space(self):
        return ChoiceSpace("large", **{f"decision_{k}": ("a", "b") for k in range(24)})


def test_decisions_are_the_inverse_of_compose_and_options_have_names():
    space = ChoiceSpace("mine", **DECISIONS)
    every = space.sample_many(24, seed=1)
    assert len({*every}) == 24 and {space.compose(space.decisions(choice)) for choice in every} == {*every}
    choice = space.compose([1, 0, 1, 0, 0])
    assert (choice["width"], choice["skip"], choice["stem"]) == (16, True, "fixed")
    assert not space.contains(Choice(choice.names, (9, *choice.options[1:])))
    assert not ChoiceSpace("other", width=(8, 16, 32)).contains(choice)


@pytest.mark.parametrize(
    "decisions", [{}, {"a": (1,)}, {"a": (1, "1")}, {"a": ("x y", "z")}, {"a": (), "b": (1, 2)}]
)
def test_what_is_no_space_is_refused(decisions):
    with pytest.raises(TegnasError, match=r"needs a decision|print differently"):
        ChoiceSpace("mine", **decisions)


@pytest.mark.parametrize("text", ["width=8", "width=9 kernel=3 skip=True stem=fixed norm=batch", "width"])
def test_a_text_that_lacks_something_is_told_what(text):
    with pytest.raises(TegnasError, match=r"lacks \w+= with one of"):
        ChoiceSpace("mine", **DECISIONS).parse(text)


def test_a_text_that_says_more_is_refused():
    with pytest.raises(TegnasError, match="says more"):
        ChoiceSpace("mine", a=(1, 2)).parse("a=1 b=2")


@pytest.mark.parametrize("method", [Reinforce, Evolution, FPNAS, TENAS, RandomSearch, LocalSearch])
def test_every_method_searches_it_and_finds_more_than_an_average_architecture(method):
    space = ChoiceSpace("mine", **{f"d{k}": (0, 1, 2) for k in range(4)})
    options = {
        Reinforce: {"n_steps": 300},
        Evolution: {"n_steps": 60, "population_size": 10, "tournament_size": 5},
        FPNAS: {"n_steps": 100},
        TENAS: {},
        RandomSearch: {"n_steps": 60},
        LocalSearch: {"n_steps": 60},
    }[method]

    def evaluate(found):
        shares = found.active if method is TENAS else [(option,) for option in space.decisions(found)]
        return {"sum": float(sum(np.mean(share) for share in shares))}

    history = search(method(space, rng=np.random.default_rng(0), **options), evaluate, [Objective("sum", True)])
    assert space.contains(history.derived) and sum(space.decisions(history.derived)) >= 6
