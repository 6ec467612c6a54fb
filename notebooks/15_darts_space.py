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
# (ch-darts-space)=
# # Meet the DARTS Space
#
# In NAS-Bench-201 every architecture has been trained, so a claim about it can be looked up.
# What is an architecture where no table of answers exists?
#
# The DARTS space {cite}`liu2019darts` is the paper's second one.
# Its members are called *genotypes*, they are far too many to list, and a trained one is a network of millions of
# parameters.
# Here we read genotypes as they are printed, draw them, count them, and walk from one to the next; we build the networks
# that they stand for, from tiny to full size, and compare their sizes with those that the paper prints.
# At the end we look at a mistake in the released code: for most genotypes it evaluates another normal cell than the one
# that is meant.
# After this chapter you can read a published cell, count a space, and say how much that mistake matters.

# %% tags=["parameters"]
n_pairs: int = 300  # random pairs of genotypes whose distance is taken
batch_size: int = 16  # images of the kernel
repeats: int = 3  # sets of random weights for each genotype
n_draws: int = 1000  # resamples behind every interval
seed: int = 0  # everything random follows from this

# %% tags=["hide-input"]
import time

started = time.perf_counter()

import itertools
import textwrap
from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from myst_nb import glue

note = partial(glue, display=False)  # a number for the prose

# %% [markdown]
# ## A genotype in print
#
# This is how the literature prints an architecture of this space, here the second cell of DARTS.

# %%
from tegnas_core.spaces import NAMED, Darts, parse_genotype
from tegnas_core.spaces.genotype import OPERATIONS, Genotype

darts_v2 = parse_genotype("DARTS_V2")
text = str(darts_v2)
assert Genotype.parse(text) == darts_v2
print(textwrap.fill(text, 78))

# %% [markdown]
# A genotype has two **cells**, a *normal* one that keeps the size of the maps and a *reduction* cell that halves it.
# A cell reads the outputs of the two cells before it, states 0 and 1, and has four **nodes**, states 2 to 5.
# Each node adds up two **pairs** (operation, source), so `normal` is a list of eight pairs, two for each node.
# The output stacks the four nodes: that is `normal_concat`.
#
# There are seven operations and `none`, to which a search may give a weight but which it never keeps.
# A *separable* convolution (`sep`) filters each channel by itself and then mixes the channels with a 1×1 convolution, which
# takes far fewer weights, and does so twice; a *dilated* one (`dil`) does so once, with gaps between the pixels that its
# filter reads, so that it sees further.

# %%
print(*OPERATIONS, sep=", ")
for node in range(4):
    print(
        "node", node, "=", " + ".join(map(str, darts_v2.node("normal", node)))
    )

# %% [markdown]
# The drawing shows the same as a staircase.

# %% mystnb={"figure": {"caption": "The second cell of DARTS. Dark lines carry a state to the operations that read it; a coloured line leads an operation's output to its node, which adds its two up.", "name": "fig-darts-v2"}, "image": {"alt": "Normal cell: node 0 and node 1 each add separable 3\u00d73 convolutions of both inputs; node 2 adds a separable 3\u00d73 convolution of cell k\u22121 and a skip of cell k\u22122; node 3 adds a skip of cell k\u22122 and a dilated 3\u00d73 convolution of node 0. Reduction cell: max pools of the inputs and skips of node 0.", "width": "520px"}} tags=["hide-input"]
from tegnas_study import figures

figures.genotype(darts_v2)
plt.show()

# %% [markdown]
# {numref}`fig-darts-v2` makes visible what the list hides: its reduction cell has no convolution at all.
#
# Published genotypes have names, which can be used, in upper or lower case, wherever a genotype is asked for.

# %% tags=["hide-input"]
from tegnas_core.spaces.named_genotypes import SOURCES

for name, source in SOURCES.items():
    print(f"{name:17}{source.split(';')[0]}")

# %% tags=["hide-input"]
names_of = {}
for name, found in NAMED.items():
    names_of.setdefault(found, []).append(name)
