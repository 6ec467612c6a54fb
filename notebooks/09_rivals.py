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
# (ch-rivals)=
# # Rivals: Is Anything Better Than These Three?
#
# κ, R and MSE are not the only numbers one can read from an untrained network.
# Others measure how differently images switch its ReLUs, how large its first gradient is, or how much flows through it;
# and some look at no network at all and only count its parts.
# The paper compares searches, and one of its rows is a rival's, but it never sets the indicators themselves side by side
# {cite}`chen2021tegnas`.
#
# Here every indicator looks at the same networks, with the same weights and the same images, for all architectures of the
# space.
# After this chapter you can compute one rival by hand, and you know which of them could take the place of the three, and
# where none of them helps.

# %% tags=["parameters"]
n_draws: int = 1000  # resamples behind every interval
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

note = partial(glue, display=False)  # a number for the prose

# %% tags=["hide-input"]
from tegnas_core import INDICATORS, Architecture
from tegnas_study import atlas, load_benchmark
from tegnas_study.analysis import Estimate, read_record, rivals, verdict
from tegnas_study.analysis.networks import (
    TEG_NETWORKS,
    network_agreements,
    teg_network_agreements,
)

# %% tags=["hide-input"]
from tegnas_study.figures.intervals import (
    RIVAL_NAMES,
    interval_chart,
    rivals_chart,
)
from tegnas_study.tables.atlases import (
    atlas_coverage,
    atlas_repeats,
    atlas_settings,
)
from tegnas_study.tables.frames import join_accuracies
from tegnas_study.tables.printed import printed_table

# %% [markdown]
# ## Who competes
#
# Let $W$ be the weights of a convolution or of the classifier, $L$ the cross-entropy loss of the batch, and $\odot$ the
# product entry by entry.
# The authors of all rivals say that a larger value is better.
#
# ```{list-table}
# :header-rows: 1
# :widths: 16 22 38 24
# :class: choices
#
# * - Indicator
#   - Symbol
#   - What it measures
#   - Source
# * - NASWOT
#   - $\log \lvert K \rvert$
#   - how differently images switch the ReLUs: $K_{ij}$ counts the ReLUs on which images $i$ and $j$ agree
#   - {cite:t}`mellor2021naswot`
# * - jacob-cov
#   - $S$
#   - how little the input gradients of images correlate
#   - the first version of NASWOT's paper
# * - grad-norm
#   - $\sum \lVert \nabla_W L \rVert$
#   - size of the loss gradient, layer by layer
#   - {cite:t}`abdelfattah2021zerocost`
# * - snip
#   - $\sum \lvert W \odot \nabla_W L \rvert$
#   - how much of the loss hangs on each single weight
#   - {cite:t}`lee2019snip`
# * - synflow
#   - $\log \sum \lvert W \odot \nabla_W \Phi \rvert$
#   - the flow $\Phi$ of an all-ones image along all paths, with $\lvert W \rvert$ for weights; it needs no data
#   - {cite:t}`tanaka2020synflow`
# * - alignment
#   - LGA
#   - label-gradient alignment: how well the centred NTK matches the labels
#   - {cite:t}`mok2022ntk`
# * - parameters, FLOPs
#   - $P$, $F$
#   - the size of the benchmark's own network
#   - {cite:t}`dong2020nasbench201`
# * - depth
#   - $D$
#   - edges on the cell's longest path from input to output
#   - {cite:t}`shu2020understanding`
# * - convolutions
#   - $n_{\mathrm{conv}}$
#   - how many of the six edges are convolutions
#   - a count of this study
# ```
#
# snip and synflow were made to prune weights; {cite:t}`abdelfattah2021zerocost` proposed to sum them over a network.

# %% tags=["remove-cell"]
better = {name: INDICATORS[name].higher_is_better for name in rivals.RIVALS}
assert all(better.values())
small = [name for name in INDICATORS if not INDICATORS[name].higher_is_better]
note("small is good", " and ".join(RIVAL_NAMES[name] for name in small))

