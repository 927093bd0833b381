"""Facts of lessons 1 to 6 worked by hand, on spaces small enough to check by eye."""

from __future__ import annotations

import math

import numpy as np
import pytest

from explorer.catalog import open_bundled
from explorer.items import Items
from explorer.learn import toy
from explorer.learn.facts import counting as counting_facts
from explorer.learn.facts import skipgram as skipgram_facts
from explorer.learn.lesson import Scene
from explorer.learn.lessons import counting, maps_lie, metrics, negatives, skipgram, vector
from explorer.metadata import Metadata
from explorer.space import EmbeddingSpace, Provenance


def space_of(vectors, **columns):
    """Items w0, w1, … with these vectors."""
    vectors = np.asarray(vectors, dtype=np.float32)
    names = Items(f"w{row}" for row in range(len(vectors)))
    return EmbeddingSpace(
        "by hand", names, vectors, Provenance("by hand"), metadata=Metadata(columns)
    )


@pytest.fixture(scope="module")
def circle() -> Scene:
    """40 unit vectors in the plane, 9 degrees apart; the item is the first."""
    angles = np.radians(9 * np.arange(40))
    return Scene(space_of(np.column_stack([np.cos(angles), np.sin(angles)])), 0)


@pytest.fixture(scope="module")
def words() -> Scene:
    space = open_bundled("small-world")
    return Scene(space, space.row("queen"))


# --- 1: vector


def test_a_one_hot_vector_picks_its_own_row(circle):
    exercise = vector.one_hot(circle)
    assert exercise.question.answer == "The row of “w0”"
    assert exercise.picture.values[:, 0].tolist() == [1, 0, 0, 0]


def test_the_full_product_takes_n_times_d_multiplications(circle):
    assert vector.what_it_costs(circle).question.answer == "80"


def test_the_nearest_on_a_circle_is_the_next_point(circle):
    assert vector.who_is_nearest(circle).question.answer in ("w1", "w39")


def test_a_turn_changes_numbers_and_keeps_neighbours(circle, words):
    for scene in (circle, words):
        found = vector.what_a_turn_changes(scene)
        assert found.question.answer == "Its numbers, not its neighbours"
        assert "10 of 10" in found.found


def test_what_a_one_hot_vector_picks_is_the_item_at_its_place(words):
    question = vector.quiz_lookup(words)
    place = int(question.text.split("place ")[1].split(". ")[0].replace(",", ""))
    assert question.answer == words.space.items[place - 1]


# --- 2: metrics


def test_doubling_a_vector_leaves_the_cosine_alone(circle):
    exercise = metrics.twice_as_long(circle)
    assert exercise.question.answer.endswith("the cosine stays")
    cosine, dot, _ = exercise.picture.values.tolist()
    assert cosine[0] == pytest.approx(math.cos(math.radians(9)))
    assert cosine[1] == pytest.approx(cosine[0])
    assert dot[1] == pytest.approx(2 * dot[0])


def test_on_a_circle_all_metrics_name_the_same_items(circle):
    assert metrics.three_orders(circle).question.answer == "All 6"
    assert metrics.all_of_length_one(circle).question.answer == "All 10"


def test_lengths_that_grow_with_frequency_are_seen():
    lengths = np.arange(1.0, 41)
    vectors = lengths[:, None] * np.ones((1, 2))
    up = Scene(space_of(vectors, frequency=lengths * 10), 3)
    down = Scene(space_of(vectors, frequency=lengths[::-1] * 10), 3)
    assert metrics.who_is_long(up).question.answer == "Longer, the larger the frequency"
    assert metrics.who_is_long(down).question.answer == "Shorter, the larger the frequency"


def test_one_long_vector_is_the_favourite_of_all():
    angles = np.linspace(0, math.pi / 2, 40)
    vectors = np.column_stack([np.cos(angles), np.sin(angles)])
    vectors[20] *= 50
    exercise = metrics.the_same_names_again(Scene(space_of(vectors), 0))
    assert "“w20” is named 39 times" in exercise.found
    assert exercise.question.answer.startswith("Many times")


def test_unit_vectors_at_a_right_angle_are_the_root_of_two_apart():
    right_angles = Scene(space_of(np.tile(np.eye(2), (20, 1))), 0)
    assert metrics.quiz_cosine(right_angles).answer == "1.00"
    other = Scene(space_of([[1, 0], [0, 1], [0, 2], [0, 3]]), 0)
    assert metrics.quiz_distance(other).answer == f"{math.sqrt(2):.3f}"


# --- 3: skip-gram


def test_a_window_of_two_gives_26_pairs_of_eight_words(words):
    assert skipgram.pairs_of_a_sentence(words).question.answer == "26"
    assert skipgram.quiz_pairs(words).answer == "10"


