"""The Embedding Projector's files: pairs, raw numbers, configurations."""

import io
import json
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from explorer.errors import FileTooLargeError, VectorFileError
from explorer.formats import load
from explorer.formats.projector import write_pair, write_zip
from explorer.items import Items
from explorer.limits import Limits
from explorer.metadata import Metadata
from explorer.space import EmbeddingSpace, Provenance

VECTORS = np.array([[1 / 3, 1e-30], [2, 3], [4e20, -5]], dtype=np.float32)


def space_of(names, metadata=None, vectors=VECTORS):
    return EmbeddingSpace("toy", Items(names), vectors, Provenance("toy"), metadata or Metadata())


def upload(data, name):
    file = io.BytesIO(data)
    file.name = name
    return file


def folder_of(path, entry, files):
    for name, content in files.items():
        (path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    config = path / "projector_config.json"
    config.write_text(json.dumps({"embeddings": entry if isinstance(entry, list) else [entry]}))
    return config


def test_a_pair_is_written_and_found_again_beside_each_other(tmp_path):
    space = space_of(["a", "é", "c d"])
    write_pair(space, tmp_path / "tensors.tsv", tmp_path / "metadata.tsv")
    assert (tmp_path / "metadata.tsv").read_text("utf-8") == "a\né\nc d\n"
    back = load(tmp_path / "tensors.tsv")
    assert back.digest == space.digest
    assert "metadata.tsv" in str(back.provenance.findings[0])


def test_metadata_columns_get_a_header(tmp_path):
    space = space_of(["a", "b", "c"], Metadata({"n": [1, 2, 3], "t": ["x", "NA", "z"]}))
    write_pair(space, tmp_path / "vectors.tsv", tmp_path / "metadata.tsv")
    assert (tmp_path / "metadata.tsv").read_text().startswith("item\tn\tt\na\t1\tx\n")
    back = load(tmp_path / "vectors.tsv")
    assert (back.digest, back.metadata.digest) == (space.digest, space.metadata.digest)


def test_tabs_and_line_ends_in_names_cannot_break_the_file(tmp_path):
    space = space_of(["a\tb", "c\nd", "e\r\nf"])
    write_pair(space, tmp_path / "tensors.tsv", tmp_path / "metadata.tsv")
    assert list(load(tmp_path / "tensors.tsv").items) == ["a\\tb", "c\\nd", "e\\r\\nf"]


def test_the_pair_can_be_one_zip_file():
    file = io.BytesIO()
    write_zip(space_of(["a", "b", "c"]), file)
    with zipfile.ZipFile(file) as archive:
        assert archive.namelist() == ["tensors.tsv", "metadata.tsv"]
        assert archive.read("metadata.tsv") == b"a\nb\nc\n"
    assert load(file).digest == space_of(["a", "b", "c"]).digest


def test_a_zip_file_that_grows_past_the_limit_or_is_damaged_is_told():
    file = io.BytesIO()
    write_zip(space_of(["a", "b", "c"], vectors=np.ones((3, 2_000), np.float32)), file)
    with pytest.raises(FileTooLargeError, match="unpacks to more than 1,000 bytes"):
        load(file, limits=Limits(expanded_bytes=1_000))
    damaged = bytearray(file.getvalue())
    damaged[60:70] = b"\0" * 10
    with pytest.raises(VectorFileError, match="zip data is damaged"):
        load(io.BytesIO(damaged))


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).map(lambda t: f"w{t}")


@settings(max_examples=40, deadline=None)
@given(st.lists(words, min_size=3, max_size=3, unique=True))
def test_any_name_without_control_characters_comes_back(names):
    file = io.BytesIO()
    write_zip(space_of(names), file)
    back = load(file)
    assert list(back.items) == names
    np.testing.assert_array_equal(back.vectors, VECTORS)


