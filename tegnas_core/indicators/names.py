"""What the indicators are called, what they mean and which way is better; nothing here needs torch.

An indicator's name is declared here and nowhere else. `TEG` holds the paper's three, `STRUCTURAL` what can be
counted without a network, and `RIVALS` what others measure on one network at initialisation and one batch. Rivals
follow their authors' definitions on the network, the initialisation and the batch of the condition number.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Indicator:
    """What a column of numbers is.

    Attributes:
        name: Column name.
        symbol: How equations and axes show it.
        meaning: What it is said to measure.
        higher_is_better: Whether a larger value is better; signs are flipped only where values are ranked.
        source: A section of the paper, or a reference.
    """

    name: str
    symbol: str
    meaning: str
    higher_is_better: bool
    source: str


def _by_name(*indicators: Indicator) -> dict[str, Indicator]:
    return {indicator.name: indicator for indicator in indicators}


_BENCHMARK = "Dong & Yang, NAS-Bench-201, ICLR 2020"
_NASWOT = "Mellor et al., Neural Architecture Search without Training"
_AZ_NAS = "Lee & Ham, AZ-NAS, CVPR 2024"
_ZERO_COST = "Abdelfattah et al., Zero-Cost Proxies for Lightweight NAS, ICLR 2021"

CONDITION_NUMBER = Indicator("condition_number", "κ", "trainability", False, "paper Section 3.1, Eq. 4")
LINEAR_REGIONS = Indicator("linear_regions", "R", "expressivity", True, "paper Section 3.2, Eq. 6")
REGRESSION_ERROR = Indicator("regression_error", "MSE", "generalization", False, "paper Section 3.3, Eq. 8 and 9")

TEG = _by_name(CONDITION_NUMBER, LINEAR_REGIONS, REGRESSION_ERROR)
STRUCTURAL = _by_name(
    Indicator("parameters", "P", "parameters of the benchmark's network", True, _BENCHMARK),
    Indicator("flops", "F", "multiply-accumulates of the benchmark's network for one image", True, _BENCHMARK),
    Indicator("depth", "D", "edges on the cell's longest input-output path", True, "Shu et al., ICLR 2020"),
    Indicator("n_convolutions", "n_conv", "convolutions among the cell's six edges", True, _BENCHMARK),
)
RIVALS = _by_name(
    Indicator("naswot", "log|K|", "how differently images switch the ReLUs", True, f"{_NASWOT}, ICML 2021"),
    Indicator(
        "jacob_cov", "S", "how little the input gradients of images correlate", True, f"{_NASWOT}, 2020 (v1)"
    ),
    Indicator("grad_norm", "Σ‖∇W‖", "size of the loss gradient, layer by layer", True, _ZERO_COST),
    Indicator(
        "snip", "Σ|W⊙∇W|", "loss that single weights are worth", True, f"Lee et al., ICLR 2019; {_ZERO_COST}"
    ),
    Indicator(
        "log_synflow",
        "log Σ|W⊙∇Φ|",
        "logarithm of the flow along all paths, without data",
        True,
        f"Tanaka et al., NeurIPS 2020; {_ZERO_COST}",
    ),
    Indicator(
        "label_gradient_alignment",
        "LGA",
        "alignment of the centred NTK with the labels",
        True,
        "Mok et al., CVPR 2022",
    ),
    Indicator(
        "swap", "SWAP", "different sample-wise activation patterns", True, "Peng et al., SWAP-NAS, ICLR 2024"
    ),
    Indicator("meco", "MeCo", "how little channels correlate, in every map", True, "Jiang et al., NeurIPS 2023"),
    Indicator("az_expressivity", "E", "how evenly features fill their space", True, _AZ_NAS),
    Indicator("az_progressivity", "P_AZ", "growth of expressivity from block to block", True, _AZ_NAS),
    Indicator("az_trainability", "T", "how little blocks stretch or shrink gradients", True, _AZ_NAS),
    Indicator("zico", "ZiCo", "size against spread of gradients over batches", True, "Li et al., ZiCo, ICLR 2023"),
    Indicator("zen", "Zen", "how strongly features answer to noise", True, "Lin et al., Zen-NAS, ICCV 2021"),
    Indicator(
        "epe_nas", "EPE", "how little input gradients correlate in a class", True, "Lopes et al., ICANN 2021"
    ),
    Indicator("plain", "ΣW⊙∇W", "snip with signs", True, _ZERO_COST),
    Indicator("l2_norm", "Σ‖W‖", "size of the weights, layer by layer", True, _ZERO_COST),
    Indicator("fisher", "Fisher", "loss that channels are worth", True, f"Turner et al., ICLR 2020; {_ZERO_COST}"),
    Indicator(
        "grasp", "−ΣW⊙Hg", "gradient flow that weights are worth", True, f"Wang et al., ICLR 2020; {_ZERO_COST}"
    ),
    Indicator("ntk_trace", "tr Θ", "mean squared length of gradients", True, "Shu et al., NASI, ICLR 2022"),
    Indicator("ntk_mean", "mean Θ", "squared length of the mean gradient", True, "Xu et al., KNAS, ICML 2021"),
)
ALIGNMENT = "label_gradient_alignment"  # it needs the whole kernel, which takes longer than most others together
ZERO_COST = ("naswot", "jacob_cov", "grad_norm", "snip", "log_synflow")  # the rivals of most comparisons
INDICATORS: dict[str, Indicator] = {**TEG, **STRUCTURAL, **RIVALS}

RANK_SUM = "rank_sum"  # the sum of the ranks of several indicators; a small sum is good
HIGHER_IS_BETTER: Mapping[str, bool] = {name: known.higher_is_better for name, known in TEG.items()} | {
    RANK_SUM: False
}
