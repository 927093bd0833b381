"""k-means: rows go to the nearest centre, centres to the mean, and the objective only falls."""

import threading
import time

import numpy as np
import pytest

from explorer.clustering import k_means, kmeans, kmeans_reference, mini_batch_k_means
from explorer.clustering.kmeans_reference import mean_centers, nearest_centers, seed_centers
from explorer.errors import Cancelled, ExplorerError

pytest.importorskip("numba")


def spread(n, d, seed=0):
    """Rows around 12 centres, with variances that fall as in real vectors."""
    random = np.random.default_rng(seed)
    spread = np.arange(1, d + 1) ** -0.4
    centers = random.standard_normal((12, d)) * spread
    rows = centers[random.integers(0, 12, n)] + random.standard_normal((n, d)) * spread
    return rows.astype(np.float32)


def plain_rounds(rows, centers, tolerance=1e-4, most=300, spherical=False):
    """The textbook: assign, update, until the centres stand still."""
    rows, bound = rows.astype(np.float64), tolerance * float(rows.var(axis=0).mean())
    labels, squares = nearest_centers(rows, centers)
    history = [float(squares.sum())]
    while len(history) <= most:
        moved = mean_centers(rows, labels, squares, centers, spherical=spherical)
        shift, centers = float(np.square(moved - centers).sum()), moved
        before = labels
        labels, squares = nearest_centers(rows, centers)
        history.append(float(squares.sum()))
        if shift <= bound or (labels == before).all():
            break
    return labels, centers, history


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


# ---- facts worked by hand


def test_two_pairs_on_a_line_are_two_clusters_with_their_means():
    found = k_means(np.array([[0.0], [2.0], [10.0], [12.0]]), 2)
    assert sorted(found.centers.ravel().tolist()) == [1, 11]
    assert found.inertia == pytest.approx(4)
    assert found.labels[0] == found.labels[1] != found.labels[2] == found.labels[3]
    assert found.sizes.tolist() == [2, 2]
    assert found.converged
    assert found.method.startswith("k-means, k = 2, k-means++, ")


def test_by_the_angle_length_does_not_count():
    vectors = np.array([[1.0, 0.1], [50.0, 4.0], [0.1, 1.0], [0.0, 900.0]])
    found = k_means(vectors, 2, spherical=True)
    assert found.labels[0] == found.labels[1] != found.labels[2] == found.labels[3]
    assert np.linalg.norm(found.centers, axis=1) == pytest.approx([1, 1])
    cosines = (unit(vectors) * found.centers[found.labels]).sum(axis=1)
    assert found.inertia == pytest.approx(2 * (1 - cosines).sum(), rel=1e-4)


def test_one_cluster_is_the_mean_and_its_inertia_the_scatter():
    vectors = spread(500, 7)
    found = k_means(vectors, 1)
    assert found.centers[0] == pytest.approx(vectors.mean(axis=0), abs=1e-6)
    assert found.inertia == pytest.approx(500 * vectors.var(axis=0).sum(), rel=1e-5)


def test_as_many_clusters_as_vectors_leave_nothing():
    vectors = spread(40, 5)
    found = k_means(vectors, 40)
    assert sorted(found.labels.tolist()) == list(range(40))
    assert found.inertia == pytest.approx(0, abs=1e-9)
    assert found.centers[found.labels] == pytest.approx(vectors, abs=1e-6)


# ---- laws


@pytest.mark.parametrize("seeding", ["k-means++", "k-means||"])
@pytest.mark.parametrize("spherical", [False, True])
@pytest.mark.parametrize("k", [2, 9, 40, 150])
def test_inertia_never_rises_and_ends_where_it_is_measured(k, spherical, seeding):
    vectors = spread(3000, 20)
    found = k_means(vectors, k, seeding=seeding, spherical=spherical, seed=3)
    history = np.array(found.history)
    assert (np.diff(history) <= 1e-9 * history[0]).all()
    assert len(history) == found.iterations + 1
    assert history[-1] == found.inertia
    rows = unit(vectors) if spherical else vectors
    away = np.square(rows - found.centers[found.labels].astype(float)).sum()
    assert found.inertia == pytest.approx(away, rel=1e-5)
    _, nearest = nearest_centers(rows, found.centers)
    assert found.inertia == pytest.approx(nearest.sum(), rel=1e-5)


