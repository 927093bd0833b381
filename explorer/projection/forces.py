"""The two forces of UMAP's layout: joined points pull each other, all others push.

The cross-entropy of the graph's strengths w and the map's q = 1 / (1 + a d^(2b)) falls fastest when
point i moves by (McInnes, Healy & Melville 2018, arXiv:1802.03426, 4.2)

    pull   -2ab d^(2b-2) / (1 + a d^(2b))  (y_i - y_j)              for an edge
    push   2b / ((0.001 + d^2) (1 + a d^(2b)))  (y_i - y_k)         for an item drawn at random

each coordinate of a move held between -4 and 4.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

CLIP = 4.0
SOFT = 0.001  # keeps the push finite where two points meet
MANTISSA_BITS = 7
FIRST_EXPONENT = -34  # of the table's first squared distance
TABLE = 64 << MANTISSA_BITS  # 64 octaves, each of 128 steps: within 0.8 % of the formula


def pull(squares: NDArray[Any], a: float, b: float) -> NDArray[np.float64]:
    """The factor of y_i - y_j for an edge, by the squared distance (above 0); never positive."""
    squares = np.asarray(squares, dtype=np.float64)
    bulk = a * squares**b
    factors: NDArray[np.float64] = -2 * b * bulk / (squares * (1 + bulk))
    return factors


def push(squares: NDArray[Any], a: float, b: float) -> NDArray[np.float64]:
    """The factor of y_i - y_k for a drawn item, by the squared distance; never negative."""
    squares = np.asarray(squares, dtype=np.float64)
    factors: NDArray[np.float64] = 2 * b / ((SOFT + squares) * (1 + a * squares**b))
    return factors


def force_table(force: Any, a: float, b: float) -> NDArray[np.float32]:
    """(TABLE,) a force at squared distances 2^-34 … 2^30, one for each 7 bits of mantissa.

    The place of a float32 in it is its upper 16 bits less those of 2^-34: no power and no logarithm
    is computed while points move. A cell holds the force at its middle.
    """
    first = (FIRST_EXPONENT + 127) << MANTISSA_BITS
    upper = np.arange(first, first + TABLE, dtype=np.uint32)
    middles = ((upper << np.uint32(16)) + np.uint32(1 << 15)).view(np.float32)
    values: NDArray[np.float32] = force(middles, a, b).astype(np.float32)
    return values
