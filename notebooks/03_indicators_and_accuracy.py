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
# (ch-indicators-and-accuracy)=
# # Do the Indicators Know the Accuracy? A First Sample
#
# The paper's first figure shows four clouds of dots: each indicator, and the sum of their ranks, against the accuracy
# that the architectures reach when they are trained {cite}`chen2021tegnas`.
# Its text prints one number, a Kendall's τ of −0.59 for κ.
#
# In this chapter you draw such a figure yourself, for a few architectures that are evaluated while the page is made, and
# then for a sample of 200.
# After it you can say what τ means, compute it by hand, and tell how sure such a number is, which is the difference between
# a finding and an anecdote.

# %% tags=["parameters"]
n_architectures: int = 24  # evaluated live
batch_size: int = 32  # images of the kernel
repeats: int = 1  # draws of the weights
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

# %% tags=["hide-input"]
from tegnas_study import figures
from tegnas_study.figures.style import SYMBOLS
from tegnas_study.tables.printed import printed, printed_table
from tegnas_study.tables.ranking import kendall_tau, rank_sum, ranks

note = partial(glue, display=False)  # a number for the prose

# %% [markdown]
# ## Do two orders agree?
#
# ### Definition
#
# Take two architectures.
# The pair is **concordant** when the one with the larger indicator has the larger accuracy, **discordant** when it has
# the smaller accuracy, and **tied** when the two are equal in the indicator or in the accuracy.
# With $C$ concordant and $D$ discordant pairs, **Kendall's τ** {cite}`kendall1938` is
#
# $$
# \tau = \frac{C - D}{\sqrt{(N - T_x)\,(N - T_y)}},
# \qquad N = \frac{n (n - 1)}{2},
# $$ (eq-tau)
#
# where $T_x$ pairs are tied in the indicator and $T_y$ in the accuracy.
# It is 1 when the orders agree, −1 when one is the reverse of the other, and about 0 when they have nothing to do with each
# other.
# Units and scales do not matter, only the order does.
# A failed κ is infinite: it is larger than every finite one, equal to every other failure, and so ranked last.
#
# ### By hand
#
# Here are four architectures, one of which failed:

# %%
four = pd.DataFrame(
    {
        "condition_number": [20, 50, 40, np.inf],
        "linear_regions": [900, 700, 1100, 1],
        "regression_error": [1.2, 1.3, 1.2, np.inf],
        "accuracy": [93, 94, 91, 10],
    },
    index=list("abcd"),
)
four.rename(columns=SYMBOLS)

# %% [markdown]
# There are six pairs.
# κ and accuracy both rise from *a* to *b*, and from *c* to *b*: two concordant pairs.
# In the other four, *ac*, *ad*, *bd* and *cd*, one rises and the other falls.
# Nothing is tied, so $\tau = (2 - 4) / 6 = -0.33$, and a good κ has a *negative* τ, since small values are the good ones.
#
# ### The core function, and the slow way
#
# The definition, word for word, looks at all pairs; `kendall_tau` sorts and is faster.


# %%
def tau_by_pairs(x, y):
    """Kendall's τ by its definition, every pair looked at once."""
    x, y = (pd.Series(values).rank().to_numpy() for values in (x, y))
    first, second = np.triu_indices(len(x), k=1)  # every pair once
    dx, dy = np.sign(x[first] - x[second]), np.sign(y[first] - y[second])
    return (dx * dy).sum() / np.sqrt(
        np.count_nonzero(dx) * np.count_nonzero(dy)
    )


print(kendall_tau(four["condition_number"], four["accuracy"]))
print(tau_by_pairs(four["condition_number"], four["accuracy"]))

# %% [markdown]
# ### The sum of ranks
#
# Three indicators in three units cannot be added; their **ranks** can.
# Rank 1 is the best, equal values share the mean of their ranks, and failures share the last ranks.

# %%
table = pd.DataFrame(
    {
        "κ": ranks(four["condition_number"], higher_is_better=False),
        "R": ranks(four["linear_regions"], higher_is_better=True),
        "MSE": ranks(four["regression_error"], higher_is_better=False),
        "sum of ranks": rank_sum(four),
    },
    index=four.index,
)
printed_table(table, "g")

