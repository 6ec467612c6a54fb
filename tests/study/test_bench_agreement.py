"""The numbers of a card beside those of a processor: what is the same, what differs, what one side lacks."""

import math

import pandas as pd
import pytest
from click.testing import CliRunner

from tegnas_core.errors import TegnasError
from tegnas_core.indicators.names import ZERO_COST
from tegnas_study.bench import agreement, card
from tegnas_study.bench.cells import connected_cells

FACTS = {"command": "a command", "images": "some", "seed": 0, "card": "a card"}
SMALL = {"batch_size": 4, "region_images": 40, "region_batch": 40}


def table(*rows: tuple[float, float, float]) -> pd.DataFrame:
    found = [("abcdef"[i], "regression_error", *row) for i, row in enumerate(rows)]
    return pd.DataFrame(found, columns=agreement.COLUMNS)


def test_differences_are_relative_to_the_processor_and_stand_beside_those_of_other_weights():
    told = agreement.agreement(table((1.0, 1.1, 2.0), (2.0, 2.0, 4.0), (4.0, 4.0, 8.0))).loc["regression_error"]
    assert told["largest"] == pytest.approx(0.1) and told["median"] == 0
    assert told["other weights"] == 1 and told["tau"] == 1 and told["cells"] == 3


def test_another_order_is_seen():
    swapped = agreement.agreement(table((1.0, 2.0, 1.0), (2.0, 1.0, 1.0), (3.0, 3.0, 1.0)))
    assert swapped.loc["regression_error", "tau"] == pytest.approx(1 / 3)


def test_what_is_finite_on_one_side_only_is_counted_and_left_out():
    told = agreement.agreement(table((1.0, math.inf, 1.0), (2.0, 2.0, 1.0), (3.0, 3.0, math.nan), (0.0, 0.0, 0.0)))
    row = told.loc["regression_error"]
    assert (row["cells"], row["only one finite"], row["largest"]) == (3, 1, 0)


def test_both_sides_draw_the_same_weights_and_images():
    """Single and double precision stand in for two devices: they differ by rounding and by nothing else."""
    single = agreement.values_on("cpu", "synthetic", seed=0, **SMALL)
    double = agreement.values_on("cpu", "synthetic", seed=0, precision="float64", **SMALL)
    cell = connected_cells(1, seed=0)[0]
    one, other = single(cell, 0), double(cell, 0)
    assert set(one) == {*agreement.THREE, *ZERO_COST}
    assert one["condition_number"] == pytest.approx(other["condition_number"], rel=1e-2)
    assert one["condition_number"] != other["condition_number"]
    assert one["condition_number"] != pytest.approx(single(cell, 1)["condition_number"], rel=1e-2)


def test_an_interrupted_run_goes_on_and_another_card_is_refused(tmp_path):
    cells, path, seen = connected_cells(3, seed=1), tmp_path / "agreement.parquet", []

    def processor(cell, repeat):
        seen.append((str(cell), repeat))
        return {"regression_error": 1.0 + repeat}

    sides = {"processor": processor, "card": lambda cell, repeat: {"regression_error": 1.5}}
    agreement.measure(cells[:1], path, **sides, facts=FACTS)
    whole = agreement.measure(cells, path, **sides, facts=FACTS)
    assert seen == [(str(cell), repeat) for cell in cells for repeat in (0, 1)]
    again, facts = agreement.read_agreement(path)
    pd.testing.assert_frame_equal(again, whole)
    assert (facts["card"], len(whole)) == ("a card", 3)
    assert whole[["processor", "card", "other_weights"]].iloc[0].tolist() == [1.0, 1.5, 2.0]
    with pytest.raises(TegnasError, match="was made with card a card, not another"):
        agreement.measure(cells, path, **sides, facts={**FACTS, "card": "another"})


def test_without_a_card_one_line_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(card, "has_card", lambda: False)
    said = CliRunner().invoke(agreement.main, ["--out", str(tmp_path / "a.parquet")])
    assert isinstance(said.exception, TegnasError) and "needs a graphics card" in str(said.exception)
    assert not list(tmp_path.iterdir())
