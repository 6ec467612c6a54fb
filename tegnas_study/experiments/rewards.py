"""What a search can be rewarded by: the words of ``tegnas search --reward`` and what they stand for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tegnas_core.errors import TegnasError
from tegnas_core.search import Objective
from tegnas_study.tables.ranking import HIGHER_IS_BETTER, TEG

Origin = Literal["teg", "rivals", "size", "accuracy"]

_TEG_WORDS = {"kappa": "condition_number", "regions": "linear_regions", "mse": "regression_error"}
_RIVALS = {
    "naswot": "naswot",
    "jacob-cov": "jacob_cov",
    "grad-norm": "grad_norm",
    "snip": "snip",
    "synflow": "log_synflow",
}
_SIZES = {"params": "parameters", "flops": "flops", "depth": "depth", "convolutions": "n_convolutions"}
_EPOCHS = {"accuracy": 200, "accuracy-1-epoch": 1}

WORDS = ("teg", *_TEG_WORDS, *_RIVALS, *_SIZES, *_EPOCHS)


@dataclass(frozen=True)
class RewardChoice:
    """The objectives of a search and where their values come from.

    Attributes:
        word: The name of the reward on the command line.
        objectives: The objectives of the method.
        origin: "teg", "rivals" (indicators of networks at initialisation), "size" (what the architecture alone
            tells), or "accuracy" (of trained networks).
        epochs: For "accuracy", the number of epochs of training.
    """

    word: str
    objectives: tuple[Objective, ...]
    origin: Origin
    epochs: int | None = None


def parse_reward(word: str) -> RewardChoice:
    """Return what a word stands for; a sum of the three, as in "kappa+regions", is one too.

    Raises:
        TegnasError: When there is no such reward.
    """
    if word == "teg":
        return RewardChoice(word, _objectives(dict.fromkeys(TEG)), "teg")
    parts = word.split("+")
    if set(parts) <= set(_TEG_WORDS) and len(set(parts)) == len(parts):
        names = [name for name in TEG if name in {_TEG_WORDS[part] for part in parts}]
        return RewardChoice(word, _objectives(dict.fromkeys(names)), "teg")
    for origin, words in (("rivals", _RIVALS), ("size", _SIZES)):
        if word in words:
            return RewardChoice(word, (Objective(words[word], True),), origin)
    if word in _EPOCHS:
        return RewardChoice(word, (Objective("accuracy", True),), "accuracy", _EPOCHS[word])
    raise TegnasError(f"unknown reward {word!r}; known are {', '.join(WORDS)}, and sums such as kappa+regions")


def _objectives(names: Mapping[str, object]) -> tuple[Objective, ...]:
    return tuple(Objective(name, HIGHER_IS_BETTER[name]) for name in names)
