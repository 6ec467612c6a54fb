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
# By the time that it prints for a search, the paper needs {glue:text}`paper_all:.2f` seconds an architecture on a graphics
# card {cite}`chen2021tegnas`, which is {glue:text}`paper_space:.0f` hours for all architectures of the benchmark.
# Here an ordinary processor has to do, and it has to compute the same kernel, not an approximation of it.
#
# After this chapter you can say why batch normalisation makes the kernel expensive, which four ideas win most of that
# back, and what is left to win.
#
# Two kinds of numbers appear below.
# Those measured *live* change from build to build, like every stopwatch.
# Those called *recorded* are from one run of `make bench`: {glue:text}`record`.

# %% tags=["parameters"]
n_architectures: int = 2  # timed live
batch_size: int = 64  # images of a kernel, live
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
from tegnas_study.figures.style import OPERATION_NAMES

# %%
from tegnas_study.paths import RESULTS

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
# Let one image take $M$ multiplications with an addition each on its way through the network, and let $n$ images be in
# the batch.
# The forward pass then costs $2nM$ operations.
# Going back costs twice as much, $4nM$: each multiplication of the forward pass has a share in the gradient of its
# input and one in the gradient of its weight.
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
# Frozen statistics are cheaper by a factor of $\tfrac{2}{3} n$, and they are another kernel.
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
# Even the cell of six skips is not free: the stem and the two residual blocks around the cells convolve too.
# (Batch normalisation, ReLU and pooling multiply little and are not counted; they move much memory, which costs time
# all the same.)
#
# ## Four ideas
#
# `plain_jacobian` is the slow way: one forward pass, then $n$ times `torch.autograd.grad`.
# `jacobian` computes the same numbers with a reverse pass written by hand.
#
# 1. **Gradients travel together.**
#    All $n$ gradients take the same way back through the same network.
#    A register of the processor holds {glue:text}`lanes` numbers, so as many gradients share every step; `lanes.py` is
#    this idea and nothing else.
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
# With frozen statistics the images themselves take the lanes, and the forward pass does, too.
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
glue("difference", f"{difference:.0e}", display=False)

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
race["exact_faster"] = race.twin / race.exact
race["frozen_faster"] = race.twin / race.frozen
race.drop(columns=[c for c in race if c.startswith("error_")]).round(3)

# %%
race.filter(like="error_").map("{:.1e}".format)

# %% [markdown]
# The seconds are processor time for one kernel; the slow way is called the *twin* of the fast one.
# Each network has run once before, unmeasured, since the first use of an operation loads its compiled code, which can
# take longer than a frozen kernel; a single measurement as short as that is still easily off.
# The second table holds relative errors of kernels, but for the last column, of κ: first the fast way beside its twin,
# then both, and the frozen one, beside double precision.
# The fast way is no further from the truth than the slow way is.
#
# ## The full measurement
#
# `make bench` does the same for {glue:text}`n_recorded` random architectures, each way in turn, twice.

# %% tags=["remove-cell"]
each = pd.DataFrame(bench["architectures"])
rows = {row["name"].strip(): row for row in bench["rows"]}
glue("n_recorded", len(each), display=False)
ratios = pd.DataFrame(
    {"exact": each.twin / each.exact, "frozen": each.twin / each.frozen}
)

# %% mystnb={"figure": {"caption": "How many times faster than the slow way one kernel is, recorded: a dot a random architecture. The dashed lines are what we set out to reach.", "name": "fig-speedups"}, "image": {"alt": "Two rows of dots on a logarithmic axis. The exact ones lie at the dashed line at 5 and beyond it, the frozen ones beyond the line at 30.", "width": "520px"}} tags=["hide-input"]
figures.speedups(ratios, {"exact": 5, "frozen": 30})
plt.show()


# %%
table = pd.DataFrame(bench["rows"])
table["measured"] = table.value.map("{:.3g} ".format) + table.unit
table.set_index("name")[["measured", "wanted", "verdict"]]

