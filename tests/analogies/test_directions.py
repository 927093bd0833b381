"""Axes, odd ones out, midpoints, pairs and prototypes: by hand, and where the truth is known."""

import numpy as np
import pytest

from explorer.analogies import (
    axis,
    between,
    classify,
    diversity,
    odd_one_out,
    on_axes,
    parallelism,
    parse_pairs,
    poles,
)
from explorer.bundled.small_world import small_world
from explorer.errors import ExplorerError, UnknownItemError
from explorer.items import Items
from explorer.metadata import categories
from explorer.space import EmbeddingSpace, Provenance


@pytest.fixture(scope="module")
def world():
    return small_world()


def rows_of(space, *items):
    return np.array([space.row(item) for item in items])


def gender_pairs(world, count=20):
    (gender,) = [relation for relation in world.truth.relations if relation.name == "gender"]
    return [(world.space.row(a), world.space.row(b)) for a, b in gender.pairs[:count]]


def toy(*vectors):
    names = [f"i{n}" for n in range(len(vectors))]
    return EmbeddingSpace("toy", Items(names), np.array(vectors, dtype=np.float32), Provenance("t"))


def test_an_axis_of_one_pair_is_their_difference_at_length_1():
    space = toy([1, 0], [0, 3])
    assert axis(space, [(0, 1)]) == pytest.approx(np.array([-1, 1]) / np.sqrt(2))


def test_items_on_two_axes_have_their_cosines_and_the_residual_worked_by_hand():
    # (1, 2, 2) / 3 on x and y: 1/3 and 2/3; outside the plane: 4/9 of the squared length
    space = toy([1, 2, 2], [5, 0, 0], [0, 0, 0])
    placed = on_axes(space, np.arange(3), np.eye(3)[:2])
    assert placed.coordinates == pytest.approx(np.array([[1 / 3, 2 / 3], [1, 0], [0, 0]]))
    assert placed.residual == pytest.approx([4 / 9, 0, 1], abs=1e-12)
    assert placed.by_chance == pytest.approx(1 / 3)


def test_axes_that_cross_at_an_angle_miss_no_more_than_their_plane_does():
    slanted = np.array([[1, 0, 0], [1, 1, 0] / np.sqrt(2)])
    placed = on_axes(toy([1, 2, 2]), np.array([0]), slanted)
    assert placed.residual == pytest.approx([4 / 9])
    assert placed.crossing[0, 1] == pytest.approx(np.sqrt(0.5))
    twice = on_axes(toy([1, 2, 2]), np.array([0]), slanted[[0, 0]])
    assert twice.residual == pytest.approx([8 / 9])


def test_the_axis_of_the_gender_pairs_is_the_direction_the_small_world_was_made_with(world):
    found = axis(world.space, gender_pairs(world))
    assert found @ world.truth.directions["gender"] > 0.9
    one_pair = axis(world.space, gender_pairs(world, 1))
    assert one_pair @ world.truth.directions["gender"] < found @ world.truth.directions["gender"]


def test_true_pairs_are_more_parallel_than_any_shuffle_of_them_and_random_ones_are_not(world):
    true = parallelism(world.space, gender_pairs(world))
    assert true.mean > true.shuffled.max()
    assert true.share == pytest.approx(1 / 201)
    random = np.random.default_rng(0)
    made_up = random.choice(len(world.space), (20, 2), replace=False)
    assert parallelism(world.space, [tuple(pair) for pair in made_up.tolist()]).share > 0.05


def test_the_mean_cosine_of_three_differences_is_the_one_worked_by_hand():
    # differences at 0, 90 and 90 degrees (of unit vectors): cosines 0, 0, 1
    space = toy([1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, -1, 0])
    found = parallelism(space, [(0, 1), (4, 3), (1, 2)])
    d = np.array([[-1, 1, 0], [0, 2, 0], [0, -1, 1]]) / np.sqrt([[2], [4], [2]])
    cosines = d @ d.T
    assert found.mean == pytest.approx(cosines[np.triu_indices(3, 1)].mean())
    assert found.each == pytest.approx((cosines.sum(axis=1) - 1) / 2)


def test_pairs_without_a_direction_are_refused():
    space = toy([1, 0], [2, 0], [0, 1])
    with pytest.raises(ExplorerError, match="'i0' and 'i1' point the same way"):
        axis(space, [(0, 1)])
    with pytest.raises(ExplorerError, match="cancel out"):
        axis(space, [(0, 2), (2, 0)])
    with pytest.raises(ExplorerError, match="needs a pair"):
        axis(space, [])
    with pytest.raises(ExplorerError, match="Two pairs at least"):
        parallelism(space, [(0, 2)])


def test_poles_are_cosines():
    assert poles(toy([1, 0], [0, 2], [3, 3]), 0, np.array([1, 2])) == pytest.approx(
        [0, np.sqrt(0.5)]
    )


def test_the_odd_one_out_is_the_one_least_like_the_others(world):
    items = ("cat", "dog", "horse", "paris", "cow")
    found = odd_one_out(world.space, rows_of(world.space, *items))
    assert world.space.items[int(found.rows[0])] == "paris"
    assert (np.diff(found.likeness) >= 0).all()


