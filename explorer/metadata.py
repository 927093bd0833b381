"""What is known of each item besides its vector: columns of numbers, categories or text."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError

Kind = Literal["number", "category", "text"]

MOST_CATEGORIES = 1_000  # a column of words with more distinct values is text, not categories


class Metadata(Mapping[str, NDArray[Any]]):
    """Named columns with one value for each item; read-only.

    A column is float64 (missing: NaN), int64, bool, or objects that are all `str` (missing: "").
    What arrives as anything else is turned into one of these once, here: [1, None] -> [1.0, NaN],
    ["a", None] -> ["a", ""], dates and bytes into text.
    """

    def __init__(
        self, columns: Mapping[str, Any] | None = None, *, rows: int | None = None
    ) -> None:
        self._columns = {str(name): _column(values) for name, values in (columns or {}).items()}
        lengths = {name: len(values) for name, values in self._columns.items()}
        if rows is None:
            rows = next(iter(lengths.values()), 0)
        for name, length in lengths.items():
            if length != rows:
                raise ExplorerError(
                    f"Metadata needs one value for each of {rows:,} items; "
                    f"column {name!r} holds {length:,}."
                )
        self.rows = rows

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def kind(self, name: str) -> Kind:
        """How to draw a column: numbers on a scale, categories by colour, text on request.

        Whole numbers of at most 20 different values count as categories (a class, a year).
        """
        return self._kinds[name]

    @cached_property
    def _kinds(self) -> dict[str, Kind]:
        return {name: _kind(values) for name, values in self._columns.items()}

    def of_kind(self, *kinds: Kind) -> list[str]:
        """The names of the columns of these kinds, in order."""
        return [name for name in self if self.kind(name) in kinds]

    def take(self, rows: NDArray[np.int64] | Sequence[int]) -> Metadata:
        """The same columns for some of the rows."""
        rows = np.asarray(rows, dtype=np.int64)
        return Metadata({name: column[rows] for name, column in self.items()}, rows=len(rows))

    def record(self, row: int) -> dict[str, Any]:
        """One item's values as plain Python numbers and strings."""
        return {name: _plain(column[row]) for name, column in self.items()}

    def with_column(self, name: str, values: Any) -> Metadata:
        """These columns and one more (or one replaced)."""
        return Metadata({**self._columns, name: values}, rows=self.rows or len(values))

    @cached_property
    def digest(self) -> str:
        """A hash of all names and values, 32 hexadecimal digits."""
        hashed = hashlib.blake2b(digest_size=16)
        for name, column in self.items():
            hashed.update(f"{name}\0{column.dtype}\0".encode("utf-8", "surrogatepass"))
            if column.dtype == object:
                hashed.update("\0".join(column.tolist()).encode("utf-8", "surrogatepass"))
            else:
                hashed.update(np.ascontiguousarray(column).tobytes())
        return hashed.hexdigest()


def categories(column: NDArray[Any]) -> tuple[list[str], NDArray[np.int64], NDArray[np.int64]]:
    """The distinct values, most frequent first, each row's place in that list, and the counts.

    ["b", "a", "b"] -> (["b", "a"], [0, 1, 0], [2, 1]). Ties keep the values' own order. Not for
    columns with fractions, whose missing values (NaN) are no category.
    """
    if column.dtype == np.float64:
        raise ValueError("A column of numbers with fractions has no categories.")
    values = column.tolist()  # counting plain strings is 20 times faster than np.unique
    counts = Counter(values)
    ordered = sorted(counts, key=lambda value: (-counts[value], value))
    place = {value: number for number, value in enumerate(ordered)}
    codes = np.fromiter(map(place.__getitem__, values), dtype=np.int64, count=len(values))
    counted = np.array([counts[value] for value in ordered], dtype=np.int64)
    return [str(value) for value in ordered], codes, counted


def category_codes(column: NDArray[Any]) -> NDArray[np.int64]:
    """(n,) each row's category as a number, by how frequent it is; -1 where the cell is empty.

    ["b", "", "b", "a"] -> [0, -1, 0, 2], the empty text being the second of `categories`.
    """
    names, codes, _ = categories(column)
    return np.where(np.array([not name for name in names], dtype=bool)[codes], -1, codes)


def _column(values: Any) -> NDArray[Any]:
    array = np.asarray(values)
    if array.ndim != 1:
        raise ExplorerError(f"A metadata column is one value an item; got shape {array.shape}.")
    if array.dtype.kind in "Mm":
        array = np.where(np.isnat(array), "", array.astype(str))
    if array.dtype.kind in "OUS":  # asarray has turned a list's missing values into words
        array = _numbers_or_text(values if isinstance(values, list | tuple) else array.tolist())
    if array.dtype.kind == "b":
        column = array.astype(bool)
    elif array.dtype.kind in "iu" and array.dtype != np.uint64:
        column = array.astype(np.int64)
    elif array.dtype.kind in "fiu":
        column = array.astype(np.float64)
    else:
        column = array
    column = column.view()
    column.setflags(write=False)
    return column


def _numbers_or_text(values: Sequence[Any]) -> NDArray[Any]:
    """Numbers, some of them missing, as float64; anything else as `str` objects."""
    missing = [value is None or (isinstance(value, float) and value != value) for value in values]
    kinds = {type(value) for value, gone in zip(values, missing, strict=True) if not gone}
    if kinds and kinds <= {int, float}:
        numbers = [np.nan if gone else value for value, gone in zip(values, missing, strict=True)]
        return np.array(numbers, dtype=np.float64)
    text = np.empty(len(values), dtype=object)
    text[:] = ["" if gone else _text(value) for value, gone in zip(values, missing, strict=True)]
    return text


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _kind(column: NDArray[Any]) -> Kind:
    if column.dtype == bool:
        return "category"
    if column.dtype == np.int64:
        few = len(column) > 0 and len(np.unique(column)) <= 20
        return "category" if few else "number"
    if column.dtype == np.float64:
        return "number"
    distinct = len(set(column.tolist()))
    return "category" if distinct <= min(MOST_CATEGORIES, max(20, len(column) // 2)) else "text"


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value