# %% [markdown]
# Of all indicators of this study, small is good only for {glue:text}`small is good`.
#
# ## One rival by hand
#
# Three images pass through four ReLUs; 1 means that a ReLU is on.
# On how many ReLUs do two images agree?

# %%
from tegnas_core.indicators.rivals import naswot

patterns = np.array([[1, 1, 0, 0], [1, 1, 0, 1], [0, 0, 1, 1]], bool)
kernel = np.array([[np.sum(a == b) for b in patterns] for a in patterns])
print(kernel)
print(f"log |K| = log {np.linalg.det(kernel):.0f}")
value = naswot([torch.tensor(patterns)]).value
assert np.isclose(value, np.log(24))

# %% [markdown]
# Images 1 and 2 agree on three of the four ReLUs, so the first two rows of $K$ are nearly alike and its determinant is
# small.
# If they agreed on all four, the network could not tell them apart, the determinant would be zero and NASWOT would be −∞.
# Like R, NASWOT looks at activation patterns; unlike R, it also sees how far apart they are.
#
# ## It agrees with the slow way
#
# The same three lines on a real network, beside what `RivalEvaluator` says.

# %% tags=["hide-input"]
from tegnas_core import (
    RivalEvaluator,
    activation_patterns,
    make_settings,
    proxy_network,
)
from tegnas_core.data.proxy_data import draw_training_batch
from tegnas_core.networks import what_to_build
from tegnas_core.spaces.architecture import EXAMPLE
from tegnas_study import load_images

# %%
small, images = make_settings("teg", batch_size=16), load_images("synthetic")
evaluate = RivalEvaluator(small, images, seed=seed)
values = evaluate.evaluate_repeat(Architecture.parse(EXAMPLE), 0).values
printed_table(
    pd.Series(values, name="value").rename(RIVAL_NAMES).to_frame(), ".3f"
)

# %%
network = proxy_network(
    what_to_build(Architecture.parse(EXAMPLE), small),
    small,
    "kernel",
    n_classes=images.n_classes,
    seed=seed,
    repeat=0,
)

# %%
batch = draw_training_batch(images, small, seed=seed, index=0)
patterns = activation_patterns(network, [batch.images])
kernel = np.array([[np.sum(a == b) for b in patterns] for a in patterns])
slow = np.linalg.slogdet(kernel.astype(float)).logabsdet
assert np.isclose(values["naswot"], slow, rtol=1e-6)
print(f"NASWOT of {patterns.shape[1]:,} ReLUs, the slow way: {slow:.3f}")

# %% [markdown]
# ## All of them on the same networks
#
# One evaluation serves all members of a class of equal functions, as it does for the three indicators
# ({ref}`the chapter on the whole space <ch-whole-space>`).
# Agreement is Kendall's τ with accuracy, turned so that larger is always better; intervals are over whole classes.

# %% tags=["hide-input"]
benchmark, coverage = load_benchmark(), atlas_coverage(rivals.TABLE)
settings = atlas_settings(rivals.TABLE)
joined = join_accuracies(atlas(rivals=rivals.TABLE), benchmark)
table = rivals.compared(joined)
draws = rivals.rival_agreements(table, seed=seed, n_draws=n_draws)
note("coverage", str(coverage))
note("n", f"{len(table):,}")
note("rival repeats", coverage.complete)


# %% tags=["hide-input"]
def part(*subsets: str) -> pd.DataFrame:
    numbers = {
        name: draws[name].table().reset_index(names="predictor")
        for name in subsets
    }
    rows = pd.concat(numbers, names=["subset"]).reset_index("subset")
    return rows.rename(columns={"value": "tau"})


# %% [markdown]
# The rivals were evaluated on CIFAR-10 images for {glue:text}`coverage`; {glue:text}`n` architectures have values of all of
# them.
# {{ here }}

