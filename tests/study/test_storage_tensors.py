"""A file of tensors is read back, and anything else is refused in one line without running it."""

import pickle

import pytest
import torch

from tegnas_study.storage import tensors
from tegnas_study.storage.tensors import first_line, load_tensors


class Evil:
    def __reduce__(self):
        return (exec, ("raise SystemExit('ran')",))


def test_tensors_and_plain_values_come_back(tmp_path):
    torch.save({"a": torch.arange(3), "b": [1, "two"]}, tmp_path / "a.pt")
    found = load_tensors(tmp_path / "a.pt")
    assert found["a"].tolist() == [0, 1, 2] and found["b"] == [1, "two"]


def test_other_files_are_refused_in_one_line(tmp_path):
    path = tmp_path / "a.pt"
    torch.save({"a": torch.zeros(2)}, path)
    whole = path.read_bytes()
    for content in (b"", b"hello", whole[:-30], b"PK\x03\x04" + b"\0" * 200, pickle.dumps(Evil()), b"(" * 5000):
        path.write_bytes(content)
        with pytest.raises(ValueError, match=r"\A[^\n]{3,}\Z"):
            load_tensors(path)


def test_a_huge_file_is_not_opened(tmp_path, monkeypatch):
    torch.save({}, tmp_path / "a.pt")
    monkeypatch.setattr(tensors, "LARGEST", 10)
    with pytest.raises(ValueError, match="more than 10 bytes"):
        load_tensors(tmp_path / "a.pt")


def test_a_missing_file_is_missing(tmp_path):
    with pytest.raises(FileNotFoundError):
        load_tensors(tmp_path / "a.pt")


def test_an_error_that_says_nothing_is_named():
    assert first_line(KeyError()) == "KeyError"
    assert first_line(ValueError("one\ntwo")) == "one"
