"""`tegnas evaluate`: the evaluator's numbers, and one line for every mistake."""

import json
import math

import pytest
import torch
from command_line import CUT, RICH, run, run_alone, small_images

from tegnas_core.evaluation import Evaluator
from tegnas_core.networks import DartsNetworks
from tegnas_core.settings import make_settings
from tegnas_core.spaces import NAMED
from tegnas_core.spaces.architecture import Architecture
from tegnas_study.data.images import load_images

KEYS = [
    "architecture",
    "space",
    "settings",
    "images",
    "seed",
    "condition_number",
    "linear_regions",
    "regression_error",
    "status",
    "repeats",
    "seconds",
]
QUICK = ("--batch-size", 8, "--repeats", 2, "--device", "cpu")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return small_images(tmp_path_factory.mktemp("images") / "mine")


def objects(text: str) -> list[dict]:
    """One object a line, in the strict JSON that knows neither nan nor infinity."""
    return [json.loads(line, parse_constant=pytest.fail) for line in text.splitlines()]


def test_json_has_the_evaluators_numbers_under_exactly_these_keys(capsys, folder):
    said = run(capsys, "evaluate", RICH, "--images", folder, "--seed", 3, "--json", *QUICK)
    assert (said.code, said.err) == (0, "")
    (found,) = objects(said.out)
    settings = make_settings("teg", batch_size=8, repeats=2)
    expected = Evaluator(settings, load_images(folder), seed=3)(Architecture.parse(RICH))
    assert list(found) == KEYS
    assert found == {
        "architecture": RICH,
        "space": "nas-bench-201",
        "settings": settings.label,
        "images": "folder:mine",
        "seed": 3,
        "condition_number": expected.condition_number,
        "linear_regions": expected.linear_regions,
        "regression_error": expected.regression_error,
        "status": "ok",
        "repeats": [
            {
                "repeat": r.repeat,
                "condition_number": r.condition_number,
                "linear_regions": r.linear_regions,
                "regression_error": r.regression_error,
                "status": "ok",
            }
            for r in expected.repeats
        ],
        "seconds": found["seconds"],
    }
    assert found["seconds"] > 0


@pytest.mark.parametrize("bug", [(), ("--normal-cell-bug",)])
@pytest.mark.slow
def test_genotypes_by_name_and_in_full(capsys, folder, bug):
    genotype = NAMED["DARTS_V2"]
    options = ("--space", "darts", *bug, "--images", folder, "--seed", 3, "--json", *QUICK)
    said = run(capsys, "evaluate", "DARTS_V2", str(genotype), *options)
    assert (said.code, said.err) == (0, "")
    by_name, in_full = objects(said.out)
    networks = DartsNetworks(normal_cell_bug=bool(bug))
    settings = make_settings("teg", batch_size=8, repeats=2)
    expected = Evaluator(settings, load_images(folder), seed=3, networks=networks)(genotype)
    assert (by_name["architecture"], by_name["space"]) == (str(genotype), networks.space)
    assert by_name["condition_number"] == expected.condition_number
    assert by_name["regression_error"] == expected.regression_error
    assert {**by_name, "seconds": 0} == {**in_full, "seconds": 0}


def test_a_table_of_genotypes_is_not_wider_than_a_screen_of_text(capsys, folder):
    full = str(NAMED["TEGNAS_RL"])
    said = run(capsys, "evaluate", "DARTS_V2", full, "--space", "darts", "--images", folder, *QUICK)
    rows = said.out.splitlines()[2:]
    assert "DARTS_V2 " in rows[0] and f"{full[:99]}… " in rows[3]
    assert max(map(len, rows)) < 250


def test_what_is_no_genotype_is_one_line(capsys, folder):
    for text in (RICH, "DARTS_V9", "Genotype(normal=[])"):
        mistake = run(capsys, "evaluate", text, "--space", "darts", "--images", folder).mistake
        assert "genotype" in mistake.lower() or "cell" in mistake


def test_failed_values_are_null_and_the_status_says_why(capsys, folder):
    said = run(capsys, "evaluate", CUT, RICH, "--images", folder, "--json", *QUICK)
    failed, sound = objects(said.out)
    assert failed["condition_number"] is failed["regression_error"] is None
    assert (failed["status"], failed["linear_regions"]) == ("disconnected", 1.0)
    assert [r["condition_number"] for r in failed["repeats"]] == [None, None]
    assert sound["status"] == "ok" and math.isfinite(sound["condition_number"])


def test_a_table_has_every_repeat_and_the_mean(capsys, folder):
    said = run(capsys, "evaluate", RICH, CUT, "--images", folder, *QUICK)
    assert (said.code, said.err) == (0, "")
    first, header, *rows = said.out.splitlines()
    assert first.startswith("settings teg+batch_size=8:") and "folder mine" in first and "seed 0" in first
    assert all(
        column in header for column in ("architecture", "condition number κ", "linear regions R", "MSE", "status")
    )
    assert [RICH in row for row in rows] == [True, False, False, False, False, False]
    assert ["mean" in row for row in rows] == [False, False, True] * 2
    assert [("disconnected" in row, " inf" in row) for row in rows] == [(False, False)] * 3 + [(True, True)] * 3


