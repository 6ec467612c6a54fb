# ---
# jupyter:
#   jupytext:
#     cell_metadata_filter: tags,mystnb,-all
#     notebook_metadata_filter: kernelspec,-jupytext.text_representation.jupytext_version
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# (ch-regression-error)=
# # What Does the Regression Error Measure?
#
# The third indicator is the error of kernel regression on held-out images, and the paper takes it as a measure of
# *generalization* {cite}`chen2021tegnas`: it uses labels, and it tests on images that it has not seen.
# It does agree with accuracy ({ref}`the chapter on the whole space <ch-whole-space>`).
# But an indicator may be right for another reason than its name says.
#
# There is a simple way to find out: take something away and see whether the agreement disappears with it.
# For every architecture of the space we permute the training labels, regularise the regression, use another kernel, and
# hold κ fixed.
# After this chapter you can say which part of the error agrees with accuracy, and which does not.

# %% tags=["parameters"]
n_draws: int = 1000  # resamples behind every interval
seed: int = 0  # everything random follows from this

# %% tags=["hide-input"]
import time

started = time.perf_counter()

from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from myst_nb import glue

note = partial(glue, display=False)  # a number for the prose

# %% tags=["hide-input"]
from tegnas_study import atlas, load_benchmark
from tegnas_study.analysis import (
    Estimate,
    read_record,
    regression_error,
    verdict,
    with_predictors,
)
from tegnas_study.figures.distributions import errors_of_variants
from tegnas_study.figures.intervals import interval_chart
from tegnas_study.figures.whole_space import parts_of_the_error
from tegnas_study.tables.atlases import atlas_coverage, atlas_settings
from tegnas_study.tables.frames import join_accuracies
from tegnas_study.tables.printed import printed_table

# %% [markdown]
# ## Three parts of one error
#
# The regression predicts the targets of held-out images from those of training images, by equation
# {eq}`eq-regression` of {ref}`ch-notation`; a target
# is a one-hot label minus the mean of its batch.
# Multiply out the square, and the error has three parts:
#
# $$
# \mathrm{MSE} \;=\; \underbrace{\overline{\lVert \hat y \rVert^2}}_{\text{size}}
# \;-\; 2\,\underbrace{\overline{\langle \hat y, y \rangle}}_{\text{alignment}}
# \;+\; \underbrace{\overline{\lVert y \rVert^2}}_{\text{predicting the mean}} .
# $$ (eq-parts)
#
# The last part is the same for every architecture: it is the error of predicting $\hat y = 0$, the mean.
# The first part does not know the held-out labels.
# Only the **alignment** in the middle does; without alignment, the best prediction is $\hat y = 0$.
#
# ### By hand: two training images
#
# Let two training images have kernel $\bigl(\begin{smallmatrix}1&\rho\\ \rho&1\end{smallmatrix}\bigr)$ and targets
# $+1$ and $-1$, and let one held-out image have kernel values 0.5 and 0.4 with them.

# %%
targets, to_held_out = np.array([1.0, -1.0]), np.array([0.5, 0.4])
rows = {}
for rho in (0.5, 0.9, 0.99):
    kernel = np.array([[1, rho], [rho, 1]])
    prediction = to_held_out @ np.linalg.solve(kernel, targets)
    other = to_held_out @ np.linalg.solve(kernel, -targets)
    rows[rho] = {
        "κ": np.linalg.cond(kernel),
        "prediction": prediction,
        "its square": prediction**2,
        "square, labels swapped": other**2,
    }
pd.DataFrame(rows).T.rename_axis("ρ").round(2)

# %% [markdown]
# The more alike the two images are to the kernel, the larger is κ, and the larger is the prediction, which is
# $0.1 / (1 - \rho)$.
# When the two labels are swapped, the size of the prediction stays the same.
# So an error may be large because the kernel is badly conditioned, whatever the labels say.
# Is that so for real networks?

# %% [markdown]
# ## The controls
#
# For every class of architectures, the atlas holds what the same kernels give when
#
# - the training labels are **permuted**, or drawn at random (each the mean of five draws, the same for all
#   architectures);
# - the kernel gets a **ridge**, which damps the predictions: λ times its mean diagonal is added to the diagonal, with true
#   and with permuted labels;
# - the kernel is that of the **last layer**, which is what the paper prints, and in place of the inverse that it does not
#   have stands its *pseudo-inverse*, which inverts only what the kernel does not map to zero.
#
# It also holds the parts of {eq}`eq-parts`, the condition number of the regression's own kernel, and the *label-gradient
# alignment* of {cite:t}`mok2022ntk`, which says how far the kernel is large where two images share a label.

