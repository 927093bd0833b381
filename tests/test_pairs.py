"""Pairs of items: each as likely as another, none with itself."""

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.pairs import pair_distances, sample_pairs


def test_few_items_give_all_their_pairs():
    pairs = sample_pairs(4, 6)
    found = list(zip(pairs.one.tolist(), pairs.other.tolist(), strict=True))
    assert found == [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
    assert pairs.seed is None
    assert pairs.note == "all 6 pairs"


def test_a_sample_pairs_no_item_with_itself_and_leaves_none_out():
    pairs = sample_pairs(40, 700, seed=3)
    assert len(pairs.one) == 700
    assert (pairs.one != pairs.other).all()
    assert set(pairs.one) == set(pairs.other) == set(range(40))
    assert pairs.note == "700 of 780 pairs, drawn with seed 3"
    assert pairs.one.tolist() == sample_pairs(40, 700, seed=3).one.tolist()
    assert pairs.one.tolist() != sample_pairs(40, 700, seed=4).one.tolist()


def test_every_pair_is_as_likely():
    pairs = sample_pairs(200, 19_000)
    counts = np.bincount(pairs.one * 200 + pairs.other, minlength=200 * 200).reshape(200, 200)
    met = (counts + counts.T)[np.triu_indices(200, 1)]
    assert met.mean() == pytest.approx(19_000 / 19_900)
    assert met.var() == pytest.approx(met.mean(), rel=0.05)  # as Poisson has it


def test_distances_are_small_where_near():
    vectors = np.array([[3.0, 4.0], [6.0, 8.0], [4.0, -3.0]])
    pairs = sample_pairs(3)
    np.testing.assert_allclose(pair_distances(vectors, pairs), [0, 1, 1], atol=1e-15)
    assert pair_distances(vectors, pairs, "dot").tolist() == [-50, 0, 0]
    assert pair_distances(vectors, pairs, "euclidean")[0] == 5


def test_settings_that_do_not_fit_are_told():
    with pytest.raises(ExplorerError, match="at least 2 items; got 1"):
        sample_pairs(1)
    with pytest.raises(ExplorerError, match="pairs must be at least 2; got 1"):
        sample_pairs(9, 1)
    with pytest.raises(ExplorerError, match="drawn from 9 items; these are 8"):
        pair_distances(np.ones((8, 2)), sample_pairs(9))
