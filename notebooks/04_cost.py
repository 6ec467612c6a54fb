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
# (ch-cost)=
# # What It Costs: How Fast Can an Untrained Network Be Judged?
#
# An indicator that needs no training is only worth having if it is cheap.
# By the time that it prints for a search, the paper needs {glue:text}`paper_all:.2f` seconds for each architecture on a
# graphics card {cite}`chen2021tegnas`, which is {glue:text}`paper_space:.0f` hours for all architectures of the benchmark.
# Here an ordinary processor has to do, and it has to compute the same kernel, not an approximation of it.
#
# After this chapter you can say why batch normalisation makes the kernel expensive, which four ideas win most of that
# back, what is left to win, and how many evaluations one epoch of training would pay for.
#
# Two kinds of numbers appear below.
# Those measured *live* change from build to build, like every stopwatch.
# Those called *recorded* come from one run of `make bench`: {glue:text}`record`.

# %% tags=["parameters"]
n_architectures: int = 2  # timed live
batch_size: int = 64  # images of a kernel, live
n_draws: int = 1000  # resamples behind an interval
seed: int = 0  # everything random follows from this

# %% tags=["hide-input"]
import time

started = time.perf_counter()

import json

import matplotlib.pyplot as plt
import pandas as pd
import torch
from myst_nb import glue

# %% tags=["hide-input"]
from tegnas_core import (
    OPERATIONS,
    Architecture,
    NASBench201,
    jacobian,
    make_settings,
    ntk,
    plain_jacobian,
    select_parameters,
)
from tegnas_study import figures, load_images
from tegnas_study.figures.intervals import interval_chart
from tegnas_study.figures.style import OPERATION_NAMES

# %% tags=["hide-input"]
from tegnas_study.paths import RESULTS
from tegnas_study.tables.printed import printed, printed_table

bench = json.loads((RESULTS / "bench.json").read_text(encoding="utf-8"))

# %% tags=["remove-cell"]
# Derived: the GPU seconds of each search in Table 5, over its 500 architectures.
SEARCHES = {"R": 254.6, "κ": 1574, "MSE": 2447.7, "all three": 3668.5}
PAPER = {name: seconds / 500 for name, seconds in SEARCHES.items()}
load = bench["load_average"]["before"]
quiet = "quiet" if load < 0.5 else f"busy (load average {load:.1f})"
record = f"{bench['finished'][:10]}, {bench['hardware']}, one thread, torch {bench['versions']['torch']}; the machine was {quiet}"
glue("record", record, display=False)
glue("paper_all", PAPER["all three"], display=False)
glue("paper_space", float(15625 * PAPER["all three"] / 3600), display=False)

# %% [markdown]
# ## What does a Jacobian cost?
#
# ### Definition
#
# Let one image take $M$ multiplications, each with an addition, on its way through the network, and let the batch have $n$
# images.
# The forward pass then costs $2nM$ operations.
# Going back costs twice as much, $4nM$: each multiplication of the forward pass contributes to the gradient of its input
# and to the gradient of its weight.
#
# The kernel needs a gradient for each of the $n$ outputs.
# Batch normalisation lets every output depend on every image, so each of the $n$ gradients is a backward pass through
# the *whole* batch.
# If the statistics are **frozen**, held constant on the way back, output $i$ depends on image $i$ alone, and one
# backward pass carries all $n$ gradients side by side:
#
# $$
# C_{\text{exact}} = 2nM + n \cdot 4nM \approx 4 n^2 M,
# \qquad
# C_{\text{frozen}} = 2nM + 4nM = 6nM .
# $$ (eq-cost)
#
# ### By hand
#
# Take two images of one number each, $x = (1, 3)$, and a network that multiplies by $w$ and subtracts the mean of the
# batch, $f_i = w x_i - \tfrac{1}{2}(w x_1 + w x_2)$.
# Differentiating through the mean gives $\partial f_i / \partial w = x_i - \bar x$, which is $-1$ and $1$.
# Holding the mean constant gives $x_i$, which is $1$ and $3$.

# %%
x, w = torch.tensor([1.0, 3.0]), torch.tensor(1.0, requires_grad=True)
exact = w * x - (w * x).mean()
frozen = w * x - (w * x).mean().detach()
for name, f in {"exact": exact, "frozen": frozen}.items():
    rows = [torch.autograd.grad(f[i], w, retain_graph=True)[0] for i in (0, 1)]
    print(name, [row.item() for row in rows])

