"""Spawning: a search is copied at some of its steps into two that go on with other randomness (paper 4.3).

A child has everything of its parent, policy, optimiser, baseline and the history behind the reward, and is told
the same values; only what it draws from then on differs. Spawned before its first step, a parent has two children
that are independent searches.
"""

import copy
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tegnas_core.engine.arithmetic import one_thread
from tegnas_core.errors import TegnasError
from tegnas_core.search import Reinforce, SearchHistory, search
from tegnas_core.search.policies import EdgePolicy
from tegnas_core.seeding import derive_seed
from tegnas_study.experiments.interpolation import edge_flips
from tegnas_study.experiments.memory import Memory
from tegnas_study.experiments.methods import make_method
from tegnas_study.experiments.request import SearchRequest, Source
from tegnas_study.experiments.run import text_of
from tegnas_study.experiments.sources import make_source

N_CHILDREN = 2
MEAN_EVERY = 25  # steps between two records of a policy's mean
_MEAN_DRAWS = 256  # of a policy whose mean has no formula

Row = dict[str, object]


@dataclass(frozen=True)
class SpawnPlan:
    """Where a search is spawned and what is recorded of it.

    Attributes:
        at: Numbers of steps after which the parent is copied, ascending.
        orders: In how many random orders the edges between the two ends are changed one at a time.
        visits: Record everything that was visited; else only parents and ends, for values that can be looked up.
    """

    at: tuple[int, ...] = (50, 350)
    orders: int = 50
    visits: bool = True

    def __post_init__(self) -> None:
        if not self.at or list(self.at) != sorted(set(self.at)) or self.at[0] < 0:
            raise TegnasError(f"a parent is spawned at different steps in ascending order, got {list(self.at)}")
        if self.orders < 0:
            raise TegnasError(f"the number of orders is not negative, got {self.orders}")


def spawn(
    request: SearchRequest,
    plan: SpawnPlan,
    *,
    seed: int,
    device: str = "cpu",
    memory: Memory | None = None,
    source: Source | None = None,
    on_step: Callable[[int], None] = lambda n_evaluations: None,
) -> pd.DataFrame:
    """Run one search, spawn it, and return what parent and children did.

    The parent is the search of the same request and seed (`run_search`), to the bit; a child follows from the
    seed, the step and its number.

    Args:
        request: A search with REINFORCE.
        plan: Where it is spawned.
        seed: Fixes the parent's draws and, in live evaluation, the networks and batches.
        device: Where networks run.
        memory: What is known already, for a search that goes on or whose parent is on record.
        source: Instead of the request's own.
        on_step: Called with a number of evaluations when they are done.

    Returns:
        One row a visit: seed, at (the spawn step; of the trunk its last), part, number, step, architecture, one
        column an objective, reward, entropy (nats), seconds, and mean, the expectation of the one-hot code under
        the policy, on every 25th step. Parts are "trunk", the parent on its way; "parent", what it would derive
        where it is spawned; "child", on the way of children 0 and 1; "end", what a child derives; and "path", the
        architectures between the two ends, with the order as number and the flips as step.

    Raises:
        TegnasError: When the method is not REINFORCE, it ends before it is spawned, or values are not there.
    """
    if request.method != "reinforce":
        raise TegnasError(f"spawning copies the policy of reinforce; {request.method} cannot be spawned")
    evaluate = make_source(request, seed=seed, device=device) if source is None else source
    spawning = _Spawning(request, plan, seed, _remembered(evaluate, memory or Memory(), seed), on_step)
    with one_thread():  # as in `run_search`
        return spawning.run()


def spawned(parent: Reinforce, *, seed: int, at: int, child: int) -> Reinforce:
    """Return a copy of a search method that goes on from here with its own randomness.

    Args:
        parent: Which is not changed.
        seed: The seed of the parent.
        at: Number of steps that it has taken.
        child: Number of the child.
    """
    method = copy.deepcopy(parent)
    method.rng = np.random.default_rng(derive_seed("spawn", parent.name, seed, at, child))
    return method


