"""The curves of supernets show every method that was run, once."""

import pandas as pd

from tegnas_study.figures.sharing import named_curves


def test_a_line_a_method_with_means_over_seeds():
    rows = [
        {"method": method, "seed": seed, "epoch": epoch, "time": 2.0 * epoch, "found": 90.0 + seed}
        for method in ("gdas", "rsps")
        for seed in (0, 2)
        for epoch in (1, 2)
    ]
    figure = named_curves(pd.DataFrame(rows), names={"rsps": "RSPS", "enas": "ENAS", "gdas": "GDAS"})
    lines = figure.axes[0].get_lines()
    assert [line.get_label() for line in lines] == ["RSPS", "GDAS"]
    assert lines[0].get_xydata().tolist() == [[2.0, 91.0], [4.0, 91.0]]
    assert lines[0].get_linestyle() != lines[1].get_linestyle()
