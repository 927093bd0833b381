"""The kernels of the search, called once on as few rows as they serve."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from explorer.space import FloatArray


def _exact() -> None:
    """What picks the nearest out of many scores; used in small spaces too once Numba is there."""
    import numba  # noqa: F401

    from explorer.neighbors import nearest_neighbors

    for vectors in _written_and_fixed(200):
        for metric in ("cosine", "dot", "euclidean"):
            for few_or_many in (2, 9):
                rows = np.arange(few_or_many)
                nearest_neighbors(vectors, vectors[rows], 8, metric=metric, exclude=rows)


def _search() -> None:
    """The 8-bit copy of a large space is made and scanned."""
    from explorer.neighbors import Searcher
    from explorer.neighbors.searcher import INDEX_FROM

    for vectors in _written_and_fixed(INDEX_FROM):
        searcher = Searcher(vectors)
        for metric in ("cosine", "dot", "euclidean"):
            searcher.nearest(vectors[:2], 10, metric=metric)
            searcher.wait()
            searcher.nearest(vectors[:2], 10, metric=metric)
            searcher.nearest(vectors[:6], 10, metric=metric)  # together, where that can be


def _graph() -> None:
    from explorer.neighbors.graph import approximate_graph

    for vectors in _written_and_fixed(2_000):
        approximate_graph(vectors, 15)


def _written_and_fixed(rows: int) -> Iterator[FloatArray]:
    """Numba tells arrays that can be written to from others; those of a space are fixed."""
    for can_be_written in (True, False):
        vectors = np.random.default_rng(1).standard_normal((rows, 8), dtype=np.float32)
        vectors.setflags(write=can_be_written)
        yield vectors


TASKS: dict[str, Callable[[], None]] = {"exact": _exact, "searcher": _search, "graph": _graph}
