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
# (ch-none-study)=
# # Is Anything Better than `none`?
#
# The paper shows one cell with a `none` in it (its Fig. 3): trainability and expressivity are bad, and so is the accuracy.
# When a skip or a 1 × 1 convolution takes the place of the `none`, all three get better {cite}`chen2021tegnas`.
# One cell is an anecdote.
# NAS-Bench-201 holds every such cell: each architecture, each of its edges without an operation, and each of the four
# operations that can take its place.
#
# Here we look at all of them, in pairs of before and after.
# After this chapter you can say how often the anecdote is the rule, and whether the indicators know more than the rule
# "anything is better than nothing".

# %% tags=["parameters"]
n_draws: int = 1000  # resamples behind every interval
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
from tegnas_core import EDGES, Architecture
from tegnas_study import atlas, figures, load_benchmark
from tegnas_study.analysis import (
    none_pairs,
    none_study,
    read_record,
    verdict,
)
from tegnas_study.analysis.across_draws import draw_tables

# %% tags=["hide-input"]
from tegnas_study.figures.distributions import change_distributions
from tegnas_study.figures.intervals import interval_chart
from tegnas_study.figures.style import OPERATION_NAMES, SYMBOLS
from tegnas_study.tables.atlases import atlas_coverage, atlas_settings
from tegnas_study.tables.frames import join_accuracies
from tegnas_study.tables.printed import printed, printed_table
from tegnas_study.tables.ranking import TEG

# %% [markdown]
# ## One `none`, and what takes its place
#
# We start with a single cell, as the paper does.
# The paper does not name its cell; this is one in which the story comes out as it tells it.

# %% tags=["hide-input"]
benchmark, coverage = load_benchmark(), atlas_coverage()
settings = atlas_settings().model_copy(update={"repeats": coverage.complete})
table = join_accuracies(atlas(), benchmark)
pairs = none_pairs(table)
note("coverage", str(coverage))
note("n_pairs", f"{len(pairs) // 4:,}")
note("n_replacements", f"{len(pairs):,}")

# %%
example = Architecture.parse(
    "|none~0|+|avg_pool_3x3~0|nor_conv_3x3~1|"
    "+|none~0|nor_conv_3x3~1|avg_pool_3x3~2|"
)

# %% tags=["hide-input"]
cell = pairs[(pairs["architecture"] == str(example)) & (pairs["edge"] == "0→1")]
after = cell.set_index("replacement")["after"]
three = {
    "none": cell["before"].iloc[0],
    "skip": after["skip_connect"],
    "conv 1×1": after["nor_conv_1x1"],
}
cards = {}
for name, key in three.items():
    kappa, regions, mse, accuracy = table.loc[key, [*TEG, "test_accuracy"]]
    numbers = f"κ = {kappa:.0f}, R = {regions:.0f}, MSE = {mse:.2f}"
    operations = Architecture.parse(table.loc[key, "architecture"]).operations
    words = f"{name}: {numbers}; accuracy {accuracy:.1f} %"
    cards[words] = dict(zip(EDGES, operations, strict=True))

# %% tags=["hide-input"]
other = (
    "|nor_conv_3x3~0|+|skip_connect~0|none~1|"
    "+|none~0|nor_conv_1x1~1|nor_conv_3x3~2|"
)
other = pairs[(pairs["architecture"] == other) & (pairs["edge"] == "1→2")]
for row in other.itertuples():
    note(f"other_{row.replacement}", printed(row.change_accuracy, "+.2f"))

# %% mystnb={"figure": {"caption": "A cell with a none on the edge from its input to node 1, and the same cell with a skip and with a 1 \u00d7 1 convolution in its place: the indicators of the untrained networks, and the test accuracy on CIFAR-10 after training.", "name": "fig-none-one-cell"}, "image": {"alt": "Three drawings of one cell, which differ on the edge from the input to node 1. Above each stand \u03ba, R, MSE and the accuracy; without the none \u03ba and MSE are smaller, R and the accuracy larger.", "width": "520px"}} tags=["hide-input"]
figures.cells(cards)
plt.show()

