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
# (ch-landscapes)=
# # Landscapes
#
# Why is one space easy to search and another hard?
#
# The paper looks at the *landscape* of a search: architectures are places, and what a search is told about them is their
# height {cite}`chen2021tegnas`.
# In the middle of a search with REINFORCE it copies the agent into two *children*, lets both go on with other randomness,
# and draws what they visit on a plane, coloured by κ, R and MSE (its Section 4.3 and Fig. 4).
# On NAS-Bench-201 the children end in the same area, on DARTS in different areas with a barrier between them: so the
# first landscape is simple and the second is complex.
#
# That is one picture of one pair.
# Here we draw the same picture, then measure what it suggests on many pairs, and finally look at all 15,625 cells of
# NAS-Bench-201 at once, where no projection is needed.
# After this chapter you can **spawn** a search, that is copy it on the way into children, read a projection with the care it
# needs, tell a barrier from noise, and say what a search space looks like to a step that changes one edge.

# %% tags=["parameters"]
parent: int = 0  # seed of the pair that is drawn
n_draws: int = 1000  # resamples behind each interval
n_orders: int = (
    8  # random orders in which the edges between two ends are changed
)
n_sets: int = 4  # sets of draws of weights for each size of average
n_random: int = 500  # random pairs behind each distance by chance
seed: int = 0  # everything else random follows from this

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
from tegnas_core import Architecture
from tegnas_core.spaces import Darts
from tegnas_study import load_benchmark
from tegnas_study.analysis import verdict
from tegnas_study.analysis.landscapes import (
    barriers,
    draws,
    neighbourhood,
    pairs,
    projection,
)
from tegnas_study.analysis.landscapes.two_way import two_way

# %% tags=["hide-input"]
from tegnas_study.experiments.request import make_request
from tegnas_study.experiments.spawn_files import read_parents, read_spawned
from tegnas_study.experiments.spawning import SpawnPlan, spawn
from tegnas_study.figures import landscapes as figures
from tegnas_study.figures.intervals import interval_chart
from tegnas_study.figures.style import OPERATION_NAMES
from tegnas_study.paths import RESULTS, SEARCHES
from tegnas_study.sweep import read_sweep
from tegnas_study.tables.atlases import atlas_settings
from tegnas_study.tables.printed import printed, printed_table
from tegnas_study.tables.ranking import HIGHER_IS_BETTER, TEG, ranks

# %% [markdown]
# ## Two children of one search
#
# A child has everything of its parent: the logits of the policy, the state of the optimiser, the baseline, and the values
# behind the reward.
# It is told the same values for the same cells.
# Only what it *draws* from then on differs.
# We spawn after {glue:text}`early` and after {glue:text}`late` of 500 steps.
# On NAS-Bench-201 all values are in the atlas, so a parent and its four children are a matter of seconds.

# %% tags=["hide-input"]
PARTS = {
    "trunk": "the way to the parent",
    "parent": "the parent when it is spawned",
    "child": "the way of a child",
    "end": "the end of a child",
}

# %%
EARLY, LATE = 50, 350
plan = SpawnPlan(at=(EARLY, LATE), orders=0)
cells = spawn(make_request("reinforce"), plan, seed=parent)
counted = cells.groupby(["part", "at"], sort=False).size().rename("rows")
counted.rename(PARTS).rename_axis(["rows of", "spawned at step"]).to_frame()


# %% tags=["hide-input"]
def in_words(cell):
    operations = Architecture.parse(cell).operations
    return ", ".join(OPERATION_NAMES[o].split()[-1] for o in operations)


# %% tags=["hide-input"]
note("early", EARLY)
note("late", LATE)
columns = ["at", "part", "number", "step", "entropy", "architecture"]
at_ends = cells[cells["part"].isin(["parent", "end"])][columns].round(1)
at_ends = at_ends.replace({"part": PARTS}).rename(
    columns={"at": "spawned at", "part": "row", "number": "child"}
)
at_ends["cell"] = at_ends.pop("architecture").map(in_words)
at_ends.set_index("spawned at")

# %% [markdown]
# Each row of the last table has the most probable cell of a policy: of the parent where it is spawned, and of the two children
# at their ends, with the entropy that is left, in {term}`nats <nat>`; a cell is told by the operations on its edges 0→1, 0→2,
# 1→2, 0→3, 1→3 and 2→3.
#
# On DARTS every value has to be computed.
# These pairs were run once and recorded; each row of the record is an evaluation.