@pytest.mark.parametrize(
    ("options", "changes"),
    [
        (("--settings", "released"), {}),
        (("--batch-norm", "frozen"), {"batch_norm": "frozen"}),
        (("--initialisation", "orthogonal"), {"initialisation": "orthogonal"}),
        (("--settings", "paper", "--initialisation", "xavier"), {"initialisation": "xavier"}),
    ],
    ids=str,
)
def test_options_become_settings(capsys, folder, options, changes):
    said = run(capsys, "evaluate", RICH, "--images", folder, "--json", *QUICK, *options)
    preset = options[1] if options[0] == "--settings" else "teg"
    assert objects(said.out)[0]["settings"] == make_settings(preset, batch_size=8, **changes).label


@pytest.mark.slow
@pytest.mark.long
def test_as_a_user_runs_it(folder, tmp_path):
    """Nothing but the answer: no warning, no progress bar, no colour."""
    said = run_alone("evaluate", RICH, "--images", folder, "--json", *QUICK, folder=tmp_path)
    assert (said.code, said.err) == (0, "")
    assert list(objects(said.out)[0]) == KEYS
    assert list(tmp_path.iterdir()) == []


# Mistakes


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nonsense"], "not a NAS-Bench-201 string: 'nonsense'; it should look like |nor_conv_3x3~0|"),
        ([""], "not a NAS-Bench-201 string: ''"),
        (["two\nlines"], r"not a NAS-Bench-201 string: 'two\nlines'"),
        (
            [RICH.replace("skip_connect", "max_pool_3x3")],
            "unknown operation 'max_pool_3x3'; known are none, skip_",
        ),
        ([RICH, CUT, "|none~0|"], "not a NAS-Bench-201 string: '|none~0|'"),
        ([], "Missing argument 'ARCH…'. (see 'tegnas evaluate --help')"),
        (
            [RICH, "--images", "no/such/folder"],
            "no images called 'no/such/folder': give a folder or one of synthetic",
        ),
        ([RICH, "--images", "cifar100"], "cifar100 was not found under "),
        (
            [RICH, "--batch-size", "1"],
            "Invalid value for '--batch-size': 1 is not in the range 2 to 10,000. (see ",
        ),
        ([RICH, "--batch-size", "many"], "Invalid value for '--batch-size': 'many' is not a valid whole number."),
        ([RICH, "--repeats", "0"], "Invalid value for '--repeats'"),
        ([RICH, "--seed", "-1"], "Invalid value for '--seed'"),
        (
            [RICH, "--settings", "best"],
            "Invalid value for '--settings': 'best' is not one of 'teg', 'paper', 'released'",
        ),
        ([RICH, "--initialisation", "kaiming_norm"], "Invalid value for '--initialisation'"),
        ([RICH, "--space", "nas-bench-101"], "Invalid value for '--space'"),
        ([RICH, "--normal-cell-bug"], "--normal-cell-bug belongs to --space darts"),
        ([RICH, "--bogus"], "No such option"),
    ],
    ids=lambda value: " ".join(value)[-40:] if isinstance(value, list) else None,
)
def test_a_mistake_is_one_line_and_exit_code_2(capsys, monkeypatch, tmp_path, arguments, said):
    monkeypatch.setenv("TEGNAS_DATA", str(tmp_path))
    assert run(capsys, "evaluate", *arguments).mistake.startswith(said)


def test_a_batch_larger_than_the_data(capsys, folder):
    said = run(capsys, "evaluate", RICH, "--images", folder, "--batch-size", 21)
    assert said.mistake == "a batch of 21 images cannot be drawn from the 20 of folder:mine train_half"


def test_images_that_cannot_be_halved_twice(capsys, tmp_path):
    odd = small_images(tmp_path / "odd", size=18)
    assert "must be a multiple of 4" in run(capsys, "evaluate", RICH, "--images", odd, *QUICK).mistake


@pytest.mark.parametrize("damage", ["an image", "the end", "the middle", "everything", "nothing left"])
def test_damaged_images(capsys, tmp_path, damage):
    folder = small_images(tmp_path / "damaged", damage=damage)
    assert "damaged" in run(capsys, "evaluate", RICH, "--images", folder, *QUICK).mistake


def test_a_folder_without_images_and_a_file_in_place_of_a_folder(capsys, tmp_path):
    assert "holds no Parquet files" in run(capsys, "evaluate", RICH, "--images", tmp_path).mistake
    file = tmp_path / "file.parquet"
    file.write_bytes(b"PAR1")
    assert "no images called" in run(capsys, "evaluate", RICH, "--images", file).mistake


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_a_gpu_that_is_not_there(capsys, folder):
    said = run(capsys, "evaluate", RICH, "--images", folder, "--device", "cuda")
    assert said.mistake == "torch sees no CUDA device; use --device cpu"


@pytest.mark.parametrize(
    "arguments", [["evaluate", "nonsense"], ["evaluate", RICH, "--images", "nowhere"], ["bogus"]]
)
@pytest.mark.slow
def test_a_mistake_as_a_user_meets_it(tmp_path, arguments):
    assert run_alone(*arguments, folder=tmp_path).mistake
