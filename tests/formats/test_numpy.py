import gzip
import io
import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from explorer import EmbeddingSpace, Items, Metadata, Provenance, load, save
from explorer.composer import HashedWord, Subwords, UnknownWord
from explorer.errors import ExplorerError, FileTooLargeError, VectorFileError
from explorer.formats import numpy_archive
from explorer.limits import Limits
from explorer.space import StoredMap

VECTORS = np.arange(1, 13).reshape(4, 3)


def npy(array) -> bytes:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=True)
    return file.getvalue()


def npz(**arrays) -> io.BytesIO:
    file = io.BytesIO()
    np.savez(file, **arrays)
    file.seek(0)
    return file


def problem(data, **options) -> str:
    with pytest.raises(VectorFileError) as caught:
        load(io.BytesIO(data) if isinstance(data, bytes) else data, **options)
    return str(caught.value)


@pytest.mark.parametrize(
    "dtype", ["<f4", ">f4", "<f8", ">f8", "<f2", "i1", "u1", "<i8", ">i4", "?"]
)
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("way", ["path", "upload", "gzip"])
def test_every_type_and_order_becomes_float32(dtype, order, way, tmp_path):
    array = np.asarray(VECTORS.astype(dtype), order=order)
    data = npy(array)
    file = tmp_path / "a.npy"
    file.write_bytes(gzip.compress(data) if way == "gzip" else data)
    space = load(io.BytesIO(data) if way == "upload" else file)
    assert space.vectors.dtype == np.float32
    assert space.vectors.tolist() == array.astype(np.float32).tolist()
    assert np.allclose(space.norms, np.linalg.norm(array.astype(float), axis=1), rtol=1e-7)
    assert space.items.are_numbers


def test_a_large_plain_float32_file_is_mapped_and_not_copied(tmp_path, monkeypatch):
    monkeypatch.setattr("explorer.formats.mapped.MAPPED_BYTES", 1)
    np.save(tmp_path / "a.npy", VECTORS.astype(np.float32))
    space = load(tmp_path / "a.npy")
    base = space.vectors
    while isinstance(base, np.ndarray) and not isinstance(base, np.memmap):
        base = base.base
    assert isinstance(base, np.memmap)
    assert not space.vectors.flags.writeable


def test_a_file_cut_short_is_told_from_its_header():
    data = npy(VECTORS.astype(np.float32))
    assert "promises 4 x 3 values, 48 bytes, but 43 follow" in problem(data[:-5])
    assert "promises 4 x 3 values, 48 bytes, but 43 follow" in problem(gzip.compress(data[:-5]))
    assert "the header of the array cannot be read" in problem(data[:50])


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (np.array([{"a": 1}, 2], dtype=object), "holds Python objects, which only a pickle can"),
        (np.ones(3), "expected a 2-D array, one row an item; its shape is (3,)"),
        (np.ones((2, 2, 2)), "its shape is (2, 2, 2)"),
        (np.ones((2, 2)) * 1j, "expected real numbers; got an array of type complex numbers"),
        (np.array([["a", "b"]]), "got an array of type text"),
        (np.zeros((2, 2), dtype=[("x", "f4")]), "got an array of type records"),
        (np.ones((0, 3)), "shape 0 x 3"),
        (np.zeros((2, 3)), "all 2 rows are zero or not finite"),
    ],
)
def test_arrays_that_are_no_vectors(array, expected):
    assert expected in problem(npy(array))


def test_a_header_beyond_the_limit_reserves_nothing():
    header = io.BytesIO()
    shape = {"descr": "<f4", "fortran_order": False, "shape": (1 << 40, 300)}
    np.lib.format.write_array_header_1_0(header, shape)
    with pytest.raises(FileTooLargeError, match="and the limit here is 4,000,000,000"):
        load(io.BytesIO(header.getvalue()))


