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
# (ch-indicators)=
# # Three Indicators, Step by Step: What Can Be Read from an Untrained Network?
#
# A network that has never been trained gives nonsense answers.
# TEG-NAS {cite}`chen2021tegnas` reads three numbers from it all the same: how evenly it *would* learn, how finely it
# cuts up its inputs, and how well a kernel made from it predicts the labels of images that it has not seen.
# After this chapter you can compute each of the three by hand on a small example, and you know which function computes it on
# a real network and which of its choices matter.
#
# The images here are computer-generated and need no download; they are a stand-in for CIFAR-10, and good enough for learning
# what is computed.

# %% tags=["parameters"]
batch_size: int = 32  # images of the kernel
n_crops: int = 3000  # inputs of the region count
seed: int = 0  # everything random follows from this

# %% tags=["hide-input"]
import time

started = time.perf_counter()

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
from myst_nb import glue
from torch import nn

# %% tags=["hide-input"]
from tegnas_core import Architecture, make_settings
from tegnas_study import figures, load_images
from tegnas_study.tables.printed import printed, printed_table

# %%
images = load_images("synthetic")
settings = make_settings("teg", batch_size=batch_size, region_images=n_crops)

# %% [markdown]
# ## Trainability: the condition number κ
#
# ### Definition
#
# Let one step of gradient descent change the weights a little.
# How much does the output for image $x$ change because of what was learned from image $x'$?
# That depends on how far the two gradients point the same way, which is the inner product of row $x$ and row $x'$ of the
# Jacobian $J$.
# All of these inner products together make the **neural tangent kernel** $\Theta = J J^\top$ {cite}`jacot2018ntk`, and
# its **condition number** is $\kappa = \lambda_{\max} / \lambda_{\min}$.
# ({ref}`ch-notation` has these as equations {eq}`eq-jacobian`, {eq}`eq-ntk` and {eq}`eq-kappa`.)
#
# ### By hand
#
# Take two hidden units and no bias, $f(x) = v_1\,\mathrm{relu}(w_1 x) + v_2\,\mathrm{relu}(w_2 x)$, with
# $w = (1, -1)$ and $v = (1, 2)$, and the inputs $x = 1$ and $x = -2$.
# The first input switches only unit 1 on, the second only unit 2.
# With respect to $(w_1, w_2, v_1, v_2)$ the gradients are therefore
#
# $$
# \begin{aligned}
# J &= \begin{pmatrix} v_1 x & 0 & w_1 x & 0 \\ 0 & v_2 x' & 0 & w_2 x' \end{pmatrix} \\
#   &= \begin{pmatrix} 1 & 0 & 1 & 0 \\ 0 & -4 & 0 & 2 \end{pmatrix}, \\
# \Theta &= J J^\top = \begin{pmatrix} 2 & 0 \\ 0 & 20 \end{pmatrix}, \\
# \kappa &= 20 / 2 = 10 .
# \end{aligned}
# $$ (eq-by-hand)
#
# ### The core functions
#
# The same three steps in the program:

# %%
from tegnas_core import condition_number, ntk, plain_jacobian

tiny = nn.Sequential(
    nn.Linear(1, 2, bias=False), nn.ReLU(), nn.Linear(2, 1, bias=False)
)
with torch.no_grad():
    tiny[0].weight.copy_(torch.tensor([[1.0], [-1.0]]))
    tiny[2].weight.copy_(torch.tensor([[1.0, 2.0]]))

J = plain_jacobian(
    tiny, torch.tensor([[1.0], [-2.0]]), ("0.weight", "2.weight")
)
print(torch.cat(list(J.values()), dim=1))
print(ntk(J))
print(condition_number(ntk(J)))

# %% [markdown]
# ### Why should κ say anything about training?
#
# While a wide network trains, what is left of the error along the $i$-th eigenvector of $\Theta$ shrinks like
# $e^{-\eta \lambda_i t}$ (paper Eq. 3; {cite}`lee2019wide`, {cite}`xiao2020disentangling`).
# The learning rate $\eta$ cannot exceed about $2 / \lambda_{\max}$, or the fastest mode explodes.
# So time is best counted in units of $1 / \lambda_{\max}$, and the slowest mode needs κ of these units.
# {ref}`ch-trainability` derives this in five lines, and compares it with a network that is really trained.

