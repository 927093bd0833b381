"""Growing the spanning tree in Numba; spanning_tree.py has the plain twin and says what it does."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.kernel_cache import njit

ANY_ORDER = {"reassoc", "contract", "nsz"}  # sums may be vectorised: the last digits do not matter


@njit(cache=True, nogil=True, fastmath=ANY_ORDER)  # type: ignore[untyped-decorator]
def grow(
    points: NDArray[np.float32],
    core: NDArray[np.float32],
    near: NDArray[np.float32],
    parent: NDArray[np.int64],
    outside: NDArray[np.int64],
    left: int,
    newest: int,
    steps: int,
    joined: NDArray[np.int64],
) -> Any:
    """Add `steps` rows to the tree; (rows left outside, the newest row). All distances squared."""
    dimensions = points.shape[1]
    for step in range(steps):
        best, best_place = np.float32(np.inf), 0
        for place in range(left):
            row = outside[place]
            bound = max(core[newest], core[row])
            if bound < near[row]:  # else the newest row cannot be nearer than the tree was
                square = np.float32(0)
                for axis in range(dimensions):
                    off = points[newest, axis] - points[row, axis]
                    square += off * off
                square = max(square, bound)
                if square < near[row]:
                    near[row] = square
                    parent[row] = newest
            if near[row] < best:
                best, best_place = near[row], place
        newest = outside[best_place]
        joined[step] = newest
        left -= 1
        outside[best_place] = outside[left]
    return left, newest
