"""Figures of cards: every number is drawn, nothing is ordered by value, and marks say what cannot be told."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from tegnas_core.errors import TegnasError
from tegnas_study.figures.cards import KINDS, card_figure, cards_heat_map, save_figure


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def rows(name, network="proxy", *, family="rivals", value=0.5, compared="more"):
    about = (family, name, network, 100)
    found = [(*about, kind, value, value - 0.1, value + 0.1, compared) for kind in KINDS]
    columns = ["family", "name", "network", "n", "kind", "value", "low", "high", "compared"]
    return pd.DataFrame(found, columns=columns)


def words(figure):
    figure.canvas.draw()
    return [text.get_text() for text in figure.findobj(plt.Text)]


def test_a_card_has_two_panels_for_each_network():
    networks = np.repeat(["proxy", "benchmark"], 200)
    place = np.tile(np.linspace(0, 1, 200), 2)
    points = pd.DataFrame({"network": networks, "place": place, "accuracy": 80 + 10 * place})
    table = pd.concat([rows("meco"), rows("meco", "benchmark", value=-0.2)])
    figure = card_figure(points, table)
    assert len(figure.axes) == 4
    dots = [sorted(line.get_xdata()) for line in figure.axes[3].lines if line.get_marker() == "o"]
    assert dots == [[-0.2] * 5]
    assert {"small proxy network", "benchmark's network", "top\ntenth"} <= {*words(figure)}
    drawn = [collection.get_array().sum() for collection in figure.axes[0].collections]
    assert drawn == [200]


def test_the_heat_map_keeps_the_order_of_the_table_and_shows_every_interval():
    table = pd.concat([rows("linear_regions", family="TEG", value=0.1), rows("meco", value=0.6), rows("zen")])
    figure = cards_heat_map(table)
    (axes,) = figure.axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["R", "MeCo", "Zen"]
    assert words(figure).count("0.60\n[0.50, 0.70]") == 5
    assert words(figure).count("0.10\n[0.00, 0.20]") == 5


def test_no_cell_of_the_heat_map_is_narrower_than_its_text():
    table = pd.concat([rows("az_trainability", "benchmark", value=-0.5, compared="less"), rows("zen")])
    figure = cards_heat_map(table)
    figure.canvas.draw()
    (axes,) = figure.axes
    cell = axes.get_window_extent().width / len(KINDS)
    assert max(text.get_window_extent().width for text in axes.texts) < 0.98 * cell


def test_what_parameters_do_as_well_is_marked_and_what_is_unknown_is_a_dash():
    table = pd.concat([rows("meco", compared="same"), rows("zen", compared="less", value=-0.5)])
    table.iloc[0, table.columns.get_loc("value")] = np.nan
    shown = words(cards_heat_map(table))
    assert shown.count("0.50 ○\n[0.40, 0.60]") == 4 and shown.count("−0.50 ▼\n[−0.60, −0.40]") == 5
    assert "–" in shown


def test_the_same_figure_gives_the_same_bytes(tmp_path):
    for kind in ("svg", "png"):
        for name in ("a", "b"):
            save_figure(cards_heat_map(rows("meco")), tmp_path / f"{name}.{kind}")
        assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()
    with pytest.raises(TegnasError):
        save_figure(cards_heat_map(rows("meco")), tmp_path / "nowhere" / "a.svg")
