"""What a score is held against: a layout without any meaning, and the plainest map there is."""

from __future__ import annotations

import numpy as np

from explorer.projection.pca import pca
from explorer.space import FloatArray

RANDOM, PCA_MAP = "Random layout", "PCA"


def random_layout(n: int, dimensions: int = 2, seed: int = 0) -> FloatArray:
    """(n, dimensions) normal coordinates that know nothing of the items."""
    return np.random.default_rng(seed).standard_normal((n, dimensions), dtype=np.float32)


def baseline_maps(vectors: FloatArray, dimensions: int = 2, seed: int = 0) -> dict[str, FloatArray]:
    """A random layout and the first principal components, by the names RANDOM and PCA_MAP.

    A space with fewer vectors or dimensions than asked for gives PCA the columns there are.
    """
    components = min(dimensions, *np.shape(vectors))
    return {
        RANDOM: random_layout(len(vectors), dimensions, seed),
        PCA_MAP: pca(vectors, components).coordinates,
    }
