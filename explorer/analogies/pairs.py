"""Pairs of items as text, one a line: `bad - good`, `bad, good`, `bad good`, `"a b" - c`."""

from __future__ import annotations

import re

from explorer.errors import ExplorerError
from explorer.space import EmbeddingSpace

MOST_PAIRS = 200
SEPARATORS = (
    r"\t",
    r"\s+[-\u2013\u2192:]+>?\s+",
    r"\s*[,;:]\s*",
    r"\s*[-\u2013\u2192]+\s*",
    r"\s+",
)


def parse_pairs(text: str, space: EmbeddingSpace) -> tuple[tuple[int, int], ...]:
    """The rows of the pairs, in the order of the lines; empty lines are passed over.

    A line is cut where both halves are items of the space: at a tab, then at ` - `, a comma, a
    hyphen, a blank. UnknownItemError names the half that is none.
    """
    pairs = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            pairs.append(_pair(line.strip(), number, space))
    if len(pairs) > MOST_PAIRS:
        raise ExplorerError(f"At most {MOST_PAIRS} pairs; got {len(pairs):,}.")
    return tuple(pairs)


def _pair(line: str, number: int, space: EmbeddingSpace) -> tuple[int, int]:
    halves: list[tuple[str, str]] = []
    for separator in SEPARATORS:
        for cut in re.finditer(separator, line):
            one, other = (_bare(part) for part in (line[: cut.start()], line[cut.end() :]))
            if one in space.items and other in space.items:
                return space.row(one), space.row(other)
            if one and other:
                halves.append((one, other))
    if not halves:
        raise ExplorerError(
            f"Line {number}, {line[:60]!r}: a pair is two items, written as bad - good."
        )
    one, other = halves[0]
    return space.row(one), space.row(other)


def _bare(name: str) -> str:
    name = name.strip()
    quoted = len(name) > 2 and name[0] == name[-1] and name[0] in "\"'"
    return name[1:-1] if quoted else name
