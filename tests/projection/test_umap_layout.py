"""The layout: forces by hand, the kernel beside the formula, and slices that leave no trace."""

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.neighbors.graph import exact_graph
from explorer.projection.curve import fit_curve
from explorer.projection.forces import FIRST_EXPONENT, TABLE, force_table, pull, push
from explorer.projection.fuzzy_graph import FuzzyGraph, fuzzy_graph
from explorer.projection.umap_layout import Layout, move_by_formula
from explorer.training.draws import stream

A, B = fit_curve(0.1, 1.0)


def graph_of(n=400, k=14):
    vectors = np.random.default_rng(1).normal(size=(n, 6)).astype(np.float32)
    found = exact_graph(vectors, k, metric="euclidean")
    return fuzzy_graph(found.indices, found.distances)


def start(n, components=2):
    return np.random.default_rng(2).uniform(0, 10, (n, components)).astype(np.float32)


def test_forces_are_the_slopes_of_the_cross_entropy():
    distances = np.array([0.3, 1.0, 2.5])

    def joined(d):
        return np.log1p(A * d ** (2 * B))  # -log q

    def apart(d):
        return np.log1p(A * d ** (2 * B)) - np.log(A * d ** (2 * B))  # -log(1 - q)

    step = 1e-6
    for force, energy in ((pull, joined), (push, apart)):
        slope = (energy(distances + step) - energy(distances - step)) / (2 * step)
        # push is softened by 0.001 in the squared distance
        assert force(distances**2, A, B) * distances == pytest.approx(-slope, rel=0.012)


def test_the_table_of_forces_is_within_a_hundredth_of_the_formula():
    squares = (2.0 ** np.random.default_rng(0).uniform(-20, 12, 5_000)).astype(np.float32)
    places = (squares.view(np.int32) >> 16) - ((FIRST_EXPONENT + 127) << 7)
    for force in (pull, push):
        table = force_table(force, A, B)
        assert len(table) == TABLE
        assert table[places] == pytest.approx(force(squares, A, B), rel=0.008)


def test_two_joined_points_meet_and_two_pairs_part():
    starts = np.array([0, 1, 2, 3, 4])
    graph = FuzzyGraph(starts, np.array([1, 0, 3, 2], dtype=np.int32), np.ones(4, np.float32))
    layout = Layout(graph, start(4), A, B, epochs=400)
    while not layout.done:
        layout.advance()
    y = layout.coordinates()
    pairs = np.linalg.norm(y[0] - y[1]), np.linalg.norm(y[2] - y[3])
    assert max(pairs) < 2
    assert np.linalg.norm(y[:2].mean(axis=0) - y[2:].mean(axis=0)) > 3 * max(pairs)


@pytest.mark.parametrize("components", [2, 3])
@pytest.mark.parametrize("epoch", [0, 40])
def test_the_kernel_moves_every_point_as_the_formula_does(components, epoch):
    pytest.importorskip("numba")
    graph = graph_of()
    layout = Layout(graph, start(400, components), A, B, epochs=50, seed=5)
    for _ in range(epoch):
        layout._piece()
    old = layout._old.copy()
    expected = np.empty_like(old)
    rate = (1 - epoch / 50) ** 2
    move_by_formula(
        old, expected, layout.graph, layout.rates, A, B, epoch, rate, 5, stream(5), 0, 400
    )
    layout._piece()
    moved, wanted = layout._old - old, expected - old
    assert np.abs(wanted).max() > 0.5
    off = np.abs(moved - wanted).max(axis=1)
    assert np.quantile(off, 0.98) < 0.02  # where two points almost meet the table's error grows
    assert np.corrcoef(moved.ravel(), wanted.ravel())[0, 1] > 0.9999


def test_a_part_of_the_points_by_formula_is_that_part_of_all():
    graph = graph_of(100)
    rates = graph.strengths / graph.strengths.max()
    old = np.zeros((100, 3), np.float32)
    old[:, :2] = start(100)
    whole, part = np.zeros_like(old), np.zeros_like(old)
    for first, last, new in ((0, 100, whole), (30, 60, part)):
        move_by_formula(old, new, graph, rates, A, B, 3, 0.9, 5, stream(1), first, last)
    assert (part[30:60] == whole[30:60]).all()


def test_without_numba_the_formula_makes_the_map(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "explorer.projection.umap_kernels", None)
    layout = Layout(graph_of(60, 5), start(60), A, B, epochs=10)
    layout.advance(60)
    assert layout.done
    assert np.isfinite(layout.coordinates()).all()


def test_the_same_bits_in_any_slices_and_on_any_threads(monkeypatch):
    graph, begin = graph_of(3_000), start(3_000)
    maps = []
    for threads, seconds, piece in ((1, 60, 32_768), (1, 0, 700), (3, 0.003, 2_100)):
        monkeypatch.setattr("explorer.projection.umap_layout.PIECE", piece)
        monkeypatch.setattr("explorer.projection.umap_layout.THREAD_POINTS", 100)
        layout = Layout(graph, begin, A, B, epochs=20, threads=threads)
        while not layout.done:
            layout.advance(seconds)
        maps.append(layout.coordinates())
    assert (maps[0] == maps[1]).all()
    assert (maps[0] == maps[2]).all()


def test_another_seed_makes_another_map_and_coordinates_are_a_copy():
    graph, begin = graph_of(200), start(200)
    first, second = (Layout(graph, begin, A, B, epochs=5, seed=seed) for seed in (1, 2))
    for layout in (first, second):
        layout.advance(60)
    assert (first.coordinates() != second.coordinates()).any()
    first.coordinates()[:] = 0
    assert first.coordinates().any()


def test_between_two_epochs_the_coordinates_are_those_of_the_last_whole_one(monkeypatch):
    monkeypatch.setattr("explorer.projection.umap_layout.PIECE", 150)
    layout = Layout(graph_of(400), start(400), A, B, epochs=5)
    layout.advance(0)
    assert layout.share == pytest.approx(150 / 400 / 5)
    assert (layout.coordinates() == start(400)).all()


def test_an_item_without_a_join_stays_where_it_is():
    graph = FuzzyGraph(
        np.array([0, 1, 2, 2]), np.array([1, 0], dtype=np.int32), np.ones(2, np.float32)
    )
    layout = Layout(graph, start(3), A, B, epochs=10)
    layout.advance(60)
    assert (layout.coordinates()[2] == start(3)[2]).all()


def test_a_start_of_another_size_is_refused():
    with pytest.raises(ExplorerError, match="400 items, the start 7"):
        Layout(graph_of(), start(7), A, B, epochs=5)
