"""The rivals that came after NASWOT: their definitions through the evaluator, closed forms and invariances."""

import math
from itertools import pairwise

import pytest
import torch
from oracles import newer_rivals as twins
from oracles import rivals as older_twins
from oracles.small_networks import images, proxy
from small_source import small_settings, small_source
from torch import nn

from tegnas_core.data.proxy_data import draw_training_batch
from tegnas_core.errors import TegnasError
from tegnas_core.indicators import rivals
from tegnas_core.indicators.names import RIVALS, ZERO_COST
from tegnas_core.indicators.rivals.az_nas import block_entropies, block_passes
from tegnas_core.indicators.rivals.passes import GRADIENTS, MEASURES, NOISE_IMAGES, SECOND_BATCH
from tegnas_core.networks import proxy_network
from tegnas_core.rival_evaluation import RivalEvaluator
from tegnas_core.seeding import torch_generator
from tegnas_core.spaces import NASBench201
from tegnas_core.spaces.architecture import EXAMPLE, Architecture

CELLS = {
    "rich": Architecture.parse(EXAMPLE),
    "pool": Architecture(("avg_pool_3x3", "none", "avg_pool_3x3", "none", "nor_conv_1x1", "avg_pool_3x3")),
    "thin": Architecture(("none", "none", "none", "nor_conv_3x3", "none", "none")),
}
SETTINGS = small_settings(precision="float64")


@pytest.fixture(scope="module")
def source():
    return small_source(8, n=40)


@pytest.mark.parametrize("cell", CELLS)
def test_the_values_are_those_of_the_definitions(source, cell):
    names = [name for name in RIVALS if name not in ZERO_COST and name != "label_gradient_alignment"]
    found = RivalEvaluator(SETTINGS, source, seed=3, names=names).evaluate_repeat(CELLS[cell], 1)
    built = NASBench201().representative(CELLS[cell])
    network = proxy_network(built, SETTINGS, "kernel", n_classes=4, seed=3, repeat=1)
    batch, second = (draw_training_batch(source, SETTINGS, seed=3, index=i) for i in (0, 1))
    of_loss = [network, batch.images, batch.labels]
    rows = older_twins.input_gradients(built, older_twins.weights_of(network, n_classes=4), batch.images)

    def noise(what: str, n: int = NOISE_IMAGES) -> torch.Tensor:
        return torch.randn(n, 3, 8, 8, generator=torch_generator(3, "noise", 0, what)).double()

    gaussian, growth = noise("images"), twins.entropies(twins.az_features(network, noise("images")))
    signs = rivals.differentiate(network, batch.images, batch.labels).signs
    trace, mean = twins.kernel_size(network, batch.images)
    expected = {
        "swap": twins.swap(signs),
        "meco": twins.meco(network, noise("image", 1)),
        "az_expressivity": sum(growth),
        "az_progressivity": min(b - a for a, b in pairwise(growth)),
        "az_trainability": twins.az_trainability(network, gaussian, torch_generator(3, "noise", 0, "signs")),
        "zico": twins.zico(
            twins.loss_gradients(*of_loss), twins.loss_gradients(network, second.images, second.labels)
        ),
        "zen": twins.zen(network, gaussian, gaussian + 0.01 * noise("change")),
        "epe_nas": twins.epe_nas(rows.numpy(), batch.labels.tolist(), 4),
        "plain": twins.plain(*of_loss),
        "l2_norm": twins.l2_norm(network),
        "fisher": twins.fisher(*of_loss),
        "grasp": twins.grasp(*of_loss),
        "ntk_trace": trace,
        "ntk_mean": mean,
    }
    assert found.status == "ok" and list(found.values) == names == list(expected)
    for name, value in expected.items():
        assert found.values[name] == pytest.approx(value, rel=1e-5, abs=1e-7), name


def test_every_rival_can_be_measured_and_none_but_rivals():
    assert [*MEASURES] == [*RIVALS]
    assert {*RIVALS} > GRADIENTS > SECOND_BATCH
    with pytest.raises(TegnasError, match="unknown rival 'parameters'; known are naswot, "):
        RivalEvaluator(SETTINGS, small_source(8), names=("naswot", "parameters"))


