"""The value of --architectures."""

import os

import pytest

from tegnas_core.errors import TegnasError
from tegnas_core.spaces import NAMED, Darts, NASBench201
from tegnas_study.sweep import make_tasks, select_architectures, selection

SPACE = NASBench201()


def select(text, seed=0):
    return select_architectures(str(text), SPACE, seed=seed)


def test_all_and_canonical():
    assert select("all") == tuple(map(str, SPACE.all()))
    canonical = select("canonical")
    assert canonical == tuple(map(str, SPACE.classes())) and len(set(canonical)) == 5260
    assert len(select_architectures("canonical", SPACE, seed=0, equivalence="function")) == 4930


def test_a_number_is_a_sample_by_seed():
    ten = select(10)
    assert len(set(ten)) == 10 and set(ten) <= set(select("all"))
    assert select(4) == ten[:4]
    assert select(10, seed=1) != ten


def test_a_file_has_one_string_a_line(tmp_path):
    first, second = select(2)
    file = tmp_path / "cells.txt"
    file.write_text(f"# my cells\n\n {first}  # a good one\r\n{second}\n{first}\n", encoding="utf-8-sig")
    assert select(file) == (first, second)


def test_genotypes_by_number_name_and_notation(tmp_path):
    space = Darts()
    sampled = select_architectures("3", space, seed=0)
    assert sampled == tuple(map(str, space.sample_many(3, seed=0)))
    file = tmp_path / "cells.txt"
    file.write_text(f"DARTS_V2  # by name\n{sampled[0]}\n")
    assert select_architectures(str(file), space, seed=0) == (str(NAMED["DARTS_V2"]), sampled[0])


@pytest.mark.parametrize("text", ["all", "canonical"])
def test_nobody_evaluates_all_genotypes(text):
    with pytest.raises(TegnasError, match=f"--architectures {text} belongs to --space nas-bench-201"):
        select_architectures(text, Darts(), seed=0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0", "must be at least 1, got 0"),
        ("-3", "must be at least 1, got -3"),
        ("15626", "cannot sample 15,626"),
        ("every", "every is neither all, canonical, a number nor a readable text file"),
        (".", "neither all, canonical, a number nor a readable text file"),
    ],
)
def test_what_is_refused(text, message):
    with pytest.raises(TegnasError, match=message) as caught:
        select(text)
    assert "\n" not in str(caught.value)


def test_a_wrong_line_is_numbered(tmp_path):
    file = tmp_path / "cells.txt"
    file.write_text(f"{select(1)[0]}\n|conv~0|\n")
    with pytest.raises(TegnasError, match=r"cells\.txt, line 2: not a NAS-Bench-201 string"):
        select(file)
    file.write_text("# nothing\n")
    with pytest.raises(TegnasError, match="names no architecture"):
        select(file)
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TegnasError, match="nor a readable text file"):
        select(file)


def test_tasks_are_architectures_by_repeats():
    assert make_tasks(["b", "a"], repeats=2) == [("b", 0), ("b", 1), ("a", 0), ("a", 1)]
    with pytest.raises(TegnasError, match="--repeats must be at least 1"):
        make_tasks(["a"], repeats=0)


def test_a_pipe_is_not_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(TegnasError, match=r"nor a readable text file \(it is no regular file\)"):
        select(tmp_path / "pipe")


def test_a_file_that_is_too_long_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(selection, "LARGEST_LIST", 100)
    file = tmp_path / "cells.txt"
    file.write_text("#" * 101)
    with pytest.raises(TegnasError, match="more than 100 characters"):
        select(file)
