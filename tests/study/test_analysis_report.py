"""The report: every section recorded, from the inputs it names, and only when they changed."""

import itertools
from dataclasses import replace

import pytest
from made_up_atlas import SPACE, made_up_benchmark, write_atlas, write_newer_rivals, write_rivals

from tegnas_core.errors import TegnasError
from tegnas_study.analysis import report
from tegnas_study.analysis.records import read_record, record_path
from tegnas_study.analysis.report import SECTIONS, Inputs, Section, make_report

pytestmark = [pytest.mark.slow, pytest.mark.long]

CLASSES = SPACE.classes()[:200]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("atlas")
    write_atlas(path, itertools.product(CLASSES, (0, 1)))
    write_atlas(path, [(a, 0) for a in CLASSES], name="once")
    write_rivals(path, [(a, 0) for a in CLASSES], name=report.rivals.TABLE)
    write_atlas(path, [(a, 0) for a in CLASSES], name="frozen-cifar10-sample")
    write_newer_rivals(path, CLASSES[:120], name=report.together.BENCHMARK_TABLE)
    return path


@pytest.fixture(scope="module")
def benchmark():
    return made_up_benchmark()


@pytest.fixture(scope="module")
def inputs(folder, benchmark):
    return Inputs("made-up", (benchmark,), seed=0, n_draws=2, folder=folder)


@pytest.fixture(scope="module")
def written(inputs, tmp_path_factory):
    path = tmp_path_factory.mktemp("results")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report.trainability, "FITTED", 80.0)  # nothing that is made up learns its images by heart
        steps = list(make_report(inputs, path))
    return path, steps


def test_every_section_is_recorded(written):
    folder, steps = written
    assert [(name, computed) for name, _, computed in steps] == [(name, True) for name in SECTIONS]
    assert all(path == record_path(name, folder) and path.exists() for name, path, _ in steps)


def test_records_have_rows_and_a_birth_certificate(written, benchmark):
    for name in SECTIONS:
        record = read_record(name, written[0])
        assert all(len(table) for table in record.tables.values()), name
        provenance = record.provenance
        assert provenance["command"] == "tegnas atlas report --name made-up --draws 2 --seed 0"
        assert provenance["coverage"].startswith("200 of 5,260 classes, ")
        assert provenance["coverage"].endswith("2 repeats each")
        assert provenance["accuracies"] == benchmark.description
        assert provenance["images"] == "synthetic"
        assert {"date", "versions", "seed", "draws", "key", "settings"} <= provenance.keys()


def test_what_is_recorded_is_what_the_analyses_say(written, inputs):
    found = read_record("correlations", written[0]).tables["agreements"]
    row = found.set_index(["accuracy", "subset", "predictor"]).loc[("cifar10_test_200", "all", "rank_sum")]
    expected = report.whole_space.agreements(inputs.table, "cifar10_test_200", seed=0, n_draws=1).value["rank_sum"]
    assert row["tau"] == pytest.approx(expected, abs=1e-5)
    assert {"cifar100_test_200", "imagenet16_120_test_200", "cifar10_test_retrained"} <= set(found["accuracy"])


def test_unchanged_inputs_are_not_computed_again(written, inputs):
    folder = written[0]
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert not any(computed for _, _, computed in make_report(inputs, folder))
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_an_interrupted_report_goes_on(inputs, tmp_path, monkeypatch):
    quick = {name: SECTIONS[name] for name in ("train-test", "exclusive-sets", "none-study", "regression-error")}
    monkeypatch.setattr(report, "SECTIONS", quick)
    steps = make_report(inputs, tmp_path)
    next(steps), next(steps)
    steps.close()
    again = [computed for _, _, computed in make_report(inputs, tmp_path)]
    assert again == [False, False, True, True]


def test_a_table_beside_the_main_one_counts_where_it_is_read(inputs, tmp_path, benchmark):
    write_atlas(tmp_path, [(a, 0) for a in CLASSES[:40]])
    before = Inputs("made-up", (benchmark,), 0, 2, tmp_path)
    known = {name: before.key(version=1, others=s.tables) for name, s in SECTIONS.items()}
    assert len({*known.values()}) == 1
    write_rivals(tmp_path, [(a, 0) for a in CLASSES[:40]], name=report.rivals.TABLE)
    after = Inputs("made-up", (benchmark,), 0, 2, tmp_path)
    changed = {name for name, s in SECTIONS.items() if after.key(version=1, others=s.tables) != known[name]}
    assert changed == {"rivals", "table-2", "claims", "combinations"}


