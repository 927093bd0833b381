"""JSON lines and its relatives."""

import io
import json

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.errors import VectorFileError
from explorer.formats import load
from explorer.formats.jsonl import read
from explorer.formats.options import Options
from explorer.formats.source import Source

KING = {"word": "king", "embedding": [0.5, 1], "count": 7}
QUEEN = {"word": "queen", "embedding": [1.5, 2], "count": 8}


def json_file(text, **options):
    data = text if isinstance(text, bytes) else text.encode()
    with Source.open(io.BytesIO(data), name="t.jsonl") as source:
        return read(source, Options(**options))


def lines(*objects):
    return "".join(json.dumps(one) + "\n" for one in objects)


@pytest.mark.parametrize(
    "text",
    [
        lines(KING, QUEEN),
        "\ufeff" + lines(KING) + "\r\n\n" + lines(QUEEN).rstrip(),
        lines(KING, {**QUEEN, "more": {"a": 1}}),
        json.dumps([KING, QUEEN]),
        json.dumps([KING, QUEEN], indent=2),
        json.dumps({"object": "list", "data": [KING, QUEEN]}),
        json.dumps({"object": "list", "data": [KING, QUEEN]}, indent=2),
        lines({"word": "king", "x1": 0.5, "x2": 1, "count": 7}, {**QUEEN, "x1": 1.5, "x2": 2}),
    ],
    ids=[
        "lines", "byte order mark, blank lines, CRLF", "a field that comes late", "array",
        "array, indented", "an answer of an interface", "the same, indented", "columns",
    ],
)  # fmt: skip
def test_objects_in_many_layouts(text):
    if "x1" in text:
        text = text.replace(', "embedding": [1.5, 2]', "")
    raw = json_file(text)
    assert raw.vectors.tolist() == [[0.5, 1], [1.5, 2]]
    assert raw.vectors.dtype == np.float32
    assert raw.names == ["king", "queen"]
    assert raw.metadata["count"].tolist() == [7, 8]


@pytest.mark.parametrize("indent", [None, 2])
def test_one_object_of_names_and_vectors(indent):
    raw = json_file(json.dumps({"king": [0.5, 1], "queen": [1.5, 2]}, indent=indent))
    assert raw.names == ["king", "queen"]
    assert raw.vectors.tolist() == [[0.5, 1], [1.5, 2]]


def test_fields_that_are_no_one_value_are_left_out_with_a_finding():
    raw = json_file(lines({**KING, "tags": ["a"], "at": {"x": 1}}, QUEEN))
    assert sorted(raw.metadata) == ["count"]
    assert raw.findings[0].examples == ("tags", "at")


def test_a_field_of_several_kinds_is_text():
    raw = json_file(lines(KING, {**QUEEN, "count": "many"}))
    assert raw.metadata["count"].tolist() == ["7", "many"]


def test_missing_values_are_nan_or_empty():
    raw = json_file(lines({**KING, "note": "x"}, {**QUEEN, "count": None}))
    np.testing.assert_array_equal(raw.metadata["count"], [7, np.nan])
    assert raw.metadata["note"].tolist() == ["x", ""]


def test_text_that_looks_like_a_date_stays_as_it_is():
    raw = json_file(lines({"word": "2020-01-01", "v": [0.5]}, {"word": "1999-1-1", "v": [0.5]}))
    assert raw.names == ["2020-01-01", "1999-1-1"]


def test_not_a_number_is_read():
    raw = json_file('{"word": "a", "v": [NaN, 1.5]}\n')
    assert np.isnan(raw.vectors[0, 0])


def test_half_a_surrogate_pair_becomes_the_replacement_mark():
    assert json_file('{"word": "a\\ud800", "v": [0.5, 1]}\n').names == ["a\ufffd"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (lines(KING, {**QUEEN, "embedding": [1.5]}), "line 2: expected 2 numbers, found 1"),
        (lines(KING, {**QUEEN, "embedding": [1.5, "x"]}), r'line 2: .*embedding\[1\], found "x"'),
        (lines(KING, {**QUEEN, "embedding": [1.5, None]}), r"embedding\[1\], found null"),
        (lines(KING, {**QUEEN, "embedding": [1.5, True]}), r"embedding\[1\], found true"),
        (lines(KING, {"word": "x"}), "line 2: expected a list of numbers in 'embedding'"),
        (lines(KING) + "\n" + lines([1, 2]), r"line 3: expected a JSON object.*found \[1, 2\]"),
        (lines(KING) + '{"word": "que', "line 2: is no JSON object"),
        (json.dumps([KING, QUEEN], indent=1)[:-9], "line 1.: expected an object.*cut short"),
        (lines({"a": "b"}), "expected a column of vectors"),
        (lines(*[{"v": [0.5], "w": [0.5]}] * 2), "2 columns hold vectors: v, w"),
        ("[]", "holds no JSON object"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text, message):
    with pytest.raises(VectorFileError, match=message):
        json_file(text)


def test_another_encoding_is_told_with_byte_and_line():
    text = lines(KING) + '{"word": "caf\xe9", "embedding": [1, 2]}\n'
    with pytest.raises(VectorFileError, match=r"line 2: byte \d+ \(0xE9\)"):
        json_file(text.encode("latin-1"))


def test_the_line_of_a_row_is_told():
    assert json_file(lines(KING, QUEEN)).place(1) == "line 2"
    assert json_file(lines(KING) + "\n" + lines({**QUEEN, "x": {}, "y": 1})).place(1) != "line 2"


def test_the_limit_the_vector_and_the_label_can_be_chosen():
    objects = [{"a": [0.5], "b": [1.5], "id": i, "word": "x"} for i in range(5)]
    raw = json_file(lines(*objects), vector="b", label="id", limit=2)
    assert raw.names == ["0", "1"]
    assert raw.vectors.tolist() == [[1.5], [1.5]]


def test_many_lines_go_through_the_fast_reader_and_the_careful_one_alike():
    vectors = np.random.default_rng(0).normal(size=(3_000, 8)).astype(np.float32)
    objects = [{"w": f"w{i}", "v": v} for i, v in enumerate(vectors.tolist())]
    fast = json_file(lines(*objects))
    careful = json_file(json.dumps(objects))
    np.testing.assert_array_equal(fast.vectors, vectors)
    np.testing.assert_array_equal(careful.vectors, vectors)
    assert fast.names == careful.names


def test_polars_writes_what_is_read(tmp_path):
    frame = pl.DataFrame({"word": ["king", "queen"], "v": [[0.5, 1.0], [1.5, 2.0]]})
    frame.write_ndjson(tmp_path / "t.jsonl")
    assert load(tmp_path / "t.jsonl").vectors.tolist() == [[0.5, 1.0], [1.5, 2.0]]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1), st.booleans())
def test_any_name_comes_back(words, ascii_only):
    text = "".join(
        json.dumps({"word": word, "v": [0.5, 1]}, ensure_ascii=ascii_only) + "\n" for word in words
    )
    assert json_file(text).names == words
