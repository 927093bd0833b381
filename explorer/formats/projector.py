"""The Embedding Projector's files, read and written.

    tensors.tsv            numbers only, a line an item, tabs between
    tensors.bytes          the same as raw little-endian float32: its width is written elsewhere
    metadata.tsv           one name a line without a header, or columns with one
    projector_config.json  which of these belong together (see `projector_config`)

A tensors file that is opened alone finds its metadata by the configuration beside it, or by its
name: metadata.tsv beside tensors.tsv or vectors.tsv, iris_labels.tsv beside iris_tensors.bytes.

Source: https://github.com/tensorflow/tensorboard, tensorboard/plugins/projector
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import numpy as np

from explorer.blocks import row_blocks
from explorer.errors import FileTooLargeError, VectorFileError
from explorer.formats.arrow_columns import check_cells
from explorer.formats.beside import read_columns
from explorer.formats.columns import VectorColumns, listed, vector_columns
from explorer.formats.labels import read_labels
from explorer.formats.mapped import mapped
from explorer.formats.numpy_files import read_rows
from explorer.formats.options import Options
from explorer.formats.projector_config import (
    CONFIG,
    Entry,
    entry_beside,
    metadata_beside,
    open_inside,
    read_entries,
)
from explorer.formats.raw import RawVectors
from explorer.formats.sample import count, draw
from explorer.formats.source import IN_MEMORY_BYTES, Source, byte_size, damage_reported
from explorer.formats.sprite import cut_tiles
from explorer.formats.table import read_laid_out
from explorer.formats.table_layout import find_layout
from explorer.space import Finding
from explorer.whole_file import written_whole

if TYPE_CHECKING:
    from explorer.space import EmbeddingSpace

ESCAPES = str.maketrans({"\t": "\\t", "\n": "\\n", "\r": "\\r"})


def read_tsv(source: Source, options: Options) -> RawVectors:
    """Lines of numbers, with names and metadata from the files beside them, if there are."""
    found = entry_beside(source)
    if found is not None:
        return _read_entry(*found, source, options)
    raw = _numbers(source, options)
    _add_metadata_by_name(raw, source, options)
    return raw


def read_bytes(source: Source, options: Options) -> RawVectors:
    """Raw float32, whose width comes from a configuration or the metadata's number of lines."""
    found = entry_beside(source)
    if found is not None:
        return _read_entry(*found, source, options)
    raw = _raw_floats(source, _shape_by_metadata(source, options), options)
    _add_metadata_by_name(raw, source, options)
    return raw


def read_zip(source: Source, options: Options) -> RawVectors:
    """tensors.tsv and metadata.tsv in one zip file, as `write_zip` writes them."""
    with ExitStack() as opened:
        archive = opened.enter_context(zipfile.ZipFile(opened.enter_context(source.file())))

        def member(name: str) -> Source:
            file = opened.enter_context(tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES))
            _unpack(source, archive, name, file)
            return Source.open(cast(BinaryIO, file), name=name, limits=source.limits)

        raw = _numbers(member("tensors.tsv"), options)
        if options.labels is None:
            _add_metadata(raw, member("metadata.tsv"), options, source.name)
    return raw


def _unpack(source: Source, archive: zipfile.ZipFile, name: str, target: Any) -> None:
    """Write a member of a zip file to `target`, its size bounded as it comes out."""
    left = source.limits.expanded_bytes
    with damage_reported(source.name, "zip"), archive.open(name) as packed:
        while piece := packed.read(1 << 20):
            target.write(piece)
            left -= len(piece)
            if left < 0:
                limit = byte_size(source.limits.expanded_bytes)
                raise FileTooLargeError(
                    source.name, f"unpacks to more than {limit}, the limit here."
                )


