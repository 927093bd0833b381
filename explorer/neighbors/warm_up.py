"""The kernels of the search, called once on as few rows as they serve."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def _exact() -> None:
    """What picks the nearest out of many scores; used in small spaces too once Numba is there."""
    import numba  # noqa: F401

    from explorer.neighbors import nearest_neighbors

    vectors = np.random.default_rng(1).standard_normal((200, 8), dtype=np.float32)
    for metric in ("cosine", "dot", "euclidean"):
        nearest_neighbors(vectors, vectors[:2], 8, metric=metric, exclude=np.arange(2))


def _search() -> None:
    """The 8-bit copy of a large space is made and scanned."""
    from explorer.neighbors import Searcher
    from explorer.neighbors.searcher import INDEX_FROM

    vectors = np.random.default_rng(1).standard_normal((INDEX_FROM, 8), dtype=np.float32)
    searcher = Searcher(vectors)
    for metric in ("cosine", "dot", "euclidean"):
        searcher.nearest(vectors[:2], 10, metric=metric)
        searcher.wait()
        searcher.nearest(vectors[:2], 10, metric=metric)


def _graph() -> None:
    from explorer.neighbors.graph import approximate_graph

    approximate_graph(np.random.default_rng(1).standard_normal((2_000, 8), dtype=np.float32), 15)


TASKS: dict[str, Callable[[], None]] = {"exact": _exact, "searcher": _search, "graph": _graph}