def test_names_and_columns_of_an_archive():
    names = np.array(["a", "b", "c", "d"])
    space = load(npz(emb=VECTORS * 1.0, words=names, year=np.arange(4), other=np.ones(7)))
    assert list(space.items) == ["a", "b", "c", "d"]
    assert space.metadata["year"].tolist() == [0, 1, 2, 3]
    assert list(space.metadata) == ["year"]
    space = load(npz(x=VECTORS, kind=names.astype("S"), title=names), label="kind")
    assert list(space.items) == ["a", "b", "c", "d"]
    assert list(space.metadata) == ["title"]


def test_several_tables_of_numbers_are_named_unless_one_is_called_vectors():
    arrays = {"a": VECTORS, "b": VECTORS * 2}
    assert "2 arrays could be the vectors: a, b. Choose one with --vector" in problem(npz(**arrays))
    assert load(npz(**arrays), vector="b").vectors[0, 0] == 2
    assert load(npz(**arrays, embeddings=VECTORS * 3)).vectors[0, 0] == 3
    assert "no array 'c'; there are a, b" in problem(npz(**arrays), vector="c")
    assert "expected a 2-D array of numbers; found y (3,)" in problem(npz(y=np.ones(3)))


def test_names_kept_as_objects_are_left_out_and_said():
    space = load(npz(vectors=VECTORS, names=np.array(["a", "b", "c", "d"], dtype=object)))
    assert space.items.are_numbers
    assert "1 arrays of Python objects: left out" in str(space.provenance.findings[0])
    assert "names.astype(str)" in str(space.provenance.findings[0]).replace("array.", "names.")


def test_an_archive_that_grows_past_the_limit_is_refused():
    file = io.BytesIO()
    np.savez_compressed(file, vectors=np.zeros((1000, 1000), np.float32))
    with pytest.raises(FileTooLargeError, match=r"unpacks to 3\.8 MB"):
        load(file, limits=Limits(expanded_bytes=1 << 20))


def test_a_damaged_archive_is_one_sentence():
    data = bytearray(npz(vectors=np.random.default_rng(0).random((100, 10))).getvalue())
    data[3000] ^= 255
    assert "the zip data is damaged" in problem(bytes(data))
    assert "the zip data is damaged" in problem(bytes(data[:4000]))


def whole_space(names) -> EmbeddingSpace:
    return EmbeddingSpace(
        "whole",
        Items(names),
        VECTORS.astype(np.float32) / 7,
        Provenance("trained here", "generated", ("centred",), seed=4),
        Metadata({
            "file": ["x", "y", "", "z"],
            "count": [1, 2, 3, 4],
            "weight": [0.5, np.nan, 1, 2],
            "seen": [True, False, True, True],
        }),
        trained_with="cosine",
        images=np.arange(16, dtype=np.uint8).reshape(4, 2, 2),
        maps={"UMAP": StoredMap(np.arange(8, dtype=np.float32).reshape(4, 2), "seed 1")},
    )  # fmt: skip


@pytest.mark.parametrize("padded", [1 << 28, 0])
@pytest.mark.parametrize("last", ["\t", "zero byte\0"])
def test_the_whole_space_comes_back(last, padded, tmp_path, monkeypatch):
    monkeypatch.setattr(numpy_archive, "PADDED_BYTES", padded)
    space = whole_space(["a", "b c", "Zürich\n", last])
    save(space, tmp_path / "a.npz")
    found = load(tmp_path / "a.npz")
    assert list(found.items) == list(space.items)
    assert found.digest == space.digest
    assert (found.vectors == space.vectors).all()
    assert found.metadata.digest == space.metadata.digest
    assert found.trained_with == "cosine"
    assert found.provenance.steps == ("centred",)
    assert found.provenance.seed == 4
    assert found.maps["UMAP"].note == "seed 1"
    assert found.maps["UMAP"].coordinates.tolist() == space.maps["UMAP"].coordinates.tolist()
    assert (found.images == space.images).all()


