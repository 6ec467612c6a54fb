"""Files of live searches are found by space and method, and read as one table."""

import pytest

from tegnas_core.errors import TegnasError
from tegnas_study.experiments.files import write_histories
from tegnas_study.experiments.live_files import read_live_searches
from tegnas_study.experiments.outcome import outcome
from tegnas_study.experiments.request import make_request
from tegnas_study.experiments.run import run_search


def counting(architecture) -> dict[str, float]:
    fives = str(architecture).count("5")
    return {"condition_number": 100.0 - fives, "linear_regions": fives, "regression_error": 2 - fives / 100}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("searches")
    for method, options in {"te-nas": {}, "reinforce": {"steps": 8}}.items():
        for seed in (1, 0):
            request = make_request(method, space="darts", source="live", **options)
            history = run_search(request, seed=seed, source=counting)
            found = [outcome(history, seed=seed)]
            file = path / f"darts-{method}-{seed}.parquet"
            write_histories(file, request, {seed: history}, found, command="tegnas x --resume")
    (path / "darts-spawned-0.parquet").write_bytes(b"another kind of file")
    return path


def test_searches_come_by_method_and_seed_and_other_files_are_left_alone(folder):
    searches = read_live_searches(folder)
    names = [*zip(searches.outcomes["method"], searches.outcomes["seed"], strict=True)]
    assert names == [(m, s) for m in ("reinforce", "te-nas") for s in (0, 1)]
    assert searches.commands["darts-te-nas-1.parquet"] == "tegnas x"
    for (method, _), rows in searches.histories.groupby(["method", "seed"], sort=False):
        assert list(rows["evaluations"]) == [*range(1, len(rows) + 1)], method


def test_methods_can_be_chosen_and_none_is_an_error(folder):
    assert set(read_live_searches(folder, methods=("reinforce",)).outcomes["method"]) == {"reinforce"}
    with pytest.raises(TegnasError, match=r"no file nas-bench-201-METHOD.* make one with tegnas search"):
        read_live_searches(folder, space="nas-bench-201")


def test_the_committed_searches_can_be_read():
    assert {*read_live_searches().outcomes["method"]} == {"reinforce", "evolution", "fp-nas", "te-nas"}