# %%
benchmark, coverage = load_benchmark(), atlas_coverage()
settings = atlas_settings().model_copy(update={"repeats": coverage.complete})
joined = with_predictors(join_accuracies(atlas(), benchmark))
table = regression_error.with_parts(joined)
connected = table[table["connected"]]
trivial = float(connected["trivial"].median())
assert np.allclose(connected["trivial"], trivial)
print(f"{len(connected):,} connected architectures, {trivial = :.3f}")

# %% tags=["hide-input"]
note("coverage", str(coverage))
note("trivial", trivial)

# %% [markdown]
# This page rests on {glue:text}`coverage`.
# {{ here }}
# Only connected architectures have an error.
# All of them are measured on the same batch of 64 training and 64 held-out images of CIFAR-10, with other weights in
# each repeat; predicting the mean has an error of {glue:text}`trivial:.3f` there.

# %% tags=["hide-input"]
WORDS = {
    "regression_error": "MSE",
    "control_permuted": "permuted labels",
    "control_random": "random labels",
    "control_ridge_0.01": "ridge 0.01",
    "control_permuted_ridge_0.01": "ridge 0.01, permuted",
    "control_ridge_0.1": "ridge 0.1",
    "control_permuted_ridge_0.1": "ridge 0.1, permuted",
    "control_ridge_1": "ridge 1",
    "control_permuted_ridge_1": "ridge 1, permuted",
    "control_last": "last layer",
}

# %% mystnb={"figure": {"caption": "Errors of all connected architectures. Orange boxes: with permuted training labels; blue boxes: all others. Boxes hold the middle half, dark lines in them are medians, whiskers reach from the smallest error to 95 %. The vermilion (orange-red) vertical line is the error of predicting the mean.", "name": "fig-errors"}, "image": {"alt": "Ten boxes. Without ridge nearly all errors lie right of the vermilion line; those with permuted labels lie further right. With growing ridge the boxes shrink towards the line.", "width": "520px"}} tags=["hide-input"]
errors_of_variants(connected, WORDS, trivial=trivial)
plt.show()

# %% tags=["hide-input"]
values = regression_error.value_table(table)
labels = regression_error.label_shares(table)
n_below = int((connected["regression_error"] < trivial).sum())
note("n_below", f"{n_below:,}" if n_below else "none")
note("n_connected", f"{len(connected):,}")
note("smallest", float(values.loc["regression_error", "smallest"]))
note("below_ridge", float(100 * values.loc["control_ridge_1", "below"]))
note("true_is_smaller", float(100 * labels["true_is_smaller"]))
note("ratio", float(labels["ratio"]))
note("size_share", float(labels["norm_share"]))
note("alignment_share", float(labels["alignment_share"]))

# %% [markdown]
# {numref}`fig-errors` says two things.
#
# *The regression does not generalize in the plain sense.*
# Of the {glue:text}`n_connected` connected architectures, {glue:text}`n_below` have an error below that of predicting the
# mean; the smallest error of the space is {glue:text}`smallest:.3f`.
# With the strongest ridge, {glue:text}`below_ridge:.1f` % of them have an error below it.
#
# *The labels matter for the value.*
# For {glue:text}`true_is_smaller:.0f` % of the architectures the true labels give a smaller error than permuted ones; the
# median of the quotient of the two errors is {glue:text}`ratio:.2f`.
#
# But what matters for a search is the *order*.

# %% mystnb={"figure": {"caption": "The error over its two parts; each dot is an architecture. The vermilion (orange-red) line on the left is the error without any alignment.", "name": "fig-parts"}, "image": {"alt": "Left: dots along a rising line, the error grows with the size of the predictions. Right: a cloud without direction, the error over the alignment.", "width": "520px"}} tags=["hide-input"]
parts_of_the_error(connected, trivial=trivial)
plt.show()

# %% [markdown]
# In {numref}`fig-parts` the size of the predictions is nearly the whole story: its variance over architectures is
# {glue:text}`size_share:.2f` times that of the error, while the variance of the alignment term is
# {glue:text}`alignment_share:.2f` times.
# (They need not add up to one, since the parts are correlated.)

# %% [markdown]
# ## Which variant agrees with accuracy?
#
# Agreement is Kendall's τ with the sign turned so that larger is better.

# %%
subsets = ("connected", "classes", "top tenth", "above 90")
found = {
    name: regression_error.variant_agreements(
        table, name=name, seed=seed, n_draws=n_draws
    )
    for name in subsets
}
tables = {
    name: regression_error.estimates(drawn).set_index("statistic")
    for name, drawn in found.items()
}

