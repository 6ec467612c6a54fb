"""The indicators that κ, R and MSE have to beat: the size of the network, and what others measure on it.

`STRUCTURAL` needs no network at all (see `complexity`), `RIVALS` one network at initialisation and one batch
(see `rival_evaluation`). Each follows its authors' definition; what we choose for them is the network, the
initialisation and the batch, which are those of the condition number. For all of them higher is better, and
one that cannot be computed is −∞ with a status.
"""

from tegnas_core.indicators.indicator import Indicator
from tegnas_core.indicators.rivals.activations import naswot as naswot
from tegnas_core.indicators.rivals.input_gradients import jacob_cov as jacob_cov
from tegnas_core.indicators.rivals.passes import Gradients as Gradients
from tegnas_core.indicators.rivals.passes import differentiate as differentiate
from tegnas_core.indicators.rivals.synaptic_flow import log_synflow as log_synflow
from tegnas_core.indicators.rivals.weight_gradients import grad_norm as grad_norm
from tegnas_core.indicators.rivals.weight_gradients import snip as snip

_BENCHMARK = "Dong & Yang, NAS-Bench-201, ICLR 2020"
_NASWOT = "Mellor et al., Neural Architecture Search without Training"
_ZERO_COST = "Abdelfattah et al., Zero-Cost Proxies for Lightweight NAS, ICLR 2021"

STRUCTURAL: dict[str, Indicator] = {
    indicator.name: indicator
    for indicator in (
        Indicator("parameters", "P", "parameters of the benchmark's network", True, _BENCHMARK),
        Indicator("flops", "F", "multiply-accumulates of the benchmark's network for one image", True, _BENCHMARK),
        Indicator("depth", "D", "edges on the cell's longest input-output path", True, "Shu et al., ICLR 2020"),
        Indicator("n_convolutions", "n_conv", "convolutions among the cell's six edges", True, _BENCHMARK),
    )
}
RIVALS: dict[str, Indicator] = {
    indicator.name: indicator
    for indicator in (
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
    )
}
