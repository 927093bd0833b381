"""Points without clusters, spread where the data lie: what any score of clusters must beat."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from explorer.space import FloatArray


def uniform_reference(
    vectors: ArrayLike, *, seed: int = 0, unit_length: bool = False
) -> FloatArray:
    """As many points, uniform in the smallest box along the principal axes that holds the data.

    vectors : (n, d)
    unit_length : the data lie on the sphere, so the points are brought to length 1 too

    The second reference of Tibshirani, Walther & Hastie (2001): a box along the coordinate axes
    would be far too wide for data that stretch along a diagonal. O(n d² + d³).
    """
    points = np.asarray(vectors, dtype=np.float64)
    middle = points.mean(axis=0)
    centred = points - middle
    _, axes = np.linalg.eigh(centred.T @ centred)
    turned = centred @ axes
    rng = np.random.default_rng(seed)
    drawn = rng.uniform(turned.min(axis=0), turned.max(axis=0), size=points.shape)
    spread = drawn @ axes.T + middle
    if unit_length:
        norms = np.linalg.norm(spread, axis=1, keepdims=True)
        spread /= np.where(norms > 0, norms, 1)
    reference: FloatArray = spread.astype(np.float32)
    return reference
