"""Shape of clusters: by hand, and as scikit-learn measures it."""

import numpy as np
import pytest
from sklearn import metrics

from explorer.clustering.validity import (
    calinski_harabasz,
    davies_bouldin,
    elbow,
    silhouette,
    silhouette_rows,
    silhouettes,
    summarize,
)
from explorer.errors import Cancelled, ExplorerError

# Two pairs on a line: 0, 2 and 10, 14.
LINE = np.array([[0.0], [2.0], [10.0], [14.0]], dtype=np.float32)
PAIRS = np.array([0, 0, 1, 1])


def blobs(n=400, d=5, k=4, seed=1):
    rng = np.random.default_rng(seed)
    labels = rng.integers(k, size=n)
    return (rng.normal(size=(k, d)) * 3)[labels] + rng.normal(size=(n, d)), labels


def test_the_summary_of_two_pairs_is_worked_by_hand():
    found = summarize(LINE, PAIRS)
    assert found.sizes.tolist() == [2, 2]
    assert found.means.ravel().tolist() == [1.0, 12.0]
    assert found.inertias.tolist() == [2.0, 8.0]
    assert found.spreads.tolist() == [1.0, 2.0]
    assert found.distances.tolist() == [1.0, 1.0, 2.0, 2.0]
    assert found.inertia == 10.0


def test_the_indexes_of_two_pairs_are_worked_by_hand():
    found = summarize(LINE, PAIRS)
    # middle 6.5: 2 * 5.5² twice = 121 between, 1 degree; 10 inside, 2 degrees
    assert calinski_harabasz(found) == pytest.approx(121 / 5)
    assert davies_bouldin(found) == pytest.approx(3 / 11)


def test_the_silhouettes_of_two_pairs_are_worked_by_hand():
    found = silhouette(LINE, PAIRS)
    assert found.values == pytest.approx([1 - 2 / 12, 1 - 2 / 10, 1 - 4 / 9, 1 - 4 / 13])


@pytest.mark.parametrize(("k", "d"), [(2, 1), (4, 5), (30, 8)])
def test_measures_are_those_of_scikit_learn(k, d):
    points, labels = blobs(d=d, k=k)
    found = summarize(points, labels)
    assert calinski_harabasz(found) == pytest.approx(
        metrics.calinski_harabasz_score(points, labels), rel=1e-5
    )
    assert davies_bouldin(found) == pytest.approx(
        metrics.davies_bouldin_score(points, labels), rel=1e-5
    )
    ours, theirs = silhouette(points, labels), metrics.silhouette_samples(points, labels)
    assert ours.values == pytest.approx(theirs, abs=1e-4)


def test_silhouettes_keep_their_digits_far_from_the_origin():
    points, labels = blobs()
    far = silhouette(points + 1_000, labels)
    assert far.values == pytest.approx(silhouette(points, labels).values, abs=1e-3)


def test_a_sampled_item_has_the_silhouette_it_has_among_all():
    points, labels = blobs()
    whole = silhouette(points, labels)
    some = silhouette(points, labels, rows=[3, 77, 200])
    assert some.rows.tolist() == [3, 77, 200]
    assert some.values == pytest.approx(whole.values[[3, 77, 200]], abs=1e-6)


def test_several_clusterings_are_measured_as_each_alone():
    points, labels = blobs()
    other = labels // 2
    both = silhouettes(points, [labels, other])
    assert both[1].values == pytest.approx(silhouette(points, other).values, abs=1e-12)


def test_noise_is_not_counted():
    with_noise = np.concatenate([LINE, [[500.0]]]).astype(np.float32)
    labels = np.array([0, 0, 1, 1, -1])
    found = summarize(with_noise, labels)
    assert found.inertia == 10.0
    assert np.isnan(found.distances[4])
    assert calinski_harabasz(found) == pytest.approx(121 / 5)
    assert silhouette(with_noise, labels).rows.tolist() == [0, 1, 2, 3]
    assert silhouette(with_noise, labels).values == pytest.approx(
        silhouette(LINE, PAIRS).values, abs=1e-4
    )


def test_an_item_alone_has_silhouette_zero_and_so_has_every_item_of_a_single_cluster():
    assert silhouette(LINE, np.array([0, 0, 0, 1])).values[3] == 0
    assert silhouette(LINE, np.zeros(4, dtype=int)).values.tolist() == [0, 0, 0, 0]


def test_equal_points_have_silhouette_zero_and_no_warning():
    same = np.ones((4, 2), dtype=np.float32)
    assert silhouette(same, PAIRS).values.tolist() == [0, 0, 0, 0]
    assert davies_bouldin(summarize(same, PAIRS)) == 0


def test_a_single_cluster_has_no_index():
    found = summarize(LINE, np.zeros(4, dtype=int))
    assert np.isnan(calinski_harabasz(found))
    assert np.isnan(davies_bouldin(found))


def test_an_empty_cluster_changes_nothing():
    gap = np.where(PAIRS == 1, 2, 0)
    found = summarize(LINE, gap)
    assert found.sizes.tolist() == [2, 0, 2]
    assert calinski_harabasz(found) == pytest.approx(121 / 5)
    assert davies_bouldin(found) == pytest.approx(3 / 11)
    assert silhouette(LINE, gap).values == pytest.approx(silhouette(LINE, PAIRS).values)


def test_all_items_are_asked_up_to_ten_thousand_then_a_sample():
    assert len(silhouette_rows(10_000)) == 10_000
    assert len(silhouette_rows(20_000)) == 5_000
    assert len(silhouette_rows(5_000_000)) == 500
    assert silhouette_rows(20_000).tolist() == sorted(set(silhouette_rows(20_000).tolist()))


def test_the_elbow_of_three_blobs_is_three():
    assert elbow([2, 3, 4, 5, 6], [90, 30, 25, 20, 15]) == 3
    with pytest.raises(ExplorerError, match="three values"):
        elbow([2, 3], [2.0, 1.0])


def test_silhouettes_are_stopped_by_what_their_report_raises():
    def refuse(share):
        raise Cancelled

    with pytest.raises(Cancelled):
        silhouette(LINE, PAIRS, on_progress=refuse)


def test_labels_of_another_length_are_refused():
    with pytest.raises(ExplorerError, match="4 vectors"):
        summarize(LINE, [0, 1])
