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
# (ch-whole-space)=
# # Does an Untrained Network Know How Good It Will Become?
#
# The paper's first figure puts each indicator against accuracy, an architecture a dot, and prints one number for it: a
# Kendall's τ of −0.59 for κ {cite}`chen2021tegnas`.
# It does not say for which architectures, on which data set, or how sure the number is.
#
# Here we take *all* architectures of NAS-Bench-201 {cite}`dong2020nasbench201`.
# That turns the one number into several questions: how strong is the agreement, how sure are we, for which
# architectures does it hold, is it more than counting parameters gives, and does R really prefer training accuracy while
# MSE prefers test accuracy?
# After this chapter you can compute τ by hand, say what an interval of it is about, and test a claim in pairs.

# %% tags=["parameters"]
n_draws: int = 1000  # resamples behind every interval
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

note = partial(glue, display=False)  # a number for the prose

# %% tags=["hide-input"]
from tegnas_study import atlas, load_benchmark
from tegnas_study.analysis import Estimate, read_record, verdict, whole_space
from tegnas_study.figures.intervals import interval_chart
from tegnas_study.figures.style import SYMBOLS
from tegnas_study.figures.whole_space import density_panels, short_lists
from tegnas_study.tables.atlases import (
    atlas_coverage,
    atlas_repeats,
    atlas_settings,
)

note("n_draws", f"{n_draws:,}")

# %% [markdown]
# ## Do two orders agree?
#
# **Kendall's τ** {cite}`kendall1938` looks at pairs.
# A pair of architectures is *concordant* when both numbers order it alike and *discordant* when they order it
# oppositely; τ is the share of the first minus the share of the second.
# {ref}`An earlier chapter <ch-indicators-and-accuracy>` defines it and says what ties do; here is the idea once more, on
# four architectures, whose six pairs one can do by hand.

# %%
from tegnas_study.tables.ranking import kendall_tau

kappa = [100, 300, 200, 900]
accuracy = [94, 91, 93, 60]
signs = [
    np.sign(kappa[i] - kappa[j]) * np.sign(accuracy[i] - accuracy[j])
    for i, j in itertools.combinations(range(4), 2)
]
print("signs of the pairs:", *signs)
assert sum(signs) / len(signs) == kendall_tau(kappa, accuracy).tau == -1

# %% [markdown]
# Every pair is discordant, so τ = −1: a small κ goes with a high accuracy, always.
# Only the order matters; κ could be squared without changing anything.
# With ties the denominator shrinks accordingly (τ-b).
#
# For κ and MSE small is good and for R large is, so a good τ is negative for the first two.
# To compare strengths we turn the first two round and call the result the **agreement** with accuracy: larger is always
# better, 1 is perfect, 0 is what a blind order reaches.

# %% [markdown]
# ## The atlas
#
# Somebody trained all architectures; we evaluated the untrained networks of all of them.
# Cells that compute the same function share their numbers, so one evaluation serves a whole class.

# %%
from tegnas_study.analysis import with_predictors
from tegnas_study.tables.frames import join_accuracies

benchmark, coverage = load_benchmark(), atlas_coverage()
settings = atlas_settings().model_copy(update={"repeats": coverage.complete})
table = with_predictors(join_accuracies(atlas(), benchmark))
note("coverage", str(coverage))
note("benchmark", benchmark.description)
note("settings", settings.label)
print(coverage)

# %% [markdown]
# What this page shows rests on {glue:text}`coverage`, on CIFAR-10 images, with the settings
# {glue:text}`settings`.
# Architectures that are not evaluated yet are left out.
# {{ here }}
# Every interval rests on {glue:text}`n_draws` resamples.

# %%
draws = whole_space.agreements_by_subset(table, seed=seed, n_draws=n_draws)
agreement = whole_space.agreement_table(draws, table)
everything = agreement[agreement["subset"] == "all"]
panels = pd.concat(
    whole_space.binned(table, name) for name in whole_space.PANELS
)

# %% mystnb={"figure": {"caption": "The whole space: test accuracy on CIFAR-10 over the three indicators and over the sum of their ranks. The darker a bin, the more architectures are in it. Above each panel is Kendall's \u03c4 with its 95 % interval. Architectures whose \u03ba and MSE are infinite have no place in their panels; they are in \u03c4.", "name": "fig-whole-space"}, "image": {"alt": "Four panels of blue bins. Accuracy falls with \u03ba and with MSE, rises with R, and falls most clearly with the sum of ranks. In every panel the dark mass lies at the top, where accuracy hardly changes.", "width": "520px"}} tags=["hide-input"]
density_panels(panels, whole_space.panel_words(everything))
plt.show()


# %%
def estimate(predictor: str, subset: str = "all") -> Estimate:
    rows = agreement.set_index(["subset", "predictor"])
    numbers = rows.loc[(subset, predictor), ["tau", "low", "high"]]
    return Estimate(*numbers, n_draws)


