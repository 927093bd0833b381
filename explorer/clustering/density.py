"""Clusters where items lie densely, and noise between them: HDBSCAN, by the package scikit-learn.

The spanning tree of mutual reachability is grown here (spanning_tree.py), because in hundreds of
dimensions that is nearly all of the work; scikit-learn's HDBSCAN is handed the tree as a matrix of
distances, condenses it and picks the clusters (Campello, Moulavi & Sander 2013; McInnes, Healy &
Astels 2017).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.clustering.groups import largest_first
from explorer.clustering.spanning_tree import spanning_tree
from explorer.errors import ExplorerError, LimitError

OnProgress = Callable[[float], None]

MOST_ITEMS = 200_000  # the tree costs O(n² d)
LEAST_DISTANCE = 1e-12  # duplicates: a matrix that holds few distances takes a 0 for none


@dataclass(frozen=True, eq=False)
class Density:
    """Clusters by density.

    labels : (n,) int32, the largest cluster first; -1 is noise
    strengths : (n,) from 0 (noise) to 1 (the densest of its cluster)
    method : how it was made, for a status line
    """

    labels: NDArray[np.int32]
    strengths: NDArray[np.float32]
    method: str

    @property
    def noise(self) -> float:
        """The share of items in no cluster."""
        return float((self.labels < 0).mean())


def hdbscan(
    vectors: ArrayLike,
    *,
    min_cluster_size: int = 25,
    min_samples: int = 5,
    on_progress: OnProgress | None = None,
) -> Density:
    """Clusters of (n, d) vectors by Euclidean distance; no number of clusters is asked for.

    min_cluster_size : groups of fewer items are noise, or a part of a larger cluster
    min_samples : how many near items, itself counted, make an item dense; more: more noise
    on_progress : called with the share done; what it raises stops the work

    For clusters by cosine give vectors of length 1. Cost: O(n² d) time, O(n) memory.
    """
    points = np.asarray(vectors, dtype=np.float32)
    n = len(points)
    if n > MOST_ITEMS:
        raise LimitError(
            f"HDBSCAN compares all pairs, so it takes at most {MOST_ITEMS:,} items; got {n:,}. "
            "Use k-means, or open a part of the space."
        )
    if not 2 <= min_cluster_size <= n:
        raise ExplorerError(
            f"min_cluster_size must be from 2 to {n:,} for {n:,} items; got {min_cluster_size:,}."
        )
    tree = spanning_tree(points, min_samples, on_progress=on_progress)

    from scipy.sparse import coo_array
    from sklearn.cluster import HDBSCAN

    lengths = np.maximum(tree.lengths, LEAST_DISTANCE)
    ends = np.concatenate([tree.rows, tree.parents]), np.concatenate([tree.parents, tree.rows])
    distances = coo_array((np.tile(lengths, 2), ends), shape=(n, n)).tocsr()
    # Of a matrix that holds the tree alone, with m = 1, the tree is what it was.
    model = HDBSCAN(min_cluster_size, min_samples=1, metric="precomputed", copy=False)
    model.fit(distances)
    return Density(
        largest_first(model.labels_),
        np.asarray(model.probabilities_, dtype=np.float32),
        f"HDBSCAN, at least {min_cluster_size:,} items a cluster, {min_samples:,} for a core",
    )
