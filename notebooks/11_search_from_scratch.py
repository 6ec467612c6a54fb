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
# (ch-search-from-scratch)=
# # Search from Scratch
#
# So far we looked at all architectures.
# Where there are too many for that, one *searches*: evaluate some, learn, and choose better what to evaluate next.
# How does a search turn values of architectures into better architectures?
#
# The paper puts REINFORCE, evolution and FP-NAS into one loop, its Algorithm 1 {cite}`chen2021tegnas`.
# Here we write one step of each from its equation, beside the one that this study uses, on a space where an evaluation
# costs nothing and the best architecture is known.
# After this chapter you can explain the loop, write each step yourself, and say what its reward does and does not tell.

# %% tags=["parameters"]
n_bits: int = 20  # length of the strings of the toy space
n_seeds: int = 8  # searches of each method
n_evaluations: int = 700  # evaluations of each search
patience: int = 50  # steps without a fall before a search may stop
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
from scipy.special import softmax

note = partial(glue, display=False)  # a number for the prose

# %% tags=["hide-input"]
from tegnas_core.search import (
    FPNAS,
    Evolution,
    LocalSearch,
    Objective,
    RandomSearch,
    Reinforce,
    Reward,
    search,
)

# %% tags=["hide-input"]
from tegnas_core.search.method import fitness_of
from tegnas_core.spaces import Toy
from tegnas_study.analysis.searches import trajectories
from tegnas_study.figures.curves import search_curves
from tegnas_study.figures.teaching.policy_frames import policy_frames
from tegnas_study.tables.printed import printed_table

# %% [markdown]
# ## A space to play in
#
# An architecture of the **toy space** is a string of bits, and its value is the number of ones.
# The best string is known: all ones.
# The idea is that of {cite:t}`real2019evolution`.

# %%
space = Toy(n_bits)
objectives = [Objective("ones", higher_is_better=True)]


def evaluate(bits):
    return {"ones": bits.ones}


first = space.sample(np.random.default_rng(seed))
print(first, evaluate(first))

# %% tags=["hide-input"]
note("n_bits", n_bits)
note("n_strings", f"{2**n_bits:,}")

# %% [markdown]
# There are {glue:text}`n_strings` strings of {glue:text}`n_bits` bits, and most have about half of their bits set.
# A change of one bit always helps or harms by one, so the best string is the only one from which every single step leads
# down.
# Real spaces are not so kind; here we learn how the methods work, and not yet how good they are.
#
# ## The loop
#
# Algorithm 1 has four verbs: **sample** architectures, **evaluate** them, **update** what one knows, until it is time to
# **derive** the result.
# A method is asked for architectures and told their values; it never sees what it optimises.
# Here is the loop around the plainest method, which draws at random.


# %%
def by_hand(method):
    while not method.finished():
        architectures = method.ask()  # sample
        values = [evaluate(a) for a in architectures]  # evaluate
        method.tell(fitness_of(values, objectives))  # update
    return method.derive()  # derive


def random_search(n):
    return RandomSearch(space, rng=np.random.default_rng(seed), n_steps=n)


history = search(random_search(50), evaluate, objectives)
assert by_hand(random_search(50)) == history.derived
print(history.derived, evaluate(history.derived))

# %% [markdown]
# `search` is this loop, and it also writes down what happened.
# `fitness_of` gives every value a sign such that larger is better, and makes −∞ of what could not be computed.
#
# ## What a method is told
#
# REINFORCE and FP-NAS need one number, the **reward** $r_t$ of the architecture drawn at step $t$.
# The paper composes it of three parts, one for each indicator (its Eq. 16 to 18), here for κ:
#
# $$
# r_t^\kappa = -\frac{\kappa_t - \kappa_{t-1}}{\kappa_{\max,t} - \kappa_{\min,t}}
# $$ (eq-reward)
#
# The maximum and the minimum are over what was visited up to $t$.
# The minus sign is ours: *the paper prints none*, for κ, R and MSE alike, and so would reward a growing κ.
# Its text and its code mean the opposite.
# Here are five architectures by hand; κ of the third could not be computed.

