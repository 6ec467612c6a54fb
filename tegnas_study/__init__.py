"""What this study does with `tegnas_core`: images and benchmark tables, sweeps, analysis, experiments, figures.

    data, storage → sweep → tables → analysis → figures          experiments → tables          cli over everything

Names are imported when they are first used, so that `import tegnas_study` is instant.
"""

from tegnas_core import names_on_demand

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

__getattr__, __dir__ = names_on_demand(__name__, _HOME)
