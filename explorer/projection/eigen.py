"""The largest eigenvalues of a symmetric matrix, without computing the others where it is large."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float64Array = NDArray[np.float64]

DENSE = 600  # up to this size all eigenvalues take less time than an iteration
STEPS = 8  # blocks in a Krylov basis before it is started anew
SPARE = 8  # vectors carried beyond those asked for: they speed the last ones up
RESTARTS = 40
TOLERANCE = 1e-9  # length of (A v - lambda v), relative to the largest eigenvalue


def largest_eigenpairs(matrix: Float64Array, count: int) -> tuple[Float64Array, Float64Array]:
    """(m, m) symmetric, positive semidefinite -> (count,) eigenvalues, (m, count) vectors.

    Largest first. Small matrices are solved in full; large ones by block Krylov iteration with
    restarts (Golub & Van Loan, Matrix Computations, 4th ed. 2013, 10.3), and in full should that
    not converge. The random start is fixed, so the same matrix gives the same vectors.
    """
    if len(matrix) > max(DENSE, 2 * STEPS * (count + SPARE)):
        found = _block_krylov(matrix, count)
        if found is not None:
            return found
    values, vectors = np.linalg.eigh(matrix)
    return values[::-1][:count], vectors[:, ::-1][:, :count]


def _block_krylov(matrix: Float64Array, count: int) -> tuple[Float64Array, Float64Array] | None:
    width = count + SPARE
    start = np.random.default_rng(0).standard_normal((len(matrix), width))
    for _ in range(RESTARTS):
        basis = np.linalg.qr(start)[0]
        images = matrix @ basis
        for _ in range(STEPS - 1):
            ahead = images[:, -width:]
            for _ in range(2):  # twice is enough to be orthogonal to rounding
                ahead = ahead - basis @ (basis.T @ ahead)
            ahead = np.linalg.qr(ahead)[0]
            basis = np.hstack([basis, ahead])
            images = np.hstack([images, matrix @ ahead])
        inner = basis.T @ images
        values, rotation = np.linalg.eigh((inner + inner.T) / 2)
        values, rotation = values[::-1][:width], rotation[:, ::-1][:, :width]
        start = basis @ rotation
        wanted = slice(0, count)
        rest = images @ rotation[:, wanted] - start[:, wanted] * values[wanted]
        if np.linalg.norm(rest, axis=0).max() <= TOLERANCE * max(values[0], 0.0):
            return values[wanted], start[:, wanted]
    return None
