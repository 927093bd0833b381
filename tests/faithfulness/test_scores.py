"""Trustworthiness, continuity and kept neighbours: a case by hand, scikit-learn, and laws."""

import numpy as np
import pytest

from explorer.catalog import open_bundled
from explorer.errors import Cancelled, ExplorerError
from explorer.faithfulness import (
    BY_K,
    false_neighbors,
    measure_faithfulness,
    missing_neighbors,
    neighbor_ranks,
    random_layout,
    ranks_among,
    ranks_of_maps,
    worst_false,
    worst_missing,
)
from explorer.faithfulness.preservation import (
    point_preservation,
    preservation,
    random_preservation,
)
from explorer.faithfulness.trustworthiness import (
    continuity,
    point_continuity,
    point_trustworthiness,
    random_trustworthiness,
    trustworthiness,
)

# Six points on a line; the map takes the last, far to the right, to the left of the first.
LINE = np.array([[0.0], [1.0], [3.0], [7.0], [15.0], [31.0]])
MOVED = np.array([[0.0], [1.0], [3.0], [7.0], [15.0], [-2.0]])


@pytest.fixture
def moved():
    return neighbor_ranks(LINE, MOVED, 2, metric="euclidean")


def test_trustworthiness_by_hand(moved):
    # k = 1, A = 2 / 8: on the map 5 is next to 0, which has rank 5 in the space: 1 - 4 A = 0
    assert point_trustworthiness(moved, 1).tolist() == [1, 1, 1, 1, 1, 0]
    # k = 2, A = 2 / 10: 0 has 5 of rank 5: 1 - 3 A; 5 has 0 and 1 of ranks 5 and 4: 1 - 5 A
    np.testing.assert_allclose(point_trustworthiness(moved, 2), [0.4, 1, 1, 1, 1, 0], atol=1e-15)
    assert trustworthiness(moved, 2) == pytest.approx(4.4 / 6)


def test_continuity_by_hand(moved):
    assert point_continuity(moved, 1).tolist() == [1, 1, 1, 1, 1, 0]
    # 0 has 2 at rank 3 on the map: 1 - A; 5 has 4 and 3 at ranks 5 and 4: 1 - 5 A
    np.testing.assert_allclose(point_continuity(moved, 2), [0.8, 1, 1, 1, 1, 0], atol=1e-15)
    assert continuity(moved, 2) == pytest.approx(4.8 / 6)


def test_preservation_by_hand(moved):
    assert point_preservation(moved, 2).tolist() == [0.5, 1, 1, 1, 1, 0]
    assert preservation(moved, 2) == pytest.approx(4.5 / 6)
    assert preservation(moved, 1) == pytest.approx(5 / 6)


def test_false_and_missing_neighbours_by_hand(moved):
    false = false_neighbors(moved, 5, 2)
    assert (false.rows.tolist(), false.near.tolist(), false.far.tolist()) == (
        [0, 1],
        [1, 2],
        [5, 4],
    )
    missing = missing_neighbors(moved, 0, 2)
    assert (missing.rows.tolist(), missing.near.tolist(), missing.far.tolist()) == ([2], [2], [3])
    assert len(false_neighbors(moved, 3, 2).rows) == 0
    assert worst_false(moved, 2).rows.tolist() == [5, -1, -1, -1, -1, 0]
    assert worst_false(moved, 2).ranks.tolist() == [5, 0, 0, 0, 0, 5]
    assert worst_missing(moved, 2).rows.tolist() == [2, -1, -1, -1, -1, 4]


def test_trustworthiness_is_scikit_learns_on_its_own_example():
    from sklearn.datasets import make_blobs
    from sklearn.decomposition import PCA
    from sklearn.manifold import trustworthiness as theirs

    vectors, _ = make_blobs(n_samples=100, n_features=10, centers=3, random_state=42)
    points = PCA(n_components=2).fit_transform(vectors)
    ours = trustworthiness(neighbor_ranks(vectors, points, 5, metric="euclidean"), 5)
    assert ours == pytest.approx(theirs(vectors, points, n_neighbors=5), abs=1e-12)
    assert f"{ours:.2f}" == "0.92"