# %%
kappa = np.array([120.0, 80.0, np.inf, 95.0, 60.0])
x = -kappa  # larger is better: this is where the sign is
rewards = [0.0]  # nothing comes before the first
for t in range(1, 5):
    seen = x[: t + 1]
    finite = seen[np.isfinite(seen)]
    now, before = np.maximum(x[[t, t - 1]], finite.min())  # a failure: worst
    rewards.append((now - before) / np.ptp(finite))
print(*np.round(rewards, 2))

# %%
reward = Reward(window=None, epsilon=0.0)
told = [reward(x[:n, None]) for n in range(1, 6)]
assert np.allclose(told, rewards)
level = Reward("level", window=None, epsilon=0.0)
table = pd.DataFrame({"κ": kappa, "reward": rewards})
table["as printed"] = -table["reward"]
table["as a level"] = [level(x[:n, None]) for n in range(1, 6)]
table.index = pd.RangeIndex(1, 6, name="t")
printed_table(table, {"κ": "g"} | dict.fromkeys(table.columns[1:], ".2f"))

# %% [markdown]
# The table shows three things.
#
# **A reward is a change, not a level.**
# The fourth architecture is worse than the second, and still gets a large reward, since it comes after a failure.
# What is rewarded depends as much on the architecture before as on this one; a search that draws the best one twice in a row
# gets nothing the second time.
# The last column shows what a level would say: how far an architecture is above the worst.
#
# **A failure has to count as something.**
# Here it counts as the worst finite value so far.
# The released code writes −1 for a κ that it could not compute, and −1 is a splendid κ.
# It repairs that later: when a good architecture sets a new maximum of κ, earlier failures get this value, but in *all
# three* indicators.

# %%
kappas, regions = [-np.inf, -5000.0, -800.0], [1.0, 500.0, 600.0]
two = np.column_stack([kappas, regions])  # larger is better; the first failed
for failures in ("worst", "released"):
    told = Reward(window=10, failures=failures)
    print(f"{failures:9}", [round(told(two[:n]), 2) for n in range(1, 4)])

# %% [markdown]
# The failed first architecture has one region.
# With κ = 5,000 in the second step, the released code remembers 5,000 regions for the failure, and the true 500 regions that
# follow count as a fall.
#
# **The scale moves.**
# Each reward is divided by the range seen so far, and one outlier makes all later rewards small.
# The released code therefore looks at the last ten values only, its {term}`window`, and so do we by default.
#
# ## REINFORCE
#
# REINFORCE {cite}`williams1992reinforce` keeps a **policy** $\pi$: a distribution over architectures that it can draw
# from.
# Each decision $e$, here a bit, has its own softmax of some numbers $\theta^{\mathcal{A}}_e$, the **logits**:
#
# $$
# \pi(a) = \prod_e \sigma(\theta^{\mathcal{A}}_e)_{a_e}
# $$ (eq-policy)
#
# It draws one architecture $a_t$ and makes it more probable if its reward is above the expected one, $b_t$, and less
# probable otherwise (paper Eq. 13 to 15):
#
# $$
# \theta^{\mathcal{A}} \leftarrow \theta^{\mathcal{A}} + \eta\,(r_t - b_t)\,\nabla \log \pi(a_t),
# \qquad b_t = \gamma\, b_{t-1} + (1 - \gamma)\, r_t
# $$ (eq-reinforce)
#
# All one needs is the gradient of the logarithm of a softmax: a one at the drawn option and zeros elsewhere, minus the
# probabilities.


# %%
def score(logits, options):
    """Return ∇ log π(a), shape (decisions, options)."""
    return np.eye(logits.shape[1])[list(options)] - softmax(logits, axis=1)


def reinforce_step(logits, options, reward, baseline, eta=0.04, gamma=0.9):
    baseline = gamma * baseline + (1 - gamma) * reward  # Eq. 15
    advantage = reward - baseline
    return logits + eta * advantage * score(logits, options), baseline


# %% [markdown]
# Is that what the study's class does when it is set to the paper's text, with plain gradient descent and all of history?

# %%
as_printed = {"optimiser": "sgd", "baseline": "plain", "reward": reward}
method = Reinforce(space, rng=np.random.default_rng(seed), **as_printed)
logits, baseline = method.policy.logits.detach().numpy().copy(), 0.0
for _ in range(20):
    (drawn,) = method.ask()
    report = method.tell(fitness_of([evaluate(drawn)], objectives))
    logits, baseline = reinforce_step(
        logits, space.decisions(drawn), report.rewards[0], baseline
    )
    assert np.allclose(logits, method.policy.logits.detach().numpy())

