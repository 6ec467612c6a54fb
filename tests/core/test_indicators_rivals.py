"""The rivals of the three indicators: their definitions, closed forms and invariances."""

import copy
import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from oracles import rivals as twins
from oracles.small_networks import images, proxy
from torch import Tensor, nn

from tegnas_core.indicators.rivals import differentiate, grad_norm, jacob_cov, log_synflow, naswot, snip
from tegnas_core.networks import build_network
from tegnas_core.spaces.architecture import EXAMPLE, Architecture

CELLS = {
    "rich": Architecture.parse(EXAMPLE),
    "pool": Architecture(("avg_pool_3x3", "skip_connect", "avg_pool_3x3", "none", "nor_conv_1x1", "none")),
    "thin": Architecture(("none", "none", "none", "nor_conv_3x3", "none", "none")),
}
LABELS = torch.tensor([0, 4, 1, 1, 3, 2])
K = 1e-5


def random(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.fixture(params=CELLS)
def case(request):
    """An architecture, its network in float64 with no number at its special value, six images."""
    architecture = CELLS[request.param]
    return architecture, proxy(architecture), images(6, size=8)


# The definitions


def test_naswot_is_the_log_determinant_of_agreements(case):
    _, network, batch = case
    expected = twins.naswot(network, batch)
    assert naswot(differentiate(network, batch, LABELS).signs).value == pytest.approx(expected, rel=1e-12)


def test_jacob_cov_is_the_score_of_the_correlations(case):
    architecture, network, batch = case
    rows = twins.input_gradients(architecture, twins.weights_of(network, n_classes=5), batch)
    found = differentiate(network, batch, LABELS).of_inputs
    torch.testing.assert_close(found, rows, rtol=1e-8, atol=1e-10)
    assert jacob_cov(found).value == pytest.approx(twins.jacob_cov(rows), rel=1e-6)


def test_grad_norm_and_snip_follow_the_gradient_of_the_loss(case):
    architecture, network, batch = case
    found = differentiate(network, batch, LABELS)
    given = architecture, twins.weights_of(network, n_classes=5), batch, LABELS
    assert grad_norm(found.of_weights).value == pytest.approx(twins.grad_norm(*given), rel=1e-10)
    assert snip(found.weights, found.of_weights).value == pytest.approx(twins.snip(*given), rel=1e-10)


def test_gradients_are_the_change_of_the_loss(case):
    _, network, batch = case
    found = differentiate(network, batch, LABELS)
    direction = [random(*w.shape, seed=i) for i, w in enumerate(found.weights)]
    losses = []
    for step in (1e-6, -1e-6):
        moved = copy.deepcopy(network)
        layers = [m for m in moved.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
        for layer, change in zip(layers, direction, strict=True):
            layer.weight.data += step * change
        losses.append(nn.functional.cross_entropy(moved(batch), LABELS).item())
    slope = sum((g * d).sum().item() for g, d in zip(found.of_weights, direction, strict=True))
    assert (losses[0] - losses[1]) / 2e-6 == pytest.approx(slope, rel=1e-5)


def test_synflow_is_the_flow_through_every_layer(case):
    architecture, network, _ = case
    expected = twins.log_synflow(architecture, twins.weights_of(network, n_classes=5), 8)
    assert log_synflow(network, (3, 8, 8)).value == pytest.approx(expected, rel=1e-12)


# Closed forms


@pytest.mark.parametrize("n", [2, 5, 64])
def test_naswot_of_images_with_a_relu_each(n):
    """K = 2 I + (n − 2) 1 1ᵀ, so det K = 2ⁿ⁻¹ (2 + n (n − 2))."""
    expected = (n - 1) * math.log(2) + math.log(2 + n * (n - 2))
    assert naswot([torch.eye(n) > 0]).value == pytest.approx(expected, rel=1e-12)


def test_jacob_cov_is_largest_without_correlation_and_smallest_with():
    wave = torch.arange(64) * 2 * math.pi / 64
    apart = torch.stack([torch.cos(wave * i) for i in (1, 2, 3, 4)]).double()
    assert jacob_cov(apart).value == pytest.approx(-4 * (math.log(1 + K) + 1 / (1 + K)), rel=1e-9)
    alike = torch.stack([i * apart[0] for i in (1, 2, 3, 4)])
    smallest = -(math.log(4 + K) + 1 / (4 + K) + 3 * (math.log(K) + 1 / K))
    assert jacob_cov(alike).value == pytest.approx(smallest, rel=1e-6)
    assert jacob_cov(random(4, 64)).value < jacob_cov(apart).value


def test_grad_norm_and_snip_by_hand():
    weights = [torch.tensor([1.0, -2.0]), torch.tensor([[3.0]])]
    gradients = [torch.tensor([3.0, 4.0]), torch.tensor([[-2.0]])]
    assert grad_norm(gradients).value == 5 + 2
    assert snip(weights, gradients).value == 3 + 8 + 6


def test_synflow_by_hand():
    """One pixel: R = 2·3·1 + 2·4·1 through two layers, and each layer carries all of it."""
    network = nn.Sequential(nn.Conv2d(1, 1, 1, bias=False), nn.Flatten(), nn.Linear(1, 2, bias=False))
    network[0].weight.data.fill_(-2.0)
    network[2].weight.data.copy_(torch.tensor([[3.0], [-4.0]]))
    assert log_synflow(network, (1, 1, 1)).value == pytest.approx(math.log(2 * (6 + 8)))


# What must not matter, and what must


@given(st.permutations(range(6)))
def test_the_order_of_the_images_does_not_matter(order):
    signs, rows = [random(6, 40) > 0, random(6, 9, seed=1) > 0], random(6, 30)
    assert naswot([s[order] for s in signs]).value == pytest.approx(naswot(signs).value, rel=1e-12)
    assert jacob_cov(rows[order]).value == pytest.approx(jacob_cov(rows).value, rel=1e-9)


def test_naswot_does_not_mind_negation_or_how_relus_are_grouped():
    signs = random(6, 40) > 0
    value = naswot([signs]).value
    assert naswot([~signs]).value == value
    assert naswot([signs[:, :7], signs[:, 7:]]).value == value


@given(st.lists(st.floats(0.01, 100), min_size=6, max_size=6), st.floats(-5, 5))
def test_jacob_cov_knows_directions_only(scales, shift):
    rows = random(6, 30)
    moved = rows * torch.tensor(scales, dtype=torch.float64)[:, None] + shift
    assert jacob_cov(moved).value == pytest.approx(jacob_cov(rows).value, rel=1e-7)


def test_under_batch_norm_the_size_of_weights_does_not_matter_to_snip_but_to_grad_norm():
    network, batch = proxy(CELLS["rich"]), images(6, size=8)
    larger = copy.deepcopy(network)
    for name, module in larger.named_modules():
        if name.startswith("cells.0") and isinstance(module, nn.Conv2d):
            module.weight.data *= 1000  # large enough for batch-norm's ε to vanish in both
            dict(network.named_modules())[name].weight.data *= 500
    small, large = (differentiate(n, batch, LABELS) for n in (network, larger))
    pairs = list(zip(small.weights, large.weights, small.of_weights, large.of_weights, strict=True))
    for w, v, g, h in pairs:
        torch.testing.assert_close(h * v.norm(), g * w.norm(), rtol=1e-5, atol=1e-8)
    assert snip(large.weights, large.of_weights).value == pytest.approx(
        snip(small.weights, small.of_weights).value, rel=1e-5
    )
    changed = [g.norm().item() for w, v, g, _ in pairs if not torch.equal(w, v)]
    lost = grad_norm(small.of_weights).value - grad_norm(large.of_weights).value
    assert len(changed) == 5 and lost == pytest.approx(sum(changed) / 2, rel=1e-5)


def test_synflow_does_not_see_signs_and_follows_the_size():
    network = proxy(CELLS["rich"])
    value = log_synflow(network, (3, 8, 8)).value
    for parameter in network.parameters():
        parameter.data *= -1
    assert log_synflow(network, (3, 8, 8)).value == value
    network.get_submodule("head.classifier").bias.data.zero_()
    plain = log_synflow(network, (3, 8, 8)).value
    network.get_submodule("stem.0").weight.data *= 3  # on every path
    assert log_synflow(network, (3, 8, 8)).value == pytest.approx(plain + math.log(3), rel=1e-12)


def test_synflow_has_room_for_the_benchmarks_network():
    network = build_network(Architecture(("nor_conv_3x3",) * 6), width=4, cells_per_stage=5, n_classes=10)
    for layer in (m for m in network.modules() if isinstance(m, nn.Conv2d)):
        layer.weight.data.fill_(1.0)
    assert 38 * math.log(10) < log_synflow(network, (3, 8, 8)).value < math.inf  # float32 ends at 3e38


def test_a_network_comes_back_as_it_was():
    network, batch = proxy(CELLS["rich"]), images(6, size=8)
    before = copy.deepcopy(network.state_dict())
    logits = network(batch)
    differentiate(network, batch, LABELS)
    log_synflow(network, (3, 8, 8))
    torch.testing.assert_close(network.state_dict(), before, rtol=0, atol=0)
    assert torch.equal(network(batch), logits)
    assert not batch.requires_grad and all(p.grad is None for p in network.parameters())
    assert not any(m._forward_hooks or "forward" in vars(m) for m in network.modules())


def test_synflow_restores_batch_norm_when_the_network_fails():
    network = proxy(CELLS["rich"])
    with pytest.raises(RuntimeError):
        log_synflow(network, (5, 8, 8))
    assert not any("forward" in vars(m) for m in network.modules())


def test_a_layer_that_the_loss_does_not_see_adds_nothing():
    class Idle(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.used, self.idle = nn.Linear(12, 5), nn.Linear(12, 5)

        def forward(self, x: Tensor) -> Tensor:
            return self.used(x.flatten(1))

    network = Idle().double()
    gradients = differentiate(network, images(6, size=2), LABELS)
    assert [bool(g.any()) for g in gradients.of_weights] == [True, False]
    assert grad_norm(gradients.of_weights).value == gradients.of_weights[0].norm().item()
