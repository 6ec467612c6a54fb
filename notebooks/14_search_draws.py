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
# (ch-search-draws)=
# # Would Other Weights Say the Same?
#
# {ref}`The last chapter <ch-search-tables>` gave every row of Table 2 but those of TE-NAS a hundred seeds, and its intervals
# are narrow.
# But the indicators come from random weights and a batch of random images, and behind those hundred searches lies one draw
# of both.
# Would another draw lead the same searches to the same cells?
#
# And which choices lead there: does a search need all three indicators, as Table 5 of the paper says
# {cite}`chen2021tegnas`, and does it matter how it is run?
# After this chapter you know what a hundred seeds can tell and what they cannot.

# %% tags=["parameters"]
n_draws: int = 1000  # resamples behind every interval
seed: int = 0  # of the resamples

# %% tags=["hide-input"]
import time

started = time.perf_counter()

from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from myst_nb import glue

note = partial(glue, display=False)  # a number for the prose

# %% tags=["hide-input"]
from tegnas_study import load_benchmark
from tegnas_study.analysis.searches import estimates, rows
from tegnas_study.data.quoted import quoted_table
from tegnas_study.experiments.study_file import read_study
from tegnas_study.figures.intervals import (
    REWARD_NAMES,
    found_chart,
    gaps_by_draw,
    interval_chart,
)
from tegnas_study.figures.style import METHOD_NAMES

# %% tags=["hide-input"]
from tegnas_study.tables.atlases import atlas_settings
from tegnas_study.tables.study_rows import (
    MAIN_TABLE,
    SEARCHED,
    SECOND_TABLE,
    TEG_PARTS,
    StudyRow,
    row_of_each,
)

# %% tags=["hide-input"]
recorded = read_study()
outcomes = recorded.outcomes
row_of = row_of_each(outcomes)
options = {"seed": seed, "n_draws": n_draws}

# %% tags=["hide-input"]
means, summary = estimates.found_accuracies(outcomes, **options)
found = estimates.with_row_columns(summary)
than = {name: f"than {name}" for name in ("one epoch", "parameters")}

# %% [markdown]
# ## How sure are a hundred seeds?
#
# A hundred searches take a hundred different ways through *one* table of κ, R and MSE.
# Where do they end?

# %% tags=["hide-input"]
from tegnas_core import Architecture
from tegnas_core.spaces.architecture import EDGES
from tegnas_study import figures
from tegnas_study.tables.printed import printed, record_table

# %% tags=["hide-input"]
ends = {}
tables = {"first table": MAIN_TABLE, "second table": SECOND_TABLE}
for name, source in tables.items():
    teg_rows = outcomes[row_of == StudyRow("evolution", source=source)]
    often = teg_rows["derived"].value_counts()
    cell = Architecture.parse(often.index[0])
    ends[name] = dict(zip(EDGES, cell.operations, strict=True))
    note(f"n_often {name}", f"{often.iloc[0]} of {len(teg_rows)}")

# %% mystnb={"figure": {"caption": "The cell in which more of the hundred searches by evolution with TEG end than in any other, on the first table of indicators and on the second, which has other weights and other images. Recorded.", "name": "fig-favourites"}, "image": {"alt": "Two cells, one below the other, each with four nodes and six edges that carry the names of their operations.", "width": "520px"}} tags=["hide-input"]
figures.cells(ends)
plt.show()

# %% [markdown]
# Of the searches by evolution with TEG, {glue:text}`n_often first table` end in the first cell of {numref}`fig-favourites`.
# So their mean is largely the accuracy of one cell, and their deviation says how surely evolution finds it, not how surely
# TEG points at a good one.
#
# The second table was made with another seed: it has other weights, other images, and three repeats again.
# On it {glue:text}`n_often second table` searches end in the second cell.
# We also search on the repeats of both tables, and on eight more tables of one repeat, one by one: each is another draw of
# the weights, and has ten searches.
# These are {glue:text}`n_weights` draws of the weights.
# Repeats of one table share its images, so {ref}`the page of claims <ch-claims>` counts one repeat of each table, which makes
# ten draws of weights and batch.

# %% tags=["hide-input"]
draws = {row.source for row in row_of if row.source.is_one_draw}
note("n_weights", len(draws))


# %% tags=["hide-input"]
def on_draws(name: str) -> None:
    found_chart(
        rows.on_draws(found, estimates.ACCURACIES[name]), colour="guide"
    )