found = {name: estimate(name) for name in [*whole_space.PANELS, "parameters"]}
for name, value in found.items():
    note(f"tau_{name}", f"{value}")
note("tau_kappa_signed", f"{-found['condition_number']}")

# %% [markdown]
# All three indicators know something: their agreements are {glue:text}`tau_condition_number` for κ,
# {glue:text}`tau_linear_regions` for R and {glue:text}`tau_regression_error` for MSE.
# The sum of their ranks reaches {glue:text}`tau_rank_sum`.
# In {numref}`fig-whole-space` most of it is seen from afar: bad architectures are told from good ones, while the dark
# mass at the top is flat.

# %% [markdown]
# ## How sure is that?
#
# We have every architecture of the space, so there is no larger set that ours was drawn from.
# An interval answers another question: how far would τ move in a space *like* this one?
# The bootstrap {cite}`efron1979bootstrap` draws as many members as there are, with replacement, again and again.
#
# But what is a member?
# The strings of one class share their indicators, so they are not independent witnesses.
# We therefore draw whole classes.
#
# And the architectures are not all there is to draw.
# Somebody who repeats the study starts from other weights and another batch of images, and gets another κ, R and MSE for
# every cell.
# How sure a claim *about the indicators* is depends on these draws as much as on the space.
# The atlas has several of them, each with all architectures.
# {{ recorded }}

# %% tags=["hide-input"]
from tegnas_study.analysis import bootstrap, repeats
from tegnas_study.analysis.subsets import oriented, subset
from tegnas_study.tables.bootstrap import taus

rows = subset(table)
statistic = taus({"all": (oriented(rows, "rank_sum"), rows["test_accuracy"])})
strings = bootstrap(statistic, rows.index, seed=seed, n_draws=n_draws)
note("by_string", f"{strings.estimate('all'):.3f}")
note("by_class", f"{found['rank_sum']:.3f}")
note("largest_class", int(rows["representative"].value_counts().iloc[0]))

# %%
from tegnas_study.analysis.across_draws import from_row

of_draws, repeated = read_record("draws"), atlas_repeats()
across = of_draws.tables["agreements"].set_index(
    ["accuracy", "subset", "statistic"]
)
n_recorded = int(of_draws.provenance["draws"])


def drawn(statistic: str, subset: str, accuracy: str = "cifar10_test_200"):
    row = across.loc[(accuracy, subset, statistic)]
    return from_row(row, resamples=n_recorded)


# %% tags=["hide-input"]
both = drawn("rank_sum", "all")
note("by_draw", f"{both.estimate.value:.3f} ± {both.sd:.3f}".replace("-", "−"))
note("by_both", f"{both.estimate:.3f}")
note("number_of_draws", both.n_draws)
note("n_recorded", f"{n_recorded:,}")
note("of_draws", str(of_draws))
note("by_repeat_count", " / ".join(f"{n:,}" for n in coverage.by_repeat))

# %% [markdown]
# ```{list-table}
# :header-rows: 1
#
# * - what is drawn anew
#   - agreement of the sum of ranks
# * - whole classes
#   - {glue:text}`by_class`
# * - single strings
#   - {glue:text}`by_string`
# * - weights and batch, the architectures being these: mean ± standard deviation over {glue:text}`number_of_draws` draws
#   - {glue:text}`by_draw`
# * - weights and batch, and whole classes
#   - {glue:text}`by_both`
# ```
#
# The interval over classes is much wider than that over strings: the largest class alone has {glue:text}`largest_class`
# members, and a resample may hold it several times or not at all.
# In other words, a few simple functions carry much of the τ over all strings.
# The last two rows take one network for each architecture in every draw, so that no draw is quieter than another, where
# the first two take the mean of the atlas over its repeats; that is why their τ is lower.
#
# Two rules follow for the rest of the book.
# Intervals of one table are over classes.
# And a **verdict** on an indicator is given across draws: the mean over draws with an interval for which draws and classes
# are both drawn anew ({glue:text}`n_recorded` times), and in how many of the draws the claim is true.
# With so few draws the interval is still a little too narrow, so look at the count beside it before you lean on a verdict.
# Where a verdict rests on one table of draws only, the page says so.

# %% tags=["hide-input"]
between = repeats.agreement_between(table, repeated)
lines = between.groupby("predictor", sort=False)["tau"].mean()
noise = ", ".join(f"{SYMBOLS[name]} {tau:.2f}" for name, tau in lines.items())
note("noise", noise or "not known with one repeat")

# %% [markdown]
# How much of the order is noise of the random weights?
# Two repeats differ in nothing else, and over connected architectures they agree with each other by this τ:
# {glue:text}`noise`.
# (The repeats are there for {glue:text}`by_repeat_count` classes; one that less than half of them have takes no part.)

