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
# (ch-weight-sharing)=
# # Does Sharing Weights Beat Theory?
#
# Training fifteen thousand networks takes years; training *one* that holds them all takes minutes.
# That is the idea of weight sharing {cite}`bender2018understanding,pham2018enas`, and the paper's Table 2 compares TEG with
# five searches that use it: RSPS, ENAS, DARTS, GDAS and FP-NAS.
# The paper quotes four of them from other work.
# Here each of them has code, and a record at a size that a processor can afford, which says what was run so far.
#
# Does sharing weights find better cells than theory does in the same time?
# And does a trained {term}`supernet` order cells better than κ, R and MSE, which need no training?
# After this chapter you know what a supernet computes, how each method trains it, how to read a complete Table 2, and how
# many seeds a verdict needs.

# %% tags=["parameters"]
n_searches: int = (
    4  # searches by TEG for each training, on each draw of the weights
)
n_draws: int = 1000  # resamples behind every interval
seed: int = 0  # of resamples and searches

# %% tags=["hide-input"]
import time

started = time.perf_counter()

from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
from myst_nb import glue

note = partial(glue, display=False)  # a number for the prose
options = {"seed": seed, "n_draws": n_draws}

# %% tags=["hide-input"]
from tegnas_core.errors import TegnasError
from tegnas_core.networks import build_network
from tegnas_core.spaces import NASBench201
from tegnas_core.spaces.structure import is_connected
from tegnas_study import load_benchmark
from tegnas_study.analysis import read_record, supernet_order, verdict
from tegnas_study.analysis import weight_sharing as sharing
from tegnas_study.analysis.searches import estimates, rows
from tegnas_study.data.quoted import as_printed, quoted_table

# %% tags=["hide-input"]
from tegnas_study.experiments import weight_sharing_record
from tegnas_study.experiments.study_file import read_study
from tegnas_study.figures.intervals import interval_chart
from tegnas_study.figures.sharing import named_curves
from tegnas_study.figures.style import SYMBOLS
from tegnas_study.tables.printed import printed
from tegnas_study.weight_sharing.gdas import hard_path
from tegnas_study.weight_sharing.sizes import SIZES
from tegnas_study.weight_sharing.supernet import Supernet, single_path

# %% [markdown]
# ## One network for all cells
#
# A supernet has all five operations on all six edges of every cell.
# A {term}`single path` of it computes one operation on each edge, and that is the network of one cell, with the same
# weights.

# %%
space = NASBench201()
size = {"width": 4, "cells_per_stage": 1, "n_classes": 10}
supernet = Supernet(**size, seed=seed)
(cell,) = space.sample_many(1, seed=seed)
alone = build_network(cell, **size)
alone.load_state_dict(supernet.weights_of(cell))
images = torch.randn(8, 3, 16, 16, generator=torch.Generator().manual_seed(0))
path = single_path(space.decisions(cell))
assert torch.equal(supernet(images, path), alone(images))

# %% tags=["hide-input"]
count = [sum(p.numel() for p in n.parameters()) for n in (supernet, alone)]
note("n supernet", f"{count[0]:,}")
note("n alone", f"{count[1]:,}")

