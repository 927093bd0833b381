"""Curves over k on data whose number of clusters is known, and on data that have none."""

import math

import numpy as np
import pytest

from explorer.clustering.baseline import uniform_reference
from explorer.clustering.choose_k import (
    MEASURES,
    candidate_ks,
    first_gap,
    gap_statistic,
    measure_curves,
    sampled_points,
)
from explorer.clustering.kmeans import k_means
from explorer.clustering.stability import (
    agreement_of_all,
    nearest_center,
    over_bootstrap,
    over_seeds,
)
from explorer.errors import Cancelled, ExplorerError


def four_blobs(n=240, seed=5):
    rng = np.random.default_rng(seed)
    middles = np.array([[0, 0, 0], [12, 0, 0], [0, 12, 0], [0, 0, 12]])
    return (middles[np.arange(n) % 4] + rng.normal(size=(n, 3))).astype(np.float32)


@pytest.fixture(scope="module")
def curves():
    return list(measure_curves(four_blobs(), range(2, 8)))


@pytest.mark.parametrize("measure", ["inertia", "silhouette", "calinski", "davies", "gap"])
def test_every_measure_finds_the_four_blobs(curves, measure):
    assert curves[-1].favoured(measure) == 4


def test_four_blobs_are_found_again_and_uniform_points_are_not(curves):
    at = curves[-1].ks.index(4)
    assert curves[-1].found["seeds"][at] == pytest.approx(1.0)
    assert curves[-1].found["bootstrap"][at] > 0.8  # a single start may miss a blob
    assert curves[-1].baseline["seeds"][at] < 0.95
    assert curves[-1].baseline["bootstrap"][at] < 0.9
    assert curves[-1].found["silhouette"][at] > curves[-1].baseline["silhouette"][at] + 0.3


def test_curves_grow_a_k_at_a_time_and_end_with_the_silhouettes(curves):
    lengths = [len(one.found["inertia"]) for one in curves]
    assert lengths == [1, 2, 3, 4, 5, 6, 6]
    assert [one.finished for one in curves] == [False] * 6 + [True]
    assert curves[2].favoured("inertia") is None
    assert set(curves[-1].found) == set(MEASURES)
    assert curves[-1].baseline["gap"] == (0.0,) * 6


def test_progress_rises_to_one_and_can_stop_the_work():
    shares = []
    list(measure_curves(four_blobs(80), [2, 3], on_progress=shares.append))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0

    def refuse(share):
        raise Cancelled

    with pytest.raises(Cancelled):
        list(measure_curves(four_blobs(80), [2, 3], on_progress=refuse))


def test_the_gap_is_worked_by_hand():
    gap, error = gap_statistic(math.e, [math.e**2, math.e**4])
    assert gap == pytest.approx(2.0)
    assert error == pytest.approx(math.sqrt(1.5))
    assert first_gap([2, 3, 4], [0.1, 0.5, 0.4], [0, 0, 0]) == 3
    assert first_gap([2, 3, 4], [0.1, 0.5, 0.4], [0, 0.45, 0]) == 2
    assert first_gap([2, 3, 4], [0.1, 0.5, 0.9], [0, 0, 0]) is None


def test_the_reference_fills_the_box_along_the_principal_axes():
    rng = np.random.default_rng(1)
    along = rng.uniform(-10, 10, size=2_000)
    points = np.column_stack([along, along]) + rng.uniform(-0.1, 0.1, size=(2_000, 2))
    reference = uniform_reference(points)
    off = reference[:, 0] - reference[:, 1]
    assert np.abs(off).max() < 0.5  # along the axes it would be 20
    assert reference[:, 0].std() == pytest.approx(points[:, 0].std(), rel=0.1)
    unit = uniform_reference(points, unit_length=True)
    assert np.linalg.norm(unit, axis=1) == pytest.approx(np.ones(2_000), abs=1e-5)


def test_clusters_of_a_resample_are_given_to_all_items():
    points = four_blobs()
    run = lambda rows, seed: k_means(rows, 4, seed=seed, starts=3)  # noqa: E731
    found = list(over_bootstrap(points, run, 3)) + list(over_seeds(points, run, [1, 2]))
    assert [len(labels) for labels in found] == [len(points)] * 5
    assert min(agreement_of_all(found)) == pytest.approx(1.0)
    assert len(agreement_of_all(found)) == 10


def test_an_item_goes_to_the_nearest_centre():
    assert nearest_center([[0.0], [4.9], [5.1]], [[0.0], [10.0]]).tolist() == [0, 0, 1]


def test_ks_thin_out_and_stay_below_the_number_of_items():
    assert candidate_ks(5) == (2, 3, 4)
    assert candidate_ks(100)[-1] <= 40
    assert candidate_ks(2) == ()
    assert len(sampled_points(np.zeros((25_000, 1), dtype=np.float32))) == 10_000
    with pytest.raises(ExplorerError, match="from 2 to 4"):
        list(measure_curves(np.zeros((5, 2)), [5]))
