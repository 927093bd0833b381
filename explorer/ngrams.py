"""Character n-grams of words and the buckets they are hashed to, exactly as fastText does.

    where, n-grams of 3 characters: <wh whe her ere re>

The word stands between < and >. An n-gram's row is its hash modulo the number of buckets; several
n-grams share a row. Bojanowski, Grave, Joulin & Mikolov, TACL 2017; FNV-1a by Fowler, Noll & Vo,
with fastText's slip, that bytes from 128 on count as negative, kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from explorer.packed_names import PackedNames

FNV_START, FNV_PRIME = 2166136261, 16777619
ALL_BITS = 0xFFFFFFFF
END_OF_SENTENCE = "</s>"  # fastText's own word for it, which has no n-grams


def fnv_hash(text: bytes) -> int:
    """32 bits: fnv_hash(b"") -> 2166136261."""
    value = FNV_START
    for byte in text:
        value ^= byte if byte < 128 else byte | 0xFFFFFF00  # a signed byte, widened
        value = value * FNV_PRIME & ALL_BITS
    return value


def ngrams(word: str, shortest: int, longest: int) -> list[str]:
    """ngrams("as", 3, 4) -> ["<as", "<as>", "as>"]; a lone < or > is none."""
    marked = f"<{word}>"
    found = []
    for start in range(len(marked)):
        for length in range(shortest, longest + 1):
            end = start + length
            if end > len(marked) or length < 1:
                continue
            if length == 1 and (start == 0 or end == len(marked)):
                continue
            found.append(marked[start:end])
    return found


def ngram_buckets(word: str, shortest: int, longest: int, buckets: int) -> list[tuple[str, int]]:
    """Each n-gram of a word with its bucket, from 0 to buckets - 1."""
    return [
        (ngram, fnv_hash(ngram.encode("utf-8", "surrogatepass")) % buckets)
        for ngram in ngrams(word, shortest, longest)
    ]


class Pieces(NamedTuple):
    """The rows of which each word is made: word w of rows[starts[w]:starts[w + 1]]."""

    rows: NDArray[np.int32]
    starts: NDArray[np.int64]


def word_pieces(words: Sequence[str], shortest: int, longest: int, buckets: int) -> Pieces:
    """For each of V words its own row, w, and those of its n-grams, V + bucket."""
    kernels = _kernels()
    if kernels is None or buckets == 0:
        return _word_pieces(words, shortest, longest, buckets)
    packed = words if isinstance(words, PackedNames) else PackedNames.pack(words)
    names = np.frombuffer(packed.joined, dtype=np.uint8)
    end_of_sentence = words.index(END_OF_SENTENCE) if END_OF_SENTENCE in words else -1
    starts = np.zeros(len(words) + 1, dtype=np.int64)
    arguments = (names, packed.starts, shortest, longest, buckets, end_of_sentence, starts)
    kernels.find_pieces(*arguments, np.empty(0, dtype=np.int32))
    rows = np.empty(starts[-1], dtype=np.int32)
    kernels.find_pieces(*arguments, rows)
    return Pieces(rows, starts)


def _word_pieces(words: Sequence[str], shortest: int, longest: int, buckets: int) -> Pieces:
    """The twin of the kernel."""
    n = len(words)
    rows: list[int] = []
    starts = [0]
    for number, word in enumerate(words):
        rows.append(number)
        if buckets and word != END_OF_SENTENCE:
            rows += [n + at for _, at in ngram_buckets(word, shortest, longest, buckets)]
        starts.append(len(rows))
    return Pieces(np.array(rows, dtype=np.int32), np.array(starts, dtype=np.int64))


def mean_of_pieces(matrix: NDArray[np.float32], pieces: Pieces) -> NDArray[np.float32]:
    """(V, d) each word's vector: the mean of its rows of `matrix`."""
    means = np.empty((len(pieces.starts) - 1, matrix.shape[1]), dtype=np.float32)
    kernels = _kernels()
    if kernels is not None:
        kernels.mean_of_pieces(matrix, pieces.rows, pieces.starts, means)
        return means
    for word, start in enumerate(pieces.starts[:-1].tolist()):
        rows = pieces.rows[start : pieces.starts[word + 1]]
        means[word] = matrix[rows].mean(axis=0, dtype=np.float64)
    return means


def _kernels() -> Any:
    """The fast ones, or None where Numba is not installed."""
    try:
        from explorer import ngrams_kernels
    except ImportError:
        return None
    return ngrams_kernels
