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
# (ch-generalization)=
# # Generalization: What Does a Network Say Where It Has Not Looked?
#
# Through a dozen points there are infinitely many curves.
# A network that has learned the points shows one of them, so it must have had a preference before it saw any label.
# Where is this preference in a network that is not trained, and does it suit the data?
# That is the question behind the third indicator of TEG-NAS {cite}`chen2021tegnas`, the error of *kernel regression*.
#
# Here we ask it in a case where the answer can be drawn: with inputs on a line and networks of one hidden layer.
# After this chapter you can
#
# - write kernel regression in two lines, and say which training it stands for (Eq. 7 and 8 of the paper);
# - read an error: say when it shows that nothing was learned, and when it says nothing about the labels;
# - explain what a ridge does, eigenvalue by eigenvalue, and why stopping early does much the same;
# - derive the kernel of an infinitely wide network, and say how far a network of given width is from it.
#
# You need to know what a Jacobian and a kernel are; {ref}`the chapter on the three indicators <ch-indicators>` computes
# both by hand.

# %% tags=["parameters"]
width: int = 2048  # hidden units of the widest network
n_networks: int = 20  # draws of the weights at each width
n_permutations: int = 1000  # shuffled sets of labels
n_steps: int = 3000  # steps of the training
seed: int = 0  # everything random follows from this

# %% tags=["hide-input"]
import time

started = time.perf_counter()

from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import torch
from myst_nb import glue
from scipy.interpolate import BarycentricInterpolator

from tegnas_study.figures.teaching import kernel_fits as figures

note = partial(glue, display=False)  # a number for the prose

# %% [markdown]
# ## Twelve points
#
# The truth is a wave, $\sin 4x$.
# We see it at twelve random places, with noise; the **held-out** points are a fine grid on which the wave itself is
# known.
# From all targets we subtract the mean of the twelve, as the released code does with its labels.
# Zero is then the best answer that ignores $x$.

# %%
from tegnas_study.tables.printed import printed
from tegnas_study.teaching.kernel_fits import noisy_wave

x, y, grid, truth = noisy_wave(12, noise=0.3, rng=np.random.default_rng(seed))
print(np.column_stack([x, y])[:4].round(3))

# %%
polynomial = BarycentricInterpolator(x, y)(grid)
nearest = y[np.abs(grid[:, None] - x).argmin(axis=1)]
lines = np.interp(grid, x, y)


def mean_squared_error(prediction):
    return np.mean((prediction - truth) ** 2)


# %% mystnb={"figure": {"caption": "Three curves that make no error at all on the twelve points: the polynomial of degree 11, the value of the nearest point, and straight lines from point to point.", "name": "fig-many-answers"}, "image": {"alt": "Three panels with the same twelve dots and a dotted wave. The polynomial leaves the panel between the dots, the steps of the nearest point and the straight lines follow the wave roughly.", "width": "520px"}} tags=["hide-input"]
panels = {
    "polynomial": {"fit": polynomial},
    "nearest point": {"fit": nearest},
    "straight lines": {"fit": lines},
}
on_the_line = {"grid": grid, "points": (x, y), "truth": truth}
figures.fits(panels, **on_the_line, columns=3)
plt.show()

# %% tags=["hide-input"]
note("error polynomial", f"{mean_squared_error(polynomial):,.0f}")
note("error nearest", f"{mean_squared_error(nearest):.2f}")
note("error lines", f"{mean_squared_error(lines):.2f}")
closest = np.diff(x).argmin()
note("closest", f"{np.diff(x)[closest]:.3f}")
note("closest step", f"{abs(np.diff(y)[closest]):.2f}")
trivial = mean_squared_error(0 * truth)
note("trivial", f"{trivial:.2f}")

# %% [markdown]
# All three curves of {numref}`fig-many-answers` learned the points perfectly, and between the points they have nothing in
# common: their mean squared errors on the grid are {glue:text}`error polynomial`, {glue:text}`error nearest` and
# {glue:text}`error lines`.
# So the training error cannot tell them apart.
# What a method answers between its data is called its **inductive bias**, and **generalization** is how well this bias
# suits the truth.

