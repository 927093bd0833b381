"""The words of a text numbered in the order they first come, a piece of text at a time."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray


class Numbered(NamedTuple):
    """ids : (m,) int32, the number of each word of a piece
    lines : (l,) int64, how many words of the piece had come at the end of each of its lines
    """

    ids: NDArray[np.int32]
    lines: NDArray[np.int64]


class WordNumbers(Protocol):
    """Gives a word the same number whenever it comes."""

    def number(self, text: bytes) -> Numbered:
        """The words of a piece that ends between words; parted by bytes up to 32."""
        ...

    def words(self) -> list[str]:
        """Every word so far; word i has number i."""
        ...


def word_numbers() -> WordNumbers:
    """The fast one, or the plain one where Numba is not installed."""
    try:
        from explorer.training import corpus_kernels
    except ImportError:
        return PlainWordNumbers()
    return HashedWordNumbers(corpus_kernels)


class PlainWordNumbers:
    """A dictionary: the reference for the hash table."""

    def __init__(self) -> None:
        self._number: dict[str, int] = {}

    def number(self, text: bytes) -> Numbered:
        number = self._number
        ids: list[int] = []
        lines: list[int] = []
        *ended, rest = text.decode().split("\n")
        for line in ended:
            ids += [number.setdefault(word, len(number)) for word in _ascii_split(line)]
            lines.append(len(ids))
        ids += [number.setdefault(word, len(number)) for word in _ascii_split(rest)]
        return Numbered(np.array(ids, dtype=np.int32), np.array(lines, dtype=np.int64))

    def words(self) -> list[str]:
        return list(self._number)


_CONTROLS = dict.fromkeys(range(33), " ")


def _ascii_split(line: str) -> list[str]:
    return [word for word in line.translate(_CONTROLS).split(" ") if word]


class HashedWordNumbers:
    """An open-addressing hash table over the bytes, in arrays that double when they are full."""

    def __init__(self, kernels: Any) -> None:
        self._kernels = kernels
        self._known = 0
        self._slots = np.full(1 << 17, -1, dtype=np.int32)
        self._hashes = np.empty(1 << 16, dtype=np.uint32)
        self._starts = np.zeros((1 << 16) + 1, dtype=np.int64)
        self._names = np.empty(1 << 20, dtype=np.uint8)

    def number(self, text: bytes) -> Numbered:
        data = np.frombuffer(text, dtype=np.uint8)
        ids = np.empty(len(text) // 2 + 1, dtype=np.int32)
        lines = np.empty(text.count(b"\n"), dtype=np.int64)
        at = count = ended = 0
        while True:
            at, self._known, more, more_ended = self._kernels.number_words(
                data,
                at,
                self._slots,
                self._hashes,
                self._starts,
                self._names,
                self._known,
                ids[count:],
                lines[ended:],
            )
            lines[ended : ended + more_ended] += count
            count, ended = count + more, ended + more_ended
            if at == len(data):
                return Numbered(ids[:count], lines)
            self._grow(len(text))

    def _grow(self, longest: int) -> None:
        """Twice the room for words, and room for the longest that can come."""
        self._hashes = np.resize(self._hashes, 2 * len(self._hashes))
        self._starts = np.resize(self._starts, 2 * len(self._hashes) + 1)
        used = int(self._starts[self._known])
        self._names = np.resize(self._names, max(2 * len(self._names), used + longest))
        self._slots = np.empty(2 * len(self._slots), dtype=np.int32)
        self._kernels.fill_slots(self._hashes[: self._known], self._slots)

    def words(self) -> list[str]:
        joined = self._names.tobytes()
        starts = self._starts[: self._known + 1].tolist()
        return [joined[a:b].decode() for a, b in pairwise(starts)]
