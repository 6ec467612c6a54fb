"""How large a supernet is and how long it trains, by name; this file imports nothing heavy.

"full" is the benchmark's recipe (Dong & Yang, NAS-Bench-201, ICLR 2020, and its scripts), which wants a GPU and a
day. "reduced" takes about a minute of one core for each method: a network of 8 channels and one cell a stage on
images of 16×16, with as many epochs as give every method the same time within a factor of two. "quick" only shows
that everything works.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from tegnas_core.errors import TegnasError

SharingName = Literal["rsps", "enas", "darts", "darts-2nd", "gdas", "fp-nas"]
SizeName = Literal["quick", "reduced", "full"]

NAMES: tuple[str, ...] = get_args(SharingName)
SIZE_NAMES: tuple[str, ...] = get_args(SizeName)
REWARD = "shared-weights"  # what such a search is rewarded by


@dataclass(frozen=True)
class SharingSize:
    """The size of a supernet and of its training.

    Attributes:
        name: "quick", "reduced" or "full".
        width: Channels of the first stage.
        cells_per_stage: Cells in each of the three stages.
        resolution: Height and width of the images, which are averaged down to it.
        images: Images that are drawn from each half of the training set, the same for every seed.
        batch_size: Images in a batch.
        batches: Batches in an epoch, which goes on in the order of the one before; None takes all images once.
        epochs: Epochs of each method.
        candidates: Cells that RSPS and ENAS choose from at the end of their last epoch.
        early_candidates: The same in the epochs before, where it only draws the curve.
        candidate_images: Validation images that a candidate is judged on.
        ranking_images: Validation images that the cells of a ranking are judged on, more, as a ranking that is
            noisy agrees with nothing.
        controller_steps: Steps of ENAS's controller in an epoch.
        controller_draws: Cells in each of these steps.
        controller_rate: Learning rate of the controller, larger in short searches for the same reason as below.
        architecture_rate: Learning rate of the logits of DARTS and GDAS. Short searches have a larger one, so that
            logits can go about as far as in the benchmark's recipe.
        enas_batch_size: Images in a batch of ENAS.
        enas_period: Epochs in which ENAS's learning rate falls once (and then rises again); None falls once.
    """

    name: SizeName
    width: int
    cells_per_stage: int
    resolution: int
    images: int
    batch_size: int
    batches: int | None
    epochs: Mapping[str, int] = field(hash=False)
    candidates: int
    early_candidates: int
    candidate_images: int
    ranking_images: int
    controller_steps: int
    controller_draws: int
    controller_rate: float
    architecture_rate: float
    enas_batch_size: int
    enas_period: int | None


SIZES: Mapping[str, SharingSize] = {
    "quick": SharingSize(
        name="quick",
        width=4,
        cells_per_stage=1,
        resolution=8,
        images=64,
        batch_size=16,
        batches=2,
        epochs=dict.fromkeys(NAMES, 2),
        candidates=4,
        early_candidates=2,
        candidate_images=32,
        ranking_images=32,
        controller_steps=1,
        controller_draws=2,
        controller_rate=0.02,
        architecture_rate=0.03,
        enas_batch_size=16,
        enas_period=None,
    ),
    "reduced": SharingSize(
        name="reduced",
        width=8,
        cells_per_stage=1,
        resolution=16,
        images=8192,
        batch_size=64,
        batches=32,
        epochs={"rsps": 40, "enas": 24, "darts": 6, "darts-2nd": 3, "gdas": 20, "fp-nas": 8},
        candidates=100,
        early_candidates=10,
        candidate_images=256,
        ranking_images=2048,
        controller_steps=10,
        controller_draws=5,
        controller_rate=0.02,
        architecture_rate=0.03,
        enas_batch_size=64,
        enas_period=None,
    ),
    "full": SharingSize(
        name="full",
        width=16,
        cells_per_stage=5,
        resolution=32,
        images=25_000,
        batch_size=64,
        batches=None,
        epochs={"rsps": 250, "enas": 250, "darts": 50, "darts-2nd": 50, "gdas": 250, "fp-nas": 100},
        candidates=100,
        early_candidates=100,
        candidate_images=512,
        ranking_images=5000,
        controller_steps=50,
        controller_draws=20,
        controller_rate=1e-3,
        architecture_rate=3e-4,
        enas_batch_size=128,
        enas_period=10,
    ),
}


def sharing_size(name: str) -> SharingSize:
    """Return the size of a name.

    >>> sharing_size("full").epochs["darts"]
    50

    Raises:
        TegnasError: When there is no such size.
    """
    if name not in SIZES:
        raise TegnasError(f"unknown size {name!r} of a supernet; known are {', '.join(SIZES)}")
    return SIZES[name]


def batch_size_of(method: str, size: SharingSize) -> int:
    """Return how many images a batch of a method has."""
    return size.enas_batch_size if method == "enas" else size.batch_size