# %% [markdown]
# The supernet of this size has {glue:text}`n supernet` weights, and the cell that was drawn has {glue:text}`n alone` of them.
# What one path learns, thousands of others use.
# So a batch trains many cells a little, and disturbs many more: that is the bet of weight sharing.
#
# ## Six ways to train it
#
# ```{list-table}
# :header-rows: 1
# :widths: 16 44 40
# :class: choices
#
# * - Method
#   - What a batch trains
#   - How a cell is chosen
# * - RSPS {cite}`li2019random`
#   - a path drawn uniformly
#   - the best of 100 random paths on validation images
# * - ENAS {cite}`pham2018enas`
#   - a path that a controller draws: a small recurrent network (an LSTM, as in the paper), which names one operation after
#     the other and remembers those it has named
#   - the controller learns by REINFORCE from validation accuracy; the best of 100 of its paths
# * - DARTS, first order {cite}`liu2019darts`
#   - all operations at once, weighed by the softmax of logits
#   - the logits follow the validation loss; the largest on each edge
# * - DARTS, second order {cite}`liu2019darts`
#   - the same
#   - the logits follow the validation loss *after* a step of the weights, by a finite difference
# * - GDAS {cite}`dong2019gdas`
#   - a path drawn from the softmax
#   - gradients reach the logits {term}`straight-through`, at a temperature that falls from 10 to 0.1: the logits are divided by
#     it before the softmax, so a high one makes the shares alike and a low one makes the largest win
# * - FP-NAS {cite}`yan2021fpnas`
#   - several paths of a policy, weighed by the softmax of minus their mean cross-entropies
#   - the policy follows the same weights on validation images; the most probable operation on each edge
# ```
#
# The trick of GDAS fits in three lines {cite}`jang2017gumbel`.
# Forward, the drawn operation is multiplied by exactly 1; backward, its share is that of a softmax with noise.

# %%
logits = torch.zeros(6, 5, requires_grad=True)
choice = hard_path(logits, temperature=1.0, rng=np.random.default_rng(seed))
drawn = choice.active[0][0]
share = choice.shares[0, drawn]
(gradient,) = torch.autograd.grad(share, logits)
print("options drawn:", [active[0] for active in choice.active])
print(f"share of the first: {share.item():.3f}")
print("its gradient:", gradient[0].numpy().round(3))

# %% [markdown]
# ## What was run
#
# The benchmark's recipe takes a GPU for hours ({cite:t}`dong2020nasbench201`).
# Ours is its recipe at a **reduced size**, with as many epochs as give every method the same processor time within a factor of two.

# %% tags=["hide-input"]
shown = ["width", "cells_per_stage", "resolution", "images", "batch_size"]
compared = {
    n: [getattr(SIZES[n], key) for key in shown] for n in ("reduced", "full")
}
sizes = pd.DataFrame(compared, index=[key.replace("_", " ") for key in shown])
for method, name in sharing.PAPER_NAMES.items():
    sizes.loc[f"epochs, {name}"] = [SIZES[n].epochs[method] for n in compared]
sizes

# %% tags=["hide-input"]
record, facts = weight_sharing_record.read_record()
ranking, _ = weight_sharing_record.read_ranking()
last = sharing.ends(record)
seeds = last.groupby("method")["seed"].nunique()
ran = [m for m in sharing.PAPER_NAMES if m in seeds.index]
missing = [name for m, name in sharing.PAPER_NAMES.items() if m not in ran]
note("n trainings", len(last))
note("seeds", sharing.seeds_in_words([int(seeds[m]) for m in ran]))
note("images", facts["images"])
awaited = f"Not run yet: {', '.join(missing)}; their cells are empty."
note("awaited", awaited if missing else "No method is missing.")
reduced, full = (SIZES[name] for name in ("reduced", "full"))
note("part", f"{reduced.batches * reduced.batch_size:,}")
note("rate ratio", f"{reduced.architecture_rate / full.architecture_rate:.0f}")

# %% [markdown]
# "Images" are those of each half of the training set, for the weights and for the choice.
# A reduced epoch sees {glue:text}`part` of them, in shuffled order.
# Since so short a search could hardly move its logits, their learning rate is {glue:text}`rate ratio` times the benchmark's.
# The first weights are torch's own, as in the benchmark's scripts.
#
# The record holds {glue:text}`n trainings` trainings, {glue:text}`seeds` a method, on {glue:text}`images`.
# {glue:text}`awaited`
# The command `tegnas search gdas` runs such a search.
# `python -m tegnas_study.experiments.weight_sharing_record --seeds 10` makes the record, and goes on with it.
#
# (sec-table-2-complete)=
# ## Table 2, complete
#
# The next table has every row of the paper, and says how it came about here.

