"""The recipes of a sweep: picklable, honest about their columns, and never mixed in one file."""

import math
import pickle
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import sweep_fakes as fakes
from command_line import CUT, RICH, run, small_images

from tegnas_core.errors import TegnasError
from tegnas_core.indicators import Spectrum
from tegnas_core.indicators.names import ALIGNMENT, RIVALS, TEG, ZERO_COST
from tegnas_core.rival_evaluation import RivalEvaluator
from tegnas_core.settings import make_settings
from tegnas_core.spaces.architecture import Architecture
from tegnas_study.data.images import load_images
from tegnas_study.storage.journal import journal_path
from tegnas_study.sweep import read_provenance, read_sweep, run_sweep
from tegnas_study.sweep.evaluators import RivalEvaluate, TegEvaluate

SETTINGS = make_settings(batch_size=8, repeats=2, region_images=100, region_batch=50)
CHEAP = [*ZERO_COST]
RESULTS = RivalEvaluate(SETTINGS, "made here", 0).results
OF_RIVALS = replace(fakes.SWEEP, results=RESULTS)


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    return str(small_images(tmp_path_factory.mktemp("images") / "mine"))


def test_results_are_the_indicators_with_their_worst_value():
    assert list(TegEvaluate.results) == list(TEG) and list(RESULTS) == CHEAP
    assert [*RivalEvaluate(SETTINGS, "", 0, names=("zen", ALIGNMENT, "meco")).results] == ["zen", "meco"]
    assert [*RivalEvaluate(SETTINGS, "", 0, names=(ALIGNMENT,)).results] == [ALIGNMENT]
    for name, worst in {**TegEvaluate.results, **RESULTS}.items():
        expected = -math.inf if {**TEG, **RIVALS}[name].higher_is_better else math.inf
        assert worst == expected or (name == "linear_regions" and math.isnan(worst))


@pytest.mark.parametrize("recipe", [TegEvaluate, RivalEvaluate, partial(RivalEvaluate, names=("swap", ALIGNMENT))])
def test_a_recipe_answers_with_its_results_wherever_it_is_unpickled(recipe, images):
    made = recipe(SETTINGS, images, 1)
    here, there = made()(RICH, 0), pickle.loads(pickle.dumps(made))()(RICH, 0)
    assert here.pop("seconds") > 0 and there.pop("seconds") > 0
    assert here == there and here["status"] == "ok"
    extra = [ALIGNMENT] if ALIGNMENT in getattr(made, "names", ()) else []
    named = [f"{kernel}_{name}" for kernel in ("kernel", "regression_kernel") for name in Spectrum._fields]
    kernels = named if isinstance(made, TegEvaluate) else []
    assert list(here) == [*made.results, *extra, "status", *kernels]
    assert not {*named} & {*RIVALS}  # tables of both are joined


def test_the_rivals_of_a_recipe_are_those_of_the_evaluator(images):
    expected = RivalEvaluator(SETTINGS, load_images(images), seed=1).evaluate_repeat(Architecture.parse(RICH), 1)
    assert RivalEvaluate(SETTINGS, images, 1)()(RICH, 1).items() >= expected.values.items()


def fail(architecture: str, repeat: int) -> dict[str, object]:
    if architecture == "raises":
        raise ValueError("this cell is broken")
    named = dict.fromkeys(RESULTS, 1.0) | {"status": "ok", "seconds": 0.0}
    return {"naswot": 1.0} if architecture == "incomplete" else named


def make_failing():
    return fail


@pytest.mark.slow
def test_a_failing_architecture_is_a_row_with_the_worst_of_every_rival(tmp_path):
    out = tmp_path / "rows.parquet"
    tasks = [("good", 0), ("raises", 0), ("incomplete", 0)]
    summary = run_sweep(tasks, make_failing, OF_RIVALS, out=out, progress=False)
    table = read_sweep(out).set_index("architecture")
    assert list(table.columns) == ["space", "settings", "images", "seed", "repeat", *CHEAP, "status", "seconds"]
    assert table.status.to_dict() == {"good": "ok", "incomplete": "error", "raises": "error"}
    assert (table.loc["good", CHEAP] == 1).all()
    assert np.isneginf(table.loc[["raises", "incomplete"], CHEAP].to_numpy(float)).all()
    assert "this cell is broken" in summary.messages[0]
    assert "the evaluator returned no jacob_cov, grad_norm" in summary.messages[1]


