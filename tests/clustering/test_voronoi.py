"""Borders of cells: by hand, by law, and as SciPy (Qhull) finds them."""

import numpy as np
import pytest
from scipy.spatial import Voronoi

from explorer.clustering.voronoi import MOST_CENTERS, voronoi_edges
from explorer.errors import ExplorerError

FRAME = (-1.0, 2.0, -1.0, 2.0)


def sides(edges):
    """Segments without direction or order, rounded."""
    return sorted(sorted(map(tuple, np.round(edge, 6).tolist())) for edge in edges)


def test_two_centres_are_parted_by_the_line_between_them():
    edges = voronoi_edges([[0, 0], [1, 0]], FRAME)
    assert sides(edges) == [[(0.5, -1.0), (0.5, 2.0)]]


def test_one_centre_has_no_border_and_equal_centres_count_once():
    assert len(voronoi_edges([[0, 0]], FRAME)) == 0
    assert sides(voronoi_edges([[0, 0], [1, 0], [1, 0]], FRAME)) == [[(0.5, -1.0), (0.5, 2.0)]]


def test_four_corners_of_a_square_meet_in_its_middle():
    edges = voronoi_edges([[0, 0], [1, 0], [0, 1], [1, 1]], FRAME)
    middle = (0.5, 0.5)
    assert sides(edges) == [
        [(-1.0, 0.5), middle], [(0.5, -1.0), middle], [middle, (0.5, 2.0)], [middle, (2.0, 0.5)],
    ]  # fmt: skip


def test_both_ends_of_every_edge_are_as_near_to_two_centres_and_to_none_nearer():
    centers = np.random.default_rng(4).uniform(-1, 2, size=(12, 2))
    for edge in voronoi_edges(centers, FRAME):
        for point in (edge[0], edge.mean(axis=0), edge[1]):
            distances = np.sort(np.linalg.norm(centers - point, axis=1))
            assert distances[0] == pytest.approx(distances[1], abs=1e-9)


def test_finite_edges_are_those_of_qhull():
    centers = np.random.default_rng(5).uniform(-1, 1, size=(15, 2))
    found = Voronoi(centers)
    finite = [found.vertices[pair] for pair in found.ridge_vertices if -1 not in pair]
    ours = sides(voronoi_edges(centers, (-1e4, 1e4, -1e4, 1e4)))
    assert all(side in ours for side in sides(finite))
    assert len(ours) == len(found.ridge_vertices)


def test_too_many_centres_or_another_dimension_are_refused():
    with pytest.raises(ExplorerError, match="on a plane"):
        voronoi_edges(np.zeros((3, 3)), FRAME)
    with pytest.raises(ExplorerError, match="60 centres"):
        voronoi_edges(np.zeros((MOST_CENTERS + 1, 2)), FRAME)
