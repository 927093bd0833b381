"""The 8-bit copy: its bound holds for every row, and its answer is that of the full scan.

What is said of answers holds for queries asked one by one and together.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.errors import ExplorerError
from explorer.metrics import get_metric
from explorer.neighbors import exact, quantized
from explorer.neighbors.batch import can_search_together, encode_queries, search_together
from explorer.neighbors.exact import nearest_neighbors
from explorer.neighbors.formula import pair_scores
from explorer.neighbors.quantized import (
    QuantizedIndex,
    encode_numpy,
    encode_query,
    largest_query_code,
)
from explorer.neighbors.queries import prepare_queries

pytest.importorskip("numba")
NAMES = ["cosine", "dot", "euclidean"]


@pytest.fixture(params=["one by one", "together"])
def way(request, monkeypatch):
    """How the index answers in a test, where its kernels can."""
    together = request.param == "together"
    if together and not can_search_together():
        pytest.skip("this processor does not multiply bytes")
    monkeypatch.setattr(exact, "TOGETHER", 1 if together else 10**9)
    monkeypatch.setattr(exact, "ONE_BY_ONE", 10**9)


def random_vectors(n, d, seed=0):
    return np.random.default_rng(seed).standard_normal((n, d)).astype(np.float32)


def codes_of_rows(index):
    """(n, d) the codes as rows again."""
    blocks, pairs, rows, two = index.codes.shape
    by_row = index.codes.transpose(0, 2, 1, 3).reshape(blocks * rows, pairs * two)
    return by_row[: len(index), : len(index.centre)]


def ranking_limits(index, query, metric):
    """(n,) low and high ends of every ranking score: the kernel's formula in float64."""
    (direction,), ((reach, weight, loose, slack),) = index.aim(query, metric)
    codes, step = encode_query(direction, index.codes.shape[1])
    sums = codes_of_rows(index).astype(np.int64) @ codes.reshape(-1)[: len(direction)].astype(int)
    factor, offset, pull, width = (
        np.float64(part[: len(index)]) for part in index.rankings[metric.name]
    )
    offset = offset if len(offset) else np.zeros(len(index))
    pull = pull if len(pull) else np.zeros(len(index))
    scores = step * sums * factor + offset - weight * pull
    margin = reach * width + 2.0**-20 * (np.abs(offset) + weight * pull) + loose * pull + slack
    return scores - margin, scores + margin


def ranking_scores(index, query, metric):
    """(n,) the same by the formula."""
    scores = pair_scores(np.float64(index.exact), query.exact, metric)
    if metric.name == "dot":
        return (
            scores * (query.norms[0] / np.linalg.norm(query.exact)) - query.scaled[0] @ index.centre
        )
    if metric.name == "cosine":
        return index.radius * (scores - 1)
    return (np.sum((query.exact[0] - index.centre) ** 2) - scores**2) / 2


def assert_same_answer(vectors, queries, k, metric, index=None, **options):
    index = index or QuantizedIndex.build(vectors)
    expected = nearest_neighbors(vectors, queries, k, metric=metric, **options)
    found = nearest_neighbors(vectors, queries, k, metric=metric, index=index, **options)
    assert found.indices.tolist() == expected.indices.tolist()
    assert found.scores.tobytes() == expected.scores.tobytes()


# ---- worked by hand


def test_a_row_is_stored_as_whole_numbers_times_its_largest_number_over_127():
    codes, scale, lengths = encode_numpy(np.array([[127.0, 1.0, -2.4]]), np.zeros(3))
    assert codes.tolist() == [[127, 1, -2]]
    assert scale.tolist() == [1.0]
    assert lengths.lost[0] == pytest.approx(0.4)
    assert lengths.coded[0] == pytest.approx((127**2 + 1 + 4) ** 0.5)


def test_a_row_at_the_centre_is_stored_as_zeros_without_loss():
    codes, scale, lengths = encode_numpy(np.array([[3.0, 4.0]]), np.array([3.0, 4.0]))
    assert codes.tolist() == [[0, 0]]
    assert (scale[0], lengths.rows[0], lengths.lost[0]) == (0.0, 5.0, 0.0)


