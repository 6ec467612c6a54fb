"""One search from its request and seed to its history."""

from collections.abc import Callable

import numpy as np

from tegnas_core.engine.arithmetic import one_thread
from tegnas_core.search import Method, SearchHistory, search
from tegnas_core.seeding import derive_seed
from tegnas_core.spaces.genotype import Genotype
from tegnas_study.experiments.memory import Memory
from tegnas_study.experiments.methods import make_method
from tegnas_study.experiments.request import SearchRequest, Source
from tegnas_study.experiments.sources import make_source


def run_search(
    request: SearchRequest,
    *,
    seed: int,
    device: str = "cpu",
    memory: Memory | None = None,
    source: Source | None = None,
    make: Callable[[np.random.Generator], Method] | None = None,
    on_step: Callable[[int], None] = lambda n_evaluations: None,
) -> SearchHistory:
    """Run one search and return its history.

    What a seed draws does not depend on the reward: two rewards with the same seed are a pair. An architecture
    that is visited again is remembered, and costs nothing.

    Args:
        request: Everything that the history follows from, apart from the seed.
        seed: The seed of the method's draws, and in live evaluation of networks and batches too.
        device: The device that networks run on.
        memory: What is known already, for a search that goes on; None starts with nothing.
        source: A source of values to use instead of the request's own.
        make: From the generator of the method's draws to a method to use instead of the request's own.
        on_step: Called after each step with the number of its evaluations.

    Raises:
        TegnasError: When what the request asks for is not there.
    """
    remembered = Memory() if memory is None else memory
    evaluate = make_source(request, seed=seed, device=device) if source is None else source

    visited: set[str] = set()

    def recall(architecture: object) -> dict[str, float | str]:
        text = text_of(architecture)
        values = remembered.recall((seed, text), lambda: evaluate(architecture))
        again = text in visited
        visited.add(text)
        return {**values, "seconds": 0.0} if again else values

    rng = np.random.default_rng(derive_seed("search", request.method, seed))
    with one_thread():  # a policy is a handful of numbers
        method = make_method(request, rng=rng) if make is None else make(rng)
        return search(method, recall, request.choice.objectives, on_step=on_step)


def text_of(architecture: object) -> str:
    """Return a text that is the same for equal architectures: a genotype's pairs may be written in any order."""
    return str(architecture.sorted() if isinstance(architecture, Genotype) else architecture)