# %% [markdown]
# Frozen statistics are cheaper by a factor of $\tfrac{2}{3} n$, but they give another kernel.
# That is why both exist here, and why the exact one had to become fast.
#
# ### Real networks
#
# How large is $M$?
# For the proxy network of three channels:

# %%
from tegnas_study.tables.sizes import Skeleton, complexity_of

uniform = {o: Architecture((o,) * 6) for o in OPERATIONS if o != "none"}
proxy, n = Skeleton(width=3, cells_per_stage=1), 64
M = pd.Series({o: complexity_of(a, proxy).flops for o, a in uniform.items()})
operations = pd.DataFrame(
    {
        "M (million)": M / 1e6,
        "exact (billion)": (2 * n + 4 * n**2) * M / 1e9,
        "frozen (billion)": 6 * n * M / 1e9,
    }
).rename(index=OPERATION_NAMES)
operations.round(2)

# %% [markdown]
# Even the cell of six skips is not free: the stem and the two residual blocks around the cells contain convolutions too.
# (Batch normalisation, ReLU and pooling multiply little and are not counted; but they move much memory, which also costs
# time.)
#
# ## Four ideas
#
# `plain_jacobian` is the slow way: one forward pass, then $n$ times `torch.autograd.grad`.
# `jacobian` computes the same numbers with a reverse pass written by hand.
#
# 1. **Gradients travel together.**
#    All $n$ gradients take the same way back through the same network.
#    A register of the processor holds {glue:text}`lanes` numbers, the *lanes*, so as many gradients share every step;
#    `lanes.py` is this idea and nothing else.
# 2. **What a ReLU switched off stays off.**
#    Its derivative is the same for all gradients, zero for about half of the pixels, and a pixel that passes nothing on
#    is not visited.
#    This is the only idea that does *less* work than equation {eq}`eq-cost` says.
# 3. **One image at a time stays in the cache.**
#    The reverse of batch normalisation is a projection: it removes from a gradient what is constant, and what is
#    proportional to the normalised input.
#    It is applied on the way into the convolution's reverse, image by image.
# 4. **Memory is used again.**
#    An array fresh from the system costs more than the arithmetic on it; `workspace.py` keeps arrays for the next pass.
#
# With frozen statistics the images take the lanes instead of the gradients, in the forward pass as well.
#
# ### Does the fast way agree with the slow way?

# %% tags=["remove-cell"]
from tegnas_core.engine.lanes import LANES

glue("lanes", LANES, display=False)

# %%
from tegnas_study.bench.cost import Case, compare

settings = make_settings("teg", batch_size=batch_size)
case = Case(settings, load_images("synthetic"), seed=seed)
x = case.data().images[:16].double()
network = case.network(uniform["nor_conv_3x3"]).double()
weights = select_parameters(network, "weights")

fast = ntk(jacobian(network, x, weights))
slow = ntk(plain_jacobian(network, x, weights))
difference = ((fast - slow).norm() / slow.norm()).item()
assert difference < 1e-10

# %% tags=["remove-cell"]
glue("difference", printed(difference, ".0e"), display=False)

# %% [markdown]
# In double precision two derivations of one number should agree to about sixteen digits, and they do: the relative
# difference of the two kernels is {glue:text}`difference`.
#
# ### A small race, live
#
# In single precision, as the indicators are computed:

# %%
from tegnas_core.spaces.structure import is_connected

candidates = NASBench201().sample_many(4 * n_architectures, seed=seed)
chosen = [a for a in candidates if is_connected(a)][:n_architectures]
for a in chosen:
    compare(case, a, rounds=1, reference=False)  # warm up
race = pd.DataFrame([compare(case, a, rounds=1) for a in chosen])
race["exact, times faster"] = race.twin / race.exact
race["frozen, times faster"] = race.twin / race.frozen
formats = dict.fromkeys(["twin", "exact", "frozen"], ".3f")
formats |= dict.fromkeys(["exact, times faster", "frozen, times faster"], ".1f")
printed_table(race, formats)

# %% tags=["hide-input"]
errors = {
    "error_exact_twin": "exact and twin",
    "error_twin": "twin",
    "error_exact": "exact",
    "error_frozen": "frozen",
    "error_kappa": "κ",
}
printed_table(race[[*errors]].rename(columns=errors), ".1e")

