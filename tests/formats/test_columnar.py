"""Parquet and Arrow, written by pyarrow, pandas, polars and by us."""

import datetime
import decimal
import io

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.errors import FileTooLargeError, VectorFileError
from explorer.formats import load, save
from explorer.formats.columnar import read_arrow, read_parquet, write_parquet
from explorer.formats.options import Options
from explorer.formats.source import Source
from explorer.items import Items
from explorer.limits import Limits
from explorer.metadata import Metadata
from explorer.space import EmbeddingSpace, Provenance

WORDS = ["king", "queen", "duke"]
VECTORS = np.array([[1, 2], [3, 4], [5, 6]], dtype=np.float32)


def lists(kind):
    return pa.array(VECTORS.tolist(), kind)


def parquet(table, *, limits=None, **options):
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    with Source.open(buffer, name="t.parquet", limits=limits or Limits()) as source:
        return read_parquet(source, Options(**options))


def arrow(table, *, stream=False, batch=None, compression=None, **options):
    buffer = io.BytesIO()
    write = pa.ipc.new_stream if stream else pa.ipc.new_file
    with write(
        buffer, table.schema, options=pa.ipc.IpcWriteOptions(compression=compression)
    ) as sink:
        sink.write_table(table, max_chunksize=batch)
    with Source.open(buffer, name="t.arrow") as source:
        return read_arrow(source, Options(**options))


@pytest.mark.parametrize(
    "kind",
    [
        pa.list_(pa.float32()),
        pa.list_(pa.float64()),
        pa.list_(pa.float16()),
        pa.list_(pa.int32()),
        pa.large_list(pa.float32()),
        pa.list_(pa.float32(), 2),
        pa.list_(pa.float64(), 2),
    ],
    ids=str,
)
@pytest.mark.parametrize("read", [parquet, arrow])
def test_a_column_of_lists_of_any_kind_is_the_vector(kind, read):
    raw = read(pa.table({"word": WORDS, "v": lists(kind)}))
    assert raw.vectors.tolist() == VECTORS.tolist()
    assert raw.names == WORDS


@pytest.mark.parametrize("batch", [1, 2, None])
@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("compression", [None, "lz4", "zstd"])
def test_arrow_files_and_streams_in_batches_packed_or_not(batch, stream, compression):
    table = pa.table({"word": WORDS, "v": lists(pa.list_(pa.float32(), 2))})
    raw = arrow(table, batch=batch, stream=stream, compression=compression)
    assert raw.vectors.tolist() == VECTORS.tolist()


def test_a_slice_of_an_array_is_read_where_it_begins():
    table = pa.table({"word": WORDS, "v": lists(pa.list_(pa.float32(), 2))}).slice(1)
    assert arrow(table).vectors.tolist() == VECTORS[1:].tolist()


def test_one_large_batch_of_fixed_size_lists_is_mapped_and_not_copied(tmp_path, monkeypatch):
    monkeypatch.setattr("explorer.formats.mapped.MAPPED_BYTES", 1)
    table = pa.table({"word": WORDS, "v": lists(pa.list_(pa.float32(), 2))})
    path = str(tmp_path / "t.arrow")
    with pa.OSFile(path, "wb") as file, pa.ipc.new_file(file, table.schema) as sink:
        sink.write_table(table)
    maps = []
    open_map = pa.memory_map
    monkeypatch.setattr(pa, "memory_map", lambda name: maps.append(open_map(name)) or maps[-1])
    with Source.open(tmp_path / "t.arrow") as source:
        raw = read_arrow(source, Options())
    assert not raw.vectors.flags.owndata
    assert not raw.vectors.flags.writeable
    whole = maps[0].read_buffer(maps[0].size())
    assert 0 <= raw.vectors.ctypes.data - whole.address <= whole.size - VECTORS.nbytes


def test_number_columns_are_dimensions_in_the_order_of_their_numbers():
    columns = {"dim_1": VECTORS[:, 1], "dim_0": VECTORS[:, 0], "count": [7, 8, 9], "word": WORDS}
    raw = parquet(pa.table(columns))
    assert raw.vectors.tolist() == VECTORS.tolist()
    assert raw.metadata["count"].tolist() == [7, 8, 9]


