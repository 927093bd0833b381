"""Parquet and Arrow files (Feather is Arrow), read and written through pyarrow.

The vectors are a column of lists, or number columns (see `columns`). An uncompressed Arrow file
whose rows lie in one batch of fixed-size lists of float32 is memory-mapped: nothing is copied.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, BinaryIO

from explorer.blocks import row_blocks
from explorer.errors import FileTooLargeError, VectorFileError
from explorer.formats.arrow_batches import arrow_errors, raw_from_batches
from explorer.formats.arrow_columns import check_cells, is_list, kind_of, storage
from explorer.formats.columns import Kind, VectorColumns, vector_columns
from explorer.formats.mapped import worth_mapping
from explorer.formats.options import Options
from explorer.formats.raw import RawVectors
from explorer.formats.source import Source, byte_size

if TYPE_CHECKING:
    from explorer.space import EmbeddingSpace

BATCH_BYTES = 1 << 24  # of vectors, decoded at a time
MOST_BATCH = 1 << 18  # rows, decoded at a time
OWN_KEY = b"embedding_explorer"  # the key in a schema's metadata under which we note our own words


def read_parquet(source: Source, options: Options) -> RawVectors:
    """A Parquet file; sizes are checked in its footer before a number is decoded."""
    import pyarrow.parquet as pq

    with arrow_errors(source, "Parquet"):
        opened = source.path or source.file()
        texts = _text_columns(pq.read_schema(opened))
        file = pq.ParquetFile(opened, memory_map=worth_mapping(source), read_dictionary=texts)
        schema, rows = file.schema_arrow, file.metadata.num_rows
        own = _own_words(schema)
        options, kinds, chosen = _columns(schema, own, source, options)
        width = _parquet_width(file, chosen.names, chosen.are_lists)
        _check_parquet(source, file, min(rows, options.limit or rows), width)
        needed = [name for name, kind in kinds.items() if kind != "left out"]
        needed = [n for n in needed if n in chosen.names or "numbers" not in kinds[n]]
        batches = file.iter_batches(
            batch_size=min(MOST_BATCH, max(1_024, BATCH_BYTES // (4 * max(1, width)))),
            columns=needed,
        )
        raw = raw_from_batches(source, schema, batches, rows, options, "Parquet", chosen=chosen)
    return _in_own_words(raw, own)


def _columns(
    schema: Any, own: dict[str, Any], source: Source, options: Options
) -> tuple[Options, dict[str, Kind], VectorColumns]:
    """The options with what the file itself says, what each column is, and the vector's."""
    options = replace(
        options,
        vector=options.vector or own.get("vector"),
        label=options.label or own.get("item"),
    )
    kinds = {field.name: kind_of(field.type) for field in schema}
    return options, kinds, vector_columns(kinds, options.vector, source.name)


def _text_columns(schema: Any) -> list[str]:
    """Text is read as a dictionary: a small file may hold one long text for millions of rows."""
    return [field.name for field in schema if kind_of(field.type) == "text"]


def _parquet_width(file: Any, names: tuple[str, ...], are_lists: bool) -> int:
    """d, from the first row. The footer tells it too, but a damaged one ends pyarrow (26.0) with
    an exception of C++ that nobody catches, and the whole server with it."""
    if not are_lists:
        return len(names)
    for batch in file.iter_batches(batch_size=1, columns=[names[0]]):
        first = batch.column(0)
        if len(first) and first[0].is_valid:
            return len(first[0].as_py())
        break
    return 1


def _check_parquet(source: Source, file: Any, rows: int, width: int) -> None:
    if rows == 0:
        raise VectorFileError(source.name, "holds columns, but no rows.")
    check_cells(source, rows, width)
    groups = map(file.metadata.row_group, range(file.metadata.num_row_groups))
    size = sum(group.total_byte_size for group in groups)
    if size > source.limits.expanded_bytes:
        limit = byte_size(source.limits.expanded_bytes)
        raise FileTooLargeError(
            source.name, f"unpacks to {byte_size(size)}, and the limit here is {limit}."
        )


def read_arrow(source: Source, options: Options) -> RawVectors:
    """An Arrow IPC file or stream, and so a Feather file (version 2)."""
    import pyarrow as pa

    if source.head(4) == b"FEA1":
        raise VectorFileError(
            source.name, "is a Feather file of version 1; write it again with version 2."
        )
    with arrow_errors(source, "Arrow"):
        file = _arrow_source(source)
        if source.head(6) == b"ARROW1":
            schema, batches, rows = _arrow_file(file)
        else:
            stream = pa.ipc.open_stream(file)
            whole = list(stream)
            schema, batches, rows = stream.schema, iter(whole), sum(b.num_rows for b in whole)
        own = _own_words(schema)
        options, _, chosen = _columns(schema, own, source, options)
        kind = storage(schema.field(schema.names.index(chosen.names[0])).type)
        width = getattr(kind, "list_size", 0) if is_list(kind) else len(chosen.names)
        check_cells(source, min(rows, options.limit or rows), width)
        checked = map(_validated, batches)
        raw = raw_from_batches(source, schema, checked, rows, options, "Arrow", chosen=chosen)
    return _in_own_words(raw, own)


