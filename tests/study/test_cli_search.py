"""`tegnas search`, as a user sees it."""

import re

import pandas as pd
import pytest
from command_line import run, small_images

from tegnas_core.spaces import NASBench201
from tegnas_study.experiments.files import read_histories

METHODS = ("reinforce", "evolution", "fp-nas", "random", "naswot", "local")
SHORT = {"evolution": ("--population", 16, "--tournament", 4)}


@pytest.fixture(autouse=True)
def fresh_machine(monkeypatch):
    monkeypatch.delenv("TEGNAS_DATA", raising=False)


def short(method, steps=20):
    return ("search", method, "--steps", steps, *SHORT.get(method, ()))


@pytest.mark.parametrize("method", METHODS)
def test_every_method_searches_the_atlas_and_says_what_it_found(capsys, method):
    said = run(capsys, *short(method))
    assert (said.code, said.err) == (0, "")
    found = re.search(r"^seed 0: (\S+)$", said.out, re.MULTILINE)[1]
    assert NASBench201().contains(NASBench201().parse(found))
    assert "all steps taken" in said.out and "cifar10 test" in said.out
    assert said.out == run(capsys, *short(method)).out


def test_te_nas_on_the_atlas_says_that_expectations_stand_in_for_supernets(capsys):
    said = run(capsys, "search", "te-nas")
    assert (said.code, said.err) == (0, "")
    assert "they stand in for its own indicators" in said.out and "what it takes is unknown" in said.out
    assert "3 steps, 57 evaluations" in said.out


def test_histories_are_written_with_their_request(capsys, tmp_path):
    out = tmp_path / "a.parquet"
    said = run(capsys, *short("random"), "--seeds", 3, "--seed", 5, "--out", out)
    assert said.code == 0 and "±" in said.out
    file = read_histories(out)
    assert sorted(file.histories["seed"].unique()) == [5, 6, 7] == file.outcomes["seed"].tolist()
    assert len(file.histories) == 60
    assert file.provenance["request"]["reward"] == "teg"
    assert str(tmp_path) not in str(file.provenance)
    assert [path.name for path in tmp_path.iterdir()] == ["a.parquet"]


def test_a_live_search_that_was_stopped_resumes_to_the_same_end(capsys, tmp_path):
    images = small_images(tmp_path / "images")
    live = (*short("random", 3), "--source", "live", "--images", images, "--batch-size", 8, "--repeats", 1)
    assert run(capsys, *live, "--out", tmp_path / "whole.parquet").code == 0
    whole = read_histories(tmp_path / "whole.parquet").histories
    part, journal = tmp_path / "part.parquet", tmp_path / "part.parquet.journal"
    said = run(capsys, *live, "--out", part)
    assert said.code == 0 and not journal.exists()

    from tegnas_study.experiments.memory import Memory
    from tegnas_study.experiments.run import run_search

    request = _request(read_histories(tmp_path / "whole.parquet").provenance["request"])
    with Memory(part, request.model_dump()) as memory, pytest.raises(KeyboardInterrupt):
        run_search(request, seed=0, memory=memory, on_step=_stop_after(2))
    assert journal.exists()
    mistake = run(capsys, *live, "--out", part).mistake
    assert "--resume" in mistake
    assert run(capsys, *live, "--out", part, "--resume").code == 0
    resumed = read_histories(part).histories
    pd.testing.assert_frame_equal(resumed.drop(columns="seconds"), whole.drop(columns="seconds"))


def _request(told):
    from tegnas_study.experiments.request import SearchRequest

    return SearchRequest.model_validate(told)


def _stop_after(n_steps):
    steps = iter(range(1, n_steps + 1))

    def on_step(n_evaluations):
        if next(steps) == n_steps:
            raise KeyboardInterrupt

    return on_step


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("random", "--reward", "beauty"), "unknown reward 'beauty'"),
        (("random", "--space", "darts"), "no atlas of the DARTS space"),
        (
            ("random", "--space", "darts", "--source", "live", "--reward", "accuracy"),
            "not known on the DARTS space",
        ),
        (("te-nas", "--reward", "params"), "te-nas prunes"),
        (("random", "--resume"), "--out"),
        (("random", "--population", 5), "random has no population_size"),
        (("evolution", "--tournament", 400), "tournament of 400"),
        (("random", "--reward", "accuracy-1-epoch"), "after 1 epochs"),
        (("random", "--atlas", "nothing"), "no table 'nothing'"),
        (("astrology",), "'astrology' is not one of"),
    ],
)
def test_a_mistake_is_one_line(capsys, arguments, words):
    assert words in run(capsys, "search", *arguments).mistake


@pytest.mark.parametrize("content", [b"", b"PAR1" + b"\xff" * 300 + b"PAR1", b"not parquet"])
def test_a_damaged_file_of_histories_is_one_line(tmp_path, content):
    from tegnas_core.errors import TegnasError

    path = tmp_path / "a.parquet"
    path.write_bytes(content)
    with pytest.raises(TegnasError, match="damaged or not from tegnas search"):
        read_histories(path)
