"""k-means one step at a time, for a lesson: seeding, then assign and update by turns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from explorer.clustering.kmeans_reference import mean_centers, nearest_centers, seed_centers
from explorer.errors import ExplorerError


class Step(NamedTuple):
    """What k-means has after one step.

    kind : "seeding" (a centre was added), "assign" (labels changed) or "update" (centres moved)
    labels : (n,) int32, the cluster of each row
    centers : (k, d) float32; while seeding, those there are so far
    objective : sum of squared distances between rows and the centres of their clusters
    """

    kind: Literal["seeding", "assign", "update"]
    labels: NDArray[np.int32]
    centers: NDArray[np.float32]
    objective: float


def k_means_steps(
    vectors: NDArray[Any],
    k: int,
    *,
    spherical: bool = False,
    seed: int = 0,
    max_iterations: int = 100,
) -> Iterator[Step]:
    """Every step of k-means on (n, d) vectors, until no label changes."""
    n = len(vectors)
    if not 1 <= k <= n:
        raise ExplorerError(f"k must be from 1 to {n:,} for {n:,} vectors; got {k:,}.")
    rows = np.asarray(vectors, dtype=np.float64)
    if spherical:
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        rows = rows / np.where(norms > 0, norms, 1)
    chosen = seed_centers(rows, k, np.random.default_rng(seed))
    if len(chosen) < k:
        raise ExplorerError(
            f"k must be at most the number of distinct vectors, {len(chosen):,}; got {k:,}."
        )
    return _steps(rows, rows[chosen], spherical, max_iterations)


def _steps(
    rows: NDArray[Any], centers: NDArray[Any], spherical: bool, max_iterations: int
) -> Iterator[Step]:
    for count in range(1, len(centers) + 1):
        labels, squares = nearest_centers(rows, centers[:count])
        yield Step("seeding", labels, centers[:count].astype(np.float32), float(squares.sum()))
    for _ in range(max_iterations):
        yield Step("assign", labels, centers.astype(np.float32), float(squares.sum()))
        centers = mean_centers(rows, labels, squares, centers, spherical=spherical)
        objective = float(np.square(rows - centers[labels]).sum())
        yield Step("update", labels, centers.astype(np.float32), objective)
        before = labels
        labels, squares = nearest_centers(rows, centers)
        if (labels == before).all():
            return
