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
# (ch-own-network)=
# # Can You Use It on Your Own Network?
#
# Nearly all other numbers of this book are about cells of somebody's search space.
# You have a network of your own, or a handful of them; can you compute the indicators for these, and what do they tell?
# This chapter scores a ResNet from a library and some variants of it, declares a search space of its own, which every search
# method then searches, and says in which cases the numbers mean nothing.

# %% tags=["parameters"]
batch_size: int = 8  # images in a kernel
blocks: int = 2  # residual blocks in each of the four stages; 2 is ResNet-18
n_sample: int = 12  # architectures that are scored twice
n_steps: int = 20  # evaluations that a search is allowed
seed: int = 0  # everything random follows from this

# %% tags=["hide-input"]
import time

started = time.perf_counter()

from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
from myst_nb import glue
from torch import nn
from torchvision.models.resnet import BasicBlock, Bottleneck, ResNet

note = partial(glue, display=False)  # a number for the prose

# %% [markdown]
# ## One network
#
# The command takes the name of a model of torchvision, or a function of yours that returns a module:
#
# ```bash
# tegnas score resnet18 --images cifar10
# tegnas score mynets:make --repeats 5 --json      # make() in mynets.py
# ```
#
# It prints κ, R, MSE and every rival that is defined for the network, several times with fresh weights, each with a
# status, and says why the others are missing.
# In Python the same is one call, for the weights that a module has.

# %%
from tegnas_core import draw_batch, evaluate_module
from tegnas_core.data.batches import draw_region_inputs
from tegnas_study import load_images

source = load_images("synthetic")
train = draw_batch(source, "train_half", batch_size, seed=seed)
held_out = draw_batch(source, "validation_half", batch_size, seed=seed)
data = train.images, train.labels, held_out.images, held_out.labels
crops = draw_region_inputs(source, 200, seed=seed).expand(-1, 3, -1, -1)

# %%
torch.manual_seed(seed)
resnet = ResNet(BasicBlock, [blocks] * 4, num_classes=10)
found = evaluate_module(
    resnet, *data, region_images=crops, rivals=("naswot", "snip", "zen")
)
print(f"κ = {found.condition_number:.1f}   R = {found.linear_regions}")
print(f"MSE = {found.regression_error:.2f}   status {found.status}")
for name, measured in found.rivals.items():
    print(f"{name:<7} {measured.value:>9.1f}   {measured.status}")

# %% tags=["hide-input"]
note("parameters", f"{found.n_parameters / 1e6:.1f}")
note("n_images", batch_size)
bytes_of_rows = 4 * 2 * batch_size * found.n_parameters
note("gigabytes", f"{bytes_of_rows / 2**30:.2f}")
note("gigabytes_64", f"{bytes_of_rows * 64 / batch_size / 2**30:.0f}")

# %% [markdown]
# The images are the synthetic ones that come with the installation, {glue:text}`n_images` of them, and as many held out.
# You can give your own images by `--images`, or as tensors.
# One value by itself says nothing: there is no table that tells which κ is small for a ResNet.
# Numbers are for *comparing* networks that were scored with the same images, sizes, batch size and seed.

# %% [markdown]
# ## Its variants
#
# We compare four small relatives of the network above, with one block in each stage: with batch-norm, with bottleneck blocks,
# with group normalisation in place of batch-norm, and without any normalisation.
# Two draws of the weights show how much of a difference is luck.

# %%
from tegnas_study.figures.intervals import RIVAL_NAMES
from tegnas_study.own_network import score_network

variants = {
    "batch-norm": {},
    "bottlenecks": {"block": Bottleneck},
    "group norm": {"norm_layer": partial(nn.GroupNorm, 8)},
    "no norm": {"norm_layer": nn.Identity},
}


def variant(changes, n_classes):
    options = {"block": BasicBlock, "layers": [1] * 4, **changes}
    return ResNet(num_classes=n_classes, **options)


# %%
rivals = "naswot", "log_synflow"
options = {"batch_size": batch_size, "seed": seed, "rivals": rivals}
scores = {
    name: score_network(partial(variant, changes), source, repeats=2, **options)
    for name, changes in variants.items()
}
pd.DataFrame(
    {
        name: {
            RIVAL_NAMES[key]: f"{score.mean(key):.4g}"
            for key in score.indicators
        }
        for name, score in scores.items()
    }
).T

