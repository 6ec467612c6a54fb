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
# That turns the one number into several questions: how strong is the agreement, how sure are we of it, for which
# architectures does it hold, is it more than counting parameters gives, and does R really prefer training accuracy while
# MSE prefers test accuracy?
# After this chapter you can read a τ against the right yardstick, say what its interval is about, and test a claim that
# compares two τ.

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
from tegnas_study.figures.whole_space import (
    density_panels,
    indicator_plane,
    short_lists,
)

# %% tags=["hide-input"]
from tegnas_study.tables.atlases import (
    atlas_coverage,
    atlas_repeats,
    atlas_settings,
)
from tegnas_study.tables.printed import printed

note("n_draws", f"{n_draws:,}")

# %% [markdown]
# ## Do two orders agree?
#
# To ask whether an indicator orders architectures as accuracy does, we use Kendall's τ, which
# {ref}`ch-indicators-and-accuracy` defines pair by pair.
#
# A small κ, a small MSE and a large R are good, so a good τ is negative for κ and MSE and positive for R.
# To compare strengths we change the sign for κ and MSE and call the result the **agreement** with accuracy: larger is
# always better, 1 is perfect, and 0 is what a random order reaches.

# %% [markdown]
# ## The atlas
#
# The authors of the benchmark trained all architectures; we evaluated the untrained networks of all of them.
# The table of these evaluations is called the **atlas**.
# Cells that compute the same function share their numbers, so one evaluation serves a whole class of them.

# %%
from tegnas_study.analysis import with_predictors
from tegnas_study.tables.frames import join_accuracies

benchmark, coverage = load_benchmark(), atlas_coverage()
settings = atlas_settings().model_copy(update={"repeats": coverage.complete})
table = with_predictors(join_accuracies(atlas(), benchmark))
print(coverage)

# %% tags=["hide-input"]
note("coverage", str(coverage))
note("benchmark", benchmark.description)
assert settings.label.startswith("teg")  # as the text says

# %% [markdown]
# This page rests on {glue:text}`coverage`, evaluated on CIFAR-10 images with the preset `teg` ({ref}`ch-conventions`).
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


# %% tags=["hide-input"]
def estimate(predictor: str, subset: str = "all") -> Estimate:
    rows = agreement.set_index(["subset", "predictor"])
    numbers = rows.loc[(subset, predictor), ["tau", "low", "high"]]
    return Estimate(*numbers, n_draws)


found = {name: estimate(name) for name in whole_space.PANELS}
alone = {name: found[name].value for name in found if name != "rank_sum"}
note("least_alone", min(alone.values()))
note("most_alone", max(alone.values()))
note("tau_rank_sum", f"{found['rank_sum']}")

# %% [markdown]
# Above the panels of {numref}`fig-whole-space` stand the τ and how sure they are.
# Each of the three indicators knows something: their agreements, which are these τ with the sign turned where small is good,
# lie between {glue:text}`least_alone:.2f` and {glue:text}`most_alone:.2f`.
# The sum of their ranks reaches {glue:text}`tau_rank_sum`.
# The panels show where most of this comes from: the indicators tell bad architectures from good ones, while the dark mass at
# the top is flat.
#
# Do two indicators say the same thing twice?
# The next figure lays the cells out by κ and R and colours them by their accuracy.

# %% tags=["hide-input"]
connected = table[np.isfinite(table["condition_number"])]
small = connected["condition_number"].rank(pct=True) <= 0.5
many = connected["linear_regions"].rank(pct=True) > 0.5
for key, corner in (
    ("both", small & many),
    ("only_small", small & ~many),
    ("only_many", ~small & many),
    ("neither", ~small & ~many),
):
    note(f"mean_{key}", float(connected.loc[corner, "test_accuracy"].mean()))
    note(f"share_{key}", float(100 * corner.mean()))

