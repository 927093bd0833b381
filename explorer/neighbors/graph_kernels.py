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


@njit(cache=True, nogil=True, error_model="numpy", fastmath=ANY_ORDER)  # type: ignore[untyped-decorator]
def search_cells(
    rows: Floats, halves: Floats, starts: NDArray[np.int64], near: Ints, first: int, last: int,
    found: Ints, scores: Floats,
) -> None:  # fmt: skip
    """For rows first … last - 1: the k others in their near cells with the largest x.y - |y|^2 / 2.

    rows : (n, d) sorted by cell; halves : (n,) their |y|^2 / 2
    starts, near : of `Cells`, `near` sorted like the rows
    found, scores : (n, k) filled, largest first; -1 and -infinity where the cells hold fewer
    """
    k, d = found.shape[1], rows.shape[1]
    four = np.empty(4, np.float32)
    for row in range(first, last):
        x, best, numbers = rows[row], scores[row], found[row]
        best[:] = -np.inf
        numbers[:] = -1
        for cell in near[row]:
            stop = starts[cell + 1]
            for start in range(starts[cell], stop, 4):
                if start + 4 <= stop:
                    a, b, c, e = rows[start], rows[start + 1], rows[start + 2], rows[start + 3]
                    s0 = s1 = s2 = s3 = np.float32(0)
                    for j in range(d):
                        s0 += x[j] * a[j]
                        s1 += x[j] * b[j]
                        s2 += x[j] * c[j]
                        s3 += x[j] * e[j]
                    four[0], four[1], four[2], four[3] = s0, s1, s2, s3
                else:
                    for other in range(start, stop):
                        y, s0 = rows[other], np.float32(0)
                        for j in range(d):
                            s0 += x[j] * y[j]
                        four[other - start] = s0
                for other in range(start, min(start + 4, stop)):
                    score = four[other - start] - halves[other]
                    if score > best[k - 1] and other != row:
                        at = k - 1
                        while at > 0 and best[at - 1] < score:
                            best[at], numbers[at] = best[at - 1], numbers[at - 1]
                            at -= 1
                        best[at], numbers[at] = score, other


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