# %% [markdown]
# After each of twenty steps the logits are the same.
# But is one step the gradient of anything?
# On strings of five bits we can add up all architectures: the mean step is $\sum_a \pi(a)\, r(a)\, \nabla \log \pi(a)$,
# and it should be the gradient of the expected reward.

# %%
from tegnas_study.analysis.searches import exact_gradient

rng = np.random.default_rng(seed)
small, theta = Toy(5), rng.standard_normal((5, 2))
strings = exact_gradient.every_architecture(small)
value = np.array([bits.ones for bits in strings], float)
pi = exact_gradient.probabilities(theta)
scores = np.array([score(theta, bits.bits) for bits in strings])
mean_step = np.einsum("a,a,aeo->eo", pi, value, scores)
assert np.allclose(mean_step, exact_gradient.reinforce_gradient(theta, value))

# %%
nudge = np.zeros_like(theta)
nudge[2, 1] = 1e-6  # one logit, a little more and a little less
more, less = (
    exact_gradient.probabilities(theta + s * nudge) @ value for s in (1, -1)
)
assert np.isclose((more - less) / 2e-6, mean_step[2, 1])
print(f"slope of the expected reward {mean_step[2, 1]:.4f}")

# %% [markdown]
# The mean step is the gradient.
# A baseline that does not depend on the draw would not change it; the paper's $b_t$ contains $r_t$ itself, which makes the
# step shorter by the factor γ.
#
# ## Evolution
#
# Regularised or **ageing** evolution {cite}`real2019evolution` has no policy.
# It keeps a population, and in each cycle the best of a random tournament has a child with one mutation, while the
# *oldest* member dies, however good it is.


# %%
def cycle(population, rng, tournament_size):
    """Return the population after one cycle, the oldest first."""
    chosen = rng.choice(len(population), tournament_size, replace=False)
    parent = max((population[i] for i in chosen), key=lambda bits: bits.ones)
    return [*population[1:], space.mutate(parent, rng)]


rng = np.random.default_rng(seed)
population = [space.sample(rng) for _ in range(30)]
for _ in range(100):
    population = cycle(population, rng, tournament_size=10)

# %%
sizes = {"population_size": 30, "tournament_size": 10, "n_steps": 100}
method = Evolution(space, rng=np.random.default_rng(seed), **sizes)
history = search(method, evaluate, objectives)
assert population == list(method.population)
print("best of the last population:", history.derived)

# %% [markdown]
# With one objective the best is the largest.
# With three, the paper takes the member with the smallest **sum of ranks** in its tournament, so evolution needs no
# reward at all, and no scale of any indicator matters.
#
# ## FP-NAS
#
# FP-NAS {cite}`yan2021fpnas` has a policy like REINFORCE, but draws $K_t$ architectures in each step and compares them with
# each other: each becomes more probable according to its share of the exponential rewards (paper Eq. 19 and 20).
#
# $$
# \theta^{\mathcal{A}} \leftarrow \theta^{\mathcal{A}} + \eta \sum_{i=1}^{K_t} w_i\, \nabla \log \pi(a_i),
# \qquad w_i = \frac{e^{r_i}}{\sum_j e^{r_j}}
# $$ (eq-fp-nas)
#
# ### Where the weights come from
#
# The equation looks like an invention, but it follows from one wish, that of *empirical Bayes* {cite}`casale2019parsec`:
# choose the policy that makes the data $y$ most probable when the architecture is drawn from it.
# Let $p(y \mid a)$ be the likelihood of the data under architecture $a$.
# Then $p(y) = \sum_a \pi(a)\, p(y \mid a)$ is the **marginal likelihood**, and its gradient takes five lines:
#
# $$
# \begin{aligned}
# \nabla \log p(y) &= \frac{\sum_a p(y \mid a)\, \nabla \pi(a)}{p(y)} \\
#   &= \sum_a \frac{\pi(a)\, p(y \mid a)}{p(y)}\, \nabla \log \pi(a) \\
#   &= \sum_a p(a \mid y)\, \nabla \log \pi(a) \\
#   &\approx \sum_{i=1}^{K} w_i\, \nabla \log \pi(a_i), \qquad w_i = \frac{p(y \mid a_i)}{\sum_j p(y \mid a_j)} \\
#   &= -\nabla f(\theta^{\mathcal A}) \text{ of Eq. 20, with } r_i \text{ for } \log p(y \mid a_i)
# \end{aligned}
# $$ (eq-marginal-likelihood)
#
# The first line holds since only $\pi$ depends on $\theta^{\mathcal A}$, the second since
# $\nabla \pi = \pi\, \nabla \log \pi$, and the third is Bayes' rule: $p(a \mid y)$ is the **posterior**, how probable each
# architecture is after the data.
# The fourth line is **importance sampling**: one wants a mean over the posterior, can only draw from the policy, and
# corrects for this by weights.
# It becomes exact as $K$ grows.
# The fifth line is the step of TEG-NAS, and its only reason is convenience: a reward is no log-likelihood.
# A log-likelihood of many images differs by hundreds between two architectures; two rewards differ by six at the very most,
# and mostly by far less, so their weights are much more alike and say little.


