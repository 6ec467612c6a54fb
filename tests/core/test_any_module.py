"""The indicators of any module: they equal those of the evaluator's parts, and leave the module alone."""

import copy
import math

import pytest
import torch
from torch import nn

from tegnas_core import TegnasError, evaluate_module
from tegnas_core.any_module import _groups
from tegnas_core.indicators import RIVALS
from tegnas_core.indicators.rivals.passes import MEASURES, Passes
from tegnas_core.networks import proxy_network
from tegnas_core.settings import PRESETS
from tegnas_core.spaces.architecture import EXAMPLE, Architecture


def batch(n: int, seed: int, size: int = 16) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(n, 3, size, size, generator=generator), torch.randint(0, 10, (n,), generator=generator)


@pytest.fixture(scope="module")
def network() -> nn.Module:
    architecture = Architecture.parse(EXAMPLE)
    return proxy_network(architecture, PRESETS["teg"], "kernel", n_classes=10, seed=0, repeat=0)


def test_equals_the_kernel_of_an_independent_loop(network):
    images, labels = batch(6, 0)
    rows = []
    for i in range(len(images)):
        network.zero_grad()
        network(images)[i].sum().backward()
        rows.append(torch.cat([p.grad.flatten() for name, p in network.named_parameters() if "weight" in name]))
    eigenvalues = torch.linalg.eigvalsh(torch.stack(rows).double() @ torch.stack(rows).double().T)
    found = evaluate_module(network, images, labels)
    assert found.condition_number == pytest.approx((eigenvalues[-1] / eigenvalues[0]).item(), rel=1e-4)
    assert found.n_parameters == len(rows[0])
    assert found.regression_error != found.regression_error  # nan: no held-out images were given


def test_a_torchvision_resnet_has_finite_indicators():
    torchvision = pytest.importorskip("torchvision")
    torch.manual_seed(0)
    resnet = torchvision.models.resnet18(num_classes=10)
    found = evaluate_module(resnet, *batch(4, 0, 32), *batch(4, 1, 32))
    assert found.status == "ok"
    assert 1 <= found.condition_number < float("inf")
    assert 0 < found.regression_error < float("inf")
    assert found.linear_regions == 4
    assert found.n_parameters == sum(p.numel() for name, p in resnet.named_parameters() if "weight" in name)


def test_leaves_the_module_as_it_was():
    module = nn.Sequential(
        nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.LazyLinear(10)
    ).eval()
    module(batch(2, 0)[0])
    before = copy.deepcopy(module.state_dict())
    evaluate_module(module, *batch(5, 0), *batch(5, 1))
    assert not module.training
    assert all(torch.equal(before[key], value) for key, value in module.state_dict().items())


def test_dropout_does_not_make_the_numbers_random():
    module = nn.Sequential(nn.Flatten(), nn.Dropout(0.5), nn.Linear(3 * 16 * 16, 10))
    first, second = (evaluate_module(module, *batch(5, 0)).condition_number for _ in range(2))
    assert first == second


def test_rounds_of_parameters_give_the_same_kernel(network, monkeypatch):
    data = *batch(5, 0), *batch(5, 1)
    whole = evaluate_module(network, *data)
    monkeypatch.setattr("tegnas_core.any_module._JACOBIAN_BYTES", 1)
    names = tuple(name for name, _ in network.named_parameters())
    assert _groups(network, names, 10) == [(name,) for name in names]
    in_rounds = evaluate_module(network, *data)
    assert in_rounds.condition_number == pytest.approx(whole.condition_number, rel=1e-9)
    assert in_rounds.regression_error == pytest.approx(whole.regression_error, rel=1e-9)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((*batch(4, 0), batch(4, 1)[0]), "go together"),
        ((batch(4, 0)[0], batch(3, 0)[1]), "4 images and 3 labels"),
        ((batch(1, 0)[0], batch(1, 0)[1]), "at least two"),
    ],
)
def test_says_what_does_not_fit(network, arguments, message):
    with pytest.raises(TegnasError, match=message):
        evaluate_module(network, *arguments)


def test_refuses_a_module_without_logits():
    with pytest.raises(TegnasError, match="logits of shape"):
        evaluate_module(nn.Conv2d(3, 4, 3), *batch(4, 0))


# Rivals


