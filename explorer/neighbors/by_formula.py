"""The k nearest rows of one block by the formula alone, for metrics that no matrix product gives.

Every row is scored in float64, a few megabytes at a time, and the k best are kept: the plainest
exact search there is, and what `block.py` must agree with.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.blocks import row_blocks
from explorer.metrics import Metric
from explorer.neighbors.best import Best, IntArray, no_rows
from explorer.neighbors.formula import PAIRS_AT_ONCE, Float64Array, pair_scores
from explorer.neighbors.queries import Queries


def formula_scores(block: NDArray[Any], query: Float64Array, metric: Metric) -> Float64Array:
    """(b, d), (d,) -> (b,) scores of every row, in float64 by the formula."""
    scores = np.empty(len(block))
    for rows in row_blocks(len(block), block.shape[1], block_bytes=4 * PAIRS_AT_ONCE):
        scores[rows] = pair_scores(block[rows].astype(np.float64), query[None], metric)
    return scores


def best_by_formula(
    block: NDArray[Any],
    norms: NDArray[Any],
    queries: Queries,
    k: int,
    metric: Metric,
    *,
    left_out: tuple[IntArray, IntArray] | None = None,
    floor: Float64Array | None = None,
) -> Best:
    """The same answer as `best_of_block`, which see; `norms` and `floor` are not needed here.

    Cost: O(q b d), some 1 ns a number; memory 4 MB.
    """
    best = no_rows(len(queries.exact), k, metric)
    for number, query in enumerate(queries.exact):
        scores = formula_scores(block, query, metric)
        order = -scores if metric.larger_is_nearer else scores  # smaller is nearer
        allowed = np.ones(len(block), dtype=bool)
        if left_out is not None:
            allowed[left_out[1][left_out[0] == number]] = False
        rows = np.flatnonzero(allowed)
        if len(rows) > k:  # those that reach the k-th best: k, and more where there are ties
            reach = np.partition(order[rows], k - 1)[k - 1]
            rows = rows[order[rows] <= reach]
        rows = rows[np.lexsort((rows, order[rows]))][:k]
        best.rows[number, : len(rows)] = rows
        best.scores[number, : len(rows)] = scores[rows]
    return best
