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
# (ch-darts-search)=
# # Searching DARTS Live
#
# On NAS-Bench-201 a search can look its values up.
# On the DARTS space it cannot: every {term}`genotype` has to be built and evaluated when the search comes to it.
# What do the searches find there, and at what cost?
#
# The paper answers with Figs. 5 to 7, the cells found, and with Tables 3 and 4, their sizes, costs and test errors
# {cite}`chen2021tegnas`.
# We ran its searches and recorded every evaluation; nothing on this page has been trained.
# After this chapter you can follow the course of a search, say when a policy has decided, and ask what a single search
# cannot answer: would another seed have found the same?

# %% tags=["parameters"]
n_children: int = 4  # of the short live search; a longer one finds more
batch_size: int = 16  # images of the kernel, in the live search
n_pairs: int = 300  # random pairs behind the distances
window: int = 50  # evaluations that a curve averages over
seed: int = 0  # everything random follows from this

# %% tags=["hide-input"]
import time

started = time.perf_counter()

import math
import textwrap
from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from myst_nb import glue

note = partial(glue, display=False)  # a number for the prose

# %% [markdown]
# ## What was recorded
#
# We recorded four methods: REINFORCE {cite}`williams1992reinforce`, regularised evolution {cite}`real2019evolution`, FP-NAS
# {cite}`yan2021fpnas` and the pruning of TE-NAS {cite}`chen2021tenas`.
# The first three are told κ, R and MSE of each genotype, and TE-NAS is told those of {term}`supernets <supernet>` from which
# one operation was taken away.

# %% tags=["hide-input"]
from tegnas_study.analysis.searches import live
from tegnas_study.experiments.live_files import read_live_searches
from tegnas_study.tables.printed import printed, printed_table
from tegnas_study.tables.study_rows import PAPER_NAMES

searches = read_live_searches()
outcomes = searches.outcomes
shown = outcomes[["steps", "evaluations", "unique", "seconds"]].copy()
shown.index = [
    live.label(m, s) for m, s in zip(outcomes["method"], outcomes["seed"])
]
shown = shown.rename(columns={"unique": "different"})
printed_table(shown, ",.0f")

# %% [markdown]
# The number behind a method's name is the seed, here and below; it fixes what the search draws, and also the images and the
# random weights.
# The searches use CIFAR-10 images, a batch of 64, the preset `teg` of indicators and methods, and **one** repeat for each
# evaluation where the paper averages three.
# Seconds are those of the evaluations, on one of two cores that had other work.
# The folded cell has the commands that made the files.

# %% tags=["hide-cell"]
for command in searches.commands.values():
    lines = textwrap.wrap(command, 72, break_on_hyphens=False)
    print(" \\\n    ".join(lines))

# %% [markdown]
# ## The course of a search
#
# κ under one seed cannot be compared with κ under another seed, which has other images and other weights.
# But evolution begins with 256 random genotypes that were judged under the same seed: they are the yardstick.
# The next figure divides the indicators of what a search visits by their medians over these, and counts what share of them
# is better, as a mean over the three indicators: 0 beats all, and 0.5 is like a random genotype.

# %% tags=["hide-input"]
ways = live.trajectories(searches.histories, window=window)
ends = ways.groupby(["method", "seed"], sort=False).last()
for method in PAPER_NAMES:
    if method in ends.index:
        shares = ends.loc[method, live.BETTER]
        note(f"end_{method}", " and ".join(f"{s:.2f}" for s in shares))

# %% mystnb={"figure": {"caption": "What the searches visit, beside random genotypes of the same seed (dark line): medians of \u03ba, R and MSE over the last 50 evaluations, and the mean share of random genotypes that are better. TE-NAS evaluates supernets and is left out. Recorded.", "name": "fig-search-ways"}, "image": {"alt": "Four panels over the number of evaluations. Evolution stays at the random level for 256 evaluations and then drops steeply; REINFORCE improves steadily from the start; FP-NAS slowly. In the last panel evolution and REINFORCE end near zero.", "width": "520px"}} tags=["hide-input"]
from tegnas_study.figures import live_searches as drawing