@pytest.mark.parametrize("k", [1, 5, 8, 20, 129, 300])
def test_bounds_change_nothing_the_rounds_are_those_of_the_textbook(k):
    vectors = spread(2500, 33, seed=k)
    start = vectors[np.random.default_rng(k).choice(2500, k, replace=False)]
    found = k_means(vectors, k, seeding=start)
    labels, _, history = plain_rounds(vectors, start)
    assert (found.labels == labels).mean() > 0.999  # near-ties may fall either way
    assert found.inertia == pytest.approx(history[-1], rel=1e-4)
    assert found.history[:5] == pytest.approx(history[:5], rel=1e-5)


def test_spherical_rounds_are_those_of_the_textbook():
    vectors = spread(2500, 33)
    start = vectors[:20]
    found = k_means(vectors, 20, seeding=start, spherical=True)
    labels, _, history = plain_rounds(unit(vectors), unit(start), spherical=True)
    assert (found.labels == labels).mean() > 0.999
    assert found.inertia == pytest.approx(history[-1], rel=1e-4)


@pytest.mark.parametrize("k", [5, 40])
def test_from_the_same_start_scikit_learn_ends_in_the_same_clusters(k):
    from sklearn.cluster import KMeans

    vectors = spread(4000, 24)
    start = vectors[np.random.default_rng(1).choice(4000, k, replace=False)]
    theirs = KMeans(k, init=start, n_init=1, tol=1e-4, algorithm="lloyd").fit(vectors)
    ours = k_means(vectors, k, seeding=start, tolerance=1e-4)
    assert ours.inertia == pytest.approx(theirs.inertia_, rel=1e-4)
    assert (ours.labels == theirs.labels_).mean() > 0.999
    assert abs(ours.iterations - theirs.n_iter_) <= 2


def test_a_seed_gives_the_same_with_any_number_of_threads():
    vectors = spread(60_000, 16)
    runs = [k_means(vectors, 30, seed=5, threads=threads) for threads in (1, 2, 4)]
    for other in runs[1:]:
        assert other.labels.tobytes() == runs[0].labels.tobytes()
        assert other.centers.tobytes() == runs[0].centers.tobytes()
        assert other.history == runs[0].history
    assert k_means(vectors, 30, seed=6).labels.tobytes() != runs[0].labels.tobytes()


def test_moving_and_scaling_the_vectors_moves_and_scales_the_centres():
    vectors, k = spread(2000, 10), 7
    plain = k_means(vectors, k)
    moved = k_means(vectors.astype(float) * 1e-12 + 3e-9, k)
    assert (moved.labels == plain.labels).mean() > 0.99
    assert moved.inertia == pytest.approx(plain.inertia * 1e-24, rel=1e-3)
    assert moved.centers == pytest.approx(plain.centers * 1e-12 + 3e-9, rel=1e-2)


def test_of_several_starts_the_best_is_kept():
    vectors = spread(1500, 12)
    single = [k_means(vectors, 15, seed=seed) for seed in (4, 5, 6)]
    best = min(single, key=lambda found: found.inertia)
    found = k_means(vectors, 15, seed=4, starts=3)
    assert (found.inertia, found.seed) == (best.inertia, best.seed)
    assert "best of 3 starts" in found.method


def test_few_rounds_say_that_they_did_not_converge():
    found = k_means(spread(2000, 12), 20, max_iterations=2)
    assert (found.iterations, found.converged) == (2, False)
    assert "2 rounds, not converged" in found.method


@pytest.mark.parametrize("seeding", ["k-means++", "k-means||"])
def test_seeding_is_far_better_than_rows_drawn_at_random(seeding):
    vectors = np.concatenate([spread(2000, 8), spread(20, 8) + 60, spread(20, 8) - 60])
    drawn = vectors[np.random.default_rng(0).choice(2000, 6, replace=False)]
    seeded = k_means(vectors, 6, seeding=seeding, max_iterations=1)
    assert seeded.history[0] < 0.1 * k_means(vectors, 6, seeding=drawn, max_iterations=1).history[0]


