"""Search methods: the paper's Algorithm 1 in `loop`, and one file for each method that runs in it.

REINFORCE and FP-NAS also read `policies`, `categoricals` and `rewards`.

>>> from tegnas_core.search import Evolution, Objective, search
>>> from tegnas_core.spaces import Toy
>>> import numpy as np
>>> method = Evolution(Toy(12), rng=np.random.default_rng(0), n_steps=300, population_size=20, tournament_size=5)
>>> str(search(method, lambda bits: {"ones": bits.ones}, [Objective("ones", True)]).derived)
'111111111111'

Names are imported when they are first used, so that only REINFORCE and FP-NAS load torch, and nothing loads
pandas.
"""

from tegnas_core import names_on_demand

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

__getattr__, __dir__ = names_on_demand(__name__, _HOME)
