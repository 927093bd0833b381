"""Limits are settings, and over a limit a part of the file can be opened."""

from __future__ import annotations

import gzip
import io

import h5py
import numpy as np
import pytest

from explorer import load
from explorer.errors import ExplorerError, FileTooLargeError, LimitError
from explorer.formats import can_be_sampled, text, text_chunks
from explorer.limits import UPLOAD, Limits, ServerLimits, from_environment
from tests.hostile import contents

N, D = 500, 4
VECTORS = contents.spread(N, D)
NAMES = [f"w{row}" for row in range(N)]
TIGHT = Limits(cells=100 * D)
FILES = {
    "v.npy": contents.npy(VECTORS),
    "v.npy.gz": gzip.compress(contents.npy(VECTORS)),
    "v.npz": contents.npz(vectors=VECTORS, names=np.array(NAMES)),
    "v.csv": contents.csv_text(NAMES, VECTORS).encode(),
    "v.jsonl": contents.jsonl(NAMES, VECTORS).encode(),
    "v.parquet": contents.parquet({"word": NAMES, "v": VECTORS.tolist()}),
    "v.arrow": contents.arrow({"word": NAMES, "v": VECTORS.tolist()}),
    "v.safetensors": contents.safetensors({"v": contents.tensor(VECTORS)}, VECTORS.tobytes()),
    "v.bin": contents.word2vec_binary(NAMES, VECTORS),
    "v.txt": contents.word2vec(NAMES, VECTORS).encode(),
    "glove.txt": contents.glove(NAMES, VECTORS).encode(),
}


def upload(name: str) -> io.BytesIO:
    file = io.BytesIO(FILES[name])
    file.name = name
    return file


@pytest.mark.parametrize("name", FILES)
def test_over_the_limit_the_error_says_how_many_items_fit_and_so_many_open(name):
    with pytest.raises(FileTooLargeError) as caught:
        load(upload(name), limits=TIGHT)
    assert caught.value.rows == 100
    space = load(upload(name), limits=TIGHT, limit=100)
    assert np.array_equal(space.vectors, VECTORS[:100])
    assert any("the first 100" in str(finding) for finding in space.provenance.findings)


@pytest.mark.parametrize("name", FILES)
def test_a_random_sample_is_repeatable_keeps_rows_and_names_together_and_is_stated(name):
    space = load(upload(name), limits=TIGHT, limit=100, seed=3)
    rows = [int(item.removeprefix("w")) for item in space.items]
    assert rows == sorted(set(rows))
    assert rows != list(range(100))
    assert np.array_equal(space.vectors, VECTORS[rows])
    assert list(load(upload(name), limits=TIGHT, limit=100, seed=3).items) == list(space.items)
    assert list(load(upload(name), limits=TIGHT, limit=100, seed=4).items) != list(space.items)
    assert space.provenance.steps == ("random sample of 100 of 500 items",)
    assert space.provenance.seed == 3


def test_a_sample_takes_the_lines_of_its_rows_from_labels_and_metadata():
    labels = io.BytesIO("".join(f"w{row}\n" for row in range(N)).encode())
    metadata = io.BytesIO(b"n,word\n" + b"".join(b"%d,w%d\n" % (row, row) for row in range(N)))
    space = load(upload("v.npy"), labels=labels, metadata=metadata, limit=50, seed=1)
    rows = [int(item.removeprefix("w")) for item in space.items]
    assert np.array_equal(space.vectors, VECTORS[rows])
    assert space.metadata["n"].tolist() == rows


@pytest.mark.parametrize("name", ["v.bin", "v.txt", "glove.txt"])
def test_a_sample_keeps_the_places_in_the_file_for_what_is_told_of_its_rows(name):
    vectors = VECTORS.copy()
    vectors[::2] = 0
    make = {
        "v.bin": contents.word2vec_binary,
        "v.txt": contents.word2vec,
        "glove.txt": contents.glove,
    }
    data = make[name](NAMES, vectors)
    file = io.BytesIO(data if isinstance(data, bytes) else data.encode())
    space = load(file, limit=100, seed=3)
    zero = next(finding for finding in space.provenance.findings if finding.what == "zero rows")
    assert len(space) + zero.count == 100
    shift = {"v.bin": 1, "v.txt": 2, "glove.txt": 1}[name]
    for example in zero.examples:
        place, item = example.split(": ")
        assert int(place.split()[-1]) == int(item.removeprefix("w")) + shift


def test_blank_lines_are_no_items_of_a_sample_and_many_chunks_are_one_file(monkeypatch):
    monkeypatch.setattr(text_chunks, "CHUNK_BYTES", 300)
    monkeypatch.setattr(text, "KERNEL_BYTES", 0)
    spaced = contents.glove(NAMES, VECTORS).replace("\n", "\n\n", 50)
    space = load(io.BytesIO(spaced.encode()), limit=100, seed=3)
    rows = [int(item.removeprefix("w")) for item in space.items]
    assert np.array_equal(space.vectors, VECTORS[rows])
    assert space.provenance.steps == ("random sample of 100 of 500 items",)


def test_a_header_that_promises_too_much_is_refused_for_a_sample_too_without_taking_memory():
    file = gzip.compress(b"3000000000 1\nw0 0.5\nw1 0.25\n")
    with pytest.raises(ExplorerError, match="the header promises 3,000,000,000 items, found 2"):
        load(io.BytesIO(file), limit=1000, seed=0)


def test_kinds_of_files_that_are_read_from_their_beginning_only_say_so():
    file = io.BytesIO()
    with h5py.File(file, "w") as opened:
        contents.anndata(opened)
    assert not can_be_sampled(file)
    assert can_be_sampled(upload("glove.txt"))
    with pytest.raises(ExplorerError, match="from its beginning only: take the first items"):
        load(file, limit=1, seed=0)


def test_a_sample_needs_its_size():
    with pytest.raises(ExplorerError, match="needs a seed of at least 0 and a limit"):
        load(upload("v.npy"), seed=1)


def test_metadata_beyond_its_limit_is_refused_with_what_fits():
    table = contents.parquet({"v": VECTORS.tolist(), **{f"c{i}_": NAMES for i in range(4)}})
    with pytest.raises(FileTooLargeError, match="500 x 4 values of metadata") as caught:
        load(io.BytesIO(table), limits=Limits(metadata_cells=400))
    assert caught.value.rows == 100


def test_limits_are_set_by_the_environment():
    settings = {"EMBEDDING_EXPLORER_CELLS": "20M", "EMBEDDING_EXPLORER_LINE_BYTES": "2k"}
    limits = from_environment(UPLOAD, settings)
    assert (limits.cells, limits.line_bytes) == (20_000_000, 2_048)
    assert limits.name_characters == UPLOAD.name_characters
    server = from_environment(ServerLimits(), {"EMBEDDING_EXPLORER_SESSION_SPACES": "2"})
    assert server.session_spaces == 2


@pytest.mark.parametrize("value", ["many", "0", "-5", "1.5G", "9" * 40, "1T", "٣", "1 2", "0x10"])
def test_a_setting_that_is_no_whole_number_is_named(value):
    with pytest.raises(ExplorerError, match="EMBEDDING_EXPLORER_CELLS must be a whole number"):
        from_environment(UPLOAD, {"EMBEDDING_EXPLORER_CELLS": value})


def test_a_limit_error_of_a_file_is_both_a_file_error_and_a_limit_error():
    error = FileTooLargeError("a.txt", "is too long.", line=3, rows=7)
    assert isinstance(error, LimitError)
    assert (str(error), error.rows) == ("a.txt, line 3: is too long.", 7)
