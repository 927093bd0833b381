"""The lines of a text file one by one, decoded, so that a message can name the line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from explorer.errors import VectorFileError
from explorer.formats.encoding import BOM, check_encoding, decode_utf8
from explorer.formats.source import Source


def text_lines(source: Source, stream: BinaryIO) -> Iterator[tuple[int, str]]:
    """Each line of source.stream() that is not blank: its number and its text without its end.

    VectorFileError for what is not UTF-8 and for a line longer than source.limits allow.
    """
    check_encoding(source.head(), source.name)
    longest = source.limits.line_bytes
    for number, line in enumerate(iter(lambda: stream.readline(longest + 1), b""), 1):
        if len(line) > longest:
            raise VectorFileError(
                source.name, f"is longer than {longest:,} bytes; is this a table?", line=number
            )
        line = line.removeprefix(BOM) if number == 1 else line
        text = decode_utf8(line, source.name, line=number)
        if text.strip():
            yield number, text.rstrip("\r\n")
