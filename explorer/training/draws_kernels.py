"""The random numbers of `draws`, one at a time, for use inside Numba kernels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.kernel_cache import njit
from explorer.training import draws

GOLDEN = np.uint64(draws.GOLDEN)
FIRST_FACTOR, SECOND_FACTOR = np.uint64(draws.FIRST_FACTOR), np.uint64(draws.SECOND_FACTOR)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def scrambled(value: Any) -> Any:
    """`draws.scrambled_int` of a uint64."""
    value = value + GOLDEN
    value = (value ^ (value >> np.uint64(30))) * FIRST_FACTOR
    value = (value ^ (value >> np.uint64(27))) * SECOND_FACTOR
    return value ^ (value >> np.uint64(31))


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def whole_number(key: np.uint64, counter: int, below: int) -> int:
    """The number that `draws.whole_numbers` gives for this counter."""
    value = scrambled(np.uint64(counter) * GOLDEN + key)
    return np.int64(((value >> np.uint64(32)) * np.uint64(below)) >> np.uint64(32))  # type: ignore[return-value]


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def draw_outside(
    key: np.uint64,
    numbers: NDArray[np.int64],
    group: NDArray[np.int32],
    starts: NDArray[np.int64],
    members: NDArray[np.int32],
    below: int,
    tries: int,
) -> NDArray[np.int32]:
    drawn = np.full(group.shape[0], -1, dtype=np.int32)
    for s in range(group.shape[0]):
        end = starts[group[s] + 1]
        for attempt in range(tries):
            candidate = whole_number(key, numbers[s] * tries + attempt, below)
            low, high = starts[group[s]], end
            while low < high:  # the first member that is not smaller
                middle = (low + high) // 2
                if members[middle] < candidate:
                    low = middle + 1
                else:
                    high = middle
            if low == end or members[low] != candidate:
                drawn[s] = candidate
                break
    return drawn
