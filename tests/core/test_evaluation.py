"""The evaluator: a slow twin of the whole way, and numbers that depend on settings, images and seed alone."""

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from oracles import jacobians as jacobian_twins
from oracles import kernels as twins
from oracles.networks import apply, batch_norm
from small_source import small_settings, small_source

from tegnas_core import evaluation
from tegnas_core.data.proxy_data import draw_proxy_data
from tegnas_core.errors import TegnasError
from tegnas_core.evaluated import Indicators, Repeat
from tegnas_core.evaluation import Evaluator
from tegnas_core.indicators import activation_patterns
from tegnas_core.indicators.jacobians import plain_jacobian, select_parameters
from tegnas_core.networks import DartsNetworks, NASBench201Networks, proxy_network
from tegnas_core.settings import IndicatorSettings
from tegnas_core.spaces import NAMED, NASBench201
from tegnas_core.spaces.architecture import EDGES, EXAMPLE, OPERATIONS, Architecture
from tegnas_study.data.images import load_images

SOURCE = small_source()
SPACE = NASBench201()
RICH = Architecture.parse(EXAMPLE)
CUT = Architecture(("nor_conv_3x3", "nor_conv_1x1", "nor_conv_3x3", "none", "none", "none"))


def evaluator(
    preset: str = "teg", *, source=SOURCE, seed: int = 0, controls: bool = False, **changes
) -> Evaluator:
    return Evaluator(small_settings(preset, **changes), source, seed=seed, controls=controls)


def numbers(result: Indicators) -> list[tuple]:
    """Everything but the seconds."""
    return [
        (r.repeat, r.condition_number, r.linear_regions, r.regression_error, r.status, r.controls)
        for r in result.repeats
    ]


# The whole way, slowly


def one_repeat_by_hand(
    architecture: Architecture, settings: IndicatorSettings, repeat: int
) -> tuple[float, int, float]:
    """κ, R and MSE from formulas, jacrev (or single images) and numpy."""
    index = repeat if settings.repeat_draws == "weights and images" else 0
    data = draw_proxy_data(SOURCE, settings, seed=0, index=index, device=torch.device("cpu"))
    network = proxy_network(architecture, settings, "kernel", n_classes=4, seed=0, repeat=repeat)
    differentiate = jacobian_twins.frozen if settings.batch_norm == "frozen" else jacobian_twins.by_jacrev
    directions = [None] if settings.output == "sum" else list(torch.eye(4).double())

    def kernel(images, other_images, which: str) -> np.ndarray:
        total = 0
        for v in directions:
            names = select_parameters(network, which)
            rows, others = (
                torch.cat([*differentiate(network, x, names, v).values()], 1).detach().numpy()
                for x in (images, other_images)
            )
            total = total + rows @ others.T
        return total

    train, test = data.images, data.held_out_images
    kappa = twins.condition_number(kernel(train, train, settings.ntk_parameters))
    which, power = settings.regression_parameters, 2 if settings.regression_error == "squared" else 1
    kernels = kernel(train, train, which), kernel(test, train, which)
    labels = data.labels.tolist(), data.held_out_labels.tolist()
    error = twins.regression_error(*kernels, *labels, 4, settings.ridge, power=power)
    return kappa, regions_by_hand(architecture, settings, data.crops, repeat), error


def regions_by_hand(architecture: Architecture, settings: IndicatorSettings, crops, repeat: int) -> int:
    """Different tuples of signs in front of every convolution and of the head."""
    weights = proxy_network(architecture, settings, "regions", n_classes=4, seed=0, repeat=repeat).state_dict()
    patterns = []
    for x in crops.split(settings.region_batch):
        nodes, signs = [x, *(torch.zeros_like(x) for _ in range(3))], []
        for source, target in EDGES:
            name = architecture[source, target]
            if "conv" in name:
                signs.append(nodes[source] > 0)
            edge = f"cells.0.edges.{source}_{target}_{name}"
            nodes[target] = nodes[target] + apply(name, nodes[source], weights, edge)
        signs.append(batch_norm(nodes[3], weights, "head.norm") > 0)
        patterns += torch.cat([sign.flatten(1) for sign in signs], 1).tolist()
    return twins.different_rows(patterns)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"batch_norm": "frozen", "regression_error": "norm"},
        {"batch_size": 16, "regression_parameters": "last", "regression_solver": "pseudo-inverse"},  # rank 12
        {"output": "trace", "initialisation": "torch_default"},
        {"ntk_parameters": "all", "regression_parameters": "weights", "ridge": 0.1, "width": 2},
        {"repeat_draws": "weights and images", "train_split": "train", "held_out_split": "test", "augment": False},
    ],
    ids=str,
)
@pytest.mark.parametrize("architecture", [RICH, SPACE.all()[11]], ids=str)
def test_an_evaluation_equals_the_whole_way_done_slowly(architecture, changes):
    settings = small_settings(precision="float64", equivalence="raw", **changes)
    found = Evaluator(settings, SOURCE).evaluate_repeat(architecture, 1)
    kappa, regions, error = one_repeat_by_hand(architecture, settings, 1)
    assert found.status == "ok" and found.repeat == 1
    assert found.condition_number == pytest.approx(kappa, rel=1e-6)
    assert found.linear_regions == regions
    assert found.regression_error == pytest.approx(error, rel=1e-6)