# %% [markdown]
# ## For which architectures does it hold?
#
# A τ over the whole space mixes easy pairs with hard ones.
# So we ask again in parts of the space.
#
# all
# : every architecture that was evaluated;
#
# connected
# : without the cells that nothing passes, whose κ and MSE are infinite;
#
# classes
# : one architecture for each class, so that no function counts more often than another;
#
# top tenth
# : the 10 % with the highest accuracy, where a search has to choose;
#
# equal size
# : connected architectures, comparing only pairs with *equally many parameters*.
#
# And we let two rivals in that need no evaluation at all: the number of parameters and of FLOPs of the benchmark's
# network.
# Both count one convolution the same way, so they order the space alike and we draw only the first.

# %%
assert draws["all"].value["flops"] == draws["all"].value["parameters"]
shown = agreement[agreement["predictor"] != "flops"]
for part in ("classes", "top tenth", "equal size"):
    note(f"sum_{part}", str(estimate("rank_sum", part)))
for part in ("classes", "top tenth"):
    note(f"parameters_{part}", str(estimate("parameters", part)))
for key in ("condition_number", "linear_regions"):
    note(f"{key}_top", str(estimate(key, "top tenth")))
    note(f"{key}_top_draws", f"{drawn(key, 'top tenth')}")
ceilings = of_draws.tables["ceilings"].set_index(["other", "subset"])["tau"]
for key, part in itertools.product(
    ("trained anew by others",), ("all", "top tenth")
):
    note(f"ceiling_{part}", float(ceilings[key, part]))
note("ceiling_half", float(ceilings["half of the images", "top tenth"]))

# %% mystnb={"figure": {"caption": "Agreement with test accuracy in five parts of the space, with 95 % intervals over classes. The diamond is what the paper prints for \u03ba.", "name": "fig-subsets"}, "image": {"alt": "Five rows, one for each indicator, the sum of ranks and the number of parameters. Over all architectures, connected ones and classes the agreement is about 0.5 to 0.6; among pairs of equal size it is smaller. In the top tenth it is near zero for MSE and the sum of ranks, negative for \u03ba, clearly above zero for R, and a little above it for the number of parameters.", "width": "520px"}} tags=["hide-input"]
interval_chart(
    shown,
    row="predictor",
    colour="subset",
    names=SYMBOLS,
    paper={"condition_number": 0.59},
)
plt.show()

# %% [markdown]
# {numref}`fig-subsets` is the chapter in one picture.
# With each function counted once, the sum of ranks agrees by {glue:text}`sum_classes` and the number of parameters by
# {glue:text}`parameters_classes`.
# Among pairs of equal size, where counting parameters is blind by construction, the sum of ranks still agrees by
# {glue:text}`sum_equal size`: the indicators know something that size does not.
# In the top tenth it is {glue:text}`sum_top tenth` for the sum of ranks and {glue:text}`parameters_top tenth` for
# parameters.
# κ has {glue:text}`condition_number_top` there, where a negative number means that a *larger* κ goes with a better
# architecture, and R is the one indicator that still helps, with {glue:text}`linear_regions_top`.
# Across {glue:text}`number_of_draws` draws of the weights, one network each and with the benchmark's own accuracies, the
# two are {glue:text}`condition_number_top_draws` and {glue:text}`linear_regions_top_draws` (mean ± standard deviation
# over draws, then the interval).
#
# How much could one hope for?
# No predictor can be expected to agree with one training run better than another training run does.
# Two trainings of the whole space, the benchmark's own and an independent one, agree by {glue:text}`ceiling_all:.2f` over
# all architectures, but in the top tenth by {glue:text}`ceiling_top tenth:.2f` only (recorded; the benchmark's accuracies
# are means over its seeds, and its own training with half of the images agrees by {glue:text}`ceiling_half:.2f`).
# A τ among the best is to be read against this ceiling, not against 1.

# %% [markdown]
# ## What is a short list worth?
#
# Suppose you may train k architectures and take the first k of an indicator's list.
# How many of them are among the k truly best?

# %% tags=["hide-input"]
ks = sorted({int(k) for k in np.geomspace(10, len(rows), 15)})
precision = whole_space.precision_table(table, ks)
first = precision.drop_duplicates("predictor").set_index("predictor")["first"]
note("best", float(precision["best"].iloc[0]))
for name in ("condition_number", "rank_sum", "parameters"):
    note(f"first_{name}", float(first[name]))

# %% mystnb={"figure": {"caption": "Precision at k: the share of a predictor's k first that are among the k most accurate. Ties count by what breaking them at random gives on average. The curves of parameters and FLOPs are one.", "name": "fig-short-lists"}, "image": {"alt": "Curves rise from near zero at k = 10 to one at k = all. Up to a few hundred all of them lie near zero; beyond, parameters and the sum of ranks rise first.", "width": "520px"}} tags=["hide-input"]
short_lists(precision[precision["predictor"] != "flops"])
plt.show()

