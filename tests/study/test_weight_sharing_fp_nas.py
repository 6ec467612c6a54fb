"""FP-NAS with weights of its own moves weights and policy by the likelihoods of its paths."""

import numpy as np
import torch
from toy_supernet import SPACE, SharingContract, toy_epoch, toy_weights

from tegnas_study.weight_sharing.fp_nas import SharedFPNAS
from tegnas_study.weight_sharing.supernet import single_path


class TestSharedFPNAS(SharingContract):
    n_epochs = 30

    def make(self):
        return SharedFPNAS(SPACE, seed=0, n_steps=1000)


def test_a_step_of_the_weights_follows_the_weighted_losses():
    method, weights, twin = SharedFPNAS(SPACE, seed=1, n_steps=10), toy_weights(1), toy_weights(1)
    epoch = toy_epoch(0, 1)
    one = type(epoch)(0, 1, epoch.train[:1], epoch.valid[:1], epoch.held_out, epoch.key)
    method.train(weights, one)
    slow = SharedFPNAS(SPACE, seed=1, n_steps=10)
    slow.search.rng = one.rng("paths")
    slow.search.ask()
    paths = [single_path(draw.options) for draw in slow.search.drawn]
    assert len(paths) == 4
    twin.set_time(0)
    losses = torch.stack([twin.loss(one.train[0], path) for path in paths])
    likelihoods = np.exp(-losses.detach().numpy())
    shares = torch.from_numpy(likelihoods / likelihoods.sum())
    twin.step((shares * losses).sum())
    for a, b in zip(weights.parameters, twin.parameters, strict=True):
        assert torch.allclose(a, b, rtol=1e-5)


def test_the_policy_follows_the_validation_losses():
    method, weights = SharedFPNAS(SPACE, seed=2, n_steps=10), toy_weights(1)
    weights.network.noise.zero_()
    for edge in weights.network.edges:
        torch.nn.init.zeros_(edge.weight)
    with torch.no_grad():  # only the first edge knows anything
        weights.network.edges[0].weight.copy_(0.3 * toy_truth()[:4].T)
    for parameter in weights.parameters:
        parameter.requires_grad_(requires_grad=False)
    weights.step = lambda loss: 0.0
    for number in range(50):
        method.train(weights, toy_epoch(number, 100))
    probabilities = method.search.policy.decisions.probabilities()
    assert probabilities[0, 1] > 0.65
    assert abs(probabilities[1, 1] - 0.5) < 0.3


def toy_truth():
    return torch.randn(12, 3, generator=torch.Generator().manual_seed(99))
