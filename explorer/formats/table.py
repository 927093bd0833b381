"""CSV and TSV: a column that names the items, numbers for each dimension, metadata besides.

Which column is what, `columns` says; how the text is laid out, `table_layout` finds. pyarrow reads
the numbers, fast. Where it stumbles, Python's own reader goes over the file again: it either reads
it, or says in which line it goes wrong.

One column may hold the vector as text: "[0.1, 0.2]", as pandas and databases write it.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from explorer.errors import VectorFileError
from explorer.formats.arrow_batches import raw_from_batches
from explorer.formats.columns import VectorColumns, vector_columns
from explorer.formats.encoding import BOM, decode_utf8
from explorer.formats.line_count import count_lines
from explorer.formats.mapped import worth_mapping
from explorer.formats.options import Options
from explorer.formats.raw import RawVectors
from explorer.formats.source import Source
from explorer.formats.table_layout import MISSING, Layout, find_layout, number, reader, unquoted
from explorer.formats.text_lists import list_from_text, lists_from_text

BLOCK_BYTES = 1 << 22
ROWS_AT_ONCE = 4_096  # of the careful reader


def read(source: Source, options: Options) -> RawVectors:
    """A table with or without a header; VectorFileError names the line of what is wrong."""
    layout = find_layout(source)
    chosen = vector_columns(layout.kinds, options.vector, source.name)
    return read_laid_out(source, options, layout, chosen, "CSV" if _commas(layout) else "TSV")


def _commas(layout: Layout) -> bool:
    return layout.dialect.delimiter in ",;|"


def read_laid_out(
    source: Source, options: Options, layout: Layout, chosen: VectorColumns, format: str
) -> RawVectors:
    """A text table whose layout and vector columns are known."""
    import pyarrow as pa

    lines = count_lines(source)
    first = 1 + layout.header
    at_once = min(ROWS_AT_ONCE, options.limit or ROWS_AT_ONCE)

    def raw(batches: Iterator[Any]) -> RawVectors:
        return raw_from_batches(
            source, _schema(layout, chosen), batches, lines - layout.header, options, format,
            chosen=chosen, kinds=layout.kinds, from_text=True,
        )  # fmt: skip

    def without_quotes() -> RawVectors | None:
        """A token '"' begins no quotation in files of tokens: see if the file reads so."""
        try:
            return raw(_careful_batches(source, unquoted(layout), chosen, at_once))
        except VectorFileError:
            return None

    try:
        found = raw(_fast_batches(source, layout, chosen))
    except pa.ArrowException:
        try:
            found = raw(_careful_batches(source, layout, chosen, at_once))
        except VectorFileError as error:
            plain = without_quotes() if error.line and layout.dialect.quoted else None
            if plain is None:
                raise
            found = plain
    if _swallowed_lines(found, layout):
        found = without_quotes() or found
    if len(found.vectors) + layout.header == lines:  # no line is blank or broken by a quoted one
        found.place = lambda row: f"line {row + first:,}"
    return found


def _swallowed_lines(raw: RawVectors, layout: Layout) -> bool:
    """Whether a name holds both line ends and delimiters: more likely lines between two '"'."""
    return any("\n" in name and layout.dialect.delimiter in name for name in raw.names or ())


def _schema(layout: Layout, chosen: VectorColumns) -> Any:
    """Numbers for the vector, text for everything else: what it means is decided afterwards."""
    import pyarrow as pa

    vector = pa.list_(pa.float32()) if chosen.are_lists else pa.float32()
    wanted = set(chosen.names)
    return pa.schema([(name, vector if name in wanted else pa.string()) for name in layout.names])


def _fast_batches(source: Source, layout: Layout, chosen: VectorColumns) -> Iterator[Any]:
    import pyarrow as pa
    import pyarrow.csv as arrow_csv

    numbers = set() if chosen.are_lists else set(chosen.names)
    types = {name: pa.float32() if name in numbers else pa.string() for name in layout.names}
    with source.file() as file:
        batches = arrow_csv.open_csv(
            pa.memory_map(str(source.path)) if worth_mapping(source) else file,
            read_options=arrow_csv.ReadOptions(
                column_names=list(layout.names),
                skip_rows_after_names=int(layout.header),
                block_size=BLOCK_BYTES,
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=layout.dialect.delimiter,
                quote_char='"' if layout.dialect.quoted else False,
                newlines_in_values=layout.dialect.quoted,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=types,
                null_values=list(MISSING),
                decimal_point=layout.dialect.decimal,
            ),
        )
        yield from _with_lists(batches, chosen.names[0]) if chosen.are_lists else batches


def _careful_batches(
    source: Source, layout: Layout, chosen: VectorColumns, at_once: int
) -> Iterator[Any]:
    """The same, `at_once` rows at a time, by Python's reader: it knows the line of a fault."""
    import pyarrow as pa

    schema = _schema(layout, chosen)
    for rows in _careful_rows(source, layout, chosen, at_once):
        columns = zip(*rows, strict=True)
        arrays = [pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)]
        yield pa.record_batch(arrays, schema=schema)