# %% [markdown]
# For short lists the curves of {numref}`fig-short-lists` hug the ground.
# The architecture that the sum of ranks puts first has {glue:text}`first_rank_sum:.2f` %, the one with the smallest κ
# {glue:text}`first_condition_number:.2f` %, the largest one {glue:text}`first_parameters:.2f` %; the best of the space has
# {glue:text}`best:.2f` %.
# (Where several tie for the first place, the number is their mean.)

# %% [markdown]
# ## Does R prefer training, and MSE test accuracy?
#
# The paper observes that R agrees more with training than with test accuracy and MSE the other way round, and reads it
# as a confirmation: R measures what a network can fit, MSE how it generalizes.
#
# Training accuracies do not come with the installation.
# {{ recorded }}

# %% tags=["hide-input"]
record, training = read_record("correlations"), read_record("train-test")
note("record", str(training))
recorded = record.tables["agreements"].replace(
    {"accuracy": {"cifar10_train_acc_200": "train_accuracy"}}
)
train_rows = recorded[
    (recorded["accuracy"] == "train_accuracy") & (recorded["subset"] == "all")
]
train_panels = record.tables["panels"].replace(
    {"accuracy": {"cifar10_train_acc_200": "train_accuracy"}}
)

# %% mystnb={"figure": {"caption": "As the first figure of this chapter, with training accuracy: 50,000 images, 200 epochs, CIFAR-10. Recorded.", "name": "fig-whole-space-train"}, "image": {"alt": "Four panels of blue bins that look like those with test accuracy, but the dark mass lies at 100 percent.", "width": "520px"}} tags=["hide-input"]
density_panels(
    train_panels, whole_space.panel_words(train_rows), "train_accuracy"
)
plt.show()

# %% [markdown]
# {numref}`fig-whole-space-train` looks like {numref}`fig-whole-space`, since training and test accuracy order the space
# nearly alike.
# Two intervals that overlap say nothing here.
# What must be tested is the **difference** of two τ over the same architectures: each resample computes both, so what
# they share cancels.
# {numref}`fig-train-test` shows the differences across draws, positive when the paper's claim is true, under three ways to measure
# training: with 50,000 images (training accuracy of one seed), with 25,000 (mean over seeds), and by the training loss,
# which has no ties at 100 %.

# %%
claims = of_draws.tables["claims"]
paper_claims = [
    "R agrees more with training",
    "MSE agrees more with test",
    "κ agrees more with training",
]
chosen = claims[
    (claims["subset"] == "all") & claims["claim"].isin(paper_claims)
]
names = {claim: claim.replace(" more ", "\nmore ") for claim in paper_claims}

# %% mystnb={"figure": {"caption": "Differences of two agreements over the same architectures: means over draws of weights and batch, with 95 % intervals over draws and classes. To the right of zero the claim is true. The third row is no claim of the paper: it asks the same of \u03ba. Recorded.", "name": "fig-train-test"}, "image": {"alt": "Three rows with three intervals each. For R the intervals lie at or slightly right of zero, for MSE clearly right of zero, for \u03ba clearly left of zero.", "width": "520px"}} tags=["hide-input"]
interval_chart(
    chosen,
    row="claim",
    colour="protocol",
    value="mean",
    names=names,
    xlabel="difference of two τ",
)
plt.show()

# %%
by_claim = claims.set_index(["protocol", "subset", "claim"])
protocols = list(dict.fromkeys(claims["protocol"]))


def claimed(claim: str, protocol: str, subset: str = "all"):
    row = by_claim.loc[(protocol, subset, claim)]
    return from_row(row, resamples=n_recorded)


# %% tags=["hide-input"]
for letter, claim in zip("RMK", paper_claims, strict=True):
    for number, protocol in enumerate(protocols):
        for once, part in (("", "all"), ("f", "classes")):
            value = claimed(claim, protocol, part)
            note(f"{letter}{number}{once}", f"{value:.3f}")
            words = f"{verdict(value.estimate)} ({value.words()})"
            note(f"verdict_{letter}{number}{once}", words)