# ---- corners


def test_vectors_that_repeat_are_one_cluster_each():
    vectors = np.repeat(spread(6, 4), 50, axis=0)
    found = k_means(vectors, 6)
    assert found.inertia == pytest.approx(0, abs=1e-9)
    assert found.sizes.tolist() == [50] * 6
    assert len(set(found.labels[::50].tolist())) == 6


def test_equal_vectors_are_one_cluster():
    found = k_means(np.full((30, 3), 7.5), 1)
    assert found.inertia == 0
    assert found.centers.tolist() == [[7.5] * 3]
    assert found.converged


@pytest.mark.parametrize("seeding", ["k-means++", "k-means||", np.eye(3)])
def test_more_clusters_than_distinct_vectors_are_refused_with_their_number(seeding):
    with pytest.raises(ExplorerError, match="distinct vectors, 2; got 3"):
        k_means(np.eye(3)[[0, 1, 1, 0, 1]], 3, seeding=seeding)


def test_by_the_angle_multiples_are_not_distinct():
    with pytest.raises(ExplorerError, match="distinct vectors, 1; got 2"):
        k_means(np.array([[1.0, 2.0], [2.0, 4.0], [4.0, 8.0]]), 2, spherical=True)


def test_a_few_distinct_vectors_that_a_sample_misses_are_found():
    vectors = np.zeros((60_000, 2), dtype=np.float32)
    vectors[[7, 30_000, 59_999]] = [[1, 0], [0, 1], [1, 1]]
    found = k_means(vectors, 4)
    assert sorted(found.sizes.tolist()) == [1, 1, 1, 59_997]


def test_a_cluster_without_rows_gets_the_farthest_one():
    vectors = np.array([[0.0], [1.0], [2.0], [30.0]])
    found = k_means(vectors, 2, seeding=[[1.0], [1000.0]])
    assert sorted(found.centers.ravel().tolist()) == [1, 30]
    assert (np.diff(found.history) <= 0).all()


@pytest.mark.parametrize(
    ("k", "message"),
    [(0, "at least 1; got 0"), (11, "number of vectors, 10; got 11")],
)
def test_a_number_of_clusters_out_of_range_is_refused(k, message):
    with pytest.raises(ExplorerError, match=message):
        k_means(np.eye(10), k)
    with pytest.raises(ExplorerError, match=message):
        mini_batch_k_means(np.eye(10), k)


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
@pytest.mark.parametrize("spherical", [False, True])
def test_a_number_that_is_not_finite_is_refused_with_its_row(wrong, spherical):
    vectors = spread(300, 4)
    vectors[123, 2] = wrong
    with pytest.raises(ExplorerError, match="Row 123 holds a number that is not finite"):
        k_means(vectors, 3, spherical=spherical)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"seeding": "random"}, "k-means\\+\\+ or k-means\\|\\|; got 'random'"),
        ({"seeding": np.zeros((2, 10))}, r"\(3, 10\); got \(2, 10\)"),
        ({"seeding": np.full((3, 10), np.nan)}, "not finite"),
        ({"starts": 0}, "starts must be at least 1"),
        ({"max_iterations": 0}, "max_iterations must be at least 1"),
        ({"tolerance": -1.0}, "tolerance must be at least 0"),
    ],
)
def test_settings_out_of_range_are_refused(arguments, message):
    with pytest.raises(ExplorerError, match=message):
        k_means(np.eye(10), 3, **arguments)


def test_a_row_without_length_has_a_cluster_too():
    vectors = spread(100, 5)
    vectors[4] = 0
    found = k_means(vectors, 3, spherical=True)
    assert 0 <= found.labels[4] < 3
    assert np.isfinite(found.inertia)


def test_a_memory_map_is_read_where_it_lies(tmp_path):
    vectors = spread(5000, 9)
    np.save(tmp_path / "v.npy", vectors)
    mapped = np.load(tmp_path / "v.npy", mmap_mode="r")
    assert k_means(mapped, 8).labels.tobytes() == k_means(vectors, 8).labels.tobytes()


