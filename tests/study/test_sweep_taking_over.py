"""Rows that another equivalence leaves true are taken over bit for bit; all others are left where they are."""

from dataclasses import replace

import numpy as np
import pytest
from command_line import RICH, run, small_images

from tegnas_core.errors import TegnasError
from tegnas_core.settings import IndicatorSettings, make_settings
from tegnas_core.spaces import NASBench201
from tegnas_study.data.images import load_images
from tegnas_study.storage.provenance import versions
from tegnas_study.sweep import Sweep, make_tasks, read_provenance, read_sweep, take_over
from tegnas_study.sweep.evaluators import RivalEvaluate, TegEvaluate
from tegnas_study.sweep.provenance import provenance
from tegnas_study.sweep.rows import Outcome, checked_result
from tegnas_study.sweep.store import open_store

SPACE = NASBench201()
SMALL = {"batch_size": 8, "repeats": 2, "region_images": 100, "region_batch": 50}
COARSE, FINE = (make_settings(**SMALL, equivalence=level) for level in ("function", "shared-weights"))
# under the coarser level this one is evaluated as another network
MIXED = next(
    str(a) for a in SPACE.all() if SPACE.representative(a, "function") != SPACE.representative(a, "shared-weights")
)
ASKED = make_tasks([RICH, MIXED], repeats=2)


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    return str(small_images(tmp_path_factory.mktemp("images") / "mine"))


def sweep_of(settings: IndicatorSettings, images: str, *, seed: int = 1, space: str = "nas-bench-201") -> Sweep:
    source = load_images(images)
    details = {"settings": settings.model_dump(), "images": source.description, "images_digest": source.digest}
    return Sweep(space, settings.label, source.name, seed, details)


def write(path, sweep: Sweep, recipe, architectures=(RICH, MIXED), *, repeats: int = 1):
    """Write what a sweep would, without worker processes."""
    evaluate = recipe()
    with open_store(path, recipe.results) as store:
        store.begin(provenance(sweep, {"command": "tegnas sweep of before", "device": "cpu"}))
        tasks = make_tasks(architectures, repeats=repeats)
        store.add(sweep, [Outcome(task, checked_result(evaluate(*task))) for task in tasks])
        store.finish()
    return path


@pytest.fixture(scope="module")
def old(images, tmp_path_factory):
    """A table at the coarser level with one repeat of two architectures."""
    path = tmp_path_factory.mktemp("old") / "old.parquet"
    return write(path, sweep_of(COARSE, images), TegEvaluate(COARSE, images, 1))


def test_a_row_of_the_same_network_is_taken_over_bit_for_bit_and_one_of_another_is_not(old, images, tmp_path):
    out = tmp_path / "new.parquet"
    assert take_over(old, ASKED, sweep_of(FINE, images), out=out) == 1
    (row,) = read_sweep(out).to_dict("records")
    fresh = TegEvaluate(FINE, images, 1)()
    expected = checked_result(fresh(RICH, 0))
    assert (row["architecture"], row["repeat"], row["settings"]) == (RICH, 0, FINE.label)
    assert {k: v for k, v in row.items() if k in expected and k != "seconds"} == {
        k: v for k, v in expected.items() if k != "seconds"
    }
    before = read_sweep(old).set_index("architecture")
    assert row["seconds"] == before.loc[RICH, "seconds"]
    assert checked_result(fresh(MIXED, 0))["condition_number"] != before.loc[MIXED, "condition_number"]


def test_the_file_says_where_the_rows_come_from(old, images, tmp_path):
    out = tmp_path / "new.parquet"
    take_over(old, ASKED, sweep_of(FINE, images), out=out)
    made = read_provenance(out)
    assert [*made["settings"]] == [FINE.label]
    (run_of_before,) = made["runs"]
    assert run_of_before["taken_over"] == {"file": "old.parquet", "settings": COARSE.label, "rows": 1}
    assert run_of_before["command"] == "tegnas sweep of before" and run_of_before["versions"] == versions()
    assert run_of_before["started"] == read_provenance(old)["runs"][0]["started"]


def test_a_second_time_takes_nothing(old, images, tmp_path):
    out = tmp_path / "new.parquet"
    take_over(old, ASKED, sweep_of(FINE, images), out=out)
    before = out.read_bytes()
    assert take_over(old, ASKED, sweep_of(FINE, images), out=out) == 0
    assert out.read_bytes() == before


