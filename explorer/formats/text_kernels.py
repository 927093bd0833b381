"""Lines "name number number …" to float32 at a gigabyte a second, eight digits at a time (Numba).

A number is read as digits m and a power of ten e, and m · 10^e is taken in float64. That is within
3 units in the last place of the true value, so it rounds to the nearest float32 except next to the
middle between two of them; there, and wherever a line is out of the ordinary, the line is left to
the plain Python twin, `vector_lines.parse_line`.

Eight digits at once: Lemire, "Number parsing at a gigabyte per second" (2021), section 3 and
"Quickly parsing eight digits" (2018).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numpy.typing import NDArray

from explorer.kernel_cache import njit
from explorer.machine_kernels import machine_code

Bytes = NDArray[np.uint8]

PADDING = 8  # bytes that may be read behind the end of a text
LOWEST_POWER, HIGHEST_POWER = -70, 40
POWERS = np.array([float(f"1e{e}") for e in range(LOWEST_POWER, HIGHEST_POWER + 1)])
TENS = np.array([10**k for k in range(9)], dtype=np.uint64)
NEWLINE, RETURN, SPACE, TAB = 10, 13, 32, 9
MINUS, PLUS, POINT, LOWER_E, UPPER_E = 45, 43, 46, 101, 69
SMALLEST_NORMAL, LARGEST = 1.1754943508222875e-38, 3.4028234663852886e38  # of float32


@machine_code
def _eight_bytes(typing: Any, text: Any, at: Any) -> Any:
    """text[at : at + 8] as one 64-bit number, the first byte lowest."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        start = builder.gep(array.data, [arguments[1]])
        word = builder.bitcast(start, ir.IntType(64).as_pointer())
        return builder.load(word, align=1)

    return types.uint64(text, types.int64), build


@machine_code
def _byte(typing: Any, text: Any, at: Any) -> Any:
    """text[at], without the check for an index below zero, which costs a third of the time."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        return builder.load(builder.gep(array.data, [arguments[1]]))

    return types.uint8(text, types.int64), build


@machine_code
def _trailing_zeros(typing: Any, bits: Any) -> Any:
    """The number of zero bits below the lowest one bit; 64 for 0."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.uint64(types.uint64), build


