"""What lies in ``data/`` is read with suspicion, and what nobody described is noticed."""

import hashlib
import json

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tegnas_core.errors import TegnasError
from tegnas_study.catalogue.contents import COPIED, contents, data_file
from tegnas_study.catalogue.kinds import KINDS
from tegnas_study.paths import DATA
from tegnas_study.storage.parquet import write_parquet

FILES = {file.name: file for file in contents()}


def write(path, columns, *, kind="tegnas-epoch-cost", facts=None):
    path.parent.mkdir(exist_ok=True)
    write_parquet(path, pa.table(columns), facts or {"command": "make it"}, kind=kind)
    return path


def epochs(**columns):
    names = [column.name for column in KINDS["tegnas-epoch-cost"].columns]
    return {name: ["a"] if name == "architecture" else [1.0] for name in names} | columns


def test_every_file_is_known_by_its_bytes():
    assert len(FILES) > 60
    for name in ("atlas/teg-cifar10.parquet", "quoted/table-2.csv", "results/bench.json"):
        content = (DATA / name).read_bytes()
        assert (FILES[name].n_bytes, FILES[name].sha256) == (len(content), hashlib.sha256(content).hexdigest())


def test_every_table_says_how_it_was_made():
    assert [file.name for file in FILES.values() if file.kind and not file.commands] == []
    assert FILES["quoted/table-3.csv"].commands == (COPIED,)
    assert FILES["atlas/teg-cifar10.parquet"].commands[0].startswith("tegnas sweep --architectures canonical")
    assert FILES["results/whole-space-draws.json"].commands[0].startswith("tegnas atlas report")


def test_rows_are_counted():
    assert FILES["quoted/table-2.csv"].n_rows == len(pd.read_csv(DATA / "quoted" / "table-2.csv"))
    assert FILES["results/epoch-cost.parquet"].n_rows == len(pd.read_parquet(DATA / "results/epoch-cost.parquet"))


def test_no_contract_is_of_no_use():
    kinds = {file.kind.name for file in FILES.values() if file.kind}
    assert {*KINDS} - kinds <= {"tegnas-zoo", "tegnas-zoo-little", "tegnas-weight-sharing"}  # not computed so far
    for kind in (KINDS[name] for name in kinds):
        used = {column.name for file in FILES.values() if file.kind == kind for column in file.columns}
        unused = {*kind.known} - used
        assert unused <= {"label_gradient_alignment"}, kind.name  # not computed in any table so far


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a_column_has_one_contract_and_a_meaning(kind):
    names = [column.name for column in (*kind.columns, *kind.others)]
    assert len(set(names)) == len(names)
    assert all(column.meaning for column in kind.known.values())
    assert [c.name for c in kind.known.values() if c.kind == "text" and (c.unit or c.failed)] == []


def test_a_missing_column_and_an_unknown_one_are_told(tmp_path):
    lacking = epochs()
    del lacking["teg_fast"]
    with pytest.raises(TegnasError, match=r"data/results/a\.parquet has no column teg_fast"):
        data_file(write(tmp_path / "results" / "a.parquet", lacking), tmp_path)
    with pytest.raises(TegnasError, match=r"unknown column 'odd\\nname'; tegnas_study/catalogue must say"):
        data_file(write(tmp_path / "results" / "b.parquet", epochs(**{"odd\nname": [1]})), tmp_path)


def test_what_is_no_table_of_the_study_is_told(tmp_path):
    folder = tmp_path / "atlas"
    folder.mkdir()
    (folder / "junk.parquet").write_bytes(b"PAR1 no table PAR1")
    with pytest.raises(TegnasError, match=r"data/atlas/junk\.parquet is damaged or no Parquet file"):
        data_file(folder / "junk.parquet", tmp_path)
    pq.write_table(pa.table(epochs()), folder / "bare.parquet")
    with pytest.raises(TegnasError, match="does not say what kind of table it is"):
        data_file(folder / "bare.parquet", tmp_path)
    (folder / "more.csv").write_text("row,note\n")
    with pytest.raises(TegnasError, match=r"data/atlas/more\.csv has no contract"):
        data_file(folder / "more.csv", tmp_path)


def test_what_a_sweep_left_is_passed_over_and_other_files_are_not(tmp_path):
    write(tmp_path / "results" / "a.parquet", epochs())
    for name in (".a.parquet.partial", "a.parquet.journal", "a.parquet.lock"):
        (tmp_path / "results" / name).write_text("")
    assert [file.name for file in contents(tmp_path)] == ["results/a.parquet"]
    (tmp_path / "results" / "notes.md").write_text("")
    with pytest.raises(TegnasError, match=r"notes\.md is no file of data/"):
        contents(tmp_path)


def test_a_command_is_named_once(tmp_path):
    runs = [{"command": "first"}, {"command": "second"}, {"command": "first"}, {}]
    path = write(tmp_path / "atlas" / "a.parquet", epochs(), facts={"runs": runs})
    assert data_file(path, tmp_path).commands == ("first", "second")
    (tmp_path / "atlas" / "r.json").write_text(json.dumps({"provenance": {"command": "report"}}))
    assert data_file(tmp_path / "atlas" / "r.json", tmp_path).commands == ("report",)
