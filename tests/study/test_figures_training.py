"""A learning curve shows what was measured."""

import pandas as pd

from tegnas_study.figures.training import learning_curve


def test_both_accuracies_are_drawn_over_epochs():
    rows = pd.DataFrame({"epoch": [1, 2], "train_accuracy": [10.0, 20.0], "test_accuracy": [11.0, 19.0]})
    (axes,) = learning_curve(rows).axes
    assert [line.get_ydata().tolist() for line in axes.lines] == [[10.0, 20.0], [11.0, 19.0]]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["training images", "test images"]
    assert axes.get_ylabel() == "accuracy (%)"