# %% [markdown]
# *a* and *c* tie for the best MSE and get rank 1.5 each.
# The smallest sum wins.

# %% [markdown]
# ## How sure is a τ?
#
# With other architectures, τ would have been another number.
# How different?
# The **bootstrap** {cite}`efron1979bootstrap` asks the sample itself: draw $n$ architectures from the $n$ with
# replacement, compute τ, and do it a thousand times.
# The middle 95 % of these values are an **interval** for τ.
#
# It answers one question, "what if we had drawn other architectures from the same space?", and leaves others open, such
# as "what if the weights had been drawn again?", to which we come below.

# %% [markdown]
# ## The experiment, live
#
# We draw a random sample of the space and evaluate it now.

# %% tags=["hide-input"]
from tegnas_study import load_benchmark, load_images
from tegnas_study.data.images import find_images

found_here = {found.name for found in find_images() if found.place}
images = load_images("cifar10" if "cifar10" in found_here else "synthetic")
benchmark = load_benchmark()

# %%
from tegnas_core import Evaluator, NASBench201, make_settings
from tegnas_study.tables.frames import (
    average_repeats,
    evaluate_many,
    join_accuracies,
)

settings = make_settings("teg", batch_size=batch_size, repeats=repeats)
sample = NASBench201().sample_many(n_architectures, seed=seed)
rows = evaluate_many(Evaluator(settings, images, seed=seed), sample)
live = join_accuracies(average_repeats(rows, settings), benchmark)
live["rank_sum"] = rank_sum(live)

# %% tags=["remove-cell"]
note("images_used", images.description)
note("n_live", len(live))
note("n_failed", int((live["status"] != "ok").sum()))

# %% [markdown]
# This page uses {glue:text}`images_used`.
# {{ here }}
#
# Of the {glue:text}`n_live` architectures, {glue:text}`n_failed` failed, which means that no path joins input and output.

# %%
from tegnas_study.tables.ranking import correlations

shown = correlations(live, ["test_accuracy"], seed=seed, n_draws=n_draws)
for row in shown.itertuples():
    slow = tau_by_pairs(live[row.indicator], live["test_accuracy"])
    assert np.isclose(row.tau, slow), row.indicator

# %% mystnb={"figure": {"caption": "Test accuracy over each indicator and over the sum of their ranks; each dot is an architecture that was evaluated while this page was made. Above each panel, Kendall's \u03c4 and its 95 % interval over architectures. Failures are crosses at the right edge. The axis of accuracies is stretched near the top.", "name": "fig-live"}, "image": {"alt": "Four scatter plots of few dots. Accuracy tends to fall with condition number, regression error and sum of ranks, and to rise with linear regions.", "width": "520px"}} tags=["hide-input"]
figures.indicators_against_accuracy(live, shown)
plt.show()


# %% tags=["remove-cell"]
def words(row):
    """τ and its interval, as in −0.53 [−0.60, −0.45]."""
    low, high = printed(row.low, ".2f"), printed(row.high, ".2f")
    return f"{printed(row.tau, '.2f')} [{low}, {high}]"


for row in shown.itertuples():
    note(f"live_{row.indicator}", words(row))
wide = shown.set_index("indicator").loc["rank_sum"]
note("live_width", float(wide["high"] - wide["low"]))

# %% [markdown]
# For the sum of ranks, {numref}`fig-live` gives τ = {glue:text}`live_rank_sum`, with an interval that is
# {glue:text}`live_width:.2f` wide: from so few architectures one can hardly say how strong an agreement is.
# (A good sum of ranks is small, so its τ is negative.)

# %% [markdown]
# ## Two hundred architectures
#
# The next figure is made from a sample that was evaluated before: 200 random architectures, with CIFAR-10 images
# {cite}`krizhevsky2009cifar`, batches of 64 and three draws of the weights.
# `data/README.md` names the command, and the file itself holds every setting.

# %%
from tegnas_study.tables.sample_of_200 import SAMPLE_FILE, sample_table

sample = sample_table(benchmark)
splits = ["test_accuracy", "train_accuracy"]
known = [split for split in splits if split in sample]
found = correlations(sample, known, seed=seed, n_draws=n_draws)

