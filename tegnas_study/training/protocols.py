"""How networks are trained: every number of every recipe in one table, with where it comes from.

Sources: [N] Dong & Yang, NAS-Bench-201 (ICLR 2020), Table 1, and its code; [D] Liu, Simonyan & Yang, DARTS (ICLR
2019), Section 3, and its code; [C] the code with which the authors of TEG-NAS trained their cells; [P] the paper
of TEG-NAS, which names none of these numbers but the data sets. The two released protocols differ from [D] where
[C] does.
"""

from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import Literal

from tegnas_core.errors import TegnasError, quoted
from tegnas_study.training.choices import PROTOCOLS, SIZES


@dataclass(frozen=True)
class Protocol:
    """A recipe: the network around the cells, the images, the steps.

    Attributes:
        name: Name of the recipe.
        space: The search space whose cells it trains.
        size: Which of the stated sizes this is.
        skeleton: The network around the cells: "benchmark", or the DARTS networks of "cifar" or "imagenet".
        width: Channels of the first stage (benchmark) or of the first cells' nodes (DARTS).
        cells: Cells in each of three stages (benchmark), or in all (DARTS).
        resolution: Height and width of images that are cut from larger ones; None keeps images as they are.
        shrink: Each square of shrink × shrink pixels becomes one, their mean; 1 keeps images as they are.
        pool_norm: Batch-norm without gain and shift behind each pool of the DARTS space.
        n_train: How many training images; None takes all.
        n_test: How many test images; None takes all.
        epochs: Passes over the training images.
        batch_size: Images a step, over all processes together.
        learning_rate: The largest one, of SGD.
        momentum: Of SGD.
        nesterov: Whether that momentum is Nesterov's.
        weight_decay: Added to the gradient, times the weight.
        warm_up: Epochs in which the learning rate rises linearly: (epoch + 1) / warm_up of the largest.
        cosine: The learning rate falls to 0 along a cosine, by "step" or by "epoch"; "late epoch" is by epoch,
            over all epochs, and one epoch ahead.
        clip: Largest norm of the gradient; None leaves it.
        drop_path: Probability at the end, to which it rises linearly from 0, that an operation is left out.
        auxiliary: Weight of the second classifier's loss; at 0 there is none.
        label_smoothing: Share of the label that is spread over all classes.
        padding: Black pixels on each side before a random crop, for images of 32 pixels, in proportion for others.
        cutout: Side of the square that is set to the mean colour, for images of 32 pixels, in proportion for
            others.
        jitter: Largest relative change of brightness, contrast and saturation, and the largest shift of the hue.
        reports: The test accuracy that counts: of the "last" epoch or of the "best".

    Raises:
        TegnasError: When a number is out of its bounds.
    """

    name: str
    space: str
    skeleton: Literal["benchmark", "cifar", "imagenet"]
    width: int
    cells: int
    epochs: int
    batch_size: int
    learning_rate: float
    weight_decay: float
    size: str = "full"
    resolution: int | None = None
    shrink: int = 1
    pool_norm: bool = False
    n_train: int | None = None
    n_test: int | None = None
    momentum: float = 0.9
    nesterov: bool = False
    warm_up: int = 0
    cosine: Literal["step", "epoch", "late epoch"] = "epoch"
    clip: float | None = None
    drop_path: float = 0.0
    auxiliary: float = 0.0
    label_smoothing: float = 0.0
    padding: int = 0
    cutout: int = 0
    jitter: tuple[float, float, float, float] | None = None
    reports: Literal["last", "best"] = "last"

    def __post_init__(self) -> None:
        counts = (self.width, self.cells, self.epochs, self.batch_size - 1)
        if min(counts) < 1 or not 0 <= self.drop_path < 1 or not 0 <= self.label_smoothing < 1 or self.warm_up < 0:
            raise TegnasError(
                "a protocol needs a positive width, cells and epochs, a batch of two images, a drop path and a "
                f"label smoothing from 0 to below 1, and a warm-up of no fewer than 0 epochs; got {self}"
            )

    @property
    def facts(self) -> dict[str, object]:
        """Every number by its name, as JSON values."""
        found = asdict(self)
        return found | {"jitter": None if self.jitter is None else list(self.jitter)}