def test_tensors_without_metadata_are_numbered(tmp_path):
    (tmp_path / "tensors.tsv").write_text("0.5\t1\n1.5\t2\n")
    space = load(tmp_path / "tensors.tsv")
    assert list(space.items) == ["0", "1"]
    assert space.vectors.tolist() == [[0.5, 1], [1.5, 2]]


def test_metadata_of_another_length_beside_are_left_aside_with_a_finding(tmp_path):
    (tmp_path / "tensors.tsv").write_text("0.5\t1\n1.5\t2\n")
    (tmp_path / "metadata.tsv").write_text("a\nb\nc\nd\n")
    space = load(tmp_path / "tensors.tsv")
    assert list(space.items) == ["0", "1"]
    assert "left aside" in space.provenance.findings[0].done


def test_a_ragged_line_is_told(tmp_path):
    (tmp_path / "tensors.tsv").write_text("0.5\t1\n1.5\t2\n2.5\n")
    with pytest.raises(VectorFileError, match="line 3: expected 2 columns, found 1"):
        load(tmp_path / "tensors.tsv")


@pytest.mark.parametrize("metadata", ["a\nb\nc\n", "name\nb\nc\nd\n", "w\tn\na\t1\nb\t2\nc\t3\n"])
def test_the_width_of_raw_numbers_comes_from_the_metadata(metadata):
    file = upload(VECTORS.tobytes(), "x.bytes")
    space = load(file, labels=upload(metadata.encode(), "x.tsv"))
    np.testing.assert_array_equal(space.vectors, VECTORS)


def test_raw_numbers_alone_are_refused_with_a_remedy():
    with pytest.raises(VectorFileError, match=r"--labels FILE.*projector_config\.json"):
        load(upload(VECTORS.tobytes(), "x.bytes"))


def test_raw_numbers_that_do_not_divide_are_told():
    with pytest.raises(VectorFileError, match=r"its 23 bytes do not divide.*3 lines of x.tsv"):
        load(upload(VECTORS.tobytes()[:-1], "x.bytes"), labels=upload(b"a\nb\nc\n", "x.tsv"))


def test_raw_numbers_in_a_large_file_are_mapped(tmp_path, monkeypatch):
    monkeypatch.setattr("explorer.formats.mapped.MAPPED_BYTES", 1)
    (tmp_path / "x_tensors.bytes").write_bytes(VECTORS.tobytes())
    (tmp_path / "x_labels.tsv").write_text("a\nb\nc\n")
    space = load(tmp_path / "x_tensors.bytes")
    base = space.vectors
    while isinstance(base.base, np.ndarray):
        base = base.base
    assert isinstance(base, np.memmap)
    assert list(space.items) == ["a", "b", "c"]


def test_a_configuration_brings_all_together(tmp_path):
    sheet = io.BytesIO()
    grey = np.repeat(np.repeat(np.array([[0, 50], [100, 255]], np.uint8), 4, 0), 4, 1)
    Image.fromarray(grey).save(sheet, "PNG")
    entry = {
        "tensorName": "Toy",
        "tensorShape": [3, 2],
        "tensorPath": "t.bytes",
        "metadataPath": "m.tsv",
        "sprite": {"imagePath": "s.png", "singleImageDim": [4, 4]},
    }
    other = {"tensorName": "Other", "tensorPath": "o.tsv"}
    files = {"t.bytes": VECTORS.tobytes(), "m.tsv": "a\nb\nc\n", "s.png": sheet.getvalue()}
    files["o.tsv"] = "0.5\t1\n1.5\t2\n"
    config = folder_of(tmp_path, [entry, other], files)
    for file in (config, tmp_path / "t.bytes"):
        space = load(file)
        assert list(space.items) == ["a", "b", "c"]
        assert space.images[:, 0, 0].tolist() == [0, 50, 100]
    assert "Other" in str(load(config).provenance.findings[0])
    assert load(config, vector="Other").vectors.tolist() == [[0.5, 1], [1.5, 2]]
    assert load(config, limit=2).images.shape == (2, 4, 4)
    with pytest.raises(VectorFileError, match="no embedding is called 'q'; it lists Toy, Other"):
        load(config, vector="q")


