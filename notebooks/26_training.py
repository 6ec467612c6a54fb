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
# (ch-training)=
# # What Retraining Costs, and What It Shows
#
# Nearly everything so far looked at networks before they learn.
# Tables 3 and 4 of the paper {cite}`chen2021tegnas` do the opposite: the cells that were found are trained to the end, on
# CIFAR-10 for {glue:text}`epochs` epochs and on ImageNet, and the test errors are the result.
# What does such a training cost, what can a much shorter one say, and does it agree with κ, R and MSE?
#
# We have the recipes, but not the weeks of a GPU.
# So we trained a *zoo*: many networks at a **small size**, stated below for each space, for less than a minute each on
# average.
# Cells of NAS-Bench-201 are in it because we know what becomes of them after 200 epochs: they tell how far so short a
# training may be trusted.
# Genotypes of the DARTS space are in it because nobody knows.
# After this chapter you can read a recipe, train a cell yourself, and say what a ranking from a short training is worth.

# %% tags=["parameters"]
n_draws: int = 1000  # resamples behind each interval
n_images: int = 400  # training images of the live training
n_epochs: int = 2  # of the live training
seed: int = 0  # everything random follows from this

# %% tags=["hide-input"]
import time

started = time.perf_counter()

import math  # noqa: F401  for the last exercise
from dataclasses import replace
from functools import partial

import matplotlib.pyplot as plt
import pandas as pd
from myst_nb import glue

note = partial(glue, display=False)  # a number for the prose

# %% [markdown]
# ## A recipe is a table of numbers
#
# The error at which a network ends depends on how it is trained, so a recipe has to be written down, number by number.
# `tegnas train` knows {glue:text}`n recipes` recipes: the three below, which are those of the literature for DARTS
# {cite}`liu2019darts` and for NAS-Bench-201 {cite}`dong2020nasbench201`, and the others as the paper's released code has them.
# The paper itself prints none of these numbers.

# %%
from tegnas_study.training.protocols import FULL, protocol_named

names = ("nas-bench-201", "darts-cifar10", "darts-imagenet")
recipes = pd.DataFrame({name: FULL[name].facts for name in names}).drop(
    ["name", "space", "size", "n_train", "n_test", "shrink", "skeleton"]
)
recipes = recipes.rename(index=lambda name: name.replace("_", " "))
recipes.astype(object).where(recipes.notna(), "")

# %% tags=["hide-input"]
note("n recipes", len(FULL))
note("epochs", FULL["darts-cifar10"].epochs)
note("released epochs", FULL["darts-cifar10-released"].epochs)
note("drop path", FULL["darts-cifar10"].drop_path)
note("auxiliary", FULL["darts-cifar10"].auxiliary)
note("smoothing", f"{100 * FULL['darts-imagenet'].label_smoothing:g}")

# %% [markdown]
# Some words: with **momentum** a step goes on in the direction of the steps before it, and **Nesterov**'s takes the slope a
# little ahead in that direction; **clip** shortens a gradient that is longer than this; **jitter** changes brightness,
# contrast, saturation and hue at random; **cutout** sets a random square of each image to the mean colour; **drop path**
# leaves out whole operations of a cell, more and more often from epoch to epoch; the **auxiliary** classifier sits in the
# middle of the network, and its loss counts {glue:text}`auxiliary` times as much as that of the last one; **label smoothing**
# gives {glue:text}`smoothing` % of each label to all classes.
# **Cells** are those of each of three stages for NAS-Bench-201, and all of a network for DARTS.
# A **pool norm** is a batch-norm behind each pool of a cell.
# The row **cosine** says whether the learning rate falls with each step or with each epoch along half a cosine, **warm up** in
# how many epochs before that it rises, and **reports** which test accuracy counts: that of the last epoch or of the best.
#
# The code with which the paper's authors trained has {glue:text}`released epochs` epochs in its instructions, puts a
# batch-norm behind each pool, and reports the *best* test accuracy of all epochs, which was chosen by looking at test
# images. `tegnas train --protocol darts-cifar10-released` does the same.
#
# ## One training, live
#
# Here the same code trains one cell at a size that a page can afford, on {glue:text}`stand-in`.

