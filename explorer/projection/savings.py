"""What fewer dimensions save in memory and time, measured."""

from __future__ import annotations

from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from explorer.neighbors.exact import nearest_neighbors
from explorer.projection.random_projection import Kind, random_projection

QUERIES = 10  # searches that are timed
NEAREST = 10


class Savings(NamedTuple):
    """What fewer dimensions save, measured on this machine.

    bytes_before, bytes_after : of float32 vectors
    projection_seconds : to project them all, once
    search_before, search_after : seconds of one exact search for 10 neighbours
    """

    bytes_before: int
    bytes_after: int
    projection_seconds: float
    search_before: float
    search_after: float


def measured_savings(
    vectors: NDArray[Any], dimensions: int, *, kind: Kind = "gaussian", seed: int = 1
) -> Savings:
    """Project n vectors to m dimensions and search in both: the mean of ten searches each."""
    n, d = vectors.shape
    started = perf_counter()
    projected = random_projection(vectors, dimensions, kind=kind, seed=seed)
    seconds = perf_counter() - started
    return Savings(
        4 * n * d, 4 * n * dimensions, seconds, _search_seconds(vectors), _search_seconds(projected)
    )


def _search_seconds(vectors: NDArray[Any]) -> float:
    n = len(vectors)
    asked = np.linspace(0, n - 1, QUERIES).astype(np.int64)
    nearest_neighbors(vectors, vectors[0], min(NEAREST, n), metric="euclidean")  # warm
    started = perf_counter()
    for row in asked:
        nearest_neighbors(vectors, vectors[row], min(NEAREST, n), metric="euclidean")
    return (perf_counter() - started) / QUERIES
