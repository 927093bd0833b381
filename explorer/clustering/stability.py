"""Does the same come out again? Clusterings compared over seeds and over resampled items.

Clusters that are in the data are found from any start and in any sample; those that k-means has to
invent differ each time. The score is the adjusted Rand index, 0 for chance, 1 for the same again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.blocks import row_blocks
from explorer.clustering.agreement import adjusted_rand_index, confusion
from explorer.clustering.kmeans import Clustering

Labels = NDArray[np.integer[Any]]
Cluster = Callable[[NDArray[np.float32], int], Clustering]


def agreement_of_all(labelings: Sequence[Labels]) -> list[float]:
    """The adjusted Rand index of every two clusterings of the same items."""
    return [
        adjusted_rand_index(confusion(first, second))
        for first, second in combinations(labelings, 2)
    ]


def over_seeds(vectors: ArrayLike, cluster: Cluster, seeds: Sequence[int]) -> Iterator[Labels]:
    """The clusters of the same vectors from each seed, one at a time.

    cluster : of (vectors, seed), such as `lambda x, seed: k_means(x, 8, seed=seed)`
    """
    points = np.asarray(vectors, dtype=np.float32)
    for seed in seeds:
        yield cluster(points, seed).labels


def over_bootstrap(
    vectors: ArrayLike, cluster: Cluster, draws: int, *, seed: int = 0
) -> Iterator[Labels]:
    """The clusters of n items drawn with replacement, `draws` times, one at a time.

    Every item, drawn or not, is given to the nearest centre, so that two draws can be compared
    on all items (Hennig, Cluster-wise assessment of cluster stability, 2007).
    """
    points = np.asarray(vectors, dtype=np.float32)
    for draw in range(draws):
        rng = np.random.default_rng([seed, draw])
        rows = np.sort(rng.integers(len(points), size=len(points)))
        yield nearest_center(points, cluster(points[rows], seed + draw).centers)


def nearest_center(vectors: ArrayLike, centers: ArrayLike) -> NDArray[np.int64]:
    """(n,) the number of the centre nearest to each vector, ties to the lower number."""
    points, middles = np.asarray(vectors, np.float32), np.asarray(centers, np.float32)
    halves = np.einsum("ij,ij->i", middles, middles) / 2
    nearest = np.empty(len(points), dtype=np.int64)
    for rows in row_blocks(len(points), len(middles)):
        nearest[rows] = (points[rows] @ middles.T - halves).argmax(axis=1)
    return nearest