# %% [markdown]
# Small κ, large R and small MSE are good, so in {numref}`fig-none-one-cell` a skip or a 1 × 1 convolution mends everything:
# with the `none`, what node 1 and the two edges that leave it could do is lost, and the input reaches the output only through
# average pooling.
#
# Is it the rule?
# It is easy to find a cell in which κ and R improve just so, and accuracy does not: in
# `|nor_conv_3x3~0|+|skip_connect~0|none~1|+|none~0|nor_conv_1x1~1|nor_conv_3x3~2|`, with the `none` from node 1 to node 2
# replaced, accuracy changes by {glue:text}`other_skip_connect` points with a skip and by
# {glue:text}`other_nor_conv_1x1` with a 1 × 1 convolution.

# %% [markdown]
# ## All of them
#
# There are $6 \cdot 5^5 = 18{,}750$ pairs of an architecture and one of its edges without operation, and four replacements
# for each.
# This page rests on {glue:text}`coverage`, which give {glue:text}`n_pairs` pairs and {glue:text}`n_replacements`
# replacements.
# {{ here }}
#
# Not every replacement tells us something, so we sort them into four kinds.
#
# changed
# : the cell computed something before and computes something else after;
#
# connected
# : nothing reached the output before, something does after;
#
# same function
# : the edge leads nowhere, with or without an operation;
#
# still disconnected
# : nothing reaches the output, before or after.

# %% tags=["hide-input"]
kinds = none_study.summary(pairs, "kind").reindex(none_study.KINDS)
kinds["n"] = kinds["n"].fillna(0)
shown = pd.DataFrame(
    {
        "number": kinds["n"],
        "accuracy rises (%)": 100 * kinds["improves_accuracy"],
        "median change of accuracy": kinds["median_accuracy"],
    }
)
note("n_changed", f"{int(kinds.loc['changed', 'n']):,}")
note("n_connected", f"{int(kinds.loc['connected', 'n']):,}")

# %% tags=["hide-input"]
gains = float(kinds.loc["connected", "improves_accuracy"])
note("connected_gain", 100 * gains)
printed_table(shown, dict(zip(shown, (",.0f", ".1f", "+.1f"))))

# %% [markdown]
# The table counts the replacements of each kind; changes of accuracy are in points, that is in percent of the test images.
# When a disconnected cell becomes connected, accuracy jumps from 10 % and every indicator says so: κ and MSE were
# infinite, R was 1.
# There is nothing to learn about indicators from these {glue:text}`n_connected` cases.
# The question is what happens in the {glue:text}`n_changed` that compute something before *and* after.
#
# ### How large must a difference be?
#
# Here the pairs of one function are useful: two networks that compute the same function were trained separately, so the
# difference of their accuracies is the noise of training.
# We call a change of accuracy real when it is larger than 95 % of these differences.

# %% tags=["hide-input"]
margin = none_study.accuracy_noise(pairs)
changed = pairs[pairs["kind"] == "changed"]
real = (changed["change_accuracy"].abs() > margin).mean()
note("margin", float(margin))
note("real", float(100 * real))

# %% [markdown]
# Here that margin is {glue:text}`margin:.2f` points of accuracy, and {glue:text}`real:.0f` % of the changes exceed it.

# %% [markdown]
# ## What does a replacement do?

# %% tags=["hide-input"]
changes = {
    "change_condition_number": "log₁₀ κ (down is good)",
    "change_linear_regions": "R (up is good)",
    "change_regression_error": "MSE (down is good)",
    "change_accuracy": "accuracy (up is good)",
}

# %% mystnb={"figure": {"caption": "Changes when a none is replaced in a cell that was connected before, by what takes its place. Boxes hold the middle half, lines in them are medians, whiskers reach from 5 % to 95 %.", "name": "fig-none-changes"}, "image": {"alt": "Four panels of four boxes. With a skip or a pooling the median of log \u03ba and of MSE rises, with convolutions it falls or stays. R rises with all four. Accuracy rises with convolutions, hardly changes with a skip, falls with a pooling.", "width": "520px"}} tags=["hide-input"]
change_distributions(changed, changes, none_study.REPLACEMENTS)
plt.show()

# %% tags=["hide-input"]
by_replacement = none_study.summary(changed, "replacement", margin=margin)
for name, row in by_replacement.iterrows():
    note(f"accuracy_{name}", printed(row["median_accuracy"], "+.2f"))
    note(f"always_{name}", float(100 * row["wrong_always"]))
told = {"improves_accuracy": "accuracy"} | {
    f"improves_{k}": SYMBOLS[k] for k in TEG
}
shown = (
    (100 * by_replacement[[*told]]).rename(columns=told).round(0).astype(int)
)
shown.rename(index=OPERATION_NAMES)