# %% mystnb={"figure": {"caption": "Error left in each eigenmode of two kernels. Left, the kernel from above with \u03ba = 10; right, one with \u03ba = 100, whose slowest mode has hardly begun.", "name": "fig-learning-curves"}, "image": {"alt": "Two panels of falling curves. On the left one curve reaches zero and the other about six tenths; on the right the slowest curve stays near one.", "width": "520px"}} tags=["hide-input"]
figures.learning_curves({"κ = 10": [20, 2], "κ = 100": [100, 10, 1]})
plt.show()

# %% [markdown]
# {numref}`fig-learning-curves` is the whole argument for κ: a large condition number means that some directions are not
# learned in any reasonable time.
# The argument holds for wide networks and a squared loss; whether κ says something about the networks of the benchmark is a
# question that only data can answer.
#
# ### A real network
#
# Three cells will accompany us: one with convolutions on every edge, one with skips on every edge, and a chain of pooling
# operations.

# %%
from tegnas_core import jacobian, proxy_network, select_parameters
from tegnas_core.data.proxy_data import draw_proxy_data

nothing = Architecture(("none",) * 6)
cells = {
    "convolutions": Architecture(("nor_conv_3x3",) * 6),
    "skips": Architecture(("skip_connect",) * 6),
    "pools": nothing.replace(0, "avg_pool_3x3")
    .replace(2, "avg_pool_3x3")
    .replace(5, "avg_pool_3x3"),
}
data = draw_proxy_data(
    images, settings, seed=seed, index=0, device=torch.device("cpu")
)


# %%
def network_of(architecture, role="kernel"):
    """The untrained network of an architecture; the seed fixes its weights."""
    return proxy_network(
        architecture, settings, role, n_classes=10, seed=seed, repeat=0
    )


network = network_of(cells["convolutions"])
weights = select_parameters(network, "weights")
J = jacobian(network, data.images, weights)
n_parameters = sum(block.shape[1] for block in J.values())
print(f"J has {len(data.images)} rows and {n_parameters:,} columns")
print(condition_number(ntk(J)))

# %% [markdown]
# The Jacobian comes in blocks, one for each tensor of weights, so that the kernel of *some* weights is the sum over
# some blocks.
# Two choices are hidden in these lines, and both move the number.
# The gradient is that of the *sum* of the ten logits, the outputs before the softmax, and `weights` are the tensors that the
# released code uses, without biases and without the shifts of batch normalisation.
# {ref}`ch-conventions` lists all such choices.

# %%
kernels = {}
for name, architecture in cells.items():
    network = network_of(architecture)
    kernels[name] = ntk(
        jacobian(network, data.images, select_parameters(network, "weights"))
    )
kappas = {
    name: condition_number(kernel).value for name, kernel in kernels.items()
}
print({name: round(kappa, 1) for name, kappa in kappas.items()})

# %% mystnb={"figure": {"caption": "Eigenvalues of the kernels of three untrained networks, relative to the largest. The height of the last one is 1/\u03ba.", "name": "fig-spectrum"}, "image": {"alt": "Three falling curves on a log axis; the one of the convolutions ends highest, that of the skips lowest.", "width": "520px"}} tags=["hide-input"]
figures.spectrum({name: torch.linalg.eigvalsh(kernels[name]) for name in cells})
plt.show()

# %% tags=["remove-cell"]
for name, kappa in kappas.items():
    glue(f"kappa_{name}", float(kappa), display=False)

