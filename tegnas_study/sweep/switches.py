"""From the preset `released` to the preset `teg`, one setting after the other, of the same architectures.

Settings that only change what is done with a kernel need no new network: one row holds every reading of a network
of `released`. The settings that draw other images or other weights have rows of their own, in the same file.

Run ``python -m tegnas_study.sweep.switches``; it goes on where it stopped.
"""

import math
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import click

from tegnas_core.settings import PRESETS, IndicatorSettings, make_settings
from tegnas_study.command import number_option, run_command, seed_option
from tegnas_study.paths import ATLAS, RESULTS
from tegnas_study.storage.provenance import portable_command
from tegnas_study.sweep.evaluators import TegEvaluate
from tegnas_study.sweep.rows import TEG, Evaluate, Results, Sweep
from tegnas_study.sweep.run import run_sweep
from tegnas_study.sweep.selection import make_tasks, select_architectures
from tegnas_study.sweep.taking_over import take_over

if TYPE_CHECKING:
    from torch import Tensor

    from tegnas_core.data.proxy_data import ProxyData
    from tegnas_core.data.source import ImageSource
    from tegnas_core.indicators import Measured
    from tegnas_core.spaces.architecture import Architecture

RECORD = RESULTS / "switches-cifar10.parquet"
NETWORKS = "nas-bench-201"
KERNELS = ("condition_number", "regression_error")

RELEASED = PRESETS["released"]
_DOUBLE = {"kernel_precision": "float64", "singular_below": 1e-10}
FLOAT64 = make_settings("released", **_DOUBLE)
CHOLESKY = make_settings("released", **_DOUBLE, regression_solver="cholesky")
VALIDATION = make_settings("released", **_DOUBLE, regression_solver="cholesky", held_out_split="validation_half")
# Other images, then other weights: what `teg` does with every string as it is written.
HALF = make_settings("teg", equivalence="raw", initialisation="torch_default")
KAIMING = make_settings("teg", equivalence="raw")

# What is read of the networks of `released`: prefix of the columns → settings.
READINGS: Mapping[str, IndicatorSettings] = {"float64": FLOAT64, "cholesky": CHOLESKY, "validation": VALIDATION}
OWN_ROWS = (RELEASED, HALF, KAIMING)


@dataclass(frozen=True)
class ReadingsEvaluate:
    """The recipe of a row of `released` with the readings of the same network, used as `TegEvaluate` is.

    Attributes:
        images: Name or path of the image source.
        seed: The seed that everything random follows from.
    """

    images: str
    seed: int

    results: ClassVar[Results] = TEG

    def __call__(self) -> Evaluate:
        """Build the evaluator here and now; torch is only imported in the process that computes."""
        from tegnas_core.spaces.architecture import Architecture
        from tegnas_study.data.images import load_images

        source = load_images(self.images)
        return lambda text, repeat: readings(Architecture.parse(text), source, seed=self.seed, repeat=repeat)


def readings(
    architecture: "Architecture",
    source: "ImageSource",
    *,
    seed: int,
    repeat: int,
    changes: Mapping[str, int] | None = None,
) -> dict[str, object]:
    """Return κ, R and MSE of a network of `released`, and κ and MSE of the same network in other readings.

    Args:
        architecture: A cell of NAS-Bench-201.
        source: The images.
        seed: Seed of weights and images.
        repeat: Number of the repeat, which has weights of its own.
        changes: Settings that differ in all readings, such as the smaller sizes of tests.

    Returns:
        The columns of a row of a sweep, and those of `KERNELS` for each of `READINGS`, with its name before them.
    """
    from tegnas_core.engine.arithmetic import full_precision, one_thread

    started = time.perf_counter()
    ways = {"": RELEASED} | {f"{name}_": settings for name, settings in READINGS.items()}
    ways = {prefix: settings.model_copy(update=dict(changes or {})) for prefix, settings in ways.items()}
    with one_thread(), full_precision():
        found = _read(architecture, source, ways, seed=seed, repeat=repeat)
    return {**found, "seconds": time.perf_counter() - started}