# %% tags=["hide-input"]
genotypes = read_parents(SEARCHES.glob("darts-spawned-*.parquet"))
n_parents = genotypes["seed"].nunique()
note("n_parents", n_parents)
visits = genotypes[genotypes["part"].isin(["trunk", "child"])]
print(f"{n_parents} parents, {len(visits):,} visits")

# %% [markdown]
# ## On a plane
#
# A cell of NAS-Bench-201 is six decisions with five options: a one-hot code of 30 numbers.
# A genotype of DARTS has a code of 224, with ones where a kept edge has its operation.
# The mean of such codes under a policy is a point of the same space, so cells and policies can be drawn together.
#
# We take the first two **principal components** of what both children visit, the two directions in which the visits differ
# most (scikit-learn's PCA), and place everything else by them.
# The surface is a smooth interpolation, drawn only between the visits; the dots are the visits themselves.


# %%
def drawn(spawned, space):
    rows, surfaces, explained = {}, {}, {}
    for name, at in (("early", EARLY), ("late", LATE)):
        plane, found = projection.projected(spawned, space, at=at)
        child = found[found["part"] == "child"]
        rows[name], explained[name] = found, plane.explained
        surfaces[name] = {
            indicator: projection.surface(
                child[["x", "y"]], figures.shown(child[indicator], indicator)
            )
            for indicator in TEG
        }
    return rows, surfaces, explained


# %% tags=["hide-input"]
on_cells = drawn(cells, "nas-bench-201")
one = genotypes[genotypes["seed"] == genotypes["seed"].min()]
on_genotypes = drawn(one, "darts")
for space, found in (("cells", on_cells), ("genotypes", on_genotypes)):
    for when, shares in found[2].items():
        note(f"{space} {when}", f"{100 * sum(shares):.0f} %")

# %% mystnb={"figure": {"caption": "Fig. 4 of the paper, on NAS-Bench-201: \u03ba, R and MSE of what two children of one search visit, spawned early (above) and late (below), on the plane of their first two principal components; brighter is better. Star: the parent. Crosses: what the children derive; the dashed line leads from one to the other. Lines: the ways of the policies' means.", "name": "fig-landscape-cells"}, "image": {"alt": "Six panels of dots on smooth surfaces. Above, two lines part from each other and end half way to two crosses that lie apart. Below, two short lines stay near the middle of a few dozen dots.", "width": "520px"}} tags=["hide-input"]
figures.landscapes(*on_cells)
plt.show()

# %% [markdown]
# {numref}`fig-landscape-cells` looks like the paper's picture, and shows how little a picture of this kind contains: the
# plane carries {glue:text}`cells early` of the variance of the codes for the early pair and {glue:text}`cells late` for the
# late one.
# Cells that lie on top of each other may differ on several edges, and dots of all colours lie side by side.

# %% mystnb={"figure": {"caption": "The same on the DARTS space, where every dot is a network that was evaluated: early pair above, late pair below; brighter is better.", "name": "fig-landscape-genotypes"}, "image": {"alt": "Six panels of dots on smooth surfaces. Above, two lines leave the same place and run to opposite corners, where two crosses lie in brighter areas. Below, the lines stay inside a cloud of dots and the crosses lie at its border.", "width": "520px"}} tags=["hide-input"]
figures.landscapes(*on_genotypes)
plt.show()

# %% [markdown]
# In {numref}`fig-landscape-genotypes` the plane carries {glue:text}`genotypes early` and {glue:text}`genotypes late` of the
# variance.
# The early children of this pair seem to go to different corners, as in the paper.
# But that is what the plane is *for*: principal components are the directions in which the visits differ most, and two
# children that differ in anything are spread along the first of them.
# So the question cannot be answered on the plane.
# We need distances in the space itself, of many pairs, and something to compare them with.
#
# ## How far apart do they end?
#
# Three controls make a distance readable.
#
# - **By chance:** two random cells.
# - **Independent searches:** two children that are spawned before the first step share nothing but the values that they are
#   told. If later children end as far apart as independent searches do, they have inherited nothing.
# - **Their own spread:** a policy with entropy left proposes cells that differ among themselves. With mean codes $c_1$ and
#   $c_2$ and $m$ edges, proposals of different children differ on $m - \langle c_1, c_2\rangle$ edges, proposals of one
#   child on $m - \|c\|^2$. The *excess* of the first over the second, $\tfrac12\|c_1 - c_2\|^2$, is zero when both propose
#   from one place, however wide it is.