# %% tags=["hide-input"]
quoted = quoted_table("table-2").set_index("row")
data_sets = {
    "CIFAR-10": ("derived cifar10 test", "cifar10"),
    "CIFAR-10 valid.": ("derived cifar10 valid", ""),
    "CIFAR-100": ("derived cifar100 test", "cifar100"),
    "ImageNet16-120": ("derived ImageNet16-120 test", "imagenet16_120"),
}
shared = sharing.sharing_cells(record, {k: v[0] for k, v in data_sets.items()})

# %% tags=["hide-input"]
searched = read_study().outcomes
_, summary = estimates.found_accuracies(searched, seed=seed, n_draws=2)
as_text = estimates.as_printed(summary)  # only means and deviations are shown
as_text.columns = [*data_sets]
looked_up = as_text.loc[[*rows.PAPER_ROWS.values()]].set_axis(
    [*rows.PAPER_ROWS]
)

# %% tags=["hide-input"]
best = read_record("table-2").tables["best_of"]
first = best[best["predictor"] == "jacob_cov"].set_index("accuracy")
of_25 = {n: first.loc[f"{c}_test_200"] for n, (_, c) in data_sets.items() if c}
texts = {n: f"{r['mean']:.2f} ± {r['sd']:.2f}" for n, r in of_25.items()}
looked_up.loc["NAS w.o. Training"] = pd.Series(texts).reindex(data_sets)
looked_up = looked_up.fillna("")

# %% tags=["hide-input"]
benchmark = load_benchmark()
try:
    splits = ("cifar10", "cifar10-valid:valid", "cifar100", "ImageNet16-120")
    best_of_all = [benchmark.accuracy(*n.split(":")).max() for n in splits]
    looked_up.loc["Optimal"] = [f"{value:.2f}" for value in best_of_all]
except TegnasError:  # a fresh machine knows CIFAR-10 only
    looked_up.loc["Optimal"] = ""
told_one_epoch = looked_up.loc["FP-NAS"]
kept = looked_up.drop(
    index=[name for name in shared.index if name in looked_up.index]
)
ours = pd.concat([shared[[*data_sets]], kept])

# %% tags=["hide-input"]
paper = {
    name: as_printed(quoted, column)
    for name, (_, column) in data_sets.items()
    if column
}

# %% tags=["hide-input"]
live = [name for name, row in rows.PAPER_ROWS.items() if row.source.is_live]
both = kept[[*paper]].ne("").all(axis=1)
how = sharing.how_each_was_run(
    [*quoted.index],
    live=live,
    reduced=[*shared.index],
    looked_up=[*kept.index[both]],
)
shown = sharing.beside_paper(how, ours, paper)
validated = ours["CIFAR-10 valid."].reindex(shown.index).fillna("")
shown.insert(2, validated.name, validated)

# %% tags=["hide-input"]
narrow = {"run here, reduced size": "reduced size"}
shown = shown.replace({"here": narrow})  # so that all columns fit on a page
shown.rename(columns=lambda name: name.replace("ImageNet", "Image\u00adNet"))

# %% tags=["hide-input"]
for name in sharing.HOW:
    note(f"rows {name}", int((how == name).sum()))
note("rows", len(how))
note("one epoch", ", ".join(told_one_epoch))
skips = "|skip_connect~0|+|skip_connect~0|skip_connect~1|"
skips += "+|skip_connect~0|skip_connect~1|skip_connect~2|"
collapsed = last[last["derived"] == skips]
note("collapsed", f"{len(collapsed)} of {len(last)}")

# %% tags=["hide-input"]
plain = ~last["derived"].str.contains("conv")
cut = [not is_connected(space.parse(text)) for text in last["derived"]]
note("plain", f"{int(plain.sum())} of {len(last)}")
counts = plain.groupby(last["method"], sort=False).agg(["sum", "size"])
words = [
    f"{sharing.PAPER_NAMES[name]} {n} of {of}"
    for name, n, of in counts.itertuples()
    if n
]
note("plain methods", ", ".join(words) or "none")
note("cut", f"{sum(cut)} of {len(last)}")

