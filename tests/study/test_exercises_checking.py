"""An exercise is found by its label; damaged files of answers are told in one line."""

import pandas as pd
import pytest

from tegnas_core.errors import TegnasError
from tegnas_study.exercises import check, solution_of
from tegnas_study.exercises.checking import FOLDER, hidden_tasks, known_exercises, read_sealed, sealed_answers

KEY = "ex-lines"


def test_every_committed_answer_is_readable_and_nothing_is_defined_twice():
    assert known_exercises()
    assert sealed_answers().keys() & hidden_tasks().keys() == set()
    assert all(key.startswith("ex-") for key in known_exercises())
    chapters = {path.stem for path in FOLDER.parent.glob("*.py")}
    assert {path.stem for path in FOLDER.glob("*.yml")} <= chapters


def test_check_replies():
    assert check(KEY, None).verdict == "untried"
    assert check(KEY, -1).verdict == "wrong"
    assert check(KEY, "x").verdict == "wrong type"
    assert repr(check(KEY, None)) == str(check(KEY, None)) == check(KEY, None).line


def test_an_unknown_exercise_is_told_with_the_nearest_one():
    with pytest.raises(TegnasError, match="there is no exercise 'ex-lnies'; did you mean 'ex-lines'"):
        check("ex-lnies", 1)
    with pytest.raises(TegnasError, match="there is no exercise"):
        check(3, 1)


def test_only_answers_about_a_page_can_be_told():
    parts = pd.DataFrame({"convolutions": [3.0], "rest": [1.0]}, index=["random, mean"])
    assert solution_of("ex-amdahl", parts=parts) == 4
    assert check("ex-amdahl", 4, parts=parts).right
    with pytest.raises(TegnasError, match="nobody can tell"):
        solution_of(KEY)


@pytest.mark.parametrize(
    "text, told",
    [
        ("a: [1", "is not YAML"),
        ("- a", "must map labels"),
        ("ex-a: 3", "damaged answer"),
        ("ex-a: {kind: number, seal: short}", "damaged answer: seal"),
        ("ex-a: {kind: poem, seal: a0000000000000000000000000000000}", "damaged answer: kind"),
        ("ex-a: !!python/object/apply:os.getcwd []", "is not YAML"),
    ],
)
def test_a_damaged_file_of_answers_is_one_line(tmp_path, text, told):
    (tmp_path / "a.yml").write_text(text, encoding="utf-8")
    with pytest.raises(TegnasError, match=told) as caught:
        read_sealed(tmp_path / "a.yml")
    assert "\n" not in str(caught.value)


def test_two_chapters_cannot_seal_the_same_label(tmp_path):
    line = "ex-a: {kind: number, seal: a0000000000000000000000000000000}"
    for name in ("one", "two"):
        (tmp_path / f"{name}.yml").write_text(line, encoding="utf-8")
    with pytest.raises(TegnasError, match=r"two\.yml seals ex-a"):
        sealed_answers(tmp_path)