twins = [names for names in names_of.values() if len(names) > 1]
note("n_names", len(NAMED))
note("n_known", len(names_of))
note("twins", "; ".join(" and ".join(names) for names in twins) or "none")

# %% [markdown]
# The {glue:text}`n_names` names stand for {glue:text}`n_known` genotypes.
# Two names stand for the same genotype: {glue:text}`twins`.
# The first was published with TE-NAS {cite}`chen2021tenas`, the second later as what FP-NAS with TEG had found.
# Two independent searches of a space as large as this one do not find the same cell by chance, so one of the two files is
# probably not what its search found; the sizes below will say more.

# %% [markdown]
# ## From weights to a genotype
#
# Most searches do not write genotypes down; they learn a weight for every operation on every possible edge.
# Node $i$ may read $i + 2$ states, so a cell has 2 + 3 + 4 + 5 = 14 edges.
# The **deriving rule** of DARTS makes a genotype of such weights: on each edge the strongest operation other than `none`
# stands for the edge, and each node keeps its two strongest edges.
#
# Node 1 of the normal cell has three edges, of which two are kept.

# %%
from tegnas_core.spaces.darts_edges import derive, rows_of

rng = np.random.default_rng(seed)
logits = rng.normal(size=(2, 14, 8))  # cells, edges, operations
weights = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
edges = pd.DataFrame(weights[0, rows_of(1)], columns=OPERATIONS)
edges.rename_axis("source").round(2).T

# %%
strongest = edges.drop(columns="none").max(axis=1)
kept = sorted(strongest.nlargest(2).index)
derived = derive(weights)
assert [source for _, source in derived.node("normal", 1)] == kept
print("node 1 keeps", derived.node("normal", 1))

# %% [markdown]
# ## How many are there?
#
# We count by hand.
# Node $i$ chooses two of $i + 2$ sources, in 1, 3, 6 and 10 ways.
# Each of the eight pairs of a cell has one of seven operations, and there are two cells.

# %%
space = Darts()
by_hand = (1 * 3 * 6 * 10 * 7**8) ** 2
assert by_hand == space.n_genotypes

# %% tags=["hide-input"]
from tegnas_study.experiments.live_files import read_live_searches
from tegnas_study.tables.printed import printed

note("n_genotypes", f"{space.n_genotypes:,}")
note("power", printed(space.n_genotypes, ".1e"))
note("ratio", printed(space.n_genotypes / 5**6, ".0e"))
spent = read_live_searches().outcomes
a_second = spent["seconds"].sum() / spent["evaluations"].sum()
note("a_second", f"{a_second:.2f}")
note("million_years", f"{a_second * space.n_genotypes / 3.156e13:,.0f}")

# %% [markdown]
# There are {glue:text}`n_genotypes`, or about {glue:text}`power`.
# In the recorded searches of {ref}`ch-darts-search` an evaluation takes {glue:text}`a_second` s on average, at which all of
# them would take {glue:text}`million_years` million years, so there will be no atlas of this space.
#
# ## Walking in it
#
# A search method needs four things of a space: a random member, a neighbour, a distance and an encoding.
# A genotype is 32 **decisions**, an operation and a source for each of 16 pairs; a mutation changes one of them, and the
# **distance** of two genotypes is the number of decisions that must change.

# %%
rng = np.random.default_rng(seed)
parent = space.sample(rng)
child = space.mutate(parent, rng)
assert space.distance(parent, child) == 1
for cell, node in itertools.product(("normal", "reduce"), range(4)):
    old, new = parent.node(cell, node), child.node(cell, node)
    if set(old) != set(new):
        print(f"{cell} cell, node {node}: {old}\n{'becomes':>20}: {new}")

# %% tags=["hide-input"]
sample = space.sample_many(2 * n_pairs, seed=seed)
apart = [space.distance(a, b) for a, b in zip(sample[::2], sample[1::2])]
note("n_neighbours", len(space.neighbours(parent)))
note("apart", f"{np.mean(apart):.1f}")
low, high = np.percentile(apart, [5, 95]).astype(int)
note("apart_range", f"{low} to {high}")