# %% [markdown]
# Of {glue:text}`rows` rows, {glue:text}`rows run here` were run here, {glue:text}`rows run here, reduced size` were run here at
# the reduced size, {glue:text}`rows looked up` rest on look-ups, and {glue:text}`rows quoted only` are quoted only.
# All are accuracies after 200 epochs in percent, on test images but for the column "CIFAR-10 valid.", mean ± deviation over
# searches; the accuracies are the benchmark's own.
# {{ recorded }}
# The paper's rows of REINFORCE and evolution on CIFAR-10 look like validation accuracies ({ref}`ch-search-tables`), so its one
# column stands beside both of ours.
# FP-NAS without TEG, when it is told the accuracy after one epoch, has {glue:text}`one epoch` in this table's columns.
#
# Rows at the reduced size do not test the printed numbers: another size is another experiment.
# What they can show is whether the printed *collapse* is a fate.
# For ENAS and both orders of DARTS the paper prints the same accuracies, which are those of the cell of six skip connections.
# Here {glue:text}`collapsed` trainings ended in that very cell, {glue:text}`plain` in a cell without any convolution
# (by method: {glue:text}`plain methods`), and {glue:text}`cut` in a cell that passes nothing on, since the scripts of the
# benchmark let `none` win an edge.
#
# {ref}`The page of claims <ch-claims>` says of these rows:

# %% tags=["hide-input"]
from tegnas_study.ledger import page

page.beside("ch-weight-sharing")

# %% [markdown]
# ## What each method names, epoch by epoch

# %% tags=["hide-input"]
accuracy = benchmark.accuracy("cifar10")
named = record.assign(
    found=record["derived"].map(accuracy),
    time=record.groupby(["method", "seed"])["seconds"].cumsum(),
)

# %% mystnb={"figure": {"caption": "Test accuracy on CIFAR-10 of the cell that each method names after each epoch, over processor seconds: means over seeds.", "name": "fig-sharing-named"}, "image": {"alt": "One line for each method over processor seconds. The lines jump between cells from epoch to epoch, by several percentage points.", "width": "520px"}} tags=["hide-input"]
named_curves(named, names=sharing.PAPER_NAMES)
plt.show()

# %% tags=["hide-input"]
jumps = named.sort_values("epoch").groupby(["method", "seed"])["found"].diff()
note("jump", f"{jumps.abs().median():.1f}")
note("largest jump", f"{jumps.abs().max():.1f}")
seconds = last.groupby("method")["seconds"].mean()
note("seconds", sharing.span(seconds.min(), seconds.max()))
left = 100 * last.groupby("method")["entropy"].mean() / (6 * np.log(5))
words = [f"{sharing.PAPER_NAMES[m]} {left[m]:.0f} %" for m in ran]
note("entropy left", ", ".join(words))

# %% [markdown]
# In {numref}`fig-sharing-named` the accuracy of the named cell changes by {glue:text}`jump` percentage points in the median from
# one epoch to the next, and by up to {glue:text}`largest jump`.
# {{ here }}
# A training takes {glue:text}`seconds` processor seconds in the mean of a method.
#
# How sure is a method of its cell?
# The entropy of what it draws cells from says so: a uniform draw has all of it, and a decided one has none.
# At the end there is left, in the mean over seeds: {glue:text}`entropy left`.
# RSPS draws uniformly by its nature; a method that is near it has hardly begun to choose.
#
# ## At equal seconds
#
# In the same processor seconds a random search by TEG evaluates some cells, one repeat each, and takes the one with the best
# sum of ranks.
# What an evaluation costs was timed beside each training, so that both met the same machine at the same hour.
# The seconds of a training are those in which it trains, and in its last epoch those in which it names its cell.
# What TEG finds depends on the draw of the weights, so every table of the atlas is a draw.

# %%
last = sharing.with_evaluations(last)
by_teg = sharing.teg_in_the_same_seconds(
    last, accuracy, n=n_searches, seed=seed
)

