"""Every reading of one network is what the evaluator gives under the settings that it stands for."""

import itertools
import math

import pytest
from click.testing import CliRunner
from command_line import small_images
from small_source import SMALL, small_source

from tegnas_core.evaluation import Evaluator
from tegnas_core.settings import PRESETS
from tegnas_core.spaces.architecture import Architecture
from tegnas_study.sweep import read_sweep, switches

CONNECTED = Architecture(("nor_conv_3x3", "skip_connect", "nor_conv_1x1", "avg_pool_3x3", "none", "nor_conv_3x3"))
CUT = Architecture(("nor_conv_3x3", "none", "none", "none", "none", "none"))


def different(first, second):
    return {name for name, value in first if value != getattr(second, name) and name != "name"}


def test_neighbouring_settings_differ_in_what_the_step_is_called():
    chain = [switches.RELEASED, switches.FLOAT64, switches.CHOLESKY, switches.VALIDATION, switches.HALF]
    changes = [different(first, second) for first, second in itertools.pairwise(chain)]
    assert changes == [
        {"kernel_precision", "singular_below"},
        {"regression_solver"},
        {"held_out_split"},
        {"train_split", "average"},
    ]
    assert different(switches.HALF, switches.KAIMING) == {"initialisation"}
    assert different(switches.KAIMING, PRESETS["teg"]) == {"equivalence"}


@pytest.mark.parametrize("cell", [CONNECTED, CUT])
def test_readings_are_those_of_the_evaluator(cell):
    source = small_source()
    found = switches.readings(cell, source, seed=3, repeat=1, changes=SMALL)
    for prefix, settings in {"": switches.RELEASED, **{f"{k}_": s for k, s in switches.READINGS.items()}}.items():
        plain = Evaluator(settings.model_copy(update=SMALL), source, seed=3).evaluate_repeat(cell, 1)
        assert found["linear_regions"] == plain.linear_regions
        for name in switches.KERNELS:
            assert found[f"{prefix}{name}"] == pytest.approx(getattr(plain, name), rel=1e-12)
        if not prefix:
            assert found["status"] == plain.status
    assert math.isinf(found["condition_number"]) == (cell is CUT)


@pytest.mark.slow
def test_the_command_fills_one_file_with_all_settings(tmp_path):
    images, out = small_images(tmp_path / "mine", n=160), tmp_path / "switches.parquet"
    options = ["--architectures", "1", "--repeats", "1", "--images", str(images), "--out", str(out)]
    done = CliRunner().invoke(switches.main, options)
    assert done.exit_code == 0, done.output
    rows = read_sweep(out)
    assert {*rows["settings"]} == {settings.label for settings in switches.OWN_ROWS}
    again = CliRunner().invoke(switches.main, options)
    assert again.output.count("0 new") == 3
