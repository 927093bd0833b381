"""One line "name number number …" in plain Python: what the fast parser leaves, and its reference.

It also says what is wrong with a line that cannot be read.
"""

from __future__ import annotations

import re
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

NUMBER = re.compile(
    rb"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?(?:nan|inf|infinity)", re.IGNORECASE
)
FIELD = re.compile(rb"[^ \t\r\n]+")


class LineError(ValueError):
    """What was wanted of a line and what came; the caller adds the file and the line's number."""


def parse_line(line: bytes, d: int) -> tuple[bytes, NDArray[np.float32]]:
    """The name and the d numbers of one line; the name is all that stands before the last d fields.

    parse_line(b"New York 0.5 1e-2", 2) -> (b"New York", [0.5, 0.01]). Words for infinity and
    not-a-number are numbers here; whoever uses them decides.

    Raises LineError for too few numbers, too many, or something else among them.
    """
    fields = list(FIELD.finditer(line))
    words = [field.group() for field in fields]
    named = 0 if line[:1] in (b" ", b"\t") else 1  # an empty name before the first separator
    numbers = 0
    while numbers < len(words) - named and NUMBER.fullmatch(words[-1 - numbers]):
        numbers += 1
    if numbers < d:
        raise LineError(_too_few(words, numbers, d))
    extra = words[named : len(words) - d]
    if extra and numbers >= len(words) - 1 and _looks_like_more(extra, words[-d:]):
        found = f"expected {d:,} numbers after {_shown(words[0])}, found {len(words) - 1:,}."
        raise LineError(found)
    vector = np.array([nearest_float32(word.decode()) for word in words[-d:]], dtype=np.float32)
    return line[: fields[-d].start()].strip(b" \t"), vector


def line_starts(text: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Where the lines that hold something begin, in a text of whole lines."""
    ends = np.flatnonzero(text == ord("\n"))
    starts = np.concatenate([[0], ends[:-1] + 1]) if len(ends) else ends
    returns = (ends == starts + 1) & (text[starts] == ord("\r"))
    kept: NDArray[np.int64] = starts[(ends > starts) & ~returns].astype(np.int64)
    return kept


def _too_few(words: list[bytes], numbers: int, d: int) -> str:
    name = _shown(words[0]) if words else "the name"
    if len(words) == d + 1:
        place = len(words) - 1 - numbers
        return f"expected a number as value {place:,} of {name}, found {_shown(words[place])}."
    if len(words) > d + 1:
        name = _shown(b" ".join(words[: len(words) - numbers]))
    return f"expected {d:,} numbers after {name}, found {numbers:,}; is the file cut short?"


def _looks_like_more(extra: list[bytes], vector: list[bytes]) -> bool:
    """Are the fields between a name's first word and the vector more of the vector?

    95 in "Windows 95" stands before numbers with a point, and is a name; 0.1234 is a number.
    """
    fractions = any(b"." in word for word in vector)
    return not fractions or any(
        len(word.partition(b".")[2]) > 2 or b"e" in word.lower() for word in extra
    )


def _shown(word: bytes, most: int = 40) -> str:
    text = word.decode("utf-8", "replace")
    return repr(text if len(text) <= most else text[:most] + "…")


def nearest_float32(text: str) -> np.float32:
    """The float32 nearest to a decimal number, ties to even, however many digits it has.

    Python's float is the nearest float64; rounding that again goes wrong only where it lies in
    the very middle between two float32: there the digits themselves are compared.
    """
    double = float(text)
    with np.errstate(over="ignore"):
        single = np.float32(double)
        if double == float(single) or not np.isfinite(double):
            return single
        other = np.nextafter(single, np.float32(np.inf if double > float(single) else -np.inf))
    middle = (_wide(single) + _wide(other)) / 2
    if double != middle or Decimal(text) == Decimal(middle):
        return single
    return max(single, other) if Decimal(text) > Decimal(middle) else min(single, other)


def _wide(single: np.float32) -> float:
    """As float64; infinity as 2^128, the number that would come next."""
    return min(max(float(single), -(2.0**128)), 2.0**128)
