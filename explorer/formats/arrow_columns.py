"""Arrow columns as NumPy: lists of numbers to a matrix, everything else to metadata.

Parquet, Arrow, JSON lines and CSV are all read by pyarrow, and end here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.errors import FileTooLargeError, VectorFileError
from explorer.formats.columns import Kind
from explorer.formats.raw import Origin

Place = Callable[[int], str]


def kind_of(kind: Any) -> Kind:
    """What a column of this Arrow type can be: a dimension, vectors, a name, something else."""
    import pyarrow.types as types

    kind = storage(kind)
    if types.is_integer(kind) or types.is_floating(kind):
        return "number"
    if is_list(kind):
        element = storage(kind.value_type)
        if types.is_floating(element):
            return "numbers"
        return "whole numbers" if types.is_integer(element) else "left out"
    if types.is_dictionary(kind):
        return "text" if kind_of(kind.value_type) == "text" else "other"
    if types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind):
        return "text"
    if types.is_nested(kind) or types.is_binary(kind) or types.is_large_binary(kind):
        return "left out"
    if types.is_fixed_size_binary(kind) or types.is_binary_view(kind):
        return "left out"
    return "other"


def storage(kind: Any) -> Any:
    """The plain type under an extension type (a fixed-shape tensor is a fixed-size list)."""
    return getattr(kind, "storage_type", kind)


def is_list(kind: Any) -> bool:
    """Lists of any length, lists of one length, and their large and view forms."""
    import pyarrow.types as types

    return bool(
        types.is_list(kind)
        or types.is_large_list(kind)
        or types.is_fixed_size_list(kind)
        or types.is_list_view(kind)
        or types.is_large_list_view(kind)
    )


class MatrixBuilder:
    """Puts batches of rows one below the other in a matrix that is allocated once.

    rows : how many will come at most; `matrix()` gives as many as came
    place : row -> "row 317", for messages
    columns : the names of the columns that hold the vectors

    A first batch that holds all rows as float32 side by side is taken over without a copy.
    """

    def __init__(self, source: Origin, rows: int, columns: Sequence[str], place: Place) -> None:
        self.source, self.rows, self.columns, self.place = source, rows, columns, place
        self.filled = 0
        self._matrix: NDArray[Any] | None = None

    def add_lists(self, column: Any) -> None:
        """One batch of a list column (pyarrow Array): every row a vector of the same length."""
        import pyarrow.compute as pc

        column = getattr(column, "storage", column)
        if column.null_count:
            row = pc.index(column.is_null(), True).as_py()
            raise self._error(row, "holds no vector (null)")
        lengths = self._lengths(column)
        width = self._matrix.shape[1] if self._matrix is not None else int(lengths[0])
        wrong = np.flatnonzero(lengths != width)
        if len(wrong):
            row = int(wrong[0])
            raise self._error(row, f"expected {width:,} numbers, found {int(lengths[row]):,}")
        numbers = column.flatten()
        if numbers.null_count:
            at = pc.index(numbers.is_null(), True).as_py()
            raise self._error(at // width, f"number {at % width + 1:,} of {width:,} is missing")
        values = numbers.to_numpy(zero_copy_only=True)
        self._add(values.reshape(len(column), width))

    def _lengths(self, column: Any) -> NDArray[Any]:
        import pyarrow.compute as pc
        import pyarrow.types as types

        if types.is_fixed_size_list(column.type):
            return np.full(len(column), column.type.list_size)
        lengths: NDArray[Any] = pc.list_value_length(column).to_numpy(zero_copy_only=False)
        return lengths

    def add_columns(self, columns: Iterable[Any]) -> None:
        """One batch of number columns (pyarrow Arrays), one for each dimension; null is NaN."""
        arrays = list(columns)
        block = self._allocated(len(arrays[0]), len(arrays))
        with np.errstate(over="ignore"):  # beyond float32: infinite, which `assemble` reports
            for dimension, column in enumerate(arrays):
                block[:, dimension] = column.to_numpy(zero_copy_only=False)

    def _add(self, block: NDArray[Any]) -> None:
        if self._matrix is None and len(block) == self.rows and block.dtype == np.float32:
            self._check_size(block.shape[1])
            self._matrix, self.filled = block, len(block)
            return
        with np.errstate(over="ignore"):
            self._allocated(*block.shape)[...] = block

    def _allocated(self, count: int, width: int) -> NDArray[Any]:
        """The next `count` rows of the matrix, to be written into."""
        if self._matrix is None:
            self._check_size(width)
            self._matrix = np.empty((self.rows, width), dtype=np.float32)
        start, self.filled = self.filled, self.filled + count
        block: NDArray[Any] = self._matrix[start : self.filled]
        return block

    def _check_size(self, width: int) -> None:
        check_cells(self.source, self.rows, width)
        if width == 0:
            raise VectorFileError(
                self.source.name, f"column {self.columns[0]} holds lists without numbers."
            )

    def matrix(self) -> NDArray[Any]:
        """(rows that came, d) all of them."""
        if self._matrix is None or self.filled == 0:
            raise VectorFileError(self.source.name, "holds columns, but no rows.")
        return self._matrix[: self.filled]

    def _error(self, row: int, problem: str) -> VectorFileError:
        place = self.place(self.filled + row)
        return VectorFileError(self.source.name, f"column {self.columns[0]}, {place}: {problem}.")


def check_cells(source: Origin, rows: int, width: int) -> None:
    """FileTooLargeError before anything of that size is allocated."""
    if rows * width > source.limits.cells:
        raise FileTooLargeError(
            source.name,
            f"holds {rows:,} x {width:,} numbers, and the limit here is "
            f"{source.limits.cells:,}; use --limit N for a part of it.",
            rows=source.limits.cells // max(1, width),
        )


def check_metadata_cells(source: Origin, rows: int, columns: int) -> None:
    """FileTooLargeError for more metadata than a server wants to keep."""
    if rows * columns > source.limits.metadata_cells:
        raise FileTooLargeError(
            source.name,
            f"holds {rows:,} x {columns:,} values of metadata, and the limit here is "
            f"{source.limits.metadata_cells:,}; use --limit N for a part of it.",
            rows=source.limits.metadata_cells // columns,
        )


def metadata_column(column: Any) -> NDArray[Any]:
    """A column (pyarrow ChunkedArray) as numbers or as text; a missing number is NaN.

    Decimals become float64, dates and times text in ISO form, true and false stay as they are.
    """
    import pyarrow as pa
    import pyarrow.types as types

    kind = column.type
    if isinstance(kind, pa.BaseExtensionType):
        column = pa.chunked_array([c.storage for c in column.chunks], type=kind.storage_type)
        kind = column.type
    if types.is_dictionary(kind):
        if kind_of(kind.value_type) == "text":
            return _decoded(column)
        return metadata_column(column.cast(kind.value_type))
    if types.is_integer(kind) or types.is_floating(kind):
        numbers: NDArray[Any] = column.to_numpy()
        return numbers
    if types.is_decimal(kind):
        return metadata_column(column.cast(pa.float64()))
    if types.is_boolean(kind) and column.null_count == 0:
        flags: NDArray[Any] = column.to_numpy()
        return flags
    if types.is_timestamp(kind) and kind.tz is not None:
        return metadata_column(column.cast(pa.timestamp(kind.unit)))  # told in UTC
    if types.is_timestamp(kind):
        column = _shortest_time(column)
    if types.is_duration(kind):
        ticks = {"s": 1, "ms": 1e3, "us": 1e6, "ns": 1e9}[kind.unit]
        seconds: NDArray[Any] = column.cast(pa.int64()).to_numpy() / ticks
        return seconds
    texts = np.empty(len(column), dtype=object)
    texts[:] = ["" if text is None else text for text in _texts(column)]
    return texts


def _decoded(column: Any) -> NDArray[Any]:
    """A dictionary of texts: rows of one value share one `str`, however long it is."""
    texts = np.empty(len(column), dtype=object)
    start = 0
    for chunk in column.chunks:
        words = np.array(
            [*("" if word is None else word for word in chunk.dictionary.to_pylist()), ""], object
        )
        codes = chunk.indices.fill_null(len(words) - 1).to_numpy(zero_copy_only=False)
        texts[start : start + len(chunk)] = words[codes]
        start += len(chunk)
    return texts


def _shortest_time(column: Any) -> Any:
    """Timestamps as dates, or to the second, where nothing is lost by it."""
    import pyarrow as pa

    for shorter in (pa.date32(), pa.timestamp("s")):
        cut = column.cast(shorter, safe=False)
        if cut.cast(column.type).equals(column):
            return cut
    return column


def numbers_from_text(column: NDArray[Any]) -> NDArray[Any]:
    """A column of texts as int64 or float64 where every text is a number or empty.

    ["3", "", "4.5"] -> [3, nan, 4.5]. Numbers with leading zeros ("007", a code) stay text.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = pa.array(column, pa.large_string())
    if pc.any(pc.match_substring_regex(texts, r"^\s*[+-]?0\d")).as_py():
        return column
    texts = pc.if_else(pc.equal(texts, ""), None, texts)
    for kind in (pa.int64(), pa.float64()):
        try:
            numbers: NDArray[Any] = texts.cast(kind).to_numpy(zero_copy_only=False)
        except pa.ArrowInvalid:
            continue
        return numbers
    return column


def _texts(column: Any) -> list[str | None]:
    import pyarrow as pa

    try:
        texts: list[str | None] = column.cast(pa.large_string()).to_pylist()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return [None if value is None else str(value) for value in column.to_pylist()]
    return texts
