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
# (ch-architectures)=
# # Meet the Space: What Is an Architecture, and How Many Are There?
#
# Before we ask whether an untrained network tells how good it will become, we should know what we choose between.
# NAS-Bench-201 {cite}`dong2020nasbench201` is a search space small enough to list: it has 15,625 strings, and somebody has
# trained the network of each, so that every guess can be marked.
# After this chapter you can read such a string, say when two of them are the same network in disguise, build the
# network, and look up how accurate it becomes.

# %% tags=["parameters"]
n_cells: int = 3000  # cells that are really run, to see which of them agree
seed: int = 0  # everything random follows from this

# %% tags=["hide-input"]
import time

started = time.perf_counter()

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
from myst_nb import glue

from tegnas_core import EDGES, OPERATIONS, Architecture, NASBench201
from tegnas_study import figures

space = NASBench201()

# %% [markdown]
# ## One string, one cell
#
# A **cell** has four nodes.
# Node 0 is its input, node 3 its output, and each node is the sum of what its incoming edges deliver.
# There are six edges, from every node to every later one, and an **architecture** is the choice of one of five
# **operations** for each edge.
#
# The benchmark writes it down node by node: `op~s` is the operation on the edge that comes from node `s`.

# %%
text = (
    "|nor_conv_3x3~0|"
    "+|none~0|avg_pool_3x3~1|"
    "+|skip_connect~0|nor_conv_1x1~1|nor_conv_3x3~2|"
)
architecture = Architecture.parse(text)
pd.DataFrame(
    {"operation": [architecture[edge] for edge in EDGES]},
    index=[f"{source} → {target}" for source, target in EDGES],
)

# %% mystnb={"figure": {"caption": "The cell that the string describes. The edge without an operation is dotted: nothing passes it.", "name": "fig-cell"}, "image": {"alt": "Four nodes in a row, joined by six arrows, each labelled with its operation.", "width": "520px"}} tags=["hide-input"]
figures.cell(dict(zip(EDGES, architecture.operations)))
plt.show()

# %% [markdown]
# {numref}`fig-cell` says the same as the string: information flows from left to right, and every path is one way in which the
# output is computed from the input.
#
# A convolution here is three layers in one: ReLU, convolution, batch normalisation, in this order.
# The pooling is a mean over 3 × 3 pixels, `skip_connect` hands its input on, and `none` delivers zero.
#
# An architecture in the program cannot be changed, and it prints itself back, letter by letter.

# %%
assert str(architecture) == text
assert len(space.all()) == len(OPERATIONS) ** len(EDGES) == 15_625
print(f"number {space.index_of(architecture):,} in the benchmark's list")

# %% [markdown]
# ## Different strings, one function
#
# Five operations on six edges make $5^6 = 15{,}625$ strings.
# Are these 15,625 different networks?
# Here is a pair to compare by hand.

# %%
nothing = Architecture(("none",) * 6)
detour = nothing.replace(0, "skip_connect").replace(4, "nor_conv_3x3")
direct = nothing.replace(3, "nor_conv_3x3").replace(5, "avg_pool_3x3")

# %% mystnb={"figure": {"caption": "Two strings, one function: both cells apply one convolution to their input.", "name": "fig-twins"}, "image": {"alt": "Two cells. In the first a skip leads to node 1 and a convolution from there to the output; in the second a convolution leads straight to the output.", "width": "520px"}} tags=["hide-input"]
first, second = (dict(zip(EDGES, twin.operations)) for twin in (detour, direct))
figures.cells({"first": first, "second": second})
plt.show()

# %% [markdown]
# In the first cell of {numref}`fig-twins`, node 1 is a copy of the input, so the convolution sees the input itself.
# In the second, node 2 receives nothing, so the pooling delivers zero, and only the convolution is left.
#
# The function `canonical` does this reasoning: it writes down what node 3 computes, with `x` for the input, and
# simplifies.
# Two cells are **equivalent** when the texts are equal.

# %%
for twin in (detour, direct):
    print(twin, "computes", space.canonical(twin), sep="\n    ")
assert space.canonical(detour) == space.canonical(direct)

# %% [markdown]
# How far one simplifies is a choice.
# One may only remove skips, or also treat `none` as zero, or also notice that a node whose inputs are all zero is zero itself.
# One may further write sums of sums as one sum, forget whether two equal terms share one convolution or have one each, and use
# that the mean of a sum is the sum of the means.

