"""The indicators that κ, R and MSE have to beat, each by its authors' definition.

Each takes one network at initialisation and one batch (see `rival_evaluation`). For all of them higher is better,
and one that cannot be computed is −∞ with a status. What they are called is in `indicators.names`.
"""

from tegnas_core import names_on_demand

_HOME = {
    "naswot": "activations",
    "swap": "activations",
    "Gradients": "gradients",
    "differentiate": "gradients",
    "grad_norm": "gradients",
    "grasp": "gradients",
    "l2_norm": "gradients",
    "plain": "gradients",
    "snip": "gradients",
    "zico": "gradients",
    "epe_nas": "input_gradients",
    "jacob_cov": "input_gradients",
    "fisher": "feature_maps",
    "meco": "feature_maps",
    "zen": "feature_maps",
    "az_expressivity": "az_nas",
    "az_progressivity": "az_nas",
    "az_trainability": "az_nas",
    "ntk_mean": "kernel_size",
    "ntk_trace": "kernel_size",
    "log_synflow": "synaptic_flow",
}

__all__ = sorted(_HOME)

__getattr__, __dir__ = names_on_demand(__name__, _HOME)
