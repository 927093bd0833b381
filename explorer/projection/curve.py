"""How near two points of a UMAP map count: a smooth curve with a flat top of width `min_dist`.

    q(x) = 1 / (1 + a x^(2b))   ~   1 where x < min_dist, else exp(-(x - min_dist) / spread)

a and b are fitted by least squares at 300 distances up to three times the spread (McInnes, Healy &
Melville 2018, arXiv:1802.03426, 4.2; umap-learn's `find_ab_params` fits the same points).
"""

from __future__ import annotations

import numpy as np

from explorer.errors import ExplorerError

POINTS = 300
ROUNDS = 200
SMALLEST_STEP = 1e-10


def fit_curve(min_dist: float = 0.1, spread: float = 1.0) -> tuple[float, float]:
    """The a and b of a minimum distance (0 to spread) and a spread (above 0).

    fit_curve(0.1, 1.0) -> (1.577, 0.895)
    """
    if not 0 <= min_dist <= spread or spread <= 0:
        raise ExplorerError(
            f"The minimum distance must be from 0 to the spread, and the spread above 0; got "
            f"{min_dist:g} and {spread:g}."
        )
    distances = np.linspace(0, 3 * spread, POINTS)
    wanted = np.where(distances < min_dist, 1.0, np.exp(-(distances - min_dist) / spread))
    x, wanted = distances[1:] / spread, wanted[1:]  # at 0 every curve is 1
    logs = np.log(x)

    def curve(fitted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """q(x), and a x^(2b), for (log a, b)."""
        bulk = np.exp(fitted[0] + 2 * fitted[1] * logs)
        return 1 / (1 + bulk), bulk

    fitted, damping = np.array([0.0, 1.0]), 1e-3
    q, bulk = curve(fitted)
    for _ in range(ROUNDS):  # Levenberg & Marquardt
        slope = -np.square(q) * bulk  # of q by log a
        jacobian = np.stack([slope, 2 * logs * slope], axis=1)
        normal, gradient = jacobian.T @ jacobian, jacobian.T @ (wanted - q)
        step = np.linalg.solve(normal + damping * np.diag(np.diag(normal)), gradient)
        tried, tried_bulk = curve(fitted + step)
        if np.square(wanted - tried).sum() <= np.square(wanted - q).sum():
            fitted, q, bulk, damping = fitted + step, tried, tried_bulk, damping / 10
            if np.abs(step).max() < SMALLEST_STEP:
                break
        else:
            damping *= 10
    b = float(fitted[1])
    return float(np.exp(fitted[0])) / spread ** (2 * b), b
