"""A part of the error that grows with the predictions agrees with their size; the cosine does not."""

import numpy as np
import pytest
from made_up_atlas import sample_table

from tegnas_study.analysis.label_parts import error_given_kappa, gains_of_labels, parts_across_draws, with_cosine


def one_draw(seed, *, n=600):
    """Bad cells have large predictions; good cells point a little better, which one draw hides under noise."""
    table = sample_table(n)
    table = table[table["connected"]]
    rng, quality = np.random.default_rng(seed), table["test_accuracy"].rank(pct=True)
    size = np.exp(-2 * quality)
    cosine = 0.2 + 0.05 * quality + 0.1 * rng.normal(size=len(table))
    alignment = cosine * size * np.sqrt(0.9)
    error = 0.9 + size**2 - 2 * alignment
    return table.assign(
        control_norm=size**2,
        control_alignment=alignment,
        regression_error=error,
        control_permuted=error + 0.01 * rng.normal(size=len(table)),
        control_lga=cosine,
    )


def test_the_cosine_is_the_alignment_without_its_scale():
    table = one_draw(0)
    assert with_cosine(table)["cosine"].to_numpy() == pytest.approx(table["control_lga"].to_numpy())


def test_the_alignment_agrees_with_size_and_the_cosine_with_quality():
    """The alignment seems to say "more is worse"; the cosine says the opposite, with many draws clearly."""
    found = parts_across_draws({f"draw {i}": one_draw(i) for i in range(9)}, seed=0, n_draws=20)
    assert found.loc["control_alignment", "mean"] < -0.3
    assert 0 < found.loc["cosine", "mean"] < 0.25 < found.loc["cosine", "averaged"]
    assert found.loc["cosine", "reliability"] < 0.2 < found.loc["control_norm", "reliability"]
    assert found.loc["cosine", "draws"] == 9
    assert (
        found.loc["cosine", "averaged_low"]
        < found.loc["cosine", "averaged"]
        < found.loc["cosine", "averaged_high"]
    )


def test_an_error_that_is_kappa_again_says_nothing_beyond_it():
    draws = {f"draw {i}": one_draw(i) for i in range(3)}
    same = {name: t.assign(condition_number=t["regression_error"].rank()) for name, t in draws.items()}
    assert not np.isfinite(error_given_kappa(same, seed=0, n_draws=10).estimate.value)  # 0 / 0
    rng = np.random.default_rng(0)
    other = {name: t.assign(condition_number=rng.random(len(t))) for name, t in draws.items()}
    found = error_given_kappa(other, seed=0, n_draws=10)
    assert found.estimate.value > 0.3 and found.above == 3


def test_labels_gain_nothing_where_permuted_ones_rank_alike():
    draws = {f"draw {i}": one_draw(i) for i in range(3)}
    assert gains_of_labels(draws).abs().max() < 0.05
    noise = {
        name: t.assign(control_permuted=t["condition_number"].sample(frac=1, random_state=1).to_numpy())
        for name, t in draws.items()
    }
    assert gains_of_labels(noise).min() > 0.3