# %% [markdown]
# The table says what percentage of the replacements is called better: by accuracy beyond the margin, and by each indicator.
#
# By {numref}`fig-none-changes` it is not true that anything is better than `none`.
# The median change of accuracy is {glue:text}`accuracy_nor_conv_3x3` points for a 3 × 3 convolution,
# {glue:text}`accuracy_nor_conv_1x1` for a 1 × 1 convolution, {glue:text}`accuracy_skip_connect` for a skip and
# {glue:text}`accuracy_avg_pool_3x3` for pooling: what helps is a convolution.

# %% [markdown]
# ## How often does an indicator point the wrong way?
#
# An indicator **points the wrong way** when it calls the replacement better and accuracy really falls, or the other way
# round.
# We count how often this happens among the replacements in which accuracy really changes.
# To be of use, an indicator must do better than a rule that needs no evaluation: *always* call the replacement better.

# %%
options = {"margin": margin, "seed": seed, "n_draws": n_draws}
groups = {"all four": changed} | dict(
    list(changed.groupby("replacement", sort=False))
)
found = {
    name: none_study.points_wrong(rows, **options)
    for name, rows in groups.items()
}

# %% tags=["hide-input"]
parts = []
for name, bootstrap in found.items():
    wrong = bootstrap.table().filter(regex="^wrong_", axis=0) * 100
    wrong["by"] = wrong.index.str.removeprefix("wrong_")
    parts.append(wrong.assign(replacement=name))
wrong = pd.concat(parts, ignore_index=True)
names = OPERATION_NAMES | SYMBOLS | {"always": "“always better”"}
total = wrong[wrong["replacement"] == "all four"].set_index("by")["value"]
for name, value in total.items():
    note(f"wrong_{name}", float(value))

# %% mystnb={"figure": {"caption": "Of the replacements that really change accuracy, the percentage in which an indicator points the wrong way, and in which the rule \u201calways better\u201d does; 95 % intervals over classes.", "name": "fig-none-wrong"}, "image": {"alt": "Five rows, for all replacements and for each of the four, with four intervals each. For convolutions the rule is wrong in about one percent and every indicator more often; for a pooling the rule is wrong most often.", "width": "520px"}} tags=["hide-input"]
interval_chart(
    wrong,
    row="replacement",
    colour="by",
    value="value",
    names=names,
    xlabel="points the wrong way (%)",
)
plt.show()

# %% [markdown]
# Over all four replacements κ points the wrong way in {glue:text}`wrong_condition_number:.0f` %, MSE in
# {glue:text}`wrong_regression_error:.0f` %, R in {glue:text}`wrong_linear_regions:.0f` %, and the rule in
# {glue:text}`wrong_always:.0f` %.
# (A few replacements leave R unchanged; these are left out for R.)
# For a convolution in place of `none` the rule is wrong in {glue:text}`always_nor_conv_1x1:.1f` % (1 × 1) and
# {glue:text}`always_nor_conv_3x3:.1f` % (3 × 3), and {numref}`fig-none-wrong` shows every indicator further to the right.
# For skips and pooling, where the rule is bad, an indicator can do better.

# %% [markdown]
# ### Does it matter where the `none` is?

# %% tags=["hide-input"]
by_edge = none_study.summary(changed, "edge", margin=margin)
told = {"improves_accuracy": "accuracy rises"} | {
    f"wrong_{name}": f"{SYMBOLS[name]} wrong" for name in TEG
}
(100 * by_edge[[*told]]).rename(columns=told).round(0).astype(int)

# %% tags=["remove-cell"]
for name, column in {
    "gain": "improves_accuracy",
    "wrong": "wrong_condition_number",
}.items():
    for end in ("max", "min"):
        edge = getattr(by_edge[column], f"idx{end}")()
        note(f"edge {name} {end}", edge)
        note(f"share {name} {end}", float(100 * by_edge.loc[edge, column]))

# %% [markdown]
# All numbers are percentages; the edge 0→3 leads straight from input to output.
# Accuracy rises most often when the `none` on {glue:text}`edge gain max` is replaced ({glue:text}`share gain max:.0f` %), and
# least often on {glue:text}`edge gain min` ({glue:text}`share gain min:.0f` %).
# κ points the wrong way most often on {glue:text}`edge wrong max` ({glue:text}`share wrong max:.0f` %), and least often on
# {glue:text}`edge wrong min` ({glue:text}`share wrong min:.0f` %).

