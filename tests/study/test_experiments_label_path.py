"""The regression with more images: its parts add up, smaller sizes are rows of the same kernel, runs go on."""

import math

import pytest
import torch

from tegnas_core.errors import TegnasError
from tegnas_core.spaces.structure import is_connected
from tegnas_study import load_images
from tegnas_study.experiments import label_path

IMAGES = load_images("synthetic")
SMALL = {"sizes": [4, 8], "held_out": 8, "seed": 0}


def test_the_parts_add_up_to_the_error():
    generator = torch.Generator().manual_seed(0)
    factor = torch.randn(20, 40, generator=generator, dtype=torch.float64)
    kernel = factor @ factor.T
    labels, held_out = (torch.randint(3, (n,), generator=generator) for n in (12, 8))
    found = label_path.regression_parts(kernel[:12, :12], kernel[12:, :12], labels, held_out, labels.flip(0), 0.1)
    alignment = found["cosine"] * math.sqrt(found["norm"] * found["trivial"])
    assert found["error"] == pytest.approx(found["trivial"] + found["norm"] - 2 * alignment)
    assert found["permuted"] != found["error"]


def test_the_cosine_does_not_know_the_scale_of_the_predictions():
    kernel, labels = torch.eye(4, dtype=torch.float64), torch.tensor([0, 1, 0, 1])
    near, far = (
        label_path.regression_parts(kernel, scale * kernel, labels, labels, labels.flip(0), 0.0)
        for scale in (0.1, 10.0)
    )
    assert near["cosine"] == pytest.approx(1) == far["cosine"]
    assert near["error"] < far["error"]


def test_a_singular_kernel_has_no_cosine():
    ones, labels = torch.ones(4, 4, dtype=torch.float64), torch.tensor([0, 1, 0, 1])
    found = label_path.regression_parts(-ones, ones, labels, labels, labels, 0.0)
    assert found["error"] == math.inf
    assert math.isnan(found["cosine"])


def test_every_size_and_ridge_is_there_and_the_batch_decides():
    cell = label_path.connected_classes(1, seed=0)[0]
    assert is_connected(cell)
    first, again, other = (label_path.path_of(cell, IMAGES, batch=b, **SMALL) for b in (0, 0, 1))
    assert [(row["n"], row["ridge"]) for row in first] == [(n, r) for n in (4, 8) for r in label_path.RIDGES]
    assert first == again
    assert first[0]["error"] != other[0]["error"]


def test_frozen_statistics_give_another_kernel():
    cell = label_path.connected_classes(1, seed=0)[0]
    exact, frozen = (
        label_path.path_of(cell, IMAGES, batch=0, **SMALL, batch_norm=b) for b in label_path.BATCH_NORMS
    )
    assert [row["trivial"] for row in exact] == [row["trivial"] for row in frozen]
    assert exact[0]["error"] != frozen[0]["error"]


@pytest.mark.parametrize("seconds", [0.0, 20.0])
def test_how_often_it_saves_changes_nothing(tmp_path, monkeypatch, seconds):
    monkeypatch.setattr(label_path, "SECONDS_UNSAVED", seconds)
    cells, path = label_path.connected_classes(2, seed=0), tmp_path / "path.parquet"
    found = label_path.measure(cells, IMAGES, path, batches=1, command="first", **SMALL)
    assert label_path.read_label_path(path)[0].equals(found)
    assert found["architecture"].nunique() == 2


def test_an_interrupted_run_goes_on(tmp_path):
    cells, path = label_path.connected_classes(2, seed=0), tmp_path / "path.parquet"
    once = label_path.measure(cells, IMAGES, path, batches=1, command="first", **SMALL)
    both = label_path.measure(cells, IMAGES, path, batches=2, command="second", **SMALL)
    assert len(both) == 2 * len(once) == 2 * 2 * 2 * len(label_path.RIDGES)
    table, facts = label_path.read_label_path(path)
    assert table.iloc[: len(once)].equals(once)
    assert (facts["command"], facts["held_out"]) == ("second", 8)


@pytest.mark.parametrize("other", [{"sizes": [8]}, {"held_out": 4}, {"seed": 1}, {"batch_norm": "frozen"}])
def test_a_run_with_other_sizes_is_not_mixed_in(tmp_path, other):
    cells, path = label_path.connected_classes(1, seed=0), tmp_path / "path.parquet"
    once = label_path.measure(cells, IMAGES, path, batches=1, command="first", **SMALL)
    with pytest.raises(TegnasError, match=f"path.parquet was made with {next(iter(other))} "):
        label_path.measure(cells, IMAGES, path, batches=2, command="second", **{**SMALL, **other})
    assert label_path.read_label_path(path)[0].equals(once)