# %% mystnb={"figure": {"caption": "Agreement with test accuracy on CIFAR-10 of the three indicators, the sum of their ranks and their rivals, over all architectures and with each function once. Intervals of 95 % are over classes. FLOPs order the space as parameters do.", "name": "fig-rivals"}, "image": {"alt": "Thirteen rows with two intervals each. The sum of ranks, NASWOT, convolutions, parameters, MSE, jacob-cov and synflow lie close together at the top, then \u03ba and R, then alignment; snip, grad-norm and depth lie furthest left.", "width": "520px"}} tags=["hide-input"]
rivals_chart(part("classes", "all"))
plt.show()


# %% tags=["hide-input"]
def estimate(predictor: str, subset: str = "classes") -> Estimate:
    return draws[subset].estimate(predictor)


for predictor in rivals.present(table):
    for subset, drawn in draws.items():
        if predictor in drawn.value.index:
            key = f"{predictor}, {subset}"
            note(key, f"{estimate(predictor, subset)}")

# %% [markdown]
# With each function counted once, {numref}`fig-rivals` has a leading group that the intervals hardly part: the sum of
# ranks ({glue:text}`rank_sum, classes`), NASWOT ({glue:text}`naswot, classes`) and the number of convolutions
# ({glue:text}`n_convolutions, classes`), which anybody can count.
# NASWOT alone, which takes a forward pass and no gradient, is about as good as three indicators together.
# snip and grad-norm are far behind *on this small network*; how much the network has to do with it, {numref}`fig-networks`
# will show.
#
# ## Where it is hard
#
# A search needs an order among good cells, and among cells of the same size.

# %% mystnb={"figure": {"caption": "The same in the top tenth by accuracy, and among pairs of connected architectures with equally many parameters, where counting is blind by construction.", "name": "fig-rivals-hard"}, "image": {"alt": "In the top tenth R and synflow lie clearly right of zero, parameters a little, the others around or left of it. Among pairs of equal size the sum of ranks, jacob-cov and NASWOT lie furthest right, then the three single indicators; synflow, depth, snip and grad-norm lie near zero.", "width": "520px"}} tags=["hide-input"]
rivals_chart(part("top tenth", "equal size"))
plt.show()

# %% [markdown]
# In the top tenth {numref}`fig-rivals-hard` puts others in the lead: R ({glue:text}`linear_regions, top tenth`) and synflow
# ({glue:text}`log_synflow, top tenth`), while NASWOT and the sum of ranks are at zero.
# Among cells of equal size it is the other way round: synflow, which resembles counting, has a τ of only
# {glue:text}`log_synflow, equal size`, and the sum of ranks has {glue:text}`rank_sum, equal size`.

# %%
alike = pd.concat(
    [rivals.likeness(table, "parameters"), rivals.likeness(table, "rank_sum")],
    axis=1,
)
alike.columns = ["parameters", "sum of ranks"]
printed_table(alike.rename(RIVAL_NAMES).rename_axis("τ with"), ".2f")

# %% [markdown]
# The table says what each indicator resembles, with each function counted once.
# All of the good ones resemble size to some degree, and NASWOT and jacob-cov resemble the sum of ranks as much as its parts
# do: they see the same property of an untrained network from another side.

# %% [markdown]
# ## Is anything better?
#
# To see it, we compare each rival with the sum of the three ranks.
# Each resample computes both sides of a difference, so what they share cancels.
# Right of zero, a rival is better than the sum.

# %% tags=["hide-input"]
gaps = rivals.gaps(draws)
by_rival = gaps.set_index(["predictor", "subset"])
columns = ["difference", "low", "high"]
for key in (
    ("log_synflow", "top tenth"),
    ("log_synflow", "equal size"),
    ("n_convolutions", "classes"),
    ("n_convolutions", "top tenth"),
):
    found = Estimate(*by_rival.loc[key, columns], n_draws)
    note("gap {}, {}".format(*key), f"{found:.2f}")