# %% [markdown]
# The seconds are processor time for one kernel; the slow way is called the *twin* of the fast one.
# Each network has run once before without being measured, since the first use of an operation loads its compiled code,
# which can take longer than a frozen kernel; a single measurement of so short a time can still be far off.
# The second table holds relative errors of kernels, and in its last column that of κ.
# It compares the fast way with its twin first, and then both of them, and the frozen kernel, with double precision.
# The fast way is no further from the truth than the slow way is.
#
# ## The full measurement
#
# `make bench` does the same for {glue:text}`n_recorded` random architectures, one way after the other, twice.

# %% tags=["remove-cell"]
each = pd.DataFrame(bench["architectures"])
rows = {row["name"].strip(): row for row in bench["rows"]}
glue("n_recorded", len(each), display=False)
ratios = pd.DataFrame(
    {"exact": each.twin / each.exact, "frozen": each.twin / each.frozen}
)

# %% mystnb={"figure": {"caption": "How many times faster than the slow way one kernel is, recorded; each dot is a random architecture. The dashed lines are what we set out to reach.", "name": "fig-speedups"}, "image": {"alt": "Two rows of dots on a logarithmic axis. The exact ones lie at the dashed line at 5 and beyond it, the frozen ones beyond the line at 30.", "width": "520px"}} tags=["hide-input"]
figures.speedups(ratios, {"exact": 5, "frozen": 30})
plt.show()


# %% tags=["hide-input"]
table = pd.DataFrame(bench["rows"])
table["measured"] = [printed(value, ".3g") for value in table.value]
table["measured"] += " " + table.unit
table.set_index("name")[["measured", "wanted", "verdict"]]

# %% tags=["remove-cell"]
switched = [error for error in each.error_twin if error > 1e-4]
glue("n_switched", len(switched), display=False)
glue("switched_most", f"{100 * max(each.error_twin):.1f}", display=False)
glue("error_median", printed(each.error_exact.median(), ".0e"), display=False)
glue(
    "error_largest", printed(each.error_exact_twin.max(), ".0e"), display=False
)

# %% tags=["remove-cell"]
mean = pd.Series(bench["parts"]["random"])
glue("exact_median", float(ratios.exact.median()), display=False)
glue("exact_least", float(ratios.exact.min()), display=False)
glue("exact_most", float(ratios.exact.max()), display=False)
glue("frozen_median", float(ratios.frozen.median()), display=False)
glue(
    "share_convolutions",
    float(100 * mean.convolutions / mean.sum()),
    display=False,
)
linear = mean[["kernels", "eigenvalues", "solve"]].sum()
glue("share_linear", float(100 * linear / mean.sum()), display=False)
glue("share_regions", float(100 * mean.regions / mean.sum()), display=False)
glue("eigen_ms", float(1e3 * mean.eigenvalues), display=False)

# %% [markdown]
# The exact kernel is {glue:text}`exact_median:.1f` times faster in the median, and between {glue:text}`exact_least:.1f`
# and {glue:text}`exact_most:.1f` times faster for single architectures; the frozen one is {glue:text}`frozen_median:.0f` times
# faster than the slow way.
# The spread in {numref}`fig-speedups` has a reason: pooling in the slow way takes more time than its arithmetic asks for,
# while convolutions in the slow way are nearest to the processor's limit.
#
# The kernels of the two ways differ by at most {glue:text}`error_largest`, and from double precision by
# {glue:text}`error_median` in the median.
# For {glue:text}`n_switched` of the architectures, a ReLU has an input that is zero but for rounding, and single precision
# puts it on the other side of zero than double precision does.
# One ReLU of one image can move a kernel by {glue:text}`switched_most` percent, and it does so in the slow way as well.
#
# ### Where does the time go?

# %%
names = {
    "random": "random, mean",
    **{o: f"all {OPERATION_NAMES[o]}" for o in uniform},
}
parts = 1e3 * pd.DataFrame(bench["parts"]).T.loc[list(names)].rename(names)
parts["linear algebra"] = parts[["kernels", "eigenvalues", "solve"]].sum(axis=1)
parts = parts.drop(columns=["kernels", "eigenvalues", "solve"])
printed_table(parts.T.rename_axis("milliseconds"), ".1f")

