"""An approximate graph of neighbours: look into the cells nearest to each row, then among friends
of friends (Numba). What the steps are for is told in `graph.py`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.kernel_cache import njit

ANY_ORDER = {"reassoc", "contract", "nsz"}  # sums may be vectorised: the last digits do not matter
Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def keep_best(
    products: Floats, halves: Floats, queries: NDArray[np.int64], first: int, found: Ints,
    scores: Floats,
) -> None:  # fmt: skip
    """Keep the k others with the largest x.y - |y|^2 / 2 that each query has met so far.

    products : (q, m) x.y of the queries, which are rows, and rows first … first + m - 1
    halves : (m,) the |y|^2 / 2
    found, scores : (n, k) of all rows, largest first; -1 and -infinity where none was met yet
    """
    k = found.shape[1]
    for query in range(len(queries)):
        row = queries[query]
        best, numbers, x = scores[row], found[row], products[query]
        least = best[k - 1]
        for other in range(len(halves)):
            score = x[other] - halves[other]
            if score > least and first + other != row:
                at = k - 1
                while at > 0 and best[at - 1] < score:
                    best[at], numbers[at] = best[at - 1], numbers[at - 1]
                    at -= 1
                best[at], numbers[at] = score, first + other
                least = best[k - 1]


@njit(cache=True, nogil=True, error_model="numpy", fastmath=ANY_ORDER)  # type: ignore[untyped-decorator]
def search_friends(
    rows: Floats, halves: Floats, first: int, last: int, seen: Ints, old: Ints, old_scores: Floats,
    found: Ints, scores: Floats,
) -> None:  # fmt: skip
    """For rows first … last - 1: the k best of their old neighbours and of those neighbours' own.

    seen : (n,) this thread's work space, filled with -1
    """
    k, d = found.shape[1], rows.shape[1]
    for row in range(first, last):
        x, best, numbers = rows[row], scores[row], found[row]
        best[:] = old_scores[row]
        numbers[:] = old[row]
        seen[row] = row
        for friend in old[row]:
            if friend >= 0:
                seen[friend] = row
        for friend in old[row]:
            if friend < 0:
                continue
            for other in old[friend]:
                if other < 0 or seen[other] == row:
                    continue
                seen[other] = row
                y, score = rows[other], np.float32(0)
                for j in range(d):
                    score += x[j] * y[j]
                score -= halves[other]
                if score > best[k - 1]:
                    at = k - 1
                    while at > 0 and best[at - 1] < score:
                        best[at], numbers[at] = best[at - 1], numbers[at - 1]
                        at -= 1
                    best[at], numbers[at] = score, other
