"""Right against wrong: every genotype that has both values, in the colour of what it lost."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from tegnas_study.figures.correlation import draw_against_draw, right_and_wrong
from tegnas_study.tables.ranking import TEG


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def made_up() -> pd.DataFrame:
    table = pd.DataFrame({"dropped": [0, 1, 2, 3, 4, 8]})
    for name in TEG:
        table[f"{name}_right"] = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
        table[f"{name}_wrong"] = [1.0, 2.5, 2.0, 9.0, 4.0, np.inf]
    return table


def dots(axes) -> dict[str, list[tuple[float, float]]]:
    lines = [line for line in axes.lines if not line.get_label().startswith("_")]
    return {line.get_label(): [*zip(line.get_xdata(), line.get_ydata(), strict=True)] for line in lines}


def test_every_genotype_with_two_finite_values_has_a_dot_in_its_group():
    for axes in right_and_wrong(made_up()).axes:
        assert dots(axes) == {"0 or 1 lost": [(1, 1), (2, 2.5)], "2 or 3": [(3, 2), (4, 9)], "4 to 8": [(5, 4)]}


def test_kappa_alone_is_logarithmic_and_axes_say_what_they_show():
    panels = right_and_wrong(made_up()).axes
    assert [axes.get_xscale() for axes in panels] == ["log", "linear", "linear"]
    assert [axes.get_xlabel().split(",")[0] for axes in panels] == [
        "condition number κ",
        "linear regions R",
        "regression error MSE",
    ]


def test_an_architecture_with_two_finite_draws_has_a_dot_in_every_panel():
    table = pd.DataFrame({f"{name}_{draw}": [1.0, 2.0 + draw, 50.0] for name in TEG for draw in range(2)})
    table["condition_number_1"] = [1.5, np.inf, 60.0]
    kappa, regions, error = draw_against_draw(table).axes
    assert [*zip(*kappa.lines[0].get_data(), strict=True)] == [(1.0, 1.5), (50.0, 60.0)]
    assert [*zip(*regions.lines[0].get_data(), strict=True)] == [(1.0, 1.0), (2.0, 3.0), (50.0, 50.0)]
    assert [axes.get_xscale() for axes in (kappa, regions, error)] == ["log", "linear", "log"]
    assert [axes.get_xlabel() for axes in (kappa, regions, error)] == ["κ, draw 1", "R, draw 1", "MSE, draw 1"]