# %% mystnb={"figure": {"caption": "As the figure before, for 200 recorded architectures: CIFAR-10 images, batches of 64, three repeats.", "name": "fig-recorded"}, "image": {"alt": "Four scatter plots of 200 dots. Accuracy falls with condition number, regression error and most clearly with the sum of ranks, and rises with linear regions; above 90 percent the clouds are wide.", "width": "520px"}} tags=["hide-input"]
figures.indicators_against_accuracy(sample, found)
plt.show()

# %% tags=["remove-cell"]
by_indicator = found[found["accuracy"] == "test_accuracy"].set_index(
    "indicator"
)
for row in by_indicator.itertuples():
    note(f"recorded_{row.Index}", words(row))
note("n_recorded", len(sample))

# %% [markdown]
# Yes, they know something: over {glue:text}`n_recorded` architectures the sum of ranks has
# τ = {glue:text}`recorded_rank_sum` with the test accuracy ({{ here }}).
# {numref}`fig-recorded` also shows where that comes from: broken and weak cells are told from good ones, while the clouds are
# wide among the dots near the top.

# %% tags=["hide-input"]
from tegnas_study.tables.ranking import turned_correlations

turned = turned_correlations(found)

# %% mystnb={"figure": {"caption": "Kendall's \u03c4 with its 95 % interval over architectures, turned so that larger is stronger, for the recorded run. The diamond is what the paper prints for \u03ba. With the benchmark's own files at hand it shows training accuracy too.", "name": "fig-agreement"}, "image": {"alt": "Four rows, one for each indicator and one for the sum of ranks, with dots close together and intervals that overlap; a diamond marks what the paper prints for \u03ba.", "width": "520px"}} tags=["hide-input"]
figures.agreement_intervals(turned, paper={"condition_number": 0.59})
plt.show()

# %% [markdown]
# By {numref}`fig-agreement` the three indicators are about equally strong.
# Is their sum stronger than the best of them?
# The intervals overlap, but they are about the same architectures, so the two τ rise and fall together.
# What counts is the difference of the two τ, computed on the same resamples.
# All orders are handed in as ranks, the best first, so that agreement is positive on either side.

# %%
from tegnas_study.tables.bootstrap import paired_difference
from tegnas_study.tables.ranking import HIGHER_IS_BETTER, TEG


def order_by(name):
    """Ranks by an indicator, the best first."""
    return ranks(sample[name], higher_is_better=HIGHER_IS_BETTER[name])


best = by_indicator.loc[[*TEG], "tau"].abs().idxmax()
test = ranks(sample["test_accuracy"], higher_is_better=True)
sides = (order_by("rank_sum"), test), (order_by(best), test)
gain = paired_difference(*sides, seed=seed, n_draws=n_draws)

# %% tags=["remove-cell"]
note("best", best.replace("_", " "))
note("gain", str(gain))

# %% [markdown]
# The sum of ranks is ahead of the best single indicator, the {glue:text}`best`, by {glue:text}`gain`.
#
# ### What if the weights had been drawn again?
#
# The sample has three repeats, so we can look.
# The first columns of the next table are τ of each single repeat; then come τ of their mean, and an interval that resamples
# the repeats within each architecture.

# %% tags=["hide-input"]
from tegnas_study import read_sweep
from tegnas_study.tables.bootstrap import bootstrap_repeats
from tegnas_study.tables.frames import repeats_matrix

rows = read_sweep(SAMPLE_FILE)
accuracy = sample.set_index("architecture")["test_accuracy"]


# %%
def over_repeats(name, average):
    """τ of each repeat and of their mean, and an interval over repeats."""
    matrix = repeats_matrix(rows, name)
    known = (matrix, accuracy[matrix.index])
    interval = bootstrap_repeats(
        *known, average=average, n_draws=n_draws, seed=seed
    )
    taus = [kendall_tau(matrix[repeat], known[1]).tau for repeat in matrix]
    return [*taus, by_indicator.loc[name, "tau"], interval.low, interval.high]


# %% tags=["hide-input"]
columns = ["repeat 0", "repeat 1", "repeat 2", "mean of 3", "low", "high"]
by_repeat = {
    "condition_number": over_repeats("condition_number", "geometric"),
    "linear_regions": over_repeats("linear_regions", "arithmetic"),
    "regression_error": over_repeats("regression_error", "arithmetic"),
}
by_repeat = pd.DataFrame(by_repeat, index=columns).T
printed_table(by_repeat.rename(SYMBOLS), ".2f")

