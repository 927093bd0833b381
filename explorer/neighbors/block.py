"""The k nearest rows of one block, exactly: a fast approximate pass, a proven bound, a second look.

1. A matrix product (or, for a few queries, inner products) gives approximate scores s of all rows,
   in float32 where the vectors' sizes allow it. For length d and unit roundoff u, in any order of
   summation,
       |computed x.y - x.y| <= gamma |x| |y|,   gamma = c u / (1 - c u),   c = 2 d + 16,
   (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed. 2002, 3.1; the sum alone needs
   c = d, the rest covers the rounding of inputs and of norms).
2. A row whose s is more than twice the bound below the k-th best cannot be among the k nearest.
3. All others are scored again from the formula in float64 (`formula.py`), and sorted by score, ties
   by row number.

So the answer does not depend on BLAS, threads or the size of blocks. For ranking, larger is nearer:
    dot  x.q        cosine  (x / |x|).q        Euclidean  x.q - |x|^2 / 2 = (|q|^2 - |x - q|^2) / 2
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError
from explorer.metrics import Metric
from explorer.neighbors.formula import Float64Array, gathered_scores

IntArray = NDArray[np.int64]

TILE_SCORES = 1 << 19  # approximate scores held at once: 2 MB of float32, near the processor
TILE_NUMBERS = 1 << 18  # 1 MB of float32 rows
FEW = 8  # queries; so few are faster by inner products of rows than by BLAS's matrix product
WASTE = 4  # how many times k candidates a query may gather before the floor is raised
SMALL, LARGE = 2.0**-40, 2.0**40  # norms whose products float32 holds without under- or overflow
TINY, HUGE = 1e-60, 1e60  # the same for float64


class Queries(NamedTuple):
    """Queries made ready for many blocks.

    exact : (q, d) float64, as they were given
    scaled : (q, d) float64; for dot and cosine times a power of two that brings the norm near 1,
        which changes no ranking and loses no digit
    norms : (q,) of `scaled`
    """

    exact: Float64Array
    scaled: Float64Array
    norms: Float64Array

    def part(self, queries: slice) -> Queries:
        return Queries(self.exact[queries], self.scaled[queries], self.norms[queries])


class Best(NamedTuple):
    """The best k rows of a block for each query, nearest first, ties by row number.

    Where fewer than k were found the rest is row -1 with the worst possible score.
    """

    rows: IntArray  # (q, k)
    scores: Float64Array  # (q, k), in the metric's own unit


def prepare_queries(queries: NDArray[Any], metric: Metric) -> Queries:
    """Check and scale (q, d) queries; ExplorerError when one is not finite or beyond 1e60."""
    exact = queries.astype(np.float64)
    norms = vector_norms(exact)
    _check_norms(norms, "Query", range(len(norms)))
    scaled = exact
    if metric.name != "euclidean":
        _, exponents = np.frexp(norms)
        scaled = np.ldexp(exact, -exponents[:, None])
        norms = np.ldexp(norms, -exponents)
    return Queries(exact, scaled, norms)


def vector_norms(rows: Float64Array) -> Float64Array:
    """(m, d) -> (m,) norms in float64."""
    with np.errstate(over="ignore", invalid="ignore"):
        norms: Float64Array = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    return norms


def block_norms(block: NDArray[Any], numbers: Sequence[int] | IntArray) -> NDArray[Any]:
    """(b, d) -> (b,) norms good to the last float32 digits, whatever their size.

    Squares are summed in float32; rows whose norm comes out near the ends of its range are done
    again in float64. `numbers` are the rows' numbers, for the message when one is not finite.
    """
    narrow = block.astype(np.float32, copy=False)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        norms = np.sqrt(np.vecdot(narrow, narrow))
    return careful_norms(norms, block, numbers)


def careful_norms(
    norms: NDArray[Any], block: NDArray[Any], numbers: Sequence[int] | IntArray
) -> NDArray[Any]:
    """The same norms, those near the ends of float32's range measured again in float64."""
    if len(norms) and not (norms.min() > SMALL and norms.max() < LARGE):  # NaN fails this too
        odd = np.flatnonzero(~((norms > SMALL) & (norms < LARGE)))
        norms = norms.astype(np.float64)
        norms[odd] = vector_norms(block[odd].astype(np.float64))
        _check_norms(norms, "Row", numbers)
    return norms


