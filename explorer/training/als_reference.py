"""One half sweep of implicit ALS in plain NumPy: the one to read, and what runs without Numba."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from explorer.space import FloatArray

RowSolver = Callable[..., float]


def solve_rows(
    starts: NDArray[np.int64],
    others: NDArray[np.int32],
    extra: FloatArray,
    fixed: FloatArray,
    gram: NDArray[np.float64],
    regularization: float,
    solved: FloatArray,
    first: int,
    last: int,
) -> float:
    """Solve rows first to last - 1 of `solved` in place; their summed loss.

    starts, others, extra : row r met others[starts[r]:starts[r + 1]], counted 1 + extra
    fixed : (m, d) the other side's vectors; gram : (d, d) fixed.T @ fixed

    A row's loss at its minimum x, its own regularisation with it, is sum c - x . b.
    """
    loss = 0.0
    for row in range(first, last):
        met = slice(starts[row], starts[row + 1])
        Y, weight = fixed[others[met]].astype(np.float64), extra[met].astype(np.float64)
        A = gram + Y.T @ (weight[:, None] * Y) + regularization * np.eye(len(gram))
        b = (1 + weight) @ Y
        x = np.linalg.solve(A, b)
        solved[row] = x
        loss += float((1 + weight).sum() - x @ b)
    return loss