# %% tags=["hide-input"]
RECORDS = {
    "average of three draws": "spawned-nas-bench-201",
    "another table": "spawned-nas-bench-201-seed1",
    "a single draw": "spawned-nas-bench-201-draw0",
    "400 steps": "spawned-nas-bench-201-shorter",
}
spawned = {
    name: read_spawned(RESULTS / f"{file}.parquet").table
    for name, file in RECORDS.items()
}
independent = sorted(SEARCHES.glob("darts-independent-*.parquet"))
fresh = [read_parents(independent)] if independent else []
on_darts = pd.concat([genotypes, *fresh], ignore_index=True)

# %% tags=["hide-input"]
apart = {
    name: pairs.pair_table(table, "nas-bench-201")
    for name, table in spawned.items()
}
apart["DARTS"] = pairs.pair_table(on_darts, "darts")
across = pairs.pairs_of_parents(genotypes, "darts", EARLY)
chance = {
    space: pairs.random_apart(space, n=n_random, seed=seed)
    for space in ("nas-bench-201", "darts")
}
means = {
    name: pairs.mean_of_pairs(table, seed=seed, n_draws=n_draws)
    for name, table in apart.items()
}

# %% tags=["hide-input"]
MAIN, DARTS = "average of three draws", "DARTS"
MEASURES = {
    "apart": "edges that differ",
    "within": "own spread",
    "excess": "excess over it",
}
rows = []
for name, found in means.items():
    left = found.value[f"entropy {EARLY}"]
    where = f"{name},\nentropy left {printed(left, '.0%')}"
    for measure, words in MEASURES.items():
        value = found.estimate(f"{measure} {EARLY}")
        rows.append((where, words, *value.numbers))
columns = ["values", "measure", "share", "low", "high"]
early_means = pd.DataFrame(rows, columns=columns)

# %% tags=["hide-input"]
note("n_cells_parents", f"{apart[MAIN]['seed'].nunique()}")
note("same", f"{100 * means[MAIN].value[f'same {LATE}']:.0f} %")
for key, name in {"cells": MAIN, "darts": DARTS}.items():
    value = means[name].estimate(f"excess {EARLY}")
    note(f"{key} excess", f"{value:.2f}")

# %% tags=["hide-input"]
KINDS = {0: "independent", EARLY: "early", LATE: "late"}


def kinds(table):
    return table.assign(kind=table["at"].map(KINDS)).sort_values("at")


# %% tags=["hide-input"]
strangers = across.assign(kind="two parents")
shown = {
    "NAS-Bench-201": kinds(apart[MAIN]),
    "DARTS": pd.concat([strangers, kinds(apart[DARTS])]),
}
by_chance = {
    "NAS-Bench-201": chance["nas-bench-201"],
    "DARTS": chance["darts"],
}

# %% mystnb={"figure": {"caption": "How many edges differ between what two searches derive; each dot is a pair, and the lines are means. Independent: two searches told the same values; two parents (DARTS): first children of different parents, whose weights and images differ too; early and late: two children of one parent. Dotted: two random architectures.", "name": "fig-children-distances"}, "image": {"alt": "Two panels of dots in columns. On NAS-Bench-201 independent and early pairs spread alike and late pairs lie near zero. On DARTS the few pairs of different parents lie furthest apart, early pairs nearer together and late pairs nearest.", "width": "520px"}} tags=["hide-input"]
figures.distances(shown, by_chance)
plt.show()

# %% tags=["hide-input"]
from tegnas_study.ledger import page, verdict_of

for at, when in ((EARLY, "early"), (LATE, "late")):
    note(f"closer {at}", verdict_of(f"fig4-{when}-same").part().found.short)

# %% [markdown]
# {numref}`fig-children-distances` gives the picture its scale.
# On NAS-Bench-201 ({glue:text}`n_cells_parents` parents, three pairs each), {glue:text}`same` of the late pairs derive the same
# cell.
# Early children end hardly closer than independent searches do, by {glue:text}`closer 50` of the edges, and late children are
# closer by {glue:text}`closer 350`.
# So early children end in the same area because *every* search on this table does, and not because they share a parent.
#
# On DARTS ({glue:text}`n_parents` parents) early children end further apart, though closer than children of two parents and
# than two random genotypes.
# Do they only propose more widely?

