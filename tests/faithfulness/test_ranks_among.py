"""Ranks counted in one pass are those of all distances sorted, to the last tie."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.faithfulness import ranks_among
from explorer.faithfulness.ranks_among import Ranker, ranks_by_formula
from explorer.metrics import COSINE, EUCLIDEAN, METRICS


@pytest.fixture(autouse=True)
def _always_compiled(monkeypatch):
    monkeypatch.setattr(ranks_among, "compiled_kernel", lambda numbers: True)


def clouds():
    random = np.random.default_rng(0)
    return {
        "normal": random.standard_normal((2300, 17)).astype(np.float32),
        "a grid of integers, full of ties": random.integers(-2, 3, (1500, 4)).astype(np.float32),
        "points of a map, on a lattice": random.integers(0, 12, (2500, 2)).astype(np.float32),
        "far from the origin": (random.standard_normal((900, 5)) + 300).astype(np.float32),
        "all at one point": np.ones((300, 3), dtype=np.float32),
        "huge": (random.standard_normal((500, 6)) * 1e30).astype(np.float32),
        "float64": random.standard_normal((500, 6)),
        "with zero vectors": np.vstack([np.zeros((9, 6)), random.standard_normal((300, 6))]),
        "in two far clusters": np.vstack(
            [random.standard_normal((400, 3)), random.standard_normal((400, 3)) * 1e-4 + 50]
        ).astype(np.float32),
    }


def asked_of(vectors, width=40, seed=1):
    rows = np.arange(0, len(vectors), 7)
    wanted = np.random.default_rng(seed).integers(0, len(vectors) - 1, (len(rows), width))
    return rows, wanted + (wanted >= rows[:, None])


def test_the_nearest_has_rank_one_and_ties_go_to_the_smaller_row_number():
    vectors = np.array([[0.0], [5.0], [2.0], [-2.0]])
    rows, wanted = np.array([0, 1]), np.array([[1, 2, 3], [3, 2, 0]])
    expected = [[3, 1, 2], [3, 1, 2]]
    assert ranks_by_formula(vectors, rows, wanted, EUCLIDEAN).tolist() == expected
    assert Ranker(vectors, EUCLIDEAN).ranks(rows, wanted).tolist() == expected


@pytest.mark.parametrize("metric", ["cosine", "dot", "euclidean", "manhattan"])
@pytest.mark.parametrize("name", clouds())
def test_counting_finds_the_ranks_of_sorting(metric, name):
    vectors = clouds()[name]
    rows, wanted = asked_of(vectors)
    np.testing.assert_array_equal(
        Ranker(vectors, METRICS[metric]).ranks(rows, wanted),
        ranks_by_formula(vectors, rows, wanted, METRICS[metric]),
    )


def test_angles_rank_as_cosines():
    vectors = clouds()["normal"]
    rows, wanted = asked_of(vectors)
    np.testing.assert_array_equal(
        Ranker(vectors, METRICS["angular"]).ranks(rows, wanted),
        Ranker(vectors, COSINE).ranks(rows, wanted),
    )


def test_norms_that_are_known_change_nothing():
    vectors = clouds()["normal"]
    rows, wanted = asked_of(vectors)
    norms = np.linalg.norm(vectors, axis=1)
    np.testing.assert_array_equal(
        Ranker(vectors, COSINE, norms).ranks(rows, wanted),
        Ranker(vectors, COSINE).ranks(rows, wanted),
    )


def test_all_others_together_have_every_rank_once():
    vectors = clouds()["points of a map, on a lattice"][:300]
    rows = np.array([0, 17, 299])
    others = np.array([np.delete(np.arange(300), row) for row in rows])
    ranks = Ranker(vectors, EUCLIDEAN).ranks(rows, others)
    np.testing.assert_array_equal(np.sort(ranks, axis=1), np.tile(np.arange(1, 300), (3, 1)))


@settings(max_examples=60, deadline=None)
@given(
    points=st.lists(
        st.tuples(*[st.floats(-1e3, 1e3, width=32, allow_subnormal=False)] * 2),
        min_size=3, max_size=30,
    ),
    metric=st.sampled_from(["cosine", "dot", "euclidean"]),
)  # fmt: skip
def test_any_small_cloud_is_ranked_as_by_sorting(points, metric):
    vectors = np.array(points, dtype=np.float32)
    vectors[np.abs(vectors) < 1e-3] = 0
    rows, wanted = asked_of(vectors, width=4)
    counted = Ranker(vectors, METRICS[metric]).ranks(rows, wanted)
    scores = METRICS[metric].pairwise(vectors, vectors[rows])
    spread = np.abs(np.diff(np.sort(scores, axis=1), axis=1))
    if metric != "euclidean" and ((spread > 0) & (spread < 1e-9)).any():
        return  # sums rounded in another order: which of two such is nearer is not defined
    np.testing.assert_array_equal(counted, ranks_by_formula(vectors, rows, wanted, METRICS[metric]))