@pytest.mark.parametrize("metric", ["cosine", "euclidean", "manhattan"])
def test_trustworthiness_is_scikit_learns_on_real_vectors(metric):
    from sklearn.manifold import trustworthiness as theirs

    space = open_bundled()
    vectors = space.vectors[:1200].astype(np.float64)
    points = np.asarray(space.maps["UMAP"].coordinates[:1200], dtype=np.float64)
    ranks = neighbor_ranks(vectors, points, 50, metric=metric)
    for k in (5, 15, 50):
        expected = theirs(vectors, points, n_neighbors=k, metric=metric)
        # stored as float16, the vectors have ties; scikit-learn leaves their order open
        assert trustworthiness(ranks, k) == pytest.approx(expected, abs=1e-7)


def clouds(n=260, seed=0):
    random = np.random.default_rng(seed)
    vectors = (random.standard_normal((n, 8)) * 0.7 ** np.arange(8)).astype(np.float32)
    return vectors, vectors[:, :2] + random.standard_normal((n, 2)).astype(np.float32) / 4


def test_a_map_that_is_the_space_keeps_all():
    points = random_layout(300)
    found = measure_faithfulness(points, {"itself": points}, metric="euclidean")["itself"]
    for name in BY_K:
        assert getattr(found, name).tolist() == [1, 1, 1]
        assert (found.per_point(name, 15) == 1).all()
    assert found.pearson == pytest.approx(1)
    assert found.spearman == pytest.approx(1)
    assert found.normalised_stress == 0
    assert found.monotone_stress == pytest.approx(0, abs=1e-15)
    assert found.scale_free_stress == pytest.approx(0, abs=1e-7)


def test_continuity_is_trustworthiness_with_space_and_map_changed_over():
    vectors, points = clouds()
    there = neighbor_ranks(vectors, points, 20, metric="euclidean")
    back = neighbor_ranks(points, vectors, 20, metric="euclidean")
    for k in (1, 7, 20):
        np.testing.assert_array_equal(point_continuity(there, k), point_trustworthiness(back, k))
        np.testing.assert_array_equal(point_preservation(there, k), point_preservation(back, k))


def test_angles_score_as_cosines_do_and_say_their_name():
    vectors, points = clouds()
    angles = neighbor_ranks(vectors, points, 20, metric="angular")
    cosines = neighbor_ranks(vectors, points, 20)
    assert angles.metric == "angular"
    np.testing.assert_array_equal(angles.in_space, cosines.in_space)
    np.testing.assert_array_equal(angles.ranks_in_space, cosines.ranks_in_space)


def test_an_item_has_as_many_false_as_missing_neighbours():
    ranks = neighbor_ranks(*clouds(), 30)
    for place in range(0, 260, 13):
        kept = point_preservation(ranks, 10)[place]
        false, missing = false_neighbors(ranks, place, 10), missing_neighbors(ranks, place, 10)
        assert len(false.rows) == len(missing.rows) == round(10 * (1 - kept))
        assert (false.far > 10).all()
        assert (np.diff(missing.far) <= 0).all()


def test_turning_stretching_and_moving_the_map_changes_no_rank():
    vectors, points = clouds()
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    first = neighbor_ranks(vectors, points.astype(np.float64), 15)
    again = neighbor_ranks(vectors, 8 * points.astype(np.float64) @ turn + [3, 4], 15)
    np.testing.assert_array_equal(first.on_map, again.on_map)
    np.testing.assert_array_equal(first.ranks_in_space, again.ranks_in_space)


def test_scores_per_point_average_to_the_scores():
    vectors, points = clouds()
    found = measure_faithfulness(vectors, {"map": points}, (3, 10))["map"]
    for name in BY_K:
        for place, k in enumerate(found.ks):
            values = found.per_point(name, k)
            assert values.shape == (260,)
            assert ((values >= 0) & (values <= 1)).all()
            assert values.mean() == pytest.approx(getattr(found, name)[place], abs=1e-15)
            assert found.standard_error(name, k) == 0


def test_a_random_layout_scores_what_chance_expects():
    n, k = 1500, 15
    vectors = np.random.default_rng(0).standard_normal((n, 10)).astype(np.float32)
    ranks = neighbor_ranks(vectors, random_layout(n, seed=3), k)
    assert trustworthiness(ranks, k) == pytest.approx(random_trustworthiness(n, k), abs=0.01)
    assert continuity(ranks, k) == pytest.approx(random_trustworthiness(n, k), abs=0.01)
    assert preservation(ranks, k) == pytest.approx(random_preservation(n, k), abs=0.003)