# %% tags=["hide-input"]
columns = ["method", "difference", "low", "high", "verdict", "gap"]
gaps = []
for method in ran:
    mine = last[last["method"] == method]["derived"].map(accuracy)
    gap = sharing.gap_of_seeds(mine, by_teg[method], **options)
    gaps.append(
        (sharing.PAPER_NAMES[method], *gap.numbers, str(verdict(gap)), gap)
    )

# %% tags=["hide-input"]
gaps = pd.DataFrame(gaps, columns=columns)
each = last["teg_seconds"]
note("evaluation", sharing.span(each.min(), each.max(), 2))
n_teg = last["evaluations"]
note("n teg", sharing.span(n_teg.min(), n_teg.max()))
note("teg mean", f"{by_teg.to_numpy().mean():.2f}")
note("n tables", len(by_teg))

# %% mystnb={"figure": {"caption": "How much better the cell found by sharing weights is than the one found by random search with TEG in the same processor seconds: CIFAR-10 test accuracy, with 95 % intervals over seeds and draws where there are at least three seeds.", "name": "fig-sharing-equal-seconds"}, "image": {"alt": "One row for each method that was run. Dots left of zero mean that the cell of the supernet is worse.", "width": "520px"}} tags=["hide-input"]
interval_chart(
    gaps,
    row="method",
    value="difference",
    xlabel="better than TEG at equal seconds (percentage points)",
)
plt.show()

# %% [markdown]
# {numref}`fig-sharing-equal-seconds` compares each method with {glue:text}`n teg` evaluations by TEG of
# {glue:text}`evaluation` s each, on {glue:text}`n tables` draws of the weights, whose cells have {glue:text}`teg mean` %.
# {{ here }}

# %% tags=["hide-input"]
gaps.assign(difference=gaps["gap"].map(sharing.in_words)).set_index("method")[
    ["difference", "verdict"]
]

# %% [markdown]
# The claim of each row is "sharing weights finds a better cell than TEG in the same seconds".
# Seeds are few, so their spread comes with Student's t, and with fewer than three the verdict is always "cannot tell".
# Other sizes and other hardware may decide otherwise: seconds here are those of our engine and of plain training.
#
# ## Does a supernet know which cells are good?
#
# RSPS trains all cells alike, so its supernet is the natural judge.
# After some epochs a fixed sample of cells was judged by their accuracy with shared weights on {glue:text}`n judged` held-out
# images each.
# The same cells have κ, R and MSE.

# %%
judge = "rsps" if "rsps" in ran else ran[0]
found = supernet_order.agreements(ranking, accuracy, method=judge, **options)
times = sorted(ranking[ranking["method"] == judge]["epoch"].unique())
agreed = supernet_order.agreement_table(found, times)

# %% tags=["hide-input"]
by_epoch = agreed[agreed["what"] == supernet_order.SUPERNET]
still = agreed[
    (agreed["what"] != supernet_order.SUPERNET) & (agreed["epoch"] == times[0])
]
words = by_epoch["epoch"].map("supernet, {} epochs".format)
rows_shown = pd.concat(
    [by_epoch.assign(row=words), still.assign(row=still["what"])]
)

# %% tags=["hide-input"]
note("n cells", ranking["architecture"].nunique())
note("n judged", f"{facts['sizes']['ranking_images']:,}")
note("judge seeds", sharing.seeds_in_words([int(seeds[judge])]))
note("tau untrained", printed(by_epoch["tau"].iloc[0], ".2f"))
note("tau trained", printed(by_epoch["tau"].iloc[-1], ".2f"))
note("tau sum", f"{still.set_index('what').loc[supernet_order.SUM, 'tau']:.2f}")
note("last epoch", int(times[-1]))
of_judge = ranking[ranking["method"] == judge]
note("best shared", f"{of_judge['accuracy'].max():.0f}")
note("worst alone", f"{accuracy[of_judge['architecture']].min():.0f}")

