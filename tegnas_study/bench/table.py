"""The table of the bench: rows with targets and verdicts, and the record of a run."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from tegnas_core import Architecture
from tegnas_study import complexity_of
from tegnas_study.bench.cost import Case
from tegnas_study.storage.atomic import replacing
from tegnas_study.storage.lock import writer_lock
from tegnas_study.storage.provenance import hardware, versions
from tegnas_study.tables.sizes import Skeleton

N_CLASSES, N_ARCHITECTURES = 5260, 15625  # classes of equal cells; all
REPEATS = 3
MEDIAN_EXACT = "exact against the slow twin, median"  # the name of a row that others look up


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        name: What was measured.
        value: The number.
        unit: The unit of the number.
        target: What it must reach, or must not pass; None without a target.
        reach: What would be better still.
        at_least: The target is a lower bound.
    """

    name: str
    value: float
    unit: str = ""
    target: float | None = None
    reach: float | None = None
    at_least: bool = True

    def __str__(self) -> str:
        """Return the line."""
        return f"{self.name:<57} {self.value:>9.3g} {self.unit:<4}{self.wanted:>8}  {self.verdict}".rstrip()

    @property
    def wanted(self) -> str:
        """Say what the number should reach, or not pass."""
        return "" if self.target is None else f"{'≥' if self.at_least else '≤'} {self.target:g}"

    @property
    def verdict(self) -> str:
        """Say whether the target is met, or by what share it is missed."""
        if self.target is None:
            return ""
        if self.reach is not None and self._reaches(self.reach):
            return f"met, and {self.reach:g} too"
        return "met" if self._reaches(self.target) else f"missed by {abs(self.value / self.target - 1):.0%}"

    def _reaches(self, bound: float) -> bool:
        return self.value >= bound if self.at_least else self.value <= bound


def ratio_rows(found: Mapping[str, np.ndarray], *, targets: bool) -> list[Row]:
    """Return the rows of the fast ways beside the twin, from one number an architecture (see `cost.compare`).

    Where an activation is zero but for rounding, single precision may put a ReLU on the other side than double
    precision does, and one ReLU can move a kernel by half a percent: the twin's as well as the fast way's. Errors
    against float64 are therefore judged by their median.
    """
    twin, exact, frozen = (found[name] for name in ("twin", "exact", "frozen"))
    exact_bounds, frozen_bounds = ((5, 7), (30, 60)) if targets else ((), ())
    bound = (1e-4, None, False)
    switched = float(100 * np.mean(found["error_twin"] > 1e-4))
    return [
        Row(MEDIAN_EXACT, float(np.median(twin / exact)), "×", *exact_bounds),
        Row("exact against the slow twin, ratio of means", twin.mean() / exact.mean(), "×"),
        Row("frozen against the slow twin, median", float(np.median(twin / frozen)), "×", *frozen_bounds),
        Row("frozen against the slow twin, ratio of means", twin.mean() / frozen.mean(), "×"),
        Row("error of a kernel, exact against the twin, largest", found["error_exact_twin"].max(), "", *bound),
        Row("  against the twin in float64, median", float(np.median(found["error_exact"])), "", *bound),
        Row("  against the twin in float64, largest", found["error_exact"].max()),
        Row("  of the twin itself against float64, largest", found["error_twin"].max()),
        Row(
            "  of frozen against plain torch in float64, median",
            float(np.median(found["error_frozen"])),
            "",
            *bound,
        ),
        Row("  of frozen against plain torch in float64, largest", found["error_frozen"].max()),
        Row("error of κ, exact against the twin in float64, largest", found["error_kappa"].max()),
        Row("kernels where single precision switches a ReLU", switched, "%"),
    ]


def part_rows(mean: Mapping[str, float]) -> list[Row]:
    """Return the rows of the parts of one repeat, from mean seconds (see `cost.where_time_goes`)."""
    return [
        Row("regions alone, a network", 1e3 * mean["regions"], "ms"),
        Row("eigenvalues alone, a kernel", 1e3 * mean["eigenvalues"], "ms"),
        Row("one repeat of the three indicators", sum(mean.values()), "s"),
    ]


def rate_rows(case: Case, seconds: float, peak: float) -> list[Row]:
    """Return the rows of the reverse of convolutions, six 3×3 ones a cell, beside what the processor can do.

    Args:
        case: Sizes of network and batch.
        seconds: That the convolutions of two Jacobians take.
        peak: Operations a second.
    """
    settings = case.settings
    skeleton = Skeleton(case.images.n_classes, case.images.size, settings.width, settings.cells_per_stage)
    products = complexity_of(Architecture(("nor_conv_3x3",) * 6), skeleton).flops
    visited = 2 * 4 * settings.batch_size**2 * products / 2  # of two Jacobians; half of the pixels are skipped
    return [
        Row("operations in registers, at the very best", peak / 1e9, "GF/s"),
        Row("operations of the reverse of 3×3 convolutions, about", visited / seconds / 1e9, "GF/s"),
    ]


def worker_rows(found: Mapping[str, float]) -> list[Row]:
    """Return the rows of two workers (see `workers.two_against_one`)."""
    return [
        Row("two workers against one, by the clock", found["speedup"], "×", 1.8),
        Row("two workers against one, by processor seconds", found["speedup_cpu"], "×"),
        Row("peak memory of a worker", found["peak_bytes"] / 1e9, "GB", 1.5, None, False),
    ]


def space_rows(seconds_a_repeat: float, where: str, bounds: tuple = ()) -> list[Row]:
    """Return the projected minutes of the whole space, three repeats; the bounds are those of its classes."""
    minutes = REPEATS * seconds_a_repeat / 60
    return [
        Row(f"{N_CLASSES:,} classes, {REPEATS} repeats, {where}", N_CLASSES * minutes, "min", *bounds),
        Row(f"{N_ARCHITECTURES:,} architectures, {REPEATS} repeats, {where}", N_ARCHITECTURES * minutes, "min"),
    ]


def record(rows: list[Row], details: Mapping[str, object], command: str, load: tuple[float, float]) -> dict:
    """Return what is kept of a run: its numbers, and all that they depend on."""
    return {
        "command": command,
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "hardware": hardware(),
        "processors": os.cpu_count(),
        "versions": versions(),
        "load_average": dict(zip(("before", "after"), load, strict=True)),
        "rows": [{**asdict(row), "wanted": row.wanted, "verdict": row.verdict} for row in rows],
        **details,
    }


def write(path: Path, content: Mapping[str, object]) -> None:
    """Write JSON, whole or not at all."""
    with writer_lock(path), replacing(path) as partial:
        partial.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
