"""How large a genotype's full network is: exact counts in closed form, without building it.

Every cell costs its preprocessing, at the size of its input, and its operations, at the size of its output:

    stem + Σ_cells (preprocessing + Σ_pairs cost(operation)) + classifier.

Counting is that of `complexity`: parameters are convolutions, batch-norm and classifier, without the auxiliary
head; FLOPs are the multiply-accumulates of convolutions and classifier, its bias included, for one image, and
nothing for batch-norm, ReLU, pooling and sums. The DARTS paper gives 574 million for its second cell on ImageNet;
convolutions and classifier alone are 530 (issue 46 of its repository reports 523, and 545 by another counter).
"""

from collections.abc import Mapping

import pandas as pd

from tegnas_core.spaces.genotype import N_INPUTS, Genotype, Pair
from tegnas_core.spaces.named_genotypes import NAMED
from tegnas_study.data.quoted import fits, quoted_table
from tegnas_study.tables.sizes import Cost
from tegnas_study.training.darts_skeleton import DartsSkeleton, PlacedCell

PAPER_ROWS = {
    "table-3": {
        "DARTS (1st)": "DARTS_V1",
        "TE-NAS": "TENAS_CIFAR10",
        "REINFORCE + TEG": "TEGNAS_RL",
        "Evolution + TEG": "TEGNAS_EVOLUTION",
        "FP-NAS + TEG": "TEGNAS_PROBNAS",
    },
    "table-4": {
        "DARTS (2nd)": "DARTS_V2",
        "TE-NAS": "TENAS_CIFAR10",
        "REINFORCE + TEG": "TEGNAS_RL",
        "Evolution + TEG": "TEGNAS_EVOLUTION",
        "FP-NAS + TEG": "TEGNAS_PROBNAS",
    },
}
"""Table → its row → the published genotype that it should be about; Table 4's TE-NAS was searched on CIFAR-10."""

_COUNTED = {"table-3": "parameters", "table-4": "imagenet_parameters"}

_TIMES_AND_KERNEL = {
    "sep_conv_3x3": (2, 3),
    "sep_conv_5x5": (2, 5),
    "dil_conv_3x3": (1, 3),
    "dil_conv_5x5": (1, 5),
}


def genotype_complexity(genotype: Genotype, skeleton: DartsSkeleton | None = None) -> Cost:
    """Return the exact size of a network without its auxiliary head; None takes the skeleton for CIFAR-10."""
    skeleton = skeleton or DartsSkeleton()
    logits = skeleton.n_classes * (skeleton.features + 1)
    total = _stem(skeleton) + Cost(logits, logits)
    for place in skeleton.cells:
        size = 2 * place.size if place.reduction else place.size
        for before in place.channels_before:
            total += _pointwise(before, place.channels, size)
        for pair in genotype.reduce if place.reduction else genotype.normal:
            total += _operation(pair, place)
    return total


def genotype_sizes(genotypes: Mapping[str, Genotype]) -> pd.DataFrame:
    """Return the sizes of genotypes on the two skeletons of the literature, in millions, one row for each name.

    The columns are ``parameters`` and ``flops`` for CIFAR-10, and for ImageNet ``imagenet_parameters`` and
    ``imagenet_flops``.
    """
    skeletons = {"": DartsSkeleton.cifar(), "imagenet_": DartsSkeleton.imagenet()}
    rows = []
    for genotype in genotypes.values():
        costs = {prefix: genotype_complexity(genotype, skeleton) for prefix, skeleton in skeletons.items()}
        rows.append(
            {
                f"{prefix}{name}": getattr(cost, name) / 1e6
                for prefix, cost in costs.items()
                for name in ("parameters", "flops")
            }
        )
    return pd.DataFrame(rows, index=list(genotypes))


def beside_paper() -> pd.DataFrame:
    """Return the counted and the printed size of every row that has a published genotype.

    Returns:
        Columns table, row, genotype, counted and printed (millions of parameters), fits (equal as far as printed).
    """
    sizes, found = genotype_sizes(NAMED), []
    for table, rows in PAPER_ROWS.items():
        printed = quoted_table(table).set_index("row")["parameters"]
        for row, name in rows.items():
            counted = sizes.loc[name, _COUNTED[table]]
            found.append((table, row, name, counted, printed[row], fits(counted, printed[row])))
    return pd.DataFrame(found, columns=["table", "row", "genotype", "counted", "printed", "fits"])


def _operation(pair: Pair, place: PlacedCell) -> Cost:
    name, source = pair
    if name == "skip_connect" and place.reduction and source < N_INPUTS:
        return _pointwise(place.channels, place.channels, place.size)  # no identity halves a map
    if name not in _TIMES_AND_KERNEL:
        return Cost()
    times, kernel = _TIMES_AND_KERNEL[name]
    return _convolution(place.channels * (kernel**2 + place.channels), place.channels, place.size, times)


def _pointwise(channels_in: int, channels: int, size: int) -> Cost:
    """Return the cost of a 1×1 convolution; that of a factorised reduction is the same, in two halves."""
    return _convolution(channels_in * channels, channels, size)


def _stem(skeleton: DartsSkeleton) -> Cost:
    c, size = skeleton.stem_channels, skeleton.size
    if skeleton.stem == "cifar":
        return _convolution(27 * c, c, size)
    layers = ((3, c // 2, size // 2), (c // 2, c, size // 4), (c, c, size // 8))
    return sum((_convolution(9 * before * after, after, n) for before, after, n in layers), Cost())


def _convolution(weights: int, channels: int, size: int, times: int = 1) -> Cost:
    """Return the cost of convolutions without bias at one size, each followed by a batch-norm."""
    return Cost(weights + 2 * channels, weights * size**2) * times