shown = gaps[~gaps["predictor"].isin(["condition_number", "regression_error"])]
shown = shown[shown["subset"] != "all"]

# %% tags=["hide-input"]
of_naswot = shown[shown["predictor"] == "naswot"]
decided = (of_naswot["low"] > 0) | (of_naswot["high"] < 0)
note("naswot decided", f"{decided.sum()}")
note("naswot parts", len(of_naswot))

# %% mystnb={"figure": {"caption": "How much better than the sum of ranks: differences of two agreements over the same architectures, with 95 % intervals over classes.", "name": "fig-gaps"}, "image": {"alt": "Ten rows. With each function once, nothing lies to the right of zero; NASWOT and convolutions touch it. In the top tenth R and synflow lie clearly to the right; NASWOT, jacob-cov, parameters and depth reach to both sides. Among pairs of equal size nothing lies to the right.", "width": "520px"}} tags=["hide-input"]
rivals_chart(
    shown, value="difference", xlabel="agreement minus that of the sum of ranks"
)
plt.show()

# %% [markdown]
# By {numref}`fig-gaps` no rival is better everywhere.
# synflow is better by {glue:text}`gap log_synflow, top tenth` in the top tenth, and it changes by
# {glue:text}`gap log_synflow, equal size` among pairs of equal size; R behaves the same way.
# Of {glue:text}`naswot parts` parts, the interval for NASWOT leaves out zero in {glue:text}`naswot decided`.
# The number of convolutions differs by {glue:text}`gap n_convolutions, classes` when each function counts once and by
# {glue:text}`gap n_convolutions, top tenth` in the top tenth.
#
# Are they better together?
# We add the rank of one more indicator to the sum.

# %% tags=["hide-input"]
extras = ("parameters", "naswot", "jacob_cov", "log_synflow")
sums = rivals.enlarged_sums(table, extras, seed=seed, n_draws=n_draws)
gains = {
    name: sums.estimate(lambda s, name=name: s[name] - s["rank_sum"])
    for name in extras
}
gained = pd.DataFrame(
    [(name, *gain.numbers) for name, gain in gains.items()],
    columns=["extra", "tau", "low", "high"],
)
note("gain by parameters", f"{gains['parameters']:.3f}")

# %% mystnb={"figure": {"caption": "What the sum of the three ranks gains when the rank of one more indicator is added to it: differences of two agreements with test accuracy, each function once, with 95 % intervals over classes.", "name": "fig-enlarged-sums"}, "image": {"alt": "Four rows with one short interval each, all at or right of zero. Parameters gain most, then synflow and NASWOT; jacob-cov gains next to nothing.", "width": "520px"}} tags=["hide-input"]
interval_chart(
    gained,
    row="extra",
    names=RIVAL_NAMES,
    xlabel="gained agreement, difference of two τ",
)
plt.show()

# %% [markdown]
# In {numref}`fig-enlarged-sums` the number of parameters helps most, by {glue:text}`gain by parameters`: what the three lack
# is the size of the network, which costs nothing.

# %% [markdown]
# ## On the other data sets
#
# The indicators are still those of CIFAR-10 images.
# {{ recorded }}

# %% tags=["hide-input"]
record = read_record("rivals")
data_sets = {
    "cifar10_test_200": "CIFAR-10",
    "cifar100_test_200": "CIFAR-100",
    "imagenet16_120_test_200": "ImageNet16-120",
}
recorded = record.tables["agreements"]
others = recorded[recorded["subset"] == "classes"]
note("record", str(record))
taus = recorded.set_index(["accuracy", "subset", "predictor"])
for name in ("rank_sum", "n_convolutions"):
    key = ("imagenet16_120_test_200", "classes", name)
    row = taus.loc[key, ["tau", "low", "high"]]
    note(f"{name}, data set 120", str(Estimate(*row)))