# %% mystnb={"figure": {"caption": "Early pairs: the share of edges on which the two cells that they derive differ, the share on which two proposals of one child differ (its own spread), and the excess of two children's proposals over that; means with 95 % intervals over parents. The first four rows are NAS-Bench-201: as above, by a table with other weights and images, by a table of one draw, and with fewer steps. Entropy left: as a share of the entropy of the uniform policy, at the end of the search.", "name": "fig-children-spread"}, "image": {"alt": "Five rows with three intervals each. The own spread is much the same in all rows, a little more with 400 steps. Edges that differ and the excess are clearly larger on DARTS than in the four rows of NAS-Bench-201.", "width": "520px"}} tags=["hide-input"]
interval_chart(
    early_means,
    row="values",
    colour="measure",
    value="share",
    xlabel="share of the edges",
)
plt.show()

# %% [markdown]
# By {numref}`fig-children-spread` they do not: the children's own spread is much the same in both spaces.
# The excess of early children over it is {glue:text}`darts excess` on DARTS and {glue:text}`cells excess` on NAS-Bench-201.
# The row "400 steps" shows the same in another way: there a search on NAS-Bench-201 is stopped when about as much entropy is
# left as on DARTS.
#
# But a space with more decisions has more ways to differ, and in 500 draws each of its decisions is tried less often.
# That alone sets the two spaces apart; so far nothing has been said about hills and valleys.
#
# ## What lies between them
#
# The paper draws a dashed line between the two ends and finds a barrier on it.
# Between its ends, a straight line in the space of codes passes through no architecture at all.
# What can be measured is a *way*: change the edges on which the two ends differ one at a time, in a random order, and
# take the true values at every stop.
# The mean of all such ways is that straight line.
#
# To compare the two spaces we express log κ, R and log MSE in standard deviations of random architectures of the space,
# turned so that larger is better, and take their mean as the *goodness* of a stop.
# A stop *drops* by as much as its goodness lies below the straight line from end to end.
#
# One thing could mislead us.
# The search has climbed on these very values, noise included: its ends look better than they are, and what lies between
# them then looks like a valley.
# So we also judge each way by *other* weights and images, which no search has seen.

# %% tags=["hide-input"]
space = draws.load_draws()
OWN, OTHERS = [0, 1, 2], range(3, len(space.names))
ends = spawned[MAIN][spawned[MAIN]["part"] == "end"]
ways = barriers.cell_ways(ends, space.architectures, orders=n_orders, seed=seed)


def cells_below(chosen):
    values = space.average(chosen)
    return barriers.drops(ways, values, barriers.scale_of(values))


below = {"own": cells_below(OWN)}
below |= {f"other {k}": cells_below([k]) for k in OTHERS}

# %% tags=["hide-input"]
note("n_tables", len(space.names))
judged = read_sweep(RESULTS / "darts-ways.parquet")
usual = read_sweep(RESULTS / "darts-judged.parquet")
drawn_at_random = [str(g) for g in Darts().sample_many(60, seed=1000)]
random = usual[usual["architecture"].isin(drawn_at_random)]
random = random[random["repeat"] == 0]  # the same weights and images

# %% tags=["hide-input"]
seen = genotypes[genotypes["part"] == "path"]
known = seen["architecture"].isin(judged["architecture"])
whole = known.groupby(seen["seed"]).all()  # parents with all their ways judged
seen = seen[seen["seed"].map(whole)]
darts_below = {
    "own": barriers.own_drops(genotypes),
    "other": barriers.drops(
        seen,
        judged.set_index("architecture"),
        barriers.scale_of(random),
    ),
}


# %%
def mean_drop(tables, at, goodness="teg"):
    found = [barriers.barriers(table) for table in tables]
    found = [t[(t["at"] == at) & (t["goodness"] == goodness)] for t in found]
    table = pd.DataFrame([t.set_index("seed")["mean_drop"] for t in found])
    return two_way(table, seed=seed, n_draws=n_draws)


