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
# (ch-search-methods)=
# # Search Methods at Work
#
# The {ref}`last chapter <ch-search-from-scratch>` built the steps of a search.
# What do the methods do on NAS-Bench-201, and how much signal is in one step?
#
# All indicators of all cells are in the atlas, so a search is a sequence of look-ups and takes a second.
# That lets us watch it from outside: we know the true accuracy of everything it visits, and how that compares with all other
# cells.
# And where everything is known, even the step that a method takes *on average* can be computed, without any chance.
# After this chapter you can say what each method moves towards, how large the noise is beside its signal, and why a step of
# one sample has no signal.

# %% tags=["parameters"]
n_seeds: int = 4  # searches of each method and preset
n_cheap: int = 12  # searches told and not told, for the control
n_runs: int = 64  # runs of FP-NAS side by side
n_steps: int = 2000  # steps of each of these, a multiple of 50
n_repeats: int = 1000  # sampled steps behind each noise
n_exact: int = 500  # steps without chance
seed: int = 0  # everything random follows from this

# %% tags=["hide-input"]
import time

started = time.perf_counter()

import itertools
from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from myst_nb import glue
from scipy.special import entr, softmax

note = partial(glue, display=False)  # a number for the prose

# %% tags=["hide-input"]
from tegnas_core import NASBench201
from tegnas_core.spaces.architecture import EDGES, OPERATIONS
from tegnas_study import atlas, figures, load_benchmark
from tegnas_study.analysis import verdict
from tegnas_study.analysis.searches import trajectories
from tegnas_study.experiments.outcome import outcome, with_accuracies
from tegnas_study.experiments.request import make_request
from tegnas_study.experiments.run import run_search

# %% tags=["hide-input"]
from tegnas_study.figures.curves import (
    search_curves,
    signal_curves,
)
from tegnas_study.figures.intervals import interval_chart
from tegnas_study.figures.style import METHOD_NAMES, OPERATION_NAMES
from tegnas_study.tables.atlases import atlas_coverage, atlas_settings
from tegnas_study.tables.printed import printed_table
from tegnas_study.tables.ranking import HIGHER_IS_BETTER, TEG, rank_sum, ranks

# %% [markdown]
# ## Five searches
#
# The reward is TEG: κ, R and MSE of untrained networks on CIFAR-10 images, from the atlas.
# REINFORCE and FP-NAS make a reward of the changes of these values; the others compare sums of ranks.
# We add random search and local search {cite}`white2021local` to the paper's three methods.

# %%
space, benchmark = NASBench201(), load_benchmark()
cells = atlas().set_index("architecture")
accuracy = benchmark.accuracy("cifar10")
teg = rank_sum(cells)

# %%
METHODS = ("reinforce", "evolution", "fp-nas", "local", "random")


def run(method, number, preset="teg", **options):
    request = make_request(method, preset=preset)
    return run_search(request, seed=seed + number, **options)


histories = {(m, k): run(m, k) for m in METHODS for k in range(n_seeds)}
table = trajectories.histories_table(
    (*key, history) for key, history in histories.items()
)

# %% tags=["hide-input"]
note("coverage", str(atlas_coverage()))
note("n_seeds", n_seeds)
note("best", f"{accuracy.max():.2f}")
first = teg.idxmin()  # what an exhaustive search by TEG would return
note("first_by_teg", f"{accuracy[first]:.2f}")
print(first)

# %% [markdown]
# The indicators are known for {glue:text}`coverage`.
# No search sees an accuracy.
# {{ here }}
# Each method runs from {glue:text}`n_seeds` seeds with this study's defaults, the preset `teg`.
#
# To compare cells we ask for their **place**: what percentage of the space is worse.
# A random cell has the place 50 on average, and the best one has 100.


# %%
def place(values, higher_is_better):
    n = len(values)
    found = ranks(values, higher_is_better=higher_is_better)
    return pd.Series(100 * (n - found) / (n - 1), index=values.index)


places = {"by TEG": place(teg, False), "by accuracy": place(accuracy, True)}
for name, known in places.items():
    table[name] = table["architecture"].map(known)
    table[f"running {name}"] = trajectories.running_mean(table, name, 50)

# %% mystnb={"figure": {"caption": "What the searches visit, by what they are told: place of the proposals by the sum of ranks of \u03ba, R and MSE over all cells, mean of the last 50. Median and range over seeds.", "name": "fig-visited-teg"}, "image": {"alt": "Five curves. Random search stays at 50 percent. Local search rises fastest and then goes up and down with its restarts; REINFORCE and FP-NAS rise steadily to above 95; evolution stays at 50 for its first population of 256 and then jumps to about 95.", "width": "520px"}} tags=["hide-input"]
search_curves(
    trajectories.over_seeds(table, "running by TEG"),
    xlabel="evaluations",
    ylabel="place by TEG (%)",
)
plt.show()