drawing.search_ways(ways)
plt.show()

# %% [markdown]
# All three methods come to better values, as {numref}`fig-search-ways` shows.
# At the end a share of {glue:text}`end_reinforce` (seeds 0 and 1) of the random genotypes is better than what REINFORCE
# draws; for evolution it is {glue:text}`end_evolution`, and for FP-NAS {glue:text}`end_fp-nas`.
# Evolution spends its first 256 evaluations on its first population, and needs few more to leave it behind.
#
# ## Has it decided?
#
# A {term}`policy` of REINFORCE or FP-NAS holds the probabilities of seven operations on each of 28 edges.
# At the start all are equal, and its **entropy** is 28 ln 7 {term}`nats <nat>`; a policy that has decided has entropy 0.
# Evolution has a population instead, and its **diversity** is the mean number of decisions in which two members differ.

# %% tags=["hide-input"]
left = live.narrowing(searches.histories)
entropies = searches.histories.groupby(["method", "seed"], sort=False)
last = entropies["entropy"].last().dropna()
note("start", f"{live.full_entropy():.1f}")
for method in ("reinforce", "fp-nas"):
    rest = left[left["method"] == method].groupby("seed")["left"].last()
    note(
        f"left_{method}", " and ".join(printed(share, ".0%") for share in rest)
    )
note("still_open", printed(math.exp(last["reinforce"].min()), ".0e"))

# %% mystnb={"figure": {"caption": "What is left of what was open: entropy of the policy over that of the first one (REINFORCE, FP-NAS), logarithm of the number of genotypes in the supernet over that at the start (TE-NAS, three steps), diversity of the population over that of the first one (evolution). Recorded.", "name": "fig-what-is-left"}, "image": {"alt": "REINFORCE falls steadily to a little under one half after 500 evaluations, FP-NAS slowly to about 0.7 after 1,200, evolution within 400 children to 0.3 and then stays near 0.2, TE-NAS falls to zero in two steps.", "width": "520px"}} tags=["hide-input"]
drawing.what_is_left(left)
plt.show()

# %% [markdown]
# The policies are far from decided: of {glue:text}`start` nats REINFORCE has {glue:text}`left_reinforce` left after 500 steps,
# and FP-NAS {glue:text}`left_fp-nas`.
# The lower of REINFORCE's entropies is that of a uniform choice among about {glue:text}`still_open` possibilities.
# So the *derived* genotype, the strongest operation of each edge, is only the most probable of many that the policy would
# still draw.
# In the paper REINFORCE stops when the entropy stops falling, at T = 500; in {numref}`fig-what-is-left` it still falls then.
#
# ## What was found
#
# Figs. 5 to 7 of the paper show its cells.
# Here they stand below what our search with seed 0 derived: for REINFORCE and FP-NAS by the rule of the two strongest edges,
# for evolution as the best of its last population.

# %% tags=["hide-input"]
from tegnas_core.spaces import NAMED, Darts
from tegnas_study import figures

found = live.found_genotypes(outcomes)


def beside(method: str):
    here = live.label(method, 0)
    cells = {"found here": found[here], "paper": NAMED[live.PUBLISHED[method]]}
    return figures.genotypes(cells)


# %% mystnb={"figure": {"caption": "REINFORCE with TEG: both cells found here with seed 0, and below them both cells of the paper (its Fig. 5).", "name": "fig-cells-reinforce"}, "image": {"alt": "Four staircases, two normal and two reduction cells. Most boxes of all four are convolutions; the words of each genotype are printed below.", "width": "520px"}} tags=["hide-input"]
beside("reinforce")
plt.show()

# %% mystnb={"figure": {"caption": "Evolution with TEG: both cells found here with seed 0, and below them both cells of the paper (its Fig. 6).", "name": "fig-cells-evolution"}, "image": {"alt": "Four staircases, two normal and two reduction cells; the words of each genotype are printed below.", "width": "520px"}} tags=["hide-input"]
beside("evolution")
plt.show()