def read_config(source: Source, options: Options) -> RawVectors:
    """The first of a configuration's embeddings, or the one whose name --vector gives."""
    entries = read_entries(source)
    names = [entry.name for entry in entries]
    place = 0
    if options.vector is not None:
        if options.vector not in names:
            raise VectorFileError(
                source.name, f"no embedding is called {options.vector!r}; it lists {listed(names)}."
            )
        place = names.index(options.vector)
    with open_inside(source, entries[place].tensors) as tensors:
        assert source.path is not None  # or `open_inside` had refused
        inner = replace(options, vector=None)
        raw = _read_entry(source.path, entries[place], tensors, inner)
    raw.format = f"{raw.format}: {names[place]}"
    others = names[:place] + names[place + 1 :]
    if others:
        what = f"other embedding{'s' * (len(others) > 1)} in {source.name}"
        done = "not opened (--vector NAME opens one)"
        raw.findings.append(Finding(what, len(others), done, tuple(others[:5])))
    return raw


def _read_entry(file: Path, entry: Entry, tensors: Source, options: Options) -> RawVectors:
    """The vectors, names, metadata and pictures of one embedding of the configuration `file`."""
    with ExitStack() as opened:
        config = opened.enter_context(Source.open(file, limits=tensors.limits))
        if tensors.suffix == ".bytes":
            if entry.shape is None:
                raise VectorFileError(config.name, f"gives no tensorShape for {entry.tensors}.")
            raw = _raw_floats(tensors, entry.shape, options)
        else:
            raw = _numbers(tensors, options)
        if options.metadata is not None and options.labels is None:
            _add_metadata(raw, options.metadata, options, tensors.name)
        elif entry.metadata is not None and options.labels is None:
            metadata = opened.enter_context(open_inside(config, entry.metadata))
            _add_metadata(raw, metadata, options, tensors.name)
        if entry.sprite is not None:
            sheet = opened.enter_context(open_inside(config, entry.sprite))
            pictures = entry.shape[0] if entry.shape else len(raw.vectors)
            raw.images = cut_tiles(sheet, pictures, entry.tile)[: len(raw.vectors)]
    return raw


def _numbers(source: Source, options: Options) -> RawVectors:
    layout = find_layout(source)
    if options.vector is None and set(layout.kinds.values()) == {"number"}:
        chosen = VectorColumns(tuple(layout.kinds), are_lists=False)  # none is about an item
    else:
        chosen = vector_columns(layout.kinds, options.vector, source.name)
    return read_laid_out(source, options, layout, chosen, "Embedding Projector tensors, text")


def _raw_floats(source: Source, shape: tuple[int, int], options: Options) -> RawVectors:
    """(rows, dimensions) float32; memory-mapped where the file is plain."""
    rows, width = shape
    size = _size(source)
    if rows * width * 4 != size:
        raise VectorFileError(
            source.name,
            f"{rows:,} x {width:,} float32 numbers take {rows * width * 4:,} bytes, "
            f"and the file has {size:,}; is it cut short?",
        )
    check_cells(source, count(rows, options), width)
    sample, dtype = draw(rows, options), np.dtype("<f4")
    numbers = mapped(source, dtype, 0, (rows, width))
    if numbers is not None:
        numbers = numbers[: count(rows, options)] if sample is None else numbers[sample.rows]
    else:
        with source.file() as file:
            numbers = read_rows(file, (rows, width), False, dtype, source, options)
    raw = RawVectors(numbers, "Embedding Projector tensors, raw", sample=sample)
    if sample is None and len(numbers) < rows:
        done = f"left out: the first {len(numbers):,} of {rows:,} were asked for"
        raw.findings.append(Finding("items", rows - len(numbers), done))
    return raw


def _size(source: Source) -> int:
    if source.size is not None:
        return source.size
    with source.file() as file:
        return file.seek(0, io.SEEK_END)


