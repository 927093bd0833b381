"""Which points lie inside a polygon that was drawn on the map."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from explorer.space import FloatArray, IntArray


def inside_polygon(coordinates: FloatArray, polygon: Sequence[Sequence[float]]) -> IntArray:
    """Rows of the points inside, by the even-odd rule (crossings of a ray to the right).

    Points outside the polygon's bounding box are left out first, in one pass.
    """
    corners = np.asarray(polygon, dtype=np.float64)
    if corners.ndim != 2 or corners.shape[1] != 2 or len(corners) < 3:
        return np.empty(0, dtype=np.int64)
    (x_low, y_low), (x_high, y_high) = corners.min(axis=0), corners.max(axis=0)
    x, y = coordinates[:, 0], coordinates[:, 1]
    rows = np.flatnonzero((x >= x_low) & (x <= x_high) & (y >= y_low) & (y <= y_high))
    x, y = x[rows].astype(np.float64), y[rows].astype(np.float64)
    inside = np.zeros(len(rows), dtype=bool)
    for (x1, y1), (x2, y2) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        spans = (y1 > y) != (y2 > y)
        if y1 != y2:
            inside ^= spans & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    return rows[inside]