# %% mystnb={"figure": {"caption": "FP-NAS with TEG: both cells found here with seed 0, and below them both cells of the file that the authors published for it (their Fig. 7).", "name": "fig-cells-fp-nas"}, "image": {"alt": "Four staircases, two normal and two reduction cells; the words of each genotype are printed below.", "width": "520px"}} tags=["hide-input"]
beside("fp-nas")
plt.show()

# %% tags=["hide-input"]
drawn = Darts().sample_many(1000, seed=seed)
note(
    "conv_found", f"{np.mean([*map(live.n_convolutions, found.values())]):.1f}"
)
published = {PAPER_NAMES[m]: NAMED[n] for m, n in live.PUBLISHED.items()}
note(
    "conv_paper",
    f"{np.mean([*map(live.n_convolutions, published.values())]):.1f}",
)
note("conv_random", f"{np.mean([*map(live.n_convolutions, drawn)]):.1f}")

# %% tags=["hide-input"]
from tegnas_core import PRESETS
from tegnas_study.analysis.normal_cell_bug import rows_of_both

agreement, n_recorded = live.agreement_with_convolutions(
    rows_of_both(PRESETS["teg"]), PRESETS["teg"], seed=seed, n_draws=1000
)
note("conv_tau", str(agreement))
note("n_recorded", n_recorded)

# %% tags=["hide-cell"]
for name, genotype in found.items():
    words = textwrap.fill(figures.genotype_in_words(genotype), 78)
    print(name, words, "", sep="\n")

# %% [markdown]
# In {numref}`fig-cells-reinforce`, {numref}`fig-cells-evolution` and {numref}`fig-cells-fp-nas` no cell of ours is one of
# the paper's; the folded cell prints all of ours in words.
# But are they of one kind?
# Of 16 operations, {glue:text}`conv_found` are convolutions in what was found here on average, {glue:text}`conv_paper` in the
# paper's cells and {glue:text}`conv_random` in a random genotype.
# κ, R and MSE do prefer convolutions: among {glue:text}`n_recorded` random genotypes that were recorded with the preset
# `teg`, more of them go with a better sum of ranks (agreement τ = {glue:text}`conv_tau`).
# The authors' file for FP-NAS holds the cell of TE-NAS under another name (see
# {ref}`the chapter on the space <ch-darts-space>`).

# %% [markdown]
# (sec-darts-cost)=
# ## Size and cost
#
# {ref}`A later chapter <sec-tables-3-4>` has Tables 3 and 4 whole and our cells beside them, with a command for each number
# that is still missing.
# Two things can be said here.

# %% tags=["hide-input"]
from tegnas_study.data.quoted import quoted_table
from tegnas_study.tables.darts_sizes import genotype_sizes

sizes = genotype_sizes(found)["parameters"]
random_sizes = genotype_sizes({str(g): g for g in drawn[:200]})["parameters"]
note("size_random", f"{random_sizes.mean():.2f}")
below, above = random_sizes.quantile([0.05, 0.95])
note("size_range", f"{below:.2f} to {above:.2f}")
note("size_found", f"{sizes.mean():.2f}")
inside = sizes.between(below, above)
note("n_inside", f"{inside.sum()} of {len(sizes)}")

# %% tags=["hide-input"]
told = quoted_table("table-3").set_index("row").loc["REINFORCE + TEG"]
seconds = outcomes.loc[outcomes["method"] == "reinforce", "seconds"]
note("gpu_days", f"{told['gpu_days']:g}")
note("gpu_seconds", f"{told['gpu_days'] * 86_400:,.0f}")
note("our_seconds", " and ".join(f"{value:,.0f}" for value in seconds))
each = 1000 * shown["seconds"] / shown["evaluations"]
printed_table(each.to_frame("ms for an evaluation"), ",.0f")

