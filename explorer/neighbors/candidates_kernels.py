"""The rows of a tile of scores that may be among the k best, in one pass (Numba).

`candidates.Candidates.add` says the same in NumPy.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.kernel_cache import njit

STRIPE = 64  # scores compared at once
ROUNDING = 2.0**-22  # of a threshold written as float32, with room to spare


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def gather(
    products: NDArray[np.float32],
    factors: NDArray[np.float32],
    halves: NDArray[np.float32],
    first_row: int,
    k: int,
    bound: NDArray[np.float64],
    floor: NDArray[np.float64],
    counts: NDArray[np.int64],
    rows: NDArray[np.int64],
    scores: NDArray[np.float32],
    crowded: NDArray[np.bool_],
) -> None:
    """Append to rows and scores (q, room) what may reach the floor; raise the floor when full.

    products : (q, w) of the queries with rows first_row …
    factors, halves : (w,) of these rows: score = product factor - half
    bound, floor : (q,); a score is wrong by at most the bound; k rows reach the floor
    counts : (q,) how much of the room is taken
    crowded : set where more rows are near-ties than half the room holds
    """
    width = products.shape[1]
    stripe = np.empty(STRIPE, np.float32)
    for query in range(products.shape[0]):
        threshold = _threshold(floor[query], bound[query])
        for start in range(0, width, STRIPE):
            size = min(STRIPE, width - start)
            for i in range(size):
                at = start + i
                stripe[i] = products[query, at] * factors[at] - halves[at]
            if not crowded[query] and _reaches(stripe, size, threshold):
                _keep(
                    stripe, size, first_row + start, query, k, bound, floor, counts, rows, scores,
                    crowded,
                )  # fmt: skip
                threshold = _threshold(floor[query], bound[query])


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _reaches(stripe: NDArray[np.float32], size: int, threshold: float) -> bool:
    reaching = 0
    for i in range(size):
        reaching += stripe[i] > threshold
    return reaching > 0


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _keep(
    stripe: NDArray[np.float32], size: int, first_row: int, query: int, k: int,
    bound: NDArray[np.float64], floor: NDArray[np.float64], counts: NDArray[np.int64],
    rows: NDArray[np.int64], scores: NDArray[np.float32], crowded: NDArray[np.bool_],
) -> None:  # fmt: skip
    """Append those of a query's scores that may reach its floor."""
    room = rows.shape[1]
    threshold = _threshold(floor[query], bound[query])
    count = counts[query]
    for i in range(size):
        if not stripe[i] > threshold:
            continue
        if count == room:
            count = _raised(count, query, k, bound, floor, rows, scores)
            if count > room // 2:
                crowded[query] = True
                break
            threshold = _threshold(floor[query], bound[query])
            if not stripe[i] > threshold:
                continue
        rows[query, count] = first_row + i
        scores[query, count] = stripe[i]
        count += 1
    counts[query] = count


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _raised(
    count: int, query: int, k: int, bound: NDArray[np.float64], floor: NDArray[np.float64],
    rows: NDArray[np.int64], scores: NDArray[np.float32],
) -> int:  # fmt: skip
    """Raise a query's floor by what was gathered, drop what it leaves behind; how much stays."""
    if count >= k:
        kth = kth_largest(scores[query, :count].copy(), k)
        floor[query] = max(floor[query], np.float64(kth) - bound[query])
    threshold = _threshold(floor[query], bound[query])
    kept = 0
    for at in range(count):
        if scores[query, at] > threshold:
            rows[query, kept] = rows[query, at]
            scores[query, kept] = scores[query, at]
            kept += 1
    return kept


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _threshold(floor: float, bound: float) -> np.float32:
    """What a float32 score must exceed to reach the floor, given its error."""
    least = floor - bound
    return np.float32(least - ROUNDING * abs(least) - 1e-44)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def kth_largest(numbers: NDArray[Any], k: int) -> Any:
    """The k-th largest of some finite numbers, which are reordered (Hoare 1961, Find)."""
    first, last, wanted = 0, len(numbers) - 1, k - 1
    while first < last:
        pivot = numbers[(first + last) // 2]
        i, j = first, last
        while i <= j:
            while numbers[i] > pivot:
                i += 1
            while numbers[j] < pivot:
                j -= 1
            if i <= j:
                numbers[i], numbers[j] = numbers[j], numbers[i]
                i += 1
                j -= 1
        if wanted <= j:
            last = j
        elif wanted >= i:
            first = i
        else:
            break
    return numbers[wanted]


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def sift(
    k: int,
    bound: NDArray[np.float64],
    floor: NDArray[np.float64],
    counts: NDArray[np.int64],
    rows: NDArray[np.int64],
    scores: NDArray[np.float32],
) -> None:
    """Raise every query's floor by what was gathered, and drop what it leaves behind."""
    for query in range(len(counts)):
        counts[query] = _raised(counts[query], query, k, bound, floor, rows, scores)