# %% mystnb={"figure": {"caption": "The connected cells by \u03ba and R. The colour of a hexagon is the mean test accuracy on CIFAR-10 of the cells in it; the lines are the medians.", "name": "fig-kappa-regions"}, "image": {"alt": "A field of hexagons, \u03ba to the right on a logarithmic axis and R upwards. The bright hexagons of high accuracy lie at the upper left, where \u03ba is small and R large, the dark ones at the lower right. Both a small \u03ba with few regions and many regions with a large \u03ba are less accurate.", "width": "520px"}} tags=["hide-input"]
indicator_plane(table)
plt.show()

# %% [markdown]
# In {numref}`fig-kappa-regions` the good cells fill one corner, where κ is small *and* R is large.
# Cells in the better half by both have a mean accuracy of {glue:text}`mean_both:.1f` %.
# Cells in the better half by κ alone have {glue:text}`mean_only_small:.1f` %, those in the better half by R alone
# {glue:text}`mean_only_many:.1f` %, and those in neither {glue:text}`mean_neither:.1f` %.
# So each indicator says something that the other does not, and their sum can rank better than either.

# %% [markdown]
# ## How sure is that?
#
# We have every architecture of the space, so there is no larger set that ours was drawn from.
# An interval answers another question: how far would τ move in a space *like* this one?
# The **bootstrap** {cite}`efron1979bootstrap` answers it: it draws as many members as there are, with replacement, many
# times over, and looks at how the number varies from one such *resample* to the next.
#
# But what is a member?
# A *string* is an architecture as it is written, and the strings of one class share their indicators, so they are not
# independent witnesses.
# We therefore draw whole classes.
#
# Architectures are not all there is to draw.
# Somebody who repeats the study starts from other weights and another batch of images, and gets another κ, R and MSE for
# every cell.
# How sure a claim *about the indicators* is depends on these draws as much as on the space.
# The atlas holds several such draws, each with all architectures.
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

# %% tags=["hide-input"]
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
note("by_draw", f"{printed(both.estimate.value, '.3f')} ± {both.sd:.3f}")
note("by_both", f"{both.estimate:.3f}")
note("number_of_draws", both.n_draws)
note("n_recorded", f"{n_recorded:,}")
note("of_draws", str(of_draws))

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
# In the last two rows every draw has one network for each architecture, so that no draw is less noisy than another; the
# first two rows take the mean of the atlas over its repeats, and that is why their τ is higher.
#
# Two rules follow for the rest of the book.
# Intervals of one table are over classes.
# And a **verdict** on an indicator is given across draws: we state the mean over draws, an interval for which both draws and
# classes are drawn anew ({glue:text}`n_recorded` times), and in how many of the draws the claim is true.
# With so few draws the interval is still a little too narrow, so look at the count beside it before you rely on a verdict.
# Where a verdict rests on a single draw, the page says so.

# %% tags=["hide-input"]
between = repeats.agreement_between(table, repeated)
lines = between.groupby("predictor", sort=False)["tau"].mean()
noise = ", ".join(f"{SYMBOLS[name]} {tau:.2f}" for name, tau in lines.items())
note("noise", noise or "not known with one repeat")

# %% [markdown]
# How much of the order is noise of the random weights?
# Two repeats differ in nothing else, and over connected architectures they agree with each other by this τ:
# {glue:text}`noise`.

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
# We also let in two rivals that need no evaluation at all: the number of parameters and the number of FLOPs (floating
# point operations) of the benchmark's network.
# Both count a convolution in the same way, so they order the space alike, and we draw only the number of parameters.

# %% tags=["hide-input"]
assert draws["all"].value["flops"] == draws["all"].value["parameters"]
shown = agreement[agreement["predictor"] != "flops"]
for part in ("classes", "top tenth", "equal size"):
    note(f"sum_{part}", str(estimate("rank_sum", part)))
note("parameters_classes", str(estimate("parameters", "classes")))