# %% [markdown]
# Sizes: what was found has {glue:text}`size_found` million parameters on CIFAR-10 on average, where a random genotype has
# {glue:text}`size_random`; {glue:text}`n_inside` results lie where nine of ten random genotypes do, at
# {glue:text}`size_range` million.
#
# Cost: the paper prints {glue:text}`gpu_days` GPU days for REINFORCE with TEG (quoted), which are {glue:text}`gpu_seconds`
# seconds of a GTX 1080 Ti with three repeats; ours took {glue:text}`our_seconds` seconds of a busy core with one repeat and
# other code.
# Here TE-NAS costs most, by the evaluation and by the search, since it evaluates supernets, while the paper's Table 3 gives its
# search the lowest cost (with two indicators; ours uses all three).

# %% [markdown]
# ## Would another seed find the same?
#
# Two searches that both found the best cell would end at the same cell, or near it.
# The distance between two genotypes is the number of decisions, of 32, that must change to make one of the other.

# %% tags=["hide-input"]
apart = live.random_distances(n_pairs, seed=seed)
pairs = live.seed_distances(outcomes)
pairs["random pairs as near"] = [(apart <= d).mean() for d in pairs["distance"]]
note("apart", f"{np.median(apart):.0f}")
two_seeds = pairs[pairs["pair"] == "two seeds"]
note("n_two_seeds", len(two_seeds))
note("nearest", int(two_seeds["distance"].min()))
note("seeds_apart", ", ".join(map(str, two_seeds["distance"])))
near = pairs["random pairs as near"] <= 0.05
note("n_near", f"{near.sum()} of {len(pairs)}")

# %% mystnb={"figure": {"caption": "How far results lie apart, in decisions that differ: between two seeds of a method, and between a seed and the paper's cell. Grey: pairs of random genotypes; dashed: their median.", "name": "fig-seed-distances"}, "image": {"alt": "A histogram of random distances; below it, the marks of all pairs, most of them left of the median and inside the histogram.", "width": "520px"}} tags=["hide-input"]
drawing.distances(apart, pairs)
plt.show()

# %% [markdown]
# Random genotypes are {glue:text}`apart` decisions apart in the median.
# Two seeds of one method, {glue:text}`n_two_seeds` pairs so far, are {glue:text}`seeds_apart` apart.
# Of all pairs in {numref}`fig-seed-distances`, {glue:text}`n_near` are nearer than nineteen of twenty random pairs, where
# chance would give one in twenty: results do tend to be alike.
# But a cell that is found again would be at distance 0, and the nearest two seeds still differ in {glue:text}`nearest`
# decisions.
# What the seeds share, such as many convolutions, is not the cell.
# (The pairs are few, and some of them have a cell in common.)
#
# ## How good is it, by the same three numbers?
#
# A search takes what looked best under its own images and weights, and what looked best was partly lucky.
# So what was found and the paper's cells were judged again under a fresh seed, with CIFAR-10 images, a batch of 64 and three
# repeats, among 60 random genotypes.
# Three genotypes that no search found take part as well: random ones, with a separable 5×5 convolution in place of every
# operation.


# %%
def unsearched(seed: int):
    drawn = Darts().sample_many(3, seed=seed)
    same = [live.with_one_operation(g, "sep_conv_5x5") for g in drawn]
    return {f"all sep 5×5, {k}": g for k, g in enumerate(same, start=1)}


# %% tags=["hide-input"]
from tegnas_study import read_sweep
from tegnas_study.paths import RESULTS

record = read_sweep(RESULTS / "darts-judged.parquet")
controls = unsearched(int(record["seed"].iloc[0]))
of_paper = {f"paper: {method}": cell for method, cell in published.items()}
known = {str(g): n for n, g in {**found, **of_paper, **controls}.items()}
standing = live.standings(record, known)
standing["in its own search"] = live.standing_in_search(
    searches.histories, outcomes
)

