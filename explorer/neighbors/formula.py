"""The score of single pairs of vectors, in float64, the same bits wherever they are computed.

Each row is summed by itself in NumPy's fixed pairwise order, never by BLAS, whose order depends on
the machine, its threads and the shape of the call. So equal rows tie exactly, and a score does not
depend on which other rows were looked at.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError
from explorer.metrics import COSINE, METRICS, Metric

Float64Array = NDArray[np.float64]

PAIRS_AT_ONCE = 1 << 19  # numbers in one float64 temporary: 4 MB


def pair_scores(x: Float64Array, y: Float64Array, metric: Metric) -> Float64Array:
    """(m, d), (m, d) -> (m,) float64: the score of x[i] and y[i] in the metric's own unit.

    y may have one row, which is then compared with every row of x.

    cosine : x.y / sqrt(x.x y.y), exactly 1 for equal vectors, 0 where either is zero
    dot : x.y
    euclidean : sqrt(sum (x - y)^2), from the differences: no cancellation when near
    manhattan : sum |x - y|
    angular : the arc cosine of the cosine, in degrees
    """
    if metric.name == "dot":
        return _row_sums(x * y)
    if metric.name == "euclidean":
        difference = x - y
        return np.sqrt(_row_sums(difference * difference))
    if metric.name == "manhattan":
        return _row_sums(np.abs(x - y))
    if metric.name == "angular":
        return np.degrees(np.arccos(pair_scores(x, y, COSINE)))
    if metric.name == "cosine":
        squares = _row_sums(x * x) * _row_sums(y * y)
        cosines = _row_sums(x * y) / np.sqrt(np.where(squares > 0, squares, 1))
        return np.clip(np.where(squares > 0, cosines, 0.0), -1, 1)
    raise ExplorerError(f"Neighbours are found by {', '.join(METRICS)}; got {metric.name!r}.")


def gathered_scores(
    vectors: NDArray[Any],
    rows: NDArray[np.int64],
    others: NDArray[Any],
    other_rows: NDArray[np.int64] | None,
    metric: Metric,
) -> Float64Array:
    """(m,) scores of vectors[rows[i]] and others[other_rows[i]], a few megabytes at a time.

    other_rows : None where `others` is one row, which is compared with all
    """
    scores = np.empty(len(rows))
    step = max(1, PAIRS_AT_ONCE // vectors.shape[1])
    for start in range(0, len(rows), step):
        part = slice(start, start + step)
        x = vectors[rows[part]].astype(np.float64)
        y = (others if other_rows is None else others[other_rows[part]]).astype(np.float64)
        scores[part] = pair_scores(x, y, metric)
    return scores


def _row_sums(products: Float64Array) -> Float64Array:
    sums: Float64Array = np.add.reduce(np.ascontiguousarray(products), axis=1)
    return sums