# %% mystnb={"figure": {"caption": "Agreement with test accuracy in five parts of the space, with 95 % intervals over classes. The open diamond is what the paper prints for \u03ba.", "name": "fig-subsets"}, "image": {"alt": "Five rows, one for each indicator, the sum of ranks and the number of parameters. Over all architectures, connected ones and classes the agreement is about 0.5 to 0.6; among pairs of equal size it is smaller. In the top tenth it is near zero for MSE and the sum of ranks, negative for \u03ba, clearly above zero for R, and a little above it for the number of parameters.", "width": "520px"}} tags=["hide-input"]
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
# In the top tenth the sum of ranks is left with {glue:text}`sum_top tenth`.
#
# Is that the luck of one draw, and how much could one hope for?
# Another training run is a yardstick: a perfect predictor, which has no noise of its own, would do somewhat better than it.
# So the next figure sets the top tenth across {glue:text}`number_of_draws` draws of the weights beside two other trainings
# of the same architectures: an independent one of the whole space, and the benchmark's own with half of the images.
# {{ recorded }}

# %% tags=["hide-input"]
tops = of_draws.tables["agreements"]
tops = tops[
    (tops["accuracy"] == "cifar10_test_200")
    & (tops["subset"] == "top tenth")
    & tops["statistic"].isin([*whole_space.PANELS, "parameters"])
]
tops = tops.rename(columns={"mean": "tau", "statistic": "row"})

# %% tags=["hide-input"]
ceilings = of_draws.tables["ceilings"]
others = ceilings[ceilings["subset"] == "top tenth"]
others = others.rename(columns={"other": "row"})
tops = pd.concat([tops, others])[["row", "tau", "low", "high"]]
two_trainings = ceilings.set_index(["other", "subset"])["tau"]
for part in ("all", "top tenth"):
    note(
        f"ceiling_{part}", float(two_trainings["trained anew by others", part])
    )
note("regions_top_draws", f"{drawn('linear_regions', 'top tenth')}")

# %% mystnb={"figure": {"caption": "Agreement with test accuracy in the top tenth. Upper rows: means over draws of weights and batch, one network each, with 95 % intervals over draws and classes. The last two rows are ceilings: the agreement of another training of the same architectures. Recorded.", "name": "fig-top-tenth"}, "image": {"alt": "Seven rows with one interval each. \u03ba lies a little left of zero, MSE and the sum of ranks at zero, parameters and R a little right of it, near 0.1. The two other trainings lie far to the right, above 0.5.", "width": "520px"}} tags=["hide-input"]
interval_chart(
    tops,
    row="row",
    names={
        **SYMBOLS,
        "trained anew by others": "another training",
        "half of the images": "trained on half\nof the images",
    },
)
plt.show()

# %% [markdown]
# {numref}`fig-top-tenth` shows that it is not luck.
# κ lies left of zero, where a *larger* κ goes with a better architecture, and R is the one indicator that still helps, by
# {glue:text}`regions_top_draws` (mean ± standard deviation over draws, then the interval).
# Two trainings agree by {glue:text}`ceiling_all:.2f` over all architectures, but in the top tenth by
# {glue:text}`ceiling_top tenth:.2f` only.
# A τ among the best is to be read against this yardstick, not against 1.

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
# For short lists the curves of {numref}`fig-short-lists` stay near zero.
# The architecture that the sum of ranks puts first has {glue:text}`first_rank_sum:.2f` %, the one with the smallest κ
# {glue:text}`first_condition_number:.2f` %, and the largest network {glue:text}`first_parameters:.2f` %; the best of the space
# has {glue:text}`best:.2f` %.
# (Where several tie for the first place, the number is their mean.)

# %% [markdown]
# ## Does R prefer training, and MSE test accuracy?
#
# The paper observes that R agrees more with training than with test accuracy, and MSE the other way round.
# It takes this as a confirmation: R measures what a network can fit, and MSE how it generalizes.
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
# Two intervals that overlap do not decide the matter.
# What must be tested is the **difference** of two τ over the same architectures: each resample computes both, so what
# they share cancels.
# {numref}`fig-train-test` shows the differences across draws, positive when the paper's claim is true, under three ways to
# measure training: by the training accuracy with 50,000 images, which is that of one seed; by the training accuracy with
# 25,000 images, a mean over seeds; and by the training loss, which has no ties at 100 %.

