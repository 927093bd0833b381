"""NumPy's .npy: one array. A large plain file is memory-mapped: it opens in a blink, uncopied."""

from __future__ import annotations

import io
import math
import tokenize
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from explorer.errors import FileTooLargeError, VectorFileError
from explorer.formats.arrow_columns import check_cells
from explorer.formats.mapped import mapped
from explorer.formats.options import Options
from explorer.formats.raw import RawVectors, type_name
from explorer.formats.sample import count, draw, sampled_rows
from explorer.formats.source import Source, byte_size
from explorer.space import Finding

HEADER_BYTES = 1 << 16  # NumPy itself writes 118 for a plain array
MOST_NUMBERS = 1 << 59  # that any machine could address


def read_npy(source: Source, options: Options) -> RawVectors:
    """A 2-D array of any real type and byte order, in C or Fortran order.

    The header is checked against the file's size before a number is read; arrays of Python
    objects, which only a pickle can hold, are refused.
    """
    with source.stream() as stream:
        shape, fortran, dtype = read_header(stream, source)
        check_matrix(shape, dtype, source)
        check_cells(source, count(shape[0], options), shape[1])
        needed = math.prod(shape) * dtype.itemsize
        start = stream.tell() if source.size is not None else 0
        if source.size is not None and start + needed > source.size:
            raise cut_short(source.name, shape, needed, source.size - start)
        sample = draw(shape[0], options)
        whole = mapped(source, dtype, start, shape, order="F" if fortran else "C")
        if sample is not None and whole is not None:
            vectors = whole[sample.rows]
        elif whole is not None:
            return RawVectors(whole, "NumPy .npy")  # `assemble` takes the first rows
        else:
            vectors = read_rows(stream, shape, fortran, dtype, source, options)
    raw = RawVectors(vectors, "NumPy .npy", sample=sample)
    if sample is None and len(vectors) < shape[0]:
        done = f"left out: the first {len(vectors):,} of {shape[0]:,} were asked for"
        raw.findings.append(Finding("items", shape[0] - len(vectors), done))
    return raw


def read_header(
    stream: BinaryIO, source: Source, label: str = ""
) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """The shape of an array, whether in Fortran order, and its type, all checked.

    label : what to call the array in messages, where the file holds several
    """
    array = f"array {label!r}" if label else "the array"
    try:
        version = npy.read_magic(stream)
        size = stream.read(2 if version == (1, 0) else 4)
        length = int.from_bytes(size, "little")
        if length > HEADER_BYTES:
            raise ValueError(length)
        text = io.BytesIO(size + stream.read(length))
        read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, fortran, dtype = read(text)
        lengths = [max(1, axis) for axis in shape]
        if any(type(axis) is not int for axis in shape) or math.prod(lengths) > MOST_NUMBERS:
            raise ValueError(shape)
    except (
        ValueError,
        EOFError,
        SyntaxError,
        TypeError,
        LookupError,
        ArithmeticError,
        RecursionError,
        MemoryError,
        tokenize.TokenError,
    ):  # fmt: skip; whatever NumPy's parser meets in a header that lies
        raise VectorFileError(
            source.name, f"the header of {array} cannot be read; is the file damaged?"
        ) from None
    if dtype.hasobject:
        raise VectorFileError(
            source.name,
            f"{array} holds Python objects, which only a pickle can store and which are not read; "
            "save numbers as float32, names as text: array.astype(str).",
        )
    if any(length < 0 for length in shape):
        raise VectorFileError(source.name, f"{array} has the impossible shape {shape}.")
    return shape, fortran, dtype


def check_matrix(shape: tuple[int, ...], dtype: np.dtype[Any], source: Source) -> None:
    """VectorFileError for what is no matrix of real numbers."""
    if len(shape) != 2:
        raise VectorFileError(
            source.name, f"expected a 2-D array, one row an item; its shape is {shape}."
        )
    if dtype.kind not in "fiub" or dtype.subdtype is not None:
        raise VectorFileError(
            source.name, f"expected real numbers; got an array of type {type_name(dtype)}."
        )
    if 0 in shape:
        raise VectorFileError(
            source.name, f"holds no vectors: its array has shape {shape[0]:,} x {shape[1]:,}."
        )


def read_rows(
    stream: BinaryIO,
    shape: tuple[int, ...],
    fortran: bool,
    dtype: np.dtype[Any],
    source: Source,
    options: Options,
) -> NDArray[Any]:
    """The rows that are asked for, of those that follow a header; `read_body` for all of them."""
    sample = draw(shape[0], options) if shape else None
    if fortran or not shape:
        whole = read_body(stream, shape, fortran, dtype, source)
        return whole if sample is None else whole[sample.rows]
    if sample is None:
        rows = count(shape[0], options)
        return read_body(stream, (rows, *shape[1:]), fortran, dtype, source)
    try:
        return sampled_rows(stream, shape, dtype, sample)
    except EOFError:
        needed = math.prod(shape) * dtype.itemsize
        raise cut_short(source.name, shape, needed, None) from None


def read_body(
    stream: BinaryIO, shape: tuple[int, ...], fortran: bool, dtype: np.dtype[Any], source: Source
) -> NDArray[Any]:
    """The numbers that follow a header, read straight into their array."""
    size = math.prod(shape) * dtype.itemsize
    if size > source.limits.expanded_bytes:
        raise FileTooLargeError(
            source.name,
            f"holds {byte_size(size)} in one array, and the limit here is "
            f"{byte_size(source.limits.expanded_bytes)}.",
        )
    array = np.empty(shape, dtype, order="F" if fortran else "C")
    if not size:
        return array
    got = 0
    flat: Any = array.reshape(-1, order="A").view(np.uint8)
    while got < array.nbytes:
        count = stream.readinto(flat[got : got + (1 << 24)])  # type: ignore[attr-defined]
        if not count:
            raise cut_short(source.name, shape, array.nbytes, got)
        got += count
    return array


def cut_short(file: str, shape: tuple[int, ...], needed: int, found: int | None) -> VectorFileError:
    follow = "fewer" if found is None else f"{found:,}"
    return VectorFileError(
        file,
        f"the header promises {' x '.join(map('{:,}'.format, shape))} values, {needed:,} bytes, "
        f"but {follow} follow; is the file cut short?",
    )
