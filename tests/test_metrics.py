"""Five metrics: facts worked by hand, laws for all of them, vectors at the edge of float32."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import ExplorerError
from explorer.metrics import (
    COSINE,
    DOT,
    EUCLIDEAN,
    MANHATTAN,
    METRICS,
    angular,
    cosine,
    dot,
    euclidean,
    get_metric,
    manhattan,
)


def vectors(n=20, d=5, seed=0):
    return np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)


def rotation(d, seed=0):
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(d, d)))[0]


def ranking(metric, rows, query):
    return np.argsort(metric.distance(metric.pairwise(rows, query)[0]), kind="stable").tolist()


def test_each_metric_of_3_4_and_4_3_is_the_one_worked_by_hand():
    x, y = [3, 4], [4, 3]
    assert dot(x, y).tolist() == [[24]]
    assert cosine(x, y)[0, 0] == pytest.approx(24 / 25)
    assert euclidean(x, y)[0, 0] == pytest.approx(np.sqrt(2))
    assert manhattan(x, y).tolist() == [[2]]
    assert angular([1, 1], [1, 0])[0, 0] == pytest.approx(45)


def test_scores_have_a_row_for_each_query_and_a_column_for_each_vector():
    for metric in METRICS.values():
        assert metric.pairwise(vectors(7), vectors(3)).shape == (3, 7)
        assert metric.pairwise(vectors(7), vectors(1)[0]).shape == (1, 7)


def test_right_angles_opposites_and_the_vector_itself():
    rows = np.array([[2, 0], [0, 3], [-5, 0]])
    assert cosine(rows, [1, 0]).tolist() == [[1, 0, -1]]


def test_a_zero_vector_has_cosine_0_to_every_vector_itself_included():
    assert cosine([[0, 0], [1, 2]], [0, 0]).tolist() == [[0, 0]]


def test_the_cosine_ignores_length_and_the_dot_product_multiplies_by_it():
    x, y = vectors(1, seed=1), vectors(1, seed=2)
    assert cosine(1000 * x, y) == pytest.approx(cosine(x, y))
    assert dot(1000 * x, y) == pytest.approx(1000 * dot(x, y))


@pytest.mark.parametrize("size", [1e-45, 1e-38, 1e38, 3e38])
def test_the_cosine_is_right_for_the_smallest_and_the_largest_floats(size):
    x = np.array([[size, 0]], dtype=np.float32)
    y = np.array([[size, size]], dtype=np.float32)
    assert cosine(x, y)[0, 0] == pytest.approx(np.sqrt(0.5))


def test_distances_between_huge_vectors_do_not_overflow():
    x = np.array([3e38, 3e38], dtype=np.float32)
    assert euclidean(x, -x)[0, 0] == pytest.approx(2 * np.sqrt(2) * 3e38, rel=1e-6)


def test_nearly_equal_vectors_far_from_the_origin_keep_their_distance():
    x = np.array([10_000.0, 0.0], dtype=np.float32)
    y = np.array([10_000.001953125, 0.0], dtype=np.float32)
    assert euclidean(x, y)[0, 0] == pytest.approx(0.001953125, rel=1e-9)


@given(st.lists(st.floats(-1e3, 1e3, width=32), min_size=6, max_size=6))
def test_every_score_lies_in_the_range_of_its_metric(numbers):
    x, y = np.array(numbers[:3]), np.array(numbers[3:])
    for metric in METRICS.values():
        score = metric.pairwise(x, y)[0, 0]
        assert metric.lowest <= score <= metric.highest


@pytest.mark.parametrize("metric", [m for m in METRICS.values() if m is not MANHATTAN], ids=str)
def test_rotating_the_space_changes_no_score_but_manhattan_s(metric):
    x, y = vectors(seed=1), vectors(seed=2)
    turned = rotation(5)
    assert metric.pairwise(x @ turned, y @ turned) == pytest.approx(metric.pairwise(x, y), abs=1e-4)


def test_the_manhattan_distance_depends_on_the_axes():
    turn = np.array([[1, -1], [1, 1]]) / np.sqrt(2)
    x, y = np.array([1.0, 0.0]), np.array([0.0, 0.0])
    assert manhattan(x, y)[0, 0] == 1
    assert manhattan(x @ turn, y @ turn)[0, 0] == pytest.approx(np.sqrt(2))


@pytest.mark.parametrize("metric", METRICS.values(), ids=str)
def test_every_metric_is_symmetric(metric):
    x, y = vectors(4, seed=1), vectors(6, seed=2)
    assert metric.pairwise(x, y) == pytest.approx(metric.pairwise(y, x).T)


def test_on_unit_vectors_all_metrics_but_manhattan_rank_alike():
    rows = vectors(50)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    orders = [ranking(metric, rows, rows[7]) for metric in METRICS.values() if metric != MANHATTAN]
    assert orders[0] == orders[1] == orders[2] == orders[3]
    assert orders[0][0] == 7


def test_on_unit_vectors_the_squared_distance_is_2_minus_2_cosines():
    rows = vectors(10)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    assert euclidean(rows, rows) ** 2 == pytest.approx(2 - 2 * cosine(rows, rows), abs=1e-6)


def test_distances_are_smaller_for_what_is_nearer():
    scores = np.array([0.2, 0.9])
    assert COSINE.distance(scores).tolist() == pytest.approx([0.8, 0.1])
    assert DOT.distance(scores).tolist() == [-0.2, -0.9]
    assert EUCLIDEAN.distance(scores).tolist() == [0.2, 0.9]


def test_the_three_disagree_where_they_should():
    rows = np.array([[1.0, 0.2], [5.0, 4.0], [0.8, 0.5]])  # same angle, long, and near
    query = np.array([1.0, 0.25])
    assert [ranking(m, rows, query)[0] for m in (COSINE, DOT, EUCLIDEAN)] == [0, 1, 0]
    assert ranking(EUCLIDEAN, rows, query) == [0, 2, 1]
    assert ranking(DOT, rows, query) == [1, 0, 2]


def test_a_metric_is_found_by_name_and_an_unknown_one_answered_with_the_names():
    assert get_metric("dot") is DOT
    assert get_metric(COSINE) is COSINE
    with pytest.raises(ExplorerError, match=r"one of cosine, dot, .*angular; got 'chebyshev'"):
        get_metric("chebyshev")


def test_each_metric_says_which_way_is_near_and_its_range():
    assert METRICS["cosine"].how_to_read.startswith("Larger is nearer; from -1 to 1.")
    assert METRICS["euclidean"].how_to_read.startswith("Smaller is nearer; from 0 up.")
    assert "no bounds" in METRICS["dot"].how_to_read
