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
# (ch-practice)=
# # What Should You Do?
#
# You have a search space and little time, and wonder whether numbers of untrained networks help.
# What should you do, with which indicator, how often, and at what cost?
# This page gives plain advice, each time with the numbers that it follows from.
# The numbers are those of NAS-Bench-201 and CIFAR-10, and {ref}`a section below <sec-how-far>` says how far they apply
# elsewhere.
# Verdicts are those of {ref}`the page of claims <ch-claims>`, and brackets hold 95 % intervals.

# %% tags=["parameters"]
n_splits: int = 50  # pairs of averages behind each number of repeats
seed: int = 0  # everything random follows from this

# %% tags=["hide-input"]
import json
import time

started = time.perf_counter()

from functools import partial

import matplotlib.pyplot as plt
from myst_nb import glue

note = partial(glue, display=False)  # a number for the prose

# %% tags=["hide-input"]
from tegnas_core.indicators.names import STRUCTURAL
from tegnas_study import load_benchmark
from tegnas_study.analysis import read_record, reliability
from tegnas_study.bench.table import N_ARCHITECTURES, N_CLASSES
from tegnas_study.figures.intervals import interval_chart
from tegnas_study.figures.style import SYMBOLS
from tegnas_study.ledger import verdict_of
from tegnas_study.paths import RESULTS
from tegnas_study.tables.atlases import atlas_repeats, atlas_settings
from tegnas_study.tables.printed import printed


# %% tags=["hide-input"]
def tell(key: str, claim: str, part: str = "") -> None:
    """Keep one number of a claim, its verdict, and in how many draws the claim holds."""
    found = verdict_of(claim).part(part)
    note(key, found.found.short)
    note(f"{key} verdict", str(found.verdict))
    note(f"{key} draws", found.in_draws)


# %% [markdown]
# ## Count parameters first

# %% tags=["hide-input"]
tell("size", "above-parameters", "each function once")
tell("best", "above-parameters-best", "CIFAR-10")
tell("found 10", "search-above-parameters", "CIFAR-10 test")
tell("found 100", "search-above-parameters", "CIFAR-100 test")
imagenet = "search-above-parameters-imagenet"
tell("found 16", imagenet, "REINFORCE")
tell("found 16 three", imagenet, "REINFORCE, averages of three")

# %% [markdown]
# **Before you evaluate anything, order your architectures by their number of parameters**, and ask of any indicator that
# it does better.
# Does the sum of the three ranks agree more with accuracy than the number of parameters does?
# The verdict on this claim is "{glue:text}`size verdict`" when each function counts once ({glue:text}`size`), and
# "{glue:text}`best verdict`" among the best tenth ({glue:text}`best`).
#
# **Use indicators where the largest network is not the best one.**
# Does REINFORCE find a better cell by TEG than the largest cell?
#
# | | gain in test accuracy | the claim that it is better |
# |---|---|---|
# | CIFAR-10 | {glue:text}`found 10` | {glue:text}`found 10 verdict` |
# | CIFAR-100 | {glue:text}`found 100` | {glue:text}`found 100 verdict` |
# | ImageNet16-120 | {glue:text}`found 16` | {glue:text}`found 16 verdict` |
# | ImageNet16-120, three draws averaged | {glue:text}`found 16 three` | {glue:text}`found 16 three verdict` |
#
# On ImageNet16-120, where the largest cell is far from the best, TEG is better in {glue:text}`found 16 draws`.

# %% [markdown]
# ## Which indicator

# %% tags=["hide-input"]
rivals = read_record("rivals").tables["agreements"]
rivals = rivals[
    (rivals["accuracy"] == "cifar10_test_200") & (rivals["subset"] == "classes")
]
taus = rivals.set_index("predictor")["tau"].drop("rank_sum")
counted = taus.index.isin([*STRUCTURAL])
names = {**SYMBOLS, "naswot": "NASWOT", "jacob_cov": "jacob-cov"}
names["n_convolutions"] = "the number of convolutions"
for key, some in {"one": taus[~counted], "count": taus[counted]}.items():
    best = some.idxmax()
    note(f"{key} best", names.get(best, best.replace("_", "-")))
    note(f"{key} best tau", f"{some.max():.2f}")

# %% tags=["hide-input"]
tell("sum", "sum-above-each-function", "than κ")
tell("adds", "mse-adds", "each function once")
tell("labels", "mse-uses-labels")

