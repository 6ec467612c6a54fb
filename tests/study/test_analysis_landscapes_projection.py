"""Architectures on a plane."""

import numpy as np
import pytest

from tegnas_core.errors import TegnasError
from tegnas_core.spaces import Darts, NASBench201
from tegnas_study.analysis.landscapes.projection import codes_of, fit_plane, projected, surface
from tegnas_study.experiments.request import make_request
from tegnas_study.experiments.spawning import SpawnPlan, spawn


def test_a_plane_holds_what_varies_most():
    rng = np.random.default_rng(0)
    codes = rng.standard_normal((400, 5)) * [5, 3, 0.5, 0.1, 0.1]
    plane = fit_plane(codes)
    assert abs(plane.axes[0, 0]) > 0.99 and abs(plane.axes[1, 1]) > 0.99
    variances = np.linalg.eigvalsh(np.cov(codes.T))[::-1]  # the slow way
    assert plane.explained == pytest.approx(variances[:2] / variances.sum())
    assert plane.place(codes).mean(0) == pytest.approx(0, abs=1e-9)
    assert plane.place(codes.mean(0)) == pytest.approx(np.zeros((1, 2)), abs=1e-9)


@pytest.mark.parametrize("codes", [np.zeros((5, 4)), np.zeros(4), np.eye(4)[[0, 1, 0, 1]]])
def test_too_few_architectures_span_no_plane(codes):
    with pytest.raises(TegnasError, match="at least three"):
        fit_plane(codes)


@pytest.mark.parametrize(("name", "space"), [("nas-bench-201", NASBench201()), ("darts", Darts())])
def test_codes_are_the_spaces_own(name, space):
    drawn = space.sample_many(4, seed=0)
    texts = np.array([str(a) for a in (*drawn, drawn[0])])
    assert codes_of(texts, name).tolist() == [space.encode(a).tolist() for a in (*drawn, drawn[0])]


def test_everything_of_a_pair_has_its_place():
    spawned = spawn(make_request("reinforce", steps=60), SpawnPlan(at=(5, 20), orders=2), seed=0)
    plane, rows = projected(spawned, "nas-bench-201", at=20)
    assert set(rows["part"]) == {"parent", "child", "end"} and set(rows["at"]) == {20}
    assert (rows["part"] == "child").sum() == 80
    codes = codes_of(rows["architecture"].to_numpy(), "nas-bench-201")
    assert rows[["x", "y"]].to_numpy() == pytest.approx(plane.place(codes))
    assert plane.explained == fit_plane(codes[rows["part"] == "child"]).explained
    told = rows["mean_x"].notna()
    assert (told == rows["mean"].notna()).all() and told[rows["part"] == "end"].all()


def test_a_surface_stays_inside_the_hull_and_near_a_plane():
    rng = np.random.default_rng(1)
    points = rng.random((200, 2))
    points = points[points.sum(1) < 1]  # a triangle
    x, y, z = surface(points, 3 * points[:, 0] - points[:, 1], cells=20)
    grid_x, grid_y = np.meshgrid(x, y)
    known = np.isfinite(z)
    assert z.shape == (20, 20) and not known[grid_x + grid_y > 1].any() and known[grid_x + grid_y < 0.7].any()
    inside = known & (grid_x + grid_y < 0.8) & (grid_x > 0.1) & (grid_y > 0.1)
    assert z[inside] == pytest.approx((3 * grid_x - grid_y)[inside], abs=0.4)


def test_values_at_one_point_are_averaged_and_failures_left_out():
    corners = [(0, 0), (0, 1), (1, 0), (1, 1)]
    once = surface(corners, [1.0, 2.0, 3.0, 4.0], cells=5)[2]
    points = [*corners, (0, 0), (0, 0), (0.5, 0.5)]
    again = surface(points, [0.0, 2.0, 3.0, 4.0, 2.0, np.inf, np.nan], cells=5)[2]
    assert again == pytest.approx(once)
