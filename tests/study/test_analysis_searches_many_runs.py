"""Many runs side by side take the steps of FP-NAS, each with its own number of samples."""

import numpy as np
import pytest

from tegnas_core.errors import TegnasError
from tegnas_core.spaces import Toy
from tegnas_study.analysis.searches.exact_gradient import every_architecture, fp_nas_update
from tegnas_study.analysis.searches.many_runs import _steps, fp_nas_runs

SHAPE = (3, 2)
ONES = np.array([float(bits.ones) for bits in every_architecture(Toy(3))])


def run(rewards=ONES, **changes):
    options = {"shape": SHAPE, "rng": np.random.default_rng(0), "n_runs": 50, "n_steps": 200, **changes}
    return fp_nas_runs(rewards, **options)


@pytest.mark.parametrize("k", [1, 2, 4])
def test_steps_are_on_average_the_exact_ones(k):
    logits = np.random.default_rng(1).standard_normal(SHAPE)
    many = np.broadcast_to(logits, (40_000, *SHAPE))
    steps = _steps(many, ONES, np.full(len(many), k), np.random.default_rng(0))
    np.testing.assert_allclose(steps.mean(0), fp_nas_update(logits, ONES, k), atol=5 * steps.std() / 200)


def test_each_run_has_its_own_number_of_samples():
    logits = np.zeros((2, *SHAPE))
    sizes = np.array([1, 3])
    steps = _steps(logits, ONES, sizes, np.random.default_rng(0))
    assert np.abs(steps[0]).tolist() == [[0.5, 0.5]] * 3  # all the weight on one draw
    assert not np.isin(np.abs(steps[1]), 0.5).all()


def test_samples_follow_the_entropy_and_never_fall_below_the_least():
    found = run(factor=2.0, min_samples=2)
    assert (found["samples"] == np.maximum(2, np.floor(2 * found["entropy"]))).all()
    assert {2, 4} <= set(found["samples"])
    assert found["entropy"].iloc[0] == pytest.approx(3 * np.log(2))
    assert found["step"].unique().tolist() == [*range(0, 201, 20)]


def test_with_samples_it_finds_the_best_and_with_one_it_goes_anywhere():
    best = len(every_architecture(Toy(3))) - 1
    share = {
        k: (run(min_samples=k, factor=0.0).groupby("seed")["architecture"].last() == best).mean() for k in (1, 8)
    }
    assert share[8] > 0.95 and share[1] < 0.4


def test_the_same_generator_gives_the_same_runs():
    assert run().equals(run())


def test_what_does_not_fit_is_told():
    with pytest.raises(TegnasError, match=r"2\^3 architectures need as many rewards, got shape \(7,\)"):
        run(ONES[:7])
    with pytest.raises(TegnasError, match="counted from 1"):
        run(n_runs=0)