# %% mystnb={"figure": {"caption": "Where the time of one repeat of the three indicators goes, recorded, in milliseconds of one thread: two exact Jacobians, the regression, and the regions. The number at the end of a bar is its total.", "name": "fig-where-time-goes"}, "image": {"alt": "Five stacked bars. The reverse of convolutions is the largest part of each; for the cell of convolutions it is most of the bar. The linear algebra is hardly visible.", "width": "520px"}} tags=["hide-input"]
figures.where_time_goes(parts)
plt.show()

# %% tags=["remove-cell"]
totals = parts.sum(axis=1)
best = next(
    r["value"] for name, r in rows.items() if "at the very best" in name
)
rate = next(r["value"] for name, r in rows.items() if "reverse of 3×3" in name)
glue("best", float(best), display=False)
glue("rate", float(rate), display=False)
glue("left", float(best / rate), display=False)
skip_share = 100 * totals["all skip"] / totals["all conv 3×3"]
glue("skip_share", float(skip_share), display=False)

# %% [markdown]
# In {numref}`fig-where-time-goes` convolutions are {glue:text}`share_convolutions:.0f` % of the mean, and the regions
# {glue:text}`share_regions:.0f` %.
# The linear algebra that gives two indicators their names, kernels, eigenvalues and the regression together, is
# {glue:text}`share_linear:.0f` %; the eigenvalues take {glue:text}`eigen_ms:.1f` milliseconds.
# So there is no use in a cleverer κ: what costs is the Jacobian.
#
# Arithmetic is not all of it, either.
# A 1×1 convolution needs a ninth of the multiplications of a 3×3 one, but its bar is far longer than a ninth of the other:
# both read and write the same gradients, and the memory sets the pace.
#
# ### What is left to win?
#
# For the cell of six 3×3 convolutions, half of the operations of equation {eq}`eq-cost` remain once inactive pixels are
# skipped, and a repeat does about {glue:text}`rate:.0f` billion of them in a second.
# A thread of the recorded machine can do {glue:text}`best:.0f` billion at the very best, when it multiplies and adds numbers
# that are already in its registers.
# So at most a factor of {glue:text}`left:.1f` is left there without a better idea.
# The cell of six skips, which has convolutions only around its cells, takes {glue:text}`skip_share:.0f` % of that time.
#
# There is no shortcut in the algebra either.
# The exact Jacobian is the frozen one plus what passes through the batch statistics, but a network of this size has
# more of those statistics than a batch of 64 has outputs, so following each statistic once is no cheaper than
# following each output once.

# %% [markdown]
# ## Beside the paper's seconds
#
# The paper does not print how long one evaluation takes, but its Table 5 prints the GPU seconds of searches by REINFORCE,
# which learns from rewards what to propose next ({ref}`ch-search-from-scratch`), told one indicator or all three.
# We divide these by the 500 architectures that a search evaluates, each on three mini-batches.
# So the first column is *derived*, and it includes whatever else a search does.
# The paper names its card, a GTX 1080 Ti, for Table 3 only; we take it to be the same.
# The column beside it is recorded: three repeats on one thread of a processor, each indicator on its own, then all
# three together.

# %%
alone = bench["indicators"]
ours = {
    "R": alone["linear_regions"],
    "κ": alone["condition_number"],
    "MSE": alone["regression_error"],
    "all three": mean.sum(),
}
beside = pd.DataFrame({"paper, GPU (derived)": PAPER, "here, one thread": ours})
beside["here, one thread"] *= 3
beside.round(2)

# %% tags=["remove-cell"]
from tegnas_study.bench.table import N_ARCHITECTURES, N_CLASSES

glue("ours_all", float(3 * mean.sum()), display=False)
sum_paper = PAPER["R"] + PAPER["κ"] + PAPER["MSE"]
glue("sum_paper", float(sum_paper), display=False)
row = next(r for r in bench["rows"] if "architectures, 3" in r["name"])
counts = {"classes": N_CLASSES, "architectures": N_ARCHITECTURES}
for key, count in counts.items():
    hours = row["value"] / 60 * count / N_ARCHITECTURES
    glue(f"hours_{key}", float(hours), display=False)
    glue(f"n_{key}", f"{count:,}", display=False)

