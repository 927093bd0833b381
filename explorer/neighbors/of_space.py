"""Neighbours of what a person names: an item, several items, or a vector."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.errors import ExplorerError
from explorer.metrics import Metric, get_metric
from explorer.neighbors.exact import Neighbors, nearest_neighbors
from explorer.neighbors.searcher import Searcher
from explorer.space import EmbeddingSpace


def neighbors_of(
    space: EmbeddingSpace,
    wanted: str | Sequence[str] | NDArray[Any],
    k: int = 10,
    *,
    metric: str | Metric = "cosine",
    subset: ArrayLike | None = None,
    searcher: Searcher | None = None,
) -> Neighbors:
    """The k items nearest to an item, to the middle of several items, or to a vector.

    wanted : an item's name, names of several items, or a (d,) vector; named items are left out of
        the answer by row number, so a duplicate under another name is found
    k : from 1 to the number of items searched, less those named; see `query_vector` for the middle
    subset : row numbers or (n,) booleans, to search these items only
    searcher : of `space.vectors`, kept for many questions; without one the vectors are scanned

    Returns Neighbors with one query: `indices`, `scores` and `distances` are (1, k).
    Raises UnknownItemError for a name that the space does not hold.
    """
    metric = get_metric(metric)
    query = query_vector(space, wanted, metric)
    exclude = None if isinstance(wanted, np.ndarray) else [item_rows(space, wanted)]
    if searcher is not None:
        return searcher.nearest(query, k, metric=metric, exclude=exclude, subset=subset)
    return nearest_neighbors(
        space.vectors, query, k, metric=metric, exclude=exclude, subset=subset, norms=space.norms
    )


def query_vector(
    space: EmbeddingSpace, wanted: str | Sequence[str] | NDArray[Any], metric: str | Metric
) -> NDArray[np.float64]:
    """(d,) the point whose neighbours are asked for.

    One item: its own vector. Several items x_1 … x_m: their mean, (1/m) sum x_i; for cosine the
    mean of their directions, (1/m) sum x_i / |x_i|, so that a long vector has no louder voice.
    """
    if isinstance(wanted, np.ndarray):
        vector = np.asarray(wanted, dtype=np.float64)
        if vector.shape != (space.dimensions,):
            raise ExplorerError(
                f"A vector needs the {space.dimensions:,} dimensions of {space.name}; "
                f"got {' x '.join(map(str, vector.shape)) or 'a single number'}."
            )
        return vector
    vectors = space.vectors[item_rows(space, wanted)].astype(np.float64)
    if get_metric(metric).name == "cosine" and len(vectors) > 1:
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors /= np.where(lengths > 0, lengths, 1)
    mean: NDArray[np.float64] = vectors.mean(axis=0)
    return mean


def item_rows(space: EmbeddingSpace, items: str | Sequence[str]) -> list[int]:
    """The rows of one or several named items, each once, in the order named."""
    names = [items] if isinstance(items, str) else list(items)
    if not names:
        raise ExplorerError("Name at least one item, or give a vector.")
    return list(dict.fromkeys(space.row(name) for name in names))
