import bz2
import os
import pickle
import zipfile

import numpy as np
import pandas as pd
import pytest
from benchmark_files import (
    ATTACKS,
    EVERY,
    SEEDS,
    attacks,
    states,
    value,
    write_nats,
    write_pbz2,
    write_pth,
)
from hostile_bytes import BUSY, one_line_or_nothing, refused
from hypothesis import given, settings
from hypothesis import strategies as st

from tegnas_core.errors import TegnasError
from tegnas_study.data.benchmark import official_files
from tegnas_study.data.benchmark.official import load_nas_bench_201, load_nats_bench
from tegnas_study.data.benchmark.value import COLUMN_NAMES

INDICES = (284, 0, 11)
FORMATS = ("pth", "pth before PyTorch 1.6", "nats")


@pytest.fixture(scope="module", params=FORMATS)
def benchmark(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("official")
    if request.param == "nats":
        return load_nats_bench(write_nats(folder / "NATS-tss", INDICES))
    return load_nas_bench_201(write_pth(folder / "small.pth", INDICES, legacy=request.param != "pth"))


def mean(index, protocol, images, epoch):
    return np.mean([value(index, protocol, images, epoch, seed) for seed in SEEDS[protocol]])


@pytest.mark.parametrize(
    ("column", "question"),
    [
        ("cifar10_test_200", ("cifar10", "ori-test", 199)),
        ("cifar100_test_200", ("cifar100", "x-test", 199)),
        ("imagenet16_120_test_200", ("ImageNet16-120", "x-test", 199)),
        ("cifar10_valid_train_acc_200", ("cifar10-valid", "train", 199)),
        ("cifar10_valid_valid_acc_200", ("cifar10-valid", "x-valid", 199)),
        ("cifar10_valid_test_acc_200", ("cifar10-valid", "ori-test", 199)),
        ("cifar10_train_acc_200", ("cifar10", "train", 199)),
        ("cifar100_train_acc_200", ("cifar100", "train", 199)),
        ("cifar100_valid_200", ("cifar100", "x-valid", 199)),
        ("imagenet16_120_valid_200", ("ImageNet16-120", "x-valid", 199)),
        ("imagenet16_120_train_acc_200", ("ImageNet16-120", "train", 199)),
        *((f"cifar10_test_12_epoch_{epoch:02d}", ("cifar10", "ori-test", epoch - 1)) for epoch in range(1, 13)),
    ],
)
def test_accuracies_are_means_over_the_seeds(benchmark, column, question):
    expected = [mean(index, *question) for index in sorted(INDICES)]
    assert benchmark.column(column).to_numpy() == pytest.approx(expected)


def test_losses_and_times(benchmark):
    expected = [mean(index, "cifar10-valid", "train", 199) / 100 for index in sorted(INDICES)]
    assert benchmark.training_loss().to_numpy() == pytest.approx(expected)
    for dataset, seeds in SEEDS.items():
        if dataset != "cifar10":
            seconds = benchmark.training_seconds(dataset).to_numpy()
            assert seconds == pytest.approx(200 * np.mean([2.0 + seed for seed in seeds]))


def test_the_table_is_the_one_of_every_loader(benchmark):
    assert list(benchmark.table.columns) == ["architecture", *COLUMN_NAMES]
    assert list(benchmark.table.index) == sorted(INDICES)
    assert set(COLUMN_NAMES) - set(benchmark.available) == {"cifar10_test_retrained"}
    assert "200 epochs, mean over the benchmark's seeds" in benchmark.description
    assert "\n" not in benchmark.description


def test_what_an_architecture_lacks_is_nan(tmp_path):
    both = states("nas_201_api", 11)
    del both["200"]["dataset_seed"]["cifar100"]
    for trial in both["200"]["all_results"].values():
        trial["train_times"] = None
    table = load_nas_bench_201(
        write_pth(tmp_path / "a.pth", (11,), infos={11: {"less": both["12"], "full": both["200"]}})
    ).table
    lacking = table.columns[table.isna().any()]
    assert set(lacking) == {
        *("cifar100_test_200", "cifar100_valid_200", "cifar100_train_acc_200", "cifar10_test_retrained"),
        *(
            "cifar10_valid_train_seconds_200",
            "cifar100_train_seconds_200",
            "imagenet16_120_train_seconds_200",
        ),
    }


def test_one_seed_without_a_measurement_does_not_become_a_mean_of_the_others(tmp_path):
    both = states("nats_bench", 11)
    del both["200"]["all_results"]["cifar100", 888]["eval_acc1es"]["x-test@199"]
    folder = write_nats(tmp_path / "nats", ())
    write_pbz2(folder / "000011.pickle.pbz2", both)
    benchmark = load_nats_bench(folder)
    assert benchmark.table["cifar100_test_200"].isna().all()
    assert benchmark.table["cifar100_valid_200"].notna().all()


def test_a_state_cannot_replace_the_package_s_methods(tmp_path):
    both = states("nats_bench", 11)
    honest, replaced = write_nats(tmp_path / "a", (11,)), write_nats(tmp_path / "b", ())
    both["200"]["get_metrics"] = both["200"]["all_results"]["cifar10", 777]["get_eval"] = "replaced"
    write_pbz2(replaced / "000011.pickle.pbz2", both)
    pd.testing.assert_frame_equal(load_nats_bench(honest).table, load_nats_bench(replaced).table)


# hostile files


@pytest.mark.parametrize("legacy", [False, True], ids=["zip", "legacy"])
@pytest.mark.parametrize("where", ["an architecture", "a state", "a trial", "beside"])
@pytest.mark.parametrize("name", ATTACKS)
def test_hostile_pth_files_are_refused_and_run_nothing(name, where, legacy, tmp_path, monkeypatch):
    # PyTorch's own switch back to plain pickle must not matter
    monkeypatch.setenv("TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD", "1")
    marker = tmp_path / "marker"
    path = write_pth(tmp_path / "evil.pth", (), infos=hostile(where, attacks(marker)[name]), legacy=legacy)
    with pytest.raises(TegnasError, match=r"file evil\.pth is refused: it asks for '[\w.]+', which"):
        load_nas_bench_201(path)
    assert not marker.exists()


def hostile(where, attack):
    state = {"arch_index": 0, "all_results": {}, "dataset_seed": {}}
    if where == "a trial":
        state["all_results"]["cifar10", 777] = {"train_acc1es": {199: attack}}
    infos = {0: {"less": state, "full": attack if where == "a state" else state}}
    if where == "an architecture":
        infos[1] = attack
    elif where == "beside":
        infos["more"] = [0.5, (attack,)]
    return infos


@pytest.mark.parametrize("where", ["meta", "an architecture", "a state", "a trial"])
@pytest.mark.parametrize("name", ATTACKS)
def test_hostile_nats_files_are_refused_and_run_nothing(name, where, tmp_path):
    marker = tmp_path / "marker"
    attack = attacks(marker)[name]
    folder = write_nats(tmp_path / "nats", ())
    file = folder / ("meta.pickle.pbz2" if where == "meta" else "000000.pickle.pbz2")
    state = {"all_results": {("cifar10", 777): {"train_acc1es": {199: attack}}}}
    content = {
        "meta": {"meta_archs": [str(EVERY[0])], "more": attack},
        "an architecture": attack,
        "a state": {"12": {}, "200": attack},
        "a trial": {"200": state},
    }[where]
    write_pbz2(file, content)
    with pytest.raises(TegnasError, match=rf"{file.name} is refused: it asks for '[\w.]+', which"):
        load_nats_bench(folder)
    assert not marker.exists()


@pytest.mark.parametrize("kind", ["pth", "nats"])
def test_a_state_that_is_the_path_of_another_pickle_is_refused(kind, tmp_path):
    """The packages' `create_from_state_dict` would load it, nats-bench with plain pickle."""
    marker, other = tmp_path / "marker", tmp_path / "other.pickle.pbz2"
    write_pbz2(other, attacks(marker)["os.system"])
    if kind == "pth":
        infos = {0: {"less": str(other), "full": str(other)}}
        with pytest.raises(TegnasError, match="has no less where the official layout has a dict"):
            load_nas_bench_201(write_pth(tmp_path / "a.pth", (), infos=infos))
    else:
        folder = write_nats(tmp_path / "nats", ())
        write_pbz2(folder / "000000.pickle.pbz2", {"12": str(other), "200": str(other)})
        with pytest.raises(TegnasError, match="architecture 0: not the layout of the official files"):
            load_nats_bench(folder)
    assert not marker.exists()


def test_a_file_that_unpacks_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(official_files, "_MAX_BYTES", 1000)
    folder = tmp_path / "nats"
    folder.mkdir()
    write_pbz2(folder / "meta.pickle.pbz2", {"meta_archs": ["x" * 2000]})
    with pytest.raises(TegnasError, match="unpacks to more than the 1,000 bytes"):
        load_nats_bench(folder)


# damaged files


def test_damaged_pth_files_are_refused(tmp_path):
    path = tmp_path / "a.pth"
    for legacy in (False, True):
        whole = write_pth(path, (0,), legacy=legacy).read_bytes()
        for data in (b"", b"hello", whole[:100], whole[: len(whole) // 2], pickle.dumps([1.0], protocol=2)):
            path.write_bytes(data)
            with pytest.raises(
                TegnasError, match=r"^the NAS-Bench-201 file a\.pth (is damaged|has no meta_archs)"
            ):
                load_nas_bench_201(path)


@pytest.mark.parametrize(
    ("infos", "message"),
    [
        ({}, "has 0 architectures"),
        ({0: [1.0]}, "has no less where"),
        ({0: {"less": {}, "full": {}}}, "architecture 0: not the layout"),
        ({"0": {"less": {}, "full": {}}}, "an architecture '0' that meta_archs does not list"),
        ({300: {"less": {}, "full": {}}}, "an architecture 300 that"),
    ],
)
def test_other_layouts_are_refused(infos, message, tmp_path):
    with pytest.raises(TegnasError, match=message):
        load_nas_bench_201(write_pth(tmp_path / "a.pth", (), infos=infos))


def test_accuracies_that_cannot_be_are_refused(tmp_path):
    both = states("nas_201_api", 0)
    both["200"]["all_results"]["cifar10", 777]["eval_acc1es"]["ori-test@199"] = 100.5
    infos = {0: {"less": both["12"], "full": both["200"]}}
    with pytest.raises(TegnasError, match=r"cifar10_test_200 holds 100\.5; it should be between 0 and 100"):
        load_nas_bench_201(write_pth(tmp_path / "a.pth", (), infos=infos))


def test_damaged_nats_folders_are_refused(tmp_path):
    folder = write_nats(tmp_path / "nats", (0,))
    file = folder / "000000.pickle.pbz2"
    whole = file.read_bytes()
    for data in (b"", whole[:50], whole[: len(whole) // 2], b"hello"):
        file.write_bytes(data)
        with pytest.raises(TegnasError, match=r"^000000\.pickle\.pbz2 is damaged"):
            load_nats_bench(folder)
    (folder / "meta.pickle.pbz2").unlink()
    with pytest.raises(TegnasError, match=r"^the folder nats has no meta\.pickle\.pbz2"):
        load_nats_bench(folder)


def test_names_in_another_order_are_refused(tmp_path):
    folder = write_nats(tmp_path / "nats", (0, 1))
    names = [str(EVERY[i]) for i in (1, 0)]
    write_pbz2(folder / "meta.pickle.pbz2", {"meta_archs": names})
    with pytest.raises(TegnasError, match="calls architecture 0 "):
        load_nats_bench(folder)


# files that would keep a reader busy


@pytest.mark.parametrize("name", BUSY)
@pytest.mark.slow
@pytest.mark.long
def test_busy_nats_files_are_refused_at_once(name, tmp_path):
    folder = tmp_path / "nats"
    folder.mkdir()
    with bz2.open(folder / "meta.pickle.pbz2", "wb") as file:
        file.write(BUSY[name])
    assert refused(load_nats_bench, folder).startswith("meta.pickle.pbz2 ")


@pytest.mark.parametrize("name", BUSY)
@pytest.mark.slow
@pytest.mark.long
def test_busy_pth_files_are_refused_at_once(name, tmp_path):
    path = tmp_path / "a.pth"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/data.pkl", BUSY[name])
    assert refused(load_nas_bench_201, path, seconds=8.0).startswith("the NAS-Bench-201 file a.pth ")


def test_a_bomb_of_zeros_is_refused_at_once(tmp_path):
    path = tmp_path / "a.pth"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/data.pkl", bytes(2**26))
    assert refused(load_nas_bench_201, path).endswith("its data.pkl is packed, which PyTorch never does")


def test_a_file_of_nothing_but_holes_is_refused_at_once(tmp_path):
    path = tmp_path / "a.pth"
    with path.open("wb") as file:
        file.truncate(2**32)
    assert "damaged" in refused(load_nas_bench_201, path)
    os.truncate(path, 2**34)
    assert "expected at most" in refused(load_nas_bench_201, path)


@pytest.mark.parametrize("member", ["a/other.pkl", "data.pkl", "a/b/data.pkl"])
def test_another_zip_archive_is_refused(member, tmp_path):
    path = tmp_path / "a.pth"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, pickle.dumps({}))
    assert "without one data.pkl" in refused(load_nas_bench_201, path)


def test_an_architecture_of_very_many_trials_is_refused(tmp_path):
    both = states("nats_bench", 11)
    both["200"]["dataset_seed"]["cifar10"] = [777] * 100_000
    folder = write_nats(tmp_path / "nats", ())
    write_pbz2(folder / "000011.pickle.pbz2", both)
    assert "architecture 11: not the layout" in refused(load_nats_bench, folder)


@pytest.mark.parametrize("names", [["x", ["x"]], [None]])
def test_names_that_are_no_text_are_refused(names, tmp_path):
    folder = write_nats(tmp_path / "nats", (0,))
    write_pbz2(folder / "meta.pickle.pbz2", {"meta_archs": names})
    assert "that are no text" in refused(load_nats_bench, folder)


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sound")
    write_nats(folder / "nats", ())
    path = write_pth(folder / "a.pth", (), infos={0: {"less": {}, "full": {}}})
    old = write_pth(folder / "old.pth", (), infos={0: {"less": {}, "full": {}}}, legacy=True)
    return folder, path.read_bytes(), old.read_bytes(), pickle.dumps(states("nats_bench", 0)["12"])


@settings(max_examples=50)
@given(st.sampled_from(["pth", "old", "nats"]), st.floats(0, 1), st.binary(min_size=1, max_size=4))
def test_scrambled_files_never_raise_anything_else(sound, kind, where, change):
    folder, new, old, state = sound
    data = bytearray({"pth": new, "old": old, "nats": state}[kind])
    begin = int(where * (len(data) - 1))
    data[begin : begin + len(change)] = change
    if kind == "nats":
        with bz2.open(folder / "nats" / "000000.pickle.pbz2", "wb", compresslevel=1) as file:
            file.write(data)
        one_line_or_nothing(load_nats_bench, folder / "nats")
    else:
        (folder / "scrambled.pth").write_bytes(data)
        one_line_or_nothing(load_nas_bench_201, folder / "scrambled.pth")
