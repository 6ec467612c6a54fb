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
# (ch-exclusive-sets)=
# # What Does One Indicator Choose that the Others Do Not?
#
# If κ, R and MSE chose the same architectures, one of them would do.
# The paper therefore looks at architectures that one indicator puts into its best tenth and both others do not, and asks
# what they are made of (its Eq. 10 to 12 and Fig. 2) {cite}`chen2021tegnas`.
# It reports that κ avoids convolutions and prefers shallow cells, R prefers deep ones, and MSE shallow ones again.
#
# Here we find these sets over the whole space, with intervals, set them beside random sets of the same size, and find them
# again with other random weights.
# After this chapter you can say which of these preferences are real, and which come and go.

# %% tags=["parameters"]
n_draws: int = 1000  # resamples behind every interval, and random sets
seed: int = 0  # everything random follows from this

# %% tags=["hide-input"]
import time

started = time.perf_counter()

from functools import partial

import matplotlib.pyplot as plt
import pandas as pd
from myst_nb import glue

note = partial(glue, display=False)  # a number for the prose

# %% tags=["hide-input"]
from tegnas_study import atlas, load_benchmark
from tegnas_study.analysis import exclusive, exclusive_sets, read_record
from tegnas_study.analysis.across_draws import draw_tables
from tegnas_study.analysis.subsets import evaluated

# %% tags=["hide-input"]
from tegnas_study.figures.exclusive_sets import (
    operation_shares,
    profiles_beside_chance,
)
from tegnas_study.figures.intervals import interval_chart
from tegnas_study.figures.style import SYMBOLS

# %% tags=["hide-input"]
from tegnas_study.tables.atlases import (
    atlas_coverage,
    atlas_repeats,
    atlas_settings,
)
from tegnas_study.tables.frames import join_accuracies
from tegnas_study.tables.printed import printed
from tegnas_study.tables.ranking import TEG

SETS = dict(zip(TEG, ("only κ", "only R", "only MSE"), strict=True))

# %% [markdown]
# ## Three sets that cannot meet
#
# Let $T_\kappa$, $T_R$ and $T_{\mathrm{MSE}}$ be the thresholds that bound the best tenth by each indicator.
# The **exclusive set** of κ holds the architectures that only κ likes:
#
# $$
# \mathcal{A}_\kappa = \{\, a : \kappa_a \le T_\kappa,\; R_a < T_R,\; \mathrm{MSE}_a > T_{\mathrm{MSE}} \,\},
# $$ (eq-exclusive)
#
# and $\mathcal{A}_R$ and $\mathcal{A}_{\mathrm{MSE}}$ are the same with the roles exchanged.
# Nothing is in two of them, by construction.
# Tables and figures call them *only κ*, *only R* and *only MSE*.
#
# Six architectures, and a best *third* instead of a tenth, show the idea.

# %%
small = pd.DataFrame(
    {
        "condition_number": [10.0, 20.0, 30.0, 40.0, 50.0, 60.0],
        "linear_regions": [900.0, 100.0, 200.0, 800.0, 300.0, 400.0],
        "regression_error": [1.0, 1.5, 1.6, 1.7, 1.1, 1.8],
    },
    index=list("abcdef"),
)
exclusive_sets(small, fraction=1 / 3).rename(columns=SETS)

# %% [markdown]
# By κ the best two are a and b, by R a and d, by MSE a and e.
# All three like a, so it is in no exclusive set; b, d and e are each liked by one.

# %% [markdown]
# ## How large are they?

# %% tags=["hide-input"]
benchmark, coverage = load_benchmark(), atlas_coverage()
settings = atlas_settings().model_copy(update={"repeats": coverage.complete})
table = evaluated(join_accuracies(atlas(), benchmark))
note("coverage", str(coverage))
sizes = exclusive.overlaps(table)
for name in TEG:
    note(f"n_{name}", f"{sizes.loc[name, 'alone']:,}")
note("n_all_three", f"{sizes.loc[TEG[0], 'with_both']:,}")

# %% tags=["hide-input"]
words = {"tenth": "best tenth", "alone": "by it alone"}
words |= {"with_one": "by it and one other", "with_both": "by all three"}
sizes.rename(index=SYMBOLS, columns=words).map("{:,}".format)