# %% tags=["hide-input"]
ours = record[record["architecture"].isin([*map(str, found.values())])]
ours = ours.assign(log_kappa=np.log10(ours["condition_number"]))
for column in ("log_kappa", "linear_regions", "regression_error"):
    by_name = ours.groupby("architecture")[column]
    note(f"luck_{column}", f"{by_name.std().mean() / by_name.mean().std():.1f}")

# %% tags=["hide-input"]
from tegnas_study.figures.intervals import interval_chart

then = standing["in its own search"]
both = {"under a fresh seed": standing[["mean", "low", "high"]]}
both["in its own search"] = pd.DataFrame(
    dict.fromkeys(standing.columns[:3], then)
)
both = pd.concat(both, names=["when", "result"]).dropna().reset_index()

# %% mystnb={"figure": {"caption": "Which share of 60 random genotypes is better by \u03ba, R and MSE, a mean over the three: 0 beats all, 0.5 is like a random genotype. Under a fresh seed the line reaches from the lowest to the highest of three repeats. Recorded.", "name": "fig-standings"}, "image": {"alt": "One row for each result of a search, each cell of the paper and three genotypes that nobody searched for. In their own search the two results of evolution lie at zero, and under a fresh seed all results lie further to the right; the genotypes of separable 5\u00d75 convolutions lie near the best of them.", "width": "520px"}} tags=["hide-input"]
interval_chart(
    both,
    row="result",
    colour="when",
    value="mean",
    xlabel="share of random genotypes that are better",
)
plt.show()

# %% tags=["hide-input"]
mean = standing["mean"]
control = mean[list(controls)].mean()
for key, group in (("found", found), ("paper", of_paper)):
    above = standing.loc[list(group), "high"] < 0.5
    note(f"above_{key}", f"{above.sum()} of {len(group)}")
note("mean_control", f"{control:.2f}")
size_control = genotype_sizes(controls)["parameters"].mean()
note("size_control", f"{size_control:.1f}")
note("n_ahead", f"{(mean[list(found)] < control).sum()} of {len(found)}")
is_better = mean[list(found)].mean() < control
note("is_better", "better than" if is_better else "no better than")
# %% tags=["hide-input"]
seen = standing.dropna()
note("in_search", f"{seen['in its own search'].mean():.2f}")
note("anew", f"{seen['mean'].mean():.2f}")
note("n_seen", len(seen))

# %% [markdown]
# The searches do find something: in {numref}`fig-standings`, {glue:text}`above_found` of our results and
# {glue:text}`above_paper` of the paper's cells are better than the middle of the random ones in every single repeat.
# Of {glue:text}`n_seen` results we know how they stood in their own search: at {glue:text}`in_search` then, and at
# {glue:text}`anew` now.
# The difference is due to the luck of one draw of weights and images.
# Among our results themselves the order is partly luck, too: the deviation between repeats of one result, divided by that
# between the results, is {glue:text}`luck_log_kappa` for log κ, {glue:text}`luck_linear_regions` for R and
# {glue:text}`luck_regression_error` for MSE, and near 1 an order means little.
#
# But the genotypes that nobody searched for have {glue:text}`mean_control`.
# {glue:text}`n_ahead` results of a search are better than that, and on average the results are {glue:text}`is_better` a random
# genotype with the largest convolution everywhere.
# By the numbers that the search follows, that is the baseline to beat, and it costs no search.
# (These three, under one fresh seed, are also the largest networks, with {glue:text}`size_control` million parameters.)
#
# Which cell would be the most accurate after training is the question of {ref}`a later chapter <ch-training>`.

# %% [markdown]
# ## Beside the paper
#
# Here are the claims of the paper that this page is about, as {ref}`the page of claims <ch-claims>` judges them.

# %% tags=["hide-input"]
from tegnas_study.ledger import page

page.beside("ch-darts-search")

# %% [markdown]
# ## Search yourself
#
# Here is a live search of a few evaluations: evolution with a population of six.
# Set `n_children` in the first code cell to a few hundred, and it becomes a real search.

# %% tags=["hide-input"]
from tegnas_core import make_settings
from tegnas_study import load_images
from tegnas_study.data.images import find_images

