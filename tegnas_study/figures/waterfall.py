"""From one number to another, step by step: what each choice adds or takes away, and how sure that is."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from tegnas_study.figures.style import BLUE, GREY, INK, PALE, VERMILION, WIDTH, styled

# What is known about the sign of a change → colour of its bar, and whether it is filled.
LOOKS: Mapping[str, tuple[str, bool]] = {
    "higher": (BLUE, True),
    "lower": (VERMILION, True),
    "cannot tell": (GREY, False),
}
_HEIGHT = 0.56  # of a bar, in rows


@styled
def waterfall_chart(
    table: pd.DataFrame,
    *,
    names: Mapping[str, str] | None = None,
    xlabel: str = "agreement with accuracy, Kendall's τ",
    columns: int = 2,
    printed: Mapping[str, float] | None = None,
) -> Figure:
    """Draw chains of steps, one panel for each predictor and one row for each step.

    A bar leads from the number before a step to the number after it: filled where the interval of the change
    leaves out zero, hollow where it does not. The line beside it is that interval, hung on the number before. The
    first and the last number are dots.

    Args:
        table: Columns step, predictor, value, change, change_low, change_high and compared, as
            `analysis.switches.waterfall` returns them; the first step of a predictor has no change.
        names: What steps and predictors are called; others keep their names.
        xlabel: The label under the lowest panels.
        columns: How many panels stand side by side.
        printed: A number that the paper prints, by predictor; an open diamond in the last row, with an arrow where
            it lies so far from the chain that the bars would shrink.
    """
    predictors, steps = (list(dict.fromkeys(table[name])) for name in ("predictor", "step"))
    names, n_rows = names or {}, -(-len(predictors) // columns)
    figure, panels = plt.subplots(
        n_rows,
        columns,
        figsize=(WIDTH, n_rows * (0.55 + 0.26 * len(steps)) + 0.35),
        sharey=True,
        squeeze=False,
    )
    for axes, predictor in zip(panels.flat, predictors, strict=False):
        chain = table[table["predictor"] == predictor]
        _chain(axes, chain, [steps.index(step) for step in chain["step"]])
        if predictor in (printed or {}):
            _diamond(axes, chain, printed[predictor], len(steps) - 1)
        axes.set_title(names.get(predictor, predictor), fontsize=11, color=INK)
        axes.set_yticks(range(len(steps)), [names.get(step, step) for step in steps])
        axes.set_ylim(len(steps) - 0.4, -0.6)
        axes.grid(axis="x", color=PALE, lw=0.6)
        axes.set_axisbelow(True)
        axes.tick_params(left=False)
        axes.use_sticky_edges = False  # a bar may begin at the edge
        axes.margins(x=0.08)
        axes.xaxis.set_major_locator(MaxNLocator(3, prune="both"))
    for axes in panels.flat[len(predictors) :]:
        axes.remove()
    figure.supxlabel(xlabel, fontsize=11, color=INK)
    found = {words: LOOKS[words] for words in LOOKS if (table["compared"] == words).any()}
    handles = [Patch(ec=c, fc=c if filled else "white", label=words) for words, (c, filled) in found.items()]
    figure.legend(handles=handles, loc="outside upper center", ncols=len(handles), handlelength=1.2)
    return figure


def _chain(axes: Axes, chain: pd.DataFrame, heights: list[int]) -> None:
    values = chain["value"].tolist()
    rows = list(zip(heights, chain.to_dict("records"), strict=True))
    for (height, row), before in zip(rows[1:], values, strict=False):
        colour, filled = LOOKS.get(row["compared"], (GREY, False))
        if row["change"]:
            axes.barh(
                height,
                row["change"],
                _HEIGHT,
                before,
                ec=colour,
                fc=colour if filled else "white",
                lw=1.2,
                zorder=2,
            )
        ends = before + row["change_low"], before + row["change_high"]
        axes.hlines(height, *ends, color=INK, lw=1, zorder=3)
        axes.vlines(before, height - 1, height, color=GREY, lw=0.8, ls=":", zorder=1)
    first_and_last = [(rows[0][0], values[0]), (rows[-1][0], values[-1])]
    for height, value in first_and_last:
        axes.plot(value, height, "o", color=INK, ms=5, zorder=4)


def _diamond(axes: Axes, chain: pd.DataFrame, printed: float, height: int) -> None:
    """Mark what the paper prints; where it lies further away than the chain is long, at the edge with an arrow."""
    ends = pd.concat(
        [chain["value"] - chain["change"].fillna(0) + chain[c] for c in ("change_low", "change_high")]
    )
    numbers = pd.concat([chain["value"], ends.dropna()])
    low, high = numbers.min(), numbers.max()
    look = {"color": INK, "mfc": "white", "ms": 7}
    if low - (high - low) <= printed <= high + (high - low):
        axes.plot(printed, height, "D", **look)
        return
    left, place = printed < low, axes.get_yaxis_transform()
    x, arrow = (0.06, "← ") if left else (0.94, " →")
    axes.plot([x], [height], "D", transform=place, clip_on=False, **look)
    words = f"{arrow}{printed:g}" if left else f"{printed:g}{arrow}"
    beside = x + 0.06 if left else x - 0.06
    room = 0.6 * (high - low)  # for the words, beside the chain
    axes.plot([low - room if left else high + room], [height], alpha=0)
    axes.text(beside, height, words, transform=place, ha="left" if left else "right", va="center", fontsize=9)