# %% [markdown]
# ```{list-table}
# :header-rows: 1
#
# * - the claim
#   - 50,000 images
#   - 25,000 images
#   - training loss
# * - R agrees more with training
#   - {glue:text}`R0`: {glue:text}`verdict_R0`
#   - {glue:text}`R1`: {glue:text}`verdict_R1`
#   - {glue:text}`R2`: {glue:text}`verdict_R2`
# * - … each function once
#   - {glue:text}`R0f`: {glue:text}`verdict_R0f`
#   - {glue:text}`R1f`: {glue:text}`verdict_R1f`
#   - {glue:text}`R2f`: {glue:text}`verdict_R2f`
# * - MSE agrees more with test
#   - {glue:text}`M0`: {glue:text}`verdict_M0`
#   - {glue:text}`M1`: {glue:text}`verdict_M1`
#   - {glue:text}`M2`: {glue:text}`verdict_M2`
# * - … each function once
#   - {glue:text}`M0f`: {glue:text}`verdict_M0f`
#   - {glue:text}`M1f`: {glue:text}`verdict_M1f`
#   - {glue:text}`M2f`: {glue:text}`verdict_M2f`
# * - *for comparison:* κ agrees more with training
#   - {glue:text}`K0`: {glue:text}`verdict_K0`
#   - {glue:text}`K1`: {glue:text}`verdict_K1`
#   - {glue:text}`K2`: {glue:text}`verdict_K2`
# * - … each function once
#   - {glue:text}`K0f`: {glue:text}`verdict_K0f`
#   - {glue:text}`K1f`: {glue:text}`verdict_K1f`
#   - {glue:text}`K2f`: {glue:text}`verdict_K2f`
# ```
#
# A cell gives the mean ± standard deviation over draws, the interval over draws and classes, the verdict, and in how many
# of the draws the difference is on the claim's side.
#
# Three things temper these verdicts.
# The differences are at most about a tenth of the agreements they are taken from.
# κ, which is meant to measure *trainability*, is tested by the last rows in the same way; where MSE and κ lean to the same
# side, the leaning is no sign of generalization.
# And with 50,000 images the training accuracy is that of one seed, while test accuracy is a mean over seeds: noise alone
# lowers an agreement with training there.

# %% tags=["hide-input"]
for letter, claim in zip("RM", paper_claims):
    for split in ("test", "training"):
        value = claimed(claim, protocols[0], f"top tenth by {split}")
        note(f"{letter}_{split}", f"{value:.3f}")
        words = f"{verdict(value.estimate)}, {value.words()}"
        note(f"verdict_{letter}_{split}", words)
by_loss = claimed(paper_claims[1], protocols[2], "top tenth by test")
note("M_loss", f"{by_loss:.3f}")
note("verdict_M_loss", f"{verdict(by_loss.estimate)}, {by_loss.words()}")

# %% [markdown]
# Among the best the answer depends on what "best" is.
# Choosing a tenth by test accuracy shortens its range, and a shorter range means a smaller τ with *that* accuracy; so we
# choose both ways.
# For MSE the difference is {glue:text}`M_test` in the top tenth by test accuracy ({glue:text}`verdict_M_test`) and
# {glue:text}`M_training` in the top tenth by training accuracy ({glue:text}`verdict_M_training`); for R it is
# {glue:text}`R_test` ({glue:text}`verdict_R_test`) and {glue:text}`R_training` ({glue:text}`verdict_R_training`).
# By the training loss, which still orders networks that all reach 100 %, the difference for MSE in the top tenth by test
# accuracy is {glue:text}`M_loss` ({glue:text}`verdict_M_loss`).

# %% [markdown]
# ## Is κ trainability?
#
# The paper calls κ *trainability*, and two free tests of the name have not been made.
# An indicator of how easily a network is trained should tell best when training has only begun, since then the fast
# learners lead; the accuracies after one epoch and after twelve come from the benchmark's run of twelve epochs.
# And among cells that all fit their training images, above 99 % of 25,000, there is no trainability left to differ in: what
# differs is the gap between training and test accuracy, which is generalization.

# %% tags=["hide-input"]
alone = ["condition_number", "linear_regions", "regression_error"]
by_epoch = of_draws.tables["epochs"].set_index(["epoch", "statistic"])
for epoch in (1, 12, 200):
    for name in (*alone, "rank_sum", "R above κ"):
        row = by_epoch.loc[(epoch, name)]
        value = from_row(row, resamples=n_recorded)
        note(f"epoch {epoch} {name}", f"{value}")
        words = f"{verdict(value.estimate)} ({value.words()})"
        note(f"verdict epoch {epoch} {name}", words)

# %% tags=["hide-input"]
fitted = of_draws.tables["fitted"].set_index("statistic")
note("n_fitted", f"{int(fitted['n'].iloc[0]):,}")
for name in (*alone, "parameters"):
    value = from_row(fitted.loc[name], resamples=n_recorded)
    note(f"gap {name}", f"{value}")
    words = f"{verdict(value.estimate)} ({value.words()})"
    note(f"verdict gap {name}", words)

