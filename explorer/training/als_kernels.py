"""One half sweep of implicit ALS in Numba; `als_reference` says what it does."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from explorer.kernel_cache import njit
from explorer.space import FloatArray

Float64Array = NDArray[np.float64]
ANY_ORDER = {"reassoc", "contract"}  # of sums, so that they fill the vector units; NaN stays NaN


@njit(cache=True, nogil=True, fastmath=ANY_ORDER)  # type: ignore[untyped-decorator]
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
    d = gram.shape[0]
    A = np.empty((d, d))
    b, x = np.empty(d), np.empty(d)
    loss = 0.0
    for row in range(first, last):
        if starts[row] == starts[row + 1]:
            for i in range(d):
                solved[row, i] = 0
            continue
        for i in range(d):
            b[i] = 0
            for j in range(i + 1):  # the lower triangle is enough
                A[i, j] = gram[i, j]
        total = 0.0
        for at in range(starts[row], starts[row + 1]):
            other, weight = others[at], float(extra[at])
            total += 1 + weight
            for i in range(d):
                scaled = weight * fixed[other, i]
                b[i] += (1 + weight) * fixed[other, i]
                for j in range(i + 1):
                    A[i, j] += scaled * fixed[other, j]
        for i in range(d):
            A[i, i] += regularization
        _cholesky_solve(A, b, x)
        for i in range(d):
            solved[row, i] = x[i]
            total -= x[i] * b[i]
        loss += total
    return loss


@njit(cache=True, nogil=True, fastmath=ANY_ORDER)  # type: ignore[untyped-decorator]
def _cholesky_solve(A: Float64Array, b: Float64Array, x: Float64Array) -> None:
    """x = A^-1 b for a positive definite A, whose lower triangle becomes L, where A = L L'."""
    d = A.shape[0]
    for i in range(d):
        for j in range(i + 1):
            total = A[i, j]
            for k in range(j):
                total -= A[i, k] * A[j, k]
            A[i, j] = total / A[j, j] if i > j else math.sqrt(total)
    for i in range(d):  # L z = b
        total = b[i]
        for k in range(i):
            total -= A[i, k] * x[k]
        x[i] = total / A[i, i]
    for i in range(d - 1, -1, -1):  # L' x = z
        total = x[i]
        for k in range(i + 1, d):
            total -= A[k, i] * x[k]
        x[i] = total / A[i, i]
