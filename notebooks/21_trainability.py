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
# (ch-trainability)=
# # Trainability: What Would an Untrained Network Learn Fast, and What Hardly at All?
#
# Two networks have the same number of weights, the same images and the same labels.
# One learns them in a few steps of gradient descent, and the other has not learned the last of them after a thousand.
# The paper says that the difference can be seen *before* the first step {cite}`chen2021tegnas`: in the condition number κ
# of the neural tangent kernel.
#
# After this chapter you can
#
# - compute the Jacobian of a network, its kernel and κ, with a few lines of your own;
# - derive in five lines how a wide network learns, and predict the training of a real one before it happens;
# - say how depth, width, skips and initialisation move κ, and why;
# - name the four ways in which the prediction fails.
#
# You need the chain rule, and you should know what an eigenvector is.
# The whole chapter uses eight points in the plane, so that you can see everything at once.

# %% tags=["parameters"]
width: int = 512  # units of each hidden layer of the wide network
n_steps: int = 1000  # steps of its training
n_seeds: int = 8  # untrained networks behind each median of κ
seed: int = 0  # everything random follows from this

# %% tags=["hide-input"]
import time

started = time.perf_counter()

import copy
from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
from myst_nb import glue
from torch import nn

# %% tags=["hide-input"]
import tegnas_study.figures.teaching.training_dynamics as draw
from tegnas_core import initialise
from tegnas_study.tables.printed import printed, printed_table
from tegnas_study.teaching.training_dynamics import points_on_circle

note = partial(glue, display=False)  # a number for the prose
torch.set_num_threads(1)

# %% [markdown]
# ## Two points by hand
#
# We begin with two points and the smallest network that there is: a linear function with two weights,
# $f(x) = \theta_1 x_1 + \theta_2 x_2$.
# Let the two training points be $x = (1, 0)$ and $x' = (0.8, 0.6)$, which are alike but not the same.
#
# If $\theta_1$ grows a little, by how much does each output grow?
# By $x_1$ times as much.
# The table of all such derivatives, a row for each training point and a column for each weight, is the **Jacobian** $J$;
# here its rows are just the points.
# The **neural tangent kernel**, NTK for short, holds the inner products of its rows {cite}`jacot2018ntk`:
#
# $$
# J = \begin{pmatrix} 1 & 0 \\ 0.8 & 0.6 \end{pmatrix}, \qquad
# \Theta = J J^\top = \begin{pmatrix} 1 & 0.8 \\ 0.8 & 1 \end{pmatrix}.
# $$
#
# Its eigenvectors are $(1, 1)/\sqrt2$, which stands for what the two points have in common, with the eigenvalue
# $\lambda_1 = 1.8$, and $(1, -1)/\sqrt2$, which stands for what tells them apart, with $\lambda_2 = 0.2$.
# We shall see that gradient descent learns each eigenvector at the speed of its eigenvalue.
# So this network learns *what the two points share* nine times as fast as *what makes them different*, and nine is its
# **condition number**, $\kappa = \lambda_{\max} / \lambda_{\min}$.
# The rest of the chapter says why, and what nine becomes in a real network.
#
# ## Eight points
#
# Now we take eight points on a circle.
# Two of them, at 40° and 60°, are neighbours with different labels: a network that learns both has to tell them apart.

# %%
degrees = [0, 40, 60, 130, 200, 240, 280, 310]
signs = torch.tensor([1.0, -1.0, 1.0, 1.0, 1.0, -1.0, -1.0, 1.0])
x = points_on_circle(degrees, dtype=torch.float32)  # shape (8, 2)
y = 0.25 * signs  # small labels; we come back to their size

# %% tags=["hide-input"] mystnb={"figure": {"caption": "The training set: eight points in the plane, each with a label.", "name": "fig-eight-points"}, "image": {"alt": "A circle with eight points at uneven distances. The points at 40, 240 and 280 degrees have label minus one, the other five plus one; 40 and 60 degrees are close together.", "width": "520px"}}
names = [f"{angle}°" for angle in degrees]
draw.points_on_a_circle(degrees, signs.tolist(), names)
plt.show()

# %% [markdown]
# {numref}`fig-eight-points` is all there is to learn.
# The network that learns it has two hidden layers of ReLUs, no biases, and weights drawn as the paper's Eq. 4 says: from a
# normal distribution with variance $2 / N$, where $N$ is the number of units that a layer reads (**Kaiming's
# initialisation** {cite}`he2015init`).


# %%
def untrained(width, seed):
    """Return a network that has never seen a label."""
    network = nn.Sequential(
        nn.Linear(2, width, bias=False),
        nn.ReLU(),
        nn.Linear(width, width, bias=False),
        nn.ReLU(),
        nn.Linear(width, 1, bias=False),
    )
    return initialise(network, "kaiming_fan_in", seed=(seed,))


# %%
network = untrained(width, seed)
f = network(x).detach().flatten()  # its eight outputs
n_weights = sum(weight.numel() for weight in network.parameters())
print(f"{n_weights:,} weights, outputs {[round(v, 2) for v in f.tolist()]}")

# %% [markdown]
# ## The Jacobian: what every weight does to every output
#
# The Jacobian has one row for each training point: the gradient of that point's output with respect to all weights.
# So we need one backward pass for each point, and nothing else.


