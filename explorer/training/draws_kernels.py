"""The random numbers of `draws`, one at a time, for use inside Numba kernels."""

from __future__ import annotations

import numpy as np
from numba import njit

from explorer.training import draws

GOLDEN = np.uint64(draws.GOLDEN)
FIRST_FACTOR, SECOND_FACTOR = np.uint64(draws.FIRST_FACTOR), np.uint64(draws.SECOND_FACTOR)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def whole_number(key: np.uint64, counter: int, below: int) -> int:
    """The number that `draws.whole_numbers` gives for this counter."""
    value = np.uint64(counter) * GOLDEN + key + GOLDEN
    value = (value ^ (value >> np.uint64(30))) * FIRST_FACTOR
    value = (value ^ (value >> np.uint64(27))) * SECOND_FACTOR
    value = value ^ (value >> np.uint64(31))
    return np.int64(((value >> np.uint64(32)) * np.uint64(below)) >> np.uint64(32))  # type: ignore[return-value]