# %% [markdown]
# ## The nicest case, and the worst
#
# Of all replacements that κ, R *and* MSE call better, in a cell that was connected before, we draw the two ends: the one
# with the largest gain in accuracy, and the one with the largest loss.


# %% tags=["hide-input"]
def drawn(case: pd.Series) -> dict[str, dict]:
    words = {}
    for side in ("before", "after"):
        row = table.loc[case[side]]
        operations = Architecture.parse(row["architecture"]).operations
        label = f"{side}: {row['test_accuracy']:.1f} %"
        words[label] = dict(zip(EDGES, operations, strict=True))
    return words


# %% tags=["hide-input"]
cases = none_study.extreme_cases(pairs)
note("worst_of_all", printed(-changed["change_accuracy"].min(), ".1f"))
for name, case in cases.items():
    factor = 10 ** case["change_condition_number"]
    note(f"{name}_kappa", printed(factor, ".2f"))
    note(f"{name}_regions", printed(case["change_linear_regions"], "+.0f"))
    note(f"{name}_mse", printed(case["change_regression_error"], "+.3f"))
    note(f"{name}_accuracy", printed(case["change_accuracy"], "+.1f"))

# %% mystnb={"figure": {"caption": "The nicest case: all three indicators call the replacement better, and accuracy rises most.", "name": "fig-none-nicest"}, "image": {"alt": "Two drawings of a cell that differ on one edge: none before, an operation after. The accuracy above the second is much higher.", "width": "520px"}} tags=["hide-input"]
figures.cells(drawn(cases["nicest"]))
plt.show()

# %% [markdown]
# In {numref}`fig-none-nicest` κ is multiplied by {glue:text}`nicest_kappa`, R changes by
# {glue:text}`nicest_regions` and MSE by {glue:text}`nicest_mse`, and accuracy changes by
# {glue:text}`nicest_accuracy` points.

# %% mystnb={"figure": {"caption": "The worst case: all three indicators call the replacement better, and accuracy falls most.", "name": "fig-none-worst"}, "image": {"alt": "Two drawings of a cell that differ on one edge: none before, an operation after. The accuracy above the second is lower.", "width": "520px"}} tags=["hide-input"]
figures.cells(drawn(cases["worst"]))
plt.show()

# %% [markdown]
# In {numref}`fig-none-worst` κ is multiplied by {glue:text}`worst_kappa`, R changes by
# {glue:text}`worst_regions` and MSE by {glue:text}`worst_mse`, and accuracy changes by
# {glue:text}`worst_accuracy` points.
# So much can be lost when all three indicators call a step better; over all replacements the largest loss is
# {glue:text}`worst_of_all` points.

# %% [markdown]
# ## On the other data sets
#
# Here is the same study with the accuracies on other data sets; the indicators are still those on CIFAR-10 images.
# {{ recorded }}

# %% tags=["hide-input"]
record = read_record("none-study")
shares = record.tables["shares"].set_index(["accuracy", "statistic"])["value"]
data_sets = ("cifar10_test_200", "cifar100_test_200", "imagenet16_120_test_200")
for data_set in data_sets:
    for name in (
        *(f"wrong_{k}" for k in TEG),
        "wrong_always",
        "improves_accuracy",
    ):
        note(f"{name}_{data_set}", float(100 * shares[data_set, name]))
note("record", str(record))

# %% [markdown]
# ```{list-table}
# :header-rows: 1
#
# * - percentage of the replacements of the kind *changed*
#   - CIFAR-10
#   - CIFAR-100
#   - ImageNet16-120
# * - accuracy really rises
#   - {glue:text}`improves_accuracy_cifar10_test_200:.0f`
#   - {glue:text}`improves_accuracy_cifar100_test_200:.0f`
#   - {glue:text}`improves_accuracy_imagenet16_120_test_200:.0f`
# * - κ points the wrong way
#   - {glue:text}`wrong_condition_number_cifar10_test_200:.0f`
#   - {glue:text}`wrong_condition_number_cifar100_test_200:.0f`
#   - {glue:text}`wrong_condition_number_imagenet16_120_test_200:.0f`
# * - R points the wrong way
#   - {glue:text}`wrong_linear_regions_cifar10_test_200:.0f`
#   - {glue:text}`wrong_linear_regions_cifar100_test_200:.0f`
#   - {glue:text}`wrong_linear_regions_imagenet16_120_test_200:.0f`
# * - MSE points the wrong way
#   - {glue:text}`wrong_regression_error_cifar10_test_200:.0f`
#   - {glue:text}`wrong_regression_error_cifar100_test_200:.0f`
#   - {glue:text}`wrong_regression_error_imagenet16_120_test_200:.0f`
# * - “always better” is wrong
#   - {glue:text}`wrong_always_cifar10_test_200:.0f`
#   - {glue:text}`wrong_always_cifar100_test_200:.0f`
#   - {glue:text}`wrong_always_imagenet16_120_test_200:.0f`
# ```
#
# This table was {glue:text}`record`; each data set has its own margin.

