"""Spawned searches in a file, which is not trusted, and the record of a parent."""

import numpy as np
import pandas as pd
import pytest

from tegnas_core.errors import TegnasError
from tegnas_study.experiments.files import write_histories
from tegnas_study.experiments.memory import Memory
from tegnas_study.experiments.outcome import outcome
from tegnas_study.experiments.request import SearchRequest, make_request
from tegnas_study.experiments.run import run_search
from tegnas_study.experiments.spawn_files import read_parents, read_spawned, recorded_values, write_spawned
from tegnas_study.experiments.spawning import SpawnPlan, spawn
from tegnas_study.paths import RESULTS

PLAN = SpawnPlan(at=(3,), orders=1)
REQUEST = make_request("reinforce", steps=6)


@pytest.fixture(scope="module")
def table():
    return spawn(REQUEST, PLAN, seed=0)


def record(path, request=REQUEST, seed=0):
    history = run_search(request, seed=seed)
    write_histories(path, request, {seed: history}, [outcome(history, seed=seed)], command="tegnas search")
    return path


def test_what_was_written_is_read(tmp_path, table):
    write_spawned(tmp_path / "a.parquet", REQUEST, PLAN, table, command="tegnas spawn")
    file = read_spawned(tmp_path / "a.parquet")
    pd.testing.assert_frame_equal(file.table.drop(columns="mean"), table.drop(columns="mean"))
    for read, written in zip(file.table["mean"], table["mean"], strict=True):
        assert (read is None) == (written is None) and (read is None or np.array_equal(read, written))
    assert file.provenance["plan"] == {"at": [3], "orders": 1, "visits": True}
    assert file.provenance["request"]["method"] == "reinforce"


@pytest.mark.parametrize("damage", ["missing", "another kind", "half"])
def test_a_bad_file_is_named(tmp_path, table, damage):
    path = tmp_path / "a.parquet"
    if damage == "another kind":
        record(path)
    elif damage == "half":
        write_spawned(path, REQUEST, PLAN, table, command="tegnas spawn")
        path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(TegnasError, match=r"a\.parquet"):
        read_spawned(path)


def test_several_files_are_one_table_by_seed(tmp_path, table):
    for seed in (5, 0):
        rows = table.assign(seed=seed)
        write_spawned(tmp_path / f"{9 - seed}.parquet", REQUEST, PLAN, rows, command="tegnas spawn")
    both = read_parents(tmp_path.glob("*.parquet"))
    assert both["seed"].tolist() == [0] * len(table) + [5] * len(table)
    assert both["architecture"].tolist() == [*table["architecture"]] * 2
    with pytest.raises(TegnasError, match="no record"):
        read_parents(tmp_path.glob("*.csv"))


def test_a_recorded_parent_is_not_asked_again(tmp_path, table):
    memory = Memory()
    memory.known |= recorded_values(record(tmp_path / "parent.parquet"), REQUEST)
    asked = []

    def source(architecture):
        asked.append(str(architecture))
        return dict.fromkeys(("condition_number", "linear_regions", "regression_error", "seconds"), 1.0)

    again = spawn(REQUEST, PLAN, seed=0, memory=memory, source=source)
    trunk = again[again["part"] == "trunk"]
    assert not set(trunk["architecture"]) & set(asked) and asked
    columns = ["architecture", "condition_number", "reward", "entropy"]
    assert trunk[columns].to_numpy().tolist() == table[table["part"] == "trunk"][columns].to_numpy().tolist()


def test_the_record_of_another_search_is_refused(tmp_path):
    path = record(tmp_path / "parent.parquet", make_request("reinforce", steps=7))
    with pytest.raises(TegnasError, match="another search"):
        recorded_values(path, REQUEST)


def test_the_committed_record_is_what_the_code_does():
    file = read_spawned(RESULTS / "spawned-nas-bench-201.parquet")
    plan = SpawnPlan(tuple(file.provenance["plan"]["at"]), visits=False, orders=0)
    again = spawn(SearchRequest.model_validate(file.provenance["request"]), plan, seed=3)
    recorded = file.table[file.table["seed"] == 3].reset_index(drop=True)
    assert again["architecture"].tolist() == recorded["architecture"].tolist()
    assert again["entropy"].to_numpy() == pytest.approx(recorded["entropy"].to_numpy())
    assert file.table["seed"].nunique() == 200 and (file.table["part"] == "end").sum() == 1200