def test_the_largest_sum_of_codes_fits_32_bits_in_any_dimension():
    assert largest_query_code(100) == 32_767
    for d in (2, 516, 518, 4096, 100_000):
        assert 127 * largest_query_code(d) * d < 2**31


# ---- the bound


@settings(max_examples=60, deadline=None)
@given(
    n=st.integers(1, 200), d=st.integers(1, 40), seed=st.integers(0, 2**32 - 1),
    shift=st.sampled_from([0, 0, 1, 1000]), spread=st.sampled_from([0, 1, 6]),
    metric=st.sampled_from(NAMES),
)  # fmt: skip
def test_every_score_lies_between_its_low_and_its_high_end(n, d, seed, shift, spread, metric):
    random = np.random.default_rng(seed)
    sizes = 10.0 ** random.uniform(-spread / 2, spread / 2, (n, 1))
    vectors = (random.standard_normal((n, d)) * sizes + shift).astype(np.float32)
    vectors[random.random(n) < 0.1] = 0
    index = QuantizedIndex.build(vectors)
    metric = get_metric(metric)
    for vector in (vectors[0] + np.float32(1e-3), random.standard_normal(d) * 9, index.centre):
        query = prepare_queries(np.asarray(vector, dtype=np.float64)[None], metric)
        if not index.can_ask(query, metric)[0]:
            continue
        low, high = ranking_limits(index, query, metric)
        scores = ranking_scores(index, query, metric)
        exact = 1e-13 * (1 + np.abs(scores).max())  # of the test's own float64 sums
        assert (low <= scores + exact).all()
        assert (scores <= high + exact).all()


