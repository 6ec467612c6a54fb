"""Chapters 9 to 12, 19 and 24 ask for functions: what is right is let in, and nothing that is nearly right."""

import numpy as np
import pytest
from scipy.special import entr, softmax

from tegnas_study.analysis.reliability import intraclass
from tegnas_study.exercises import check


def logdet(kernel):
    return np.linalg.slogdet(kernel)[1]


def agreements(patterns, weights):
    on = np.asarray(patterns, float)
    return (on * weights) @ on.T, ((1 - on) * weights) @ (1 - on).T


@pytest.mark.parametrize(
    "weighted_naswot, right",
    [
        (lambda p, w: logdet(sum(agreements(p, w))), True),
        (lambda p, w: logdet([[w[a == b].sum() for b in p] for a in p]), True),
        (lambda p, w: logdet(sum(agreements(p, 1))), False),  # plain NASWOT
        (lambda p, w: logdet(agreements(p, w)[0]), False),  # forgets the units that are off for both
        (lambda p, w: logdet(sum(agreements(p, w**2))), False),
        (lambda p, w: np.linalg.det(sum(agreements(p, w))), False),
    ],
)
def test_naswot_with_weights(weighted_naswot, right):
    assert check("ex-write-weighted-naswot", weighted_naswot).right == right


def mean_squares(values):
    n, r = values.shape
    rows, columns = values.mean(1, keepdims=True), values.mean(0, keepdims=True)
    left = values - rows - columns + values.mean()
    return r * rows.var() * n / (n - 1), np.sum(left**2) / ((n - 1) * (r - 1)), np.sum((values - rows) ** 2)


def reliable_by_one_way(values):
    """Count a shift between repeats as noise, which it is not."""
    between, _, within = mean_squares(values)
    return 1 - within / (values.size - len(values)) / between


@pytest.mark.parametrize(
    "icc_of_mean, right",
    [
        (lambda values: 1 - mean_squares(values)[1] / mean_squares(values)[0], True),
        (intraclass, False),  # of one repeat
        (lambda values: intraclass(values) * values.shape[1], False),
        (reliable_by_one_way, False),
    ],
)
def test_the_icc_of_the_mean_of_all_repeats(icc_of_mean, right):
    assert check("ex-write-icc-of-mean", icc_of_mean).right == right


def halved(rewards, share, *, weight=lambda rewards: softmax(rewards).max(), most=1e6):
    low, high = 0.0, most
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if weight(middle * rewards) < share else (low, middle)
    return high


@pytest.mark.parametrize(
    "sharpness, right",
    [
        (halved, True),
        (lambda rewards, share: halved(rewards, share, most=1.0), False),  # never sharpens
        (lambda rewards, share: np.log(share / (1 - share)) / np.ptp(rewards[np.argsort(rewards)[-2:]]), False),
        (lambda rewards, share: 1 / halved(rewards, share), False),  # the temperature
    ],
)
def test_the_factor_that_gives_the_best_sample_its_share(sharpness, right):
    assert check("ex-write-sharpness", sharpness).right == right


def joint_of(probabilities):
    joint = np.ones(1)
    for options in probabilities:
        joint = np.outer(joint, options).ravel()
    return joint


@pytest.mark.parametrize(
    "n_different, right",
    [
        (lambda table, n: np.sum(1 - (1 - joint_of(table)) ** n), True),
        (lambda table, n: min(n, np.exp(entr(table).sum())), False),  # the perplexity
        (lambda table, n: min(n, len(joint_of(table))), False),  # no draw repeats another
        (lambda table, n: np.sum(1 - (1 - table) ** n), False),  # counts options
        (lambda table, n: np.sum(np.minimum(1, n * joint_of(table))), False),
    ],
)
def test_how_many_draws_are_different(n_different, right):
    assert check("ex-write-different", n_different).right == right


def entropy_of(variances):
    shares = np.asarray(variances) / np.sum(variances)
    return entr(shares.clip(0)).sum()


@pytest.mark.parametrize(
    "expressivity, right",
    [
        (lambda f: entropy_of(np.linalg.eigvalsh(np.cov(f.T))), True),
        (lambda f: entropy_of(np.linalg.eigvalsh(np.cov(f.T, bias=True))), True),
        (lambda f: entropy_of(np.linalg.eigvalsh(f.T @ f)), False),  # around zero and not around the mean
        (lambda f: entropy_of(np.linalg.eigvalsh(np.corrcoef(f.T))), False),
        (lambda f: entropy_of(np.linalg.svd(f - f.mean(0), compute_uv=False)), False),  # no squares
        (lambda f: entropy_of(f.var(0)), False),  # channels and not components
    ],
)
def test_the_expressivity_of_az_nas(expressivity, right):
    assert check("ex-write-expressivity", expressivity).right == right


@pytest.mark.parametrize(
    "n_apart, right",
    [
        (lambda values: np.sum(values.max(1)[:, None] < values.min(1)), True),
        (lambda values: 2 * np.sum(values.max(1)[:, None] < values.min(1)), False),  # counts both orders
        (lambda values: np.sum(np.triu(values.max(1)[:, None] < values.min(1))), False),  # only in their order
        (lambda values: np.sum(values.max(1)[:, None] <= values.min(1)) - np.sum(np.ptp(values, 1) == 0), False),
        (lambda values: np.sum(values.mean(1)[:, None] < values.mean(1)), False),
    ],
)
def test_networks_that_repeats_tell_apart(n_apart, right):
    assert check("ex-write-apart", n_apart).right == right