# %% tags=["hide-input"]
late = table.groupby(["method", "seed"]).tail(100)
late = late.groupby("method")[[*places]].mean()
for name in METHODS:
    note(f"late_teg {name}", f"{late.loc[name, 'by TEG']:.0f}")
    note(f"late_accuracy {name}", f"{late.loc[name, 'by accuracy']:.0f}")

# %% [markdown]
# {numref}`fig-visited-teg` shows that the guided methods do what they should: they come to visit cells that TEG likes.
# Evolution begins with a population of 256 random cells, and until these are evaluated it cannot be better than chance.
# Over its last hundred evaluations it visits cells that are better by TEG than {glue:text}`late_teg evolution` % of
# the space.
# For REINFORCE it is {glue:text}`late_teg reinforce` %, for FP-NAS {glue:text}`late_teg fp-nas` %, and for local search, which
# starts again from a random cell whenever it is at a local optimum, {glue:text}`late_teg local` %.
#
# Are these cells also good ones?

# %% mystnb={"figure": {"caption": "The same proposals by what no search sees: place by test accuracy on CIFAR-10, mean of the last 50. Median and range over seeds.", "name": "fig-visited-accuracy"}, "image": {"alt": "The same five curves in the same order. Random search stays at 50 percent; the guided methods end a few percent lower than by TEG, with wider bands.", "width": "520px"}} tags=["hide-input"]
search_curves(
    trajectories.over_seeds(table, "running by accuracy"),
    xlabel="evaluations",
    ylabel="place by accuracy (%)",
)
plt.show()


# %% tags=["hide-input"]
RANGE = [0, 0.5, 1]  # the smallest, the median and the largest


def from_to(numbers):
    low, middle, high = np.quantile(numbers, RANGE)
    return f"{middle:.2f} ({low:.2f} to {high:.2f})"


number = teg.rank(method="min")[str(histories["evolution", 0].derived)]
note("evolution_number", f"{number:,.0f}")

# %% tags=["hide-input"]
outcomes = with_accuracies(
    [outcome(history, seed=k) for (_, k), history in histories.items()],
    benchmark,
    ("derived", "incumbent"),
)

# %% tags=["hide-input"]
found = []
by_method = outcomes.set_index("method")
for method in METHODS:
    for end in ("derived", "incumbent"):
        reached = by_method.loc[method, f"{end} cifar10 test"]
        found.append((method, end, *np.quantile(reached, RANGE)))
found.append(("all", "incumbent", *[accuracy[first]] * 3))
found.append(("best", "best", *[accuracy.max()] * 3))
columns = ["method", "end", "low", "accuracy", "high"]
found = pd.DataFrame(found, columns=columns)

# %% tags=["hide-input"]
words = METHOD_NAMES | {
    "all": "first of all by TEG",
    "best": "the most accurate",
    "derived": "derived cell",
    "incumbent": "best visited, by TEG",
}

# %% mystnb={"figure": {"caption": "Test accuracy on CIFAR-10 of what each method ends with: the cell that it derives, and the best cell by TEG among those that it visited. Median and range over seeds. Below stand the first of all cells by TEG and the most accurate cell of the space.", "name": "fig-search-ends"}, "image": {"alt": "Seven rows. Each method has a mark with a line for the cell that it derives and one for the best by TEG that it visited; the last two rows have one mark each, and the most accurate cell lies furthest right.", "width": "520px"}} tags=["hide-input"]
interval_chart(
    found,
    row="method",
    colour="end",
    value="accuracy",
    names=words,
    xlabel="test accuracy on CIFAR-10 (%)",
    zero=False,
)
plt.show()

# %% tags=["hide-input"]
told = {"evaluations": "evaluations", "unique": "different cells"}
counted = outcomes.groupby("method")[[*told]].median().loc[[*METHODS]]
counted = counted.rename(columns=told, index=METHOD_NAMES)
printed_table(counted, dict.fromkeys(told.values(), ",.0f"))

# %% [markdown]
# By accuracy the last hundred proposals of evolution are better than {glue:text}`late_accuracy evolution` % of the space,
# those of REINFORCE than {glue:text}`late_accuracy reinforce` % and those of FP-NAS than {glue:text}`late_accuracy fp-nas` %
# ({numref}`fig-visited-accuracy`).
# {numref}`fig-search-ends` gives medians and ranges over {glue:text}`n_seeds` seeds.
# The methods differ in how much they evaluate, as the table says (medians over seeds), so this is no contest between them.
# The last rows of the figure put it into proportion: looking at *all* cells and taking the first by TEG gives
# {glue:text}`first_by_teg` % where the most accurate cell has {glue:text}`best` %, and the cell that evolution derives from the first seed is number
# {glue:text}`evolution_number` of the same list.
# A search cannot know what its reward does not know, and TEG does not order the cells at the top, as
# {ref}`the whole space <ch-whole-space>` showed.

