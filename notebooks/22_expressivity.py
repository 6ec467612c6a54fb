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
# (ch-expressivity)=
# # Expressivity: How Finely Does an Untrained Network Cut Up Its Inputs?
#
# Fold a sheet of paper a few times and unfold it: it is flat between the creases, and bends at them.
# The function that a network of ReLUs computes is such a sheet.
# The more flat pieces it has, the more complicated the shapes that it can take, and this is what **expressivity** means
# here: how rich the functions are that a network can represent.
# TEG-NAS counts the pieces, calls their number $R$, and prefers architectures with many.
#
# {ref}`ch-indicators` introduces $R$ on half a page.
# Here we look at it closely.
# After this chapter you can
#
# - say which linear function a network computes around a given input, and compute it;
# - draw all pieces of a deep network on a plane, exactly, with twenty lines of code;
# - predict how their number grows with depth and width, for the best weights and for random ones;
# - say when $R$ counts pieces of the network, and when it only counts the inputs that you gave it;
# - name what $R$ does not say.
#
# The images are computer-generated and need no download; they are a stand-in for CIFAR-10.

# %% tags=["parameters"]
most_units: int = 48  # hidden units of the largest random network
n_networks: int = 4  # random networks of each shape
n_crops: int = 10000  # most inputs of a region count
n_architectures: int = 40  # cells drawn at random
seed: int = 0  # everything random follows from this

# %% tags=["hide-input"]
import time

started = time.perf_counter()

from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from myst_nb import glue
from scipy.stats import kendalltau

# %% tags=["hide-input"]
from tegnas_study.figures.teaching import (
    region_counts,
    region_maps,
    region_pieces,
)
from tegnas_study.tables.printed import printed_table

note = partial(glue, display=False)  # a number for the prose

# %% [markdown]
# ## A network of ReLUs is made of straight pieces
#
# A **unit** multiplies its inputs by weights, adds them up with a constant, the bias, and gets its **pre-activation** $z$.
# A **ReLU** behind it passes $z$ on where $z > 0$, and we say that the unit is *on*; otherwise it passes on 0, and the unit
# is *off*.
# Units that read the same inputs form a **layer**, with a matrix of weights $W$ and a vector of biases $b$.
# So a network is a list of pairs $(W, b)$, with a ReLU behind each but the last, and running it takes a few lines.
# On the way we write down which units are on: the **activation pattern** of the input.


# %%
def forward(layers, x):
    """Return the outputs and the activation patterns of the rows of x."""
    pattern = []
    for W, b in layers[:-1]:
        z = x @ W.T + b
        pattern.append(z > 0)
        x = np.maximum(z, 0)
    W, b = layers[-1]
    return x @ W.T + b, np.hstack(pattern)


# %% [markdown]
# Take one input, three hidden units and one output:
#
# $$
# f(x) = \mathrm{relu}(x + 1) - \tfrac12\,\mathrm{relu}(-2x) - 2\,\mathrm{relu}(x - 1)
# $$ (eq-three-units)
#
# Unit 1 is on to the right of −1, unit 2 to the left of 0, unit 3 to the right of 1.
# Three places where something switches make four pieces.

# %%
three = [
    (np.array([[1.0], [-2.0], [1.0]]), np.array([1.0, 0.0, -1.0])),
    (np.array([[1.0, -0.5, -2.0]]), np.zeros(1)),
]
x = np.linspace(-2, 2, 400)[:, None]  # 400 inputs, one a row
y, patterns = forward(three, x)
print({"".join(map(str, row)) for row in patterns.astype(int)})

# %% tags=["hide-input"] mystnb={"figure": {"caption": "A function of one number with three hidden units. Each straight piece has its own colour; above it stands its activation pattern, with 1 for a unit that is on.", "name": "fig-pieces"}, "image": {"alt": "A curve of four straight pieces that rises, rises more steeply, rises again and falls, with folds at minus one, zero and one. Above them stand the patterns 010, 110, 100 and 101.", "width": "520px"}}
region_pieces.pieces(x[:, 0], y[:, 0], patterns)
plt.show()

# %% [markdown]
# Each fold in {numref}`fig-pieces` is where exactly one digit changes, and as long as no digit changes the function is
# straight.
# The slope of a piece is the sum of weight into the unit times weight out of it, over the units that are on: for the
# pattern 110 it is $1 \cdot 1 + (-2) \cdot (-\tfrac12) = 2$.
#
# The same holds at any depth.
# Given the pattern, a ReLU is no longer a decision: it multiplies by 1 or by 0.
# All that is left are matrices, and a product of matrices is one matrix.
# The inputs that share a pattern form a **linear region**, and there the network is
#
# $$
# f(x) = A x + c, \qquad A = W_L D_{L-1} W_{L-1} \cdots D_1 W_1 ,
# $$ (eq-affine)
#
# with a diagonal matrix $D_l$ of ones and zeros, the pattern of layer $l$.


# %%
def affine(layers, pattern):
    """Return A and c of the function A x + c that holds for a pattern."""
    A, c = np.eye(layers[0][0].shape[1]), np.zeros(layers[0][0].shape[1])
    for W, b in layers[:-1]:
        on, pattern = np.split(pattern, [len(b)])
        A, c = on[:, None] * (W @ A), on * (W @ c + b)
    W, b = layers[-1]
    return W @ A, W @ c + b


