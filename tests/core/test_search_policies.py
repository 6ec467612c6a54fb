"""Policies: independent decisions against all architectures of a small space, and DARTS with its edges."""

import itertools

import numpy as np
import pytest
import torch

from tegnas_core.errors import TegnasError
from tegnas_core.search.policies import DartsPolicy, Draw, EdgePolicy, log_plackett_luce, make_policy
from tegnas_core.spaces import Darts, NASBench201, Toy
from tegnas_core.spaces.darts_edges import EDGES, NONE, rows_of


def spread(policy, seed=0, scale=1.5):
    with torch.no_grad():
        policy.logits.copy_(
            torch.from_numpy(scale * np.random.default_rng(seed).standard_normal(policy.logits.shape))
        )
    return policy


def test_probabilities_of_all_architectures_sum_to_one_and_the_largest_is_the_result():
    space = Toy(5)
    policy = spread(EdgePolicy(space, rng=np.random.default_rng(0)))
    draws = [Draw(space.compose(options), options) for options in itertools.product(range(2), repeat=5)]
    probabilities = [policy.log_probability(draw).exp().item() for draw in draws]
    assert sum(probabilities) == pytest.approx(1)
    assert policy.most_probable() == draws[int(np.argmax(probabilities))].architecture
    assert policy.entropy() == pytest.approx(-sum(p * np.log(p) for p in probabilities))


def test_a_draw_says_what_was_drawn():
    space = NASBench201()
    policy = spread(make_policy(space, rng=np.random.default_rng(0)))
    assert isinstance(policy, EdgePolicy) and policy.logits.shape == (6, 5)
    draw = policy.draw(np.random.default_rng(3))
    assert space.decisions(draw.architecture) == draw.options and draw.edges == ()
    assert policy.draw(np.random.default_rng(3)) == draw


class Uneven(Toy):
    """Decisions with different numbers of options."""

    choices = (2, 4, 1)


def test_rows_may_have_different_numbers_of_options():
    policy = spread(EdgePolicy(Uneven(3), rng=np.random.default_rng(0)))
    rng = np.random.default_rng(0)
    seen = {policy.draw(rng).options for _ in range(300)}
    assert seen == set(itertools.product(range(2), range(4), range(1)))
    assert sum(policy.log_probability(Draw(None, o)).exp().item() for o in seen) == pytest.approx(1)


# DARTS


def make_darts(space=None, **options):
    policy = make_policy(space or Darts(), rng=np.random.default_rng(0), **options)
    assert isinstance(policy, DartsPolicy)
    return policy


def test_orders_drawn_without_replacement_sum_to_one():
    weights = torch.tensor([0.3, -1.0, 2.0, 0.0], dtype=torch.float64)
    for k in (1, 2, 4):
        orders = itertools.permutations(range(4), k)
        assert sum(float(log_plackett_luce(weights, order).exp()) for order in orders) == pytest.approx(1)
    p = torch.softmax(weights, 0)
    assert float(log_plackett_luce(weights, [2, 1]).exp()) == pytest.approx(float(p[2] * p[1] / (1 - p[2])))


def test_probabilities_of_all_draws_of_a_small_version_sum_to_one():
    """All is certain but the operations, three each, and the edges of the second node of the normal cell."""
    policy = spread(make_darts(), seed=1)
    rows = [*rows_of(1)]
    with torch.no_grad():
        for row in set(range(28)) - set(rows):
            first = row % 14 in {rows_of(node)[0] for node in range(4)}
            second = row % 14 in {rows_of(node)[1] for node in range(4)}
            # one operation is certain, and its logit says that the first edge is chosen before the second
            policy.logits[row] = -1e3
            policy.logits[row, 1] = 200.0 * (2 * first + second)
        policy.logits[rows, 4:] = -1e3
    certain = policy.draw(np.random.default_rng(0))
    total = 0.0
    for operations in itertools.product((1, 2, 3), repeat=3):
        options = list(certain.options)
        options[rows[0] : rows[-1] + 1] = operations
        for order in itertools.permutations(rows, 2):
            edges = (certain.edges[0], order, *certain.edges[2:])
            total += policy.log_probability(Draw(None, tuple(options), edges)).exp().item()
    assert total == pytest.approx(1)


