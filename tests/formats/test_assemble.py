import io

import numpy as np
import pytest

from explorer import load
from explorer.errors import ExplorerError, VectorFileError
from explorer.formats import norms
from explorer.formats.assemble import assemble
from explorer.formats.options import Options
from explorer.formats.raw import RawVectors
from explorer.formats.source import Source
from explorer.space import EmbeddingSpace, Items, Provenance, StoredMap


def assembled(vectors, names=None, limit=None, **more) -> EmbeddingSpace:
    raw = RawVectors(np.asarray(vectors), "made by hand", names, **more)
    source = Source.open(io.BytesIO(b"x"), name="hand.npy")
    return assemble(raw, source, Options(limit=limit))


def said(space: EmbeddingSpace) -> list[str]:
    return list(map(str, space.provenance.findings))


def test_rows_without_a_direction_are_kept_out_counted_and_named():
    vectors = np.float32([[1, 2], [0, 0], [3, np.nan], [0, -0.0], [4, 5], [np.inf, 1]])
    space = assembled(
        vectors,
        list("abcdef"),
        metadata={"n": np.arange(6), "t": list("uvwxyz")},
        images=np.arange(6, dtype=np.uint8).reshape(6, 1, 1),
        maps={"m": StoredMap(np.arange(12, dtype=np.float32).reshape(6, 2), "by hand")},
    )
    assert list(space.items) == ["a", "e"]
    assert space.vectors.tolist() == [[1, 2], [4, 5]]
    assert space.metadata["n"].tolist() == [0, 4]
    assert space.metadata["t"].tolist() == ["u", "y"]
    assert space.images.reshape(-1).tolist() == [0, 4]
    assert space.maps["m"].coordinates.tolist() == [[0, 1], [8, 9]]
    assert said(space) == [
        "2 zero rows: kept out (row 1: b, row 3: d)",
        "2 rows with numbers that are not finite: kept out (row 2: c, row 5: f)",
    ]


def test_rows_without_a_name_keep_their_number_when_others_are_kept_out():
    space = assembled([[1, 2], [0, 0], [3, 4]])
    assert list(space.items) == ["0", "2"]
    assert assembled([[1, 2], [3, 4]]).items.are_numbers


def test_many_rows_kept_out_of_many_blocks(monkeypatch):
    vectors = np.random.default_rng(0).standard_normal((30_000, 64)).astype(np.float32)
    vectors[::3] = 0
    keep = vectors.any(axis=1)
    wanted = vectors[keep].copy()
    for array in (vectors.copy(), np.asfortranarray(vectors)):
        array.setflags(write=array.flags.c_contiguous)
        space = assembled(array)
        assert (space.vectors == wanted).all()
        assert np.allclose(space.norms, np.linalg.norm(wanted.astype(float), axis=1), rtol=1e-6)


def test_numbers_beyond_float32_are_told_apart_from_infinity():
    vectors = np.array([[1e39, 1], [np.inf, 1], [1e38, 1e38], [1e-30, 0]])
    space = assembled(vectors, list("abcd"))
    assert list(space.items) == ["c", "d"]
    assert said(space) == [
        "1 rows with numbers that are not finite: kept out (row 1: b)",
        "1 rows with numbers too large for float32: kept out (row 0: a)",
    ]


def test_huge_and_tiny_rows_are_rows():
    vectors = np.float32([[3e38, 3e38], [1e-45, 0], [1, 1]])
    space = assembled(vectors)
    assert len(space) == 3
    assert said(space) == []


def test_repeated_and_missing_names_are_kept_and_told():
    space = assembled(np.eye(4), ["a", "", "a", ""])
    assert list(space.items) == ["a", "row 1", "a #2", "row 3"]
    assert said(space) == [
        "2 items without a name: named by their row (row 1, row 3)",
        "1 repeated names: kept and numbered (' #2') (row 2: a #2)",
    ]


def test_a_limit_takes_the_first_rows_of_everything():
    space = assembled(np.eye(5), list("abcde"), limit=2, metadata={"n": np.arange(5)})
    assert list(space.items) == ["a", "b"]
    assert space.metadata["n"].tolist() == [0, 1]
    assert said(space) == ["3 items: left out: the first 2 of 5 were asked for"]
    with pytest.raises(ExplorerError, match="limit must be at least 1; got 0"):
        load(io.BytesIO(b"a 1 2\n"), limit=0)


def test_counts_that_differ_are_both_told():
    with pytest.raises(VectorFileError, match=r"hand.npy: holds 3 names for 2 vectors"):
        assembled(np.eye(2), list("abc"))


def test_the_norms_of_the_one_pass_are_those_of_the_space(monkeypatch):
    vectors = np.random.default_rng(3).standard_normal((2000, 30)).astype(np.float32) * 7
    for cells in (1 << 60, 0):  # NumPy and Numba
        monkeypatch.setattr(norms, "KERNEL_CELLS", cells)
        space = assembled(vectors.copy())
        fresh = EmbeddingSpace("x", Items.numbered(2000), vectors, Provenance("x"))
        assert "norms" in space.__dict__
        assert np.allclose(space.norms, fresh.norms, rtol=1e-7)
        assert not space.norms.flags.writeable


def test_float32_rows_are_taken_over_without_a_copy():
    vectors = np.random.default_rng(3).standard_normal((2000, 30)).astype(np.float32)
    assert np.shares_memory(assembled(vectors).vectors, vectors)
    assert np.shares_memory(assembled(vectors, limit=10).vectors, vectors)
