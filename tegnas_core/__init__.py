"""TEG-NAS: training-free indicators of neural architectures, and searching with them.

The way from an architecture to its three indicators, one module a step:

    architecture → networks (initialisation) → tape, jacobians → kernels → indicators → evaluation → sweep

`settings` holds every choice that moves a number, `images` and `batches` where the pictures come from,
`benchmark` what accuracy an architecture is known to reach, `ranking` and `figures` what is made of the tables.
`search` holds the search methods, which know nothing of networks, and `experiments` brings both together.

>>> from tegnas_core import Evaluator, NASBench201, PRESETS, load_images
>>> evaluate = Evaluator(PRESETS["teg"], load_images("synthetic"), seed=0)
>>> evaluate(NASBench201().sample_many(1, seed=0)[0])  # doctest: +SKIP

Names are imported when they are first used, so that `import tegnas_core` is instant and the command line can
answer a mistake before torch is loaded.
"""

from importlib import import_module

_HOME = {
    "Architecture": "architecture",
    "OPERATIONS": "architecture",
    "EDGES": "architecture",
    "NASBench201": "spaces",
    "Genotype": "genotype",
    "Darts": "spaces",
    "TegnasError": "errors",
    "IndicatorSettings": "settings",
    "PRESETS": "settings",
    "make_settings": "settings",
    "build_network": "networks",
    "proxy_network": "networks",
    "initialise": "initialisation",
    "jacobian": "jacobians",
    "plain_jacobian": "jacobians",
    "select_parameters": "jacobians",
    "ntk": "kernels",
    "kernel_regression": "kernels",
    "condition_number": "indicators",
    "activation_patterns": "indicators",
    "linear_regions": "indicators",
    "regression_error": "indicators",
    "trivial_error": "indicators",
    "INDICATORS": "indicators",
    "Evaluator": "evaluation",
    "RivalEvaluator": "rival_evaluation",
    "complexity_of": "complexity",
    "complexity_table": "complexity",
    "Indicators": "evaluated",
    "evaluate_module": "any_module",
    "ModuleIndicators": "any_module",
    "ImageSource": "images",
    "load_images": "images",
    "draw_batch": "batches",
    "atlas": "atlases",
    "Benchmark": "benchmark",
    "load_benchmark": "benchmark",
    "read_sweep": "sweep",
    "run_sweep": "sweep",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'tegnas_core' has no attribute {name!r}")
    return getattr(import_module(f"tegnas_core.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
