"""Searches by weight sharing keep the contract of the other searches, on the command line too."""

import pandas as pd
import pytest
from command_line import run, small_images
from made_up_atlas import made_up_benchmark
from small_source import small_source

from tegnas_core.errors import TegnasError
from tegnas_core.search import incumbent
from tegnas_core.spaces import NASBench201
from tegnas_study.experiments import weight_sharing, weight_sharing_record
from tegnas_study.experiments.files import read_histories
from tegnas_study.experiments.weight_sharing import make_sharing_request, run_sharing_searches
from tegnas_study.weight_sharing.checkpoint import checkpoint_path
from tegnas_study.weight_sharing.run import SharingRun, train_supernet

pytestmark = [pytest.mark.slow, pytest.mark.long]

SOURCE = small_source(size=8, n=60)


@pytest.fixture
def no_files(monkeypatch):
    monkeypatch.setattr(weight_sharing, "load_images", lambda name: SOURCE)


def test_a_history_has_a_visit_an_epoch(no_files):
    request = make_sharing_request("gdas", size="quick")
    trained = weight_sharing.train_supernet(weight_sharing.SharingRun("gdas", "quick", 0), SOURCE)
    history = weight_sharing.history_of(request, trained)
    assert (history.n_steps, history.n_evaluations, history.method) == (2, 2, "gdas")
    assert NASBench201().contains(history.derived) and history.derived == history.visits[-1].architecture
    assert incumbent(history) in [visit.architecture for visit in history.visits]
    assert {"accuracy", "entropy", "seconds"} <= {*history.table().columns}


def test_a_search_that_fails_between_seeds_goes_on(no_files, tmp_path, monkeypatch):
    out, request = tmp_path / "found.parquet", make_sharing_request("rsps", size="quick")
    whole = run_sharing_searches(request, range(2))

    def broken(seed):
        if seed == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_sharing_searches(request, range(2), out=out, on_seed=broken)
    assert not out.exists()
    with pytest.raises(TegnasError, match="unfinished search"):
        run_sharing_searches(request, range(2), out=out)
    rows = run_sharing_searches(request, range(2), out=out, resume=True, command="here")
    assert [{**row, "seconds": 0} for row in rows] == [{**row, "seconds": 0} for row in whole]
    assert [*tmp_path.iterdir()] == [out]
    found = read_histories(out)
    assert found.provenance["command"] == "here" and len(found.histories) == 4
    with pytest.raises(TegnasError, match="no unfinished search"):
        run_sharing_searches(request, range(2), out=tmp_path / "other.parquet", resume=True)


@pytest.mark.parametrize("resume", [False, True])
def test_a_search_that_is_finished_is_not_run_again(no_files, tmp_path, resume):
    out, request, said = tmp_path / "found.parquet", make_sharing_request("gdas", size="quick", steps=1), []
    rows, whole = run_sharing_searches(request, [0], out=out), out.read_bytes()
    run, place = SharingRun("gdas", "quick", 0, 1), checkpoint_path(out, "gdas", 0)
    train_supernet(run, SOURCE, checkpoint=place)  # as a kill at the last moment would have left it
    told = {"on_finished": lambda: said.append("finished"), "on_seed": said.append}
    assert run_sharing_searches(request, [0], out=out, resume=resume, **told) == rows
    assert said == ["finished"] and out.read_bytes() == whole and not place.exists()
    longer = make_sharing_request("gdas", size="quick", steps=2)
    with pytest.raises(TegnasError, match="made with steps 1, not 2"):
        run_sharing_searches(longer, [0], out=out)
    with pytest.raises(TegnasError, match="made with seeds 0, not 0 to 1"):
        run_sharing_searches(request, range(2), out=out, resume=resume)
    assert out.read_bytes() == whole


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"method": "te-nas"}, "method of the search is wrong"),
        ({"method": "gdas", "size": "huge"}, "size of the search is wrong"),
        ({"method": "gdas", "steps": 0}, "steps of the search is wrong"),
        ({"method": "gdas", "space": "darts"}, "leave out --space darts"),
        ({"method": "gdas", "reward": "teg"}, "gdas is rewarded by shared weights only; leave out --reward"),
    ],
)
def test_a_wrong_request_is_told(changes, words):
    with pytest.raises(TegnasError, match=words):
        make_sharing_request(**changes)


