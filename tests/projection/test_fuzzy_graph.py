"""The strengths of a UMAP graph: worked by hand, by law, and beside umap-learn's."""

import numpy as np
import pytest

from explorer.neighbors.graph import exact_graph
from explorer.projection.fuzzy_graph import (
    FuzzyGraph,
    fuzzy_graph,
    inverse_sigmas,
    join_directions,
    memberships,
    merged_by_sorting,
)


def dense(graph):
    matrix = np.zeros((len(graph), len(graph)))
    for i in range(len(graph)):
        row = slice(graph.starts[i], graph.starts[i + 1])
        matrix[i, graph.others[row]] = graph.strengths[row]
    return matrix


def some_graph(n=300, d=5, k=14, metric="euclidean", seed=0):
    vectors = np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)
    return vectors, exact_graph(vectors, k, metric=metric)


def test_two_directions_are_joined_as_the_chance_that_one_of_them_holds():
    indices = np.array([[1], [2], [1]])
    strengths = np.array([[0.5], [0.5], [0.5]], dtype=np.float32)
    joined = dense(join_directions(indices, strengths))
    assert joined.tolist() == [[0, 0.5, 0], [0.5, 0, 0.75], [0, 0.75, 0]]


def test_the_nearest_is_joined_with_strength_1_and_all_strengths_sum_to_log2():
    _, graph = some_graph(k=15)
    strengths = memberships(graph.distances)
    assert (strengths[:, 0] == 1).all()
    assert (np.diff(strengths, axis=1) <= 0).all()
    assert strengths.sum(axis=1) == pytest.approx(4.0, abs=1e-4)  # log2 of 16


def test_one_gap_is_solved_by_hand():
    # 1 + exp(-2 t) = 1.5 where t = ln 2 / 2
    assert inverse_sigmas(np.array([[0.0, 2.0]]), 1.5)[0] == pytest.approx(np.log(2) / 2, rel=1e-4)


def test_strengths_do_not_change_when_all_distances_are_a_thousand_times_as_large():
    _, graph = some_graph()
    distances = graph.distances.astype(np.float64)
    assert memberships(distances * 1000) == pytest.approx(memberships(distances), abs=1e-5)


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@pytest.mark.parametrize("neighbors", [2, 5, 15, 50])
def test_the_graph_is_that_of_umap_learn(metric, neighbors):
    umap_ = pytest.importorskip("umap.umap_")
    vectors, graph = some_graph(k=neighbors - 1, metric=metric)
    n = len(vectors)
    itself = np.arange(n)[:, None]
    indices = np.hstack([itself, graph.indices])
    distances = np.hstack([np.zeros((n, 1)), graph.distances]).astype(np.float32)
    theirs, _, _ = umap_.fuzzy_simplicial_set(
        vectors, neighbors, np.random.RandomState(0), metric, knn_indices=indices,
        knn_dists=distances,
    )  # fmt: skip
    ours = fuzzy_graph(graph.indices, graph.distances)
    assert np.abs(dense(ours) - theirs.toarray()).max() < 2e-5


def test_equal_items_are_joined_as_in_umap_learn():
    umap_ = pytest.importorskip("umap.umap_")
    vectors = np.repeat(np.eye(4, dtype=np.float32), 6, axis=0)
    graph = exact_graph(vectors, 7, metric="euclidean")
    n = len(vectors)
    theirs, _, _ = umap_.fuzzy_simplicial_set(
        vectors, 8, np.random.RandomState(0), "euclidean",
        knn_indices=np.hstack([np.arange(n)[:, None], graph.indices]),
        knn_dists=np.hstack([np.zeros((n, 1)), graph.distances]).astype(np.float32),
    )  # fmt: skip
    assert np.abs(dense(fuzzy_graph(graph.indices, graph.distances)) - theirs).max() < 2e-5


def test_distances_that_are_all_zero_join_everything_fully():
    strengths = memberships(np.zeros((4, 3), dtype=np.float32))
    assert (strengths == 1).all()


def test_the_kernel_joins_as_sorting_does():
    pytest.importorskip("numba")
    from explorer.projection.umap_kernels import merge_directions

    _, graph = some_graph(n=500)
    order = np.argsort(graph.indices, axis=1)
    indices = np.take_along_axis(graph.indices, order, 1)
    strengths = np.take_along_axis(memberships(graph.distances), order, 1)
    strengths[::7] = 0  # an edge of strength 0 is none
    ours, twin = merge_directions(indices, strengths), merged_by_sorting(indices, strengths)
    for one, other in zip(ours, twin, strict=True):
        assert (one == other).all()


def test_weak_edges_are_left_out_and_rows_stay_in_place():
    graph = FuzzyGraph(
        np.array([0, 2, 3, 5]), np.array([1, 2, 0, 0, 1], dtype=np.int32),
        np.array([0.1, 0.9, 0.1, 0.9, 0.2], dtype=np.float32),
    )  # fmt: skip
    kept = graph.stronger_than(0.2)
    assert kept.starts.tolist() == [0, 1, 1, 3]
    assert kept.others.tolist() == [2, 0, 1]
