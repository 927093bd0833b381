"""A few queries in one reading of the rows: proven answers, and what is handed back."""

import numpy as np
import pytest

from explorer.metrics import get_metric
from explorer.neighbors import exact
from explorer.neighbors import sweep as sweep_module
from explorer.neighbors.exact import nearest_neighbors
from explorer.neighbors.queries import prepare_queries
from explorer.neighbors.sweep import can_sweep, sweep

pytest.importorskip("numba")
NAMES = ["cosine", "dot", "euclidean"]
NONE = np.empty(0, dtype=np.int64)


def random_vectors(n, d, seed=0):
    return np.random.default_rng(seed).standard_normal((n, d)).astype(np.float32)


def swept(vectors, queries, k, metric, *, searched=None, norms=None, hidden=NONE, bounds=None):
    queries = np.atleast_2d(queries)
    metric = get_metric(metric)
    ready = prepare_queries(queries, metric)
    bounds = np.zeros(len(queries) + 1, dtype=np.int64) if bounds is None else np.array(bounds)
    assert can_sweep(vectors, len(queries), k, metric)
    return sweep(vectors, searched, norms, ready, k, metric, hidden, bounds)


def by_blocks(vectors, queries, k, metric, **options):
    """The answer without the sweep."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exact, "can_sweep", lambda *_: False)
        return nearest_neighbors(vectors, queries, k, metric=metric, **options)


def assert_proven(found, expected):
    for number, one in enumerate(found):
        assert one is not None
        assert one.rows[0].tolist() == expected.indices[number].tolist()
        assert one.scores[0].tobytes() == expected.scores[number].tobytes()


@pytest.mark.parametrize("metric", NAMES)
@pytest.mark.parametrize(("n", "d"), [(9, 3), (1023, 16), (1024, 1), (1025, 100), (3000, 301)])
@pytest.mark.parametrize("settings", [{}, {"THREADS_FROM": 0}, {"KEPT": 0}])
def test_the_sweep_itself_proves_the_answers_of_a_few_queries(metric, n, d, settings, monkeypatch):
    for name, value in settings.items():
        monkeypatch.setattr(sweep_module, name, value)
    vectors = random_vectors(n, d)
    vectors[n // 2] = 0
    queries = np.vstack([vectors[:3], random_vectors(3, d, seed=1)])
    expected = by_blocks(vectors, queries, 7, metric)
    lengths = np.linalg.norm(vectors, axis=1)
    for norms in (None, lengths, lengths.astype(np.float64)):
        assert_proven(swept(vectors, queries, 7, metric, norms=norms), expected)


@pytest.mark.parametrize("metric", NAMES)
def test_rows_of_a_subset_are_read_where_they_lie_and_hidden_ones_left_out(metric):
    vectors = random_vectors(2000, 20)
    subset = np.flatnonzero(np.random.default_rng(2).random(2000) < 0.3)
    queries = vectors[subset[:2]]
    hidden, bounds = subset[[0, 5, 1]], [0, 2, 3]
    expected = by_blocks(
        vectors, queries, 9, metric, subset=subset, exclude=[subset[[0, 5]], subset[[1]]]
    )
    found = swept(vectors, queries, 9, metric, searched=subset, hidden=hidden, bounds=bounds)
    assert_proven(found, expected)


@pytest.mark.parametrize("metric", NAMES)
def test_real_vectors_are_proven(metric, real_vectors):
    rows = np.random.default_rng(3).choice(len(real_vectors), 8, replace=False)
    expected = by_blocks(real_vectors, real_vectors[rows], 10, metric)
    assert_proven(swept(real_vectors, real_vectors[rows], 10, metric), expected)


def test_a_cloud_far_from_the_origin_is_proven_by_its_differences():
    vectors = random_vectors(20_000, 20) + np.float32(3000)
    expected = by_blocks(vectors, vectors[:3], 8, "euclidean")
    assert_proven(swept(vectors, vectors[:3], 8, "euclidean"), expected)


@pytest.mark.parametrize("metric", NAMES)
def test_rows_that_come_ever_nearer_are_gathered_forgotten_and_found_once(metric):
    full = sweep_module.CAPACITY
    turns = np.linspace(np.pi / 2, 0.1, full)
    late = [(turns[-3] + turns[-2]) / 2, 1.0]  # the first needs room, which there is none left
    turns = np.append(turns, late)
    vectors = np.column_stack([np.cos(turns), np.sin(turns)]).astype(np.float32)
    query = np.array([[1, 0]], dtype=np.float32)
    found = swept(vectors, query, 3, metric)
    assert found[0].rows.tolist() == [[full - 1, full - 2, full]]
    assert_proven(found, by_blocks(vectors, query, 3, metric))


@pytest.mark.parametrize("metric", NAMES)
def test_lengths_that_float32_cannot_tell_and_crowds_of_ties_are_handed_back(metric):
    vectors = random_vectors(500, 6)
    vectors[77] *= np.float32(1e30)
    assert swept(vectors, vectors[:2], 5, metric) == [None, None]
    ties = np.ones((20_000, 4), dtype=np.float32)
    assert swept(ties, ties[:1], 3, metric) == [None]
    assert nearest_neighbors(ties, ties[0], 3, metric=metric).indices.tolist() == [[0, 1, 2]]


def test_tiny_lengths_are_not_taken_for_zero():
    vectors = random_vectors(300, 5)
    vectors[9] = 1e-30
    norms = np.linalg.norm(vectors.astype(np.float64), axis=1).astype(np.float32)
    for given in (None, norms, np.where(norms > 1e-20, norms, 0)):
        assert swept(vectors, vectors[:1], 5, "cosine", norms=given) == [None]