# %% [markdown]
# ## How sure do they become?

# %% tags=["hide-input"]
spread = table["entropy"].fillna(table["diversity"])
table["spread"] = trajectories.share_of_start(
    table.assign(spread=spread), "spread"
)
last = table.dropna(subset="spread").groupby(["method", "seed"]).tail(1)
for method, rows in last.groupby("method"):
    left = rows["entropy"].fillna(rows["diversity"])
    note(f"left {method}", from_to(left))
note("start_entropy", f"{6 * np.log(5):.2f}")

# %% mystnb={"figure": {"caption": "Entropy of the policy (REINFORCE, FP-NAS) and diversity of the population (evolution) as shares of their first values. Median and range over seeds.", "name": "fig-search-spread"}, "image": {"alt": "Three falling curves: the entropy of REINFORCE falls through its 500 evaluations; that of FP-NAS falls longer and ends nearest zero; the diversity of evolution stays while its first population lives, then falls and levels off at about 0.4.", "width": "520px"}} tags=["hide-input"]
search_curves(
    trajectories.over_seeds(table, "spread"),
    xlabel="evaluations",
    ylabel="entropy or diversity (share)",
)
plt.show()

# %% [markdown]
# In {numref}`fig-search-spread` both policies start at 6 ln 5 = {glue:text}`start_entropy` nats (units of entropy with the
# natural logarithm), the uniform distribution over all cells.
# After its 500 steps REINFORCE has {glue:text}`left reinforce` nats left: it is still undecided when it stops, and the
# cell it derives is one of many it might draw.
# FP-NAS goes on until half a nat is left, or for 300 steps, and ends with {glue:text}`left fp-nas`.
# The members of evolution's last population differ on {glue:text}`left evolution` of six edges.

# %% [markdown]
# ## Pruning instead of sampling
#
# TE-NAS {cite}`chen2021tenas` begins with everything: a supernet that has all operations but `none` on every edge.
# A round asks for each operation what would change without it, and removes on every edge the one that is missed least.
#
# The atlas has no supernets.
# Here the *means over the cells in a supernet* (geometric for κ) take their place; this is a stand-in, and not what TE-NAS
# measures.

# %%
pruning = run("te-nas", 0)
complete = {}  # the supernet of each round: the first that it evaluates
for visit in pruning.visits:
    complete.setdefault(visit.step, visit)
final = space.decisions(pruning.derived)
stages = [visit.architecture.active for visit in complete.values()]
stages.append(tuple((option,) for option in final))
short = [OPERATION_NAMES[name] for name in OPERATIONS]
removed = {
    f"round {k}": [
        short[(set(a) - set(b)).pop()] for a, b in zip(before, after)
    ]
    for k, (before, after) in enumerate(itertools.pairwise(stages), start=1)
}

# %% tags=["hide-input"]
edges = [f"{source} → {target}" for source, target in EDGES]
left = pd.DataFrame(removed, index=pd.Index(edges, name="edge"))
left["left"] = [short[option] for option in final]
left


# %%
def cells_in(active):
    options = itertools.product(*active)
    return [str(space.compose(chosen)) for chosen in options]


rows = []
for active in stages:
    inside = accuracy[cells_in(active)]
    worst, mean, best = inside.min(), inside.mean(), inside.max()
    rows.append((len(inside), worst, mean, best))
columns = ["cells", "least accurate", "mean", "most accurate"]
names = ["at first", *(f"after round {k}" for k in range(1, len(rows)))]
by_round = pd.DataFrame(rows, index=names, columns=columns)
printed_table(by_round, {"cells": ",.0f"} | dict.fromkeys(columns[1:], ".2f"))

# %% tags=["hide-input"]
note("pruned_evaluations", pruning.n_evaluations)
note("pruned_accuracy", f"{by_round['mean'].iloc[-1]:.2f}")
note("pruned_place", f"{places['by accuracy'][str(pruning.derived)]:.0f}")
note("pruned_start", f"{by_round['mean'].iloc[0]:.2f}")

# %% [markdown]
# Three rounds look at {glue:text}`pruned_evaluations` supernets, and the mean accuracy of the cells that are left goes from
# {glue:text}`pruned_start` % to the {glue:text}`pruned_accuracy` % of a single cell, which is better than
# {glue:text}`pruned_place` % of the space.
# Except for ties there is no chance in it, so a second run would find the same.

