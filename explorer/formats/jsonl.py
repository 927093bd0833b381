"""JSON lines, one object an item: {"word": "king", "embedding": [0.1, 0.2], "count": 7}.

Also one JSON array of such objects, alone or as a field of one object ({"data": [{…}, {…}]}, as
interfaces answer), and one object of names and vectors: {"king": [0.1, 0.2], "queen": [0.3, 0.4]}.
Which field is what, `columns` says. pyarrow reads JSON lines, fast; where it stumbles, and for the
other two shapes, Python reads object by object and says in which line it goes wrong.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

import numpy as np

from explorer.errors import FileTooLargeError, VectorFileError
from explorer.formats.arrow_batches import left_out, raw_from_batches
from explorer.formats.columns import Kind, VectorColumns, vector_columns
from explorer.formats.encoding import BOM, decode_utf8
from explorer.formats.line_count import count_lines
from explorer.formats.options import Options
from explorer.formats.raw import RawVectors
from explorer.formats.source import Source

SAMPLE_OBJECTS = 200
CHUNK_BYTES = 1 << 25  # read at a time
BLOCK_BYTES = 1 << 23  # for a thread of pyarrow; a longer line goes the careful way
VECTOR_OF_PAIRS = "vector"  # the field's name where the file is one object {"king": [0.1, 0.2]}
Numbered = tuple[int, dict[str, Any]]  # an object and the line that it begins in


def read(source: Source, options: Options) -> RawVectors:
    """JSON lines, a JSON array, or one JSON object; VectorFileError names the line."""
    import pyarrow as pa

    are_lines, objects = _objects(source)
    sample = list(islice(objects, SAMPLE_OBJECTS))
    if not sample:
        raise VectorFileError(source.name, "holds no JSON object.")
    kinds = kinds_of_fields([found for _, found in sample])
    chosen = vector_columns(kinds, options.vector, source.name)
    if are_lines:
        try:
            return _read_fast(source, options, [found for _, found in sample], kinds, chosen)
        except FileTooLargeError:
            raise
        except (pa.ArrowException, VectorFileError, UnicodeEncodeError):
            pass  # the careful way either reads it or says what is wrong, and in which line
    return _read_carefully(source, options, chain(sample, objects), chosen, are_lines)


def kinds_of_fields(objects: Iterable[dict[str, Any]]) -> dict[str, Kind]:
    """What each field holds, by most of its values; fields in order of appearance."""
    votes: dict[str, dict[Kind, int]] = {}
    for found in objects:
        for name, value in found.items():
            counted = votes.setdefault(name, {})
            if value is not None:
                kind = _kind_of_value(value)
                counted[kind] = counted.get(kind, 0) + 1
    return {
        name: max(counted, key=lambda kind: counted[kind]) if counted else "other"
        for name, counted in votes.items()
    }


def _kind_of_value(value: Any) -> Kind:
    if isinstance(value, bool):
        return "other"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "text"
    if isinstance(value, list) and value and all(type(x) in (int, float) for x in value[:8]):
        return "numbers" if any(isinstance(x, float) for x in value) else "whole numbers"
    return "left out"


def _objects(source: Source) -> tuple[bool, Iterator[Numbered]]:
    """Whether the file is JSON lines, and its objects."""
    start = source.head().removeprefix(BOM).lstrip()
    if start.startswith(b"["):
        return False, _objects_of_array(source)
    first = next((line for _, line in _lines(source) if line.strip()), "")
    try:
        record = json.loads(first)
    except (ValueError, RecursionError):
        record = None
    if not isinstance(record, dict) or _are_pairs(record) or _wrapped(record):
        whole = _objects_of_whole(source)
        if whole is not None:
            return False, whole
    return True, _objects_of_lines(source)


def _are_pairs(record: dict[str, Any]) -> bool:
    """{"king": [0.1, 0.2], "queen": [0.3, 0.4]}: nothing but lists of numbers, of one length."""
    kinds = {_kind_of_value(value) for value in record.values()}
    return (
        len(record) > 1
        and kinds <= {"numbers", "whole numbers"}
        and len({len(value) for value in record.values()}) == 1
    )


def _wrapped(record: dict[str, Any]) -> list[dict[str, Any]]:
    """The objects in {"data": [{…}, {…}], …}: the only field that is a list of objects."""
    lists = [
        value
        for value in record.values()
        if isinstance(value, list) and value and all(isinstance(one, dict) for one in value)
    ]
    return lists[0] if len(lists) == 1 else []


def _objects_of_whole(source: Source) -> Iterator[Numbered] | None:
    """The items of a file that is one JSON object; None where it is not."""
    try:
        whole = json.loads(_text(source))
    except (ValueError, RecursionError):
        return None
    if not isinstance(whole, dict):
        return None
    if _are_pairs(whole):
        pairs = whole.items()
        return ((1, {"item": name, VECTOR_OF_PAIRS: vector}) for name, vector in pairs)
    return ((1, found) for found in _wrapped(whole) or [whole])


def _objects_of_lines(source: Source) -> Iterator[Numbered]:
    for number, line in _lines(source):
        if line.strip():
            try:
                found = json.loads(line)
            except (ValueError, RecursionError) as error:
                reason = error.msg if isinstance(error, json.JSONDecodeError) else "beyond measure"
                raise VectorFileError(
                    source.name, f"is no JSON object ({reason}).", line=number
                ) from None
            yield number, _checked_object(found, source, number)


def _objects_of_array(source: Source) -> Iterator[Numbered]:
    """The objects of one JSON array, decoded one after the other."""
    text = _text(source)
    decoder, at, counted, line = json.JSONDecoder(), text.find("[") + 1, 0, 1
    while True:
        while at < len(text) and text[at] in " \t\r\n,":
            at += 1
        line, counted = line + text.count("\n", counted, at), at
        if text[at : at + 1] == "]":
            return
        try:
            found, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            raise VectorFileError(
                source.name, "expected an object or the array's end; is it cut short?", line=line
            ) from None
        yield line, _checked_object(found, source, line)


def _checked_object(found: Any, source: Source, line: int) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise VectorFileError(
            source.name,
            f"expected a JSON object with a name and a vector, found {json.dumps(found)[:40]}.",
            line=line,
        )
    return found


def _text(source: Source) -> str:
    with source.file() as file:
        return decode_utf8(file.read().removeprefix(BOM), source.name)


def _lines(source: Source) -> Iterator[tuple[int, str]]:
    """Numbered lines as text; an error at the byte that is not UTF-8."""
    offset = 0
    with source.file() as file:
        for number, data in enumerate(file, 1):
            text = decode_utf8(data, source.name, offset=offset, line=number)
            yield number, text.removeprefix(BOM.decode()) if number == 1 else text
            offset += len(data)


def _read_fast(
    source: Source,
    options: Options,
    sample: list[dict[str, Any]],
    kinds: dict[str, Kind],
    chosen: VectorColumns,
) -> RawVectors:
    """JSON lines through pyarrow, in pieces that end at a line's end."""
    import pyarrow as pa

    lines = count_lines(source)
    types = {"text": pa.string(), "other": pa.bool_(), "number": pa.float64()}
    fields = {name: types[kind] for name, kind in kinds.items() if kind in types}
    for name, kind in kinds.items():
        if kind == "number" and all(isinstance(found.get(name, 0), int) for found in sample):
            fields[name] = pa.int64()
    for name in chosen.names:
        fields[name] = pa.list_(pa.float32()) if chosen.are_lists else pa.float32()
    schema = pa.schema(list(fields.items()))
    raw = raw_from_batches(
        source, schema, _chunks(source, schema, set(kinds)), lines, options, "JSON lines",
        chosen=chosen,
    )  # fmt: skip
    lost = [name for name in kinds if name not in fields]
    _note_left_out(raw, lost)
    if len(raw.vectors) == lines:
        raw.place = lambda row: f"line {row + 1:,}"
    return raw