# %% tags=["hide-input"]
OTHERS = {
    "condition_number": "κ",
    "control_kappa_cells": "κ, same kernel",
    "control_norm": "size of predictions",
    "control_alignment": "alignment",
    "label_gain": "gain by true labels",
    "control_lga": "label-gradient\nalignment",
    "parameters": "parameters",
}
shown = pd.concat(
    tables[name].loc[[*WORDS, *OTHERS]].assign(subset=name)
    for name in ("connected", "classes", "top tenth")
)
shown = shown.reset_index()

# %% mystnb={"figure": {"caption": "Agreement with test accuracy of the error, its controls, its parts and its rivals, in three subsets, with 95 % intervals over classes.", "name": "fig-variants"}, "image": {"alt": "Seventeen rows with three intervals each. MSE, permuted and random labels lie together, far right of zero; with ridge 0.1 and 1 the agreement is near zero, as it is for the last layer; alignment and the gain by true labels lie left of zero. In the top tenth all lie near zero.", "width": "520px"}} tags=["hide-input"]
interval_chart(
    shown,
    row="statistic",
    colour="subset",
    value="value",
    names=WORDS | OTHERS,
)
plt.show()


# %% tags=["hide-input"]
def estimate(statistic: str, name: str = "classes") -> Estimate:
    numbers = tables[name].loc[statistic, ["value", "low", "high"]]
    return Estimate(*numbers, n_draws)


for statistic in ("regression_error", "control_permuted"):
    note(f"{statistic}, classes", f"{estimate(statistic)}")

# %% tags=["hide-input"]
from tegnas_study.analysis import label_parts
from tegnas_study.analysis.across_draws import draw_tables

of_draws = draw_tables(table, more=label_parts.CONTROLS)
note("number_of_draws", len(of_draws))
rows = []
for name in subsets:
    gap = estimate("regression_error − control_permuted", name)
    rows.append((name, "one batch, three networks", *gap.numbers))
    gains = label_parts.gains_of_labels(of_draws, name=name)
    spread = (gains.mean(), gains.min(), gains.max())
    rows.append((name, "draws of weights and batch", *spread))
columns = ["subset", "over", "gain", "low", "high"]
labels_help = pd.DataFrame(rows, columns=columns)

# %% [markdown]
# In {numref}`fig-variants` the error with permuted labels, and even the one with random labels, agrees about as well as the
# error with true labels does, while a ridge takes the agreement away.
# With each function counted once, true labels have {glue:text}`regression_error, classes` and permuted ones
# {glue:text}`control_permuted, classes`.
#
# ### Does the order need the labels?

# %% mystnb={"figure": {"caption": "How much more the error agrees with test accuracy with true labels than with permuted ones, in four parts of the space. On one batch, with 95 % intervals over classes; over draws of weights and batch, one network each, the line reaches from the smallest to the largest draw. To the right of zero true labels rank better.", "name": "fig-labels-help"}, "image": {"alt": "Four rows with two intervals each, all near zero; some reach to both sides of it.", "width": "520px"}} tags=["hide-input"]
interval_chart(
    labels_help,
    row="subset",
    colour="over",
    value="gain",
    names={"above 90": "above 90 %"},
    xlabel="gain by true labels, difference of two τ",
)
plt.show()

# %% [markdown]
# The intervals of {numref}`fig-labels-help` on one batch are paired: both sides are computed in the same resample.
# The comparison over {glue:text}`number_of_draws` draws, each with weights and a batch of its own, comes out differently in
# different parts of the space.
# On the claim that true labels rank better the ledger says: {glue:text}`verdict labels`.
#
# One caution is needed: the permuted error is a mean over five permutations and so less noisy than the error itself.
# A small gain from true labels could hide behind that.
# The parts of the error do not have this weakness, since they all come from the same draw.

# %% tags=["hide-input"]
for statistic in (
    "control_norm",
    "control_alignment",
    "label_gain",
    "control_ridge_0.1",
    "control_ridge_1",
    "control_permuted_ridge_0.1",
    "control_last",
    "control_lga",
):
    note(statistic, f"{estimate(statistic)}")

# %% [markdown]
# ### Which part does the agreement come from?
#
# With each function counted once, the size of the predictions alone agrees by {glue:text}`control_norm`.
# The alignment, the one part that knows the held-out labels, has {glue:text}`control_alignment`, and what the true labels
# gain over permuted ones has {glue:text}`label_gain`.
# Are architectures with *more* alignment worse, then?
# No: both numbers grow with the size of the predictions, and large predictions are the mark of a bad architecture here.
# So one must take the scale away, and see how much of what is left is more than the luck of one batch.
#
# The **cosine** of ŷ and y, which is mean ⟨ŷ, y⟩ over √(mean ‖ŷ‖² · mean ‖y‖²), has no scale.
# Nor has the *label-gradient alignment* of the kernel with the labels, which needs no regression.
# To see what is luck, we look at several draws of weights and batch: how far two of them agree about the order, which we call
# the *reliability*, and what their mean says.