def test_a_genotype_is_the_same_at_every_level(images, tmp_path):
    from tegnas_core.spaces.by_name import parse_architecture

    text, where = str(parse_architecture("darts", "DARTS_V2")), {"seed": 1, "space": "darts"}
    recipe = TegEvaluate(COARSE, images, 1, networks="darts")
    path = write(tmp_path / "old.parquet", sweep_of(COARSE, images, **where), recipe, [text])
    assert take_over(path, [(text, 0)], sweep_of(FINE, images, **where), out=tmp_path / "new.parquet") == 1


def test_rivals_are_taken_over_too(images, tmp_path):
    recipe = RivalEvaluate(COARSE, images, 1)
    path = write(tmp_path / "old.parquet", replace(sweep_of(COARSE, images), results=recipe.results), recipe)
    new = replace(sweep_of(FINE, images), results=RivalEvaluate(FINE, images, 1).results)
    assert take_over(path, ASKED, new, out=tmp_path / "new.parquet") == 1
    (row,) = read_sweep(tmp_path / "new.parquet").to_dict("records")
    fresh = RivalEvaluate(FINE, images, 1)()(RICH, 0)
    assert all(row[name] == fresh[name] for name in recipe.results)


def test_a_failed_row_is_not_taken_over(images, tmp_path):
    path, sweep = tmp_path / "old.parquet", sweep_of(COARSE, images)
    with open_store(path) as store:
        store.begin(provenance(sweep, {}))
        store.add(sweep, [sweep.complete(Outcome((RICH, 0), {"status": "error", "seconds": 0.0}, "died"))])
        store.finish()
    with pytest.raises(TegnasError, match="has no row of folder:mine and seed 1 that could be taken over"):
        take_over(path, ASKED, sweep_of(FINE, images), out=tmp_path / "new.parquet")


def test_what_does_not_fit_is_refused_in_one_line(old, images, tmp_path):
    fine, others = sweep_of(FINE, images), str(small_images(tmp_path / "mine", n=44))
    frozen = make_settings(**SMALL, equivalence="shared-weights", batch_norm="frozen")
    refusals = {
        "which differ from teg.*frozen.* in more than their equivalence": {"sweep": sweep_of(frozen, images)},
        "has no row of folder:mine and seed 2": {"sweep": sweep_of(FINE, images, seed=2)},
        "the rows of images folder:mine in .* were made from other images": {"sweep": sweep_of(FINE, others)},
        "has no control_norm": {"columns": ("control_norm",)},
        "has no naswot": {"sweep": replace(fine, results=RivalEvaluate(FINE, images, 1).results)},
        "has no row": {"tasks": [(RICH, 1)]},
        "is the output itself": {"out": old},
        "there is no file": {"old": tmp_path / "nowhere.parquet"},
    }
    for said, changes in refusals.items():
        given = {"old": old, "tasks": ASKED, "sweep": fine, "out": tmp_path / "new.parquet"} | changes
        with pytest.raises(TegnasError, match=said) as caught:
            take_over(given.pop("old"), given.pop("tasks"), given.pop("sweep"), **given)
        assert "\n" not in str(caught.value)
        assert not (tmp_path / "new.parquet").exists()


@pytest.mark.slow
def test_the_command_takes_over_what_it_can_and_computes_the_rest(images, tmp_path, capsys):
    raw, twin = (
        make_settings(batch_size=8, equivalence="raw"),
        next(a for a in SPACE.all() if SPACE.representative(a) != a),
    )
    (tmp_path / "cells.txt").write_text(f"{RICH}\n{twin}\n")
    old = write(tmp_path / "old.parquet", sweep_of(raw, images), TegEvaluate(raw, images, 1), [RICH, str(twin)])
    where = ("--architectures", tmp_path / "cells.txt", "--images", images, "--out", tmp_path / "new.parquet")
    given = ("--batch-size", 8, "--repeats", 1, "--device", "cpu", "--seed", 1)
    said = run(capsys, "sweep", *where, *given, "--take-over", old)
    assert said.code == 0, said
    assert "1 of the rows taken over from" in said.out and "2 of 2 rows, 1 new" in said.out
    found = read_sweep(tmp_path / "new.parquet").set_index("architecture")
    fresh = TegEvaluate(make_settings(batch_size=8), images, 1)()(str(twin), 0)
    assert found.loc[str(twin), "condition_number"] == fresh["condition_number"]
    assert np.isfinite(found["kernel_trace"]).all()
    again = (*where[:-1], tmp_path / "third.parquet", *given)
    both = run(capsys, "sweep", *again, "--take-over", old, "--take-over", tmp_path / "new.parquet")
    assert both.out.count("1 of the rows taken over from") == 2 and "2 of 2 rows, 0 new" in both.out
    mistake = run(capsys, "sweep", *where, *given, "--take-over", tmp_path / "cells.txt").mistake
    assert "cells.txt is damaged or no Parquet file" in mistake