# %% mystnb={"figure": {"caption": "Test accuracy on ImageNet16-120 of the cells found by TEG on both tables and on their single repeats, a mark each, beside one epoch and parameters. Means of a hundred searches, of ten on each single repeat, with intervals over searches. Recorded.", "name": "fig-draws-imagenet"}, "image": {"alt": "Five rows of methods. The dots of single repeats lie several percentage points apart; their own intervals are wide too.", "width": "520px"}} tags=["hide-input"]
on_draws("ImageNet16-120 test")
plt.show()

# %% [markdown]
# In {numref}`fig-draws-imagenet` the single draws of one method lie several percentage points apart, much further than
# the interval of a hundred searches reaches.
# The intervals of ten searches on one draw are wide themselves, so a part of this is the luck of the searches.

# %% mystnb={"figure": {"caption": "The same on CIFAR-10. Recorded.", "name": "fig-draws-cifar10"}, "image": {"alt": "Five rows of methods. The dots of single repeats scatter, those of REINFORCE least; their own intervals are wide.", "width": "520px"}} tags=["hide-input"]
on_draws("CIFAR-10 test")
plt.show()

# %% [markdown]
# In {numref}`fig-draws-cifar10` the single draws of {glue:text}`steadiest` scatter least, with a deviation of
# {glue:text}`steadiest sd` percentage points, and those of {glue:text}`loosest` most, with {glue:text}`loosest sd`.

# %% tags=["hide-input"]
by_draw = rows.draw_gaps(means, SEARCHED)
for row in rows.draw_totals(by_draw).itertuples():
    note(f"draws {row.accuracy}, {row.than}", f"{row.better} of {row.of}")
widest = by_draw.groupby(["accuracy", "than", "method"])["gap"].agg(np.ptp)
note("widest range", f"{widest.max():.1f}")
note("narrowest range", f"{widest.min():.1f}")

# %% tags=["hide-input"]
to_size = by_draw[by_draw["than"] == "parameters"]
to_size = to_size[to_size["accuracy"] == "CIFAR-10 test"]
steps = to_size.pivot(index="source", columns="method", values="gap")
note("steadiest", METHOD_NAMES[steps.std().idxmin()])
note("steadiest sd", f"{steps.std().min():.2f}")
note("loosest", METHOD_NAMES[steps.std().idxmax()])
note("loosest sd", f"{steps.std().max():.2f}")
value = means["CIFAR-10 test"].value
reached = steps + [value[rows.usual(m, "params")] for m in steps.columns]
ahead = (reached["reinforce"] > reached["local"]).sum()
note("policy ahead", f"{ahead} of {len(reached)}")

# %% tags=["hide-input"]
for table, source in (("first", MAIN_TABLE), ("second", SECOND_TABLE)):
    for name in ("CIFAR-10", "CIFAR-100", "ImageNet16-120"):
        value = means[f"{name} test"].value
        reach = {m: value[rows.usual(m, source=source)] for m in SEARCHED}
        note(f"best {table} {name}", METHOD_NAMES[max(reach, key=reach.get)])
        lead = reach["evolution"] - reach["reinforce"]
        note(f"lead {table} {name}", printed(lead, "+.2f"))

# %% mystnb={"figure": {"caption": "By how much TEG finds better cells than one epoch of training and than the number of parameters, on each single draw of the weights: a dot is the mean of ten searches on one draw, less that of a hundred by the other guide, and a bar marks the median over draws. One panel for each accuracy. Right of zero TEG is better. Recorded.", "name": "fig-gaps-by-draw"}, "image": {"alt": "Four panels with five rows of methods, and in each row two lines of open dots. The dots of one line spread widely. Those against parameters lie left of zero on CIFAR-10 and CIFAR-100 and on both sides of it on ImageNet16-120; those against one epoch lie on both sides of zero, mostly right of it by test accuracy.", "width": "520px"}} tags=["hide-input"]
gaps_by_draw(by_draw, names=than)
plt.show()