# %% tags=["hide-input"]
parts = label_parts.parts_across_draws(of_draws, seed=seed, n_draws=n_draws)
note("reliability cosine", float(parts.loc["cosine", "reliability"]))

# %% tags=["hide-input"]
told = {
    "regression_error": "MSE",
    "condition_number": "κ, for comparison",
    "control_norm": "size of predictions",
    "control_alignment": "alignment, with scale",
    "cosine": "cosine of ŷ and y",
    "control_lga": "label-gradient\nalignment",
    "label_gain": "gain by true labels",
}

# %% tags=["hide-input"]
rows = []
for name in told:
    one, sd = parts.loc[name, ["mean", "sd"]]
    twice = parts.loc[name, "reliability"]
    many = parts.loc[name, ["averaged", "averaged_low", "averaged_high"]]
    rows.append((name, "one draw", one, one - sd, one + sd))
    rows.append((name, "mean over the draws", *many))
    rows.append((name, "reliability", twice, twice, twice))

# %% tags=["hide-input"]
columns = ["part", "what", "tau", "low", "high"]
by_part = pd.DataFrame(rows, columns=columns)
for name in ("cosine", "control_lga"):
    many = parts.loc[name, ["averaged", "averaged_low", "averaged_high"]]
    averaged = Estimate(*many, n_draws)
    note(f"many {name}", f"{averaged}")
    note(f"verdict many {name}", str(verdict(averaged)))

# %% mystnb={"figure": {"caption": "Agreement with test accuracy of the error and its parts, each function once: of one draw of weights and batch (mean over draws, the line is one standard deviation to either side), and of their mean over all draws (with 95 % intervals over classes). Reliability is the agreement of two draws with each other.", "name": "fig-parts-across-draws"}, "image": {"alt": "Seven rows with three marks each. MSE, \u03ba and the size of the predictions lie around a half, higher for the mean over draws. The alignment with its scale and the gain by true labels lie left of zero. Cosine and label-gradient alignment lie a little right of zero for one draw and further right for the mean; their reliability is small.", "width": "520px"}} tags=["hide-input"]
interval_chart(
    by_part,
    row="part",
    colour="what",
    names=told,
    xlabel="agreement of two orders, Kendall's τ",
)
plt.show()

# %% [markdown]
# {numref}`fig-parts-across-draws` shows the parts with their scale and without it.
# Without its scale the part that knows the labels agrees with accuracy in the *right* direction: a larger cosine goes with
# a better architecture.
# On one batch of 64 images that is weak, and two batches hardly agree about the order
# (τ = {glue:text}`reliability cosine:.2f`); averaged over the draws it is clearer ({glue:text}`verdict many cosine`), and so is
# label-gradient alignment ({glue:text}`verdict many control_lga`).
# So there *is* something about the labels in an untrained network, but one batch is too little to see it.
# And it is not what makes the error rank as it does: an error with permuted labels, which carry no information, ranks just as
# well.
#
# ### And with more images?
#
# A batch of 64 was the paper's choice, but one can take more.
# So we ran the regression again with up to {glue:text}`path_most` training images and {glue:text}`path_held_out` held-out
# ones, without ridge and with three ridges, on several batches, each with weights of its own.
# This is a small run of {glue:text}`path_size`.
# The table has the means over classes and batches; a regression *beats the mean* when its error is below that of predicting
# the mean.

# %% tags=["hide-input"]
from tegnas_study.analysis import label_sizes
from tegnas_study.experiments.label_path import read_label_path

path, made = read_label_path()
block = label_sizes.whole_block(path)
n_cells, n_batches = block["architecture"].nunique(), block["batch"].nunique()
words = "batch" if n_batches == 1 else "batches"
note("path_size", f"{n_cells} classes of functions and {n_batches} {words}")
note("path_most", int(block["n"].max()))
note("path_fewest", int(block["n"].min()))
note("path_held_out", made["held_out"])
resampling = {"seed": seed, "n_draws": n_draws}
worth = label_sizes.values_by_size(block)

# %% tags=["hide-input"]
columns = {
    "error": ("MSE", ".2f"),
    "permuted": ("MSE, labels permuted", ".2f"),
    "cosine": ("cosine of ŷ and y", ".3f"),
    "below": ("beats the mean (%)", ".0f"),
}
told = worth.assign(below=100 * worth["below"]).rename(
    columns={k: w for k, (w, _) in columns.items()}
)
printed_table(told, dict(columns.values())).rename_axis(["images", "ridge"])

