"""The functions to write in the forensic chapter: failures that look good, and what one wrong cell does to τ."""

from math import comb

from tegnas_study.exercises.tasks import Cases, WriteFunction


def _chance_of_error(a: float, b: float, p: float, repeats: int) -> float:
    enough = [j for j in range(repeats + 1) if (repeats - j) * b - j < repeats * a]
    return sum(comb(repeats, j) * p**j * (1 - p) ** (repeats - j) for j in enough)


def _cells() -> Cases:
    return {
        "a single repeat": (500.0, 600.0, 0.1, 1),
        "three repeats": (500.0, 600.0, 0.1, 3),
        "a cell that needs two failures": (200.0, 600.0, 0.3, 3),
        "means that are equal after one failure": (1.0, 3.0, 0.5, 2),
        "a κ near 1, where it matters that a failure is −1": (1.0, 2.0, 0.25, 2),
        "a cell that never fails": (500.0, 600.0, 0.0, 3),
    }


def _tau(n: int) -> float:
    return 1 - 2 * (n - 1) / (n * (n - 1) / 2)


def _sizes() -> Cases:
    return {"two cells": (2,), "ten cells": (10,), "a hundred cells": (100,), "all of NAS-Bench-201": (15_625,)}


TASKS = {
    "ex-lucky-failure": WriteFunction(
        reference=_chance_of_error,
        cases=_cells,
        hint="Which numbers of failures are enough, and how likely is each of them?",
    ),
    "ex-bad-on-top": WriteFunction(
        reference=_tau,
        cases=_sizes,
        hint="τ is the share of the pairs in the right order minus that in the wrong one.",
    ),
}
