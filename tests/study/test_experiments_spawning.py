"""A search that is spawned: its children have all of their parent but its randomness."""

import copy

import numpy as np
import pytest

from tegnas_core.errors import TegnasError
from tegnas_core.search import search
from tegnas_core.spaces import Darts
from tegnas_study.experiments.memory import Memory
from tegnas_study.experiments.methods import make_method
from tegnas_study.experiments.request import make_request
from tegnas_study.experiments.run import run_search
from tegnas_study.experiments.spawning import SpawnPlan, mean_code, spawn, spawned

SMALL = {"nas-bench-201": {"source": "atlas"}, "darts": {"source": "live"}}
PLAN = SpawnPlan(at=(0, 5, 12), orders=2)


def made_up(architecture):
    """Return three values that favour a fixed few operations, the same for the same architecture."""
    code = Darts().encode(architecture) if hasattr(architecture, "normal") else None
    text = str(architecture)
    n = text.count("conv_3x3") if code is None else float(code[2::8].sum())
    return {
        "condition_number": 10.0 + n,
        "linear_regions": 5.0 + n * n,
        "regression_error": 3.0 - 0.1 * n,
        "seconds": 0.25,
    }


@pytest.fixture(params=SMALL)
def request_(request):
    return make_request("reinforce", space=request.param, steps=20, **SMALL[request.param])


def parent_after(request, n_steps):
    method = make_method(request, rng=np.random.default_rng(0))
    search(method, made_up, request.choice.objectives, max_steps=n_steps)
    return method


def proposals(method, request):
    return [str(visit.architecture) for visit in search(method, made_up, request.choice.objectives).visits]


def test_a_child_with_its_parents_randomness_goes_its_parents_way(request_):
    parent = parent_after(request_, 8)
    child = spawned(parent, seed=0, at=8, child=0)
    child.rng = copy.deepcopy(parent.rng)
    assert proposals(child, request_) == proposals(parent, request_)


def test_children_begin_as_their_parent_and_leave_it_alone(request_):
    parent = parent_after(request_, 8)
    before = parent.policy.logits.detach().clone()
    children = [spawned(parent, seed=0, at=8, child=c) for c in range(2)]
    assert all((child.policy.logits == before).all() for child in children)
    first, second = (proposals(child, request_) for child in children)
    assert len(first) == len(second) == 12 and first != second
    assert (parent.policy.logits == before).all() and not (children[0].policy.logits == before).all()
    assert first == proposals(spawned(parent, seed=0, at=8, child=0), request_)


def test_the_parent_is_the_recorded_search_to_the_bit(request_):
    table = spawn(request_, PLAN, seed=3, source=made_up)
    history = run_search(request_, seed=3, source=made_up).table()
    trunk = table[table["part"] == "trunk"]
    assert trunk["step"].tolist() == [*range(12)]
    assert trunk["reward"].tolist() == history["reward"].tolist()[:12]
    assert trunk["entropy"].tolist() == history["entropy"].tolist()[:12]


def test_every_part_is_recorded_once(request_):
    table = spawn(request_, PLAN, seed=3, source=made_up)
    counts = table.groupby(["part", "at"]).size()
    assert counts["child"].to_dict() == {0: 40, 5: 30, 12: 16}
    assert counts["parent"].to_dict() == {0: 1, 5: 1, 12: 1} and counts["end"].to_dict() == {0: 2, 5: 2, 12: 2}
    ends = table[table["part"] == "end"].set_index(["at", "number"])["architecture"]
    for (at, _), path in table[table["part"] == "path"].groupby(["at", "number"]):
        assert [path["architecture"].iloc[0], path["architecture"].iloc[-1]] == ends[at].tolist()
    means = table[table["part"] == "end"]["mean"]
    assert all(np.isclose(sum(mean), 6 if request_.space == "nas-bench-201" else 16) for mean in means)


def test_the_same_seed_spawns_the_same_and_another_seed_does_not(request_):
    columns = ["part", "number", "step", "architecture", "reward"]
    first, again, other = (spawn(request_, PLAN, seed=s, source=made_up)[columns] for s in (3, 3, 4))
    assert first.equals(again) and not first.equals(other)


def test_a_parent_does_not_depend_on_where_else_it_is_spawned(request_):
    both = spawn(request_, SpawnPlan(at=(5, 12), orders=0), seed=3, source=made_up)
    late = spawn(request_, SpawnPlan(at=(12,), orders=0), seed=3, source=made_up)
    columns = ["part", "number", "step", "architecture", "reward", "entropy"]
    same = both[both["at"] == 12][columns].tail(18).reset_index(drop=True)
    assert same.equals(late[columns].tail(18).reset_index(drop=True))


def test_only_ends_are_kept_when_ways_are_not_wanted(request_):
    plan = SpawnPlan(at=(5,), orders=0, visits=False)
    whole = spawn(request_, SpawnPlan(at=(5,), orders=0), seed=3, source=made_up)
    ends = spawn(request_, plan, seed=3, source=made_up)
    assert set(ends["part"]) == {"parent", "end"}
    kept = whole[whole["part"].isin(["parent", "end"])]
    assert ends["architecture"].tolist() == kept["architecture"].tolist()
    assert ends["entropy"].tolist() == kept["entropy"].tolist()


def test_values_are_asked_for_once(request_):
    asked = []
    memory = Memory()
    first = spawn(request_, PLAN, seed=3, source=lambda a: asked.append(str(a)) or made_up(a), memory=memory)
    assert len(asked) == len(set(asked)) == first["architecture"].nunique()
    spawn(request_, PLAN, seed=3, source=lambda a: pytest.fail("asked again"), memory=memory)


def test_the_mean_of_independent_decisions_is_their_probabilities():
    request = make_request("reinforce", steps=20)
    method = parent_after(request, 20)
    mean = mean_code(method, rng=np.random.default_rng(0)).reshape(6, 5)
    assert mean == pytest.approx(method.policy.decisions.probabilities(), abs=1e-6)
    assert mean.argmax(1).tolist() == list(method.policy.space.decisions(method.derive()))


@pytest.mark.parametrize("at", [(), (5, 5), (7, 3), (-1,)])
def test_a_plan_names_different_steps_in_order(at):
    with pytest.raises(TegnasError, match="ascending order"):
        SpawnPlan(at=at)


def test_a_plan_counts_no_negative_orders():
    with pytest.raises(TegnasError, match="not negative"):
        SpawnPlan(orders=-1)


def test_a_search_that_is_over_cannot_be_spawned(request_):
    with pytest.raises(TegnasError, match="20 steps cannot be spawned after 20"):
        spawn(request_, SpawnPlan(at=(20,)), seed=0, source=made_up)


def test_only_a_policy_can_be_spawned():
    with pytest.raises(TegnasError, match="evolution cannot be spawned"):
        spawn(make_request("evolution"), PLAN, seed=0, source=made_up)
