"""Millions of names in little memory: one string of bytes instead of a Python object each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray

BLOCK = 1 << 15  # names hashed at a time


class PackedNames(Sequence[str]):
    """n names as UTF-8, each followed by a zero byte, and where each begins. Never changes.

    joined : b"king\\0queen\\0"
    starts : (n + 1,) int64, [0, 5, 11]; the last is the length of `joined`

    A name takes its own length and 9 bytes; as a `str` in a tuple it takes some 70.
    """

    def __init__(self, joined: bytes, starts: NDArray[np.int64]) -> None:
        self.joined, self.starts = joined, starts

    @classmethod
    def pack(cls, names: Sequence[str]) -> PackedNames:
        """PackedNames.pack(["a", "bc"]).joined -> b"a\\0bc\\0"."""
        encoded = [name.encode("utf-8", "surrogatepass") for name in names]
        starts = np.zeros(len(encoded) + 1, dtype=np.int64)
        np.cumsum([len(name) + 1 for name in encoded], out=starts[1:])
        return cls(b"".join(name + b"\0" for name in encoded), starts)

    def __len__(self) -> int:
        return len(self.starts) - 1

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> tuple[str, ...]: ...
    def __getitem__(self, row: int | slice) -> str | tuple[str, ...]:
        if isinstance(row, slice):
            return tuple(self[i] for i in range(*row.indices(len(self))))
        at = range(len(self))[row]  # counts from the end, and checks the range
        name = self.joined[self.starts[at] : self.starts[at + 1] - 1]
        return name.decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        names = self.joined.decode("utf-8", "surrogatepass").split("\0")
        if len(names) == len(self) + 1:  # no name holds a zero byte itself
            del names[-1]
            return iter(names)
        return (self[row] for row in range(len(self)))

    @property
    def lengths(self) -> NDArray[np.int64]:
        """(n,) bytes of each name."""
        return np.diff(self.starts) - 1

    def are_distinct(self) -> bool:
        """True when no two names are equal: their hashes are sorted and compared."""
        hashes = self._hashes()
        hashes.sort()
        if not (hashes[1:] == hashes[:-1]).any():
            return True
        return len(set(self)) == len(self)

    def _hashes(self) -> NDArray[np.uint64]:
        """(n,) a 64-bit hash of each name, a block of names at a time to need little memory."""
        hashes = np.empty(len(self), dtype=np.uint64)
        for first in range(0, len(self), BLOCK):
            starts = self.starts[first : first + BLOCK + 1]
            hashes[first : first + BLOCK] = _hash_block(self.joined, starts)
        return hashes


def _hash_block(joined: bytes, starts: NDArray[np.int64]) -> NDArray[np.uint64]:
    """The hashes of some names, taken in eight bytes at a time for all of them at once."""
    text = joined[starts[0] : starts[-1]] + bytes(8)
    words = np.ndarray(len(text) - 7, "<u8", buffer=text, strides=(1,))
    mask = np.array([(1 << 8 * size) - 1 for size in range(9)], dtype=np.uint64)
    hashes = np.zeros(len(starts) - 1, dtype=np.uint64)
    rows, at, left = np.arange(len(hashes)), starts[:-1] - starts[0], np.diff(starts)
    while len(rows):
        mixed = hashes[rows] ^ (words[at] & mask[np.minimum(left, 8)])
        mixed *= np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio: Knuth, TAOCP 6.4
        hashes[rows] = mixed ^ (mixed >> np.uint64(32))
        longer = left > 8
        rows, at, left = rows[longer], at[longer] + 8, left[longer] - 8
    return hashes