def test_before_training_every_word_has_one_half_and_the_loss_is_log_2_each(words):
    exercise = skipgram.before_training(words)
    assert exercise.picture.values == [0.5] * (1 + skipgram.NEGATIVES)
    assert f"{(1 + skipgram.NEGATIVES) * math.log(2):.3f}" in exercise.found
    assert skipgram.quiz_start(words).answer == f"{11 * math.log(2):.2f}"


def test_the_true_word_moves_towards_the_other_and_random_words_away(words):
    assert skipgram.the_true_word(words).question.answer.startswith("Towards")
    example = skipgram_facts.example()
    hidden = example.vectors[0].before
    along = [float((one.after - one.before) @ hidden) for one in example.vectors[1:]]
    assert along[0] > 0
    assert all(way < 0 for way in along[1:])


def test_who_moves_most_has_the_largest_error(words):
    exercise = skipgram.who_moves_most(words)
    errors = [abs(score.error) for score in skipgram_facts.example().scores]
    assert exercise.question.right == int(np.argmax(errors))


def test_words_in_like_company_end_up_alike(words):
    assert skipgram.what_was_learned(words).question.answer in ("queen", "emperor", "prince")
    assert skipgram.quiz_alike(words).answer == "paris and rome"


# --- 4: negative sampling


def test_sixteen_times_as_frequent_is_drawn_eight_times_as_often(words):
    assert negatives.quiz_power(words).answer == "8 times"


@pytest.fixture
def counted() -> Scene:
    """400 items of which the first is 10,000 times as frequent as each of the others."""
    counts = np.ones(400)
    counts[0] = 10_000
    vectors = np.random.default_rng(0).normal(size=(400, 3))
    return Scene(space_of(vectors, frequency=counts), 5)


def test_ten_thousand_to_the_power_three_quarters_is_a_thousand(counted):
    assert negatives.to_the_power(counted).question.answer == "1,000 times"


def test_a_rare_word_gains_and_the_frequent_one_loses(counted):
    assert negatives.one_word(counted).question.answer.startswith("More often")
    frequent = Scene(counted.space, 0)
    assert negatives.one_word(frequent).question.answer == "Less often"


def test_of_a_word_that_is_nearly_the_whole_text_some_three_percent_are_kept(counted):
    share = 10_000 / 10_399
    kept = math.sqrt(0.001 / share) + 0.001 / share
    assert f"{100 * kept:.0f}. Only the" in negatives.thinned_out(counted).found


def test_a_space_that_tells_no_frequency_is_sent_away(circle):
    assert "how often each word comes" in negatives.LESSON.misses(circle)


# --- 5: counting


def test_king_and_the_meet_three_times_in_the_three_sentences(words):
    assert counting.counted_by_hand(words).question.answer == "3 times"
    assert counting.quiz_count(words).answer == "2"


def test_one_meeting_weighs_ten_to_the_minus_three_quarters(words):
    assert counting.gloves_weights(words).question.answer == f"{10**-0.75:.2f} of it"
    assert counting.quiz_weight(words).answer == f"{0.5**0.75:.2f}"


def test_the_raw_count_and_pmi_name_different_words(words):
    raw = counting.counts_mislead(words).question.answer
    assert counting.more_than_chance(words).question.answer != raw


def test_all_dimensions_hold_the_whole_matrix():
    held = counting_facts.held()
    assert held[-1] == pytest.approx(1)
    assert (np.diff(held) >= -1e-12).all()
    assert len(held) == len(toy.text().words)


# --- 6: maps


def test_a_map_that_is_the_space_keeps_everything_and_lies_in_nothing():
    from dataclasses import replace

    from explorer.space import StoredMap

    plane = np.random.default_rng(0).normal(size=(150, 2)).astype(np.float32)
    flat = space_of(np.column_stack([plane, 1e-4 * plane[:, :1]]))
    scene = Scene(replace(flat, maps={"UMAP": StoredMap(plane, "the space itself")}), 3)
    assert maps_lie.two_of_many(scene).found.startswith("100.0%")
    kept = maps_lie.who_keeps_distances(scene).found
    assert "UMAP 1.00" in kept


def test_a_space_without_a_umap_map_gets_one_unless_it_is_large(circle, words):
    assert "needs 100 items" in maps_lie.LESSON.misses(circle)
    plain = Scene(space_of(np.random.default_rng(0).normal(size=(150, 5))), 0)
    assert maps_lie.LESSON.misses(plain) == ""
    assert "made for this lesson" in maps_lie.near_on_the_map(plain).note
    large = Scene(space_of(np.ones((maps_lie.MOST + 1, 3))), 0)
    assert "UMAP map of up to 10,000 items" in maps_lie.LESSON.misses(large)
    assert maps_lie.LESSON.misses(words) == ""
