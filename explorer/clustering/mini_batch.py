"""A quick preview of k-means: rounds on a sample, then all rows to their nearest centre."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.clustering.kmeans import Clustering, OnProgress, Stop, k_means
from explorer.clustering.kmeans_reference import nearest_centers

SAMPLE = 10_000


def mini_batch_k_means(
    vectors: NDArray[Any],
    k: int,
    *,
    spherical: bool = False,
    seed: int = 0,
    threads: int | None = None,
    progress: OnProgress | None = None,
    stop: Stop | None = None,
) -> Clustering:
    """Divide (n, d) vectors into k clusters, by rounds on a sample; the arguments of `k_means`."""
    n = len(vectors)
    chosen = np.random.default_rng(seed).choice(n, min(n, max(SAMPLE, k)), replace=False)
    found = k_means(
        vectors[np.sort(chosen)], k, spherical=spherical, seed=seed, tolerance=1e-3,
        max_iterations=30, threads=threads, progress=progress, stop=stop,
    )  # fmt: skip
    rows = np.asarray(vectors, dtype=np.float64)
    if spherical:
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        rows = rows / np.where(norms > 0, norms, 1)
    labels, squares = nearest_centers(rows, found.centers)
    inertia = float(squares.sum())
    return Clustering(
        labels, found.centers, inertia, found.iterations, found.converged, (inertia,), seed,
        f"preview: {found.method}, on a sample of {len(chosen):,}",
    )  # fmt: skip
