"""Parquet and Arrow: nulls, lists of all sorts, kinds of columns, damage."""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from tests.hostile.case import Case, cuts, refused, right, right_or_refused
from tests.hostile.contents import NAMES, ODD_NAMES, SPACED_NAMES, VECTORS, arrow, parquet, spread

GOOD = right(NAMES, VECTORS)
LISTS = VECTORS.tolist()
ALL_NAMES = [*ODD_NAMES, *SPACED_NAMES]
READ_NAMES = [name or f"row {row}" for row, name in enumerate(ALL_NAMES)]


def cases() -> Iterator[Case]:
    for kind, write in (("parquet", parquet), ("arrow", arrow), ("stream", as_stream)):
        file = f"t.{kind}"
        for name, columns, expect in tables():
            try:
                content = write(columns)
            except (pa.ArrowException, ValueError):
                continue  # this format has no such column
            yield Case(f"{kind}, {name}", file, content, expect)
        small = write({"word": NAMES, "v": LISTS})
        for place, cut in cuts(small):
            whole = kind == "stream"  # may end without a mark: all rows, or none
            expect = right_or_refused(GOOD) if whole else refused()
            yield Case(f"{kind}, cut at {place}", file, cut, expect)
    for codec in ("snappy", "gzip", "brotli", "zstd", "lz4"):
        yield Case(f"parquet, {codec}", "t.parquet",
                   parquet({"word": NAMES, "v": LISTS}, compression=codec), GOOD)  # fmt: skip
    yield Case("parquet, a bomb of equal rows", "t.parquet", bomb, refused("limit"))
    yield Case("parquet, a bomb of equal texts", "t.parquet", text_bomb, refused("limit"))
    yield Case("parquet, 2,000 columns of metadata", "t.parquet", many_columns,
               right(found=["1,000 are kept"]))  # fmt: skip
    yield Case("parquet, the mark alone", "t.parquet", b"PAR1PAR1", refused())
    yield Case(
        "parquet, a footer of 2 GB", "t.parquet", b"PAR1" + b"\xff\xff\xff\x7fPAR1", refused()
    )
    yield Case("arrow, the mark alone", "t.arrow", b"ARROW1\0\0" + bytes(64) + b"ARROW1", refused())
    yield Case(
        "stream, a schema of 2 GB", "t.arrow", b"\xff\xff\xff\xff\xff\xff\xff\x7f", refused()
    )
    yield Case("stream, a minus length", "t.arrow", b"\xff" * 64, refused())