# %% tags=["hide-input"]
claims = of_draws.tables["claims"].copy()
asked = {
    "R agrees more with training": "R, training",
    "MSE agrees more with test": "MSE, test",
    "κ agrees more with training": "κ, training",
}
parts = {"all": "\nall strings", "classes": "\neach function once"}
by_part = {f"top tenth by {s}": f"\nbest by {s}" for s in ("test", "training")}
claims["row"] = [
    asked.get(claim, "") + {**parts, **by_part}.get(part, "")
    for claim, part in zip(claims["claim"], claims["subset"], strict=True)
]

# %% tags=["hide-input"]
order = [words + part for words in asked.values() for part in parts.values()]
chosen = claims[claims["row"].isin(order)]
place = {"key": lambda rows: rows.map(order.index), "kind": "stable"}
chosen = chosen.sort_values("row", **place)

# %% mystnb={"figure": {"caption": "Does an indicator agree more with training, or with test accuracy? Differences of two agreements over the same architectures: means over draws of weights and batch, with 95 % intervals over draws and classes. To the right of zero the claim is true. The last two rows are no claim of the paper: they ask the same of \u03ba. Recorded.", "name": "fig-train-test"}, "image": {"alt": "Six rows with three intervals each. For R the intervals lie at zero or slightly right of it, for MSE clearly right of zero, for \u03ba clearly left of zero, whether all strings count or each function once.", "width": "520px"}} tags=["hide-input"]
interval_chart(
    chosen,
    row="row",
    colour="protocol",
    value="mean",
    xlabel="by how much more, difference of two τ",
)
plt.show()

# %% tags=["hide-input"]
by_claim = claims.set_index(["protocol", "subset", "claim"])
protocols = list(dict.fromkeys(claims["protocol"]))


def claimed(claim: str, protocol: str, subset: str = "all"):
    row = by_claim.loc[(protocol, subset, claim)]
    return from_row(row, resamples=n_recorded)


for letter, claim in zip("RMK", asked, strict=True):
    value = claimed(claim, protocols[0])
    note(f"{letter}0", f"{value:.3f}")
    words = f"{verdict(value.estimate)} ({value.words()})"
    note(f"verdict_{letter}0", words)

# %% [markdown]
# With 50,000 images MSE agrees more with test accuracy by {glue:text}`M0`: {glue:text}`verdict_M0`.
# All six intervals for MSE in {numref}`fig-train-test` lie to the right of zero.
# R agrees more with training accuracy by {glue:text}`R0`: {glue:text}`verdict_R0`.
#
# Three things temper the result for MSE.
# The differences are at most about a tenth of the agreements they are taken from.
# κ, which is meant to measure *trainability*, leans to test accuracy as well (a difference of {glue:text}`K0`), so such a
# leaning is no sign of generalization.
# And with 50,000 images the training accuracy is that of one seed, while test accuracy is a mean over seeds: noise alone
# lowers an agreement with training there.
#
# Among the best the answer depends on what "best" is.
# Choosing a tenth by test accuracy shortens its range, and a shorter range means a smaller τ with *that* accuracy; so we
# choose both ways.

# %% tags=["hide-input"]
order = [w + p for w in list(asked.values())[:2] for p in by_part.values()]
best = claims[claims["row"].isin(order)]
best = best.sort_values("row", **place)
one, other = (
    claimed("MSE agrees more with test", protocol, "top tenth by test")
    for protocol in protocols[::2]
)
note("M_test", f"{one:.3f}")
note("M_loss", f"{other:.3f}")

# %% mystnb={"figure": {"caption": "The same in the top tenth, chosen by test or by training accuracy: means over draws with 95 % intervals over draws and classes. By the training loss only the tenth that is best by test accuracy was looked at. Recorded.", "name": "fig-train-test-best"}, "image": {"alt": "Four rows with two or three intervals each. Those for R reach to both sides of zero. Those for MSE lie right of zero in the tenth that is best by training; in the tenth that is best by test they touch zero, and the one by the training loss lies far left of it.", "width": "520px"}} tags=["hide-input"]
interval_chart(
    best,
    row="row",
    colour="protocol",
    value="mean",
    xlabel="by how much more, difference of two τ",
)
plt.show()

