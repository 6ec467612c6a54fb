import itertools
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
from benchmark_files import ATTACKS, EVERY, analog_record, attacks
from hostile_bytes import BUSY, one_line_or_nothing, refused
from hypothesis import given
from hypothesis import strategies as st

from tegnas_core.errors import TegnasError
from tegnas_core.spaces.architecture import Architecture
from tegnas_core.spaces.structure import is_connected
from tegnas_study.data.benchmark.analog import find_analog, load_analog
from tegnas_study.data.benchmark.table import load_table
from tegnas_study.data.benchmark.value import COLUMN_NAMES
from tegnas_study.paths import data_root

pytestmark = pytest.mark.slow

ONE = (3, 2, 0, 1, 4, 2)


@pytest.fixture(scope="module")
def packaged():
    return load_analog(find_analog())


def write(path, content):
    path.write_bytes(pickle.dumps(content))
    return path


@pytest.mark.slow
def test_the_package_is_read_but_not_imported():
    code = (
        "import sys; from tegnas_study.data.benchmark import load_benchmark; load_benchmark('analog');"
        "print(*sorted({'analognasbench', 'pkg_resources', 'torch'} & set(sys.modules)))"
    )
    environment = {name: value for name, value in os.environ.items() if name != "TEGNAS_DATA"}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert run.stdout.strip() == ""


def test_the_packaged_table_has_every_architecture_and_one_column(packaged):
    assert list(packaged.table["architecture"]) == [str(architecture) for architecture in EVERY]
    assert list(packaged.table.columns) == ["architecture", *COLUMN_NAMES]
    assert packaged.available == ("cifar10_test_retrained",)
    assert packaged.accuracy("cifar10").name == "cifar10_test_retrained"
    assert "independent re-training" in packaged.description
    assert "\n" not in packaged.description


def test_the_order_of_edges_agrees_with_what_cannot_learn(packaged):
    """Without a path from input to output accuracy is chance, 10 %; with one it is not."""
    accuracy = packaged.accuracy("cifar10").to_numpy()
    connected = np.array([is_connected(architecture) for architecture in EVERY])
    assert (~connected).sum() == 341
    assert (accuracy[~connected] == 10.0).all()
    assert (accuracy[connected] > 10.5).all()


def test_the_order_of_operations_agrees_with_what_is_known(packaged):
    """Cells of one operation: 3×3 convolutions beat 1×1, which beat pooling."""
    accuracy = dict(zip(EVERY, packaged.accuracy("cifar10"), strict=True))
    best_first = ("nor_conv_3x3", "nor_conv_1x1", "avg_pool_3x3", "none")
    ordered = [accuracy[Architecture((operation,) * 6)] for operation in best_first]
    assert ordered == sorted(ordered, reverse=True)


def test_the_order_of_edges_agrees_with_the_benchmark(packaged):
    table = data_root() / "nas_bench_201.parquet" if data_root() else None
    if table is None or not table.is_file():
        pytest.skip("needs nas_bench_201.parquet in the folder TEGNAS_DATA")
    own, retrained = load_table(table).accuracy("cifar10"), packaged.accuracy("cifar10")
    assert own.name == "cifar10_test_200"
    assert own.corr(retrained, method="kendall") == pytest.approx(0.926, abs=0.001)
    assert own.corr(retrained) == pytest.approx(0.9994, abs=0.0001)


@pytest.mark.slow
def test_a_file_written_by_the_package_s_classes_is_read(tmp_path):
    keys = list(itertools.product(range(5), repeat=6))
    accuracies = {key: 10.0 + 80.0 * i / len(keys) for i, key in enumerate(keys)}
    path = write(tmp_path / "data.anb", {key: analog_record(key, accuracies[key]) for key in keys})
    loaded = load_analog(path).accuracy("cifar10")
    architecture = "|nor_conv_1x1~0|+|nor_conv_3x3~0|none~1|+|skip_connect~0|avg_pool_3x3~1|nor_conv_3x3~2|"
    assert loaded[architecture] == accuracies[3, 2, 0, 1, 4, 2]
    assert sorted(loaded) == sorted(accuracies.values())