found_here = {source.name for source in find_images() if source.place}
images = load_images("cifar10" if "cifar10" in found_here else "synthetic")
settings = make_settings("teg", batch_size=batch_size, repeats=1)

# %%
from tegnas_study.experiments.request import make_request
from tegnas_study.experiments.run import run_search

request = make_request(
    "evolution",
    space="darts",
    source="live",
    images=images.name,
    settings=settings,
    steps=n_children,
    sizes={"population_size": 6, "tournament_size": 3},
)
history = run_search(request, seed=seed)

# %%
from tegnas_study.figures.style import SYMBOLS
from tegnas_study.tables.ranking import rank_sum

table = history.table()
table["rank_sum"] = rank_sum(table)
print(f"{history.stopped}: {history.n_evaluations} evaluations")
print(textwrap.fill(figures.genotype_in_words(history.derived), 78))
formats = {"step": ".0f", "κ": ",.1f", "R": ",.0f", "MSE": ".2f"}
formats |= {"sum of ranks": "g", "diversity": ".2f"}
printed_table(table.rename(columns=SYMBOLS), formats)

# %% [markdown]
# The first six rows are the first population, all of step 0; each later row is a child of the best of three.
#
# ## What we now know
#
# The searches do find genotypes that are better by κ, R and MSE than random ones, but their policies stop undecided, and
# the two nearest seeds of a method still differ in {glue:text}`nearest` decisions.
# By the same three numbers, {glue:text}`n_ahead` results are better than genotypes with the largest convolution everywhere,
# which cost no search.
# Nothing on this page says whether any of them makes a more accurate network.

# %% [markdown]
# ## Exercises
#
# ```{exercise}
# :label: ex-write-preference
# On each of its edges a policy takes one operation with probability $p$ and all the others with equal probability.
# Write the entropy of the policy in nats, and try it with 28 edges and seven operations: which $p$ leaves as much entropy as
# a policy that has decided half of the edges and knows nothing of the other half?
# ```


# %%
def entropy_of(n_edges, n_options, p):
    """Return the entropy in nats when one option has probability p."""
    ...


from tegnas_study.exercises import check

check("ex-write-preference", entropy_of)

# %% [markdown]
# ````{solution} ex-write-preference
# :class: dropdown
# Half decided leaves half of $28 \ln 7$, and so does a preference of about three quarters on every edge.
# That is about where REINFORCE stands after 500 steps, and its policy is of the second kind: it has decided nothing, and
# prefers some operation on all edges.
#
# ```python
# def entropy_of(n_edges, n_options, p):
#     shares = np.array([p] + [(1 - p) / (n_options - 1)] * (n_options - 1))
#     shares = shares[shares > 0]
#     return -n_edges * np.sum(shares * np.log(shares))
# ```
# ````
#
# ```{exercise}
# :label: ex-same-policy
# Suppose that two seeds end with the very *same* policy: on each of 28 edges it takes the same operation with probability 3/4,
# and each of the six others with equal probability.
# One set of 28 operations is drawn from each.
# Predict whether they are alike, then compute on how many edges they differ on average.
# ```

# %%
answer = None  # your number

check("ex-same-policy", answer)

# %% [markdown]
# ````{solution} ex-same-policy
# :class: dropdown
# On one edge both draw the preferred operation with probability $9/16$, and both the same other one with probability
# $6 \cdot (1/24)^2$; they differ on the rest, which is about 12 of 28 edges.
# So cells that lie far apart may come from seeds that agree about everything: a policy that is undecided must be compared as a
# policy, or by its most probable cell.
#
# ```python
# alike = (3 / 4) ** 2 + 6 * (1 / 4 / 6) ** 2
# answer = 28 * (1 - alike)
# ```
# ````

# %% [markdown]
# ## Provenance

# %% tags=["hide-input"]
from tegnas_study.colophon import colophon

colophon(seed=seed, started=started, settings=settings, images=images)