# %% [markdown]
# {numref}`fig-gaps-by-draw` has a dot for each of the {glue:text}`n_weights` single draws.
# The dots of one method, rival and accuracy span {glue:text}`narrowest range` to {glue:text}`widest range` percentage
# points, the luck of ten searches included.
#
# And which method is best depends on the table.
# The highest mean on CIFAR-10 is that of {glue:text}`best first CIFAR-10` on the first table and that of
# {glue:text}`best second CIFAR-10` on the second; on CIFAR-100 it is {glue:text}`best first CIFAR-100` and
# {glue:text}`best second CIFAR-100`, and on ImageNet16-120 {glue:text}`best first ImageNet16-120` and
# {glue:text}`best second ImageNet16-120`.
# On CIFAR-10 the mean of evolution less that of REINFORCE is {glue:text}`lead first CIFAR-10` percentage points on the
# first table and {glue:text}`lead second CIFAR-10` on the second; on CIFAR-100 it is {glue:text}`lead first CIFAR-100` and
# {glue:text}`lead second CIFAR-100`.
# On single repeats REINFORCE is ahead of local search on CIFAR-10 with {glue:text}`policy ahead` draws: local search ends at
# the one cell whose values came out luckiest, while a policy adds up what it is told of many cells.
# So do not believe a difference between two *methods* that only one of the tables shows.
#
# Counted over all five methods and all draws, TEG is better than counting parameters in
# {glue:text}`draws CIFAR-10 test, parameters` on CIFAR-10, in {glue:text}`draws CIFAR-100 test, parameters` on CIFAR-100
# and in {glue:text}`draws ImageNet16-120 test, parameters` on ImageNet16-120.
#
# The paper's four seeds draw weights, as far as its code tells, and our hundred do not: its deviations, where it prints
# them, are the more honest ones.

# %% [markdown]
# ## Table 5: are all three needed?
#
# The paper's Table 5 guides REINFORCE by every part of TEG.
# We add random search with the same 500 evaluations and the same parts.
# {{ recorded }}

# %% tags=["hide-input"]
parts = [*TEG_PARTS, "teg"]
table_5 = quoted_table("table-5").set_index("reward").loc[parts]

# %% mystnb={"figure": {"caption": "Table 5: CIFAR-100 test accuracy by which indicators guide the search: means of a hundred searches with 95 % intervals, and the paper's REINFORCE, four seeds (quoted). Recorded.", "name": "fig-table-5"}, "image": {"alt": "Seven rows, from single indicators to all three, with a mark for REINFORCE, one for random search and the paper's diamond. Most rows of two and three indicators lie close together.", "width": "520px"}} tags=["hide-input"]
found_chart(
    rows.by_parts(found, estimates.ACCURACIES["CIFAR-100 test"]),
    row="reward",
    colour="method",
    xlabel="CIFAR-100 test accuracy of the cell found (%)",
    paper=table_5["cifar100"].to_dict(),
    names={"teg": "κ, R, MSE"},
)
plt.show()

# %% tags=["hide-input"]
one_epoch = StudyRow("reinforce", **rows.ONE_EPOCH)
pairs_5 = {
    f"{word} beats one epoch": (StudyRow("reinforce", word), one_epoch)
    for word in ("kappa", "regions", "mse")
}
pairs_5 |= {
    f"all three beat {word}": (
        StudyRow("reinforce"),
        StudyRow("reinforce", word),
    )
    for word in TEG_PARTS
}

# %% tags=["hide-input"]
gaps_5 = estimates.paired_gaps(means, pairs_5)

# %% tags=["hide-input"]
of_parts = outcomes[row_of.isin([StudyRow("reinforce", p) for p in parts])]
by_part = of_parts.groupby("reward")["derived cifar100 test"].agg(
    ["mean", "std"]
)
note("span of rows", f"{np.ptp(by_part['mean']):.1f}")
note("deviation of one", f"{by_part.loc['teg', 'std']:.1f}")
of_100 = gaps_5[gaps_5["accuracy"] == "CIFAR-100 test"]
of_100 = of_100.assign(
    row=[
        claim.replace(" beat", "\nbeat").replace(word, REWARD_NAMES[word])
        for claim in of_100["claim"]
        for word in claim.split()
        if word in TEG_PARTS
    ]
)

# %% mystnb={"figure": {"caption": "The two claims of Table 5, taken apart, on CIFAR-100 and on the first table of indicators: paired differences of REINFORCE with one guide and with another, with 95 % intervals over a hundred seeds. To the right of zero a claim is true. Recorded.", "name": "fig-table-5-gaps"}, "image": {"alt": "Nine rows with one interval each: three single indicators beside one epoch of training, and all three together beside each part of TEG.", "width": "520px"}} tags=["hide-input"]
interval_chart(
    of_100, row="row", value="difference", xlabel="difference in accuracy (%)"
)
plt.show()

# %% [markdown]
# The paper claims that every single indicator outperforms one epoch of training, and that all three together are best.
# In {numref}`fig-table-5-gaps`, R alone and MSE alone are better than one epoch, while κ alone cannot be told from it.
# All three together are better than κ and than R, and cannot be told from MSE alone, nor from any pair.
# Four seeds could hardly decide: the means of {numref}`fig-table-5` lie {glue:text}`span of rows` percentage points
# apart, and a single search by all three has a deviation of {glue:text}`deviation of one` percentage points.
# Across draws of the weights the claims are judged at the end of this page.

