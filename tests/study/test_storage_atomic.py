"""A file is exchanged as a whole."""

import pytest

from tegnas_study.storage.atomic import partial_path, replacing


def test_the_new_file_takes_the_place_of_the_old_at_the_end(tmp_path):
    path = tmp_path / "a.txt"
    for text in ("old", "new"):
        with replacing(path) as partial:
            partial.write_text(text)
            assert not path.exists() or path.read_text() == "old"
        assert path.read_text() == text
    assert [*path.parent.iterdir()] == [path]


def test_what_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(ValueError, match="half"), replacing(path) as partial:
        partial.write_text("n")
        raise ValueError("half")
    assert path.read_text() == "old"
    assert [*tmp_path.iterdir()] == [path]


def test_what_a_killed_writer_left_is_replaced(tmp_path):
    path = tmp_path / "a.txt"
    partial_path(path).write_text("half of something longer")
    with replacing(path) as partial:
        partial.write_text("new")
    assert path.read_text() == "new"
    assert [*tmp_path.iterdir()] == [path]
