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
# (ch-claims)=
# # Is That So? The Paper's Claims, Judged
#
# This page lists what the paper claims {cite}`chen2021tegnas`: every figure, every row of its tables, and every sentence
# that compares.
# Which of it holds?
#
# Beside each claim you find what the paper prints, what came out here and how sure that is, in how many draws of the random
# weights it holds, and a link to the place of this book that shows it.
# Nobody wrote a verdict down: a rule turns each number into one while the page is built.

# %% tags=["parameters"]
seed: int = 0  # everything random follows from this

# %% tags=["hide-input"]
import time

started = time.perf_counter()

from functools import partial

import matplotlib.pyplot as plt
from myst_nb import glue

from tegnas_study.analysis.verdicts import false_alarms
from tegnas_study.figures.intervals import interval_chart
from tegnas_study.figures.style import SYMBOLS
from tegnas_study.ledger import Sources, judge_all, page

note = partial(glue, display=False)  # a number for the prose

# %% tags=["hide-input"]
from tegnas_study.ledger.rules import MARKS
from tegnas_study.tables.printed import printed

sources = Sources(seed=seed)
judged = judge_all(sources=sources)

# %% tags=["hide-input"]
total = page.counts(judged).loc["all"]
for name, count in total.items():
    note(f"n {name}", f"{count}")
note("record", str(sources.record))
note("record accuracies", sources.record.provenance["accuracies"])
each = sources.record.tables["each"]
note("n weights", int(each["draw"][each["quantity"] == "agreement"].nunique()))

# %% [markdown]
# Of {glue:text}`n claims` claims, {glue:text}`n holds` hold and {glue:text}`n does not hold` do not.
# For {glue:text}`n cannot tell` our numbers allow both answers, and {glue:text}`n not testable here` cannot be tested here.

# %% tags=["hide-input"]
page.counts(judged)

# %% [markdown]
# ## How a verdict comes about
#
# A number has a 95 % interval from {glue:text}`n resamples` {term}`resamples <bootstrap>`, and a claim is compared with the
# interval, never with the number alone.
#
# ✓ **holds**
# : A claim of the form "larger" or "smaller" holds when the whole interval lies on its side.
#   A number that the paper prints *holds* when it lies in the range in which a study like the paper's ends in 95 of 100
#   cases, judged by our runs.
#   A number that is counted, such as that of parameters, holds when it agrees with ours in all printed digits.
#
# ✗ **does not hold**
# : The whole interval lies on the other side, or the printed number lies outside the range, provided that the range rests on
#   more than one table of values, or on searches that each have weights of their own.
#   A number that is counted does not hold when it differs in a printed digit.
#
# ? **cannot tell**
# : The interval reaches to both sides, or a comparison rests on a single draw of the weights.
#   Where all of our searches were told one and the same table, such as the one table of accuracies after one epoch, a printed
#   number inside the range holds, but one outside decides nothing, since the range lacks the luck of that table.
#
# – **not testable here**
# : The paper says too little, quotes others, or relies on trained networks that nobody published; the row says which.
#
# A claim about several numbers, such as three data sets, holds when it holds for all of them, and fails when it fails for one.
# Numbers in *italics* are given for comparison and do not count.
# These are, above all, the accuracy on the validation split, which the paper's CIFAR-10 column seems to mix with test
# accuracy, and searches that are told averages of three draws.
# The paper's searches are told such averages, too, but we have few of them, while single draws, which are noisier, show how
# much is luck.
#
# What is drawn anew matters more than how often.
# One choice of the random weights and of the batch of images is a draw; κ, R and MSE of all architectures are known under
# {glue:text}`n weights` draws.
# For a claim about the indicators, the interval resamples draws *and* classes of equal functions; for a claim about searches,
# it resamples draws *and* the seeds of the searches.
# "0.51 ± 0.02 [0.45, 0.56], 7 of 7 draws" means: the number is 0.51 on average, with a standard deviation of 0.02 from draw
# to draw and an interval from 0.45 to 0.56, and the claim is true in each of the seven draws by itself.
#
# Of {glue:text}`n compared` intervals at 95 %, about {glue:text}`false alarms` would decide something by chance alone if
# every difference were zero, so do not rely on a narrow verdict.
#
# Accuracies are the benchmark's own; those of the first four sections below were {glue:text}`record`.
# "Re-trained" marks the accuracies that come with the installation.
# Numbers in the column "paper" are quoted.

# %% tags=["hide-input"]
note("n resamples", f"{sources.n_draws:,}")
n_compared = sum(len(found.parts) for found in judged)
note("n compared", n_compared)
note("false alarms", f"{false_alarms(n_compared):.0f}")
shown = page.tables(judged)

# %% [markdown]
# ## The answer in one figure

# %% tags=["hide-input"]
intervals = sources.record.tables["intervals"]
chosen = intervals[
    (intervals["quantity"] == "agreement")
    & (intervals["accuracy"] == "cifar10_test_200")
    & intervals["among"].isin(["all", "classes", "top tenth"])
]
chosen = chosen.rename(columns={"of": "predictor", "value": "tau"})
names = SYMBOLS | {"all": "all", "classes": "each function once"}
for row in chosen.itertuples():
    note(f"answer {row.predictor}, {row.among}", printed(row.tau, ".2f"))