# %% [markdown]
# This is no race: the hardware differs, the paper's times may include work that ours do not, and a graphics card is at its
# worst with networks of three channels.
# But it shows the size of the numbers: {glue:text}`ours_all:.1f` seconds on one thread against {glue:text}`paper_all:.2f` on
# a card of its time.
# (In the paper, too, the three together cost less than their sum, {glue:text}`sum_paper:.2f`, since κ and the regression
# share a Jacobian.)
#
# At this rate two free cores take about {glue:text}`hours_classes:.1f` hours for one cell of each of the
# {glue:text}`n_classes` classes of equal cells, with three repeats each, and {glue:text}`hours_architectures:.1f` hours for
# all {glue:text}`n_architectures` strings.
# (The bench above was recorded when the study counted fewer classes, at the coarser level that {ref}`ch-conventions` names.)
#
# **On a graphics card** the Jacobian is written in plain torch (`batched.py`): all gradients of a batch at once, and the
# repeats of an architecture side by side in the channels (`side_by_side.py` of the bench).
# `make gpu` times it there, lays its numbers beside those of a processor, and times evaluations against epochs as the next
# section does.
# {glue:text}`cards`

# %% tags=["hide-input"]
from tegnas_study.bench.card_results import card_results

answers = card_results(seed=seed, n_draws=n_draws)
any_card = (answers["card"] != "").any()
told = "This is what cards have answered so far:"
glue("cards", told if any_card else "No card has answered yet.", display=False)
answers.set_index("on a graphics card") if any_card else None

# %% [markdown]
# Where nothing is measured, nothing is claimed: the code of the card is tested on a processor, where it gives the same
# numbers, but that says nothing about its speed.
#
# ## How many evaluations does one epoch pay for?
#
# The paper compares TEG with the accuracy after *one epoch of training*, and claims that TEG cuts the time of a search by
# more than 2.3 times.
# To set a hand-made engine beside plain training would say as much about the engine as about TEG.
# So we timed both in two ways, on the same random connected cells, on one thread and in processor seconds: an evaluation of
# three repeats by `plain_jacobian` and by `jacobian`, and an epoch on half of CIFAR-10 as torch computes it by default and
# in the memory order that convolutions prefer.

# %% tags=["hide-input"]
from tegnas_study.analysis import read_record
from tegnas_study.analysis.searches.cost import cost_both_ways
from tegnas_study.bench.epochs import ENOUGH, read_epoch_costs
from tegnas_study.ledger import verdict_of

timed, _ = read_epoch_costs()
both = cost_both_ways(timed, repeats=3, seed=seed, n_draws=n_draws)
ways = {
    "both computed plainly": both.estimate("plain"),
    "both computed fast": both.estimate("fast"),
    "plain epoch,\nfast evaluation": both.estimate("mixed"),
}

# %% tags=["hide-input"]
seconds = read_record("table-2").tables["epochs"].set_index("data set")
by_print = float(seconds["seconds"].iloc[0]) / PAPER["all three"]
paid = [(way, *ratio.numbers) for way, ratio in ways.items()]
paid.append(("printed times, GPUs", by_print, by_print, by_print))
paid = pd.DataFrame(paid, columns=["way", "ratio", "low", "high"])
glue("n_timed", len(timed), display=False)
glue("plain", f"{both.estimate('plain'):.1f}", display=False)
glue("fast", f"{both.estimate('fast'):.1f}", display=False)
glue("printed", by_print, display=False)
judged = f"has the verdict “{verdict_of('table2-cost').word}”"
waiting = f"gives no verdict before {ENOUGH} cells are timed"
judged = judged if len(timed) >= ENOUGH else waiting
glue("cost verdict", judged, display=False)

# %% mystnb={"figure": {"caption": "How many evaluations of three repeats one epoch on half of CIFAR-10 pays for, with 95 % intervals over cells. Recorded. The last row is derived from printed times: an epoch on the benchmark's GPUs, and an evaluation on the paper's.", "name": "fig-epoch-cost"}, "image": {"alt": "Four rows with one mark each, of which the first three have intervals. The mixed comparison, of a plain epoch and a fast evaluation, lies far to the right of the two like ones.", "width": "520px"}} tags=["hide-input"]
interval_chart(
    paid, row="way", value="ratio", xlabel="evaluations paid for by one epoch"
)
plt.show()