# %% tags=["remove-cell"]
single = by_repeat.loc["condition_number", columns[:3]].abs()
note("single_low", float(single.min()))
note("single_high", float(single.max()))
note(
    "mean_of_three", float(abs(by_repeat.loc["condition_number", "mean of 3"]))
)

# %% [markdown]
# One draw of the weights gives κ an agreement between {glue:text}`single_low:.2f` and {glue:text}`single_high:.2f`, and the
# mean of three draws gives {glue:text}`mean_of_three:.2f`: part of what limits an indicator is its own noise, and averaging
# removes some of it.
# The interval over repeats is narrower than that over architectures.
# Its middle may lie closer to zero than the mean of three does, since resampling three values adds noise of its own.
#
# ### What if only good architectures count?
#
# A search does not need to be told that a broken cell is broken.

# %%
good = sample[sample["test_accuracy"] > 90]
good = good.assign(rank_sum=rank_sum(good))
among_good = correlations(good, ["test_accuracy"], seed=seed, n_draws=n_draws)
told = among_good.set_index("indicator")[["tau", "low", "high"]]
printed_table(told.rename(SYMBOLS).rename(columns={"tau": "τ"}), ".2f")

# %% tags=["remove-cell"]
for row in among_good.itertuples():
    note(f"good_{row.indicator}", words(row))
note("n_good", len(good))

# %% [markdown]
# Among the {glue:text}`n_good` architectures above 90 %, the sum of ranks has only τ = {glue:text}`good_rank_sum`.
# The agreement is real, but most of it comes from the easy part of the choice.

# %% [markdown]
# ## Beside the paper
#
# ```{list-table}
# :header-rows: 1
#
# * - Kendall's τ with accuracy
#   - the paper (Section 3.1, Fig. 1)
#   - here, 200 architectures, test
# * - κ
#   - −0.59, "both training and test"
#   - {glue:text}`recorded_condition_number`
# * - R
#   - "positively correlated"
#   - {glue:text}`recorded_linear_regions`
# * - MSE
#   - "strong negative correlation"
#   - {glue:text}`recorded_regression_error`
# * - sum of ranks
#   - no number in the text
#   - {glue:text}`recorded_rank_sum`
# ```

# %%
paper = -0.59
kappa = by_indicator.loc["condition_number"]
inside = kappa["low"] <= paper <= kappa["high"]
print(f"{paper} in [{kappa['low']:.3f}, {kappa['high']:.3f}]: {inside}")

# %% tags=["remove-cell"]
note("inside", "inside" if inside else "outside")
ends = (printed(kappa[end], ".3f") for end in ("low", "high"))
note("kappa_ends", "[{}, {}]".format(*ends))

# %% [markdown]
# The paper's −0.59 lies {glue:text}`inside` our interval for κ, which to three decimals is {glue:text}`kappa_ends` and is about
# these architectures alone; {ref}`the page of claims <ch-claims>`, over all architectures and draws of the weights, has the
# verdict.
# Nobody can say more than that: the paper does not tell on which architectures, with which weights, or how it treated
# the cells that fail, and our preset `teg` draws its weights as the text says, not as the released code does.
#
# The paper also reads two finer things from its figure: R agrees more with *training* accuracy, and MSE more with *test*
# accuracy.
# Once more we compare two τ over the same architectures.


# %%
def train_minus_test(name):
    """By how much τ with training accuracy exceeds τ with test accuracy."""
    order = order_by(name)
    train = ranks(sample["train_accuracy"], higher_is_better=True)
    options = {"seed": seed, "n_draws": n_draws}
    found = paired_difference((order, train), (order, test), **options)
    return [found.value, found.low, found.high]


# %%
known_both = "train_accuracy" in sample  # not so without the benchmark
gaps = {name: train_minus_test(name) for name in TEG} if known_both else {}
ends = ["difference", "low", "high"]
table = pd.DataFrame(gaps, index=ends).T.rename(SYMBOLS).round(3)
table if known_both else print("needs the benchmark's own files")