# %% tags=["hide-input"]
for ridge in (0.0, 1.0):
    grown = label_sizes.growth(block, ridge=ridge, **resampling).iloc[0]
    counted = f"{grown['more']:.0f} of {grown['classes']:.0f}"
    note(f"n grown {ridge:g}", counted)
    most = worth.loc[block["n"].max(), ridge]
    note(f"below most {ridge:g}", float(100 * most["below"]))

# %% [markdown]
# What does the regression learn about the labels when it has {glue:text}`path_most` images and not {glue:text}`path_fewest`?
# Its mean cosine of ŷ and y grows in {glue:text}`n grown 0` classes without ridge, and in {glue:text}`n grown 1` with a ridge
# of 1.
# With that ridge {glue:text}`below most 1:.0f` % of the regressions on {glue:text}`path_most` images beat predicting the
# mean, while {glue:text}`below most 0:.0f` % do so without it.
#
# Whether it is the *good* architectures that learn more is another question.
# The next figure says how well each part orders the classes as accuracy does, and how far one batch and the next agree about
# the order.

# %% tags=["hide-input"]
accuracy = benchmark.accuracy("cifar10")
few = label_sizes.order_at_ends(block, accuracy, **resampling)

# %% mystnb={"figure": {"caption": "A small run: agreement with accuracy of the error, of the cosine of \u0177 and y and of the label-gradient alignment, with the fewest and with the most training images (means over batches), and the agreement of one batch with the next about the order of the classes; 95 % intervals over classes.", "name": "fig-label-path-few"}, "image": {"alt": "Five rows with four wide intervals each, for the error and the cosine without ridge and with a ridge of 1, and for the alignment. Most of the intervals reach to both sides of zero; those of the error without ridge lie right of it.", "width": "520px"}} tags=["hide-input"]
interval_chart(
    few,
    row="part",
    colour="what",
    xlabel="agreement of two orders, Kendall's τ",
)
plt.show()

# %% [markdown]
# The intervals of {numref}`fig-label-path-few` are over classes and leave out what other batches would say;
# {glue:text}`path_size` are too few for a verdict.
#
# Every further regression of this kind is expensive, because each image's gradient depends on all others through the batch
# statistics: by {eq}`eq-cost` its price grows with the square of the number of images.
# When the statistics are held *frozen* in the derivative ({ref}`ch-conventions`), it grows only in proportion to it.
# That is another kernel, so the second run stands beside the first and does not replace it.

# %% tags=["hide-input"]
from tegnas_study.experiments.label_path import FROZEN_RECORD

path, made = read_label_path(FROZEN_RECORD)
frozen = label_sizes.whole_block(path)
frozen = frozen[frozen["ridge"].isin([0, 1])]
counts = frozen["architecture"].nunique(), frozen["batch"].nunique()
note("frozen_size", "{} classes and {} batches".format(*counts))
ends = [int(frozen["n"].min()), int(frozen["n"].max())]
note("frozen_fewest", int(frozen["n"].min()))
note("frozen_most", int(frozen["n"].max()))
note("frozen_held_out", made["held_out"])
many = label_sizes.order_at_ends(frozen, accuracy, **resampling)

# %% mystnb={"figure": {"caption": "The second run, with batch statistics held constant: the same agreements as in the figure before, with the fewest and with the most training images of this run; 95 % intervals over classes.", "name": "fig-label-path"}, "image": {"alt": "Five rows with four intervals each, for the error and the cosine without ridge and with a ridge of 1, and for the alignment: the agreement with accuracy with the fewest and with the most images, and the agreement of two batches.", "width": "520px"}} tags=["hide-input"]
interval_chart(
    many,
    row="part",
    colour="what",
    xlabel="agreement of two orders, Kendall's τ",
)
plt.show()

# %% tags=["hide-input"]
frozen_worth = label_sizes.values_by_size(frozen)["cosine"]
told = many.set_index(["part", "n", "of"])[["tau", "low", "high"]]
for which, n in zip(("fewest", "most"), sorted({*many["n"]})):
    note(f"frozen cosine {which}", float(frozen_worth[n, 0.0]))
    found_tau = Estimate(*told.loc[("cosine, no ridge", n, "accuracy")])
    note(f"frozen tau {which}", f"{found_tau}")
    note(f"frozen verdict {which}", f"{verdict(found_tau)}")
    found_tau = Estimate(*told.loc[("error, no ridge", n, "accuracy")])
    note(f"frozen error {which}", f"{found_tau}")
    for part in ("error", "cosine"):
        twice = told.loc[(f"{part}, no ridge", n, "two batches"), "tau"]
        note(f"frozen two, {part} {which}", float(twice))

# %% tags=["hide-input"]
for which, n in zip(("fewest", "most"), sorted({*many["n"]})):
    for part in ("cosine, ridge of 1", "label-gradient\nalignment"):
        other = Estimate(*told.loc[(part, n, "accuracy")])
        words = part.replace("\n", " ")
        note(f"frozen {words}, {which}", f"{other}")

