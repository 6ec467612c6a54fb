"""Computations about κ, R and MSE: what `analysis.claims_record` recorded in every draw, looked up by name."""

from dataclasses import replace

import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_study.analysis.claims_record import TEST, VALID, Measured, Statistic
from tegnas_study.ledger.finding import DRAWS, Finding, exact
from tegnas_study.ledger.sources import Sources
from tegnas_study.tables.bootstrap import Estimate

_AMONG = {
    "all": "all 15,625 architectures",
    "classes": "each different cell once",
    "top tenth": "the tenth with the best test accuracy",
    "connected": "all connected architectures",
}
_DATA = {column: f"{name} test accuracy" for name, column in TEST.items()} | {
    "cifar10_train_acc_200": "CIFAR-10 training accuracy, 50,000 images",
    "cifar10_valid_train_acc_200": "CIFAR-10 training accuracy, 25,000 images",
    "cifar10_test_retrained": "re-trained CIFAR-10 test accuracy",
    VALID: "CIFAR-10 validation accuracy",
}
_WORDS = {"spec": "+.2f"}


def recorded(sources: Sources, statistic: Statistic) -> Measured:
    """Return a recorded number.

    Raises:
        TegnasError: When the record has no such number.
    """
    each, ends = (_chosen(sources.record.tables[name], statistic) for name in ("each", "intervals"))
    if ends.empty:
        raise TegnasError(f"nothing is recorded for {', '.join(filter(None, statistic))}; run tegnas atlas report")
    number = Estimate(*ends.iloc[0][["value", "low", "high"]].astype(float))
    return Measured(each.set_index("draw")["value"], number)


def _chosen(table: pd.DataFrame, statistic: Statistic) -> pd.DataFrame:
    for column, value in statistic._asdict().items():
        table = table[table[column].fillna("") == value]
    return table


def agreement(sources: Sources, *, predictor: str, accuracy: str, among: str = "all") -> Finding:
    """Return Kendall's τ of a predictor, turned so that larger is better, with an accuracy."""
    number = recorded(sources, Statistic("agreement", predictor, accuracy, among))
    return Finding(*number, DRAWS, f"{_AMONG[among]}, {_DATA[accuracy]}")


def agreement_of_three(sources: Sources, *, predictor: str, accuracy: str, turned: bool = True) -> Finding:
    """Return the same for averages over three draws, as the paper averages; turned=False keeps the sign of τ."""
    number = recorded(sources, Statistic("agreement of three", predictor, accuracy))
    if not turned:
        number = Measured(-number.each, -number.estimate)
    return Finding(*number, "averages of three draws", f"{_AMONG['all']}, {_DATA[accuracy]}")


def sum_above(sources: Sources, *, other: str, accuracy: str, among: str = "all") -> Finding:
    """Return by how much the sum of ranks agrees more with an accuracy than another predictor."""
    number = recorded(sources, Statistic("sum of ranks above", other, accuracy, among))
    return Finding(*number, DRAWS, f"{_AMONG[among]}, {_DATA[accuracy]}", **_WORDS)


def training_above_test(sources: Sources, *, predictor: str, protocol: str, among: str = "all") -> Finding:
    """Return by how much a predictor agrees more with training than with test accuracy."""
    number = recorded(sources, Statistic("training above test", predictor, protocol, among))
    return Finding(*number, DRAWS, f"{_AMONG[among]}, CIFAR-10, {protocol}", spec="+.3f")


def test_above_training(sources: Sources, *, predictor: str, protocol: str, among: str = "all") -> Finding:
    """Return by how much a predictor agrees more with test than with training accuracy."""
    found = training_above_test(sources, predictor=predictor, protocol=protocol, among=among)
    return replace(found, each=-found.each, estimate=-found.estimate)


def mse_above(sources: Sources, *, control: str) -> Finding:
    """Return by how much MSE agrees more with test accuracy than one of its controls."""
    number = recorded(sources, Statistic("MSE above", control, TEST["CIFAR-10"], "connected"))
    return Finding(*number, DRAWS, f"{_AMONG['connected']}, {_DATA[TEST['CIFAR-10']]}", spec="+.3f")


def set_gap(sources: Sources, *, quantity: str, first: str, second: str) -> Finding:
    """Return by how much the mean of a quantity is larger in one exclusive set than in another, or in all."""
    number = recorded(sources, Statistic(f"{quantity} above", first, "", second))
    return Finding(*number, DRAWS, "the exclusive sets of the whole space", **_WORDS)


def none_replaced(sources: Sources, *, share: str, replacement: str, accuracy: str = TEST["CIFAR-10"]) -> Finding:
    """Return a share of the cells in which a `none` is replaced, or a number of cases."""
    number = recorded(sources, Statistic(f"none replaced: {share}", replacement, accuracy))
    spec = ",.0f" if share == "cases" else "+.0%" if share == "either above chance" else ".0%"
    return Finding(*number, DRAWS, f"every none of a connected cell, {_DATA[accuracy]}", spec=spec)


def benchmark_accuracy(sources: Sources, *, of: str, accuracy: str) -> Finding:
    """Return an accuracy of the benchmark: its optimum, or that of the cell of skips."""
    value = recorded(sources, Statistic("accuracy", of, accuracy)).estimate.value
    return exact(value, f"the benchmark's own {_DATA[accuracy]}")


def best_of_25(sources: Sources, *, accuracy: str) -> Finding:
    """Return the accuracy of the best of 25 random architectures by jacob-cov."""
    number = recorded(sources, Statistic("best of 25", "jacob_cov", accuracy))
    return Finding(*number, "averages of three draws", "means of four searches", suffix=" %")