def mean_code(method: Reinforce, *, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return the expectation of the one-hot code under a method's policy.

    It is exact where decisions are independent; on DARTS, where a policy also chooses edges, it is the mean of 256
    draws with `rng`.
    """
    policy = method.policy
    if isinstance(policy, EdgePolicy):
        return policy.decisions.probabilities().ravel().astype(np.float32)
    draws = [policy.space.encode(policy.draw(rng).architecture) for _ in range(_MEAN_DRAWS)]
    return np.mean(draws, axis=0).astype(np.float32)


def _remembered(evaluate: Source, memory: Memory, seed: int) -> Source:
    """Return the source that asks once for every architecture, with the keys of `run_search`."""

    def recall(architecture: object) -> Mapping[str, float | str]:
        return memory.recall((seed, text_of(architecture)), lambda: evaluate(architecture))

    return recall


class _Spawning:
    """One parent and its children: what `spawn` keeps in hand while it goes."""

    def __init__(
        self, request: SearchRequest, plan: SpawnPlan, seed: int, evaluate: Source, on_step: Callable[[int], None]
    ) -> None:
        self.plan, self.seed, self.evaluate, self.on_step = plan, seed, evaluate, on_step
        self.objectives = request.choice.objectives
        rng = np.random.default_rng(derive_seed("search", request.method, seed))
        self.parent: Reinforce = make_method(request, rng=rng)
        if plan.at[-1] >= self.parent.n_steps:
            raise TegnasError(
                f"a search of {self.parent.n_steps} steps cannot be spawned after {plan.at[-1]}; "
                "choose an earlier step"
            )
        self.rows: list[Row] = []

    def run(self) -> pd.DataFrame:
        """Go from spawn step to spawn step."""
        done, last = 0, self.plan.at[-1]
        for at in self.plan.at:
            self._walk(self.parent, {"at": last, "part": "trunk", "number": 0}, done, at - done)
            done = at
            self._stand(self.parent, {"at": at, "part": "parent", "number": 0}, at)
            children = [spawned(self.parent, seed=self.seed, at=at, child=c) for c in range(N_CHILDREN)]
            ends = [self._child(child, at, number) for number, child in enumerate(children)]
            self._paths(ends, at)
        table = pd.DataFrame(self.rows)
        return table.reindex(columns=["seed", *table.columns.drop("seed")])

    def _child(self, method: Reinforce, at: int, number: int) -> object:
        history = self._walk(method, {"at": at, "part": "child", "number": number}, at)
        self._stand(method, {"at": at, "part": "end", "number": number}, at + history.n_steps)
        return history.derived

    def _walk(self, method: Reinforce, where: Row, start: int, n_steps: int | None = None) -> SearchHistory:
        """Let a method take steps, and record them."""
        means: dict[int, NDArray[np.float32]] = {}
        taken = start

        def watch(n_evaluations: int) -> None:
            nonlocal taken
            if self.plan.visits and taken % MEAN_EVERY == 0:
                means[taken] = self._mean(method, where, taken)
            taken += 1
            self.on_step(n_evaluations)

        history = search(method, self.evaluate, self.objectives, max_steps=n_steps, on_step=watch)
        for step, visit in enumerate(history.visits if self.plan.visits else (), start=start):
            facts = {"reward": visit.reward, "entropy": visit.entropy, "seconds": visit.seconds}
            self._record(where, step, visit.architecture, visit.values, facts, means.get(step))
        return history

    def _stand(self, method: Reinforce, where: Row, step: int) -> None:
        """Record what a method stands for."""
        architecture, mean = method.derive(), self._mean(method, where, step)
        facts = {"reward": math.nan, "entropy": method.policy.entropy()}
        self._record(where, step, architecture, self.evaluate(architecture), facts, mean)

    def _paths(self, ends: Sequence[object], at: int) -> None:
        for number in range(self.plan.orders):
            rng = np.random.default_rng(derive_seed("path", self.seed, at, number))
            for step, architecture in enumerate(edge_flips(*ends, rng=rng)):
                values = self.evaluate(architecture)
                self._record({"at": at, "part": "path", "number": number}, step, architecture, values)
            self.on_step(0)

    def _mean(self, method: Reinforce, where: Row, step: int) -> NDArray[np.float32]:
        rng = np.random.default_rng(derive_seed("mean", self.seed, *where.values(), step))
        return mean_code(method, rng=rng)

    def _record(
        self,
        where: Row,
        step: int,
        architecture: object,
        values: Mapping[str, float | str],
        facts: Row | None = None,
        mean: NDArray[np.float32] | None = None,
    ) -> None:
        nothing = {"reward": math.nan, "entropy": math.nan}
        self.rows.append(
            {
                "seed": self.seed,
                **where,
                "step": step,
                "architecture": text_of(architecture),
                **{objective.name: values[objective.name] for objective in self.objectives},
                "seconds": values["seconds"],
                **nothing,
                **(facts or {}),
                "mean": mean,
            }
        )
