"""Some lines of a text file, parsed by one thread: by the fast parser, or in plain Python."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.errors import VectorFileError
from explorer.formats.encoding import decode_utf8
from explorer.formats.text_chunks import Chunk
from explorer.formats.vector_lines import LineError, line_starts, parse_line

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float32]


class Piece:
    """Some whole lines of a chunk; afterwards their names.

    kernels : the fast parser, or None to parse in plain Python

    lo, hi : where they lie in chunk.data
    line : the number in the file of the first of them
    rows : the lines that hold something; all are `lines`
    starts, ends : (rows,) where each name lies in chunk.data
    names : the names, a zero byte behind each
    """

    def __init__(self, chunk: Chunk, lo: int, hi: int, line: int, file: str, kernels: Any) -> None:
        self.chunk, self.lo, self.hi, self.line, self.file = chunk, lo, hi, line, file
        self.kernels = kernels
        text = chunk.array[lo:hi]
        if kernels is None:
            self.lines = int(np.count_nonzero(text == ord("\n")))
            self.starts = lo + line_starts(text)
            self.rows = len(self.starts)
        else:
            self.lines, blank = kernels.count_lines(text)
            self.rows = self.lines - blank
            self.starts = np.empty(self.rows, dtype=np.int64)
        self.ends = np.full(self.rows, -1, dtype=np.int64)
        self.names = b""

    def parse(self, vectors: FloatArray) -> None:
        """Fill `vectors` (rows, d) and the names; VectorFileError says where that fails."""
        if self.kernels is not None:
            text = self.chunk.array
            self.kernels.parse_lines(text, self.lo, vectors, self.starts, self.ends)
        for row in np.flatnonzero(self.ends < 0).tolist():
            start = int(self.starts[row])
            try:
                name, vectors[row] = parse_line(self.chunk.line_from(start), vectors.shape[1])
            except LineError as error:
                raise VectorFileError(
                    self.file, str(error), line=int(self.line_numbers()[row])
                ) from None
            self.starts[row] = self.chunk.data.find(name, start)
            self.ends[row] = self.starts[row] + len(name)
        self.names = self._packed()

    def _packed(self) -> bytes:
        data = self.chunk.data
        if self.kernels is None:
            spans = zip(self.starts.tolist(), self.ends.tolist(), strict=True)
            names = b"".join(bytes(data[start:end]) + b"\0" for start, end in spans)
        else:
            room = int((self.ends - self.starts).sum()) + self.rows
            packed = np.empty(room, dtype=np.uint8)
            self.kernels.pack_names(self.chunk.array, self.starts, self.ends, packed)
            names = packed.tobytes()
        try:
            names.decode("utf-8")
        except UnicodeDecodeError as error:
            row = int(np.searchsorted(np.cumsum(self.ends - self.starts + 1), error.start, "right"))
            start, end = int(self.starts[row]), int(self.ends[row])
            offset, line = self.chunk.offset + start, int(self.line_numbers()[row])
            decode_utf8(bytes(data[start:end]), self.file, offset=offset, line=line)
        return names

    def line_numbers(self) -> IntArray:
        """(rows,) the number in the file of each line."""
        if self.lines == self.rows:
            return np.arange(self.line, self.line + self.rows)
        newlines = self.lo + np.flatnonzero(self.chunk.array[self.lo : self.hi] == ord("\n"))
        lines: IntArray = self.line + np.searchsorted(newlines, self.starts)
        return lines


def fast_parser() -> Any:
    """The fast parser, or None where Numba is not installed."""
    try:
        from explorer.formats import text_kernels
    except ImportError:
        return None
    return text_kernels
