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
# (ch-choices)=
# # How Much Do the Choices Matter?
#
# To compute κ, R and MSE one has to decide a dozen things that the paper does not say, and some that its text and its code
# say differently ({ref}`the conventions <ch-conventions>` list them all).
# Would another decision give another order of the architectures?
# If so, every statement of this book would be one about our decisions.
#
# There is one more choice that nobody makes on purpose: the draw of the random weights.
# We begin with it, since it tells how large a difference must be to mean anything.
# Then we measure the same 1,000 architectures under other settings and with other images.
# After this chapter you know which choices you may make freely, and how many repeats a reliable order costs.

# %% tags=["parameters"]
n_draws: int = 1000  # resamples behind every interval
n_splits: int = 20  # how often repeats are drawn
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
from tegnas_study import load_benchmark
from tegnas_study.analysis import (
    Estimate,
    choices,
    read_record,
    reliability,
    verdict,
)
from tegnas_study.figures.curves import over_repeats

# %% tags=["hide-input"]
from tegnas_study.figures.intervals import interval_chart
from tegnas_study.figures.style import SYMBOLS
from tegnas_study.tables.atlases import (
    atlas_coverage,
    atlas_names,
    atlas_repeats,
    atlas_settings,
)
from tegnas_study.tables.printed import printed

# %% [markdown]
# ## Luck
#
# A **repeat** is a new draw of all weights; the images stay.
# The **intra-class correlation** says how much of what one sees in a single repeat belongs to the architecture
# {cite}`shrout1979intraclass`:
#
# $$
# \mathrm{ICC} = \frac{B - W}{B + (r - 1)\, W} .
# $$ (eq-icc)
#
# $B$ is the mean square between architectures, times the number $r$ of repeats; $W$ is the mean square of what is left when
# the means of architectures and those of repeats are subtracted.
# The ICC is 1 when luck does nothing, and 0 when it does everything.
#
# ### By hand: three architectures, two repeats

# %%
values = np.array([[1.0, 3.0], [4.0, 4.0], [7.0, 8.0]])
n, r = values.shape
by_row = values.mean(1, keepdims=True)
by_column = values.mean(0, keepdims=True)
left = values - by_row - by_column + values.mean()
B = r * np.sum((by_row - values.mean()) ** 2) / (n - 1)
W = np.sum(left**2) / ((n - 1) * (r - 1))
print(f"B = {B}, W = {W}, ICC = {(B - W) / (B + (r - 1) * W)}")
assert np.isclose(reliability.intraclass(values), 15 / 16)

# %% [markdown]
# The second repeat is larger by one on average, and a shift that is the same for all does no harm to their order.
# What does harm is that the second repeat is larger by two for one architecture and by nothing for another.
#
# ### It agrees with the slow way
#
# The atlas has ten repeats of a part of the sample.
# Here we compute the ICC of R from them, entry by entry.

# %%
repeated = atlas_repeats(reliability.TABLE)
settings = atlas_settings(reliability.TABLE)
matrices = reliability.repeated(repeated, average=settings.average)
matrix = matrices["linear_regions"].to_numpy()
n, r = matrix.shape
grand = sum(sum(row) for row in matrix) / (n * r)
rows = [sum(row) / r for row in matrix]
columns = [sum(matrix[:, j]) / n for j in range(r)]
between = r * sum((row - grand) ** 2 for row in rows) / (n - 1)
left = [
    (matrix[i, j] - rows[i] - columns[j] + grand) ** 2
    for i in range(n)
    for j in range(r)
]

# %%
within = sum(left) / ((n - 1) * (r - 1))
slow = (between - within) / (between + (r - 1) * within)
assert np.isclose(slow, reliability.intraclass(matrix))
print(f"ICC of R over {n} architectures and {r} repeats: {slow:.3f}")

# %% tags=["hide-input"]
note("n_repeated", n)
note("r", r)

# %% [markdown]
# ## How many repeats are enough?
#
# Take {glue:text}`n_repeated` connected architectures with {glue:text}`r` repeats each.
# Choose $k$ repeats at random and $k$ others, average each group, and compute Kendall's τ between the two averages.
# They measure the same thing in the same way; only the weights differ.

