import io
import struct

import numpy as np
import pytest

from explorer import EmbeddingSpace, ExplorerError, Items, Provenance, load, save
from explorer.errors import FileTooLargeError, VectorFileError
from explorer.formats import word2vec
from explorer.limits import Limits


@pytest.fixture(params=["kernel", "twin"])
def way(request, monkeypatch):
    if request.param == "twin":
        monkeypatch.setattr(word2vec, "_kernels", lambda: None)
    return request.param


def entry(name: bytes, *numbers: float, end: bytes = b"\n") -> bytes:
    return name + b" " + struct.pack(f"<{len(numbers)}f", *numbers) + end


def space(*names: str, vectors=None) -> EmbeddingSpace:
    if vectors is None:
        vectors = np.arange(1, 3 * len(names) + 1).reshape(-1, 3) / np.float32(7)
    return EmbeddingSpace("test", Items(names), vectors.astype(np.float32), Provenance("test"))


def problem(data: bytes, **options) -> str:
    with pytest.raises(VectorFileError) as caught:
        load(io.BytesIO(data), **options)
    return str(caught.value)


@pytest.mark.parametrize("end", [b"\n", b""])
@pytest.mark.parametrize("chunk", [1, 1 << 20])
def test_entries_with_and_without_newlines(end, chunk, way, monkeypatch):
    monkeypatch.setattr(word2vec, "CHUNK_BYTES", chunk)
    newline_inside = struct.unpack("<f", b"\n \n\x3f")[0]  # numbers may hold any byte
    data = b"3 2\n" + entry(b"king", 0.1, newline_inside, end=end)
    data += entry("Zürich".encode(), -1e-30, 2, end=end) + entry(b"the", 3, 4, end=end)
    found = load(io.BytesIO(data))
    assert list(found.items) == ["king", "Zürich", "the"]
    expected = np.float32([[0.1, newline_inside], [-1e-30, 2], [3, 4]])
    assert (found.vectors == expected).all()
    assert found.provenance.format == "word2vec binary"


def test_a_file_cut_short_names_the_entry(way):
    data = b"3 2\n" + entry(b"a", 0.1, 1e-5) + entry(b"b", 0.2, 3) + entry(b"c", 0.3, 5)
    expected = "promises 3 items, but entry 3 is not complete: the file ends at byte 32"
    assert expected in problem(data[:-5])
    assert "entry 2 is not complete" in problem(data[:18])


def test_a_header_that_lies_is_found_out(way):
    entries = b"".join(entry(b"w%d" % i, 0.1, 1e-5, 0.7) for i in range(3))
    assert "header promises 2 items, but after them, from byte" in problem(b"2 3\n" + entries)
    assert "entry 4 is not complete" in problem(b"4 3\n" + entries)
    assert "promises 0 items" in problem(b"0 3\n" + entries)
    many = b"".join(entry(b"w%d" % i, *np.linspace(0.1, 0.9, 50)) for i in range(100))
    assert "is the header" in problem(b"100 49\n" + many)
    with pytest.raises(FileTooLargeError, match="promises 999,999,999 x 999 numbers"):
        load(io.BytesIO(b"999999999 999\n" + entries))
    limits = Limits(name_characters=100)
    lost = b"9 3\n" + entry(b"a", 0.1, 0.2, 1e-5) + bytes(range(33, 63)) * 50
    assert "entry 2 has no name of at most 100 characters" in problem(lost, limits=limits)


def test_a_name_that_is_not_utf8_is_placed(way):
    data = b"2 2\n" + entry(b"a", 0.1, 1e-5) + entry(b"caf\xe9", 0.3, 1e-5)
    assert "entry 2: byte 18 (0xE9) of the name is not UTF-8" in problem(data)


def test_a_limit_takes_the_first_entries(way):
    data = b"3 2\n" + entry(b"a", 0.1, 1e-5) + entry(b"b", 0.2, 3) + entry(b"c", 0.3, 5)
    found = load(io.BytesIO(data), limit=2)
    assert list(found.items) == ["a", "b"]
    assert "1 items: left out: the first 2 of 3" in str(found.provenance.findings[0])


@pytest.mark.parametrize("format", ["word2vec_text", "word2vec_binary"])
def test_a_space_comes_back_bit_by_bit(format):
    generator = np.random.default_rng(2)
    bits = generator.integers(0, 1 << 32, (1000, 20), dtype=np.uint64).astype(np.uint32)
    vectors = bits.view(np.float32)
    vectors = np.where(np.isfinite(vectors), vectors, np.float32(0.5))
    names = [f"wörd{i}" for i in range(1000)]
    file = io.BytesIO()
    save(space(*names, vectors=vectors), file, format)
    file.seek(0)
    found = load(file)
    assert (found.vectors == vectors).all()
    assert list(found.items) == names


@pytest.mark.parametrize("format", ["word2vec_text", "word2vec_binary"])
def test_gensim_reads_what_is_written(format, tmp_path):
    gensim = pytest.importorskip("gensim.models")
    written = space("king", "Zürich", "the")
    save(written, tmp_path / "a.bin", format)
    binary = format == "word2vec_binary"
    theirs = gensim.KeyedVectors.load_word2vec_format(str(tmp_path / "a.bin"), binary=binary)
    assert theirs.index_to_key == ["king", "Zürich", "the"]
    assert (theirs.vectors == written.vectors).all()


@pytest.mark.parametrize("name", ["two words", "", "\nline"])
def test_binary_refuses_names_it_cannot_hold(name):
    with pytest.raises(ExplorerError, match="word2vec binary cannot hold the name"):
        save(space("a", name), io.BytesIO(), "word2vec_binary")


@pytest.mark.parametrize("name", ["", "line\nend", "tab\tbed", " edge", "Windows 95"])
def test_text_refuses_names_it_cannot_hold(name):
    with pytest.raises(ExplorerError, match="word2vec text cannot hold the name"):
        save(space("a", name), io.BytesIO(), "word2vec_text")


def test_text_holds_names_with_spaces():
    file = io.BytesIO()
    save(space("New York", "Los Angeles"), file, "word2vec_text")
    file.seek(0)
    assert list(load(file).items) == ["New York", "Los Angeles"]


def test_real_vectors_without_newlines_read_as_gensim_reads_them(shared_data):
    gensim = pytest.importorskip("gensim.models")
    file = shared_data("vectors/googlenews-8k-300d.bin")
    theirs = gensim.KeyedVectors.load_word2vec_format(str(file), binary=True)
    ours = load(file)
    assert list(ours.items) == theirs.index_to_key
    assert (ours.vectors == theirs.vectors).all()
    assert ours.provenance.findings == ()
