"""Clusters by density: a tree by hand, the kernel as its twin, HDBSCAN as scikit-learn's own."""

import numpy as np
import pytest
from sklearn.cluster import HDBSCAN
from sklearn.metrics import adjusted_rand_score

from explorer.clustering import spanning_tree as trees
from explorer.clustering.density import MOST_ITEMS, hdbscan
from explorer.clustering.spanning_tree import spanning_tree
from explorer.errors import Cancelled, ExplorerError, LimitError


def blobs(n=600, d=6, seed=2):
    rng = np.random.default_rng(seed)
    middles = rng.normal(size=(4, d)) * 6
    crowd = middles[rng.integers(4, size=n)] + rng.normal(size=(n, d))
    return np.concatenate([crowd, rng.uniform(-15, 15, size=(n // 6, d))]).astype(np.float32)


def test_the_tree_of_points_on_a_line_joins_neighbours():
    tree = spanning_tree([[0.0], [5.0], [1.0], [7.0]], min_samples=1)
    assert tree.rows.tolist() == [2, 1, 3]
    assert tree.parents.tolist() == [0, 2, 1]
    assert tree.lengths.tolist() == [1.0, 4.0, 2.0]


def test_core_distances_keep_a_lonely_pair_apart():
    # The third nearest, itself counted: 4, 3, 4 and 96, 97 for 0, 1, 4 and 100, 101.
    tree = spanning_tree([[0.0], [1.0], [4.0], [100.0], [101.0]], min_samples=3)
    assert sorted(tree.lengths.tolist()) == [4.0, 4.0, 96.0, 97.0]


def test_the_tree_is_as_long_as_that_of_scipy():
    from scipy.sparse.csgraph import minimum_spanning_tree
    from scipy.spatial.distance import cdist

    points = blobs(200)
    square = cdist(points, points)
    core = np.sort(square, axis=1)[:, 4]
    reach = np.maximum(np.maximum(square, core[:, None]), core)
    np.fill_diagonal(reach, 0)
    found = spanning_tree(points, min_samples=5)
    assert found.lengths.sum() == pytest.approx(minimum_spanning_tree(reach).sum(), rel=1e-5)


def test_the_kernel_grows_the_tree_of_its_plain_twin(monkeypatch):
    points = blobs()
    fast = spanning_tree(points, min_samples=5)
    monkeypatch.setattr(trees, "_grow", lambda: trees.grow_plain)
    plain = spanning_tree(points, min_samples=5)
    assert fast.lengths.sum() == pytest.approx(plain.lengths.sum(), rel=1e-6)
    assert np.sort(fast.lengths) == pytest.approx(np.sort(plain.lengths), rel=1e-5)


@pytest.mark.parametrize(("size", "samples"), [(25, 5), (10, 10), (60, 1)])
def test_clusters_are_those_of_scikit_learn(size, samples):
    points = blobs()
    ours = hdbscan(points, min_cluster_size=size, min_samples=samples)
    theirs = HDBSCAN(size, min_samples=samples, copy=True).fit(points)
    assert adjusted_rand_score(ours.labels, theirs.labels_) == pytest.approx(1.0, abs=0.005)
    assert ours.strengths == pytest.approx(theirs.probabilities_, abs=1e-3)


def test_the_largest_cluster_comes_first_and_strangers_are_noise():
    found = hdbscan(blobs())
    sizes = np.bincount(found.labels[found.labels >= 0]).tolist()
    assert len(sizes) == 4
    assert sizes == sorted(sizes, reverse=True)
    assert (found.labels[600:] < 0).mean() > 0.9
    assert found.noise == pytest.approx((found.labels < 0).mean())


def test_duplicates_are_one_dense_cluster():
    points = np.repeat([[0.0, 0.0], [9.0, 9.0]], 30, axis=0)
    found = hdbscan(points, min_cluster_size=10)
    assert adjusted_rand_score(found.labels, np.repeat([0, 1], 30)) == 1.0


def test_the_work_is_stopped_by_what_its_report_raises():
    def refuse(share):
        if share > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        hdbscan(blobs(), on_progress=refuse)


def test_settings_out_of_range_and_too_many_items_are_refused():
    with pytest.raises(ExplorerError, match="from 2 to 10"):
        hdbscan(np.zeros((10, 2)), min_cluster_size=11)
    with pytest.raises(ExplorerError, match="min_samples must be from 1 to 10"):
        hdbscan(np.zeros((10, 2)), min_cluster_size=5, min_samples=11)
    with pytest.raises(LimitError, match="k-means"):
        hdbscan(np.broadcast_to(np.float32(0), (MOST_ITEMS + 1, 2)))
