"""On which side of its point a name stands, so that names and points hide each other least."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

SIDES = {  # of Plotly, the most usual first: across, up
    "top center": (0, 1), "middle right": (1, 0), "bottom center": (0, -1), "middle left": (-1, 0),
    "top right": (1, 1), "top left": (-1, 1), "bottom right": (1, -1), "bottom left": (-1, -1),
}  # fmt: skip
WIDE, HIGH = 0.55, 1.2  # a letter, as a share of the size of its font
MARGIN = 0.16  # of the extent of the points, on each side
USUAL = 0.02  # of a name may be hidden before it leaves the more usual side for the next

Boxes = NDArray[np.float64]  # (m, 4) left, right, lower and upper end, in pixels


def sides(
    points: ArrayLike, names: Sequence[str], *, room: tuple[float, float], font: float = 12,
    marker: float = 12, unnamed: ArrayLike = (), square: bool = False,
) -> list[str]:  # fmt: skip
    """Plotly's `textposition` of each name; the first names choose first.

    points, unnamed : (m, 2), (o, 2) places, on the axes as they are drawn (logarithms, if so)
    room : width and height of the plot in pixels, about
    font, marker : sizes in pixels
    square : one unit is as long on both axes
    """
    places = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    others = np.asarray(unnamed, dtype=np.float64).reshape(-1, 2)
    scale = _scale(np.concatenate([places, others]), room, square=square)
    return sides_in_pixels(places * scale, names, font=font, marker=marker, unnamed=others * scale)


def sides_in_pixels(
    pixels: ArrayLike, names: Sequence[str], *, font: float = 12, marker: float = 12,
    unnamed: ArrayLike = (), frame: tuple[float, float, float, float] | None = None,
) -> list[str]:  # fmt: skip
    """The same for places in pixels, upwards; `frame`, its left, right, lower and upper end, holds
    the names if it can.
    """
    places = np.asarray(pixels, dtype=np.float64).reshape(-1, 2)
    marked = np.concatenate([places, np.asarray(unnamed, dtype=np.float64).reshape(-1, 2)])
    ends = np.array([-0.5, 0.5])
    taken = np.column_stack([marked[:, :1] + marker * ends, marked[:, 1:] + marker * ends])
    directions = np.array(list(SIDES.values()))
    chosen = []
    for name, place in zip(names, places, strict=True):
        size = np.array([WIDE * font * max(len(name), 1), HIGH * font])
        at = place + directions * (size + marker) / 2
        boxes = np.column_stack([at[:, :1] + size[0] * ends, at[:, 1:] + size[1] * ends])
        hidden = _overlap(boxes, taken).sum(axis=1) / size.prod()
        if frame is not None:
            hidden += 1 - _overlap(boxes, np.array([frame]))[:, 0] / size.prod()
        best = int(np.argmin(hidden + USUAL * np.arange(len(SIDES))))
        chosen.append(list(SIDES)[best])
        taken = np.vstack([taken, boxes[best]])
    return chosen


def _scale(points: NDArray[np.float64], room: tuple[float, float], *, square: bool) -> Boxes:
    """Pixels a unit, across and up."""
    extent = np.ptp(points, axis=0) if len(points) else np.zeros(2)
    if square:
        extent[:] = extent.max(initial=0)
    extent[extent <= 0] = 1
    scale: Boxes = np.array(room) / (extent * (1 + 2 * MARGIN))
    return np.full(2, scale.min()) if square else scale


def _overlap(some: Boxes, others: Boxes) -> NDArray[np.float64]:
    """(m, o) pixels that two boxes share."""
    shared = [
        np.minimum(some[:, None, end], others[:, end])
        - np.maximum(some[:, None, end - 1], others[:, end - 1])
        for end in (1, 3)
    ]
    across, up = np.maximum(shared, 0)
    area: NDArray[np.float64] = across * up
    return area
