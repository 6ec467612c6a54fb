"""Cards as tables for figures: a row for every agreement, and places from 0 to 1."""

import numpy as np
import pandas as pd
import pytest
from made_up_atlas import SPACE, made_up_benchmark, write_rivals

from tegnas_study.analysis.cards.card import Accuracies, indicator_card, scored_grounds
from tegnas_study.analysis.cards.frames import COLUMNS, family, figure_tables, side_by_side


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("atlas")
    write_rivals(path, [(a, 0) for a in SPACE.classes()[:60]])
    return path


@pytest.fixture(scope="module")
def accuracy():
    return Accuracies(made_up_benchmark().accuracy("cifar10"), "made up")


def test_every_agreement_has_a_row_and_the_reference_is_itself(folder, accuracy):
    cards = [indicator_card(name, accuracy, folder, seed=0, n_draws=5) for name in ("snip", "parameters")]
    table = side_by_side(cards)
    assert table.groupby("name", sort=False)["kind"].agg(tuple).to_dict() == {
        "snip": COLUMNS,
        "parameters": COLUMNS,
    }
    assert set(table[table["name"] == "parameters"]["compared"]) == {"itself"}
    taus = {a.part: a for a in cards[0].judgements[0].agreements}
    snip = table[table["name"] == "snip"].set_index("kind")
    assert snip.loc["all", "value"] == taus["all"].tau.value
    assert snip.loc["given parameters", "value"] == taus["classes"].partial.value
    for kind, beyond in (("all", taus["all"].beyond_parameters), ("equal size", taus["equal size"].tau)):
        expected = "more" if beyond.low > 0 else "less" if beyond.high < 0 else "same"
        assert snip.loc[kind, "compared"] == expected


def test_places_run_from_last_to_first_and_ties_share_theirs(folder, accuracy):
    card = indicator_card("naswot", accuracy, folder, seed=0, n_draws=3)
    scores = scored_grounds("naswot", accuracy, folder)
    points, agreements = figure_tables(card, scores)
    rows = scores["proxy"].part("all")
    assert len(points) == len(rows) and set(agreements["network"]) == {"proxy"}
    assert points["place"].between(0, 1).all() and points["place"].mean() == pytest.approx(0.5)
    place = pd.Series(points["place"].to_numpy(), index=rows["score"].to_numpy())
    assert place.groupby(level=0).nunique().max() == 1
    assert (np.diff(place.sort_index()) >= 0).all()


def test_families_follow_the_names():
    assert [family(name) for name in ("rank_sum", "condition_number", "depth", "meco")] == [
        "TEG",
        "TEG",
        "counted",
        "rivals",
    ]
