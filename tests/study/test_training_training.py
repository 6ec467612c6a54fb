"""A step is the plain one, an epoch follows from the seed, and a restored training goes on to the same bits."""

import copy

import pytest
import torch
from torch.nn import functional
from trainings import SOURCE, curve, new_training, same_state, tiny

DARTS = {"drop_path": 0.3, "label_smoothing": 0.1, "cutout": 16, "padding": 8}


def test_a_step_is_the_plain_one_with_smoothing_auxiliary_loss_and_clipping(monkeypatch):
    training = new_training(tiny("darts-cifar10", label_smoothing=0.1, clip=0.05))
    head = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(3 * 8 * 8, 4))
    body = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(3 * 8 * 8, 4))

    class TwoHeads(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.body, self.head = body, head

        def forward(self, x):
            return self.body(x), self.head(x)

    network = TwoHeads()
    twin = copy.deepcopy(network)
    protocol = tiny("darts-cifar10", label_smoothing=0.1, clip=0.05, auxiliary=0.4)
    optimiser = torch.optim.SGD(network.parameters(), lr=0.1)
    monkeypatch.setattr(training, "network", network)
    monkeypatch.setattr(training, "_shared", network)
    monkeypatch.setattr(training, "_optimiser", optimiser)
    monkeypatch.setattr(training, "job", training.job.__class__(None, protocol, 0, 4))
    images, labels = torch.randn(6, 3, 8, 8), torch.tensor([0, 1, 2, 3, 0, 1])
    loss, _ = training._step(images, labels)

    smooth = 0.9 * functional.one_hot(labels, 4) + 0.1 / 4
    losses = [-(smooth * functional.log_softmax(logits, 1)).sum(1).mean() for logits in twin(images)]
    (losses[0] + 0.4 * losses[1]).backward()
    norm = sum(parameter.grad.square().sum() for parameter in twin.parameters()).sqrt()
    assert norm > 0.05
    assert loss.item() == pytest.approx(losses[0].item(), rel=1e-5)
    for mine, other in zip(network.parameters(), twin.parameters(), strict=True):
        torch.testing.assert_close(mine, other - 0.1 * other.grad * 0.05 / (norm + 1e-6))


@pytest.mark.parametrize("name", ["nas-bench-201", "darts-cifar10"])
def test_a_restored_training_goes_on_to_the_same_bits(name):
    changes = DARTS if name.startswith("darts") else {}
    whole = new_training(tiny(name, **changes))
    whole.run_epoch()
    state = copy.deepcopy(whole.state())
    whole.run_epoch()
    torch.manual_seed(123)  # nothing depends on what the global generator did before
    resumed = new_training(tiny(name, **changes))
    resumed.restore(state)
    resumed.run_epoch()
    assert whole.is_finished and resumed.is_finished
    assert same_state(whole.state(), resumed.state())


def test_another_seed_gives_another_curve_and_the_global_generator_is_left_alone():
    torch.manual_seed(7)
    before = torch.random.get_rng_state()
    first, second = new_training(tiny(drop_path=0.1)), new_training(tiny(drop_path=0.1), seed=1)
    for training in (first, second):
        training.run_epoch()
    assert curve(first.rows) != curve(second.rows)
    assert torch.random.get_rng_state().equal(before)


def test_it_learns_brightness():
    from dataclasses import replace

    from small_source import ArrayImages
    from trainings import CELL

    from tegnas_core import Architecture
    from tegnas_study.training.data import training_data
    from tegnas_study.training.training import Job, Training

    assert isinstance(CELL, Architecture)
    noise = torch.randint(40, (160, 8, 8, 3), generator=torch.Generator().manual_seed(0))
    pixels = (noise + 64 * (torch.arange(160) % 4)[:, None, None, None]).byte().numpy()
    source = replace(SOURCE, size=8, train=ArrayImages(pixels), test=ArrayImages(pixels[:80]))
    protocol = tiny(shrink=1, padding=0, epochs=3, width=4)
    training = Training(Job(CELL, protocol, 0, 4), training_data(source, protocol, device="cpu"))
    rows = [training.run_epoch() for _ in range(3)]
    assert rows[-1]["train_accuracy"] > 60 and rows[-1]["test_accuracy"] > 40
    assert rows[-1]["loss"] < rows[0]["loss"] and [row["epoch"] for row in rows] == [1, 2, 3]


def test_drop_path_rises_from_epoch_to_epoch():
    training = new_training(tiny("darts-cifar10", **DARTS))
    seen = []
    for _ in range(2):
        training.run_epoch()
        seen.append(training.network.drop_path.p)
    assert seen == [0.0, pytest.approx(0.15)]


def test_a_rest_of_one_image_is_left_out():
    assert new_training(tiny(n_train=33)).n_steps == 2
    assert new_training(tiny(n_train=34)).n_steps == 3


def test_a_test_uses_the_running_averages_and_changes_nothing():
    training = new_training(tiny("darts-cifar10", **DARTS))
    training.run_epoch()
    before = copy.deepcopy(training.network.state_dict())
    tested = training._test()
    assert all(value.equal(before[name]) for name, value in training.network.state_dict().items())
    twin = copy.deepcopy(training.network).eval()
    with torch.no_grad():
        each = [(twin(x).argmax(1) == y).sum().item() for x, y in training._data.test(torch.arange(48).split(1))]
    assert tested == pytest.approx(100 * sum(each) / 48)


def test_sixteen_bits_are_for_the_layers_and_not_for_the_weights():
    short, long = (new_training(tiny(), bfloat16=flag) for flag in (True, False))
    seen = []
    convolution = next(m for m in short.network.modules() if isinstance(m, torch.nn.Conv2d))
    convolution.register_forward_hook(lambda module, given, found: seen.append(found.dtype))
    losses = [training.run_epoch()["loss"] for training in (short, long)]
    assert set(seen) == {torch.bfloat16} and losses[0] == pytest.approx(losses[1], rel=0.05)
    assert losses[0] != losses[1]
    assert {value.dtype for value in short.network.parameters()} == {torch.float32}
