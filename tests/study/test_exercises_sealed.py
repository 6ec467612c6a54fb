"""Sealed answers let in what is right, say what is wrong, and do not tell."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tegnas_core.errors import TegnasError
from tegnas_study.exercises.sealed import Sealed, seal

NUMBERS = st.floats(-1e6, 1e6)


def verdict(truth, answer, **how):
    return seal("ex-a", truth, **how).reply("ex-a", answer).verdict


@pytest.mark.parametrize(
    "truth, how, answer, expected",
    [
        (3, {}, None, "untried"),
        (3, {}, ..., "untried"),
        (3, {}, 3, "right"),
        (3, {}, 3.0, "right"),
        (3, {}, np.int64(3), "right"),
        (3, {}, torch.tensor(3), "right"),
        (3, {}, 4, "wrong"),
        (3, {}, "3", "wrong type"),
        (3, {}, True, "wrong type"),
        (3, {}, 3 + 0j, "wrong type"),
        (3, {"tolerance": 0.1}, 3.1, "right"),
        (3, {"tolerance": 0.1}, 2.9, "right"),
        (3, {"tolerance": 0.1}, 3.11, "wrong"),
        (3, {"tolerance": 0.1}, math.nan, "wrong"),
        (3, {"tolerance": 0.1}, math.inf, "wrong"),
        (math.inf, {"tolerance": 0.1}, math.inf, "right"),
        (math.nan, {}, math.nan, "right"),
        ("skip", {}, " Skip ", "right"),
        ("skip", {}, "none", "wrong"),
        ("skip", {}, 3, "wrong type"),
        ("weaker", {"choices": ["weaker", "stronger"]}, "stronger", "wrong"),
        ("weaker", {"choices": ["weaker", "stronger"]}, "softer", "wrong type"),
        (True, {}, True, "right"),
        (True, {}, np.bool_(False), "wrong"),
        (True, {}, 1, "wrong type"),
        ([1, 2], {}, (1, 2), "right"),
        ([1, 2], {}, np.array([1, 2]), "right"),
        ([1, 2], {}, [2, 1], "wrong"),
        ([1, 2], {}, [1], "wrong"),
        ([1, 2], {}, [1, 2, 3], "wrong"),
        ([1, 2], {}, [[1], 2], "wrong type"),
        ([1.0, 2.5], {"tolerance": 0.1}, [1.05, 2.45], "right"),
        (["a", "b"], {"unordered": True}, ["B", "a"], "right"),
        (["a", "b"], {"unordered": True}, {"a", "b"}, "right"),
        (["a", "b"], {"unordered": True}, ["a"], "wrong"),
    ],
)
def test_replies(truth, how, answer, expected):
    assert verdict(truth, answer, **how) == expected


@given(NUMBERS, st.floats(1e-3, 10), st.floats(-1, 1))
def test_an_answer_within_the_tolerance_is_right_and_one_far_outside_is_not(truth, tolerance, part):
    assert verdict(truth, truth + part * tolerance * 0.999, tolerance=tolerance) == "right"
    assert (
        verdict(truth, truth + math.copysign(1 + abs(part), part) * tolerance * 1.01, tolerance=tolerance)
        == "wrong"
    )


@given(NUMBERS)
def test_the_line_never_holds_the_answer(truth):
    sealed = seal("ex-a", truth, tolerance=0.005)
    assert (
        str(truth)
        not in f"{sealed.reply('ex-a', None)} {sealed.reply('ex-a', truth + 1).line.split('is not it')[1]}"
    )


def test_only_what_lies_below_the_tolerance_can_be_read():
    lines = {seal("ex-a", truth, tolerance=0.5).model_dump_json(exclude={"seal"}) for truth in (16, 17, 4711)}
    assert len({line[:40] for line in lines}) == 1
    assert all(
        abs(value - round(value)) < 1e-5
        for truth in (16, 17, 4711)
        for value in seal("a", truth, tolerance=0.5).offset
    )


def test_the_same_answer_has_another_seal_in_another_exercise():
    assert seal("ex-a", 3).seal != seal("ex-b", 3).seal
    assert seal("ex-a", 3) == seal("ex-a", 3)


def test_a_hint_stands_beside_a_wrong_answer_only():
    sealed = seal("ex-a", 3, hint="Count the edges.")
    assert "Count the edges." in sealed.reply("ex-a", 4).line
    assert "Count" not in f"{sealed.reply('ex-a', 3)} {sealed.reply('ex-a', None)}"


@pytest.mark.parametrize("answer", [None, {}, [[1]], object(), 3 + 1j])
def test_what_cannot_be_an_answer_is_not_sealed(answer):
    with pytest.raises(TegnasError, match="an answer is a number"):
        seal("ex-a", answer)


def test_choices_hold_the_answer_and_belong_to_words():
    with pytest.raises(TegnasError, match="not among its choices"):
        seal("ex-a", "softer", choices=["weaker", "stronger"])
    with pytest.raises(ValidationError, match="only a word has choices"):
        seal("ex-a", 3, choices=["3"])
    with pytest.raises(TegnasError, match="has no tolerance"):
        seal("ex-a", [1, 2], unordered=True, tolerance=0.1)
    with pytest.raises(ValidationError):
        Sealed(kind="number", seal="short")