# %%
def jacobian_by_hand(network, x):
    """Return the derivative of every output by every weight."""
    rows = []
    for i in range(len(x)):
        network.zero_grad()
        network(x)[i].backward()
        gradients = [w.grad.flatten() for w in network.parameters()]
        rows.append(torch.cat(gradients))
    return torch.stack(rows)


J = jacobian_by_hand(network, x)
print(tuple(J.shape))

# %% [markdown]
# The core's function returns the same numbers, in blocks, one for each tensor of weights.

# %%
from tegnas_core import plain_jacobian, select_parameters

blocks = plain_jacobian(network, x, select_parameters(network, "weights"))
assert torch.allclose(J, torch.cat(list(blocks.values()), dim=1))

# %% [markdown]
# Is this really "what every weight does"?
# Push all weights a little way $\delta$ in a random direction.
# If $J$ is right, the outputs move by $J\delta$.

# %%
generator = torch.Generator().manual_seed(seed)
push = 1e-4 * torch.randn(J.shape[1], generator=generator)
pushed = copy.deepcopy(network)
theta_0 = nn.utils.parameters_to_vector(pushed.parameters())
nn.utils.vector_to_parameters(theta_0 + push, pushed.parameters())

with torch.no_grad():
    moved = pushed(x).flatten() - f
both = pd.DataFrame({"moved": moved, "J δ": J @ push}, index=names)
printed_table(both.T, ".5f")

# %% [markdown]
# ## The kernel: what learning one point does to the others
#
# The kernel is one more line, the paper's Eq. 1:
#
# $$
# \Theta(x, x') = J(x)\, J(x')^\top .
# $$

# %%
from tegnas_core import ntk

theta = (J @ J.T).double()
assert torch.allclose(theta, ntk(blocks), rtol=1e-4)

# %% tags=["hide-input"] mystnb={"figure": {"caption": "The neural tangent kernel of the untrained network on the eight points, divided by the mean of its diagonal.", "name": "fig-eight-kernel"}, "image": {"alt": "A heat map of eight by eight fields with numbers. The diagonal is near one, the fields beside it are high where points are close on the circle, highest between 40 and 60 degrees, and lowest for points on opposite sides.", "width": "520px"}}
scaled = (theta / theta.diagonal().mean()).numpy()
draw.kernel_map(scaled, names)
plt.show()

# %% tags=["hide-input"]
note("neighbours", float(scaled[1, 2]))
note("opposite", float(scaled[0, 4]))

# %% [markdown]
# {numref}`fig-eight-kernel` reads like a table of distances turned around: close points have large entries.
# The entry of the neighbours is {glue:text}`neighbours:.2f`, and that of 0° and 200° is only {glue:text}`opposite:.2f`.
#
# What does an entry *do*?
# Take one step of gradient descent on the point at 60° alone, with the loss $\tfrac12 (f(x') - y')^2$.
# The weights move by $-\eta\, J(x')^\top (f(x') - y')$, where η is the **learning rate**, and so every other output moves by
#
# $$
# J(x) \cdot \bigl(-\eta\, J(x')^\top (f(x') - y')\bigr) = -\eta\, \Theta(x, x')\, (f(x') - y') .
# $$
#
# So the row of 60° in the heat map says how far the other outputs move when this point is learned.

# %%
i, eta = 2, 0.01 / theta.diagonal().mean().item()
moved_on = copy.deepcopy(network)
(0.5 * (moved_on(x)[i, 0] - y[i]) ** 2).backward()
with torch.no_grad():
    for weight in moved_on.parameters():
        weight -= eta * weight.grad
    seen = moved_on(x).flatten() - f

told = -eta * theta[i] * (f[i] - y[i])
both = pd.DataFrame({"moved": seen, "by the kernel": told}, index=names)
printed_table(both.T, ".4f")

# %% [markdown]
# ## Five lines from the loss to the kernel
#
# Now train on all points at once, with steps so small that time $t$ is continuous.
# This is the whole theory; $f$ and $y$ are vectors over the training points, θ are the weights, and a dot is a derivative by
# $t$.
#
# $$
# \begin{aligned}
# L &= \tfrac12 \lVert f - y \rVert^2 && \text{the squared loss} \\
# \nabla_\theta L &= J^\top (f - y) && \text{the chain rule} \\
# \dot\theta &= -\eta\, J^\top (f - y) && \text{gradient descent} \\
# \dot f &= J\, \dot\theta && \text{the chain rule again} \\
# \dot f &= -\eta\, J J^\top (f - y) = -\eta\, \Theta\, (f - y) && \text{put together}
# \end{aligned}
# $$ (eq-output-flow)
#
# No line is an approximation, for any network and any width.
# But Θ changes while the weights do, and that makes {eq}`eq-output-flow` hard to solve.
# Here width comes in: *the wider the network, the less each weight has to move, and the less Θ changes*
# {cite}`jacot2018ntk,lee2019wide`.
# If Θ stands still, this is a linear differential equation, and its solution is
#
# $$
# f_t - y = e^{-\eta\, \Theta\, t}\, (f_0 - y) .
# $$
#
# The paper's Eq. 2 is this with $f_0 = 0$, which is true of the mean over many draws of the weights:
# $\mu_t = (I - e^{-\eta\, \Theta\, t})\, y$.
# One draw does not start at zero, so we let the network learn to *change* its outputs by $y$; then what it has to learn is the
# same for every draw.
#
# ## Eigenmodes: what is learned together
#
# A matrix exponential is hard to picture, but in the eigenvectors $u_i$ of Θ it becomes a set of separate numbers.
# Let $c_i = u_i \cdot (f - y)$ be the part of the error that lies along $u_i$.
# Since $\Theta u_i = \lambda_i u_i$, each part shrinks by itself, whatever the others do (paper Eq. 3):
#
# $$
# c_i(t) = e^{-\eta\, \lambda_i\, t}\; c_i(0) .
# $$ (eq-mode-decay)
#
# A real step has a length, and multiplies the part by $1 - \eta \lambda_i$, which is nearly the same while
# $\eta \lambda_i$ is small.
# An eigenvector together with its eigenvalue is called an **eigenmode**.