@pytest.mark.parametrize("where", ["alone", "in the dictionary", "in a record"])
@pytest.mark.parametrize("name", ATTACKS)
def test_hostile_files_are_refused_and_run_nothing(name, where, tmp_path):
    marker = tmp_path / "marker"
    attack = attacks(marker)[name]
    content = {
        "alone": attack,
        "in the dictionary": {ONE: analog_record(ONE, 90.0), "more": attack},
        "in a record": {ONE: analog_record(ONE, 90.0, ptq_accuracy=attack)},
    }[where]
    with pytest.raises(TegnasError, match=r"the analog-nasbench file data\.anb is refused: it asks for"):
        load_analog(write(tmp_path / "data.anb", content))
    assert not marker.exists()


def test_modules_that_the_package_happens_to_import_are_refused(tmp_path):
    """`analognasbench.data` imports os: a list of allowed modules would let `os.system` through."""
    marker, path = tmp_path / "marker", tmp_path / "data.anb"
    command = f"touch {marker}".encode()
    call = b"\x8c\x13analognasbench.data\x8c\x09os.system\x93\x8c" + bytes([len(command)]) + command + b"\x85R."
    path.write_bytes(b"\x80\x04" + call)
    with pytest.raises(TegnasError, match=r"analognasbench\.data\.os\.system"):
        load_analog(path)
    assert not marker.exists()


@pytest.mark.slow
def test_a_file_cannot_leave_anything_behind_for_the_next(tmp_path):
    """A pickle may set attributes of a class it is allowed; the next file must get an untouched one."""
    path = tmp_path / "data.anb"
    # Architecture.__setstate__ = Architecture, which would break every later record
    names = b"\x8c\x13analognasbench.data\x8c\x0cArchitecture\x93\x94"
    path.write_bytes(b"\x80\x04" + names + b"N}\x8c\x0c__setstate__h\x00s\x86b.")
    with pytest.raises(TegnasError, match=r"data\.anb is damaged"):
        load_analog(path)
    assert len(load_analog(find_analog())) == 15_625


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([1, 2], "holds a list; it should hold a dictionary"),
        ({ONE: 90.0}, "no baseline_accuracy"),
        ({ONE: analog_record(ONE, "90")}, "no baseline_accuracy"),
        ({ONE: analog_record(ONE, 90.0)}, "does not hold exactly the 15,625"),
        (
            {key: analog_record(ONE, 101.0) for key in itertools.product(range(5), repeat=6)},
            "holds 101.0; it should",
        ),
    ],
    ids=["a list", "no record", "a text", "one architecture", "more than 100 %"],
)
def test_other_content_is_refused(content, message, tmp_path):
    with pytest.raises(TegnasError, match=message):
        load_analog(write(tmp_path / "data.anb", content))


def test_a_truncated_file_is_refused(tmp_path):
    path = tmp_path / "data.anb"
    path.write_bytes(find_analog().read_bytes()[:100_000])
    with pytest.raises(TegnasError, match="damaged"):
        load_analog(path)


@pytest.mark.parametrize("name", BUSY)
@pytest.mark.slow
@pytest.mark.long
def test_what_would_keep_the_default_loader_busy_is_refused_at_once(name, tmp_path):
    path = tmp_path / "data.anb"
    path.write_bytes(BUSY[name])
    assert refused(load_analog, path, seconds=6.0).startswith("the analog-nasbench file data.anb ")


RECORDS = pickle.dumps({ONE: analog_record(ONE, 90.0)}, protocol=4)


@given(st.integers(0, len(RECORDS) - 1), st.binary(min_size=1, max_size=4))
def test_scrambled_files_never_raise_anything_else(tmp_path_factory, where, change):
    path = tmp_path_factory.mktemp("scrambled") / "data.anb"
    path.write_bytes(RECORDS[:where] + change + RECORDS[where + len(change) :])
    one_line_or_nothing(load_analog, path)
