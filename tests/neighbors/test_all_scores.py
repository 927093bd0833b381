"""Scores of all vectors, and of random pairs."""

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.metrics import METRICS
from explorer.neighbors import all_scores, random_pair_scores, summarize_scores

NAMES = list(METRICS)


@pytest.mark.parametrize("metric", NAMES)
@pytest.mark.parametrize("size", [1, 1e-30, 1e18])
def test_all_scores_are_the_formulas_to_float32_digits(metric, size):
    random = np.random.default_rng(0)
    vectors = (random.standard_normal((500, 20)) * size).astype(np.float32)
    vectors[3] = 0
    query = vectors[7].astype(np.float64)
    expected = METRICS[metric].pairwise(vectors, query)[0]
    tolerance = 1e-5 * max(np.abs(expected).max(), np.finfo(np.float32).tiny)
    for norms in (None, np.linalg.norm(vectors.astype(np.float64), axis=1).astype(np.float32)):
        scores = all_scores(vectors, query, metric, norms=norms)
        assert scores.dtype == np.float32
        np.testing.assert_allclose(scores, expected, rtol=1e-5, atol=tolerance)


def test_the_distance_of_a_row_to_itself_is_zero_far_from_the_origin():
    vectors = np.random.default_rng(0).standard_normal((50, 8)).astype(np.float32) + 1000
    assert all_scores(vectors, vectors[4], "euclidean")[4] == 0


def test_scores_beyond_float32_stand_at_its_ends():
    vectors = np.array([[1e30, 0], [-1e30, 0], [1, 0]], dtype=np.float32)
    scores = all_scores(vectors, [1e30, 0], "dot")
    limit = np.finfo(np.float32).max
    np.testing.assert_allclose(scores, [limit, -limit, 1e30], rtol=1e-6)


def test_the_cosine_of_a_zero_query_is_zero_to_all():
    assert all_scores(np.eye(3, dtype=np.float32), np.zeros(3)).tolist() == [0, 0, 0]


def test_a_query_of_other_dimensions_is_refused():
    with pytest.raises(ExplorerError, match="must have the vectors' 3 dimensions"):
        all_scores(np.eye(3, dtype=np.float32), np.zeros(2))


def test_the_summary_counts_every_score_once():
    scores = np.array([0, 0, 1, 2, 4], dtype=np.float32)
    summary = summarize_scores(scores, bins=4)
    assert summary.counts.tolist() == [2, 1, 1, 1]
    assert summary.edges.tolist() == [0, 1, 2, 3, 4]
    assert (summary.mean, summary.lowest, summary.median, summary.highest) == (1.4, 0, 1, 4)
    assert summary.deviation == pytest.approx(2.24**0.5)


def test_random_pairs_never_pair_a_row_with_itself_and_repeat_with_the_seed():
    vectors = np.array([[0.0], [1.0], [3.0]], dtype=np.float32)
    scores = random_pair_scores(vectors, "euclidean", pairs=6000, seed=5)
    values, counts = np.unique(scores, return_counts=True)
    assert values.tolist() == [1.0, 2.0, 3.0]
    assert (counts > 1800).all()  # 2,000 expected of each
    assert (scores == random_pair_scores(vectors, "euclidean", pairs=6000, seed=5)).all()
    assert (scores != random_pair_scores(vectors, "euclidean", pairs=6000, seed=6)).any()


def test_random_pairs_need_two_vectors():
    with pytest.raises(ExplorerError, match="at least 2 vectors; got 1"):
        random_pair_scores(np.ones((1, 2), dtype=np.float32))


@pytest.mark.parametrize("scores", [[0.0, 1e-45], [5.0, 5.0, 5.0], [3.4e38, -3.4e38], [2.0]])
def test_a_histogram_is_made_of_any_scores(scores):
    summary = summarize_scores(np.array(scores, dtype=np.float32))
    assert summary.counts.sum() == len(scores)
    assert np.all(np.diff(summary.edges) > 0)