# %% [markdown]
# Every genotype has {glue:text}`n_neighbours` neighbours.
# Two random ones are {glue:text}`apart` decisions apart on average, and nine of ten pairs are {glue:text}`apart_range` apart.
#
# The encoding has a number for each operation on each edge of each cell, 2 × 14 × 8 in all: a one where the genotype has that
# pair, and a zero elsewhere.

# %%
code = space.encode(parent)
assert code.shape == (224,) and code.sum() == 16
grid = code.reshape(2, 14, 8)
print("operations on the edges of the normal cell of the parent:")
print(*(OPERATIONS[row.argmax()] if row.any() else "-" for row in grid[0]))

# %% [markdown]
# ## The networks
#
# An architecture is not a network.
# The same genotype stands for several, of very different size.
#
# the proxy
# : one normal and one reduction cell with one channel; κ, R and MSE are read from it;
#
# the supernet
# : the proxy with all seven operations on all 28 edges at once, which TE-NAS prunes;
#
# CIFAR-10
# : 20 cells, of which those at one and two thirds of the way are reduction cells, with 36 channels at first;
#
# ImageNet
# : 14 cells with 48 channels, after three convolutions that take 224 pixels to 28.

# %%
from tegnas_core import make_settings
from tegnas_core.networks.by_name import networks_named
from tegnas_core.networks.supernets import supernet_networks
from tegnas_core.spaces.mixtures import pruning_rules


def size(network) -> int:
    return sum(p.numel() for p in network.parameters())


settings = make_settings("teg", batch_size=batch_size, repeats=repeats)
tiny = networks_named("darts"), darts_v2
mixed = supernet_networks("darts"), pruning_rules(space).start

# %%
from tegnas_study.tables.darts_sizes import genotype_complexity, genotype_sizes
from tegnas_study.training.darts_skeleton import DartsSkeleton

sizes = {
    name: size(made.build(what, settings, "kernel", n_classes=10))
    for name, (made, what) in {"proxy": tiny, "supernet": mixed}.items()
}
for name in ("cifar", "imagenet"):
    skeleton = getattr(DartsSkeleton, name)()
    sizes[name] = genotype_complexity(darts_v2, skeleton).parameters
pd.Series(sizes).map("{:,}".format).to_frame("parameters")

# %% [markdown]
# The supernet holds the whole space; the other three rows are `DARTS_V2`.
# The sizes of the full networks follow from the genotype in closed form, so we do not have to build them; a test of the
# package does build them and counts.

# %% tags=["hide-input"]
known = {" = ".join(names): found for found, names in names_of.items()}
table = genotype_sizes(known)
shown = table.map("{:.3f}".format)
for column in ("flops", "imagenet_flops"):
    shown[column] = table[column].map("{:.0f}".format)
shown.set_axis(["CIFAR-10", "FLOPs", "ImageNet", "FLOPs"], axis=1)

# %% [markdown]
# Parameters and multiply-adds are in millions, without the auxiliary classifier, a second output in the middle of the network
# that helps training and is then thrown away.
#
# (sec-darts-sizes)=
# ### Do the printed sizes fit?
#
# The paper prints parameters in its Tables 3 (CIFAR-10) and 4 (ImageNet), and no FLOPs.
# The next table has both side by side, with "fits" where the numbers agree in all printed digits.

# %% tags=["hide-input"]
from tegnas_study.tables.darts_sizes import beside_paper

beside = beside_paper()
shown = beside.replace({"table-3": "Table 3", "table-4": "Table 4"})
shown["fits"] = shown["fits"].map({True: "fits", False: "no"})
shown["counted"] = shown["counted"].map("{:.3f}".format)
shown["quoted"] = shown.pop("printed").map(str)
millions = {name: f"{name} (million)" for name in ("counted", "quoted")}
shown.rename(columns=millions).set_index(["table", "row"])