# %% [markdown]
# This page rests on {glue:text}`coverage`.
# {{ here }}
# The cells that nothing passes are in no set.
#
# Of its best tenth κ has {glue:text}`n_condition_number` to itself, R {glue:text}`n_linear_regions` and MSE
# {glue:text}`n_regression_error`; {glue:text}`n_all_three` architectures are in all three best tenths.
# If the three knew nothing of each other, more would be in each exclusive set (an exercise asks how many); what a set lacks,
# its indicator chooses together with others.

# %% [markdown]
# ## What are they made of?

# %%
found = exclusive.profiles(table, seed=seed, n_draws=n_draws)

# %% tags=["hide-input"]
operations = list(exclusive.SHARES)
shares = {
    words: {
        share.removeprefix("share_"): found.value[name, share]
        for share in operations
    }
    for name, words in SETS.items()
}
space = exclusive.members(table)[operations].mean()
shares["all"] = {
    share.removeprefix("share_"): space[share] for share in operations
}

# %% mystnb={"figure": {"caption": "How the edges of the exclusive sets divide among the five operations, in percent, and how those of all evaluated architectures do.", "name": "fig-exclusive-operations"}, "image": {"alt": "Four stacked bars, one for each exclusive set and one for all architectures, each divided into none, skip, two convolutions and pooling.", "width": "520px"}} tags=["hide-input"]
operation_shares(shares)
plt.show()

# %% [markdown]
# {numref}`fig-exclusive-operations` is the left half of the paper's Fig. 2.
# It cannot show two things: how sure these shares are, and what a set of this size would look like by chance.
#
# For the first, we draw classes of equal functions anew, with replacement, and find thresholds and sets in every draw.
# For the second, we take random sets of connected architectures with the same number of members, which, like the
# exclusive ones, consist of whole classes.
#
# And there is a trap: an operation on an edge that leads nowhere changes nothing, yet it counts among the six.
# So we also count convolutions among the *live* edges only, those on a path from input to output.
# **Depth**, the number of edges on the longest such path {cite}`shu2020understanding`, counts skips; **effective depth**
# does not.

# %%
set_sizes = {name: int(found.value[name, "size"]) for name in TEG}
drawn = exclusive.random_profiles(table, set_sizes, seed=seed, n_draws=n_draws)
beside = exclusive.beside_chance(found, drawn)

# %% tags=["hide-input"]
panels = {
    "share_convolutions": "share of convolutions, of six edges",
    "share_live_convolutions": "share of convolutions, of live edges",
    "depth": "depth",
    "effective_depth": "effective depth: skips do not count",
    "test_accuracy": "test accuracy (%)",
}

# %% mystnb={"figure": {"caption": "The exclusive sets: means with 95 % intervals over classes, beside the middle 95 % of random sets of connected architectures of the same size.", "name": "fig-exclusive-profiles"}, "image": {"alt": "Five panels: the share of convolutions, counted twice, the depth, counted twice, and the accuracy. Each has a dot with an interval for every exclusive set, before a grey band for random sets.", "width": "520px"}} tags=["hide-input"]
profiles_beside_chance(beside, panels, TEG, names=SETS)
plt.show()

# %% tags=["hide-input"]
rows = beside.set_index(["set", "quantity"])
for name in TEG:
    note(f"accuracy_{name}", float(rows.loc[(name, "test_accuracy"), "value"]))
chance = rows.loc[(TEG[0], "test_accuracy"), ["random_low", "random_high"]]
note("chance", "{:.1f} to {:.1f}".format(*chance))

# %% [markdown]
# Are these architectures good?
# By the last panel of {numref}`fig-exclusive-profiles` their mean accuracies are
# {glue:text}`accuracy_condition_number:.1f` % in $\mathcal{A}_\kappa$, {glue:text}`accuracy_linear_regions:.1f` % in
# $\mathcal{A}_R$ and {glue:text}`accuracy_regression_error:.1f` % in $\mathcal{A}_{\mathrm{MSE}}$; of random sets as large
# as $\mathcal{A}_\kappa$, 95 % have {glue:text}`chance` %, so a set within this range is no better than chance.