# %% [markdown]
# ## The bias of a network is its kernel
#
# Which of the curves does a network pick?
# For a wide network the answer takes five lines.
# Let $X$ be the training inputs, $f_0$ the untrained network, $J$ its Jacobian and $\Theta = JJ^\top$ its kernel
# (equations {eq}`eq-jacobian` and {eq}`eq-ntk` of {ref}`ch-notation`).
#
# $$
# \begin{aligned}
# f(x) &\approx f_0(x) + J(x)\,\delta \\
# \delta_t &= J(X)^\top c_t \\
# \delta_\infty &= J(X)^\top\, \Theta^{-1} (y - f_0(X)) \\
# f_\infty(x) &= f_0(x) + \Theta(x, X)\, \Theta^{-1} (y - f_0(X)) \\
# \hat y(x) &= \Theta(x, X)\, \Theta^{-1}\, y
# \end{aligned}
# $$ (eq-five-lines)
#
# 1. A wide network moves its weights by so little, $\delta$, that it is linear in them.
# 2. Each step of gradient descent, $-\eta\, J(X)^\top (f(X) - y)$, is a mix of the rows of $J(X)$; so is their sum, with
#    some coefficients $c_t$.
# 3. When training ends, the points are fitted: $J(X)\,\delta = \Theta\, c = y - f_0(X)$, and only one $c$ does that.
# 4. Put it into the first line; $J(x)\, J(X)^\top$ is the kernel between $x$ and the training inputs.
# 5. Take the mean over draws of the weights, for which $\mathrm{E} f_0 = 0$.
#
# The last line is the paper's Eq. 8, which is equation {eq}`eq-regression` of {ref}`ch-notation` (the paper takes the
# kernel of the last layer alone; we come to that at the end).
# No weight was trained to get it: the kernel of the *untrained* network says what the trained one would answer.
#
# ### From scratch
#
# Our network takes a number $x$, appends a 1 in place of a bias, and has $m$ hidden units:
#
# $$
# f(x) = \sqrt{\tfrac{2}{m}} \sum_{j=1}^{m} v_j\, \mathrm{relu}\bigl(w_j \cdot (x, 1)\bigr), \qquad w_j,\, v_j \sim \mathcal N(0, 1).
# $$ (eq-one-hidden-layer)
#
# The factor in front keeps the output at the same size for every width.
# The gradient with respect to $v_j$ is the unit's output; with respect to $w_j$ it is $v_j\,(x, 1)$ where the unit is on,
# and zero where it is off.


# %%
def forward(x, W, v):
    inputs = np.stack([x, np.ones_like(x)], axis=1)  # (n, 2)
    return np.sqrt(2 / len(v)) * np.maximum(inputs @ W.T, 0) @ v


def jacobian(x, W, v):
    inputs = np.stack([x, np.ones_like(x)], axis=1)
    z = inputs @ W.T  # (n, m)
    to_v = np.maximum(z, 0)
    to_W = ((z > 0) * v)[:, :, None] * inputs[:, None, :]  # (n, m, 2)
    blocks = [to_v, to_W.reshape(len(x), -1)]
    return np.sqrt(2 / len(v)) * np.hstack(blocks)  # (n, 3m)


# %% [markdown]
# Two lines do the regression; its *ridge* is zero for now.


# %%
def regress(K, K_test, targets, ridge=0.0):
    lifted = K + ridge * K.diagonal().mean() * np.eye(len(K))
    return K_test @ np.linalg.solve(lifted, targets)


# %% [markdown]
# That is all.
# Here it is at work on one wide network:

# %%
from tegnas_study.teaching.kernel_fits import OneHiddenLayer

network = OneHiddenLayer(width, seed=seed)
W = network.hidden.weight.detach().numpy()
v = network.out.weight.detach().numpy()[0]
J, J_grid = jacobian(x, W, v), jacobian(grid, W, v)
K, K_grid = J @ J.T, J_grid @ J.T
fit = regress(K, K_grid, y)

# %% [markdown]
# ### The core function agrees
#
# The functions that this study uses on real networks do the same: `plain_jacobian` asks torch for the gradient of each
# output, and `kernel_regression` solves the equations by a Cholesky decomposition.

# %%
from tegnas_core import kernel_regression, ntk, plain_jacobian

names = ("hidden.weight", "out.weight")
column = partial(torch.tensor, dtype=torch.float64)
rows = plain_jacobian(network, column(x)[:, None], names)
rows_grid = plain_jacobian(network, column(grid)[:, None], names)
theta, theta_grid = ntk(rows), ntk(rows_grid, rows)
answer = kernel_regression(theta, theta_grid, column(y)[:, None])[:, 0]

assert np.allclose(theta, K)
assert np.allclose(answer, fit, atol=1e-6)
largest = np.abs(answer.numpy() - fit).max()
print("largest difference", printed(largest, ".0e"))

# %% [markdown]
# ### Does a trained network really do this?
#
# Line one of {eq}`eq-five-lines` is an approximation, so we must look.
# Here is plain gradient descent on all weights, without any tricks:


# %%
def train(W, v, eta, stops):
    """Return the outputs on the grid after some numbers of steps."""
    outputs = {}
    for step in range(max(stops) + 1):
        if step in stops:
            outputs[step] = forward(grid, W, v)
        slope = (forward(x, W, v) - y) @ jacobian(x, W, v)
        v = v - eta * slope[: len(v)]
        W = W - eta * slope[len(v) :].reshape(W.shape)
    return outputs


# %% [markdown]
# The theory also covers the time before training has come to its end: what is left of the error along each eigenvector of
# $\Theta$ shrinks like $e^{-\eta \lambda t}$.
# This is the paper's Eq. 7, with the start $f_0$ that its mean over draws leaves out:
#
# $$
# \mu_t(x) = f_0(x) + \Theta(x, X)\, \Theta^{-1} \bigl(I - e^{-\eta \Theta t}\bigr) (y - f_0(X)) .
# $$ (eq-regression-over-time)


# %%
def theory(step, eta):
    values, modes = np.linalg.eigh(K)
    learned = -np.expm1(-eta * values * step) / values  # (1 - e^(-ηλt)) / λ
    gap = y - forward(x, W, v)
    return forward(grid, W, v) + K_grid @ modes @ (learned * (modes.T @ gap))