def tables() -> Iterator[tuple[str, dict[str, Any], Any]]:
    """Columns, and what must come of them in each format."""
    fixed = pa.array(LISTS, pa.list_(pa.float32(), 3))
    words = {"word": NAMES}
    yield "plain", {**words, "v": LISTS}, GOOD
    for kind in (pa.float16(), pa.float32(), pa.float64()):
        numbers = [[np.float16(x) for x in row] for row in [[0.5, 1.5]] * 5]
        yield (f"lists of {kind}", {**words, "v": pa.array(numbers, pa.list_(kind))},
               right(NAMES, [[0.5, 1.5]] * 5))  # fmt: skip
    for kind in (pa.int8(), pa.uint64()):
        yield (f"lists of {kind}", {**words, "v": pa.array([[1, 2]] * 5, pa.list_(kind))},
               right(NAMES, [[1, 2]] * 5))  # fmt: skip
    yield "fixed lists", {**words, "v": fixed}, GOOD
    yield "large lists", {**words, "v": pa.array(LISTS, pa.large_list(pa.float32()))}, GOOD
    yield "list views", {**words, "v": pa.array(LISTS, pa.list_view(pa.float32()))}, GOOD
    yield "columns of numbers", {**words, **{f"x{i}": VECTORS[:, i] for i in range(3)}}, GOOD
    yield "a missing vector", {**words, "v": [*LISTS[:4], None]}, refused("row", "no vector")
    gap = pa.array([*LISTS[:4], None], pa.list_(pa.float32(), 3))
    yield "a missing fixed vector", {**words, "v": gap}, refused("row", "no vector")
    yield "a missing number", {**words, "v": [*LISTS[:4], [1.0, None, 2.0]]}, refused("missing")
    yield "lists of two lengths", {**words, "v": [*LISTS[:4], [1.0]]}, refused("found 1")
    yield "an empty list", {**words, "v": [*LISTS[:4], []]}, refused("found 0")
    yield "empty lists", {**words, "v": pa.array([[]] * 5, pa.list_(pa.float32()))}, refused()
    yield (
        "no rows",
        {"word": pa.array([], pa.string()), "v": pa.array([], pa.list_(pa.float32()))},
        refused("no rows"),
    )
    yield "no columns", {}, refused()
    yield "no vectors", words, refused()
    yield "lists of lists", {**words, "v": [[[1.0, 2.0]]] * 5}, refused()
    yield "lists of text", {**words, "v": [["a"]] * 5}, refused()
    yield (
        "two columns of lists",
        {**words, "a": LISTS, "b": LISTS},
        refused("2 columns", "--vector"),
    )
    yield (
        "names missing",
        {"word": ["a", None, None, "b", "c"], "v": LISTS},
        right(["a", "row 1", "row 2", "b", "c"], VECTORS),
    )
    yield "odd names", {"word": ALL_NAMES, "v": spread(len(ALL_NAMES)).tolist()}, right(READ_NAMES)
    yield "a name of 10 MB", {"word": ["x" * 10_000_000, *NAMES[1:]], "v": LISTS}, refused("limit")
    yield "names that are not UTF-8", {"word": bad_utf8(), "v": LISTS}, right_or_refused(right())
    codes = pa.DictionaryArray.from_arrays([0, 1, 0, 1, 0], ["red", "blue"])
    yield "dictionary labels", {**words, "colour": codes, "v": LISTS}, GOOD
    yield "names from a dictionary", {"word": pa.array(NAMES).dictionary_encode(), "v": LISTS}, GOOD
    yield "decimals", {**words, "d": [decimal.Decimal("1.50")] * 5, "v": LISTS}, GOOD
    yield (
        "huge decimals",
        {**words, "d": pa.array([decimal.Decimal(10) ** 70] * 5, pa.decimal256(76, 2)), "v": LISTS},
        GOOD,
    )
    yield (
        "nested structures",
        {**words, "s": [{"a": {"b": [1]}}] * 5, "v": LISTS},
        right(NAMES, VECTORS, found=["left out"]),
    )
    yield (
        "maps",
        {**words, "s": pa.array([[("a", 1)]] * 5, pa.map_(pa.string(), pa.int64())), "v": LISTS},
        GOOD,
    )
    yield "bytes", {**words, "s": [b"\xff\xfe"] * 5, "v": LISTS}, GOOD
    yield "nothing but nulls", {**words, "s": pa.nulls(5), "v": LISTS}, GOOD
    yield (
        "dates",
        {
            **words,
            "s": [datetime.date(1, 1, 1), None, datetime.date(9999, 12, 31), None, None],
            "v": LISTS,
        },
        GOOD,
    )
    late = pa.array([2**62, -(2**62), None, 0, 1], pa.timestamp("s"))
    yield "times beyond the calendar", {**words, "s": late, "v": LISTS}, GOOD
    zoned = pa.array([0, 1, 2, 3, None], pa.timestamp("us", tz="Nowhere/Land"))
    yield "times of an unknown zone", {**words, "s": zoned, "v": LISTS}, GOOD
    yield (
        "spans of time",
        {**words, "s": pa.array([1, None, 2, 3, 4], pa.duration("ns")), "v": LISTS},
        GOOD,
    )
    yield (
        "truth values with gaps",
        {**words, "s": [True, None, False, True, True], "v": LISTS},
        GOOD,
    )
    yield (
        "whole numbers beyond float",
        {**words, "s": pa.array([2**64 - 1] * 5, pa.uint64()), "v": LISTS},
        GOOD,
    )
    yield (
        "half numbers",
        {**words, "s": pa.array([np.float16("nan")] * 5, pa.float16()), "v": LISTS},
        GOOD,
    )
    strange = [[1.0, 2.0], [float("nan"), 1.0], [float("inf"), 1.0], [0.0, 0.0], [1e300, 1.0]]
    yield "NaN, infinite, zero, huge", {**words, "v": strange}, right(["king"], [[1, 2]])
    yield "columns called alike", alike(), refused()
    yield "a column without a name", {**words, "": [1] * 5, "v": LISTS}, GOOD
    yield "columns of odd names", {**words, "<b>x</b>\n": [1] * 5, "v": LISTS}, GOOD
    yield (
        "a column with a name of 1 MB",
        {**words, "n" * 1_000_000: [1] * 5, "v": LISTS},
        refused("limit"),
    )


def alike() -> Any:
    return pa.table([NAMES, LISTS, NAMES], names=["word", "v", "word"])


def as_stream(columns: Any) -> bytes:
    return arrow(columns, stream=True)


def bad_utf8() -> Any:
    raw = pa.array([b"a", b"\xff\xfe", b"c", b"d", b"e"], pa.binary())
    return pa.StringArray.from_buffers(5, raw.buffers()[1], raw.buffers()[2])


def bomb(path: Path) -> None:
    """A small file of many equal rows: a dictionary and a run."""
    flat = pa.array(np.ones(4_000_000, dtype=np.float32))
    path.write_bytes(
        parquet({"v": pa.FixedSizeListArray.from_arrays(flat, 1000)}, compression="zstd")
    )


def text_bomb(path: Path) -> None:
    words = pa.DictionaryArray.from_arrays(np.zeros(100_000, "i4"), ["x" * 900])
    path.write_bytes(parquet({"word": words, "x0": np.arange(1, 100_001) / 2}))


def many_columns(path: Path) -> None:
    path.write_bytes(
        parquet({"v": LISTS, **{f"c{i}_": NAMES for i in range(2_000)}, "word": NAMES})
    )