# %% mystnb={"figure": {"caption": "How well four numbers of an untrained network, and counting its parameters, order architectures by their CIFAR-10 test accuracy: Kendall's \u03c4, turned so that larger is better, the mean over draws of weights and batch with its 95 % interval. Recorded.", "name": "fig-answer"}, "image": {"alt": "Five rows, for \u03ba, R, MSE, the sum of their ranks and the number of parameters, with three intervals each. Over all architectures and over functions the intervals lie around a half, those of the sum and of parameters highest; in the top tenth they lie near zero, that of \u03ba below it, those of R and of parameters above it.", "width": "520px"}} tags=["hide-input"]
figure = interval_chart(chosen, row="predictor", colour="among", names=names)
note("figure answer", figure)
plt.show()

# %% [markdown]
# {numref}`fig-answer` sums up the next two tables.
# With each function counted once, the sum of ranks agrees with accuracy by {glue:text}`answer rank_sum, classes`, and counting
# parameters by {glue:text}`answer parameters, classes`.
# In the top tenth, where a search has to choose, {glue:text}`answer rank_sum, top tenth` and
# {glue:text}`answer parameters, top tenth` are left.

# %% [markdown]
# ## The three indicators and accuracy
#
# Agreement is {term}`Kendall's τ`, turned so that larger is better: 1 is perfect, and 0 is what a random order reaches.

# %% tags=["hide-input"]
shown["The three indicators and accuracy"]

# %% [markdown]
# ## What the paper does not ask
#
# Nobody needs an indicator that is worth no more than what costs nothing.
# The paper makes none of the following claims; they are ours, worded in its favour.

# %% tags=["hide-input"]
shown["What the paper does not ask"]

# %% [markdown]
# ## What each indicator prefers

# %% tags=["hide-input"]
shown["What each indicator prefers"]

# %% [markdown]
# ## Replacing none

# %% tags=["hide-input"]
shown["Replacing none"]

# %% [markdown]
# ## The search methods

# %% tags=["hide-input"]
shown["The search methods"]

# %% [markdown]
# ## Searching NAS-Bench-201 (Table 2)
#
# Differences are in percent of accuracy, between searches that share their seeds; single values are those of draws on which
# the search was run again.

# %% tags=["hide-input"]
shown["Searching NAS-Bench-201 (Table 2)"]

# %% [markdown]
# ## What it costs

# %% tags=["hide-input"]
shown["What it costs"]

# %% [markdown]
# ## Which indicators are needed (Table 5)

# %% tags=["hide-input"]
shown["Which indicators are needed (Table 5)"]

# %% [markdown]
# ## Landscapes (Fig. 4)

# %% tags=["hide-input"]
shown["Landscapes (Fig. 4)"]

# %% [markdown]
# ## The DARTS space (Tables 3 and 4, Figs. 5 to 7)
#
# No cell is trained to its end here, so we cannot judge test errors, but we can judge sizes, costs and the cells themselves.

# %% tags=["hide-input"]
shown["The DARTS space (Tables 3 and 4, Figs. 5 to 7)"]

# %% [markdown]
# ## What the start page says
#
# The sentences of {ref}`the first page <ch-intro>` take their numbers and their verdicts from here.

# %% tags=["hide-input"]
by_id = {found.claim.id: found for found in judged}


def tell(key: str, name: str, part: str = "") -> None:
    """Keep a claim's verdict, one of its numbers, and in how many draws it holds."""
    found = by_id[name].part(part)
    note(key, found.found.short)
    note(f"{key} verdict", f"{by_id[name].mark} {by_id[name].word}")
    note(f"{key} here", f"{MARKS[found.verdict]} {found.verdict}")
    note(f"{key} draws", found.in_draws)


# %% tags=["hide-input"]
for letter, name in zip("KRM", ("κ", "R", "MSE")):
    tell(f"each {letter}", "strong-correlations", name)
alone = [p for p in by_id["sum-above-each-function"].parts if p.counts]
best_alone = min(alone, key=lambda part: part.found.estimate.value)
tell("sum", "sum-above-each-function", best_alone.name)
note("sum than", best_alone.name)

# %% tags=["hide-input"]
tell("size", "above-parameters", "each function once")
tell("size valid", "above-parameters", "each function once, validation")
tell("size 120", "above-parameters", "each function once, ImageNet16-120")
tell("best", "above-parameters-best", "CIFAR-10")
tell("training", "fig1-regions-prefers-training", "50,000 images")
tell("test", "fig1-mse-prefers-test", "50,000 images")
tell("alone", "mse-alone-prefers-test", "50,000 images")
tell("labels", "mse-uses-labels")
tell("cost", "table2-cost", "plain against plain")
tell("cost printed", "table2-cost", "by printed times of GPUs")

# %% tags=["hide-input"]
for method in ("reinforce", "evolution", "fp-nas"):
    for split in ("CIFAR-10 test", "CIFAR-10 validation"):
        for kind in ("", ", averages of three"):
            name = f"table2-{method}-better"
            tell(f"{method} {split}{kind}", name, split + kind)
tell("largest", "search-above-parameters", "CIFAR-10 test")
tell("largest 100", "search-above-parameters", "CIFAR-100 test")
imagenet = "search-above-parameters-imagenet"
tell("largest 16", imagenet, "REINFORCE")
tell("largest 16 averages", imagenet, "REINFORCE, averages of three")
tell("random", "search-above-random", "CIFAR-10 test")

# %% [markdown]
# ## What we now know
#
# Of the {glue:text}`n claims` claims, {glue:text}`n holds` hold and {glue:text}`n does not hold` do not; for the others our
# numbers allow both answers, or cannot say anything.
# {numref}`fig-answer` shows that how well the indicators do depends on where one looks, and the chapters that follow show
# why.

# %% [markdown]
# ## Provenance

# %% tags=["hide-input"]
from tegnas_study.colophon import colophon

colophon(seed=seed, started=started)
