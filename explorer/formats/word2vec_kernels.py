"""Entries "name numbers" of a word2vec binary file (Numba); the Python twins are in `word2vec`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.formats.text_kernels import pack_names
from explorer.kernel_cache import njit

__all__ = ["copy_vectors", "find_entries", "pack_names"]

Bytes = NDArray[np.uint8]
Positions = NDArray[np.int64]
NEWLINE, SPACE = 10, 32


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def find_entries(
    data: Bytes, end: int, vector_bytes: int, starts: Positions, ends: Positions
) -> tuple[int, int]:
    """The whole entries in data[:end]: how many, and where the next, cut one begins.

    starts, ends : filled with where each name lies; its numbers follow one space later
    """
    at, count = 0, 0
    while count < starts.shape[0]:
        start = at
        while start < end and data[start] == NEWLINE:
            start += 1
        name_end = start
        while name_end < end and data[name_end] != SPACE:
            name_end += 1
        following = name_end + 1 + vector_bytes
        if following > end:
            break
        starts[count], ends[count] = start, name_end
        count += 1
        at = following
    return count, at


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def copy_vectors(data: Bytes, ends: Positions, vectors: Bytes) -> None:
    """The bytes of each vector, which begin one space after each name, into (n, 4d) `vectors`."""
    for r in range(vectors.shape[0]):
        first = ends[r] + 1
        vectors[r] = data[first : first + vectors.shape[1]]