# %%
levels = {
    "different strings": "raw",
    "skips removed": "skip",
    "and none is zero": "skip-zero",
    "and zeros passed on": "zero-propagated",
    "and sums flattened": "shared-weights",
    "and sharing forgotten": "function",
    "and means of sums split": "linear-pool",
}
classes = {
    words: len({space.canonical(a, level) for a in space.all()})
    for words, level in levels.items()
}
n_disconnected = sum(space.canonical(a) == "0" for a in space.all())

# %% tags=["remove-cell"]
glue("n_classes", f"{classes['and sums flattened']:,}", display=False)
glue("n_forgotten", f"{classes['and sharing forgotten']:,}", display=False)
glue("n_disconnected", n_disconnected, display=False)

# %% mystnb={"figure": {"caption": "Number of different cells in the space, by what one is prepared to call equal. Each line simplifies further than the one above.", "name": "fig-classes"}, "image": {"alt": "Seven bars, the longest for all different strings at the top; each of the others is shorter than the one above it.", "width": "520px"}} tags=["hide-input"]
figures.class_counts(classes)
plt.show()

# %% [markdown]
# By {numref}`fig-classes` the space holds {glue:text}`n_classes` different cells, a third of what its strings suggest.
# One of these cells computes zero; it stands for the {glue:text}`n_disconnected` strings that have no path from input to
# output.
#
# We use the level *sums flattened* throughout, called `shared-weights` in the code.
# Two cells of a class compute the same function up to the names of their weights, so their indicators should be the
# same; at this level we evaluate one representative of each class.
# The next level, `function`, has {glue:text}`n_forgotten` classes.
# It writes $f(x) + g(x)$ with two convolutions $f$ and $g$ of one kind, and $2f(x)$ with one convolution that is used
# twice, as the same text.
# These are different functions as soon as the weights are drawn, so we keep them apart.

# %% [markdown]
# ### Does the text agree with the network?
#
# The slow way to find out whether two cells compute the same is to run them.
# We give all 3 × 3 convolutions the same weights and all 1 × 1 convolutions the same weights, so that only the
# structure is left, send one batch through, and count the different results.

# %%
from tegnas_core.networks import Cell
from tegnas_core.seeding import torch_generator

generator = torch_generator(seed, "shared weights")
images = torch.randn(2, 2, 5, 5, dtype=torch.float64, generator=generator)
weights = {
    size: torch.randn(2, 2, *size, dtype=torch.float64, generator=generator)
    for size in [(1, 1), (3, 3)]
}


# %%
@torch.no_grad()
def output_of(architecture: Architecture) -> bytes:
    cell = Cell(architecture, 2).double()
    for module in cell.modules():
        if isinstance(module, torch.nn.Conv2d):
            module.weight.copy_(weights[module.kernel_size])
    return (cell(images).round(decimals=6) + 0.0).numpy().tobytes()


# %%
sample = space.sample_many(n_cells, seed=seed)
n_outputs = len({output_of(a) for a in sample})
n_texts = {
    level: len({space.canonical(a, level) for a in sample})
    for level in ("shared-weights", "function", "linear-pool")
}
assert n_outputs == n_texts["linear-pool"]

# %% tags=["remove-cell"]
glue("n_cells", f"{n_cells:,}", display=False)
glue("n_outputs", f"{n_outputs:,}", display=False)
glue("n_texts", f"{n_texts['linear-pool']:,}", display=False)
glue("n_texts_used", f"{n_texts['shared-weights']:,}", display=False)

# %% [markdown]
# The {glue:text}`n_cells` cells give {glue:text}`n_outputs` different outputs and {glue:text}`n_texts` different texts at the
# last level: text and network agree.
# At the level that we use there are {glue:text}`n_texts_used` texts, since this level does not split the mean of a sum, and
# since it tells two convolutions from one that is used twice, which the equal weights of this test cannot show.

# %% [markdown]
# ## How deep is a cell?
#
# The paper calls **depth** the number of edges on the longest path from input to output, after
# {cite:t}`shu2020understanding`; a `none` does not count as an edge, a skip does.
# Does depth go with accuracy?

# %%
from tegnas_core.spaces.structure import depth
from tegnas_study import load_benchmark

benchmark = load_benchmark()
accuracy = benchmark.accuracy("cifar10", "test")
table = accuracy.rename("test_accuracy").to_frame()
table["depth"] = [depth(Architecture.parse(text)) for text in table.index]
by_depth = table.groupby("depth")["test_accuracy"].median()
by_depth.index = by_depth.index.astype(int)
by_depth.round(1).to_frame("median accuracy")

# %% mystnb={"figure": {"caption": "Accuracy after training, by depth: the box holds the middle half, the line in it is the median, the whiskers reach from 5 % to 95 %. The axis is stretched near the top.", "name": "fig-depth"}, "image": {"alt": "Three boxes; the median accuracy rises with depth 1, 2, 3 and the boxes overlap.", "width": "520px"}} tags=["hide-input"]
figures.accuracy_by_group(table, "depth")
plt.show()

