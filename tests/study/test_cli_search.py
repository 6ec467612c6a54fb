"""`tegnas search`, as a user sees it."""

import re

import pandas as pd
import pytest
from command_line import run, small_images

from tegnas_core.errors import TegnasError
from tegnas_core.spaces import NASBench201
from tegnas_study.experiments.files import read_histories
from tegnas_study.paths import RESULTS
from tegnas_study.storage.provenance_table import write_with_provenance

METHODS = ("reinforce", "evolution", "fp-nas", "random", "naswot", "local")
COLUMNS = ("seed", "step", "architecture", "reward", "entropy", "diversity", "seconds", "evaluations", "unique")
OUTCOME = {
    **{"method": "random", "seed": 0, "derived": "a", "incumbent": "a", "stopped": "all steps taken"},
    **{"steps": 1, "evaluations": 1, "unique": 1, "seconds": 0.5},
}
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


@pytest.mark.parametrize("resume", [(), ("--resume",)])
def test_a_search_that_is_finished_is_not_run_again_and_says_what_it_found(capsys, tmp_path, resume):
    search = (*short("random", 5), "--seeds", 2, "--out", tmp_path / "a.parquet")
    first = run(capsys, *search)
    whole = (tmp_path / "a.parquet").read_bytes()
    again = run(capsys, *search, *resume)
    assert (again.code, again.out) == (0, first.out)
    assert again.err == f"the search in {tmp_path / 'a.parquet'} is finished already; nothing was changed\n"
    assert (tmp_path / "a.parquet").read_bytes() == whole and len([*tmp_path.iterdir()]) == 1


OTHERS = {
    "another reward": (("--reward", "kappa"), "made with reward teg, not kappa"),
    "other seeds": (("--seeds", 3), "made with seeds 0, not 0 to 2"),
    "more steps": (("--steps", 6), "made with steps 5, not 6"),
    "another method": (None, "made with method random, not local"),
}


@pytest.mark.parametrize("what", OTHERS)
def test_the_record_of_another_search_is_never_replaced(capsys, tmp_path, what):
    out, (changes, told) = tmp_path / "a.parquet", OTHERS[what]
    assert run(capsys, *short("random", 5), "--out", out).code == 0
    whole = out.read_bytes()
    asked = short("local", 5) if changes is None else (*short("random", 5), *changes)
    assert told in run(capsys, *asked, "--out", out).mistake
    assert told in run(capsys, *asked, "--out", out, "--resume").mistake
    assert out.read_bytes() == whole


@pytest.mark.parametrize("command", [("search", "random", "--steps", 3), ("spawn", "--steps", 8, "--at", 3)])
@pytest.mark.parametrize("content", [b"", b"my notes\n", (RESULTS / "zoo.parquet").read_bytes()])
def test_a_file_of_anything_else_is_never_replaced(capsys, tmp_path, command, content):
    out = tmp_path / "a.parquet"
    out.write_bytes(content)
    assert "move it away, or choose another --out" in run(capsys, *command, "--out", out).mistake
    assert out.read_bytes() == content


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
        (("random", "--population", 5), "--population belongs to evolution"),
        (("local", "--tournament", 5), "--tournament belongs to evolution; leave it out of a search by local"),
        (("te-nas", "--steps", 5), "te-nas ends by its own rule; leave out --steps"),
        (("rsps", "--reward", "teg", "--size", "quick"), "rsps is rewarded by shared weights only"),
        (("evolution", "--tournament", 400), "tournament of 400"),
        (("random", "--reward", "accuracy-1-epoch"), "after 1 epochs"),
        (("random", "--atlas", "nothing"), "no table 'nothing'"),
        (("astrology",), "'astrology' is not one of"),
    ],
)
def test_a_mistake_is_one_line(capsys, arguments, words):
    assert words in run(capsys, "search", *arguments).mistake


@pytest.mark.parametrize(
    "outcomes", [[], {}, ["a"], [{"seed": 0}], [{**OUTCOME, "steps": "many"}], [{**OUTCOME, "seed": -1}]]
)
def test_outcomes_that_cannot_be_are_one_line(tmp_path, outcomes):
    path, rows = tmp_path / "a.parquet", {name: [0] for name in COLUMNS}
    facts = {"request": {}, "outcomes": outcomes}
    write_with_provenance(path, pd.DataFrame(rows), facts, kind="tegnas-search")
    with pytest.raises(TegnasError, match="its outcomes are missing or wrong"):
        read_histories(path)


@pytest.mark.parametrize("content", [b"", b"PAR1" + b"\xff" * 300 + b"PAR1", b"not parquet"])
def test_a_damaged_file_of_histories_is_one_line(tmp_path, content):
    path = tmp_path / "a.parquet"
    path.write_bytes(content)
    with pytest.raises(TegnasError, match="damaged or not from tegnas search"):
        read_histories(path)
