"""A supernet of three edges and two options whose best path is known: option 1 learns, 0 adds noise."""

import torch
from torch import nn

from tegnas_core.spaces import Toy
from tegnas_study.weight_sharing.batches import Epoch
from tegnas_study.weight_sharing.method import SharingMethod
from tegnas_study.weight_sharing.weights import SharedWeights, WeightRecipe

SPACE = Toy(3)
BEST = (1, 1, 1)
_FEATURES, _CLASSES, _BATCH, _BATCHES = 4, 3, 32, 6


class ToySupernet(nn.Module):
    """Logits sum share · a linear map of the edge's own features, learned or fixed, over the edges."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__()
        self.edges = nn.ModuleList(nn.Linear(_FEATURES, _CLASSES, bias=False) for _ in range(3))
        self.bias = nn.Parameter(torch.zeros(_CLASSES))
        generator = torch.Generator().manual_seed(seed)
        for edge in self.edges:
            nn.init.normal_(edge.weight, std=0.3, generator=generator)
        self.noise = torch.randn(3, _FEATURES, _CLASSES, generator=generator)

    def forward(self, x, choice):
        logits = self.bias.expand(len(x), _CLASSES)
        for number, active in enumerate(choice.active):
            features = x[:, number * _FEATURES : (number + 1) * _FEATURES]
            for option in active:
                share = 1 if choice.shares is None else choice.shares[number, option]
                y = self.edges[number](features) if option else features @ self.noise[number].to(x.dtype)
                logits = logits + share * y
        return logits


def toy_pairs(n, seed):
    """Return batches whose labels all features decide."""
    truth = torch.randn(3 * _FEATURES, _CLASSES, generator=torch.Generator().manual_seed(99))
    generator = torch.Generator().manual_seed(seed)
    found = [torch.randn(_BATCH, 3 * _FEATURES, generator=generator) for _ in range(n)]
    return [(x, (x @ truth).argmax(1)) for x in found]


def toy_epoch(number, n_epochs):
    return Epoch(
        number,
        n_epochs,
        toy_pairs(_BATCHES, 2 * number),
        toy_pairs(_BATCHES, 2 * number + 1),
        toy_pairs(4, 10_000),
        ("toy", 0),
    )


def toy_weights(n_epochs, rate=0.3):
    torch.manual_seed(0)
    return SharedWeights(ToySupernet(), WeightRecipe(rate=rate, last_rate=0.01), n_epochs)


def trained(method: SharingMethod, n_epochs=15):
    """Train to the end and return what the method names, the weights and the losses."""
    weights, losses = toy_weights(n_epochs), []
    for number in range(n_epochs):
        losses.append(method.train(weights, toy_epoch(number, n_epochs)))
    return method.derive(weights, toy_epoch(n_epochs - 1, n_epochs)), weights, losses


class SharingContract:
    """What every method does; inherit it and give `make()`."""

    n_epochs = 15
    learns = True  # a policy whose entropy falls

    def make(self):
        raise NotImplementedError

    def test_it_finds_the_best_path(self):
        method = self.make()
        at_first = method.entropy()
        found, _, losses = trained(method, self.n_epochs)
        assert found.options == BEST
        assert losses[-1] < losses[0]
        assert found.accuracy > 60
        assert (method.entropy() < at_first) is self.learns

    def test_weights_learn_from_one_half_and_the_architecture_from_the_other(self):
        method, weights, epoch = self.make(), toy_weights(4), toy_epoch(0, 4)
        looked_at, steps_on = [], []
        loss, accuracy, step = weights.loss, weights.accuracy, weights.step

        def seen(pair):
            looked_at.append("train" if any(pair is one for one in epoch.train) else "valid")
            assert any(pair is one for one in (*epoch.train, *epoch.valid))

        weights.loss = lambda pair, choice: (seen(pair), loss(pair, choice))[1]
        weights.accuracy = lambda choice, pairs: ([seen(pair) for pair in pairs], accuracy(choice, pairs))[1]
        weights.step = lambda value: (steps_on.append(looked_at[-1]), step(value))[1]
        method.train(weights, epoch)
        assert steps_on == ["train"] * len(epoch.train)
        assert ("valid" in looked_at) is self.learns

    def test_deriving_changes_nothing(self):
        method, twin = self.make(), self.make()
        first, second = toy_weights(4), toy_weights(4)
        for number in range(2):
            epoch = toy_epoch(number, 4)
            assert method.train(first, epoch) == twin.train(second, epoch)
            method.derive(first, epoch)

    def test_a_state_goes_on_to_the_same_end(self):
        whole, part, rest = self.make(), self.make(), self.make()
        weights, halved = toy_weights(4), toy_weights(4)
        for number in range(4):
            epoch = toy_epoch(number, 4)
            loss = whole.train(weights, epoch)
            if number == 2:
                rest.restore(part.state())
                part = rest
            assert part.train(halved, epoch) == loss
        assert part.derive(halved, toy_epoch(3, 4)) == whole.derive(weights, toy_epoch(3, 4))