# %% [markdown]
# κ is {glue:text}`kappa_convolutions:.0f` for the convolutions and {glue:text}`kappa_skips:,.0f` for the skips, and
# {numref}`fig-spectrum` shows where the difference comes from: the small eigenvalues, which stand for what makes one
# image different from another.
# κ is a ratio of two extremes, so it depends on a single small eigenvalue, and one draw of the weights is a noisy
# measurement.
#
# ### Does the fast way agree with the slow way?
#
# `jacobian` runs a hand-written reverse pass over the whole batch; `plain_jacobian` asks torch for one gradient after
# another.


# %%
def as_matrix(blocks):
    """One matrix (images, parameters) from the blocks of a Jacobian."""
    return torch.cat([block.double() for block in blocks.values()], dim=1)


network = network_of(cells["convolutions"])
fast = as_matrix(jacobian(network, data.images, weights))
slow = as_matrix(plain_jacobian(network, data.images, weights))
difference = ((fast - slow).norm() / slow.norm()).item()
assert difference < 1e-4

# %% tags=["remove-cell"]
glue("difference", printed(difference, ".0e"), display=False)

# %% [markdown]
# The relative difference is {glue:text}`difference`, which is the rounding of single precision.
#
# ### Batch normalisation couples the images
#
# There is a trap here.
# Libraries that compute one gradient for each example treat the examples as independent of each other.
# With batch normalisation {cite}`ioffe2015batchnorm` in training mode they are not: an image is normalised by the mean
# and variance of the whole batch, so the output for image 1 depends on all the others, and a change of the weights acts
# through these statistics too.
# How far off is the gradient of the first image if we ignore that?

# %%
alone = plain_jacobian(network, data.images[:1].contiguous(), weights)
frozen = jacobian(network, data.images, weights, batch_norm="frozen")
rows = {
    "image 1 alone": as_matrix(alone)[0],
    "statistics held": as_matrix(frozen)[0],
}
off = {
    name: ((row - fast[0]).norm() / fast[0].norm()).item()
    for name, row in rows.items()
}
kappa_frozen = condition_number(ntk(frozen)).value
pd.Series(off, name="relative error of the gradient").round(2).to_frame()

# %% tags=["remove-cell"]
glue("bn_alone", float(100 * off["image 1 alone"]), display=False)
glue("bn_frozen", float(100 * off["statistics held"]), display=False)
glue("kappa_frozen", float(kappa_frozen), display=False)

# %% [markdown]
# The gradient of the image on its own is off by {glue:text}`bn_alone:.0f` % of its length, and the one with the statistics
# held constant, which is faster, by {glue:text}`bn_frozen:.0f` %.
# These are not rounding errors but other kernels: κ is {glue:text}`kappa_convolutions:.0f` when we differentiate through the
# statistics, and {glue:text}`kappa_frozen:.0f` when they are held.
# We differentiate through the statistics, as the released code does; `batch_norm="frozen"` is a setting of its own.

# %% [markdown]
# ## Expressivity: the number of linear regions R
#
# ### Definition
#
# A ReLU is on or off.
# For one input, write down all of a network's ReLUs as ones and zeros: the **activation pattern** of that input.
# As long as the pattern stays the same, a network of ReLUs and linear layers is one linear function, so the inputs
# with one pattern form a **linear region**.
# R counts the different patterns among many inputs, which is equation {eq}`eq-regions` of {ref}`ch-notation`
# {cite}`montufar2014regions,xiong2020regions`.
#
# ### By hand
#
# With two inputs, each hidden unit of the first layer is switched on at one side of a straight line.
# Three lines, no two parallel and not all through one point, cut the plane into seven pieces: the first line makes two,
# the second adds two, the third crosses both and adds three.
# In general $n$ lines make $1 + n + \binom{n}{2}$ pieces {cite}`zaslavsky1975`.

# %%
from tegnas_core import activation_patterns, linear_regions

lines = nn.Sequential(nn.Conv2d(2, 3, kernel_size=1), nn.ReLU())
with torch.no_grad():
    lines[0].weight.copy_(
        torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])[..., None, None]
    )
    lines[0].bias.copy_(torch.tensor([0.0, 0.0, -1.0]))

