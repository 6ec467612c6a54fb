"""A request's search method, made for one seed."""

from dataclasses import replace
from typing import Any

import numpy as np

from tegnas_core.search import FPNAS, TENAS, Evolution, LocalSearch, Method, RandomSearch, Reinforce
from tegnas_core.spaces.base import SearchSpace
from tegnas_core.spaces.by_name import SPACES
from tegnas_study.experiments.presets import method_options, space_options
from tegnas_study.experiments.request import SearchRequest

CLASSES: dict[str, Any] = {
    "reinforce": Reinforce,
    "evolution": Evolution,
    "fp-nas": FPNAS,
    "te-nas": TENAS,
    "random": RandomSearch,
    "naswot": RandomSearch,
    "local": LocalSearch,
}


def make_method(request: SearchRequest, *, rng: np.random.Generator) -> Method:
    """Return a fresh search method with the options of the request's preset.

    Presets "paper" and "released" hand REINFORCE an accuracy as it is, as a share of one; "teg" makes it a reward
    by Eq. 16, as every other value.

    Raises:
        TegnasError: When the request's steps or sizes do not belong to the method.
    """
    options = method_options(request.method, request.preset, space=request.space)
    if request.method == "reinforce" and request.preset != "teg" and request.choice.origin == "accuracy":
        options["reward"] = replace(options["reward"], kind="value", factor=0.01)
    return CLASSES[request.method](make_space(request), rng=rng, **{**options, **request.method_changes})


def make_space(request: SearchRequest) -> SearchSpace:
    """Return the request's space, which samples and mutates as the preset says."""
    return SPACES[request.space](**space_options(request.space, request.preset))