# %% mystnb={"figure": {"caption": "Agreement with the benchmark's own test accuracies on three data sets, each function once. Recorded.", "name": "fig-rivals-data-sets"}, "image": {"alt": "Thirteen rows with three intervals each, in nearly the same order on all data sets, a little lower on ImageNet16-120 for most.", "width": "520px"}} tags=["hide-input"]
rivals_chart(others, colour="accuracy", names=data_sets)
plt.show()

# %% [markdown]
# {numref}`fig-rivals-data-sets` was {glue:text}`record`.
# On ImageNet16-120, too, the leading group stays together: the sum of ranks has {glue:text}`rank_sum, data set 120` and the
# number of convolutions {glue:text}`n_convolutions, data set 120`.

# %% [markdown]
# ## Beside the papers
#
# Our networks are the small proxies of TEG-NAS, with 3 channels, three cells and Kaiming's initial weights.
# The rivals' authors evaluate the benchmark's own network, with 16 channels, fifteen cells and PyTorch's default weights.
# Our choice is unfair to whatever depends on the size of gradients, above all to grad-norm and snip.
# {cite:t}`abdelfattah2021zerocost` print Spearman's ρ on CIFAR-10, the correlation of the ranks, which is usually a larger
# number than τ for the same two orders.
# By their released code these numbers come from the benchmark's network, all 15,625 cells, one set of weights and one batch
# of 64 images, beside the validation accuracy.
# Ours below come from the proxy and the test accuracy, over {glue:text}`n` cells, with the mean of
# {glue:text}`rival repeats` networks for each.

# %%
printed = {
    "grad_norm": 0.58,
    "snip": 0.58,
    "log_synflow": 0.74,
    "jacob_cov": 0.73,
}
rho = rivals.spearman(table)
beside = pd.DataFrame({"printed ρ": printed, "ρ here": rho[[*printed]]})
printed_table(beside.rename(RIVAL_NAMES), ".2f")

# %% tags=["hide-input"]
accuracy = benchmark.accuracy("cifar10")
networks = network_agreements(accuracy, seed=seed, n_draws=n_draws)
others = pd.concat(
    drawn.table().reset_index(names="predictor").assign(network=name)
    for name, drawn in networks.items()
).rename(columns={"value": "tau"})
sizes = {name: f"{int(drawn.value['n']):,}" for name, drawn in networks.items()}
words = [f"{name} ({size} cells)" for name, size in sizes.items()]
note("networks", ", ".join(words))
others = others[others["predictor"].isin(RIVAL_NAMES)]
for name, rows in others.groupby("network"):
    first = rows.loc[rows["tau"].idxmax()]
    found = Estimate(*first[["tau", "low", "high"]])
    note(f"first, {name}", f"{RIVAL_NAMES[first['predictor']]} ({found})")

# %% mystnb={"figure": {"caption": "The rivals on the networks for which there is a table, one repeat each and each class once: the proxy on which the rest of this chapter rests, and the benchmark's own network. The networks differ in how many architectures and which rivals were evaluated.", "name": "fig-networks"}, "image": {"alt": "One row for each rival, with an interval for each network on which it has been evaluated.", "width": "520px"}} tags=["hide-input"]
rivals_chart(others, colour="network")
plt.show()

# %% [markdown]
# {numref}`fig-networks` shows the networks for which the rivals have been computed: {glue:text}`networks`.
# The highest agreement on the proxy is that of {glue:text}`first, proxy`, and on the benchmark's own network that of
# {glue:text}`first, benchmark's network`.
# MeCo, SWAP, the three of AZ-NAS, ZiCo, Zen, EPE-NAS, GraSP, fisher, plain and l2-norm are further rivals from the
# literature; {ref}`the cards <ch-cards>` say what each of them computes.
# The next figure leaves out those that the proxy's table does not have.
# ({numref}`fig-two-networks` has Zen, fisher and GraSP on the *proxy*, where their agreement is another one.
# Its numbers rest on another sample of classes and on the benchmark's own accuracies, so that even on the same network they
# may differ from these by a few hundredths, as MeCo's do.)