# %% [markdown]
# **Add ranks rather than choose one of the three.**
# When each function counts once, the sum agrees by {glue:text}`sum` more than κ alone, and by {glue:text}`adds` more than
# the sum of κ and R without MSE.
#
# **If you want a single number, look at the rivals too.**
# Of all indicators of {ref}`the chapter on rivals <ch-rivals>`, {glue:text}`one best` agrees most when each function counts
# once, by τ = {glue:text}`one best tau`; {ref}`the next chapter <ch-together>` adds newer ones on the benchmark's own network.
# Of what can be counted without a network, {glue:text}`count best` agrees most, by {glue:text}`count best tau`.
#
# **Do not read MSE as an error that your network will make.**
# The verdict on the claim that it needs the true labels to rank architectures is "{glue:text}`labels verdict`" (τ with true
# labels minus τ with permuted ones is {glue:text}`labels`).

# %% [markdown]
# ## How many repeats

# %% tags=["hide-input"]
settings = atlas_settings(reliability.TABLE)
rows = atlas_repeats(reliability.TABLE)
matrices = reliability.repeated(rows, average=settings.average)
options = {"seed": seed, "n_splits": n_splits}
halves = reliability.split_halves(matrices, **options)
by_k = halves[halves["predictor"] == "rank_sum"].set_index("k")["tau"]
note("halves 1", f"{by_k[1]:.2f}")
note("halves most", f"{by_k.iloc[-1]:.2f}")
note("k most", int(by_k.index[-1]))
needed = reliability.repeats_foreseen(halves)["rank_sum"]
note("needed", f"{needed:.0f}")

# %% tags=["hide-input"]
benchmark = load_benchmark()
accuracy = benchmark.accuracy("cifar10")
more = reliability.agreement_by_repeats(matrices, accuracy, **options)
gain = more[more["predictor"] == "rank_sum"].set_index("k")["tau"]
note("gain 1", f"{gain[1]:.2f}")
note("gain 3", f"{gain[3]:.2f}")
note("gain 10", f"{gain.iloc[-1]:.2f}")
note("n repeated", len(matrices["condition_number"]))

# %% mystnb={"figure": {"caption": "What repeats buy: agreement of the sum of ranks, and of each indicator, with CIFAR-10 test accuracy, by the number of repeats that are averaged. Dots are means over random choices of repeats, bars their middle 95 %; there is only one choice of all ten repeats, and so no bar.", "name": "fig-repeats-bought"}, "image": {"alt": "Four rows, one for each indicator and one for the sum of ranks, with dots for one, three and ten repeats. In each row the dot moves to the right from one repeat to three and little from three to ten.", "width": "520px"}} tags=["hide-input"]
chosen = more[more["k"].isin([1, 3, 10])]
interval_chart(
    chosen.assign(repeats=[f"{k} repeat{'s' * (k > 1)}" for k in chosen["k"]]),
    row="predictor",
    colour="repeats",
    names=SYMBOLS,
    zero=False,
)
plt.show()

# %% [markdown]
# **Take three repeats to find a good region, and never trust a single one to choose between two cells.**
# The sum of ranks agrees with accuracy by {glue:text}`gain 1` with one repeat, by {glue:text}`gain 3` with three and by
# {glue:text}`gain 10` with ten ({numref}`fig-repeats-bought`).
# But two draws order the same architectures quite differently: two single repeats agree with each other by only τ =
# {glue:text}`halves 1`, and two averages of {glue:text}`k most` by {glue:text}`halves most`.
# An order that another draw would confirm by τ = 0.9 takes about {glue:text}`needed` repeats.
#
# (These numbers rest on {glue:text}`n repeated` connected architectures with ten repeats. {{ here }})

# %% [markdown]
# ## Which batch, and which batch-norm

# %% tags=["hide-input"]
compared = read_record("choices").tables["differences"]
compared = compared[
    (compared["accuracy"] == "cifar10_test_200")
    & (compared["subset"] == "classes")
    & (compared["predictor"] == "rank_sum")
].set_index("choice")

# %% tags=["hide-input"]
for key, choice in {
    "batch 16": "batch of 16",
    "batch 32": "batch of 32",
    "frozen": "frozen batch-norm",
    "paper": "paper",
}.items():
    row = compared.loc[choice]
    ends = ("difference", "low", "high")
    value, low, high = (printed(row[end], "+.3f") for end in ends)
    note(key, f"{value} [{low}, {high}]")