# %% tags=["hide-input"]
options = {"seed": seed, "n_splits": n_splits}
halves = reliability.split_halves(matrices, **options)
needed = reliability.repeats_foreseen(halves, above=0.9)
single = reliability.intraclass_correlations(
    matrices, seed=seed, n_draws=n_draws
)
found = halves.set_index(["predictor", "k"])
for name in reliability.INDICATORS:
    for k in (1, 3, 5):
        note(f"halves {name}, {k}", float(found.loc[(name, k), "tau"]))
    note(f"needed {name}", f"{needed[name]:.0f}")
for name, icc in single.items():
    note(f"icc {name}", f"{icc}")
note("turned", float(50 * (1 - found.loc[("rank_sum", 3), "tau"])))

# %% tags=["hide-input"]
from tegnas_study.tables.ranking import rank_sum

of_ranks = {name: matrix.rank() for name, matrix in matrices.items()}
of_ranks["rank_sum"] = pd.DataFrame(
    {
        j: rank_sum(pd.DataFrame({k: m[j] for k, m in matrices.items()}))
        for j in range(r)
    }
)
for name, ranked in of_ranks.items():
    icc = reliability.intraclass(ranked.to_numpy(float))
    note(f"icc ranks {name}", f"{icc:.2f}")

# %% mystnb={"figure": {"caption": "Agreement of two averages over the same architectures, each of k repeats with weights of its own. Bands hold 95 % of the ways to choose the repeats; the dashed line is 0.9.", "name": "fig-halves"}, "image": {"alt": "Four rising curves over one to five repeats, which flatten. Those of the sum of ranks and of R are the highest, that of MSE is the lowest. None reaches the dashed line.", "width": "520px"}} tags=["hide-input"]
over_repeats(
    halves,
    xlabel="repeats in each average",
    ylabel="τ between two averages",
    line=0.9,
)
plt.show()

# %% [markdown]
# In {numref}`fig-halves` no average of up to five repeats agrees with another one by 0.9.
# Three repeats, which the paper takes {cite}`chen2021tegnas` and we do too, leave the MSE at
# {glue:text}`halves regression_error, 3:.2f` and the sum of ranks at {glue:text}`halves rank_sum, 3:.2f`: of 100 pairs of
# architectures, {glue:text}`turned:.0f` change their order with the weights.
#
# How many would do?
# When values and noise are normally distributed, τ stands for a correlation $\rho = \sin(\pi \tau / 2)$, and its odds
# $\rho / (1 - \rho)$ grow in proportion to the number of repeats {cite}`spearman1910`:
#
# $$
# \frac{\rho_k}{1 - \rho_k} = k\, \frac{\rho_1}{1 - \rho_1} .
# $$ (eq-odds)

# %%
checks = {
    name: {
        "one repeat": found.loc[(name, 1), "tau"],
        "five, foreseen": reliability.foreseen_tau(
            found.loc[(name, 1), "tau"], 5
        ),
        "five, measured": found.loc[(name, 5), "tau"],
    }
    for name in reliability.INDICATORS
}
pd.DataFrame(checks).T.rename(SYMBOLS).rename_axis("τ between").round(2)

# %% [markdown]
# What {eq}`eq-odds` foresees from one repeat is a little too high at five, so the numbers of repeats that it asks for in the
# next table are, if anything, too small.
#
# ```{list-table}
# :header-rows: 1
#
# * -
#   - ICC of one repeat
#   - τ between averages of three
#   - repeats for τ > 0.9, foreseen
# * - κ (its logarithm)
#   - {glue:text}`icc condition_number`
#   - {glue:text}`halves condition_number, 3:.2f`
#   - {glue:text}`needed condition_number`
# * - R
#   - {glue:text}`icc linear_regions`
#   - {glue:text}`halves linear_regions, 3:.2f`
#   - {glue:text}`needed linear_regions`
# * - MSE
#   - {glue:text}`icc regression_error`
#   - {glue:text}`halves regression_error, 3:.2f`
#   - {glue:text}`needed regression_error`
# * - sum of ranks
#   - none, since ranks are no values
#   - {glue:text}`halves rank_sum, 3:.2f`
#   - {glue:text}`needed rank_sum`
# ```
#
# The ICC here is one of values, over {glue:text}`n_repeated` architectures.
# {ref}`The cards <ch-cards>` print that of *ranks* within each repeat, which exists for the sum too, and which the few huge
# values of MSE disturb less: {glue:text}`icc ranks regression_error` for MSE, {glue:text}`icc ranks condition_number` for κ
# and {glue:text}`icc ranks rank_sum` for the sum.
# The cards also choose halves in fewer ways, so their numbers of repeats differ a little from these.
#
# A reliable order of single architectures would take twenty repeats or more.
# Does the agreement with accuracy need so many?