# %% [markdown]
# ## Presets
#
# The text and the released code differ in how a reward is formed and how a step is taken ({ref}`ch-conventions`).
# What does each of them find?

# %% tags=["hide-input"]
entropy = outcomes.groupby(row_of, sort=False)["entropy"].mean().round(2)
as_text = estimates.as_printed(summary)
as_text.columns = [*estimates.ACCURACIES]
shown = as_text.loc[[*rows.PRESET_ROWS.values()]]
shown = shown.set_axis([*rows.PRESET_ROWS])
last = [entropy[row] for row in rows.PRESET_ROWS.values()]
final = ["" if np.isnan(nats) else f"{nats:.2f}" for nats in last]
shown.assign(**{"final entropy (nats)": final})

# %% [markdown]
# The entropy, in {term}`nats <nat>`, says how sure a policy is at the end; the uniform one has 6 ln 5, and evolution has no
# policy.
# With the text taken literally neither policy settles, and what it returns is the most probable cell of a nearly uniform
# distribution; that this is not a bad cell says more about the space than about the search.

# %% [markdown]
# ## Beside the paper
#
# The claims that rest on draws of the weights, and those of Table 5, as {ref}`the page of claims <ch-claims>` judges them:
# the mean, its deviation from draw to draw, an interval over draws and searches, and in how many draws the claim is true.

# %% tags=["hide-input"]
from tegnas_study.ledger import page, verdict_of

note("all best", verdict_of("table5-all-best").word)
page.beside("ch-search-draws")

# %% [markdown]
# ## What we now know
#
# The results of searches on single draws of the weights span {glue:text}`narrowest range` to {glue:text}`widest range`
# percentage points, the luck of ten searches included, so a verdict on TEG needs several draws, and not only several seeds.
# Which *method* finds the best cell differs between two tables.
# The claim that all three indicators together guide a search best has the verdict “{glue:text}`all best`”.

# %% [markdown]
# ## Exercises
#
# ```{exercise}
# :label: ex-write-draw-error
# Let `gaps[i][j]` be by how much TEG was better in the $j$-th search on the $i$-th draw of the weights.
# Searches on one draw share that draw, so they are not independent; the draws are.
# Write the standard error of the mean gap that takes the draws as the units.
# ```


# %%
def standard_error(gaps):
    """Return the standard error of the mean of all gaps, with draws as units."""
    ...


from tegnas_study.exercises import check

check("ex-write-draw-error", standard_error)

# %% [markdown]
# ````{solution} ex-write-draw-error
# :class: dropdown
# Take the mean of each draw, and treat these means as the sample: their deviation, over the root of their number.
# More searches on the same draws cannot make it smaller than the spread between draws allows.
#
# ```python
# import numpy as np
#
#
# def standard_error(gaps):
#     means = np.array([np.mean(row) for row in gaps])
#     return means.std(ddof=1) / np.sqrt(len(means))
# ```
# ````
#
# ```{exercise}
# :label: ex-where-to-spend
# You can afford a thousand searches by evolution.
# The spread between draws of the weights is ten times the spread between searches on one draw.
# Predict by which factor the standard error of the mean gap is larger with ten draws of a hundred searches each than with a
# thousand draws of one search each: about 1, 3, 10 or 30?
# ```

# %%
answer = None  # 1, 3, 10 or 30

check("ex-where-to-spend", answer)

# %% [markdown]
# ````{solution} ex-where-to-spend
# :class: dropdown
# With $m$ draws and $n$ searches on each, the mean has the variance $\sigma_d^2 / m + \sigma_s^2 / (mn)$.
# The second part is the same for both plans, as $mn$ is a thousand; the first one falls with $m$ alone, so a hundred times as
# many draws make the error about ten times as small.
#
# ```python
# errors = [(10**2 / m + 1 / 1000) ** 0.5 for m in (10, 1000)]
# answer = round(errors[0] / errors[1])
# ```
# ````

# %% [markdown]
# ## Provenance

# %% tags=["hide-input"]
from tegnas_study.colophon import colophon

settings = atlas_settings()  # of the tables that the searches read
benchmark = load_benchmark()
colophon(seed=seed, started=started, settings=settings, benchmark=benchmark)

# %% tags=["hide-input"]
pd.set_option("display.max_colwidth", None)  # commands are long
record_table(recorded.provenance, "record")