# %%
eigenvalues, modes = torch.linalg.eigh(theta)  # ascending
eigenvalues, modes = eigenvalues.flip(0), modes.flip(1)  # the fastest first
assert torch.allclose(theta @ modes, modes * eigenvalues, atol=1e-6)
print((eigenvalues / eigenvalues[0]).numpy().round(3))

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Four of the eight eigenmodes: the two fastest, one in the middle and the slowest. A stem is the entry at a training point.", "name": "fig-eight-modes"}, "image": {"alt": "Four panels of eight stems. The fastest mode has the same sign everywhere; the second has one sign on one half of the circle and the other sign on the other half; the fifth changes sign several times; the slowest has its largest entries at 40 and 60 degrees, with opposite signs.", "width": "520px"}}
shown = {"fastest": 0, "second": 1, "fifth": 4, "slowest": 7}
largest = r"λ$_\mathrm{max}$"
shares = (eigenvalues / eigenvalues[0]).tolist()
draw.eigenmodes(
    {f"{w}: {shares[k]:.2g} {largest}": modes[:, k] for w, k in shown.items()},
    [str(angle) for angle in degrees],
)
plt.show()

# %% [markdown]
# In {numref}`fig-eight-modes` the fastest mode moves all outputs in one direction, and the second moves one side of the
# circle against the other.
# The slowest one moves the neighbours at 40° and 60° apart, which is the hardest thing to ask of a function that varies
# little between them.
# It is the two points by hand again: what is shared comes first, and what tells neighbours apart comes last.

# %% [markdown]
# ## Does a real network do that?
#
# Everything on the right of {eq}`eq-mode-decay` is known before training.
# So we predict first, and then train: all weights of all layers, by plain gradient descent.


# %%
def train(network, x, targets, eta, n_steps):
    """Train in place; return the outputs before every step and at the end."""
    outputs = []
    for _ in range(n_steps + 1):
        f = network(x).flatten()
        outputs.append(f.detach())
        network.zero_grad()
        (0.5 * (f - targets).square().sum()).backward()
        with torch.no_grad():
            for weight in network.parameters():
                weight -= eta * weight.grad
    return torch.stack(outputs)


# %%
eta = 0.25 / eigenvalues[0].item()
steps = torch.arange(n_steps + 1)
predicted = torch.exp(-eta * eigenvalues * steps[:, None])  # shape (steps, 8)

trained = copy.deepcopy(network)
changed = train(trained, x, f + y, eta, n_steps) - f  # from 0 towards y
error = (changed - y).double() @ modes  # shape (steps, 8)
left = error / error[0]  # the share of each mode's error that is left

# %% tags=["hide-input"] mystnb={"figure": {"caption": "The share of the error that is left in each of the eight eigenmodes. Lines: predicted before training. Dots: the trained network.", "name": "fig-modes-trained"}, "image": {"alt": "Eight S-shaped curves over a logarithmic axis of steps, one after the other from left to right, from the fastest mode to the slowest. Dots lie on each curve; at the slowest they lie a little above it late in training.", "width": "520px"}}
from tegnas_study.teaching.training_dynamics import spaced_steps

some = spaced_steps(n_steps, 26)[1:]
mode_words = [f"{v:.2g}" for v in eigenvalues / eigenvalues[0]]
draw.mode_curves(some, left[some], steps[1:], predicted[1:], words=mode_words)
plt.show()


# %% tags=["hide-input"]
def half_time(share):
    """Return after how many steps less than half of the error is left."""
    below = (share <= 0.5).nonzero()
    return float(below[0]) if len(below) else float("inf")


def distance(share):
    return float((share - predicted).abs().max())


# %% tags=["hide-input"]
note("n_weights", f"{n_weights:,}")
note("width", width)
note("fast", half_time(left[:, 0]))
note("slow", half_time(left[:, -1]))
note("slow told", float(np.log(2) / (eta * eigenvalues[-1])))
note("fast told", float(np.log(2) / (eta * eigenvalues[0])))
note("distance seven", distance(torch.cat([left[:, :7], predicted[:, 7:]], 1)))
note("distance slowest", float((left - predicted)[:, 7].abs().max()))

# %% [markdown]
# {numref}`fig-modes-trained` is the theory's great success.
# The network has {glue:text}`n_weights` weights, all of them move, and eight numbers that were known beforehand say when it
# learns what.
# The fastest mode is half learned after {glue:text}`fast:.0f` steps ({glue:text}`fast told:.1f` predicted), the slowest after
# {glue:text}`slow:.0f` ({glue:text}`slow told:.0f` predicted).
# In seven modes dots and lines are never more than {glue:text}`distance seven:.2f` apart; in the slowest mode they are up to
# {glue:text}`distance slowest:.2f` apart, since Θ does move a little, and the slowest mode shows it first.
#
# The study's own functions say the same: `learned_share` is one minus our prediction, `mean_prediction` is Eq. 2, and
# `gradient_descent` is our loop.