# %% [markdown]
# Is that the network?
# Here is one with three hidden layers and random weights, asked at a thousand random points.

# %%
from tegnas_study.teaching.relu_networks import random_layers

rng = np.random.default_rng([seed, 17])
deep = random_layers((2, 8, 8, 8, 1), rng=rng)  # 2 inputs, 24 units, 1 output
points = rng.uniform(-2, 2, (1000, 2))
outputs, patterns = forward(deep, points)
for point, output, pattern in zip(points, outputs, patterns):
    A, c = affine(deep, pattern)
    assert np.allclose(A @ point + c, output)
print(f"{len({tuple(row) for row in patterns})} patterns, each its own A and c")

# %% [markdown]
# The core of this study takes any torch module and records its ReLUs.
# On the same network and the same points it finds the same patterns.

# %%
from tegnas_core import activation_patterns, linear_regions
from tegnas_study.teaching.relu_networks import as_images, as_module

heard = activation_patterns(as_module(deep), [as_images(points)])
assert np.array_equal(heard, patterns)
assert linear_regions(heard) == len({tuple(row) for row in patterns})

# %% [markdown]
# ## One hidden layer: lines that cut the plane
#
# With two inputs, a unit of the first layer is switched on at one side of the straight line $w \cdot x + b = 0$, its **fold**.
# Three lines make seven regions, as {ref}`ch-indicators` draws.
# How many do $n$ lines make?
#
# Add them one by one.
# A new line crosses the $n - 1$ old ones, which cut it into $n$ parts, and each part cuts one region in two.
# So the $n$-th line adds $n$ regions, as long as no two lines are parallel and no three meet in a point: such lines are
# **in general position**, and random ones are.
# In $d$ dimensions the folds are hyperplanes, and the argument stays the same: the old ones cut the new one, which has
# $d - 1$ dimensions, into $r(n-1, d-1)$ parts, and each part cuts one region in two.
#
# $$
# r(n, d) = r(n-1, d) + r(n-1, d-1)
# \quad\Longrightarrow\quad
# r(n, d) = \sum_{k=0}^{d} \binom{n}{k}
# $$ (eq-zaslavsky)
#
# This is the formula of {cite:t}`zaslavsky1975` for general position.
# On a line, $d = 1$, it says $n + 1$; in the plane $1 + n + \tfrac12 n(n-1)$; and while $n \le d$ it says $2^n$: with as
# many dimensions as units, every unit can be switched independently.
# With more units than dimensions it cannot: there are far fewer regions than patterns that one could write.
#
# ### Cutting the paper
#
# To check a formula one needs an exact count.
# A grid of points will not do, as it misses what is smaller than its mesh.
# But a piece of the plane is a polygon, and a fold cuts it in two like scissors.
# A linear function is known everywhere if it is known at the corners:


# %%
def split(polygon, values):
    """Cut a convex polygon where a linear function, given at corners, is 0."""
    pieces = {True: [], False: []}  # where it is positive, and where not
    for i, value in enumerate(values):
        after = (i + 1) % len(values)
        pieces[bool(value > 0)].append(polygon[i])
        if (value > 0) != (values[after] > 0):  # this side crosses the cut
            share = value / (value - values[after])
            crossing = (1 - share) * polygon[i] + share * polygon[after]
            pieces[True].append(crossing)
            pieces[False].append(crossing)
    return [np.array(piece) for piece in pieces.values() if piece]


# %% [markdown]
# Now go through the layers.
# On a region that the layers before have made, the pre-activations of the next layer are linear functions of the input,
# and `affine` knows them.
# So each unit is a straight cut through that region.


# %%
def cut(layers, window):
    """Return the linear regions within a window: polygons and patterns."""
    regions = [(window, np.zeros(0, bool))]
    for depth in range(1, len(layers)):
        finer = []
        for polygon, pattern in regions:
            A, c = affine(layers[:depth], pattern)  # of this layer's units
            pieces = [polygon]
            for a, shift in zip(A, c):
                pieces = [q for p in pieces for q in split(p, p @ a + shift)]
            inside = [p.mean(axis=0) for p in pieces]  # a point of each
            on = [np.append(pattern, A @ p + c > 0) for p in inside]
            finer += zip(pieces, on)
        regions = finer
    return regions


# %% [markdown]
# This works for any depth, so let it cut up the network with three hidden layers from above.
# `region_map` does the same faster, and the two must find the same patterns.
# A fine grid, in turn, may only find patterns that they know.

# %%
from tegnas_study.teaching.region_maps import region_map, square, zaslavsky

window = square(2.0)  # from -2 to 2 on both axes
exact = {tuple(pattern) for _, pattern in cut(deep, window)}
fast = region_map(deep, window)
assert exact == {tuple(pattern) for pattern in fast.patterns}

axis = np.linspace(-2, 2, 200)
grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
heights, patterns = forward(deep, grid)
seen = {tuple(row) for row in patterns}
assert seen <= exact and len(seen) == linear_regions(patterns)
print(f"{len(exact)} regions; {len(seen)} of them seen by {len(grid):,} points")

# %% [markdown]
# Now we check the formula.
# We draw single layers of 1 to 24 random units, and count in three ways: exactly in a window so wide that nearly all
# crossings lie inside; exactly in the window from −1 to 1; and on a grid of 50 × 50 points in that same window.