class Odd(nn.Module):
    """A module with everything that evaluation must switch: dropout by hand, an in-place ReLU, another answer."""

    def __init__(self):
        super().__init__()
        self.conv, self.norm, self.relu = nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(inplace=True)
        self.pool, self.head = nn.AdaptiveAvgPool2d(1), nn.Linear(4, 10)

    def forward(self, x):
        x = self.pool(self.relu(self.norm(self.conv(x)))).flatten(1)
        logits = self.head(nn.functional.dropout(x, training=self.training))
        return (logits, x) if self.training else logits


def test_rivals_equal_those_of_the_evaluator_of_rivals(network):
    names = tuple(name for name in RIVALS if not name.startswith("az_"))
    data = *batch(8, 0), *batch(8, 1)
    found = evaluate_module(network, *data, n_classes=10, rivals=names, seed=5)
    passes = Passes(network, *data[:2], data[2:], 10, (5, "noise", 0), False)
    for name in names:
        value, status = MEASURES[name](passes)
        assert found.rivals[name].status == status == "ok" and name not in found.reasons
        assert found.rivals[name].value == pytest.approx(value, rel=1e-4), name


def test_nothing_random_and_no_other_answer_of_train_mode():
    torch.manual_seed(0)
    module, data = Odd(), (*batch(6, 0), *batch(6, 1))
    first, second = (evaluate_module(module, *data, rivals=("meco", "snip", "zen")) for _ in range(2))
    assert first == second and first.n_relus == 4 * 14 * 14
    assert {measured.status for measured in first.rivals.values()} == {"ok"}
    module.relu.inplace = False
    assert evaluate_module(module, *data, rivals=("meco", "snip", "zen")) == first


def test_a_rival_that_does_not_fit_says_why_and_costs_no_other():
    torch.manual_seed(0)
    layers = nn.Conv2d(3, 4, 3), nn.GroupNorm(1, 4), nn.Hardsigmoid(), nn.Flatten(), nn.Linear(4 * 14 * 14, 10)
    module = nn.Sequential(*layers)
    found = evaluate_module(module, *batch(6, 0), rivals=tuple(RIVALS))
    assert (found.n_relus, found.linear_regions) == (0, 1)
    reasons = {
        "naswot": "no nn.ReLU module",
        "swap": "no nn.ReLU module",
        "zen": "there is no AdaptiveAvgPool2d",
        "log_synflow": "GroupNorm",
        "az_trainability": "a chain of",
        "zico": "second batch",
        "grasp": "RuntimeError: derivative for aten::hardsigmoid_backward",
    }
    for name, reason in reasons.items():
        assert found.rivals[name].status == ("error" if name == "grasp" else "undefined")
        assert reason in found.reasons[name] and found.rivals[name].value == -math.inf
    others = {name: measured for name, measured in found.rivals.items() if name not in found.reasons}
    assert {"snip", "fisher", "jacob_cov", "ntk_trace", "meco"} <= others.keys()
    assert {measured.status for measured in others.values()} == {"ok"}


def test_fisher_takes_the_last_axis_of_a_linear_layer_for_channels():
    class Tokens(nn.Module):
        def __init__(self):
            super().__init__()
            self.mix, self.head = nn.Linear(4, 4), nn.Linear(4, 3)

        def forward(self, x):
            return self.head(self.mix(x.flatten(2).transpose(1, 2)).mean(1))

    torch.manual_seed(0)
    module, images, labels = Tokens(), torch.randn(5, 4, 3, 3), torch.tensor([0, 1, 2, 0, 1])
    outputs = []
    for layer in (module.mix, module.head):
        layer.register_forward_hook(lambda _, __, output: outputs.append(output))
    loss = nn.functional.cross_entropy(module(images), labels)
    products = [a * g for a, g in zip(outputs, torch.autograd.grad(loss, outputs), strict=True)]
    expected = sum((p.sum(1) if p.dim() == 3 else p).square().mean(0).sum() / 2 for p in products)
    found = evaluate_module(module, images, labels, rivals=("fisher",)).rivals["fisher"].value
    assert found == pytest.approx(expected.item(), rel=1e-5)


def test_an_unknown_rival_is_refused(network):
    with pytest.raises(TegnasError, match="unknown rival 'charm'; known are naswot"):
        evaluate_module(network, *batch(4, 0), rivals=("charm",))
