"""Neighbours by name, of several names, of a vector."""

import numpy as np
import pytest

from explorer.errors import ExplorerError, UnknownItemError
from explorer.items import Items
from explorer.neighbors import neighbors_of, query_vector
from explorer.space import EmbeddingSpace, Provenance


@pytest.fixture
def compass() -> EmbeddingSpace:
    vectors = [[1, 0], [0, 1], [2, 2], [-1, 0], [0, -9], [1, 0]]
    names = Items(["east", "north", "north-east", "west", "far south", "east again"])
    return EmbeddingSpace("compass", names, np.array(vectors, np.float32), Provenance("by hand"))


def names(space, found):
    return space.items.take(found.indices[0].tolist())


def test_an_item_is_left_out_of_its_own_neighbours_but_its_duplicate_is_not(compass):
    found = neighbors_of(compass, "east", 2)
    assert names(compass, found) == ["east again", "north-east"]
    assert found.scores[0, 0] == 1


def test_several_items_are_their_mean_and_all_left_out(compass):
    assert query_vector(compass, ["east", "far south"], "dot").tolist() == [0.5, -4.5]
    assert names(compass, neighbors_of(compass, ["east", "north"], 1)) == ["north-east"]


def test_for_cosine_the_mean_is_of_directions_so_length_gives_no_louder_voice(compass):
    assert query_vector(compass, ["east", "far south"], "cosine").tolist() == [0.5, -0.5]


def test_an_item_named_twice_counts_once(compass):
    assert query_vector(compass, ["east", "east", "north"], "cosine").tolist() == [0.5, 0.5]


def test_a_vector_leaves_nothing_out(compass):
    found = neighbors_of(compass, np.array([1.0, 0.0]), 2, metric="euclidean")
    assert names(compass, found) == ["east", "east again"]


def test_a_subset_is_kept_to(compass):
    assert names(compass, neighbors_of(compass, "east", 1, subset=[0, 1, 4])) == ["north"]


def test_an_unknown_item_a_wrong_vector_and_no_item_are_told(compass):
    with pytest.raises(UnknownItemError, match=r"not among the 6 items of compass\. Did you mean"):
        neighbors_of(compass, "eest", 1)
    with pytest.raises(ExplorerError, match="needs the 2 dimensions of compass; got 3"):
        neighbors_of(compass, np.zeros(3), 1)
    with pytest.raises(ExplorerError, match="Name at least one item"):
        neighbors_of(compass, [], 1)
    with pytest.raises(ExplorerError, match=r"k must be from 1 to 5 for 6 vectors; got 6\."):
        neighbors_of(compass, "east", 6)
