"""The indicators: what each is called, means, and which way is better."""

from dataclasses import dataclass

from tegnas_core.indicators.expressivity import activation_patterns as activation_patterns
from tegnas_core.indicators.expressivity import linear_regions as linear_regions
from tegnas_core.indicators.generalization import regression_error as regression_error
from tegnas_core.indicators.generalization import trivial_error as trivial_error
from tegnas_core.indicators.measured import STATUSES as STATUSES
from tegnas_core.indicators.measured import Measured as Measured
from tegnas_core.indicators.trainability import condition_number as condition_number


@dataclass(frozen=True)
class Indicator:
    """What a column of numbers is.

    Attributes:
        name: Column name.
        symbol: As in equations and on axes.
        meaning: What it is said to measure.
        higher_is_better: Its direction; signs are flipped in `ranking` only.
        source: Paper section or reference.
    """

    name: str
    symbol: str
    meaning: str
    higher_is_better: bool
    source: str


TEG: dict[str, Indicator] = {
    indicator.name: indicator
    for indicator in (
        Indicator("condition_number", "κ", "trainability", False, "paper Section 3.1, Eq. 4"),
        Indicator("linear_regions", "R", "expressivity", True, "paper Section 3.2, Eq. 6"),
        Indicator("regression_error", "MSE", "generalization", False, "paper Section 3.3, Eq. 8 and 9"),
    )
}
INDICATORS: dict[str, Indicator] = dict(TEG)
