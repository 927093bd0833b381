"""The embedding space: checked once, never changed, each change a new one that says so."""

import numpy as np
import pytest

from explorer.errors import ExplorerError, UnknownItemError
from explorer.items import Items
from explorer.metadata import Metadata
from explorer.space import (
    EmbeddingSpace,
    Finding,
    Provenance,
    StoredMap,
    centred,
    content_digest,
    normalized,
)


def space_of(vectors=((3, 4), (0, 0), (6, 8)), names=("a", "b", "c"), **more):
    vectors = np.asarray(vectors, dtype=np.float32)
    return EmbeddingSpace("toy", Items(names), vectors, Provenance("by hand"), **more)


@pytest.fixture
def full():
    return space_of(
        metadata=Metadata({"n": [1, 2, 3]}),
        images=np.arange(12, dtype=np.uint8).reshape(3, 2, 2),
        maps={"PCA": StoredMap(np.array([[0, 0], [1, 1], [2, 2]], dtype=np.float32), "by hand")},
    )


def test_row_i_belongs_to_item_i():
    space = space_of()
    assert len(space) == 3
    assert space.dimensions == 2
    assert space.vector("c").tolist() == [6, 8]
    assert repr(space) == "EmbeddingSpace('toy', 3 x 2)"


def test_an_unknown_item_names_the_space():
    with pytest.raises(UnknownItemError, match="'d' is not among the 3 items of toy"):
        space_of().vector("d")


def test_vectors_are_read_only_not_copied_and_the_callers_array_stays_writable():
    mine = np.ones((3, 2), dtype=np.float32)
    space = space_of(mine)
    with pytest.raises(ValueError, match="read-only"):
        space.vectors[0] = 5
    assert np.shares_memory(mine, space.vectors)
    mine[0] = 7


def test_a_memory_map_stays_one(tmp_path):
    np.save(tmp_path / "a.npy", np.ones((3, 2), dtype=np.float32))
    mapped = np.load(tmp_path / "a.npy", mmap_mode="r")
    assert np.shares_memory(space_of(mapped).vectors, mapped)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"vectors": [[1, 2]]}, r"3 items need a row each; got shape \(1, 2\)"),
        ({"vectors": [1, 2, 3]}, r"got shape \(3,\)"),
        ({"vectors": np.ones((0, 2)), "names": ()}, "needs items and dimensions"),
        ({"vectors": np.ones((3, 0))}, "needs items and dimensions"),
        ({"metadata": Metadata({"n": [1]})}, "3 items, but metadata for 1"),
        ({"images": np.zeros((2, 8, 8), dtype=np.uint8)}, "3 items, but 2 images"),
        ({"maps": {"PCA": StoredMap(np.zeros((2, 2)), "")}}, "Map PCA places 2 of 3 items"),
    ],
)
def test_parts_that_do_not_fit_are_refused_with_both_counts(wrong, told):
    with pytest.raises(ExplorerError, match=told):
        space_of(**wrong)


def test_a_map_has_two_or_three_coordinates():
    with pytest.raises(ExplorerError, match=r"2 or 3 coordinates an item; got \(3, 4\)"):
        StoredMap(np.zeros((3, 4)), "")


def test_norms_are_lengths():
    assert space_of().norms.tolist() == [5, 0, 10]


def test_norms_of_the_largest_and_smallest_floats_are_right():
    space = space_of([[2e38, 0], [1e-38, 0], [1e-45, 0]])
    assert space.norms.tolist() == space.vectors[:, 0].tolist()


def test_a_norm_beyond_float32_is_infinite_without_a_warning():
    assert space_of([[3e38, 3e38], [1, 0], [1, 0]]).norms[0] == np.inf


def test_normalized_vectors_have_length_1_and_zero_stays_zero():
    space = normalized(space_of([[3, 4], [0, 0], [3e38, 3e38]]))
    assert space.vectors.tolist()[:2] == [[np.float32(0.6), np.float32(0.8)], [0, 0]]
    assert space.vectors[2] == pytest.approx([np.sqrt(0.5)] * 2)
    assert space.provenance.steps == ("unit length",)


