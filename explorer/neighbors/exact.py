"""Exact nearest neighbours: every vector is looked at, in blocks, and the answer is proven."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.blocks import row_blocks
from explorer.errors import ExplorerError
from explorer.metrics import Metric, get_metric
from explorer.neighbors.batch import can_search_together, search_together
from explorer.neighbors.best import Best, IntArray, merge_best
from explorer.neighbors.block import best_of_block, far_centre
from explorer.neighbors.by_formula import best_by_formula
from explorer.neighbors.gathered import ALL, NONE
from explorer.neighbors.quantized import QuantizedIndex
from explorer.neighbors.queries import Queries, block_norms, careful_norms, prepare_queries
from explorer.neighbors.sweep import can_sweep, sweep
from explorer.neighbors.threads import (
    THREADS,
    in_threads_pool,
    in_turn,
    one_blas_thread,
    threads_pool,
)

BLOCK_BYTES = 1 << 25  # 32 MB of rows are searched before results are merged
QUERIES_AT_ONCE = 1024
THREAD_QUERIES = 64  # a thread for this many, at least
THREAD_BYTES = 12  # the same where the index answers them together
TOGETHER = 4  # queries that the index answers together, where it can
ONE_BY_ONE = 24  # or else up to so many one by one; more share a matrix product
INDEX_SUBSET = 8  # the index answers for subsets of an eighth of the rows, or more
KERNEL_NUMBERS = 50_000_000  # q n d; smaller searches are done before Numba is imported


class Neighbors(NamedTuple):
    """The k nearest rows of each query, nearest first, ties by row number.

    indices : (q, k) int64 row numbers
    scores : (q, k) float64 in the metric's own unit: cosine similarity, dot product, distance
    metric : its name
    """

    indices: IntArray
    scores: NDArray[np.float64]
    metric: str

    @property
    def distances(self) -> NDArray[np.float64]:
        """(q, k) smaller is nearer: 1 - cosine, minus the dot product, the Euclidean distance."""
        return get_metric(self.metric).distance(self.scores)


def nearest_neighbors(
    vectors: ArrayLike,
    queries: ArrayLike,
    k: int,
    *,
    metric: str | Metric = "cosine",
    exclude: ArrayLike | Sequence[ArrayLike] | None = None,
    subset: ArrayLike | None = None,
    norms: ArrayLike | None = None,
    index: QuantizedIndex | None = None,
) -> Neighbors:
    """Find the k vectors nearest to each query, by exact search.

    Parameters
    ----------
    vectors : (n, d) array of real numbers; float32, contiguous or memory-mapped, is searched
        without a copy
    queries : (q, d) array, or (d,) for one
    k : int, from 1 to the number of vectors searched, less those excluded
    metric : {"cosine", "dot", "euclidean", "manhattan", "angular"}
        Sets the unit of the scores. cosine: from -1 to 1. euclidean, manhattan: the unit of
        `vectors`. dot: unbounded, not a true metric. angular: degrees. The last two are searched
        by their formula alone, at several times the cost.
    exclude : (q,) ints, or (q, m) ints, or a sequence of q sequences of ints, optional
        Rows to leave out: one a query (its own), or several. Given by row number, because
        a duplicate vector may be sorted in front of the query itself.
    subset : row numbers or (n,) booleans, optional
        Search these rows only.
    norms : (n,) array, optional
        Euclidean norms of the vectors, such as `EmbeddingSpace.norms`: saves measuring them.
    index : QuantizedIndex, optional
        The 8-bit copy of these vectors: the same answer from a quarter of the bytes, by cosine, dot
        or Euclidean distance; for more than 24 queries only on processors that multiply bytes.

    Returns
    -------
    Neighbors : `indices`, `scores` and `distances`, all (q, k), nearest first, ties by row number

    Raises
    ------
    ExplorerError : k out of range, dimensions that differ, rows that do not exist, numbers that are
        not finite

    A zero vector has cosine 0 to every vector. Scores are float64 sums of the formula, the same
    bits on any number of threads and for any size of block; how that is made fast is told in
    `block.py`. Cost: O(n d) a query, bound by reading the vectors once for one query and by the
    matrix product for many; memory besides the vectors: some 10 MB, and 16 bytes for each of
    the q k results.

    >>> nearest_neighbors([[1, 0], [0, 1], [1, 1]], [1, 0], k=2).indices
    array([[0, 2]])

    References
    ----------
    Manning, Raghavan & Schütze, Introduction to Information Retrieval (2008), 6.3.1.
    """
    metric = get_metric(metric)
    vectors, queries = _matrix(vectors, "Vectors"), _matrix(queries, "Queries")
    n, d = vectors.shape
    if queries.shape[1] != d:
        raise ExplorerError(
            f"Queries must have the vectors' {d:,} dimensions; got {queries.shape[1]:,}."
        )
    searched = None if subset is None else _row_numbers(subset, n, "subset")
    left_out = _left_out(exclude, len(queries), n, searched)
    count = n if searched is None else len(searched)
    _check_k(k, count, left_out)
    if norms is not None and np.shape(norms) != (n,):
        raise ExplorerError(f"norms must be one for each of {n:,} vectors; got {np.shape(norms)}.")

    if index is not None and index.exact.shape != (n, d):
        raise ExplorerError(
            f"The index is of {len(index):,} vectors, not of these {n:,} x {d:,}: build it again."
        )

    search = _Search(vectors, queries, k, metric, norms, searched, left_out)
    shape = len(queries), k
    best = Best(np.empty(shape, dtype=np.int64), np.empty(shape))
    rest = np.arange(len(queries))
    if index is not None and metric.by_products and count * INDEX_SUBSET >= n:
        rest = rest[~search.ask(index, best)]
    if len(rest):
        rest = rest[~search.of(rest).sweep(best, rest)]
    if len(rest):
        search.of(rest).scan(best, rest)
    return Neighbors(best.rows, best.scores, metric.name)


def _parts(q: int, least: int) -> list[slice]:
    """Queries that are searched together: as many parts as threads, or more."""
    size = min(QUERIES_AT_ONCE, max(least, -(-q // THREADS)))
    return [slice(first, min(first + size, q)) for first in range(0, q, size)]


@dataclass(frozen=True)
class _Search:
    """What one call of `nearest_neighbors` looks for, checked."""

    vectors: NDArray[Any]
    queries: NDArray[Any]
    k: int
    metric: Metric
    norms: ArrayLike | None
    searched: IntArray | None
    left_out: _LeftOut

    def of(self, numbers: IntArray) -> _Search:
        """The same for some of the queries, by rising numbers."""
        if len(numbers) == len(self.queries):
            return self
        return replace(self, queries=self.queries[numbers], left_out=self.left_out.of(numbers))

    def ask(self, index: QuantizedIndex, best: Best) -> NDArray[np.bool_]:
        """Fill in the results that the index can prove; (q,) which these are."""
        q = len(self.queries)
        proven = np.zeros(q, dtype=np.bool_)
        together = q >= TOGETHER and can_search_together()
        if not together and q > ONE_BY_ONE:
            return proven
        allowed = ALL
        if self.searched is not None:
            allowed = np.zeros(len(index), dtype=np.bool_)
            allowed[self.searched] = True
        hidden, bounds = self.left_out.by_query(q, self.searched)

        def work(part: slice) -> None:
            ready = prepare_queries(self.queries[part], self.metric)
            if together:
                spans = bounds[part.start : part.stop + 1]
                found, proven[part] = search_together(
                    index, ready, self.k, self.metric, hidden, spans, allowed
                )
            else:
                theirs = hidden[bounds[part.start] : bounds[part.stop]]
                one = index.search(ready, self.k, self.metric, allowed, theirs)
                if one is None:
                    return
                found, proven[part] = one, True
            best.rows[part], best.scores[part] = found

        parts = _parts(q, THREAD_BYTES) if together else [slice(at, at + 1) for at in range(q)]
        if not together or in_threads_pool():
            for part in parts:
                work(part)
        else:
            list(in_turn(work, parts))
        return proven

    def sweep(self, best: Best, numbers: IntArray) -> NDArray[np.bool_]:
        """Fill in results from one reading of the rows; (q,) of which of these queries.

        numbers : of the queries; none of many, and none with more near-ties than there is room for
        """
        q = len(self.queries)
        done = np.zeros(q, dtype=np.bool_)
        if not can_sweep(self.vectors, q, self.k, self.metric) or not self._compiled(q):
            return done
        hidden, bounds = self.left_out.by_query(q, self.searched)
        norms = None if self.norms is None else np.asarray(self.norms)
        ready = prepare_queries(self.queries, self.metric)
        found = sweep(
            self.vectors, self.searched, norms, ready, self.k, self.metric, hidden, bounds
        )
        for at, one in enumerate(found):
            if one is not None:
                best.rows[numbers[at]], best.scores[numbers[at]] = one.rows[0], one.scores[0]
                done[at] = True
        return done

    def _compiled(self, q: int) -> bool:
        return compiled_kernel(q * self._count * self.vectors.shape[1])

    def scan(self, best: Best, numbers: IntArray) -> None:
        """Fill in the results of all these queries, which have these numbers, from all vectors."""
        parts = _parts(len(self.queries), THREAD_QUERIES)
        for part, found in zip(parts, self._scan(parts), strict=True):
            rows = found.rows if self.searched is None else self.searched[found.rows]
            best.rows[numbers[part]], best.scores[numbers[part]] = rows, found.scores

    def _scan(self, parts: list[slice]) -> Iterator[Best]:
        """The k nearest places of each part of the queries, from all vectors."""
        if len(parts) < 2:
            yield from (self._scan_part(part) for part in parts)
        else:
            with one_blas_thread():
                yield from threads_pool().map(self._scan_part, parts)

    @property
    def _count(self) -> int:
        return len(self.vectors) if self.searched is None else len(self.searched)

    def _scan_part(self, part: slice) -> Best:
        queries = self.queries[part]
        chosen = self.vectors if self.searched is None else self.vectors[self.searched[:4096]]
        ready = prepare_queries(queries, self.metric, far_centre(chosen, self.metric))
        compiled = self._compiled(len(queries))
        best = None
        floor = np.full(len(queries), -np.inf)
        for places, block, lengths in self._blocks():
            left_out = self.left_out.within(part, places)
            found = self._best(block, lengths, ready, left_out, floor, compiled)
            numbered = Best(np.where(found.rows < 0, -1, found.rows + places.start), found.scores)
            best = numbered if best is None else merge_best(best, numbered, self.k, self.metric)
        assert best is not None  # k >= 1, so there is a row to search
        return best

    def _blocks(self) -> Iterator[tuple[slice, NDArray[Any], NDArray[Any]]]:
        """Places in the order of the search, the rows that stand there, and their norms."""
        given = None if self.norms is None else np.asarray(self.norms)
        for places in row_blocks(self._count, self.vectors.shape[1], block_bytes=BLOCK_BYTES):
            rows: slice | IntArray = places
            numbers: range | IntArray = range(places.start, places.stop)
            if self.searched is not None:
                rows = numbers = self.searched[places]
            vectors = self.vectors[rows]
            if given is None:
                yield places, vectors, block_norms(vectors, numbers)
            else:
                yield places, vectors, careful_norms(given[rows], vectors, numbers)

    def _best(
        self, block: NDArray[Any], lengths: NDArray[Any], ready: Queries,
        left_out: tuple[IntArray, IntArray] | None, floor: NDArray[np.float64], compiled: bool,
    ) -> Best:  # fmt: skip
        if not self.metric.by_products:
            return best_by_formula(block, lengths, ready, self.k, self.metric, left_out=left_out)
        return best_of_block(
            block, lengths, ready, self.k, self.metric, left_out=left_out, floor=floor,
            compiled=compiled,
        )  # fmt: skip


def compiled_kernel(numbers: int) -> bool:
    """Whether the Numba kernels are worth their import, and can be imported."""
    return (numbers >= KERNEL_NUMBERS or "numba" in sys.modules) and _has_kernels()


@cache
def _has_kernels() -> bool:
    try:
        import explorer.neighbors.candidates_kernels  # noqa: F401
    except ImportError:
        return False
    return True


def merge_top_k(parts: Sequence[Neighbors], k: int) -> Neighbors:
    """The k nearest over several searches of different rows, numbered alike, for the same queries.

    Associative and in any order: shards of a space give what one search of the whole gives.
    """
    metric = get_metric(parts[0].metric)
    merged = Best(parts[0].indices, parts[0].scores)
    for part in parts[1:]:
        merged = merge_best(merged, Best(part.indices, part.scores), k, metric)
    return Neighbors(merged.rows[:, :k], merged.scores[:, :k], metric.name)


class _LeftOut(NamedTuple):
    """Pairs of a query and a place in the search that are not to be found, sorted by place."""

    query: IntArray
    place: IntArray

    def of(self, numbers: IntArray) -> _LeftOut:
        """The pairs of some of the queries, by rising numbers, numbered anew."""
        at = np.minimum(np.searchsorted(numbers, self.query), len(numbers) - 1)
        ours = numbers[at] == self.query
        return _LeftOut(at[ours], self.place[ours])

    def by_query(self, q: int, searched: IntArray | None) -> tuple[IntArray, IntArray]:
        """The rows of query m at bounds[m] … bounds[m + 1], rising; the bounds."""
        if len(self.query) == 0:
            return NONE, np.zeros(q + 1, dtype=np.int64)
        order = np.argsort(self.query, kind="stable")
        rows = self.place[order] if searched is None else searched[self.place[order]]
        return rows, np.searchsorted(self.query[order], np.arange(q + 1))

    def within(self, queries: slice, places: slice) -> tuple[IntArray, IntArray] | None:
        """The pairs of a part of the queries and a block of places, numbered from their starts."""
        if len(self.query) == 0:
            return None
        here = slice(*np.searchsorted(self.place, [places.start, places.stop]))
        query, place = self.query[here], self.place[here]
        ours = (query >= queries.start) & (query < queries.stop)
        return query[ours] - queries.start, place[ours] - places.start


def _left_out(exclude: Any, q: int, n: int, searched: IntArray | None) -> _LeftOut:
    if exclude is None:
        return _LeftOut(NONE, NONE)
    if len(exclude) != q:
        raise ExplorerError(
            f"exclude must name rows for each of {q:,} queries; got {len(exclude):,}."
        )
    if isinstance(exclude, np.ndarray) and exclude.ndim == 1 and exclude.dtype.kind in "iu":
        _row_numbers(exclude, n, "exclude")  # one for each query: all are checked at once
        query, place = np.arange(q), exclude.astype(np.int64)
    else:
        rows_of = [_row_numbers(np.atleast_1d(rows), n, "exclude") for rows in exclude]
        query = np.repeat(np.arange(q), [len(rows) for rows in rows_of])
        place = np.concatenate(rows_of) if rows_of else np.empty(0, dtype=np.int64)
    if searched is not None:
        at = np.searchsorted(searched, place)
        known = (at < len(searched)) & (searched[np.minimum(at, len(searched) - 1)] == place)
        query, place = query[known], at[known]
    order = np.argsort(place, kind="stable")
    return _LeftOut(query[order], place[order])


def _row_numbers(rows: Any, n: int, name: str) -> IntArray:
    """Distinct row numbers in order, from numbers or from n booleans."""
    rows = np.asarray(rows)
    if rows.dtype == bool:
        if rows.shape != (n,):
            raise ExplorerError(
                f"{name} as booleans needs one for each of {n:,} vectors; got shape {rows.shape}."
            )
        chosen: IntArray = np.flatnonzero(rows)
        return chosen
    if rows.ndim != 1 or (rows.dtype.kind not in "iu" and len(rows)):
        raise ExplorerError(f"{name} must be whole row numbers; got {rows.dtype} {rows.shape}.")
    numbers: IntArray = np.unique(rows.astype(np.int64))
    if len(numbers) and (numbers[0] < 0 or numbers[-1] >= n):
        wrong = numbers[0] if numbers[0] < 0 else numbers[-1]
        raise ExplorerError(f"{name} must hold rows from 0 to {n - 1:,}; got {wrong:,}.")
    return numbers


def _check_k(k: int, count: int, left_out: _LeftOut) -> None:
    fewer = int(np.bincount(left_out.query).max()) if len(left_out.query) else 0
    most = count - fewer
    if most < 1:
        raise ExplorerError(f"No vector is left to search: {count:,} chosen, {fewer:,} left out.")
    if not isinstance(k, int | np.integer) or not 1 <= k <= most:
        raise ExplorerError(f"k must be from 1 to {most:,} for {count:,} vectors; got {k:,}.")


def _matrix(array: ArrayLike, name: str) -> NDArray[Any]:
    array = np.asarray(array)
    array = array[None] if array.ndim == 1 else array
    if array.ndim != 2 or array.shape[1] == 0 or array.dtype.kind not in "fiub":
        raise ExplorerError(
            f"{name} must be rows of real numbers; got {array.dtype} of shape {array.shape}."
        )
    return array
