"""Where k-means draws its borders: the edges of the Voronoi cells of centres on a plane."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.errors import ExplorerError

Float64Array = NDArray[np.float64]
Bounds = tuple[float, float, float, float]

MOST_CENTERS = 60  # every pair is held against every centre
PARALLEL = 1e-12


def voronoi_edges(centers: ArrayLike, bounds: Bounds) -> Float64Array:
    """(e, 2, 2) line segments between neighbouring cells, cut at the frame.

    centers : (k, 2); of equal ones the first counts
    bounds : (x0, x1, y0, y1)

    A border lies on the perpendicular bisector of two centres, p(t) = m + t u, where no third
    centre is nearer: |p - a|² <= |p - c|² is linear in t, so each centre and each side of the frame
    cuts the line once, and what is left is an interval. O(k³).
    """
    points = np.asarray(centers, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 2 or len(points) > MOST_CENTERS:
        raise ExplorerError(
            f"Borders are drawn of at most {MOST_CENTERS} centres on a plane; got {points.shape}."
        )
    _, first = np.unique(points, axis=0, return_index=True)
    points = points[np.sort(first)]
    edges = []
    for a, b in combinations(range(len(points)), 2):
        middle = (points[a] + points[b]) / 2
        along = points[b] - points[a]
        direction = np.array([-along[1], along[0]])
        others = np.delete(points, [a, b], axis=0)
        # 2 (c - a) . p <= |c|² - |a|² for every other centre c; then the four sides
        normals = np.concatenate([2 * (others - points[a]), [[-1, 0], [1, 0], [0, -1], [0, 1]]])
        limits = np.concatenate(
            [(others**2).sum(axis=1) - (points[a] ** 2).sum(), np.multiply(bounds, [-1, 1, -1, 1])]
        )
        span = _interval(normals @ direction, limits - normals @ middle)
        if span is not None:
            edges.append([middle + span[0] * direction, middle + span[1] * direction])
    return np.array(edges, dtype=np.float64).reshape(-1, 2, 2)


def _interval(slopes: Float64Array, limits: Float64Array) -> tuple[float, float] | None:
    """The t with slope t <= limit for all; None where there is none, or a single one."""
    flat = np.abs(slopes) < PARALLEL
    if (limits[flat] < -PARALLEL).any():
        return None
    cuts = limits[~flat] / slopes[~flat]
    rising = slopes[~flat] > 0
    low = float(cuts[~rising].max(initial=-np.inf))
    high = float(cuts[rising].min(initial=np.inf))
    return (low, high) if high - low > PARALLEL else None
