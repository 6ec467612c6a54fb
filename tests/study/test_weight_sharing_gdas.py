"""GDAS computes one path, and its gradient is that of the slow twin that computes all."""

import numpy as np
import torch
from small_source import small_source
from toy_supernet import SPACE, SharingContract, toy_epoch

from tegnas_study.weight_sharing.batches import load_pool
from tegnas_study.weight_sharing.gdas import GDAS, hard_path, temperature_of
from tegnas_study.weight_sharing.supernet import Choice, Supernet, single_path


class TestGDAS(SharingContract):
    n_epochs = 25

    def make(self):
        return GDAS(SPACE.choices, seed=0, rate=0.1)


def logits_of(seed=0):
    values = torch.randn(6, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
    return values.requires_grad_()


def test_forward_it_is_one_path():
    network = Supernet(width=2, cells_per_stage=1, n_classes=4, seed=0).double()
    images = load_pool(small_source(size=8), "train_half", 12, 8).images.double()
    choice = hard_path(logits_of(), 3.0, np.random.default_rng(0))
    assert all(len(active) == 1 for active in choice.active)
    alone = single_path([active[0] for active in choice.active])
    assert torch.allclose(network(images, choice), network(images, alone), atol=1e-12)


def test_its_gradient_is_that_of_the_soft_shares_of_the_drawn_operations():
    """The twin adds up all operations by one-hot shares, whose gradient is cut off but for the drawn ones."""
    network = Supernet(width=2, cells_per_stage=1, n_classes=4, seed=0).double()
    pool = load_pool(small_source(size=8), "train_half", 12, 8)
    images, temperature = pool.images.double(), 2.0
    logits = logits_of(1)
    choice = hard_path(logits, temperature, np.random.default_rng(5))
    loss = torch.nn.functional.cross_entropy(network(images, choice), pool.labels)
    found = torch.autograd.grad(loss, logits)[0]

    noise = torch.from_numpy(np.random.default_rng(5).gumbel(size=(6, 5)))
    shares = torch.nn.functional.one_hot((torch.log_softmax(logits, 1) + noise).argmax(1), 5).double()
    shares.requires_grad_()
    everything = Choice((tuple(range(5)),) * 6, shares)
    by_share = torch.autograd.grad(
        torch.nn.functional.cross_entropy(network(images, everything), pool.labels), shares
    )[0]
    soft = torch.softmax((torch.log_softmax(logits, 1) + noise) / temperature, 1)
    exact = torch.autograd.grad((soft * (by_share * shares.detach())).sum(), logits)[0]
    assert torch.allclose(found, exact, rtol=1e-8, atol=1e-12)
    assert found.abs().max() > 0


def test_draws_follow_the_softmax_whatever_the_temperature():
    logits = torch.log(torch.tensor([[0.7, 0.2, 0.1]]))
    for temperature in (10.0, 0.1):
        rng = np.random.default_rng(0)
        drawn = [hard_path(logits, temperature, rng).active[0][0] for _ in range(4000)]
        assert np.allclose(np.bincount(drawn) / 4000, [0.7, 0.2, 0.1], atol=0.03)


def test_the_temperature_falls_from_ten_to_a_tenth():
    assert [round(temperature_of(toy_epoch(number, 3)), 6) for number in range(3)] == [10.0, 5.05, 0.1]
    assert temperature_of(toy_epoch(0, 1)) == 10.0
