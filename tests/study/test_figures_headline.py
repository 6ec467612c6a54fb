"""The headline figure, drawn from the sample of 200."""

from tegnas_study.data.benchmark import load_benchmark
from tegnas_study.figures.headline import draw_headline


def test_headline_is_a_picture_of_moderate_size(tmp_path):
    path = draw_headline(load_benchmark("analog"), out=tmp_path / "headline.png")
    assert path.read_bytes().startswith(b"\x89PNG")
    assert 20_000 < path.stat().st_size < 200_000