@pytest.mark.parametrize(("n", "d"), [(1, 1), (63, 3), (64, 4), (65, 5), (300, 31)])
def test_the_kernel_stores_what_the_numpy_lines_say(n, d):
    vectors = random_vectors(n, d) * np.float32(7)
    vectors[n // 2] = 0
    index = QuantizedIndex.build(vectors)
    codes, scale, lengths = encode_numpy(vectors, index.centre)
    differ = codes_of_rows(index) != codes  # only where y / s lies at .5 within rounding
    assert differ.mean() < 1e-3
    np.testing.assert_array_equal(index.rankings["dot"].factor[:n], scale)
    np.testing.assert_allclose(
        index.rankings["euclidean"].offset[:n], -(lengths.centred**2) / 2, rtol=1e-6
    )


def test_the_scan_gathers_every_row_whose_high_end_reaches_the_kth_low_end():
    vectors = random_vectors(5000, 24)
    index = QuantizedIndex.build(vectors)
    for name in NAMES:
        metric = get_metric(name)
        query = prepare_queries(np.float64(vectors[:1]) * 3, metric)
        low, high = ranking_limits(index, query, metric)
        found = set(index._candidates(query, 10, metric).tolist())
        reaching = set(np.flatnonzero(high >= np.sort(low)[-10]).tolist())
        assert reaching <= found
        assert len(found) <= len(reaching) + 2  # the kernel's own sums are float32


# ---- many queries together


def test_a_query_is_stored_as_whole_numbers_up_to_127_times_its_step():
    codes, starts, steps, lost = encode_queries(np.array([[254.0, 2.0, -4.8], [0, 0, 0]]), 2, 6)
    assert codes.shape == (6, 1)
    assert codes.view(np.int8)[:2].tolist() == [[127, 1, -2, 0], [0, 0, 0, 0]]
    assert starts[:2].tolist() == [-128 * 126, 0]
    assert steps.tolist() == [2.0, 0.0]
    assert lost == pytest.approx([0.8, 0])


@pytest.mark.skipif(not can_search_together(), reason="this processor does not multiply bytes")
@pytest.mark.parametrize("metric", NAMES)
@pytest.mark.parametrize(("n", "d", "q"), [(1, 1, 1), (64, 2, 6), (65, 3, 7), (2000, 100, 40)])
def test_the_copy_itself_proves_the_answers_of_many_queries(metric, n, d, q):
    vectors = random_vectors(n, d)
    queries = random_vectors(q, d, seed=1)
    metric, k = get_metric(metric), min(n, 9)
    found, proven = search_together(
        QuantizedIndex.build(vectors), prepare_queries(queries, metric), k, metric,
        np.empty(0, dtype=np.int64), np.zeros(q + 1, dtype=np.int64),
    )  # fmt: skip
    assert proven.all()
    expected = nearest_neighbors(vectors, queries, k, metric=metric)
    assert found.rows.tolist() == expected.indices.tolist()
    assert found.scores.tobytes() == expected.scores.tobytes()


# ---- the same answer


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("metric", NAMES)
@pytest.mark.parametrize(("n", "d"), [(1, 3), (64, 1), (65, 2), (1000, 7), (3000, 100)])
def test_the_index_gives_the_same_bits_as_the_full_scan(metric, n, d):
    vectors = random_vectors(n, d)
    k = min(10, n)
    assert_same_answer(vectors, np.vstack([vectors[:6], random_vectors(4, d, seed=1)]), k, metric)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("metric", NAMES)
def test_the_index_gives_the_same_bits_on_real_vectors(metric, real_vectors):
    index = QuantizedIndex.build(real_vectors)
    rows = np.random.default_rng(2).choice(len(real_vectors), 20, replace=False)
    assert_same_answer(real_vectors, real_vectors[rows], 10, metric, index, exclude=rows)
    for number in rows[:4]:  # and the copy proves it, not the fall-back
        query = prepare_queries(np.float64(real_vectors[[number]]), get_metric(metric))
        assert index.search(query, 10, get_metric(metric)) is not None


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("metric", NAMES)
def test_subsets_and_exclusions_are_kept_to(metric):
    vectors = random_vectors(2000, 12)
    index = QuantizedIndex.build(vectors)
    random = np.random.default_rng(3)
    for share in (0.9, 0.3, 0.05):
        subset = np.flatnonzero(random.random(2000) < share)
        exclude = [subset[:3], [], [7, 7, 1999]]
        assert_same_answer(vectors, vectors[:3], 8, metric, index, subset=subset, exclude=exclude)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("metric", NAMES)
def test_near_ties_below_eight_bits_and_below_float32_are_ranked_right(metric):
    random = np.random.default_rng(3)
    base = random.standard_normal(64)
    vectors = np.tile(base, (3000, 1)).astype(np.float32)
    rows, columns = random.integers(0, 3000, 2000), random.integers(0, 64, 2000)
    vectors[rows, columns] = np.nextafter(vectors[rows, columns], np.float32(9))  # one last bit
    assert_same_answer(vectors, base[None] * 1.7, 50, metric)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("metric", NAMES)
def test_scores_that_rise_row_after_row_are_still_proven(metric):
    steps = np.arange(20_000, dtype=np.float32)[:, None] / 20_000
    vectors = np.hstack([steps, 1 - steps, np.full_like(steps, 0.1)])
    assert_same_answer(vectors, [[9.0, 0.0, 0.0]], 5, metric)


@pytest.mark.parametrize("metric", NAMES)
def test_a_cloud_far_from_the_origin_is_still_proven_by_the_copy(metric):
    vectors = random_vectors(20_000, 20) + np.float32(3000)
    index = QuantizedIndex.build(vectors)
    assert_same_answer(vectors, vectors[:3], 8, metric, index)
    query = prepare_queries(np.float64(vectors[:1]), get_metric(metric))
    found = index._candidates(query, 8, get_metric(metric))
    assert found is not None
    assert len(found) < 500


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("metric", NAMES)
def test_zero_vectors_and_zero_queries_are_as_in_the_full_scan(metric):
    vectors = random_vectors(500, 6)
    vectors[::7] = 0
    assert_same_answer(vectors, np.vstack([np.zeros(6), vectors[:1]]), 30, metric)
    vectors = -np.abs(vectors)  # zero rows are the nearest by cosine and dot
    assert_same_answer(vectors, np.ones((1, 6)), 30, metric)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("metric", NAMES)
@pytest.mark.parametrize("scale", [1e-30, 1e-9, 1e9, 1e25])
def test_queries_of_any_length_are_answered(metric, scale):
    vectors = random_vectors(500, 6)
    assert_same_answer(vectors, random_vectors(3, 6, seed=1).astype(np.float64) * scale, 9, metric)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("metric", NAMES)
def test_lengths_that_differ_a_million_fold_in_one_space_are_ranked_right(metric):
    random = np.random.default_rng(5)
    vectors = random_vectors(3000, 12) * 10.0 ** random.uniform(-3, 3, (3000, 1))
    assert_same_answer(vectors.astype(np.float32), vectors[:8], 9, metric)


def test_a_query_that_ties_with_all_rows_is_handed_back_to_the_full_scan():
    vectors = np.ones((20_000, 4), dtype=np.float32)
    index = QuantizedIndex.build(vectors)
    query = prepare_queries(np.ones((1, 4)), get_metric("cosine"))
    assert index.search(query, 3, get_metric("cosine")) is None
    assert_same_answer(vectors, np.ones((1, 4)), 3, "cosine", index)


def test_two_threads_give_the_same_bits_as_one(monkeypatch):
    vectors = random_vectors(5000, 30)
    monkeypatch.setattr(quantized, "THREADS_FROM", 0)
    for metric in NAMES:
        assert_same_answer(vectors, vectors[:5], 10, metric)


def test_manhattan_needs_no_index_and_accepts_one():
    vectors = random_vectors(400, 5)
    assert_same_answer(vectors, vectors[:3], 5, "manhattan")


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("metric", NAMES)
def test_more_queries_than_one_thread_takes_are_answered_by_several(metric):
    vectors = random_vectors(400, 5)
    exclude = [[row] * (row % 3) for row in range(100)]
    assert_same_answer(vectors, vectors[:100], 5, metric, exclude=exclude)


@pytest.mark.skipif(not can_search_together(), reason="this processor does not multiply bytes")
@pytest.mark.parametrize("metric", NAMES)
def test_queries_that_the_copy_cannot_prove_are_scanned_among_those_that_it_can(metric):
    vectors = random_vectors(9000, 6)
    vectors[1000:] = 1  # equal rows: more near-ties than there is room for
    queries = vectors[[0, 5000, 1, 5000, 2]] + np.float32(1e-3)
    exclude = [[0], [1000, 5000], [], [7], [2, 1]]
    assert_same_answer(vectors, queries, 9, metric, exclude=exclude)


def test_a_memory_map_and_other_types_are_encoded_alike(tmp_path):
    vectors = random_vectors(1000, 9)
    np.save(tmp_path / "v.npy", vectors)
    mapped = QuantizedIndex.build(np.load(tmp_path / "v.npy", mmap_mode="r"))
    assert mapped.codes.tobytes() == QuantizedIndex.build(vectors).codes.tobytes()
    for other in (vectors.astype(np.float64), vectors.astype(np.float16), vectors[::2, ::-1]):
        assert_same_answer(other, vectors[:3, : other.shape[1]], 5, "euclidean")


def test_the_copy_takes_a_byte_a_number_and_36_more_a_row():
    index = QuantizedIndex.build(random_vectors(6400, 100))
    assert index.nbytes == 6400 * (100 + 36)


# ---- what can go wrong


@pytest.mark.parametrize("size", [1e30, 1e-30, np.inf])
def test_lengths_beyond_the_copys_range_are_told(size):
    vectors = random_vectors(500, 6)
    vectors[77] *= np.float32(size)
    with pytest.raises(ExplorerError, match=r"No 8-bit copy .*(row 77|about)"):
        QuantizedIndex.build(vectors)


def test_an_index_of_other_vectors_is_refused():
    index = QuantizedIndex.build(random_vectors(100, 5))
    with pytest.raises(ExplorerError, match=r"index is of 100 vectors, not of these 90 x 5"):
        nearest_neighbors(random_vectors(90, 5), np.ones(5), 3, index=index)


def test_building_reports_its_share_and_stops_when_told():
    vectors = random_vectors(40_000, 2)
    shares = []
    QuantizedIndex.build(vectors, shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1

    def stop(share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        QuantizedIndex.build(vectors, stop)


@pytest.mark.slow
@pytest.mark.parametrize("metric", NAMES)
def test_a_million_rows_give_the_same_bits(metric):
    vectors = random_vectors(1_000_000, 100)
    index = QuantizedIndex.build(vectors)
    assert_same_answer(vectors, vectors[:5], 10, metric, index, exclude=range(5))
    query = prepare_queries(np.float64(vectors[:1]), get_metric(metric))
    assert index.search(query, 10, get_metric(metric)) is not None
