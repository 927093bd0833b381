"""safetensors: named arrays behind a JSON header, read without the safetensors package.

    8 bytes   length of the header, little-endian
    header    {"name": {"dtype": "F32", "shape": [n, d], "data_offsets": [begin, end]}, …}
    data      the arrays' bytes, little-endian, row after row

The header is not believed: lengths, shapes and offsets are checked against each other and against
the file's size before anything is read. A plain file of float32 is memory-mapped: no copy.

Source: https://github.com/huggingface/safetensors#format
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.errors import VectorFileError
from explorer.formats.arrow_columns import check_cells
from explorer.formats.columns import listed
from explorer.formats.mapped import mapped
from explorer.formats.numpy_files import read_rows
from explorer.formats.options import Options
from explorer.formats.raw import RawVectors
from explorer.formats.sample import Sample, count, draw
from explorer.formats.source import Source
from explorer.space import Finding

HEADER_BYTES = 100_000_000  # the most that the format allows
DTYPES = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2",  # bfloat16: widened below
    "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1",
    "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "u1",
}  # fmt: skip


@dataclass(frozen=True)
class Tensor:
    """One array of the file; `begin` and `end` count from the start of the file."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int

    def __str__(self) -> str:
        return f"{self.name} ({' x '.join(f'{length:,}' for length in self.shape)} {self.dtype})"


def read(source: Source, options: Options) -> RawVectors:
    """The one 2-D tensor of a file, or the one that --vector names.

    The items are numbered: the format has no place for names (a labels file may bring them).
    """
    tensors = read_header(source)
    chosen = _choose(source, tensors, options.vector)
    total, width = chosen.shape
    check_cells(source, count(total, options), width)
    sample = draw(total, options)
    vectors = _read_rows(source, chosen, options, sample)
    findings = []
    if sample is None and len(vectors) < total:
        done = f"left out: the first {len(vectors):,} of {total:,} were asked for"
        findings.append(Finding("items", total - len(vectors), done))
    others = [tensor for tensor in tensors if tensor is not chosen]
    if others:
        what = f"other tensor{'s' * (len(others) > 1)}"
        shown = tuple(map(str, others[:5]))
        done = "left out (--vector NAME takes a 2-D one)"
        findings.append(Finding(what, len(others), done, shown))
    return RawVectors(vectors, f"safetensors, {chosen.name}", findings=findings, sample=sample)


def read_header(source: Source) -> list[Tensor]:
    """The tensors in the order of their bytes; VectorFileError for a header that lies."""
    with source.file() as file:
        size = file.seek(0, 2)
        file.seek(0)
        length = int.from_bytes(file.read(8), "little")
        if length > min(HEADER_BYTES, size - 8):
            raise VectorFileError(
                source.name,
                f"its header claims {length:,} bytes, and the file has {size:,}; is it cut short?",
            )
        try:
            header = json.loads(file.read(length))
        except (ValueError, RecursionError):
            raise VectorFileError(source.name, "its header is not JSON; is it damaged?") from None
    if not isinstance(header, dict):
        raise VectorFileError(source.name, "its header is not a table of tensors; is it damaged?")
    header.pop("__metadata__", None)
    tensors = [_tensor(source, name, entry, 8 + length) for name, entry in header.items()]
    tensors.sort(key=lambda tensor: (tensor.begin, tensor.end))
    _check_offsets(source, tensors, 8 + length, size)
    return tensors


def _tensor(source: Source, name: str, entry: Any, start: int) -> Tensor:
    """One entry of the header, its shape and its offsets checked against each other."""
    try:
        dtype, shape, (begin, end) = entry["dtype"], tuple(entry["shape"]), entry["data_offsets"]
        whole = all(type(number) is int and number >= 0 for number in (*shape, begin, end))
    except (TypeError, KeyError, ValueError):
        whole = False
    if not whole or not isinstance(dtype, str):
        raise VectorFileError(source.name, f"tensor {name!r} is described wrongly in its header.")
    if dtype in DTYPES:
        expected = math.prod(shape) * np.dtype(DTYPES[dtype]).itemsize
        if end - begin != expected:
            raise VectorFileError(
                source.name,
                f"tensor {name!r} of shape {list(shape)} {dtype} needs {expected:,} bytes, "
                f"and its header gives it {end - begin:,}.",
            )
    return Tensor(name, dtype, shape, start + begin, start + end)


def _check_offsets(source: Source, tensors: list[Tensor], start: int, size: int) -> None:
    """The tensors must follow each other without overlap and end where the file ends."""
    at = start
    for tensor in tensors:
        if tensor.begin < at or tensor.end < tensor.begin:
            raise VectorFileError(source.name, f"tensor {tensor.name!r} overlaps the one before.")
        at = tensor.end
    if at > size:
        raise VectorFileError(
            source.name, f"its tensors need {at:,} bytes, the file has {size:,}; is it cut short?"
        )


def _choose(source: Source, tensors: list[Tensor], wanted: str | None) -> Tensor:
    """The tensor to take as vectors; VectorFileError names those there are."""
    matrices = [tensor for tensor in tensors if len(tensor.shape) == 2 and 0 not in tensor.shape]
    if wanted is not None:
        matrices = [tensor for tensor in matrices if tensor.name == wanted]
    if len(matrices) == 1:
        chosen = matrices[0]
        if chosen.dtype not in DTYPES:
            raise VectorFileError(
                source.name,
                f"tensor {chosen} has a number format that is not read here; save it as F32.",
            )
        return chosen
    there = listed([str(tensor) for tensor in tensors]) or "no tensor"
    if wanted is not None:
        raise VectorFileError(source.name, f"no 2-D tensor is called {wanted!r}; it holds {there}.")
    if not matrices:
        raise VectorFileError(source.name, f"expected a 2-D tensor, a row an item; found {there}.")
    raise VectorFileError(
        source.name, f"holds {len(matrices)} 2-D tensors; choose one with --vector NAME: {there}."
    )


def _read_rows(
    source: Source, tensor: Tensor, options: Options, sample: Sample | None
) -> NDArray[Any]:
    """(rows, d) the rows asked for; mapped where the file is large and its numbers lie aligned."""
    dtype = np.dtype(DTYPES[tensor.dtype])
    numbers = mapped(source, dtype, tensor.begin, tensor.shape)
    if numbers is not None:
        numbers = (
            numbers[: count(len(numbers), options)] if sample is None else numbers[sample.rows]
        )
    else:
        with source.file() as file:
            file.seek(tensor.begin)
            numbers = read_rows(file, tensor.shape, False, dtype, source, options)
    return widened(numbers) if tensor.dtype == "BF16" else numbers


def widened(bfloat16: NDArray[np.uint16]) -> NDArray[np.float32]:
    """bfloat16 is the upper half of a float32: 0x3F80 -> 0x3F800000 = 1.0."""
    return (bfloat16.astype(np.uint32) << 16).view(np.float32)