@pytest.mark.parametrize("kind", ["subwords", "unknown", "hashed"])
def test_the_composer_comes_back_and_makes_the_same_vectors(kind, tmp_path):
    space = whole_space("abcd")
    ngrams = np.random.default_rng(1).random((50, 3), dtype=np.float32)
    made = {
        "subwords": Subwords(ngrams, 2, 4),
        "unknown": UnknownWord.of(space, rarest=2),
        "hashed": HashedWord.of(space, buckets=9),
    }[kind]
    save(replace(space, composer=made), tmp_path / "a.npz")
    found = load(tmp_path / "a.npz")
    assert found.composer is not None
    assert found.composer.title == made.title
    for word in ("tea", "Zürich"):
        assert (found.composer.compose(word) == made.compose(word)).all()
    assert list(found.metadata) == list(space.metadata)
    assert found.digest == space.digest


def kept_composer(about, table) -> io.BytesIO:
    """An archive that says it holds a composer."""
    text = json.dumps({"composer": about})
    return npz(vectors=VECTORS.astype(np.float32), composer=table, about=np.array(text))


@pytest.mark.parametrize(
    ("about", "table", "told"),
    [
        ({"kind": "subwords", "shortest": 3, "longest": 6}, np.ones((9, 4)), "9 x 4 of float64"),
        ({"kind": "subwords", "shortest": 3, "longest": 6}, np.ones(3), "its table is 3 of"),
        ({"kind": "subwords", "shortest": 3, "longest": 6}, np.ones((0, 3)), "0 x 3"),
        ({"kind": "subwords", "shortest": 3, "longest": 6}, np.ones((9, 3), "U1"), "of <U1"),
        ({"kind": "subwords", "shortest": 6, "longest": 3}, np.ones((9, 3)), "6 to 3 characters"),
        ({"kind": "subwords", "shortest": 0, "longest": 3}, np.ones((9, 3)), "n-grams is '0'"),
        ({"kind": "subwords", "shortest": 3, "longest": 1e9}, np.ones((9, 3)), "1000000000.0"),
        ({"kind": "subwords", "longest": True}, np.ones((9, 3)), "n-grams is 'None'"),
        ({"kind": "unknown"}, np.full((1, 3), np.nan), "not finite"),
        ({"kind": "os.system"}, np.ones((1, 3)), "its kind is 'os.system'"),
        (["unknown"], np.ones((1, 3)), "its kind is 'None'"),
    ],
)
def test_a_composer_that_cannot_be_is_left_out_and_told_and_the_vectors_open(about, table, told):
    space = load(kept_composer(about, table))
    assert space.composer is None
    assert space.vectors.tolist() == VECTORS.tolist()
    assert [told in str(finding) for finding in space.provenance.findings] == [True]


def test_an_array_called_composer_of_another_program_is_metadata_as_any_other():
    space = load(npz(vectors=VECTORS, composer=np.array(["Bach", "Brahms", "Berg", "Boulez"])))
    assert space.composer is None
    assert not space.provenance.findings


def test_numpy_alone_reads_what_is_written(tmp_path):
    save(whole_space(["a", "b", "c", "d"]), tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz", allow_pickle=False) as stored:
        assert stored["vectors"].shape == (4, 3)
        assert stored["names"].tolist() == ["a", "b", "c", "d"]
    assert zipfile.ZipFile(tmp_path / "a.npz").testzip() is None


def test_rows_without_a_name_of_their_own_stay_so():
    space = load(io.BytesIO(npy(VECTORS)))
    file = io.BytesIO()
    save(space, file, "npz")
    file.seek(0)
    assert load(file).items.are_numbers


def test_saving_replaces_a_file_only_when_the_new_one_is_complete(tmp_path):
    file = tmp_path / "a.bin"
    file.write_bytes(b"old")
    with pytest.raises(ExplorerError, match="cannot hold the name"):
        save(whole_space(["a", "b c", "d", "e"]), file)
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]
    with pytest.raises(ExplorerError, match=r"extension tells the format.* \.npz"):
        save(whole_space("abcd"), tmp_path / "a.xyz")
    with pytest.raises(ExplorerError, match=r"a\.npz cannot be written: No such file"):
        save(whole_space("abcd"), tmp_path / "absent" / "a.npz")
