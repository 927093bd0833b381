"""safetensors: files of the safetensors library, and headers that lie."""

import io
import json
import struct

import numpy as np
import pytest
from safetensors.numpy import save, save_file

from explorer.errors import FileTooLargeError, VectorFileError
from explorer.formats import load
from explorer.formats.options import Options
from explorer.formats.safetensors import read, widened
from explorer.formats.source import Source
from explorer.limits import Limits

VECTORS = np.array([[1, 2], [3, 4], [5, 6]], dtype=np.float32)
ENTRY = {"dtype": "F32", "shape": [1, 2], "data_offsets": [0, 8]}


def tensors(data, *, limits=None, **options):
    file = io.BytesIO(data)
    with Source.open(file, name="t.safetensors", limits=limits or Limits()) as source:
        return read(source, Options(**options))


def made_by_hand(header, data=b"\0" * 8, length=None):
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


@pytest.mark.parametrize("dtype", ["f8", "f4", "f2", "i1", "u1", "i2", "i4", "i8", "u8"])
def test_numbers_of_every_kind_as_the_library_writes_them(dtype):
    raw = tensors(save({"e": VECTORS.astype(dtype)}, metadata={"format": "np"}))
    assert raw.vectors.tolist() == VECTORS.tolist()


def test_bfloat16_is_the_upper_half_of_a_float32():
    assert widened(np.array([0x3F80, 0xC020], dtype=np.uint16)).tolist() == [1.0, -2.5]
    entry = {"dtype": "BF16", "shape": [2, 1], "data_offsets": [0, 4]}
    assert tensors(made_by_hand({"e": entry}, b"\x80\x3f\x20\xc0")).vectors.tolist() == [
        [1],
        [-2.5],
    ]


def test_a_large_plain_file_of_float32_is_mapped_and_not_copied(tmp_path, monkeypatch):
    monkeypatch.setattr("explorer.formats.mapped.MAPPED_BYTES", 1)
    save_file({"e": VECTORS, "bias": VECTORS[0]}, tmp_path / "t.safetensors")
    space = load(tmp_path / "t.safetensors")
    assert space.vectors.tolist() == VECTORS.tolist()
    base = space.vectors
    while isinstance(base.base, np.ndarray):
        base = base.base
    assert isinstance(base, np.memmap)
    assert space.items.are_numbers
    assert space.provenance.findings[0].examples == ("bias (2 F32)",)


def test_several_matrices_ask_for_a_choice():
    data = save({"e": VECTORS, "f": VECTORS + 1})
    with pytest.raises(VectorFileError, match=r"e \(3 x 2 F32\), f \(3 x 2 F32\)"):
        tensors(data)
    assert tensors(data, vector="f").vectors[0].tolist() == [2, 3]
    with pytest.raises(VectorFileError, match="no 2-D tensor is called 'g'"):
        tensors(data, vector="g")


def test_only_the_first_rows_are_read_on_request():
    assert tensors(save({"e": VECTORS}), limit=2).vectors.tolist() == VECTORS[:2].tolist()


def test_a_file_without_a_matrix_is_refused():
    with pytest.raises(VectorFileError, match=r"expected a 2-D tensor.*bias \(2 F32\)"):
        tensors(save({"bias": VECTORS[0]}))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (made_by_hand({"a": ENTRY}, length=1 << 40), "header claims 1,099,511,627,776 bytes"),
        (made_by_hand({"a": ENTRY})[:-1], "is it cut short"),
        (made_by_hand({"a": ENTRY})[:20], "is it cut short"),
        (made_by_hand({"a": {**ENTRY, "shape": [1 << 40, 2]}}), "needs 8,796,093,022,208 bytes"),
        (made_by_hand({"a": {**ENTRY, "shape": [-1, -2]}}), "described wrongly"),
        (made_by_hand({"a": {**ENTRY, "shape": [1.0, 2]}}), "described wrongly"),
        (made_by_hand({"a": {**ENTRY, "shape": [True, 2]}}), "described wrongly"),
        (made_by_hand({"a": {**ENTRY, "data_offsets": [8, 0]}}), "gives it -8"),
        (made_by_hand({"a": {**ENTRY, "data_offsets": [0]}}), "described wrongly"),
        (made_by_hand({"a": ENTRY, "b": ENTRY}), "'b' overlaps"),
        (made_by_hand({"a": 3}), "described wrongly"),
        (made_by_hand([1, 2]), "not a table of tensors"),
        (b"\x05\0\0\0\0\0\0\0{]]]]", "not JSON"),
        (made_by_hand({"a": {**ENTRY, "dtype": "F8_E4M3"}}), "save it as F32"),
        (made_by_hand({}), "found no tensor"),
    ],
)
def test_a_header_that_lies_is_told(data, message):
    with pytest.raises(VectorFileError, match=message):
        tensors(data)


def test_more_numbers_than_the_limit_are_refused():
    with pytest.raises(FileTooLargeError, match="3 x 2"):
        tensors(save({"e": VECTORS}), limits=Limits(cells=5))
