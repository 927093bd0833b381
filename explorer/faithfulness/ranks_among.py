"""At which place among all others does an item stand, seen from another item?

The rank of j from i is 1 + the number of items nearer to i than j is; of items as near, the smaller
row number comes first. i itself has no rank.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.metrics import Metric
from explorer.space import IntArray

DISTANCES_AT_ONCE = 1 << 20  # 8 MB of float64

Ranks = NDArray[np.int32]


def ranks_by_formula(
    vectors: NDArray[Any], rows: IntArray, wanted: NDArray[Any], metric: Metric
) -> Ranks:
    """(n, d), (s,), (s, w) -> (s, w): the rank of the item wanted[i, a] seen from rows[i].

    ranks_by_formula([[0], [5], [2]], [0], [[1, 2]], EUCLIDEAN) -> [[2, 1]].
    From all distances, sorted: O(n (d + log n)) a row, a few rows at a time.
    """
    ranks = np.empty(wanted.shape, dtype=np.int32)
    step = max(1, DISTANCES_AT_ONCE // len(vectors))
    for start in range(0, len(rows), step):
        part = slice(start, start + step)
        own = rows[part]
        distances = metric.distance(metric.pairwise(vectors, vectors[own]))
        distances[np.arange(len(own)), own] = np.inf
        order = np.argsort(distances, axis=1, kind="stable")
        places = np.empty(order.shape, dtype=np.int32)
        counting = np.arange(1, len(vectors) + 1, dtype=np.int32)
        np.put_along_axis(places, order, np.broadcast_to(counting, order.shape), axis=1)
        ranks[part] = np.take_along_axis(places, wanted[part], axis=1)
    return ranks


def ranks_among(
    vectors: NDArray[Any],
    rows: IntArray,
    wanted: NDArray[Any],
    metric: Metric,
    *,
    norms: NDArray[Any] | None = None,
) -> Ranks:
    """(n, d), (s,), (s, w) -> (s, w): the rank of the item wanted[i, a] seen from rows[i]."""
    return ranks_by_formula(vectors, rows, wanted, metric)