# %% [markdown]
# This run has {glue:text}`frozen_size`, with {glue:text}`frozen_fewest` to {glue:text}`frozen_most` training and
# {glue:text}`frozen_held_out` held-out images.
# Without ridge the mean cosine goes from {glue:text}`frozen cosine fewest:.3f` with the fewest images to
# {glue:text}`frozen cosine most:.3f` with the most.
# Do architectures of larger cosine reach a higher accuracy?
# With the most images the agreement is {glue:text}`frozen tau most`, and with the fewest {glue:text}`frozen tau fewest`.
# In this run the claim has the verdict "{glue:text}`frozen verdict most`" for the most images, and
# "{glue:text}`frozen verdict fewest`" for the fewest.
#
# This belongs to the regression without a ridge.
# With a ridge of 1 the cosine agrees by {glue:text}`frozen cosine, ridge of 1, most` with the most images, and the
# label-gradient alignment, which needs no regression, goes from {glue:text}`frozen label-gradient alignment, fewest` to
# {glue:text}`frozen label-gradient alignment, most`.
#
# {numref}`fig-label-path` sets the cosine beside the error.
# With the most images the error without ridge agrees with accuracy by {glue:text}`frozen error most`, which is to be compared
# with {glue:text}`frozen tau most` for the cosine.
# Two batches agree about the order by τ = {glue:text}`frozen two, error most:.2f` for the error and by
# {glue:text}`frozen two, cosine most:.2f` for the cosine: the smaller this number, the less one batch says about an
# architecture.
#
# The second run was made by `python -m tegnas_study.experiments.label_path --batch-norm frozen --classes 500 --batches 20
# --held-out 512 --sizes 64,128,256,512`, with the file under `--out`; both can go on with larger numbers.

# %% [markdown]
# ### Does a better regression agree better?
#
# A ridge makes the predictions smaller and the regression better, as {numref}`fig-errors` shows.
# The agreement does not improve with it: {glue:text}`control_ridge_0.1` at a ridge of 0.1 and
# {glue:text}`control_ridge_1` at 1.
#
# ### Does the paper's printed kernel work?
#
# The kernel of the last layer, solved by a pseudo-inverse since it cannot be inverted, agrees by
# {glue:text}`control_last`.
# The paper's numbers come from the kernel of the cells.

# %% [markdown]
# ## Is it another condition number?
#
# If the error were a function of κ, nothing would be left of it among architectures of equal κ.
# Kendall's **partial τ** asks this without needing equal values:
#
# $$
# \tau_{xy \cdot z} = \frac{\tau_{xy} - \tau_{xz}\, \tau_{yz}}{\sqrt{(1 - \tau_{xz}^2)(1 - \tau_{yz}^2)}} .
# $$ (eq-partial-tau)

# %% tags=["hide-input"]
partials = {
    "MSE, given κ": "regression_error | condition_number",
    "κ, given MSE": "condition_number | regression_error",
    "MSE, given κ\nof the same kernel": "regression_error | control_kappa_cells",
    "κ of the same kernel,\ngiven MSE": "control_kappa_cells | regression_error",
    "MSE, given parameters": "regression_error | parameters",
    "parameters, given MSE": "parameters | regression_error",
}

# %% tags=["hide-input"]
partial_taus = pd.DataFrame(
    [
        (words, name, *estimate(statistic, name).numbers)
        for words, statistic in partials.items()
        for name in ("classes", "top tenth")
    ],
    columns=["given", "subset", "tau", "low", "high"],
)

# %% tags=["hide-input"]
for key, statistic in {
    "mse_given_kappa": "regression_error | condition_number",
    "mse_kappa": "regression_error ~ condition_number",
    "mse_cells": "regression_error ~ control_kappa_cells",
    "mse_over_cells": "regression_error − control_kappa_cells",
}.items():
    note(f"{key}, classes", f"{estimate(statistic):.3f}")

# %% tags=["hide-input"]
for name in ("classes", "top tenth"):
    beyond = label_parts.error_given_kappa(
        of_draws, name=name, seed=seed, n_draws=n_draws
    )
    note(f"beyond, {name}", f"{beyond}")
    words = f"{verdict(beyond.estimate)} ({beyond.words()})"
    note(f"verdict beyond, {name}", words)

# %% mystnb={"figure": {"caption": "Partial agreement with test accuracy of one number when another is held fixed, with 95 % intervals over classes.", "name": "fig-partial"}, "image": {"alt": "Six rows with two intervals each. With each function counted once all six lie right of zero; in the top tenth they lie around zero.", "width": "520px"}} tags=["hide-input"]
interval_chart(
    partial_taus,
    row="given",
    colour="subset",
    xlabel="partial agreement, Kendall's τ",
)
plt.show()