# %% tags=["remove-cell"]
glue("depth_1", float(by_depth[1]), display=False)
glue("depth_3", float(by_depth[3]), display=False)

# %% [markdown]
# Deeper cells tend to be better, with a median of {glue:text}`depth_1:.1f` % at depth 1 and
# {glue:text}`depth_3:.1f` % at depth 3, yet {numref}`fig-depth` shows how much the boxes overlap: structure alone hints
# at accuracy but does not determine it.

# %% [markdown]
# ## From a cell to a network
#
# A cell is not a network.
# The benchmark stacks copies of it: first a convolution, the **stem**, then three stages of cells, and between the stages
# a residual block that halves the image and doubles the channels.
# The **head** at the end turns features into **logits**, one number for each class; the largest is the network's answer.
# The indicators are read from a small copy with the same skeleton, with one cell in each stage and 3, 6 and 12 channels.

# %%
from tegnas_core import build_network

small = build_network(architecture, width=3, cells_per_stage=1, n_classes=10)
large = build_network(architecture, width=16, cells_per_stage=5, n_classes=10)

# %%
names = {"Cell": "cell", "ResidualBlock": "residual block", "Head": "head"}
features = torch.zeros(2, 3, 32, 32)  # two black images
shapes = [("image", "3 × 32 × 32")]
for module in (small.stem, *small.cells, small.head):
    features = module(features)
    shape = " × ".join(map(str, features.shape[1:]))
    shapes.append((names.get(type(module).__name__, "stem"), shape))

# %% tags=["remove-cell"]
for name, network in (("n_small", small), ("n_large", large)):
    glue(
        name, f"{sum(p.numel() for p in network.parameters()):,}", display=False
    )

# %% mystnb={"figure": {"caption": "The small network, from image to logits, with the shape after each step: channels \u00d7 height \u00d7 width.", "name": "fig-skeleton"}, "image": {"alt": "Eight boxes from top to bottom: image, stem, cell, residual block, cell, residual block, cell, head.", "width": "420px"}} tags=["hide-input"]
figures.skeleton(shapes)
plt.show()

# %% [markdown]
# The network of {numref}`fig-skeleton` has {glue:text}`n_small` parameters; the benchmark's own network, with 16 channels and
# five cells in each stage, has {glue:text}`n_large`.
# Note the two residual blocks: they contain convolutions whatever the cell contains, so even a cell of skips makes a network
# that can learn a little.
#
# ### Same operation, same edge, same weights
#
# Which weights does an untrained network have?
# Random ones; but if every architecture drew its own, we would compare draws, not architectures.
# Each module draws from a generator of its own, seeded by where it stands.
# So a neighbour, which differs on one edge, shares all the rest.

# %%
from tegnas_core import make_settings, proxy_network

settings = make_settings("teg")
neighbour = space.mutate(architecture, np.random.default_rng(seed))


# %%
def weights_of(architecture: Architecture, *, repeat: int) -> dict:
    options = {"n_classes": 10, "seed": seed, "repeat": repeat}
    network = proxy_network(architecture, settings, "kernel", **options)
    return dict(network.named_parameters())


# %%
first, second = (weights_of(a, repeat=0) for a in (architecture, neighbour))
shared = first.keys() & second.keys()
print(f"{len(shared)} of {len(first)} tensors stand in both networks")
assert all(torch.equal(first[name], second[name]) for name in shared)

redrawn = weights_of(architecture, repeat=1)
convolutions = [name for name in first if first[name].dim() == 4]
assert not any(torch.equal(first[name], redrawn[name]) for name in convolutions)

# %% [markdown]
# Two networks that share an operation on an edge share its weights; another repeat draws all of them anew.
# A **supernet**, one large network that holds all operations on all edges, would share weights in the same way, but we do not
# need one for that.

# %% [markdown]
# ## How accurate are they?
#
# The next figure shows the accuracy of each on the test images of CIFAR-10 {cite}`krizhevsky2009cifar`.
# {{ here }}

# %%
skips = Architecture(("skip_connect",) * 6)
numbers = {
    "best": accuracy.max(),
    "median": accuracy.median(),
    "all skips": accuracy[str(skips)],
}
print("best:", accuracy.idxmax())

# %% tags=["remove-cell"]
for name, value in numbers.items():
    glue(f"accuracy_{name.replace(' ', '_')}", float(value), display=False)
glue("above_90", float(100 * (accuracy > 90).mean()), display=False)

