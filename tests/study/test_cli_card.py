"""`tegnas card`, as a user sees it."""

import json

import numpy as np
import pandas as pd
import pytest
from command_line import run
from made_up_atlas import SPACE, write_atlas, write_rivals

from tegnas_core.indicators.names import INDICATORS

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("atlas")
    write_atlas(path, [(a, r) for a in SPACE.classes()[:80] for r in (0, 1)])
    write_rivals(path, [(a, 0) for a in SPACE.classes()[:80]])
    return path


@pytest.fixture
def mine(tmp_path):
    cells = [str(architecture) for architecture in SPACE.sample_many(60, seed=3)]
    path = tmp_path / "mine.csv"
    scores = np.random.default_rng(0).normal(size=60)
    pd.DataFrame({"architecture": cells, "score": scores}).to_csv(path, index=False)
    return path


def test_without_a_name_the_names_are_listed_with_their_tables(capsys, folder):
    said = run(capsys, "card", "--folder", folder)
    lines = dict(line.split(maxsplit=1) for line in said.out.splitlines())
    assert said.code == 0 and lines.keys() == {*INDICATORS, "rank_sum"}
    assert (lines["naswot"], lines["depth"], lines["rank_sum"]) == ("made-up-rivals", "counted", "made-up")
    assert lines["label_gradient_alignment"] == "in no table yet"


def test_a_card_has_every_section(capsys, folder, tmp_path):
    figure = tmp_path / "card.svg"
    said = run(capsys, "card", "regression_error", "--folder", folder, "--draws", 3, "--figure", figure)
    assert said.code == 0 and said.out.startswith("regression_error (MSE)\n")
    for title in (
        "Agreement with test accuracy",
        "What it ranks first",
        "Random search at equal evaluations",
        "Repeats",
        "Permuted labels",
        "Sensitivity to choices",
    ):
        assert f"\n{title}\n" in said.out
    assert "too few resamples" in said.out
    assert figure.read_text().startswith("<?xml") and said.err == f"{figure}: the card as a figure\n"


def test_json_says_the_same(capsys, folder):
    said = run(capsys, "card", "naswot", "--folder", folder, "--draws", 3, "--json")
    found = json.loads(said.out)
    assert found["name"] == "naswot" and found["n_draws"] == 3
    everything = found["judgements"][0]["agreements"][0]
    assert everything["part"] == "all" and -1 <= everything["tau"]["low"] <= everything["tau"]["value"] <= 1
    assert found["judgements"][0]["agreements"][-1]["partial"]["value"] is None
    text = run(capsys, "card", "naswot", "--folder", folder, "--draws", 3).out
    assert f"{everything['tau']['value']:.2f}".replace("-", "−") in text


def test_a_table_of_a_stranger_is_judged_and_its_direction_turned(capsys, folder, mine):
    command = ("card", "--table", mine, "--folder", folder, "--draws", 3, "--json")
    up, down = (json.loads(run(capsys, *command, *more).out) for more in ((), ("--lower-is-better",)))
    tau, turned = (found["judgements"][0]["agreements"][0]["tau"]["value"] for found in (up, down))
    assert tau == pytest.approx(-turned) and up["higher_is_better"] and not down["higher_is_better"]
    assert up["judgements"][0]["ground"]["n"] == 60
    said = run(capsys, *command[:-1])
    assert "It scores 60 of 15,625 architectures (0 %)" in said.out and said.out.startswith("mine.csv\n")


def test_the_same_command_says_the_same_twice(capsys, folder, mine, tmp_path):
    said, drawn = [], []
    for name in ("one.png", "two.png"):
        command = ("card", "--table", mine, "--folder", folder, "--draws", 3, "--figure", tmp_path / name)
        said.append(run(capsys, *command).out)
        drawn.append((tmp_path / name).read_bytes())
    assert said[0] == said[1] and drawn[0] == drawn[1]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("architecture,value\na,1\n", "has no column 'score'"),
        ("architecture,score\na,1\n", "'a' is no architecture of NAS-Bench-201"),
        ("", "is empty"),
    ],
)
def test_a_bad_table_is_told_in_one_line(capsys, folder, tmp_path, content, told):
    path = tmp_path / "mine.csv"
    path.write_text(content)
    assert told in run(capsys, "card", "--table", path, "--folder", folder).mistake


def test_too_few_rows_are_told_in_one_line(capsys, folder, mine):
    mine.write_text("\n".join(mine.read_text().splitlines()[:20]))
    mistake = run(capsys, "card", "--table", mine, "--folder", folder).mistake
    assert "scores 19 architectures whose accuracy is known; a card needs at least 30" in mistake


def test_options_that_do_not_fit_are_told_in_one_line(capsys, folder, mine):
    assert "not both" in run(capsys, "card", "naswot", "--table", mine).mistake
    assert "--lower-is-better" in run(capsys, "card", "naswot", "--lower-is-better").mistake
    assert ".svg or .png" in run(capsys, "card", "naswot", "--figure", mine.with_name("x.pdf")).mistake
    assert "there is no indicator 'beauty'" in run(capsys, "card", "beauty", "--folder", folder).mistake
