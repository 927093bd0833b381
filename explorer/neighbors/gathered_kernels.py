"""The rows that may be among the k best of a query, gathered while rows are passed through (Numba).

Each row's score is known between a low and a high end. Those whose high end reaches the k-th best
low end are kept, and looked at again in float64; told in `gathered.py`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.kernel_cache import njit
from explorer.neighbors.candidates_kernels import kth_largest

ANY_ORDER = {"reassoc", "contract", "nsz"}  # sums may be vectorised: every bound allows for it
Floats = NDArray[np.float32]
Rows = NDArray[np.int64]


@njit(cache=True, nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def take(
    row: int, high: float, low: float, n: int, allowed: NDArray[np.bool_], hidden: Rows, at: int,
    lows: Floats, rows: Rows, highs: Floats, counts: Rows,
) -> None:  # fmt: skip
    """Add a row that may reach the floor to the results of query `at`.

    n : rows that there are
    allowed : (n,) rows that may be found; empty: all
    hidden : rows that may not, rising
    """
    k, capacity = lows.shape[1], rows.shape[1]
    if high < lows[at, k - 1] or row >= n or (len(allowed) and not allowed[row]):
        return
    count = counts[at]
    if count < 0 or (len(hidden) and _holds(hidden, row)):
        return
    if low > lows[at, k - 1]:
        place = k - 1
        while place > 0 and lows[at, place - 1] < low:
            lows[at, place] = lows[at, place - 1]
            place -= 1
        lows[at, place] = low
    if count == capacity:
        count = forget(at, count, lows[at, k - 1], rows, highs)
        if count > capacity // 2:
            counts[at] = -1
            return
    rows[at, count], highs[at, count] = row, high
    counts[at] = count + 1


@njit(cache=True, nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def forget(at: int, count: int, floor: float, rows: Rows, highs: Floats) -> int:
    """Drop the gathered rows that the floor has left behind; how many stay."""
    kept = 0
    for i in range(count):
        if highs[at, i] >= floor:
            rows[at, kept], highs[at, kept] = rows[at, i], highs[at, i]
            kept += 1
    highs[at, kept:count] = np.nan
    return kept


@njit(cache=True, nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _holds(rising: Rows, wanted: int) -> bool:
    """Whether a number is among the rising ones (binary search)."""
    first, last = 0, len(rising)
    while first < last:
        middle = (first + last) // 2
        if rising[middle] < wanted:
            first = middle + 1
        else:
            last = middle
    return first < len(rising) and rising[first] == wanted


@njit(cache=True, nogil=True, error_model="numpy", fastmath=ANY_ORDER)  # type: ignore[untyped-decorator]
def look_again(
    vectors: NDArray[Any], rows: Rows, query: NDArray[np.float64], kind: int,
    scores: NDArray[np.float64],
) -> float:  # fmt: skip
    """Float64 ranking scores of single rows: 0 x.q, 1 x.q / |x| (0 for x = 0), 2 -|x - q|^2.

    Returns the largest |x|^2; of kind 2 nothing.
    """
    d = vectors.shape[1]
    largest = 0.0
    for i in range(len(rows)):
        row = vectors[rows[i]]
        product = square = 0.0
        if kind == 2:
            for j in range(d):
                difference = np.float64(row[j]) - query[j]
                square += difference * difference
            scores[i] = -square
        else:
            for j in range(d):
                x = np.float64(row[j])
                product += x * query[j]
                square += x * x
            largest = max(largest, square)
            if kind == 1:
                product = product / np.sqrt(square) if square > 0 else 0.0
            scores[i] = product
    return largest


@njit(cache=True, nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def nearly_best(
    vectors: NDArray[Any], rows: Rows, query: NDArray[np.float64], length: float, kind: int, k: int
) -> int:
    """Bring those of the rows to the front that float64 sums do not tell from the k best.

    length : of the query; kind : as in `look_again`
    Returns how many they are.
    """
    if len(rows) <= k:
        return len(rows)
    scores = np.empty(len(rows))
    largest = look_again(vectors, rows, query, kind, scores)
    kth = kth_largest(scores.copy(), k)
    size = abs(kth) if kind == 2 else length
    if kind == 0:
        size *= np.sqrt(largest)
    least = kth - size * (vectors.shape[1] + 16) * 2.0**-48  # 4 times what any order rounds away
    kept = 0
    for i in range(len(rows)):
        if scores[i] >= least:
            rows[kept] = rows[i]
            kept += 1
    return kept
