"""The choices of a search are those that the parts behind them know, and cost nothing."""

import subprocess
import sys
from typing import get_args

from tegnas_core.spaces.by_name import SPACES
from tegnas_study.cli import options
from tegnas_study.experiments import choices, presets
from tegnas_study.experiments.methods import CLASSES


def test_every_choice_has_what_it_stands_for():
    assert set(choices.METHODS) == {*CLASSES} == {*presets.METHODS}
    assert get_args(presets.PresetName) == choices.PRESETS
    assert get_args(choices.SpaceName) == options.SPACES == (*SPACES,)


def test_a_request_is_made_and_checked_without_torch():
    code = (
        "import sys; from tegnas_study.experiments.request import make_request; "
        "make_request('te-nas'); print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
