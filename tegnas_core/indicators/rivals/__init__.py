"""The indicators that κ, R and MSE have to beat, each by its authors' definition.

Each takes one network at initialisation and one batch (see `rival_evaluation`). For all of them higher is better,
and one that cannot be computed is −∞ with a status. What they are called is in `indicators.names`.
"""

from tegnas_core.indicators.rivals.activations import naswot as naswot
from tegnas_core.indicators.rivals.gradients import Gradients as Gradients
from tegnas_core.indicators.rivals.gradients import differentiate as differentiate
from tegnas_core.indicators.rivals.gradients import grad_norm as grad_norm
from tegnas_core.indicators.rivals.gradients import snip as snip
from tegnas_core.indicators.rivals.input_gradients import jacob_cov as jacob_cov
from tegnas_core.indicators.rivals.synaptic_flow import log_synflow as log_synflow
