"""Names of the code break behind a dot or an underscore in tables of choices, and nowhere else."""

import pytest

from book.breaks import with_breaks


def page(name: str, kind: str = "choices table") -> str:
    return f'<table class="{kind}"><td><code class="literal"><span class="pre">{name}</span></code></td></table>'


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("indicators.kernels.ntk", "indicators.<wbr>kernels.<wbr>ntk"),
        ("cells_per_stage", "cells_<wbr>per_<wbr>stage"),
        ("width", "width"),
        ("0.25", "0.25"),
        ("_private", "_private"),
    ],
)
def test_a_name_breaks_between_its_words(name, broken):
    assert with_breaks(page(name)) == page(broken)


def test_what_stands_elsewhere_stays_as_it_is():
    text = '<p><span class="pre">indicators.kernels.ntk</span></p>' + page("kernels.ntk", "dataframe")
    assert with_breaks(text) == text
    assert with_breaks(text + page("kernels.ntk")) == text + page("kernels.<wbr>ntk")