def _chunks(source: Source, schema: Any, known: set[str]) -> Iterator[Any]:
    """Record batches of a schema; ArrowInvalid where an object has a field not `known`."""
    import pyarrow as pa
    import pyarrow.json as arrow_json

    parse = arrow_json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="infer")
    offset, line = 0, 1
    with source.file() as file:
        while chunk := file.read(CHUNK_BYTES) + file.readline():
            decode_utf8(chunk, source.name, offset=offset, line=line)
            offset, line = offset + len(chunk), line + chunk.count(b"\n")
            if chunk.strip():
                table = arrow_json.read_json(
                    pa.BufferReader(chunk.removeprefix(BOM)),
                    read_options=arrow_json.ReadOptions(block_size=BLOCK_BYTES),
                    parse_options=parse,
                )
                if not set(table.column_names) <= known:
                    raise pa.ArrowInvalid("a field that the first objects do not have")
                yield from table.select(schema.names).combine_chunks().to_batches()


def _read_carefully(
    source: Source,
    options: Options,
    objects: Iterable[Numbered],
    chosen: VectorColumns,
    are_lines: bool,
) -> RawVectors:
    """Object by object, with the line of the first thing that is wrong."""
    import pyarrow as pa

    lines: list[int] = []
    vectors: list[Any] = []
    fields: dict[str, list[Any]] = {}
    width = 0
    for line, found in islice(objects, None if options.seed is not None else options.limit):
        vector = _vector(found, chosen, source, line)
        width = width or len(vector)
        if len(vector) != width:
            raise VectorFileError(
                source.name, f"expected {width:,} numbers, found {len(vector):,}.", line=line
            )
        with np.errstate(over="ignore"):  # beyond float32: infinite, which `assemble` reports
            vectors.append(np.array([*map(_float, vector)], dtype=np.float64).astype(np.float32))
        for name in found:
            if name not in chosen.names and name not in fields:
                fields[name] = [None] * len(lines)
        for name, values in fields.items():
            values.append(found.get(name))
        lines.append(line)
    kinds = {name: _kind_of_column(values) for name, values in fields.items()}
    flat = pa.array(np.concatenate(vectors)) if vectors else pa.array([], pa.float32())
    columns: dict[str, Any] = {
        name: _column(values, kinds[name])
        for name, values in fields.items()
        if kinds[name] != "left out"
    }
    columns[chosen.names[0]] = pa.FixedSizeListArray.from_arrays(flat, max(1, width))
    batch = pa.record_batch(list(columns.values()), names=[*map(_encodable, columns)])
    taken = VectorColumns(chosen.names[:1], are_lists=True)
    format = "JSON lines" if are_lines else "JSON"
    raw = raw_from_batches(source, batch.schema, [batch], len(lines), options, format, chosen=taken)
    _note_left_out(raw, [name for name, kind in kinds.items() if kind == "left out"])
    if are_lines:
        at = (lambda row: row) if raw.sample is None else raw.sample.rows.__getitem__
        raw.place = lambda row: f"line {lines[at(row)]:,}"
    return raw


