"""Running a notebook for the book: the same bytes twice, failures that leave nothing, work not done again."""

from pathlib import Path

import nbformat
import pytest
import small_book

from book import build
from book.errors import BuildError
from book.execute import execute, key_of, workers
from book.inputs import notebook_key, shared_inputs

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.long
def test_two_runs_give_the_same_bytes(tmp_path):
    source = small_book.write_notebook(tmp_path)
    targets = [tmp_path / "first.ipynb", tmp_path / "second.ipynb"]
    with workers(2) as pool:
        runs = list(pool.map(execute, [source] * 2, targets, [{"n_points": 12}] * 2))
    assert targets[0].read_bytes() == targets[1].read_bytes()
    assert [run.stderr_outputs for run in runs] == [1, 1]
    text = targets[0].read_text(encoding="utf-8")
    assert "n_points = 12" in text
    assert '"stderr"' not in text


@pytest.mark.long
def test_a_failed_run_leaves_nothing_to_render(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(build, "EXECUTED", tmp_path / "executed")
    source = small_book.write_notebook(tmp_path)
    notebook = nbformat.read(source, as_version=4)
    notebook.cells[-2].source = "raise ValueError('the sky fell')"
    nbformat.write(notebook, source)
    old = tmp_path / "executed" / source.name
    old.parent.mkdir()
    nbformat.write(notebook, old)
    with pytest.raises(BuildError, match=r"01_small\.ipynb, cell 5: ValueError: the sky fell") as caught:
        build.run_notebooks([source], {}, jobs=1, force=False)
    assert "\n" not in caught.value.message
    assert "failed" in capsys.readouterr().out
    assert not old.exists()
    assert old.with_suffix(".failed.ipynb").exists()


def test_an_unchanged_notebook_does_not_run_again(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(build, "EXECUTED", tmp_path / "executed")
    source = small_book.write_notebook(tmp_path)
    done = nbformat.v4.new_notebook(metadata={"inputs": notebook_key(source, {}, shared_inputs(ROOT))})
    target = tmp_path / "executed" / source.name
    target.parent.mkdir()
    nbformat.write(done, target)
    build.run_notebooks([source], {}, jobs=1, force=False)
    assert "unchanged" in capsys.readouterr().out
    assert nbformat.read(target, as_version=4).cells == []


def test_key_follows_everything_the_outputs_follow_from(tmp_path, monkeypatch):
    monkeypatch.delenv("TEGNAS_DATA", raising=False)
    for folder in ("tegnas_core", "tegnas_study", "data", "book"):
        (tmp_path / folder).mkdir()
    code = tmp_path / "tegnas_core" / "kernels.py"
    code.write_text("1")
    source = small_book.write_notebook(tmp_path)

    def key(**parameters: object) -> str:
        return notebook_key(source, parameters, shared_inputs(tmp_path))

    keys = [key(), key(n=1), key(n=2)]
    (tmp_path / "data" / "table.csv").write_text("a,b")
    keys.append(key())
    (tmp_path / "book" / "claims.yml").write_text("[]")
    keys.append(key())
    code.write_text("2")
    keys.append(key())
    monkeypatch.setenv("TEGNAS_DATA", str(tmp_path / "data"))
    keys.append(key())
    source.write_text(source.read_text(encoding="utf-8").replace("Nearly", "Almost"), encoding="utf-8")
    keys.append(key())
    assert len(set(keys)) == len(keys)
    (tmp_path / "book" / "intro.md").write_text("prose of another page")
    assert key() == keys[-1]


def test_key_of_a_missing_notebook_is_empty(tmp_path):
    assert key_of(tmp_path / "none.ipynb") == ""