def _check_norms(norms: NDArray[Any], what: str, numbers: Sequence[int] | IntArray) -> None:
    bad = np.flatnonzero(~((norms == 0) | ((norms > TINY) & (norms < HUGE))))
    if len(bad):
        raise ExplorerError(
            f"{what} {numbers[bad[0]]:,} has length {norms[bad[0]]:.3g}; lengths must be 0 or "
            f"from {TINY:g} to {HUGE:g} to be compared."
        )


def best_of_block(
    block: NDArray[Any],
    norms: NDArray[Any],
    queries: Queries,
    k: int,
    metric: Metric,
    *,
    left_out: tuple[IntArray, IntArray] | None = None,
    floor: Float64Array | None = None,
) -> Best:
    """The exact k nearest of a block's rows to each query.

    block : (b, d) real numbers
    norms : (b,) of its rows, from `block_norms` or `careful_norms`
    left_out : query and row numbers of pairs that are not to be found, sorted by row
    floor : (q,) ranking score that k rows seen earlier reach: rows below it are not looked for.
        Raised in place, so that the next block can go on from it.
    """
    q, d = queries.exact.shape
    small = norms.min(initial=np.inf, where=norms > 0)
    large = float(norms.max(initial=0))
    narrow = small > SMALL and large < LARGE
    if metric.name == "euclidean":
        narrow = narrow and bool(queries.norms.max() < LARGE)
    dtype = np.dtype(np.float32 if narrow else np.float64)
    ready = queries.scaled.astype(dtype)
    bound = error_bound(metric, d, dtype, large, queries.norms)
    if floor is None:
        floor = np.full(q, -np.inf)
    if metric.name == "cosine":
        factors = (1 / np.where(norms > 0, norms, 1)).astype(dtype)
    elif metric.name == "euclidean":
        halves = (norms.astype(np.float64) ** 2 / 2).astype(dtype)

    candidates = _Candidates(block, queries, k, metric, bound, floor)
    step = max(64, TILE_SCORES // q)
    if 1 < q <= FEW:  # a tile is read once for each query: let it stay in the cache
        step = min(step, max(64, TILE_NUMBERS // d))
    buffer = np.empty(q * min(step, len(block)), dtype=dtype)
    for start in range(0, len(block), step):
        tile = np.ascontiguousarray(block[start : start + step], dtype=dtype)
        scores = buffer[: q * len(tile)].reshape(q, len(tile))
        if q <= FEW:
            for number, query in enumerate(ready):
                np.vecdot(tile, query, out=scores[number])
        else:
            np.matmul(ready, tile.T, out=scores)
        if metric.name == "cosine":
            scores *= factors[start : start + step]
        elif metric.name == "euclidean":
            scores -= halves[start : start + step]
        if left_out is not None:
            here = slice(*np.searchsorted(left_out[1], [start, start + len(tile)]))
            scores[left_out[0][here], left_out[1][here] - start] = -np.inf
        candidates.add(scores, start)
    return candidates.best()


def error_bound(
    metric: Metric, d: int, dtype: np.dtype[Any], row_norm: float, query_norms: Float64Array
) -> Float64Array:
    """(q,) by how much an approximate ranking score may differ from the formula's in float64.

    row_norm : the largest norm in the block
    """
    first = _gamma(d, np.dtype(dtype))
    second = _gamma(d, np.dtype(np.float64))  # what the formula itself rounds away, looking again
    if metric.name == "cosine":
        return (first + second) * query_norms
    if metric.name == "dot":
        return (first + second) * row_norm * query_norms
    reach = query_norms + row_norm  # a difference is at most as long
    return first * row_norm * reach + second * reach**2


def _gamma(d: int, dtype: np.dtype[Any]) -> float:
    terms = (2 * d + 16) * float(np.finfo(dtype).eps) / 2
    return terms / (1 - terms)


class _Candidates:
    """Pairs of query and row that may still belong to the k best, as the block is passed through.

    The floor of a query is a ranking score that k rows are known to reach; what cannot reach it is
    dropped.
    """

    def __init__(
        self, block: NDArray[Any], queries: Queries, k: int, metric: Metric,
        bound: Float64Array, floor: Float64Array,
    ) -> None:  # fmt: skip
        self.block, self.queries, self.k, self.metric = block, queries, k, metric
        self.bound, self.floor = bound, floor
        self.enough = WASTE * k * len(bound)
        self.fresh = 0  # gathered since the floor was raised
        self.query = np.empty(0, dtype=np.int64)
        self.row = np.empty(0, dtype=np.int64)
        self.lowest = np.empty(0)  # what the true ranking score is at least
        self.pieces: list[tuple[IntArray, IntArray, Float64Array]] = []

    def add(self, scores: NDArray[Any], first_row: int) -> None:
        """Take in the approximate scores (q, w) of w rows from `first_row` on."""
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

    def _reaching(self, scores: NDArray[Any]) -> IntArray:
        """Flat places of the scores that may reach the floor."""
        least = (self.floor - self.bound).astype(scores.dtype)
        least = np.nextafter(least, scores.dtype.type(-np.inf))  # so that > holds for all >=
        reaching = scores > least[:, None]
        return np.flatnonzero(reaching)

    def _raise_floor(self) -> None:
        self._gather()
        order = np.lexsort((-self.lowest, self.query))
        place = _place_in_group(self.query[order])
        kth = order[place == self.k - 1]
        owner = self.query[kth]
        self.floor[owner] = np.maximum(self.floor[owner], self.lowest[kth])
        self._keep(self.lowest + 2 * self.bound[self.query] >= self.floor[self.query])
        if len(self.row) > max(2 * self.enough, TILE_SCORES):  # many near-ties: look again now
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

    def _keep_best(self) -> Float64Array:
        """Score what is left from the formula, keep the k best of each query, give their scores.

        Afterwards the pairs are sorted by query, then score, then row.
        """
        scores = gathered_scores(self.block, self.row, self.queries.exact, self.query, self.metric)
        order = np.lexsort((self.row, _ascending(scores, self.metric), self.query))
        kept = order[_place_in_group(self.query[order]) < self.k]
        self._keep(kept)
        return scores[kept]

    def best(self) -> Best:
        self._raise_floor()
        scores = self._keep_best()
        best = no_rows(len(self.bound), self.k, self.metric)
        place = _place_in_group(self.query)
        best.rows[self.query, place] = self.row
        best.scores[self.query, place] = scores
        return best


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


def no_rows(q: int, k: int, metric: Metric) -> Best:
    """The result before anything was looked at; what `merge_best` may start from."""
    worst = -np.inf if metric.larger_is_nearer else np.inf
    return Best(np.full((q, k), -1, dtype=np.int64), np.full((q, k), worst))


def merge_best(one: Best, other: Best, k: int, metric: Metric) -> Best:
    """The best k of two results whose rows are numbered alike: associative, in any order."""
    rows = np.concatenate([one.rows, other.rows], axis=1)
    scores = np.concatenate([one.scores, other.scores], axis=1)
    order = np.lexsort((rows, _ascending(scores, metric)), axis=1)[:, :k]
    return Best(np.take_along_axis(rows, order, 1), np.take_along_axis(scores, order, 1))


def _ascending(scores: Float64Array, metric: Metric) -> Float64Array:
    """Smaller is nearer, without rounding."""
    return -scores if metric.larger_is_nearer else scores


def _place_in_group(groups: IntArray) -> IntArray:
    """For sorted group numbers, each entry's place within its group: [3, 3, 5] -> [0, 1, 0]."""
    return np.arange(len(groups)) - np.searchsorted(groups, groups)
