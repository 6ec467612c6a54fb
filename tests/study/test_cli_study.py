"""`tegnas study`, as a user sees it."""

import pytest
from command_line import run, small_images

from tegnas_core.errors import TegnasError
from tegnas_study.experiments.files import read_histories
from tegnas_study.experiments.study_file import STUDY, read_study
from tegnas_study.storage.provenance_table import write_with_provenance
from tegnas_study.tables.study_rows import MAIN_TABLE

pytestmark = pytest.mark.slow

SHORT = ("study", "--method", "naswot")


@pytest.fixture(autouse=True)
def fresh_machine(monkeypatch):
    monkeypatch.delenv("TEGNAS_DATA", raising=False)


@pytest.mark.slow
@pytest.mark.long
def test_a_study_goes_on_where_it_stopped(capsys, tmp_path):
    out = tmp_path / "a.parquet"
    said = run(capsys, *SHORT, "--seeds", 1, "--out", out)
    assert said.code == 0 and "2 searches, 1 seeds per row" in said.out
    first = read_study(out).outcomes
    assert run(capsys, *SHORT, "--seeds", 2, "--out", out).code == 0
    file = read_study(out)
    assert len(file.outcomes) == 4
    assert file.outcomes[file.outcomes["seed"] == 0].reset_index(drop=True).equals(first)
    assert "analog" in file.provenance["benchmark"] and str(tmp_path) not in str(file.provenance)
    assert file.outcomes["derived cifar10 test"].between(10, 95).all()


@pytest.mark.long
def test_searches_that_were_run_live_become_rows(capsys, tmp_path):
    images, live = small_images(tmp_path / "images"), tmp_path / "live.parquet"
    asked = ("random", "--steps", 3, "--source", "live", "--images", images, "--batch-size", 8, "--repeats", 1)
    assert run(capsys, "search", *asked, "--out", live).code == 0
    out = tmp_path / "a.parquet"
    assert run(capsys, *SHORT, "--seeds", 1, "--live", live, "--out", out).code == 0
    rows = read_study(out).outcomes
    assert [*map(str, rows["source"])] == ["atlas", "atlas", "live"]
    assert rows.iloc[-1][["method", "budget", "evaluations"]].tolist() == ["random", 3, 3]


def test_what_a_fresh_machine_lacks_is_said(capsys, tmp_path):
    said = run(
        capsys, "study", "--table", "table-2", "--method", "local", "--seeds", 1, "--out", tmp_path / "a.parquet"
    )
    assert said.code == 0
    assert said.err.startswith("3 of 6 rows are left out, as their accuracies were not found")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--method", "astrology"), "'astrology' is not one of 'reinforce'"),
        (("--table", "table-5", "--method", "local"), "no rows of local"),
        (("--seeds", 0), "--seeds"),
    ],
)
def test_a_mistake_is_one_line(capsys, tmp_path, arguments, words):
    assert words in run(capsys, "study", *arguments, "--out", tmp_path / "a.parquet").mistake


@pytest.mark.parametrize("content", [b"", b"PAR1" + b"\xff" * 300 + b"PAR1"])
def test_a_damaged_study_is_one_line_and_stays_as_it_is(capsys, tmp_path, content):
    out = tmp_path / "a.parquet"
    out.write_bytes(content)
    # by a method some of whose rows are left out, which is said only when the file is sound
    mistake = run(capsys, "study", "--method", "local", "--seeds", 1, "--out", out).mistake
    assert "damaged or not from tegnas study" in mistake and "move it away, or choose another --out" in mistake
    assert out.read_bytes() == content


def test_searches_that_were_not_run_live_are_refused(capsys, tmp_path):
    found, out = tmp_path / "found.parquet", tmp_path / "a.parquet"
    assert run(capsys, "search", "random", "--steps", 3, "--out", found).code == 0
    assert "were looked up; --live takes" in run(capsys, *SHORT, "--live", found, "--out", out).mistake
    file = read_histories(found)
    request = {"method": "gdas", "size": "quick"}
    facts = {"request": request, "outcomes": file.outcomes.to_dict("records")}
    write_with_provenance(found, file.histories, facts, kind="tegnas-search")
    assert "no search that a study knows" in run(capsys, *SHORT, "--live", found, "--out", out).mistake
    assert not out.exists()


def test_a_file_of_histories_is_no_study(capsys, tmp_path):
    out = tmp_path / "a.parquet"
    run(capsys, "search", "random", "--steps", 3, "--out", out)
    with pytest.raises(TegnasError, match="not from tegnas study"):
        read_study(out)


@pytest.mark.skipif(not STUDY.exists(), reason="the study is not recorded yet")
def test_the_recorded_study_has_a_hundred_seeds_a_row():
    rows = read_study().outcomes
    drawn = rows[(rows["source"] == MAIN_TABLE) & (rows["method"] != "te-nas")]
    sizes = drawn.groupby(["method", "preset", "reward", "dataset", "budget"])["seed"].nunique()
    assert sizes.min() >= 100
    assert rows.filter(like="derived ").notna().all(axis=None)
