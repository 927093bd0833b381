"""False and missing neighbours: which items a map puts side by side, or apart, by mistake.

A *false* neighbour is among the k nearest on the map but not in the space; a *missing* one among
the k nearest in the space but not on the map. An item has as many of one as of the other, so what
tells them apart is how far away they come from: their ranks on the other side.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from explorer.faithfulness.neighbor_ranks import NeighborRanks
from explorer.faithfulness.ranks_among import Ranks
from explorer.faithfulness.trustworthiness import check_k
from explorer.space import IntArray


class Mistakes(NamedTuple):
    """The false, or the missing, neighbours of one item, the worst first.

    rows : (m,) row numbers
    near : (m,) the rank on the side where they are near, from 1 to k
    far : (m,) the rank on the other side, above k
    """

    rows: IntArray
    near: IntArray
    far: IntArray


class Worst(NamedTuple):
    """The worst mistake of each item scored.

    rows : (s,) row number of the neighbour with the highest rank on the other side; -1 for none
    ranks : (s,) that rank, above k; 0 for none
    """

    rows: IntArray
    ranks: IntArray


def false_neighbors(ranks: NeighborRanks, place: int, k: int) -> Mistakes:
    """Of the item at `place` among those scored: near on the map, far in the space."""
    return _mistakes(ranks, ranks.on_map, ranks.ranks_in_space, place, k)


def missing_neighbors(ranks: NeighborRanks, place: int, k: int) -> Mistakes:
    """Of the item at `place` among those scored: near in the space, far on the map."""
    return _mistakes(ranks, ranks.in_space, ranks.ranks_on_map, place, k)


def worst_false(ranks: NeighborRanks, k: int) -> Worst:
    """Each item's neighbour on the map that stands farthest from it in the space."""
    return _worst(ranks, ranks.on_map, ranks.ranks_in_space, k)


def worst_missing(ranks: NeighborRanks, k: int) -> Worst:
    """Each item's neighbour in the space that stands farthest from it on the map."""
    return _worst(ranks, ranks.in_space, ranks.ranks_on_map, k)


def _mistakes(ranks: NeighborRanks, near: Ranks, far: Ranks, place: int, k: int) -> Mistakes:
    check_k(ranks, k)
    wrong = np.flatnonzero(far[place, :k] > k)
    wrong = wrong[np.argsort(-far[place, wrong], kind="stable")]
    return Mistakes(
        near[place, wrong].astype(np.int64), wrong + 1, far[place, wrong].astype(np.int64)
    )


def _worst(ranks: NeighborRanks, near: Ranks, far: Ranks, k: int) -> Worst:
    check_k(ranks, k)
    items = np.arange(len(near))
    at = far[:, :k].argmax(axis=1)
    highest, who = far[items, at].astype(np.int64), near[items, at].astype(np.int64)
    wrong = highest > k
    return Worst(np.where(wrong, who, -1), np.where(wrong, highest, 0))
