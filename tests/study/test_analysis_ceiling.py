"""The supervised ceiling: it learns what is there, and nothing of a class that it is asked about."""

import numpy as np
import pandas as pd
import pytest
from made_up_atlas import SPACE

from tegnas_core.errors import TegnasError
from tegnas_core.spaces.architecture import EXAMPLE
from tegnas_study.analysis import ceiling as c
from tegnas_study.analysis.combinations import INDICATORS

SMALL = {"seed": 0, "n_trees": 20, "n_folds": 4}


@pytest.fixture(scope="module")
def rows():
    names = [str(cell) for cell in SPACE.sample_many(200, seed=3)]
    rng = np.random.default_rng(0)
    table = pd.DataFrame(rng.normal(size=(200, len(INDICATORS))), columns=INDICATORS).abs()
    convolutions = pd.Series([name.count("nor_conv_3x3") for name in names])
    return table.assign(representative=names, test_accuracy=80 + 2 * convolutions + 0.1 * table["meco"])


def test_a_cell_is_thirty_zeros_and_ones():
    row = c.cell_features([EXAMPLE]).iloc[0]
    assert len(row) == 30 and row.sum() == 6 and set(row) == {0, 1}
    assert row["nor_conv_3x3~0→1"] == ("nor_conv_3x3~0" in EXAMPLE.split("+")[0])


def test_features_are_cells_ranks_or_both(rows):
    widths = {which: c.features(rows, which).shape for which in c.FEATURES}
    assert widths == {"cell": (200, 30), "indicators": (200, 12), "both": (200, 42)}
    with pytest.raises(TegnasError, match="unknown features 'names'; known are cell, indicators, both"):
        c.features(rows, "names")


def test_the_forest_learns_what_the_features_tell(rows):
    found = {which: c.out_of_fold(rows, which, **SMALL) for which in c.FEATURES}
    tau = c.ceiling(rows, found, seed=0, n_draws=20).value
    assert tau["cell"] > 0.6 and tau["both"] > 0.5 and abs(tau["indicators"]) < 0.2


def test_a_prediction_never_rests_on_the_accuracy_of_its_own_class(rows):
    """Accuracies without any pattern cannot be predicted, but a forest that saw them repeats them."""
    noise = rows.assign(test_accuracy=np.random.default_rng(1).normal(size=len(rows)))
    found = c.out_of_fold(noise, "both", **SMALL)
    assert abs(np.corrcoef(found, noise["test_accuracy"])[0, 1]) < 0.25
    changed = noise.copy()
    changed.loc[0, "test_accuracy"] += 100
    assert c.out_of_fold(changed, "both", **SMALL)[0] == found[0]


def test_fewer_classes_to_learn_from_say_less(rows):
    few = c.out_of_fold(rows, "cell", n_learned=10, **SMALL)
    tau = c.ceiling(rows, {"few": few, "all": c.out_of_fold(rows, "cell", **SMALL)}, seed=0, n_draws=20).value
    assert tau["few"] < tau["all"] - 0.1
