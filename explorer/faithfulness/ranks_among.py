"""At which place among all others does an item stand, seen from another item?

The rank of j from i is 1 + the number of items nearer to i than j is; of items as near, the smaller
row number comes first. i itself has no rank.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.metrics import COSINE, Metric
from explorer.neighbors.best import ascending
from explorer.neighbors.block import error_bound, far_centre
from explorer.neighbors.by_formula import formula_scores
from explorer.neighbors.exact import compiled_kernel
from explorer.neighbors.queries import (
    LARGE,
    SMALL,
    Queries,
    block_norms,
    careful_norms,
    prepare_queries,
)
from explorer.neighbors.threads import THREADS, in_turn, one_blas_thread
from explorer.space import IntArray

ROWS, COLUMNS = 256, 1024  # of a tile of products: 1 MB of float32

Float64Array = NDArray[np.float64]

Ranks = NDArray[np.int32]


def ranks_by_formula(
    vectors: NDArray[Any], rows: IntArray, wanted: NDArray[Any], metric: Metric
) -> Ranks:
    """(n, d), (s,), (s, w) -> (s, w): the rank of the item wanted[i, a] seen from rows[i].

    ranks_by_formula([[0], [5], [2]], [0], [[1, 2]], EUCLIDEAN) -> [[2, 1]].
    From all distances, sorted: O(n (d + log n)) a row.
    """
    ranks = np.empty(wanted.shape, dtype=np.int32)
    counting = np.arange(1, len(vectors) + 1, dtype=np.int32)
    places = np.empty(len(vectors), dtype=np.int32)
    for i, row in enumerate(rows.tolist()):
        scores = formula_scores(vectors, vectors[row].astype(np.float64), metric)
        order = ascending(scores, metric)
        order[row] = np.inf
        places[np.argsort(order, kind="stable")] = counting
        ranks[i] = places[wanted[i]]
    return ranks


class Ranker:
    """Ranks among the items of one space or of one map, for many rows.

    vectors : (n, d); metric : any; norms : (n,) Euclidean norms, if known. Angles are ranked by
        their cosines, which is the same order.

    Ranks are exact, ties by row number, and found without sorting. A matrix product in float32
    gives scores of all items with a proven bound on their error (`neighbors/block.py`). How many of
    the wanted items' scores an item's lies above, give or take the bound, one look into a table
    tells; where the bound leaves it open, they are compared in float64. Cost: O(n d) a row, hardly
    more for many wanted items than for one. For Manhattan distances, which no product ranks, and
    for work too small to import Numba for, or without Numba: by the formula.
    """

    def __init__(
        self, vectors: NDArray[Any], metric: Metric, norms: NDArray[Any] | None = None
    ) -> None:
        self.vectors = np.ascontiguousarray(vectors)
        self.metric = COSINE if metric.name == "angular" else metric
        self._norms = norms
        self._products: _Products | None = None

    def ranks(self, rows: IntArray, wanted: NDArray[Any]) -> Ranks:
        """(s,), (s, w) -> (s, w): the rank of the item wanted[i, a] seen from rows[i]."""
        n, d = self.vectors.shape
        if not self.metric.by_products or not compiled_kernel(len(rows) * n * d):
            return ranks_by_formula(self.vectors, rows, wanted, self.metric)
        if self._products is None:
            self._products = _Products.of(self.vectors, self.metric, self._norms)
        ranks = np.empty(wanted.shape, dtype=np.int32)
        size = min(ROWS, -(-len(rows) // THREADS))
        parts = [slice(start, start + size) for start in range(0, len(rows), size)]
        products = self._products

        def rank(part: slice) -> None:
            ranks[part] = products.ranks(self.vectors, rows[part], wanted[part])

        with one_blas_thread():
            for _ in in_turn(rank, parts):
                pass
        return ranks


@dataclass(frozen=True, eq=False)
class _Products:
    """Items made ready for matrix products.

    items : (n, d) less the centre; a score is a product with one, times its factor, less its half
    squares : (n,) of the items as they were given
    largest : norm of the items
    """

    items: NDArray[Any]
    factors: NDArray[Any]
    halves: NDArray[Any]
    squares: Float64Array
    largest: float
    metric: Metric
    centre: NDArray[np.float32] | None

    @classmethod
    def of(cls, vectors: NDArray[Any], metric: Metric, norms: NDArray[Any] | None) -> _Products:
        from explorer.faithfulness import ranks_kernels as kernels

        n, given = len(vectors), vectors
        centre = far_centre(vectors, metric)
        if centre is not None:
            vectors, norms = vectors - centre, None
        norms = (
            block_norms(vectors, range(n))
            if norms is None
            else careful_norms(norms, vectors, range(n))
        )
        narrow = norms.min(initial=np.inf, where=norms > 0) > SMALL and norms.max() < LARGE
        dtype = np.dtype(np.float32 if narrow else np.float64)
        factors, halves = np.ones(n, dtype), np.zeros(n, dtype)
        if metric.name == "cosine":
            factors = (1 / np.where(norms > 0, norms, 1)).astype(dtype)
        elif metric.name == "euclidean":
            halves = (norms.astype(np.float64) ** 2 / 2).astype(dtype)
        squares = np.empty(n)
        kernels.squared_norms(given, squares)
        return cls(vectors, factors, halves, squares, float(norms.max()), metric, centre)

    def ranks(self, vectors: NDArray[Any], rows: IntArray, wanted: NDArray[Any]) -> Ranks:
        from explorer.faithfulness import ranks_kernels as kernels

        dtype, d = self.factors.dtype, vectors.shape[1]
        kind = ("dot", "cosine", "euclidean").index(self.metric.name)
        queries = prepare_queries(vectors[rows], self.metric, self.centre)
        near = np.empty(wanted.shape)
        kernels.nearness_of(vectors, self.squares, rows, wanted, kind, near)
        order = np.lexsort((-wanted, near), axis=1)  # the farthest first
        wanted, near = np.take_along_axis(wanted, order, 1), np.take_along_axis(near, order, 1)
        scores = self._as_scores(near, queries)
        bound = error_bound(self.metric, d, dtype, self.largest, queries.norms)[:, None]
        bound = bound + np.finfo(dtype).eps * np.abs(scores)  # of writing them in that type
        low, high = (scores - bound).astype(dtype), (scores + bound).astype(dtype)
        ready = queries.scaled.astype(dtype)
        counts = np.zeros((len(rows), wanted.shape[1] + 1), dtype=np.int32)
        scales = np.empty(len(rows), dtype=dtype)
        tables = np.empty((len(rows), kernels.STEPS + 3), dtype=np.int16)
        kernels.fill_tables(low, high, scales, tables)
        room = np.empty(len(rows) * min(COLUMNS, len(vectors)), dtype=dtype)
        for start in range(0, len(vectors), COLUMNS):
            part = slice(start, start + COLUMNS)
            tile = np.asarray(self.items[part], dtype=dtype)
            products = room[: len(rows) * len(tile)].reshape(len(rows), len(tile))
            np.matmul(ready, tile.T, out=products)
            kernels.count_between(
                products, start, self.factors[part], self.halves[part], vectors,
                self.squares, kind, rows, wanted, near, low, high, scales, tables, counts,
            )  # fmt: skip
        nearer = np.cumsum(counts[:, :0:-1], axis=1, dtype=np.int32)[:, ::-1]
        ranks = np.empty(wanted.shape, dtype=np.int32)
        np.put_along_axis(ranks, order, nearer + np.int32(1), axis=1)
        return ranks

    def _as_scores(self, near: Float64Array, queries: Queries) -> Float64Array:
        """The nearness in the unit of the scores."""
        if self.metric.name == "cosine":
            return near * queries.norms[:, None]
        if self.metric.name == "euclidean":
            return (near + queries.norms[:, None] ** 2) / 2
        sizes = np.abs(queries.exact).max(axis=1)
        scales = np.abs(queries.scaled).max(axis=1) / np.where(sizes > 0, sizes, 1)
        scores: Float64Array = near * scales[:, None]
        return scores