# %% tags=["hide-input"]
benchmark = load_benchmark()
accuracy = benchmark.accuracy("cifar10")
more = reliability.agreement_by_repeats(matrices, accuracy, **options)
by_k = more.set_index(["predictor", "k"])["tau"]
for name in reliability.INDICATORS:
    for k in (1, 3, 10):
        note(f"accuracy {name}, {k}", float(by_k[name, k]))
    note(f"climb {name}", float(by_k[name, 10] - by_k[name, 5]))

# %% mystnb={"figure": {"caption": "Agreement with test accuracy on CIFAR-10 of averages over k repeats. Bands hold 95 % of the ways to choose the repeats; there is one way to take all ten.", "name": "fig-more-repeats"}, "image": {"alt": "Four curves over one to ten repeats that rise quickly and then flatten. The sum of ranks is the highest throughout; MSE begins lowest and ends close to it.", "width": "520px"}} tags=["hide-input"]
over_repeats(
    more, xlabel="repeats averaged", ylabel="agreement with accuracy, τ"
)
plt.show()

# %% [markdown]
# By {numref}`fig-more-repeats` it does not.
# The agreement of the sum of ranks rises from {glue:text}`accuracy rank_sum, 3:.2f` with three repeats to
# {glue:text}`accuracy rank_sum, 10:.2f` with ten.
# Most of what separates it from 1 is not the luck of the draw, since more repeats do not close the gap.
# MSE, the least reliable of the three, gains most: from five repeats to ten its agreement still rises by
# {glue:text}`climb regression_error:.2f`.

# %% [markdown]
# ## The choices
#
# ```{list-table}
# :header-rows: 1
# :widths: 26 74
# :class: choices
#
# * - Choice
#   - What differs from `teg`
# * - released
#   - what the code of the paper computes: PyTorch's default weights, single precision throughout, test images in the
#     regression, the arithmetic mean of κ, and every string as it is written
# * - paper
#   - what its text says: κ of all parameters, the kernel of the last layer for the error and its norm without a square, new
#     images in each repeat, and no augmentation; test images, mean and strings as in `released`
# * - frozen batch-norm
#   - the statistics of a batch are treated as constants: the derivative does not go through them
# * - batch of 32, of 16
#   - fewer images in the kernel
# * - stand-in, 100 classes
#   - 32 × 32 images of Tiny ImageNet: a **stand-in** for CIFAR-100
# * - stand-in, 120 classes
#   - 16 × 16 images of Tiny ImageNet: a **stand-in** for ImageNet16-120
# ```
#
# The stand-ins have the shape and the number of classes of the data sets whose place they take, but other images.

# %% tags=["hide-input"]
samples = choices.samples()
once = choices.each_function_once(samples)
assert all(rows.index.equals(once["teg"].index) for rows in once.values())
draws = {
    "classes": choices.choice_agreements(
        once, accuracy, seed=seed, n_draws=n_draws
    ),
    "all": choices.choice_agreements(
        samples, accuracy, seed=seed, n_draws=n_draws
    ),
}

# %% tags=["hide-input"]
note("n", f"{len(samples['teg']):,}")
note("n_classes", len(once["teg"]))
note("coverage", str(atlas_coverage()))

