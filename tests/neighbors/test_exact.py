"""Exact search: rankings worked by hand, laws, and agreement with the plain float64 formula."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.errors import ExplorerError
from explorer.metrics import METRICS, get_metric
from explorer.neighbors import exact
from explorer.neighbors.by_formula import best_by_formula
from explorer.neighbors.exact import merge_top_k, nearest_neighbors
from explorer.neighbors.formula import gathered_scores, pair_scores
from explorer.neighbors.queries import prepare_queries

NAMES = list(METRICS)
THREE = ("cosine", "dot", "euclidean")  # by inner products


def brute_force(vectors, queries, k, metric, allowed=None):
    """The definition: every pair by the formula, sorted by score, then row number."""
    metric = get_metric(metric)
    vectors, queries = np.float64(vectors), np.float64(queries)
    indices, scores = [], []
    for number, query in enumerate(queries):
        pairs = pair_scores(vectors, np.broadcast_to(query, vectors.shape), metric)
        order = np.argsort(-pairs if metric.larger_is_nearer else pairs, kind="stable")
        if allowed is not None:
            order = order[np.isin(order, allowed[number])]
        indices.append(order[:k])
        scores.append(pairs[order[:k]])
    return np.array(indices), np.array(scores)


def assert_exact(vectors, queries, k, metric, **options):
    found = nearest_neighbors(vectors, queries, k, metric=metric, **options)
    indices, scores = brute_force(vectors, queries, k, metric)
    assert found.indices.tolist() == indices.tolist()
    assert found.scores.tolist() == scores.tolist()


@pytest.fixture(autouse=True, scope="module", params=["NumPy", "Numba"])
def way(request):
    """Every test runs with the plain NumPy twin and with the compiled kernel."""
    if request.param == "Numba":
        pytest.importorskip("numba")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exact, "compiled_kernel", lambda numbers: request.param == "Numba")
        yield


def random_vectors(n, d, seed=0):
    return np.random.default_rng(seed).standard_normal((n, d)).astype(np.float32)


# ---- worked by hand


def test_cosine_ranks_by_angle_dot_by_length_too_and_euclidean_by_place():
    vectors = [[1.0, 0.0], [3.0, 4.0], [0.0, 2.0]]
    query = [1.0, 0.0]
    cosine = nearest_neighbors(vectors, query, 3)
    assert cosine.indices.tolist() == [[0, 1, 2]]
    assert cosine.scores.tolist() == [[1.0, 0.6, 0.0]]
    assert cosine.distances.tolist() == [[0.0, 0.4, 1.0]]
    dot = nearest_neighbors(vectors, query, 3, metric="dot")
    assert dot.indices.tolist() == [[1, 0, 2]]
    assert dot.scores.tolist() == [[3.0, 1.0, 0.0]]
    assert dot.distances.tolist() == [[-3.0, -1.0, 0.0]]
    euclidean = nearest_neighbors(vectors, query, 3, metric="euclidean")
    assert euclidean.indices.tolist() == [[0, 2, 1]]
    assert euclidean.scores.tolist() == [[0.0, 5**0.5, 20**0.5]]
    assert euclidean.distances.tolist() == euclidean.scores.tolist()


def test_the_query_is_left_out_but_its_duplicate_is_not():
    vectors = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    found = nearest_neighbors(vectors, vectors[[1]], k=1, exclude=np.array([1]))
    assert found.indices.tolist() == [[0]]


@pytest.mark.parametrize("metric", NAMES)
def test_equal_rows_stand_in_the_order_of_their_numbers(metric):
    vectors = np.tile(random_vectors(1, 37), (500, 1))
    query = random_vectors(1, 37, seed=1)
    found = nearest_neighbors(vectors, query, 7, metric=metric, exclude=[[2, 4]])
    assert found.indices.tolist() == [[0, 1, 3, 5, 6, 7, 8]]
    assert len(set(found.scores[0])) == 1


def test_a_vector_has_cosine_exactly_one_and_distance_exactly_zero_to_itself():
    vectors = random_vectors(200, 300) * 1e-3
    assert nearest_neighbors(vectors, vectors, 1).scores.tolist() == [[1.0]] * 200
    found = nearest_neighbors(vectors, vectors, 1, metric="euclidean")
    assert found.scores.tolist() == [[0.0]] * 200


def test_a_zero_vector_has_cosine_zero_to_everything():
    vectors = np.array([[0.0, 0.0], [1.0, 0.0], [-1.0, 0.0]])
    found = nearest_neighbors(vectors, [2.0, 0.0], 3)
    assert found.indices.tolist() == [[1, 0, 2]]
    assert found.scores.tolist() == [[1.0, 0.0, -1.0]]
    assert nearest_neighbors(vectors, [0.0, 0.0], 3).indices.tolist() == [[0, 1, 2]]


def test_a_subset_is_searched_by_numbers_or_by_booleans():
    vectors = np.arange(10.0)[:, None]
    chosen = np.zeros(10, dtype=bool)
    chosen[[2, 5, 9]] = True
    for subset in ([2, 5, 9], [9, 5, 2, 5], chosen):
        found = nearest_neighbors(vectors, [[4.0]], 3, metric="euclidean", subset=subset)
        assert found.indices.tolist() == [[5, 2, 9]]
    found = nearest_neighbors(
        vectors, [[5.0], [9.0]], 2, metric="euclidean", subset=chosen, exclude=[5, 9]
    )
    assert found.indices.tolist() == [[2, 9], [5, 2]]


def test_rows_to_exclude_may_differ_in_number_and_lie_outside_the_subset():
    vectors = np.arange(6.0)[:, None]
    found = nearest_neighbors(
        vectors, [[0.0], [5.0]], 2, metric="euclidean", subset=[1, 2, 3, 4], exclude=[[1, 0], []]
    )
    assert found.indices.tolist() == [[2, 3], [4, 3]]


# ---- laws


@pytest.mark.parametrize("metric", [name for name in NAMES if name != "manhattan"])
def test_rotating_the_space_changes_no_neighbour(metric):
    vectors = random_vectors(400, 16)
    rotation, _ = np.linalg.qr(np.random.default_rng(1).standard_normal((16, 16)))
    rotated = (vectors @ rotation).astype(np.float32)
    before = nearest_neighbors(vectors, vectors, 5, metric=metric)
    after = nearest_neighbors(rotated, rotated, 5, metric=metric)
    assert (before.indices == after.indices).all()
    np.testing.assert_allclose(before.scores, after.scores, atol=1e-4)


def test_on_unit_vectors_cosine_dot_and_euclidean_rank_alike():
    vectors = random_vectors(500, 24).astype(np.float64)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    ranked = [nearest_neighbors(vectors, vectors[:50], 10, metric=metric) for metric in THREE]
    assert (ranked[0].indices == ranked[1].indices).all()
    assert (ranked[0].indices == ranked[2].indices).all()


@pytest.mark.parametrize("metric", NAMES)
def test_blocks_of_any_size_and_shards_merged_give_the_same_bits(metric, monkeypatch):
    vectors = random_vectors(700, 19)
    vectors[100:130] = vectors[5]  # ties across blocks
    queries = np.vstack([vectors[:40], random_vectors(9, 19, seed=2)])
    whole = nearest_neighbors(vectors, queries, 12, metric=metric)
    parts = [
        nearest_neighbors(vectors, queries, 12, metric=metric, subset=range(start, start + 100))
        for start in range(0, 700, 100)
    ]
    for order in (parts, parts[::-1], parts[3:] + parts[:3]):
        merged = merge_top_k(order, 12)
        assert merged.indices.tobytes() == whole.indices.tobytes()
        assert merged.scores.tobytes() == whole.scores.tobytes()
    for block_bytes, tile, queries_at_once in ((400, 1, 7), (5000, 70, 1), (1 << 25, 5000, 49)):
        monkeypatch.setattr(exact, "BLOCK_BYTES", block_bytes)
        monkeypatch.setattr(exact, "QUERIES_AT_ONCE", queries_at_once)
        monkeypatch.setattr("explorer.neighbors.block.TILE_SCORES", tile)
        again = nearest_neighbors(vectors, queries, 12, metric=metric)
        assert again.indices.tobytes() == whole.indices.tobytes()
        assert again.scores.tobytes() == whole.scores.tobytes()


@settings(max_examples=60, deadline=None)
@given(data=st.data(), metric=st.sampled_from(NAMES))
def test_search_is_the_definition_with_any_subset_and_exclusions(data, metric):
    n = data.draw(st.integers(2, 40))
    d = data.draw(st.integers(1, 5))
    seed = data.draw(st.integers(0, 2**32 - 1))
    random = np.random.default_rng(seed)
    vectors = random.integers(-2, 3, (n, d)).astype(np.float32)  # many ties, some zero rows
    queries = random.integers(-2, 3, (3, d)).astype(np.float32)
    subset = np.sort(random.choice(n, random.integers(2, n + 1), replace=False))
    exclude = [random.choice(n, random.integers(0, 2), replace=False) for _ in queries]
    allowed = [np.setdiff1d(subset, rows) for rows in exclude]
    k = data.draw(st.integers(1, min(len(rows) for rows in allowed)))
    found = nearest_neighbors(vectors, queries, k, metric=metric, subset=subset, exclude=exclude)
    indices, scores = brute_force(vectors, queries, k, metric, allowed)
    assert found.indices.tolist() == indices.tolist()
    assert found.scores.tolist() == scores.tolist()


# ---- exactness where float32 is not enough


@pytest.mark.parametrize("metric", NAMES)
def test_near_ties_below_the_resolution_of_float32_are_ranked_right(metric):
    random = np.random.default_rng(3)
    base = random.standard_normal(64)
    vectors = np.tile(base, (3000, 1)).astype(np.float32)
    rows, columns = random.integers(0, 3000, 2000), random.integers(0, 64, 2000)
    vectors[rows, columns] = np.nextafter(vectors[rows, columns], np.float32(9))  # one last bit
    assert_exact(vectors, base[None] * 1.7, 50, metric)


@pytest.mark.parametrize("metric", NAMES)
def test_a_cloud_far_from_the_origin_is_ranked_right(metric):
    vectors = random_vectors(2000, 20) + np.float32(3000)
    assert_exact(vectors, vectors[:6], 8, metric)


@pytest.mark.parametrize("metric", NAMES)
@pytest.mark.parametrize("size", [1e30, 3e38, 1e-30, 1e-42])
def test_huge_and_tiny_vectors_neither_overflow_nor_vanish(metric, size):
    vectors = (np.tanh(random_vectors(300, 10)) * size).astype(np.float32)
    assert_exact(vectors, vectors[:5], 6, metric)
    assert_exact(vectors, random_vectors(5, 10, seed=4), 6, metric)
    assert_exact(random_vectors(300, 10), vectors[:5], 6, metric)


@pytest.mark.parametrize("metric", NAMES)
def test_rows_of_all_sizes_in_one_space_are_ranked_right(metric):
    random = np.random.default_rng(5)
    vectors = random_vectors(600, 12) * 10.0 ** random.integers(-38, 37, (600, 1))
    vectors[::50] = 0
    vectors = vectors.astype(np.float32)
    norms = np.linalg.norm(np.float64(vectors), axis=1).astype(np.float32)
    assert_exact(vectors, vectors[::60], 9, metric)
    assert_exact(vectors, vectors[::60], 9, metric, norms=norms)


@pytest.mark.parametrize("metric", NAMES)
def test_float16_float64_integers_and_strided_arrays_are_searched_as_they_are(metric):
    wide = random_vectors(300, 40).astype(np.float64)
    wide[7] = wide[3] * (1 + 1e-12)  # float32 cannot tell the two apart
    for vectors in (wide, wide.astype(np.float16), (wide * 9).astype(int), wide[::3, ::2], wide.T):
        assert_exact(vectors, vectors[:4], 5, metric)


def test_a_memory_map_is_searched_with_little_memory(tmp_path):
    import tracemalloc

    np.save(tmp_path / "v.npy", random_vectors(60_000, 64))
    vectors = np.load(tmp_path / "v.npy", mmap_mode="r")
    expected = nearest_neighbors(np.array(vectors), vectors[:3], 10)
    nearest_neighbors(vectors, vectors[:3], 10)  # compiled now
    tracemalloc.start()
    found = nearest_neighbors(vectors, vectors[:3], 10)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.scores.tobytes() == expected.scores.tobytes()
    assert peak < vectors.nbytes / 3


def test_given_norms_change_nothing():
    vectors = random_vectors(1000, 30)
    norms = np.linalg.norm(vectors.astype(np.float64), axis=1).astype(np.float32)
    for metric in NAMES:
        plain = nearest_neighbors(vectors, vectors[:20], 10, metric=metric)
        quick = nearest_neighbors(vectors, vectors[:20], 10, metric=metric, norms=norms)
        assert plain.indices.tobytes() == quick.indices.tobytes()
        assert plain.scores.tobytes() == quick.scores.tobytes()


@pytest.mark.parametrize("metric", ["cosine", "dot", "euclidean"])
def test_more_near_ties_than_the_kernel_has_room_for_are_ranked_right(metric):
    vectors = random_vectors(3000, 8)
    vectors[500:2500] = vectors[7]
    vectors[600:2500:3, 2] = np.nextafter(vectors[7, 2], np.float32(9))
    queries = np.vstack([vectors[:12], random_vectors(3, 8, seed=1)])
    assert_exact(vectors, queries, 5, metric)
    exclude = np.arange(600, 615)
    found = nearest_neighbors(vectors, queries, 5, metric=metric, exclude=exclude)
    allowed = [np.setdiff1d(np.arange(3000), [row]) for row in exclude]
    indices, scores = brute_force(vectors, queries, 5, metric, allowed)
    assert found.indices.tolist() == indices.tolist()
    assert found.scores.tolist() == scores.tolist()


def test_far_from_the_origin_few_rows_are_looked_at_twice(monkeypatch):
    looked = []

    def counted(vectors, rows, *others):
        looked.append(len(rows))
        return gathered_scores(vectors, rows, *others)

    monkeypatch.setattr("explorer.neighbors.candidates.gathered_scores", counted)
    vectors = random_vectors(20_000, 20) + np.float32(3000)
    for dtype in (np.float32, np.float64):
        found = nearest_neighbors(vectors.astype(dtype), vectors[:20], 8, metric="euclidean")
        assert found.scores[:, 0].tolist() == [0.0] * 20
    assert sum(looked) < 2 * 20 * 100


def test_parts_searched_on_several_threads_are_the_whole(monkeypatch):
    monkeypatch.setattr(exact, "THREAD_QUERIES", 16)
    vectors = random_vectors(900, 10)
    assert_exact(vectors, vectors[:100], 6, "cosine")


# ---- what a person can get wrong


def test_k_out_of_range_names_the_range():
    vectors = random_vectors(50, 3)
    with pytest.raises(ExplorerError, match=r"^k must be from 1 to 49 for 50 vectors; got 60\.$"):
        nearest_neighbors(vectors, vectors[:1], 60, exclude=[0])
    with pytest.raises(ExplorerError, match=r"^k must be from 1 to 50 for 50 vectors; got 0\.$"):
        nearest_neighbors(vectors, vectors[:1], 0)
    with pytest.raises(ExplorerError, match=r"^k must be from 1 to 2 for 2 vectors; got 3\.$"):
        nearest_neighbors(vectors, vectors[:1], 3, subset=[4, 9])
    with pytest.raises(ExplorerError, match="No vector is left to search: 1 chosen, 1 left out"):
        nearest_neighbors(vectors, vectors[:1], 1, subset=[4], exclude=[4])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"queries": [[1.0, 2.0]]}, "Queries must have the vectors' 3 dimensions; got 2."),
        ({"queries": [[1.0, 2.0, np.nan]]}, "Query 0 has length nan"),
        ({"queries": [["a", "b", "c"]]}, "Queries must be rows of real numbers"),
        ({"metric": "hamming"}, "metric must be one of cosine, dot, euclidean"),
        ({"exclude": [50]}, "exclude must hold rows from 0 to 49; got 50."),
        ({"exclude": [1, 2]}, "exclude must name rows for each of 1 queries; got 2."),
        ({"subset": [-1]}, "subset must hold rows from 0 to 49; got -1."),
        ({"subset": [0.5]}, "subset must be whole row numbers"),
        ({"subset": np.ones(4, dtype=bool)}, "one for each of 50 vectors"),
        ({"norms": np.ones(4)}, "norms must be one for each of 50 vectors"),
    ],
)
def test_wrong_arguments_are_told_in_a_sentence(options, message):
    arguments = {"queries": random_vectors(1, 3), "k": 5, **options}
    with pytest.raises(ExplorerError) as error:
        nearest_neighbors(random_vectors(50, 3), **arguments)
    assert message in str(error.value)


def test_a_row_that_is_not_finite_is_named():
    vectors = random_vectors(50, 3)
    vectors[17, 1] = np.inf
    for norms in (None, np.linalg.norm(vectors, axis=1)):
        with pytest.raises(ExplorerError, match="Row 17 has length inf"):
            nearest_neighbors(vectors, vectors[:1], 3, norms=norms)
        with pytest.raises(ExplorerError, match="Row 17 has length inf"):
            nearest_neighbors(vectors, vectors[:1], 3, norms=norms, subset=[4, 9, 17])


@pytest.mark.parametrize("metric", NAMES)
def test_the_search_by_formula_finds_what_the_search_by_products_finds(metric):
    vectors, queries = random_vectors(400, 12), random_vectors(5, 12, seed=1)
    ready = prepare_queries(queries, get_metric(metric))
    norms = np.linalg.norm(vectors, axis=1)
    found = best_by_formula(vectors, norms, ready, 9, get_metric(metric))
    expected = nearest_neighbors(vectors, queries, 9, metric=metric)
    assert (found.rows == expected.indices).all()
    assert (found.scores == expected.scores).all()