# %% [markdown]
# In {numref}`fig-epoch-cost` an epoch pays for {glue:text}`plain` evaluations when both are computed plainly, and for
# {glue:text}`fast` when both are computed fast, over {glue:text}`n_timed` cells.
# The third row compares an implementation as much as a method.
# On the claim that TEG is more than 2.3 times cheaper, when it is computed in the same way as training,
# {ref}`the page of claims <ch-claims>` {glue:text}`cost verdict`.
# By printed times the ratio is {glue:text}`printed:.2f`, on other hardware: the paper's evaluation on its card, and an epoch
# on the GPUs of the benchmark.
#
# The claim as the ledger judges it:

# %% tags=["hide-input"]
from tegnas_study.ledger import page

page.beside("ch-cost")

# %% [markdown]
# The machine had other work while it was timed, which slows the larger network down more than the small one.
# We did not judge several threads, compiled or half-precision training, or an engine for training as hand-made as that
# for the Jacobian.
#
# ## What we now know
#
# Batch normalisation makes every output depend on every image, which is why the exact kernel is expensive.
# A reverse pass that carries all gradients together makes it {glue:text}`exact_median:.1f` times faster in the median
# without changing it.
# One evaluation of the three indicators, with three repeats, takes {glue:text}`ours_all:.1f` seconds on one thread, so it
# needs no graphics card, and one epoch of training would pay for {glue:text}`plain` of them, computed as plainly.
#
# ## Exercises
#
# ```{exercise}
# :label: ex-passes
# A robustness study evaluates κ and the regression error of one architecture for three initialisations times three
# batches of 64 images.
# How many backward passes does the slow way need?
# ```

# %%
answer = None  # your number

from tegnas_study.exercises import check

check("ex-passes", answer)

# %% [markdown]
# ````{solution} ex-passes
# :class: dropdown
# 1,152: nine combinations, each with a training and a held-out Jacobian of 64 rows.
# κ needs no pass of its own.
#
# ```python
# answer = 3 * 3 * (64 + 64)
# ```
# ````
#
# ```{exercise}
# :label: ex-larger-batch
# Change this and predict: the batch grows from 64 to 128 images.
# By which factor does the exact cost of equation {eq}`eq-cost` grow?
# And the frozen cost?
# ```

# %%
answer = None  # the factor of the exact cost

check("ex-larger-batch", answer)

# %% [markdown]
# ````{solution} ex-larger-batch
# :class: dropdown
# $n$ enters squared, so the exact cost grows by a factor of $4$ ($3.98$ with the forward pass), and the frozen one by $2$.
# The kernel of a large batch is out of reach for the exact way long before memory is.
#
# ```python
# answer = (128 / 64) ** 2
# ```
# ````
#
# ```{exercise}
# :label: ex-amdahl
# Suppose that the reverse of convolutions cost nothing at all.
# How many times faster would a repeat of a random architecture be?
# The table of parts above has the numbers.
# ```

# %%
answer = None  # your number

check("ex-amdahl", answer, parts=parts)

# %% tags=["remove-cell"]
from tegnas_study.exercises import solution_of

glue("amdahl", solution_of("ex-amdahl", parts=parts), display=False)

# %% [markdown]
# ````{solution} ex-amdahl
# :class: dropdown
# {glue:text}`amdahl:.1f` times: the total divided by what would remain.
# A part that is a share $s$ of the time cannot give more than $1 / (1 - s)$, however fast it becomes.
#
# ```python
# total = parts.loc["random, mean"].sum()
# answer = total / (total - parts.loc["random, mean", "convolutions"])
# ```
# ````

# %% [markdown]
# ## Provenance
#
# The recorded run, written by the command that it names:

# %% tags=["hide-input"]
pd.set_option("display.max_colwidth", None)  # commands are long
loads = (f"{bench['load_average'][side]:.2f}" for side in ("before", "after"))
versions = {
    name: number for name, number in bench["versions"].items() if number
}
ran = {
    "command": bench["command"],
    "hardware": bench["hardware"],
    "load before and after": ", ".join(loads),
    "versions": ", ".join(
        f"{name} {number}" for name, number in versions.items()
    ),
}
pd.Series(ran).to_frame("recorded run")

# %% tags=["hide-input"]
from tegnas_study.colophon import colophon

colophon(seed=seed, started=started, settings=settings, images=case.images)