# %% tags=["hide-input"]
probnas = table.loc["TENAS_CIFAR10 = TEGNAS_PROBNAS"]
rows = beside.set_index(["table", "row"])
for key, place in (("cifar", "table-3"), ("imagenet", "table-4")):
    note(f"fp_{key}", f"{rows.loc[(place, 'FP-NAS + TEG'), 'printed']:g}")
    note(f"te_{key}", f"{rows.loc[(place, 'TE-NAS'), 'printed']:g}")
note("twin_cifar", f"{probnas['parameters']:.3f}")
note("twin_imagenet", f"{probnas['imagenet_parameters']:.3f}")
note("other_cifar", f"{table.loc['TENAS_IMAGENET', 'parameters']:.3f}")

# %% [markdown]
# The cells of REINFORCE and of evolution have the printed size in both tables.
# DARTS (1st) is off by more than rounding; that row repeats what the DARTS paper itself prints.
# The cell with two names fits nowhere fully.
# On CIFAR-10 it has {glue:text}`twin_cifar` million parameters, which is neither what Table 3 prints for FP-NAS + TEG
# ({glue:text}`fp_cifar`) nor for TE-NAS ({glue:text}`te_cifar`).
# On ImageNet it has {glue:text}`twin_imagenet`, which fits FP-NAS + TEG ({glue:text}`fp_imagenet`) and not TE-NAS
# ({glue:text}`te_imagenet`).
# The {glue:text}`te_cifar` of TE-NAS would fit the other cell of TE-NAS, the one searched on ImageNet
# ({glue:text}`other_cifar`).
# So at least one published file does not belong to the numbers beside it, and we cannot say which.

# %% [markdown]
# ## Three numbers for the published genotypes
#
# κ, R and MSE of a genotype are read from its proxy, exactly as for the cells of NAS-Bench-201.

# %% tags=["hide-input"]
from tegnas_core import Evaluator
from tegnas_study import load_images
from tegnas_study.data.images import find_images
from tegnas_study.tables.frames import evaluate_many

found_here = {found.name for found in find_images() if found.place}
images = load_images("cifar10" if "cifar10" in found_here else "synthetic")
note("images", images.description)
note("repeats", repeats)
networks = networks_named("darts")
evaluator = Evaluator(settings, images, seed=seed, networks=networks)
live = evaluate_many(evaluator, known.values(), progress=False)

# %% tags=["hide-input"]
from tegnas_study.figures.style import SYMBOLS
from tegnas_study.tables.ranking import TEG

short = {str(found): names[0] for found, names in names_of.items()}
live["name"] = live["architecture"].map(short)
live["log κ"] = np.log10(live["condition_number"])
columns = {"log κ": 2, "linear_regions": 0, "regression_error": 2}
grouped = live.groupby("name", sort=False)[list(columns)]

# %% tags=["hide-input"]
means, spread = grouped.mean(), grouped.std()
cells = {
    SYMBOLS.get(c, c): [
        f"{m:,.{d}f} ± {s:.{d}f}" for m, s in zip(means[c], spread[c])
    ]
    for c, d in columns.items()
}
pd.DataFrame(cells, index=means.index)

# %% tags=["hide-input"]
for column in columns:
    note(f"luck_{column}", f"{spread[column].mean() / means[column].std():.1f}")

# %% [markdown]
# The table rests on {glue:text}`images`.
# κ is given as its decimal logarithm; the number after the ± is the standard deviation over {glue:text}`repeats` repeats, each
# with other random weights.
# Divided by the deviation *between* the genotypes' means it is {glue:text}`luck_log κ` for κ,
# {glue:text}`luck_linear_regions` for R and {glue:text}`luck_regression_error` for MSE.
# Where that ratio is near 1 or above, one evaluation says little about which of these genotypes is ahead.
# And nothing here says which would train best.

# %% [markdown]
# ## What the released code really evaluates
#
# The released search network is the supernet with a mask: a row of numbers for each edge, which switches on the chosen
# operation, or says that the genotype does not have this edge.
# To see whether an edge of the *normal* cell is off, the code looks at the mask of the *reduction* cell.
# (The code of TE-NAS, from which it was made, looks at the right one.)
# Therefore, in a normal cell,
#
# - an edge that only the normal cell has is left out, together with its operation;
# - an edge that only the reduction cell has runs all eight operations, each multiplied by 1/8;
# - an edge that both cells have is evaluated as it should be.

