"""The bench: verdicts, ratios, the record of a run, and the same code on one small case from end to end."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from tegnas_core import Architecture, make_settings
from tegnas_core.errors import TegnasError
from tegnas_study import load_images
from tegnas_study.bench import bench, gpu, workers
from tegnas_study.bench.cells import connected_cells
from tegnas_study.bench.cost import Case
from tegnas_study.bench.cost_parts import PARTS
from tegnas_study.bench.gpu import measure_gpu
from tegnas_study.bench.peak import peak_operations
from tegnas_study.bench.table import Row, part_rows, rate_rows, ratio_rows, record, space_rows, worker_rows, write
from tegnas_study.bench.workers import Work, run_workers, two_against_one
from tegnas_study.command import run_command

SMALL = Architecture(("none", "none", "none", "nor_conv_1x1", "none", "none"))
ERRORS = ("error_exact_twin", "error_exact", "error_twin", "error_frozen", "error_kappa")


@pytest.fixture(scope="module")
def case() -> Case:
    settings = make_settings("teg", batch_size=4, region_images=20, region_batch=20)
    return Case(settings, load_images("synthetic"))


@pytest.mark.parametrize(
    ("value", "bounds", "said"),
    [
        (6.0, (5, 7), "met"),
        (7.0, (5, 7), "met, and 7 too"),
        (4.0, (5, 7), "missed by 20%"),
        (1.0, (1.5, None, False), "met"),
        (3.0, (1.5, None, False), "missed by 100%"),
        (3.0, (), ""),
    ],
)
def test_a_verdict_compares_with_the_target(value, bounds, said):
    row = Row("name", value, "×", *bounds)
    assert row.verdict == said
    assert str(row).endswith(said) and str(row).startswith("name ")


def test_ratios_are_medians_over_architectures_and_errors_the_largest():
    found = {"twin": np.array([1.0, 2.0, 9.0]), "exact": np.array([1.0, 0.5, 1.0]), "frozen": np.full(3, 0.1)}
    found |= {name: np.array([1e-6, 3e-4, 1e-5]) for name in ERRORS}
    rows = {row.name.strip(): row for row in ratio_rows(found, targets=True)}
    assert rows["exact against the slow twin, median"].value == 4.0
    assert rows["exact against the slow twin, median"].verdict == "missed by 20%"
    assert rows["exact against the slow twin, ratio of means"].value == pytest.approx(12 / 2.5)
    assert rows["frozen against the slow twin, median"].value == pytest.approx(20)
    assert rows["error of a kernel, exact against the twin, largest"].verdict == "missed by 200%"
    assert rows["against the twin in float64, median"].verdict == "met"
    assert rows["against the twin in float64, largest"].value == 3e-4
    assert rows["kernels where single precision switches a ReLU"].value == pytest.approx(100 / 3)
    assert {row.target for row in ratio_rows(found, targets=False)} == {None, 1e-4}


def test_parts_and_space_add_up():
    mean = dict.fromkeys(PARTS, 0.01)
    assert part_rows(mean)[-1].value == pytest.approx(0.01 * len(PARTS))
    classes, everything = space_rows(0.2, "here", (10, 1, False))
    assert classes.value == pytest.approx(5260 * 3 * 0.2 / 60) and classes.verdict.startswith("missed")
    assert everything.value == pytest.approx(15625 * 3 * 0.2 / 60) and everything.verdict == ""


def test_operations_are_counted_from_the_network(case):
    """4 n² M for each of two Jacobians, half of it skipped; M is 1,834,114 for six 3×3 convolutions a cell."""
    best, reached = rate_rows(case, 2.0, 5e9)
    assert best.value == 5
    assert reached.value == pytest.approx(2 * 4 * 4**2 * 1_834_114 / 2 / 2.0 / 1e9)


def test_the_best_is_a_plausible_number_of_operations():
    assert 1e8 < peak_operations(n=10_000, times=2) < 1e13


def test_two_workers_are_compared_with_one_by_both_clocks(monkeypatch):
    def fake(case, architectures, n):
        return [Work(10.0, 10.0, 500)] if n == 1 else [Work(12.0, 11.0, 700), Work(16.0, 10.0, 600)]

    monkeypatch.setattr(workers, "run_workers", fake)
    found = two_against_one(None, [], rounds=2)
    assert found == {"speedup": 20 / 16, "speedup_cpu": pytest.approx(20 / 11), "peak_bytes": 700}
    assert [row.verdict for row in worker_rows(found)] == ["missed by 31%", "", "met"]


@pytest.mark.slow
@pytest.mark.long
def test_workers_start_together_and_report(case):
    first, second = run_workers(case, [SMALL, SMALL], 2)
    assert min(first.cpu, second.cpu) > 0
    assert 50e6 < min(first.peak_bytes, second.peak_bytes) < 4e9


def test_a_worker_knows_its_own_peak():
    before = workers.peak_bytes()
    block = np.ones(20_000_000)
    assert workers.peak_bytes() >= before and workers.peak_bytes() > block.nbytes


def test_the_code_for_a_gpu_runs_on_a_cpu(case):
    rows, details = measure_gpu(case, [SMALL], 1)
    assert any("side by side against one by one" in row.name for row in rows)
    assert max(row.value for row in rows if row.name.startswith("error of a kernel")) < 1e-4
    assert details["device"] == "cpu" and details["architectures"][0]["architecture"] == str(SMALL)


class Stopped(Exception):
    """What ends a run in the middle."""


def measured(monkeypatch, *, stop_at: Architecture | None = None) -> list[Architecture]:
    """Replace the timing of an architecture by its place in the space, and return the list of those asked for."""
    asked = []

    def measure(case, architecture, *, rounds):
        asked.append(architecture)
        if architecture == stop_at:
            raise Stopped
        place = 1.0 + hash(str(architecture)) % 1000
        return {name: place for name in ("twin", "exact", "frozen", "alone", "side_by_side", "repeat", *ERRORS)}

    monkeypatch.setattr(gpu, "_measure", measure)
    return asked


def test_an_interrupted_run_on_a_card_keeps_what_it_timed_and_goes_on(case, monkeypatch, tmp_path):
    cells, path = connected_cells(5, seed=0), tmp_path / "bench.json"
    measured(monkeypatch, stop_at=cells[2])
    with pytest.raises(Stopped):
        measure_gpu(case, cells, 1, path)
    asked = measured(monkeypatch)
    resumed = measure_gpu(case, cells, 1, path)
    assert asked == [cell for cell in cells[2:] for _ in range(2)]  # each warms up first, which is not kept
    assert resumed == measure_gpu(case, cells, 1)
    del asked[:]
    assert measure_gpu(case, cells, 1, path) == resumed and not asked


def test_times_of_other_options_are_refused_and_kept(case, monkeypatch, tmp_path):
    path = tmp_path / "bench.json"
    measured(monkeypatch)
    measure_gpu(case, [SMALL], 1, path)
    with pytest.raises(TegnasError, match=r"bench\.json\.journal holds times of other options"):
        measure_gpu(case, [SMALL], 2, path)
    with pytest.raises(TegnasError, match="other options or another card"):
        measure_gpu(replace(case, seed=1), [SMALL], 1, path)
    assert measure_gpu(case, [SMALL], 1, path)


def test_the_record_of_a_card_takes_the_place_of_the_journal(monkeypatch, tmp_path):
    path = tmp_path / "new" / "bench.json"
    measured(monkeypatch)
    monkeypatch.setattr(bench, "require_card", lambda: None)
    bench.bench.main(["--device", "cuda", "--architectures", "2", "--json", str(path)], standalone_mode=False)
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert len(kept["architectures"]) == 2 and [*path.parent.iterdir()] == [path]


def test_from_the_command_to_the_record(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(
        bench, "two_against_one", lambda *_, **__: {"speedup": 2.0, "speedup_cpu": 2.0, "peak_bytes": 10**9}
    )
    path = tmp_path / "new" / "bench.json"
    bench.bench.main(
        ["--architectures", "1", "--batch", "4", "--rounds", "1", "--json", str(path)], standalone_mode=False
    )
    printed, kept = capsys.readouterr().out, json.loads(path.read_text(encoding="utf-8"))
    assert "exact against the slow twin, median" in printed and "load average" in printed
    assert kept.keys() >= {"command", "finished", "hardware", "versions", "load_average", "rows", "parts"}
    assert set(kept["indicators"]) == {"condition_number", "linear_regions", "regression_error"}
    assert set(kept["parts"]) == {"random", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"}
    assert len(kept["architectures"]) == 1 and len(kept["rows"]) == printed.count("\n") - 2 - ("busy" in printed)


def test_a_missing_gpu_is_told_in_one_line(monkeypatch, capsys):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr("sys.argv", ["bench", "--device", "cuda"])
    with pytest.raises(SystemExit, match="2"):
        run_command(bench.bench, "bench")
    told = capsys.readouterr().err
    assert told.startswith("bench: --device cuda needs a graphics card") and told.count("\n") == 1


def test_a_record_replaces_the_old_one_as_a_whole(tmp_path):
    path = tmp_path / "bench.json"
    path.write_text("old", encoding="utf-8")
    write(path, record([Row("a", 1.0, "×", 5)], {"more": 1}, "command", (0.1, 0.2)))
    kept = json.loads(path.read_text(encoding="utf-8"))
    row = {"name": "a", "value": 1.0, "unit": "×", "target": 5, "reach": None, "at_least": True}
    assert kept["rows"] == [{**row, "wanted": "≥ 5", "verdict": "missed by 80%"}]
    assert kept["more"] == 1 and kept["command"] == "command" and [*tmp_path.iterdir()] == [path]
