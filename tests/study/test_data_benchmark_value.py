import numpy as np
import pandas as pd
import pytest
from benchmark_files import EVERY

from tegnas_core.errors import TegnasError
from tegnas_study.data.benchmark import Benchmark
from tegnas_study.data.benchmark.value import COLUMN_NAMES, COLUMNS, checked_table


def rows(indices=(7, 3), **columns):
    texts = [str(EVERY[i]) if i < len(EVERY) else "" for i in indices]
    return pd.DataFrame({"architecture": texts, **columns}, index=list(indices))


def benchmark(**columns):
    return Benchmark("made-up", "Made up for a test.", checked_table(rows(**columns), what="the test"))


@pytest.fixture
def full():
    """Every column its own number: column k holds k and k + 0.5."""
    return benchmark(**{name: [k + 0.5, float(k)] for k, name in enumerate(COLUMN_NAMES)})


def test_names_are_unique_and_cover_the_compact_table():
    assert len(set(COLUMN_NAMES)) == len(COLUMN_NAMES) == 28


@pytest.mark.parametrize(
    ("dataset", "split", "epochs", "name"),
    [
        ("cifar10", "test", 200, "cifar10_test_200"),
        ("cifar10", "valid", 200, "cifar10_valid_valid_acc_200"),
        ("cifar10", "train", 200, "cifar10_train_acc_200"),
        ("cifar10-valid", "train", 200, "cifar10_valid_train_acc_200"),
        ("cifar10-valid", "valid", 200, "cifar10_valid_valid_acc_200"),
        ("cifar10-valid", "test", 200, "cifar10_valid_test_acc_200"),
        ("cifar100", "test", 200, "cifar100_test_200"),
        ("cifar100", "valid", 200, "cifar100_valid_200"),
        ("cifar100", "train", 200, "cifar100_train_acc_200"),
        ("ImageNet16-120", "test", 200, "imagenet16_120_test_200"),
        ("imagenet16-120", "Valid", 200, "imagenet16_120_valid_200"),
        ("ImageNet16-120", "train", 200, "imagenet16_120_train_acc_200"),
        ("cifar10", "test", 1, "cifar10_test_12_epoch_01"),
        ("CIFAR10", "test", 12, "cifar10_test_12_epoch_12"),
    ],
)
def test_accuracy_picks_the_column(full, dataset, split, epochs, name):
    accuracy = full.accuracy(dataset, split, epochs=epochs)
    k = COLUMN_NAMES.index(name)
    assert accuracy.name == name
    assert accuracy.to_dict() == {str(EVERY[3]): k, str(EVERY[7]): k + 0.5}  # in index order


def test_training_seconds_are_a_share_of_the_whole_run(full):
    for dataset in ("cifar10-valid", "cifar100", "ImageNet16-120"):
        whole = full.training_seconds(dataset)
        assert (whole == full.column(f"{dataset.lower().replace('-', '_')}_train_seconds_200")).all()
        assert full.training_seconds(dataset, epochs=1).to_numpy() == pytest.approx(whole.to_numpy() / 200)
    with pytest.raises(TegnasError, match="at least 1 epoch"):
        full.training_seconds(epochs=0)


def test_training_loss(full):
    assert full.training_loss().name == "cifar10_valid_train_loss_200"


def test_the_benchmark_s_own_training_comes_before_a_re_training():
    only = benchmark(cifar10_test_retrained=[80.0, 70.0])
    both = benchmark(cifar10_test_retrained=[80.0, 70.0], cifar10_test_200=[81.0, 71.0])
    assert only.accuracy().name == "cifar10_test_retrained"
    assert both.accuracy().name == "cifar10_test_200"


def test_what_is_missing_stays_missing():
    partial = benchmark(cifar100_test_200=[np.nan, 60.0])
    assert partial.available == ("cifar100_test_200",)
    assert partial.accuracy("cifar100").isna().tolist() == [False, True]
    assert partial.table[[c.name for c in COLUMNS if c.name != "cifar100_test_200"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (
            lambda b: b.accuracy("cifar100"),
            "made-up has no cifar100 test accuracy after 200 epochs; it has cifar10_",
        ),
        (lambda b: b.accuracy(epochs=50), "after 50 epochs; it has cifar10_test_200$"),
        (lambda b: b.accuracy("cifar10", "valid"), "no cifar10 valid accuracy"),
        (lambda b: b.training_seconds("cifar100"), "no cifar100 train seconds"),
        (lambda b: b.training_loss(), "no cifar10-valid train loss"),
        (lambda b: b.accuracy("mnist"), "unknown data set 'mnist'; choose one of cifar10, cifar10-valid"),
        (lambda b: b.accuracy("cifar10", "dev"), "unknown split 'dev'; choose one of train, valid, test"),
        (lambda b: b.column("architecture"), "has no 'architecture'"),
    ],
)
def test_what_is_not_there_is_said_with_what_is(ask, message):
    with pytest.raises(TegnasError, match=message):
        ask(benchmark(cifar10_test_200=[80.0, 70.0]))


def test_writing_to_an_answer_leaves_the_table_alone(full):
    answer = full.accuracy()
    answer.iloc[:] = 50.0
    assert (full.accuracy() == [0.0, 0.5]).all()


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (
            rows(cifar10_test_200=[101.0, 70.0]),
            "column cifar10_test_200 holds 101.0; it should be between 0 and 100",
        ),
        (rows(cifar10_test_200=[-1.0, 70.0]), "holds -1.0"),
        (rows(cifar10_test_200=[np.inf, 70.0]), "holds inf"),
        (rows(cifar10_valid_train_loss_200=[-0.1, 1.0]), "holds -0.1; it should be finite and not negative"),
        (rows(cifar100_train_seconds_200=[np.inf, 1.0]), "holds inf; it should be finite"),
        (rows(cifar10_test_200=["80", "70"]), "it should hold floats"),
        (rows((3, 3), cifar10_test_200=[80.0, 70.0]), "the test lists architecture 3 twice"),
        (rows((3, 15_625), cifar10_test_200=[80.0, 70.0]), "index 15625; it should be 0 … 15624"),
        (rows(cifar10_test_200=[80.0, 70.0]).rename({7: 8}), "calls architecture 8 '|"),
        (rows(), "the test holds no accuracy"),
        (rows(cifar10_test_200=[np.nan, np.nan]), "the test holds no accuracy"),
        (rows((), cifar10_test_200=[]), "has 0 architectures"),
    ],
)
def test_tables_that_cannot_be_believed_are_refused(table, message):
    with pytest.raises(TegnasError, match=message):
        checked_table(table, what="the test")
