"""The two loops of UMAP that NumPy cannot run at speed (Numba): joining a graph's two directions,
and an epoch of placing points. What they compute is told in `fuzzy_graph.py` and `umap_layout.py`,
where their plain twins are.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.kernel_cache import njit
from explorer.projection.forces import CLIP, FIRST_EXPONENT, TABLE
from explorer.training import draws

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

LAST = np.int32(TABLE - 1)
FIRST_BITS = np.int32((FIRST_EXPONENT + 127) << 7)
MOST = np.float32(CLIP)
GOLDEN = np.uint64(draws.GOLDEN)
FIRST_FACTOR, SECOND_FACTOR = np.uint64(draws.FIRST_FACTOR), np.uint64(draws.SECOND_FACTOR)
LCG_FACTOR, LCG_SUMMAND = (
    np.uint64(6364136223846793005),
    np.uint64(1442695040888963407),
)  # Knuth's MMIX
FAST = {"contract", "nsz", "nnan", "ninf"}  # no sum changes its order: the same bits every time


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def merge_directions(indices: Ints, strengths: Floats) -> tuple[NDArray[np.int64], Ints, Floats]:
    """(n, k) neighbours in rising order and their strengths -> starts, others, v + v' - v v'."""
    n, k = indices.shape
    incoming = np.zeros(n + 1, np.int64)
    for i in range(n):
        for j in range(k):
            incoming[indices[i, j] + 1] += 1
    for i in range(n):
        incoming[i + 1] += incoming[i]
    filled = incoming[:-1].copy()
    sources = np.empty(n * k, np.int32)
    from_there = np.empty(n * k, np.float32)
    for i in range(n):  # in this order, so that each row's sources rise
        for j in range(k):
            at = filled[indices[i, j]]
            sources[at], from_there[at] = i, strengths[i, j]
            filled[indices[i, j]] += 1
    starts = np.empty(n + 1, np.int64)
    others = np.empty(2 * n * k, np.int32)
    joint = np.empty(2 * n * k, np.float32)
    count = 0
    for i in range(n):
        starts[i] = count
        j, at, end = 0, incoming[i], incoming[i + 1]
        while j < k or at < end:
            one = indices[i, j] if j < k else n
            other = sources[at] if at < end else n
            there, back = np.float32(0), np.float32(0)
            if one <= other:
                there = strengths[i, j]
                j += 1
            if other <= one:
                back = from_there[at]
                at += 1
            both = there + back - there * back
            if both > 0:
                others[count], joint[count] = min(one, other), both
                count += 1
    starts[n] = count
    return starts, others[:count].copy(), joint[:count].copy()


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def scrambled(value: np.uint64) -> np.uint64:
    """`draws.scrambled` of one number."""
    value = value + GOLDEN
    value = (value ^ (value >> np.uint64(30))) * FIRST_FACTOR
    value = (value ^ (value >> np.uint64(27))) * SECOND_FACTOR
    return value ^ (value >> np.uint64(31))


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _widest(starts: NDArray[np.int64], first: int, last: int) -> int:
    """The most edges that a point has."""
    widest = 0
    for i in range(first, last):
        widest = max(widest, starts[i + 1] - starts[i])
    return widest


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)  # type: ignore[untyped-decorator]
def move_points(
    old: Floats, new: Floats, starts: NDArray[np.int64], others: Ints, rates: Floats, pull: Floats,
    push: Floats, epoch: int, alpha: float, negatives: int, key: np.uint64, first: int, last: int,
) -> None:  # fmt: skip
    """Points first … last - 1 of one epoch: from where all were (`old`) to where they go (`new`).

    old, new : (n, 3), the third coordinate 0 throughout on a flat map
    starts, others, rates : the graph, with how often an epoch samples each edge, 0 to 1
    pull, push : tables of the forces by squared distance, see `forces.force_table`
    """
    n, step, twice = old.shape[0], np.float32(alpha), np.float32(2 * alpha)
    before, after = np.float32(epoch), np.float32(epoch + 1)
    sampled = np.empty(_widest(starts, first, last), np.int32)
    squares = np.empty(max(1, negatives), np.float32)
    bits = squares.view(np.int32)
    for i in range(first, last):
        x, y, z = old[i, 0], old[i, 1], old[i, 2]
        count = 0
        for edge in range(starts[i], starts[i + 1]):
            sampled[count] = others[edge]
            count += int(after * rates[edge]) - int(before * rates[edge])
        for s in range(count):
            j = np.int64(sampled[s])
            dx, dy, dz = x - old[j, 0], y - old[j, 1], z - old[j, 2]
            squares[0] = dx * dx + dy * dy + dz * dz
            force = pull[min(LAST, max(np.int32(0), (bits[0] >> np.int32(16)) - FIRST_BITS))]
            x += twice * min(MOST, max(-MOST, force * dx))
            y += twice * min(MOST, max(-MOST, force * dy))
            z += twice * min(MOST, max(-MOST, force * dz))
        state = scrambled(key + np.uint64(epoch * n + i))
        for _ in range(count):
            mx = my = mz = np.float32(0)
            for other in range(negatives):
                state = state * LCG_FACTOR + LCG_SUMMAND
                j = np.int64(((state >> np.uint64(32)) * np.uint64(n)) >> np.uint64(32))
                if j == i:  # nothing pushes itself
                    continue
                dx, dy, dz = x - old[j, 0], y - old[j, 1], z - old[j, 2]
                squares[other] = dx * dx + dy * dy + dz * dz
                at = (bits[other] >> np.int32(16)) - FIRST_BITS
                force = push[min(LAST, max(np.int32(0), at))]
                mx += min(MOST, max(-MOST, force * dx))
                my += min(MOST, max(-MOST, force * dy))
                mz += min(MOST, max(-MOST, force * dz))
            x, y, z = x + step * mx, y + step * my, z + step * mz
        new[i, 0], new[i, 1], new[i, 2] = x, y, z