# %% tags=["hide-input"]
kappas = {
    name: [m.value for m in score.indicators["condition_number"].repeats]
    for name, score in scores.items()
}
for name, values in kappas.items():
    note(f"kappas {name}", " and ".join(f"{value:.3g}" for value in values))
missing = scores["group norm"].indicators["log_synflow"].reason
note("missing", missing)

# %% [markdown]
# κ of the two draws is {glue:text}`kappas batch-norm` with batch-norm, {glue:text}`kappas bottlenecks` with bottleneck
# blocks, {glue:text}`kappas group norm` with group normalisation and {glue:text}`kappas no norm` without any.
# Where R is the number of crops, it is saturated and tells nothing.
# Where the table has `nan`, a rival is not defined: synflow takes batch-norm out of a network before it counts paths, and for
# group normalisation the score says "{glue:text}`missing`".
#
# Be careful with such a comparison: batch-norm is part of what κ measures.
# It couples the images of a batch, so the kernel of a network with batch-norm is of another kind than that of a network
# without it.
# A smaller κ with another normalisation is no promise that the network trains better.

# %% [markdown]
# ## A search space of one's own
#
# `ChoiceSpace` declares independent decisions and their options; that is all a search method asks of a space.
# The rest is how an architecture becomes a network.
# Each layer below adds up its operations, so that the same function also builds the supernets that TE-NAS prunes.

# %%
from tegnas_study.own_network import Choice, ChoiceSpace


def conv(width, kernel, stride=1):
    layers = nn.Conv2d(width, 8, kernel, stride, kernel // 2, bias=False)
    return nn.Sequential(layers, nn.BatchNorm2d(8), nn.ReLU())


# %%
OPERATIONS = {
    "skip": nn.Identity,
    "pool": lambda: nn.AvgPool2d(3, 1, 1),
    "conv_1x1": lambda: conv(8, 1),
    "conv_3x3": lambda: conv(8, 3),
}
layers = {f"layer_{k}": tuple(OPERATIONS) for k in range(4)}
space = ChoiceSpace("mine", **layers)


# %%
class Layer(nn.Module):
    def __init__(self, names):
        super().__init__()
        self.parts = nn.ModuleList(OPERATIONS[name]() for name in names)

    def forward(self, x):
        return sum(part(x) for part in self.parts) / len(self.parts)


def build(layers):
    """Return the network of a tuple of names for each layer."""
    first, second, third, fourth = map(Layer, layers)
    body = conv(3, 3, 2), first, second, nn.AvgPool2d(2), third, fourth
    head = nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 10)
    return nn.Sequential(*body, *head)


# %% [markdown]
# A search also needs a function from an architecture to its values.
# The weights follow from the seed, so that the same architecture always has the same values, which are kept.

# %%
from functools import cache


def names_of(found):
    if isinstance(found, Choice):
        return tuple((name,) for name in found.options)
    names = tuple(OPERATIONS)
    return tuple(tuple(names[i] for i in some) for some in found.active)


@cache
def values(found, draw=0):
    torch.manual_seed(1000 * seed + draw)
    network = build(names_of(found))
    return vars(evaluate_module(network, *data, region_images=crops))


# %%
from tegnas_core import search as core

objectives = [
    core.Objective("condition_number", higher_is_better=False),
    core.Objective("linear_regions", higher_is_better=True),
    core.Objective("regression_error", higher_is_better=False),
]

