"""Networks are compared over the architectures that both have, and nothing else differs."""

import numpy as np
import pytest
from made_up_atlas import SPACE, made_up_benchmark, made_up_row, write_atlas, write_rivals, write_rows
from scipy import stats

from tegnas_core.settings import make_settings
from tegnas_study.analysis import networks
from tegnas_study.analysis.rivals import MEASURED, TABLE
from tegnas_study.tables.atlases import MISSING, atlas
from tegnas_study.tables.ranking import TEG


def test_networks_are_compared_on_the_same_architectures(tmp_path):
    sample = SPACE.sample_many(60, seed=0)
    classes = tuple(dict.fromkeys(SPACE.representative(a) for a in sample))
    accuracy = made_up_benchmark().accuracy("cifar10")
    write_rivals(tmp_path, [(a, r) for a in classes for r in (0, 1)], name=TABLE)
    alone = networks.network_agreements(accuracy, tmp_path, seed=0, n_draws=2)
    assert [*alone] == ["proxy"]
    write_rivals(tmp_path, [(a, 0) for a in classes[:40]], name="rivals-benchmark-cifar10-sample")
    both = networks.network_agreements(accuracy, tmp_path, seed=0, n_draws=2)
    assert [*both] == ["proxy", "benchmark's network, default weights"]
    assert both["proxy"].value.equals(alone["proxy"].value)  # what another network lacks takes nothing from it
    other = both["benchmark's network, default weights"].value
    assert other["n"] == 40 < both["proxy"].value["n"]
    names = [name for name in MEASURED if name in other.index]
    assert names
    for name in names:  # the made-up numbers are the same, and so are the architectures
        assert other[name] == pytest.approx(other[f"proxy: {name}"])


def test_the_three_are_compared_on_the_same_architectures_too(tmp_path):
    classes = tuple(dict.fromkeys(SPACE.representative(a) for a in SPACE.sample_many(60, seed=0)))
    accuracy = made_up_benchmark().accuracy("cifar10")
    proxy, own = networks.TEG_NETWORKS.values()
    write_atlas(tmp_path, [(a, r) for a in classes for r in (0, 1)], name=proxy)
    rows = [made_up_row(a, 0, make_settings("teg")) for a in classes[:40]]
    random = np.random.default_rng(0).uniform(1, 2, len(rows))
    rows = [{**row, "condition_number": k} for row, k in zip(rows, random, strict=True)]  # another network's
    write_rows(tmp_path, rows, name=own)
    found = networks.teg_network_agreements(accuracy, tmp_path, seed=0, n_draws=2).value
    assert set(found.index) == {"n", *(f"{side}{name}" for side in ("", "proxy: ") for name in (*TEG, "rank_sum"))}
    assert found["n"] == 40
    for name in ("linear_regions", "regression_error"):  # the made-up numbers are the same
        assert found[name] == pytest.approx(found[f"proxy: {name}"]) and abs(found[name]) > 0.1
    rows = atlas(own, repeats=1, folder=tmp_path)
    first = rows[rows["status"] != MISSING].drop_duplicates("representative")
    told = stats.kendalltau(first["condition_number"], first["architecture"].map(accuracy))
    assert found["condition_number"] == pytest.approx(-told.statistic)
    assert found["condition_number"] != pytest.approx(found["proxy: condition_number"])
    assert found["rank_sum"] != pytest.approx(found["proxy: rank_sum"])
