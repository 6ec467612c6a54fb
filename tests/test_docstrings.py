"""The examples in docstrings are run, so that what a newcomer copies works."""

import doctest
import importlib
from pathlib import Path

import pytest

import tegnas_core

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent
WITH_EXAMPLES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for package in ("tegnas_core", "tegnas_study")
    for path in sorted((ROOT / package).rglob("*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
]


FOR_NEWCOMERS = (
    "Evaluator",
    "RivalEvaluator",
    "evaluate_module",
    "make_settings",
    "build_network",
    "proxy_network",
    "initialise",
    "draw_batch",
    "jacobian",
    "select_parameters",
    "ntk",
    "kernel_regression",
    "condition_number",
    "activation_patterns",
    "linear_regions",
    "regression_error",
)


@pytest.mark.parametrize("name", FOR_NEWCOMERS)
def test_what_a_newcomer_calls_first_has_an_example(name):
    assert ">>> " in getattr(tegnas_core, name).__doc__


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("atlases", "atlas"),
        *(("ranking", name) for name in ("ranks", "rank_sum", "kendall_tau", "top_fraction", "precision_at_k")),
        *(("bootstrap", name) for name in ("bootstrap", "bootstrap_interval", "paired_difference")),
    ],
)
def test_what_a_newcomer_asks_a_table_has_an_example(module, name):
    assert ">>> " in getattr(importlib.import_module(f"tegnas_study.tables.{module}"), name).__doc__


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_examples_of_a_module_do_what_they_say(name):
    module = importlib.import_module(name)
    failed, attempted = doctest.testmod(module, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    assert attempted > 0 and failed == 0
