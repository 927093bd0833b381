import io

import numpy as np
import pytest

from explorer import load
from explorer.errors import VectorFileError

VECTORS = np.arange(1, 13, dtype=np.float32).reshape(4, 3)


def opened(labels=None, metadata=None, vectors=VECTORS, **options):
    file = io.BytesIO()
    np.save(file, vectors)

    def upload(text):
        if text is None or not isinstance(text, str):
            return text
        return io.BytesIO(text.encode())

    return load(file, labels=upload(labels), metadata=upload(metadata), **options)


@pytest.mark.parametrize(
    "labels",
    [
        "king\nqueen\nParis, France\nthe end\n",
        "king\r\nqueen\r\nParis, France\r\nthe end",
        "word\nking\nqueen\nParis, France\nthe end\n",
        "\ufeffking\nqueen\nParis, France\nthe end\n\n",
        "word\tcount\nking\t4\nqueen\t3\nParis, France\t2\nthe end\t1\n",
        'count,label\n4,king\n3,queen\n2,"Paris, France"\n1,the end\n',
        '{"label": "king"}\n{"label": "queen"}\n{"label": "Paris, France"}\n{"label": "the end"}\n',
    ],
)
def test_names_from_a_file_in_every_dress(labels):
    space = opened(labels)
    assert list(space.items) == ["king", "queen", "Paris, France", "the end"]
    if "count" in labels:
        assert space.metadata["count"].tolist() == [4, 3, 2, 1]


def test_classes_are_metadata_and_items_are_called_by_class_and_row():
    space = opened("7\n2\n7\n7\n7\n7\n", vectors=np.eye(6))
    assert list(space.items)[:2] == ["7 · 0", "2 · 1"]
    assert space.metadata["label"].tolist() == [7, 2, 7, 7, 7, 7]


@pytest.mark.parametrize(
    ("labels", "found"), [("a\nb\n", "2"), ("a\nb\nc\nd\ne\nf\n", "6"), ("a\tb\n1\t2\n", "1")]
)
def test_labels_that_are_too_few_or_too_many_are_told(labels, found):
    with pytest.raises(VectorFileError) as caught:
        opened(labels)
    assert f"upload holds 4 vectors, but this file has {found} lines" in str(caught.value)


def test_labels_may_go_on_where_a_limit_cut_the_vectors_short():
    assert list(opened("a\nb\nc\nd\n", limit=2).items) == ["a", "b"]
    space = load(io.BytesIO(b"x 1 2\ny 3 4\nz 5 6\n"), labels=io.BytesIO(b"a\nb\nc\n"), limit=2)
    assert list(space.items) == ["a", "b"]


def test_metadata_in_the_vectors_order():
    space = opened("a\nb\nc\nd\n", "kind,year\nx,1\ny,2\nx,3\ny,4\n")
    assert space.metadata["kind"].tolist() == ["x", "y", "x", "y"]
    assert space.metadata["year"].tolist() == [1, 2, 3, 4]


def test_metadata_by_name_in_any_order():
    text = "a 1 2\nb 3 4\nc 5 6\na 7 8\n"
    rows = "word,count,kind,new\nz,9,q,1\nc,3,x,0\na,1,y,1\n"
    space = load(io.BytesIO(text.encode()), metadata=io.BytesIO(rows.encode()))
    assert list(space.metadata) == ["count", "kind", "new"]
    assert space.metadata["kind"].tolist() == ["y", "", "x", "y"]
    assert np.array_equal(space.metadata["count"], [1, np.nan, 3, 1], equal_nan=True)
    said = "1 items not in upload: left without values (b)"
    assert str(space.provenance.findings[0]) == said


def test_metadata_without_names_must_be_as_many():
    with pytest.raises(VectorFileError, match="but this file has 2 lines for them"):
        opened("a\nb\nc\nd\n", "kind,year\nx,1\ny,2\n")


def test_other_encodings_are_refused_with_byte_and_line():
    with pytest.raises(VectorFileError, match=r"line 2: byte 5 \(0xE9\) is not UTF-8"):
        opened(io.BytesIO(b"a\ncaf\xe9\nc\nd\n"))


def test_the_projectors_own_label_files(shared_data):
    space = load(
        shared_data("projector/iris_tensors.bytes"), labels=shared_data("projector/iris_labels.tsv")
    )
    assert len(space) == 150
    assert "class" in space.metadata