# %% tags=["hide-input"]
derived = {m: histories[m, 0].derived for m in METHODS[:3]}
derived["te-nas"] = pruning.derived
drawn = {
    f"{METHOD_NAMES[name]}: {accuracy[str(cell)]:.2f} %": dict(
        zip(EDGES, cell.operations)
    )
    for name, cell in derived.items()
}

# %% mystnb={"figure": {"caption": "Cells that were found: those derived by REINFORCE, evolution and FP-NAS from the first seed, and what pruning leaves, with their test accuracies on CIFAR-10.", "name": "fig-found-cells"}, "image": {"alt": "Four cells drawn as graphs of four nodes, most of their six edges convolutions, with accuracies above them.", "width": "520px"}} tags=["hide-input"]
figures.cells(drawn)
plt.show()

# %% tags=["hide-input"]
counted = {
    METHOD_NAMES[name]: pd.Series(cell.operations)
    .map(OPERATION_NAMES)
    .value_counts()
    for name, cell in derived.items()
}
counts = pd.DataFrame(counted).fillna(0).astype(int)
counts = counts.reindex([*OPERATION_NAMES.values()], fill_value=0)
note("n_edges", int(counts.to_numpy().sum()))
note("n_convolutions", int(counts.filter(like="conv", axis=0).sum().sum()))
note("n_pools", int(counts.loc["avg pool"].sum()))
counts.rename_axis("operation")

# %% [markdown]
# {numref}`fig-found-cells` and the count of operations below it show what TEG asks for: of the {glue:text}`n_edges` edges,
# {glue:text}`n_convolutions` are convolutions and {glue:text}`n_pools` pool.
#
# ## How much signal is in one step?
#
# A step of REINFORCE or FP-NAS is a random vector.
# Its mean is what the method learns; the rest is noise.
# Over 15,625 cells the mean is a sum that can be computed exactly; nothing has to be sampled.
#
# For that each cell needs *one* reward, whatever was visited before it.
# We take how much of the space it beats by κ, by R and by MSE, as three shares added up: a number between 0 and 3.
# The paper's reward, too, adds three bounded parts, but these are changes of the values themselves, each divided by the range
# seen so far, so the two rewards give different steps.

# %%
from tegnas_study.analysis.searches import exact_gradient

every = [str(cell) for cell in exact_gradient.every_architecture(space)]
shares = [place(cells[name], HIGHER_IS_BETTER[name]) / 100 for name in TEG]
reward = sum(shares)[every].to_numpy()
uniform = np.zeros((6, 5))  # the logits a search starts from, nearly
direction = exact_gradient.reinforce_gradient(uniform, reward)
printed_table(pd.DataFrame(direction, index=edges, columns=short), ".3f")

# %% [markdown]
# This is the step that REINFORCE takes on average from the uniform policy: on every edge it moves away from `none` and towards
# whatever the indicators prefer there.
# FP-NAS wants nearly the same: as the number of samples in a step grows, its mean becomes
# $\nabla \log \mathrm{E}_\pi[e^r]$.

# %% tags=["hide-input"]
limit = exact_gradient.fp_nas_limit(uniform, reward)
alike = (limit * direction).sum()
alike /= np.linalg.norm(limit) * np.linalg.norm(direction)
note("alike", f"{alike:.3f}")
note("alike_verdict", "the same way" if alike > 0.9 else "different ways")
signals = exact_gradient.signal_to_noise(
    uniform,
    reward,
    rng=np.random.default_rng(seed),
    n_samples=(1, 2, 4, 16, 64),
    n_repeats=n_repeats,
)
ratio = signals.set_index(["method", "n_samples"])["signal_to_noise"]

# %% mystnb={"figure": {"caption": "Length of the mean step over the typical distance of a sampled step from it, at the uniform policy of NAS-Bench-201, over the number of samples in a step.", "name": "fig-signal"}, "image": {"alt": "Two rising curves over 1 to 64 samples. REINFORCE rises from about 0.2 to above 1. FP-NAS starts at exactly zero for one sample and stays below REINFORCE throughout.", "width": "520px"}} tags=["hide-input"]
signal_curves(signals)
plt.show()

# %% tags=["hide-input"]
for method, k in itertools.product(("reinforce", "fp-nas"), (1, 2, 4, 16, 64)):
    note(f"{method} {k}", f"{ratio[method, k]:.2f}")
noisy = int(np.ceil(1 / ratio["reinforce", 1] ** 2))
note("noisy", noisy)

