"""The indicators: functions of a network's Jacobian, its kernels and its activations.

Names are imported when they are first used: what indicators are called (`names`) can be had without torch.
"""

from importlib import import_module

_HOME = {
    "activation_patterns": "expressivity",
    "linear_regions": "expressivity",
    "regression_error": "generalization",
    "trivial_error": "generalization",
    "condition_number": "trainability",
    "Measured": "measured",
    "STATUSES": "measured",
    "Indicator": "names",
    "INDICATORS": "names",
    "RIVALS": "names",
    "STRUCTURAL": "names",
    "TEG": "names",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'tegnas_core.indicators' has no attribute {name!r}")
    return getattr(import_module(f"tegnas_core.indicators.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
