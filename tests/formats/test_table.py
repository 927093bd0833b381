"""CSV and TSV: layouts, corners, and errors with their line."""

import io

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.errors import FileTooLargeError, VectorFileError
from explorer.formats import load
from explorer.formats.detect import detect
from explorer.formats.options import Options
from explorer.formats.source import Source
from explorer.formats.table import read
from explorer.limits import Limits


def table(text, *, limits=None, name="t.csv", **options):
    data = text if isinstance(text, bytes) else text.encode()
    with Source.open(io.BytesIO(data), name=name, limits=limits or Limits()) as source:
        return read(source, Options(**options))


@pytest.mark.parametrize(
    "text",
    [
        "word,x,y\nking,1,2\nqueen,3,4\n",
        "x,word,y\n1,king,2\n3,queen,4\n",
        "x,y,word\n1,2,king\n3,4,queen",
        "king,1,2\nqueen,3,4\n",
        "1,2,king\n3,4,queen\n",
        "word\tx\ty\nking\t1\t2\nqueen\t3\t4\n",
        "word;x;y\nking;1;2\nqueen;3;4\n",
        "word;x;y\nking;1,0;2,0\nqueen;3,0;4,0\n",
        "word|x|y\nking|1|2\nqueen|3|4\n",
        'word,x,y\r\n"king",1,2\r\n\r\n"queen",3,4\r\n',
        "\ufeffword,x,y\nking,1,2\nqueen,3,4\n",
        "word,0,1\nking,1.0,2.0\nqueen,3.0,4.0\n",
        "word,y2,y1\nking,2,1\nqueen,4,3\n",
        "a\tb\nking\t1\t2\nqueen\t3\t4\n",
        'word,v\nking,"[1, 2]"\nqueen,"[3, 4]"\n',
        'word,v\nking,"[1. 2.]"\nqueen,"[3.\n 4.]"\n',
        "word;v\nking;{1,2}\nqueen;{3,4}\n",
    ],
    ids=[
        "label first", "label amid", "label last", "no header", "no header, label last", "tabs",
        "semicolons", "decimal commas", "bars", "quotes, CRLF, blank line", "byte order mark",
        "numbers as column names", "series in another order", "R: no header over the names",
        "vector as JSON text", "vector as NumPy text", "vector as a Postgres array",
    ],
)  # fmt: skip
def test_one_table_in_many_layouts(text):
    assert detect(Source.open(io.BytesIO(text.encode()))) in ("table", "glove")
    raw = table(text)
    assert raw.vectors.tolist() == [[1, 2], [3, 4]]
    assert raw.vectors.dtype == np.float32
    assert raw.names == ["king", "queen"]
    assert raw.metadata == {}


def test_other_columns_are_metadata_of_their_own_type():
    raw = table("word,x1,x2,year,code,note\na,1,2,1990,007,\nb,3,4,,008,so so\n")
    assert raw.metadata["year"].tolist()[0] == 1990
    assert np.isnan(raw.metadata["year"][1])
    assert raw.metadata["code"].tolist() == ["007", "008"]
    assert raw.metadata["note"].tolist() == ["", "so so"]


def test_names_that_look_like_numbers_or_nothing_stay_as_they_are():
    raw = table("word,x\n007,1\nnull,2\nNA,3\n1e3,4\ntrue,5\nking,6\nqueen,7\nduke,8\nprince,9\n")
    assert raw.names[:5] == ["007", "null", "NA", "1e3", "true"]


def test_quoted_names_may_hold_delimiters_quotes_and_line_ends():
    raw = table('word,x,y\n"New York, ""NY""\nUSA",1,2\nb,3,4\n')
    assert raw.names == ['New York, "NY"\nUSA', "b"]
    assert raw.place(0) == "row 0"  # the line cannot be told from the row any more


def test_a_lone_quote_among_tokens_is_a_token():
    raw = table('word\tx\ty\nking\t1\t2\n"\t3\t4\nx\t5\t6\n"\t7\t8\n', name="t.tsv")
    assert raw.names == ["king", '"', "x", '"']
    late = "word\tx\ty\n" + LONG.replace(",", "\t") * 25_000 + '"\t3\t4\n"\t5\t6\nx\t7\t8\n'
    assert table(late, name="t.tsv").names[-3:] == ['"', '"', "x"]


def test_a_missing_number_is_nan():
    raw = table("word,x,y\nking,1,\nqueen,nan,4\n")
    assert np.isnan(raw.vectors).tolist() == [[False, True], [True, False]]


def test_the_line_of_a_row_is_told():
    raw = table("word,x,y\nking,1,2\nqueen,3,4\n")
    assert [raw.place(0), raw.place(1)] == ["line 2", "line 3"]


def test_a_first_line_of_whole_numbers_is_data_where_the_file_has_whole_numbers():
    assert table("king,1,2\nqueen,3,4\n").names == ["king", "queen"]