# %% [markdown]
# The directions of the two have a cosine of {glue:text}`alike`: they point {glue:text}`alike_verdict`.
# What differs is the noise, as {numref}`fig-signal` shows.
# The signal of a single draw of REINFORCE is {glue:text}`reinforce 1` times its noise, so about {glue:text}`noisy` draws are
# needed before one can see the direction; averaging $K$ of them makes it $\sqrt{K}$ times clearer.
# With two samples FP-NAS has {glue:text}`fp-nas 2` and REINFORCE {glue:text}`reinforce 2`; with 16 samples it is
# {glue:text}`fp-nas 16` against {glue:text}`reinforce 16`.
# The reason is that the weights of FP-NAS are positive.
# REINFORCE subtracts a baseline and pushes bad draws *away*; FP-NAS pulls towards all of them, and the pull that they have in
# common is noise.
# REINFORCE has the exact baseline here, which no search knows, so its curve is a best case.
#
# ## Why one sample carries no signal
#
# With $K = 1$ the curve of FP-NAS is at zero, exactly.
# The weight of the only sample is the softmax of one number, $w_1 = e^{r_1} / e^{r_1} = 1$, whatever the reward.
# The step is therefore $\nabla \log \pi(a)$, and on average
#
# $$
# \mathrm{E}_\pi[\nabla \log \pi] = \sum_a \pi(a) \frac{\nabla \pi(a)}{\pi(a)} = \nabla \sum_a \pi(a) = \nabla 1 = 0 ,
# $$ (eq-no-signal)
#
# from every policy, not only from the uniform one.
# We check it at another policy, with rewards and without them.

# %%
elsewhere = np.random.default_rng(seed).standard_normal((6, 5))
for rewards in (10 * reward, np.zeros_like(reward)):
    step = exact_gradient.fp_nas_update(elsewhere, rewards, n_samples=1)
    assert np.abs(step).max() < 1e-9

# %% [markdown]
# A single such step is not small: it makes whatever was drawn more probable.
# The policy then draws it more often, drifts by chance alone to some cell, and stays there.
# {numref}`fig-policy-frames` of the last chapter shows such a drift on the smallest space there is.
#
# How many samples does the paper take?
# It sets $K_t = \lambda H(\pi)$ with $\lambda = 0.25$.
# {cite:t}`yan2021fpnas`, from whom this comes, search a space with some 60 nats and start with 14 samples.
# NAS-Bench-201 has 6 ln 5 = {glue:text}`start_entropy` nats.

# %%
from tegnas_core.search import FPNAS
from tegnas_study.experiments.presets import method_options

options = method_options("fp-nas", "paper", space=space.name)
method = FPNAS(space, rng=np.random.default_rng(seed), **options)
factor = options["factor"]
print(f"λH = {factor} × {method.policy.entropy():.2f} nats")
print(f"samples in the first step: {method.sample_size()}")
print(f"one sample below {2 / factor:.0f} nats")

# %% tags=["hide-input"]
note("first_k", method.sample_size())
note("one_below", f"{2 / factor:.0f}")

# %% [markdown]
# That makes {glue:text}`first_k` samples at first, rounded down as Yan et al. do, and a single one below
# {glue:text}`one_below` nats: as soon as the policy has learned a little, it can learn nothing more.
# Our preset `teg` takes at least four.
#
# ## Learning and drifting
#
# The paper prints plain gradient descent, η = 0.1 and 100 *epochs*; that an epoch is one step is our reading, here and below.
# To see what these settings lead to, we let many runs go on for longer than 100 steps: with λH samples and plain descent
# as printed, with at least four samples, and with λH samples but *told nothing*, that is with the same reward for every cell.
# The reward is the level from above, which makes it easier than a search with changes.

# %%
from tegnas_study.analysis.searches.many_runs import fp_nas_runs

nothing = np.zeros_like(reward)
go = partial(
    fp_nas_runs, shape=(6, 5), n_runs=n_runs, n_steps=n_steps, every=50
)
runs = {
    "λH samples": go(reward, rng=np.random.default_rng(seed)),
    "at least 4": go(reward, min_samples=4, rng=np.random.default_rng(seed)),
    "told nothing": go(nothing, rng=np.random.default_rng(seed)),
}
drift = pd.concat(found.assign(method=name) for name, found in runs.items())
by_accuracy = places["by accuracy"][every].to_numpy()
drift["place"] = by_accuracy[drift["architecture"]]
drift = drift[drift["step"] > 0].reset_index(drop=True)