def _vector(
    found: dict[str, Any], chosen: VectorColumns, source: Source, line: int
) -> list[int | float]:
    """The numbers of one object; VectorFileError where they are missing or something else."""
    if chosen.are_lists:
        field = chosen.names[0]
        numbers = found.get(field)
        if not isinstance(numbers, list) or not numbers:
            shown = "nothing" if numbers is None else json.dumps(numbers)[:40]
            problem = f"expected a list of numbers in {field!r}, found {shown}."
            raise VectorFileError(source.name, problem, line=line)
    else:
        numbers = [float("nan") if found.get(n) is None else found[n] for n in chosen.names]
    for place, number in enumerate(numbers):
        if type(number) not in (int, float):
            field = f"{chosen.names[0]}[{place}]" if chosen.are_lists else chosen.names[place]
            problem = f"expected a number in {field}, found {json.dumps(number)[:40]}."
            raise VectorFileError(source.name, problem, line=line)
    return numbers


def _kind_of_column(values: list[Any]) -> Kind:
    """The kind that all values share; values of several kinds are told as text."""
    kinds = {_kind_of_value(value) for value in values if value is not None}
    if not kinds:
        return "other"
    if kinds & {"left out", "numbers", "whole numbers"}:
        return "left out"
    return kinds.pop() if len(kinds) == 1 else "text"


def _column(values: list[Any], kind: Kind) -> Any:
    import pyarrow as pa

    if kind == "number":
        whole = all(value is None or type(value) is int for value in values)
        fits = whole and all(value is None or abs(value) < 1 << 63 for value in values)
        return (
            pa.array(values, pa.int64()) if fits else pa.array([*map(_float, values)], pa.float64())
        )
    if kind == "other":
        return pa.array(values, pa.bool_())
    texts = [None if v is None else v if isinstance(v, str) else json.dumps(v) for v in values]
    return pa.array([text if text is None else _encodable(text) for text in texts], pa.string())


def _float(value: float | None) -> float | None:
    """A whole number beyond float64 becomes infinite."""
    try:
        return None if value is None else float(value)
    except OverflowError:
        return math.inf


def _encodable(text: str) -> str:
    """Half a surrogate pair, which JSON can hold and UTF-8 cannot, becomes the mark U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _note_left_out(raw: RawVectors, fields: list[str]) -> None:
    if fields:
        raw.findings.append(left_out(fields))