# %%
from tegnas_study.analysis.time_evolution import learned_share, mean_prediction
from tegnas_study.teaching.training_dynamics import gradient_descent

times = [0.0, 10.0, 50.0]
share = learned_share(eigenvalues, times, learning_rate=eta)
assert torch.allclose(1 - share, predicted[[0, 10, 50]].double(), atol=1e-6)

mu = mean_prediction(theta, y[:, None].double(), times, learning_rate=eta)
by_modes = share * (modes.T @ y.double()) @ modes.T
assert torch.allclose(mu[:, :, 0], by_modes, atol=1e-6)

again = gradient_descent(
    copy.deepcopy(network), x, f + y, learning_rate=eta, record=range(11)
)
assert torch.allclose(again - f, changed[:11], atol=1e-5)

# %% [markdown]
# ## κ: one number for the whole figure
#
# By {eq}`eq-mode-decay` a mode needs the time $\ln 2 / (\eta \lambda_i)$ to be half learned.
# So the ratio of the slowest time to the fastest does not depend on η, and it is the paper's Eq. 4 for one draw of weights
# and data:
#
# $$
# \kappa = \frac{\lambda_{\max}}{\lambda_{\min}} .
# $$
#
# Could one not simply take a larger η?
# The fastest mode forbids it: each step multiplies its error by $1 - \eta \lambda_{\max}$, so it explodes when
# $\eta > 2 / \lambda_{\max}$.
# With the largest η that is allowed, the slowest mode still needs about κ steps.
# That is what κ counts: *how many steps the last thing takes when the first takes one*.

# %%
from tegnas_core import condition_number

kappa = condition_number(theta).value
assert np.isclose(kappa, float(eigenvalues[0] / eigenvalues[-1]))
print(f"κ = {kappa:.1f}")

# %% tags=["hide-input"]
note("kappa", float(kappa))
note("ratio", half_time(left[:, -1]) / half_time(left[:, 0]))

# %% [markdown]
# Here κ is {glue:text}`kappa:.0f`, and the two half-times that we saw have the ratio {glue:text}`ratio:.0f`.

# %% [markdown]
# ## What moves κ?
#
# κ needs no training, so we can compute it for any network we like.
# From here on we look at *chains* of any depth, with or without **skips**, in which a layer adds its result to its input
# instead of replacing it, and with two ways to draw the weights: Kaiming's, with biases of zero, and PyTorch's default,
# which draws smaller weights (a variance of $1 / 3N$) and biases that are not zero.
# The kernel is that of the weights, as in the paper's code.
#
# ### Depth, skips and initialisation

# %%
from tegnas_study.teaching.chains import chain, kappas, kernel_of, over_seeds

depths = (1, 2, 3, 4, 6, 8, 12)
schemes = {"Kaiming": "kaiming_fan_in", "PyTorch's default": "torch_default"}
table = kappas(
    x.double(),
    depths=depths,
    widths=(64,),
    skips=(False, True),
    initialisations=tuple(schemes.values()),
    seeds=range(n_seeds),
)
by_depth = over_seeds(table, ["initialisation", "skips", "depth"])

# %% tags=["hide-input"] mystnb={"figure": {"caption": "\u03ba over the number of hidden layers, each of 64 units: median over draws of the weights, and the middle four fifths of the draws. Left, Kaiming's initialisation; right, PyTorch's default.", "name": "fig-kappa-depth"}, "image": {"alt": "Two panels with two curves each on a logarithmic axis. Left, the chain without skips falls from above a thousand to about thirty, the one with skips stays between a hundred and five hundred. Right, the chain without skips rises beyond a hundred million at twelve layers, the one with skips stays between five hundred and two thousand.", "width": "520px"}}
rows = by_depth.set_index(["initialisation", "skips"])
draw.kappa_bands(
    {
        words: {
            "no skips": rows.loc[(scheme, False)],
            "skips": rows.loc[(scheme, True)],
        }
        for words, scheme in schemes.items()
    },
    x="depth",
    xlabel="hidden layers",
)
plt.show()

# %% tags=["hide-input"]
medians = by_depth.set_index(["initialisation", "skips", "depth"])["median"]
for words, scheme in schemes.items():
    for skips in (False, True):
        for depth in (1, 8, 12):
            key = f"{words[0]} {'skips' if skips else 'plain'} {depth}"
            note(key, f"{medians[scheme, skips, depth]:,.0f}")

# %% [markdown]
# {numref}`fig-kappa-depth` holds a surprise.
# *Depth is good or terrible, and the initialisation decides which.*
# With Kaiming's weights a chain of eight layers has κ = {glue:text}`K plain 8`, far less than one layer
# ({glue:text}`K plain 1`), and skips make it larger again, {glue:text}`K skips 8`.
# With PyTorch's default the chain has {glue:text}`P plain 8` at eight layers and {glue:text}`P plain 12` at twelve, which is
# hopeless to train; with skips it has {glue:text}`P skips 12`.
#
# To see why, draw the kernels, now with a point at every tenth degree.

# %%
circle = points_on_circle(range(0, 360, 10))


