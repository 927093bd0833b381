"""Window counts and their smoothed logarithms, compiled; see cooccurrence.py for what they mean.

One row of the matrix is made at a time, from all places where its word stands. Its sums lie in an
accumulator of one number for each word, which stays in the processor's cache, so no cell of the
matrix is ever fetched from memory to be added to; and rows do not share anything, so threads need
neither locks nor a merge, and their number does not change a bit of the result.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.kernel_cache import njit

ONE, SIX = np.uint64(1), np.uint64(6)
DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)  # its 6-bit windows differ: a power of two times it,
PLACE_OF_BIT = np.zeros(64, dtype=np.int32)  # … shifted right by 58, tells which power it was
for _bit in range(64):
    PLACE_OF_BIT[(int(DE_BRUIJN) << _bit) % (1 << 64) >> 58] = _bit


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def places_of_words(
    text: NDArray[np.int32], starts: NDArray[np.int64], places: NDArray[np.int32]
) -> None:
    """An index of the text: places[starts[w] : starts[w + 1]] is where word w stands, in order."""
    free = starts.copy()
    for at in range(text.shape[0]):
        word = text[at]
        if word >= 0:
            places[free[word]] = at
            free[word] += 1


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def count_rows(
    text: NDArray[np.int32],
    starts: NDArray[np.int64],
    places: NDArray[np.int32],
    weights: NDArray[np.float64],
    first: int,
    last: int,
    columns: NDArray[np.int32],
    counts: NDArray[np.float32],
    lengths: NDArray[np.int64],
) -> int:
    """Rows `first` to `last` - 1 of the matrix, one behind the other, columns ascending.

    text : word numbers, with -1 before the first sentence, between sentences and after the last
    weights : of distance 1, 2, …
    columns, counts : long enough for every row's bound, 2 x window x its word's occurrences
    lengths : (last - first,) how many cells each row got
    Returns the cells of all of them.
    """
    words = starts.shape[0] - 1
    window = weights.shape[0]
    sums = np.zeros(words, dtype=np.float64)
    met = np.zeros(words // 64 + 1, dtype=np.uint64)  # one bit a word: which sums are not 0
    total = 0
    for word in range(first, last):
        for number in range(starts[word], starts[word + 1]):
            for side in (-1, 1):
                at = np.int64(places[number])
                for step in range(window):
                    at += side
                    other = text[np.uint64(at)]  # unsigned: no test for counting from the end
                    if other < 0:
                        break
                    column = np.uint64(other)
                    met[column >> SIX] |= ONE << (column & np.uint64(63))
                    sums[column] += weights[step]
        row = total
        for block in range(met.shape[0]):
            bits = met[block]
            while bits != 0:
                lowest = bits & (~bits + ONE)
                other = 64 * block + PLACE_OF_BIT[(lowest * DE_BRUIJN) >> np.uint64(58)]
                columns[total] = other
                counts[total] = sums[other]
                sums[other] = 0
                total += 1
                bits ^= lowest
            met[block] = 0
        lengths[word - first] = total - row
    return total