def test_the_scores_of_a_sample_are_those_of_its_items_among_all():
    vectors, points = clouds()
    rows = np.arange(3, 260, 9)
    all_of_them = neighbor_ranks(vectors, points, 12)
    some = neighbor_ranks(vectors, points, 12, rows=rows)
    assert some.sampled
    assert not all_of_them.sampled
    for name in ("in_space", "on_map", "ranks_on_map", "ranks_in_space"):
        np.testing.assert_array_equal(getattr(some, name), getattr(all_of_them, name)[rows])
    assert (some.place(12), some.place(13), some.place(259)) == (1, None, None)


def test_the_standard_error_tells_how_far_samples_are_off():
    vectors, points = clouds(900)
    exact = measure_faithfulness(vectors, {"": points}, (10,), pairs=50)[""].trustworthiness[0]
    off, told = [], []
    for seed in range(30):
        rows = np.sort(np.random.default_rng(seed).choice(900, 150, replace=False))
        found = measure_faithfulness(vectors, {"": points}, (10,), rows=rows, pairs=50)[""]
        off.append(found.trustworthiness[0] - exact)
        told.append(found.standard_error("trustworthiness", 10))
    assert np.mean(told) == pytest.approx(np.std(off), rel=0.35)


def test_several_maps_in_one_pass_are_each_as_if_alone():
    vectors, points = clouds()
    maps = {"one": points, "other": random_layout(260), "solid": random_layout(260, 3)}
    together = ranks_of_maps(vectors, maps, 9)
    for name, map_points in maps.items():
        alone = neighbor_ranks(vectors, map_points, 9)
        np.testing.assert_array_equal(together[name].ranks_on_map, alone.ranks_on_map)
        np.testing.assert_array_equal(together[name].ranks_in_space, alone.ranks_in_space)


@pytest.mark.parametrize("metric", ["cosine", "dot", "euclidean"])
def test_without_numba_the_ranks_are_the_same(monkeypatch, metric):
    vectors, points = clouds()
    compiled, plain = (
        _ranks(monkeypatch, whether, vectors, points, metric) for whether in (True, False)
    )
    for name in ("in_space", "on_map", "ranks_on_map", "ranks_in_space"):
        np.testing.assert_array_equal(getattr(compiled, name), getattr(plain, name))


def _ranks(monkeypatch, whether, vectors, points, metric):
    monkeypatch.setattr(ranks_among, "compiled_kernel", lambda numbers: whether)
    return neighbor_ranks(vectors, points, 20, metric=metric)


def test_duplicates_in_the_space_and_a_map_of_one_point_are_scored():
    vectors = np.repeat(np.eye(4, dtype=np.float32), 20, axis=0)
    found = measure_faithfulness(vectors, {"point": np.zeros((80, 2), np.float32)}, (3,))["point"]
    assert 0 < found.trustworthiness[0] < 1
    assert np.isnan(found.pearson)
    assert np.isnan(found.monotone_stress)
    assert found.scale_free_stress == 1


def test_progress_rises_to_one_and_what_it_raises_stops_the_work():
    vectors, points = clouds(3000)
    seen: list[float] = []
    neighbor_ranks(vectors, points, 5, on_progress=seen.append)
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (0, 1)
    assert len(seen) >= 4

    def stop(share: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        neighbor_ranks(vectors, points, 5, on_progress=stop)


def test_settings_that_do_not_fit_are_told():
    vectors, points = clouds(20)
    with pytest.raises(ExplorerError, match="Each k must be at least 1 and below half of the 20"):
        measure_faithfulness(vectors, {"": points}, (5, 10))
    with pytest.raises(ExplorerError, match="k must be from 1 to 19 for 20 items; got 20"):
        neighbor_ranks(vectors, points, 20)
    with pytest.raises(ExplorerError, match="needs a point for each of 20 items; got shape"):
        neighbor_ranks(vectors, points[:19], 5)
    with pytest.raises(ExplorerError, match="distinct rows from 0 to 19"):
        neighbor_ranks(vectors, points, 5, rows=np.array([3, 3]))
    with pytest.raises(ExplorerError, match="at least one map"):
        measure_faithfulness(vectors, {}, (5,))
    ranks = neighbor_ranks(vectors, points, 12)
    with pytest.raises(ExplorerError, match="below half of the 20 items; got 10"):
        trustworthiness(ranks, 10)
    with pytest.raises(ExplorerError, match="k must be from 1 to 12, the neighbours known; got 13"):
        preservation(ranks, 13)
    points[4, 1] = np.nan
    with pytest.raises(ExplorerError, match="length nan"):
        neighbor_ranks(vectors, points, 5)