# %% tags=["hide-input"]
rows = []
for network, drawn in networks.items():
    for name in (n for n in rivals.MEASURED if n in drawn.value.index):
        gap = drawn.estimate(lambda s, name=name: s[name] - s[f"proxy: {name}"])
        if network != "proxy":
            rows.append((name, network, *gap.numbers))
            note(f"more {name}, {network}", f"{gap}")
columns = ["predictor", "network", "gain", "low", "high"]
more = pd.DataFrame(rows, columns=columns)

# %% mystnb={"figure": {"caption": "How much more each rival agrees with accuracy on another network than on the proxy, over the same architectures, one repeat each and each class once, with 95 % intervals over classes.", "name": "fig-networks-gains"}, "image": {"alt": "One row for each rival that the proxy's table has, with an interval for each of the other networks. To the right of zero a rival agrees more than on the proxy.", "width": "520px"}} tags=["hide-input"]
interval_chart(
    more,
    row="predictor",
    colour="network",
    value="gain",
    names=RIVAL_NAMES,
    xlabel="agreement minus that on the proxy",
    palette=[*networks],
)
plt.show()

# %% [markdown]
# {numref}`fig-networks-gains` sets each rival on another network beside itself on the proxy.
# On the benchmark's own network the agreement of grad-norm changes by
# {glue:text}`more grad_norm, benchmark's network, a sample`, that of snip by
# {glue:text}`more snip, benchmark's network, a sample`, and that of NASWOT by {glue:text}`more naswot, benchmark's network`.
# So a verdict on what depends on the size of gradients would be unfair if it rested on the proxy alone.

# %% [markdown]
# ### The three on the benchmark's network
#
# The paper computes κ and MSE on a small network because that is cheap.
# On the benchmark's own network one evaluation took {glue:text}`seconds` seconds of a core in the median, so only a random
# sample of architectures has been evaluated there, with one repeat.
# R is counted on a thin network of its own in both cases, so it is the same number; in the sum of ranks it is a part as
# always.

# %% tags=["hide-input"]
three = teg_network_agreements(accuracy, seed=seed, n_draws=n_draws)
took = atlas_repeats(TEG_NETWORKS["benchmark's network"])["seconds"]
note("seconds", f"{took.median():.0f}")
note("n three", f"{int(three.value['n']):,}")
names = ("condition_number", "regression_error", "rank_sum")
sides = {"proxy: ": "proxy", "": "benchmark's network"}
both = pd.DataFrame(
    [
        (name, words, *three.estimate(f"{side}{name}").numbers)
        for name in names
        for side, words in sides.items()
    ],
    columns=["predictor", "network", "tau", "low", "high"],
)

# %% mystnb={"figure": {"caption": "Agreement of \u03ba, MSE and the sum of the three ranks with test accuracy on CIFAR-10, on the small proxy and on the benchmark's own network: the same classes of cells, one repeat on each network, with 95 % intervals over classes.", "name": "fig-teg-networks"}, "image": {"alt": "Three rows, the sum of ranks, \u03ba and MSE, with one interval for each of two networks.", "width": "520px"}} tags=["hide-input"]
rivals_chart(both, colour="network")
plt.show()

# %% tags=["hide-input"]
for name in names:
    gap = three.estimate(lambda s, name=name: s[name] - s[f"proxy: {name}"])
    note(f"larger network, {name}", f"{gap}")
    note(f"verdict larger network, {name}", str(verdict(gap)))