def picture(depth, **options):
    """Return the kernel of a wide chain, scaled to ones on the diagonal."""
    network = chain(depth, 4 * width // 8, seed=seed, **options)
    kernel = kernel_of(network, circle)
    size = kernel.diagonal().sqrt()
    return kernel / size[:, None] / size


# %% tags=["hide-input"]
pictures = {
    "one layer": picture(1),
    "eight, Kaiming": picture(8),
    "eight, with skips": picture(8, skips=True),
    "eight, default": picture(8, initialisation="torch_default"),
}

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Kernels of four chains on 36 points of the circle, each scaled to ones on its diagonal.", "name": "fig-kernel-maps"}, "image": {"alt": "Four heat maps with a bright diagonal. One layer has a broad diagonal and dark corners; eight layers with Kaiming's weights have a narrow diagonal on an even, darker ground; eight layers with skips have a soft diagonal on a brighter ground; eight layers with the default initialisation are bright everywhere.", "width": "520px"}}
draw.kernel_maps(pictures, extent=(0, 360), label="angle (degrees)")
plt.show()

# %% [markdown]
# In {numref}`fig-kernel-maps` a bright field says that two points are learned together.
# With Kaiming's weights depth *sharpens* the kernel: after eight layers a point shares little even with those beside it, so
# there are no slow modes.
# With the default the signal shrinks from layer to layer while the same biases are added for every input; in the end all
# inputs look alike to the network, the kernel is nearly constant, and whatever tells two points apart is a slow mode.
# Theory calls the two the *critical* and the *ordered* phase {cite}`xiao2020disentangling`.
# A skip hands the input on undiminished, which helps in the second case.
# In the first case nothing was wrong, and the skip has a cost: a layer now adds the output of a ReLU, which is never negative,
# to its input, so all points come to share more and more.
# That is why the background of the third picture is brighter.
#
# ### Width
#
# A wide layer keeps the kernel from being singular, or nearly so, and makes the draws of the weights more alike.

# %%
widths = (4, 8, 16, 32, 64, 128)
table = kappas(x.double(), depths=(2, 8), widths=widths, seeds=range(n_seeds))
by_width = over_seeds(table, ["depth", "width"])

# %% tags=["hide-input"] mystnb={"figure": {"caption": "\u03ba over width, for chains of two and of eight layers with Kaiming's weights: median and the middle four fifths of the draws. What reaches the top is singular, \u03ba = \u221e; a cross marks a singular median.", "name": "fig-kappa-width"}, "image": {"alt": "Two curves with bands over a logarithmic axis of widths. At width 4 both have crosses at the top; the bands are wide at widths 8 and 16 and narrow at 128, where two layers lie at about a hundred and eight layers at about twenty-five.", "width": "520px"}}
rows = by_width.set_index("depth")
lines = {f"{depth} layers": rows.loc[depth] for depth in (2, 8)}
draw.kappa_bands({"": lines}, x="width", xlabel="units of a layer", log_x=True)
plt.show()

# %% tags=["hide-input"]
bands = by_width.set_index(["depth", "width"])
note("singular 4", float(100 * bands.loc[(2, 4), "singular"]))
eight = table.query("depth == 8 and width == 8")["kappa"]
finite = eight[np.isfinite(eight)]
note("mean 8", f"{finite.mean():,.0f}")
note("median 8", f"{finite.median():,.0f}")
note("singular 8", int(len(eight) - len(finite)))
for size in (16, 128):
    row = bands.loc[(8, size)]
    note(f"spread {size}", float(row["high"] / row["low"]))
    for depth in (2, 8):
        note(f"{depth} by {size}", f"{bands.loc[(depth, size), 'median']:,.0f}")
note("n_seeds", n_seeds)

# %% [markdown]
# By {numref}`fig-kappa-width`, four units are too few for eight points: {glue:text}`singular 4:.0f` % of the draws have a
# singular kernel, since the dead ReLUs of such a network leave too few directions.
# From there κ falls: with 16 units its median is {glue:text}`2 by 16` for two layers and {glue:text}`8 by 16` for eight.
# Wider layers change two layers little, to {glue:text}`2 by 128` with 128 units, and lower eight layers to
# {glue:text}`8 by 128`.
# With eight layers of 16 units the band spans a factor of {glue:text}`spread 16:.0f`, with 128 units
# {glue:text}`spread 128:.1f`.
# The networks that the study's κ is measured on have 3 to 12 channels, so its κ is a noisy number; how noisy is measured
# in {ref}`ch-choices`.

# %% [markdown]
# ## Where the theory stops being true
#
# ### Narrow networks
#
# The five lines hold for every network, but their solution needs a kernel that stands still.
# Here is a network with 16 instead of {glue:text}`width` units in each layer, trained and predicted in the same way.

# %%
narrow = untrained(16, seed + 1)
narrow_theta = kernel_of(narrow, x)
narrow_lambda, narrow_modes = torch.linalg.eigh(narrow_theta)
narrow_eta = 0.25 / narrow_lambda[-1].item()
start = narrow(x).detach().flatten()
moved = train(narrow, x, start + y, narrow_eta, n_steps) - start
narrow_error = (moved - y).double() @ narrow_modes.flip(1)
narrow_left = narrow_error / narrow_error[0]
narrow_told = torch.exp(-narrow_eta * narrow_lambda.flip(0) * steps[:, None])

# %% tags=["hide-input"]
note("narrow fastest", printed(narrow_left[:, 0].min().item(), ".2f"))
note("narrow lowest", printed(narrow_left.min().item(), ".2f"))
apart = (narrow_left - narrow_told).abs().max().item()
note("narrow apart", f"{apart:.2f}")

# %% tags=["hide-input"] mystnb={"figure": {"caption": "The same as before for a network of 16 units a layer: lines predicted, dots trained.", "name": "fig-modes-narrow"}, "image": {"alt": "Eight curves over a logarithmic axis of steps. Dots leave their lines in most modes: those of the fastest lie below theirs and swing below zero, and of the slower ones some lie far above theirs and some below zero.", "width": "520px"}}
ratio = narrow_lambda.flip(0) / narrow_lambda[-1]
draw.mode_curves(
    some,
    narrow_left[some],
    steps[1:],
    narrow_told[1:],
    words=[f"{v:.2g}" for v in ratio],
)
plt.show()

# %% [markdown]
# In {numref}`fig-modes-narrow` most modes do not do what they were told to.
# The fastest one learns too soon and overshoots, to {glue:text}`narrow fastest`, another falls as low as
# {glue:text}`narrow lowest`, and dots and lines are up to {glue:text}`narrow apart` apart, against
# {glue:text}`distance slowest:.2f` in the slowest mode of the wide network.
# The kernel of so few units does not stand still.
# How much does the kernel move, then, and how wide is wide enough?

# %%
from tegnas_study.teaching.training_dynamics import kernel_change

wide_enough = (16, 32, 64, 128, 256)
changes = [
    [
        kernel_change(untrained(w, k), x, signs, speed=0.5, n_steps=150)
        for k in range(4)
    ]
    for w in wide_enough
]

# %% tags=["hide-input"] mystnb={"figure": {"caption": "By how much the kernel changes during 150 steps of training on labels of \u00b11, relative to its size, over the width: four networks each, and their median. Grey: lines of slope \u2212\u00bd and \u22121.", "name": "fig-kernel-change"}, "image": {"alt": "Dots falling from about one at 16 units to less than a tenth at 256 units on two logarithmic axes; the line through their medians lies near the guide of slope minus one.", "width": "520px"}}
draw.change_over_width(wide_enough, changes)
plt.show()

# %% tags=["hide-input"]
middle = np.median(changes, axis=1)
slope = np.polyfit(np.log(wide_enough), np.log(middle), 1)[0]
note("change 16", float(100 * middle[0]))
note("change 256", float(100 * middle[-1]))
note("slope", printed(slope, ".1f"))

# %% [markdown]
# {numref}`fig-kernel-change` shows by how much: at 16 units the kernel changes by {glue:text}`change 16:.0f` % of its size,
# and at 256 units by {glue:text}`change 256:.0f` %; the line through the medians has a slope of {glue:text}`slope`.
# A network in which the kernel hardly moves is said to be in the **lazy** regime {cite}`chizat2019lazy`.
# It fits its points without learning any new feature, and that is one reason why practical networks, which do learn
# features, can be better than their kernels.
#
# ### Asking for much
#
# The weights have to move far when the outputs have to.
# This is why our labels were ±¼: the same network, trained on larger ones, changes its kernel more.

# %%
sizes = (0.25, 0.5, 1.0, 2.0, 4.0)
change = [
    kernel_change(untrained(128, seed), x, size * signs, speed=0.5, n_steps=150)
    for size in sizes
]
pd.DataFrame(
    {"change of the kernel (%)": 100 * np.array(change)},
    index=pd.Index(sizes, name="labels ±"),
).round(1).T

# %% [markdown]
# ### Large steps
#
# The kernel that stands still explodes when $\eta > 2 / \lambda_{\max}$.
# Does the network?

# %%
from tegnas_study.teaching.training_dynamics import losses, predicted_losses

curves = {}
for speed in (0.5, 1.9, 2.5):
    rate, record = speed / eigenvalues[0].item(), range(61)
    target = (f + signs).clone()
    outputs = gradient_descent(
        copy.deepcopy(network), x, target, learning_rate=rate, record=record
    )
    told = predicted_losses(theta, -signs, learning_rate=rate, steps=record)
    found = losses(outputs, target)
    curves[f"η {largest} = {speed:g}"] = (record, found, told)

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Loss of the trained network and loss that a constant kernel predicts, for three learning rates. Labels of \u00b11.", "name": "fig-large-steps"}, "image": {"alt": "Three panels. At 0.5 and 1.9 the line and the dashes fall together at first, later the network is slower. At 2.5 the dashes rise without end, while the loss of the network rises for some steps, turns and falls below its start.", "width": "520px"}}
draw.loss_curves(
    curves, limits=(0.02, 3000), xlabel="steps of gradient descent"
)
plt.show()

# %% tags=["hide-input"]
record, trained_loss, _ = curves["η λ$_\\mathrm{max}$ = 2.5"]
note("highest", float(trained_loss.max() / trained_loss[0]))
note("in the end", float(trained_loss[-1] / trained_loss[0]))

# %% [markdown]
# Below the bound, {numref}`fig-large-steps` shows that the network follows the prediction at first and lags behind it later,
# since these labels are large.
# Above the bound it does not explode as predicted.
# At $\eta \lambda_{\max} = 2.5$ the loss climbs to {glue:text}`highest:.0f` times its first value, as the dashes say; then
# the weights have moved so far that the kernel gets smaller, the steps become short enough again, and after 60 of them
# a share of {glue:text}`in the end:.2f` of the loss is left.
# This is called the **catapult** {cite}`lewkowycz2020catapult`, and a constant kernel cannot show it.
# In practice learning rates are often in this range.
#
# ### Labels that do not care
#
# κ is the ratio of the two extreme times, and it does not depend on the labels.
# But {eq}`eq-mode-decay` does: a mode that the labels do not need, $u_i \cdot y = 0$, may take for ever without harm.
# Here the same network, with the same κ, learns two sets of labels: one that divides the circle into two halves, and those of
# {numref}`fig-eight-points`.

# %%
halves = torch.tensor([1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0])
two = {"two halves": 0.25 * halves, "neighbours differ": y}
moved = train(copy.deepcopy(network), x, f + 0.25 * halves, eta, n_steps) - f

left_of = {}
for (words, target), outputs in zip(two.items(), (moved, changed)):
    told = predicted_losses(theta, -target, learning_rate=eta, steps=steps)
    seen = losses(outputs, target)
    left_of[words] = (seen / seen[0])[some], (told / told[0])[some]

# %% tags=["hide-input"] mystnb={"figure": {"caption": "Share of the loss left for two sets of labels, with the same network and the same \u03ba. Lines predicted, dots trained.", "name": "fig-two-label-sets"}, "image": {"alt": "Two falling curves with dots on two logarithmic axes. The labels of two halves are learned several times earlier than the labels in which neighbours differ, down to a few percent of the loss.", "width": "520px"}}
draw.two_label_sets(some, left_of)
plt.show()


# %% tags=["hide-input"]
def steps_to(target, share=0.05):
    told = predicted_losses(
        theta, -target, learning_rate=eta, steps=range(5000)
    )
    return int((told / told[0] <= share).nonzero()[0])


for words, target in two.items():
    note(f"steps {words}", steps_to(target))

# %% [markdown]
# By {numref}`fig-two-label-sets` the two halves need {glue:text}`steps two halves` steps until 5 % of the loss is left, and
# the labels in which neighbours differ {glue:text}`steps neighbours differ`.
# The network, the kernel and κ are the same: *κ says how uneven a network is, and the labels say whether that matters*.

# %% [markdown]
# ## Beside the paper
#
# **Eq. 2 and 3 are theorems about something else than Eq. 4 is measured on.**
# They hold for wide networks, a squared loss and small steps.
# κ is measured on networks of 3 to 12 channels with batch normalisation, and the accuracies that it is compared with come
# from a cross-entropy and a learning rate that starts at 0.1.
# So κ is a well motivated hypothesis that must be tested on data; {ref}`ch-whole-space` tests it, and asks in one section
# whether κ is trainability at all.
#
# **Eq. 4 takes the mean of a ratio.**
# A ratio with a small denominator now and then has a very large value, and the mean follows it.
# Of our {glue:text}`n_seeds` chains of eight layers and 8 units, {glue:text}`singular 8` are singular, which makes the
# mean infinite; without them the mean of κ is {glue:text}`mean 8` and the median {glue:text}`median 8`.
# The preset `teg` of this study therefore averages the logarithm, see {ref}`ch-conventions`.
#
# **"A deep stack of convolutions is much harder to train than a network with skips."**
# The paper says so in Section 3.1.
# κ agrees in our chains with PyTorch's default initialisation and disagrees with Kaiming's, which Eq. 4 prescribes.
# Our chains have no batch normalisation, so this says nothing about the cells of the benchmark; it does say that a statement
# about κ and skips must name the initialisation.

# %% [markdown]
# ## What we now know
#
# A wide network learns the eigenmodes of its kernel one by one, each at the speed of its eigenvalue, and κ is how much
# longer the last takes than the first.
# Depth can lower κ or let it explode, depending on the initialisation; skips prevent the explosion, and cost something where
# there is none; and width makes κ less a matter of luck.
# The prediction needs a kernel that stands still, so it fails for narrow networks, large labels and large steps; and κ does
# not know the labels, so even where the theory holds a large κ need not hurt.

# %% [markdown]
# ## Exercises
#
# ```{exercise}
# :label: ex-two-modes
# A kernel on two points is $\Theta = \begin{pmatrix} 2 & 1 \\ 1 & 2 \end{pmatrix}$.
# We take ten steps of gradient descent (not of the flow) with $\eta = 0.1$.
# Which share of the error is left along the slow mode?
# And what is the largest η with which nothing explodes?
# Give both, to three decimals.
# ```

# %%
answer = None  # [share, eta]

from tegnas_study.exercises import check

check("ex-two-modes", answer)

# %% [markdown]
# ````{solution} ex-two-modes
# :class: dropdown
# The eigenvalues are 3 for the sum and 1 for the difference.
# A step multiplies the error of the slow mode by $1 - 0.1 \cdot 1$, so $0.9^{10} \approx 0.349$ is left; the flow would
# leave $e^{-1} \approx 0.368$.
# The fast mode explodes beyond $\eta = 2/3$.
#
# ```python
# lambda_min, lambda_max = np.linalg.eigvalsh([[2, 1], [1, 2]])
# answer = [(1 - 0.1 * lambda_min) ** 10, 2 / lambda_max]
# ```
# ````
#
# ```{exercise}
# :label: ex-nudges
# Write the Jacobian without any calculus.
# `f` takes an array of weights, shape `(p,)`, and returns the outputs, shape `(n,)`.
# Nudge one weight after the other by a small number up and down, and return the table of derivatives, shape `(n, p)`.
# ```


# %%
def nudged_jacobian(f, theta):
    """Return the derivative of every output by every weight."""
    ...


check("ex-nudges", nudged_jacobian)

# %% [markdown]
# ````{solution} ex-nudges
# :class: dropdown
# Two calls for each weight.
# The difference of up and down is exact up to the third derivative, which a difference of up and here is not.
# With a million weights this takes two million passes; the backward pass needs one for each output.
#
# ```python
# def nudged_jacobian(f, theta, h=1e-5):
#     columns = []
#     for k in range(len(theta)):
#         nudge = np.zeros(len(theta))
#         nudge[k] = h
#         columns.append((f(theta + nudge) - f(theta - nudge)) / (2 * h))
#     return np.stack(columns, axis=1)
# ```
# ````
#
# ```{exercise}
# :label: ex-steps-needed
# Write the function that says how long training takes.
# Given the eigenvalues of the kernel, a learning rate and a share, return the smallest whole number of steps of gradient
# descent after which *every* mode has at most this share of its error left, and infinity, `np.inf`, when that never happens.
# ```


# %%
def steps_needed(eigenvalues, learning_rate, share):
    """Return a whole number of steps, or infinity."""
    ...


check("ex-steps-needed", steps_needed)

# %% [markdown]
# ````{solution} ex-steps-needed
# :class: dropdown
# A mode keeps the factor $|1 - \eta \lambda_i|$ in each step, and the slowest is the one with the largest factor.
# That need not be the one with the smallest eigenvalue: with a large η the fastest mode swings from side to side and may
# be the last to settle.
# A factor of one or more never gets there.
#
# ```python
# def steps_needed(eigenvalues, learning_rate, share):
#     factor = np.abs(1 - learning_rate * np.asarray(eigenvalues)).max()
#     if factor >= 1:
#         return np.inf
#     steps = 0
#     while factor**steps > share:
#         steps += 1
#     return steps
# ```
# ````
#
# ```{exercise}
# :label: ex-double-weights
# Change this and predict: multiply *all* weights of `network` by 2.
# By which factor does $\lambda_{\max}$ change, and by which κ?
# Predict both, then run it.
# ```

# %%
answer = None  # [factor of λ_max, factor of κ]

check("ex-double-weights", answer)

# %% [markdown]
# ````{solution} ex-double-weights
# :class: dropdown
# A positive factor passes through a ReLU unchanged.
# The derivative by a weight of one layer contains the weights of the two others, so $J$ grows by $2^2$ and Θ by
# $4^2 = 16$: the largest learning rate that does not explode is sixteen times smaller.
# All eigenvalues grow by the same factor, so κ stays the same.
# So without biases the scale of the initialisation cannot move κ; what ruins PyTorch's default in {numref}`fig-kappa-depth` is
# small weights *together with* biases that do not shrink.
#
# ```python
# doubled = copy.deepcopy(network)
# with torch.no_grad():
#     for weight in doubled.parameters():
#         weight *= 2
# after = torch.linalg.eigvalsh(kernel_of(doubled, x))
# answer = [
#     float(after[-1] / eigenvalues[0]),
#     float(after[-1] / after[0]) / kappa,
# ]
# ```
# ````
#
# ```{exercise}
# :label: ex-close-neighbours
# Change this and predict: move the point at 60° to 45°, so that the neighbours are 5° apart instead of 20°.
# Does κ stay about the same, or grow about 4, 16 or 100 times?
# (Take a median over a few networks; one draw is noisy.)
# ```

# %%
answer = None  # "same", "4 times", "16 times" or "100 times"

check("ex-close-neighbours", answer)

# %% [markdown]
# ````{solution} ex-close-neighbours
# :class: dropdown
# About four times: $\lambda_{\min}$ falls in proportion to the *distance* of the neighbours.
# The kernel of a smooth network would fall with the square of the distance, and κ grow sixteenfold.
# That of a ReLU network has a kink at distance zero, since every bit of the way between two points some ReLU switches, and
# that helps to tell neighbours apart.
#
# ```python
# def median_kappa(angle):
#     points = points_on_circle([0, 40, angle, *degrees[3:]])
#     chains = [chain(2, 256, seed=k, biases=False) for k in range(6)]
#     found = [condition_number(kernel_of(c, points)).value for c in chains]
#     return np.median(found)
#
#
# growth = median_kappa(45) / median_kappa(60)
# choices = {"same": 1, "4 times": 4, "16 times": 16, "100 times": 100}
# answer = min(choices, key=lambda c: abs(np.log(growth / choices[c])))
# ```
# ````
#
# ```{exercise}
# :label: ex-slowest-labels
# Find eight labels, each +1 or −1, that this network learns as slowly as possible.
# After 100 steps with the `eta` of the text, at least 90 % as much of the loss must be left as with the slowest labels that
# there are.
# Look at {numref}`fig-eight-modes` before you compute anything.
# ```

# %%
answer = None  # a list of eight labels

check("ex-slowest-labels", answer, theta=theta, learning_rate=eta)

# %% [markdown]
# ````{solution} ex-slowest-labels
# :class: dropdown
# The modes that tell neighbours apart are slow, so give neighbours different labels all the way round.
# There are only 256 sets of labels, so one can also try them all.
#
# ```python
# import itertools
#
# patterns = torch.tensor([*itertools.product([1.0, -1.0], repeat=8)])
# start = patterns.double() @ modes
# end = start * (1 - eta * eigenvalues) ** 100
# worst = end.square().sum(dim=1).argmax()
# answer = patterns[worst].tolist()
# ```
# ````

# %% [markdown]
# ## Provenance

# %% tags=["hide-input"]
from tegnas_study.colophon import colophon

colophon(seed=seed, started=started)
