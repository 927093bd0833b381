"""Some of a file's rows, drawn at random: what is opened of a file that is too large for all."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from explorer.formats.options import Options
from explorer.space import Finding

PIECE_BYTES = 1 << 22  # read at a time


@dataclass(frozen=True)
class Sample:
    """rows : (k,) int64, the rows taken, ascending, each once
    total : of how many
    seed : that drew them
    """

    rows: NDArray[np.int64]
    total: int
    seed: int

    def __str__(self) -> str:
        return f"random sample of {len(self.rows):,} of {self.total:,} items"

    @property
    def finding(self) -> Finding:
        done = f"left out: a random sample of {len(self.rows):,} was asked for, seed {self.seed}"
        return Finding("items", self.total - len(self.rows), done)

    def among(self, first: int, end: int) -> slice:
        """Which of the sample are rows `first` to `end` - 1 of the file."""
        return slice(*np.searchsorted(self.rows, (first, end)).tolist())

    def names_among(
        self, first: int, names: bytes, lengths: NDArray[Any]
    ) -> tuple[bytes, NDArray[Any]]:
        """The sample's part of names that lie one after the other, of the rows from `first` on.

        lengths : (m,) of each name in bytes, with what ends it
        """
        chosen = self.rows[self.among(first, first + len(lengths))] - first
        ends, kept = np.cumsum(lengths, dtype=np.int64)[chosen], lengths[chosen]
        spans = zip((ends - kept).tolist(), ends.tolist(), strict=True)
        return b"".join([names[start:end] for start, end in spans]), kept

    def place(self, of_file: Callable[[int], str]) -> Callable[[int], str]:
        """The place in the file of a row of the sample."""
        return lambda row: of_file(int(self.rows[row]))


def draw(total: int, options: Options) -> Sample | None:
    """`options.limit` of `total` rows, drawn without repetition by `options.seed`.

    None where no sample was asked for, or where all rows are few enough.
    """
    if options.seed is None or options.limit is None or options.limit >= total:
        return None
    rows = _distinct(total, options.limit, np.random.default_rng(options.seed))
    return Sample(np.sort(rows), total, options.seed)


def _distinct(total: int, k: int, chance: np.random.Generator) -> NDArray[np.int64]:
    """k different numbers below `total`, in memory for some k: a header may promise anything."""
    if 4 * k > total:
        return chance.choice(total, k, replace=False, shuffle=False).astype(np.int64)
    drawn = np.empty(0, dtype=np.int64)
    while len(drawn) < k:
        drawn = np.unique(np.concatenate([drawn, chance.integers(total, size=k)]))
    return chance.choice(drawn, k, replace=False, shuffle=False)


def count(total: int, options: Options) -> int:
    """How many of `total` rows are taken, the first or a sample."""
    return total if options.limit is None else min(total, options.limit)


def some_of(names: Sequence[str], total: int, options: Options) -> Sequence[str]:
    """The names of the rows that are taken."""
    sample = draw(total, options)
    if sample is not None and len(names) == total:
        return [names[row] for row in sample.rows.tolist()]
    return names if options.limit is None else names[: options.limit]


def sampled_rows(
    stream: BinaryIO, shape: tuple[int, ...], dtype: np.dtype[Any], sample: Sample
) -> NDArray[Any]:
    """(k, …) the sample out of rows of `shape[1:]` that lie one after the other from here on.

    EOFError where the stream ends before the last of them.
    """
    width = math.prod(shape[1:])
    taken = np.empty((len(sample.rows), width), dtype=dtype)
    step = max(1, PIECE_BYTES // max(1, width * dtype.itemsize))
    done = 0
    for first in range(0, int(sample.rows[-1]) + 1, step):
        data = stream.read(min(step, sample.total - first) * width * dtype.itemsize)
        last = int(np.searchsorted(sample.rows, first + step))
        block = np.frombuffer(data[: len(data) - len(data) % (width * dtype.itemsize)], dtype)
        block = block.reshape(-1, width)
        if last > done and sample.rows[last - 1] - first >= len(block):
            raise EOFError
        taken[done:last] = block[sample.rows[done:last] - first]
        done = last
    return taken.reshape(-1, *shape[1:])
