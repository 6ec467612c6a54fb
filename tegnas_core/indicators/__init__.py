"""The indicators: what each is called, means, and which way is better."""

from tegnas_core.indicators.expressivity import activation_patterns as activation_patterns
from tegnas_core.indicators.expressivity import linear_regions as linear_regions
from tegnas_core.indicators.generalization import regression_error as regression_error
from tegnas_core.indicators.generalization import trivial_error as trivial_error
from tegnas_core.indicators.indicator import Indicator as Indicator
from tegnas_core.indicators.measured import STATUSES as STATUSES
from tegnas_core.indicators.measured import Measured as Measured
from tegnas_core.indicators.rivals import RIVALS as RIVALS
from tegnas_core.indicators.rivals import STRUCTURAL as STRUCTURAL
from tegnas_core.indicators.trainability import condition_number as condition_number

TEG: dict[str, Indicator] = {
    indicator.name: indicator
    for indicator in (
        Indicator("condition_number", "κ", "trainability", False, "paper Section 3.1, Eq. 4"),
        Indicator("linear_regions", "R", "expressivity", True, "paper Section 3.2, Eq. 6"),
        Indicator("regression_error", "MSE", "generalization", False, "paper Section 3.3, Eq. 8 and 9"),
    )
}
INDICATORS: dict[str, Indicator] = {**TEG, **STRUCTURAL, **RIVALS}
