"""The kernels of the search, called once on as few rows as they serve."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def _search() -> None:
    """Candidates are sifted, and the 8-bit copy is scanned."""
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


TASKS: dict[str, Callable[[], None]] = {"searcher": _search, "graph": _graph}