def test_without_a_table_of_rivals_what_needs_no_network_is_recorded(benchmark, tmp_path):
    write_atlas(tmp_path, [(a, 0) for a in CLASSES])
    alone = report.rivals_compared(Inputs("made-up", (benchmark,), 0, 1, tmp_path))["agreements"]
    assert {"depth", "parameters", "rank_sum"} <= {*alone["predictor"]}
    assert "naswot" not in {*alone["predictor"]}


def test_rivals_are_on_every_data_set(written):
    found = read_record("rivals", written[0]).tables["agreements"]
    assert set(found["accuracy"]) == set(report.TEST)
    assert {"naswot", "log_synflow"} <= {*found["predictor"]}


@pytest.mark.parametrize("change", [{"seed": 1}, {"n_draws": 3}, {"name": "once"}])
def test_other_inputs_have_another_key(inputs, folder, benchmark, change):
    options = {"name": "made-up", "benchmarks": (benchmark,), "seed": 0, "n_draws": 2, "folder": folder}
    assert Inputs(**options).key(version=1) == inputs.key(version=1)
    assert Inputs(**options | change).key(version=1) != inputs.key(version=1)


def test_other_accuracies_have_another_key(inputs, folder, benchmark):
    table = benchmark.table.assign(cifar100_test_200=benchmark.table["cifar100_test_200"] / 2)
    other = Inputs("made-up", (replace(benchmark, table=table),), seed=0, n_draws=2, folder=folder)
    assert other.key(version=1) != inputs.key(version=1)


def test_a_section_of_another_version_is_computed_again(inputs, tmp_path, monkeypatch):
    for version, computed in ((1, True), (1, False), (2, True), (2, False)):
        section = Section(report.exclusive_sets, version=version)
        monkeypatch.setattr(report, "SECTIONS", {"exclusive-sets": section})
        assert [done for _, _, done in make_report(inputs, tmp_path)] == [computed]
        assert read_record("exclusive-sets", tmp_path).provenance["version"] == version


def test_committed_records_are_of_the_current_versions():
    for name, section in SECTIONS.items():
        assert read_record(name).provenance["version"] == section.version


def test_a_damaged_record_is_made_again(inputs, tmp_path, monkeypatch):
    monkeypatch.setattr(report, "SECTIONS", {"exclusive-sets": Section(report.exclusive_sets)})
    record_path("exclusive-sets", tmp_path).write_text("{", encoding="utf-8")
    assert [computed for _, _, computed in make_report(inputs, tmp_path)] == [True]
    assert read_record("exclusive-sets", tmp_path).tables["profiles"] is not None
    assert [computed for _, _, computed in make_report(inputs, tmp_path, force=True)] == [True]


def test_one_repeat_is_enough(folder, benchmark, tmp_path, monkeypatch):
    few = {"correlations": report.correlations, "exclusive-sets": report.exclusive_sets}
    monkeypatch.setattr(report, "SECTIONS", {name: Section(compute) for name, compute in few.items()})
    once = Inputs("once", (benchmark,), seed=0, n_draws=1, folder=folder)
    list(make_report(once, tmp_path))
    assert "redrawn_repeats" not in read_record("correlations", tmp_path).tables
    assert read_record("exclusive-sets", tmp_path).tables["stability"].empty


def test_a_benchmark_without_training_accuracies_is_refused(folder, tmp_path):
    poor = made_up_benchmark(without=("cifar10_train_acc_200",))
    with pytest.raises(TegnasError, match="needs the benchmark's own cifar10_train_acc_200; let TEGNAS_DATA"):
        list(make_report(Inputs("made-up", (poor,), 0, 1, folder), tmp_path))


def test_the_first_benchmark_that_has_a_column_gives_it(folder, benchmark):
    poor = made_up_benchmark(without=("cifar10_test_200", "cifar10_test_retrained"))
    joined = Inputs("once", (poor, benchmark), 0, 1, folder).table
    own = benchmark.column("cifar10_test_200")
    assert joined["cifar10_test_200"].tolist() == joined["architecture"].map(own).tolist()
    assert not joined["cifar10_train_acc_200"].isna().any()
