"""The function to write in the chapter on combinations: expressivity in the sense of AZ-NAS."""

import numpy as np

from tegnas_study.exercises.tasks import Cases, WriteFunction


def _expressivity(features: np.ndarray) -> float:
    """Return −Σ p log p of the shares of variance along the principal components of (pixels, channels)."""
    centred = np.asarray(features, float) - np.mean(features, axis=0)
    variances = np.linalg.svd(centred, compute_uv=False) ** 2
    shares = variances[variances > 1e-12 * variances.sum()] / variances.sum()
    return float(-np.sum(shares * np.log(shares)))


def _cases() -> Cases:
    rng = np.random.default_rng(29)
    apart = rng.normal(size=(200, 4))
    return {
        "four channels alike in size": (apart,),
        "channels of different size": (apart * np.array([1.0, 2.0, 5.0, 0.5]),),
        "channels far from zero": (apart + np.array([10.0, -3.0, 0.0, 4.0]),),
        "two channels that nearly repeat each other": (np.column_stack([apart, apart[:, 0] + 0.1 * apart[:, 1]]),),
    }


TASKS = {
    "ex-write-expressivity": WriteFunction(
        reference=_expressivity,
        cases=_cases,
        hint="The shares are of variances, around the mean of each channel, and they add up to one.",
    )
}