def test_every_kind_of_metadata_is_told_plainly():
    day = datetime.date(2020, 1, 2)
    noon = datetime.datetime(2020, 1, 2, 12)
    table = pa.table(
        {
            "word": WORDS,
            "v": lists(pa.list_(pa.float32())),
            "day": [day, None, day],
            "midnight": pa.array([datetime.datetime(2020, 1, 2)] * 3, pa.timestamp("ns")),
            "noon": pa.array([noon] * 3, pa.timestamp("us", "Europe/Berlin")),
            "price": [decimal.Decimal("1.50"), decimal.Decimal("2.25"), None],
            "kind": pa.array(["m", "f", "m"]).dictionary_encode(),
            "whole": pa.array([1, None, 3]),
            "flag": [True, False, True],
            "maybe": [True, None, False],
            "long": pa.array([datetime.timedelta(seconds=90)] * 3),
            "nothing": pa.nulls(3),
        }
    )
    metadata = parquet(table).metadata
    assert metadata["day"].tolist() == ["2020-01-02", "", "2020-01-02"]
    assert metadata["midnight"].tolist() == ["2020-01-02"] * 3
    assert metadata["noon"].tolist() == ["2020-01-02 12:00:00"] * 3
    np.testing.assert_array_equal(metadata["price"], [1.5, 2.25, np.nan])
    assert metadata["kind"].tolist() == ["m", "f", "m"]
    np.testing.assert_array_equal(metadata["whole"], [1, np.nan, 3])
    assert metadata["flag"].tolist() == [True, False, True]
    assert metadata["maybe"].tolist() == ["true", "", "false"]
    assert metadata["long"].tolist() == [90.0] * 3
    assert metadata["nothing"].tolist() == [""] * 3


def test_structures_and_second_lists_are_left_out_with_a_finding():
    table = pa.table(
        {"word": WORDS, "v": lists(pa.list_(pa.float32())), "ids": [[1], [], [2]],
         "s": [{"a": 1}] * 3, "b": [b"x"] * 3}
    )  # fmt: skip
    for raw in (parquet(table), arrow(table)):
        assert raw.metadata == {}
        (finding,) = raw.findings
        assert finding.examples == ("ids", "s", "b")


@pytest.mark.parametrize(
    ("vectors", "message"),
    [
        ([[1.0, 2.0], [3.0], [4.0, 5.0]], "column v, row 1: expected 2 numbers, found 1"),
        ([[1.0, 2.0], [3.0, 4.0], None], "column v, row 2: holds no vector"),
        ([[1.0, 2.0], [3.0, None], [4.0, 5.0]], "column v, row 1: number 2 of 2 is missing"),
        ([[], [], []], "column v holds lists without numbers"),
    ],
)
def test_lists_that_are_no_vectors_are_told_with_their_row(vectors, message):
    table = pa.table({"word": WORDS, "v": pa.array(vectors, pa.list_(pa.float32()))})
    for read in (parquet, arrow):
        with pytest.raises(VectorFileError, match=message):
            read(table)


def test_the_row_of_a_fault_counts_from_the_start_of_the_file():
    vectors = [[1.0, 2.0]] * 5 + [[3.0]]
    table = pa.table({"v": pa.array(vectors, pa.list_(pa.float32()))})
    with pytest.raises(VectorFileError, match="row 5: expected 2 numbers, found 1"):
        arrow(table, batch=2)


def test_several_columns_of_lists_ask_for_a_choice():
    table = pa.table({"word": WORDS, "a": lists(pa.list_(pa.float32())), "b": [[9.0]] * 3})
    with pytest.raises(VectorFileError, match="a, b"):
        parquet(table)
    assert parquet(table, vector="b").vectors.tolist() == [[9.0]] * 3


def test_nulls_in_number_columns_are_nan():
    raw = parquet(pa.table({"word": WORDS, "x": [1.0, None, 3.0], "y": [1, 2, 3]}))
    np.testing.assert_array_equal(raw.vectors, [[1, 1], [np.nan, 2], [3, 3]])


def test_only_the_first_rows_are_read_on_request():
    table = pa.table({"word": WORDS, "v": lists(pa.list_(pa.float32()))})
    assert parquet(table, limit=2).names == WORDS[:2]
    assert arrow(table, limit=2, batch=1).names == WORDS[:2]


def test_sizes_are_checked_before_numbers_are_read():
    table = pa.table({"v": lists(pa.list_(pa.float32()))})
    with pytest.raises(FileTooLargeError, match="3 x 2"):
        parquet(table, limits=Limits(cells=5))
    with pytest.raises(FileTooLargeError, match="unpacks to"):
        parquet(table, limits=Limits(expanded_bytes=10))