# %% tags=["hide-input"]
bench = json.loads((RESULTS / "bench.json").read_text(encoding="utf-8"))
timed = {row["name"]: row["value"] for row in bench["rows"]}
note("exact", f"{timed['exact against the slow twin, median']:.1f}")
note("fast", f"{timed['frozen against the slow twin, median']:.0f}")
note("one", f"{timed['one repeat of the three indicators']:.1f}")
free = "architectures, 3 repeats, two free cores"
space = next(timed[name] for name in timed if name.endswith(free))
note("space", f"{space * N_CLASSES / N_ARCHITECTURES:.0f}")
note("n classes", f"{N_CLASSES:,}")
note("hardware", bench["hardware"])

# %% [markdown]
# {{ recorded }}
# These are agreements with the benchmark's own accuracies; {ref}`ch-choices` makes the same comparisons with those at hand.
#
# **A batch of 32 images is enough.**
# Compared with a batch of 64, the τ of the sum of ranks changes by {glue:text}`batch 32` with 32 images, and by
# {glue:text}`batch 16` with 16.
#
# **Freeze batch-norm when time is short.**
# That changes τ by {glue:text}`frozen`, and computes a kernel {glue:text}`fast` times faster than the plain way; the exact
# kernel is computed {glue:text}`exact` times faster.
#
# **Take the settings of the preset `teg` and not those of the paper's text**, which change τ by {glue:text}`paper`.

# %% [markdown]
# ## Which search

# %% tags=["hide-input"]
data_sets = {"10": "CIFAR-10", "100": "CIFAR-100", "16": "ImageNet16-120"}
for name, accuracy in data_sets.items():
    tell(f"random {name}", "search-above-random", f"{accuracy} test")
    gaps = verdict_of("search-above-random").part(f"{accuracy} test")
    note(f"random {name} wins", f"{(gaps.found.each > 0).sum()}")
note("random n", f"{gaps.found.n}")

# %% tags=["hide-input"]
tell("epoch", "table2-reinforce-better", "CIFAR-10 test")
tell("epoch valid", "table2-reinforce-better", "CIFAR-10 validation")
three = "CIFAR-10 test, averages of three"
tell("epoch three", "table2-reinforce-better", three)
tell("cost", "table2-cost", "plain against plain")
tell("cost printed", "table2-cost", "by printed times of GPUs")

# %% [markdown]
# **Begin with random search; a policy is the next step.**
# With as many evaluations REINFORCE gains {glue:text}`random 10` on CIFAR-10, {glue:text}`random 100` on CIFAR-100 and
# {glue:text}`random 16` on ImageNet16-120 over random search that is told the same values, by test accuracy.
# Of {glue:text}`random n` draws of weights and batch it gains in {glue:text}`random 10 wins`, {glue:text}`random 100 wins` and
# {glue:text}`random 16 wins`.
#
# **Compared with one epoch of training**, REINFORCE with TEG gains {glue:text}`epoch` on CIFAR-10 test images and
# {glue:text}`epoch valid` on validation images when it is told single draws, and {glue:text}`epoch three` on test images
# when it is told averages of three.

# %% [markdown]
# ## What it costs
#
# One repeat of all three numbers takes {glue:text}`one` s on one core ({glue:text}`hardware`).
# One cell of each of the {glue:text}`n classes` classes of equal cells, which stand for the whole of NAS-Bench-201, takes
# {glue:text}`space` minutes on two cores with three repeats.
# One epoch of training costs {glue:text}`cost` as much as an evaluation with three repeats when both are computed plainly
# on one thread, and {glue:text}`cost printed` as much by the printed times of GPUs.
# Counting parameters costs nothing.

# %% [markdown]
# (sec-how-far)=
# ## How far this applies
#
# All of it was measured on one space of small cells, with CIFAR-10 images, and the defaults of the searches (Adam, the
# {term}`window` of rewards, the number of samples) were chosen with accuracies of this very benchmark at hand.
# On a space of your own, train twenty architectures, count their parameters, and compute τ of the count and of your indicator
# before you believe either.
#
# ## What we now know
#
# An indicator is worth its price where size does not tell, and when it is averaged over several draws.
# Count parameters first, and begin with random search: what does not beat these two is not worth its cost.

# %% [markdown]
# ## Provenance

# %% tags=["hide-input"]
from tegnas_study.colophon import colophon

colophon(seed=seed, started=started, benchmark=benchmark)