# %% tags=["hide-input"]
order = supernet_order.across_seeds(found, supernet_order.after(int(times[-1])))
note("trained order", sharing.in_words(order.estimate))
note("verdict reversed", str(verdict(-order.estimate)))
ends = ranking[(ranking["method"] == judge) & (ranking["epoch"] == times[-1])]
by_number = supernet_order.convolutions_order(ends, **options)
note("tau convolutions", sharing.in_words(by_number))
note("verdict convolutions", str(verdict(-by_number)))

# %% mystnb={"figure": {"caption": "Agreement with test accuracy on CIFAR-10 of supernets trained by uniform single paths, by epochs, and of indicators of untrained networks, one repeat, on the same cells: Kendall's \u03c4 with 95 % intervals over cells and draws.", "name": "fig-sharing-ranking"}, "image": {"alt": "Rows for the supernet after growing numbers of epochs and for kappa, R, MSE and their sum of ranks, each with an interval of about a fifth.", "width": "520px"}} tags=["hide-input"]
interval_chart(rows_shown, row="row", names=SYMBOLS)
plt.show()

# %% tags=["hide-input"]
claims = {}
for name in (*supernet_order.INDICATORS,):
    gap = supernet_order.above(found, int(times[-1]), name)
    claims[SYMBOLS.get(name, name)] = (
        sharing.in_words(gap.estimate),
        str(verdict(gap.estimate)),
    )
    note(f"verdict ranking {name}", str(verdict(gap.estimate)))

# %% tags=["hide-input"]
ahead = [
    e
    for e in times
    if supernet_order.above(found, int(e), supernet_order.SUM).estimate.value
    > 0
]
crossing = "it is never ahead of the sum"
if ahead:
    crossing = f"it is first ahead of the sum after {ahead[0]} epochs"
note("crossing", crossing)

# %% [markdown]
# {numref}`fig-sharing-ranking` rests on {glue:text}`n cells` connected cells, no two of them the same function, and on
# {glue:text}`judge seeds` of the supernet.
# {{ here }}
# An untrained supernet has τ = {glue:text}`tau untrained`; after {glue:text}`last epoch` epochs it has
# {glue:text}`tau trained`, and the sum of ranks of κ, R and MSE has {glue:text}`tau sum`.
# By the means alone {glue:text}`crossing`.
# The claim that the trained supernet orders cells the *wrong* way round, τ < 0, has the verdict
# “{glue:text}`verdict reversed`” ({glue:text}`trained order`).
# The claim that it prefers cells with few convolutions, τ < 0 between its accuracy and their number, has the verdict
# “{glue:text}`verdict convolutions`” ({glue:text}`tau convolutions`).
# An operation of an edge is in the path of one step in five, so all of them are trained briefly.
# No cell of the sample has more than {glue:text}`best shared` % with the shared weights, while the worst of them has
# {glue:text}`worst alone` % when it is trained alone.

# %% tags=["hide-input"]
pd.DataFrame(claims, index=["supernet above it, τ", "verdict"]).T

# %% [markdown]
# The claim of each row is "the supernet orders cells better than this indicator", at the last epoch, across seeds of the
# supernet and draws of the weights.

# %% [markdown]
# ## What we now know
#
# At the reduced size a method names other cells from epoch to epoch, whose accuracies differ by {glue:text}`jump` percentage
# points in the median, and {glue:text}`collapsed` trainings end in the cell of skips that the paper prints for ENAS and DARTS.
# The order that a supernet of this size gives cells goes from τ = {glue:text}`tau untrained` before training to {glue:text}`tau trained`
# after it here, where the sum of ranks has {glue:text}`tau sum` at once.
# The claim that it then orders cells better than the sum of ranks has the verdict
# “{glue:text}`verdict ranking sum of ranks`”.
#
# ## What we do not know
#
# The table above says method by method whether sharing weights beats TEG in the same seconds, as far as {glue:text}`seeds` a
# method can tell.
# How much of all this is due to the size we cannot say: a training longer than {glue:text}`last epoch` reduced epochs may order
# cells better.
# `tegnas search rsps --size full --images cifar10 --device cuda` runs the benchmark's own recipe.

