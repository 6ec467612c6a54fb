"""Every choice that moves a number, in one frozen value, with three named presets.

`teg` is the careful version and the default, `paper` is the literal reading of the paper with its signs repaired,
and `released` is what the released code really computes. `book/conventions.md` sets them side by side.
"""

import hashlib
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tegnas_core.errors import TegnasError

Initialisation = Literal["kaiming_fan_in", "kaiming_fan_out", "torch_default", "xavier", "orthogonal"]
Parameters = Literal["weights", "all", "cells", "last"]
Output = Literal["sum", "trace"]
BatchNorm = Literal["exact", "frozen"]
Split = Literal["train", "train_half", "validation_half", "test"]


class IndicatorSettings(BaseModel):
    """The settings of the three indicators; two results are comparable when their settings are equal.

    Raises:
        pydantic.ValidationError: When a field is unknown or has a value that is not allowed. `make_settings`
            turns it into one line.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field("teg", description="what the settings are called in tables")

    # architecture → network
    equivalence: Literal["shared-weights", "function", "raw"] = Field(
        "shared-weights",
        description="level of the class whose plainest member is evaluated; raw takes the string as it is",
    )
    width: int = Field(3, ge=1, description="channels of the first stage of the proxy network")
    cells_per_stage: int = Field(1, ge=1, description="cells in each of the three stages")
    initialisation: Initialisation = Field("kaiming_fan_in", description="distribution of the weights")

    # data
    batch_size: int = Field(64, ge=2, description="images whose kernel is formed")
    train_split: Split = Field("train_half", description="where training images are drawn from")
    held_out_split: Split = Field("validation_half", description="where the regression is tested")
    augment: bool = Field(True, description="random flip and crop of the training images")
    repeats: int = Field(3, ge=1, description="independent evaluations of each indicator")
    repeat_draws: Literal["weights", "weights and images"] = Field(
        "weights", description="what is drawn anew for each repeat"
    )

    # the neural tangent kernel
    output: Output = Field("sum", description="differentiate the summed logits, or trace over the logits")
    batch_norm: BatchNorm = Field("exact", description="differentiate through the batch statistics, or not")
    ntk_parameters: Parameters = Field("weights", description="parameters of the kernel of κ")
    average: Literal["geometric", "arithmetic"] = Field("geometric", description="mean of κ over the repeats")
    singular_below: float = Field(
        1e-10, ge=0, description="a kernel with λ_min ≤ singular_below · λ_max is called singular"
    )

    # linear regions
    region_width: int = Field(1, ge=1, description="channels of the thin network")
    region_images: int = Field(3000, ge=1, description="image crops whose activation patterns are counted")
    region_batch: int = Field(1000, ge=2, description="crops sharing batch statistics")
    region_size: int = Field(3, ge=1, description="height and width of a crop, in pixels")

    # kernel regression
    regression_parameters: Parameters = Field("cells", description="parameters of the regression's kernel")
    regression_solver: Literal["cholesky", "inverse", "pseudo-inverse"] = Field("cholesky")
    ridge: float = Field(0.0, ge=0, description="added to the diagonal, in units of its mean")
    regression_error: Literal["squared", "norm"] = Field(
        "squared", description="mean over images of ‖ŷ − y‖² or of ‖ŷ − y‖"
    )

    # arithmetic
    precision: Literal["float32", "float64"] = Field("float32", description="of networks and Jacobians")
    kernel_precision: Literal["float32", "float64"] = Field("float64", description="of kernels and eigenvalues")

    @property
    def digest(self) -> str:
        """Return a short hash of every setting but the name and the number of repeats.

        Repeats are rows of their own, so a table with three of them is a part of a table with ten.
        """
        text = self.model_dump_json(exclude={"name", "repeats"})
        return hashlib.blake2b(text.encode(), digest_size=4).hexdigest()

    @property
    def label(self) -> str:
        """Return ``name:digest``, as written into tables."""
        return f"{self.name}:{self.digest}"


_RELEASED = dict(
    equivalence="raw",
    initialisation="torch_default",
    train_split="train",
    held_out_split="test",
    average="arithmetic",
    singular_below=0.0,
    regression_solver="inverse",
    kernel_precision="float32",
)

_PAPER = dict(
    equivalence="raw",
    train_split="train",
    held_out_split="test",
    augment=False,
    repeat_draws="weights and images",
    ntk_parameters="all",
    average="arithmetic",
    regression_parameters="last",
    regression_solver="pseudo-inverse",
    regression_error="norm",
)

# Changes of the settings that exchange the paper's small proxy network for the benchmark's own.
NETWORKS: dict[str, dict[str, int]] = {"proxy": {}, "benchmark": {"width": 16, "cells_per_stage": 5}}

PRESETS: dict[str, IndicatorSettings] = {
    "teg": IndicatorSettings(),
    "paper": IndicatorSettings(name="paper", **_PAPER),
    "released": IndicatorSettings(name="released", **_RELEASED),
}


def make_settings(preset: str = "teg", **changes: object) -> IndicatorSettings:
    """Return a preset with some settings changed; its name then says so, as in ``teg+batch_size=32``.

    Raises:
        TegnasError: When the preset, a setting or a value is unknown.

    >>> settings = make_settings("teg", batch_size=32)
    >>> settings.name, settings.repeats
    ('teg+batch_size=32', 3)
    """
    if preset not in PRESETS:
        raise TegnasError(f"unknown settings {preset!r}; known are {', '.join(PRESETS)}")
    base = PRESETS[preset]
    given = {key: value for key, value in changes.items() if value is not None}
    try:
        changed = IndicatorSettings.model_validate({**base.model_dump(), **given})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise TegnasError(f"setting {where!r} is wrong: {first['msg']}") from None
    different = {key: value for key, value in given.items() if getattr(base, key) != value and key != "repeats"}
    if different and "name" not in given:
        suffix = "+".join(f"{key}={value}" for key, value in sorted(different.items()))
        changed = changed.model_copy(update={"name": f"{preset}+{suffix}"})
    return changed
