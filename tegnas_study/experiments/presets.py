"""How the searches of the paper, of the released code and of this study differ, in one table.

The sources of a value: [P] the paper says so; [C] the released code does so; [DEF] our default, where both leave
it open or what they do is unsound. Everything here is an option of the method, so options can be combined at will.
"""

from collections.abc import Mapping
from typing import Any, Literal, get_args

from tegnas_core.errors import TegnasError
from tegnas_core.search.rewards import Reward

PresetName = Literal["teg", "paper", "released"]
Options = Mapping[str, Any]

_PAPER_REWARD = Reward(
    window=None,  # [P] maximum and minimum over everything visited (Eq. 17, 18)
    epsilon=0.0,  # [P] none printed; the sign, not printed either, is repaired
)
_RELEASED_REWARD = Reward(
    window=10,  # [C] the last ten, the new one included
    epsilon=1e-6,  # [C]
    failures="released",  # [C] −1 and what follows from it
)
_TEG_REWARD = Reward(
    window=10,  # [DEF] as [C]: with all of history the policy hardly moves
    epsilon=1e-6,  # [DEF] as [C]
    failures="worst",  # [DEF] a failure is never an advantage, and history is never edited
)

_EVOLUTION = {
    "n_steps": 1000,  # [P, C]
    "population_size": 256,  # [P, C]
    "tournament_size": 64,  # [P, C]
    "replacement": False,  # [C]
    "ties": "best",  # [C]
    "patience": None,  # [C] the criterion of [P] Table 1 is not in it; [P] reports 1000 steps
}

_FP_NAS_PAPER = {
    "reward": _PAPER_REWARD,  # [P] as in REINFORCE
    "compare": "chained",  # [P] open; the only reading under which Eq. 16 stays as it is
    "n_steps": 100,  # [P] "epochs", taken for steps
    "optimiser": "sgd",  # [P]
    "learning_rate": 0.1,  # [P]
    "factor": 0.25,  # [P]
    "rounding": "floor",  # Yan et al.: 0.25 · 59.4 nats gave 14 samples
    "min_samples": 1,  # [P] none given: two samples on NAS-Bench-201, one below 8 nats
    "min_entropy": None,  # [P] a number of steps only
    "edges": "drawn",  # [P] open
}

METHODS: Mapping[str, Mapping[PresetName, Options]] = {
    "reinforce": {
        "teg": {
            "reward": _TEG_REWARD,
            "n_steps": 500,  # [P, C]
            "optimiser": "adam",  # [DEF] as [C]
            "baseline": "debiased",  # [DEF] as [C]
            "edges": "drawn",  # [DEF] the choice of edges is part of log π: an unbiased gradient
            "patience": None,  # [DEF] as [C]
        },
        "paper": {
            "reward": _PAPER_REWARD,
            "n_steps": 500,  # [P]
            "optimiser": "sgd",  # [P] Eq. 13
            "baseline": "plain",  # [P] Eq. 14, 15
            "edges": "drawn",  # [P] open
            "patience": None,  # [P] stops at a plateau of the entropy, which it puts at 500 steps
        },
        "released": {
            "reward": _RELEASED_REWARD,
            "n_steps": 500,  # [C]
            "optimiser": "adam",  # [C] with the library's defaults
            "baseline": "debiased",  # [C] updated before the advantage is formed
            "edges": "unscored",  # [C] the choice of edges is left out of the loss
            "patience": None,  # [C] the entropy is logged only
        },
    },
    "evolution": {
        "teg": _EVOLUTION,
        "paper": {**_EVOLUTION, "replacement": True},  # [P] "following Real et al.", who draw with replacement
        "released": _EVOLUTION,
    },
    "fp-nas": {
        "teg": {
            "reward": _TEG_REWARD,
            "compare": "chained",  # [DEF] exactly as in REINFORCE
            "n_steps": 300,  # [DEF] at most
            "optimiser": "adam",  # [DEF] 100 steps of "sgd" end near the uniform distribution
            "learning_rate": 0.1,  # [P]
            "factor": 0.25,  # [P]
            "rounding": "ceil",  # [DEF]
            "min_samples": 4,  # [DEF] one sample carries no signal at all
            "min_entropy": 0.5,  # [DEF] nats
            "edges": "drawn",  # [DEF] unbiased
        },
        "paper": _FP_NAS_PAPER,
        "released": _FP_NAS_PAPER,  # no code was released: the paper's
    },
    "te-nas": {  # the code of TE-NAS, not of the paper, which released none of its own
        "teg": {"n_pruned": None},  # the space's own number: 1 an edge and round, 3 on DARTS
        "paper": {"n_pruned": None},
        "released": {"n_pruned": None},
    },
    "random": {
        "teg": {"n_steps": 500},  # [DEF] as many evaluations as REINFORCE; the paper has no such row
        "paper": {"n_steps": 500},
        "released": {"n_steps": 500},
    },
    "naswot": {  # random search by another indicator
        "teg": {"n_steps": 25},  # [P] "N = 25" of Mellor et al.
        "paper": {"n_steps": 25},
        "released": {"n_steps": 25},
    },
    "local": {
        "teg": {"n_steps": 500},  # [DEF] as many evaluations as REINFORCE; neither [P] nor [C] has it
        "paper": {"n_steps": 500},
        "released": {"n_steps": 500},
    },
}