# %% [markdown]
# ## Exercises
#
# ```{exercise}
# :label: ex-supernet-convolutions
# How many convolutions with weights of their own does one cell of the supernet hold?
# And how many of them does a single path use at most?
# ```

# %%
answer = None  # a list of two numbers

from tegnas_study.exercises import check

check("ex-supernet-convolutions", answer)

# %% [markdown]
# ````{solution} ex-supernet-convolutions
# :class: dropdown
# Two of the five operations are convolutions, on each of six edges: 12. A path takes one operation on each edge: 6.
#
# ```python
# answer = [12, 6]
# ```
# ````
#
# ```{exercise}
# :label: ex-falling-temperature
# Leave out the noise of GDAS, and let the five logits of an edge be 1, 0, 0, 0 and 0.
# The temperature falls from 10 to 0.1.
# Predict whether the derivative of the first option's share by its own logit grows.
# Then compute by which factor it changes.
# ```

# %%
answer = None  # your number: the derivative at 0.1 over that at 10

check("ex-falling-temperature", answer)

# %% [markdown]
# ````{solution} ex-falling-temperature
# :class: dropdown
# With the share $s$ the derivative is $s(1 - s)/\tau$.
# Dividing by a temperature that is a hundred times smaller makes it a hundred times as large, but at 0.1 the share is nearly 1,
# and $1 - s$ is smaller by far more: the derivative falls to about a tenth.
# A low temperature freezes an edge that prefers something; what is still undecided learns fast.
#
# ```python
# def derivative(temperature):
#     share = np.exp(1 / temperature) / (np.exp(1 / temperature) + 4)
#     return share * (1 - share) / temperature
#
#
# answer = derivative(0.1) / derivative(10)
# ```
# ````
#
# ```{exercise}
# :label: ex-unrolled-gradient
# DARTS of second order moves the logits α by the gradient of the validation loss at weights that are one step ahead,
# $\nabla_\alpha L_\mathrm{val}(w - \xi \nabla_w L_\mathrm{train}(w, \alpha), \alpha)$, where α stands twice
# {cite}`liu2019darts`.
# Write that gradient for given logits.
# `training` and `validation` take weights and return the two slopes of their loss there, by α and by $w$; `rate` is ξ.
# Where a mixed second derivative times a vector $v$ is needed, take the central difference of two slopes, at
# $\epsilon = 0.01 / \lVert v \rVert$ times $v$ to either side of $w$.
# ```


# %%
def unrolled_gradient(training, validation, w, rate):
    """Return the gradient of the validation loss one step ahead, by the logits."""
    ...


check("ex-unrolled-gradient", unrolled_gradient)

# %% [markdown]
# ````{solution} ex-unrolled-gradient
# :class: dropdown
# By the chain rule α acts directly and through the step:
# $\nabla_\alpha L_\mathrm{val}(w') - \xi\, \nabla^2_{\alpha,w} L_\mathrm{train}(w)\, v$ with
# $v = \nabla_{w} L_\mathrm{val}(w')$ at the weights $w'$ one step ahead.
# Two gradients more stand in for a matrix with as many rows as there are weights.
#
# ```python
# def unrolled_gradient(training, validation, w, rate):
#     ahead = w - rate * training(w)[1]
#     direct, v = validation(ahead)
#     step = 0.01 / np.linalg.norm(v)
#     change = training(w + step * v)[0] - training(w - step * v)[0]
#     return direct - rate * change / (2 * step)
# ```
# ````

# %% [markdown]
# ## Provenance

# %% tags=["hide-input"]
from tegnas_study.colophon import colophon

colophon(seed=seed, started=started)

# %%
pd.Series(
    {key: str(facts[key]) for key in ("command", "date", "images_digest")}
)
