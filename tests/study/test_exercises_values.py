"""Answers become plain Python, and agreement is to a tolerance."""

import math

import numpy as np
import pandas as pd
import pytest
import torch

from tegnas_study.exercises.values import agree, is_number, plain, shape_of


@pytest.mark.parametrize(
    "value, expected",
    [
        (np.float32(0.5), 0.5),
        (torch.tensor([1, 2]), [1, 2]),
        (torch.ones(2, requires_grad=True), [1.0, 1.0]),
        (pd.Series([1, 2]), [1, 2]),
        ({"a": np.array([1])}, {"a": [1]}),
        ((np.int64(1), "x"), [1, "x"]),
        ("x", "x"),
        (None, None),
    ],
)
def test_plain(value, expected):
    assert plain(value) == expected


@pytest.mark.parametrize(
    "a, b, same",
    [
        (1.0, 1.0 + 1e-7, True),
        (1.0, 1.1, False),
        (1e8, 1e8 + 1, True),
        (math.nan, math.nan, True),
        (math.nan, 1.0, False),
        ([1, math.nan], [1, math.nan], True),
        ([[1, 2], [3, 4]], np.array([[1, 2], [3, 4]]), True),
        ([[1, 2]], [1, 2], False),
        ([1, "a"], [1, "a"], True),
        ([1, "a"], [1, "b"], False),
        ({"a": 1}, {"a": 1.0}, True),
        ({"a": 1}, {"b": 1}, False),
        (True, 1, False),
        (True, np.bool_(True), True),
        (None, None, True),
        ("a", 1, False),
    ],
)
def test_agree(a, b, same):
    assert agree(a, b, tolerance=1e-6) is same


def test_numbers_and_shapes():
    assert is_number(1) and not is_number(True) and not is_number("1")
    assert [shape_of(v) for v in (1, torch.zeros(2, 3), torch.tensor(1.0), "x")] == [(), (2, 3), (), None]