_NAS_BENCH_201 = Protocol(
    "nas-bench-201",
    "nas-bench-201",
    "benchmark",
    width=16,  # [N]
    cells=5,  # [N]
    epochs=200,  # [N]; its second series has 12 and is otherwise the same
    batch_size=256,  # [N]
    learning_rate=0.1,  # [N]
    weight_decay=5e-4,  # [N]
    nesterov=True,  # [N]
    cosine="step",  # [N], its code; the text says a cosine to 0
    padding=4,  # [N]; 2 for images of 16 pixels, as here in proportion
)
_DARTS_CIFAR10 = Protocol(
    "darts-cifar10",
    "darts",
    "cifar",
    width=36,  # [D]
    cells=20,  # [D]
    epochs=600,  # [D]; [C] has 600 as default and 800 in its instructions, [P] is silent
    batch_size=96,  # [D]
    learning_rate=0.025,  # [D]
    weight_decay=3e-4,  # [D]
    clip=5.0,  # [D], its code
    drop_path=0.3,  # [C]; [D] prints 0.2
    auxiliary=0.4,  # [D]
    padding=4,  # [D], its code
    cutout=16,  # [D]
)
_DARTS_IMAGENET = Protocol(
    "darts-imagenet",
    "darts",
    "imagenet",
    width=48,  # [D]
    cells=14,  # [D]
    resolution=224,  # [D]
    epochs=250,  # [D]
    batch_size=768,  # [C], over 8 GPUs; [D] has 128 and a learning rate of 0.1 that falls by steps
    learning_rate=0.5,  # [C]
    weight_decay=3e-5,  # [D]
    warm_up=5,  # [C]
    clip=5.0,  # [D], its code
    auxiliary=0.4,  # [D]
    label_smoothing=0.1,  # [D], its code
    jitter=(0.4, 0.4, 0.4, 0.2),  # [D], its code
)

FULL = MappingProxyType(
    {
        "nas-bench-201": _NAS_BENCH_201,
        "darts-cifar10": _DARTS_CIFAR10,
        "darts-imagenet": _DARTS_IMAGENET,
        # [C]: batch-norm behind pools, 800 epochs as its instructions say, the best of all test accuracies
        "darts-cifar10-released": replace(
            _DARTS_CIFAR10, name="darts-cifar10-released", epochs=800, pool_norm=True, reports="best"
        ),
        # [C]: as above; the auxiliary head is not switched on, and the cosine is one epoch ahead
        "darts-imagenet-released": replace(
            _DARTS_IMAGENET,
            name="darts-imagenet-released",
            pool_norm=True,
            auxiliary=0.0,
            cosine="late epoch",
            reports="best",
        ),
    }
)
"""Name → protocol at full size."""

# What the smaller sizes change; everything else stays. Within a few epochs small networks do not over-fit, so
# they have neither drop path nor a second classifier; the smallest have no cutout and, since their steps are few,
# larger ones.
_SMALL = {"width": 8, "epochs": 5, "batch_size": 64, "n_test": 1_000, "learning_rate": 0.1, "cutout": 0}
_TINY = {"width": 4, "epochs": 2, "batch_size": 32, "n_test": 100, "learning_rate": 0.1, "cutout": 0}
_SMALLER: dict[str, dict[str, dict[str, object]]] = {
    "benchmark": {
        "quick": {**_TINY, "cells": 1, "n_train": 400},
        "zoo": {**_SMALL, "cells": 1, "n_train": 4_000, "shrink": 2},
        "reduced": {"cells": 1, "epochs": 12, "n_train": 25_000},
    },
    "cifar": {
        "quick": {**_TINY, "cells": 3, "n_train": 160},
        "zoo": {**_SMALL, "cells": 5, "n_train": 2_000, "shrink": 2},
        "reduced": {"width": 16, "cells": 8, "epochs": 25, "n_train": 25_000},
    },
    "imagenet": {
        "quick": {**_TINY, "cells": 3, "n_train": 64, "n_test": 64},
        "zoo": {**_SMALL, "cells": 5, "n_train": 5_000},
        "reduced": {"width": 16, "cells": 8, "epochs": 25, "batch_size": 256, "n_train": 100_000},
    },
}
_WITHOUT = {
    "benchmark": {},
    "cifar": {"drop_path": 0.0, "auxiliary": 0.0},
    "imagenet": {"auxiliary": 0.0, "resolution": 64, "warm_up": 1},
}


def protocol_named(name: str, size: str = "full", *, epochs: int | None = None) -> Protocol:
    """Return a protocol at a size.

    Args:
        name: A key of `FULL`.
        size: "full" is the literature's; "reduced" trains one cell in minutes of a GPU or hours of a processor,
            "zoo" in half a minute of a processor, and "quick" in seconds.
        epochs: Another length of the training; the schedules stretch or shrink with it.

    Raises:
        TegnasError: When there is no such protocol or size, or the epochs are fewer than one.

    >>> protocol_named("darts-cifar10").epochs, protocol_named("darts-cifar10", "quick").n_train
    (600, 160)
    """
    if name not in FULL:
        raise TegnasError(f"unknown protocol {quoted(name)}; known are {', '.join(PROTOCOLS)}")
    if size not in SIZES:
        raise TegnasError(f"unknown size {quoted(size)}; known are {', '.join(SIZES)}")
    protocol = FULL[name]
    if size != "full":
        changes = _WITHOUT[protocol.skeleton] | _SMALLER[protocol.skeleton][size]
        protocol = replace(protocol, size=size, **changes)
    if epochs is None:
        return protocol
    return replace(protocol, epochs=epochs, warm_up=min(protocol.warm_up, max(epochs - 1, 0)))
