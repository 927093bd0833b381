"""Text vectors: word2vec's ("items dimensions" first), GloVe's (no header), fastText's .vec.

A line is a name, then d numbers, with spaces or tabs between. Only these two separate: a
no-break space or a next-line character is part of a name, and so is a plain space before the last
d fields ("New York 0.1 …", as GloVe 840B has them).

The file is read once, in chunks of whole lines, by two threads, straight into the matrix. For a
random sample of a file without a header the lines are counted before.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from explorer.errors import FileTooLargeError, VectorFileError
from explorer.formats.encoding import BOM
from explorer.formats.growing import UNSURE_CELLS, GrowingMatrix, SampledMatrix
from explorer.formats.options import Options
from explorer.formats.raw import RawVectors
from explorer.formats.sample import count as count_of
from explorer.formats.sample import draw
from explorer.formats.source import Source
from explorer.formats.text_chunks import Chunk, LineChunks
from explorer.formats.text_piece import Piece, fast_parser
from explorer.formats.vector_lines import FIELD, NUMBER
from explorer.packed_names import PackedNames
from explorer.space import Finding

THREADS = 2
MOST_DIGITS = 18  # of a number in a header
PIECES = 4  # of a chunk, so that a thread that was interrupted does not keep the other waiting
KERNEL_BYTES = 1 << 18  # a smaller file is read by plain Python sooner than Numba is imported


def read_word2vec(source: Source, options: Options) -> RawVectors:
    """word2vec text and fastText's .vec: the first line says how many items and dimensions."""
    header = source.head().removeprefix(BOM).split(b"\n", 1)[0]
    n, d = promised(source, header)
    check_header(source, n, d, least_row=2 * d + 1, wanted=count_of(n, options))
    return _Reading(source, options, d, count=n).run("word2vec text")


def read_glove(source: Source, options: Options) -> RawVectors:
    """GloVe text: no header, so d is the commonest count of numbers at the end of a line."""
    return _Reading(source, options, _commonest_width(source), count=None).run("GloVe text")


def promised(source: Source, header: bytes) -> tuple[int, int]:
    """The items and dimensions of a header; VectorFileError for numbers that no file can hold."""
    words = header.split()
    if len(words) != 2 or not all(word.isdigit() and len(word) <= MOST_DIGITS for word in words):
        raise VectorFileError(
            source.name,
            "expected a header of two whole numbers, items and dimensions; found "
            f"{header[:40].decode('utf-8', 'replace').strip()!r}.",
            line=1,
        )
    return int(words[0]), int(words[1])


def check_header(source: Source, n: int, d: int, least_row: int, wanted: int) -> None:
    """Refuse a header that cannot be true, before anything is allocated.

    least_row : the bytes that a row takes at least
    wanted : the rows of it that are asked for
    """
    if n < 1 or d < 1:
        raise VectorFileError(
            source.name,
            f"the header promises {n:,} items of {d:,} numbers.",
            line=1,
        )
    if wanted * d > source.limits.cells:
        raise FileTooLargeError(
            source.name,
            f"the header promises {n:,} x {d:,} numbers, and the limit here is "
            f"{source.limits.cells:,}; is the header right?",
            line=1,
            rows=source.limits.cells // d,
        )
    if source.size is not None and n * least_row > source.size:
        raise VectorFileError(
            source.name,
            f"the header promises {n:,} items of {d:,} numbers, which take {n * least_row:,} bytes "
            f"or more, but the file has {source.size:,}; is it cut short?",
            line=1,
        )


def _commonest_width(source: Source) -> int:
    """d, from the lines in the head: a name that ends in a number only adds to a few of them."""
    head = source.head()
    lines = head.removeprefix(BOM).split(b"\n")
    if len(lines) > 1 and len(head) != source.size:
        lines.pop()
    widths: Counter[int] = Counter()
    for line in lines[:1000]:
        words = FIELD.findall(line)
        width = 0
        while width < len(words) - 1 and NUMBER.fullmatch(words[-1 - width]):
            width += 1
        if width:
            widths[width] += 1
    if not widths:
        raise VectorFileError(source.name, "no line is a name with numbers behind it.", line=1)
    return widths.most_common(1)[0][0]


