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

Far from the origin those Euclidean terms are large and their difference small, so that the bound
would prove little. Then a centre m in float32 is taken from rows and queries first, which changes
no distance; x - m in float32 is rounded by u |x - m| at most, as any other input.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from explorer.metrics import Metric
from explorer.neighbors.best import Best, IntArray
from explorer.neighbors.candidates import Candidates, CompiledCandidates
from explorer.neighbors.formula import Float64Array
from explorer.neighbors.queries import LARGE, SMALL, Queries, block_norms

FloatArray = NDArray[np.float32]

TILE_SCORES = 1 << 19  # approximate scores held at once: 2 MB of float32, near the processor
TILE_NUMBERS = 1 << 18  # 1 MB of float32 rows
TILE_ROWS = 1 << 15  # for one query: 128 kB of scores
FEW = 8  # queries; so few are faster by inner products of rows than by BLAS's matrix product
SAMPLE = 256  # rows that tell whether the vectors lie far from the origin
FAR = 4  # times their spread
UNIT_ROUNDOFF = {4: 2.0**-24, 8: 2.0**-53}  # of floats of so many bytes


def best_of_block(
    block: NDArray[Any],
    norms: NDArray[Any],
    queries: Queries,
    k: int,
    metric: Metric,
    *,
    left_out: tuple[IntArray, IntArray] | None = None,
    floor: Float64Array | None = None,
    compiled: bool = False,
) -> Best:
    """The exact k nearest of a block's rows to each query.

    block : (b, d) real numbers
    norms : (b,) of its rows, from `block_norms` or `careful_norms`
    left_out : query and row numbers of pairs that are not to be found, sorted by row
    floor : (q,) ranking score that k rows seen earlier reach: rows below it are not looked for.
        Raised in place, so that the next block can go on from it.
    compiled : gather by the Numba kernel
    """
    q, d = queries.exact.shape
    if queries.centre is not None:
        norms = _centred_norms(block, queries.centre)
    small, large = norms.min(initial=np.inf), float(norms.max(initial=0))
    if small == 0:
        small = norms.min(initial=np.inf, where=norms > 0)
    narrow = small > SMALL and large < LARGE
    if metric.name == "euclidean":
        narrow = narrow and bool(queries.norms.max() < LARGE)
    dtype = np.dtype(np.float32 if narrow else np.float64)
    ready = queries.scaled.astype(dtype)
    bound = error_bound(metric, d, dtype, large, queries.norms)
    if floor is None:
        floor = np.full(q, -np.inf)
    if compiled and narrow:
        return _compiled_best(block, norms, queries, ready, k, metric, bound, left_out, floor)
    candidates = Candidates(block, queries, k, metric, bound, floor)
    _pass_through(candidates, block, norms, queries, ready, metric, left_out)
    return candidates.best()


def _compiled_best(
    block: NDArray[Any], norms: NDArray[Any], queries: Queries, ready: NDArray[Any], k: int,
    metric: Metric, bound: Float64Array, left_out: tuple[IntArray, IntArray] | None,
    floor: Float64Array,
) -> Best:  # fmt: skip
    """`best_of_block` by the Numba kernels, where float32 serves."""
    candidates = CompiledCandidates(block, queries, k, metric, bound, floor)
    _pass_through(candidates, block, norms, queries, ready, metric, left_out)
    best = candidates.best()
    if candidates.crowded.any():
        _ask_again(best, candidates.crowded, block, norms, queries, k, metric, left_out, floor)
    return best


