"""Words of a text to their numbers at memory speed (Numba): a hash table over bytes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.kernel_cache import njit

Bytes = NDArray[np.uint8]
SPACE, NEWLINE = 32, 10
FNV_START, FNV_PRIME = 2166136261, 16777619  # Fowler, Noll & Vo, 32 bits


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def number_words(
    text: Bytes,
    at: int,
    slots: NDArray[np.int32],
    hashes: NDArray[np.uint32],
    starts: NDArray[np.int64],
    names: Bytes,
    known: int,
    ids: NDArray[np.int32],
    lines: NDArray[np.int64],
) -> tuple[int, int, int, int]:
    """Read words from text[at:] until its end or until a table is full.

    text : words parted by bytes up to 32; a newline ends a line; the last byte is one of these
    slots : open addressing, a power of two: a word's number, or -1 where free
    hashes, starts, names : of the `known` words: hash, where its bytes begin, the bytes themselves
    ids : to be filled with the words' numbers; new words get the next number
    lines : to be filled with how many words had come at the end of each line

    Returns where reading stopped, and how many words are known, ids and lines filled now.
    """
    mask = np.uint32(slots.shape[0] - 1)
    count = 0
    ended = 0
    n = text.shape[0]
    most = min(slots.shape[0] // 2, hashes.shape[0], starts.shape[0] - 1)
    while at < n:
        byte = text[at]
        if byte <= SPACE:
            if byte == NEWLINE:
                lines[ended] = count
                ended += 1
            at += 1
            continue
        end = at
        code = np.uint32(FNV_START)
        while end < n and text[end] > SPACE:
            code = np.uint32((code ^ np.uint32(text[end])) * np.uint32(FNV_PRIME))
            end += 1
        length = end - at
        slot = np.uint32(code ^ (code >> np.uint32(15))) & mask
        word = slots[slot]
        while word >= 0:
            start = starts[word]
            if hashes[word] == code and starts[word + 1] - start == length:
                same = True
                for i in range(length):
                    if names[start + i] != text[at + i]:
                        same = False
                        break
                if same:
                    break
            slot = np.uint32(slot + np.uint32(1)) & mask
            word = slots[slot]
        if word < 0:
            start = starts[known]
            if known >= most or start + length > names.shape[0]:
                break
            for i in range(length):
                names[start + i] = text[at + i]
            starts[known + 1] = start + length
            hashes[known] = code
            slots[slot] = known
            word = known
            known += 1
        ids[count] = word
        count += 1
        at = end
    return at, known, count, ended


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def fill_slots(hashes: NDArray[np.uint32], slots: NDArray[np.int32]) -> None:
    """Enter every word anew, after `slots` has grown."""
    mask = np.uint32(slots.shape[0] - 1)
    slots[:] = -1
    for word in range(hashes.shape[0]):
        code = hashes[word]
        slot = np.uint32(code ^ (code >> np.uint32(15))) & mask
        while slots[slot] >= 0:
            slot = np.uint32(slot + np.uint32(1)) & mask
        slots[slot] = word