# %%
def fp_nas_step(logits, draws, rewards, eta=0.1):
    weights = softmax(rewards)  # they sum to 1
    scores = np.array([score(logits, options) for options in draws])
    return logits + eta * np.einsum("k,keo->eo", weights, scores)


as_printed = {"optimiser": "sgd", "reward": reward}
method = FPNAS(space, rng=np.random.default_rng(seed), **as_printed)
logits = method.policy.logits.detach().numpy().copy()
for _ in range(20):
    drawn = method.ask()
    report = method.tell(fitness_of([*map(evaluate, drawn)], objectives))
    logits = fp_nas_step(logits, [a.bits for a in drawn], report.rewards)
    assert np.allclose(logits, method.policy.logits.detach().numpy())

# %% [markdown]
# Again we can take the mean over everything that could be drawn, here over all pairs of strings of five bits.

# %%
pairs = [*itertools.product(range(len(strings)), repeat=2)]
mean_step = sum(
    pi[i] * pi[j] * np.tensordot(softmax(value[[i, j]]), scores[[i, j]], 1)
    for i, j in pairs
)
exact = exact_gradient.fp_nas_update(theta, value, n_samples=2)
assert np.allclose(mean_step, exact)
print(f"mean over {len(pairs):,} pairs: the same as the core's integral")

# %% [markdown]
# And with ever more samples, is the step the gradient of the marginal likelihood, as {eq}`eq-marginal-likelihood` says?
# Take $e^{r(a)}$ for the likelihood, and nudge one logit as before.

# %%
more, less = (
    np.log(exact_gradient.probabilities(theta + s * nudge) @ np.exp(value))
    for s in (1, -1)
)
limit = exact_gradient.fp_nas_limit(theta, value)  # infinitely many samples
assert np.isclose((more - less) / 2e-6, limit[2, 1])
print(f"slope of log p(y) {limit[2, 1]:.4f}")

# %% [markdown]
# The two slopes agree, so in this limit it is.
#
# ### The drift, in frames
#
# But a search has few samples, and with a single one the weight is $e^{r_1} / e^{r_1} = 1$, whatever the reward.
# We watch this on the smallest space there is: one decision with three options.
# A policy is then a point in a triangle, and we follow sixty runs.
# The option at the top has the reward 1, the right one 0.5, and the left one 0.

# %%
from tegnas_study.teaching.policy_walks import policy_walks

walk = partial(policy_walks, stops=(0, 100, 400, 1600), n_runs=60)


def walks(rewards, n_samples):
    rng = np.random.default_rng(seed)
    return walk(rewards, n_samples=n_samples, rng=rng)


frames = {
    "one sample per step, told the rewards": walks([0, 0.5, 1], 1),
    "one sample per step, told nothing": walks([0, 0, 0], 1),
    "four samples per step, told the rewards": walks([0, 0.5, 1], 4),
}

# %% mystnb={"figure": {"caption": "Sixty runs of FP-NAS on one decision between three options, \u03b7 = 0.1. A dot is the policy of a run: in the middle it is undecided, in a corner it is sure. Colour and shape show the corner it is nearest to.", "name": "fig-policy-frames"}, "image": {"alt": "Three rows of four triangles. In the first two rows, which are equal, the dots start in the middle, spread over the triangle and end in all three corners. In the third row they move to the top corner and stay there.", "width": "520px"}} tags=["hide-input"]
policy_frames(frames, options=("0", "0.5", "reward 1"))
plt.show()