def test_the_odd_one_out_is_the_one_that_gensim_names(world):
    models = pytest.importorskip("gensim.models")
    theirs = models.KeyedVectors(50)
    theirs.add_vectors(list(world.space.items), np.array(world.space.vectors))
    items = ["king", "queen", "duke", "table", "prince"]
    found = odd_one_out(world.space, rows_of(world.space, *items))
    assert world.space.items.take(found.rows.tolist())[0] == theirs.doesnt_match(items)


def test_two_items_have_no_odd_one_out():
    with pytest.raises(ExplorerError, match="three items or more"):
        odd_one_out(toy([1, 0], [0, 1]), np.array([0, 1]))


def test_half_way_on_the_line_is_the_mean_and_on_the_arc_the_middle_angle():
    space = toy([2, 0], [0, 1], [-4, 0])
    assert between(space, "i0", "i1") == pytest.approx([1, 0.5])
    assert between(space, "i0", "i1", path="arc") == pytest.approx([np.sqrt(0.5), np.sqrt(0.5)])
    third = between(space, "i0", "i1", 1 / 3, path="arc")
    assert third == pytest.approx([np.cos(np.pi / 6), np.sin(np.pi / 6)])
    assert between(space, "i0", "i0", path="arc") == pytest.approx([1, 0])
    with pytest.raises(ExplorerError, match="opposite directions"):
        between(space, "i0", "i2", path="arc")
    with pytest.raises(ExplorerError, match="from 0 to 1"):
        between(space, "i0", "i1", 1.5)


def test_pairs_are_read_with_dashes_commas_blanks_and_names_that_hold_them():
    names = ["bad", "good", "new york", "usa", "vice-president", "3 · 1", "3 · 2"]
    space = EmbeddingSpace("t", Items(names), np.eye(7, dtype=np.float32), Provenance("t"))
    lines = "bad - good\nbad, good\nbad good\nbad-good\n\nnew york usa\nbad\tvice-president"
    assert parse_pairs(lines, space) == ((0, 1), (0, 1), (0, 1), (0, 1), (2, 3), (0, 4))
    assert parse_pairs('3 · 1 - 3 · 2\n"new york" - bad', space) == ((5, 6), (2, 0))


def test_a_line_that_is_no_pair_is_told_by_its_number_and_an_unknown_item_by_close_spellings(world):
    with pytest.raises(ExplorerError, match="Line 2, 'good'"):
        parse_pairs("bad - good\ngood", world.space)
    with pytest.raises(UnknownItemError, match="Did you mean queen"):
        parse_pairs("king - quen", world.space)
    with pytest.raises(ExplorerError, match="At most 200 pairs"):
        parse_pairs("bad good\n" * 201, world.space)


def test_items_fall_to_the_prototypes_worked_by_hand():
    # group a at 0 and 10 degrees, b at 90 and 100, and a stray of b at 5
    angles = np.radians([0, 10, 90, 100, 5])
    space = toy(*np.stack([np.cos(angles), np.sin(angles)], axis=1))
    found = classify(space, ["a", "b"], np.array([0, 0, 1, 1, 1]))
    assert found.counts.tolist() == [[2, 0], [1, 2]]
    assert found.accuracy == pytest.approx(4 / 5)
    assert found.by_size == pytest.approx(3 / 5)


def test_leaving_an_item_out_of_its_own_prototype_can_only_be_harder_on_noise():
    noise = np.random.default_rng(0).normal(size=(60, 40))
    space, codes = toy(*noise), np.arange(60) % 3
    left_out = classify(space, list("abc"), codes).accuracy
    voting_for_itself = classify(space, list("abc"), codes, leave_out=False).accuracy
    assert left_out < 0.6 < voting_for_itself


def test_an_item_alone_in_its_group_and_items_without_a_group_are_not_counted():
    found = classify(toy([1, 0], [1, 0.1], [0, 1], [1, 1]), ["a", "b"], np.array([0, 0, 1, -1]))
    assert (found.alone, int(found.counts.sum())) == (1, 2)
    with pytest.raises(ExplorerError, match="Every group has one item"):
        classify(toy([1, 0], [0, 1]), ["a", "b"], np.array([0, 1]))


def test_the_kinds_of_the_small_world_are_found_by_their_prototypes(world):
    labels, codes, _ = categories(world.space.metadata["kind"])
    found = classify(world.space, labels, codes)
    assert found.accuracy > 0.9 > found.by_size


def test_a_group_is_narrower_than_random_ones_of_its_size_where_it_means_something(world):
    kinds = world.space.metadata["kind"]
    animals = diversity(world.space, np.flatnonzero(kinds == "animal"))
    assert animals.share_below == 0
    mixed = np.random.default_rng(3).choice(len(world.space), 30, replace=False)
    assert 0.01 < diversity(world.space, mixed).share_below < 0.99


def test_the_width_of_three_items_is_the_mean_of_three_distances():
    space = toy([1, 0], [0, 1], [-1, 0])
    assert diversity(space, np.arange(3), draws=5).mean == pytest.approx((1 + 1 + 2) / 3)