# %% mystnb={"figure": {"caption": "FP-NAS by the paper's equations, for longer than the paper: place by accuracy of the most probable cell. Median and middle half of the runs.", "name": "fig-drift"}, "image": {"alt": "Three curves over 2,000 steps. With at least four samples the place stays above 90 percent in a narrow band. With \u03bbH samples it rises as fast at first, and the lower end of its band falls afterwards. Told nothing it stays around 50 in a wide band.", "width": "520px"}} tags=["hide-input"]
search_curves(
    trajectories.over_seeds(drift, "place", x="step", band=(0.25, 0.75)),
    x="step",
    xlabel="steps",
    ylabel="place by accuracy (%)",
    looks={"told nothing": "random"},
)
plt.show()

# %% tags=["hide-input"]
means = drift.groupby(["method", "step"])[["entropy", "samples", "place"]]
means = means.mean()
early = min(100, n_steps)
note("n_runs", n_runs)
for name in runs:
    for when, step in (("early", early), ("late", n_steps)):
        row = means.loc[(name, step)]
        note(f"{name}, entropy {when}", f"{row['entropy']:.1f}")
        note(f"{name}, place {when}", f"{row['place']:.0f}")
note("early", early)
note("late", f"{n_steps:,}")
samples = means.loc["λH samples", "samples"]
single = samples[samples < 1.5]
note("single", f"{single.index[0]:,}" if len(single) else "more")

# %% [markdown]
# ```{list-table}
# :header-rows: 1
#
# * - mean of {glue:text}`n_runs` runs
#   - nats after {glue:text}`early` steps
#   - nats after {glue:text}`late`
#   - place after {glue:text}`early`
#   - place after {glue:text}`late`
# * - λH samples
#   - {glue:text}`λH samples, entropy early`
#   - {glue:text}`λH samples, entropy late`
#   - {glue:text}`λH samples, place early`
#   - {glue:text}`λH samples, place late`
# * - at least 4
#   - {glue:text}`at least 4, entropy early`
#   - {glue:text}`at least 4, entropy late`
#   - {glue:text}`at least 4, place early`
#   - {glue:text}`at least 4, place late`
# * - told nothing
#   - {glue:text}`told nothing, entropy early`
#   - {glue:text}`told nothing, entropy late`
#   - {glue:text}`told nothing, place early`
#   - {glue:text}`told nothing, place late`
# ```
#
# With λH samples the mean size of a step falls below 1.5 after {glue:text}`single` steps.
# After that the entropy goes on falling, but {numref}`fig-drift` shows no more learning: the search becomes sure of
# whatever it happens to draw.
# A search that is told nothing becomes sure as well.
# So *a falling entropy is no sign of learning*, and a rule that waits until it stops falling waits for the end of
# the drift.
#
# ## Without chance
#
# One can also follow the mean step itself, and see how far a method would come if nothing were random.


# %%
def followed(step, n_steps, learning_rate):
    logits = np.zeros((6, 5))
    for _ in range(n_steps):
        logits = logits + learning_rate * step(logits, reward)
    entropy = entr(softmax(logits, axis=1)).sum()
    return entropy, str(space.compose(logits.argmax(1)))