# %% [markdown]
# Every choice was measured on the same {glue:text}`n` architectures, drawn at random from the space, with three repeats each.
# They fall into {glue:text}`n_classes` classes of equal functions.
# We count each function once; under `released` and `paper`, where equal functions get different values, the first one in the
# sample counts.
# {{ here }}

# %% [markdown]
# ## The text, the code, and ours

# %% tags=["hide-input"]
agreed = choices.statistics(draws["classes"])
presets = agreed[agreed["choice"].isin(["teg", "released", "paper"])]

# %% mystnb={"figure": {"caption": "Agreement with test accuracy on CIFAR-10 under three readings of the paper, each function of the sample once. Intervals of 95 % are over classes.", "name": "fig-presets"}, "image": {"alt": "Four rows, one for each indicator and one for the sum of ranks. For the condition number and R all three readings lie together. For MSE teg and released lie together and paper left of zero; for the sum of ranks paper lies left of the other two.", "width": "520px"}} tags=["hide-input"]
interval_chart(presets, row="predictor", colour="choice", names=SYMBOLS)
plt.show()

# %% tags=["hide-input"]
gaps = choices.differences(draws["classes"])
for row in gaps.itertuples():
    gap = Estimate(row.difference, row.low, row.high, n_draws)
    note(f"gap {row.choice}, {row.predictor}", f"{gap:.3f}")
text_mse = agreed.set_index(["choice", "predictor"]).loc[
    ("paper", "regression_error"), ["tau", "low", "high"]
]
note("paper, regression_error", f"{Estimate(*text_mse)}")

# %% [markdown]
# In {numref}`fig-presets` the code and our own version agree with accuracy about equally well, and the text does not.
# ({ref}`A later chapter <ch-forensics>` finds a gap between the two: it counts strings as they were drawn, takes the −1 of
# the code for a value, and rests on one draw of the weights, whose luck is a good part of that gap.)
#
# What the *code* decides by accident (default weights, single precision, several values for one class) changes the agreement
# of κ by {glue:text}`gap released, condition_number`, that of MSE by {glue:text}`gap released, regression_error`, and that of
# the sum of ranks by {glue:text}`gap released, rank_sum`.
#
# With what the *text* says, κ and R are nearly what they were, but MSE agrees by {glue:text}`paper, regression_error`: a
# small error of the *last layer's* kernel is a slightly bad sign.
# It takes {glue:text}`gap paper, rank_sum` from the sum of ranks.
# The equation that is printed for the third indicator is not the one that was evaluated
# ({ref}`the chapter on the regression error <ch-regression-error>` finds the same over the whole space).

# %% [markdown]
# ### Dead ends count, or they do not
#
# A convolution on an edge that leads nowhere still switches ReLUs.
# `teg` evaluates the plainest member of a class, which has no such edges; the code evaluates the string as it is written.

# %% tags=["hide-input"]
cut_off = samples["teg"].index[~samples["teg"]["connected"]]
regions = {name: samples[name]["linear_regions"] for name in samples}
note("n_cut_off", len(cut_off))
note("cut_off teg", f"{regions['teg'][cut_off].max():.0f}")
largest = regions["released"][cut_off].max()
note("cut_off released", f"{largest:.0f}")
beaten = (regions["released"].drop(cut_off) < largest).mean()
note("beaten", float(100 * beaten))

# %% [markdown]
# In {glue:text}`n_cut_off` cells of the sample no path joins input and output; they cannot learn anything.
# Under `teg` all of them have R = {glue:text}`cut_off teg`.
# Under `released` one of them has R = {glue:text}`cut_off released`, which is more than {glue:text}`beaten:.0f` % of the
# cells that can learn.

# %% [markdown]
# ## What each choice changes
#
# Each resample computes both sides of a difference, so what they share cancels.
# Left of zero, a choice agrees less with accuracy than `teg` does.