@pytest.mark.parametrize("networks", [DartsNetworks(), DartsNetworks(normal_cell_bug=True)], ids=lambda n: n.space)
def test_a_genotype_is_evaluated_as_slowly_by_hand(networks):
    settings = small_settings(precision="float64")
    genotype = NAMED["TEGNAS_RL"]
    found = Evaluator(settings, SOURCE, networks=networks).evaluate_repeat(genotype, 1)
    data = draw_proxy_data(SOURCE, settings, seed=0, index=0, device=torch.device("cpu"))
    kernel, regions = (
        proxy_network(genotype, settings, role, n_classes=4, seed=0, repeat=1, networks=networks)
        for role in ("kernel", "regions")
    )
    train, cells, test = (
        torch.cat([*plain_jacobian(kernel, x, select_parameters(kernel, which)).values()], 1).numpy()
        for x, which in ((data.images, "weights"), (data.images, "cells"), (data.held_out_images, "cells"))
    )
    labels = data.labels.tolist(), data.held_out_labels.tolist()
    error = twins.regression_error(cells @ cells.T, test @ cells.T, *labels, 4, 0.0, power=2)
    patterns = activation_patterns(regions, data.crops.split(settings.region_batch)).tolist()
    assert found.status == "ok"
    assert found.condition_number == pytest.approx(twins.condition_number(train @ train.T), rel=1e-6)
    assert found.regression_error == pytest.approx(error, rel=1e-6)
    assert found.linear_regions == twins.different_rows(patterns) > 100


def test_single_precision_is_close_to_double():
    single, double = (evaluator(precision=precision)(RICH) for precision in ("float32", "float64"))
    assert single.condition_number == pytest.approx(double.condition_number, rel=1e-3)
    assert single.regression_error == pytest.approx(double.regression_error, rel=1e-3)
    assert single.condition_number != double.condition_number


# What the numbers depend on


def test_neither_order_nor_history_matters():
    architectures = SPACE.sample_many(4, seed=0)
    forwards, backwards = evaluator(repeats=2), evaluator(repeats=2)
    first = {architecture: numbers(forwards(architecture)) for architecture in architectures}
    backwards.evaluate_repeat(RICH, 1)
    assert {architecture: numbers(backwards(architecture)) for architecture in reversed(architectures)} == first
    assert numbers(forwards(architectures[0])) == first[architectures[0]]


PRINT = """
import sys
sys.path[:0] = ["tests/core", "tests"]
from test_evaluation import RICH, evaluator, numbers
print(repr(numbers(evaluator(repeats=2, controls=True)(RICH))))
"""


@pytest.mark.slow
@pytest.mark.long
def test_another_process_gives_the_same_bits():
    here = repr(numbers(evaluator(repeats=2, controls=True)(RICH)))
    root = Path(__file__).parents[2]
    there = subprocess.run([sys.executable, "-c", PRINT], cwd=root, capture_output=True, text=True, check=True)
    assert there.stdout.strip() == here


def test_the_number_of_threads_does_not_matter():
    before = torch.get_num_threads()
    one = numbers(evaluator()(RICH))
    torch.set_num_threads(2)
    try:
        assert numbers(evaluator()(RICH)) == one
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_a_repeat_does_not_depend_on_how_many_there_are():
    assert numbers(evaluator(repeats=1)(RICH)) == numbers(evaluator(repeats=3)(RICH))[:1]


