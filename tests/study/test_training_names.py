"""Every training has a folder of its own."""

from command_line import RICH

from tegnas_core import Architecture
from tegnas_core.spaces import NAMED, Darts
from tegnas_study.training.names import folder_name
from tegnas_study.training.protocols import protocol_named


def test_names_tell_cells_protocols_sizes_and_seeds_apart():
    quick = protocol_named("nas-bench-201", "quick")
    assert folder_name(Architecture.parse(RICH), quick, 0).startswith("cell-")
    darts = protocol_named("darts-cifar10")
    assert folder_name(NAMED["TEGNAS_RL"], darts, 2) == "tegnas-rl-darts-cifar10-full-seed2"
    names = {folder_name(genotype, darts, 0) for genotype in Darts().sample_many(20, seed=0)}
    assert len(names) == 20 and all(name.startswith("genotype-") for name in names)


def test_equal_genotypes_share_a_name():
    (genotype,) = Darts().sample_many(1, seed=0)
    swapped = type(genotype)(
        tuple(pair for i in range(0, 8, 2) for pair in reversed(genotype.normal[i : i + 2])), genotype.reduce
    )
    protocol = protocol_named("darts-cifar10", "quick")
    assert folder_name(swapped, protocol, 0) == folder_name(genotype, protocol, 0)
