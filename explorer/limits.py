"""How large an input may be: checked on headers before the numbers are read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds on one file. The defaults fit a person's own machine; a page gives smaller ones.

    expanded_bytes : what a compressed file may grow to
    line_bytes : the longest line of a text file
    name_characters : the longest item name
    cells : items x dimensions
    """

    expanded_bytes: int = 16 << 30
    line_bytes: int = 16 << 20
    name_characters: int = 10_000
    cells: int = 4_000_000_000


UPLOAD = Limits(
    expanded_bytes=2 << 30, line_bytes=1 << 20, name_characters=1_000, cells=300_000_000
)
