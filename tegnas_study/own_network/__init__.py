"""Networks and search spaces from outside this study: making them, scoring them, and the options of a space."""

from tegnas_core import names_on_demand

_HOME = {
    "ChoiceSpace": "choice_space",
    "Choice": "choice_space",
    "find_factory": "factory",
    "score_network": "score",
    "NetworkScore": "score",
}

__all__ = sorted(_HOME)

__getattr__, __dir__ = names_on_demand(__name__, _HOME)
