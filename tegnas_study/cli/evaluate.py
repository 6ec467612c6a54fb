"""``tegnas evaluate``: the three indicators of some architectures."""

import json
import math
import sys

import click

from tegnas_study.cli import options

_WIDEST = 100  # characters of an architecture in a table; every string of NAS-Bench-201 fits


@click.command()
@click.argument("architectures", nargs=-1, required=True, metavar="ARCH…")
@options.indicator_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line instead of a table.")
def evaluate(
    architectures: tuple[str, ...],
    space: str,
    normal_cell_bug: bool,
    settings: str,
    images: str,
    device: str,
    seed: int,
    as_json: bool,
    **changes: object,
) -> None:
    """Print the three indicators of each architecture.

    They are the condition number κ, the number of linear regions R and the regression error MSE. ARCH is a
    string of NAS-Bench-201, in quotes. With --space darts it is a genotype, as in
    "Genotype(normal=[('sep_conv_3x3', 0), …], …)", or the name of a known one, such as DARTS_V2 or TEGNAS_RL.

    \b
    Example:
      tegnas evaluate "|nor_conv_3x3~0|+|none~0|nor_conv_3x3~1|+|skip_connect~0|none~1|nor_conv_3x3~2|"
    """
    from tegnas_core.spaces.by_name import parse_architecture
    from tegnas_study.data.images import load_images

    chosen = options.resolve_settings(settings, **changes)
    parsed = [parse_architecture(space, text) for text in architectures]  # all of them, before any work
    space = options.resolve_networks(space, normal_cell_bug=normal_cell_bug)
    source = load_images(images)

    from tqdm import tqdm

    from tegnas_core.evaluation import Evaluator  # imports torch, which takes seconds: mistakes come first
    from tegnas_core.networks.by_name import networks_named

    device = options.resolve_device(device)
    evaluator = Evaluator(chosen, source, seed=seed, device=device, networks=networks_named(space))
    if not as_json:
        click.echo(f"settings {chosen.label} · images {source.description} · seed {seed}")
    rows = []
    for architecture in tqdm(parsed, unit="architecture", disable=not sys.stderr.isatty(), leave=False):
        result = evaluator(architecture)
        if as_json:
            click.echo(json.dumps(_as_object(result, space, chosen.label, source.name, seed), ensure_ascii=False))
        rows.append(result)
    if not as_json:
        click.echo(_as_table(rows, architectures))


def _as_object(result, space: str, settings: str, images: str, seed: int) -> dict[str, object]:
    return {
        "architecture": str(result.architecture),
        "space": space,
        "settings": settings,
        "images": images,
        "seed": seed,
        "condition_number": _finite(result.condition_number),
        "linear_regions": _finite(result.linear_regions),
        "regression_error": _finite(result.regression_error),
        "status": result.status,
        "repeats": [
            {
                "repeat": r.repeat,
                "condition_number": _finite(r.condition_number),
                "linear_regions": _finite(r.linear_regions),
                "regression_error": _finite(r.regression_error),
                "status": r.status,
            }
            for r in result.repeats
        ],
        "seconds": round(result.seconds, 3),
    }


def _finite(value: float) -> float | None:
    """JSON knows no infinity: a failed value is null, and the status says why."""
    return value if math.isfinite(value) else None


def _as_table(results: list, texts: tuple[str, ...]) -> str:
    """Return a table that names architectures as they were asked for; a genotype in full would be too wide."""
    import pandas as pd

    rows = []
    for result, text in zip(results, texts, strict=True):
        text = " ".join(text.split())
        shown = {"architecture": text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"}
        for r in (*result.repeats, None):
            value = result if r is None else r
            rows.append(
                {
                    **shown,
                    "repeat": "mean" if r is None else str(r.repeat),
                    "condition number κ": f"{value.condition_number:.5g}",
                    "linear regions R": f"{value.linear_regions:.5g}",
                    "regression error MSE": f"{value.regression_error:.4f}",
                    "status": value.status,
                    "seconds": f"{value.seconds:.2f}",
                }
            )
            shown = {"architecture": ""}
    return pd.DataFrame(rows).to_string(index=False)
