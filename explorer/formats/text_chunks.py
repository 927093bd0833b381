"""A stream of bytes as chunks of whole lines, the next one read while the last is worked on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from explorer.errors import FileTooLargeError
from explorer.formats.encoding import BOM
from explorer.formats.source import Source, byte_size

CHUNK_BYTES = 1 << 22
PADDING = 8  # bytes behind the last line that may be read, but mean nothing


@dataclass
class Chunk:
    """Whole lines: data[:size], the last of which ends with a newline.

    data : the buffer; uint8, PADDING bytes longer than size at least
    offset : of its first byte in the file
    """

    data: bytearray
    size: int
    offset: int

    @property
    def array(self) -> NDArray[np.uint8]:
        return np.frombuffer(self.data, dtype=np.uint8)

    def cuts(self, parts: int) -> list[int]:
        """Where to cut into about `parts` pieces of whole lines: [0, …, size]."""
        cuts = [0]
        for part in range(1, parts):
            cut = self.data.find(b"\n", max(cuts[-1], self.size * part // parts), self.size) + 1
            if cut > cuts[-1]:
                cuts.append(cut)
        return cuts if cuts[-1] == self.size else [*cuts, self.size]

    def line_from(self, start: int) -> bytes:
        """The line that begins at `start`, without its newline."""
        return bytes(self.data[start : self.data.find(b"\n", start)])


class LineChunks:
    """Cuts a stream at line ends. Two buffers in turn: a chunk lives until the next but one.

    The mark of UTF-8 at the beginning is skipped; a last line without a newline gets one.
    """

    def __init__(self, source: Source, stream: BinaryIO) -> None:
        room = CHUNK_BYTES if source.size is None else min(CHUNK_BYTES, source.size)
        self._source, self._stream = source, stream
        self._buffers = [bytearray(room + 1 + PADDING), bytearray(room + 1 + PADDING)]
        first = stream.read(len(BOM))
        self._rest = first.removeprefix(BOM)  # read, but not handed out
        self._offset = len(first) - len(self._rest)

    def next(self) -> Chunk | None:
        """The lines that follow, or None at the end of the stream."""
        self._buffers.reverse()
        data, size, used = self._with_rest(), len(self._rest), 0
        while not used:
            room = len(data) - 1 - PADDING  # 1 for the newline that the last line may lack
            if size >= room:
                data = self._buffers[0] = data + bytes(len(data))  # one long line: twice the room
                continue
            with memoryview(data) as view:
                count = self._stream.readinto(view[size:room])  # type: ignore[attr-defined]
            size += count
            if not count:
                if not size:
                    return None
                data[size] = ord("\n")
                size += 1
            if size >= room or not count:
                used = data.rfind(b"\n", 0, size) + 1
            if not used and size > self._source.limits.line_bytes:
                raise self._line_too_long()
        self._rest = bytes(data[used:size])
        chunk = Chunk(data, used, self._offset)
        self._offset += used
        return chunk

    def _with_rest(self) -> bytearray:
        """The buffer to fill, beginning with what was left over from the last chunk."""
        data = self._buffers[0]
        if len(data) < len(self._rest) + 1 + PADDING:
            data = self._buffers[0] = bytearray(2 * len(self._rest) + 1 + PADDING)
        data[: len(self._rest)] = self._rest
        return data

    def _line_too_long(self) -> FileTooLargeError:
        limit = byte_size(self._source.limits.line_bytes)
        return FileTooLargeError(
            self._source.name,
            f"from byte {self._offset:,} on there is a line longer than {limit}; is this text?",
        )
