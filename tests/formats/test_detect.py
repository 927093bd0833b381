import gzip
import io
import pickle
import zipfile

import numpy as np
import pytest

from explorer.errors import VectorFileError
from explorer.formats import READERS
from explorer.formats.detect import detect
from explorer.formats.source import Source


def kind(data: bytes, name: str = "file") -> str:
    found = detect(Source.open(io.BytesIO(data), name=name))
    assert found in READERS
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 3\nking 1 2 3\nqueen 4 5 6\n", "word2vec_text"),
        ("2 3\nking 1 2 3 \nqueen 4 5 6 \n", "word2vec_text"),
        ("2\t3\nking\t1\t2\t3\nqueen\t4\t5\t6\n", "word2vec_text"),
        ("2 1\nking 1\nqueen 4\n", "word2vec_text"),
        ("3 2\n0 .1 .2\n1 .3 .4\n2 .5 .6\n", "word2vec_text"),
        ("\ufeff2 3\r\nking 1 2 3\r\nqueen 4 5 6\r\n", "word2vec_text"),
        ("king 1 2.5\nqueen 4 -5e-3", "glove"),
        ("New York 0.1 0.2\nLos Angeles 0.3 0.4\nRome 0.1 0.2\n", "glove"),
        ("king\t1\t2\nqueen\t3\t4\n", "glove"),
        (", 0.1 0.2\n. 0.3 0.4\n'' 1 2\n", "glove"),
        ("17 0.1 0.2\n4 0.3 0.4\n", "glove"),
        ("word,x,y\nking,1,2\nqueen,3,4\n", "table"),
        ("word\tx\ty\nking\t1\t2\nqueen\t3\t4\n", "table"),
        (",0,1,2\na,1,2,3\nb,4,5,6\n", "table"),
        ("\t0\t1\na\t1\t2\nb\t4\t5\n", "table"),
        ("word\t0\t1\t2\t3\t4\na\t1\t2\t3\t4\t5\n", "table"),
        ("0,1,2\n.5,.6,.7\n.1,.2,.3\n", "table"),
        ("x;y;name\n1;2;a\n3;4;b\n", "table"),
        ("0.1\t0.2\n0.3\t0.4\n", "projector_tsv"),
        ("0.1 0.2\n0.3 0.4\n", "projector_tsv"),
        ('{"word": "a", "vector": [1, 2]}\n', "jsonl"),
        ('[{"word": "a", "vector": [1, 2]}]', "jsonl"),
        ('{"embeddings": [{"tensorPath": "a.bytes"}]}', "projector_config"),
    ],
)
def test_text_is_told_by_its_shape(text, expected):
    assert kind(text.encode()) == expected
    assert kind(gzip.compress(text.encode())) == expected


def test_binary_formats_are_told_by_their_first_bytes():
    file = io.BytesIO()
    np.save(file, np.ones((2, 2)))
    assert kind(file.getvalue()) == "npy"
    file = io.BytesIO()
    np.savez(file, a=np.ones((2, 2)))
    assert kind(file.getvalue()) == "npz"
    assert kind(b"PAR1....") == "parquet"
    assert kind(b"ARROW1\0\0") == "arrow"
    assert kind(b"\x89HDF\r\n\x1a\n") == "anndata"
    assert kind(b"\x89PNG\r\n\x1a\n") == "sprite"
    assert kind((60).to_bytes(8, "little") + b'{"a":{') == "safetensors"
    assert kind(b"\x80\x04\x95\x00", "tensors.bytes") == "projector_bytes"


@pytest.mark.parametrize("values", [[1.0, 0.5], [0.123, -4.56e-7], [3.0, 4.0]])
@pytest.mark.parametrize("newline", [b"", b"\n"])
def test_word2vec_binary_is_a_header_and_then_no_text(values, newline):
    numbers = np.array(values, dtype="<f4").tobytes()
    data = b"2 2\nking " + numbers + newline + b"queen " + numbers + newline
    assert kind(data) == "word2vec_binary"


def test_pickles_are_refused_with_the_way_to_convert():
    for protocol in range(6):
        with pytest.raises(VectorFileError, match="is a pickle"):
            kind(pickle.dumps({"a": [1.0, 2.0]}, protocol=protocol))
    with pytest.raises(VectorFileError, match="save_word2vec_format"):
        kind(pickle.dumps([1]), "my.model")
    torch = io.BytesIO()
    with zipfile.ZipFile(torch, "w") as archive:
        archive.writestr("archive/data.pkl", b"x")
        archive.writestr("archive/data/0", b"x")
    with pytest.raises(VectorFileError, match=r"PyTorch: numpy\.save"):
        kind(torch.getvalue(), "weights.pt")


def test_a_fasttext_model_is_known_by_its_first_bytes():
    assert kind((793712314).to_bytes(4, "little") + bytes(100)) == "fasttext_model"


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ("king 1 2\n".encode("utf-16"), "line 1: byte 0 (0xFF) begins a UTF-16 mark"),
        ("king 1 2\n".encode("utf-32"), "line 1: byte 0 (0xFF) begins a UTF-32 mark"),
        ("king 1 2\ncafé 3 4\n".encode("latin-1"), "line 2: byte 12 (0xE9) is not UTF-8"),
        ("2 2\nking 1 2\ncafé 3 4\n".encode("latin-1"), "line 3: byte 16 (0xE9) is not UTF-8"),
    ],
)
def test_other_encodings_are_refused_with_byte_and_line(data, place):
    with pytest.raises(VectorFileError) as caught:
        kind(data)
    assert place in str(caught.value)


def test_a_character_cut_by_the_end_of_the_head_is_no_error():
    for shift in range(7):
        assert kind(b"x" * shift + "é 1 2\n".encode() * 20_000) == "glove"


@pytest.mark.parametrize("data", [b"just some prose here\nand more of it\n", bytes(range(256)) * 9])
def test_what_holds_no_vectors_is_answered_with_the_known_kinds(data):
    with pytest.raises(VectorFileError, match="known are word2vec or GloVe text"):
        kind(data)
