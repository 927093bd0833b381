"""A point between two items: on the straight line, or on the arc from direction to direction."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from explorer.analogies.analogy import unit_rows
from explorer.errors import ExplorerError
from explorer.space import EmbeddingSpace

Float64Array = NDArray[np.float64]


def between(
    space: EmbeddingSpace,
    one: str,
    other: str,
    share: float = 0.5,
    *,
    path: Literal["line", "arc"] = "line",
) -> Float64Array:
    """(d,) the point a share of the way from one item to another: 0 is the one, 1 the other.

    line : (1 - t) x + t y, of the vectors as they are
    arc : (sin((1 - t) w) x + sin(t w) y) / sin w of the directions x, y at an angle w, which keeps
        to length 1 (Shoemake, Animating rotation with quaternion curves, SIGGRAPH 1985); no arc
        joins opposite directions
    """
    if not 0 <= share <= 1:
        raise ExplorerError(f"The share of the way goes from 0 to 1; got {share:g}.")
    x, y = (space.vector(item).astype(np.float64) for item in (one, other))
    if path == "line":
        point: Float64Array = (1 - share) * x + share * y
        return point
    x, y = unit_rows(np.stack([x, y]))
    angle = float(np.arccos(np.clip(x @ y, -1, 1)))
    if angle < 1e-6:
        start: Float64Array = x
        return start
    if np.pi - angle < 1e-6:
        raise ExplorerError(
            f"{one!r} and {other!r} point in opposite directions: no arc is shorter."
        )
    arc: Float64Array = (np.sin((1 - share) * angle) * x + np.sin(share * angle) * y) / np.sin(
        angle
    )
    return arc