@machine_code
def _bits(typing: Any, value: Any) -> Any:
    """The 64 bits of a float64 as a whole number."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.IntType(64))

    return types.uint64(types.float64), build


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def count_lines(text: Bytes) -> tuple[int, int]:
    """The lines of a text of whole lines, and how many hold nothing but "\\n" or "\\r\\n".

    255 bytes at a time, because their newlines are counted in single bytes: 64 of them at once.
    """
    lines, blank = 0, 0
    if text.shape[0] and _is_blank(text, 0):
        blank = 1
    lines += text.shape[0] > 0 and text[0] == NEWLINE
    before, after = text[:-1], text[1:]
    for start in range(0, after.shape[0], 255):
        one, two = before[start : start + 255], after[start : start + 255]
        newlines, suspects = np.uint8(0), np.uint8(0)
        for i in range(two.shape[0]):
            newlines = np.uint8(newlines + np.uint8(two[i] == NEWLINE))
            begins = np.uint8(one[i] == NEWLINE)
            suspects = np.uint8(suspects + (begins & np.uint8(two[i] <= RETURN)))
        lines += int(newlines)
        if suspects:
            for i in range(start, start + two.shape[0]):
                blank += before[i] == NEWLINE and _is_blank(text, i + 1)
    return lines, blank


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def parse_lines(
    text: Bytes,
    lo: int,
    rows: NDArray[np.float32],
    name_starts: NDArray[np.int64],
    name_ends: NDArray[np.int64],
) -> None:
    """The lines from _byte(text, lo) on into `rows` (n, d), and where their names lie in the text.

    The last d fields of a line are the numbers; what stands before them is the name, which may
    hold spaces. A line that is not exactly so gets a name that ends at -1: the twin reads it, or
    says what is wrong with it. `text` has PADDING bytes behind its last newline.
    """
    at = lo
    for r in range(rows.shape[0]):
        while _is_blank(text, at):
            at += 1
        start = at
        while _byte(text, at) != SPACE and _byte(text, at) != TAB and _byte(text, at) != NEWLINE:
            at += 1
        name_end = at
        end = _numbers(text, at, rows[r])
        if end < 0:
            end = at
            while _byte(text, end) != NEWLINE:
                end += 1
            while _byte(text, start) == SPACE or _byte(text, start) == TAB:
                start += 1
            name_end = _fields_back(text, start, end, rows.shape[1])
            if name_end >= 0:
                parsed_to = _numbers(text, name_end, rows[r])
                name_end = name_end if parsed_to == end else -1
        name_starts[r] = start
        name_ends[r] = name_end
        at = end + 1


@njit(cache=True, nogil=True, inline="always")  # type: ignore[untyped-decorator]
def _is_blank(text: Bytes, at: int) -> Any:
    return _byte(text, at) == NEWLINE or (
        _byte(text, at) == RETURN and _byte(text, at + 1) == NEWLINE
    )


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _fields_back(text: Bytes, start: int, end: int, count: int) -> int:
    """Where a name ends that has `count` fields behind it; -1 if they are fewer.

    -1 also where the name's last word looks like a number: is it part of the name ("Windows 95")
    or a number too many? That is for the twin to say.
    """
    at = end
    for _ in range(count):
        while at > start and _byte(text, at - 1) <= SPACE:
            at -= 1
        while at > start and _byte(text, at - 1) > SPACE:
            at -= 1
    while at > start and _byte(text, at - 1) <= SPACE:
        at -= 1
    if at <= start:
        return -1
    word = at
    while word > start and _byte(text, word - 1) > SPACE:
        word -= 1
    doubtful = _byte(text, word) >= PLUS and _byte(text, word) <= 57  # + , - . / 0 to 9
    return -1 if doubtful else at


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _numbers(text: Bytes, at: int, row: NDArray[np.float32]) -> int:
    """Numbers, each after spaces or tabs, into all of `row`; the position of the newline, or -1."""
    for column in range(row.shape[0]):
        if _byte(text, at) != SPACE and _byte(text, at) != TAB:
            return -1
        at += 1
        while _byte(text, at) == SPACE or _byte(text, at) == TAB:
            at += 1
        sign = _byte(text, at)
        at += int(sign == MINUS) + int(sign == PLUS)  # no branch: signs are random
        first = at
        mantissa = np.uint64(0)
        while np.uint8(_byte(text, at) - np.uint8(48)) < 10:
            mantissa = mantissa * np.uint64(10) + np.uint64(_byte(text, at) - np.uint8(48))
            at += 1
        digits = at - first
        exponent = 0
        if _byte(text, at) == POINT:
            at += 1
            point = at
            mantissa, at = _fraction(text, at, mantissa)
            exponent = point - at
            digits -= exponent
        if digits == 0 or (digits > 19 and _significant(text, first) > 19):
            return -1
        if _byte(text, at) == LOWER_E or _byte(text, at) == UPPER_E:
            at += 1
            down = _byte(text, at) == MINUS
            if down or _byte(text, at) == PLUS:
                at += 1
            first, power = at, 0
            while np.uint8(_byte(text, at) - np.uint8(48)) < 10 and power < 1000:
                power = power * 10 + (_byte(text, at) - 48)
                at += 1
            if at == first:
                return -1
            exponent += -power if down else power
        value = np.float64(mantissa)
        if mantissa != 0 and exponent != 0:
            if exponent < LOWEST_POWER or exponent > HIGHEST_POWER:
                return -1
            value *= POWERS[exponent - LOWEST_POWER]
        # The 29 bits that float32 drops: near one half, the last places of `value` would decide.
        dropped = (_bits(value) + np.uint64(4)) & np.uint64(0x1FFFFFFF)
        if dropped - np.uint64(0x10000000) <= np.uint64(8):
            return -1
        if value != 0 and (value < SMALLEST_NORMAL or value > LARGEST):
            return -1
        row[column] = value * (1.0 - 2.0 * np.float64(sign == MINUS))
    while _byte(text, at) == SPACE or _byte(text, at) == TAB or _byte(text, at) == RETURN:
        at += 1
    return at if _byte(text, at) == NEWLINE else -1


@njit(cache=True, nogil=True, inline="always")  # type: ignore[untyped-decorator]
def _fraction(text: Bytes, at: int, mantissa: np.uint64) -> tuple[np.uint64, int]:
    """The digits from `at` on appended to `mantissa`, and where they end: eight at a time."""
    while True:
        digits = _eight_bytes(text, at) ^ np.uint64(0x3030303030303030)  # "0"…"9" become 0…9
        others = (digits + np.uint64(0x7676767676767676)) | digits  # top bit set: not a digit
        count = _trailing_zeros(others & np.uint64(0x8080808080808080)) >> np.uint64(3)
        if count == 0:
            return mantissa, at
        digits <<= np.uint64(64) - (count << np.uint64(3))  # zeros in front: 12 -> 00000012
        digits = digits * np.uint64(10) + (digits >> np.uint64(8))  # pairs of digits
        even = (digits & np.uint64(0x000000FF000000FF)) * np.uint64(0x000F424000000064)
        odd = ((digits >> np.uint64(16)) & np.uint64(0x000000FF000000FF)) * np.uint64(
            0x0000271000000001
        )
        mantissa = mantissa * TENS[count] + ((even + odd) >> np.uint64(32))
        at += int(count)
        if count < 8:
            return mantissa, at


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _significant(text: Bytes, at: int) -> int:
    """The digits of a number without the zeros it begins with: 0.00120 has three."""
    while _byte(text, at) == 48 or _byte(text, at) == POINT:
        at += 1
    digits = 0
    while _byte(text, at) == POINT or np.uint8(_byte(text, at) - np.uint8(48)) < 10:
        digits += _byte(text, at) != POINT
        at += 1
    return digits


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def pack_names(
    text: Bytes, starts: NDArray[np.int64], ends: NDArray[np.int64], packed: Bytes
) -> None:
    """The names text[start:end] one after the other, a zero byte behind each."""
    to = 0
    for r in range(starts.shape[0]):
        for i in range(starts[r], ends[r]):
            packed[to] = _byte(text, i)
            to += 1
        packed[to] = 0
        to += 1
