"""Many queries asked of the 8-bit copy together, on processors that multiply bytes.

As in `quantized.py`, but a query direction p is rounded to 8 bits too, to p', and blocks of rows
are multiplied with all queries while they are in the cache. With y' the row's code,
    |y.p - y'.p'| <= |y - y'| |p| + |y'| |p - p'|,
so that each query's bound grows by the length that its own rounding lost times the longest row of
the block. More rows remain for the second look than after a scan for one query; the answers are
the same.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.metrics import Metric
from explorer.neighbors.best import Best
from explorer.neighbors.candidates import KINDS, best_of_pairs
from explorer.neighbors.formula import Float64Array
from explorer.neighbors.gathered import ALL, MOST_K, Found
from explorer.neighbors.quantized import QuantizedIndex
from explorer.neighbors.queries import Queries

CAPACITY = 1024  # rows of each query that may remain for a second look, at least
MOST_DIMENSIONS = 1 << 16  # beyond, sums might not fit 32 bits
UP = 1 + 2.0**-15  # rounds lengths up, by more than the scan's float32 sums lose


def can_search_together() -> bool:
    """Whether this processor has what the kernel needs, and Numba is there."""
    try:
        from explorer.neighbors import batch_kernels
    except ImportError:
        return False
    return batch_kernels.has_byte_products()


def search_together(
    index: QuantizedIndex,
    queries: Queries,
    k: int,
    metric: Metric,
    hidden: NDArray[np.int64],
    bounds: NDArray[np.int64],
    allowed: NDArray[np.bool_] = ALL,
) -> tuple[Best, NDArray[np.bool_]]:
    """The exact k nearest rows to each query, and (q,) whether the copy could prove them.

    hidden : rows that queries leave out; those of query m at bounds[m] … bounds[m + 1] - 1, rising
    allowed : (n,) which rows may be found; empty: all
    Where not proven, the rows of the result mean nothing. Some 12 kB of memory a query for k up to
    64, and 192 k bytes beyond.
    """
    from explorer.neighbors import batch_kernels

    can = index.can_ask(queries, metric)
    if k > MOST_K or len(index.centre) > MOST_DIMENSIONS:
        can[:] = False
    some = np.flatnonzero(can)
    asked = queries.part(some)
    directions, aims = index.aim(asked, metric)
    codes, starts, steps, lost = encode_queries(
        directions, index.codes.shape[1], batch_kernels.QUERIES
    )
    numbers = np.column_stack([steps, aims, lost]).astype(np.float32)
    numbers[:, 5] *= np.float32(UP)
    spans = np.concatenate([[0], np.cumsum(np.diff(bounds)[some])])
    theirs = np.concatenate([hidden[bounds[at] : bounds[at + 1]] for at in some] or [hidden[:0]])
    found = Found.empty(len(some), k, max(CAPACITY, 16 * k))
    pairs = index.codes.view(np.uint16)[..., 0]
    batch_kernels.scan_together(
        index.codes, pairs, codes, starts, tuple(index.rankings[metric.name]), numbers,
        len(index), allowed, theirs, spans, *found,
    )  # fmt: skip
    batch_kernels.sift_together(index.exact, asked.scaled, asked.norms, KINDS[metric.name], *found)
    counts = np.maximum(found.counts, 0)
    proven = np.zeros(len(can), dtype=np.bool_)
    proven[some] = counts >= k
    number, place = np.nonzero(np.arange(counts.max(initial=0)) < counts[:, None])
    rows = found.rows[number, place]
    return best_of_pairs(index.exact, queries.exact, some[number], rows, k, metric), proven


def encode_queries(
    directions: Float64Array, pairs: int, group: int
) -> tuple[NDArray[np.uint32], NDArray[np.int32], Float64Array, Float64Array]:
    """(q, d) -> codes for the kernel, a whole number of groups of queries; starts; steps; lost.

    lost : (q,) |p - p'|
    """
    q, d = directions.shape
    steps = np.abs(directions).max(axis=1) / 127
    steps[steps < 2.0**-100] = 0
    wide = np.divide(
        directions, steps[:, None], out=np.zeros_like(directions), where=steps[:, None] > 0
    )
    rounded = np.rint(wide)
    rest = directions - rounded * steps[:, None]
    codes = np.zeros((-(-q // group) * group, -(-pairs // 2) * 4), dtype=np.int8)
    codes[:q, :d] = rounded
    starts = (-128 * codes.sum(axis=1, dtype=np.int64)).astype(np.int32)
    return codes.view(np.uint32), starts, steps, np.sqrt(np.vecdot(rest, rest))