# %% mystnb={"figure": {"caption": "Test accuracy on CIFAR-10 of all 15,625 architectures, in bins of one percent.", "name": "fig-accuracies"}, "image": {"alt": "A histogram: a bar at 10 percent, few architectures up to 70, most between 85 and 94 percent.", "width": "520px"}} tags=["hide-input"]
figures.accuracy_histogram(accuracy, marks=dict(reversed(numbers.items())))
plt.show()

# %% [markdown]
# Most of the space is good: {glue:text}`above_90:.0f` % of the architectures reach more than 90 %.
# The bar at 10 % in {numref}`fig-accuracies` consists of the {glue:text}`n_disconnected` cells that nothing passes, which can
# only guess among ten classes.
# An indicator that only recognises broken cells will therefore look better over the whole space than it is where the
# choice is hard.

# %% [markdown]
# ## Beside the paper
#
# ```{list-table}
# :header-rows: 1
#
# * - on CIFAR-10, test
#   - the paper
#   - here
# * - the best of the space ("Optimal", Table 2)
#   - 94.37
#   - {glue:text}`accuracy_best:.2f`
# * - the cell of six skips (row "DARTS", Table 2)
#   - 54.30
#   - {glue:text}`accuracy_all_skips:.2f`
# ```
#
# The right column has the accuracies at hand ({{ here }}), of which {ref}`ch-accuracies` says more.
# With the benchmark's own accuracies the two columns agree to the last digit.
# With those that come with the installation, an independent re-training with one number for each architecture, they agree
# roughly, and the order of the best few is another one.
# That DARTS ends in the cell of six skips is our reading of its row, since the accuracy is that of this cell.
# Table 2 prints 90.00 to 91.00 for four of its searches; compare this with the median of the space,
# {glue:text}`accuracy_median:.2f`.

# %% [markdown]
# ## What we now know
#
# The space has {glue:text}`n_classes` different cells, written as 15,625 strings, and a network is built from a cell and a
# seed.
# {glue:text}`above_90:.0f` % of the architectures reach more than 90 %, so it is easy to avoid a bad one and hard to find
# the best.
# Depth hints at accuracy; whether the untrained network tells more is the question of the chapters to come.

# %% [markdown]
# ## Exercises
#
# ```{exercise}
# :label: ex-skips
# In the cell of six skips, the output is a multiple of the input.
# Which?
# ```

# %%
answer = None  # your number

from tegnas_study.exercises import check

check("ex-skips", answer)

# %% [markdown]
# ````{solution} ex-skips
# :class: dropdown
# Node 1 is $x$, node 2 is $x + x = 2x$, node 3 is $x + x + 2x = 4x$.
# Each path from input to output contributes one $x$, and there are four paths.
# `space.canonical(skips)` says `x+x+x+x`.
#
# ```python
# answer = Cell(skips, 1)(torch.ones(1, 1, 1, 1)).item()
# ```
# ````
#
# ```{exercise}
# :label: ex-no-convolution
# How many of the 15,625 architectures have no convolution on any path from input to output?
# Such a network learns with its stem, its residual blocks and its classifier only.
# Hint: `operation_counts(a, live_only=True)` counts the operations on edges that lie on a path.
# ```

# %%
answer = None  # your number

check("ex-no-convolution", answer)

# %% [markdown]
# ````{solution} ex-no-convolution
# :class: dropdown
# 1,983, and 341 of these have no path at all.
# A convolution on an edge that leads nowhere does not count, so the answer is larger than the $3^6 = 729$ strings that
# hold no convolution.
#
# ```python
# from tegnas_core.spaces.structure import operation_counts
#
# live = [operation_counts(a, live_only=True) for a in space.all()]
# answer = sum(n["nor_conv_1x1"] + n["nor_conv_3x3"] == 0 for n in live)
# ```
# ````
#
# ```{exercise}
# :label: ex-neighbours
# Every architecture has 24 neighbours: it has six edges, and each can take four other operations.
# How many neighbours of the cell of six `none` are connected?
# ```

# %%
answer = None  # your number

check("ex-neighbours", answer)

# %% [markdown]
# ````{solution} ex-neighbours
# :class: dropdown
# Four: the operation on the edge from node 0 to node 3 may be any of the four that deliver something.
# An operation on any other single edge leads nowhere.
#
# ```python
# from tegnas_core.spaces.structure import is_connected
#
# answer = sum(is_connected(a) for a in space.neighbours(nothing))
# ```
# ````

# %% [markdown]
# ## Provenance

# %% tags=["hide-input"]
from tegnas_study.colophon import colophon

colophon(seed=seed, started=started, benchmark=benchmark)
