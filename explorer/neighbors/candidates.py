"""Which pairs of query and row may still belong to the k best, as a block is passed through.

The floor of a query is a ranking score that k rows are known to reach; what cannot reach it is
dropped. `Candidates` is plain NumPy; `CompiledCandidates` gathers the same in one pass over each
tile of scores while it lies in the cache, and hands a query with very many near-ties back.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.metrics import Metric
from explorer.neighbors.best import Best, IntArray, ascending, no_rows, place_in_group
from explorer.neighbors.formula import Float64Array, gathered_scores
from explorer.neighbors.queries import Queries

WASTE = 4  # how many times k candidates a query may gather before the floor is raised
MANY = 1 << 19  # pairs; more of them are looked at again before going on
ROOM = 64  # candidates a query has room for at least, compiled
KINDS = {"dot": 0, "cosine": 1, "euclidean": 2}  # as the kernels number them


class Candidates:
    """Gather with `add`, tile after tile; `best` looks again at what is left."""

    def __init__(
        self, block: NDArray[Any], queries: Queries, k: int, metric: Metric,
        bound: Float64Array, floor: Float64Array,
    ) -> None:  # fmt: skip
        self.block, self.queries, self.k, self.metric = block, queries, k, metric
        self.bound, self.floor = bound, floor
        self.query = self.row = np.empty(0, dtype=np.int64)
        self.enough = WASTE * k * len(bound)
        self.fresh = 0  # gathered since the floor was raised
        self.lowest = np.empty(0)  # what the true ranking score is at least
        self.pieces: list[tuple[IntArray, IntArray, Float64Array]] = []

    def add(
        self, scores: NDArray[Any], first_row: int,
        factors: NDArray[Any] | None, halves: NDArray[Any] | None,
    ) -> None:  # fmt: skip
        """Take in the inner products (q, w) of w rows from `first_row` on.

        The ranking score is the product times the row's factor, or less the row's half.
        """
        if factors is not None:
            scores *= factors
        elif halves is not None:
            scores -= halves
        width = scores.shape[1]
        found = self._reaching(scores)
        if len(found) > self.enough and width >= self.k:
            sure = kth_largest_at_least(scores, self.k) - self.bound
            np.maximum(self.floor, sure, out=self.floor)
            found = self._reaching(scores)
        query, column = np.divmod(found, width)
        lowest = scores.reshape(-1)[found] - self.bound[query]
        self.pieces.append((query, column + first_row, lowest))
        self.fresh += len(found)
        if self.fresh > self.enough:
            self._raise_floor()

    def best(self) -> Best:
        """The k best of each query, by the formula."""
        self._raise_floor()
        return self._best_left()

    def _best_left(self) -> Best:
        return best_of_pairs(
            self.block, self.queries.exact, self.query, self.row, self.k, self.metric
        )

    def _reaching(self, scores: NDArray[Any]) -> IntArray:
        """Flat places of the scores that may reach the floor."""
        least = (self.floor - self.bound).astype(scores.dtype)
        least = np.nextafter(least, scores.dtype.type(-np.inf))  # so that > holds for all >=
        reaching = scores > least[:, None]
        return np.flatnonzero(reaching)

    def _raise_floor(self) -> None:
        self._gather()
        order = np.lexsort((-self.lowest, self.query))
        place = place_in_group(self.query[order])
        kth = order[place == self.k - 1]
        owner = self.query[kth]
        self.floor[owner] = np.maximum(self.floor[owner], self.lowest[kth])
        self._keep(self.lowest + 2 * self.bound[self.query] >= self.floor[self.query])
        if len(self.row) > max(2 * self.enough, MANY):  # many near-ties: look again now
            self._keep_best()
        self.fresh = 0

    def _gather(self) -> None:
        pieces = [(self.query, self.row, self.lowest), *self.pieces]
        self.query, self.row, self.lowest = (
            np.concatenate([piece[part] for piece in pieces]) for part in range(3)
        )
        self.pieces = []

    def _keep(self, kept: NDArray[Any]) -> None:
        self.query, self.row, self.lowest = self.query[kept], self.row[kept], self.lowest[kept]

    def _keep_best(self) -> None:
        """Score what is left from the formula and keep the k best of each query."""
        kept, _ = _best_pairs(
            self.block, self.queries.exact, self.query, self.row, self.k, self.metric
        )
        self._keep(kept)


def best_of_pairs(
    vectors: NDArray[Any], queries: Float64Array, query: IntArray, row: IntArray, k: int,
    metric: Metric,
) -> Best:  # fmt: skip
    """The k best rows of each query by the formula, out of pairs of a query and a row."""
    kept, scores = _best_pairs(vectors, queries, query, row, k, metric)
    best = no_rows(len(queries), k, metric)
    place = place_in_group(query[kept])
    best.rows[query[kept], place] = row[kept]
    best.scores[query[kept], place] = scores
    return best


def _best_pairs(
    vectors: NDArray[Any], queries: Float64Array, query: IntArray, row: IntArray, k: int,
    metric: Metric,
) -> tuple[IntArray, Float64Array]:  # fmt: skip
    """Which pairs are among the k best of their query, by query, score, then row; their scores."""
    scores = gathered_scores(vectors, row, queries, query, metric)
    order = np.lexsort((row, ascending(scores, metric), query))
    kept = order[place_in_group(query[order]) < k]
    return kept, scores[kept]


class CompiledCandidates(Candidates):
    """The same for float32 scores, gathered by a compiled kernel (`candidates_kernels.py`).

    crowded : (q,) True for queries with more near-ties than there is room for: their result is not
        complete, and the caller asks again without the kernel
    """

    def __init__(
        self, block: NDArray[Any], queries: Queries, k: int, metric: Metric,
        bound: Float64Array, floor: Float64Array,
    ) -> None:  # fmt: skip
        super().__init__(block, queries, k, metric, bound, floor)
        q, room = len(bound), max(ROOM, 8 * k)
        self.crowded = np.zeros(q, dtype=np.bool_)
        self.counts = np.zeros(q, dtype=np.int64)
        self.rows = np.empty((q, room), dtype=np.int64)
        self.scores = np.empty((q, room), dtype=np.float32)

    def add(
        self, scores: NDArray[Any], first_row: int,
        factors: NDArray[Any] | None, halves: NDArray[Any] | None,
    ) -> None:  # fmt: skip
        from explorer.neighbors.candidates_kernels import gather

        width = scores.shape[1]
        if factors is None:
            factors = np.ones(width, dtype=np.float32)
        if halves is None:
            halves = np.zeros(width, dtype=np.float32)
        gather(
            scores, factors, halves, first_row, self.k, self.bound, self.floor, self.counts,
            self.rows, self.scores, self.crowded,
        )  # fmt: skip

    def best(self) -> Best:
        from explorer.neighbors.candidates_kernels import sift

        sift(self.k, self.bound, self.floor, self.counts, self.rows, self.scores)
        room = np.arange(self.counts.max(initial=0))
        self.query, place = np.nonzero(room < self.counts[:, None])
        self.row = self.rows[self.query, place]
        return self._best_left()


def kth_largest_at_least(scores: NDArray[Any], k: int) -> NDArray[Any]:
    """(q, w) -> (q,) a value that k or more of the scores in each row reach, near the k-th largest.

    The k-th largest of the maxima of groups: far fewer numbers to sort, and k groups reach it.
    """
    q, width = scores.shape
    size = max(1, width // (4 * k))
    groups = width // size
    maxima = scores[:, : size * groups].reshape(q, size, groups).max(axis=1)
    kth: NDArray[Any] = np.partition(maxima, groups - k, axis=1)[:, groups - k]
    return kth
