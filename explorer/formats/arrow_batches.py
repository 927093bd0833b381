"""Batches of Arrow columns to vectors, names and metadata: the way of every table in here.

    Parquet, Arrow, CSV, JSON lines --pyarrow--> record batches --this module--> RawVectors

The vectors of each batch go straight into the one matrix, so that a file is never held twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np

from explorer.errors import VectorFileError
from explorer.formats.arrow_columns import (
    MatrixBuilder,
    Place,
    check_metadata_cells,
    kind_of,
    metadata_column,
    numbers_from_text,
)
from explorer.formats.columns import (
    Kind,
    VectorColumns,
    first_columns,
    item_names,
    listed,
    vector_columns,
)
from explorer.formats.options import Options
from explorer.formats.raw import Origin, RawVectors
from explorer.formats.sample import count, draw
from explorer.space import Finding

METADATA_KINDS = ("number", "text", "other")
MOST_METADATA = 1_000  # columns


def raw_from_batches(
    source: Origin,
    schema: Any,
    batches: Iterable[Any],
    rows: int,
    options: Options,
    format: str,
    *,
    chosen: VectorColumns | None = None,
    kinds: Mapping[str, Kind] | None = None,
    from_text: bool = False,
    place: Place = lambda row: f"row {row:,}",
) -> RawVectors:
    """Take vectors, names and metadata out of record batches that all have the same schema.

    schema : pyarrow.Schema
    rows : as many as the batches hold together, or more
    chosen : the vector's columns, where the caller knows them already
    kinds : what the columns hold, where the schema does not tell
    from_text : columns of text that hold numbers become numbers, empty columns go

    Reading stops after `options.limit` rows. Columns that metadata cannot hold are left out
    with a finding.
    """
    import pyarrow as pa

    names = list(schema.names)
    if len(set(names)) < len(names):
        twice = listed(sorted(name for name, count in Counter(names).items() if count > 1))
        raise VectorFileError(source.name, f"has several columns called {twice}; rename them.")
    kinds = kinds or {field.name: kind_of(field.type) for field in schema}
    chosen = chosen or vector_columns(kinds, options.vector, source.name)
    of_vector = set(chosen.names)
    kept = [n for n in names if n not in of_vector and kinds[n] in METADATA_KINDS]
    there = len(kept)
    kept = first_columns(kept, options.label, MOST_METADATA)
    sample, rows_of_file = draw(rows, options), rows
    rows = count(rows, options)
    check_metadata_cells(source, rows, len(kept))

    builder = MatrixBuilder(source, rows, chosen.names, place)
    parts: dict[str, list[Any]] = {name: [] for name in kept}
    seen = 0  # rows of the file
    for batch in batches:
        if sample is None:
            batch = batch.slice(0, rows - builder.filled)
        else:
            here = sample.rows[np.searchsorted(sample.rows, seen) :] - seen
            seen += batch.num_rows
            batch = batch.take(pa.array(here[: np.searchsorted(here, batch.num_rows)]))
        if batch.num_rows:
            if chosen.are_lists:
                builder.add_lists(batch.column(chosen.names[0]))
            else:
                builder.add_columns([batch.column(name) for name in chosen.names])
            for name in kept:
                parts[name].append(batch.column(name))
        if builder.filled >= rows:
            break

    vectors = builder.matrix()
    columns = {
        name: metadata_column(pa.chunked_array(parts.pop(name), type=schema.field(name).type))
        for name in kept
    }
    texts = [name for name in kept if kinds[name] == "text"]
    found = item_names(columns, texts, options.label, source.name)
    metadata = {name: column for name, column in columns.items() if name != found.column}
    if from_text:
        metadata = {
            name: numbers_from_text(column) for name, column in metadata.items() if any(column)
        }
    lost = [n for n in names if n not in of_vector and kinds[n] not in METADATA_KINDS]
    findings = [left_out(lost)] if lost else []
    if sample is None and len(vectors) == options.limit and len(vectors) < rows_of_file:
        done = f"read: the first {len(vectors):,} were asked for"
        findings.append(Finding("items and no more", len(vectors), done))
    if there > len(kept):
        done = f"left out: {MOST_METADATA:,} are kept"
        findings.append(Finding("columns of metadata", there - len(kept), done))
    if sample is not None:
        sample = replace(sample, rows=sample.rows[: len(vectors)])
        place = sample.place(place)
    return RawVectors(
        vectors, format, found.names, metadata=metadata, place=place, findings=findings,
        sample=sample,
    )  # fmt: skip


def left_out(columns: list[str]) -> Finding:
    """What is said of columns that are neither the vector nor one value an item."""
    return Finding(
        f"column{'s' * (len(columns) > 1)} of lists, structures or bytes",
        len(columns),
        "left out (--vector COLUMN takes a column of lists)",
        tuple(columns[:5]),
    )


@contextmanager
def arrow_errors(source: Origin, what: str) -> Iterator[None]:
    """Turn what pyarrow raises over a damaged file into one sentence."""
    import pyarrow as pa

    try:
        yield
    except UnicodeDecodeError:
        raise VectorFileError(
            source.name, f"holds text that is not UTF-8, which {what} wants; write it again."
        ) from None
    except (pa.ArrowException, OSError, OverflowError, LookupError, RuntimeError) as error:
        reason = str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else "damaged"
        raise VectorFileError(
            source.name, f"cannot be read as {what} ({reason}); is the file cut short?"
        ) from None
