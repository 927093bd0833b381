"""word2vec's binary format, and writers for both of its formats.

    3000000 300\\n            items and dimensions, as text
    in ˽ 1200 bytes [\\n]     a name, a space, d little-endian float32; a newline, or none

word2vec.c writes the newline, Google's News vectors have none; gensim reads and writes both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from explorer.blocks import row_blocks
from explorer.errors import ExplorerError, FileTooLargeError, VectorFileError
from explorer.formats.growing import UNSURE_CELLS, GrowingMatrix, SampledMatrix
from explorer.formats.options import Options
from explorer.formats.raw import RawVectors
from explorer.formats.sample import count, draw
from explorer.formats.source import Source
from explorer.formats.text import promised
from explorer.formats.vector_lines import NUMBER
from explorer.packed_names import PackedNames
from explorer.space import Finding

if TYPE_CHECKING:
    from explorer.space import EmbeddingSpace

CHUNK_BYTES = 1 << 20
Positions = NDArray[np.int64]


def read(source: Source, options: Options) -> RawVectors:
    """A word2vec binary file, with or without newlines between its entries.

    Raises VectorFileError with the number of the entry where the file is cut short, holds more
    than its header says, or cannot be what its header says.
    """
    n, d = promised(source, source.head().split(b"\n", 1)[0])
    taken = count(n, options)
    _check_header(source, n, d, taken)
    sample = draw(n, options)
    least = 4 * d + 1
    matrix: GrowingMatrix | SampledMatrix
    if sample is None:
        wanted = taken
        expected = wanted if source.size is None else min(wanted, source.size // least + 1)
        matrix = GrowingMatrix(source, d, min(expected, max(1, UNSURE_CELLS // d)))
    else:
        wanted = int(sample.rows[-1]) + 1
        matrix = SampledMatrix(source, d, sample)
    names: list[bytes] = []
    lengths: list[Positions] = []
    with source.stream() as stream:
        offset = len(stream.readline())  # in the file, of the chunk's first byte
        rest = b""
        while matrix.rows < wanted:
            chunk = rest + stream.read(max(CHUNK_BYTES, 2 * least))
            starts, ends, used = _entries(chunk, 4 * d, wanted - matrix.rows)
            if len(ends) == 0 and len(chunk) > least + 4 * source.limits.name_characters:
                raise _no_name(source, matrix.rows)
            if len(chunk) == len(rest):
                raise _cut_short(source, n, matrix.rows, offset + len(rest))
            packed = _packed(chunk, starts, ends, source, matrix.rows, offset)
            sizes = ends - starts + 1
            if sample is not None:
                packed, sizes = sample.names_among(matrix.rows, packed, sizes)
            names.append(packed)
            lengths.append(sizes)
            _copy_vectors(chunk, ends, matrix.add(len(ends)).view(np.uint8))
            offset += used
            rest = chunk[used:]
        if wanted == n and (rest + stream.read(1024)).strip(b"\r\n"):
            raise VectorFileError(
                source.name,
                f"the header promises {n:,} items, but after them, from byte {offset:,} on, "
                "there is more; is the header right?",
            )
    findings = []
    if sample is None and taken < n:
        done = f"left out: the first {taken:,} of {n:,} were asked for"
        findings.append(Finding("items", n - taken, done))
    places = np.concatenate([np.zeros(1, dtype=np.int64), *lengths])
    return RawVectors(
        matrix.cut(taken),
        "word2vec binary",
        PackedNames(b"".join(names), np.cumsum(places)),
        place=_entry if sample is None else sample.place(_entry),
        findings=findings,
        sample=sample,
    )


def _entry(row: int) -> str:
    return f"entry {row + 1:,}"


def _check_header(source: Source, n: int, d: int, wanted: int) -> None:
    if n < 1 or d < 1:
        raise VectorFileError(source.name, f"the header promises {n:,} items of {d:,} numbers.")
    if wanted * d > source.limits.cells:
        raise FileTooLargeError(
            source.name,
            f"the header promises {n:,} x {d:,} numbers, and the limit here is "
            f"{source.limits.cells:,}; is the header right?",
            rows=source.limits.cells // d,
        )


def _cut_short(source: Source, n: int, entry: int, end: int) -> VectorFileError:
    return VectorFileError(
        source.name,
        f"the header promises {n:,} items, but entry {entry + 1:,} is not complete: the file "
        f"ends at byte {end:,}; is it cut short?",
    )


def _no_name(source: Source, entry: int) -> VectorFileError:
    return VectorFileError(
        source.name,
        f"entry {entry + 1:,} has no name of at most {source.limits.name_characters:,} "
        "characters; is the header's number of dimensions right?",
    )


def _entries(data: bytes, vector_bytes: int, most: int) -> tuple[Positions, Positions, int]:
    """Where the names of the whole entries in `data` begin and end, and what was used of it."""
    kernels = _kernels()
    room = min(most, len(data) // (vector_bytes + 1) + 1)
    starts, ends = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int64)
    find = find_entries if kernels is None else kernels.find_entries
    count, used = find(np.frombuffer(data, np.uint8), len(data), vector_bytes, starts, ends)
    return starts[:count], ends[:count], int(used)


def find_entries(
    data: NDArray[np.uint8], end: int, vector_bytes: int, starts: Positions, ends: Positions
) -> tuple[int, int]:
    """The twin of the kernel: whole entries in data[:end], and where the next, cut one begins."""
    text, at, count = data[:end].tobytes(), 0, 0
    while count < len(starts):
        start = at
        while text[start : start + 1] == b"\n":
            start += 1
        name_end = text.find(b" ", start)
        if name_end < 0 or name_end + 1 + vector_bytes > end:
            break
        starts[count], ends[count] = start, name_end
        count += 1
        at = name_end + 1 + vector_bytes
    return count, at


def _copy_vectors(data: bytes, ends: Positions, vectors: NDArray[np.uint8]) -> None:
    kernels = _kernels()
    if kernels is not None:
        kernels.copy_vectors(np.frombuffer(data, np.uint8), ends, vectors)
        return
    for row, end in enumerate(ends.tolist()):
        vectors[row] = np.frombuffer(data, np.uint8, vectors.shape[1], end + 1)


def _kernels() -> Any:
    """The fast ones, or None where Numba is not installed."""
    try:
        from explorer.formats import word2vec_kernels
    except ImportError:
        return None
    return word2vec_kernels


def _packed(
    data: bytes, starts: Positions, ends: Positions, source: Source, row: int, offset: int
) -> bytes:
    """The names, a zero byte behind each; VectorFileError where one is not UTF-8."""
    kernels = _kernels()
    if kernels is None:
        spans = zip(starts.tolist(), ends.tolist(), strict=True)
        names = b"".join([data[start:end] + b"\0" for start, end in spans])
    else:
        packed = np.empty(int((ends - starts).sum()) + len(starts), dtype=np.uint8)
        kernels.pack_names(np.frombuffer(data, np.uint8), starts, ends, packed)
        names = packed.tobytes()
    try:
        names.decode("utf-8")
    except UnicodeDecodeError:
        for at, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
            try:
                data[start:end].decode("utf-8")
            except UnicodeDecodeError as error:
                byte = offset + start + error.start
                raise VectorFileError(
                    source.name,
                    f"entry {row + at + 1:,}: byte {byte:,} (0x{data[start + error.start]:02X}) "
                    "of the name is not UTF-8; is the header's number of dimensions right?",
                ) from None
    return names


def write_text(space: EmbeddingSpace, file: BinaryIO) -> None:
    """word2vec text: "items dimensions", then a line an item.

    Numbers have the fewest digits that give the same float32 back. ExplorerError for names that
    a reader could not tell from the numbers: with line ends or tabs, or with a number as a word.
    """
    for name in space.items:
        words = name.split(" ")
        numbers = any(NUMBER.fullmatch(word.encode()) for word in words[1:])
        if not all(words) or numbers or any(mark in name for mark in "\n\r\t"):
            raise _cannot_hold("word2vec text", name)
    file.write(f"{len(space)} {space.dimensions}\n".encode())
    for rows in row_blocks(len(space), space.dimensions):
        lines = _number_lines(space.vectors[rows])
        entries = zip(space.items[rows], lines, strict=True)
        file.write(b"".join(name.encode() + b" " + line + b"\n" for name, line in entries))


def _number_lines(vectors: NDArray[np.float32]) -> list[bytes]:
    """A line of text for each row, by pyarrow, which finds the shortest digits quickly."""
    import pyarrow as pa
    import pyarrow.csv as arrow_csv

    columns = list(map(pa.array, np.ascontiguousarray(vectors.T)))
    names = [str(dimension) for dimension in range(vectors.shape[1])]
    options = arrow_csv.WriteOptions(include_header=False, delimiter=" ", quoting_style="none")
    text = pa.BufferOutputStream()
    arrow_csv.write_csv(pa.table(columns, names), text, options)
    lines: list[bytes] = text.getvalue().to_pybytes().split(b"\n")[:-1]
    return lines


def write_binary(space: EmbeddingSpace, file: BinaryIO) -> None:
    """word2vec binary, with a newline after each entry, as word2vec.c writes it.

    ExplorerError for names with a space or that begin with a newline: it ends the name.
    """
    for name in space.items:
        if not name or " " in name or name.startswith("\n"):
            raise _cannot_hold("word2vec binary", name)
    file.write(f"{len(space)} {space.dimensions}\n".encode())
    for rows in row_blocks(len(space), space.dimensions):
        names, vectors = space.items[rows], space.vectors[rows].astype("<f4", copy=False)
        entries = zip(names, vectors, strict=True)
        file.write(b"".join(name.encode() + b" " + row.tobytes() + b"\n" for name, row in entries))


def _cannot_hold(format: str, name: str) -> ExplorerError:
    return ExplorerError(
        f"{format} cannot hold the name {name!r}; save as .npz or .parquet, which hold any name."
    )
