"""A card in words: every number of every section, in text, Markdown and JSON."""

import json
import math

import pytest

from tegnas_study.analysis.cards.agreement import UNKNOWN, Agreement
from tegnas_study.analysis.cards.card import Ground, IndicatorCard, Judgement
from tegnas_study.analysis.cards.choosing import RandomSearch, Shortlist
from tegnas_study.analysis.cards.duplicates import Duplicates
from tegnas_study.analysis.cards.labels import Labels
from tegnas_study.analysis.cards.noise import Noise
from tegnas_study.analysis.cards.sensitivity import Sensitivity
from tegnas_study.analysis.cards.words import as_json, as_markdown, as_text
from tegnas_study.tables.bootstrap import Estimate


def sure(value):
    return Estimate(value, value - 0.01, value + 0.01, 1000)


BETTER = sure(0.2)


def card(beyond=BETTER, network="proxy", **changed):
    judged = Judgement(
        Ground(network, "some-table (teg, images cifar10, seed 0)", 3, 1234, 15_625, 567, 8, 0.25),
        (
            Agreement("classes", 567, 567, sure(0.61), sure(0.81), sure(0.41), beyond),
            Agreement("equal size", 1200, 560, sure(0.51), sure(0.71), UNKNOWN, sure(0.51)),
        ),
        (Shortlist(10, sure(0.3), 0.008, sure(92.5)),),
        (RandomSearch(25, sure(92.1), sure(93.2), sure(86.7), sure(1.1)),),
        Noise("ten-repeats", 209, 10, 5, sure(0.69), Estimate(53.5, 40.1, 71.2), sure(0.64)),
        Duplicates(300, 100, 0.25, sure(0.47)),
        Labels(567, sure(0.6), sure(0.59), Estimate(0.01, -0.005, 0.015, 1000)),
    )
    draw = Sensitivity("draw", "other weights and another batch", ("a", "b"), 567, 1, sure(0.49))
    facts = {
        "name": "regression_error",
        "symbol": "MSE",
        "meaning": "generalization",
        "source": "paper",
        "higher_is_better": False,
        "uses_labels": True,
        "accuracy": "made up",
        "seed": 0,
        "n_draws": 1000,
        "judgements": (judged,),
        "sensitivities": (draw,),
    }
    return IndicatorCard(**(facts | changed))


NUMBERS = (
    "0.61 [0.60, 0.62]",
    "0.81 [0.80, 0.82]",
    "0.41 [0.40, 0.42]",
    "0.30 [0.29, 0.31]",
    "92.50 [92.49, 92.51]",
    "1.10 [1.09, 1.11]",
    "0.69 [0.68, 0.70]",
    "53.5 [40.1, 71.2]",
    "0.47 [0.46, 0.48]",
    "0.010 [−0.005, 0.015]: we cannot tell whether true labels agree better",
    "0.49 [0.48, 0.50]",
    "1,234 of 15,625 architectures (8 %) in 567 classes",
    "8 have no finite score and rank last",
    "No table of its own varies: batch, network, initialisation, images, precision.",
)


@pytest.mark.parametrize("say", [as_text, as_markdown])
def test_every_number_is_said(say):
    said = say(card())
    assert [number for number in NUMBERS if number not in said] == []
    assert "A smaller value is better" in said and "nan" not in said


def test_verdicts_follow_the_intervals():
    for beyond, told in (
        (sure(0.2), "With each class once, it agrees better than the number of parameters does."),
        (sure(-0.2), "With each class once, it does not agree better than"),
        (Estimate(0.0, -0.1, 0.1, 1000), "we cannot tell whether it agrees better"),
        (Estimate(0.2, 0.1, 0.3, 50), "there are too few resamples"),
    ):
        assert told in as_text(card(beyond))


def test_columns_are_aligned_and_markdown_has_tables():
    lines = as_text(card()).splitlines()
    start = lines.index("Agreement with test accuracy") + 1
    place = lines[start].index("Kendall")
    assert all(line[place - 1] == " " and line[place] != " " for line in lines[start + 1 : start + 3])
    said = as_markdown(card())
    assert "| each class once | 567 | 567 | 0.61 [0.60, 0.62] |" in said and "\n### Repeats\n" in said
    assert "\n## On the small proxy network\n" in said


def test_json_has_every_field_and_no_number_that_json_lacks():
    found = json.loads(as_json(card()), parse_constant=pytest.fail)
    judged = found["judgements"][0]
    assert found["name"] == "regression_error" and judged["noise"]["needed"]["high"] == 71.2
    assert judged["agreements"][1]["partial"]["value"] is None
    assert math.isclose(found["sensitivities"][0]["tau"]["low"], 0.48)


def test_a_table_from_outside_has_no_symbol_and_no_sensitivity():
    said = as_text(card(symbol="", source="a table from outside", uses_labels=None, sensitivities=()))
    assert said.startswith("regression_error\n") and "It is a table from outside." in said
    assert "Sensitivity" not in said and "labels in it" not in said