# %% tags=["hide-input"]
others = [below[name] for name in below if name != "own"]
valley = {
    ("cells", "own"): [below["own"]],
    ("cells", "other"): others,
    ("darts", "own"): [darts_below["own"]],
    ("darts", "other"): [darts_below["other"]],
}
deep = {
    (*key, at): mean_drop(tables, at)
    for key, tables in valley.items()
    for at in (EARLY, LATE)
}

# %% tags=["hide-input"]
spaces = {"cells": "NAS-Bench-201", "darts": "DARTS"}
judges = {"own": "the values it was told", "other": "other weights"}
rows = [
    (f"{spaces[name]}, {KINDS[at]}", judges[which], *value.numbers)
    for (name, which, at), value in deep.items()
]
columns = ["where", "judged by", "drop", "low", "high"]
drops = pd.DataFrame(rows, columns=columns).sort_values("where", kind="stable")
for which in judges:
    note(f"drop {which}", f"{deep['darts', which, EARLY]:.2f}")

# %% tags=["hide-input"]
high = {}
for (name, which), tables in valley.items():
    found = pd.concat([barriers.barriers(table) for table in tables])
    found = found[found["goodness"] == "teg"].groupby("at")
    for at in (EARLY, LATE):
        largest = found[["barrier", "lowest"]].mean().loc[at]
        high[spaces[name], KINDS[at], judges[which]] = largest
largest = pd.DataFrame(high).T.rename_axis(["space", "children", "judged by"])
largest = largest.rename(
    columns={"barrier": "on average", "lowest": "on the easiest way"}
)

# %% tags=["hide-input"]
heights = {"cells": [], "darts": []}
for k in OTHERS:
    values = space.average([k])
    goodness = barriers.scale_of(values).goodness(values)
    heights["cells"].append(goodness["teg"].loc[ends["architecture"]].mean())
fallen = genotypes[genotypes["part"] == "end"]["architecture"]
known = judged[judged["architecture"].isin(fallen)]
goodness = barriers.scale_of(random).goodness(known)
heights["darts"].append(goodness["teg"].mean())
for name, found in heights.items():
    note(f"height {name}", f"{np.mean(found):.1f}")

# %% tags=["hide-input"]
curves = {
    "NAS-Bench-201": barriers.profile(pd.concat(others)),
    "DARTS": barriers.profile(darts_below["other"]),
}
curves = {k: c[c["at"].isin([EARLY, LATE])] for k, c in curves.items()}

# %% mystnb={"figure": {"caption": "From one child's end to the other's, one edge at a time: goodness by other weights and images, against the straight line between the two ends, in standard deviations of random architectures. Mean and standard deviation over random orders and pairs.", "name": "fig-barriers"}, "image": {"alt": "Two panels with two curves each that begin and end at zero. On NAS-Bench-201 both stay at zero, with narrow bands. On DARTS they stay near zero, with wider bands.", "width": "520px"}} tags=["hide-input"]
figures.profiles(curves, {EARLY: "early", LATE: "late"})
plt.show()

# %% [markdown]
# How large is a standard deviation?
# The ends themselves lie {glue:text}`height cells` of them above a random cell on NAS-Bench-201 and
# {glue:text}`height darts` above a random genotype on DARTS, by weights and images that no search has seen.
#
# {numref}`fig-barriers` shows the whole way, by these weights and images: compared with one standard deviation of random
# architectures, there is hardly a valley in either space.

# %% mystnb={"figure": {"caption": "How far the stops between two children's ends drop below the straight line, by the values that the search was told and by weights and images that it has not seen, in standard deviations of random architectures; means over ways with 95 % intervals over parents. To the right of zero there is a valley.", "name": "fig-drops"}, "image": {"alt": "Four rows, early and late children on both spaces, with two intervals each. Those of NAS-Bench-201 are short and lie at zero or just right of it; those of DARTS are longer, by other weights on either side of zero.", "width": "520px"}} tags=["hide-input"]
interval_chart(
    drops,
    row="where",
    colour="judged by",
    value="drop",
    xlabel="mean drop, in standard deviations",
)
plt.show()

# %% [markdown]
# By the values that the search was told, the stops between two early children drop by {glue:text}`drop own` on DARTS; by
# other weights and images they drop by {glue:text}`drop other`.
# The difference of the two numbers is the luck of the search's own ends, and {numref}`fig-drops` has it for the other pairs.
#
# The paper's word *barrier* suggests something else, the largest drop on a way.
# The table has it on average, and on the easiest of the ways that were tried.
# Since it is the largest of several noisy numbers, it is positive even where the ground is flat.

