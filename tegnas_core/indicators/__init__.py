"""The indicators: functions of a network's Jacobian, its kernels and its activations.

Names are imported when they are first used: what indicators are called (`names`) can be had without torch.
"""

from tegnas_core import names_on_demand

_HOME = {
    "activation_patterns": "expressivity",
    "linear_regions": "expressivity",
    "regression_error": "generalization",
    "trivial_error": "generalization",
    "condition_number": "trainability",
    "Spectrum": "trainability",
    "Measured": "measured",
    "STATUSES": "measured",
    "Indicator": "names",
    "INDICATORS": "names",
    "RIVALS": "names",
    "STRUCTURAL": "names",
    "TEG": "names",
}

__all__ = sorted(_HOME)

__getattr__, __dir__ = names_on_demand(__name__, _HOME)
