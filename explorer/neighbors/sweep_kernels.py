"""Float32 rows multiplied with a few queries while they are read (Numba); told in `sweep.py`."""

from __future__ import annotations

import numpy as np

from explorer.kernel_cache import njit
from explorer.neighbors.gathered_kernels import ANY_ORDER, Floats, Rows, take

STRIPE = 256  # rows that stay in the cache while all queries are asked
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
    hidden, bounds : rows that query m may not find at bounds[m] … bounds[m + 1] - 1, rising
    at : results of query m are filled at `at` + m; see `gathered_kernels.take`. All counts are -1
        where a size is beyond what float32 can tell
    """
    every = np.empty(0, np.bool_)
    some = np.empty(STRIPE, np.int64)
    sizes = np.empty(STRIPE, np.float32)
    scores, high = np.empty_like(sizes), np.empty_like(sizes)
    for start in range(first, last, STRIPE):
        some = some[: last - start]
        if len(searched):
            some[:] = searched[start : start + len(some)]
        else:
            for i in range(len(some)):
                some[i] = start + i
        here = sizes[: len(some)]
        plain = kind == EUCLIDEAN or _lengths(vectors, some, norms, here)
        for query in range(len(queries)):
            asked, reach, slack = queries[query], margins[query, 0], margins[query, 1]
            if kind == EUCLIDEAN:
                _distances(vectors, some, asked, sizes)
                plain = _are_within(here, NOTHING, LARGE)
                for i in range(len(some)):
                    scores[i] = -sizes[i]
            else:
                _products(vectors, some, asked, scores)
            if kind == COSINE:
                for i in range(len(some)):
                    scores[i] /= sizes[i] if sizes[i] > 0 else np.float32(1)
            floor, reaching = lows[at + query, -1], 0
            for i in range(len(some)):
                high[i] = scores[i] + (reach * sizes[i] + slack)
                reaching += high[i] >= floor
            if not plain:
                counts[at : at + len(queries)] = -1
                return
            if reaching == 0:
                continue
            theirs = hidden[bounds[query] : bounds[query + 1]]
            for i in range(len(some)):
                if high[i] >= floor:
                    low = scores[i] - (reach * sizes[i] + slack)
                    take(
                        some[i], high[i], low, len(vectors), every, theirs, at + query, lows, rows,
                        highs, counts,
                    )  # fmt: skip


@njit(cache=True, nogil=True, error_model="numpy", fastmath=ANY_ORDER)  # type: ignore[untyped-decorator]
def _products(vectors: Floats, some: Rows, asked: Floats, products: Floats) -> None:
    for i in range(len(some)):
        row = vectors[some[i]]
        total = np.float32(0)
        for j in range(len(asked)):
            total += row[j] * asked[j]
        products[i] = total


@njit(cache=True, nogil=True, error_model="numpy", fastmath=ANY_ORDER)  # type: ignore[untyped-decorator]
def _distances(vectors: Floats, some: Rows, asked: Floats, distances: Floats) -> None:
    for i in range(len(some)):
        row = vectors[some[i]]
        total = np.float32(0)
        for j in range(len(asked)):
            difference = row[j] - asked[j]
            total += difference * difference
        distances[i] = np.sqrt(total)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=ANY_ORDER)  # type: ignore[untyped-decorator]
def _measure(vectors: Floats, some: Rows, lengths: Floats) -> None:
    for i in range(len(some)):
        row = vectors[some[i]]
        total = np.float32(0)
        for j in range(len(row)):
            total += row[j] * row[j]
        lengths[i] = np.sqrt(total)


@njit(cache=True, nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _lengths(vectors: Floats, some: Rows, norms: Floats, lengths: Floats) -> bool:
    """Fill in |x|, given or measured; whether all are 0 or such as float32 can tell."""
    if len(norms) and some[-1] - some[0] == len(some) - 1:
        lengths[:] = norms[some[0] : some[0] + len(some)]
    elif len(norms):
        for i in range(len(some)):
            lengths[i] = norms[some[i]]
    else:
        _measure(vectors, some, lengths)
    return bool(_are_within(lengths, SMALL, LARGE) or _others_are_zero(vectors, some, lengths))


@njit(cache=True, nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _are_within(sizes: Floats, least: float, most: float) -> bool:
    """Whether all lie between the two; NaN does not."""
    within = 0
    for size in sizes:
        within += (size > least) & (size < most)
    return within == len(sizes)


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
