"""The k best rows of each query: the result of one block, and its associative merge."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from explorer.metrics import Metric
from explorer.neighbors.formula import Float64Array

IntArray = NDArray[np.int64]


class Best(NamedTuple):
    """The best k rows of a block for each query, nearest first, ties by row number.

    Where fewer than k were found the rest is row -1 with the worst possible score.
    """

    rows: IntArray  # (q, k)
    scores: Float64Array  # (q, k), in the metric's own unit


def no_rows(q: int, k: int, metric: Metric) -> Best:
    """The result before anything was looked at; what `merge_best` may start from."""
    worst = -np.inf if metric.larger_is_nearer else np.inf
    return Best(np.full((q, k), -1, dtype=np.int64), np.full((q, k), worst))


def merge_best(one: Best, other: Best, k: int, metric: Metric) -> Best:
    """The best k of two results whose rows are numbered alike: associative, in any order."""
    rows = np.concatenate([one.rows, other.rows], axis=1)
    scores = np.concatenate([one.scores, other.scores], axis=1)
    order = np.lexsort((rows, ascending(scores, metric)), axis=1)[:, :k]
    return Best(np.take_along_axis(rows, order, 1), np.take_along_axis(scores, order, 1))


def ascending(scores: Float64Array, metric: Metric) -> Float64Array:
    """Smaller is nearer, without rounding."""
    return -scores if metric.larger_is_nearer else scores


def place_in_group(groups: IntArray) -> IntArray:
    """For sorted group numbers, each entry's place within its group: [3, 3, 5] -> [0, 1, 0]."""
    return np.arange(len(groups)) - np.searchsorted(groups, groups)