# %% [markdown]
# ## Beside the paper
#
# The paper's sentence is about a skip or a 1 × 1 convolution in place of a `none`: κ *or* R gets better, and so does the
# accuracy.
# What would make that a finding?
# Two coins show at least one head in 75 % of the throws, so "κ or R" must beat 75 %, not one half.
# And most replacements that really change the accuracy raise it, so what counts is a *conditional* rate: among the
# replacements that really change the accuracy, does it rise more often where κ or R calls them better than where neither
# does?
# Changes within the noise answer neither yes nor no, so we leave them out.
#
# {ref}`The page of claims <ch-claims>` judges these claims, for each of the two operations and with the benchmark's own
# accuracies:

# %% tags=["hide-input"]
from tegnas_study.ledger import page

page.beside("ch-none-study")

# %% [markdown]
# We can ask the same replacements what the paper does not ask, with the accuracies of this page.

# %% tags=["hide-input"]
chosen = changed["replacement"].isin(["skip_connect", "nor_conv_1x1"])
of_draws = {
    draw: none_study.none_pairs(other).loc[changed.index]
    for draw, other in draw_tables(table).items()
}
told = none_study.shares_across_draws(
    {draw: part[chosen] for draw, part in of_draws.items()}, **options
)
everything = none_study.shares_across_draws(of_draws, **options)
note("number_of_draws", len(of_draws))
note("n_draws", f"{n_draws:,}")

# %% tags=["hide-input"]
coins = 100 * none_study.TWO_COINS
above_coins = told.across(lambda s: 100 * s["improves_either"] - coins)
knows = told.across(
    lambda s: 100 * (s["rises_if_either"] - s["rises_if_neither"])
)
for key, value in {"either": above_coins, "knows": knows}.items():
    note(f"above_{key}", f"{value:.1f}")
    note(f"n_above_{key}", value.words())
note("verdict_either", str(verdict(above_coins.estimate)))
for key in ("improves_either", "rises", "rises_if_either", "rises_if_neither"):
    note(key, f"{100 * told.value[key].mean():.0f}")

# %% tags=["hide-input"]
for name in TEG:
    better = everything.across(
        lambda s, name=name: 100 * (s["wrong_always"] - s[f"wrong_{name}"])
    )
    note(f"better_{name}", f"{better:.1f}")
    words = f"{verdict(better.estimate)} ({better.words()})"
    note(f"verdict_{name}", words)

# %% [markdown]
# ```{list-table}
# :header-rows: 1
#
# * - not in the paper
#   - here, in percentage points: mean ± deviation over draws [interval]
#   - verdict
# * - replacing `none` by a skip or conv 1 × 1 improves κ or R more often than two coins would
#   - {glue:text}`improves_either` %, above 75 % by {glue:text}`above_either`
#   - {glue:text}`verdict_either` ({glue:text}`n_above_either`)
# * - over all four replacements κ points the wrong way less often than "always better"
#   - by {glue:text}`better_condition_number`
#   - {glue:text}`verdict_condition_number`
# * - R points the wrong way less often than that
#   - by {glue:text}`better_linear_regions`
#   - {glue:text}`verdict_linear_regions`
# * - MSE points the wrong way less often than that
#   - by {glue:text}`better_regression_error`
#   - {glue:text}`verdict_regression_error`
# ```
#
# The verdicts are given across {glue:text}`number_of_draws` draws of weights and batch, one network each, with
# {glue:text}`n_draws` resamples of draws and classes.
#
# For both operations together, {glue:text}`rises` % of the real changes raise the accuracy: {glue:text}`rises_if_either` %
# where κ or R improves, and {glue:text}`rises_if_neither` % where neither does.
# So κ and R know something of such a step, by {glue:text}`above_knows` points ({glue:text}`n_above_knows`), beyond the fact
# that most steps are good.
# (A cell that becomes connected gains accuracy in {glue:text}`connected_gain:.1f` % of the cases, and its indicators improve
# by definition, since before they had failed.)
#
# ## What we now know
#
# Cells in which a skip or a 1 × 1 convolution mends everything, as the paper tells it, are easy to find.
# On the whole, what helps is a convolution: in the median a skip in place of a `none` changes accuracy by
# {glue:text}`accuracy_skip_connect` points, and a 3 × 3 convolution by {glue:text}`accuracy_nor_conv_3x3`.
# The indicators know something of such a step; whether they know more than the rule "always better" depends on the
# indicator and on the operation that takes the place.

