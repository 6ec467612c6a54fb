"""The headline figure: of moderate size, and the one that the tables draw today."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from tegnas_study.data.benchmark import load_benchmark
from tegnas_study.figures.headline import HEADLINE, draw_headline


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    return draw_headline(load_benchmark("analog"), out=tmp_path_factory.mktemp("headline") / "headline.png")


def test_headline_is_a_picture_of_moderate_size(drawn):
    assert drawn.read_bytes().startswith(b"\x89PNG")
    assert 20_000 < drawn.stat().st_size < 300_000


def test_the_committed_headline_says_what_the_tables_say(drawn):
    told, now = (Image.open(path).info["Description"] for path in (HEADLINE, drawn))
    assert now.count("τ = ") == 4 and "[" in now
    assert told == now, "python -m tegnas_study.figures.headline draws it anew"


def test_the_committed_headline_shows_the_same_dots(drawn):
    """Another version of the fonts moves letters by a pixel; other dots differ by more."""
    now, committed = plt.imread(drawn), plt.imread(HEADLINE)
    assert now.shape == committed.shape and np.abs(now - committed).mean() < 0.004
