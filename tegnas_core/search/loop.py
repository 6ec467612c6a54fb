"""Algorithm 1 of the paper: sample, evaluate and update until the method says stop; then derive.

The loop knows neither the method nor the space nor the objectives. A search that is told the same values takes the
same way, so a caller that remembers the values can interrupt a search at any step and resume it by starting again.
"""

import time
from collections.abc import Callable, Mapping, Sequence

from tegnas_core.search.history import SearchHistory, Visit
from tegnas_core.search.method import Method, Objective, best_by_rank_sum, fitness_of
from tegnas_core.spaces.base import A

Values = Mapping[str, float]


def search(
    method: Method[A],
    evaluate: Callable[[A], Values],
    objectives: Sequence[Objective],
    *,
    max_steps: int | None = None,
    on_step: Callable[[int], None] = lambda n_evaluations: None,
) -> SearchHistory[A]:
    """Run a search to its end and return everything that happened.

    >>> import numpy as np
    >>> from tegnas_core.search import LocalSearch
    >>> from tegnas_core.spaces import Toy
    >>> method = LocalSearch(Toy(8), rng=np.random.default_rng(0), n_steps=100)
    >>> history = search(method, lambda bits: {"ones": bits.ones}, [Objective("ones", higher_is_better=True)])
    >>> str(history.derived), history.n_evaluations, history.stopped
    ('11111111', 100, 'all steps taken')

    Args:
        method: A fresh method, which holds its space and its generator.
        evaluate: Returns the values of an architecture by the names of the objectives. A value that is not finite
            is a failure. An entry ``seconds`` is taken for the cost, instead of the time that the call took.
        objectives: What the method is told, in this order.
        max_steps: Stop after this many steps, whatever the method says.
        on_step: Called after each step with the number of architectures that the step evaluated.
    """
    visits: list[Visit[A]] = []
    step, reason = 0, ""
    while not (reason := method.finished() or ("step limit" if step == max_steps else "")):
        architectures = method.ask()
        measured = [_timed(evaluate, architecture) for architecture in architectures]
        report = method.tell(fitness_of([values for values, _ in measured], objectives))
        visits += [
            Visit(step, architecture, values, reward, report.entropy, report.diversity, seconds)
            for architecture, (values, seconds), reward in zip(
                architectures, measured, report.rewards, strict=True
            )
        ]
        step += 1
        on_step(len(architectures))
    return SearchHistory(method.name, tuple(objectives), tuple(visits), method.derive(), reason)


def incumbent(history: SearchHistory[A]) -> A:
    """Return the best architecture that was visited, by the sum of ranks over the whole history."""
    table = fitness_of([visit.values for visit in history.visits], history.objectives)
    return history.visits[best_by_rank_sum(table)].architecture


def _timed(evaluate: Callable[[A], Values], architecture: A) -> tuple[Values, float]:
    started = time.perf_counter()
    values = evaluate(architecture)
    return values, float(values.get("seconds", time.perf_counter() - started))
