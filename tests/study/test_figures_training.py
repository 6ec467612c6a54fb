"""A learning curve shows what was measured."""

import pandas as pd

from tegnas_study.figures.training import (
    learning_curve,
    order_by_epoch,
    order_by_trained_epochs,
    sizes_and_accuracies,
)


def test_both_accuracies_are_drawn_over_epochs():
    rows = pd.DataFrame({"epoch": [1, 2], "train_accuracy": [10.0, 20.0], "test_accuracy": [11.0, 19.0]})
    (axes,) = learning_curve(rows).axes
    assert [line.get_ydata().tolist() for line in axes.lines] == [[10.0, 20.0], [11.0, 19.0]]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["training images", "test images"]
    assert axes.get_ylabel() == "accuracy (%)"


def test_theory_is_a_line_beside_the_curve_of_training():
    values = {"cpu_seconds": [2.0, 4.0], "tau": [0.2, 0.5], "low": [0.0, 0.3], "high": [0.4, 0.7]}
    (axes,) = order_by_epoch(pd.DataFrame(values), (0.4, 0.1, 0.6)).axes
    training, theory = axes.lines
    assert training.get_xdata().tolist() == [2.0, 4.0] and training.get_ydata().tolist() == [0.2, 0.5]
    assert list(theory.get_ydata()) == [0.4, 0.4]


def test_every_group_has_a_mark_of_its_own():
    values = {"group": ["a", "a", "b"], "full_parameters": [1e6, 2e6, 3e6], "short": [30.0, 31.0, 32.0]}
    (axes,) = sizes_and_accuracies(pd.DataFrame(values), {"a": "first", "b": "second"}).axes
    assert [line.get_xdata().tolist() for line in axes.lines] == [[1.0, 2.0], [3.0]]
    assert len({line.get_marker() for line in axes.lines}) == 2


def test_an_indicator_is_a_line_over_the_epochs():
    values = {"predictor": ["x", "x", "y", "y"], "epoch": [0, 1] * 2, "tau": [0.1, 0.2, 0.3, 0.4]}
    table = pd.DataFrame(values).assign(low=0.0, high=0.5)
    (axes,) = order_by_trained_epochs(table, {"x": "X", "y": "Y"}).axes
    assert [line.get_ydata().tolist() for line in axes.lines[:2]] == [[0.1, 0.2], [0.3, 0.4]]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["X", "Y"]
