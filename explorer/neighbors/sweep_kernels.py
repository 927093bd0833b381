"""Float32 rows multiplied with a few queries while they are read (Numba); told in `sweep.py`."""

from __future__ import annotations

import numpy as np

from explorer.kernel_cache import njit
from explorer.machine_kernels import prefetch_row_far
from explorer.neighbors.gathered_kernels import ANY_ORDER, Floats, Rows, take

STRIPE = 1024  # rows read before scores are looked at: reading pauses meanwhile
STAY = 1 << 17  # numbers, at most: they stay in the cache while all queries are asked
EUCLIDEAN, COSINE = 2, 1  # as in `candidates.KINDS`
SMALL, LARGE = np.float32(2.0**-40), np.float32(2.0**40)  # as in `queries`
NOTHING = np.float32(-1)  # is smaller than any distance


@njit(cache=True, nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def sweep(
    vectors: Floats,
    searched: Rows,
    first: int,
    last: int,
    norms: Floats,
    queries: Floats,
    kind: int,
    margins: Floats,
    ahead: int,
    hidden: Rows,
    bounds: Rows,
    at: int,
    lows: Floats,
    rows: Rows,
    highs: Floats,
    counts: Rows,
) -> None:
    """Pass over places first … last - 1; gather the rows that may be among the k best.

    searched : rows that stand at the places; empty: row i at place i
    norms : (n,) lengths of the vectors; empty: measured on the way, where they are needed
    queries : (q, d)
    kind : of the score: 0 x.q, 1 x.q / |x| (0 for x = 0), 2 -|x - q|
    margins : (q, 2) reach and slack: a score is known within reach size + slack, size being
        the length of the row, or of the difference for kind 2
    ahead : rows that lie between one that is read and one that is asked for; 0: the processor
        asks by itself
    hidden, bounds : rows that query m may not find at bounds[m] … bounds[m + 1] - 1, rising
    at : results of query m are filled at `at` + m; see `gathered_kernels.take`. All counts are -1
        where a size is beyond what float32 can tell
    """
    every, plain = np.empty(0, np.bool_), True
    stripe = max(16, min(STRIPE, STAY // vectors.shape[1]))
    some = np.empty(stripe, np.int64)
    sizes, scores, high = np.empty((3, stripe), np.float32)
    for start in range(first, last, stripe):
        some = some[: last - start]
        if len(searched):
            some[:] = searched[start : start + len(some)]
        else:
            for i in range(len(some)):
                some[i] = start + i
        here = sizes[: len(some)]
        for query in range(len(queries)):
            asked, reach, slack = queries[query], margins[query, 0], margins[query, 1]
            if kind == EUCLIDEAN:
                _distances(vectors, some, asked, ahead, sizes)
                for i in range(len(some)):
                    scores[i] = -sizes[i]
                plain = _are_within(here, NOTHING, LARGE)
            elif query > 0:
                _products(vectors, some, asked, 0, scores)
            else:
                if len(norms):
                    _copy(norms, some, sizes)
                    _products(vectors, some, asked, ahead, scores)
                else:
                    _products_and_lengths(vectors, some, asked, ahead, scores, sizes)
                plain = _are_within(here, SMALL, LARGE) or _others_are_zero(vectors, some, here)
            if kind == COSINE:
                for i in range(len(some)):
                    scores[i] /= sizes[i] if sizes[i] > 0 else np.float32(1)
            floor, reaching = lows[at + query, -1], np.int32(0)
            for i in range(len(some)):
                high[i] = scores[i] + (reach * sizes[i] + slack)
                reaching += np.int32(high[i] >= floor)
            if not plain:
                counts[at : at + len(queries)] = -1
                return
            if reaching == 0:
                continue
            theirs = hidden[bounds[query] : bounds[query + 1]]
            for i in range(len(some)):
                if high[i] >= lows[at + query, -1]:
                    low = scores[i] - (reach * sizes[i] + slack)
                    take(
                        some[i], high[i], low, len(vectors), every, theirs, at + query, lows, rows,
                        highs, counts,
                    )  # fmt: skip


@njit(cache=True, nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _ask_for(vectors: Floats, row: int, ahead: int) -> None:
    if ahead and row + ahead < len(vectors):
        prefetch_row_far(vectors, row + ahead)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=ANY_ORDER)  # type: ignore[untyped-decorator]
def _products(vectors: Floats, some: Rows, asked: Floats, ahead: int, products: Floats) -> None:
    for i in range(len(some)):
        _ask_for(vectors, some[i], ahead)
        row = vectors[some[i]]
        total = np.float32(0)
        for j in range(len(asked)):
            total += row[j] * asked[j]
        products[i] = total


@njit(cache=True, nogil=True, error_model="numpy", fastmath=ANY_ORDER)  # type: ignore[untyped-decorator]
def _products_and_lengths(
    vectors: Floats, some: Rows, asked: Floats, ahead: int, products: Floats, lengths: Floats
) -> None:  # fmt: skip
    for i in range(len(some)):
        _ask_for(vectors, some[i], ahead)
        row = vectors[some[i]]
        total, square = np.float32(0), np.float32(0)
        for j in range(len(asked)):
            total += row[j] * asked[j]
            square += row[j] * row[j]
        products[i], lengths[i] = total, np.sqrt(square)


@njit(cache=True, nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _copy(norms: Floats, some: Rows, lengths: Floats) -> None:
    first = some[0]
    if some[-1] - first == len(some) - 1:
        theirs = norms[first : first + len(some)]
        for i in range(len(some)):
            lengths[i] = theirs[i]
    else:
        for i in range(len(some)):
            lengths[i] = norms[some[i]]


@njit(cache=True, nogil=True, error_model="numpy", fastmath=ANY_ORDER)  # type: ignore[untyped-decorator]
def _distances(vectors: Floats, some: Rows, asked: Floats, ahead: int, distances: Floats) -> None:
    for i in range(len(some)):
        _ask_for(vectors, some[i], ahead)
        row = vectors[some[i]]
        total = np.float32(0)
        for j in range(len(asked)):
            difference = row[j] - asked[j]
            total += difference * difference
        distances[i] = np.sqrt(total)


@njit(cache=True, nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _are_within(sizes: Floats, least: np.float32, most: np.float32) -> bool:
    """Whether all lie between the two; NaN does not."""
    within = np.int32(0)
    for i in range(len(sizes)):
        within += np.int32((sizes[i] > least) & (sizes[i] < most))
    return bool(within == len(sizes))


@njit(cache=True, nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _others_are_zero(vectors: Floats, some: Rows, lengths: Floats) -> bool:
    """Whether all rows whose lengths float32 cannot tell are zero; these are set to 0."""
    for i in range(len(some)):
        if not SMALL < lengths[i] < LARGE:
            for j in range(vectors.shape[1]):
                if vectors[some[i], j] != 0:
                    return False
            lengths[i] = 0
    return True
