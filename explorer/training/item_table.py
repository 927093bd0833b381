"""What a second table tells of the items: titles, years, genres."""

from __future__ import annotations

import re
from typing import Any

from explorer.errors import VectorFileError
from explorer.formats.source import Source
from explorer.items import number_duplicates
from explorer.metadata import Metadata
from explorer.training.rating_columns import plain_name, table_rows

YEAR = re.compile(r"\((\d{4})\)\s*$")


def told_of_items(source: Source, ids: list[str]) -> tuple[list[str], Metadata]:
    """Distinct names and metadata for items known by id, from a table with a header."""
    rows = table_rows(source)
    _, header = next(rows, (0, []))
    told: dict[str, list[str]] = {}
    for line, row in rows:
        if len(row) != len(header):
            raise VectorFileError(
                source.name, f"expected {len(header)} columns, found {len(row)}.", line=line
            )
        told[row[0]] = row
    if not any(name in told for name in ids):
        raise VectorFileError(
            source.name,
            f"its first column ({header[0] if header else 'none'}) holds none of the items, "
            f"such as {ids[0]!r}.",
        )
    blank = [""] * len(header)
    table = [told.get(name, blank) for name in ids]
    columns: dict[str, list[Any]] = {"id": ids}
    names = ids
    for at, column in enumerate(header[1:], 1):
        values = [row[at] for row in table]
        if plain_name(column) in ("title", "name"):
            years = [YEAR.search(value) for value in values]
            names = [value or name for value, name in zip(values, ids, strict=True)]
            if any(years):
                columns["year"] = [float(year[1]) if year else None for year in years]
            continue
        if plain_name(column) == "genres":
            columns["genre"] = [value.split("|")[0] for value in values]
        columns[column] = values
    return list(number_duplicates(names)[0]), Metadata(columns, rows=len(ids))
