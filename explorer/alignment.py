"""Turning one cloud of points onto another: what is left to see is change, not rotation.

Orthogonal Procrustes (Schönemann 1966): of all rotations and reflections Q the one with the
smallest |A Q - B|, found from the singular value decomposition A^T B = U S V^T as Q = U V^T.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError


def procrustes_rotation(points: NDArray[Any], target: NDArray[Any]) -> NDArray[np.float64]:
    """(n, d), (n, d) -> (d, d) orthogonal Q that brings `points` Q nearest to `target`.

    Both are taken as centred. [[0, 1]], [[1, 0]] -> a Q with [0, 1] Q = [1, 0].
    """
    if points.shape != target.shape:
        raise ExplorerError(
            f"Both clouds need the same points; got {points.shape} and {target.shape}."
        )
    left, _, right = np.linalg.svd(points.astype(np.float64).T @ target.astype(np.float64))
    rotation: NDArray[np.float64] = left @ right
    return rotation


def unit_spread(points: NDArray[Any]) -> NDArray[np.float64]:
    """Points centred and scaled to a root mean square distance of 1 from their middle."""
    wide = points.astype(np.float64)
    centred: NDArray[np.float64] = wide - wide.mean(axis=0)
    spread = float(np.sqrt((centred**2).sum(axis=1).mean()))
    return centred / spread if spread > 0 else centred


def aligned(points: NDArray[Any], target: NDArray[Any] | None) -> NDArray[np.float64]:
    """Points at unit spread, turned onto `target`, which is at unit spread already.

    Neither scale nor place nor turning of a map means anything; so frames of a training are shown
    with these three taken out, and what moves is what was learned.
    """
    points = unit_spread(points)
    if target is None:
        return points
    turned: NDArray[np.float64] = points @ procrustes_rotation(points, target)
    return turned
