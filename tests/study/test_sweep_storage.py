"""Full disks, folders that cannot be written, damaged files: a clear error, and no finished row is lost."""

import contextlib
import json
import os
import sqlite3
import tempfile
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sweep_fakes as fakes

from tegnas_core.errors import TegnasError
from tegnas_study.storage.journal import Journal, journal_path
from tegnas_study.storage.lock import writer_lock
from tegnas_study.sweep import output, read_sweep
from tegnas_study.sweep.output import write_table
from tegnas_study.sweep.rows import KEY_TYPES, make_table

pytestmark = pytest.mark.slow

resource = pytest.importorskip("resource", reason="limits of a process are a Unix thing")


@contextlib.contextmanager
def files_at_most(size: int):
    """No file may grow beyond a size: what a full disk does, without one and without being root."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_ends_the_sweep_and_keeps_the_rows(tmp_path):
    out, log = tmp_path / "rows.parquet", tmp_path / "log"
    with (
        files_at_most(20_000),
        pytest.raises(TegnasError, match="every finished row is safe: make room") as caught,
    ):
        fakes.sweep(out, fakes.names(150))
    assert "\n" not in str(caught.value)
    with contextlib.closing(Journal(journal_path(out), KEY_TYPES)) as journal:
        n_finished = len(journal.entries())
    assert 0 < n_finished < 150
    assert fakes.sweep(out, fakes.names(150), log=log).kept == n_finished
    assert len(fakes.logged(log)) == 150 - n_finished
    fakes.write(tmp_path / "roomy.parquet", fakes.names(150))
    pd.testing.assert_frame_equal(fakes.bits(out), fakes.bits(tmp_path / "roomy.parquet"), check_exact=True)


def test_a_disk_that_is_full_when_the_file_is_written_keeps_the_old_file(tmp_path):
    out = tmp_path / "rows.parquet"
    fakes.write(out, fakes.names(3))
    before = out.read_bytes()
    fakes.write(out, fakes.names(300), publish=False)
    with files_at_most(5_000), pytest.raises(TegnasError, match=r"cannot write .* safe in its journal"):
        fakes.sweep(out, fakes.names(300))
    assert out.read_bytes() == before
    assert sorted(os.listdir(tmp_path)) == ["rows.parquet", "rows.parquet.journal"]
    assert fakes.sweep(out, fakes.names(300)).kept == 300
    assert len(read_sweep(out)) == 300 and not journal_path(out).exists()


def test_a_really_full_disk(tmp_path):
    """The same on a file system of 256 kB, where the administrator runs the tests."""
    if os.system(f"mount -t tmpfs -o size=256k tmpfs {tmp_path} 2>/dev/null"):
        pytest.skip("mounting is not allowed here")
    try:
        out = tmp_path / "rows.parquet"
        fakes.write(out, fakes.names(3))
        filler = tmp_path / "filler"
        filler.write_bytes(b"x" * 150_000)
        with pytest.raises(TegnasError, match="safe"):
            fakes.sweep(out, fakes.names(400))
        assert len(read_sweep(out)) == 3
        filler.unlink()
        summary = fakes.sweep(out, fakes.names(400))
        assert summary.kept > 3 and summary.kept + summary.new == len(read_sweep(out)) == 400
    finally:
        os.system(f"umount {tmp_path}")


def test_a_folder_that_cannot_be_written_is_named():
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "rows.parquet"
        fakes.write(out, fakes.names(2))
        before = out.read_bytes()
        fakes.write(out, fakes.names(3), publish=False)
        os.chmod(folder, 0o555)
        try:
            with unprivileged(), pytest.raises(TegnasError, match=f"cannot write in the folder {folder}"):
                fakes.sweep(out, fakes.names(4))
        finally:
            os.chmod(folder, 0o755)
        assert out.read_bytes() == before
        assert fakes.sweep(out, fakes.names(4)).kept == 3


@contextlib.contextmanager
def unprivileged():
    """Be an ordinary user for a moment: the administrator may write everywhere."""
    if os.getuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(TegnasError, match="nowhere does not exist; create it"):
        fakes.sweep(tmp_path / "nowhere" / "rows.parquet", ["a"])


def test_one_writer_at_a_time(tmp_path):
    out = tmp_path / "rows.parquet"
    with (
        writer_lock(out),
        pytest.raises(TegnasError, match=f"is being written by process {os.getpid()} on .*, since .*UTC; wait"),
    ):
        fakes.sweep(out, ["a"])
    assert fakes.sweep(out, ["a"]).new == 1


def damaged_copies(whole: bytes) -> dict[str, bytes]:
    middle = len(whole) // 3
    flipped = bytes([whole[middle] ^ 0x10])
    return {
        "empty": b"",
        "cut": whole[: len(whole) // 2],
        "without its last byte": whole[:-1],
        "text": b"architecture,repeat\n",
        "one bit flipped": whole[:middle] + flipped + whole[middle + 1 :],
    }


@pytest.mark.parametrize("damage", damaged_copies(b"123"))
def test_a_damaged_file_is_left_alone(tmp_path, damage):
    out = tmp_path / "rows.parquet"
    fakes.write(out, fakes.names(5), publish=False)
    fakes.write(tmp_path / "whole", fakes.names(200))
    out.write_bytes(damaged_copies((tmp_path / "whole").read_bytes())[damage])
    before = out.read_bytes(), journal_path(out).read_bytes()
    with pytest.raises(TegnasError, match=r"is damaged or no Parquet file.*nothing was changed: move it away"):
        read_sweep(out)
    with pytest.raises(TegnasError, match="is damaged"):
        fakes.sweep(out, fakes.names(8))
    assert (out.read_bytes(), journal_path(out).read_bytes()) == before
    out.unlink()
    assert fakes.sweep(out, fakes.names(8)).kept == 5


def test_no_bit_of_the_rows_can_flip_unnoticed(tmp_path):
    out = tmp_path / "rows.parquet"
    fakes.write(out, fakes.names(20))
    whole, wanted = out.read_bytes(), fakes.bits(out)
    data_end = len(whole) - 8 - int.from_bytes(whole[-8:-4], "little")  # the footer lists versions and offsets
    unnoticed = 0
    for position in range(4, data_end, 7):
        out.write_bytes(whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :])
        try:
            found = fakes.bits(out)
        except TegnasError:
            continue
        unnoticed += 1
        pd.testing.assert_frame_equal(found, wanted, check_exact=True)  # a header's bit that says nothing
    assert unnoticed < 0.2 * data_end / 7


def whole_table() -> pa.Table:
    return make_table(
        [
            {
                **dict.fromkeys(("architecture", "space", "settings", "images"), "a"),
                "seed": 0,
                "repeat": repeat,
            }
            | {"status": "ok", "condition_number": 1.0}
            for repeat in range(2)
        ]
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.drop_columns("status"), "column status is missing"),
        (lambda t: t.append_column("note", pa.array(["x", "y"])), "column note should be double"),
        (lambda t: t.set_column(4, "seed", pa.array(["0", "0"])), "column seed should be int64"),
        (lambda t: pa.concat_tables([t, t]), "the same row twice"),
        (lambda t: t.set_column(5, "repeat", pa.array([0, None], pa.int64())), "repeat has empty entries"),
    ],
    ids=["column missing", "column of text", "wrong type", "doubled row", "empty entry"],
)
def test_a_table_of_something_else_is_refused(tmp_path, change, message):
    out = tmp_path / "rows.parquet"
    write_table(out, whole_table(), {})
    assert len(read_sweep(out)) == 2
    pq.write_table(change(whole_table()), out)
    before = out.read_bytes()
    for attempt in (read_sweep, lambda path: fakes.sweep(path, ["b"])):
        with pytest.raises(TegnasError, match=f"is not the table of a sweep: .*{message}"):
            attempt(out)
    assert out.read_bytes() == before


def test_a_table_is_checked_once_and_read_anew_when_it_has_changed(tmp_path, monkeypatch):
    out, calls, read = tmp_path / "rows.parquet", [], output.read_parquet
    monkeypatch.setattr(
        output, "read_parquet", lambda *args, **options: calls.append(args) or read(*args, **options)
    )
    fakes.write(out, fakes.names(5))
    calls.clear()
    first = read_sweep(out)
    first.loc[:, "seconds"] = -1.0  # what one caller does with the rows is nothing to the next one
    assert (read_sweep(out)["seconds"] >= 0).all()
    assert len(calls) == 1
    status = out.stat()
    fakes.write(out, fakes.names(8))
    os.utime(out, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert len(read_sweep(out)) == 8


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(TegnasError, match=r"there is no file .*none\.parquet"):
        read_sweep(tmp_path / "none.parquet")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:6000])


def overwrite(path: Path) -> None:
    path.write_bytes(b"not a database, but long enough to look like one" * 100)


def change_a_number(path: Path) -> None:
    whole = path.read_bytes()
    text = json.dumps(fakes.numbers(fakes.names(3)[2], 0)["regression_error"]).encode()
    assert whole.count(text) == 1
    path.write_bytes(whole.replace(text, text[:-1] + bytes([text[-1] ^ 1])))


def of_another_program(path: Path) -> None:
    path.unlink()
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE rows (x)")


@pytest.mark.parametrize("damage", [cut, overwrite, change_a_number, of_another_program])
def test_a_damaged_journal_is_left_alone(tmp_path, damage):
    out = tmp_path / "rows.parquet"
    fakes.write(out, fakes.names(3))
    fakes.write(out, fakes.names(50), publish=False)
    damage(journal_path(out))
    before = out.read_bytes(), journal_path(out).read_bytes()
    with pytest.raises(TegnasError, match=r"journal .* is damaged .*nothing was changed: move it away") as caught:
        fakes.sweep(out, fakes.names(4))
    assert "\n" not in str(caught.value)
    assert (out.read_bytes(), journal_path(out).read_bytes()) == before
    journal_path(out).unlink()
    assert fakes.sweep(out, fakes.names(4)).kept == 3


def test_a_journal_keeps_every_bit_and_never_doubles(tmp_path):
    out = tmp_path / "rows.parquet"
    fakes.write(out, fakes.names(20), publish=False)
    fakes.write(out, fakes.names(20), publish=False)
    with contextlib.closing(Journal(journal_path(out), KEY_TYPES)) as journal:
        rows = {entry.key[0]: entry.values for entry in journal.entries()}
        assert len(journal.entries()) == len(rows) == 20
    for name in fakes.names(20):
        expected = fakes.numbers(name, 0)
        assert {key: rows[name][key] for key in expected} == expected