grid = torch.linspace(-2, 2, 200)
second, first = torch.meshgrid(grid, grid, indexing="ij")
points = torch.stack([first, second], dim=-1).reshape(-1, 2, 1, 1)
patterns = activation_patterns(lines, [points])
print("linear regions:", linear_regions(patterns))

# %% mystnb={"figure": {"caption": "Three hidden units cut the plane into seven linear regions. The digits say which of the units are on.", "name": "fig-plane"}, "image": {"alt": "A square cut by a vertical, a horizontal and a slanted line into seven coloured pieces, each labelled with three binary digits.", "width": "480px"}} tags=["hide-input"]
figures.plane_regions(patterns.reshape(200, 200, 3), extent=(-2, 2))
plt.show()

# %% [markdown]
# Of the eight patterns that three digits can write, {numref}`fig-plane` has seven: nowhere are units 1 and 2 off while
# unit 3 is on, since two negative numbers do not sum to more than one.
#
# ### Does the fast way agree with the slow way?
#
# The core packs the digits into bytes before it looks for duplicates.
# A set of tuples does the same without any trick.

# %%
assert linear_regions(patterns) == len({tuple(row) for row in patterns}) == 7

# %% [markdown]
# ### A real network
#
# The released code counts regions with a thin network, a single cell of one channel, on crops of 3 × 3 pixels of a
# single colour.

# %%
from tegnas_core.data.batches import draw_region_inputs


def regions(architecture):
    """R of one architecture."""
    crops = draw_region_inputs(images, n_crops, size=3, seed=seed)
    network = network_of(architecture, role="regions")
    return linear_regions(
        activation_patterns(network, crops.split(settings.region_batch))
    )


counts = {name: regions(architecture) for name, architecture in cells.items()}
counts

# %% tags=["remove-cell"]
for name, count in counts.items():
    glue(f"regions_{name}", count, display=False)
glue("n_crops", f"{n_crops:,}", display=False)

# %% [markdown]
# On {glue:text}`n_crops` crops the convolutions have {glue:text}`regions_convolutions` patterns, the skips
# {glue:text}`regions_skips` and the pools {glue:text}`regions_pools`.
#
# Two words of caution are needed.
# The cells without convolutions have only the nine ReLUs of the head, one for each pixel, so R counts in how many ways nine
# pixels can be bright or dark.
# And batch normalisation once more couples the inputs of a batch, so strictly R counts patterns; it is called a number of
# regions by custom.
#
# {ref}`ch-expressivity` draws the regions of deep networks, says why the crops are so small and how many of them are
# enough, and what R does not say.

# %% [markdown]
# ## Generalization: the regression error MSE
#
# ### Definition
#
# Train a very wide network to the end, and what it predicts for a new image is a weighted sum of the training labels.
# The weights come from the kernel; they may be negative and need not add up to one:
#
# $$
# \hat y_{\text{test}} = \Theta_{\text{test},\text{train}}\,\Theta_{\text{train},\text{train}}^{-1}\, y_{\text{train}} .
# $$
#
# The **regression error** is the mean of $\lVert \hat y - y \rVert^2$ over held-out images.
# ({ref}`ch-notation` has the two as equations {eq}`eq-regression` and {eq}`eq-mse`.)
# {ref}`ch-generalization` shows where the formula comes from, and what it looks like for inputs on a line.
#
# ### By hand
#
# Take two training images and one held-out image, with
#
# $$
# \begin{aligned}
# \Theta_{\text{train},\text{train}} &= \begin{pmatrix} 2 & 1 \\ 1 & 2 \end{pmatrix}, \\
# \Theta_{\text{test},\text{train}} &= \begin{pmatrix} 1 & 2 \end{pmatrix}, \\
# \Theta_{\text{train},\text{train}}^{-1} &= \frac13 \begin{pmatrix} 2 & -1 \\ -1 & 2 \end{pmatrix}.
# \end{aligned}
# $$
#
# The weights of the two labels are $\tfrac13 (1 \cdot 2 - 2 \cdot 1,\; -1 \cdot 1 + 2 \cdot 2) = (0, 1)$: to the kernel
# the held-out image looks like the second training image, and it gets its label.