# %% tags=["hide-input"]
over_all = choices.differences(draws["all"])
strings = over_all[over_all["predictor"] == "rank_sum"]
strings = strings.assign(predictor="sum of ranks, all strings")
both = pd.concat([gaps, strings])
drawn = (both["compared"] != "the same") & (both["choice"] != "paper")
shown = both[drawn]
seconds = {
    name: atlas_repeats(table)["seconds"].median()
    for table, name in choices.TABLES.items()
    if table in atlas_names()
}
full = repeated["seconds"].median()
for choice in ("frozen batch-norm", "batch of 32", "batch of 16"):
    note(f"time {choice}", float(seconds[choice] / full))

# %% mystnb={"figure": {"caption": "How much better than teg: differences of two agreements over the same architectures, each function once, with 95 % intervals over classes. The last colour counts every string of the sample, equal functions as often as they were drawn. What a choice does not touch is not drawn; paper is left to the figure before.", "name": "fig-choice-gaps"}, "image": {"alt": "Six rows, one for each choice, with up to five intervals. Those of released lie on both sides of zero and are the widest; frozen batch-norm and a batch of 32 lie close to zero, a batch of 16 to the left of it, with MSE furthest. Both stand-ins lie close to zero.", "width": "520px"}} tags=["hide-input"]
interval_chart(
    shown,
    row="choice",
    colour="predictor",
    value="difference",
    names=SYMBOLS,
    xlabel="agreement minus that of teg",
)
plt.show()

# %% [markdown]
# {numref}`fig-choice-gaps` says that most choices cost little.
#
# *Frozen batch-norm* and *a batch of 32* are cheap: a repeat took {glue:text}`time frozen batch-norm:.2f` and
# {glue:text}`time batch of 32:.2f` of the time that it takes under `teg`, and the agreement hardly suffers.
# *A batch of 16* is too small for MSE, which rests on half as many held-out images each time the batch is halved: its
# agreement changes by {glue:text}`gap batch of 16, regression_error`.
# R does not depend on the batch of the kernel, nor on how batch normalisation is differentiated, so these choices leave it
# nearly as it is.
#
# *The images* hardly matter.
# The stand-ins show other classes, and more of them, and one has a quarter of the pixels; yet the indicators agree with
# accuracy on CIFAR-10 about as well as they do with CIFAR-10's own images.
# Each data set is *one* batch of images here, the same for all architectures, so differences as small as these may be due
# to the data set or to the batch that happened to be drawn.

# %% [markdown]
# ### One choice alone: which mean of κ
#
# κ has a heavy tail: some of its values are many times larger than the rest.
# So it matters which mean one takes over repeats.
# Here are the same three repeats, averaged by the arithmetic mean, as the paper and its code do, and by the geometric one.

# %% tags=["hide-input"]
means = choices.means_of_kappa(once, atlas_repeats())
resampling = {"seed": seed, "n_draws": n_draws}
by_mean = choices.choice_agreements(means, accuracy, **resampling)
other, first = [(m, "condition_number") for m in means][::-1]
geometric = by_mean.estimate(lambda s: s[first] - s[other])
note("gap of means", f"{geometric:.3f}")

# %% [markdown]
# With the geometric mean κ agrees more, by {glue:text}`gap of means`: that is little, but it costs nothing.

# %% [markdown]
# ## Do they put architectures in the same order?
#
# Two choices may agree with accuracy equally well and still disagree with each other.
# The yardstick is luck: the agreement of an average of three repeats with the average of three others, from
# {numref}`fig-halves`.

# %% tags=["hide-input"]
alike = choices.statistics(choices.likeness_to_reference(once, **resampling))
luck = halves[halves["k"] == 3].assign(choice="only other weights")
compared = pd.concat([luck[alike.columns], alike], ignore_index=True)
compared = compared[compared["low"] < 1]  # the same numbers are no news
for row in compared.itertuples():
    words = printed(row.tau, ".2f")
    note(f"alike {row.choice}, {row.predictor}", words)

# %% mystnb={"figure": {"caption": "Kendall's \u03c4 of each choice with teg over the connected architectures, each function once. First row: two averages of three repeats under teg itself, with other weights; its lines hold 95 % of the ways to choose the repeats.", "name": "fig-likeness"}, "image": {"alt": "Eight rows, the first for other weights only. Released lies a little to the left of that row. Frozen batch-norm, the smaller batches and the stand-ins lie mostly further right. Under paper the condition number and R lie far to the right and MSE left of zero.", "width": "520px"}} tags=["hide-input"]
interval_chart(
    compared,
    row="choice",
    colour="predictor",
    names=SYMBOLS,
    xlabel="agreement with teg, Kendall's τ",
)
plt.show()

