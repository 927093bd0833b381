"""How many points lie where, as a small picture to lay under a sample of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.space import FloatArray


def density(
    coordinates: FloatArray,
    view: tuple[float, float, float, float],
    shape: tuple[int, int] = (240, 320),
) -> NDArray[np.uint8]:
    """Counts of the points in (x0, x1, y0, y1) on a grid, as log levels 0 to 255; row 0 is the top.

    255 is the fullest cell: level = 255 log(1 + count) / log(1 + fullest).
    """
    height, width = shape
    x0, x1, y0, y1 = view
    across = (coordinates[:, 0] - np.float32(x0)) * np.float32(width / (x1 - x0))
    down = (np.float32(y1) - coordinates[:, 1]) * np.float32(height / (y1 - y0))
    inside = (across >= 0) & (across < width) & (down >= 0) & (down < height)
    cells = down[inside].astype(np.int64) * width + across[inside].astype(np.int64)
    counts = np.bincount(cells, minlength=height * width).reshape(shape)
    heights: NDArray[np.float64] = np.log1p(counts)
    levels: NDArray[np.uint8] = (heights * (255 / max(heights.max(), 1e-12))).astype(np.uint8)
    return levels
