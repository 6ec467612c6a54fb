"""A network's score as a table to read and as an object to compute with."""

import math
from collections import defaultdict

from tegnas_core.indicators.names import INDICATORS
from tegnas_study.own_network.score import NetworkScore


def as_object(score: NetworkScore) -> dict[str, object]:
    """Return the score in types that JSON knows; a value that failed is None, and its status says why."""
    indicators = {}
    for name, found in score.indicators.items():
        indicators[name] = {
            "value": _finite(score.mean(name)),
            "status": found.status,
            "higher_is_better": INDICATORS[name].higher_is_better,
            "repeats": [{"value": _finite(m.value), "status": m.status} for m in found.repeats],
            **({"reason": found.reason} if found.reason else {}),
        }
    seconds = [round(value, 3) for value in score.seconds]
    return {"n_parameters": score.n_parameters, "indicators": indicators, "seconds": seconds}


def as_text(score: NetworkScore) -> str:
    """Return a table with one row for each indicator, and the reasons of those that have no value below it."""
    n_repeats = len(score.seconds)
    heads = ["indicator", "better", *(f"repeat {k}" for k in range(n_repeats)), "mean", "status"]
    rows, reasons = [heads], defaultdict[str, list[str]](list)
    for name, found in score.indicators.items():
        direction = "higher" if INDICATORS[name].higher_is_better else "lower"
        values = [_shown(measured.value) for measured in found.repeats]
        rows.append([name, direction, *values, _shown(score.mean(name)), found.status])
        if found.reason:
            reasons[found.reason].append(name)
    rows.append(["seconds", "", *(f"{value:.1f}" for value in score.seconds), f"{sum(score.seconds):.1f}", ""])
    widths = [max(len(row[k]) for row in rows) for k in range(len(heads))]
    lines = [_line(row, widths) for row in rows]
    told = [f"  {', '.join(names)}: {reason}" for reason, names in reasons.items()]
    return "\n".join([*lines, *(["", "without a value", *told] if told else [])])


def _line(row: list[str], widths: list[int]) -> str:
    first, direction, *numbers, status = row
    right = [f"{text:>{width}}" for text, width in zip(numbers, widths[2:-1], strict=True)]
    return "  ".join([f"{first:<{widths[0]}}", f"{direction:<{widths[1]}}", *right, status]).rstrip()


def _shown(value: float) -> str:
    return f"{value:.5g}" if math.isfinite(value) else "–"


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
