"""The evaluators of a sweep: small picklable recipes that become functions in a worker process."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from tegnas_core.indicators.names import ALIGNMENT, ZERO_COST
from tegnas_core.settings import IndicatorSettings
from tegnas_study.sweep.rows import TEG, Evaluate, Results


@dataclass(frozen=True)
class TegEvaluate:
    """The recipe of the three indicators; call it to get the function (architecture, repeat) → columns.

    Attributes:
        settings: Every choice that moves a number.
        images: Name or path of the image source.
        seed: The seed that everything random follows from.
        device: "cpu" or "cuda".
        controls: Add the controls of the regression error as columns.
        networks: Name of the networks, those of a space (see `networks.by_name`).
    """

    settings: IndicatorSettings
    images: str
    seed: int
    device: str = "cpu"
    controls: bool = False
    networks: str = "nas-bench-201"

    results: ClassVar[Results] = TEG

    @property
    def optional(self) -> tuple[str, ...]:
        """A column that tells whether a table has what this recipe was asked for beside its results."""
        return ("control_norm",) if self.controls else ()

    def __call__(self) -> Evaluate:
        """Build the evaluator here and now; torch is only imported in the process that computes."""
        from tegnas_core.evaluation import Evaluator
        from tegnas_core.networks.by_name import networks_named
        from tegnas_core.spaces.by_name import parse_architecture
        from tegnas_study.data.images import load_images

        networks = networks_named(self.networks)
        evaluator = Evaluator(
            self.settings,
            load_images(self.images),
            seed=self.seed,
            device=self.device,
            controls=self.controls,
            networks=networks,
        )

        def evaluate(architecture: str, repeat: int) -> Mapping[str, object]:
            result = evaluator.evaluate_repeat(parse_architecture(networks.search_space, architecture), repeat)
            return {
                "condition_number": result.condition_number,
                "linear_regions": result.linear_regions,
                "regression_error": result.regression_error,
                "status": result.status,
                "seconds": result.seconds,
                **result.controls,
            }

        return evaluate


@dataclass(frozen=True)
class RivalEvaluate:
    """The recipe of the rivals (see `rival_evaluation`), used as `TegEvaluate` is.

    Attributes:
        settings: Every choice that moves a number.
        images: Name or path of the image source.
        seed: The seed that everything random follows from.
        device: "cpu" or "cuda".
        names: The rivals to measure. Rows may lack the alignment, so that a table can get it later.
    """

    settings: IndicatorSettings
    images: str
    seed: int
    device: str = "cpu"
    names: tuple[str, ...] = ZERO_COST

    @property
    def results(self) -> Results:
        """Return the columns that every row has, with their values in a failed row."""
        required = [name for name in self.names if name != ALIGNMENT] or [*self.names]
        return dict.fromkeys(required, -math.inf)

    @property
    def optional(self) -> tuple[str, ...]:
        """A column that tells whether a table has what this recipe was asked for beside its results."""
        return (ALIGNMENT,) if ALIGNMENT in self.names else ()

    def __call__(self) -> Evaluate:
        """Build the evaluator here and now; torch is only imported in the process that computes."""
        from tegnas_core.rival_evaluation import RivalEvaluator
        from tegnas_core.spaces.architecture import Architecture
        from tegnas_study.data.images import load_images

        evaluator = RivalEvaluator(
            self.settings,
            load_images(self.images),
            seed=self.seed,
            device=self.device,
            names=self.names,
        )

        def evaluate(architecture: str, repeat: int) -> Mapping[str, object]:
            result = evaluator.evaluate_repeat(Architecture.parse(architecture), repeat)
            return {**result.values, "status": result.status, "seconds": result.seconds}

        return evaluate
