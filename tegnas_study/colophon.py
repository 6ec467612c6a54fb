"""What a chapter says about itself at its end: seed, settings, data, versions, machine and time."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tegnas_study.storage.provenance import hardware, versions

if TYPE_CHECKING:
    from tegnas_core.data.source import ImageSource
    from tegnas_core.settings import IndicatorSettings
    from tegnas_study.data.benchmark import Benchmark


@dataclass(frozen=True)
class Colophon:
    """Pairs (what, its value), shown as a list in a notebook and as lines in a terminal."""

    entries: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        """Return one line an entry."""
        return "\n".join(f"{what}: {value}" for what, value in self.entries)

    def _repr_markdown_(self) -> str:
        return "\n".join(f"- **{what}:** {value}" for what, value in self.entries)


def colophon(
    *,
    seed: int,
    started: float,
    settings: "IndicatorSettings | None" = None,
    images: "ImageSource | None" = None,
    benchmark: "Benchmark | None" = None,
) -> Colophon:
    """Return what the numbers of a chapter follow from.

    Args:
        seed: The chapter's seed.
        started: `time.perf_counter()` at its first cell.
        settings: The settings of the chapter's indicators, if it computed any.
        images: Where its images came from.
        benchmark: Where its accuracies came from.
    """
    entries = [("seed", str(seed))]
    if settings is not None:
        sizes = f"repeats: {settings.repeats}, batch: {settings.batch_size}"
        entries.append(("settings", f"`{settings.label}`, {sizes}"))
    if images is not None:
        entries.append(("images", f"{images.description}, digest `{images.digest}`"))
    if benchmark is not None:
        entries.append(("accuracies", benchmark.description))
    entries.append(("versions", ", ".join(f"{name} {number}" for name, number in versions().items() if number)))
    entries.append(("machine", hardware()))
    entries.append(("run time", f"{time.perf_counter() - started:.0f} s"))
    return Colophon(tuple(entries))