eta = 0.2 / np.linalg.eigvalsh(K)[-1]
stops = [0, max(1, n_steps // 1000), n_steps // 30, n_steps]
trained = train(W, v, eta, stops)
expected = {step: theory(step, eta) for step in stops}

# %% mystnb={"figure": {"caption": "A wide network while it trains, and what its kernel at the start says about it (Eq. 7, with the start of this network).", "name": "fig-trained-and-theory"}, "image": {"alt": "Four panels. The untrained network is a falling line far from the dots, and still is after a few steps; later it is a shallow wave, and at the end it passes near every dot. The dashed curve of the theory lies on the solid one throughout.", "width": "520px"}} tags=["hide-input"]
panels = {
    f"{step:,} steps": {"trained": trained[step], "kernel": expected[step]}
    for step in stops
}
figures.fits(panels, **on_the_line)
plt.show()

# %% tags=["hide-input"]
moved = [np.abs(trained[s] - trained[0]).max() for s in stops[1:]]
apart = [np.abs(trained[s] - expected[s]).max() for s in stops[1:]]
note("apart", f"{100 * max(a / m for a, m in zip(apart, moved)):.1f}")
note("width", f"{width:,}")

# %% [markdown]
# In {numref}`fig-trained-and-theory` the network of width {glue:text}`width` goes where its kernel said it would: at no stop
# are the curves further apart than {glue:text}`apart` % of the way that the network has come.
# First it learns the broad shape, then the details; the eigenvectors with large eigenvalues are the broad ones.

# %% [markdown]
# ## Is the answer any good? Equation 9, and the trivial predictor
#
# The paper's third indicator is the mean squared error of this answer on held-out data, its Eq. 9, which is equation
# {eq}`eq-mse` of {ref}`ch-notation`.
# A number like 0.3 means nothing by itself.
# It must be compared with the **trivial predictor**, which ignores the input and always answers the mean of the targets.
# Its error is {glue:text}`trivial` here.
# *A method whose error is above that of the trivial predictor has learned nothing that helps*: it would be better to answer
# the mean.
#
# The images of the benchmark have classes and not numbers.
# Each class then gets a column of ones and zeros, *one-hot*, minus its mean, and the squared errors of the columns are
# added up.
# Our wave becomes a problem of two classes when we ask whether it is above or below its mean.


# %%
def class_error(K, K_test, labels, labels_test, n_classes):
    one_hot, expected = (
        np.eye(n_classes)[labels],
        np.eye(n_classes)[labels_test],
    )
    predicted = regress(K, K_test, one_hot - one_hot.mean(axis=0))
    squares = (predicted - (expected - expected.mean(axis=0))) ** 2
    return squares.sum(axis=1).mean()


# %%
from tegnas_core import regression_error, trivial_error

labels, labels_grid = (y > 0).astype(int), (truth > 0).astype(int)
by_hand = class_error(K, K_grid, labels, labels_grid, 2)
as_tensors = (torch.tensor(labels), torch.tensor(labels_grid))
core = regression_error(theta, theta_grid, *as_tensors, 2).value
assert np.isclose(by_hand, core)
print(f"error {core:.3f}, trivial {trivial_error(as_tensors[1], 2):.3f}")

# %% [markdown]
# Now we compute the error of many untrained networks of several widths, all with the same twelve points.
# When the kernel cannot be inverted in double precision there is no error; we call the kernel *singular*, as the core does.


# %%
def kernels(width, draw):
    drawn = OneHiddenLayer(width, seed=1000 * seed + draw)
    W = drawn.hidden.weight.detach().numpy()
    v = drawn.out.weight.detach().numpy()[0]
    J, J_grid = jacobian(x, W, v), jacobian(grid, W, v)
    return J @ J.T, J_grid @ J.T


def error_of(K, K_grid, targets, ridge=0.0):
    if ridge == 0 and np.linalg.cond(K) > 1e10:
        return np.inf  # singular
    return mean_squared_error(regress(K, K_grid, targets, ridge))


# %%
widths = [width // 64, width // 16, width // 4, width]
drawn = {m: [kernels(m, k) for k in range(n_networks)] for m in widths}
errors = {m: [error_of(*pair, y) for pair in drawn[m]] for m in widths}

# %% mystnb={"figure": {"caption": "Held-out error of kernel regression with networks of several widths; each dot is a draw of the weights, and the bars are medians. Every one of these regressions fits the twelve points exactly.", "name": "fig-errors-by-width"}, "image": {"alt": "Four rows of dots on a logarithmic axis with a dashed line at the trivial error. The widest networks lie left of the line, the narrow ones mostly right of it, some by a factor of a hundred. Most of the narrowest are singular.", "width": "520px"}} tags=["hide-input"]
figures.errors_by_group(
    {f"width {m:,}": errors[m] for m in widths},
    trivial=trivial,
    xlabel="mean squared error on held-out points",
)
plt.show()

# %% tags=["hide-input"]
for m, name in zip(widths, ("narrowest", "narrow", "wide", "widest")):
    found = np.array(errors[m])
    note(f"width {name}", f"{m:,}")
    note(f"singular {name}", int(np.isinf(found).sum()))
    note(f"above {name}", int((np.isfinite(found) & (found > trivial)).sum()))
    finite = found[np.isfinite(found)]
    note(f"median {name}", f"{np.median(finite):.2f}" if len(finite) else "–")
note("n_networks", n_networks)

# %% [markdown]
# The data are the same, and so is the architecture except for its width, and yet the errors in
# {numref}`fig-errors-by-width` differ by orders of magnitude.
# At width {glue:text}`width widest` the median error is {glue:text}`median widest`.
# At width {glue:text}`width narrow`, {glue:text}`singular narrow` of {glue:text}`n_networks` networks are singular and
# {glue:text}`above narrow` lie above the trivial error.
# This is not because narrow networks know less about waves.
# Look at the two training points that lie {glue:text}`closest` apart, with targets that differ by
# {glue:text}`closest step`.
# A unit that switches on between them can tell them apart.
# Where no unit switches, the output is a straight line between them and their neighbours, and only an enormous slope can
# reach both.

# %% [markdown]
# ## What a ridge does
#
# Write the kernel in its eigenvectors $q_i$ and eigenvalues $\lambda_i$.
# A **ridge** $\rho$ added to the diagonal adds $\rho$ to every eigenvalue, so that
#
# $$
# \hat y(x) = \Theta(x, X)\,(\Theta + \rho I)^{-1} y
#   = \sum_i \underbrace{\Theta(x, X)\, q_i / \lambda_i}_{\text{the mode as a curve}} \;
#     \underbrace{\frac{\lambda_i}{\lambda_i + \rho}}_{\text{share}} \; \underbrace{q_i^\top y}_{\text{in the labels}} .
# $$ (eq-ridge)
#
# Without ridge each mode is fitted in full.
# With it, modes far above $\rho$ are kept and modes far below are dropped.


# %%
def by_modes(K, K_test, targets, rho):
    values, modes = np.linalg.eigh(K)
    curves = K_test @ modes / values
    return curves @ (values / (values + rho) * (modes.T @ targets))


relative = 0.01  # of the mean diagonal, as the core counts it
rho = relative * K.diagonal().mean()
core = kernel_regression(theta, theta_grid, column(y)[:, None], ridge=relative)
assert np.allclose(by_modes(K, K_grid, y, rho), core[:, 0], atol=1e-8)

# %% [markdown]
# Take the narrow network with the largest error that is not singular, and let the ridge grow.

# %% tags=["hide-input"]
narrow = widths[1]
finite = [e if np.isfinite(e) else -1 for e in errors[narrow]]
worst = int(np.argmax(finite))
strip = {
    f"ridge {ridge:g}": {"fit": regress(*drawn[narrow][worst], y, ridge)}
    for ridge in (0, 0.0001, 0.01, 1)
}

# %% mystnb={"figure": {"caption": "One narrow network, four ridges, in units of the mean diagonal of the kernel.", "name": "fig-ridge-strip"}, "image": {"alt": "Four panels. Without ridge the curve leaves the panel steeply between two close dots. With a ridge of 0.0001 it follows the wave with kinks, with 0.01 smoothly, with 1 it is flat.", "width": "520px"}} tags=["hide-input"]
figures.fits(strip, **on_the_line)
plt.show()

# %% tags=["hide-input"]
strip_errors = {
    name: mean_squared_error(curves["fit"]) for name, curves in strip.items()
}
for name, error in strip_errors.items():
    note(f"strip {name}", f"{error:,.2f}")
kappa = float(f"{np.linalg.cond(drawn[narrow][worst][0]):.1e}")
note("kappa worst", f"{kappa:,.0f}")

# %% [markdown]
# Without ridge the error of this network is {glue:text}`strip ridge 0`; with a ridge of a hundredth it is
# {glue:text}`strip ridge 0.01` ({numref}`fig-ridge-strip`).
# So the kernel of the network can represent the wave.
# What spoiled its answer was one division by a tiny eigenvalue: the condition number κ of its kernel is
# {glue:text}`kappa worst`.
# Remember this when an error without ridge is read as a measure of generalization: it may be κ in disguise.

# %%
ridges = np.geomspace(1e-6, 10, 29)
rng = np.random.default_rng(seed)
shuffled = [rng.permutation(y) for _ in range(100)]
K_wide, K_wide_grid = drawn[width][0]
path = [
    (
        np.mean((regress(K_wide, K_wide, y, r) - y) ** 2),
        error_of(K_wide, K_wide_grid, y, r),
        np.mean([error_of(K_wide, K_wide_grid, s, r) for s in shuffled]),
    )
    for r in ridges
]

# %% mystnb={"figure": {"caption": "Errors of the widest network over the ridge: on the training points, on the held-out points, and on the held-out points when the training labels were shuffled (mean of 100 shuffles).", "name": "fig-error-over-ridge"}, "image": {"alt": "Three curves over a logarithmic ridge. The training error rises from almost nothing; the held-out error falls slightly, then rises; both approach the dashed line of the trivial error on the right. With shuffled labels the error falls towards the line from above.", "width": "520px"}} tags=["hide-input"]
words = ("training points", "held-out points", "held-out, labels shuffled")
figures.error_over_ridge(
    ridges, dict(zip(words, np.array(path).T)), trivial=trivial, smallest=0.001
)
plt.show()

# %% [markdown]
# At the right end of {numref}`fig-error-over-ridge` the ridge has dropped every mode, and all that is left is the trivial
# predictor.
# With true labels the error approaches it from below, and with shuffled labels from above: that is the difference between
# having something to learn and having nothing.
#
# ### Stopping early is a ridge, too
#
# Compare {eq}`eq-ridge` with {eq}`eq-regression-over-time`.
# One keeps the share $\lambda / (\lambda + \rho)$ of a mode, the other $1 - e^{-\eta \lambda t}$.
# Both keep nearly all of the large modes and nearly nothing of the small ones; the change comes at $\lambda \approx \rho$ for
# the ridge, and at $\lambda \approx 1 / (\eta t)$ for stopping early.

# %% mystnb={"figure": {"caption": "The share of each eigenmode that is fitted, for two ridges \u03c1 and for gradient descent stopped at \u03b7t = 1/\u03c1. A mark is an eigenvalue of the widest network's kernel.", "name": "fig-filters"}, "image": {"alt": "Two pairs of curves that rise from zero to one. In each pair the solid curve of the ridge and the dashed one of early stopping lie close together.", "width": "520px"}} tags=["hide-input"]
modes = np.linalg.eigvalsh(K_wide) / np.linalg.eigvalsh(K_wide)[-1]
kept = {}
for rho in (0.1, 0.001):
    top = r"\,\lambda_{\max}$"
    kept[rf"ridge, $\rho = {rho:g}{top}"] = modes / (modes + rho)
    when = rf"$\eta t = {1 / rho:g}\,/{top}"
    kept[f"stopped at {when}"] = 1 - np.exp(-modes / rho)
figures.filters(modes, kept)
plt.show()

# %% [markdown]
# In {numref}`fig-filters` a stopped training and a ridge keep the same modes and drop the same modes; stopping draws the
# sharper line between them.
# In practice training is stopped, mostly long before the modes of the smallest eigenvalues are learned.
# The regression of the paper has no ridge and does not stop: it describes the end of a training that nobody runs that far.

# %% [markdown]
# ## What the labels have to do with it
#
# An honest test of generalization takes the truth away and sees whether the result gets worse {cite}`zhang2017rethinking`.
# So we **permute** the training labels: the same inputs, the same twelve targets, in random order.

# %%
wide_solution = K_wide_grid @ np.linalg.inv(K_wide)  # weights of the labels
rng = np.random.default_rng(seed)
permuted = np.array(
    [
        mean_squared_error(wide_solution @ rng.permutation(y))
        for _ in range(n_permutations)
    ]
)
true = mean_squared_error(wide_solution @ y)

# %% mystnb={"figure": {"caption": "Held-out errors of one wide network after training labels were permuted, beside the error with the labels as they are.", "name": "fig-permutations"}, "image": {"alt": "A histogram on a logarithmic axis. The line of the true labels lies at its left end; the dashed line of the trivial error lies inside it.", "width": "520px"}} tags=["hide-input"]
figures.among_permutations(permuted, true=true, trivial=trivial)
plt.show()

# %% tags=["hide-input"]
note("true", f"{true:.3f}")
note("n_permutations", f"{n_permutations:,}")
note("permuted median", f"{np.median(permuted):.2f}")
note("smaller", f"{(permuted <= true).sum()}")
note("permuted above", f"{100 * np.mean(permuted > trivial):.0f}")

# %% [markdown]
# Every one of these regressions has a training error of zero.
# On held-out points the error is {glue:text}`true` for the true labels and {glue:text}`permuted median` in the median of the
# permuted ones, of which {glue:text}`permuted above` % are above the trivial error ({numref}`fig-permutations`).
# Of {glue:text}`n_permutations` permutations, {glue:text}`smaller` do as well as the true labels.
# So this network has learned something, and a permutation test says how sure we may be.
#
# ### One network is not the question
#
# A search does not ask whether *one* network generalizes.
# It asks which of *many* does so best, and takes the one with the smallest error.
# Do the labels matter for this order?
# The next figure has, for all networks of {numref}`fig-errors-by-width` that are not singular, the error with the true labels
# against the mean error with permuted ones.


# %%
def true_and_permuted(pairs, ridge):
    """Return both errors, shape (2, networks), of those not singular."""
    usable = [pair for pair in pairs if np.linalg.cond(pair[0]) < 1e10]
    with_true = [error_of(*pair, y, ridge) for pair in usable]
    with_permuted = [
        np.mean([error_of(*pair, s, ridge) for s in shuffled[:20]])
        for pair in usable
    ]
    return np.array([with_permuted, with_true])


both = {m: true_and_permuted(drawn[m], ridge=0) for m in widths}

# %% mystnb={"figure": {"caption": "Each mark is a network: its held-out error with the true labels over its mean error with permuted ones, without ridge. Dashed: the trivial error.", "name": "fig-true-and-permuted"}, "image": {"alt": "Marks along a rising diagonal band on two logarithmic axes; narrow networks lie at the upper right, the widest at the lower left.", "width": "520px"}} tags=["hide-input"]
figures.true_and_permuted(
    {f"width {m:,}": both[m] for m in widths if both[m].size}, trivial=trivial
)
plt.show()

# %%
from tegnas_study.tables.bootstrap import bootstrap, taus

pairs = {
    f"ridge {r}": np.hstack([true_and_permuted(drawn[m], r) for m in widths])
    for r in (0, 0.001)
}
each = np.arange(pairs["ridge 0"].shape[1])  # resample networks
order = bootstrap(taus(pairs), each, seed=seed, n_draws=1000)
print({name: f"{order.estimate(name)}" for name in pairs})

# %% tags=["hide-input"]
note("tau none", str(order.estimate("ridge 0")))
note("tau ridge", str(order.estimate("ridge 0.001")))
note("n usable", len(each))

# %% [markdown]
# The two errors order the networks nearly alike: Kendall's τ, which is 1 for the same order and 0 for unrelated ones, is
# {glue:text}`tau none` between them (95 % interval over {glue:text}`n usable` networks).
# So one could pick a network in {numref}`fig-true-and-permuted` just as well by labels that mean nothing, since the order
# comes from the small eigenvalues of the kernel.
# A ridge of a thousandth, which takes these away, lowers τ to {glue:text}`tau ridge`.
# This is a toy example; {ref}`the chapter on the regression error <ch-regression-error>` finds the same for the networks of
# the benchmark.

# %% [markdown]
# ## Infinitely many hidden units
#
# In {eq}`eq-one-hidden-layer` every entry of the kernel is a mean of $m$ independent terms, one for each unit.
# By the law of large numbers it approaches its expectation as $m$ grows, so an infinitely wide network has a kernel without
# any chance in it.
# For ReLU units the expectation is known in closed form {cite}`cho2009kernel`.
# Write $\alpha$ for the angle between $u = (x, 1)$ and $u' = (x', 1)$:
#
# $$
# \begin{aligned}
# \Theta(x, x') &= 2\,\mathrm{E}[\mathrm{relu}(w \cdot u)\, \mathrm{relu}(w \cdot u')]
#   + 2\,\mathrm{E}[v^2]\; u \cdot u'\; \mathrm{P}(\text{on for } u, u') \\
#   &= \tfrac{1}{\pi} \lVert u \rVert \lVert u' \rVert \bigl( \sin\alpha + (\pi - \alpha) \cos\alpha \bigr)
#   + \tfrac{1}{\pi}\, u \cdot u'\, (\pi - \alpha)
# \end{aligned}
# $$ (eq-arc-cosine)
#
# The first term comes from the weights $v$ of the last layer and is called the arc-cosine kernel of degree 1; the second
# comes from the weights $w$ and holds the one of degree 0.
# The probability in it is easy: a unit is on for $u$ when its $w$ lies in the half-plane around $u$, and two
# half-planes at an angle $\alpha$ share the part $(\pi - \alpha) / 2\pi$ of all directions.


# %%
def arc_cosine(x, other):
    u, u_other = (np.stack([a, np.ones_like(a)], axis=1) for a in (x, other))
    lengths = np.outer(*(np.linalg.norm(a, axis=1) for a in (u, u_other)))
    alpha = np.arccos(np.clip(u @ u_other.T / lengths, -1, 1))
    degree_1 = lengths * (np.sin(alpha) + (np.pi - alpha) * np.cos(alpha))
    return (degree_1 + u @ u_other.T * (np.pi - alpha)) / np.pi


# %%
from tegnas_study.teaching.kernel_fits import infinite_kernel

limit, limit_grid = arc_cosine(x, x), arc_cosine(grid, x)
assert np.allclose(limit, infinite_kernel(x))
averaged = np.mean([pair[0] for pair in drawn[width]], axis=0)
off = np.linalg.norm(averaged - limit) / np.linalg.norm(limit)
print(f"average of {n_networks} networks: {100 * off:.1f} % off")

# %% [markdown]
# The study's `infinite_kernel` agrees, and so does the average of the networks that we drew.
# How wide is wide enough?

# %% mystnb={"figure": {"caption": "The kernel over the line, for one network of each of three widths and for infinite width, on one scale of colours.", "name": "fig-kernels"}, "image": {"alt": "Four square maps. At the smallest width the map consists of straight pieces with edges; with growing width it becomes smooth and symmetric like the one of infinite width, largest in the two corners of the diagonal.", "width": "520px"}} tags=["hide-input"]
maps = {}
line = np.linspace(-1, 1, 81)
for m in (8, 64, width):
    first = OneHiddenLayer(m, seed=seed)
    weights = [p.detach().numpy() for p in first.parameters()]
    J_line = jacobian(line, weights[0], weights[1][0])
    maps[f"width {m:,}"] = J_line @ J_line.T
maps["infinite width"] = arc_cosine(line, line)
figures.kernel_maps(maps, extent=(-1, 1))
plt.show()

# %% [markdown]
# In {numref}`fig-kernels` the kernel becomes smooth as the width grows.
# In numbers, the distance of a mean of $m$ terms from its limit shrinks like $1 / \sqrt m$.

# %%
ridge = 0.001
limit_fit = regress(limit, limit_grid, y)
limit_ridged = regress(limit, limit_grid, y, ridge)


def distances(K, K_grid):
    fitted = regress(K, K_grid, y, ridge)
    return (
        np.linalg.norm(K - limit) / np.linalg.norm(limit),
        np.linalg.norm(fitted - limit_ridged) / np.linalg.norm(limit_ridged),
    )


found = np.array([[distances(*pair) for pair in drawn[m]] for m in widths])
slope = np.polyfit(np.log(widths), np.log(np.median(found, axis=1)), 1)[0]

# %% mystnb={"figure": {"caption": "How far kernels, and fits with a ridge of a thousandth, are from those of infinite width. A mark for each draw; lines join medians; dotted lines fall like one over the square root of the width.", "name": "fig-distance-over-width"}, "image": {"alt": "Two falling bands of marks on logarithmic axes, along dotted straight lines.", "width": "520px"}} tags=["hide-input"]
names_of = {"kernel": found[:, :, 0], "fit": found[:, :, 1]}
figures.distance_over_width(widths, names_of)
plt.show()

# %% mystnb={"figure": {"caption": "Fits of ten networks of two widths beside the fit of infinite width, without ridge and with a ridge of a thousandth.", "name": "fig-fits-by-width"}, "image": {"alt": "Four panels. Narrow networks without ridge: curves in all directions. Narrow with ridge and wide without: curves in a band around the dashed curve. Wide with ridge: all curves nearly on the dashed one.", "width": "520px"}} tags=["hide-input"]
panels = {
    f"width {m:,}, ridge {r:g}": {
        "networks": [
            regress(*pair, y, r)
            for pair in drawn[m]
            if r or np.linalg.cond(pair[0]) < 1e10
        ][:10],
        "infinite": regress(limit, limit_grid, y, r),
    }
    for m in (widths[1], width)
    for r in (0, ridge)
}
figures.fits(panels, **on_the_line)
plt.show()

# %% tags=["hide-input"]
note("slope kernel", printed(slope[0], ".2f"))
note("slope fit", printed(slope[1], ".2f"))
note("far widest", f"{100 * np.median(found[-1, :, 0]):.0f}")
note("far narrowest", f"{100 * np.median(found[0, :, 0]):.0f}")
note("error infinite", f"{mean_squared_error(limit_fit):.3f}")

# %% [markdown]
# The medians in {numref}`fig-distance-over-width` fall with the powers {glue:text}`slope kernel` (kernel) and
# {glue:text}`slope fit` (fit) of the width; the law says −0.5, and the fit follows it only where the kernel is close to its
# limit.
# At width {glue:text}`width narrowest` a kernel is typically {glue:text}`far narrowest` % away from its limit, and at width
# {glue:text}`width widest` it is still {glue:text}`far widest` % away.
# {numref}`fig-fits-by-width` shows what that does to the answers: it is not the distance of the kernel that hurts, but what
# the smallest eigenvalues make of it, and a small ridge brings even the narrow networks close to the limit.
# The networks on which TEG-NAS computes its indicators have 3 to 12 channels.
# They are far from the limit for which Eq. 7 was derived.

# %% [markdown]
# ## The kernel that the paper prints
#
# Eq. 8 as printed takes the kernel of the last layer alone, the first term of {eq}`eq-arc-cosine`.
# It is a sum over hidden units, so its rank is at most their number.
# With more points than units it has no inverse, however well the network was drawn.

# %%
few = OneHiddenLayer(8, seed=seed)
last = plain_jacobian(few, column(x)[:, None], ("out.weight",))
rank = int(torch.linalg.matrix_rank(ntk(last)))
print(f"{len(x)} points, 8 units, rank {rank}")

# %% tags=["hide-input"]
last_error = mean_squared_error(
    regress(
        infinite_kernel(x, last_layer=True),
        infinite_kernel(grid, x, last_layer=True),
        y,
        ridge,
    )
)
note("last error", f"{last_error:.3f}")
note("whole error", f"{mean_squared_error(limit_ridged):.3f}")

# %% [markdown]
# At infinite width this problem disappears, and the last layer predicts about as well as the whole network: with a ridge of a
# thousandth the errors are {glue:text}`last error` and {glue:text}`whole error`.
# The proxy networks of the paper have 12 features in their last layer and 64 images
# ({ref}`ch-indicators` shows the rank); the released code therefore uses the weights of the cells, and so do we.

# %% [markdown]
# ## What we now know
#
# The kernel of an untrained network says what the trained one would answer between its data, and for wide networks this is
# literally true: curve and theory lie on each other.
# To judge the answer one must compare its error with that *of the trivial predictor* and with that *of permuted labels*: an
# error above the trivial one, or one that stays the same with permuted labels, is not about generalization.
# Without ridge, and in narrow networks, the error is dominated by the smallest eigenvalues, which know the inputs and not
# the labels; so as an indicator it is nearer to κ than its name says.

# %% [markdown]
# ## Exercises
#
# ```{exercise}
# :label: ex-leave-one-out
# *Write the function.*
# With few data one cannot hold any out, so one leaves out each point in turn.
# Write `leave_one_out(K, targets, ridge)`, which returns for each point what the regression on all *other* points predicts
# for it.
# Here `ridge` is added to the diagonal as it is.
# A loop is right; can you do it with one inverse?
# ```


# %%
from tegnas_study.exercises import check


def leave_one_out(K, targets, ridge): ...  # your code in place of the dots


check("ex-leave-one-out", leave_one_out)

# %% [markdown]
# ````{solution} ex-leave-one-out
# :class: dropdown
# Let $G = (\Theta + \rho I)^{-1}$.
# The residual of point $i$, when it is left out, is $(G y)_i / G_{ii}$.
#
# ```python
# def leave_one_out(K, targets, ridge):
#     G = np.linalg.inv(K + ridge * np.eye(len(K)))
#     return targets - (G @ targets) / G.diagonal()
# ```
#
# It costs no more than one regression, and chooses a ridge without any held-out point.
# ````
#
# ```{exercise}
# :label: ex-linear-units
# *Write the function.*
# Replace the ReLU of {eq}`eq-one-hidden-layer` by nothing: $f(x) = \sqrt{1/m} \sum_j v_j\, w_j \cdot (x, 1)$, with the factor
# 1 in place of 2.
# Write `linear_kernel(x, other)`, its kernel at infinite width.
# What can a regression with this kernel draw?
# ```


# %%
def linear_kernel(x, other): ...  # your code in place of the dots


check("ex-linear-units", linear_kernel)

# %% [markdown]
# ````{solution} ex-linear-units
# :class: dropdown
# The weights $v$ give $\mathrm{E}[(w \cdot u)(w \cdot u')] = u \cdot u'$, and the weights $w$ give
# $\mathrm{E}[v^2]\; u \cdot u'$, the same again.
#
# ```python
# def linear_kernel(x, other):
#     return 2 * (np.outer(x, other) + 1)
# ```
#
# Its rank is 2, so it can draw straight lines only, and needs a ridge as soon as there are three points.
# ````
#
# ```{exercise}
# :label: ex-sixteen-times-wider
# *Predict, then change.*
# You make the widest network sixteen times as wide.
# By which factor does its kernel come closer to the limit?
# Write a number above 1; then set `width` at the top and see.
# ```

# %%
answer = None  # your factor

check("ex-sixteen-times-wider", answer)

# %% [markdown]
# ````{solution} ex-sixteen-times-wider
# :class: dropdown
# By 4, the square root of 16.
# Each further digit costs a hundred times the width.
#
# ```python
# answer = 4
# ```
# ````
#
# ```{exercise}
# :label: ex-one-region
# *Think, then try.*
# Some training inputs lie in one linear region of the network of one hidden layer: no unit switches between them.
# What is the smallest number of such inputs for which the kernel is certainly singular?
# ```

# %%
answer = None  # your number

check("ex-one-region", answer)

# %% [markdown]
# ````{solution} ex-one-region
# :class: dropdown
# Three.
# Inside a region every unit stays on or stays off, so every entry of the Jacobian is a linear function of $(x, 1)$.
# That has two components; of three such rows, one is a combination of the other two.
# Here expressivity meets generalization: a kernel can be inverted only if no region holds three of the points, and most of
# the narrowest networks of {numref}`fig-errors-by-width` fail by this.
#
# ```python
# answer = 3
# ```
# ````
#
# ```{exercise}
# :label: ex-stop-like-a-ridge
# *Predict, then compute.*
# A ridge is equal to the eigenvalue λ of a mode.
# At which value of $\eta \lambda t$ does gradient descent have to stop to keep the same share of this mode?
# Give two decimals.
# ```

# %%
answer = None  # your number

check("ex-stop-like-a-ridge", answer)

# %% [markdown]
# ````{solution} ex-stop-like-a-ridge
# :class: dropdown
# The ridge keeps $\lambda / (\lambda + \lambda) = 1/2$.
# From $1 - e^{-\eta \lambda t} = 1/2$ follows $\eta \lambda t = \ln 2 \approx 0.69$.
#
# ```python
# answer = np.log(2)
# ```
# ````
#
# ```{exercise}
# :label: ex-louder-labels
# *Predict, then change.*
# Multiply all targets, those of the grid too, by three.
# By which factor does the held-out error without ridge grow?
# And by which factor its quotient with the trivial error?
# Write both in a list.
# ```

# %%
answer = None  # [factor of the error, factor of the quotient]

check("ex-louder-labels", answer)

# %% [markdown]
# ````{solution} ex-louder-labels
# :class: dropdown
# `[9, 1]`: predictions are linear in the targets, so errors grow with the square, and the trivial one does as well.
# An error without the trivial error beside it is a number without a unit.
#
# ```python
# answer = [9, 1]
# ```
# ````

# %% [markdown]
# ## Provenance

# %% tags=["hide-input"]
from tegnas_study.colophon import colophon

colophon(seed=seed, started=started)
