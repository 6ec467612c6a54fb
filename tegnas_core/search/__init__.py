"""Search methods: the paper's Algorithm 1 and what runs in it, one file a method.

>>> from tegnas_core.search import Evolution, Objective, search
>>> from tegnas_core.spaces import Toy
>>> import numpy as np
>>> method = Evolution(Toy(12), rng=np.random.default_rng(0), n_steps=300, population_size=20, tournament_size=5)
>>> str(search(method, lambda bits: {"ones": bits.ones}, [Objective("ones", True)]).derived)
'111111111111'
"""

from tegnas_core.search.evolution import Evolution as Evolution
from tegnas_core.search.fp_nas import FPNAS as FPNAS
from tegnas_core.search.history import SearchHistory as SearchHistory
from tegnas_core.search.history import Visit as Visit
from tegnas_core.search.local_search import LocalSearch as LocalSearch
from tegnas_core.search.loop import incumbent as incumbent
from tegnas_core.search.loop import search as search
from tegnas_core.search.method import Method as Method
from tegnas_core.search.method import Objective as Objective
from tegnas_core.search.policies import DartsPolicy as DartsPolicy
from tegnas_core.search.policies import EdgePolicy as EdgePolicy
from tegnas_core.search.policies import make_policy as make_policy
from tegnas_core.search.random_search import RandomSearch as RandomSearch
from tegnas_core.search.reinforce import Reinforce as Reinforce
from tegnas_core.search.rewards import Reward as Reward
from tegnas_core.search.supernet import Mixture as Mixture
from tegnas_core.search.supernet import supernet_of as supernet_of
from tegnas_core.search.te_nas import TENAS as TENAS
