"""The evaluator of the rivals: the numbers of the definitions on the network and images of κ."""

import math

import pytest
import torch
from oracles import rivals as twins
from small_source import small_settings, small_source

from tegnas_core.data.proxy_data import draw_proxy_data
from tegnas_core.errors import TegnasError
from tegnas_core.evaluation import Evaluator
from tegnas_core.indicators.names import ALIGNMENT, RIVALS, ZERO_COST
from tegnas_core.networks import proxy_network
from tegnas_core.rival_evaluation import RivalEvaluator
from tegnas_core.settings import NETWORKS
from tegnas_core.spaces import NASBench201
from tegnas_core.spaces.architecture import EXAMPLE, Architecture

RICH = Architecture.parse(EXAMPLE)
DISCONNECTED = Architecture(("nor_conv_3x3", *["none"] * 5))
# dead ends at node 1, and a way from nowhere over node 2
DEAD_ENDS = Architecture(("nor_conv_3x3", "none", "none", "nor_conv_1x1", "none", "nor_conv_3x3"))


@pytest.fixture(scope="module")
def source():
    return small_source(8, n=40)


def evaluator(source, *, seed: int = 0, alignment: bool = False, **changes: object) -> RivalEvaluator:
    names = (*ZERO_COST, ALIGNMENT) if alignment else ZERO_COST
    return RivalEvaluator(small_settings(**changes), source, seed=seed, names=names)


@pytest.mark.parametrize("architecture", [RICH, DEAD_ENDS], ids=["rich", "dead ends"])
@pytest.mark.parametrize("equivalence", ["shared-weights", "function", "raw"])
@pytest.mark.parametrize("initialisation", ["kaiming_fan_in", "torch_default"])
def test_the_values_are_those_of_the_definitions(source, architecture, equivalence, initialisation):
    chosen = {"equivalence": equivalence, "initialisation": initialisation, "precision": "float64"}
    found = evaluator(source, seed=3, **chosen).evaluate_repeat(architecture, 2)
    settings = small_settings(**chosen)
    data = draw_proxy_data(source, settings, seed=3, index=0, device=torch.device("cpu"))
    built = NASBench201().representative(architecture, equivalence)
    network = proxy_network(built, settings, "kernel", n_classes=4, seed=3, repeat=2)
    weights = twins.weights_of(network, n_classes=4)
    batch = built, weights, data.images, data.labels
    without_dead_ends = architecture.replace(0, "none").replace(5, "none") if architecture == DEAD_ENDS else built
    reached = proxy_network(without_dead_ends, settings, "kernel", n_classes=4, seed=3, repeat=2)
    assert found.status == "ok" and list(found.values) == [*ZERO_COST]
    assert found.values == pytest.approx(
        {
            "naswot": twins.naswot(reached if equivalence == "raw" else network, data.images),
            "jacob_cov": twins.jacob_cov(twins.input_gradients(built, weights, data.images)),
            "grad_norm": twins.grad_norm(*batch),
            "snip": twins.snip(*batch),
            "log_synflow": twins.log_synflow(built, weights, 8),
        },
        rel=1e-6,
    )


def test_float32_is_close_to_float64(source):
    single, double = (evaluator(source, precision=p).evaluate_repeat(RICH, 0) for p in ("float32", "float64"))
    assert single.values == pytest.approx(double.values, rel=2e-2)
    assert single.values != double.values


def test_the_alignment_is_that_of_the_controls(source):
    settings = small_settings()
    ours = evaluator(source, seed=1, alignment=True).evaluate_repeat(RICH, 1)
    controls = Evaluator(settings, source, seed=1, controls=True).evaluate_repeat(RICH, 1).controls
    assert list(ours.values) == [*ZERO_COST, ALIGNMENT]
    assert ours.values[ALIGNMENT] == controls["control_lga"]
    rest = {name: value for name, value in ours.values.items() if name != ALIGNMENT}
    assert evaluator(source, seed=1).evaluate_repeat(RICH, 1).values == rest


def test_neither_order_nor_another_evaluator_matters(source):
    chosen = [RICH, *NASBench201().sample_many(4, seed=1)]
    first = evaluator(source)
    forwards = {a: first.evaluate_repeat(a, 1).values for a in chosen}
    second = evaluator(source)
    backwards = {a: second.evaluate_repeat(a, 1).values for a in reversed(chosen)}
    assert forwards == backwards
    assert forwards[RICH] != first.evaluate_repeat(RICH, 0).values


def test_equal_functions_have_equal_values_unless_the_string_counts(source):
    """One convolution from input to output, directly or with a skip behind it."""
    direct = Architecture(("none", "none", "none", "nor_conv_3x3", "none", "none"))
    detour = Architecture(("nor_conv_3x3", "none", "none", "none", "skip_connect", "none"))
    by_function, by_string = evaluator(source), evaluator(source, equivalence="raw")
    assert by_function.evaluate_repeat(direct, 0).values == by_function.evaluate_repeat(detour, 0).values
    assert by_string.evaluate_repeat(direct, 0).values != by_string.evaluate_repeat(detour, 0).values


@pytest.mark.parametrize("equivalence", ["shared-weights", "function", "raw"])
def test_a_disconnected_cell_is_worst_in_everything(source, equivalence):
    settings = small_settings(equivalence=equivalence)
    found = RivalEvaluator(settings, source, names=tuple(RIVALS)).evaluate_repeat(DISCONNECTED, 0)
    assert found.status == "disconnected"
    assert found.values == dict.fromkeys(RIVALS, -math.inf)


def test_one_failed_rival_does_not_take_the_others_with_it(source, monkeypatch):
    from tegnas_core.indicators.rivals import passes

    monkeypatch.setattr(passes, "label_gradient_alignment", lambda *_: math.nan)
    found = evaluator(source, alignment=True).evaluate_repeat(RICH, 0)
    assert (found.status, found.values[ALIGNMENT]) == ("not_finite", -math.inf)
    assert found.values == {**evaluator(source).evaluate_repeat(RICH, 0).values, ALIGNMENT: -math.inf}


def test_repeats_draw_images_anew_when_the_settings_say_so(source):
    """Flow without data is the same, everything else is not."""
    same, anew = (
        evaluator(source, repeat_draws=draws).evaluate_repeat(RICH, 1).values
        for draws in ("weights", "weights and images")
    )
    assert same["log_synflow"] == anew["log_synflow"]
    assert all(same[name] != anew[name] for name in same if name != "log_synflow")


def test_the_benchmarks_network_is_another_setting(source):
    small = evaluator(source, batch_size=4)
    large = evaluator(source, batch_size=4, **NETWORKS["benchmark"])
    assert large.settings.label != small.settings.label
    ours, theirs = (e.evaluate_repeat(RICH, 0) for e in (small, large))
    assert theirs.status == "ok"
    assert theirs.values["log_synflow"] > 2 * ours.values["log_synflow"]


def test_what_cannot_be_drawn_is_said_at_once(source):
    with pytest.raises(TegnasError, match="a batch of 50 images cannot be drawn"):
        evaluator(source, batch_size=50)
    with pytest.raises(TegnasError, match="10×10 pixels; the networks halve them twice"):
        evaluator(small_source(10))
    evaluator(small_source(8, test=False), held_out_split="test")  # rivals need no held-out images