# %% [markdown]
# In {numref}`fig-partial` the error keeps an agreement of {glue:text}`mse_given_kappa, classes` when κ is held fixed, with
# each function counted once.
# The orders of the classes by the error and by κ agree with τ = {glue:text}`mse_kappa, classes`; those by the error and by the κ
# of its own kernel with τ = {glue:text}`mse_cells, classes`.
# By itself the error agrees more with accuracy than the κ of its own kernel, by {glue:text}`mse_over_cells, classes` on this
# table, when each is averaged over repeats as suits it: κ, with its heavy tail, by the mean of its logarithm.
# They are near relatives but not the same: over the classes each keeps some agreement when the other is held fixed.
# What the error has beyond κ is the size of its predictions, which depends on *all* small eigenvalues and not on the smallest
# alone.

# %% [markdown]
# ## On the other data sets
#
# Here are five of the variants with the accuracies on other data sets, each function counted once.
# {{ recorded }}

# %% tags=["hide-input"]
record = read_record("regression-error")
recorded = record.tables["variants"]
recorded = recorded[recorded["subset"] == "classes"]
data_sets = {
    "cifar10_test_200": "CIFAR-10",
    "cifar100_test_200": "CIFAR-100",
    "imagenet16_120_test_200": "ImageNet16-120",
}
chosen = recorded[
    recorded["statistic"].isin(["regression_error", "control_permuted"])
    | recorded["statistic"].isin(
        ["control_ridge_1", "control_last", "label_gain"]
    )
]
note("record", str(record))

# %% mystnb={"figure": {"caption": "Agreement of five variants, measured on CIFAR-10 images, with the benchmark's own test accuracies on three data sets. Recorded.", "name": "fig-variants-data-sets"}, "image": {"alt": "Five rows with three intervals each. True and permuted labels lie together far right of zero on all data sets, ridge 1 and the last layer near zero, the gain by true labels left of zero, for it grows with the size of the predictions.", "width": "520px"}} tags=["hide-input"]
interval_chart(
    chosen,
    row="statistic",
    colour="accuracy",
    value="value",
    names=WORDS | OTHERS | data_sets,
)
plt.show()

# %% [markdown]
# In {numref}`fig-variants-data-sets` the picture is the same on all three data sets: permuted labels rank as true ones do.
# The figure was {glue:text}`record`.

# %% [markdown]
# ## Beside the paper
#
# Here are the claims of the paper that this page is about, as {ref}`the page of claims <ch-claims>` judges them: across draws
# of weights and batch, with the benchmark's own accuracies.

# %% tags=["hide-input"]
from tegnas_study.ledger import page, verdict_of

labels = verdict_of("mse-uses-labels")
note("verdict labels", f"{labels.word}, by {labels.part().found}")
agrees = verdict_of("strong-correlations").part("MSE")
note("mse", f"{agrees.found}")
note("verdict mse", f"{agrees.verdict} ({agrees.in_draws})")
page.beside("ch-regression-error")

# %% [markdown]
# The next table has what the paper takes for granted, or does not ask, with each function counted once and across
# {glue:text}`number_of_draws` draws where there is a verdict.
#
# ```{list-table}
# :header-rows: 1
#
# * - the claim
#   - here
#   - verdict
# * - MSE agrees with accuracy (from the ledger, all architectures)
#   - {glue:text}`mse`
#   - {glue:text}`verdict mse`
# * - the part that knows the labels, free of scale, agrees with accuracy
#   - cosine, mean over the draws: {glue:text}`many cosine`
#   - {glue:text}`verdict many cosine`
# * - the regression beats predicting the mean
#   - for {glue:text}`n_below` of {glue:text}`n_connected` connected architectures
#   - {glue:text}`verdict_mean`
# * - MSE says something that κ does not
#   - partial τ {glue:text}`beyond, classes`
#   - {glue:text}`verdict beyond, classes`
# * - … in the top tenth too
#   - partial τ {glue:text}`beyond, top tenth`
#   - {glue:text}`verdict beyond, top tenth`
# ```

# %% tags=["hide-input"]
below = values.loc["regression_error", "below"]
note("verdict_mean", "holds" if below > 0.5 else "does not hold")

