"""Which points of a large map are drawn: a sample in which every rare category is seen."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.space import FloatArray, IntArray

MOST_DRAWN = 100_000  # above this many in view, a density picture lies under a sample
SAMPLE = 50_000


def in_view(coordinates: FloatArray, view: tuple[float, float, float, float]) -> IntArray:
    """Rows of the points inside (x0, x1, y0, y1)."""
    x0, x1, y0, y1 = view
    x, y = coordinates[:, 0], coordinates[:, 1]
    return np.flatnonzero((x >= x0) & (x <= x1) & (y >= y0) & (y <= y1))


def stratified_sample(
    rows: IntArray, codes: NDArray[Any] | None, size: int, *, seed: int = 0
) -> IntArray:
    """`size` of `rows`, sorted, each category with a fair share and the rare ones whole.

    codes : the category of each of `rows`, or None for a plain sample
    The share: proportional, but never below size / (2 * categories) while members last; what the
    floors take is taken from the large categories in proportion.
    """
    if len(rows) <= size:
        return rows
    rng = np.random.default_rng(seed)
    if codes is None:
        return np.sort(rng.choice(rows, size, replace=False))
    counts = np.bincount(codes)
    present = int(np.count_nonzero(counts))
    floor = np.minimum(counts, max(1, size // (2 * present)))
    spare = counts - floor
    rate = (size - int(floor.sum())) / max(1, int(spare.sum()))
    share = floor + np.floor(spare * rate).astype(np.int64)
    order = rng.permutation(len(rows))
    order = order[np.argsort(codes[order], kind="stable")]  # by category, random inside each
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    place = np.arange(len(rows)) - np.repeat(starts, counts)  # place within its own category
    return np.sort(rows[order[place < np.repeat(share, counts)]])