def test_seeds_and_repeats_give_other_numbers():
    values = [r.condition_number for seed in (0, 1) for r in evaluator(repeats=2, seed=seed)(RICH).repeats]
    assert len(set(values)) == 4


def test_repeats_share_their_images_unless_the_settings_say_otherwise(monkeypatch):
    indices = []
    original = evaluation.draw_proxy_data
    monkeypatch.setattr(
        evaluation,
        "draw_proxy_data",
        lambda *args, index, **rest: indices.append(index) or original(*args, index=index, **rest),
    )
    evaluator(repeats=3)(RICH)
    assert indices == [0]
    indices.clear()
    evaluator(repeats=3, repeat_draws="weights and images")(RICH)
    assert sorted(indices) == [0, 1, 2]


def test_equal_functions_have_equal_numbers_under_teg_and_not_under_released():
    first = Architecture(("nor_conv_3x3", "none", "none", "none", "skip_connect", "none"))
    second = Architecture(("none", "none", "none", "nor_conv_3x3", "none", "none"))
    teg, released = evaluator(), evaluator("released")
    assert numbers(teg(first)) == numbers(teg(second))
    assert numbers(released(first)) != numbers(released(second))
    assert teg(first).architecture == first


def test_controls_are_added_and_change_nothing_else():
    plain, more = evaluator()(RICH).repeats[0], evaluator(controls=True)(RICH).repeats[0]
    assert len(plain.controls) == 8 and len(more.controls) == 8 + 13
    assert plain.controls.items() <= more.controls.items()
    assert (plain.condition_number, plain.regression_error) == (more.condition_number, more.regression_error)
    assert more.controls["control_kappa_cells"] != plain.condition_number


def test_the_numbers_of_both_kernels_are_kept():
    """Those of κ's kernel and of the regression's, from plain Jacobians and numpy."""
    settings = small_settings(precision="float64", equivalence="raw")
    found = Evaluator(settings, SOURCE).evaluate_repeat(RICH, 1)
    data = draw_proxy_data(SOURCE, settings, seed=0, index=0, device=torch.device("cpu"))
    network = proxy_network(RICH, settings, "kernel", n_classes=4, seed=0, repeat=1)
    expected = {}
    for kernel, which in (("kernel", "weights"), ("regression_kernel", "cells")):
        jacobian = plain_jacobian(network, data.images, select_parameters(network, which))
        rows = torch.cat([*jacobian.values()], 1).detach().numpy()
        theta = rows @ rows.T
        eigenvalues = np.linalg.eigvalsh(theta)
        numbers = eigenvalues[-1], eigenvalues[0], np.trace(theta), theta.mean()
        names = "largest", "smallest", "trace", "mean"
        expected |= {f"{kernel}_{name}": number for name, number in zip(names, numbers, strict=True)}
    assert found.controls == pytest.approx(expected, rel=1e-8)
    assert found.condition_number == found.controls["kernel_largest"] / found.controls["kernel_smallest"]


def test_controls_know_the_kernels_of_the_evaluation():
    """Norm and alignment add up to the error; κ of the cells is κ where κ is asked of the cells."""
    found = evaluator(controls=True, ntk_parameters="cells")(RICH).repeats[0]
    data = draw_proxy_data(SOURCE, small_settings(), seed=0, index=0, device=torch.device("cpu"))
    spread = np.mean(np.sum(twins.targets(data.held_out_labels.tolist(), 4) ** 2, axis=1))
    parts = found.controls["control_norm"] - 2 * found.controls["control_alignment"] + spread
    assert parts == pytest.approx(found.regression_error, rel=1e-9)
    assert found.controls["control_kappa_cells"] == found.condition_number
    printed = evaluator(regression_parameters="last", regression_solver="pseudo-inverse")(RICH)
    assert found.controls["control_last"] == pytest.approx(printed.regression_error, rel=1e-9)


class BySeed(NASBench201Networks):
    """A space of whole numbers, each the cell that NAS-Bench-201 samples with this seed; 0 is dead."""

    space = "numbers"

    def simplest(self, architecture: int, settings: IndicatorSettings) -> Architecture:
        return SPACE.sample_many(1, seed=architecture)[0] if architecture else CUT


def test_a_space_comes_with_its_networks():
    evaluate = Evaluator(small_settings(), SOURCE, networks=BySeed())
    found = evaluate(7)
    assert found.architecture == 7
    assert numbers(found) == numbers(evaluator(equivalence="raw")(SPACE.sample_many(1, seed=7)[0]))
    assert evaluate(0).status == "disconnected"