# %%
from tegnas_core import kernel_regression

train_kernel = torch.tensor([[2.0, 1.0], [1.0, 2.0]], dtype=torch.float64)
test_kernel = torch.tensor([[1.0, 2.0]], dtype=torch.float64)
labels_as_rows = torch.eye(2, dtype=torch.float64)
print(
    kernel_regression(train_kernel, test_kernel, labels_as_rows).round(
        decimals=6
    )
)

# %% [markdown]
# ### A real network
#
# The released code uses the weights inside the cells for this kernel, not those of stem and classifier.
# The labels are one-hot vectors, with a 1 for the image's own class and a 0 for each of the others, minus the mean of their
# batch.


# %%
def kernels_of(architecture, which="cells"):
    """Kernels: of the training images; of held-out against training images."""
    network = network_of(architecture)
    names = select_parameters(network, which)
    train = jacobian(network, data.images, names)
    held_out = jacobian(network, data.held_out_images, names)
    return ntk(train), ntk(held_out, train)


# %%
from tegnas_core import regression_error, trivial_error

labels = (data.labels, data.held_out_labels, data.n_classes)
errors = {
    name: regression_error(*kernels_of(architecture), *labels).value
    for name, architecture in cells.items()
}
trivial = trivial_error(data.held_out_labels, data.n_classes)

# %% mystnb={"figure": {"caption": "Regression error of the three cells, beside the error of predicting the mean of the labels for every image.", "name": "fig-regression-errors"}, "image": {"alt": "Three dots, one for each cell, all to the right of a dashed line at the trivial error.", "width": "520px"}} tags=["hide-input"]
figures.errors_beside_trivial(errors, trivial=trivial)
plt.show()

# %% tags=["remove-cell"]
glue("trivial", float(trivial), display=False)
glue("smallest_error", float(min(errors.values())), display=False)
glue("largest_error", float(max(errors.values())), display=False)

# %% [markdown]
# Look at the scale of {numref}`fig-regression-errors`.
# A predictor that ignores the image and always answers with the mean has an error of {glue:text}`trivial:.2f`; the kernels have
# errors between {glue:text}`smallest_error:.2f` and {glue:text}`largest_error:.2f`.
# So none of these predictions is of any use in itself.
# The hope is more modest: that the *order* of these errors is the order of the trained networks.
#
# ### Does the fast way agree with the slow way?

# %%
train_kernel, test_kernel = (
    kernel.numpy() for kernel in kernels_of(cells["skips"])
)
one_hot = [np.eye(10)[batch.numpy()] for batch in labels[:2]]
targets, expected = (rows - rows.mean(axis=0) for rows in one_hot)
predicted = test_kernel @ np.linalg.inv(train_kernel) @ targets
by_hand = np.mean([np.sum((p - e) ** 2) for p, e in zip(predicted, expected)])
assert np.isclose(by_hand, errors["skips"])

# %% [markdown]
# ## All three at once
#
# An `Evaluator` holds settings, images and a seed, and turns an architecture into its three indicators.
# A **repeat** draws new weights; for a cell that cannot be evaluated, the status says why.

# %%
from tegnas_core import Evaluator
from tegnas_study.tables.frames import evaluate_many

evaluator = Evaluator(settings, images, seed=seed)
rows = evaluate_many(evaluator, [*cells.values(), nothing], progress=False)
names = dict(zip(map(str, (*cells.values(), nothing)), (*cells, "nothing")))
shown = rows.assign(cell=rows["architecture"].map(names)).set_index(
    ["cell", "repeat"]
)
symbols = {
    "condition_number": "κ",
    "linear_regions": "R",
    "regression_error": "MSE",
}

# %%
formats = {"κ": ",.1f", "R": ",.0f", "MSE": ".3f", "status": ""}
printed_table(shown.rename(columns=symbols), formats)