@pytest.mark.parametrize("convert", [np.asfortranarray, lambda x: x.astype(np.float64)])
def test_other_layouts_and_kinds_of_numbers_give_the_same_clusters(convert):
    vectors = spread(3000, 9)
    assert (k_means(convert(vectors), 8).labels == k_means(vectors, 8).labels).mean() > 0.999


def test_half_precision_and_whole_numbers_are_taken_too():
    vectors = np.round(spread(500, 4) * 4).astype(np.int16)
    expected = k_means(vectors.astype(np.float32), 5).labels.tolist()
    assert k_means(vectors, 5).labels.tolist() == expected
    assert k_means(vectors.astype(np.float16), 5).labels.tolist() == expected


# ---- progress and stop


def test_progress_rises_from_0_to_1():
    shares = []
    k_means(spread(3000, 12), 20, starts=2, progress=shares.append)
    assert shares[0] == 0
    assert shares[-1] == 1
    assert (np.diff(shares) >= 0).all()
    assert len(shares) > 10


@pytest.mark.parametrize("run", [k_means, mini_batch_k_means])
def test_a_stop_is_heard_at_once(run):
    with pytest.raises(Cancelled):
        run(spread(500, 4), 5, stop=lambda: True)


@pytest.mark.parametrize("threads", [1, 2])
def test_a_stop_is_heard_within_a_fifth_of_a_second(threads):
    vectors = spread(200_000, 32)
    k_means(vectors[:1000], 3)  # what is compiled, is compiled
    asked: list[float] = []
    flag = threading.Event()

    def stop():
        asked.append(time.perf_counter())
        return flag.is_set()

    timer = threading.Timer(0.5, flag.set)
    timer.start()
    with pytest.raises(Cancelled):
        k_means(vectors, 2000, threads=threads, stop=stop)
    timer.cancel()
    assert np.median(np.diff(asked)) < 0.2


# ---- the preview


@pytest.mark.parametrize("spherical", [False, True])
def test_a_preview_is_at_most_a_little_worse(spherical):
    vectors = spread(30_000, 16)
    seeds = range(5)
    plain = {"seeding": "k-means++", "spherical": spherical}
    whole = [k_means(vectors, 12, seed=seed, **plain) for seed in seeds]
    quick = [mini_batch_k_means(vectors, 12, seed=seed, spherical=spherical) for seed in seeds]
    assert np.median([b.inertia / a.inertia for a, b in zip(whole, quick, strict=True)]) < 1.01
    assert quick[0].method.startswith("preview: ")


def test_a_preview_labels_every_row_with_the_nearest_centre_and_repeats():
    vectors = spread(25_000, 6)
    found = mini_batch_k_means(vectors, 9, seed=2)
    labels, squares = nearest_centers(vectors, found.centers)
    assert (found.labels == labels).mean() > 0.999
    assert found.inertia == pytest.approx(squares.sum(), rel=1e-5)
    again = mini_batch_k_means(vectors, 9, seed=2, threads=1)
    assert again.labels.tobytes() == found.labels.tobytes()


# ---- kernels and their twins


@pytest.mark.parametrize("spherical", [False, True])
@pytest.mark.parametrize("seeding", ["k-means++", "k-means||"])
def test_without_numba_numpy_finds_the_same_clusters(monkeypatch, spherical, seeding):
    vectors = spread(1500, 11)
    fast = k_means(vectors, 13, spherical=spherical, seeding=seeding)
    monkeypatch.setattr(kmeans, "_work", lambda: kmeans_reference)
    plain = k_means(vectors, 13, spherical=spherical, seeding=seeding)
    assert (plain.labels == fast.labels).mean() > 0.999
    assert plain.history == pytest.approx(fast.history, rel=1e-5)


def test_the_first_centres_are_those_of_the_textbook():
    vectors = spread(800, 6)
    found = k_means(vectors, 7, seed=11, max_iterations=1)
    chosen = seed_centers(vectors, 7, np.random.default_rng(11))
    expected = k_means(vectors, 7, seeding=vectors[chosen], max_iterations=1)
    assert found.history == pytest.approx(expected.history, rel=1e-6)
