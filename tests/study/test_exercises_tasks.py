"""Functions, answers about a page and things with a property are checked, and nothing is told."""

import pytest
import torch

from tegnas_core.errors import TegnasError
from tegnas_study.exercises.tasks import FromPage, Judged, WriteFunction


def cases():
    return {"two numbers": (torch.tensor([1.0, 2.0]),), "equal numbers": (torch.tensor([3.0, 3.0]),)}


def spread(values):
    return values.max() - values.min()


TASK = WriteFunction(reference=spread, cases=cases, hint="Look at the order.")


def raises(values):
    raise ValueError("what\nis this")


def not_written(values):
    raise NotImplementedError


def spoils_its_input(values):
    result = float(values.max() - values.min())
    values.zero_()
    return result


@pytest.mark.parametrize(
    "function, verdict, told",
    [
        (None, "untried", "put your function in place of None"),
        (lambda values: None, "untried", "in place of the dots"),
        (lambda values: ..., "untried", "in place of the dots"),
        (not_written, "untried", "in place of the dots"),
        (3, "wrong type", "asks for a function; 3 is not one"),
        (spread, "right", "agrees on two numbers, equal numbers"),
        (spoils_its_input, "right", "agrees"),
        (lambda values: values[1] - values[0] + 1, "wrong", "on two numbers it returns something else"),
        (
            lambda values: 1.0,
            "wrong",
            "on equal numbers it returns something else than it should. Look at the order.",
        ),
        (lambda values: values, "wrong", r"on two numbers it returns shape (2,) where a number is due"),
        (lambda values: "1", "wrong", "returns a str where"),
        (raises, "wrong", "on two numbers it raises ValueError: what is this"),
        (lambda: 0, "wrong", "raises TypeError"),
    ],
)
def test_a_function_is_told_on_which_kind_of_input_it_fails(function, verdict, told):
    reply = TASK.reply(function)
    assert (reply.verdict, reply.right) == (verdict, verdict == "right")
    assert told in reply.line and "\n" not in reply.line


@pytest.mark.parametrize(
    "truth, answer, verdict",
    [
        (2.0, None, "untried"),
        (2.0, 2.05, "right"),
        (2.0, torch.tensor(2.05), "right"),
        (2.0, 2.2, "wrong"),
        (2.0, "2", "wrong type"),
        (2.0, True, "wrong type"),
        ("skip", " Skip", "right"),
        ("skip", 2, "wrong type"),
        ([1, 2], [1, 2.05], "right"),
        ([1, 2], [1], "wrong"),
    ],
)
def test_an_answer_about_the_page(truth, answer, verdict):
    task = FromPage(truth=lambda *, table: table, tolerance=0.1)
    assert task.reply(answer, table=truth).verdict == verdict


def odd(answer, *, more=0):
    if answer > 100:
        raise TegnasError("the answer is too large; give one up to 100")
    return "" if (answer + more) % 2 else f"{answer} is even"


@pytest.mark.parametrize(
    "answer, more, line",
    [
        (3, 0, "Right!"),
        (3, 1, "Not yet: 3 is even"),
        (101, 0, "Not yet: the answer is too large; give one up to 100"),
        ("x", 0, "Not yet: it raises TypeError: '>' not supported between instances of 'str' and 'int'"),
        (None, 0, "Not tried yet: put your answer in place of None and run the cell again."),
    ],
)
def test_a_property(answer, more, line):
    assert str(Judged(fault=odd).reply(answer, more=more)) == line
