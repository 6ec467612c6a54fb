"""A number and its status: a failure is visible and never hidden in a magic number."""

import math
from typing import NamedTuple

OK = "ok"
DISCONNECTED = "disconnected"  # no path from input to output: the Jacobian of the cells is zero
SINGULAR = "singular"  # the kernel's smallest eigenvalue cannot be told from zero
NOT_FINITE = "not_finite"  # a nan or an overflow on the way
UNDEFINED = "undefined"  # the network lacks what the definition speaks of
ERROR = "error"

STATUSES = (OK, DISCONNECTED, SINGULAR, NOT_FINITE, UNDEFINED, ERROR)


class Measured(NamedTuple):
    """The value of an indicator with its status.

    Attributes:
        value: The number; +inf for a condition number or an error that could not be computed.
        status: "ok", or the reason why not.
    """

    value: float
    status: str = OK


def finite(value: float) -> Measured:
    """Return a rival's value, or −∞ with the status "not_finite" when it is no finite number."""
    return Measured(value) if math.isfinite(value) else Measured(-math.inf, NOT_FINITE)