# %% tags=["hide-input"]
settings = {
    "reinforce": (exact_gradient.reinforce_gradient, n_exact, 0.04),
    "fp-nas": (exact_gradient.fp_nas_limit, n_exact // 5, 0.1),
}
for name, (step, steps, rate) in settings.items():
    entropy, cell = followed(step, steps, rate)
    note(f"exact_entropy {name}", f"{entropy:.2f}")
    note(f"exact_accuracy {name}", f"{accuracy[cell]:.2f}")
    note(f"exact_steps {name}", steps)

# %% [markdown]
# Both methods begin at {glue:text}`start_entropy` nats.
# With the paper's plain descent, {glue:text}`exact_steps reinforce` mean steps of REINFORCE at η = 0.04 end at
# {glue:text}`exact_entropy reinforce` nats, with a most probable cell of {glue:text}`exact_accuracy reinforce` %.
# For FP-NAS, {glue:text}`exact_steps fp-nas` steps at η = 0.1, with infinitely many samples each, end at
# {glue:text}`exact_entropy fp-nas` nats and {glue:text}`exact_accuracy fp-nas` %.
# So noise is not the only problem of the settings as printed: the steps are too short, and even a perfect gradient leaves
# most of the entropy where it was.
#
# ## Three presets
#
# The text, the released code and this study differ in choices that an equation does not show
# ({ref}`all of them <sec-search-presets>`).
#
# ```{list-table}
# :header-rows: 1
#
# * - choice
#   - `teg`
#   - `paper`
#   - `released`
# * - optimiser
#   - Adam
#   - plain descent
#   - Adam
# * - range in the reward
#   - last 10
#   - all of history
#   - last 10
# * - baseline of REINFORCE
#   - debiased
#   - as printed
#   - debiased
# * - a failure
#   - worst of the range
#   - worst so far
#   - −1, repaired later
# * - FP-NAS, samples
#   - at least 4
#   - λH, rounded down
#   - (no code: as `paper`)
# * - FP-NAS, steps
#   - 300, or until half a nat
#   - 100 epochs, read as steps
#   - (no code: as `paper`)
# * - evolution's tournament
#   - without replacement
#   - with
#   - without
# * - evolution's mutation
#   - every edge alike
#   - every edge alike
#   - node first, then edge
# ```
#
# *Adam* is a descent that divides the step of every logit by the recent size of its gradients, so small gradients move as far
# as large ones.
# The baseline is a running mean that starts at zero; *debiased*, it is divided by the weight of the rewards that it has seen
# so far, so that it is a true mean from the first step on.

# %%
PRESETS = ("teg", "paper", "released")
variants = {
    (m, p, k): histories[m, k] if p == "teg" else run(m, k, p)
    for m in METHODS[:3]
    for p in PRESETS[: 2 if m == "fp-nas" else 3]
    for k in range(n_seeds)
}
compared = trajectories.histories_table(
    (f"{METHOD_NAMES[m]}, {p}", k, h)
    for (m, p, k), h in variants.items()
    if m != "evolution"
)

# %% mystnb={"figure": {"caption": "Entropy of the policy in three presets; no code of FP-NAS was released, so it has two of them. Median and range over seeds.", "name": "fig-presets-entropy"}, "image": {"alt": "Five curves from 9.66 nats. REINFORCE in presets teg and released and FP-NAS in preset teg fall; REINFORCE and FP-NAS in preset paper stay close to where they began.", "width": "520px"}} tags=["hide-input"]
looks = {
    "REINFORCE, teg": "reinforce",
    "FP-NAS, teg": "fp-nas",
    "REINFORCE, released": "evolution",
}
search_curves(
    trajectories.over_seeds(compared, "entropy"),
    xlabel="evaluations",
    ylabel="entropy of the policy (nats)",
    looks=looks,
)
plt.show()

# %% tags=["hide-input"]
rows = []
for (method, preset, _), history in variants.items():
    end = history.visits[-1]
    spread = end.diversity if method == "evolution" else end.entropy
    rows.append((method, preset, spread, accuracy[str(history.derived)]))
ends = pd.DataFrame(rows, columns=["method", "preset", "spread", "accuracy"])
found = []
for (method, preset), part in ends.groupby(["method", "preset"], sort=False):
    note(f"end {method} {preset}", from_to(part["spread"]))
    found.append((method, preset, *np.quantile(part["accuracy"], RANGE)))
columns = ["method", "preset", "low", "accuracy", "high"]
found = pd.DataFrame(found, columns=columns)

# %% mystnb={"figure": {"caption": "Test accuracy on CIFAR-10 of the cells that the methods derive in three presets; of FP-NAS no code was released. Median and range over seeds.", "name": "fig-presets-accuracy"}, "image": {"alt": "Three rows, REINFORCE, evolution and FP-NAS, with a mark and a line for each preset; the lines of a method overlap.", "width": "520px"}} tags=["hide-input"]
interval_chart(
    found,
    row="method",
    colour="preset",
    value="accuracy",
    names=METHOD_NAMES,
    xlabel="test accuracy of the derived cell (%)",
    zero=False,
)
plt.show()

# %% [markdown]
# In {numref}`fig-presets-entropy` the two curves of the preset `paper` hardly leave their start: as printed, both methods
# end near the uniform distribution.
# REINFORCE ends at {glue:text}`end reinforce paper` nats in the preset `paper` and at {glue:text}`end reinforce teg` in `teg`,
# FP-NAS at {glue:text}`end fp-nas paper` and {glue:text}`end fp-nas teg`.
# Evolution has no reward and no step size; its members differ on {glue:text}`end evolution paper` of six edges at the end in
# the preset `paper`, and on {glue:text}`end evolution teg` in `teg`.
# The accuracies of {numref}`fig-presets-accuracy` differ less than the entropies do, and over {glue:text}`n_seeds` seeds
# their ranges overlap.
#
# How can that be?
# A policy near the uniform one still has a most probable cell, and to derive it a small lead on each edge is enough.
# Is this cell better than one that chance picks?
# The control is a search that is told *nothing*: the same settings, the same draws, and the same value for every cell.

# %% tags=["hide-input"]
same = dict.fromkeys(TEG, 1.0)
told, blind = [], []
for k in range(n_cheap):
    for found, options in ((told, {}), (blind, {"source": lambda cell: same})):
        history = run("fp-nas", 1000 + k, "paper", **options)
        entropy = history.visits[-1].entropy
        cell = str(history.derived)
        found.append((entropy, places["by accuracy"][cell]))
told, blind = np.array(told), np.array(blind)
gain = trajectories.mean_over_seeds((told - blind)[:, 1], seed=seed)
for name, found in (("told", told), ("blind", blind)):
    note(f"{name}_entropy", f"{np.median(found[:, 0]):.2f}")
    note(f"{name}_place", f"{found[:, 1].mean():.0f}")

# %% tags=["hide-input"]
note("gain", f"{gain:.0f}")
note("gain_verdict", str(verdict(gain)))
note("n_cheap", n_cheap)

# %% [markdown]
# Over {glue:text}`n_cheap` other seeds FP-NAS in the preset `paper` ends at {glue:text}`told_entropy` nats in the median, and at
# {glue:text}`blind_entropy` when it is told nothing.
# Its cells are better than {glue:text}`told_place` % of the space on average, and those of the blind search than
# {glue:text}`blind_place` %: a difference of {glue:text}`gain` (percent of the space, 95 % interval over seeds).
# By this interval the claim that the indicators help it has the verdict "{glue:text}`gain_verdict`".
#
# In other words, 100 such steps may point in the right direction, but they are too few for the policy to decide.
# The paper says that FP-NAS is stopped when the entropy stops decreasing, and prints 93.73 % on CIFAR-10 as the mean of
# four runs {cite}`chen2021tegnas`; as printed, its search ends where the entropy has hardly begun to fall.
# More steps, Adam or more samples would change that; the paper does not say which of them was used, and no code was released.
#
# ## What we now know
#
# The guided methods come to visit cells that TEG likes, and what they find is as good as TEG can tell: a search cannot know
# what its reward does not know.
# A single step holds little signal: about {glue:text}`noisy` draws of REINFORCE are needed before the direction shows, and
# FP-NAS with one sample in a step learns nothing.
# With the settings as printed both policies hardly leave the uniform distribution, and a falling entropy is no sign of
# learning.

# %% [markdown]
# ## Exercises
#
# ```{exercise}
# :label: ex-write-different
# A policy that has nearly decided draws the same cell again and again.
# Write how many *different* architectures one may expect among a number of independent draws from a policy.
# Before you run it, predict for the uniform policy on NAS-Bench-201 whether 5,000 draws give fewer than 4,000, 4,000 to
# 4,800, or more than 4,800 different cells.
# ```


# %%
def n_different(probabilities, n_draws):
    """Return the expected number, for a table (decisions, options) of a policy."""
    ...


from tegnas_study.exercises import check

check("ex-write-different", n_different)

# %% [markdown]
# ````{solution} ex-write-different
# :class: dropdown
# An architecture of probability $\pi$ is missing among $n$ draws with probability $(1 - \pi)^n$, so it adds
# $1 - (1 - \pi)^n$ to the expected number.
# The uniform policy repeats itself little: each of about 12.5 million pairs of draws is equal with probability 1/15,625, which
# makes about 800 equal pairs among 5,000 draws, and about 4,280 different cells.
# So when far fewer cells of a search are different, its policy has narrowed.
#
# ```python
# def n_different(probabilities, n_draws):
#     joint = np.ones(1)
#     for options in probabilities:
#         joint = np.outer(joint, options).ravel()
#     return np.sum(1 - (1 - joint) ** n_draws)
# ```
# ````
#
# ```{exercise}
# :label: ex-change-noise
# The paper's reward is a change, $r_t = x_t - x_{t-1}$ (up to its range), not the level $x_t$.
# Now reward with the level in one search and with the change in another; the draws are independent, from a policy that hardly
# moves.
# Predict how many times as large the variance of the change is, and then draw and compare.
# ```

# %%
answer = None  # your number

check("ex-change-noise", answer)

# %% [markdown]
# ````{solution} ex-change-noise
# :class: dropdown
# It is twice as large, since a change is the difference of two independent numbers with the same variance.
# The mean step stays the same, since $x_{t-1}$ does not depend on what is drawn now.
# So in {numref}`fig-signal` a reward that is a change would have about $\sqrt 2$ times the noise, and REINFORCE would need
# twice as many draws for the same clarity.
#
# ```python
# x = np.random.default_rng(seed).choice(reward, 1_000_000)  # draws, uniform
# answer = np.var(np.diff(x)) / np.var(x)
# ```
# ````

# %% [markdown]
# ## Provenance

# %% tags=["hide-input"]
from tegnas_study.colophon import colophon

colophon(
    seed=seed,
    started=started,
    settings=atlas_settings(),
    benchmark=benchmark,
)
