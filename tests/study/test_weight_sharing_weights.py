"""The shared weights follow the benchmark's recipe."""

import math

import torch
from toy_supernet import BEST, toy_epoch, toy_pairs, toy_weights

from tegnas_study.weight_sharing.method import best_path, path_by_logits
from tegnas_study.weight_sharing.sizes import SIZES
from tegnas_study.weight_sharing.supernet import single_path
from tegnas_study.weight_sharing.weights import SharedWeights, WeightRecipe, weight_recipe


def test_the_rate_falls_by_a_cosine_once_or_again_and_again():
    weights = SharedWeights(torch.nn.Linear(1, 1), WeightRecipe(0.025, 0.001), 10)
    rates = []
    for epoch in (0, 5, 10):
        weights.set_time(epoch)
        rates.append(round(weights.rate, 6))
    assert rates == [0.025, 0.013, 0.001]
    again = SharedWeights(torch.nn.Linear(1, 1), WeightRecipe(0.05, 0.0005, period=10), 250)
    again.set_time(20)
    assert math.isclose(again.rate, 0.05)


def test_only_enas_has_a_recipe_of_its_own():
    size = SIZES["full"]
    assert weight_recipe("enas", size) == WeightRecipe(0.05, 0.0005, 2.5e-4, 10)
    assert {weight_recipe(name, size) for name in ("rsps", "darts", "gdas")} == {WeightRecipe()}


def test_a_step_clips_the_gradient():
    weights = toy_weights(1, rate=1.0)
    weights.set_time(0)
    weights.recipe = WeightRecipe(weight_decay=0.0)
    before = [p.detach().clone() for p in weights.parameters]
    weights.optimiser.param_groups[0]["weight_decay"] = 0.0
    loss = 1000 * weights.loss(toy_pairs(1, 0)[0], single_path(BEST))
    assert weights.step(loss) == float(loss.detach())
    moved = torch.cat([(a - b).flatten() for a, b in zip(before, weights.parameters, strict=True)]).norm()
    assert abs(float(moved.detach()) - 5.0 * 1.9) < 1e-3  # Nesterov: (1 + 0.9) · gradient in the first step


def test_accuracy_counts_every_image():
    weights = toy_weights(1)
    images, labels = toy_pairs(1, 0)[0]
    with torch.no_grad():
        right = (weights.network(images, single_path(BEST)).argmax(1) == labels).float().mean()
    parts = [(images[:20], labels[:20]), (images[20:], labels[20:])]
    assert math.isclose(weights.accuracy(single_path(BEST), parts), 100 * float(right), rel_tol=1e-6)


def test_the_best_path_is_the_first_of_the_best():
    weights, epoch = toy_weights(1), toy_epoch(0, 1)
    weights.accuracy = lambda choice, pairs: 50.0 if choice.active[0] == (1,) else 10.0
    assert best_path(weights, epoch, [(0, 1, 1), (1, 0, 0), (1, 1, 1)]).options == (1, 0, 0)
    assert path_by_logits(weights, epoch, torch.tensor([[0.0, 1.0], [2.0, 1.0], [0.0, 0.1]])).options == (1, 0, 1)