# %% [markdown]
# {numref}`fig-train-test-best` leaves little of the preference.
# In the tenth that is best by test accuracy the difference for MSE is {glue:text}`M_test`, and it is {glue:text}`M_loss` by
# the training loss, which still orders networks that all reach 100 %.
# So the claim about MSE is true of the whole space, where its differences are small, and it depends on the choice of the
# best and of the measure near the top.

# %% [markdown]
# ## Is κ trainability?
#
# The paper calls κ *trainability*, and two tests of that name cost nothing.
#
# First, an indicator of how easily a network is trained should tell most when training has only begun, since that is when
# fast learners lead.
# The accuracies after one epoch and after twelve come from the benchmark's run of twelve epochs.
#
# Second, some cells all fit their training images, above 99 % of 25,000, and do not differ in trainability any more.
# What differs among them is the gap between training and test accuracy, which is generalization.

# %% tags=["hide-input"]
alone = ["condition_number", "linear_regions", "regression_error"]
by_epoch = of_draws.tables["epochs"]
ages = {1: "after 1 epoch", 12: "after 12 epochs", 200: "after 200 epochs"}
growing = by_epoch[by_epoch["statistic"].isin([*alone, "rank_sum"])]
growing = growing.assign(age=growing["epoch"].map(ages))
early = by_epoch.set_index(["epoch", "statistic"])
for name in ("condition_number", "R above κ"):
    value = from_row(early.loc[(1, name)], resamples=n_recorded)
    note(f"epoch 1 {name}", f"{value}")
note("verdict epoch 1", str(verdict(value.estimate)))

# %% mystnb={"figure": {"caption": "Agreement with the test accuracy that networks have reached after 1, 12 and 200 epochs, CIFAR-10, all strings: means over draws with 95 % intervals over draws and classes. Recorded.", "name": "fig-epochs"}, "image": {"alt": "Four rows with three intervals each. In all of them the agreement is smallest after one epoch, about 0.2, and largest after 200, about 0.5 to 0.6. After one epoch \u03ba lies a little left of the others.", "width": "520px"}} tags=["hide-input"]
interval_chart(
    growing, row="statistic", colour="age", value="mean", names=SYMBOLS
)
plt.show()

# %% tags=["hide-input"]
fitted = of_draws.tables["fitted"]
note("n_fitted", f"{int(fitted['n'].iloc[0]):,}")
gap = fitted.set_index("statistic").loc["condition_number"]
note("gap κ", f"{from_row(gap, resamples=n_recorded)}")

# %% [markdown]
# κ fails the first test.
# In {numref}`fig-epochs` its agreement is smallest after the first epoch, {glue:text}`epoch 1 condition_number`, and grows
# with training, as that of the others does.
# When training has only begun, R, the indicator of *expressivity*, agrees more than κ by {glue:text}`epoch 1 R above κ`; the
# claim that it does has the verdict “{glue:text}`verdict epoch 1`”.

# %% mystnb={"figure": {"caption": "Agreement with a small gap between training and test accuracy, among the cells that fit their training images: means over draws with 95 % intervals over draws and classes, all strings. Recorded.", "name": "fig-fitted"}, "image": {"alt": "Five rows with one interval each, all right of zero: R near 0.25, \u03ba and MSE near 0.3, the sum of ranks and the number of parameters near 0.4.", "width": "520px"}} tags=["hide-input"]
interval_chart(
    fitted,
    row="statistic",
    value="mean",
    names=SYMBOLS,
    xlabel="agreement with a small gap, Kendall's τ",
)
plt.show()

# %% [markdown]
# For the second test {numref}`fig-fitted` takes the {glue:text}`n_fitted` cells that fit their images.
# A small κ goes with a small gap by {glue:text}`gap κ`, and MSE tells hardly more.
# So where trainability is no longer in question, κ tells as much about generalization as MSE does: the names of the three
# indicators say what they were made for, not what they measure.

# %% [markdown]
# ## On the other data sets
#
# The indicators here are those of CIFAR-10 images.
# The next figure sets them against what the same cells reach on CIFAR-100 and on ImageNet16-120
# {cite}`chrabaszcz2017downsampled`; to compute indicators on *those* images, one would need the images.