# %% tags=["hide-input"]
by_cell = shown.loc[[*cells], "condition_number"].groupby("cell")
largest_ratio = (by_cell.max() / by_cell.min()).max()
glue("largest ratio", f"{largest_ratio:.1f}", display=False)

# %% [markdown]
# Repeat 0 is what we computed step by step, but that R is counted on the evaluator's own draw of crops:

# %%
for name, architecture in cells.items():
    row = shown.loc[(name, 0)]
    crops = data.crops.split(settings.region_batch)
    patterns = activation_patterns(network_of(architecture, "regions"), crops)
    assert row["linear_regions"] == linear_regions(patterns), name
    assert np.isclose(row["condition_number"], kappas[name], rtol=1e-4), name
    assert np.isclose(row["regression_error"], errors[name], rtol=1e-4), name

# %% [markdown]
# Look down the column of κ: another draw of the weights easily halves or doubles it, and for one of these cells the largest
# value is {glue:text}`largest ratio` times the smallest.
# R hardly moves, and for skips and pools it does not move at all, since their thin network has no weight in front of its
# ReLUs.
# {ref}`ch-indicators-and-accuracy` asks how much that matters.

# %% [markdown]
# ## Beside the paper
#
# The paper prints no value of any indicator that one could compare with, so we compare two things that can be checked.
#
# **Its Equation 8 cannot be computed as printed.**
# There the kernel of the regression is that of the last layer alone.
# The last layer of the {term}`proxy network` reads 12 features, so its kernel has rank 12 at most, and a matrix of rank 12 that
# is larger than 12 × 12 has no inverse.

# %%
last_kernel, _ = kernels_of(cells["convolutions"], which="last")
rank = torch.linalg.matrix_rank(last_kernel).item()
print(f"shape {tuple(last_kernel.shape)}, rank {rank}")

# %% [markdown]
# The released code takes the weights of the cells, and so do we.
#
# **The text and the code draw different weights.**
# The text says Kaiming's normal distribution {cite}`he2015init`; the released code asks for it by a name that its own
# function does not know, and keeps PyTorch's uniform default.
# Three presets, `teg` (ours), `paper` (the text, as far as it can be computed) and `released` (the code), give three
# different values of κ for the same cell:


# %%
def kappas_of(preset):
    """κ of one repeat of each cell under a preset."""
    chosen = make_settings(preset, batch_size=batch_size, region_images=9)
    evaluator = Evaluator(chosen, images, seed=seed)  # we do not look at R
    found = [evaluator.evaluate_repeat(cell, 0) for cell in cells.values()]
    return [repeat.condition_number for repeat in found]


presets = ("teg", "paper", "released")
by_preset = {name: kappas_of(name) for name in presets}
printed_table(pd.DataFrame(by_preset, list(cells)), ",.1f")

# %% [markdown]
# A value of κ without its settings means nothing, and only orders within one column can be compared.

# %% [markdown]
# ## What we now know
#
# κ compares the fastest with the slowest direction that a network would learn, R counts how many activation patterns
# its inputs make, and MSE is the error of regression with its kernel on images that it has not seen.
# All three can be read without training, and all three move with the draw of the weights and with choices that their
# names do not tell.
# Whether they say anything about trained networks is not a matter of definitions: that takes data.

# %% [markdown]
# ## Exercises
#
# ```{exercise}
# :label: ex-scale
# Multiply every row of the Jacobian by ten.
# By which factor does κ change?
# Predict, then run.
# ```

# %%
answer = None  # your factor

from tegnas_study.exercises import check

check("ex-scale", answer)

# %% [markdown]
# ````{solution} ex-scale
# :class: dropdown
# By 1: every eigenvalue grows a hundredfold, and their ratio stays the same.
# κ does not know how large the gradients are.
#
# ```python
# scaled = condition_number(ntk({name: 10 * block for name, block in J.items()}))
# answer = scaled.value / condition_number(ntk(J)).value
# ```
# ````
#
# ```{exercise}
# :label: ex-twice
# Put the same image into the batch twice.
# Which status does κ then have?
# Why?
# ```