# %% tags=["hide-input"]
from tegnas_study.analysis import normal_cell_bug as bug

example = NAMED["TEGNAS_RL"]
lost, spurious = bug.dropped_and_spurious(example)
note("lost", lost)
note("spurious", spurious)

# %% mystnb={"figure": {"caption": "The normal cell that REINFORCE with TEG found, and the one that the released code evaluates in its place. Yellow: what only one of the two has. \"All 8 \u00d7 \u215b\" adds up all operations, none among them, each times 1/8.", "name": "fig-evaluated-cell"}, "image": {"alt": "Two staircases. In the first, a dilated 3\u00d73 convolution at node 1, a separable 5\u00d75 convolution at node 2 and an average pool at node 3 are yellow. In the second, each of these nodes has a yellow box with all eight operations on another edge.", "width": "520px"}} tags=["hide-input"]
figures.two_cells(
    ("the genotype's normal cell", example.normal),
    ("what is evaluated", bug.evaluated_cell(example)),
)
plt.show()

# %% [markdown]
# {numref}`fig-evaluated-cell` shows this on the paper's own cell: of its eight operations {glue:text}`lost` are dropped, and
# {glue:text}`spurious` operations run that nobody asked for, all eight on each of some other edges.
# A search with the released code is told the κ of this other network.
#
# How far does that move the three indicators?
# The next numbers were recorded: {glue:text}`n_recorded` random genotypes, evaluated with right and with wrong normal
# cells, with the same weights and the same CIFAR-10 images, at a batch of 64 and with three repeats.

# %% tags=["hide-input"]
from tegnas_core import PRESETS

recorded = {
    preset: bug.rows_of_both(PRESETS[preset]) for preset in ("teg", "released")
}
moved = bug.compared(recorded["teg"], PRESETS["teg"])
note("n_recorded", len(moved))
note("mean_lost", f"{moved['dropped'].mean():.1f}")
note("share_right", printed((moved["dropped"] == 0).mean(), ".1%"))
failed = moved[[f"{name}_decades" for name in TEG]].isna().any(axis=1)
note("n_failed", int(failed.sum()))
note(
    "more_regions", printed((moved["linear_regions_decades"] > 0).mean(), ".0%")
)

# %% mystnb={"figure": {"caption": "Indicators of 200 genotypes with the evaluated normal cell (vertical axis) and with the intended one (horizontal axis), coloured by how many of eight operations are lost; means over three repeats. On the line nothing has moved. Genotypes where a side failed have no dot. Recorded, preset teg.", "name": "fig-right-wrong"}, "image": {"alt": "Three panels. For \u03ba the dots follow the line within about a factor of two, with a few far off. For R most dots lie above the line, for MSE they follow it loosely and fall below it where the error is large.", "width": "520px"}} tags=["hide-input"]
from tegnas_study.figures.correlation import right_and_wrong

right_and_wrong(moved)
plt.show()

# %% [markdown]
# On average {glue:text}`mean_lost` of eight operations are lost, and {glue:text}`share_right` of the genotypes are
# evaluated as they are meant.
# {numref}`fig-right-wrong` shows in which direction the values move: R is larger with the wrong cell for
# {glue:text}`more_regions` of the genotypes, as one would expect of additional operations with more ReLUs, and large errors
# become smaller.
# ({glue:text}`n_failed` genotypes have no dot in some panel.)
#
# For a search only the order matters.
# We compare the orders from one evaluation of each genotype, since a search evaluates a genotype once, and set the
# disagreement beside one that nobody calls a mistake: that of another draw of the random weights.