@pytest.mark.parametrize("edges", ["drawn", "unscored", "top-two"])
def test_draws_belong_to_the_space_and_say_what_was_drawn(edges):
    space, policy, rng = Darts(), spread(make_darts(edges=edges), seed=1), np.random.default_rng(0)
    for _ in range(30):
        draw = policy.draw(rng)
        assert space.contains(draw.architecture)
        code = space.encode(draw.architecture).reshape(28, 8)
        kept = [14 * (i // 4) + row for i, pair in enumerate(draw.edges) for row in pair]
        assert np.flatnonzero(code.sum(1)).tolist() == sorted(kept)
        assert all(code[row, draw.options[row]] == 1 for row in kept)


def test_none_is_drawn_only_where_the_space_has_it_and_never_derived():
    rng = np.random.default_rng(0)
    without, released = make_darts(), make_darts(Darts.released(), edges="unscored")
    assert not any(NONE in without.draw(rng).options for _ in range(40))
    assert any(NONE in released.draw(rng).options for _ in range(40))
    assert without.entropy() == pytest.approx(28 * np.log(7), abs=1e-3)
    assert released.entropy() == pytest.approx(28 * np.log(8), abs=1e-3)
    with torch.no_grad():
        released.logits[:, NONE] = 5.0
    assert "none" not in str(released.most_probable())


def test_edges_are_drawn_with_the_probabilities_that_are_scored():
    policy, rng = spread(make_darts(), seed=1), np.random.default_rng(0)
    with torch.no_grad():  # operations certain, so that only edges are random
        for row in range(28):
            weight = float(policy.logits[row, 2])
            policy.logits[row] = -1e3
            policy.logits[row, 2] = weight
    orders = [policy.draw(rng).edges[7] for _ in range(4000)]
    weights = policy.logits.detach()[14 + rows_of(3)[0] : 28, 2]
    for order in itertools.permutations(rows_of(3), 2):
        expected = float(log_plackett_luce(weights, [row - rows_of(3)[0] for row in order]).exp())
        assert orders.count(order) / len(orders) == pytest.approx(expected, abs=0.025)


def test_the_released_loss_leaves_the_choice_of_edges_out():
    drawn, unscored = spread(make_darts(), seed=1), spread(make_darts(edges="unscored"), seed=1)
    draw = drawn.draw(np.random.default_rng(0))
    assert unscored.draw(np.random.default_rng(0)) == draw
    missing = float(drawn.log_probability(draw).detach() - unscored.log_probability(draw).detach())
    weights = drawn.logits.detach().numpy()[range(28), draw.options]
    by_hand = 0.0
    for i, (first, second) in enumerate(draw.edges):
        cell, node = 14 * (i // 4), i % 4
        if node > 0:  # the first node has no choice
            e = dict(zip(rows_of(node), np.exp(weights[cell + np.array(rows_of(node))]), strict=True))
            by_hand += np.log(e[first] / sum(e.values())) + np.log(e[second] / (sum(e.values()) - e[first]))
    assert missing == pytest.approx(by_hand) and missing < 0


def test_top_two_keeps_the_edges_with_the_largest_logits():
    policy = spread(make_darts(edges="top-two"), seed=1)
    draw = policy.draw(np.random.default_rng(0))
    weights = policy.logits.detach().numpy()[range(28), draw.options]
    for i, pair in enumerate(draw.edges):
        of_node = {row: weights[14 * (i // 4) + row] for row in rows_of(i % 4)}
        assert set(pair) == set(sorted(of_node, key=of_node.get)[-2:])


@pytest.mark.parametrize("edges", ["drawn", "unscored", "top-two"])
def test_the_gradient_is_that_of_the_log_probability(edges):
    policy, rng = spread(make_darts(edges=edges), seed=2), np.random.default_rng(0)
    draws, weights = [policy.draw(rng) for _ in range(3)], [0.5, -2.0, 0.1]
    loss = -sum(w * policy.log_probability(draw) for w, draw in zip(weights, draws, strict=True))
    loss.backward()
    torch.testing.assert_close(policy.gradient(draws, weights), policy.logits.grad, rtol=0, atol=1e-14)


def test_the_result_is_derived_by_the_rule_of_the_space():
    policy = spread(make_darts(), seed=1)
    probabilities = torch.softmax(policy.logits.detach()[:, 1:], 1).numpy()
    padded = np.concatenate([np.zeros((28, 1)), probabilities], 1).reshape(2, len(EDGES), 8)
    assert policy.most_probable() == Darts.derive(padded)


def test_another_choice_of_edges_is_refused():
    with pytest.raises(TegnasError, match="drawn, unscored or top-two"):
        make_darts(edges="all")