# %% [markdown]
# In {numref}`fig-teg-networks`, over {glue:text}`n three` classes, the sum of ranks changes by
# {glue:text}`larger network, rank_sum` on the larger network.
# The claim that the larger network makes it agree better has the verdict “{glue:text}`verdict larger network, rank_sum`”;
# the same claim has “{glue:text}`verdict larger network, condition_number`” for κ and
# “{glue:text}`verdict larger network, regression_error`” for MSE.
# The sample grows by the command that {ref}`its card <ch-cards>` and `data/README.md` name.

# %% [markdown]
# ## What to make of it
#
# ```{list-table}
# :header-rows: 1
#
# * - the claim
#   - here, CIFAR-10, each function once
#   - verdict, on this table
# * - *Mellor et al.:* NASWOT knows the accuracy
#   - {glue:text}`naswot, classes`
#   - {glue:text}`verdict naswot`
# * - *Abdelfattah et al.:* synflow is above snip
#   - by {glue:text}`synflow above snip`
#   - {glue:text}`verdict synflow above snip`
# * - … and above jacob-cov
#   - by {glue:text}`synflow above jacob-cov`
#   - {glue:text}`verdict synflow above jacob-cov`
# * - *in no paper:* synflow is above counting parameters
#   - by {glue:text}`synflow above parameters`
#   - {glue:text}`verdict synflow above parameters`
# * - *in no paper:* alignment is above κ at initialisation, three networks on one batch
#   - by {glue:text}`alignment above κ`
#   - {glue:text}`verdict alignment above κ`
# * - … averaged over {glue:text}`number_of_draws` draws of weights and batch
#   - by {glue:text}`averaged alignment above κ`
#   - {glue:text}`verdict averaged alignment above κ`
# * - *in no paper:* the sum of three ranks is above NASWOT
#   - by {glue:text}`sum of ranks above NASWOT`
#   - {glue:text}`verdict sum of ranks above NASWOT`
# ```

# %% tags=["hide-input"]
once = draws["classes"]
claims = (
    ("log_synflow", "snip"),
    ("log_synflow", "jacob_cov"),
    ("log_synflow", "parameters"),
    ("label_gradient_alignment", "condition_number"),
    ("rank_sum", "naswot"),
)
for one, other in claims:
    gap = once.estimate(lambda s, one=one, other=other: s[one] - s[other])
    claim = f"{RIVAL_NAMES[one]} above {RIVAL_NAMES[other]}"
    note(claim, f"{gap:.3f}")
    note(f"verdict {claim}", str(verdict(gap)))
note("verdict naswot", str(verdict(estimate("naswot"))))

# %% [markdown]
# These verdicts rest on *one* table of rivals: one batch of images and, for each rival, three networks.
# We know how far other weights and another batch move κ, R and MSE, but not how far they move the rivals, so do not rely on a
# verdict of this table whose interval comes close to zero.
#
# One row of the paper's Table 2 is a rival's; {ref}`another chapter <sec-jacob-cov-row>` has it, and
# {ref}`the page of claims <ch-claims>` its verdict.

# %% tags=["hide-input"]
from tegnas_study.analysis.across_draws import draw_tables
from tegnas_study.analysis.label_parts import (
    CONTROLS,
    averaged_gap,
    reliability,
)

of_draws = draw_tables(table, more=CONTROLS)
both = ("control_lga", "condition_number")
gap = averaged_gap(of_draws, both, seed=seed, n_draws=n_draws)
note("number_of_draws", len(of_draws))
note("averaged alignment above κ", f"{gap:.3f}")
note("verdict averaged alignment above κ", str(verdict(gap)))
for name in both:
    note(f"reliability {name}", reliability(of_draws, name))

