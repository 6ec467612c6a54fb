"""TEG-NAS: training-free indicators of neural architectures, and the search methods that use them.

The way from an architecture to its three indicators, one room a step:

    spaces → networks → engine, indicators → evaluation

`settings` holds every choice that moves a number and `data` draws the batches. `search` holds the search methods,
which know nothing of networks. Whatever this study does with them (tables, figures, experiments, the command line)
lives in `tegnas_study`, and nothing here imports it.

>>> from tegnas_core import Architecture, Evaluator, make_settings
>>> from tegnas_study import load_images
>>> evaluate = Evaluator(make_settings("teg", batch_size=16), load_images("synthetic"), seed=0)
>>> indicators = evaluate(Architecture(("nor_conv_3x3",) * 6))
>>> indicators.status, len(indicators.repeats)
('ok', 3)

Names are imported when they are first used, so that `import tegnas_core` is instant and the command line can
answer a mistake before torch is loaded.
"""

from collections.abc import Callable, Mapping
from importlib import import_module

_HOME = {
    "Architecture": "spaces.architecture",
    "OPERATIONS": "spaces.architecture",
    "EDGES": "spaces.architecture",
    "NASBench201": "spaces",
    "Genotype": "spaces.genotype",
    "Darts": "spaces",
    "TegnasError": "errors",
    "IndicatorSettings": "settings",
    "PRESETS": "settings",
    "make_settings": "settings",
    "build_network": "networks",
    "proxy_network": "networks",
    "initialise": "networks.initialisation",
    "jacobian": "indicators.jacobians",
    "plain_jacobian": "indicators.jacobians",
    "select_parameters": "indicators.jacobians",
    "ntk": "indicators.kernels",
    "kernel_regression": "indicators.kernels",
    "condition_number": "indicators",
    "activation_patterns": "indicators",
    "linear_regions": "indicators",
    "regression_error": "indicators",
    "trivial_error": "indicators",
    "INDICATORS": "indicators",
    "Evaluator": "evaluation",
    "RivalEvaluator": "rival_evaluation",
    "Indicators": "evaluated",
    "evaluate_module": "any_module",
    "ModuleIndicators": "any_module",
    "ImageSource": "data.source",
    "draw_batch": "data.batches",
}

__all__ = sorted(_HOME)


def names_on_demand(
    package: str, home: Mapping[str, str]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Return ``__getattr__`` and ``__dir__`` of a package whose names are imported when they are first used.

    Args:
        package: Its dotted name.
        home: For each public name the module below the package that holds it.
    """

    def find(name: str) -> object:
        if name not in home:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{home[name]}"), name)

    return find, lambda: sorted(home)


__getattr__, __dir__ = names_on_demand(__name__, _HOME)
