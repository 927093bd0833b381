"""A matrix whose number of rows is learned while it is being read."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.errors import FileTooLargeError
from explorer.formats.sample import Sample
from explorer.formats.source import Source

UNSURE_CELLS = 1 << 26  # room made at once where nothing but a header says that so much will come
GROWTH = 1.125  # how much more room is made at a time: what may be left unused for a moment


class GrowingMatrix:
    """float32 rows that are added at the end; enlarged in place, so never held twice.

    expected : rows that will come, as far as one can tell; more may come, or fewer
    wanted : the rows that are kept in the end, where not all are: what the last piece brings
        beyond them does not count against the limit
    """

    def __init__(self, source: Source, d: int, expected: int, wanted: int | None = None) -> None:
        self.d, self.rows = d, 0
        self._source = source
        self._most = source.limits.cells // d
        self._cut = wanted is not None and wanted <= self._most
        self._matrix = np.empty((max(1, min(expected, self._most)), d), dtype=np.float32)

    def add(self, count: int) -> NDArray[np.float32]:
        """`count` more rows to write into; valid until the next call."""
        start, self.rows = self.rows, self.rows + count
        if self.rows > self._most and not self._cut:
            raise _too_many(self._source, self.d)
        if self.rows > len(self._matrix):
            room = min(int(GROWTH * len(self._matrix)) + 1, self._most)
            self._resize(max(self.rows, room))
        rows: NDArray[np.float32] = self._matrix[start : self.rows]
        return rows

    def cut(self, rows: int) -> NDArray[np.float32]:
        """(rows, d) the first rows, the room behind them given back. The matrix is finished."""
        self._resize(rows)
        return self._matrix

    def _resize(self, rows: int) -> None:
        # realloc moves the pages of a large block rather than its contents; nobody else looks on
        self._matrix.resize((rows, self.d), refcheck=False)


class SampledMatrix:
    """The same for a file of whose rows only a sample is kept: the others are written over."""

    def __init__(self, source: Source, d: int, sample: Sample) -> None:
        if len(sample.rows) * d > source.limits.cells:
            raise _too_many(source, d)
        self.rows = 0
        self._sample, self._first = sample, 0
        self._matrix = np.empty((len(sample.rows), d), dtype=np.float32)
        self._read = np.empty((0, d), dtype=np.float32)

    def add(self, count: int) -> NDArray[np.float32]:
        """`count` more rows of the file to write into; valid until the next call."""
        self._keep()
        self._first, self.rows = self.rows, self.rows + count
        if count > len(self._read):
            self._read = np.empty((count, self._matrix.shape[1]), dtype=np.float32)
        return self._read[:count]

    def cut(self, rows: int) -> NDArray[np.float32]:
        """(rows, d) the sample, which has so many. The matrix is finished."""
        self._keep()
        return self._matrix[:rows]

    def _keep(self) -> None:
        kept = self._sample.among(self._first, self.rows)
        self._matrix[kept] = self._read[self._sample.rows[kept] - self._first]


def _too_many(source: Source, d: int) -> FileTooLargeError:
    most = source.limits.cells // d
    return FileTooLargeError(
        source.name,
        f"holds more than {most:,} x {d:,} numbers, the limit here; "
        "open its first part with --limit N.",
        rows=most,
    )