# %%
small = {"population_size": 6, "tournament_size": 3}
methods = {
    "REINFORCE": partial(core.Reinforce, n_steps=n_steps),
    "evolution": partial(core.Evolution, n_steps=n_steps, **small),
    "FP-NAS": partial(core.FPNAS, n_steps=-(-n_steps // 4), min_entropy=None),
    "TE-NAS": core.TENAS,
    "random search": partial(core.RandomSearch, n_steps=n_steps),
    "local search": partial(core.LocalSearch, n_steps=n_steps),
}


# %%
def searched(make):
    method = make(space, rng=np.random.default_rng(seed))
    history = core.search(method, values, objectives)
    found = values(history.derived)
    numbers = {RIVAL_NAMES[o.name]: f"{found[o.name]:.3g}" for o in objectives}
    derived = " ".join(history.derived.options)
    return {"evaluations": history.n_evaluations, **numbers, "found": derived}


table = pd.DataFrame({name: searched(make) for name, make in methods.items()}).T
table

# %% [markdown]
# All six methods run, although none of them has a line of code about this space.
# The table cannot say which of the networks is *best*, since none of them was trained.
# It says what each search took for the best by three numbers, and {ref}`ch-search-tables` shows how good such a choice is
# where the accuracies are known.

# %% [markdown]
# ## Score twice before you believe
#
# In a space of your own nobody knows the accuracies, but one test is cheap: draw the weights anew and see whether the order of
# the architectures stays the same.
# An indicator that does not agree with itself cannot agree with anything else.

# %% mystnb={"figure": {"caption": "Each indicator of architectures of the space above under one draw of the weights, over the same under another. On the line both agree.", "name": "fig-own-draws"}, "image": {"alt": "Three panels of dots with a diagonal. Dots of \u03ba and of R lie along the line with some scatter, those of MSE scatter more.", "width": "520px"}} tags=["hide-input"]
from tegnas_study.figures.correlation import draw_against_draw
from tegnas_study.tables.ranking import kendall_tau

sample = space.sample_many(n_sample, seed=seed)
twice = pd.DataFrame(
    {
        f"{o.name}_{draw}": [values(a, draw)[o.name] for a in sample]
        for o in objectives
        for draw in range(2)
    }
)
draw_against_draw(twice)
plt.show()

# %% tags=["hide-input"]
for objective in objectives:
    pair = (twice[f"{objective.name}_{draw}"] for draw in range(2))
    note(f"tau {objective.name}", f"{kendall_tau(*pair).tau:.2f}")
note("n_sample", n_sample)

# %% [markdown]
# Over the {glue:text}`n_sample` architectures of {numref}`fig-own-draws`, Kendall's τ between the two draws is
# {glue:text}`tau condition_number` for κ, {glue:text}`tau linear_regions` for R and {glue:text}`tau regression_error` for
# MSE; a τ of 1 is the same order, and 0 is no order at all.
# An indicator whose τ is far below 1 needs more repeats or larger batches before it can guide a search ({ref}`ch-choices`).

# %% [markdown]
# ## What goes wrong
#
# A network with another activation than `nn.ReLU` has no linear regions to count, and one that calls
# `torch.nn.functional.relu` has them where nobody sees them.

# %%
smooth = ResNet(BasicBlock, [1] * 4, num_classes=10)
for module in smooth.modules():
    if hasattr(module, "relu"):
        module.relu = nn.GELU()
found = evaluate_module(smooth, *data, rivals=("naswot", "swap"))
print(f"ReLU outputs seen: {found.n_relus}")
for name, reason in found.reasons.items():
    print(f"{name}: {reason}")

# %% [markdown]
# A transformer has no batch-norm, no maps of features and often a last layer that starts at zero.

# %%
from torchvision.models import VisionTransformer

sizes = {"hidden_dim": 32, "mlp_dim": 64, "num_layers": 2, "num_heads": 2}
torch.manual_seed(seed)
vit = VisionTransformer(image_size=32, patch_size=8, num_classes=10, **sizes)
asked = "naswot", "jacob_cov", "snip", "log_synflow", "zen", "meco"
found = evaluate_module(vit, *data, rivals=asked)
for name, measured in found.rivals.items():
    reason = found.reasons.get(name, "")
    print(f"{name:<12} {measured.value:>6.3g} {measured.status:<10} {reason}")

# %% tags=["hide-input"]
note("snip of zero", f"{found.rivals['snip'].value:g}")

# %% [markdown]
# Since the head is zero, no gradient reaches the rest of the network: snip is {glue:text}`snip of zero`, and the input
# gradients do not exist.
# That says something about the first step of training and not about the architecture.
#
# **The numbers mean nothing**
#
# - *for one network alone.* Only differences between networks that were scored alike mean anything.
# - *between networks of different width, resolution or batch size*, unless size is the question: κ and most rivals change
#   with all three, and {ref}`ch-practice` shows that counting parameters is often the better indicator.
# - *for R, NASWOT and SWAP, when activations are not `nn.ReLU` modules on maps of features*: they are called undefined, and
#   functional ReLUs are missed without a warning.
# - *for R, when its inputs are large.* Whole images all fall into regions of their own, and R is the number of images.
#   The command counts crops of 3×3 pixels, and a network that cannot take them has no R.
# - *for weights that are not a fresh draw.* The theory is about random weights. Of a trained or half-trained network κ
#   describes a local kernel and not what its architecture can learn.
# - *for a head or a branch that starts at zero*, as above: what is not connected at the start is not seen.
# - *without batch-norm beside networks with it*: κ then compares two kinds of kernels.
# - *for other tasks*: segmentation, detection and language need logits of another shape; a wrapper that returns one vector
#   for each image gives numbers, but nothing in this study says that they mean anything.
# - *as an error.* MSE is the error of a kernel on a handful of images ({ref}`ch-regression-error`), not that of the network.
#
# **What is taken care of.**
# Dropout, stochastic depth and other randomness are left out, since all but batch-norm is put into evaluation mode.
# The module is copied, so that its weights, its running averages and its mode stay as they are.
#
# **Memory.**
# The Jacobian has a row of all {glue:text}`parameters` million weights for each image: {glue:text}`gigabytes` GiB for the
# images above, and {glue:text}`gigabytes_64` GiB for batches of 64.
# It is computed in rounds, parameter by parameter, but one very large layer is held as a whole.
# `tegnas score` refuses what would need more than 4 GiB, and names a batch size that fits.
#
# ## What we now know
#
# Any module that maps images to logits can be scored, by one command or one call, and a declared space is searched by every
# method.
# The numbers compare networks that were scored alike, with fresh weights, and a second draw tells whether they are more
# than luck.
# They do not say how accurate a network will be, and for whole families of networks (transformers, networks without ReLU
# or with zero-initialised parts) several of them are not even defined.

# %% [markdown]
# ## Exercises
#
# ```{exercise}
# :label: ex-own-memory
# The largest layer of a network has 4,096 × 4,096 weights in float32.
# How many GiB do the gradients of this layer need, for 64 training and 64 held-out images?
# ```

# %%
answer = None  # a number of GiB

from tegnas_study.exercises import check

check("ex-own-memory", answer)

# %% [markdown]
# ````{solution} ex-own-memory
# :class: dropdown
# Each of the 128 images has a row of $2^{24}$ numbers of four bytes, $128 \cdot 2^{24} \cdot 4 = 2^{33}$ bytes.
#
# ```python
# answer = 128 * 4096 * 4096 * 4 / 2**30
# ```
# ````
#
# ```{exercise}
# :label: ex-write-apart
# Write the function that counts how many pairs of networks a handful of repeats tells apart.
# Each network was scored several times with fresh weights, and two of them are *told apart* when all repeats of the one are
# below all repeats of the other.
# Before you run it, predict which share of the pairs is told apart by luck alone, when all networks are equally good and
# each has two repeats.
# ```


# %%
def n_apart(values):
    """Return the number of pairs told apart in an array (networks, repeats)."""
    ...


check("ex-write-apart", n_apart)

# %% [markdown]
# ````{solution} ex-write-apart
# :class: dropdown
# Two networks are told apart when the largest value of the one is below the smallest of the other.
# Of the six ways in which the four repeats of a pair can follow each other, two have those of one network first: a third of
# the pairs is told apart by luck alone.
# With three repeats it is 2 of 20, so a few more repeats are worth much.
#
# ```python
# def n_apart(values):
#     low, high = values.min(axis=1), values.max(axis=1)
#     return np.sum(high[:, None] < low[None, :])
# ```
# ````

# %% [markdown]
# ```{exercise}
# :label: ex-own-neighbours
# A `ChoiceSpace` has four decisions with 4, 4, 3 and 2 options.
# How many neighbours does an architecture have?
# ```

# %%
answer = None  # a whole number

check("ex-own-neighbours", answer)

# %% [markdown]
# ````{solution} ex-own-neighbours
# :class: dropdown
# A neighbour changes one decision to another of its options: $3 + 3 + 2 + 1$.
#
# ```python
# answer = 3 + 3 + 2 + 1
# ```
# ````
#
# ```{exercise}
# :label: ex-own-wrap
# A module answers with a dictionary that holds `"features"` and `"logits"`, and `evaluate_module` refuses it.
# Write a function that takes such a module and returns one that answers with the logits alone.
# ```

# %%
answer = None  # your function: from a module to a module

check("ex-own-wrap", answer)

# %% [markdown]
# ````{solution} ex-own-wrap
# :class: dropdown
# The wrapper must keep the module as an attribute, so that its parameters are found.
#
# ```python
# class OnlyLogits(nn.Module):
#     def __init__(self, inner):
#         super().__init__()
#         self.inner = inner
#
#     def forward(self, images):
#         return self.inner(images)["logits"]
#
#
# answer = OnlyLogits
# ```
# ````

# %% [markdown]
# ## Provenance

# %% tags=["hide-input"]
from tegnas_study.colophon import colophon

colophon(seed=seed, started=started)