# %% [markdown]
# ## Exercises
#
# ```{exercise}
# :label: ex-none-pairs
# How many pairs of an architecture and an edge with `none` are there when we count only the three edges into the output
# node?
# ```

# %%
answer = None  # your number

from tegnas_study.exercises import check

check("ex-none-pairs", answer)

# %% [markdown]
# ````{solution} ex-none-pairs
# :class: dropdown
# Fix one of the three edges to `none`; the five others are free: $3 \cdot 5^5 = 9{,}375$.
#
# ```python
# answer = 3 * 5**5
# ```
# ````
#
# ```{exercise}
# :label: ex-none-dead
# In the cell of six `none`, four of the 24 replacements are of the kind "connected": any operation on the edge 0→3.
# Change this and predict: the cell has a skip on the edge 0→1, and five `none`.
# Of its 20 replacements, how many are of this kind?
# ```

# %%
answer = None  # your number

check("ex-none-dead", answer)

# %% [markdown]
# ````{solution} ex-none-dead
# :class: dropdown
# Eight: any of the four operations on 0→3, as before, and any on 1→3, which now goes on from where the skip leads.
# The way over node 2 needs two edges more, and one replacement gives one.
#
# ```python
# from tegnas_core import NASBench201
# from tegnas_core.spaces.structure import is_connected
#
# # the neighbours that change the skip itself have no path either
# one_skip = Architecture(("skip_connect",) + ("none",) * 5)
# answer = sum(is_connected(a) for a in NASBench201().neighbours(one_skip))
# ```
# ````
#
# ```{exercise}
# :label: ex-none-rule
# Write a rule that needs no evaluation and is wrong less often than “always better”.
# It sees the columns `architecture` (before), `edge` (such as `0→1`) and `replacement` (such as `skip_connect`) of the
# replacements, and says of each row whether accuracy rises.
# It is marked by the real changes of this page, and the reply to a rule that falls short says how often it is wrong.
# ```


# %%
def rule(replacements):
    """Return True or False for each row: does accuracy rise?"""
    ...


check("ex-none-rule", rule, changed=changed, margin=margin)

# %% [markdown]
# ````{solution} ex-none-rule
# :class: dropdown
# Call a replacement better when it is a convolution: by {numref}`fig-none-changes` skips and poolings seldom help.
# `(rule(changed) != (gain > 0))[real].mean()`, with `real` the changes of accuracy beyond the margin, is the share in which
# it is wrong; compare it with those of the indicators in {numref}`fig-none-wrong`.
#
# ```python
# def rule(replacements):
#     return replacements["replacement"].str.startswith("nor_conv")
# ```
# ````

# %% [markdown]
# ```{exercise}
# :label: ex-write-wrong-way
# Write the share of real changes in which an indicator points the wrong way.
# A change of accuracy is real when it is larger than the margin, up or down; the indicator calls a replacement better when
# its own change is positive.
# ```


# %%
def wrong_way(gain, change, margin):
    """Return the share, from arrays of changes of accuracy and indicator."""
    ...


check("ex-write-wrong-way", wrong_way)

# %% [markdown]
# ````{solution} ex-write-wrong-way
# :class: dropdown
# It points the wrong way when one change is positive and the other is not.
#
# ```python
# def wrong_way(gain, change, margin):
#     real = abs(gain) > margin
#     return ((change > 0) != (gain > 0))[real].mean()
# ```
# ````

# %% [markdown]
# ## Provenance

# %% tags=["hide-input"]
from tegnas_study.colophon import colophon

colophon(seed=seed, started=started, settings=settings, benchmark=benchmark)

# %% tags=["hide-input"]
record
