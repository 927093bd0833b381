"""Facts of lessons 7 to 12, worked by hand or known of the bundled spaces."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.catalog import open_bundled
from explorer.items import Items
from explorer.learn.lesson import Scene
from explorer.learn.lessons import analogy, bias, crowds, dimensions, groups, random_directions
from explorer.metadata import Metadata
from explorer.space import EmbeddingSpace, Provenance


@pytest.fixture(scope="module")
def english() -> Scene:
    space = open_bundled("english")
    return Scene(space, space.row("king"))


@pytest.fixture(scope="module")
def small_world() -> Scene:
    space = open_bundled("small-world")
    return Scene(space, space.row("queen"))


def made(vectors, **columns) -> Scene:
    names = Items([f"item {row}" for row in range(len(vectors))])
    space = EmbeddingSpace(
        "made", names, vectors.astype(np.float32), Provenance("test"), Metadata(columns)
    )
    return Scene(space, 0)


def test_a_centre_moves_to_the_mean(small_world):
    assert groups.where_it_moves(small_world).question.answer == "The mean of its points"


def test_k_means_finds_as_many_clusters_as_it_is_asked_for(small_world):
    assert groups.no_groups(small_world).question.answer == "Four clusters"


def test_ten_tight_balls_have_a_large_silhouette():
    random = np.random.default_rng(0)
    balls = np.repeat(10 * random.standard_normal((10, 6)), 20, axis=0)
    found = groups.in_this_space(made(balls + 0.1 * random.standard_normal(balls.shape)))
    assert found.question.answer == "About 0.6, as for round groups"


def test_the_small_world_answers_with_queen_and_real_words_with_king(small_world, english):
    assert analogy.who_completes(small_world).question.answer == "queen"
    assert analogy.inputs_kept(small_world).question.answer == "queen"
    assert analogy.inputs_kept(english).question.answer == "king"


def test_a_space_with_one_direction_keeps_all_neighbors_on_one_number():
    line = np.arange(60.0)[:, None] ** 1.5 * np.ones(8)
    assert dimensions.one_number(made(line)).question.answer == "Most"


def test_round_clouds_need_nearly_all_directions():
    cloud = np.random.default_rng(0).standard_normal((400, 10))
    assert dimensions.for_the_variance(made(cloud)).question.answer == "More than two thirds"


def test_too_many_dimensions_lose_what_the_best_number_had(small_world):
    assert dimensions.too_large(small_world).question.answer == "Fewer are right"


def test_the_bound_of_the_quiz_is_the_published_one():
    cloud = made(np.random.default_rng(0).standard_normal((1000, 8)))
    assert random_directions.quiz_bound(cloud).answer == "332"


def test_two_directions_keep_four_of_ten_pairs(english):
    assert random_directions.two_random_directions(english).question.answer == "About four of ten"


def test_one_popular_item_is_found():
    points = np.random.default_rng(0).standard_normal((200, 40))
    points[7] = points.mean(axis=0)  # points towards everything
    points += 0.4
    points[7] = points.mean(axis=0)
    scene = made(points, frequency=np.arange(200))
    assert "item 7" in crowds.hubs(scene).found


def test_random_directions_have_a_median_cosine_of_0():
    cloud = made(np.random.default_rng(0).standard_normal((500, 40)), frequency=np.arange(500))
    assert crowds.two_at_random(cloud).question.answer == "About 0"


def test_three_words_against_three_cannot_give_less_than_one_of_twenty(english):
    assert bias.quiz_few(english).answer == "1 / 20"


def test_exchanging_the_poles_turns_the_effect(english):
    effect = bias.two_groups(english).found.split(";")[0]
    assert float(bias.quiz_exchange(english).answer) == -float(effect)
