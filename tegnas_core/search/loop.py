"""Algorithm 1 of the paper: sample, evaluate, update, until the method says stop; then derive.

The loop knows neither method nor space nor objective. It can be stopped at any step: the same search told the same
values takes the same way, so a caller that remembers values (see `experiments.memory`) resumes by starting again.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from tegnas_core.search.history import SearchHistory, Visit
from tegnas_core.search.method import A, Method, Objective, best_by_rank_sum, goodness

Values = Mapping[str, float]
T = TypeVar("T")


def search(
    method: Method[A],
    evaluate: Callable[[A], Values],
    objectives: Sequence[Objective],
    *,
    max_steps: int | None = None,
    on_step: Callable[[int], None] = lambda n_evaluations: None,
) -> SearchHistory[A]:
    """Run a search to its end and return all that happened.

    Args:
        method: A fresh one; it holds its space and its generator.
        evaluate: An architecture's value of every objective, by name; what failed is not finite. An entry
            ``seconds`` is taken for its cost, else the time of the call.
        objectives: What the method is told, in this order.
        max_steps: Stop after so many steps, whatever the method says.
        on_step: Called after each step with the number of its evaluations.
    """
    visits: list[Visit[A]] = []
    step, reason = 0, ""
    while not (reason := method.finished() or ("step limit" if step == max_steps else "")):
        architectures = method.ask()
        measured = [_timed(evaluate, architecture) for architecture in architectures]
        told = method.tell(goodness([values for values, _ in measured], objectives))
        visits += [
            Visit(step, architecture, values, reward, told.entropy, told.diversity, seconds)
            for architecture, (values, seconds), reward in zip(architectures, measured, told.rewards, strict=True)
        ]
        step += 1
        on_step(len(architectures))
    return SearchHistory(method.name, tuple(objectives), tuple(visits), method.derive(), reason)


def incumbent(history: SearchHistory[A]) -> A:
    """Return the best architecture visited, by the sum of ranks over the whole history."""
    table = goodness([visit.values for visit in history.visits], history.objectives)
    return history.visits[best_by_rank_sum(table)].architecture


def _timed(evaluate: Callable[[A], Values], architecture: A) -> tuple[Values, float]:
    started = time.perf_counter()
    values = evaluate(architecture)
    return values, float(values.get("seconds", time.perf_counter() - started))
