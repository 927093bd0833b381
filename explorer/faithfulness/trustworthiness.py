"""Trustworthiness and continuity: how far up do the neighbours come from, that one side invents?

With r(i, j) the rank of j seen from i in the space, r'(i, j) on the map, A = 2 / (k (2n - 3k - 1)):

    T_i(k) = 1 - A sum over the k nearest j on the map     of max(0, r(i, j) - k)
    C_i(k) = 1 - A sum over the k nearest j in the space   of max(0, r'(i, j) - k)

Each from 0, as wrong as can be, to 1. T falls with *false* neighbours: near on the map, far in the
space. C falls with *missing* ones: near in the space, far on the map. The scores of a map are the
means over its items. A random layout has about 1/2 on both (`random_trustworthiness`).

Venna & Kaski, Neighborhood preservation in nonlinear projection methods, ICANN 2001, 485-491;
Kaski et al., BMC Bioinformatics 4:48, 2003.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError
from explorer.faithfulness.neighbor_ranks import NeighborRanks
from explorer.faithfulness.ranks_among import Ranks

Float64Array = NDArray[np.float64]


def trustworthiness(ranks: NeighborRanks, k: int) -> float:
    """The mean of `point_trustworthiness`; 1 where no neighbour is false."""
    return float(point_trustworthiness(ranks, k).mean())


def continuity(ranks: NeighborRanks, k: int) -> float:
    """The mean of `point_continuity`; 1 where no neighbour is missing."""
    return float(point_continuity(ranks, k).mean())


def point_trustworthiness(ranks: NeighborRanks, k: int) -> Float64Array:
    """(s,) T_i(k) of each item scored, 0 to 1; k from 1 to ranks.k and below n / 2."""
    return _score(ranks, ranks.ranks_in_space, k)


def point_continuity(ranks: NeighborRanks, k: int) -> Float64Array:
    """(s,) C_i(k) of each item scored, 0 to 1; k from 1 to ranks.k and below n / 2."""
    return _score(ranks, ranks.ranks_on_map, k)


def random_trustworthiness(n: int, k: int) -> float:
    """What a random layout is expected to have, in trustworthiness and in continuity alike.

    Each of its k neighbours has any rank r from 1 to n - 1 alike, so E max(0, r - k) is
    (n - 1 - k)(n - k) / (2 (n - 1)).
    """
    excess = (n - 1 - k) * (n - k) / (2 * (n - 1))
    return 1 - 2 / (2 * n - 3 * k - 1) * excess


def _score(ranks: NeighborRanks, across: Ranks, k: int) -> Float64Array:
    n = ranks.n
    check_k(ranks, k)
    if 2 * k >= n:
        raise ExplorerError(
            f"Trustworthiness and continuity need k below half of the {n:,} items; got {k:,}."
        )
    excess = np.maximum(across[:, :k].astype(np.float64) - k, 0).sum(axis=1)
    scores: Float64Array = 1 - 2 / (k * (2 * n - 3 * k - 1)) * excess
    return scores


def check_k(ranks: NeighborRanks, k: int) -> None:
    """ExplorerError unless the k nearest are known."""
    if not 1 <= k <= ranks.k:
        raise ExplorerError(f"k must be from 1 to {ranks.k:,}, the neighbours known; got {k:,}.")