# %% tags=["hide-input"]
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

# %% tags=["hide-input"]
from tegnas_study.analysis.draws_record import ALONE, SIZE
from tegnas_study.ledger import verdict_of

gains, splits = {"alone": ALONE, "size": SIZE}, {}
splits["test"] = "cifar10_test_200"
splits["valid"] = "cifar10_valid_valid_acc_200"
parts = ("all", "classes", "top tenth")

# %% tags=["hide-input"]
told = {"alone": "than the best alone", "size": "than parameters"}
where = {"all": "all strings", "classes": "each function once"}
compared = []
for (key, gain), part, (split, column) in itertools.product(
    gains.items(), parts, splits.items()
):
    row = f"{told[key]},\n{where.get(part, part)}"
    against = {"test": "test accuracy", "valid": "validation accuracy"}[split]
    compared.append((row, against, *drawn(gain, part, column).estimate.numbers))
columns = ["row", "accuracy", "tau", "low", "high"]
compared = pd.DataFrame(compared, columns=columns)

# %% tags=["hide-input"]
for key, gain, part in (
    ("alone all", ALONE, "all"),
    ("alone top", ALONE, "top tenth"),
    ("size once", SIZE, "classes"),
):
    for split, column in splits.items():
        value = drawn(gain, part, column)
        note(f"{key} {split}", f"{value:.3f}")
        words = f"{verdict(value.estimate)} ({value.words()})"
        note(f"verdict {key} {split}", words)
in_print = verdict_of("fig1-kappa")
note("printed", in_print.word)
note("above parameters", verdict_of("above-parameters").word)
note("printed_number", str(in_print.part().found))

# %% [markdown]
# The paper says that the three together rank better than each alone.
# Better than the best of them?
# And better than the number of parameters, which it does not ask?
# We give test and validation accuracy side by side, since the paper's tables mix the two.

# %% mystnb={"figure": {"caption": "How much more the sum of the three ranks agrees with accuracy than the best of the three alone, and than the number of parameters, in three parts of the space: means over draws with 95 % intervals over draws and classes. Recorded.", "name": "fig-gains"}, "image": {"alt": "Six rows with two intervals each. Against the best alone, the sum lies right of zero over all strings and when each function counts once, and left of zero in the top tenth. Against parameters it lies a little right of zero or around it over all strings, on either side when each function counts once, and left of or at zero in the top tenth.", "width": "520px"}} tags=["hide-input"]
interval_chart(
    compared,
    row="row",
    colour="accuracy",
    xlabel="how much more the sum agrees, in τ",
)
plt.show()

# %% [markdown]
# By {numref}`fig-gains` the sum is better than the best alone over all strings, by {glue:text}`alone all test`:
# {glue:text}`verdict alone all test`.
# In the top tenth it is not: {glue:text}`alone top test`, {glue:text}`verdict alone top test`.
# With each function counted once, whether it beats counting depends on which accuracy one asks about: on test accuracy
# the claim has the verdict "{glue:text}`verdict size once test`", and on validation accuracy
# "{glue:text}`verdict size once valid`".
#
# "Holds" means that the whole 95 % interval is on the claim's side of zero, "does not hold" that it is on the other,
# "cannot tell" that it has both.
# The interval is of the mean over draws; the number of draws beside it says how often *one* draw would have told you so.
# Which indicator is the best alone is asked in each part anew, for it is not the same one everywhere.
#
# Averages of three draws, which is what the paper takes, give κ a τ of {glue:text}`printed_number`; on the printed −0.59
# the verdict is "{glue:text}`printed`".
# That number comes from a setting that the paper does not state, so a number outside our interval would be a difference
# and not a refutation.
# (The figure was {glue:text}`of_draws`.)
#
# Here are the paper's claims that this page is about, as they stand in {ref}`the ledger <ch-claims>`, which also says by
# which rule each is judged:

# %% tags=["hide-input"]
from tegnas_study.ledger import page

page.beside("ch-whole-space")