@pytest.mark.parametrize("method", ["rsps", "fp-nas"])
def test_the_command_searches_and_prints(capsys, tmp_path, method):
    images = small_images(tmp_path, 160)
    reward = ("--reward", "shared-weights") if method == "fp-nas" else ()
    said = run(
        capsys, "search", method, *reward, "--size", "quick", "--steps", 1, "--images", images,
        "--device", "cpu", "--out", tmp_path / "found.parquet",
    )  # fmt: skip
    assert said.code == 0, said.err
    assert "seed 0: |" in said.out and "1 epochs" in said.out
    assert read_histories(tmp_path / "found.parquet").histories["entropy"].notna().all()


@pytest.mark.parametrize(
    ("words", "mistake"),
    [
        (("random", "--size", "quick"), "--size has no effect"),
        (("rsps", "--preset", "paper"), "--preset has no effect"),
        (("gdas", "--population", "5"), "--population has no effect"),
        (("gdas", "--source", "atlas"), "trained, not looked up"),
        (("gdas", "--reward", "teg"), "gdas is rewarded by shared weights only; leave out --reward"),
        (("reinforce", "--reward", "shared-weights"), "only fp-nas"),
        (("darts", "--space", "darts"), "leave out --space darts"),
        (("enas", "--images", "nowhere"), "nowhere"),
        (("enas", "--resume"), "name the file with --out"),
    ],
)
def test_what_has_no_effect_is_refused(capsys, words, mistake):
    assert mistake in run(capsys, "search", *words).mistake


def test_the_record_grows_and_goes_on(tmp_path, monkeypatch):
    trained, real = [], weight_sharing_record.train_supernet

    def counting(request, *arguments, **options):
        trained.append((request.method, request.seed))
        return real(request, *arguments, **options)

    monkeypatch.setattr(weight_sharing_record, "train_supernet", counting)
    path = tmp_path / "record.parquet"
    options = {
        "images": SOURCE,
        "size": "quick",
        "n_ranked": 2,
        "benchmark": made_up_benchmark(),
        "methods": ("darts", "rsps"),
        "teg_seconds": iter((0.5, 0.25, 1.0, 2.0)).__next__,
    }
    weight_sharing_record.measure(path, n_seeds=1, command="first", **options)
    weight_sharing_record.measure(path, n_seeds=2, command="second", **options)
    assert trained == [("darts", 0), ("rsps", 0), ("darts", 1), ("rsps", 1)]
    rows, facts = weight_sharing_record.read_record(path)
    assert len(rows) == 2 * 2 * 2 and facts["command"] == "second" and facts["images_digest"] == SOURCE.digest
    assert rows["derived cifar10 test"].notna().all()
    ranking, _ = weight_sharing_record.read_ranking(weight_sharing_record.ranking_path(path))
    assert ranking.groupby(["method", "seed"])["epoch"].unique().map(list).to_dict() == {
        ("rsps", 0): [0, 1, 2],
        ("rsps", 1): [0, 1, 2],
    }
    assert rows.groupby(["seed", "method"])["teg_seconds"].unique().map(list).tolist() == [[0.5], [0.25], [1], [2]]
    for changes, what in (({"device": "cuda"}, "device"), ({"size": "reduced"}, "sizes")):
        with pytest.raises(TegnasError, match=f"made with other {what}"):
            weight_sharing_record.measure(path, n_seeds=3, command="third", **{**options, **changes})
    other = small_source(size=8, n=70)
    with pytest.raises(TegnasError, match="made with other images_digest"):
        weight_sharing_record.measure(path, n_seeds=3, command="third", **{**options, "images": other})
    assert weight_sharing_record.read_record(path)[1]["command"] == "second"
    assert sorted(place.name for place in tmp_path.iterdir()) == ["record-ranking.parquet", "record.parquet"]


def test_a_file_of_another_kind_is_refused(tmp_path):
    path = tmp_path / "record.parquet"
    pd.DataFrame({"a": [1]}).to_parquet(path)
    with pytest.raises(TegnasError, match="weight_sharing_record"):
        weight_sharing_record.read_record(path)
