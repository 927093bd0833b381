import numpy as np
import pytest

from explorer.alignment import aligned, procrustes_rotation, unit_spread
from explorer.errors import ExplorerError


def test_a_turned_and_mirrored_cloud_comes_back_onto_itself():
    rng = np.random.default_rng(0)
    target = unit_spread(rng.normal(size=(50, 2)))
    angle = 2.1
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    mirrored = target @ turn @ np.diag([1, -1])
    assert np.allclose(aligned(7 * mirrored + 3, target), target)


def test_the_rotation_of_one_axis_onto_the_other_worked_by_hand():
    turned = procrustes_rotation(np.array([[0.0, 1.0], [0, 0]]), np.array([[1.0, 0.0], [0, 0]]))
    assert np.allclose(np.array([0, 1]) @ turned, [1, 0])


def test_no_rotation_brings_the_clouds_nearer_than_the_one_found():
    rng = np.random.default_rng(1)
    points, target = rng.normal(size=(2, 30, 3))
    best = np.linalg.norm(points @ procrustes_rotation(points, target) - target)
    for _ in range(200):
        other, _ = np.linalg.qr(rng.normal(size=(3, 3)))
        assert np.linalg.norm(points @ other - target) >= best - 1e-9


def test_clouds_of_different_sizes_are_refused():
    with pytest.raises(ExplorerError, match="same points"):
        procrustes_rotation(np.zeros((3, 2)), np.zeros((4, 2)))


def test_points_that_all_lie_in_one_place_stay_there():
    assert np.all(unit_spread(np.ones((5, 2))) == 0)