# %% tags=["hide-input"]
printed_table(largest, dict.fromkeys(largest, ".2f"))

# %% [markdown]
# ## The true landscape
#
# On NAS-Bench-201 nothing has to be guessed from pairs.
# The values of all 15,625 cells are known, each cell has 24 neighbours that differ on one edge, and one can simply ask of each
# cell whether a step leads up.
#
# Many cells compute the same function and have the same indicators; such cells in a row form a *plateau*, which counts
# once and can be crossed freely.
# A **local optimum** is a plateau from which no step leads up, and its **basin** is all cells whose steepest ascent ends there.

# %%
benchmark = load_benchmark()
accuracy = benchmark.accuracy("cifar10").reindex(space.architectures)
every = range(len(space.names))
climbed = {**space.fitness(every), "accuracy": accuracy.to_numpy()}
single = space.fitness([0])
NAMES = dict(zip(TEG, ("κ", "R", "MSE"))) | {"rank_sum": "sum of ranks"}

# %%
rows = {}
for name, fitness in climbed.items():
    label = NAMES.get(name, name)
    rows[label] = neighbourhood.landscape_row(fitness, accuracy)
    if name in single:
        alone = neighbourhood.landscape_row(single[name], accuracy)
        rows[f"{label}, a single draw"] = alone
rng = np.random.default_rng(seed)
rows["random numbers"] = neighbourhood.landscape_row(
    rng.random(len(accuracy)), accuracy
)
true = pd.DataFrame(rows).T

# %% tags=["hide-input"]
columns = {
    "optima": "optima",
    "largest_basin": "largest basin",
    "global_basin": "basin of the best",
    "to_best": "distance to own best",
    "to_most_accurate": "distance to the most accurate",
    "reached": "reaches the top",
}
formats = dict.fromkeys(columns.values(), ".2f") | {"optima": ",.0f"}
printed_table(true.rename(columns=columns), formats)

# %% tags=["hide-input"]
for label in (*NAMES.values(), "accuracy", "random numbers"):
    note(f"optima {label}", f"{true.loc[label, 'optima']:.0f}")
    note(f"reached {label}", f"{100 * true.loc[label, 'reached']:.0f} %")
for label in NAMES.values():
    alone = true.loc[f"{label}, a single draw"]
    note(f"optima {label} single", f"{alone['optima']:.0f}")
summit = neighbourhood.landscape(climbed["rank_sum"])
note("end accuracy", f"{summit.mean_at_end(accuracy):.2f}")
note("top accuracy", f"{accuracy.quantile(0.99):.2f}")

# %% [markdown]
# The table rests on averages over all {glue:text}`n_tables` draws of the weights, except where it says "a single draw", which
# is the first of them.
# Its columns are the number of optima; the shares of the space in the largest basin and in the basins of the best (two
# plateaus may share the first place); the rank correlation of fitness with the distance to its own best and to the most
# accurate cell (with −1 each step upwards would lead nearer); and the share of cells from which steepest ascent reaches the
# top 1 % of accuracy.
#
# The accuracy itself ({{ here }}) has {glue:text}`optima accuracy` optima and the sum of ranks
# {glue:text}`optima sum of ranks`, while random numbers have {glue:text}`optima random numbers`.
# So the landscape is smooth, as the paper says.
# And yet ascent in the sum of ranks reaches the top 1 % of accuracy from {glue:text}`reached sum of ranks` of the cells,
# while ascent in the accuracy reaches it from {glue:text}`reached accuracy`.
# It ends at {glue:text}`end accuracy` % on average, and the top 1 % begins at {glue:text}`top accuracy` %.
# It is of little use that a hill is easy to climb if the wrong cells stand on its top.
#
# ### Is the landscape rough, or is it noise?
#
# Single draws of the weights have far more optima.
# In the sum of ranks the draw of the table has {glue:text}`optima sum of ranks single`, and the mean over single draws is
# {glue:text}`one draw sum of ranks`; draws differ a lot, and in κ the numbers are {glue:text}`optima κ single` and
# {glue:text}`one draw κ`.
# Do they belong to the landscape, or to the noise of the weights?
# Noise goes away when more draws are averaged.