def _careful_rows(
    source: Source, layout: Layout, chosen: VectorColumns, at_once: int
) -> Iterator[list[list[Any]]]:
    """`at_once` rows at a time, the fields of the vector as numbers."""
    parse = _list_parser() if chosen.are_lists else partial(number, decimal=layout.dialect.decimal)
    numeric = [layout.names.index(name) for name in chosen.names]
    rows: list[list[Any]] = []
    fields = reader(_lines(source), layout.dialect)
    line, header = 1, layout.header
    try:
        for row in fields:
            if header or not row:
                header = header and not row
            elif len(row) != len(layout.names):
                raise VectorFileError(
                    source.name,
                    f"expected {len(layout.names):,} columns, found {len(row):,}; "
                    "is the file cut short, or a field with a delimiter in it not quoted?",
                    line=line,
                )
            else:
                values: list[Any] = list(row)
                for column in numeric:
                    try:
                        values[column] = parse(row[column])
                    except ValueError as error:
                        place = f"column {layout.names[column]}"
                        raise VectorFileError(source.name, f"{place}: {error}.", line=line) from (
                            None
                        )
                rows.append(values)
            line = fields.line_num + 1
            if len(rows) == at_once:
                yield rows
                rows = []
    except csv.Error as error:
        raise VectorFileError(source.name, f"is no table: {error}.", line=line) from None
    if rows:
        yield rows


def _list_parser() -> Callable[[str], list[float]]:
    """`list_from_text` that also wants all lists as long as the first."""
    width = 0

    def parse(text: str) -> list[float]:
        nonlocal width
        numbers = list_from_text(text)
        width = width or len(numbers)
        if len(numbers) != width:
            raise ValueError(f"expected {width:,} numbers, found {len(numbers):,}")
        return numbers

    return parse


def _lines(source: Source) -> Iterator[str]:
    """The lines as text; an error at the byte that is not UTF-8."""
    offset = 0
    with source.file() as file:
        for line, data in enumerate(file, 1):
            text = decode_utf8(data, source.name, offset=offset, line=line)
            yield text.removeprefix(BOM.decode()) if line == 1 else text
            offset += len(data)


def _with_lists(batches: Iterable[Any], column: str) -> Iterator[Any]:
    """The batches with one column's texts "[0.1, 0.2]" read as lists of numbers of one length."""
    import pyarrow as pa
    import pyarrow.compute as pc

    lengths = set()
    for batch in batches:
        at = batch.schema.names.index(column)
        lists = lists_from_text(batch.column(at))
        lengths.update(pc.unique(pc.list_value_length(lists)).to_pylist())
        if len(lengths) > 1:
            raise pa.ArrowInvalid("lists of several lengths")  # the careful reader finds the line
        yield batch.set_column(at, column, lists)