# %% tags=["hide-input"]
first, second, third = (np.array(row[1600]) for row in frames.values())
assert np.array_equal(first, second)
ends = np.bincount(first.argmax(axis=1), minlength=3)
note("ends told", f"{ends[2]}, {ends[1]} and {ends[0]}")
note("sure told", int((first.max(axis=1) > 0.9).sum()))
note("ends four", int((third.argmax(axis=1) == 2).sum()))

# %% [markdown]
# The first two rows of {numref}`fig-policy-frames` are the same to the last digit: with one sample in a step, it makes no
# difference whether a run is told anything.
# It still moves, since whatever was drawn becomes more probable and is drawn again.
# After 1,600 steps the top, right and left options are the most probable ones in {glue:text}`ends told` of the sixty runs, and
# {glue:text}`sure told` runs are more than 90 % sure.
# With four samples in a step there is something to compare, and {glue:text}`ends four` runs end at the best option.
#
# In short: the weights are positive and sum to one, so a step always pulls towards *all* that was drawn, and rewards only
# say how strongly.
# The {ref}`next chapter <ch-search-methods>` shows how few samples the paper takes, and what the drift does on NAS-Bench-201.

# %% [markdown]
# ## The three against chance
#
# Now we let the methods work, beside random search, which every search has to beat {cite}`li2019random`.
# REINFORCE and FP-NAS have this study's defaults except for their length; the population of evolution is smaller than the
# paper's 256, which would take a good part of the evaluations before the first child.