# %% tags=["hide-input"]
averaged = bug.movement(moved, seed=seed, n_draws=n_draws)
orders = pd.concat(
    bug.agreements_of_orders(rows, seed=seed, n_draws=n_draws).assign(
        preset=preset
    )
    for preset, rows in recorded.items()
)
# %% tags=["hide-input"]
averages = averaged.assign(pair="right and wrong, mean of three", preset="teg")
shown = pd.concat([orders, averages])
symbols = shown["indicator"].map(SYMBOLS)
shown["row"] = symbols + ", " + shown["preset"]
shown = shown.sort_values("preset", key=lambda p: p != "teg", kind="stable")

# %% mystnb={"figure": {"caption": "Agreement of two orders of the same 200 genotypes, Kendall's \u03c4 with 95 % intervals over genotypes: right against wrong normal cells with the same weights, and right against right with other weights. One repeat on either side, mean over repeats; for the preset teg also the order by the means of three repeats. Recorded.", "name": "fig-bug-or-luck"}, "image": {"alt": "Six rows, the three indicators by each of two presets. In every row the agreement of right and wrong lies further right than that of two draws of weights.", "width": "520px"}} tags=["hide-input"]
from tegnas_study.figures.intervals import interval_chart

interval_chart(
    shown,
    row="row",
    colour="pair",
    xlabel="agreement of two orders, Kendall's τ",
)
plt.show()

# %% tags=["hide-input"]
from tegnas_study.analysis import Estimate

for _, row in orders.iterrows():
    key = "bug" if row["pair"] == bug.PAIRS[0] else "luck"
    value = Estimate(row["tau"], row["low"], row["high"])
    note(f"{row['preset']} {key} {row['indicator']}", str(value))

# %% tags=["hide-input"]
quiet = pd.concat(
    bug.corrected_for_noise(rows, seed=seed, n_draws=n_draws).assign(
        preset=preset
    )
    for preset, rows in recorded.items()
)
for _, row in quiet.iterrows():
    value = Estimate(row["correlation"], row["low"], row["high"])
    note(f"{row['preset']} quiet {row['indicator']}", str(value))

# %% mystnb={"figure": {"caption": "How far right and wrong normal cells order genotypes alike once the luck of the weights is taken out: correlations of values under different draws, divided by how well each side agrees with itself under different draws, with 95 % intervals over genotypes. At 1 the mistake changes nothing. Recorded.", "name": "fig-corrected-for-noise"}, "image": {"alt": "Three rows, \u03ba, R and MSE, with an interval for each of two presets. The dots of \u03ba lie nearest to one; that of R by the preset teg lies furthest from it and has the widest interval.", "width": "520px"}} tags=["hide-input"]
interval_chart(
    quiet,
    row="indicator",
    colour="preset",
    value="correlation",
    names=SYMBOLS,
    xlabel="correlation, corrected for noise",
)
plt.show()

# %% [markdown]
# The mistake is no trifle: at τ = 0.5 a quarter of all pairs of genotypes have changed their order, and the agreement of
# right and wrong is, by the preset `teg`, {glue:text}`teg bug linear_regions` for R and {glue:text}`teg bug regression_error`
# for MSE.
# But {numref}`fig-bug-or-luck` puts it in proportion.
# Another draw of the weights changes the order of more pairs than the mistake does, in both presets and for all three
# indicators.
#
# How much of the disagreement is due to the mistake itself?
# {numref}`fig-bug-or-luck` cannot say: right and wrong share their weights there, so some of the luck is common to both and
# makes them agree.
# {numref}`fig-corrected-for-noise` compares right and wrong under *different* draws and divides by how well each agrees with
# itself under different draws; this is the correlation that would be left if no draw disturbed the order.
# By this measure the mistake leaves {glue:text}`teg quiet condition_number` for κ, {glue:text}`teg quiet regression_error` for
# MSE and {glue:text}`teg quiet linear_regions` for R by `teg`; by `released`, the settings of the code that has the mistake,
# it leaves {glue:text}`released quiet condition_number`, {glue:text}`released quiet regression_error` and
# {glue:text}`released quiet linear_regions`.
# These numbers are correlations and not τ, and their intervals are wide, since the divisor is itself uncertain.
#
# A single evaluation of a genotype of this space, at this size, mostly measures luck; the released code averages three
# repeats.
# What we call κ, R and MSE of a genotype in this book are those of the cell that was meant.

