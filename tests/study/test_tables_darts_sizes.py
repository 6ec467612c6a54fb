"""The closed form against networks that are built, and against the sizes that the literature prints."""

from dataclasses import replace

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from tegnas_core.spaces.darts import Darts
from tegnas_core.spaces.genotype import Genotype
from tegnas_core.spaces.named_genotypes import NAMED, parse_genotype
from tegnas_study.tables.darts_sizes import beside_paper, genotype_complexity, genotype_sizes
from tegnas_study.training.darts_full import FullNetwork
from tegnas_study.training.darts_skeleton import DartsSkeleton

SKELETONS = {"cifar": DartsSkeleton.cifar(), "imagenet": DartsSkeleton.imagenet()}
PRINTED = {  # millions of parameters without the auxiliary head: CIFAR-10, ImageNet
    "DARTS_V1": (3.169, 4.510),
    "DARTS_V2": (3.349, 4.719),
    "TEGNAS_RL": (3.558, 5.134),
    "TEGNAS_Evolution": (3.980, 5.612),
    "TEGNAS_ProbNAS": (4.138, 5.869),
    "TENAS_cifar10": (4.138, 5.869),
    "TENAS_imagenet": (3.779, 5.420),
}


def counted(genotype: Genotype, skeleton: DartsSkeleton) -> tuple[int, int]:
    """Parameters and multiply-adds of the network itself, on no device and with no numbers."""
    with torch.device("meta"):
        network = FullNetwork(genotype, skeleton).eval()
        with FlopCounterMode(display=False) as counter:
            network(torch.empty(1, 3, skeleton.size, skeleton.size))
    # the counter takes an addition for an operation of its own, and leaves out the classifier's bias
    return sum(p.numel() for p in network.parameters()), counter.get_total_flops() // 2 + skeleton.n_classes


@pytest.mark.parametrize("name", PRINTED)
@pytest.mark.parametrize("data", SKELETONS)
def test_parameters_are_those_that_the_literature_prints(name, data):
    found = genotype_complexity(parse_genotype(name), SKELETONS[data])
    assert round(found.parameters / 1e6, 3) == PRINTED[name][data == "imagenet"]


@pytest.mark.parametrize(
    ("name", "data", "pool_norm"), [("DARTS_V1", "cifar", True), ("TEGNAS_RL", "imagenet", False)]
)
@pytest.mark.slow
def test_the_closed_form_counts_the_network_itself(name, data, pool_norm):
    skeleton = replace(SKELETONS[data], pool_norm=pool_norm)
    found = genotype_complexity(parse_genotype(name), skeleton)
    assert (found.parameters, found.flops) == counted(parse_genotype(name), skeleton)


@pytest.mark.parametrize(
    "skeleton",
    [
        DartsSkeleton(width=6, n_cells=3, size=8, n_classes=7),
        DartsSkeleton(width=4, n_cells=8, size=12),
        DartsSkeleton("imagenet", 64, 5, 4, 5),
    ],
    ids=["three cells", "eight cells", "imagenet"],
)
@pytest.mark.slow
def test_random_genotypes_in_small_networks(skeleton):
    for genotype in Darts(none=True).sample_many(3, seed=0):
        found = genotype_complexity(genotype, skeleton)
        assert (found.parameters, found.flops) == counted(genotype, skeleton)


def test_the_skeleton_for_cifar_is_what_is_counted_without_saying():
    genotype = NAMED["DARTS_V2"]
    assert genotype_complexity(genotype) == genotype_complexity(genotype, DartsSkeleton.cifar())


def test_the_table_of_sizes_is_in_millions_and_in_the_given_order():
    table = genotype_sizes({"b": NAMED["DARTS_V2"], "a": NAMED["TEGNAS_RL"]})
    assert list(table.index) == ["b", "a"]
    for prefix, skeleton in (("", DartsSkeleton.cifar()), ("imagenet_", DartsSkeleton.imagenet())):
        cost = genotype_complexity(NAMED["TEGNAS_RL"], skeleton)
        assert table.loc["a", [f"{prefix}parameters", f"{prefix}flops"]].tolist() == [
            cost.parameters / 1e6,
            cost.flops / 1e6,
        ]


def test_all_fit_but_those_that_are_known_not_to():
    table = beside_paper().set_index(["table", "row"])
    assert [*table.index[~table["fits"]]] == [
        ("table-3", "DARTS (1st)"),
        ("table-3", "TE-NAS"),
        ("table-3", "FP-NAS + TEG"),
        ("table-4", "TE-NAS"),
    ]
    assert table.loc[("table-4", "FP-NAS + TEG"), "counted"].round(3) == 5.869
    same = table.xs("TE-NAS", level="row")["counted"] == table.xs("FP-NAS + TEG", level="row")["counted"]
    assert same.all()  # one genotype under two names
