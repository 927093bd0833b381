"""Data frames and tables of databases: whatever gives itself away as Arrow columns."""

from __future__ import annotations

from typing import Any

from explorer.formats.arrow_batches import arrow_errors, raw_from_batches
from explorer.formats.options import Options
from explorer.formats.raw import RawVectors
from explorer.objects.origin import ObjectOrigin


def arrow_table(thing: Any) -> Any | None:
    """A pyarrow.Table of a pandas or polars frame, a dataset, a LanceDB table; None of others."""
    if hasattr(thing, "collect_schema") and hasattr(thing, "collect"):
        thing = thing.collect()  # polars: a frame that is still a plan
    if hasattr(thing, "iloc") and hasattr(thing, "columns"):
        return _of_pandas(thing)
    if hasattr(thing, "with_format") and hasattr(thing, "features"):
        return thing.with_format("arrow")[:]  # datasets: the rows that its filters left
    if hasattr(thing, "to_arrow"):
        return thing.to_arrow()
    if hasattr(thing, "__arrow_c_stream__") and not hasattr(thing, "__array_interface__"):
        import pyarrow as pa

        return pa.table(thing)
    return None


def _of_pandas(frame: Any) -> Any:
    """The columns, and the index too where it holds more than the rows' numbers."""
    import pyarrow as pa

    frame = frame.rename(columns=str)
    counts = list(frame.index[:2]) == [0, 1][: len(frame)] and frame.index.dtype.kind in "iu"
    index = None if counts else frame.index
    table = pa.Table.from_pandas(frame, preserve_index=False)
    if index is None:
        return table
    name = str(index.name) if index.name is not None else "__index_level_0__"
    while name in table.column_names:
        name += "_"
    return table.append_column(name, pa.array([str(value) for value in index]))


def from_table(table: Any, origin: ObjectOrigin, options: Options) -> RawVectors:
    """Vectors, names and metadata by the rule for columns of files."""
    if options.limit is not None:
        table = table.slice(0, options.limit)
    with arrow_errors(origin, "a table"):
        return raw_from_batches(
            origin, table.schema, table.to_batches(), table.num_rows, options, "table"
        )