def test_ids_in_front_of_fractions_are_names():
    assert table("5,0.1,0.2\n6,0.3,0.4\n").names == ["5", "6"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("w,x,y\na,1,2\nb,3\n", "line 3: expected 3 columns, found 2"),
        ("w,x,y\na,1,2\n\nb,3,4,5\n", "line 4: expected 3 columns, found 4"),
        ("w,x,y\na,1,2\nb,3,oops\n", "line 3: column y: expected a number, found 'oops'"),
        ("a,oops,2\nb,3,4\nc,5,6\n", "line 1: column column 2: expected a number, found 'oops'"),
        ('w,v\na,"[1, 2]"\nb,"[3]"\n', "line 3: column v: expected 2 numbers, found 1"),
        ('w,v\na,"[1, 2]"\nb,"[3, x]"\n', "line 3: column v: expected a list of numbers.*'x'"),
        ('w,v\na,"[1 2 ... 9]"\nb,"[3 4 ... 9]"\n', "line 2: .*shortened to '...'"),
        ("w,v\na,[1, 2, 3]\nb,[3, 4, 5]\n", "begins a list that does not end"),
        (
            "word,x,y\nking,1,2,3\nqueen,4,5,6\n",
            "line 2: expected 3 columns as in the first line, found 4",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text, message):
    with pytest.raises(VectorFileError, match=message):
        table(text)


LONG = f"{'a' * 44},1,2\n"  # 49 bytes: 25,000 of them lie beyond what the layout is told from


def test_a_fault_far_down_is_found_in_its_line():
    with pytest.raises(VectorFileError, match="line 25,002: column y: expected a number"):
        table("w,x,y\n" + LONG * 25_000 + "b,3,oops\n" + LONG)


def test_another_encoding_is_told_with_byte_and_line():
    with pytest.raises(VectorFileError, match=r"line 3: byte 15 \(0xE9\) is not UTF-8"):
        table("w,x,y\na,1,2\ncaf\xe9,3,4\n".encode("latin-1"))
    far = "w,x,y\n" + LONG * 25_000 + "caf\xe9,3,4\n"
    with pytest.raises(VectorFileError, match=r"line 25,002: byte 1,225,009 \(0xE9\)"):
        table(far.encode("latin-1"))


def test_a_line_beyond_the_limit_is_refused():
    with pytest.raises(FileTooLargeError, match="line 2: is longer than"):
        table("w,x\n" + "a" * 200_000 + ",1\n", limits=Limits(line_bytes=1 << 14))


def test_more_numbers_than_the_limit_are_refused():
    with pytest.raises(FileTooLargeError, match="3 x 2"):
        table("a,1,2\nb,3,4\nc,5,6\n", limits=Limits(cells=5))


def test_the_limit_stops_before_later_faults():
    raw = table("w,x,y\na,1,2\nb,3,4\nc,oops\n", limit=2)
    assert raw.names == ["a", "b"]


def test_vector_and_label_can_be_chosen():
    text = "name,code,a1,a2,b1,b2\nking,k,1,2,3,4\nqueen,q,5,6,7,8\n"
    raw = table(text, vector="b", label="code")
    assert raw.names == ["k", "q"]
    assert raw.vectors.tolist() == [[3, 4], [7, 8]]
    assert sorted(raw.metadata) == ["a1", "a2", "name"]


def test_pandas_and_polars_write_what_is_read(tmp_path):
    vectors = np.random.default_rng(0).normal(size=(20, 5)).astype(np.float32)
    words = [f"word {i}" for i in range(20)]
    frame = pd.DataFrame(vectors, index=words)
    polars = pl.DataFrame({"word": words, **{f"d{i}": vectors[:, i] for i in range(5)}})
    frame.to_csv(tmp_path / "pandas.csv")
    frame.to_csv(tmp_path / "pandas.tsv.gz", sep="\t")
    polars.write_csv(tmp_path / "polars.csv")
    for file in tmp_path.iterdir():
        space = load(file)
        assert list(space.items) == words
        np.testing.assert_array_equal(space.vectors, vectors)


def test_a_row_index_is_no_dimension():
    frame = pd.DataFrame({"a": [0.5, 1.5, 2.5], "b": [1.5, 2.5, 3.5]})
    raw = table(frame.to_csv())
    assert raw.vectors.shape == (3, 2)
    assert raw.names == ["0", "1", "2"]


names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)


@settings(max_examples=60, deadline=None)
@given(
    # A name that repeats in most rows is a class and no name (see test_columns), so: distinct ones.
    st.lists(names, min_size=2, max_size=6, unique=True),
    st.sampled_from([",", "\t", ";", "|"]),
)
def test_any_name_comes_back_from_a_quoted_table(words, delimiter):
    frame = pd.DataFrame({"word": words, "x": 1.5, "y": 2.5})
    text = frame.to_csv(index=False, sep=delimiter, quoting=2)  # text in quotes, numbers not
    raw = table(text)
    assert [name.replace("\r\n", "\n") for name in raw.names] == [
        word.replace("\r\n", "\n") for word in words
    ]
    assert raw.vectors.tolist() == [[1.5, 2.5]] * len(words)