# %%
counted = []
for size in range(1, len(space.names) + 1):
    sets = neighbourhood.subsets(len(space.names), size, most=n_sets, rng=rng)
    for chosen in sets:
        for name, fitness in space.fitness(chosen).items():
            n = len(neighbourhood.landscape(fitness).optima)
            counted.append((name, size, n))
counted = pd.DataFrame(counted, columns=["fitness", "draws", "optima"])

# %% tags=["hide-input"]
mean_counts = counted.groupby(["fitness", "draws"])["optima"].mean()
for name, label in NAMES.items():
    of_noise = 1 - mean_counts[name].iloc[-1] / mean_counts[name].iloc[0]
    note(f"noise {label}", f"{100 * of_noise:.0f} %")
    note(f"one draw {label}", f"{mean_counts[name].iloc[0]:.0f}")

# %% mystnb={"figure": {"caption": "Local optima of NAS-Bench-201 under one-edge mutation, against the number of draws of the weights that are averaged. The line is the accuracy.", "name": "fig-ruggedness"}, "image": {"alt": "Four falling curves on a logarithmic axis, which are highest with one draw and lowest with all of them, and a line for the accuracy.", "width": "520px"}} tags=["hide-input"]
figures.ruggedness(
    counted, accuracy=int(true.loc["accuracy", "optima"]), names=NAMES
)
plt.show()

# %% [markdown]
# {numref}`fig-ruggedness`, which shows means over draws and sets of draws, says that a good part of them is noise.
# When all {glue:text}`n_tables` draws are averaged, the sum of ranks loses {glue:text}`noise sum of ranks` of the optima that
# single draws have on average.
# A search on one draw of weights, like each of ours on DARTS, walks on rougher ground than the landscape that it is meant to
# show.
#
# ## What holds of the paper's four observations
#
# 1. *On NAS-Bench-201 the search lands where all three indicators are good, past optima of a single one.*
#    We call a cell good when it is in the best tenth by all three, by weights and images that its search did not see.


# %%
def place(table):
    good = [
        ranks(table[name], higher_is_better=HIGHER_IS_BETTER[name])
        <= 0.1 * len(table)
        for name in TEG
    ]
    return pd.Series(np.all(good, axis=0), index=table.index)


held_out = [place(space.average([k])).astype(float) for k in OTHERS]
found = [good.loc[ends["architecture"]].to_numpy() for good in held_out]
by_parent = [
    pd.Series(good).groupby(ends["seed"].to_numpy()).mean() for good in found
]
all_good = two_way(pd.DataFrame(by_parent), seed=seed, n_draws=n_draws)

# %% tags=["hide-input"]
note("all good", f"{100 * all_good.value:.0f}")
note("all good low", f"{100 * all_good.low:.0f}")
note("all good high", f"{100 * all_good.high:.0f}")
note("all good verdict", str(verdict(all_good, above=0.5)))
by_luck = np.mean([good.mean() for good in held_out])
note("all good luck", f"{100 * by_luck:.1f}")
single_tops = [
    neighbourhood.landscape(climbed[name]).is_optimum for name in TEG
]
tops = summit.is_optimum
beyond = 1 - np.mean([tops[top].mean() for top in single_tops])
note("beyond", f"{100 * beyond:.0f} %")

# %% [markdown]
# In this sense {glue:text}`all good` % of the ends are good [{glue:text}`all good low`, {glue:text}`all good high`], while
# {glue:text}`all good luck` % of all cells are; the claim that *most* ends are good has the verdict
# "{glue:text}`all good verdict`".
#
# 2. *There, two children end in one area*: closer than two independent searches.
# 3. *On DARTS they end further apart*, beyond their own spread.
# 4. *A barrier lies between them*: a valley, by weights that no search has seen.
#
# {ref}`The page of claims <ch-claims>` judges these four, the last three for children that part early and late:

# %% tags=["hide-input"]
page.beside("ch-landscapes")

# %% [markdown]
# The first row counts each other batch of images once, where the sentence above it uses all other draws of the weights; so the
# two numbers differ.
#
# Intervals on NAS-Bench-201 are over {glue:text}`n_cells_parents` parents and over draws or tables; those on DARTS are over
# {glue:text}`n_parents` parents, each with weights and images of its own, and with so few of them they are, if anything, too
# narrow.
# Of the optima of κ, R and MSE, {glue:text}`beyond` are not optima of the sum of ranks, so a search by the sum does walk past
# them.
#
# ## What we now know
#
# The outline of the paper's story is true: searches on NAS-Bench-201 find cells that are good by all three far more often
# than luck would, and searches on DARTS end in places that are further apart.
# We do not find a barrier as the reason.
# In neither space does the ground between two ends fall, on average, by more than a small part of what separates random
# architectures, and a good part of the roughness that a search meets is the noise of its own weights.

