"""The methods of weight sharing by their names."""

from tegnas_core.errors import TegnasError
from tegnas_core.seeding import derive_seed
from tegnas_core.spaces.base import FactorisedSpace
from tegnas_study.weight_sharing.darts import DARTS
from tegnas_study.weight_sharing.enas import ENAS
from tegnas_study.weight_sharing.fp_nas import SharedFPNAS
from tegnas_study.weight_sharing.gdas import GDAS
from tegnas_study.weight_sharing.method import SharingMethod
from tegnas_study.weight_sharing.rsps import RSPS
from tegnas_study.weight_sharing.sizes import NAMES, SharingSize


def make_sharing_method(
    name: str, space: FactorisedSpace, size: SharingSize, *, seed: int, n_steps: int
) -> SharingMethod:
    """Return a fresh method.

    Args:
        name: One of `sizes.NAMES`.
        space: The space, whose decisions are the supernet's edges.
        size: The method's numbers.
        seed: Fixes what the method begins with.
        n_steps: Batches of the whole training.

    Raises:
        TegnasError: When the name is unknown.
    """
    choices, seed = space.choices, derive_seed("weight-sharing", name, seed)
    best_of = {"candidates": size.candidates, "early_candidates": size.early_candidates}
    rate = {"seed": seed, "rate": size.architecture_rate}
    controller = {
        "seed": seed,
        "steps": size.controller_steps,
        "draws": size.controller_draws,
        "rate": size.controller_rate,
    }
    makers = {
        "rsps": lambda: RSPS(choices, **best_of),
        "enas": lambda: ENAS(choices, **best_of, **controller),
        "darts": lambda: DARTS(choices, **rate),
        "darts-2nd": lambda: DARTS(choices, **rate, order=2),
        "gdas": lambda: GDAS(choices, **rate),
        "fp-nas": lambda: SharedFPNAS(space, seed=seed, n_steps=n_steps),
    }
    if name not in makers:
        raise TegnasError(f"unknown method of weight sharing {name!r}; known are {', '.join(NAMES)}")
    return makers[name]()
