"""What an evaluation returns: the values of each repeat, and their average."""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from tegnas_core.indicators.measured import OK
from tegnas_core.settings import IndicatorSettings

A = TypeVar("A", bound=Hashable)


@dataclass(frozen=True)
class Repeat:
    """The three indicators of one repeat, which has new weights and, if the settings say so, new images.

    Attributes:
        repeat: The number of the repeat, from 0.
        condition_number: κ ≥ 1; +inf when it failed.
        linear_regions: R, a whole number.
        regression_error: MSE; +inf when it failed.
        status: "ok", or the reason why κ or MSE could not be computed.
        seconds: Wall-clock time in seconds.
        controls: More numbers from the same kernels, by column name: those of `indicators.Spectrum` and, where
            they are asked for, the controls of the regression (see `indicators.controls`).
    """

    repeat: int
    condition_number: float
    linear_regions: float
    regression_error: float
    status: str
    seconds: float
    controls: dict[str, float]


@dataclass(frozen=True)
class Indicators(Generic[A]):
    """The three indicators of one architecture: averages over its repeats, and the repeats.

    Attributes:
        architecture: What was evaluated.
        condition_number: Mean κ by the settings' rule; +inf as soon as one repeat failed.
        linear_regions: Mean R.
        regression_error: Mean MSE; +inf as soon as one repeat failed.
        status: "ok", or the first status that is not.
        repeats: The values of each repeat.
        seconds: Wall-clock time of all repeats in seconds.
    """

    architecture: A
    condition_number: float
    linear_regions: float
    regression_error: float
    status: str
    repeats: tuple[Repeat, ...]
    seconds: float


def average(architecture: A, repeats: Sequence[Repeat], settings: IndicatorSettings) -> Indicators[A]:
    """Return the indicators averaged over repeats.

    κ is averaged by the settings' rule, geometrically or arithmetically, R and MSE arithmetically. A repeat that
    failed is +inf and so makes the mean +inf: a failure can never improve an architecture.
    """
    kappas = [r.condition_number for r in repeats]
    if settings.average == "geometric":
        kappa = math.exp(sum(math.log(value) for value in kappas) / len(kappas))
    else:
        kappa = sum(kappas) / len(kappas)
    return Indicators(
        architecture=architecture,
        condition_number=kappa,
        linear_regions=sum(r.linear_regions for r in repeats) / len(repeats),
        regression_error=sum(r.regression_error for r in repeats) / len(repeats),
        status=next((r.status for r in repeats if r.status != OK), OK),
        repeats=tuple(repeats),
        seconds=sum(r.seconds for r in repeats),
    )
