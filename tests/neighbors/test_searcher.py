"""A searcher answers as the full scan does, before and after its 8-bit copy is there."""

import threading

import numpy as np
import pytest

from explorer.items import Items
from explorer.neighbors import Searcher, nearest_neighbors, neighbors_of
from explorer.neighbors.quantized import QuantizedIndex
from explorer.space import EmbeddingSpace, Provenance


def random_vectors(n, d, seed=0):
    return np.random.default_rng(seed).standard_normal((n, d)).astype(np.float32)


@pytest.fixture
def low_threshold(monkeypatch):
    monkeypatch.setattr("explorer.neighbors.searcher.INDEX_FROM", 100)


@pytest.mark.usefixtures("low_threshold")
def test_the_answer_is_the_same_before_and_after_the_copy_is_there():
    pytest.importorskip("numba")
    vectors = random_vectors(3000, 20)
    search = Searcher(vectors)
    expected = nearest_neighbors(vectors, vectors[5], 7, exclude=[5])
    for wanted in (False, True, True):
        assert search.indexed == wanted
        found = search.nearest(vectors[5], 7, exclude=[5])
        search.wait()
        assert found.indices.tolist() == expected.indices.tolist()
        assert found.scores.tobytes() == expected.scores.tobytes()


@pytest.mark.usefixtures("low_threshold")
def test_many_threads_that_ask_at_once_make_one_copy(monkeypatch):
    built = []
    build = QuantizedIndex.build
    monkeypatch.setattr(QuantizedIndex, "build", lambda vectors: built.append(1) or build(vectors))
    vectors = random_vectors(500, 4)
    search = Searcher(vectors)
    threads = [threading.Thread(target=search.nearest, args=(vectors[i], 3)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    search.wait()
    assert built == [1]


def test_a_small_space_gets_no_copy():
    search = Searcher(random_vectors(500, 4))
    search.nearest(np.ones(4), 3)
    search.wait()
    assert not search.indexed


@pytest.mark.usefixtures("low_threshold")
def test_lengths_that_eight_bits_cannot_hold_are_searched_without_a_copy():
    vectors = random_vectors(500, 4) * np.float32(1e30)
    search = Searcher(vectors)
    for _ in range(2):
        assert search.nearest(vectors[3], 1).indices.tolist() == [[3]]
        search.wait()
    assert not search.indexed


@pytest.mark.usefixtures("low_threshold")
def test_neighbours_by_name_may_use_a_searcher():
    vectors = random_vectors(300, 4)
    items = Items([f"item {row}" for row in range(300)])
    space = EmbeddingSpace("drawn", items, vectors, Provenance("drawn"))
    kept = Searcher(space.vectors, space.norms)
    for _ in range(2):
        found = neighbors_of(space, "item 7", 5, searcher=kept)
        assert found.indices.tolist() == neighbors_of(space, "item 7", 5).indices.tolist()
        kept.wait()
