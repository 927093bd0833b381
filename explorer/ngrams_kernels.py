"""The n-grams of a whole vocabulary, and the means of their rows, at memory speed (Numba)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.kernel_cache import njit

Bytes = NDArray[np.uint8]
OPEN, CLOSE = np.uint8(ord("<")), np.uint8(ord(">"))
FNV_START, FNV_PRIME = np.uint32(2166136261), np.uint32(16777619)


@njit(cache=True, nogil=True, inline="always")  # type: ignore[untyped-decorator]
def _continues(byte: np.uint8) -> bool:
    """True for a byte inside a UTF-8 character."""
    return bool((byte & 0xC0) == 0x80)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def find_pieces(
    names: Bytes,
    name_starts: NDArray[np.int64],
    shortest: int,
    longest: int,
    buckets: int,
    without: int,
    starts: NDArray[np.int64],
    rows: NDArray[np.int32],
) -> None:
    """names, name_starts : as PackedNames has them; without : a word that has no n-grams, or -1

    Fills `starts`, and `rows` unless it is empty.
    """
    n = name_starts.shape[0] - 1
    fill = rows.shape[0] > 0
    marked = np.empty(2 + np.diff(name_starts).max(), np.uint8)
    count = 0
    for word in range(n):
        if fill:
            rows[count] = word
        count += 1
        length = name_starts[word + 1] - 1 - name_starts[word]
        marked[0] = OPEN
        marked[1 : length + 1] = names[name_starts[word] : name_starts[word] + length]
        marked[length + 1] = CLOSE
        length = 0 if word == without else length + 2
        for start in range(length):
            if _continues(marked[start]):
                continue
            code = FNV_START
            end = start
            characters = 1
            while end < length and characters <= longest:
                while True:  # all bytes of one character
                    byte = np.uint32(marked[end])
                    if byte >= np.uint32(128):
                        byte |= np.uint32(0xFFFFFF00)
                    code = np.uint32((code ^ byte) * FNV_PRIME)
                    end += 1
                    if end == length or not _continues(marked[end]):
                        break
                edge = start == 0 or end == length
                if characters >= shortest and not (characters == 1 and edge):
                    if fill:
                        rows[count] = np.int32(n + np.int64(code) % buckets)
                    count += 1
                characters += 1
        starts[word + 1] = count


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def mean_of_pieces(
    matrix: NDArray[np.float32],
    rows: NDArray[np.int32],
    starts: NDArray[np.int64],
    means: NDArray[np.float32],
) -> None:
    """means[w] = the mean of matrix[rows[starts[w]:starts[w + 1]]]."""
    total = np.empty(matrix.shape[1], np.float64)
    for word in range(means.shape[0]):
        total[:] = 0
        for at in range(starts[word], starts[word + 1]):
            row = rows[at]
            for c in range(total.shape[0]):
                total[c] += matrix[row, c]
        part = 1.0 / (starts[word + 1] - starts[word])
        for c in range(total.shape[0]):
            means[word, c] = np.float32(total[c] * part)
