"""Names and metadata from second files, given to the rows of the vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from explorer.errors import VectorFileError
from explorer.formats.beside import Columns, read_columns
from explorer.formats.columns import Names, item_names, numbered_classes, repeats
from explorer.formats.options import Options
from explorer.formats.raw import RawVectors
from explorer.formats.source import Source
from explorer.space import Finding


def read_labels(
    source: Source, raw: RawVectors, options: Options, vectors_file: str
) -> tuple[Sequence[str] | None, Columns]:
    """The items' names from a labels file, and its other columns.

    source : one name a line, or a table whose column `label` (else the first column of names)
        holds them. Names that are classes (fewer distinct ones than half the rows) stay as
        metadata, and the items are called by class and row: "setosa · 0".
    raw : the vectors; of a sample of them, the lines of the same rows are taken

    Raises VectorFileError where the counts differ.
    """
    rows = _rows_of_file(raw)
    columns = read_columns(source, None if _cut_short(raw, options) else rows)
    count = _checked_count(columns, raw, source, options, vectors_file)
    columns = _of_rows(columns, raw)
    if count and list(columns) == ["label"]:
        names = [str(value) for value in columns["label"].tolist()]
        return (numbered_classes(names), columns) if repeats(names) else (names, {})
    wanted = next((name for name in (options.label, "label") if name in columns), None)
    if wanted is not None and repeats([str(value) for value in columns[wanted].tolist()]):
        wanted = None  # classes
    texts = [name for name, column in columns.items() if column.dtype == object]
    found: Names = item_names(columns, texts, wanted, source.name)
    return found.names, {name: c for name, c in columns.items() if name != found.column}


def join_metadata(
    source: Source,
    raw: RawVectors,
    names: Sequence[str] | None,
    options: Options,
    vectors_file: str,
) -> tuple[Columns, list[Finding]]:
    """The columns of a metadata file, one value for each of the vectors.

    A column that holds the items' names says which line belongs to which item, in any order;
    items it does not name get NaN or "" and are counted. Without such a column the lines stand
    in the order of the vectors, and must be as many.
    """
    rows = None if _cut_short(raw, options) else _rows_of_file(raw)
    columns = read_columns(source, rows, all_items=names is None)
    key = None if names is None else _name_column(columns, names)
    if key is None or names is None:
        _checked_count(columns, raw, source, options, vectors_file)
        return _of_rows(columns, raw), []
    line_of: dict[str, int] = {}
    for line, value in enumerate(columns.pop(key).tolist()):
        line_of.setdefault(str(value), line)
    lines = np.array([line_of.get(name, -1) for name in names], dtype=np.int64)
    missing = np.flatnonzero(lines < 0)
    findings = []
    if len(missing):
        examples = tuple(names[int(row)] for row in missing[:3])
        findings.append(
            Finding(f"items not in {source.name}", len(missing), "left without values", examples)
        )
    return {name: _taken(column, lines) for name, column in columns.items()}, findings


def _rows_of_file(raw: RawVectors) -> int:
    """How many vectors the file holds, of which a sample may have been taken."""
    return len(raw.vectors) if raw.sample is None else raw.sample.total


def _of_rows(columns: Columns, raw: RawVectors) -> Columns:
    rows = slice(len(raw.vectors)) if raw.sample is None else raw.sample.rows
    return {name: column[rows] for name, column in columns.items()}


def _checked_count(
    columns: Columns, raw: RawVectors, source: Source, options: Options, vectors_file: str
) -> int:
    """Lines must be as many as vectors; more are fine where --limit cut the vectors short."""
    rows = _rows_of_file(raw)
    count = len(next(iter(columns.values()))) if columns else 0
    if count < rows or (count > rows and not _cut_short(raw, options)):
        raise VectorFileError(
            source.name,
            f"{vectors_file} holds {rows:,} vectors, but this file has {count:,} lines for them.",
        )
    return count


def _cut_short(raw: RawVectors, options: Options) -> bool:
    """Did the reader stop at the limit, so that a second file may well have more lines?"""
    first = raw.sample is None and options.limit is not None
    return first and len(raw.vectors) <= cast(int, options.limit)


def _name_column(columns: Columns, names: Sequence[str]) -> str | None:
    """The column that holds most of the items' names, if one holds at least half of them."""
    sample = list(dict.fromkeys(names[row] for row in range(0, len(names), 1 + len(names) // 2000)))
    best, most = None, len(sample) / 2
    for name, column in columns.items():
        if column.dtype.kind == "f":
            continue
        values = {str(value) for value in column.tolist()}
        found = sum(item in values for item in sample)
        if found >= most and (best is None or found > most):
            best, most = name, found
    return best


def _taken(column: NDArray[Any], lines: NDArray[np.int64]) -> NDArray[Any]:
    """column[lines], with NaN or "" where a line is -1."""
    missing = lines < 0
    if not missing.any():
        return column[lines]
    if column.dtype.kind in "iuf":
        return np.where(missing, np.nan, column[lines].astype(np.float64))
    return np.where(missing, "", column[lines].astype(object))