# %% [markdown]
# ## Does each preference hold?
#
# A claim compares two sets, so what counts is their difference, and whether it comes back with other weights and another
# batch of images.
# The atlas has {glue:text}`number_of_draws` draws of both, with one network for each architecture.
# We ask twice: over all strings, as the paper does, and with each function counted once, by its plainest member, the string
# without edges that do nothing.
# So in the second case we count convolutions among the live edges.

# %% tags=["hide-input"]
once = table[table["architecture"] == table["representative"]]
K, R, M = TEG
GAPS = {  # larger in, smaller in, quantity over strings, quantity over functions
    "conv_R": (R, K, "share_convolutions", "share_live_convolutions"),
    "conv_M": (M, K, "share_convolutions", "share_live_convolutions"),
    "depth_R": (R, K, "depth", "depth"),
    "depth_M": (R, M, "depth", "depth"),
}

# %% tags=["hide-input"]
of_draws = draw_tables(table)
means = {
    "all strings": [exclusive.set_means(t) for t in of_draws.values()],
    "each function once": [
        exclusive.set_means(t.loc[once.index]) for t in of_draws.values()
    ],
}
note("number_of_draws", len(of_draws))

# %% tags=["hide-input"]
claims = {
    "conv_R": "only R above only κ,\nshare of convolutions",
    "conv_M": "only MSE above only κ,\nshare of convolutions",
    "depth_R": "only R above only κ,\ndepth",
    "depth_M": "only R above only MSE,\ndepth",
}
preferred = []
for key, words in claims.items():
    more, less, *quantities = GAPS[key]
    for counted, quantity in zip(means, quantities, strict=True):
        for of_draw in means[counted]:
            gap = of_draw[more, quantity] - of_draw[less, quantity]
            preferred.append((words, counted, gap))
preferred = pd.DataFrame(preferred, columns=["claim", "counted", "gap"])

# %% tags=["hide-input"]
by_claim = preferred.groupby(["claim", "counted"], sort=False)["gap"]
spans = by_claim.agg(mean="mean", low="min", high="max").reset_index()
deeper = by_claim.agg(["mean", "std"]).loc[claims["depth_R"]]
for counted, (mean, deviation) in deeper.iterrows():
    told = f"{printed(mean, '.2f')} ± {printed(deviation, '.2f')}"
    note(f"deeper, {counted}", told)

# %% mystnb={"figure": {"caption": "Differences between exclusive sets, with the order that the paper gives: to the right of zero it is true. The mark is the mean over draws of weights and batch, and the line reaches from the smallest to the largest draw. Shares are between 0 and 1, depths are counted in edges.", "name": "fig-exclusive-preferences"}, "image": {"alt": "Four rows, two differences of shares and two of depths, each with a mark and a line for all strings and for each function once.", "width": "520px"}} tags=["hide-input"]
interval_chart(
    spans,
    row="claim",
    colour="counted",
    value="mean",
    xlabel="difference of two means, over draws",
)
plt.show()

# %% [markdown]
# A line of {numref}`fig-exclusive-preferences` that lies on one side of zero stands for a preference that every draw shows.
# The depths are such preferences, and all of them have the order of the paper.
# (A line compares two sets; whether the cells that only MSE chooses are shallower than *all* connected cells is another
# question, which the table below answers.)
# The shares of convolutions are not: over all strings the sign changes from draw to draw, and with each function counted
# once it is the opposite of the paper's.
# The paper gives no numbers for these bars, only the order, so the order is what we test.
# A single draw would have given an interval for each difference, and a wrong idea of how sure it is: an interval over
# classes does not know what other weights would have chosen.
# So the verdicts are those of {ref}`the page of claims <ch-claims>`, over draws and classes.

# %% tags=["hide-input"]
from tegnas_study.ledger import page

page.beside("ch-exclusive-sets")