# %%
answer = None  # a status, in quotes

check("ex-twice", answer)

# %% [markdown]
# ````{solution} ex-twice
# :class: dropdown
# `"singular"`: two rows of $J$ are equal, so $\Theta$ has the eigenvalue 0, up to rounding, and κ is infinite.
# A network cannot learn to answer differently to one and the same image.
#
# ```python
# twice = data.images.clone()
# twice[1] = twice[0]
# network = network_of(cells["convolutions"])
# answer = condition_number(ntk(jacobian(network, twice, weights))).status
# ```
# ````
#
# ```{exercise}
# :label: ex-lines
# A layer of five units sees two inputs, and its five lines in the plane are in general position: no two are parallel, and no
# three meet in one point.
# How many linear regions are there?
# ```

# %%
answer = None  # your number

check("ex-lines", answer)

# %% [markdown]
# ````{solution} ex-lines
# :class: dropdown
# $1 + 5 + \binom{5}{2} = 16$.
# Not $2^5 = 32$: five lines in the plane cannot switch five units independently.
#
# ```python
# generator = torch.Generator().manual_seed(seed)
# five = nn.Sequential(nn.Conv2d(2, 5, kernel_size=1), nn.ReLU())
# with torch.no_grad():
#     five[0].weight.normal_(generator=generator)
#     five[0].bias.normal_(generator=generator)
# grid = torch.linspace(-15, 15, 300)
# plane = torch.cartesian_prod(grid, grid)[..., None, None]
# answer = linear_regions(activation_patterns(five, [plane]))
# ```
# ````
#
# ```{exercise}
# :label: ex-ridge
# Add a ridge to the kernel, $\Theta + \lambda\,\overline{\Theta_{ii}}\,I$, and let $\lambda$ grow without end.
# Where does the regression error go?
# Give the number to two decimals.
# ```

# %%
answer = None  # your number

check("ex-ridge", answer, labels=labels)

# %% tags=["remove-cell"]
train_kernel, test_kernel = kernels_of(cells["skips"])
ridged = regression_error(train_kernel, test_kernel, *labels, ridge=1)
glue("ridge_one", float(ridged.value), display=False)

# %% [markdown]
# ````{solution} ex-ridge
# :class: dropdown
# To the trivial error, {glue:text}`trivial:.2f`: the weights of all labels go to zero, and the prediction becomes the
# mean, which is 0 since the labels are centred.
# On the way there it falls below that: with $\lambda = 1$ it is {glue:text}`ridge_one:.2f`, better than the mean.
# So something can be learned from this kernel, and it is the division by small eigenvalues that spoils the prediction.
# This is a first hint that the indicator, which uses no ridge, measures how ill-conditioned a kernel is.
#
# ```python
# train_kernel, test_kernel = kernels_of(cells["skips"])
# answer = regression_error(train_kernel, test_kernel, *labels, ridge=1e9).value
# ```
# ````
#
# ```{exercise}
# :label: ex-write-kappa
# Write the condition number of a kernel.
# It returns `np.inf` when the smallest eigenvalue is zero up to rounding: compare it with the largest one times
# the number of images times `torch.finfo(theta.dtype).eps`.
# ```


# %%
def kappa(theta):
    """Return λ_max / λ_min of a symmetric tensor of shape (n, n)."""
    ...


check("ex-write-kappa", kappa)

# %% [markdown]
# ````{solution} ex-write-kappa
# :class: dropdown
# The eigenvalues come in ascending order, so the first and the last are the ones to divide.
#
# ```python
# def kappa(theta):
#     eigenvalues = torch.linalg.eigvalsh(theta)
#     smallest, largest = eigenvalues[0], eigenvalues[-1]
#     if smallest <= largest * len(theta) * torch.finfo(theta.dtype).eps:
#         return np.inf
#     return (largest / smallest).item()
# ```
# ````

# %% [markdown]
# ## Provenance

# %% tags=["hide-input"]
from tegnas_study.colophon import colophon

colophon(seed=seed, started=started, settings=settings, images=images)
