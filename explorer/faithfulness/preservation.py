"""Neighbourhood preservation: the share of the k nearest in the space that are near on the map too.

    P_i(k) = |N_k(i) and N'_k(i)| / k,   from 0 to 1;

a random layout keeps k / (n - 1) of them. Also known as k-NN recall; averaged over
all items it is Q_NX(k) (Lee & Verleysen, Quality assessment of dimensionality reduction,
Neurocomputing 72, 2009).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.faithfulness.neighbor_ranks import NeighborRanks
from explorer.faithfulness.trustworthiness import check_k

Float64Array = NDArray[np.float64]


def preservation(ranks: NeighborRanks, k: int) -> float:
    """The mean of `point_preservation`."""
    return float(point_preservation(ranks, k).mean())


def point_preservation(ranks: NeighborRanks, k: int) -> Float64Array:
    """(s,) P_i(k) of each item scored; k from 1 to ranks.k."""
    check_k(ranks, k)
    shares: Float64Array = (ranks.ranks_in_space[:, :k] <= k).mean(axis=1)
    return shares


def random_preservation(n: int, k: int) -> float:
    """What a random layout keeps on average: k / (n - 1)."""
    return k / (n - 1)