# %% [markdown]
# ### Many verdicts, some of them luck
#
# Each verdict of this book looks at its own interval and at no other.
# An interval of 95 % errs one time in twenty, so of many claims without any truth in them a few would seem decided.

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
# Counting parameters gives {glue:text}`parameters_classes`, so an indicator should be compared with size, and not with zero;
# across single draws and by the benchmark's own accuracies, the claim that the sum is ahead of counting has the verdict
# “{glue:text}`above parameters`”.
# In the top tenth, where a search has to choose, the sum of ranks has {glue:text}`sum_top tenth`, while another training has
# {glue:text}`ceiling_top tenth:.2f`.
# And the names of the indicators do not say what they measure.
#
# ## Exercises
#
# ```{exercise}
# :label: ex-tau-by-hand
# Five architectures have κ = 10, 20, 30, 40, 50 and accuracies 93, 94, 90, 91, 70, and their τ is −0.6.
# Change this and predict: the last one is trained again with more care and reaches 95.
# What is τ then?
# ```

# %%
answer = None  # your number, such as -0.25

from tegnas_study.exercises import check

check("ex-tau-by-hand", answer)

# %% [markdown]
# ````{solution} ex-tau-by-hand
# :class: dropdown
# There are ten pairs, and the last architecture is in four of them.
# These four were discordant and are now concordant, so there are six concordant pairs and four discordant ones:
# τ = (6 − 4) / 10 = 0.2.
# One architecture of five has turned the sign of τ.
#
# ```python
# from tegnas_study.tables.ranking import kendall_tau
#
# answer = kendall_tau([10, 20, 30, 40, 50], [93, 94, 90, 91, 95]).tau
# ```
# ````
#
# ```{exercise}
# :label: ex-broken
# Take an "indicator" that knows one thing only: whether a cell is connected.
# What is its agreement τ with test accuracy over all architectures, with ties treated as in this book?
# Predict first, then compute it: is it nearer to 0.02, 0.2 or 0.6?
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
# from tegnas_study.tables.ranking import kendall_tau
#
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
# :label: ex-write-equal-size
# Write the τ among pairs of *equal size*: the concordant pairs minus the discordant ones, as a share of the pairs that have
# equally many parameters.
# Neither the indicator nor the accuracy has ties.
# Before you run it, predict: what does it give for an indicator that is the number of parameters, plus a little noise?
# ```


# %%
def equal_size_tau(indicator, accuracy, size):
    """Return τ among the pairs whose two members have the same size."""
    ...


check("ex-write-equal-size", equal_size_tau)

# %% [markdown]
# ````{solution} ex-write-equal-size
# :class: dropdown
# A pair is concordant when both differences have the same sign, so the sign of their product counts it.
# Pairs of different size are not looked at.
# For an indicator that is the size plus noise only the noise is left within a pair, so τ is near zero, whatever it is over
# all pairs.
#
# ```python
# def equal_size_tau(indicator, accuracy, size):
#     every = itertools.combinations(range(len(size)), 2)
#     pairs = [(i, j) for i, j in every if size[i] == size[j]]
#     signs = [
#         np.sign((indicator[i] - indicator[j]) * (accuracy[i] - accuracy[j]))
#         for i, j in pairs
#     ]
#     return sum(signs) / len(pairs)
# ```
# ````

# %% [markdown]
# ```{exercise}
# :label: ex-write-precision
# Write the precision at k of {numref}`fig-short-lists` for lists without ties, with a score of which large values are good.
# ```


# %%
def precision(score, accuracy, k):
    """Return the share of the k first that are among the k most accurate."""
    ...


check("ex-write-precision", precision)

# %% [markdown]
# ````{solution} ex-write-precision
# :class: dropdown
# Both lists have k members, so the share is the size of what they have in common, divided by k.
#
# ```python
# def precision(score, accuracy, k):
#     first = set(np.argsort(score)[-k:].tolist())
#     best = set(np.argsort(accuracy)[-k:].tolist())
#     return len(first & best) / k
# ```
# ````

# %% [markdown]
# ## Provenance

# %% tags=["hide-input"]
from tegnas_study.colophon import colophon

colophon(seed=seed, started=started, settings=settings, benchmark=benchmark)

# %% tags=["hide-input"]
training
