"""What this study does with `tegnas_core`: images and benchmark tables, sweeps, analysis, experiments, figures.

    data, storage → sweep → tables → analysis → figures          experiments → tables          cli over everything

Names are imported when they are first used, so that `import tegnas_study` is instant.
"""

from importlib import import_module

_HOME = {
    "load_images": "data.images",
    "Benchmark": "data.benchmark",
    "load_benchmark": "data.benchmark",
    "atlas": "tables.atlases",
    "complexity_of": "tables.sizes",
    "complexity_table": "tables.sizes",
    "read_sweep": "sweep",
    "run_sweep": "sweep",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'tegnas_study' has no attribute {name!r}")
    return getattr(import_module(f"tegnas_study.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
