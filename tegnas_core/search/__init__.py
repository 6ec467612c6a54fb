"""Search methods: the paper's Algorithm 1 in `loop`, and one file for each method that runs in it.

REINFORCE and FP-NAS also read `policies`, `categoricals` and `rewards`; `presets` says with which options paper
and released code run each method.

>>> from tegnas_core.search import Evolution, Objective, search
>>> from tegnas_core.spaces import Toy
>>> import numpy as np
>>> method = Evolution(Toy(12), rng=np.random.default_rng(0), n_steps=300, population_size=20, tournament_size=5)
>>> str(search(method, lambda bits: {"ones": bits.ones}, [Objective("ones", True)]).derived)
'111111111111'

Names are imported when they are first used, so that only REINFORCE and FP-NAS load torch, and nothing loads
pandas.
"""

from importlib import import_module

_HOME = {
    "Evolution": "evolution",
    "FPNAS": "fp_nas",
    "SearchHistory": "history",
    "Visit": "history",
    "LocalSearch": "local_search",
    "incumbent": "loop",
    "search": "loop",
    "Method": "method",
    "Objective": "method",
    "DartsPolicy": "policies",
    "EdgePolicy": "policies",
    "make_policy": "policies",
    "RandomSearch": "random_search",
    "Reinforce": "reinforce",
    "Reward": "rewards",
    "TENAS": "te_nas",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'tegnas_core.search' has no attribute {name!r}")
    return getattr(import_module(f"tegnas_core.search.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