def _arrow_source(source: Source) -> Any:
    """The bytes as pyarrow wants them: mapped where they are many, read where they are few."""
    import pyarrow as pa

    if source.path is None:
        return pa.PythonFile(source.file(), "r")
    return pa.memory_map(str(source.path)) if worth_mapping(source) else pa.OSFile(str(source.path))


def _arrow_file(file: Any) -> tuple[Any, Iterator[Any], int]:
    """The schema, the batches one after the other, and how many rows they hold together."""
    import pyarrow as pa

    one_column = pa.ipc.IpcReadOptions(included_fields=[0])  # enough to count, cheap to unpack
    counter = pa.ipc.open_file(file, options=one_column)
    numbers = range(counter.num_record_batches)
    rows = sum(counter.get_batch(number).num_rows for number in numbers)
    reader = pa.ipc.open_file(file)
    return reader.schema, (reader.get_batch(number) for number in numbers), rows


def _validated(batch: Any) -> Any:
    """A batch whose offsets all lie inside it: Arrow itself trusts what the file says."""
    batch.validate(full=True)
    return batch


def write_parquet(space: EmbeddingSpace, file: BinaryIO) -> None:
    """Write a space as Parquet: `item`, one column for each of the metadata, and `vector`.

    `vector` is a fixed-size list of float32, uncompressed (it would not shrink), so that pandas,
    polars, DuckDB and Arrow read it too. Preprocessing, seed and the similarity it was trained
    with go into the schema's metadata as JSON. Written block by block: no second copy.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    item, vector = _free_name("item", space), _free_name("vector", space)
    text = {
        name: pa.large_string() if column.dtype == object else pa.from_numpy_dtype(column.dtype)
        for name, column in space.metadata.items()
    }
    own = {
        "item": item,
        "vector": vector,
        "trained_with": space.trained_with,
        "source": space.provenance.source,
        "steps": list(space.provenance.steps),
        "seed": space.provenance.seed,
    }
    schema = pa.schema(
        [
            pa.field(item, pa.large_string()),
            *(pa.field(name, kind) for name, kind in text.items()),
            pa.field(vector, pa.list_(pa.field("element", pa.float32()), space.dimensions)),
        ],
        metadata={OWN_KEY: json.dumps(own, ensure_ascii=False).encode()},
    )
    plain = [name for name in schema.names if name != vector]
    compression = dict.fromkeys(plain, "zstd") | {f"{vector}.list.element": "none"}
    with pq.ParquetWriter(
        file, schema, compression=compression, use_dictionary=plain, write_statistics=plain
    ) as writer:
        for rows in row_blocks(len(space), space.dimensions, block_bytes=1 << 26):
            numbers = pa.array(space.vectors[rows].reshape(-1))
            lists = pa.FixedSizeListArray.from_arrays(numbers, type=schema.field(vector).type)
            columns = [
                pa.array(space.items[rows], pa.large_string()),
                *(pa.array(space.metadata[name][rows], kind) for name, kind in text.items()),
                lists,
            ]
            writer.write_batch(pa.record_batch(columns, schema=schema))


def _free_name(name: str, space: EmbeddingSpace) -> str:
    """`name`, with underlines behind it where the metadata has a column of that name."""
    while name in space.metadata:
        name += "_"
    return name


def _own_words(schema: Any) -> dict[str, Any]:
    """What `write_parquet` noted, as far as it fits; nothing for files of other programs."""
    try:
        own = json.loads((schema.metadata or {}).get(OWN_KEY, b"{}"))
    except ValueError:
        return {}
    if not isinstance(own, dict) or not {*map(str, (own.get("item"), own.get("vector")))} <= {
        *schema.names
    }:
        return {}
    return own


def _in_own_words(raw: RawVectors, own: dict[str, Any]) -> RawVectors:
    """Add to what was read what `write_parquet` noted of its making."""
    if own.get("trained_with") in ("dot", "cosine", "euclidean"):
        raw.trained_with = own["trained_with"]
    if isinstance(own.get("steps"), list):
        raw.steps = tuple(str(step) for step in own["steps"])
    if isinstance(own.get("seed"), int):
        raw.seed = own["seed"]
    return raw