def _read(
    architecture: "Architecture",
    source: "ImageSource",
    ways: Mapping[str, IndicatorSettings],
    *,
    seed: int,
    repeat: int,
) -> dict[str, object]:
    import torch

    from tegnas_core.indicators import Spectrum, activation_patterns, condition_number, linear_regions
    from tegnas_core.indicators.jacobians import jacobian, select_parameters
    from tegnas_core.indicators.kernels import ntk
    from tegnas_core.indicators.measured import DISCONNECTED, OK
    from tegnas_core.networks import proxy_network
    from tegnas_core.spaces.structure import is_connected

    released, made = ways[""], {"n_classes": source.n_classes, "seed": seed, "repeat": repeat}
    data = {settings.held_out_split: _data(source, settings, seed) for settings in ways.values()}
    crops = data[released.held_out_split].crops.split(released.region_batch)
    thin = proxy_network(architecture, released, "regions", **made)
    found: dict[str, object] = {"linear_regions": float(linear_regions(activation_patterns(thin, crops)))}
    if not is_connected(architecture):
        failed = {f"{prefix}{name}": math.inf for prefix in ways for name in KERNELS}
        return {**found, **failed, "status": DISCONNECTED}
    network = proxy_network(architecture, released, "kernel", **made)
    weights, cells = (select_parameters(network, which) for which in ("weights", "cells"))
    train = jacobian(network, data[released.held_out_split].images, weights)
    held_out = {split: jacobian(network, images.held_out_images, cells) for split, images in data.items()}
    for prefix, settings in ways.items():
        dtype, split = getattr(torch, settings.kernel_precision), settings.held_out_split
        kernel, of_cells = (ntk(train, None, parameters=names, dtype=dtype) for names in (weights, cells))
        spectrum = Spectrum.of(kernel)
        kappa = condition_number(kernel, singular_below=settings.singular_below, spectrum=spectrum)
        error = _error(of_cells, ntk(held_out[split], train, parameters=cells, dtype=dtype), data[split], settings)
        found |= {f"{prefix}{name}": one.value for name, one in zip(KERNELS, (kappa, error), strict=True)}
        if not prefix:
            status = kappa.status if kappa.status != OK else error.status
            found |= {"status": status, **spectrum.columns("kernel")}
    return found


def _error(kernel: "Tensor", kernel_test: "Tensor", data: "ProxyData", settings: IndicatorSettings) -> "Measured":
    from tegnas_core.indicators import regression_error

    return regression_error(
        kernel,
        kernel_test,
        data.labels,
        data.held_out_labels,
        data.n_classes,
        solver=settings.regression_solver,
        singular_below=settings.singular_below,
    )


@lru_cache(maxsize=4)
def _data(source: "ImageSource", settings: IndicatorSettings, seed: int) -> "ProxyData":
    import torch

    from tegnas_core.data.proxy_data import draw_proxy_data

    return draw_proxy_data(source, settings, seed=seed, index=0, device=torch.device("cpu"))


@click.command()
@number_option("--architectures", lowest=1, highest=15_625, default=200, help="Size of the random sample.")
@number_option("--repeats", lowest=1, highest=1000, default=3, help="Repeats of each, with weights of their own.")
@click.option("--images", default="cifar10", show_default=True, help="The images to evaluate with.")
@seed_option("Seed of sample, weights and images.")
@click.option("--out", type=click.Path(path_type=Path), default=RECORD, help="The file of results.")
def main(architectures: int, repeats: int, images: str, seed: int, out: Path) -> None:
    """Evaluate a sample under the settings between `released` and `teg`; an interrupted run goes on."""
    from tegnas_core.spaces import NASBench201
    from tegnas_study.data.images import load_images

    source = load_images(images)
    space = NASBench201()
    chosen = select_architectures(str(architectures), space, seed=seed)
    tasks = make_tasks(chosen, repeats=repeats)
    standing = [text for text in chosen if str(space.representative(space.parse(text))) == text]  # for their class
    command = portable_command(sys.argv[1:], "python -m tegnas_study.sweep.switches")
    for settings in OWN_ROWS:
        details = {
            "settings": settings.model_dump(),
            "images": source.description,
            "images_digest": source.digest,
        }
        recipe = TegEvaluate(settings, images, seed) if settings != RELEASED else ReadingsEvaluate(images, seed)
        sweep = Sweep(NETWORKS, settings.label, source.name, seed, details)
        if settings == KAIMING and standing and (images, seed) == ("cifar10", 0):  # they are known already
            take_over(ATLAS / "teg-cifar10.parquet", tasks, sweep, out=out)
        click.echo(str(run_sweep(tasks, recipe, sweep, out=out, notes={"command": command, "device": "cpu"})))


if __name__ == "__main__":
    run_command(main, "switches")
