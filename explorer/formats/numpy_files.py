"""NumPy's .npy: one array. A plain file is memory-mapped: a gigabyte opens in a blink, uncopied."""

from __future__ import annotations

import math
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from explorer.errors import FileTooLargeError, VectorFileError
from explorer.formats.options import Options
from explorer.formats.raw import RawVectors
from explorer.formats.source import Source
from explorer.space import Finding


def read_npy(source: Source, options: Options) -> RawVectors:
    """A 2-D array of any real type and byte order, in C or Fortran order.

    The header is checked against the file's size before a number is read; arrays of Python
    objects, which only a pickle can hold, are refused.
    """
    with source.stream() as stream:
        shape, fortran, dtype = read_header(stream, source)
        if len(shape) != 2:
            raise VectorFileError(
                source.name, f"expected a 2-D array, one row an item; its shape is {shape}."
            )
        needed = math.prod(shape) * dtype.itemsize
        start = stream.tell() if source.size is not None else 0
        if source.size is not None and start + needed > source.size:
            raise cut_short(source.name, shape, needed, source.size - start)
        if source.path is not None and needed:
            mapped: Any = np.memmap(
                source.path, dtype, "r", start, shape, order="F" if fortran else "C"
            )
            return RawVectors(np.asarray(mapped), "NumPy .npy")
        rows = shape[0] if options.limit is None or fortran else min(shape[0], options.limit)
        vectors = read_body(stream, (rows, shape[1]), fortran, dtype, source.name)
    findings = []
    if rows < shape[0]:
        done = f"left out: the first {rows:,} of {shape[0]:,} were asked for"
        findings.append(Finding("items", shape[0] - rows, done))
    return RawVectors(vectors, "NumPy .npy", findings=findings)


def read_header(
    stream: BinaryIO, source: Source, label: str = ""
) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """The shape of an array, whether in Fortran order, and its type, all checked.

    label : what to call the array in messages, where the file holds several
    """
    array = f"array {label!r}" if label else "the array"
    try:
        version = npy.read_magic(stream)
        read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, fortran, dtype = read(stream)
    except (ValueError, EOFError, SyntaxError, TypeError, KeyError) as error:
        reason = str(error).strip().splitlines()[0].rstrip(".")
        raise VectorFileError(
            source.name, f"the header of {array} cannot be read ({reason})."
        ) from None
    if dtype.hasobject:
        raise VectorFileError(
            source.name,
            f"{array} holds Python objects, which only a pickle can store and which are not read; "
            "save numbers as float32, names as text: array.astype(str).",
        )
    if any(length < 0 for length in shape):
        raise VectorFileError(source.name, f"{array} has the impossible shape {shape}.")
    if math.prod(shape) > source.limits.cells:
        raise FileTooLargeError(
            source.name,
            f"{array} has shape {' x '.join(map('{:,}'.format, shape))}, and the limit here is "
            f"{source.limits.cells:,} numbers.",
        )
    return shape, fortran, dtype


def read_body(
    stream: BinaryIO, shape: tuple[int, ...], fortran: bool, dtype: np.dtype[Any], file: str
) -> NDArray[Any]:
    """The numbers that follow a header, read straight into their array."""
    array = np.empty(shape, dtype=dtype, order="F" if fortran else "C")
    got = 0
    while got < array.nbytes:
        flat: Any = array.reshape(-1, order="A").view(np.uint8)
        count = stream.readinto(flat[got : got + (1 << 24)])  # type: ignore[attr-defined]
        if not count:
            raise cut_short(file, shape, array.nbytes, got)
        got += count
    return array


def cut_short(file: str, shape: tuple[int, ...], needed: int, found: int) -> VectorFileError:
    return VectorFileError(
        file,
        f"the header promises {' x '.join(map('{:,}'.format, shape))} values, {needed:,} bytes, "
        f"but {found:,} follow; is the file cut short?",
    )