# %% [markdown]
# The verdict on alignment compares a noisy number with a less noisy one.
# The orders of two draws of weights and batch agree by τ = {glue:text}`reliability control_lga:.2f` for alignment, and by
# {glue:text}`reliability condition_number:.2f` for κ.
# So the first of its two rows says that alignment *on one batch* is worse, which its noise alone could explain.
# The second row, averaged over draws, is fairer: the difference shrinks, and the noise that is left still weighs on alignment
# more than on κ.
#
# Mok et al. propose alignment for networks after a few epochs of training; {numref}`fig-trained-a-little` measures that.
# And all of this is about small networks with random weights; only {numref}`fig-networks` looks beyond them.
#
# {ref}`A card for every indicator <ch-cards>` has all its numbers on one page, and you can get one for your own.

# %% [markdown]
# ## What we now know
#
# So is anything better than these three?
# On the proxy none of these beats their sum of ranks where each function counts once, and none does among cells of equal
# size; how MeCo and other younger ones do on the benchmark's own network is told in {ref}`ch-together`.
# But NASWOT and the number of convolutions are as good where each function counts once, and cheaper; and what improves the
# sum most is to add the size.
# In the top tenth, where a search ends, R has {glue:text}`linear_regions, top tenth`, synflow
# {glue:text}`log_synflow, top tenth`, and the sum of ranks {glue:text}`rank_sum, top tenth`.

# %% [markdown]
# ## Exercises
#
# ```{exercise}
# :label: ex-naswot
# Two images pass through five ReLUs and agree on two of them.
# What is NASWOT?
# ```

# %%
answer = None  # your number

from tegnas_study.exercises import check

check("ex-naswot", answer)

# %% [markdown]
# ````{solution} ex-naswot
# :class: dropdown
# $K = \bigl(\begin{smallmatrix}5&2\\2&5\end{smallmatrix}\bigr)$, its determinant is $25 - 4 = 21$, and
# $\log 21 \approx 3.04$.
#
# ```python
# answer = np.log(5 * 5 - 2 * 2)
# ```
# ````
#
# ```{exercise}
# :label: ex-snip-scale
# A convolution is followed by batch normalisation.
# Multiply all its weights by 10.
# By which factor does its part of snip change?
# ```

# %%
answer = None  # your number

check("ex-snip-scale", answer)

# %% [markdown]
# ````{solution} ex-snip-scale
# :class: dropdown
# By 1: batch normalisation takes the factor out of the output, so the loss does not change and its gradient with respect
# to the weights becomes ten times smaller, while the weights are ten times larger.
# grad-norm's part does become ten times smaller, so it depends on a scale that the network does not feel.
#
# ```python
# answer = 1
# ```
# ````
#
# ```{exercise}
# :label: ex-write-weighted-naswot
# In NASWOT's kernel every unit counts once, so a layer with large maps of features outvotes all others.
# Give each unit a weight, for instance one over the number of units in its layer: $K_{ij}$ is then the sum of the weights of
# the units on which images $i$ and $j$ agree.
# Write NASWOT with weights.
# Before you run it, predict by how much it changes for $n$ images when all weights are doubled.
# ```


# %%
def weighted_naswot(patterns, weights):
    """Return log |det K| of a boolean array (images, units) and weights (units,)."""
    ...


check("ex-write-weighted-naswot", weighted_naswot)

# %% [markdown]
# ````{solution} ex-write-weighted-naswot
# :class: dropdown
# Units that are on for both images and units that are off for both are two products of matrices, and each column of the one
# side is multiplied by its weight.
# Doubling all weights doubles $K$, so its determinant grows by the factor $2^n$ and NASWOT by $n \log 2$ for every
# architecture alike: the order stays.
#
# ```python
# def weighted_naswot(patterns, weights):
#     on = np.asarray(patterns, float)
#     off = 1 - on
#     agreements = (on * weights) @ on.T + (off * weights) @ off.T
#     return np.linalg.slogdet(agreements)[1]
# ```
# ````

# %% [markdown]
# ## Provenance

# %% tags=["hide-input"]
from tegnas_study.colophon import colophon

colophon(seed=seed, started=started, settings=settings, benchmark=benchmark)

# %% tags=["hide-input"]
record