SPACES: Mapping[str, Mapping[PresetName, Options]] = {
    "nas-bench-201": {
        "teg": {"mutation": "uniform"},  # [DEF] every edge alike
        "paper": {"mutation": "uniform"},  # [P] "the same strategy" as Real et al.
        "released": {"mutation": "by-node"},  # [C] a node, then one of its edges
    },
    "darts": {
        "teg": {},
        "paper": {"identity_prob": 0.05},  # [P] "the same strategy" as Real et al., who let a child be a copy
        "released": {  # [C]
            "mutation": "released",
            "none": True,  # may be drawn and mutated to, never derived
            "duplicates": "released",
            "sampling": "weights",
        },
    },
    "toy": {"teg": {}, "paper": {}, "released": {}},
}

REINFORCE_LEARNING_RATE = {"nas-bench-201": 0.04, "darts": 0.07}  # [P, C]

NOTES = {
    ("fp-nas", "paper"): "on NAS-Bench-201 these settings draw 2 samples a step, 1 below 8 nats, and 100 steps of "
    "plain descent end near the uniform distribution",
    ("fp-nas", "released"): "no code of FP-NAS was ever released; these are the paper's settings",
    ("reinforce", "paper"): "with plain descent and all of history the policy hardly moves in 500 steps",
}


def method_options(method: str, preset: PresetName, *, space: str) -> dict[str, Any]:
    """Return the options of a search method under a preset, as keywords of its class.

    >>> method_options("random", "teg", space="nas-bench-201")
    {'n_steps': 500}

    Args:
        method: Name of the method, as in `METHODS`.
        preset: "teg", "paper" or "released".
        space: Name of the space; REINFORCE has a learning rate of its own on DARTS.

    Raises:
        TegnasError: When the method or the preset is unknown.
    """
    options = dict(_row(METHODS, method, preset, "search method"))
    if method == "reinforce":
        options["learning_rate"] = REINFORCE_LEARNING_RATE.get(space, REINFORCE_LEARNING_RATE["nas-bench-201"])
    return options


def space_options(space: str, preset: PresetName) -> dict[str, Any]:
    """Return the options of a search space under a preset, which say how it is sampled and mutated.

    Raises:
        TegnasError: When the space or the preset is unknown.
    """
    return dict(_row(SPACES, space, preset, "search space"))


def _row(table: Mapping[str, Mapping[PresetName, Options]], name: str, preset: str, what: str) -> Options:
    if name not in table:
        raise TegnasError(f"unknown {what} {name!r}; known are {', '.join(table)}")
    if preset not in get_args(PresetName):
        raise TegnasError(f"unknown preset {preset!r}; known are {', '.join(get_args(PresetName))}")
    return table[name][preset]