# %% [markdown]
# ## Exercises
#
# ```{exercise}
# :label: ex-random-optima
# In the row "random numbers" of the table, a step changes one edge, so that a cell has 24 neighbours.
# Change this and predict: a step may change one edge or two.
# How many of the 15,625 cells are then local optima of random numbers, on average?
# ```

# %%
answer = None  # your number

from tegnas_study.exercises import check

check("ex-random-optima", answer)

# %% [markdown]
# ````{solution} ex-random-optima
# :class: dropdown
# A cell is an optimum when it is the best of itself and its neighbours.
# With one edge to change that has probability 1/25, and 625 cells are expected; the table has one draw of this.
# Two of six edges can be chosen in 15 ways, with 4 · 4 other operations, which makes 240 neighbours more: the probability is
# 1/265, and 59 cells are expected.
# A landscape is rough or smooth for a *step*, not by itself.
#
# ```python
# answer = 15_625 / (1 + 24 + 15 * 16)
# ```
# ````
#
# ```{exercise}
# :label: ex-straight-line
# Two cells differ on $m$ edges, which are changed one at a time in a random order.
# Where is the mean, over all orders, of the one-hot code after $k$ changes, as a share of the way along the straight line
# between the two codes, for $k = 2$ and $m = 5$?
# ```

# %%
answer = None  # a number between 0 and 1

check("ex-straight-line", answer)

# %% [markdown]
# ````{solution} ex-straight-line
# :class: dropdown
# Each edge is among the first $k$ with probability $k/m$, so the mean code is $(1 - k/m)\,x + (k/m)\,y$: 0.4.
# That is the dashed line of the picture; between its ends no architecture lies on it.
#
# ```python
# answer = 2 / 5
# ```
# ````
#
# ```{exercise}
# :label: ex-noise-depth
# Suppose that all cells are truly equally good, and that each draw of the weights adds normal noise with a deviation of 1, for
# each cell by itself.
# A search is told averages of four draws, and each of its two children ends at the best of three cells.
# By these same values, how deep is the valley: how far do the stops between the ends drop on average?
# ```

# %%
answer = None  # your number

check("ex-noise-depth", answer)

# %% [markdown]
# ````{solution} ex-noise-depth
# :class: dropdown
# The stops were not chosen, so their mean is 0, and both ends are as high as the largest of three noises, on average.
# That is $3 / (2\sqrt{\pi}) \approx 0.85$ deviations, and the average of four draws has a deviation of $1/2$: 0.42.
# The valley is as deep with any number of stops, and it is gone by new values; nine times as many draws make it a third as
# deep.
#
# ```python
# answer = 3 / (2 * np.sqrt(np.pi)) / np.sqrt(4)
# ```
# ````

# %% [markdown]
# ```{exercise}
# :label: ex-write-climb
# Write steepest ascent: from a cell go to the best of its neighbours as long as that is better, and return the cell where
# you end.
# Cells are numbers; `fitness[i]` is the fitness of cell $i$, and `neighbours[i]` is an array of its neighbours.
# No two cells have the same fitness.
# ```


# %%
def climb(start, fitness, neighbours):
    """Return the number of the cell where steepest ascent from start ends."""
    ...


check("ex-write-climb", climb)

# %% [markdown]
# ````{solution} ex-write-climb
# :class: dropdown
# Each step goes up and there are finitely many cells, so it ends.
# All cells from which it ends in the same place are that optimum's basin.
#
# ```python
# def climb(start, fitness, neighbours):
#     here = start
#     while True:
#         around = neighbours[here]
#         best = around[np.argmax(fitness[around])]
#         if fitness[best] <= fitness[here]:
#             return int(here)
#         here = best
# ```
# ````

# %% [markdown]
# ## Provenance

# %% tags=["hide-input"]
from tegnas_study.colophon import colophon

colophon(
    seed=seed,
    started=started,
    settings=atlas_settings(),
    benchmark=benchmark,
)
