"""The columns of a table of ratings, users and items by number in the order they first come.

pyarrow reads them, fast. Where it stumbles, Python's own reader goes over the file again: it either
reads it, or says in which line it goes wrong.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.errors import VectorFileError
from explorer.formats.source import Source
from explorer.training.text_lines import text_lines

COLUMNS = {
    "user": ("user", "userid", "user_id", "customer", "customerid", "customer_id", "session"),
    "item": ("item", "itemid", "item_id", "movieid", "movie_id", "product", "productid",
             "product_id", "track", "trackid", "artistid", "artist", "isbn", "bookid", "book_id"),
    "rating": ("rating", "weight", "score", "count", "plays", "stars", "value"),
    "time": ("time", "timestamp", "date", "datetime"),
}  # fmt: skip
DELIMITERS = ("::", "\t", ";", ",", "|", " ")


@dataclass(frozen=True)
class RatingColumns:
    """users, items : the names; user, item : (m,) their numbers; rating, time : (m,), or None."""

    users: list[str]
    items: list[str]
    user: NDArray[np.int32]
    item: NDArray[np.int32]
    rating: NDArray[np.float64] | None
    time: NDArray[np.float64] | None


def read_columns(source: Source) -> RatingColumns:
    """All lines of a table; VectorFileError names the one that is wrong."""
    number, first = next(table_rows(source), (0, []))
    if not first:
        raise VectorFileError(source.name, "holds blank lines only.")
    at = _columns(source.name, first)
    has_header = any(plain_name(name) in chain(*COLUMNS.values()) for name in first)
    delimiter = find_delimiter(next(_lines(source))[1])
    fast = None
    if len(delimiter) == 1 and number == 1:
        fast = _read_fast(source, at, len(first), delimiter, has_header)
    return fast or _read_carefully(source, at, len(first), has_header)


def _read_fast(
    source: Source, at: dict[str, int], width: int, delimiter: str, has_header: bool
) -> RatingColumns | None:
    """By pyarrow; None where the careful reader has to look."""
    import pyarrow as pa
    import pyarrow.csv as arrow_csv

    names = [f"column {number}" for number in range(width)]
    number_of = pa.dictionary(pa.int32(), pa.string())
    kinds = {"user": number_of, "item": number_of, "rating": pa.float64(), "time": pa.float64()}
    try:
        with source.file() as file:
            table = arrow_csv.read_csv(
                file,
                read_options=arrow_csv.ReadOptions(
                    column_names=names, skip_rows_after_names=int(has_header)
                ),
                parse_options=arrow_csv.ParseOptions(delimiter=delimiter),
                convert_options=arrow_csv.ConvertOptions(
                    column_types={names[column]: kinds[role] for role, column in at.items()},
                    include_columns=[names[column] for column in at.values()],
                ),
            ).unify_dictionaries()
    except pa.ArrowInvalid:
        return None
    found = {role: table[names[column]].combine_chunks() for role, column in at.items()}
    numbers = {
        role: np.asarray(found[role], dtype=np.float64) for role in ("rating", "time") if role in at
    }
    if len(table) == 0 or not all(np.isfinite(column).all() for column in numbers.values()):
        return None
    return RatingColumns(
        found["user"].dictionary.to_pylist(),
        found["item"].dictionary.to_pylist(),
        np.asarray(found["user"].indices, dtype=np.int32),
        np.asarray(found["item"].indices, dtype=np.int32),
        numbers.get("rating"),
        numbers.get("time"),
    )


def _read_carefully(
    source: Source, at: dict[str, int], width: int, has_header: bool
) -> RatingColumns:
    """By Python's own reader, line by line."""
    rows = table_rows(source)
    if has_header:
        next(rows)
    users: dict[str, int] = {}
    items: dict[str, int] = {}
    columns: dict[str, list[Any]] = {role: [] for role in at}
    for line, row in rows:
        if max(at.values()) >= len(row):
            raise VectorFileError(
                source.name, f"expected {width} columns, found {len(row)}.", line=line
            )
        columns["user"].append(users.setdefault(row[at["user"]], len(users)))
        columns["item"].append(items.setdefault(row[at["item"]], len(items)))
        if "rating" in at:
            columns["rating"].append(_number(row[at["rating"]], source.name, line))
        if "time" in at:
            columns["time"].append(_moment(row[at["time"]], source.name, line))
    if not columns["user"]:
        raise VectorFileError(source.name, "holds a header, but no line below it.")
    numbers = {role: np.array(columns[role]) for role in ("rating", "time") if role in at}
    return RatingColumns(
        list(users),
        list(items),
        np.array(columns["user"], dtype=np.int32),
        np.array(columns["item"], dtype=np.int32),
        numbers.get("rating"),
        numbers.get("time"),
    )


def find_delimiter(line: str) -> str:
    """What parts the fields of a line: the first that it holds."""
    return next((mark for mark in DELIMITERS if mark in line), ",")


def _lines(source: Source) -> Iterator[tuple[int, str]]:
    with source.stream() as stream:
        yield from text_lines(source, stream)


def _columns(file: str, first: Sequence[str]) -> dict[str, int]:
    """Which column is which, by the header's names or, without a header, by order."""
    names = [plain_name(name) for name in first]
    found = {
        role: next(names.index(known) for known in knowns if known in names)
        for role, knowns in COLUMNS.items()
        if any(known in names for known in knowns)
    }
    if not found:
        found = dict(zip(COLUMNS, range(len(first)), strict=False))
    if "user" not in found or "item" not in found:
        raise VectorFileError(
            file,
            f"needs a column of users and one of items; the first line is {', '.join(first)}. "
            "Name them user and item, or put them first and leave the header out.",
            line=1,
        )
    return found


def plain_name(name: str) -> str:
    return name.strip().casefold().replace(" ", "")


def table_rows(source: Source) -> Iterator[tuple[int, list[str]]]:
    """Each line that is not blank: its number and its fields, quotes taken off."""
    lines = _lines(source)
    head = next(lines, None)
    if head is None:
        return
    delimiter, lines = find_delimiter(head[1]), chain([head], lines)
    if delimiter == "::":
        yield from ((number, line.split("::")) for number, line in lines)
        return
    at = head[0]

    def texts() -> Iterator[str]:
        nonlocal at
        for at, line in lines:  # noqa: B007 (told below)
            yield line

    try:
        for row in csv.reader(texts(), delimiter=delimiter):
            yield at, row
    except csv.Error as error:
        raise VectorFileError(source.name, f"{error}.", line=at) from None


def _number(text: str, file: str, line: int) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise VectorFileError(file, f"the rating {text!r} is no number.", line=line)
    return value


def _moment(text: str, file: str, line: int) -> float:
    """Seconds, or any number that grows; a date as 2018-09-26 or 2018-09-26T10:30:00."""
    try:
        moment = float(text)
    except ValueError:
        try:
            date = np.datetime64(text.strip().replace(" ", "T"), "s")
            moment = math.nan if np.isnat(date) else float(date.astype(np.int64))
        except ValueError:
            moment = math.nan
    if not math.isfinite(moment):
        raise VectorFileError(
            file, f"the time {text!r} is neither a number nor a date as 2018-09-26.", line=line
        )
    return moment