# %% [markdown]
# ```{list-table}
# :header-rows: 1
#
# * - agreement with CIFAR-10 test accuracy after
#   - 1 epoch
#   - 12 epochs
#   - 200 epochs
# * - κ
#   - {glue:text}`epoch 1 condition_number`
#   - {glue:text}`epoch 12 condition_number`
#   - {glue:text}`epoch 200 condition_number`
# * - R
#   - {glue:text}`epoch 1 linear_regions`
#   - {glue:text}`epoch 12 linear_regions`
#   - {glue:text}`epoch 200 linear_regions`
# * - MSE
#   - {glue:text}`epoch 1 regression_error`
#   - {glue:text}`epoch 12 regression_error`
#   - {glue:text}`epoch 200 regression_error`
# * - R agrees more than κ
#   - {glue:text}`verdict epoch 1 R above κ`
#   - {glue:text}`verdict epoch 12 R above κ`
#   - {glue:text}`verdict epoch 200 R above κ`
# ```
#
# κ fails the first test.
# Its agreement is smallest after the first epoch and grows with training, as that of the others does, and it is not ahead
# of R, the indicator of *expressivity*, when training has only begun.
#
# Among the {glue:text}`n_fitted` cells that fit their images, a small κ goes with a small gap between training and test
# accuracy by {glue:text}`gap condition_number`: {glue:text}`verdict gap condition_number`.
# So does a small MSE, by {glue:text}`gap regression_error` ({glue:text}`verdict gap regression_error`), and a large number
# of parameters by {glue:text}`gap parameters`.
# What κ tells where trainability is no longer in question is as much about generalization as what MSE tells: the names of
# the three indicators say what they were made for, not what they measure.
# (All numbers are means ± deviations over draws with intervals over draws and classes, over all strings.)

# %% [markdown]
# ## On the other data sets
#
# The indicators here are those of CIFAR-10 images.
# The next figure sets them against what the same cells reach on CIFAR-100 and on ImageNet16-120
# {cite}`chrabaszcz2017downsampled`: indicators on *those* images would need their data.

# %%
data_sets = {
    "cifar10_test_200": "CIFAR-10",
    "cifar100_test_200": "CIFAR-100",
    "imagenet16_120_test_200": "ImageNet16-120",
}
others = recorded[
    recorded["accuracy"].isin(data_sets)
    & (recorded["subset"] == "classes")
    & (recorded["predictor"] != "flops")
]

# %% tags=["hide-input"]
TEST = list(data_sets)
own = recorded.set_index(["accuracy", "subset", "predictor"])
for key, name in (("sum", "rank_sum"), ("parameters", "parameters")):
    for short, column in (("cifar10", TEST[0]), ("imagenet", TEST[2])):
        note(f"{key}_{short}", float(own.loc[(column, "classes", name), "tau"]))
for name in ("rank_sum", "condition_number"):
    row = own.loc[("cifar10_test_200", "all", name)]
    note(f"recorded_{name}", str(Estimate(row["tau"], row["low"], row["high"])))

# %% mystnb={"figure": {"caption": "Agreement of indicators on CIFAR-10 images with the benchmark's own test accuracies on three data sets; each function counts once. Recorded.", "name": "fig-data-sets"}, "image": {"alt": "Five rows with three intervals each; all lie between 0.45 and 0.65, those for ImageNet16-120 mostly a little lower.", "width": "520px"}} tags=["hide-input"]
interval_chart(
    others, row="predictor", colour="accuracy", names={**SYMBOLS, **data_sets}
)
plt.show()

# %% [markdown]
# {numref}`fig-data-sets` says how far the agreement carries over.
# From CIFAR-10 to ImageNet16-120 the sum of ranks goes from {glue:text}`sum_cifar10:.2f` to {glue:text}`sum_imagenet:.2f`,
# the number of parameters from {glue:text}`parameters_cifar10:.2f` to {glue:text}`parameters_imagenet:.2f`.
# Over all strings, with the benchmark's own CIFAR-10 accuracy, the recorded agreements are
# {glue:text}`recorded_condition_number` for κ and {glue:text}`recorded_rank_sum` for the sum of ranks.

# %% [markdown]
# ## Beside the paper

# %%
from tegnas_study.analysis.draws_record import ALONE, SIZE

gains, splits = {"alone": ALONE, "size": SIZE}, {}
splits["test"] = "cifar10_test_200"
splits["valid"] = "cifar10_valid_valid_acc_200"
parts = ("all", "classes", "top tenth")

# %% tags=["hide-input"]
for (key, gain), (split, column), part in itertools.product(
    gains.items(), splits.items(), parts
):
    gap = drawn(gain, part, column)
    note(f"gap_{key}_{split}_{part}", f"{gap:.3f}")
    words = f"{verdict(gap.estimate)} ({gap.words()})"
    note(f"verdict_{key}_{split}_{part}", words)
    if gain == ALONE:
        best = across.loc[(column, part, gain), "against"]
        note(f"best_alone_{split}_{part}", SYMBOLS[best])

# %% tags=["hide-input"]
here = {part: whole_space.gain_of_sum(draws[part]) for part in parts}
for part, (best, gap) in here.items():
    note(f"here_{part}", f"{gap:.3f}")
    note(f"here_best_{part}", SYMBOLS[best])