# %% tags=["hide-input"]
told = "; ".join(
    f"{SYMBOLS[name]} {printed(value, '+.3f')}"
    for name, (value, _, _) in gaps.items()
)
unknown = "not known, as training accuracies do not come with the installation"
note("train_minus_test", told or unknown)

# %% [markdown]
# The agreement with training accuracy minus that with test accuracy is {glue:text}`train_minus_test`.
# By the paper's reading the difference should be positive for R and negative for MSE; and for κ, which is meant for
# *trainability*, it should be positive too.
# An interval that contains zero leaves the question open.
# {ref}`ch-whole-space` settles these claims over the whole space, from recorded numbers.

# %% [markdown]
# ## What we now know
#
# The indicators do know something of the accuracy: over {glue:text}`n_recorded` architectures the sum of their ranks has
# τ = {glue:text}`recorded_rank_sum`.
# Among the good ones alone it has {glue:text}`good_rank_sum`, so what they know best is which cells are bad.
# How sure such a number is depends on the architectures *and* on the draw of the weights, and a few of either are not
# enough.

# %% [markdown]
# ## Exercises
#
# ```{exercise}
# :label: ex-count-parameters
# Forget the indicators and count the parameters of each network instead, which takes no evaluation at all.
# What is τ of that count with the test accuracy of the sample of 200, to two decimals?
# Predict before you compute: does the count agree less with accuracy than κ does, or more?
# ```

# %%
answer = None  # your τ

from tegnas_study.exercises import check

check("ex-count-parameters", answer, sample=sample)

# %% tags=["remove-cell"]
from tegnas_study.exercises import solution_of

note("tau_parameters", solution_of("ex-count-parameters", sample=sample))

# %% [markdown]
# ````{solution} ex-count-parameters
# :class: dropdown
# It is τ = {glue:text}`tau_parameters:.2f`, from nothing but the size of the network; κ has
# {glue:text}`recorded_condition_number` and the sum of ranks {glue:text}`recorded_rank_sum`.
# An indicator that costs something has to do better than this, and {ref}`ch-whole-space` asks whether it does.
#
# ```python
# from tegnas_study.tables.sizes import complexity_table
#
# counts = complexity_table().set_index("architecture")["parameters"]
# n_parameters = counts[sample["architecture"]].to_numpy()
# answer = kendall_tau(n_parameters, sample["test_accuracy"]).tau
# ```
# ````
#
# ```{exercise}
# :label: ex-without-failures
# Leave out the architectures that failed, and compute τ of κ again.
# Predict first whether the agreement gets stronger or weaker, and say why.
# ```

# %%
answer = None  # "stronger" or "weaker"

check("ex-without-failures", answer)

# %% [markdown]
# ````{solution} ex-without-failures
# :class: dropdown
# Weaker.
# A failed cell has the worst κ and the worst accuracy, so each of its pairs with another cell counts for the agreement.
# There are few of them in the sample, so the difference is small.
#
# ```python
# connected = sample[sample["status"] == "ok"]
# x, y = connected["condition_number"], connected["test_accuracy"]
# tau = kendall_tau(x, y).tau
# weaker = abs(tau) < abs(by_indicator.loc["condition_number", "tau"])
# answer = "weaker" if weaker else "stronger"
# ```
# ````
#
# ```{exercise}
# :label: ex-four-times
# The interval of the live sample is wide.
# Predict by which factor an interval shrinks with four times as many architectures.
# Try it on the recorded run: compare the width for its first 50 architectures with that for all 200.
# ```

# %%
answer = None  # your factor, such as 0.9

check("ex-four-times", answer)

# %% [markdown]
# ````{solution} ex-four-times
# :class: dropdown
# By about one half: such widths shrink like $1 / \sqrt{n}$.
# (Any two widths differ by chance as well, so the cell accepts what is near.)
#
# ```python
# def width(part):
#     found = correlations(part, ["test_accuracy"], ["condition_number"], seed=seed)
#     return (found["high"] - found["low"]).item()
#
#
# random_order = sample.sample(frac=1, random_state=seed)
# answer = width(random_order) / width(random_order.head(50))
# ```
# ````

# %% [markdown]
# ## Provenance

# %% tags=["hide-input"]
from tegnas_study.colophon import colophon

colophon(
    seed=seed,
    started=started,
    settings=settings,
    images=images,
    benchmark=benchmark,
)