@pytest.mark.parametrize("name", RIVALS)
def test_a_rival_alone_has_the_value_that_it_has_in_company(source, name):
    together = RivalEvaluator(SETTINGS, source, names=tuple(RIVALS)).evaluate_repeat(CELLS["rich"], 0).values
    alone = RivalEvaluator(SETTINGS, source, names=(name,)).evaluate_repeat(CELLS["rich"], 0).values
    assert alone == {name: together[name]}


# Closed forms and invariances


def test_swap_counts_columns():
    on = torch.tensor([[1, 1, 0, 0], [1, 1, 0, 1], [0, 0, 1, 1]]) > 0
    assert rivals.swap([on]).value == 3 and rivals.swap([on, on]).value == 3
    assert rivals.swap([on[:, :2], on[:, 2:]]).value == 3


def test_zico_of_two_equal_batches_says_that_there_is_no_spread():
    one = [torch.ones(2, 2)]
    assert rivals.zico(one, one) == (-math.inf, "singular")
    assert rivals.zico([torch.tensor([1.0, 1.0])], [torch.tensor([3.0, -3.0])]).value == pytest.approx(math.log(4))


def test_epe_nas_with_many_classes_compares_their_means():
    rows, labels = (
        torch.randn(9, 5, generator=torch.Generator().manual_seed(0)).double(),
        [0, 0, 0, 1, 1, 2, 2, 2, 3],
    )
    found = rivals.epe_nas(rows, torch.tensor(labels), 101).value
    assert found == pytest.approx(twins.epe_nas(rows.numpy(), labels, 101))
    assert rivals.epe_nas(rows, torch.arange(9), 101).status == "singular"


def test_entropies_are_the_logarithm_of_the_dimension_when_all_directions_are_alike():
    feature = torch.eye(4).reshape(4, 4, 1, 1).repeat(2, 1, 1, 1)
    flat = torch.ones(3, 4, 2, 2) * torch.randn(3, 1, 2, 2, generator=torch.Generator().manual_seed(0))
    assert block_entropies([feature, flat]) == pytest.approx([math.log(3), 0], abs=1e-5)
    assert rivals.az_progressivity([1.0, 3.0, 2.5]).value == -0.5


@pytest.mark.parametrize(("factor", "expected"), [(2.0, -0.5), (0.5, -0.5), (-1.0, 0.0)])
def test_trainability_is_best_for_blocks_that_keep_lengths(factor, expected):
    class Scale(nn.Module):
        def forward(self, x):
            return factor * x

    passes = block_passes([nn.Identity(), Scale()], images(500, size=4))
    found = rivals.az_trainability(passes, torch.Generator().manual_seed(0))
    assert found.value == pytest.approx(expected, abs=1e-1)


def test_a_block_that_hands_gradients_on_has_no_trainability():
    passes = block_passes([nn.Identity(), nn.Identity()], images(2, size=4))
    assert rivals.az_trainability(passes, torch.Generator().manual_seed(0)) == (-math.inf, "singular")


def test_maps_of_one_channel_are_uncorrelated_and_a_constant_channel_makes_the_smallest_eigenvalue_zero():
    one = nn.Sequential(nn.Conv2d(3, 1, 1), nn.ReLU())
    found = rivals.meco(one, images(1, size=4).float()).value
    assert found in (1.0, 2.0)  # the second is 0 when the ReLU is off everywhere
    dead = nn.Conv2d(3, 2, 1)
    nn.init.zeros_(dead.weight)
    assert rivals.meco(dead, images(1, size=4).float()).value == 0


def test_zen_grows_by_the_logarithm_of_a_gain_that_batch_norm_takes_back():
    network, noise, change = proxy(CELLS["rich"]), images(4, size=8), images(4, size=8).flip(0)
    before = rivals.zen(network, noise, change).value
    network.stem[0].weight.data *= 10  # the batch-norm behind divides by it
    assert rivals.zen(network, noise, change).value == pytest.approx(before + math.log(10), abs=1e-2)
    assert rivals.zen(network, noise, torch.zeros_like(change)).status == "disconnected"


def test_sizes_of_kernels():
    kernel = torch.tensor([[2.0, 1.0], [1.0, 4.0]])
    assert (rivals.ntk_trace(kernel).value, rivals.ntk_mean(kernel).value) == (3, 2)


def test_the_weights_alone_decide_the_l2_norm(source):
    one, other = (
        RivalEvaluator(SETTINGS, images, names=("l2_norm",)).evaluate_repeat(CELLS["rich"], 0)
        for images in (source, small_source(8, n=41))
    )
    assert one.values == other.values