# %%
axis = np.linspace(-1, 1, 50)
grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
rows = {}
for n in range(1, 25):
    layers = random_layers((2, n, 1), rng=np.random.default_rng([seed, n]))
    rows[n] = {
        "exact, window ±10,000": len(region_map(layers, square(1e4))),
        "exact, window ±1": len(region_map(layers, square(1.0))),
        "2,500 points in ±1": linear_regions(forward(layers, grid)[1]),
    }
lines = pd.DataFrame.from_dict(rows, orient="index")
formula = pd.Series({n: zaslavsky(n, 2) for n in lines.index}, name="formula")
assert (formula >= lines.T).all(axis=None)

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Linear regions of one hidden layer of random units in the plane, counted in three ways, and what the formula says.", "name": "fig-zaslavsky"}, "image": {"alt": "Circles of the exact count in the wide window lie on the curve of the formula, which reaches about 300 at 24 units. Squares of the exact count in the narrow window lie well below, and diamonds of the count with points a little below the squares.", "width": "520px"}}
region_counts.regions_against_formula(lines, formula)
plt.show()
last = lines.iloc[-1]
note("lines formula", int(formula.iloc[-1]))
for word, value in zip(("wide", "narrow", "points"), last):
    note(f"lines {word}", int(value))

# %% [markdown]
# In {numref}`fig-zaslavsky` the wide window agrees with the formula, {glue:text}`lines wide` regions for 24 units where
# it says {glue:text}`lines formula`.
# In the narrow window there are {glue:text}`lines narrow`, because many lines cross outside it; and the points find
# {glue:text}`lines points`, because they fall past the smallest regions.
# Remember both: a count depends on *where* one looks, and points never find too many regions, only too few.
#
# ## Deeper layers: folds that bend
#
# A unit of the second layer reads the outputs of the first, which are straight only within a region of the first.
# So its fold is straight within each of these regions and may change direction where it crosses an old fold.
# The third layer does the same to the second.

# %%
maps = {
    f"after layer {depth}": region_map(deep[: depth + 1], window)
    for depth in (1, 2, 3)
}
print({words: len(regions) for words, regions in maps.items()})

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Linear regions of a random network with two inputs and three hidden layers of eight units, layer by layer. Dark: the folds of the newest layer; white: those before it. Bottom right: the output, with lines of equal height.", "name": "fig-region-layers"}, "image": {"alt": "Three square maps of coloured polygons and a shaded picture. After layer 1, eight straight dark lines cut the square. After layer 2, dark folds run across and bend wherever they cross one of the white lines. After layer 3 there are many more small polygons. In the fourth panel the contour lines are straight within each polygon and bend at the borders.", "width": "560px"}}
region_maps.layer_maps(maps, ("the output", heights.reshape(200, 200)))
plt.show()
for depth, regions in enumerate(maps.values(), start=1):
    note(f"layer {depth}", len(regions))

# %% [markdown]
# The dark folds of {numref}`fig-region-layers` bend exactly where they cross a white one, and nowhere else.
# Eight units cut the square into {glue:text}`layer 1` regions, sixteen into {glue:text}`layer 2`, and all twenty-four into
# {glue:text}`layer 3`.
# The picture of the output shows what this is good for: each region has its own slope, and lines of equal height are
# straight until they reach a border.
#
# ## What depth can do, and what it does at random
#
# ### The best weights: every layer doubles
#
# Two units make a tent, $t(x) = 2\,\mathrm{relu}(x) - 4\,\mathrm{relu}(x - \tfrac12)$: it runs from 0 up to 1 and back
# to 0 while $x$ goes from 0 to 1.
# Feed the tent into another tent.
# While $x$ crosses the left half, the second tent sees all of its inputs, and while $x$ crosses the right half, it sees
# them again, backwards.
# The first layer folds the line onto itself, so all that the later layers do is done twice.


# %%
def tents(depth):
    """Return a network of 2 · depth units that folds [0, 1] depth times."""
    out = np.array([[2.0, -4.0]])  # how a tent reads its two units
    first = (np.ones((2, 1)), np.array([0.0, -0.5]))
    inner = (np.vstack([out, out]), np.array([0.0, -0.5]))
    return [first, *[inner] * (depth - 1), (out, np.zeros(1))]


x = (np.arange(4096)[:, None] + 0.5) / 4096
folded = {depth: forward(tents(depth), x) for depth in range(1, 9)}
print([linear_regions(patterns) for _, patterns in folded.values()])

# %% tags=["hide-input"] mystnb={"figure": {"caption": "A tent of two units, fed into itself. Each further layer of two units doubles the number of pieces.", "name": "fig-folding"}, "image": {"alt": "Three panels below each other: a tent with two straight pieces, a zigzag with four, and a zigzag with sixteen pieces, all between zero and one.", "width": "520px"}}
shown = {
    f"{depth} hidden layer{'s' * (depth > 1)}, {2 * depth} units": (
        folded[depth][0][:, 0],
        folded[depth][1],
    )
    for depth in (1, 2, 4)
}
region_pieces.folded_curves(x[:, 0], shown)
plt.show()
note("tents 8", linear_regions(folded[8][1]))
note("flat 16", zaslavsky(16, 1))

