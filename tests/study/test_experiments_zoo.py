"""The zoo has the networks it should have, and goes on where it stopped."""

import pandas as pd
import pytest
from small_source import small_source

from tegnas_core.errors import TegnasError
from tegnas_core.spaces import NAMED
from tegnas_study.experiments import trained_a_little, zoo
from tegnas_study.tables.zoo import read_trained_a_little, read_zoo


@pytest.fixture(scope="module")
def members():
    return [*zoo.cells_of_nas_bench_201(32, seed=0), *zoo.genotypes(24)]


def test_cells_lie_over_the_whole_range_and_genotypes_are_those_that_were_promised(members):
    accuracy = zoo.load_benchmark("analog").accuracy("cifar10")
    cells = [str(member.architecture) for member in members if member.space == "nas-bench-201"]
    assert len(cells) == 32 and accuracy[cells[0]] < 82 and accuracy[cells[-1]] > 93
    assert accuracy[cells].rank().corr(pd.Series(range(32), index=cells)) > 0.99
    genotypes = [member for member in members if member.space == "darts"]
    groups = pd.Series([member.group for member in genotypes]).value_counts()
    assert groups.to_dict() == {"random": 24, "found": 8, "paper": 3, "all 5×5": 3, "named": 3}
    assert NAMED["DARTS_V2"] in {member.architecture for member in genotypes}
    everything = {(member.space, str(member.architecture)) for member in members}
    assert len(everything) == len(members)
    assert {operation for m in genotypes if m.group == "all 5×5" for operation, _ in m.architecture.normal} == {
        "sep_conv_5x5"
    }


def test_every_network_is_trained_and_a_third_twice_evenly_in_any_beginning(members):
    jobs = zoo.jobs(members, seed=0)
    assert {member for member, seed in jobs if seed == 0} == set(members)
    for space, twice in (("nas-bench-201", 11), ("darts", 14)):
        assert sum(member.space == space and seed == 1 for member, seed in jobs) == twice
    for n in range(8, len(jobs), 5):
        share = sum(member.space == "darts" for member, _ in jobs[:n]) / n
        assert 0.4 < share < 0.7
    assert jobs == zoo.jobs(members, seed=0) != zoo.jobs(members, seed=1)


@pytest.fixture(scope="module")
def source():
    return small_source(size=16, n=48)


def test_a_run_goes_on_where_it_stopped_and_refuses_another_size(tmp_path, source, members):
    todo = [(members[20], 0), (members[20], 1), (members[0], 0)]
    how = {"command": "made here", "size": "quick", "epochs": 1}
    path = tmp_path / "zoo.parquet"
    first = zoo.measure(todo[:1], source, path, **how)
    table = zoo.measure(todo, source, path, **how)
    pd.testing.assert_frame_equal(table.iloc[: len(first)], first)
    assert table.groupby(["architecture", "seed"]).ngroups == 3
    stored, facts = read_zoo(path)
    assert len(stored) == len(table) and facts["protocols"]["darts"]["epochs"] == 1
    row = stored.iloc[0]
    assert row["full_parameters"] > 10 * row["parameters"] and row["full_flops"] > row["full_parameters"]
    with pytest.raises(TegnasError, match="other protocols"):
        zoo.measure(todo, source, path, command="", size="quick", epochs=2)


def test_indicators_are_measured_before_and_after_an_epoch(tmp_path, source, members):
    how = {"n_epochs": 1, "n_images": 8, "command": "made here", "size": "quick"}
    path = tmp_path / "little.parquet"
    table = trained_a_little.measure(members[20:21], source, path, **how)
    assert table["epoch"].tolist() == [0, 1] and table["test_accuracy"].isna().tolist() == [True, False]
    assert (table["condition_number"] >= 1).all() and table["condition_number"].nunique() == 2
    assert table["linear_regions"].between(2, 48).all() and table["label_gradient_alignment"].between(-1, 1).all()
    again = trained_a_little.measure(members[20:21], source, path, **how)
    pd.testing.assert_frame_equal(again, read_trained_a_little(path)[0])
    with pytest.raises(TegnasError, match="other n_images"):
        trained_a_little.measure(members[:1], source, path, **{**how, "n_images": 9})