# %%
n_fp_nas = -(-n_evaluations // 4)  # on this space it draws 4 a step
makers = {
    "reinforce": partial(Reinforce, n_steps=n_evaluations),
    "evolution": partial(
        Evolution,
        n_steps=n_evaluations - 50,
        population_size=50,
        tournament_size=10,
    ),
    "fp-nas": partial(FPNAS, n_steps=n_fp_nas, min_entropy=None),
    "random": partial(RandomSearch, n_steps=n_evaluations),
    "local": partial(LocalSearch, n_steps=n_evaluations),
}


# %%
def run(name, number, **changes):
    rng = np.random.default_rng([seed, number])
    method = makers[name](space, rng=rng, **changes)
    return name, number, search(method, evaluate, objectives)


table = trajectories.histories_table(
    run(name, number) for name in makers for number in range(n_seeds)
)
table["best"] = trajectories.best_so_far(table, "ones")
shown = table[table["method"] != "local"]

# %% mystnb={"figure": {"caption": "The best string so far on the toy space: median and range over seeds. The line is the optimum.", "name": "fig-toy-best"}, "image": {"alt": "Four curves. REINFORCE, evolution and FP-NAS climb to the line at the top, evolution and REINFORCE within a few hundred evaluations, FP-NAS later. Random search rises fast at first and then stays two to four ones below.", "width": "520px"}} tags=["hide-input"]
search_curves(
    trajectories.over_seeds(shown, "best"),
    xlabel="evaluations",
    ylabel="ones in the best string so far",
    line=n_bits,
)
plt.show()

# %% tags=["hide-input"]
when = trajectories.first_at_least(table, "best", n_bits).unstack("method")
chance = when["random"].fillna(np.inf)
note("n_seeds", n_seeds)
note("n_evaluations", f"{n_evaluations:,}")
for name in makers:
    found = when[name].notna()
    note(f"found {name}", f"{found.sum()} of {n_seeds}")
    note(f"won {name}", f"{(when[name] < chance).sum()} of {n_seeds}")
    median = when[name].fillna(np.inf).median()
    note(f"when {name}", f"{median:.0f}" if np.isfinite(median) else "never")

# %% [markdown]
# ```{list-table}
# :header-rows: 1
#
# * - method
#   - finds the optimum
#   - … before random search
#   - median evaluations
# * - REINFORCE
#   - {glue:text}`found reinforce`
#   - {glue:text}`won reinforce`
#   - {glue:text}`when reinforce`
# * - evolution
#   - {glue:text}`found evolution`
#   - {glue:text}`won evolution`
#   - {glue:text}`when evolution`
# * - FP-NAS
#   - {glue:text}`found fp-nas`
#   - {glue:text}`won fp-nas`
#   - {glue:text}`when fp-nas`
# * - random search
#   - {glue:text}`found random`
#   -
#   - {glue:text}`when random`
# ```
#
# {numref}`fig-toy-best` and the table are over {glue:text}`n_seeds` seeds of {glue:text}`n_evaluations` evaluations each.
# Random search does well at first: the best of a hundred random strings is far above the average one.
# But each further improvement has to come by luck, and the guided methods do not wait for it.
#
# A space without traps favours methods that climb.
# Plain **local search** {cite}`white2021local`, which looks at the neighbours of the best and moves when one is better,
# finds the optimum in {glue:text}`found local` searches, after {glue:text}`when local` evaluations in the median.
# So on the toy space none of the three is the best choice.

# %% [markdown]
# ## When to stop
#
# The paper's Table 1 names a stopping criterion for each method: that the **entropy** of the policy stops decreasing
# (REINFORCE and FP-NAS), or that the **diversity** of the population does (evolution).
# The entropy of a policy with independent decisions is the sum of theirs,
#
# $$
# H(\pi) = -\sum_e \sum_o \sigma(\theta^{\mathcal{A}}_e)_o \log \sigma(\theta^{\mathcal{A}}_e)_o ,
# $$ (eq-entropy)
#
# and the diversity is the mean number of decisions in which two members of the population differ.
# Since the logarithm is the natural one, the unit of entropy is the **nat**: one undecided bit has $\ln 2 \approx 0.69$ nats.

# %%
policy = Reinforce(space, rng=np.random.default_rng(seed)).policy
assert np.isclose(policy.entropy(), n_bits * np.log(2), atol=1e-3)

members = [bits.bits for bits in population]  # of the evolution above
differ = [
    np.not_equal(*pair).sum() for pair in itertools.combinations(members, 2)
]
assert np.isclose(np.mean(differ), history.table()["diversity"].iloc[-1])
print(f"{policy.entropy():.2f} nats; {np.mean(differ):.2f} bits apart")

# %% tags=["hide-input"]
spread = table["entropy"].fillna(table["diversity"])
table["spread"] = trajectories.share_of_start(
    table.assign(spread=spread), "spread"
)
bands = trajectories.over_seeds(table, "spread")

# %% mystnb={"figure": {"caption": "What the stopping criteria watch: entropy of the policy (REINFORCE, FP-NAS) and diversity of the population (evolution), as shares of their first values. Median and range over seeds.", "name": "fig-toy-spread"}, "image": {"alt": "Three falling curves. The diversity of evolution falls steeply once the first population is replaced, and then stays at about a third. The entropies of REINFORCE and FP-NAS fall more slowly and towards zero.", "width": "520px"}} tags=["hide-input"]
search_curves(
    bands,
    xlabel="evaluations",
    ylabel="entropy or diversity (share)",
)
plt.show()


# %%
def stopped(name):
    longest = {"fp-nas": 1000}.get(name, 2000)
    runs = [
        run(name, k, n_steps=longest, patience=patience)[2]
        for k in range(min(n_seeds, 3))
    ]
    steps = int(np.median([history.n_steps for history in runs]))
    right = sum(history.derived.ones == n_bits for history in runs)
    return f"{steps:,} steps", f"{right} of {len(runs)}"


# %% tags=["hide-input"]


for name in ("reinforce", "evolution", "fp-nas"):
    note(f"stop {name}", "after {}, {} find the optimum".format(*stopped(name)))
note("patience", patience)

# %% [markdown]
# {numref}`fig-toy-spread` shows that the two criteria are not alike.
# A policy can end at one string, so its entropy can fall to zero.
# A population cannot: every child is a mutation, so its diversity ends at a balance between mutation and selection.
#
# "Stops decreasing" needs a number to become a rule: for how many steps must it not have fallen?
# With {glue:text}`patience` steps the searches stop like this (medians over at most three seeds):
#
# - REINFORCE: {glue:text}`stop reinforce`;
# - evolution: {glue:text}`stop evolution`;
# - FP-NAS: {glue:text}`stop fp-nas`.
#
# The rule looks at how sure a search is, never at how good what it found is.
# The paper also gives fixed numbers of steps, and the released code uses only these.
# So do we, except for FP-NAS, which by default also stops when less than half a nat is left.
#
# ## What we now know
#
# All three methods are one loop, and they differ in what they do with the values they are told: REINFORCE makes more
# probable what was better than expected, FP-NAS pulls towards everything that it drew, and evolution keeps the children of
# good members.
# A reward that is a change says as much about the architecture before as about this one, and a step of a single sample
# tells FP-NAS nothing.
# Entropy and diversity say how sure a search is, not how good what it found is.

# %% [markdown]
# ## Exercises
#
# ```{exercise}
# :label: ex-reward-change
# A search visits κ = 200, 100, 100, 150.
# What is the reward of the fourth by {eq}`eq-reward`?
# ```

# %%
answer = None  # your number

from tegnas_study.exercises import check

check("ex-reward-change", answer)

# %% [markdown]
# ````{solution} ex-reward-change
# :class: dropdown
# $-(150 - 100) / (200 - 100) = -0.5$.
# The fourth is better than the first and is still punished, since it comes after a better one; and the third, as good as the
# best, got 0 for being equal to the second.
#
# ```python
# kappas = -np.array([200.0, 100.0, 100.0, 150.0])
# answer = reward(kappas[:, None])
# ```
# ````
#
# ```{exercise}
# :label: ex-one-step
# A bit has the logits (0, 0), so both options have probability ½.
# Option 1 is drawn, the advantage is 1, and $\eta = 0.04$.
# What is its probability after one step of {eq}`eq-reinforce`?
# ```

# %%
answer = None  # your number

check("ex-one-step", answer)

# %% [markdown]
# ````{solution} ex-one-step
# :class: dropdown
# The score is $(-½, ½)$, so the logits become $(-0.02, 0.02)$ and the probability is
# $1 / (1 + e^{-0.04}) \approx 0.510$.
# One draw moves a decision by one percent; a search lives from many of them pointing the same way.
#
# ```python
# after = np.zeros((1, 2)) + 0.04 * score(np.zeros((1, 2)), [1])
# answer = softmax(after)[0, 1]
# ```
# ````
#
# ```{exercise}
# :label: ex-write-entropy
# Write the entropy of a policy, in nats: the sum of $-p \ln p$ over all options of all decisions.
# ```


# %%
def entropy_of(probabilities):
    """Return the entropy of a table (decisions, options) of probabilities."""
    ...


check("ex-write-entropy", entropy_of)

# %% [markdown]
# ````{solution} ex-write-entropy
# :class: dropdown
# An option that is never taken adds nothing, although the logarithm of 0 is infinite; so only positive probabilities are
# summed.
#
# ```python
# def entropy_of(probabilities):
#     p = probabilities[probabilities > 0]
#     return -np.sum(p * np.log(p))
# ```
# ````

# %% [markdown]
# ```{exercise}
# :label: ex-write-sharpness
# Rewards between −3 and 3 keep the weights $w_i$ of {eq}`eq-fp-nas` much closer to each other than log-likelihoods of many
# images do, which give nearly all weight to one sample.
# Write the function that finds the factor $\beta$ by which the rewards must be multiplied for the largest weight to be a
# given share.
# Before you run it, predict whether the log-likelihoods −900, −905 and −1200 need a factor above or below 1 for a share
# of 0.6.
# ```


# %%
def sharpness(rewards, share):
    """Return β > 0 for which the largest weight of β · rewards is the share."""
    ...


check("ex-write-sharpness", sharpness)

# %% [markdown]
# ````{solution} ex-write-sharpness
# :class: dropdown
# The largest weight grows with β, from one share among equals at 0 towards 1, so one can double β until the weight is large
# enough and then halve the interval.
# The log-likelihoods differ by 5 and more, which gives the first of them nearly all weight; a factor far below 1 brings the
# others back.
#
# ```python
# def sharpness(rewards, share):
#     low, high = 0.0, 1.0
#     while softmax(high * rewards).max() < share:
#         high = 2 * high
#     for _ in range(50):
#         middle = (low + high) / 2
#         if softmax(middle * rewards).max() < share:
#             low = middle
#         else:
#             high = middle
#     return high
# ```
# ````

# %% [markdown]
# ## Provenance

# %% tags=["hide-input"]
from tegnas_study.colophon import colophon

colophon(seed=seed, started=started)