# When there is no answer


@pytest.mark.parametrize("preset", ["teg", "paper", "released"])
def test_a_disconnected_cell_fails_with_a_name(preset):
    found = evaluator(preset, repeats=2, controls=True)(CUT)
    assert (found.condition_number, found.regression_error) == (math.inf, math.inf)
    assert found.status == "disconnected" and {r.status for r in found.repeats} == {"disconnected"}
    assert all(r.controls == {} for r in found.repeats)
    if preset == "teg":
        assert found.linear_regions == 1.0
    else:
        assert found.linear_regions > 1.0  # dead convolutions still have signs


def test_a_singular_kernel_of_kappa_leaves_the_regression_alone():
    found = evaluator(ntk_parameters="last", width=1)(RICH)  # rank 4 of 8
    assert (found.condition_number, found.status) == (math.inf, "singular")
    assert 0 < found.regression_error < math.inf


def test_a_singular_kernel_of_the_regression_leaves_kappa_alone():
    found = evaluator(regression_parameters="last", width=1)(RICH)
    assert (found.regression_error, found.status) == (math.inf, "singular")
    assert 1 <= found.condition_number < math.inf


def test_the_threshold_of_the_settings_holds_for_both_kernels():
    found = evaluator(singular_below=0.9)(RICH)
    assert (found.condition_number, found.regression_error, found.status) == (math.inf, math.inf, "singular")


def test_images_that_are_no_numbers_are_not_finite():
    with np.errstate(divide="ignore", invalid="ignore"):
        found = evaluator(source=small_source(std=0.0), controls=True)(RICH)
    assert (found.condition_number, found.regression_error, found.status) == (math.inf, math.inf, "not_finite")


@pytest.mark.parametrize("operation", [name for name in OPERATIONS if name != "none"])
@pytest.mark.parametrize("preset", ["teg", "paper", "released"])
def test_every_preset_measures_every_operation(preset, operation):
    found = evaluator(preset)(Architecture((operation,) * 6))
    assert found.status == "ok" and found.condition_number >= 1 and found.regression_error > 0
    assert 1 <= found.linear_regions <= 200 and found.linear_regions == int(found.linear_regions)


@pytest.mark.parametrize(
    ("source", "changes", "said"),
    [
        (
            SOURCE,
            {"batch_size": 1000},
            "a batch of 1000 images cannot be drawn from the 30 of small-16 train_half",
        ),
        (SOURCE, {"region_size": 99}, "crops of 99×99"),
        (small_source(test=False), {"held_out_split": "test"}, "small-16 has no test images"),
        (small_source(30), {}, "small-30 has images of 30×30 pixels; .* the side must be a multiple of 4"),
    ],
)
def test_what_cannot_be_evaluated_is_refused_before_any_work(source, changes, said):
    with pytest.raises(TegnasError, match=said):
        evaluator(source=source, **changes)


@pytest.mark.parametrize("size", [4, 12, 28])
def test_images_of_any_size_that_can_be_halved_twice(size):
    assert evaluator(source=small_source(size), batch_size=4)(RICH).status in ("ok", "singular")


def test_an_evaluation_says_how_long_it_took():
    found = evaluator(repeats=2)(RICH)
    assert isinstance(found, Indicators) and all(isinstance(r, Repeat) for r in found.repeats)
    assert found.seconds == sum(r.seconds for r in found.repeats) and all(r.seconds > 0 for r in found.repeats)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_a_gpu_gives_the_same_to_a_tolerance():
    here, there = (Evaluator(small_settings(), SOURCE, device=device)(RICH) for device in ("cpu", "cuda"))
    assert there.condition_number == pytest.approx(here.condition_number, rel=1e-3)
    assert there.regression_error == pytest.approx(here.regression_error, rel=1e-3)
    assert there.linear_regions == pytest.approx(here.linear_regions, abs=2)


# Pinned numbers


def test_the_numbers_of_teg_are_pinned():
    """Published tables hold such numbers: what changes them changes the study."""
    found = Evaluator(small_settings("teg"), load_images("synthetic"), seed=0)(RICH)
    assert found.condition_number == pytest.approx(5.78488, rel=1e-3)
    assert found.regression_error == pytest.approx(0.804781, rel=1e-3)
    assert found.linear_regions == pytest.approx(178, abs=1)