def _shape_by_metadata(source: Source, options: Options) -> tuple[int, int]:
    """(rows, dimensions) from the file's size and the lines of its labels or metadata file."""
    given, beside = options.labels or options.metadata, metadata_beside(source)
    if given is None and beside is None:
        raise VectorFileError(
            source.name,
            "raw numbers do not say how long a vector is; give a file with a line for each item "
            f"(--labels FILE), or open its {CONFIG}.",
        )
    with ExitStack() as opened:
        metadata = given or opened.enter_context(
            Source.open(cast(Path, beside), limits=source.limits)
        )
        columns = read_columns(metadata, 0)
    count = len(next(iter(columns.values()))) if columns else 0
    # one column has no header, several have one; else it is the other way round
    other = count - 1 if len(columns) == 1 else count + 1
    floats, rest = divmod(_size(source), 4)
    for rows in (count, other):
        if rest == 0 and rows > 0 and floats % rows == 0:
            return rows, floats // rows
    raise VectorFileError(
        source.name,
        f"its {_size(source):,} bytes do not divide into float32 vectors for the {count:,} lines "
        f"of {metadata.name}; do the two files belong together?",
    )


def _add_metadata_by_name(raw: RawVectors, source: Source, options: Options) -> None:
    """Names and columns from the file that has the fitting name, said in a finding.

    A metadata file that was given names the items too: here that is what such a file is for.
    """
    beside = metadata_beside(source)
    if options.labels is not None:
        return
    if options.metadata is not None:
        _add_metadata(raw, options.metadata, options, source.name)
        return
    if beside is None:
        return
    with Source.open(beside, limits=source.limits) as metadata:
        try:
            _add_metadata(raw, metadata, options, source.name)
            done = "names and metadata are taken from it"
        except VectorFileError as error:
            done = f"left aside: {error.problem}"
    raw.findings.append(Finding("metadata file beside this one", 1, done, (beside.name,)))


def _add_metadata(raw: RawVectors, metadata: Source, options: Options, tensors: str) -> None:
    names, columns = read_labels(metadata, raw, options, tensors)
    raw.names = names
    raw.metadata |= columns


def write_pair(space: EmbeddingSpace, tensors: Path, metadata: Path) -> None:
    """Write tensors.tsv and metadata.tsv as the Embedding Projector loads them.

    One column of names has no header, several columns have one, the first called "item". A tab or
    line end in a name or text is written as the two characters \\t, \\n or \\r: the format has no
    quotes that could hold it.
    """
    for path, blocks in ((tensors, _tensor_lines(space)), (metadata, _metadata_lines(space))):
        with written_whole(path) as file:
            file.writelines(blocks)


def write_zip(space: EmbeddingSpace, file: BinaryIO) -> None:
    """The pair as one zip file, which `read_zip` opens again; the Projector wants it unpacked."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, lines in (
            ("tensors.tsv", _tensor_lines(space)),
            ("metadata.tsv", _metadata_lines(space)),
        ):
            with archive.open(name, "w", force_zip64=True) as member:
                for block in lines:
                    member.write(block)


def _tensor_lines(space: EmbeddingSpace) -> Iterator[bytes]:
    """Blocks of lines; every float32 with as many digits as bring it back exactly."""
    import pyarrow as pa
    import pyarrow.csv as arrow_csv

    options = arrow_csv.WriteOptions(include_header=False, delimiter="\t", quoting_style="none")
    names = [str(dimension) for dimension in range(space.dimensions)]
    for rows in row_blocks(len(space), space.dimensions):
        columns = np.ascontiguousarray(space.vectors[rows].T)
        lines = pa.BufferOutputStream()
        arrow_csv.write_csv(pa.table(list(map(pa.array, columns)), names), lines, options)
        yield lines.getvalue().to_pybytes()


def _metadata_lines(space: EmbeddingSpace) -> Iterator[bytes]:
    """Blocks of lines: names alone, or a header and a row for each item."""
    columns: list[Any] = [space.items, *space.metadata.values()]
    if len(columns) > 1:
        yield _line(["item", *space.metadata])
    for rows in row_blocks(len(space), 64):
        yield b"".join(_line(row) for row in zip(*(c[rows] for c in columns), strict=True))


def _line(fields: Sequence[Any]) -> bytes:
    texts = (str(field).translate(ESCAPES) for field in fields)
    return ("\t".join(texts) + "\n").encode("utf-8", "replace")