@pytest.mark.parametrize("published", [True, False], ids=["the file", "the journal"])
@pytest.mark.slow
def test_two_kinds_of_rows_do_not_share_a_file(tmp_path, published):
    out = tmp_path / "rows.parquet"
    fakes.write(out, fakes.names(3), publish=published)
    place = out if published else journal_path(out)
    before = place.read_bytes()
    with pytest.raises(TegnasError, match="holds another kind of sweep, without naswot; choose another --out"):
        run_sweep([("a", 0)], make_failing, OF_RIVALS, out=out, progress=False)
    assert place.read_bytes() == before
    other = tmp_path / "rivals.parquet"
    run_sweep([("good", 0)], make_failing, OF_RIVALS, out=other, progress=False)
    with pytest.raises(TegnasError, match="holds another kind of sweep, without condition_number"):
        fakes.sweep(other, ["a"])


# The command


@pytest.mark.slow
@pytest.mark.long
def test_the_command_sweeps_rivals(images, tmp_path, capsys):
    (tmp_path / "cells.txt").write_text(f"{RICH}\n{CUT}\n")
    where = ("--architectures", tmp_path / "cells.txt", "--images", images, "--out", tmp_path / "r.parquet")
    given = ("--indicators", "rivals", "--no-alignment", "--batch-size", 8, "--repeats", 2, "--device", "cpu")
    said = run(capsys, "sweep", *where, *given)
    assert said.code == 0 and "4 of 4 rows, 4 new" in said.out and "not ok: 2 disconnected" in said.out
    table = read_sweep(tmp_path / "r.parquet")
    assert ALIGNMENT not in table
    for row in table[table.architecture == RICH].to_dict("records"):
        evaluate = RivalEvaluate(make_settings(batch_size=8, repeats=2), images, 0)()
        assert row.items() >= {k: v for k, v in evaluate(RICH, row["repeat"]).items() if k != "seconds"}.items()
    assert np.isneginf(table.loc[table.architecture == CUT, CHEAP].to_numpy(float)).all()


@pytest.mark.slow
@pytest.mark.long
def test_the_command_knows_the_benchmarks_network(images, tmp_path, capsys):
    (tmp_path / "cells.txt").write_text(f"{CUT}\n")
    where = ("--architectures", tmp_path / "cells.txt", "--images", images, "--out", tmp_path / "r.parquet")
    run(capsys, "sweep", *where, "--indicators", "rivals", "--network", "benchmark", "--batch-size", 8)
    ((label, details),) = read_provenance(tmp_path / "r.parquet")["settings"].items()
    assert "cells_per_stage=5" in label and "width=16" in label
    assert (details["settings"]["width"], details["settings"]["cells_per_stage"]) == (16, 5)


@pytest.mark.parametrize(
    ("indicators", "option", "said"),
    [
        ("rivals", "--controls", "--controls belongs to --indicators teg"),
        ("teg", "--no-alignment", "--no-alignment belongs to --indicators rivals"),
        ("meco,swap", "--no-alignment", "--no-alignment belongs to --indicators rivals"),
        ("meco,swap", "--controls", "--controls belongs to --indicators teg"),
    ],
)
def test_options_of_the_other_kind_are_mistakes(images, tmp_path, capsys, indicators, option, said):
    where = ("--architectures", 1, "--images", images, "--out", tmp_path / "r.parquet", "--batch-size", 8)
    assert run(capsys, "sweep", *where, "--indicators", indicators, option).mistake == said
    assert not (tmp_path / "r.parquet").exists()


@pytest.mark.long
def test_the_command_sweeps_rivals_by_name_and_names_those_that_it_knows(images, tmp_path, capsys):
    where = ("--architectures", 1, "--images", images, "--out", tmp_path / "r.parquet", "--batch-size", 8)
    run(capsys, "sweep", *where, "--repeats", 1, "--workers", 1, "--indicators", "meco, swap,meco")
    assert {"meco", "swap"} <= {*read_sweep(tmp_path / "r.parquet").columns} and "naswot" not in read_sweep(
        tmp_path / "r.parquet"
    )
    said = run(capsys, "sweep", *where, "--indicators", "meco,kappa").mistake
    assert said.startswith("--indicators 'kappa' is unknown; give teg, rivals, or names of naswot, ")