# %% [markdown]
# {numref}`fig-likeness` divides the choices into two groups.
#
# Smaller batches, frozen statistics and other images keep the weights, and they keep most of the order: by their sum of
# ranks they are closer to `teg` than `teg` with other weights is to itself ({glue:text}`alike only other weights, rank_sum`).
#
# `released` draws its weights from another distribution.
# Its κ agrees with ours by {glue:text}`alike released, condition_number`, while two draws under `teg` agree by
# {glue:text}`alike only other weights, condition_number`, so luck alone does not explain the difference.
# The order *is* another one and agrees with accuracy all the same; for a single architecture neither is the truth.
#
# `paper` differs in one place, MSE: with {glue:text}`alike paper, regression_error` its order has little to do with ours, and
# leans the other way.

# %% [markdown]
# ## On the other data sets
#
# {{ recorded }}

# %% tags=["hide-input"]
record = read_record("choices")
data_sets = {
    "cifar10_test_200": "CIFAR-10",
    "cifar100_test_200": "CIFAR-100",
    "imagenet16_120_test_200": "ImageNet16-120",
}
recorded = record.tables["agreements"]
recorded = recorded[recorded["subset"] == "classes"]
sums = recorded[recorded["predictor"] == "rank_sum"]
note("record", record.provenance["date"])

# %% mystnb={"figure": {"caption": "Agreement of the sum of ranks under each choice with the benchmark's own test accuracies on three data sets, each function once. The two stand-ins show other images than those data sets. Recorded.", "name": "fig-choices-data-sets"}, "image": {"alt": "Eight rows with three intervals each, close together but for paper, which lies to the left of the others, as a batch of 16 does a little.", "width": "520px"}} tags=["hide-input"]
interval_chart(sums, row="choice", colour="accuracy", names=data_sets)
plt.show()

# %% tags=["hide-input"]
gaps_elsewhere = record.tables["differences"].set_index(
    ["subset", "accuracy", "choice", "predictor"]
)
for accuracy_name, choice in (
    ("cifar100_test_200", "stand-in, 100 classes"),
    ("imagenet16_120_test_200", "stand-in, 120 classes"),
):
    row = gaps_elsewhere.loc["classes", accuracy_name, choice, "rank_sum"]
    gap = Estimate(row["difference"], row["low"], row["high"])
    note(f"own images, {data_sets[accuracy_name]}", f"{gap:.3f}")
    note(f"verdict own, {data_sets[accuracy_name]}", str(verdict(gap)))

# %% [markdown]
# {numref}`fig-choices-data-sets` was recorded {glue:text}`record` from the same sample of architectures as above, each function
# of it once.
# The picture is the same on all three data sets: only `paper`, the choices of the text, stands apart.
#
# Do indicators know more when their images resemble those of the data set whose accuracy they should tell?
# With the stand-in for CIFAR-100 in place of CIFAR-10 images, the agreement with CIFAR-100's accuracies changes by
# {glue:text}`own images, CIFAR-100`.
# With the stand-in for ImageNet16-120, the agreement with ImageNet16-120's accuracies changes by
# {glue:text}`own images, ImageNet16-120`.
# The first change cannot be told from nothing; the second is small, and the same images do no harm on CIFAR-10 either, so it
# need not be about the data set.
# Whether the data sets' own images would do better, a stand-in cannot say.