# %% tags=["hide-input"]
for name in alone:
    value = drawn(name, "all")
    note(f"across_{name}", f"{value}")
note("across_kappa", f"{-drawn('condition_number', 'all')}")

# %% tags=["hide-input"]
from tegnas_study.ledger import verdict_of

judged = verdict_of("strong-correlations")
for name in alone:
    part = judged.part(SYMBOLS[name])
    note(f"verdict_{name}", f"{part.verdict} ({part.in_draws})")
printed = verdict_of("fig1-kappa")
note("printed", printed.word)
note("printed_number", str(printed.part().found))

# %% [markdown]
# ```{list-table}
# :header-rows: 1
#
# * - the claim
#   - CIFAR-10, across {glue:text}`number_of_draws` draws
#   - verdict
# * - κ is negatively correlated with test accuracy
#   - τ = {glue:text}`across_kappa`
#   - {glue:text}`verdict_condition_number`
# * - … with a τ of −0.59
#   - τ = {glue:text}`printed_number`, averages of three draws, as the paper takes them
#   - {glue:text}`printed`
# * - R is positively correlated
#   - τ = {glue:text}`across_linear_regions`
#   - {glue:text}`verdict_linear_regions`
# * - MSE is negatively correlated
#   - agreement {glue:text}`across_regression_error`
#   - {glue:text}`verdict_regression_error`
# * - the three together rank better than the best of them alone; all strings
#   - test: by {glue:text}`gap_alone_test_all` ({glue:text}`best_alone_test_all` alone); validation: by
#     {glue:text}`gap_alone_valid_all` ({glue:text}`best_alone_valid_all` alone)
#   - {glue:text}`verdict_alone_test_all`; {glue:text}`verdict_alone_valid_all`
# * - … each function once
#   - test: by {glue:text}`gap_alone_test_classes` ({glue:text}`best_alone_test_classes`); validation: by
#     {glue:text}`gap_alone_valid_classes` ({glue:text}`best_alone_valid_classes`)
#   - {glue:text}`verdict_alone_test_classes`; {glue:text}`verdict_alone_valid_classes`
# * - … top tenth
#   - test: by {glue:text}`gap_alone_test_top tenth` ({glue:text}`best_alone_test_top tenth`); validation: by
#     {glue:text}`gap_alone_valid_top tenth` ({glue:text}`best_alone_valid_top tenth`)
#   - {glue:text}`verdict_alone_test_top tenth`; {glue:text}`verdict_alone_valid_top tenth`
# * - *not in the paper:* the three together rank better than the number of parameters; all strings
#   - test: by {glue:text}`gap_size_test_all`; validation: by {glue:text}`gap_size_valid_all`
#   - {glue:text}`verdict_size_test_all`; {glue:text}`verdict_size_valid_all`
# * - … each function once
#   - test: by {glue:text}`gap_size_test_classes`; validation: by {glue:text}`gap_size_valid_classes`
#   - {glue:text}`verdict_size_test_classes`; {glue:text}`verdict_size_valid_classes`
# * - … top tenth
#   - test: by {glue:text}`gap_size_test_top tenth`; validation: by {glue:text}`gap_size_valid_top tenth`
#   - {glue:text}`verdict_size_test_top tenth`; {glue:text}`verdict_size_valid_top tenth`
# * - R agrees more with training than with test accuracy
#   - by {glue:text}`R0`; each function once: by {glue:text}`R0f`
#   - {glue:text}`verdict_R0`; {glue:text}`verdict_R0f`
# * - MSE agrees more with test than with training accuracy
#   - by {glue:text}`M0`; each function once: by {glue:text}`M0f`
#   - {glue:text}`verdict_M0`; {glue:text}`verdict_M0f`
# ```
#
# Verdicts on κ, R and MSE alone are those of {ref}`the page of claims <ch-claims>`, where the rules stand.
# "Holds" means that the whole 95 % interval is on the claim's side of zero, "does not hold" that it is on the other,
# "cannot tell" that it has both.
# The interval is of the mean over draws; the number of draws beside it says how often *one* draw would have told you so.
# Test and validation accuracy stand beside each other, since the paper's tables mix the two.
# Which indicator is the best alone is asked in each subset anew, for it is not the same one everywhere.
# In the atlas's own averages, with the accuracies of this page, the gain over the best alone is {glue:text}`here_all` over
# all strings ({glue:text}`here_best_all`), {glue:text}`here_classes` when each function counts once
# ({glue:text}`here_best_classes`) and {glue:text}`here_top tenth` in the top tenth ({glue:text}`here_best_top tenth`).
# The paper's −0.59 comes from a setting that it does not state; a number outside our interval is a difference, not a
# refutation.
#
# This table was {glue:text}`of_draws`.
#
# The same claims, and the others that this page is about, as they stand in the ledger:

# %%
from tegnas_study.ledger import page

