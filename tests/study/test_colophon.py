"""A chapter's last lines name everything its numbers follow from."""

import time

import torch

from tegnas_core.settings import make_settings
from tegnas_study.colophon import colophon
from tegnas_study.data.benchmark import load_benchmark
from tegnas_study.data.images import load_images


def test_colophon_names_seed_settings_data_and_versions():
    settings, images, benchmark = (
        make_settings("teg", repeats=2),
        load_images("synthetic"),
        load_benchmark("analog"),
    )
    found = colophon(
        seed=17, started=time.perf_counter() - 5, settings=settings, images=images, benchmark=benchmark
    )
    entries = dict(found.entries)
    assert entries["seed"] == "17"
    assert settings.label in entries["settings"]
    assert "repeats: 2" in entries["settings"]
    assert images.digest in entries["images"]
    assert entries["accuracies"] == benchmark.description
    assert f"torch {torch.__version__.split('+')[0]}" in entries["versions"]
    assert int(entries["run time"].removesuffix(" s")) >= 5


def test_colophon_leaves_out_what_a_chapter_did_not_use():
    assert [what for what, _ in colophon(seed=0, started=time.perf_counter()).entries] == [
        "seed",
        "versions",
        "machine",
        "run time",
    ]


def test_colophon_is_a_list_on_a_page_and_lines_in_a_terminal():
    found = colophon(seed=3, started=time.perf_counter())
    assert found._repr_markdown_().startswith("- **seed:** 3\n- **versions:**")
    assert str(found).startswith("seed: 3\nversions:")