# %% [markdown]
# ## Beside the paper
#
# To say that a choice *does not matter* one needs a margin.
# We ask whether the sum of ranks loses less than 0.05 of its agreement; the claim holds when the whole interval of the
# difference lies above −0.05.
# This is a small margin beside an agreement of 0.6, and no promise that nothing is lost.
# A verdict here rests on one table of a thousand architectures for each choice: one draw of weights and batch.
#
# ```{list-table}
# :header-rows: 1
#
# * - the claim, or what is taken for granted
#   - here, CIFAR-10, each function once
#   - verdict
# * - *taken for granted by everyone who averages three repeats, as the paper does:* another average of three gives the same
#     order (τ > 0.9)
#   - {glue:text}`halves rank_sum, 3:.2f` for the sum of ranks
#   - {glue:text}`verdict three`
# * - *the code:* released loses less than 0.05
#   - {glue:text}`gap released, rank_sum`
#   - {glue:text}`verdict released`
# * - *the text:* paper loses less than 0.05
#   - {glue:text}`gap paper, rank_sum`
#   - {glue:text}`verdict paper`
# * - *the text:* the error of the last layer's kernel agrees with accuracy
#   - {glue:text}`paper, regression_error` here; across draws of weights {glue:text}`last layer`, as in
#     {ref}`the ledger <ch-claims>`
#   - {glue:text}`verdict last layer`
# * - *ours:* the geometric mean of κ is the better one
#   - {glue:text}`gap of means`
#   - {glue:text}`verdict means`
# * - *in no paper:* frozen batch-norm loses less than 0.05
#   - {glue:text}`gap frozen batch-norm, rank_sum`
#   - {glue:text}`verdict frozen batch-norm`
# * - *in no paper:* a batch of 32 loses less than 0.05
#   - {glue:text}`gap batch of 32, rank_sum`
#   - {glue:text}`verdict batch of 32`
# * - *in no paper:* a batch of 16 loses less than 0.05
#   - {glue:text}`gap batch of 16, rank_sum`
#   - {glue:text}`verdict batch of 16`
# * - *in no paper:* other images lose less than 0.05 (stand-in, 100 classes)
#   - {glue:text}`gap stand-in, 100 classes, rank_sum`
#   - {glue:text}`verdict stand-in, 100 classes`
# * - *in no paper:* other, smaller images lose less than 0.05 (stand-in, 120 classes)
#   - {glue:text}`gap stand-in, 120 classes, rank_sum`
#   - {glue:text}`verdict stand-in, 120 classes`
# ```

# %% tags=["hide-input"]
from tegnas_study.ledger import verdict_of

at_three = found.loc[("rank_sum", 3), ["tau", "low", "high"]]
last_layer = verdict_of("eq8-last-layer")
note("verdict three", str(verdict(Estimate(*at_three), above=0.9)))
note("last layer", f"{last_layer.part().found}")
note("verdict last layer", last_layer.word)
note("verdict means", str(verdict(geometric)))
for row in gaps[gaps["predictor"] == "rank_sum"].itertuples():
    gap = Estimate(row.difference, row.low, row.high, n_draws)
    note(f"verdict {row.choice}", str(verdict(gap, above=-0.05)))

# %% [markdown]
# ## What we now know
#
# Most choices matter little, and the statements of this book do not hang on them: initial weights, precision, batch
# statistics and the images move the agreement of the sum of ranks with accuracy by a few hundredths.
# One choice matters: with the kernel of the last layer little is left of the third indicator.
# The order of *single* architectures is far from settled with three repeats, so a search that compares two good cells by
# their indicators largely compares luck.
#
# ## What we do not know
#
# A preset changes many choices at once and does not say which of them is to blame
# ({ref}`a later chapter <ch-forensics>` takes them one by one).
# The intervals are over architectures, and each choice was measured with one seed.

# %% [markdown]
# ## Exercises
#
# ```{exercise}
# :label: ex-icc
# Four architectures have two repeats each.
# Change the second repeat, so that it is exactly three larger than the first for every architecture.
# Predict the ICC of {eq}`eq-icc`, and then compute it.
# ```

# %%
answer = None  # your number

from tegnas_study.exercises import check

check("ex-icc", answer)

