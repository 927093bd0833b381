"""The graph of nearest neighbours: exact is the search, approximate says what it missed."""

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.metrics import get_metric
from explorer.neighbors import graph as graph_module
from explorer.neighbors import nearest_neighbors
from explorer.neighbors.cells import centres_of, make_cells
from explorer.neighbors.formula import gathered_scores
from explorer.neighbors.graph import approximate_graph, comparable_rows, exact_graph, shared_rows

METRICS = ["cosine", "euclidean"]


def clustered(n, d, seed=0):
    random = np.random.default_rng(seed)
    centres = random.standard_normal((20, d)) * 2
    return (centres[random.integers(0, 20, n)] + random.standard_normal((n, d))).astype(np.float32)


def true_neighbors(vectors, k, metric):
    return nearest_neighbors(vectors, vectors, k, metric=metric, exclude=np.arange(len(vectors)))


# ---- exact


def test_four_points_on_a_line_have_the_neighbours_one_sees():
    graph = exact_graph(np.array([[0.0], [1.0], [3.0], [7.0]]), 2, metric="euclidean")
    assert graph.indices.tolist() == [[1, 2], [0, 2], [1, 0], [2, 1]]
    assert graph.scores.tolist() == [[1, 3], [1, 2], [2, 3], [4, 6]]
    assert (graph.recall, graph.sample, graph.note, len(graph)) == (1.0, 0, "exact", 4)


@pytest.mark.parametrize("metric", ["cosine", "dot", "euclidean", "manhattan"])
@pytest.mark.parametrize("copy_from", [1, 10**9])
def test_the_exact_graph_is_the_search_with_every_row_as_the_query(metric, copy_from, monkeypatch):
    monkeypatch.setattr(graph_module, "COPY_FROM", copy_from)
    vectors = clustered(1500, 8)
    vectors[7] = vectors[8]
    graph = exact_graph(vectors, 5, metric=metric)
    expected = true_neighbors(vectors, 5, metric)
    assert graph.indices.tolist() == expected.indices.tolist()
    assert graph.scores.tobytes() == expected.scores.astype(np.float32).tobytes()


# ---- approximate


@pytest.mark.parametrize("metric", METRICS)
def test_an_approximate_graph_finds_nearly_all_and_its_recall_is_the_true_share(metric):
    vectors = clustered(4000, 16)
    graph = approximate_graph(vectors, 10, metric=metric)
    expected = true_neighbors(vectors, 10, metric)
    share = shared_rows(graph.indices, expected.indices)
    assert share > 0.95
    assert graph.recall == pytest.approx(share, abs=0.02)
    assert graph.sample == 500
    assert f"recall {graph.recall:.3f} over 500 items" in graph.note


@pytest.mark.parametrize("metric", METRICS)
def test_on_real_vectors_nine_of_ten_neighbours_are_found(metric, real_vectors):
    assert approximate_graph(real_vectors, 15, metric=metric).recall > 0.9


@pytest.mark.parametrize("metric", METRICS)
def test_scores_are_the_formulas_and_sorted_and_no_row_is_its_own_neighbour(metric):
    vectors = clustered(1000, 6)
    vectors[100:140] = vectors[3]
    graph = approximate_graph(vectors, 7, metric=metric)
    rows = np.arange(1000)
    assert (graph.indices != rows[:, None]).all()
    assert all(len(set(found)) == 7 for found in graph.indices.tolist())
    scores = gathered_scores(
        vectors, graph.indices.reshape(-1).astype(int), vectors, rows.repeat(7), get_metric(metric)
    )
    assert graph.scores.tobytes() == scores.astype(np.float32).tobytes()
    assert (np.diff(graph.distances, axis=1) >= 0).all()


def test_with_all_cells_looked_into_nothing_is_missed():
    vectors = clustered(600, 5)
    graph = approximate_graph(vectors, 9, metric="euclidean", probes=1000)
    assert graph.recall == 1
    assert (graph.indices == true_neighbors(vectors, 9, "euclidean").indices).all()


