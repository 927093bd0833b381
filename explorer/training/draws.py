"""Random numbers that depend on a seed and a counter alone: example 7 draws the same in any slice.

SplitMix64 (Steele, Lea & Flood, Fast splittable pseudorandom number generators, OOPSLA 2014): the
counter times an odd constant, scrambled. `draws_kernels` draws the same numbers in Numba.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

GOLDEN = 0x9E3779B97F4A7C15  # 2^64 / golden ratio, odd
FIRST_FACTOR, SECOND_FACTOR = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
WORD = (1 << 64) - 1


def stream(seed: int, number: int = 0) -> np.uint64:
    """The key of one of a seed's streams of random numbers."""
    return np.uint64(scrambled_int(scrambled_int(seed & WORD) + number & WORD))


def scrambled_int(value: int) -> int:
    """SplitMix64's scrambling of one 64-bit number."""
    value = value + GOLDEN & WORD
    value = (value ^ value >> 30) * FIRST_FACTOR & WORD
    value = (value ^ value >> 27) * SECOND_FACTOR & WORD
    return value ^ value >> 31


def scrambled(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """`scrambled_int` of each number."""
    values = values + np.uint64(GOLDEN)
    values = (values ^ values >> np.uint64(30)) * np.uint64(FIRST_FACTOR)
    values = (values ^ values >> np.uint64(27)) * np.uint64(SECOND_FACTOR)
    return values ^ values >> np.uint64(31)


def whole_numbers(key: np.uint64, counters: NDArray[Any], below: int) -> NDArray[np.int64]:
    """A number from 0 to below - 1 for each counter, each equally likely (to one in 2^32).

    below : at most 2^32; the upper half of the bits, multiplied, takes the place of a division
    """
    random = scrambled(counters.astype(np.uint64) * np.uint64(GOLDEN) + key)
    return ((random >> np.uint64(32)) * np.uint64(below) >> np.uint64(32)).astype(np.int64)


def draw_outside(
    key: np.uint64,
    numbers: NDArray[np.int64],
    group: NDArray[Any],
    starts: NDArray[np.int64],
    members: NDArray[np.int32],
    below: int,
    tries: int,
) -> NDArray[np.int32]:
    """(m,) a number from 0 to below - 1 that is not in each one's group, drawn evenly.

    numbers : (m,) of the draws; with the key they settle the result
    group : (m,) group g holds members[starts[g]:starts[g + 1]], in rising order

    -1 after `tries` draws in vain: the group may hold all there are. `draws_kernels` has the same
    in Numba.
    """
    drawn = np.full(len(group), -1, dtype=np.int32)
    for at, (number, g) in enumerate(zip(numbers.tolist(), group.tolist(), strict=True)):
        candidates = whole_numbers(key, number * tries + np.arange(tries), below)
        new = candidates[~np.isin(candidates, members[starts[g] : starts[g + 1]])]
        if len(new):
            drawn[at] = new[0]
    return drawn


def outside_drawer() -> Callable[..., NDArray[np.int32]]:
    """Numba's `draw_outside` where it is installed."""
    try:
        from explorer.training import draws_kernels
    except ImportError:
        return draw_outside
    fast: Callable[..., NDArray[np.int32]] = draws_kernels.draw_outside
    return fast