# %% [markdown]
# ````{solution} ex-icc
# :class: dropdown
# It is 1: when the means of the architectures and of the repeats are taken off, nothing is left, so $W = 0$.
#
# ```python
# first = np.array([1.0, 2.0, 4.0, 7.0])
# answer = reliability.intraclass(np.column_stack([first, first + 3]))
# ```
# ````
#
# ```{exercise}
# :label: ex-odds
# Two single repeats of an indicator agree by τ = 1/3.
# By {eq}`eq-odds`, by how much will two averages of nine repeats agree?
# ```

# %%
answer = None  # your number

check("ex-odds", answer)

# %% [markdown]
# ````{solution} ex-odds
# :class: dropdown
# $\rho_1 = \sin(\pi/6) = 1/2$ has odds of 1; nine repeats make odds of 9, so $\rho_9 = 0.9$ and
# $\tau = \tfrac{2}{\pi} \arcsin 0.9 \approx 0.71$.
#
# ```python
# answer = reliability.foreseen_tau(1 / 3, 9)
# ```
# ````
#
# ```{exercise}
# :label: ex-margin
# A choice changes the agreement by −0.02, with an interval from −0.06 to 0.02.
# With a margin of 0.05, what do we say of "it costs little": "holds", "does not hold" or "cannot tell"?
# ```

# %%
answer = None  # one of the three, in quotation marks

check("ex-margin", answer)

# %% [markdown]
# ````{solution} ex-margin
# :class: dropdown
# "Cannot tell": the interval has parts on both sides of −0.05.
# That the difference cannot be told from zero is a weaker statement than that it is small; a sample of ten
# architectures could not tell any difference from zero.
#
# ```python
# answer = str(verdict(Estimate(-0.02, -0.06, 0.02), above=-0.05))
# ```
# ````
#
# ```{exercise}
# :label: ex-write-icc-of-mean
# {eq}`eq-icc` says how much of *one* repeat belongs to the architecture, but what one uses is the mean of all repeats.
# Write the function that says how much of this mean belongs to the architecture, from a table with a row for each
# architecture and a column for each repeat.
# Before you run it, predict whether the result can be smaller than the ICC of one repeat when that is positive.
# ```


# %%
def icc_of_mean(values):
    """Return the ICC of the mean of all repeats of an array (architectures, repeats)."""
    ...


check("ex-write-icc-of-mean", icc_of_mean)

# %% [markdown]
# ````{solution} ex-write-icc-of-mean
# :class: dropdown
# $B$ is $r$ times the variance of the means, and of that $W$ comes from luck; so the share $(B - W) / B$ of the variance of
# the means belongs to the architecture.
# It is the ICC of {eq}`eq-icc` with a smaller denominator, so it is never smaller than a positive ICC of one repeat.
#
# ```python
# def icc_of_mean(values):
#     n, r = values.shape
#     rows, columns = values.mean(1, keepdims=True), values.mean(0, keepdims=True)
#     B = r * np.sum((rows - values.mean()) ** 2) / (n - 1)
#     left = values - rows - columns + values.mean()
#     W = np.sum(left**2) / ((n - 1) * (r - 1))
#     return (B - W) / B
# ```
# ````

# %% [markdown]
# ```{exercise}
# :label: ex-write-odds
# Write the function that foresees τ between two averages of $k$ repeats from τ between two single repeats, by {eq}`eq-odds`
# and $\rho = \sin(\pi\tau/2)$.
# ```


# %%
def foreseen(tau, k):
    """Return Kendall's τ between two averages of k repeats."""
    ...


check("ex-write-odds", foreseen)

# %% [markdown]
# ````{solution} ex-write-odds
# :class: dropdown
# The odds of ρ are multiplied by k, and odds $o$ belong to $\rho = o / (1 + o)$.
#
# ```python
# def foreseen(tau, k):
#     rho = np.sin(np.pi * tau / 2)
#     odds = k * rho / (1 - rho)
#     return 2 / np.pi * np.arcsin(odds / (1 + odds))
# ```
# ````

# %% [markdown]
# ## Provenance

# %% tags=["hide-input"]
from tegnas_study.colophon import colophon

settings = atlas_settings()  # of the sample; the first part had ten repeats
colophon(seed=seed, started=started, settings=settings, benchmark=benchmark)

# %% tags=["hide-input"]
record
