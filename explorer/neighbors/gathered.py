"""The rows that may be among the k best, gathered by a scan, and a second look at them.

A scan knows each row's ranking score between a low and a high end. Rows whose high end does not
reach the k-th best low end cannot be among the k nearest; the few others are scored by the formula
(`formula.py`), so that the answer is the formula's, bit for bit. A query with more such rows than
there is room for is handed back.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from explorer.metrics import Metric
from explorer.neighbors.best import Best, ascending
from explorer.neighbors.candidates import KINDS
from explorer.neighbors.formula import gathered_scores
from explorer.neighbors.queries import Queries

FloatArray = NDArray[np.float32]
MOST_K = 1000  # beyond, the best low ends take too long to keep in order
ALL = np.empty(0, dtype=np.bool_)  # rows may be found
NONE = np.empty(0, dtype=np.int64)  # is left out
SURE = 2  # times k rows are all scored by the formula; of more, those that a quick look leaves


class Found(NamedTuple):
    """What m scans gather: lows (m, k), rows and highs (m, capacity; NaN: none), counts (m,)."""

    lows: FloatArray
    rows: NDArray[np.int64]
    highs: FloatArray
    counts: NDArray[np.int64]

    @staticmethod
    def empty(m: int, k: int, capacity: int) -> Found:
        lows, highs = (np.empty((m, many), dtype=np.float32) for many in (k, capacity))
        lows.fill(-np.inf)
        highs.fill(np.nan)
        rows = np.empty((m, capacity), dtype=np.int64)
        return Found(lows, rows, highs, np.zeros(m, dtype=np.int64))

    def together(self, scans: slice = slice(None)) -> NDArray[np.int64] | None:
        """What scans of different rows for one query leave; None where one had too little room."""
        if min(self.counts[scans].tolist()) < 0:
            return None
        lows = self.lows[scans].flatten()
        lows.sort()
        found: NDArray[np.int64] = self.rows[scans][self.highs[scans] >= lows[-self.lows.shape[1]]]
        return found


def best_of_gathered(
    vectors: NDArray[Any], rows: NDArray[np.int64] | None, query: Queries, k: int, metric: Metric
) -> Best | None:
    """The k nearest of the gathered rows to one query; None where fewer were gathered."""
    if rows is None or len(rows) < k:
        return None
    if len(rows) > SURE * k:
        from explorer.neighbors.gathered_kernels import nearly_best

        kind, length = KINDS[metric.name], float(query.norms[0])
        rows = rows[: nearly_best(vectors, rows, query.scaled[0], length, kind, k)]
    scores = gathered_scores(vectors, rows, query.exact, None, metric)
    order = np.lexsort((rows, ascending(scores, metric)))[:k]
    return Best(rows[order][None], scores[order][None])