def test_a_file_that_is_cut_short_is_told_so(tmp_path):
    table = pa.table({"word": WORDS, "v": lists(pa.list_(pa.float32()))})
    pq.write_table(table, tmp_path / "whole.parquet")
    with pa.ipc.new_stream(str(tmp_path / "whole.arrows"), table.schema) as sink:
        sink.write_table(table)
    with pa.ipc.new_file(str(tmp_path / "whole.arrow"), table.schema) as sink:
        sink.write_table(table)
    for whole in sorted(tmp_path.iterdir()):
        for share in (0.5, 0.9):
            cut = tmp_path / f"cut{whole.suffix}"
            cut.write_bytes(whole.read_bytes()[: int(share * whole.stat().st_size)])
            with pytest.raises(VectorFileError, match="cut short"):
                load(cut)


def test_offsets_that_lead_out_of_the_file_are_refused(tmp_path):
    table = pa.table({"v": pa.array([[1.0, 2.0], [3.0, 4.0]], pa.list_(pa.float32()))})
    with pa.ipc.new_file(str(tmp_path / "t.arrow"), table.schema) as sink:
        sink.write_table(table)
    whole = (tmp_path / "t.arrow").read_bytes()
    offsets = np.array([0, 2, 4], dtype="<i4").tobytes()
    assert whole.count(offsets) == 1
    lying = np.array([0, 2, 1 << 28], dtype="<i4").tobytes()
    (tmp_path / "t.arrow").write_bytes(whole.replace(offsets, lying))
    with pytest.raises(VectorFileError, match="cannot be read as Arrow"):
        load(tmp_path / "t.arrow")


def test_pandas_and_polars_write_what_is_read(tmp_path):
    frame = pd.DataFrame(VECTORS, index=WORDS, columns=["x0", "x1"])
    frame.to_parquet(tmp_path / "index.parquet")
    pd.DataFrame({"word": WORDS, "v": list(VECTORS)}).to_parquet(tmp_path / "lists.parquet")
    pd.DataFrame({"word": WORDS, "v": list(VECTORS)}).to_feather(tmp_path / "lists.feather")
    polars = pl.DataFrame({"word": WORDS, "v": VECTORS})
    polars.write_parquet(tmp_path / "polars.parquet")
    polars.write_ipc(tmp_path / "polars.arrow")
    polars.write_ipc_stream(tmp_path / "polars-stream.arrow")
    for file in tmp_path.iterdir():
        space = load(file)
        assert list(space.items) == WORDS, file.name
        np.testing.assert_array_equal(space.vectors, VECTORS)


def space_of(names, metadata=None, **more):
    vectors = np.random.default_rng(0).normal(size=(len(names), 3)).astype(np.float32)
    provenance = Provenance("toy", steps=("centred",), seed=7)
    return EmbeddingSpace("toy", Items(names), vectors, provenance, metadata or Metadata(), **more)


def test_a_space_comes_back_from_parquet(tmp_path):
    metadata = Metadata(
        {"n": [1, 2, 3], "x": [0.5, np.nan, 2], "ok": [True, False, True], "t": ["", "b", "c"]}
    )
    space = space_of(WORDS, metadata, trained_with="dot")
    save(space, tmp_path / "s.parquet")
    back = load(tmp_path / "s.parquet")
    assert back.digest == space.digest
    assert back.metadata.digest == space.metadata.digest
    assert back.trained_with == "dot"
    assert back.provenance.steps == ("centred",)
    assert back.provenance.seed == 7


def test_metadata_called_item_and_vector_do_not_collide(tmp_path):
    space = space_of(WORDS, Metadata({"item": [3, 2, 1], "vector": ["x", "y", "z"]}))
    save(space, tmp_path / "s.parquet")
    back = load(tmp_path / "s.parquet")
    assert list(back.items) == WORDS
    assert back.metadata.digest == space.metadata.digest


def test_other_programs_read_what_is_written(tmp_path):
    save(space_of(WORDS), tmp_path / "s.parquet")
    assert pl.read_parquet(tmp_path / "s.parquet")["item"].to_list() == WORDS
    assert pd.read_parquet(tmp_path / "s.parquet")["vector"][0].shape == (3,)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1, unique=True)
)
def test_any_name_comes_back_from_parquet(names):
    buffer = io.BytesIO()
    write_parquet(space_of(names), buffer)
    with Source.open(buffer, name="s.parquet") as source:
        assert read_parquet(source, Options()).names == names