# %% [markdown]
# The paper calls the depth of κ's set *much* lower.
# How much lower it is depends on the counting: on average $\mathcal{A}_R$ is deeper by {glue:text}`deeper, all strings` edges
# over all strings, and by {glue:text}`deeper, each function once` with each function counted once (mean ± deviation over
# draws); the depth of a connected cell is 1, 2 or 3.
# Where an answer differs from the paper's, the settings may be the reason: the released code never applies the
# initialisation it names, and with other initial weights κ orders the space differently (see
# {ref}`the conventions <ch-conventions>`).
# But a preference that depends on such a choice belongs to the choice, not to trainability.

# %% [markdown]
# ## Would other weights give the same sets?
#
# A set says something about architectures only if it is still there when the random weights are drawn anew.
# The **Jaccard overlap** of two sets is the share of their union that is in both: 1 for equal sets, 0 for sets that share
# nothing.
# We take it between any two repeats of the atlas, which differ in the weights alone.

# %%
counted = {"all strings": table, "each function once": once}
stable = pd.concat(
    exclusive.stability(part, atlas_repeats()).assign(counted=words)
    for words, part in counted.items()
)
overlaps = stable.groupby(["counted", "set"], sort=False)[
    ["jaccard", "chance", "tenth"]
].mean()

# %% tags=["hide-input"]
stable["row"] = [
    f"{SETS[name]},\n{words}"
    for name, words in zip(stable["set"], stable["counted"], strict=True)
]
kinds = {
    "jaccard": "exclusive set",
    "chance": "two random sets",
    "tenth": "whole best tenth",
}
spread = stable.melt("row", [*kinds], var_name="kind", value_name="overlap")
spread = spread.groupby(["kind", "row"], sort=False)["overlap"]
spread = spread.agg(mean="mean", low="min", high="max").reset_index()
for name, row in overlaps.loc["each function once"].iterrows():
    note(f"overlap {name}", float(row["jaccard"]))

# %% mystnb={"figure": {"caption": "Jaccard overlap of what two repeats choose: of the exclusive sets, of two random sets of the same sizes, and of the whole best tenth that an exclusive set is cut from. The mark is the mean over pairs of repeats, and the line reaches from the smallest to the largest.", "name": "fig-exclusive-stability"}, "image": {"alt": "Six rows, one for each exclusive set over all strings and with each function once. In each the overlap of random sets is near zero, that of the exclusive sets larger, and that of the best tenths larger still; none comes near one.", "width": "520px"}} tags=["hide-input"]
interval_chart(
    spread,
    row="row",
    colour="kind",
    value="mean",
    names=kinds,
    xlabel="Jaccard overlap of two repeats",
)
plt.show()

# %% [markdown]
# In {numref}`fig-exclusive-stability` the set of R comes back best, and what only MSE chooses comes back least.
# An exclusive set needs three thresholds to fall the same way, so it is less stable than the tenth it comes from; and
# over strings a single large class, all of whose members go in or out together, can change what a set looks like.
# A bar chart of such a set, drawn once, shows the draw as much as the indicator.

# %% [markdown]
# ## On the other data sets
#
# What accuracy do the sets reach on data sets on whose images the indicators were not measured?
# {{ recorded }}

# %% tags=["hide-input"]
record = read_record("exclusive-sets")
recorded = record.tables["profiles"].set_index(["set", "quantity"])["value"]
columns = {
    "CIFAR-10": "cifar10_test_200",
    "CIFAR-100": "cifar100_test_200",
    "ImageNet16-120": "imagenet16_120_test_200",
}
for name in TEG:
    for column in columns.values():
        note(f"{name}_{column}", float(recorded[name, column]))
note("record", str(record))

# %% [markdown]
# ```{list-table}
# :header-rows: 1
#
# * - mean test accuracy (%)
#   - CIFAR-10
#   - CIFAR-100
#   - ImageNet16-120
# * - $\mathcal{A}_\kappa$
#   - {glue:text}`condition_number_cifar10_test_200:.1f`
#   - {glue:text}`condition_number_cifar100_test_200:.1f`
#   - {glue:text}`condition_number_imagenet16_120_test_200:.1f`
# * - $\mathcal{A}_R$
#   - {glue:text}`linear_regions_cifar10_test_200:.1f`
#   - {glue:text}`linear_regions_cifar100_test_200:.1f`
#   - {glue:text}`linear_regions_imagenet16_120_test_200:.1f`
# * - $\mathcal{A}_{\mathrm{MSE}}$
#   - {glue:text}`regression_error_cifar10_test_200:.1f`
#   - {glue:text}`regression_error_cifar100_test_200:.1f`
#   - {glue:text}`regression_error_imagenet16_120_test_200:.1f`
# ```
#
# This table was {glue:text}`record`.

