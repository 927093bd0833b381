"""Vectors of complex numbers, kept as real ones: the first half real parts, the second imaginary.

So the dot product of two such rows is Re <x, conj(y)>, which is all that ComplEx needs of it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.floating[Any]]


def product(x: Rows, y: Rows) -> Rows:
    """Number by number: (a + bi)(c + di) = (ac - bd) + (ad + bc)i.

    product([1, 2], [3, 4]) -> [-5, 10], for (1 + 2i)(3 + 4i) = -5 + 10i
    """
    a, b = np.split(x, 2, axis=-1)
    c, d = np.split(y, 2, axis=-1)
    return np.concatenate([a * c - b * d, a * d + b * c], axis=-1)


def conjugate(x: Rows) -> Rows:
    """a + bi -> a - bi."""
    a, b = np.split(x, 2, axis=-1)
    return np.concatenate([a, -b], axis=-1)


def moduli(x: Rows) -> Rows:
    """|a + bi|, twice: for the real and for the imaginary half."""
    a, b = np.split(x, 2, axis=-1)
    lengths = np.sqrt(a * a + b * b)
    return np.concatenate([lengths, lengths], axis=-1)