def _pass_through(
    candidates: Candidates, block: NDArray[Any], norms: NDArray[Any], queries: Queries,
    ready: NDArray[Any], metric: Metric, left_out: tuple[IntArray, IntArray] | None,
) -> None:  # fmt: skip
    """Show all rows to the candidates, a tile of inner products at a time."""
    q, d = ready.shape
    step = max(64, TILE_SCORES // q)
    if q == 1:
        step = TILE_ROWS
    elif q <= FEW:  # a tile is read once for each query: let it stay in the cache
        step = min(step, max(64, TILE_NUMBERS // d))
    dtype = ready.dtype
    buffer = np.empty(q * min(step, len(block)), dtype=dtype)
    for start in range(0, len(block), step):
        here = slice(start, start + step)
        tile = _tile(block[here], dtype, queries.centre)
        scores = buffer[: q * len(tile)].reshape(q, len(tile))
        if q <= FEW:
            for number, query in enumerate(ready):
                np.vecdot(tile, query, out=scores[number])
        else:
            np.matmul(ready, tile.T, out=scores)
        if left_out is not None:
            pairs = slice(*np.searchsorted(left_out[1], [start, start + len(tile)]))
            scores[left_out[0][pairs], left_out[1][pairs] - start] = -np.inf
        factors = halves = None
        if metric.name == "cosine":
            factors = (1 / np.where(norms[here] > 0, norms[here], 1)).astype(dtype)
        elif metric.name == "euclidean":
            halves = (norms[here].astype(np.float64) ** 2 / 2).astype(dtype)
        candidates.add(scores, start, factors, halves)


def _ask_again(
    best: Best, crowded: NDArray[np.bool_], block: NDArray[Any], norms: NDArray[Any],
    queries: Queries, k: int, metric: Metric, left_out: tuple[IntArray, IntArray] | None,
    floor: Float64Array,
) -> None:  # fmt: skip
    """Put right the results of the queries whose near-ties had no room."""
    some = np.flatnonzero(crowded)
    if left_out is not None:
        ours = crowded[left_out[0]]
        left_out = np.searchsorted(some, left_out[0][ours]), left_out[1][ours]
    floors = floor[some]
    found = best_of_block(
        block, norms, queries.part(some), k, metric, left_out=left_out, floor=floors
    )
    best.rows[some], best.scores[some], floor[some] = found.rows, found.scores, floors


def far_centre(vectors: NDArray[Any], metric: Metric) -> FloatArray | None:
    """A centre for `prepare_queries` where the vectors lie far from the origin, else None."""
    n = len(vectors)
    if metric.name != "euclidean" or n < SAMPLE:
        return None
    rows = vectors[:: n // SAMPLE][:SAMPLE].astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        centre = rows.mean(axis=0)
        spread = np.square(rows - centre).sum(axis=1).mean()
        square = centre @ centre
    far = SMALL**2 < square < LARGE**2 and square > FAR**2 * spread
    return centre.astype(np.float32) if far else None


def _tile(rows: NDArray[Any], dtype: np.dtype[Any], centre: FloatArray | None) -> NDArray[Any]:
    """Rows as numbers of `dtype`, less the centre; one rounding of each number, no more."""
    if centre is None:
        return np.ascontiguousarray(rows, dtype=dtype)
    if rows.dtype != np.float32 or dtype != np.float32:
        return (rows.astype(np.float64) - centre).astype(dtype)
    difference: NDArray[Any] = rows - centre
    return difference


def _centred_norms(block: NDArray[Any], centre: FloatArray) -> NDArray[Any]:
    """(b,) norms of the rows less the centre."""
    step = max(64, TILE_NUMBERS // len(centre))
    parts = []
    for start in range(0, len(block), step):
        rows = _tile(block[start : start + step], np.dtype(np.float64), centre)
        parts.append(block_norms(rows, range(start, start + len(rows))))
    return np.concatenate(parts)


def error_bound(
    metric: Metric, d: int, dtype: np.dtype[Any], row_norm: float, query_norms: Float64Array
) -> Float64Array:
    """(q,) by how much an approximate ranking score may differ from the formula's in float64.

    row_norm : the largest norm in the block
    """
    first = gamma(d, dtype)
    second = gamma(d, np.float64)  # what the formula itself rounds away, looking again
    if metric.name == "cosine":
        return (first + second) * query_norms
    if metric.name == "dot":
        return (first + second) * row_norm * query_norms
    reach = query_norms + row_norm  # a difference is at most as long
    return first * row_norm * reach + second * reach**2


def gamma(d: int, dtype: DTypeLike) -> float:
    """By how much of |x| |y| an inner product of d numbers is wrong at most."""
    terms = (2 * d + 16) * UNIT_ROUNDOFF[np.dtype(dtype).itemsize]
    return terms / (1 - terms)
