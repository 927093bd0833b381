"""The minimum spanning tree of mutual reachability: what density clustering cuts into clusters.

Two items reach each other at the largest of their distance and both core distances, where the core
distance of an item is that to its m-th nearest, itself counted as the first (Campello, Moulavi &
Sander 2013). The tree is grown from one item, the nearest outsider joining at each step (Prim
1957): O(n^2 d) time, O(n) memory, and it can be stopped after any step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.errors import ExplorerError

OnProgress = Callable[[float], None]

STEPS = 256  # rows that join between two reports
CORE_SHARE = 0.3  # of the time, for the core distances


class SpanningTree(NamedTuple):
    """n - 1 edges, in the order in which the rows joined.

    rows : (n - 1,) the row that joined
    parents : (n - 1,) the row it joined at
    lengths : (n - 1,) float64 mutual reachability, in the unit of the vectors
    """

    rows: NDArray[np.int64]
    parents: NDArray[np.int64]
    lengths: NDArray[np.float64]


def spanning_tree(
    vectors: ArrayLike, min_samples: int = 5, *, on_progress: OnProgress | None = None
) -> SpanningTree:
    """The tree of (n, d) vectors by Euclidean distance, from row 0.

    min_samples : the m of the core distance, from 1 (plain distances) to n
    on_progress : called with the share done; what it raises stops the work
    """
    points = np.ascontiguousarray(vectors, dtype=np.float32)
    n = len(points)
    if not 1 <= min_samples <= n:
        raise ExplorerError(
            f"min_samples must be from 1 to {n:,} for {n:,} items; got {min_samples:,}."
        )
    report = on_progress or (lambda share: None)
    core = _core_squares(points, min_samples, lambda share: report(CORE_SHARE * share))
    points = points - points.mean(axis=0, dtype=np.float64).astype(np.float32)
    near = np.full(n, np.inf, dtype=np.float32)
    parent = np.zeros(n, dtype=np.int64)
    outside = np.arange(1, n)
    joined = np.empty(n - 1, dtype=np.int64)
    grow = _grow()
    left, newest = n - 1, 0
    while left:
        done = n - 1 - left
        report(CORE_SHARE + (1 - CORE_SHARE) * (1 - (left / n) ** 2))
        steps = min(STEPS, left)
        part = joined[done : done + steps]
        left, newest = grow(points, core, near, parent, outside, left, newest, steps, part)
    report(1.0)
    return SpanningTree(joined, parent[joined], np.sqrt(near[joined].astype(np.float64)))


def grow_plain(
    points: NDArray[np.float32],
    core: NDArray[np.float32],
    near: NDArray[np.float32],
    parent: NDArray[np.int64],
    outside: NDArray[np.int64],
    left: int,
    newest: int,
    steps: int,
    joined: NDArray[np.int64],
) -> tuple[int, int]:
    """Add `steps` rows to the tree, in plain NumPy; all distances squared.

    near, parent : for each row outside, how near the tree is and by which row
    outside : its first `left` numbers are the rows that have not joined
    joined : (steps,) filled with the rows that join
    """
    for step in range(steps):
        rows = outside[:left]
        squares = ((points[rows] - points[newest]) ** 2).sum(axis=1)
        squares = np.maximum(np.maximum(squares, core[newest]), core[rows])
        nearer = squares < near[rows]
        near[rows[nearer]] = squares[nearer]
        parent[rows[nearer]] = newest
        place = int(near[rows].argmin())
        joined[step] = newest = int(rows[place])
        left -= 1
        outside[place] = outside[left]
    return left, newest


def _core_squares(
    points: NDArray[np.float32], min_samples: int, on_progress: OnProgress
) -> NDArray[np.float32]:
    if min_samples == 1:
        return np.zeros(len(points), dtype=np.float32)
    from explorer.neighbors.graph import exact_graph

    graph = exact_graph(points, min_samples - 1, metric="euclidean", on_progress=on_progress)
    squares: NDArray[np.float32] = graph.scores[:, -1] ** 2
    return squares


def _grow() -> Any:
    try:
        from explorer.clustering.spanning_tree_kernels import grow
    except ImportError:  # without Numba
        return grow_plain
    return grow