# %%
from tegnas_core.spaces.by_name import parse_architecture
from tegnas_study import load_images
from tegnas_study.training.data import training_data
from tegnas_study.training.run import run_training
from tegnas_study.training.training import Job

text = "|nor_conv_3x3~0|+|none~0|nor_conv_3x3~1|+|skip_connect~0|none~1|none~2|"
cell = parse_architecture("nas-bench-201", text)
images = load_images("synthetic")
protocol = protocol_named("nas-bench-201", "quick", epochs=n_epochs)
protocol = replace(protocol, n_train=n_images, n_test=100, shrink=2)
data = training_data(images, protocol, device="cpu")
live = run_training(Job(cell, protocol, seed, images.n_classes), data, images)
rows = live.rows.drop(columns=["seconds", "cpu_seconds"]).round(3)
rows.rename(columns=lambda name: name.replace("_", " ")).set_index("epoch")

# %% tags=["hide-input"]
note("stand-in", images.description)
note("steps", n_epochs * -(-n_images // protocol.batch_size))
full = FULL["nas-bench-201"]
note(
    "full steps",
    f"{full.epochs * -(-50_000 // full.batch_size):,}",
)

# %% [markdown]
# These were {glue:text}`steps` steps; the full recipe has {glue:text}`full steps`, of a network with sixteen times as many
# weights in each convolution.
#
# ## The zoo
#
# The zoo holds {glue:text}`n cells` connected cells of NAS-Bench-201, one from each of as many equally large strata of
# accuracy, and {glue:text}`n genotypes` genotypes of the DARTS space: what every search of {ref}`ch-darts-search` found, the
# paper's cells, named ones of the literature, three with a separable 5×5 convolution everywhere that nobody searched for,
# and random ones.
# Each space has a protocol of its own, since its networks cost differently; the next table has both.
# A network is compared with those of its own space only.
# About every third network is trained with two seeds.

# %% tags=["hide-input"]
from tegnas_study.analysis import zoo
from tegnas_study.tables.printed import printed, printed_table
from tegnas_study.tables.zoo import read_zoo

# %% tags=["hide-input"]
curves, made = read_zoo()
cells, genotypes = (zoo.final(curves, s) for s in ("nas-bench-201", "darts"))
fields = ["width", "cells", "shrink", "n_train", "n_test", "epochs"]
fields += ["batch_size", "learning_rate"]
sizes = pd.DataFrame(made["protocols"]).loc[fields]
sizes.loc["networks"] = [len(cells), len(genotypes)]
sizes.loc["trained twice"] = [
    (t["seeds"] > 1).sum() for t in (cells, genotypes)
]
sizes.loc["seconds each"] = [
    f"{t['cpu_seconds'].mean():.0f}" for t in (cells, genotypes)
]
# %% tags=["hide-input"]
words = {
    "width": "channels",
    "cells": "cells, as in the recipes",
    "shrink": "pixels averaged into one, a side",
    "n_train": "training images",
    "n_test": "test images",
    "batch_size": "images in a batch",
    "learning_rate": "learning rate",
}
sizes.rename(words)

# %% tags=["hide-input"]
note("n cells", len(cells))
note("n genotypes", len(genotypes))

# %% [markdown]
# `python -m tegnas_study.experiments.zoo` made the zoo; when it is stopped and started again, it goes on where it was.
#
# ## Can so short a training be trusted?
#
# We know what accuracy each of the cells reaches after full training.
# So we can ask whether so little training puts them into the same *order*, after how many seconds it does so better than the
# sum of ranks of κ, R and MSE from {ref}`the atlas <ch-whole-space>`, and whether two seeds of the short training agree with
# each other.
#
# {{ here }}

# %% tags=["hide-input"]
from tegnas_study.analysis import Estimate, verdict
from tegnas_study.data.benchmark import load_benchmark
from tegnas_study.tables.atlases import atlas

benchmark = load_benchmark()
known = benchmark.accuracy("cifar10")
theory = atlas().set_index("architecture")
draws = {"seed": seed, "n_draws": n_draws}
epochs = zoo.by_epoch(curves, known, theory, **draws)

# %% tags=["hide-input"]
judged = zoo.with_rank_sum(
    cells.set_index("architecture").join(theory[[*zoo.TEG]])
)
judged[zoo.KNOWN] = known.reindex(judged.index)
sizes_and_theory = ["rank_sum", *zoo.TEG, "full_parameters", "full_flops"]
of_cells = zoo.agreements(
    judged, [zoo.SHORT, *sizes_and_theory], zoo.KNOWN, **draws
)

# %% mystnb={"figure": {"caption": "How far the accuracy after each epoch of the short training orders the cells of NAS-Bench-201 as their accuracy after full training does, against the seconds that it took until then. Dashed: the sum of ranks of untrained networks, on the same cells. Bands: 95 % intervals over cells.", "name": "fig-zoo-epochs"}, "image": {"alt": "A line with a band over seconds of training, and a horizontal dashed line with a band of its own.", "width": "520px"}} tags=["hide-input"]
from tegnas_study.figures import training as drawing

drawing.order_by_epoch(epochs, of_cells.estimate("rank_sum").numbers)
plt.show()

# %% [markdown]
# In {numref}`fig-zoo-epochs` the agreement of the short training, with one seed of each cell, goes from τ = {glue:text}`first epoch` after its first epoch
# to {glue:text}`last epoch` after its last, beside {glue:text}`theory` of the sum of ranks.
# {numref}`fig-zoo-trust` has what there is to compare after the last one.

# %% tags=["hide-input"]
trust = of_cells.estimate(zoo.SHORT)
gap = of_cells.estimate(lambda s: s[zoo.SHORT] - s["rank_sum"])
untrained = of_cells.estimate("rank_sum")
seeds = {
    words: zoo.reliability(curves, space, **draws)
    for space, words in (("nas-bench-201", "cells"), ("darts", "genotypes"))
}
compared = {
    "short and full training": trust,
    "sum of ranks\nand full training": untrained,
    "the first minus the second": gap,
    **{f"two seeds of\nshort training, {w}": t for w, t in seeds.items()},
}
intervals = [(name, *found.numbers) for name, found in compared.items()]

# %% mystnb={"figure": {"caption": "How far pairs of orders agree, with 95 % intervals over networks. The first three rows are about the cells of NAS-Bench-201, whose accuracy after full training is known.", "name": "fig-zoo-trust"}, "image": {"alt": "Five rows with one interval each: short training and full training, sum of ranks and full training, their difference, and two seeds of the short training on cells and on genotypes.", "width": "520px"}} tags=["hide-input"]
from tegnas_study.figures.intervals import interval_chart

columns = ["orders", "tau", "low", "high"]
table = pd.DataFrame(intervals, columns=columns)
interval_chart(
    table, row="orders", xlabel="Kendall's τ, or a difference of two"
)
plt.show()

# %% tags=["hide-input"]
note("trust", zoo.in_words(trust, interval=False))
note("theory", zoo.in_words(untrained, interval=False))
note("verdict trust", str(verdict(trust, above=0.5)))
note("verdict gap", str(verdict(gap)))
for words, found in seeds.items():
    note(f"reliability {words}", zoo.in_words(found, interval=False))
note("first epoch", printed(epochs["tau"].iloc[0], ".2f"))
note("last epoch", printed(epochs["tau"].iloc[-1], ".2f"))
first = zoo.first_better(epochs)
note(
    "overtakes",
    "at no second of this training can we tell that it does"
    if first is None
    else f"we can tell so after {first['cpu_seconds']:.0f} seconds",
)

# %% tags=["hide-input"]
each = zoo.order_by_draw(judged[zoo.KNOWN])
note("theory least", printed(each.min(), ".2f"))
note("theory most", printed(each.max(), ".2f"))
note("n draws", len(each))
note("draws behind", int((each > trust.value).sum()))

# %% [markdown]
# After its last epoch the short training, with the mean of two seeds where a cell has two, orders the cells with
# τ = {glue:text}`trust`, and the sum of ranks orders the same
# cells with τ = {glue:text}`theory`, without any training.
# The claim that the short training reaches more than 0.5 has the verdict “{glue:text}`verdict trust`”.
# The claim that it orders better than the sum of ranks has the verdict “{glue:text}`verdict gap`”; {glue:text}`overtakes`.
#
# These intervals are over networks.
# The values of the atlas are averages of three repeats; on {glue:text}`n draws` single draws of the weights the sum of ranks
# orders these cells with τ from {glue:text}`theory least` to {glue:text}`theory most`, and better than the short training on
# {glue:text}`draws behind` of them.
#
# Part of every disagreement here is noise: two seeds of the short training agree only by τ = {glue:text}`reliability cells`
# on the cells and by {glue:text}`reliability genotypes` on the genotypes of the DARTS space.
#
# ## What are the found genotypes worth, as far as this can tell?

# %% tags=["hide-input"]
from tegnas_core import PRESETS
from tegnas_study import read_sweep
from tegnas_study.paths import RESULTS
from tegnas_study.tables.frames import average_repeats

files = ("darts-judged.parquet", "darts-named.parquet")
rows = pd.concat([read_sweep(RESULTS / name) for name in files])
values = zoo.with_pairs_in_order(average_repeats(rows, PRESETS["teg"]))
values = values.set_index("architecture")[[*zoo.TEG]]
genotypes = zoo.with_pairs_in_order(genotypes)
both = genotypes.set_index("architecture").join(values, how="inner")
both = zoo.with_rank_sum(both)
of_genotypes = zoo.agreements(both, sizes_and_theory, zoo.SHORT, **draws)
note("n both", len(both))

# %% tags=["hide-input"]
labels = {
    "random": "random",
    "found": "found here",
    "paper": "the paper's",
    "named": "other named ones",
    "all 5×5": "5×5 everywhere, not searched",
}
counted = {"size": "genotypes", "min": "least", "max": "most"}
groups = zoo.beside_groups(genotypes, labels).rename(columns=counted)
groups.rename_axis("accuracy (%)").round(2)

# %% mystnb={"figure": {"caption": "Accuracy of the genotypes of the zoo after the short training, on 1,000 test images of CIFAR-10, against the parameters of the same cells in the network of 20 cells. Recorded.", "name": "fig-zoo-genotypes"}, "image": {"alt": "A scatter of a few dozen genotypes in groups of different marks and colours, from two to six million parameters.", "width": "520px"}} tags=["hide-input"]
drawing.sizes_and_accuracies(genotypes, labels)
plt.show()

# %% tags=["hide-input"]
top = genotypes.loc[genotypes[zoo.SHORT].idxmax()]
note("best short", f"{top[zoo.SHORT]:.1f}")
note("best group", labels[top["group"]])
linear = genotypes[zoo.SHORT].corr(genotypes["full_parameters"])
note("r size", printed(linear, ".2f"))

# %% [markdown]
# In {numref}`fig-zoo-genotypes` the genotype that came out best, at {glue:text}`best short` %, is of the group
# "{glue:text}`best group`", and accuracy and size are correlated by {glue:text}`r size` (Pearson's r).
# The next figure asks by number what this one asks by eye: what orders the genotypes as their short training does?
# κ, R and MSE are those that were recorded under a seed that no search had ({glue:text}`n both` genotypes have both).

# %% tags=["hide-input"]
called = {
    "rank_sum": "sum of ranks",
    "condition_number": "κ",
    "linear_regions": "R",
    "regression_error": "MSE",
    "full_parameters": "parameters",
    "full_flops": "FLOPs",
}

# %% tags=["hide-input"]
parts = {
    "NAS-Bench-201, full training": of_cells,
    "DARTS, the zoo's training": of_genotypes,
}
intervals = [
    (called[name], words, *drawn.estimate(name).numbers)
    for words, drawn in parts.items()
    for name in called
]
columns = ["predictor", "space", "tau", "low", "high"]
intervals = pd.DataFrame(intervals, columns=columns)

# %% mystnb={"figure": {"caption": "Agreement with accuracy, turned so that more is better, of what is known before any training: over the cells of NAS-Bench-201 in the zoo with their accuracy after full training, and over its DARTS genotypes with that after the short one.", "name": "fig-zoo-agreement"}, "image": {"alt": "Six rows, sum of ranks, the three indicators, parameters and FLOPs, with two intervals each.", "width": "520px"}} tags=["hide-input"]
interval_chart(intervals, row="predictor", colour="space")
plt.show()

# %% tags=["hide-input"]
order = of_genotypes.estimate("rank_sum")
note("order", zoo.in_words(order, interval=False))
note("verdict order", str(verdict(order)))
size = of_genotypes.estimate("full_parameters")
note("size", zoo.in_words(size, interval=False))
note("verdict size", str(verdict(size)))
more = of_genotypes.estimate(lambda s: s["rank_sum"] - s["full_parameters"])
note("more", zoo.in_words(more))
note("verdict more", str(verdict(more)))

# %% [markdown]
# In {numref}`fig-zoo-agreement` the sum of ranks orders the DARTS genotypes with τ = {glue:text}`order`, and counting
# parameters orders them with τ = {glue:text}`size`.
# The claim that τ is above zero has the verdict “{glue:text}`verdict order`” for the sum of ranks and
# “{glue:text}`verdict size`” for counting.
# The difference of the two is {glue:text}`more`, and the claim that the sum of ranks orders better than counting has the
# verdict “{glue:text}`verdict more`”.
# All this is about a short training of a small network, and deserves only as much trust as the cells above lend to it.
#
# ## Trained a little
#
# A criticism of kernels of untrained networks is that a network's kernel changes in its first epochs, and that a kernel
# after a little training says more {cite}`mok2022ntk`.
# So we measured κ, R, MSE and label-gradient alignment, the angle between the kernel and the one of the labels, of the
# zoo's own cells on the way: before the first epoch and after each of the first ones.
# These are the trained networks themselves, and not the proxies that the other numbers of this page come from; R counts
# patterns over {glue:text}`n pixels` single pixels here, since larger pieces of an image all have patterns of their own in
# such networks. Even so R is {glue:text}`median R` in the median, near its most.
#
# {{ here }}

# %% tags=["hide-input"]
from tegnas_study.tables.zoo import read_trained_a_little

little, little_made = read_trained_a_little()
way = zoo.little_by_epoch(little, known, zoo.LITTLE, **draws)
last = way[way["epoch"] == way["epoch"].max()].set_index("predictor")
start = way[way["epoch"] == 0].set_index("predictor")
note("n pixels", f"{little_made['n_region_inputs']:,}")
note("median R", f"{little['linear_regions'].median():,.0f}")
note("n little", int(way["n"].iloc[0]))
note("n trained", int(way["epoch"].max()))
for name in (*zoo.LITTLE, "rank_sum"):
    change = Estimate(*last.loc[name, ["change", "change_low", "change_high"]])
    note(f"start {name}", f"{start.loc[name, 'tau']:.2f}")
    note(f"change {name}", zoo.in_words(change))
    note(f"verdict change {name}", str(verdict(change)))

# %% mystnb={"figure": {"caption": "Agreement of indicators of networks that were trained a little with their accuracy after full training, turned so that more is better, by the epochs trained before. Bars: 95 % intervals over cells.", "name": "fig-trained-a-little"}, "image": {"alt": "Five lines with bars over 0 to 3 epochs: sum of ranks, \u03ba, R, MSE and label-gradient alignment.", "width": "520px"}} tags=["hide-input"]
little_names = {name: called[name] for name in ("rank_sum", *zoo.TEG)}
little_names["label_gradient_alignment"] = "alignment"
for when, table in (("start", start), ("end", last)):
    best = little_names[table["tau"].idxmax()]
    note(f"best {when}", best.replace("sum", "the sum"))
drawing.order_by_trained_epochs(way, little_names)
plt.show()

# %% [markdown]
# {numref}`fig-trained-a-little` rests on {glue:text}`n little` cells.
# The highest τ is that of {glue:text}`best start` before the first epoch, and that of {glue:text}`best end` after the last.
# From initialisation to the end of epoch {glue:text}`n trained`, τ of alignment changes by
# {glue:text}`change label_gradient_alignment`, and τ of the sum of ranks by {glue:text}`change rank_sum`.
# The claim that it grows has the verdict “{glue:text}`verdict change label_gradient_alignment`” for alignment and
# “{glue:text}`verdict change rank_sum`” for the sum of ranks.
#
# (sec-tables-3-4)=
# ## Tables 3 and 4
#
# First the paper's rows, quoted: errors in percent, millions of parameters, GPU days of the search.

# %% tags=["hide-input"]
from tegnas_study.data.quoted import quoted_table

table_3, table_4 = (quoted_table(f"table-{n}").set_index("row") for n in (3, 4))
ours = ["REINFORCE", "Evolution", "FP-NAS"]
rows = [*ours, *(f"{name} + TEG" for name in ours), "TE-NAS"]
titles = {
    "test_error": "CIFAR-10 error (%)",
    "parameters": "parameters (M)",
    "gpu_days": "GPU days",
}
imagenet = {
    "top1_error": "ImageNet error (%)",
    "parameters": "parameters there (M)",
}
# %% tags=["hide-input"]
quoted = table_3[[*titles]].rename(columns=titles)
quoted.join(table_4[[*imagenet]].rename(columns=imagenet)).loc[rows]

# %% [markdown]
# The next two tables are the paper's, whole, with the rows that it quotes from other work.
# RL is reinforcement learning, and SMBO a search that is guided by a model of the accuracy.

# %% tags=["hide-input"]
whole = {
    "test_error": ("error (%)", ".2f"),
    "top1_error": ("top-1 error (%)", ".1f"),
    "top5_error": ("top-5 error (%)", ".1f"),
    "parameters": ("parameters (M)", ".1f"),
    "gpu_days": ("GPU days", ",.6g"),
}


def as_quoted(table: pd.DataFrame) -> pd.DataFrame:
    formats = {name: spec for name, (_, spec) in whole.items() if name in table}
    cells = printed_table(table, formats).assign(search=table["method"])
    return cells.rename(
        columns={name: title for name, (title, _) in whole.items()}
    )


# %% tags=["hide-input"]
as_quoted(table_3)

# %% tags=["hide-input"]
as_quoted(table_4)

# %% [markdown]
# Now ours: what each search found, with sizes that are counted, the cost of the search as it was measured here (hours of
# one busy core, without a GPU), and the zoo's accuracy.
# The last two columns, errors after a training at full size, are empty: nobody has trained these cells so.

# %% tags=["hide-input"]
from tegnas_study.analysis.searches import live as searches
from tegnas_study.experiments.live_files import read_live_searches
from tegnas_study.tables.darts_sizes import genotype_sizes

# %% tags=["hide-input"]
outcomes = read_live_searches().outcomes
found = searches.found_genotypes(outcomes)
table = genotype_sizes(found)
table.columns = ["CIFAR-10 (M)", "FLOPs (M)", "ImageNet (M)", "its FLOPs (M)"]
table["search (h)"] = (outcomes["seconds"] / 3600).to_numpy()
short = genotypes.set_index("architecture")[zoo.SHORT]
reached = [short.get(str(cell.sorted())) for cell in found.values()]
table["zoo (%)"] = pd.Series(reached, table.index, float)
table[["error, CIFAR-10", "error, ImageNet"]] = float("nan")
digits = dict(zip(table.columns, (2, 0, 2, 0, 1, 1, 2, 2), strict=True))
printed_table(table, {name: f".{n}f" for name, n in digits.items()})

# %% [markdown]
# These commands fill a row of the empty columns, each for its genotype; for ImageNet, add `--protocol darts-imagenet` and
# give `--images` the folder of its images.
# They need a GPU and a long time, and can be stopped at any moment and go on with `--resume`.
# `torchrun --nproc-per-node 8 -m tegnas_study` in place of `tegnas` shares the work among eight cards, as the paper's authors
# did on ImageNet.
# Each process then normalises its own share of a batch, which is enough there and not on CIFAR-10, where one card does it.

# %% tags=["hide-input"]
options = "--space darts --size full --images cifar10 --out runs"
for name, cell in found.items():
    print(f'# {name}\ntegnas train "{cell}" {options}')

# %% [markdown]
# ## Beside the paper
#
# {ref}`The page of claims <ch-claims>` says this about both tables:

# %% tags=["hide-input"]
from tegnas_study.ledger import page

page.beside("ch-training")

# %% [markdown]
# ## What we now know
#
# A recipe is part of a result: the paper prints none of its numbers, and the released code reports the best of
# {glue:text}`released epochs` test accuracies.
# The claim that a short training of a small network orders cells of NAS-Bench-201 better than the sum of ranks does, which
# needs no training, has the verdict “{glue:text}`verdict gap`”; the two agree with full training by {glue:text}`trust` and
# {glue:text}`theory`.
# The claim that the sum of ranks orders DARTS genotypes better than a count of their parameters does has the verdict
# “{glue:text}`verdict more`”.
# What the found cells reach after {glue:text}`epochs` epochs we do not know, and so the last two columns of our table stay
# empty.

# %% [markdown]
# ## Exercises
#
# ```{exercise}
# :label: ex-drop-path
# Write drop path for one operation: in an epoch it is left out for each image with a probability that rises linearly from 0
# in epoch 0 to `largest` in epoch `epochs`.
# Where it is left out the output is 0, and elsewhere it is enlarged so that its mean over many draws stays what it was.
# ```


# %%
def drop_path(outputs, kept, epoch, epochs, largest):
    """Return the outputs (images, features); `kept` is True for each image whose output was not left out."""
    ...


from tegnas_study.exercises import check

check("ex-drop-path", drop_path)

# %% [markdown]
# ````{solution} ex-drop-path
# :class: dropdown
# An image keeps its output with probability $1 - p$, so what is kept is divided by $1 - p$.
# At test time nothing is left out, and nothing needs to be rescaled.
#
# ```python
# def drop_path(outputs, kept, epoch, epochs, largest):
#     p = largest * epoch / epochs
#     return outputs * kept[:, None] / (1 - p)
# ```
# ````
#
# ```{exercise}
# :label: ex-cutout
# Cutout sets a square of 16×16 pixels to the mean colour, whose centre is any of the 32×32 pixels with equal
# probability; what lies outside of the image is lost.
# Which share of an image does it cover on average?
# ```

# %%
answer = None  # your number, such as 0.25

check("ex-cutout", answer)

# %% [markdown]
# ````{solution} ex-cutout
# :class: dropdown
# Rows and columns are independent. From a centre c the square covers the rows max(c − 8, 0) to min(c + 8, 32) − 1; their
# mean number is 14, so the share is $(14 / 32)^2 \approx 0.19$ and not the quarter that the sides suggest.
#
# ```python
# rows = [min(c + 8, 32) - max(c - 8, 0) for c in range(32)]
# answer = (sum(rows) / 32 / 32) ** 2
# ```
# ````
#
# ```{exercise}
# :label: ex-rising-then-falling
# Write the learning rate of an epoch: for the first `warm_up` epochs it rises as (epoch + 1) / warm_up of `largest`, and
# then it falls along half a cosine, from `largest` in epoch `warm_up` towards 0 after the last of `epochs`.
# ```


# %%
def learning_rate(epoch, epochs, warm_up, largest):
    """Return the learning rate of an epoch, counted from 0."""
    ...


check("ex-rising-then-falling", learning_rate)

# %% [markdown]
# ````{solution} ex-rising-then-falling
# :class: dropdown
# The cosine counts from the end of the warm-up, so that both parts meet at the largest rate.
#
# ```python
# def learning_rate(epoch, epochs, warm_up, largest):
#     if epoch < warm_up:
#         return largest * (epoch + 1) / warm_up
#     share = (epoch - warm_up) / (epochs - warm_up)
#     return largest * (1 + math.cos(math.pi * share)) / 2
# ```
# ````

# %% [markdown]
# ## Provenance

# %% tags=["hide-input"]
from tegnas_study.colophon import colophon

colophon(seed=seed, started=started, images=images, benchmark=benchmark)
