"""What a kernel looks like: its eigenvalues, how fast it learns, and how well it predicts."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from tegnas_study.figures.style import CYCLE, GREY, WIDTH, styled


@styled
def learning_curves(eigenvalues: Mapping[str, Sequence[float]], *, steps: float = 5.0) -> Figure:
    """Draw what is left of the error in each eigenmode while a wide network trains, e^(−λt / λ_max).

    Args:
        eigenvalues: Words to the eigenvalues of a kernel, one panel each.
        steps: End of the time axis, in units of 1 / λ_max.
    """
    figure, panels = plt.subplots(
        1, len(eigenvalues), figsize=(WIDTH, 2.7), sharey=True, squeeze=False, gridspec_kw={"wspace": 0.08}
    )
    time = np.linspace(0, steps, 200)
    for axes, (words, values) in zip(panels[0], eigenvalues.items(), strict=True):
        for value, colour in zip(values, CYCLE, strict=False):
            axes.plot(time, np.exp(-value / max(values) * time), color=colour, label=f"λ = {value:g}")
        axes.set(xlabel="time · λ_max", ylim=(0, 1.02), xlim=(0, steps))
        axes.set_title(words, fontsize=11)
        axes.legend()
    panels[0, 0].set_ylabel("error left")
    return figure


@styled
def spectrum(eigenvalues: Mapping[str, ArrayLike]) -> Figure:
    """Draw the eigenvalues of some kernels relative to the largest, from large to small, on a log axis.

    Args:
        eigenvalues: Words to all eigenvalues of a kernel, in any order.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.2))
    for words, values in eigenvalues.items():
        ordered = np.sort(np.asarray(values, float))[::-1]
        axes.plot(np.arange(1, len(ordered) + 1), ordered / ordered[0], marker="o", ms=3, label=words)
    axes.set(xlabel="eigenvalue, from large to small", ylabel="λ / λ_max", yscale="log")
    axes.legend()
    return figure


@styled
def errors_beside_trivial(errors: Mapping[str, float], *, trivial: float) -> Figure:
    """Draw regression errors as dots, with the error of predicting the class means as a line.

    Args:
        errors: Words to an error.
        trivial: What predicting the mean costs.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 0.6 + 0.42 * len(errors)))
    axes.axvline(trivial, color=GREY, lw=1.5, ls="--", label="predicting the mean")
    axes.plot(list(errors.values()), list(errors), "o", ms=8, label="kernel regression")
    axes.invert_yaxis()
    axes.margins(y=0.2)
    axes.set(xlabel="mean squared error on held-out images", xlim=(0, None))
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    return figure