# %% [markdown]
# ## What we now know
#
# The three indicators do choose differently: of its best tenth κ has {glue:text}`n_condition_number` architectures to itself,
# R {glue:text}`n_linear_regions` and MSE {glue:text}`n_regression_error`.
# But what such a set looks like depends on whether strings or functions are counted, and on the draw of the weights: with
# each function counted once, two repeats share {glue:text}`overlap condition_number:.2f` of what only κ chooses,
# {glue:text}`overlap linear_regions:.2f` for R and {glue:text}`overlap regression_error:.2f` for MSE.
# So a preference is worth what is left of it over several draws and with each function counted once, and a picture of one
# draw is an anecdote.

# %% [markdown]
# ## Exercises
#
# ```{exercise}
# :label: ex-exclusive-size
# Suppose the three indicators knew nothing of each other.
# Which share of the space would then be in $\mathcal{A}_\kappa$?
# ```

# %%
answer = None  # a share, such as 0.5

from tegnas_study.exercises import check

check("ex-exclusive-size", answer)

# %% [markdown]
# ````{solution} ex-exclusive-size
# :class: dropdown
# One tenth is in κ's best tenth, and of these nine tenths are not in R's and, independently, nine tenths not in MSE's:
# 0.1 · 0.9 · 0.9 = 0.081, that is 1,266 of 15,625.
# How far a set falls short of this tells how much its indicator chooses together with the others.
#
# ```python
# answer = 0.1 * 0.9 * 0.9
# ```
# ````
#
# ```{exercise}
# :label: ex-exclusive-small
# Change this and predict: in the example of six architectures, take the best half instead of the best third.
# How many of the six are then in an exclusive set?
# ```

# %%
answer = None  # your number

check("ex-exclusive-small", answer)

# %% [markdown]
# ````{solution} ex-exclusive-small
# :class: dropdown
# By κ the best three are a, b, c; by R a, d, f; by MSE a, e, b.
# a is in all three and b in two.
# Left are c (κ), d and f (R) and e (MSE): four.
#
# ```python
# answer = exclusive_sets(small, fraction=1 / 2).sum().sum()
# ```
# ````
#
# ```{exercise}
# :label: ex-write-exclusive
# Write the exclusive sets {eq}`eq-exclusive` of any number of indicators.
# `table` has an indicator in each column, turned so that large is good and without ties, and an architecture in each row;
# the best $k$ of a column are its best share.
# Return a dictionary from the name of each column to the *set* of the architectures (labels of the index) that only this
# column has among its best.
# ```


# %%
def only_one(table, k):
    """Return, for each column, what only this column has among its best k."""
    ...


check("ex-write-exclusive", only_one)

# %% [markdown]
# ````{solution} ex-write-exclusive
# :class: dropdown
# Take the best of each column, and from each of these sets take away what is in any other.
# No architecture can be left in two of them.
#
# ```python
# def only_one(table, k):
#     best = {name: set(table[name].nlargest(k).index) for name in table}
#     return {
#         name: best[name].difference(*(best[o] for o in best if o != name))
#         for name in best
#     }
# ```
# ````
#
# ```{exercise}
# :label: ex-write-jaccard
# Write the Jaccard overlap of two sets.
# ```


# %%
def jaccard(a, b):
    """Return the share of the union of two sets that is in both."""
    ...


check("ex-write-jaccard", jaccard)

# %% [markdown]
# ````{solution} ex-write-jaccard
# :class: dropdown
# The size of the intersection, divided by the size of the union.
#
# ```python
# def jaccard(a, b):
#     return len(a & b) / len(a | b)
# ```
# ````

# %% [markdown]
# ## Provenance

# %% tags=["hide-input"]
from tegnas_study.colophon import colophon

colophon(seed=seed, started=started, settings=settings, benchmark=benchmark)

# %% tags=["hide-input"]
record
