"""Numbers of papers beside ours: the same statistic, over all cells and over each function once."""

import pytest
from made_up_atlas import SPACE, made_up_benchmark, write_atlas, write_newer_rivals
from scipy import stats

from tegnas_core.errors import TegnasError
from tegnas_study.analysis.combinations import NAMED
from tegnas_study.analysis.papers import PRINTED, STATISTICS, beside_papers, protocols
from tegnas_study.analysis.rivals import BENCHMARK_TABLE
from tegnas_study.analysis.subsets import oriented, with_predictors
from tegnas_study.tables.atlases import MISSING, atlas
from tegnas_study.tables.frames import join_accuracies


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("atlas")
    classes = SPACE.classes()[:400]
    write_atlas(folder, [(a, 0) for a in classes], name="teg-cifar10")
    write_newer_rivals(folder, classes[:300], name=BENCHMARK_TABLE)
    return folder


@pytest.fixture(scope="module")
def table(folder):
    return join_accuracies(atlas(folder=folder), made_up_benchmark())


def test_ours_are_the_same_statistics_over_the_cells_that_were_evaluated(table, folder):
    found = beside_papers(table, folder=folder).set_index(["indicator", "statistic"])
    known = with_predictors(table)
    own = atlas(BENCHMARK_TABLE, folder=folder).loc[known.index]
    strings = known.assign(**own.filter(regex="^(meco|az_)"))[own["status"] != MISSING]
    once = strings.drop_duplicates("representative")
    assert len(once) == 300
    for words, rows in (("all cells", strings), ("each function once", once)):
        accuracy = rows["test_accuracy"]
        rho = stats.spearmanr(oriented(rows, "meco"), accuracy).statistic
        tau = stats.kendalltau(NAMED["AZ-NAS"].of(rows), accuracy).statistic
        assert found.loc[("MeCo", "Spearman's ρ"), words] == pytest.approx(rho)
        assert found.loc[("AZ-NAS", "Kendall's τ"), words] == pytest.approx(tau)


def test_what_is_printed_is_quoted_with_its_source(table, folder):
    found = beside_papers(table, folder=folder)
    assert found.attrs["cells"]["each function once"] == 300 < found.attrs["cells"]["all cells"]
    assert found["printed"].tolist() == [one.value for one in PRINTED]
    assert set(found["statistic"]) <= set(STATISTICS.values()) and found["source"].str.contains("20").all()


def test_each_indicator_says_how_its_number_was_obtained():
    found = protocols().set_index("indicator")
    assert set(found.index) == {one.name for one in PRINTED} and found.index.is_unique
    assert found.map(bool).all(axis=None)
    assert found.loc["AZ-NAS", "cells"] == found.loc["MeCo", "cells"] == "all 15,625"


def test_without_the_table_it_says_so(table, tmp_path):
    with pytest.raises(TegnasError, match=BENCHMARK_TABLE):
        beside_papers(table, folder=tmp_path)
