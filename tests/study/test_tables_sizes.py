"""Parameters and FLOPs: the benchmark's known numbers, and what the built network really has."""

import itertools

import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.utils.flop_counter import FlopCounterMode

from tegnas_core.errors import TegnasError
from tegnas_core.networks import build_network
from tegnas_core.settings import NETWORKS
from tegnas_core.spaces import NASBench201
from tegnas_core.spaces.architecture import OPERATIONS, Architecture
from tegnas_study.tables.sizes import Complexity, Skeleton, complexity_of, complexity_table

SKELETONS = {"cifar10": Skeleton(), "cifar100": Skeleton(100), "ImageNet16-120": Skeleton(120, 16)}
SKIPS, CONVOLUTIONS = (Architecture((name,) * 6) for name in ("skip_connect", "nor_conv_3x3"))


@pytest.mark.parametrize(
    ("dataset", "smallest", "largest"),
    [  # the extremes over the benchmark's files, in millions
        ("cifar10", (0.073306, 7.78305), (1.531546, 220.11969)),
        ("cifar100", (0.079156, 7.7889), (1.537396, 220.12554)),
        ("ImageNet16-120", (0.080456, 1.9534), (1.538696, 55.03756)),
    ],
)
def test_the_benchmarks_extremes(dataset, smallest, largest):
    table = complexity_table(skeleton=SKELETONS[dataset])[["parameters", "flops"]]
    assert tuple(table.min() / 1e6) == smallest and tuple(table.max() / 1e6) == largest
    for architecture, expected in ((SKIPS, smallest), (CONVOLUTIONS, largest)):
        found = complexity_of(architecture, SKELETONS[dataset])
        assert (found.parameters / 1e6, found.flops / 1e6) == expected


@pytest.mark.parametrize(
    ("text", "dataset", "parameters", "flops"),
    [
        (NASBench201().all()[0], "cifar10", 0.129306, 15.64737),
        (NASBench201().all()[0], "cifar100", None, 15.65322),
        (NASBench201().all()[0], "ImageNet16-120", None, 3.91948),
        (
            "|skip_connect~0|+|none~0|nor_conv_3x3~1|+|avg_pool_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|",
            "cifar10",
            0.802426,
            113.95137,
        ),
    ],
)
def test_single_architectures_of_the_benchmark(text, dataset, parameters, flops):
    found = complexity_of(Architecture.parse(str(text)), SKELETONS[dataset])
    assert found.flops / 1e6 == flops
    assert parameters is None or found.parameters / 1e6 == parameters


@pytest.mark.parametrize(
    "skeleton",
    [Skeleton(), Skeleton(120, 16), Skeleton(width=3, cells_per_stage=1), Skeleton(7, 8, 5, 2)],
    ids=lambda s: f"{s.n_classes}-{s.size}-{s.width}-{s.cells_per_stage}",
)
def test_the_built_network_has_these_numbers(skeleton):
    for architecture in NASBench201().sample_many(2, seed=skeleton.width):
        with torch.device("meta"):  # shapes without numbers: no arithmetic is done
            network = build_network(
                architecture,
                width=skeleton.width,
                cells_per_stage=skeleton.cells_per_stage,
                n_classes=skeleton.n_classes,
            )
            with FlopCounterMode(display=False) as counter:
                network(torch.empty(2, 3, skeleton.size, skeleton.size))
        found = complexity_of(architecture, skeleton)
        assert found.parameters == sum(p.numel() for p in network.parameters())
        # it counts a multiply-accumulate as two, knows no bias, and saw two images
        assert found.flops == counter.get_total_flops() / 4 + skeleton.n_classes


def test_the_network_called_the_benchmarks_is_its_own():
    network = build_network(CONVOLUTIONS, n_classes=10, **NETWORKS["benchmark"])
    assert sum(p.numel() for p in network.parameters()) == 1_531_546


@given(st.tuples(*[st.sampled_from(OPERATIONS)] * 6), st.permutations(range(6)))
def test_an_edge_costs_what_its_operation_costs_wherever_it_is(operations, order):
    here, there = (complexity_of(Architecture(tuple(operations[i] for i in o))) for o in (range(6), order))
    assert (here.parameters, here.flops) == (there.parameters, there.flops)
    assert here.n_convolutions == there.n_convolutions
    added = [complexity_of(SKIPS.replace(i, name)) for i, name in enumerate(operations)]
    base = complexity_of(SKIPS)
    assert here.parameters - base.parameters == sum(a.parameters - base.parameters for a in added)
    assert here.flops - base.flops == sum(a.flops - base.flops for a in added)


def test_depth_and_convolutions():
    cell = Architecture(("none", "nor_conv_1x1", "none", "skip_connect", "nor_conv_3x3", "avg_pool_3x3"))
    found = complexity_of(cell)
    assert (found.depth, found.n_convolutions) == (2, 2)  # the one at 1→3 leads from nowhere and is still built
    assert complexity_of(Architecture(("nor_conv_3x3", *["none"] * 5))).depth is None
    counts = complexity_table().n_convolutions.value_counts()
    ways = {n: sum(sum(p) == n for p in itertools.product((0, 1), repeat=6)) for n in range(7)}
    assert dict(counts) == {n: ways[n] * 2**n * 3 ** (6 - n) for n in range(7)}


def test_the_table_is_the_single_values():
    chosen = NASBench201().sample_many(30, seed=4)
    table = complexity_table(chosen)
    assert list(table.columns) == ["architecture", "parameters", "flops", "depth", "n_convolutions"]
    assert [str(table[name].dtype) for name in table.columns[1:]] == ["int64", "int64", "Int64", "int64"]
    for architecture, row in zip(chosen, table.itertuples(index=False), strict=True):
        assert row.architecture == str(architecture)
        depth = None if pd.isna(row.depth) else row.depth
        assert Complexity(row.parameters, row.flops, depth, row.n_convolutions) == complexity_of(architecture)
    everything = complexity_table()
    assert everything.architecture.tolist() == [str(a) for a in NASBench201().all()]
    assert everything.depth.isna().sum() == 341
    assert complexity_table([]).empty


@pytest.mark.parametrize("wrong", [{"size": 30}, {"size": 0}, {"width": 0}, {"n_classes": -1}])
def test_an_impossible_skeleton_is_refused(wrong):
    with pytest.raises(TegnasError, match="must be positive and the size a multiple of 4"):
        Skeleton(**wrong)