@pytest.mark.parametrize("metric", METRICS)
def test_more_neighbours_than_the_cells_hold_are_found_all_the_same(metric):
    vectors = clustered(300, 4)
    graph = approximate_graph(vectors, 120, metric=metric, probes=1)
    assert (graph.indices >= 0).all()
    assert all(len(set(found)) == 120 for found in graph.indices.tolist())


def test_the_same_seed_gives_the_same_graph():
    vectors = clustered(2000, 8)
    one, two = (approximate_graph(vectors, 5, seed=3) for _ in range(2))
    assert one.indices.tobytes() == two.indices.tobytes()
    assert one.note == two.note


@pytest.mark.parametrize("size", [1e-25, 1e25])
@pytest.mark.parametrize("metric", METRICS)
def test_huge_and_tiny_vectors_far_from_the_origin_neither_overflow_nor_vanish(metric, size):
    vectors = ((clustered(1000, 8) + 50) * size).astype(np.float32)
    assert approximate_graph(vectors, 5, metric=metric).recall > 0.9


def test_zero_rows_are_rows_like_others():
    vectors = clustered(500, 4)
    vectors[::9] = 0
    graph = approximate_graph(vectors, 3)
    assert np.isfinite(graph.scores).all()


def test_progress_rises_to_one_and_what_it_raises_stops_the_work():
    vectors = clustered(9000, 4)
    for make in (exact_graph, approximate_graph):
        shares = []
        make(vectors, 3, metric="euclidean", on_progress=shares.append)
        assert shares == sorted(shares)
        assert shares[-1] == 1

        def stop(share):
            if share > 0.3:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            make(vectors, 3, metric="euclidean", on_progress=stop)


def test_wrong_arguments_are_told_in_a_sentence():
    vectors = clustered(20, 3)
    for make in (exact_graph, approximate_graph):
        with pytest.raises(ExplorerError, match=r"k must be from 1 to 19 for 20 vectors; got 20\."):
            make(vectors, 20)
    with pytest.raises(ExplorerError, match="by cosine or euclidean; got dot: ask for the exact"):
        approximate_graph(vectors, 3, metric="dot")
    with pytest.raises(ExplorerError, match=r"probes must be at least 1; got 0\."):
        approximate_graph(vectors, 3, probes=0)


# ---- the cells


def test_every_row_lies_in_one_cell_the_nearest():
    vectors = clustered(900, 4)
    cells = make_cells(vectors, probes=5, seed=1)
    assert np.sort(cells.order).tolist() == list(range(900))
    assert len(cells) == 30
    for cell in range(30):
        members = cells.order[cells.starts[cell] : cells.starts[cell + 1]]
        assert (cells.near[members, 0] == cell).all()
        assert (np.diff(members) > 0).all()


def test_centres_are_the_middles_of_two_heaps():
    heaps = np.array([[0.0, 0], [0, 2], [10, 0], [10, 2]], dtype=np.float32)
    centres = centres_of(heaps, 2, np.random.default_rng(0))
    assert sorted(centres.tolist()) in ([[0, 1], [10, 1]], [[5, 0], [5, 2]])


def test_rows_that_repeat_may_have_fewer_middles_than_asked_for():
    few = np.repeat(np.eye(3, dtype=np.float32), 10, axis=0)
    centres = centres_of(few, 8, np.random.default_rng(0))
    assert sorted({tuple(centre) for centre in centres.tolist()}) == [
        (0, 0, 1),
        (0, 1, 0),
        (1, 0, 0),
    ]


@pytest.mark.parametrize("metric", METRICS)
def test_comparable_rows_rank_as_the_metric_does(metric):
    vectors = clustered(300, 5)
    rows = comparable_rows(vectors, get_metric(metric))
    assert (
        shared_rows(
            true_neighbors(rows, 5, "euclidean").indices, true_neighbors(vectors, 5, metric).indices
        )
        > 0.99
    )