# %% [markdown]
# ## Beside the paper
#
# Here are the claims of the paper that this page is about, as {ref}`the page of claims <ch-claims>` judges them.

# %% tags=["hide-input"]
from tegnas_study.ledger import page

page.beside("ch-darts-space")

# %% [markdown]
# ## What we now know
#
# A genotype is a short list of choices, but there are about {glue:text}`power` of them: the space can be sampled
# but never listed.
# At the size at which searches evaluate a genotype, one evaluation is mostly the luck of the weights.
# The mistake of the released code adds to that; once luck is taken out, it leaves {glue:text}`teg quiet condition_number` of the
# order by κ and {glue:text}`teg quiet linear_regions` of that by R.

# %% [markdown]
# ## Exercises
#
# ```{exercise}
# :label: ex-write-depths
# The *depth* of a node is the number of operations on the longest way from an input of the cell to it, and the depth of a cell
# is that of its deepest node.
# Predict: of all ways to choose the sources of a cell with four nodes, are there more of the smallest depth or of the
# largest?
# Then write the number of ways for each depth, for any number of nodes.
# ```


# %%
def ways_by_depth(n_nodes):
    """Return a list: in how many ways the nodes can choose two sources each so that the depth is 1, 2, …, n_nodes."""
    ...


from tegnas_study.exercises import check

check("ex-write-depths", ways_by_depth)

# %% [markdown]
# ````{solution} ex-write-depths
# :class: dropdown
# A node lies one deeper than the deeper of its two sources.
# There is one way to the smallest depth, in which all nodes read the two inputs, and many to the largest: node 1 reads node 0,
# node 2 reads node 1, and so on, each with any other state beside it.
#
# ```python
# from itertools import combinations
#
#
# def ways_by_depth(n_nodes):
#     ways = {(0, 0): 1}  # depths of the states so far: how many ways lead to them
#     for _ in range(n_nodes):
#         longer = {}
#         for depths, n in ways.items():
#             for pair in combinations(depths, 2):
#                 new = (*depths, 1 + max(pair))
#                 longer[new] = longer.get(new, 0) + n
#         ways = longer
#     deepest = [(max(depths), n) for depths, n in ways.items()]
#     return [sum(n for d, n in deepest if d == k) for k in range(1, n_nodes + 1)]
# ```
# ````
#
# ```{exercise}
# :label: ex-lost-operations
# A node of the normal cell reads two of its states, and the same node of the reduction cell reads two of them independently.
# The wrong normal cell loses each operation whose edge the reduction cell lacks.
# Write the mean number of operations that a cell loses, for any number of nodes, and predict before you run it whether the
# share that is lost grows or falls with the number of nodes.
# ```


# %%
def lost(n_nodes):
    """Return how many of the 2 n_nodes operations are lost on average."""
    ...


check("ex-lost-operations", lost)

# %% [markdown]
# ````{solution} ex-lost-operations
# :class: dropdown
# An edge of a node with $m$ states survives when the reduction cell has it too, which has probability $2/m$.
# Later nodes have more states, so they lose more of their two operations, and the share that is lost grows.
# The recorded genotypes of DARTS lose {glue:text}`mean_lost` operations on average.
#
# ```python
# def lost(n_nodes):
#     return sum(2 * (1 - 2 / (node + 2)) for node in range(n_nodes))
# ```
# ````

# %% [markdown]
# ## Provenance

# %% tags=["hide-input"]
from tegnas_study.colophon import colophon

colophon(seed=seed, started=started, settings=settings, images=images)

# %% [markdown]
# The record of right and wrong normal cells is `data/results/darts-normal-cell-bug.parquet`; its command stands in
# `data/README.md`:
#
# ```bash
# tegnas sweep --space darts --architectures 200 --settings teg --images cifar10 --workers 1 --device cpu \
#     --out data/results/darts-normal-cell-bug.parquet   # without and with --normal-cell-bug, for teg and released
# ```