page.beside("ch-whole-space")

# %% [markdown]
# ### Many verdicts, some of them luck
#
# Each verdict of this book looks at its own interval and at no other.
# An interval of 95 % errs one time in twenty, so among many claims without any truth in them some would seem decided.

# %% tags=["hide-input"]
from pathlib import Path

from tegnas_study.analysis.verdicts import false_alarms, printed_verdicts

texts = [path.read_text() for path in sorted(Path().glob("*.py"))]
n_verdicts = sum(printed_verdicts(text) for text in texts)
note("n_verdicts", n_verdicts)
note("n_lucky", false_alarms(n_verdicts))

# %% [markdown]
# The chapters print about {glue:text}`n_verdicts` verdicts, beside those of the ledger, whose page counts its own.
# Were all differences zero, {glue:text}`n_lucky:.0f` of them would still be decided one way or the other, and nothing here
# is corrected for that.
# So do not lean on a single verdict whose interval nearly touches zero.
# Lean on those that hold in every draw, on every data set or by a wide margin.
#
# ## What we now know
#
# An untrained network knows something of how good it will become: with each function counted once, the sum of ranks agrees
# with accuracy by {glue:text}`sum_classes`.
# Counting parameters gives {glue:text}`parameters_classes`, so the comparison with size, and not with zero, is the one to
# make.
# In the top tenth, where a search has to choose, the sum of ranks has {glue:text}`sum_top tenth`, where another training has
# {glue:text}`ceiling_top tenth:.2f`; and the names of the indicators do not say what they measure.
#
# ## Exercises
#
# ```{exercise}
# :label: ex-tau-by-hand
# Five architectures have κ = 10, 20, 30, 40, 50 and accuracies 93, 94, 90, 91, 70.
# What is τ?
# ```

# %%
answer = None  # your number, such as -0.25

from tegnas_study.exercises import check

check("ex-tau-by-hand", answer)

# %% [markdown]
# ````{solution} ex-tau-by-hand
# :class: dropdown
# There are ten pairs.
# Two are concordant, (10, 20) and (30, 40): κ and accuracy both rise.
# The other eight are discordant, so τ = (2 − 8) / 10 = −0.6.
#
# ```python
# answer = kendall_tau([10, 20, 30, 40, 50], [93, 94, 90, 91, 70]).tau
# ```
# ````
#
# ```{exercise}
# :label: ex-broken
# Take an "indicator" that knows one thing only: whether a cell is connected.
# What is its agreement (τ-b) with test accuracy over all evaluated architectures?
# Guess first: is it nearer to 0.02, 0.2 or 0.6?
# ```

# %%
answer = None  # 0.02, 0.2 or 0.6

check("ex-broken", answer)

# %% [markdown]
# ````{solution} ex-broken
# :class: dropdown
# It is near 0.2, although only one architecture in fifty is disconnected.
# τ-b divides by the number of pairs that are *not tied*, on either side, and nearly all pairs are tied for this
# indicator; all others are ordered rightly.
# A τ alone does not tell how much of the space an indicator puts in order.
#
# ```python
# connected = table["connected"].astype(float)
# truth = kendall_tau(connected, table["test_accuracy"]).tau
# answer = min([0.02, 0.2, 0.6], key=lambda guess: abs(guess - truth))
# ```
# ````
#
# ```{exercise}
# :label: ex-chance
# You choose 100 of 15,625 architectures blindly.
# How many of the 100 most accurate do you expect among them?
# ```

# %%
answer = None  # your number

check("ex-chance", answer)

# %% [markdown]
# ````{solution} ex-chance
# :class: dropdown
# Each of your 100 is among the best 100 with probability 100 / 15,625, so 0.64 are expected: a precision of 0.0064.
# The dashed curve in {numref}`fig-short-lists` is this, for every k.
#
# ```python
# answer = 100 * 100 / 15_625
# ```
# ````
#
# ```{exercise}
# :label: ex-write-tau
# Write Kendall's τ of two lists without ties: the concordant pairs minus the discordant ones, as a share of all pairs.
# ```


# %%
def tau(x, y):
    """Return Kendall's τ of two lists of the same length, without ties."""
    ...


check("ex-write-tau", tau)

# %% [markdown]
# ````{solution} ex-write-tau
# :class: dropdown
# A pair is concordant when both differences have the same sign, so the sign of their product counts it.
#
# ```python
# def tau(x, y):
#     pairs = list(itertools.combinations(range(len(x)), 2))
#     signs = [np.sign((x[i] - x[j]) * (y[i] - y[j])) for i, j in pairs]
#     return sum(signs) / len(pairs)
# ```
# ````

# %% [markdown]
# ## Provenance

# %% tags=["hide-input"]
from tegnas_study.colophon import colophon

colophon(seed=seed, started=started, settings=settings, benchmark=benchmark)

# %%
training