# %% tags=["remove-cell"]
switched = [error for error in each.error_twin if error > 1e-4]
glue("n_switched", len(switched), display=False)
glue("error_median", f"{each.error_exact.median():.0e}", display=False)
glue("error_largest", f"{each.error_exact_twin.max():.0e}", display=False)

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
# and {glue:text}`exact_most:.1f` times; the frozen one {glue:text}`frozen_median:.0f` times.
# The spread in {numref}`fig-speedups` has a reason: where an architecture pools, the slow way is slow beyond what its
# arithmetic asks for, and where it convolves, it is nearest to the processor's limit.
#
# The kernels of the two ways differ by at most {glue:text}`error_largest`, and from double precision by
# {glue:text}`error_median` in the median.
# For {glue:text}`n_switched` of the architectures, single precision puts a ReLU whose input is zero but for rounding on
# the other side than double precision does.
# One ReLU of one image can move a kernel by half a percent; it does so in the slow way as well.
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
parts.round(1)

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
# A 1×1 convolution multiplies a ninth as often as a 3×3 one, but the bar of the former is far more than a ninth of the
# bar of the latter: both read and write the same gradients, and the memory sets the pace.
#
# ### What is left to win?
#
# For the cell of six 3×3 convolutions, half of the operations of equation {eq}`eq-cost` remain once inactive pixels are
# skipped, and a repeat gets through them at about {glue:text}`rate:.0f` billion a second.
# A thread of the recorded machine can do {glue:text}`best:.0f` billion at the very best, multiplying and adding numbers
# that are in its registers already.
# So at most a factor of {glue:text}`left:.1f` is left there without a better idea.
# The cell of six skips, which convolves only around its cells, takes {glue:text}`skip_share:.0f` % of the time of that cell.
#
# There is no shortcut in the algebra either.
# The exact Jacobian is the frozen one plus what passes through the batch statistics, but a network of this size has
# more of those statistics than a batch of 64 has outputs, so following each statistic once is no cheaper than
# following each output once.

# %% [markdown]
# ## Beside the paper's seconds
#
# The paper does not print what one evaluation takes, but its Table 5 prints the GPU seconds of searches by REINFORCE that
# are told one indicator or all three.
# We divide these by the 500 architectures that a search evaluates, each on three mini-batches, so the first column is
# *derived*, and holds whatever else a search does.
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
glue("ours_all", float(3 * mean.sum()), display=False)
sum_paper = PAPER["R"] + PAPER["κ"] + PAPER["MSE"]
glue("sum_paper", float(sum_paper), display=False)
for key in ("classes", "architectures"):
    row = next(r for r in bench["rows"] if f"{key}, 3 repeats" in r["name"])
    glue(f"hours_{key}", float(row["value"] / 60), display=False)
    glue(f"n_{key}", row["name"].split()[0], display=False)

# %% [markdown]
# This is no race: the hardware differs, the paper's times may hold work that ours do not, and a graphics card is at its
# worst with networks of three channels.
# But it settles what it is about: {glue:text}`ours_all:.1f` seconds on one thread against {glue:text}`paper_all:.2f` on
# a card of its time.
# (In the paper, too, the three together cost less than their sum, {glue:text}`sum_paper:.2f`, since κ and the regression
# share a Jacobian.)
#
# At this rate two free cores take about {glue:text}`hours_classes:.1f` hours for one cell of each class of equal cells,
# {glue:text}`n_classes` when the bench was recorded, with three repeats each, and {glue:text}`hours_architectures:.1f`
# hours for all {glue:text}`n_architectures` strings.
#
# **On a graphics card** the Jacobian is written in plain torch (`batched.py`): all gradients of a batch at once, and the
# repeats of an architecture side by side in the channels (`side_by_side.py` of the bench).
# `python -m tegnas_study.bench.bench --device cuda` prints the same table there.
# It has been checked on a processor for its numbers, but nobody has yet timed it on a card, so there is nothing to
# report.
#
# ## What we now know
#
# Batch normalisation makes every output depend on every image, which is why the exact kernel is expensive; a reverse pass
# that carries its gradients together makes it {glue:text}`exact_median:.1f` times faster in the median without changing
# it.
# One evaluation of the three indicators, with three repeats, takes {glue:text}`ours_all:.1f` seconds on one thread, so it
# needs no graphics card.
# What costs is the Jacobian, and at most a factor of {glue:text}`left:.1f` is left there.
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
# By which factor does the exact cost of equation {eq}`eq-cost` grow when the batch grows from 64 to 128 images?
# And the frozen cost?
# ```

# %%
answer = None  # the factor of the exact cost

check("ex-larger-batch", answer)

# %% [markdown]
# ````{solution} ex-larger-batch
# :class: dropdown
# $n$ enters squared, so the exact cost grows by $4$ (by $3.98$ with the forward pass), and the frozen one by $2$.
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

# %%
print(bench["command"])
print(bench["hardware"], bench["load_average"])
print({name: number for name, number in bench["versions"].items() if number})

# %% tags=["hide-input"]
from tegnas_study.colophon import colophon

colophon(seed=seed, started=started, settings=settings, images=case.images)