class _Reading:
    """One text file on its way into a matrix.

    count : the items that the header promises; None for a file without a header
    """

    def __init__(self, source: Source, options: Options, d: int, count: int | None) -> None:
        self.source, self.limit, self.d, self.count = source, options.limit, d, count
        small = source.size is not None and source.size < KERNEL_BYTES
        self.kernels = None if small else fast_parser()
        self.sample = None
        if options.seed is not None:
            self.sample = draw(self._count_rows() if count is None else count, options)
        self.line = 1 if count is None else 2  # of the file, that comes next
        self.rows = 0  # whose names are here
        self.names: list[bytes] = []
        self.lengths: list[NDArray[np.int32]] = []  # of the names, in bytes, with the zero byte
        self.line_rows: list[int] = []  # from this row on …
        self.line_shifts: list[int] = []  # … a row's line is the row and so many more

    def run(self, format: str) -> RawVectors:
        source = self.source
        with source.stream() as stream, ThreadPoolExecutor(THREADS) as pool:
            chunks = LineChunks(source, stream)
            pieces = self._pieces(chunks.next(), skip=self.count is not None)
            matrix = self._matrix(pieces)
            parsed: list[Piece] = []
            while pieces is not None and not self._has_enough(matrix):
                free = matrix.add(sum(piece.rows for piece in pieces))
                jobs: list[Future[None]] = []
                for piece in pieces:
                    jobs.append(pool.submit(piece.parse, free[: piece.rows]))
                    free = free[piece.rows :]
                self._take_names(parsed)  # while the threads work; so is the next chunk read
                parsed, pieces = pieces, self._pieces(chunks.next())
                for job in jobs:
                    job.result()
                del free, jobs  # the matrix may move now
            self._take_names(parsed)
        rows = self._checked_rows(matrix, format)
        findings = []
        sample = self.sample
        if sample is not None:
            rows = len(sample.rows)
        elif self.limit is not None and (rows > self.limit or pieces is not None):
            rows, more = self.limit, (self.count or 0) - self.limit
            what, number = ("items", more) if self.count else ("items and no more", rows)
            done = "left out" if self.count else "read"
            findings.append(Finding(what, number, f"{done}: the first {rows:,} were asked for"))
        starts = np.zeros(rows + 1, dtype=np.int64)
        np.cumsum(np.concatenate(self.lengths)[:rows], out=starts[1:])
        self.lengths.clear()
        joined = b"".join(self.names)[: int(starts[-1])]
        self.names.clear()
        return RawVectors(
            matrix.cut(rows), format, PackedNames(joined, starts), findings=findings,
            place=self._place if sample is None else sample.place(self._place), sample=sample,
        )  # fmt: skip

    def _count_rows(self) -> int:
        """The lines that hold something."""
        total = 0
        with self.source.stream() as stream:
            chunks = LineChunks(self.source, stream)
            while (chunk := chunks.next()) is not None:
                total += Piece(chunk, 0, chunk.size, 1, self.source.name, self.kernels).rows
        return total

    def _matrix(self, pieces: list[Piece] | None) -> GrowingMatrix | SampledMatrix:
        if self.sample is not None:
            return SampledMatrix(self.source, self.d, self.sample)
        return GrowingMatrix(self.source, self.d, self._expected(pieces), self.limit)

    def _pieces(self, chunk: Chunk | None, *, skip: bool = False) -> list[Piece] | None:
        """A chunk cut for the threads; `skip` leaves out its first line, the header."""
        if chunk is None:
            return None
        header = chunk.data.find(b"\n") + 1 if skip else 0
        pieces = []
        for lo, hi in pairwise([header, *(cut for cut in chunk.cuts(PIECES) if cut > header)]):
            pieces.append(Piece(chunk, lo, hi, self.line, self.source.name, self.kernels))
            self.line += pieces[-1].lines
        return pieces

    def _expected(self, pieces: list[Piece] | None) -> int:
        """Rows to make room for, from the header or from how long the first lines are."""
        size, first = self.source.size, sum(piece.rows for piece in pieces or ())
        if self.count is not None:
            expected = self.count if size is not None else min(self.count, UNSURE_CELLS // self.d)
        elif size is not None and pieces:
            expected = int(1.01 * first * size / max(1, pieces[0].chunk.size)) + 1
        else:
            expected = first
        return expected if self.limit is None else min(expected, self.limit + first)

    def _has_enough(self, matrix: GrowingMatrix | SampledMatrix) -> bool:
        if self.sample is not None:
            return matrix.rows > int(self.sample.rows[-1])
        return self.limit is not None and matrix.rows >= self.limit

    def _take_names(self, pieces: list[Piece]) -> None:
        for piece in pieces:
            self._take_names_of(piece)

    def _take_names_of(self, piece: Piece) -> None:
        row, self.rows = self.rows, self.rows + piece.rows
        names, lengths = piece.names, (piece.ends - piece.starts + 1).astype(np.int32)
        if self.sample is not None:
            names, lengths = self.sample.names_among(row, names, lengths)
        self.names.append(names)
        self.lengths.append(lengths)
        known = self.line_shifts[-1] if self.line_shifts else 0
        if piece.lines > piece.rows or piece.line - row != known:  # blank lines, or the header
            shifts = piece.line_numbers() - np.arange(row, row + piece.rows)
            for at in np.flatnonzero(np.diff(shifts, prepend=known)).tolist():
                self.line_rows.append(row + at)
                self.line_shifts.append(int(shifts[at]))
        if self.count is not None and row + piece.rows > self.count:
            line = int(piece.line_numbers()[self.count - row])
            promise = f"the header promises {self.count:,} items, but here is one more."
            raise VectorFileError(self.source.name, promise, line=line)

    def _checked_rows(self, matrix: GrowingMatrix | SampledMatrix, format: str) -> int:
        rows = matrix.rows
        if rows == 0:
            raise VectorFileError(self.source.name, f"{format} without any item in it.")
        if self.count is not None and rows < self.count and not self._has_enough(matrix):
            raise VectorFileError(
                self.source.name,
                f"the header promises {self.count:,} items, found {rows:,}; is the file cut short?",
            )
        return rows

    def _place(self, row: int) -> str:
        at = bisect_right(self.line_rows, row) - 1
        return f"line {row + self.line_shifts[at] if at >= 0 else row:,}"
