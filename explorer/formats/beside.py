"""A second file beside the vectors: a list of names, or a table of what is known of the items."""

from __future__ import annotations

import csv
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.errors import FileTooLargeError, VectorFileError
from explorer.formats.arrow_batches import arrow_errors
from explorer.formats.arrow_columns import kind_of, metadata_column
from explorer.formats.columns import ITEM_COLUMNS
from explorer.formats.encoding import BOM, check_encoding, decode_utf8
from explorer.formats.source import Source, byte_size

Columns = dict[str, NDArray[Any]]

MOST_COLUMNS = 1_000
TEXT_BYTES = 1 << 30  # a list of names longer than this is no list of names


def read_columns(source: Source, rows: int | None, *, all_items: bool = True) -> Columns:
    """The columns of a CSV, TSV, JSON lines, Parquet or Arrow file, or of plain lines.

    rows : how many items there are, where that is known. It settles what the file itself does
        not say: with one line more than that, the first is a header; with just as many, it
        belongs to the first item.
    all_items : False where lines may be missing, so that counting them proves nothing: the first
        line of a table is then a header unless it holds a number

    A file without a separator in its lines is one column, called "label".
    """
    head = source.head(4096)
    if head.startswith((b"PAR1", b"ARROW1")):
        return _binary_columns(source, head)
    check_encoding(head, source.name)
    if head.removeprefix(BOM).lstrip().startswith(b"{"):
        import pyarrow.json

        with arrow_errors(source, "JSON lines"):
            return _from_arrow(pyarrow.json.read_json(source.file()), source)
    separator = _separator(source, head)
    if separator is None:
        return {"label": _typed(_lines(source, rows))}
    return _separated_columns(source, separator, rows, all_items)


def _binary_columns(source: Source, head: bytes) -> Columns:
    import pyarrow as pa
    import pyarrow.parquet as pq

    with arrow_errors(source, "Parquet or Arrow"):
        if head.startswith(b"PAR1"):
            file = pq.ParquetFile(source.file())
            flat = [field.name for field in file.schema_arrow if _is_flat(field.type)]
            return _from_arrow(file.read(columns=flat), source)
        return _from_arrow(pa.ipc.open_file(source.file()).read_all(), source)


def _from_arrow(table: Any, source: Source) -> Columns:
    _check_width(table.num_columns, source)
    return {
        name: metadata_column(table.column(place))
        for place, name in enumerate(table.column_names)
        if _is_flat(table.schema.field(place).type)
    }


def _is_flat(kind: Any) -> bool:
    return kind_of(kind) in ("number", "text", "other")


def _check_width(columns: int, source: Source) -> None:
    if columns > MOST_COLUMNS:
        raise FileTooLargeError(
            source.name, f"has {columns:,} columns, and the limit here is {MOST_COLUMNS:,}."
        )


def _separator(source: Source, head: bytes) -> str | None:
    """What stands between columns; None for one name a line (which may hold commas itself)."""
    lines = [line for line in head.split(b"\n") if line.strip()]
    lines = lines[:-1] if len(lines) > 1 and len(head) == 4096 else lines
    sample = [line.decode("utf-8", "replace") for line in lines[:20]]
    if any("\t" in line for line in sample) and (source.suffix == ".tsv" or _even(sample, "\t")):
        return "\t"
    return "," if source.suffix == ".csv" or _even(sample, ",") else None


def _even(lines: list[str], separator: str) -> bool:
    """Two fields or more in every line, as many in each, and not just because names have commas."""
    try:
        rows = list(csv.reader(lines, delimiter=separator))
    except csv.Error:
        return False
    as_in_prose = all(row[1:] and all(field.startswith(" ") for field in row[1:]) for row in rows)
    return len({len(row) for row in rows}) == 1 and len(rows[0]) > 1 and not as_in_prose


def _text(source: Source) -> bytes:
    data = bytearray()
    with source.file() as file:
        while piece := file.read(1 << 20):  # read(most) would make room for the most at once
            data += piece
            if len(data) > TEXT_BYTES:
                raise FileTooLargeError(
                    source.name,
                    f"is more than {byte_size(TEXT_BYTES)} of text; is it a file of names?",
                )
    return bytes(data.removeprefix(BOM))


def _lines(source: Source, rows: int | None) -> list[str]:
    """One name a line; the first is left aside where it makes one too many, or reads "label"."""
    lines = [line.rstrip("\r") for line in decode_utf8(_text(source), source.name).split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    if rows is None:
        return lines[1:] if lines and lines[0].casefold() in ITEM_COLUMNS else lines
    return lines[1:] if len(lines) == rows + 1 else lines


def _separated_columns(
    source: Source, separator: str, rows: int | None, all_items: bool
) -> Columns:
    import pyarrow as pa
    import pyarrow.csv

    data = _text(source)
    decode_utf8(data, source.name)
    _check_width(data.partition(b"\n")[0].count(separator.encode()) + 1, source)
    parse = pyarrow.csv.ParseOptions(
        delimiter=separator,
        quote_char='"' if separator == "," else False,  # in TSV a quote is a character
        newlines_in_values=separator == ",",
    )
    with arrow_errors(source, "a table"):
        table = pyarrow.csv.read_csv(pa.py_buffer(data), parse_options=parse)
        if table.num_rows + 1 == rows and (all_items or any(map(_is_number, table.column_names))):
            headless = pyarrow.csv.ReadOptions(autogenerate_column_names=True)
            table = pyarrow.csv.read_csv(
                pa.py_buffer(data), read_options=headless, parse_options=parse
            )
            names = [f"column {place + 1}" for place in range(table.num_columns)]
            table = table.rename_columns(names)
    if len(set(table.column_names)) < table.num_columns:
        raise VectorFileError(source.name, "has two columns of one name; rename one of them.")
    return _from_arrow(table, source)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _typed(values: list[str]) -> NDArray[Any]:
    """Whole numbers where all are, else text: the classes 0 to 9 stay numbers."""
    if values and all(value.isdecimal() and len(value) < 18 for value in values):
        return np.array([int(value) for value in values], dtype=np.int64)
    return np.array(values, dtype=object)
