"""Which neighbours are found again: by hand, at its ends, and for random spaces."""

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.neighbor_stability import Stability
from explorer.neighbors import nearest_neighbors
from explorer.rank_agreement import shared_per_line


def test_the_overlap_of_each_item_is_the_mean_over_every_two_spaces():
    neighbors = np.array([[[1, 2], [0, 2]], [[2, 1], [3, 4]], [[2, 3], [4, 0]]])
    found = Stability(np.array([0, 1]), neighbors, 5)
    assert {pair: shares.tolist() for pair, shares in found.pairs.items()} == {
        (0, 1): [1.0, 0.0],
        (0, 2): [0.5, 0.5],
        (1, 2): [0.5, 0.5],
    }
    assert found.overlaps.tolist() == pytest.approx([2 / 3, 1 / 3])
    assert found.order().tolist() == [1, 0]
    assert (found.k, found.spaces, found.chance) == (2, 3, 0.5)


def test_equal_items_are_ordered_by_row():
    found = Stability(np.array([7, 3, 5]), np.zeros((2, 3, 1), dtype=np.int64), 10)
    assert found.order().tolist() == [1, 2, 0]


def test_what_is_frequent_can_be_what_is_stable():
    neighbors = np.array([[[1, 2], [0, 2], [0, 1]], [[1, 2], [0, 3], [3, 4]]])
    found = Stability(np.arange(3), neighbors, 5)
    assert found.correlation(np.array([100.0, 10.0, 1.0])) == pytest.approx(1)


def test_random_spaces_overlap_as_their_formula_and_as_its_draws_say():
    random, n, k = np.random.default_rng(0), 600, 10
    rows = np.arange(n)
    spaces = [random.standard_normal((n, 20)).astype(np.float32) for _ in range(5)]
    found = [nearest_neighbors(one, one, k, metric="cosine", exclude=rows) for one in spaces]
    real = Stability(rows, np.stack([one.indices for one in found]), n)
    assert real.overlaps.mean() == pytest.approx(real.chance, rel=0.15)
    drawn = real.random_overlaps()
    assert drawn.mean() == pytest.approx(real.chance, rel=0.15)
    assert drawn.std() == pytest.approx(real.overlaps.std(), rel=0.2)


def test_a_rotated_space_keeps_all_its_neighbours():
    random, rows = np.random.default_rng(0), np.arange(50)
    vectors = random.standard_normal((50, 6))
    turn = np.linalg.qr(random.standard_normal((6, 6)))[0]
    found = [
        nearest_neighbors(one.astype(np.float32), one.astype(np.float32), 5, exclude=rows).indices
        for one in (vectors, vectors @ turn)
    ]
    assert Stability(rows, np.stack(found), 50).overlaps.tolist() == [1.0] * 50


def test_one_space_alone_has_no_stability():
    with pytest.raises(ExplorerError, match="two spaces or more"):
        Stability(np.arange(3), np.zeros((1, 3, 2), dtype=np.int64), 5)


def test_shared_rows_are_counted_wherever_they_stand():
    one, other = np.array([[1, 2, 3], [4, 5, 6]]), np.array([[3, 4, 1], [7, 8, 9]])
    assert shared_per_line(one, other).tolist() == [2, 0]
