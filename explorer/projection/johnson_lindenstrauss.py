"""The Johnson-Lindenstrauss lemma held against a space: what is promised, and what is measured.

For n points and 0 < epsilon < 1, a random projection to

    m >= 4 ln n / (epsilon^2 / 2 - epsilon^3 / 3)

dimensions, however many there were, keeps the squared distance of a given pair within a factor
1 +- epsilon but for a chance of

    2 exp(-m / 2 (epsilon^2 / 2 - epsilon^3 / 3)) <= 2 / n^2

(Dasgupta & Gupta, An elementary proof of a theorem of Johnson and Lindenstrauss, Random Structures
& Algorithms 22, 2003; for +-1 and sparse entries Achlioptas, J. of Computer and System Sciences 66,
2003). What is measured is the ratio |y_a - y_b|^2 / |x_a - x_b|^2 of pairs; of a Gaussian
projection it is distributed as chi-squared with m degrees of freedom, divided by m, whatever x.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.errors import ExplorerError

Float64Array = NDArray[np.float64]


def johnson_lindenstrauss_dimensions(n: int, epsilon: float) -> int:
    """m(n, epsilon): how many dimensions keep squared distances of n vectors within 1 +- epsilon.

    ceil(4 ln n / (epsilon^2 / 2 - epsilon^3 / 3)), whatever d. n = 1,000 and epsilon = 0.5: 332.
    """
    if n < 1:
        raise ExplorerError(f"n must be at least 1; got {n:,}.")
    if not 0 < epsilon < 1:
        raise ExplorerError(f"epsilon must lie between 0 and 1; got {epsilon:g}.")
    return math.ceil(4 * math.log(n) / _exponent(epsilon))


def johnson_lindenstrauss_epsilon(n: int, dimensions: int) -> float:
    """epsilon(n, m): the smallest distortion promised at m dimensions; NaN where none is.

    With c = 4 ln n / m it is the root of epsilon^2 / 2 - epsilon^3 / 3 = c between 0 and 1,

        epsilon = 1/2 + cos((2 pi - arccos(1 - 12 c)) / 3),

    and there is one only for c < 1/6, m > 24 ln n: from 166 dimensions for 1,000 vectors.
    """
    if n < 1 or dimensions < 1:
        raise ExplorerError(f"n and dimensions must be at least 1; got {n:,} and {dimensions:,}.")
    c = 4 * math.log(n) / dimensions
    if c >= 1 / 6:
        return math.nan
    return 0.5 + math.cos((2 * math.pi - math.acos(1 - 12 * c)) / 3)


def pairs_at_risk(dimensions: int, epsilon: float) -> float:
    """The share of pairs that may leave 1 +- epsilon at m dimensions: at most this, 0 to 1."""
    if not 0 < epsilon < 1:
        raise ExplorerError(f"epsilon must lie between 0 and 1; got {epsilon:g}.")
    return min(1.0, 2 * math.exp(-dimensions / 2 * _exponent(epsilon)))


def ratio_density(ratios: ArrayLike, dimensions: int) -> Float64Array:
    """The density of a Gaussian projection's ratios: chi-squared with m degrees, divided by m."""
    x, half = np.asarray(ratios, dtype=np.float64), dimensions / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = half * math.log(half) - math.lgamma(half) + (half - 1) * np.log(x) - half * x
    density: Float64Array = np.where(x > 0, np.exp(logs), 0.0)
    return density


def _exponent(epsilon: float) -> float:
    return epsilon**2 / 2 - epsilon**3 / 3