def test_centred_vectors_have_mean_zero():
    space = centred(space_of([[1, 10], [2, 20], [6, 30]]))
    assert space.vectors.tolist() == [[-2, -10], [-1, 0], [3, 10]]
    assert space.provenance.preprocessing == "centred"


def test_each_step_is_told_in_order():
    space = normalized(centred(space_of()))
    assert space.provenance.preprocessing == "centred, then unit length"
    assert str(space.provenance) == "by hand; centred, then unit length"


def test_provenance_reads_as_a_caption():
    provenance = Provenance("a.txt", "word2vec text", seed=3)
    assert str(provenance) == "a.txt (word2vec text), seed 3"
    assert provenance.preprocessing == "none"


def test_a_finding_reads_as_a_sentence():
    assert str(Finding("zero rows", 2, "kept out")) == "2 zero rows: kept out"
    some = Finding("zero rows", 2_000, "kept out", ("line 3: a", "line 9: b"))
    assert str(some) == "2,000 zero rows: kept out (line 3: a, line 9: b, …)"


def test_new_vectors_drop_the_stored_maps_and_keep_the_rest(full):
    other = full.with_vectors(full.vectors * 2, "doubled")
    assert dict(other.maps) == {}
    assert other.metadata is full.metadata
    assert other.images is not None
    assert other.norms.tolist() == [10, 0, 20]


def test_a_subset_takes_every_part_with_it(full):
    part = full.subset([2, 0], "two of them")
    assert list(part.items) == ["c", "a"]
    assert part.vectors.tolist() == [[6, 8], [3, 4]]
    assert part.metadata["n"].tolist() == [3, 1]
    assert part.images[0].tolist() == full.images[2].tolist()
    assert part.maps["PCA"].coordinates.tolist() == [[2, 2], [0, 0]]
    assert part.provenance.steps == ("two of them",)
    assert part.row("c") == 0


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([], "at least one item"),
        (np.array([True, False, True]), "by number; got an array of bool"),
        ([0, 3], "from 0 to 2; got 0 to 3"),
        ([-1], "from 0 to 2; got -1"),
        ([1, 1], "given twice"),
    ],
)
def test_a_subset_of_rows_that_are_not_there_is_refused(full, rows, told):
    with pytest.raises(ExplorerError, match=told):
        full.subset(rows, "wrong")


def test_the_digest_depends_on_every_number_and_name():
    space = space_of()
    changed = space.vectors.copy()
    changed[2, 1] = np.nextafter(changed[2, 1], 9, dtype=np.float32)
    digests = {
        space.digest,
        space_of(changed).digest,
        space_of(names=("a", "b", "d")).digest,
        space_of(space.vectors.T.reshape(3, 2)).digest,
    }
    assert len(digests) == 4
    assert space_of().digest == space.digest


def test_the_digest_does_not_depend_on_name_or_metadata(full):
    assert full.digest == space_of().digest == full.renamed("other").digest


def test_one_changed_number_in_a_large_array_changes_the_digest():
    large = np.zeros((300_000, 32), dtype=np.float32)  # three pieces
    before = content_digest(large)
    large[200_000, 7] = 1e-45
    assert content_digest(large) != before


def test_the_digest_tells_shapes_and_types_apart():
    zeros = np.zeros((4, 2), dtype=np.float32)
    assert content_digest(zeros) != content_digest(zeros.reshape(2, 4))
    assert content_digest(zeros) != content_digest(zeros.view(np.int32))


def test_rows_that_are_not_contiguous_have_the_digest_of_their_copy():
    every_second = np.arange(40, dtype=np.float32).reshape(10, 4)[::2]
    assert content_digest(every_second) == content_digest(every_second.copy())
