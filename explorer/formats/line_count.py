"""Counting the lines of a text file, with a bound on how long one may be."""

from __future__ import annotations

from explorer.errors import FileTooLargeError
from explorer.formats.source import Source, byte_size


def count_lines(source: Source) -> int:
    """How many lines there are, blank ones too; each at most `limits.line_bytes` long, about."""
    limit = source.limits.line_bytes
    count, last = 0, b"\n"
    with source.file() as file:
        while piece := file.read(limit):
            ends = piece.count(b"\n")
            if b"\r" in piece:
                ends += piece.count(b"\r") - piece.count(b"\r\n")
            if ends == 0 and len(piece) == limit:
                raise FileTooLargeError(
                    source.name,
                    f"is longer than {byte_size(limit)}, the limit for a line; "
                    "is this a text file with an item in each line?",
                    line=count + 1,
                )
            count, last = count + ends, piece[-1:]
    return count + (last not in b"\r\n")