@pytest.mark.parametrize(
    "path",
    ["../secret.tsv", "/secret.tsv", "a/../../secret.tsv", "http://x/y.tsv", "C:\\y.tsv",
     "..\\secret.tsv", "link.tsv", "", ".", "a\0b"],
)  # fmt: skip
@pytest.mark.parametrize("which", ["tensorPath", "metadataPath", "sprite"])
def test_a_path_that_leads_out_of_the_folder_is_refused(tmp_path, path, which):
    folder = tmp_path / "inside"
    folder.mkdir()
    (tmp_path / "secret.tsv").write_text("1.5\t2.5\n1.5\t2.5\n")
    (folder / "link.tsv").symlink_to(tmp_path / "secret.tsv")
    entry = {"tensorPath": "t.tsv"}
    entry[which] = {"imagePath": path} if which == "sprite" else path
    config = folder_of(folder, entry, {"t.tsv": "1.5\t2.5\n3.5\t4.5\n"})
    if path == "" and which != "tensorPath":
        assert len(load(config)) == 2  # names no file
        return
    with pytest.raises(VectorFileError):
        load(config)


def test_the_refusal_names_the_path(tmp_path):
    config = folder_of(tmp_path, {"tensorPath": "../x.tsv"}, {})
    with pytest.raises(VectorFileError, match=r"names '\.\./x\.tsv', which is not inside"):
        load(config)


@pytest.mark.parametrize(
    "config",
    [{"embeddings": []}, {"embeddings": 3}, {"embeddings": [{"tensorShape": [1, 2]}]},
     {"embeddings": [{"tensorPath": "t.tsv", "tensorShape": ["a", 2]}]}],
)  # fmt: skip
def test_a_configuration_that_is_none_is_told(tmp_path, config):
    text = json.dumps({**config, "x": {"tensorPath": ""}})
    (tmp_path / "projector_config.json").write_text(text)
    with pytest.raises(VectorFileError, match="is this a configuration"):
        load(tmp_path / "projector_config.json")


def test_an_uploaded_configuration_asks_for_its_files():
    config = {"embeddings": [{"tensorPath": "t.tsv"}]}
    with pytest.raises(VectorFileError, match=r"names other files \(t.tsv\)"):
        load(upload(json.dumps(config).encode(), "projector_config.json"))


def test_a_shape_that_lies_is_told(tmp_path):
    entry = {"tensorPath": "t.bytes", "tensorShape": [1 << 40, 2]}
    config = folder_of(tmp_path, entry, {"t.bytes": VECTORS.tobytes()})
    with pytest.raises(VectorFileError, match="and the file has 24"):
        load(config)


def test_the_projectors_own_sets_open(shared_data):
    config = shared_data("projector/projector_config.json")
    glove = load(config)
    assert glove.vectors.shape == (9961, 100)
    assert glove.items[1] == "the"
    assert glove.metadata["count"][1] == 1061396
    iris = load(config, vector="Iris")
    assert iris.vectors[0].tolist() == pytest.approx([5.1, 3.5, 1.4, 0.2], rel=1e-6)
    assert iris.items[0] == "Iris-setosa · 0"
    assert load(shared_data("projector/iris_tensors.bytes")).digest == iris.digest


def test_tensors_hold_numbers_alone_though_the_first_of_a_row_counts_like_an_index():
    space = EmbeddingSpace(
        "r", Items(["0"]), np.array([[0, 1e10]], np.float32), Provenance("a test")
    )
    file = io.BytesIO()
    write_zip(space, file)
    np.testing.assert_array_equal(load(io.BytesIO(file.getvalue())).vectors, space.vectors)
