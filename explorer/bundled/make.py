"""Make the files in data/ again: `python -m explorer.bundled.make` (a minute or two).

Each bundled space's PCA and UMAP maps, kept under the digest of its vectors.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import numpy as np

from explorer.bundled import digits, small_world
from explorer.bundled.stored_maps import write_maps
from explorer.space import EmbeddingSpace, FloatArray, StoredMap

NEIGHBORS = 15
MINIMUM_DISTANCE = 0.1
SEED = 1


def make_maps(space: EmbeddingSpace, file: Path, metric: str) -> None:
    """PCA, and UMAP of the distances by `metric`, written to `file`."""
    write_maps(file, space.digest, {"PCA": _pca(space), "UMAP": _umap(space, metric)})


def _pca(space: EmbeddingSpace) -> StoredMap:
    centred = space.vectors.astype(np.float64) - space.vectors.mean(axis=0, dtype=np.float64)
    values, axes = np.linalg.eigh(centred.T @ centred)  # ascending
    largest = axes[:, [-1, -2]]
    largest *= np.sign(largest[np.abs(largest).argmax(axis=0), [0, 1]])  # largest entry positive
    shares = values[[-1, -2]] / values.sum()
    note = f"principal components 1 and 2: {shares[0]:.1%} and {shares[1]:.1%} of the variance"
    return StoredMap((centred @ largest).astype(np.float32), note)


def _umap(space: EmbeddingSpace, metric: str) -> StoredMap:
    from umap import UMAP  # seconds to import

    fitted = UMAP(
        n_neighbors=NEIGHBORS, min_dist=MINIMUM_DISTANCE, metric=metric, random_state=SEED, n_jobs=1
    )
    coordinates: FloatArray = fitted.fit_transform(space.vectors).astype(np.float32)
    note = (
        f"umap-learn {version('umap-learn')}, {NEIGHBORS} neighbours, "
        f"minimum distance {MINIMUM_DISTANCE}, {metric} distance, seed {SEED}"
    )
    return StoredMap(coordinates, note)


if __name__ == "__main__":
    make_maps(digits.open_digits(), digits.MAPS, "euclidean")
    make_maps(small_world.open_small_world(), small_world.MAPS, "cosine")