# %% [markdown]
# ## What we now know
#
# The regression error agrees with accuracy about as well as κ and R do, and not only because it resembles κ.
# But what agrees is the size of the predictions of an unregularised regression, a property of the kernel's spectrum that
# is there with any labels; so the name *generalization* belongs to a part of the error that its agreement with accuracy does
# not come from.
# That part, free of its scale, is lost in noise on a single batch of 64; with {glue:text}`frozen_most` images and frozen
# statistics its agreement is {glue:text}`frozen tau most` without a ridge, where the claim that it agrees with accuracy has the
# verdict “{glue:text}`frozen verdict most`”, and {glue:text}`frozen cosine, ridge of 1, most` with a ridge of 1.
#
# ## What we do not know
#
# All of this is about *one* setting, a small network with random weights, 64 images and no ridge, which is also the paper's;
# whether the theory behind it is right, for wide networks and many images, is another question.
# All architectures of a draw see one batch of 64 images, and the draws are few.
# With more images and a ridge the regression begins to generalize in the plain sense, but then it is another indicator, and of
# the two runs that look at it one has few classes and the other holds the batch statistics constant.

# %% [markdown]
# ## Exercises
#
# ```{exercise}
# :label: ex-parts
# For one architecture the mean of $\lVert \hat y \rVert^2$ is 0.60, that of $\langle \hat y, y \rangle$ is 0.10, and
# predicting the mean costs 0.89.
# What is its MSE?
# ```

# %%
answer = None  # your number

from tegnas_study.exercises import check

check("ex-parts", answer)

# %% [markdown]
# ````{solution} ex-parts
# :class: dropdown
# It is 0.60 − 2 · 0.10 + 0.89 = 1.29, which is more than predicting the mean costs: to cost less, the alignment would have to
# exceed half the size.
#
# ```python
# answer = 0.60 - 2 * 0.10 + 0.89
# ```
# ````
#
# ```{exercise}
# :label: ex-shrink
# Shrink the predictions of an architecture to $c\,\hat y$.
# Write the $c$ that makes its error smallest, from the predictions and the targets of the held-out images, both of shape
# (images, classes).
# Which $c$ is it for the architecture of the exercise before?
# ```


# %%
def best_shrinkage(predictions, targets):
    """Return the factor c for which the error of c · predictions is least."""
    ...


check("ex-shrink", best_shrinkage)

# %% [markdown]
# ````{solution} ex-shrink
# :class: dropdown
# By {eq}`eq-parts` the error is $c^2\,\overline{\lVert \hat y \rVert^2} - 2c\,\overline{\langle \hat y, y \rangle} +
# \overline{\lVert y \rVert^2}$, a parabola in $c$, and smallest where $c$ is the alignment divided by the size.
# For the architecture before that is $0.10 / 0.60 \approx 0.167$, where its error is 0.873: just below 0.89.
# This is roughly what a strong ridge does, and why it helps every architecture while it takes away what ranked them.
#
# ```python
# def best_shrinkage(predictions, targets):
#     return (predictions * targets).sum() / (predictions**2).sum()
# ```
# ````
#
# ```{exercise}
# :label: ex-partial
# An error agrees with accuracy by 0.5, κ does by 0.5, and they agree with each other by 0.7.
# Given κ, the partial agreement of the error is then 0.24: half of the agreement is shared with κ.
# Change this and predict: κ agrees with accuracy by 0.8, and the rest stays.
# Is the partial agreement of the error larger or smaller, and what is it?
# ```

# %%
answer = None  # your number

check("ex-partial", answer)

# %% [markdown]
# ````{solution} ex-partial
# :class: dropdown
# By {eq}`eq-partial-tau` it is $(0.5 - 0.7 \cdot 0.8) / \sqrt{(1 - 0.49)(1 - 0.64)} = -0.14$.
# An error that resembles κ so much should agree by 0.56 on κ's account alone; it agrees by less, so what is left of it when
# κ is held fixed points the wrong way.
#
# ```python
# answer = (0.5 - 0.7 * 0.8) / np.sqrt((1 - 0.7**2) * (1 - 0.8**2))
# ```
# ````
#
# ```{exercise}
# :label: ex-write-partial
# Write the partial agreement {eq}`eq-partial-tau` of $x$ and $y$, given $z$, as a function of the three agreements.
# ```


# %%
def partial_agreement(xy, xz, yz):
    """Return the agreement of x and y that z does not explain."""
    ...


check("ex-write-partial", partial_agreement)

# %% [markdown]
# ````{solution} ex-write-partial
# :class: dropdown
# When the agreement of $x$ and $y$ is the product of the other two, nothing is left.
#
# ```python
# def partial_agreement(xy, xz, yz):
#     return (xy - xz * yz) / np.sqrt((1 - xz**2) * (1 - yz**2))
# ```
# ````

# %% [markdown]
# ## Provenance

# %% tags=["hide-input"]
from tegnas_study.colophon import colophon

colophon(seed=seed, started=started, settings=settings, benchmark=benchmark)

# %% tags=["hide-input"]
record