# %% [markdown]
# {numref}`fig-folding` is the famous argument for depth: with eight layers of two units there are {glue:text}`tents 8`
# pieces, and a single layer of the same sixteen units has {glue:text}`flat 16` at most.
# With more inputs and wider layers the same trick works in every direction, and {cite:t}`montufar2014regions` show that
# some network with $L$ hidden layers of $w$ units on $d \le w$ inputs has at least
#
# $$
# \left\lfloor \frac{w}{d} \right\rfloor^{d (L-1)} \sum_{k=0}^{d} \binom{w}{k}
# $$ (eq-montufar)
#
# regions, exponentially many in the depth $L$.
#
# ### Random weights: what matters is how many units there are
#
# *Some* network has so many.
# But an indicator without training looks at random weights, and a random layer folds nothing neatly.
# So we draw networks of one, two and four hidden layers with the same total number of units, and count all regions
# in the window from −3 to 3.


# %%
def mean_regions(total, depth):
    """Return the mean number of regions of random networks of one shape."""
    widths = (2, *[total // depth] * depth, 1)
    seeds = [[seed, depth, k] for k in range(n_networks)]
    rngs = [np.random.default_rng(numbers) for numbers in seeds]
    drawn = [random_layers(widths, rng=rng, bias=0.1) for rng in rngs]
    return np.mean([len(region_map(layers, square(3.0))) for layers in drawn])


# %%
totals = [n for n in (8, 12, 16, 24, 32, 48, 64, 96) if n <= most_units]
depths = {1: "1 random layer", 2: "2 random layers", 4: "4 random layers"}
growth = pd.DataFrame(
    {depths[d]: [mean_regions(n, d) for n in totals] for d in depths}, totals
)

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Linear regions in the plane against the number of hidden units, for random networks of one, two and four layers (means). The dark line is the formula for a single layer, the dotted line what some network of four layers has at least.", "name": "fig-growth-of-regions"}, "image": {"alt": "On two logarithmic axes, the three series of random networks lie near the dark line of the formula, the one with four layers lowest at few units. The dotted line of what four layers can have climbs away from them, far above.", "width": "520px"}}
best = {
    n: (n // 8) ** 6 * zaslavsky(n // 4, 2) for n in totals if n >= 16
}  # d = 2, L = 4, w = n / 4
formula = pd.Series(
    {n: zaslavsky(n, 2) for n in totals}, name="formula, 1 layer"
)
region_counts.growth_of_regions(
    growth, formula, {"4 layers can have": pd.Series(best)}
)
plt.show()
note("growth units", totals[-1])
note("growth formula", f"{formula.iloc[-1]:,}")
note("growth best", f"{best[totals[-1]]:,}")
for depth, words in depths.items():
    note(f"growth {depth}", f"{growth[words].iloc[-1]:,.0f}")

# %% [markdown]
# With {glue:text}`growth units` units there are {glue:text}`growth 1` regions in one random layer,
# {glue:text}`growth 2` in two and {glue:text}`growth 4` in four; all of these are near the {glue:text}`growth formula` of the
# formula for a *single* layer, as {numref}`fig-growth-of-regions` shows, while four layers *could* have
# {glue:text}`growth best`.
# A random network makes no use of its depth; where layers are only two or three units wide, depth even costs regions,
# because it happens that a whole layer is off.
# {cite:t}`hanin2019few` prove it for the mean: at initialisation the number of regions in $d$ dimensions grows at most like
# $(\text{number of units})^d$, whatever the depth, and in their experiments training does not change that
# {cite}`hanin2019complexity`.
# So a count of the regions of untrained networks is, above all, a count of their units.
#
# ## What R counts: the regions that inputs fall into
#
# An image has thousands of dimensions, and nobody can list the regions there.
# The paper defines regions of the whole input space (its Eq. 5) and then replaces their number by something that can be
# computed (its Eq. 6): the number of different activation patterns *among training inputs* $x_1, \dots, x_m$,
#
# $$
# R = \bigl|\{\, P(x_1), \dots, P(x_m) \,\}\bigr| ,
# $$
#
# which is equation {eq}`eq-regions` of {ref}`ch-notation`, averaged over draws of the inputs and of the weights.
# From scratch this is a set of tuples, and we have used it above as `linear_regions`.
# It counts the regions that are *hit*.
# Here are two samples on our map.


# %%
def hit(regions, layers, points):
    """Say for each region whether one of the points lies in it."""
    found = {tuple(pattern) for pattern in forward(layers, points)[1]}
    return np.array([tuple(pattern) in found for pattern in regions.patterns])


rng = np.random.default_rng(seed)
few, many = rng.uniform(-2, 2, (50, 2)), rng.uniform(-2, 2, (800, 2))
hits = {len(sample): hit(fast, deep, sample) for sample in (few, many)}
assert hits[50].sum() == linear_regions(forward(deep, few)[1])
print({m: f"R = {hits[m].sum()} of {len(fast)}" for m in hits})

# %% tags=["hide-input"] mystnb={"figure": {"caption": "The same network under two samples of inputs. Regions that hold an input are coloured, the others are white; R is the number of coloured ones.", "name": "fig-sampled-regions"}, "image": {"alt": "Two copies of the map of polygons. Under 50 dots, a few dozen scattered polygons are coloured and most are white. Under 800 dots nearly all of the larger polygons are coloured and only small ones are white.", "width": "560px"}}
region_maps.sampled_maps(
    fast,
    {
        f"m = {len(s)}, R = {hits[len(s)].sum()}": (s, hits[len(s)])
        for s in (few, many)
    },
)
plt.show()
note("regions", len(fast))
note("hit few", int(hits[50].sum()))
note("hit many", int(hits[800].sum()))

# %% [markdown]
# In {numref}`fig-sampled-regions` fifty inputs hit {glue:text}`hit few` of {glue:text}`regions` regions, mostly large ones,
# and $R$ says as much about how many inputs there were as about the network.
# Eight hundred hit {glue:text}`hit many`, and still not all.
#
# How many should it be?
# A region that takes up the share $p_r$ of the window is missed by all of $m$ uniform inputs with probability
# $(1 - p_r)^m$, so on average
#
# $$
# \mathbb{E}\,R = \sum_r \bigl( 1 - (1 - p_r)^m \bigr) .
# $$ (eq-expected-regions)
#
# We know all areas exactly, so we can predict $R$ without drawing a single input, for networks of three sizes.

# %%
from tegnas_study.teaching.region_maps import expected_regions

sizes = [1, 3, 10, 30, 100, 300, 1000, 3000, 10000]
points = np.random.default_rng(seed).uniform(-2, 2, (sizes[-1], 2))
curves, expected, ceilings = {}, {}, {}
for width in (3, 6, 12):
    words = f"{3 * width} units"
    rng = np.random.default_rng([seed, width])
    layers = random_layers((2, width, width, width, 1), rng=rng)
    patterns = forward(layers, points)[1]
    curves[words] = [linear_regions(patterns[:m]) for m in sizes]
    regions = region_map(layers, window)
    ceilings[words] = len(regions)
    expected[words] = partial(expected_regions, regions.areas)

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Regions hit by samples of growing size, for three networks of three hidden layers. Dots: counted; curves: predicted from the areas of the regions; dashed: all regions there are.", "name": "fig-region-samples"}, "image": {"alt": "On two logarithmic axes three series of dots lie on their predicted curves. All begin close to the grey diagonal of one region for every sample and bend away to level off; the smallest network reaches its dashed line, and the other two end below theirs.", "width": "520px"}}
counted = pd.DataFrame(curves, sizes)
region_counts.regions_by_samples(counted, expected=expected, ceilings=ceilings)
plt.show()

# %% tags=["hide-input"]
for words, n_regions in ceilings.items():
    note(f"found {words}", f"{curves[words][-1]:,}")
    note(f"there {words}", f"{n_regions:,}")

# %% [markdown]
# {numref}`fig-region-samples` has all that one must know about counting with samples.
# Every curve begins on the diagonal, where each input finds its own region: $R = m$ whatever the network.
# Every curve levels off towards the number of regions there are, where more inputs change nothing.
# With 9 units the samples find {glue:text}`found 9 units` regions of {glue:text}`there 9 units`; with more units the largest
# sample is still too small, and finds {glue:text}`found 18 units` of {glue:text}`there 18 units` and
# {glue:text}`found 36 units` of {glue:text}`there 36 units`.
# In between the curves differ, and only there does $R$ compare networks.
# Towards the end $R$ grows slowly, since the regions that are left are slivers that are hardly ever hit.
#
# ## The network that R looks at
#
# The indicator does not look at the networks that are trained, but at a **thin network** built for this purpose: a single
# cell with one channel, and behind it the **head**, a ReLU and a classifier.
# Its inputs are tiny, too: crops of 3 × 3 pixels of one colour channel, nine numbers, and so each ReLU layer has nine ReLUs,
# one for each pixel.
# We look at three cells: a chain of average pooling operations, one with skips (identities) on all edges, and one with
# convolutions on all edges.

# %%
from tegnas_core import Architecture, make_settings, proxy_network
from tegnas_study import load_images
from tegnas_study.teaching.slices import hold_statistics, patterns_on_plane

settings = make_settings("teg")
images = load_images("synthetic")
pool, skip, none = "avg_pool_3x3", "skip_connect", "none"
cells = {
    "pools": Architecture((pool, none, pool, none, none, pool)),
    "skips": Architecture((skip,) * 6),
    "convolutions": Architecture(("nor_conv_3x3",) * 6),
}


# %%
from tegnas_core.data.batches import draw_region_inputs


def thin_network(architecture):
    """Return the network that R looks at; the seed fixes its weights."""
    return proxy_network(
        architecture, settings, "regions", n_classes=10, seed=seed, repeat=0
    )


def patterns_of(architecture, n, size=3):
    """Return the patterns of n crops of size × size pixels."""
    crops = draw_region_inputs(images, n, size=size, seed=seed)
    batches = crops.split(settings.region_batch)
    return activation_patterns(thin_network(architecture), batches)


# %% [markdown]
# To see the regions of such a network we lay a plane through three of its crops and colour each point of the plane by its
# pattern.
# One thing stands in the way: **batch normalisation** subtracts from each channel its mean over the batch and divides by
# its standard deviation, so what a crop gives depends on its companions.
# For the picture we hold these statistics at their values for 1,000 crops.

# %% tags=["hide-input"]
marks = np.array([[0.2, 0.2], [0.8, 0.3], [0.4, 0.8]])  # where they lie
crops = draw_region_inputs(images, 1000, size=3, seed=seed)
slices = {}
for name, architecture in cells.items():
    network = hold_statistics(thin_network(architecture), crops)
    slices[name] = patterns_on_plane(network, crops[:3], marks, 160)
    n_bits = slices[name].shape[-1]
    on_slice = linear_regions(slices[name].reshape(-1, n_bits))
    print(f"{name}: {n_bits} ReLUs, {on_slice} patterns on the plane")
    note(f"slice {name}", on_slice)
    note(f"bits {name}", n_bits)

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Linear regions of the thin networks of three cells, on a plane through three crops of 3 \u00d7 3 pixels (dots), with the statistics of batch normalisation held.", "name": "fig-cell-slices"}, "image": {"alt": "Three squares of coloured polygons. The square of the pools and that of the skips are cut by a few straight lines; the square of the convolutions is cut into many more and smaller pieces.", "width": "560px"}}
region_maps.pattern_images(slices, marks)
plt.show()

# %% tags=["remove-cell"]
bits = patterns_of(cells["convolutions"], settings.region_batch)
import torch

from tegnas_core.indicators.rivals import swap

different = swap([torch.tensor(bits)]).value  # columns that differ
note("useful convolutions", f"{different:.0f}")

# %% [markdown]
# {numref}`fig-cell-slices` shows the same as before: one layer of ReLUs draws straight lines, several layers draw lines
# that bend.
# Pools and skips have no ReLU in the cell, only the {glue:text}`bits skips` in the head, and
# {glue:text}`slice pools` and {glue:text}`slice skips` patterns on this plane.
# Each convolution comes with ReLUs, {glue:text}`bits convolutions` in all, and they make {glue:text}`slice convolutions`
# patterns.
# Of these {glue:text}`bits convolutions` ReLUs only {glue:text}`useful convolutions` say different things on the crops of a
# batch: two convolutions that read the same node have the same ReLUs in front, which adds no region.
#
# ## Why 3 × 3 crops?
#
# Why should one take only nine pixels?
# {numref}`fig-region-samples` suggests the answer: $R$ compares networks only where it is neither $m$ nor the number of all
# regions.
# We draw cells at random and count their patterns on 1,000 crops, from one pixel up.

# %%
from tegnas_core.spaces import NASBench201

space, rng = NASBench201(), np.random.default_rng(seed)
drawn = [space.sample(rng) for _ in range(n_architectures)]
n_few = min(1000, n_crops)
spread = pd.DataFrame(
    {
        size: [linear_regions(patterns_of(a, n_few, size)) for a in drawn]
        for size in (1, 2, 3, 4, 6, 12)
    }
)
full = (spread > 0.95 * n_few).mean()  # share of cells near the ceiling

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Number of linear regions of cells drawn at random, for crops of growing size. Each dot is a cell, the bar is the median; the dashed line is the number of crops.", "name": "fig-crop-spread"}, "image": {"alt": "Columns of dots. At one pixel all lie at the bottom, at two by two pixels low, at three by three they spread over most of the height, from four by four on they crowd under the dashed ceiling, and at twelve by twelve all lie on it.", "width": "520px"}}
region_counts.regions_spread(spread, n_inputs=n_few)
plt.show()
note("n few", f"{n_few:,}")
note("n cells", n_architectures)
note("most at 1", int(spread[1].max()))
note("least at 12", f"{spread[12].min():,}")
for size in (3, 4, 6):
    note(f"full {size}", f"{100 * full[size]:.0f}")
    note(f"median {size}", f"{spread[size].median():,.0f}")

# %% [markdown]
# In {numref}`fig-crop-spread` a crop of one pixel leaves at most {glue:text}`most at 1` patterns: there is next to
# nothing to cut.
# At 3 × 3 pixels the {glue:text}`n cells` cells spread out, with a median of {glue:text}`median 3`.
# Already at 6 × 6, {glue:text}`full 6` % of them have more than 95 % of what {glue:text}`n few` crops allow, and at
# 12 × 12 no cell has fewer than {glue:text}`least at 12`: the count no longer knows the network.
# So 3 × 3 is a choice that keeps $R$ off both ends.
# It is not a small version of the real inputs: at their full size every image would have a region of its own, in
# every architecture.
#
# ## When does the count saturate?
#
# At 3 × 3 pixels, how many crops are enough?

# %%
sizes = [m for m in (100, 300, 1000, 3000, 10000) if m < n_crops]
sizes.append(n_crops)
found = {name: patterns_of(cell, sizes[-1]) for name, cell in cells.items()}
counts = pd.DataFrame(
    {name: [linear_regions(p[:m]) for m in sizes] for name, p in found.items()},
    index=sizes,
)
by_few = [linear_regions(patterns_of(a, n_few // 10)) for a in drawn]
order = kendalltau(by_few, spread[3]).statistic
printed_table(counts.rename("{:,}".format), ",.0f")

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Patterns found against the number of crops of 3 \u00d7 3 pixels, for three cells. The dashed line is the most that nine ReLUs can write, 512.", "name": "fig-crop-samples"}, "image": {"alt": "On two logarithmic axes the curve of the pools levels off early, below a hundred; that of the skips bends over towards the dashed line at 512; that of the convolutions keeps climbing a little below the diagonal.", "width": "520px"}}
region_counts.regions_by_samples(counts, ceilings={"skips": 2**9})
plt.show()
note("last crops", f"{sizes[-1]:,}")
note("few crops", f"{n_few // 10:,}")
note("tau few", float(order))
for name in cells:
    note(f"last {name}", f"{counts[name].iloc[-1]:,}")
    note(f"first {name}", f"{counts[name].iloc[0]:,}")

# %% [markdown]
# By {numref}`fig-crop-samples` it depends on the cell.
# Nine ReLUs on nine pixels can write $2^9 = 512$ patterns, equation {eq}`eq-zaslavsky` with $n = d = 9$.
# With {glue:text}`last crops` crops the skips have written {glue:text}`last skips` of them, and soon there will be no more
# to find.
# The pools blur the crop before the head sees it, so that its pixels are bright or dark together, and they stop at
# {glue:text}`last pools`.
# The convolutions have {glue:text}`last convolutions`, and the number still grows.
# So for cells with few ReLUs $R$ is a property of the network and the images, and for cells with many it depends on the number
# of crops: an $R$ without its number of crops means nothing.
# The *order* needs fewer: the order of the {glue:text}`n cells` cells by {glue:text}`few crops` crops and that by
# {glue:text}`n few` have a Kendall's τ of {glue:text}`tau few:.2f`.
# (τ is the share of pairs that both put in the same order, minus the share of those that they do not; see
# {ref}`ch-indicators-and-accuracy`.)
#
# ## What R does not say
#
# **It does not see the slopes.**
# $R$ does not see what follows the last ReLU.
# Two networks with the same hidden layer have the same folds and the same $R$, and can still be very different:

# %%
folds = np.linspace(-0.9, 0.9, 8)
hidden = (np.ones((8, 1)), -folds)  # eight units, each with one fold
x = np.linspace(-1, 1, 401)[:, None]
networks = {
    "nearly straight": np.array([[1.0, 0.1, -0.1, 0.1, -0.1, 0.1, -0.1, 0.1]]),
    "wild": np.array([[6.0, -12, 12, -12, 12, -12, 12, -12]]),
}
pair = {
    name: forward([hidden, (out, np.zeros(1))], x)
    for name, out in networks.items()
}
print({name: linear_regions(patterns) for name, (_, patterns) in pair.items()})

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Two functions with the same folds (grey lines), so with the same patterns and the same R.", "name": "fig-same-regions"}, "image": {"alt": "One solid curve that is almost a straight line, and one dashed zigzag, over the same eight vertical grey lines.", "width": "520px"}}
region_pieces.same_pieces(
    x[:, 0], {name: y for name, (y, _) in pair.items()}, folds
)
plt.show()
n_relus = [patterns_of(a, 2).shape[1] for a in drawn]
note("tau relus", float(kendalltau(n_relus, spread[3]).statistic))
note("R pair", linear_regions(pair["wild"][1]))

# %% [markdown]
# Both functions of {numref}`fig-same-regions` have $R$ = {glue:text}`R pair`, and nobody would call them equally
# expressive.
# A region counts as one, whether the function bends only slightly at its border or turns round.
#
# **It is not the number of regions.**
# It is the number of patterns among some inputs.
# With batch normalisation in training mode, as it is used for $R$, the network is not even piecewise linear in a single
# crop, since every crop moves the statistics of all others; calling patterns *regions* is a custom.
#
# **It hardly sees how the units are connected.**
# For random weights the number of units matters far more than their arrangement, as {numref}`fig-growth-of-regions`
# shows in the plane.
# Over the {glue:text}`n cells` cells from above, $R$ and the mere number of their ReLUs have a Kendall's τ of
# {glue:text}`tau relus:.2f`.
#
# **It knows no labels and no training.**
# $R$ asks how finely inputs are told apart at the start, not whether what is told apart is what matters.
# Whether it says anything about accuracy is a question for data, and {ref}`ch-indicators-and-accuracy` and
# {ref}`ch-whole-space` ask it.
#
# ## What we now know
#
# A network of ReLUs is one linear function for each activation pattern, and the borders of these regions can be cut out
# exactly, layer by layer.
# Depth can multiply the regions, but random weights do not: there, the number of units sets their number.
# $R$ counts those regions that a sample of inputs hits, so it compares architectures only as long as it is neither the
# number of inputs nor the number of all regions, and crops of 3 × 3 pixels are chosen to keep it there.

# %% [markdown]
# ## Exercises
#
# ```{exercise}
# :label: ex-thousand-regions
# How many units must one hidden layer have at least, so that it can cut the plane into more than 1,000 regions?
# ```

# %%
answer = None  # your number

from tegnas_study.exercises import check

check("ex-thousand-regions", answer)

# %% [markdown]
# ````{solution} ex-thousand-regions
# :class: dropdown
# The 45th line takes the count from 991 to 1,036.
# Twice as many regions need about 1.4 times as many units, since the count grows like $n^2 / 2$.
#
# ```python
# answer = next(n for n in range(1, 1000) if zaslavsky(n, 2) > 1000)
# ```
# ````
#
# ```{exercise}
# :label: ex-no-bias
# Change the network: set all biases of a single hidden layer of eight units to zero.
# Into how many regions does it cut the plane?
# Predict, then try it with `region_map`.
# ```

# %%
answer = None  # your number

check("ex-no-bias", answer)

# %% [markdown]
# ````{solution} ex-no-bias
# :class: dropdown
# All eight lines now go through the origin, like the cuts of a cake, and each adds two pieces: 16.
# They are not in general position, and Zaslavsky's formula would say 37.
# Biases that are exactly zero, a common choice, make a network cut the space around one point only.
#
# ```python
# ((W, b), last) = random_layers((2, 8, 1), rng=np.random.default_rng(1))
# answer = len(region_map([(W, 0 * b), last], square(1.0)))
# ```
# ````
#
# ```{exercise}
# :label: ex-three-folds
# Change `tents` so that each layer has three units and runs over [0, 1] three times: up, down and up again.
# How many such layers are needed for more than 2,000 pieces?
# ```

# %%
answer = None  # your number

check("ex-three-folds", answer)

# %% [markdown]
# ````{solution} ex-three-folds
# :class: dropdown
# Each layer now triples the pieces, and $3^7 = 2187$: seven layers, 21 units.
# One hidden layer would need 2,000 units.
#
# ```python
# def zigzags(depth):
#     out, b = np.array([[3.0, -6.0, 6.0]]), np.array([0, -1 / 3, -2 / 3])
#     inner = (np.vstack([out] * 3), b)
#     first = (np.ones((3, 1)), b)
#     return [first, *[inner] * (depth - 1), (out, np.zeros(1))]
#
#
# x = (np.arange(20_000)[:, None] + 0.5) / 20_000
# n_pieces = {d: linear_regions(forward(zigzags(d), x)[1]) for d in range(1, 9)}
# answer = next(depth for depth, n in n_pieces.items() if n > 2000)
# ```
# ````
#
# ```{exercise}
# :label: ex-segment
# Walk in a straight line from one input to another.
# Write the function that says how many linear pieces the network has on the way.
# It must be exact, for any number of inputs and any depth, so it cannot take small steps.
# ```


# %%
def pieces_between(layers, start, end):
    """Return the number of linear pieces on the way from start to end."""
    ...


check("ex-segment", pieces_between)

# %% [markdown]
# ````{solution} ex-segment
# :class: dropdown
# The idea of `cut`, with stretches of the way instead of polygons.
# On a stretch that the layers before have not cut, a pre-activation is a straight line between its values at the two
# ends, so it crosses zero where the two values divide it.
#
# ```python
# def pieces_between(layers, start, end):
#     start, end = np.asarray(start, float), np.asarray(end, float)
#     times = np.array([0.0, 1.0])  # where the pieces begin and end
#     for depth in range(1, len(layers)):
#         found = []
#         for a, b in zip(times[:-1], times[1:]):
#             middle = start + (a + b) / 2 * (end - start)
#             upto = [*layers[:depth], layers[depth]]
#             pattern = forward(upto, middle[None])[1][0]
#             before = sum(len(bias) for _, bias in layers[: depth - 1])
#             A, c = affine(layers[:depth], pattern[:before])
#             za, zb = (A @ (start + t * (end - start)) + c for t in (a, b))
#             crossed = za * zb < 0
#             found.extend(a + (b - a) * (za / (za - zb))[crossed])
#         times = np.unique([*times, *found])
#     return len(times) - 1
# ```
# ````
#
# ```{exercise}
# :label: ex-enough-samples
# Write the function that says how many uniform inputs are needed so that, on average, at least a given share of all
# regions is hit.
# It gets the areas of the regions.
# ```


# %%
def samples_for(areas, share):
    """Return the smallest m for which R is at least share · len(areas)."""
    ...


check("ex-enough-samples", samples_for)

# %% [markdown]
# ````{solution} ex-enough-samples
# :class: dropdown
# Equation {eq}`eq-expected-regions` grows with $m$, so double $m$ until it is enough, and then halve the interval.
# Try it on the areas of `fast`: the last tenth of the regions needs many more inputs than the first half.
#
# ```python
# def samples_for(areas, share):
#     p = np.asarray(areas) / np.sum(areas)
#
#     def enough(m):
#         return np.sum(1 - (1 - p) ** m) >= share * len(p)
#
#     high = 1
#     while not enough(high):
#         high *= 2
#     low = high // 2
#     while high - low > 1:
#         middle = (low + high) // 2
#         low, high = (low, middle) if enough(middle) else (middle, high)
#     return high
# ```
# ````
#
# ```{exercise}
# :label: ex-small-crops
# Change this and predict: the cell of skips looks at crops of 2 × 2 pixels.
# How many patterns can it have at most, however many crops one draws?
# ```

# %%
answer = None  # your number

check("ex-small-crops", answer)

# %% [markdown]
# ````{solution} ex-small-crops
# :class: dropdown
# Only the head has a ReLU, so there are four, one for each pixel, and $2^4 = 16$ patterns.
# {numref}`fig-crop-spread` has cells above that: those with convolutions, and so with more ReLUs.
#
# ```python
# answer = 2 ** patterns_of(cells["skips"], 2, size=2).shape[1]
# ```
# ````
#
# ```{exercise}
# :label: ex-useful-relus
# A ReLU adds nothing to a count of patterns if it is always on or always off, or if it says the same as another one, or
# always the opposite.
# Write the function that says how many ReLUs are left when all such are removed.
# ```


# %%
def n_useful(patterns):
    """Return how many columns of a bool array (inputs, ReLUs) are needed."""
    ...


check("ex-useful-relus", n_useful)

# %% [markdown]
# ````{solution} ex-useful-relus
# :class: dropdown
# Turn every column so that its first digit is 0; then a column and its opposite are the same, and so are all columns that
# never change.
#
# ```python
# def n_useful(patterns):
#     turned = np.asarray(patterns) ^ np.asarray(patterns)[:1]
#     columns = {tuple(column) for column in turned.T if column.any()}
#     return len(columns)
# ```
# ````

# %% [markdown]
# ## Provenance

# %% tags=["hide-input"]
from tegnas_study.colophon import colophon

colophon(seed=seed, started=started, settings=settings, images=images)
