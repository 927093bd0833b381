"""The generated world: what its docstring promises is true of its vectors."""

import numpy as np
import pytest

from explorer.bundled import small_world_words as words
from explorer.bundled.small_world import GENDER, open_small_world, small_world
from explorer.metrics import cosine


@pytest.fixture(scope="module")
def world():
    return small_world()


def nearest(space, query, left_out=()):
    scores = cosine(space.vectors, query)[0]
    scores[[space.row(item) for item in left_out]] = -np.inf
    return space.items[int(np.argmax(scores))]


@pytest.mark.parametrize(
    ("a", "b", "c", "d"),
    [
        ("man", "king", "woman", "queen"),
        ("france", "paris", "italy", "rome"),
        ("cat", "cats", "dog", "dogs"),
        ("big", "biggest", "small", "smallest"),
    ],
)
def test_b_minus_a_plus_c_is_nearest_to_d_even_among_all_words(world, a, b, c, d):
    space = world.space
    query = space.vector(b) - space.vector(a) + space.vector(c)
    assert nearest(space, query) == d


def test_without_noise_every_analogy_of_gender_is_true(world):
    silent = small_world(noise=0).space
    gender = next(relation for relation in world.truth.relations if relation.name == "gender")
    unit = silent.vectors / silent.norms[:, None]
    for a, b, c, d in list(gender.analogies())[::29]:
        query = unit[silent.row(b)] - unit[silent.row(a)] + unit[silent.row(c)]
        assert nearest(silent, query, left_out=(a, b, c)) == d


def test_the_seed_alone_decides_the_vectors():
    assert small_world(3).space.digest == small_world(3).space.digest
    assert small_world(3).space.digest != small_world(4).space.digest


def test_the_shipped_world_opens_with_the_maps_made_from_it():
    assert list(open_small_world().maps) == ["PCA", "UMAP"]


def test_directions_have_length_one_and_right_angles(world):
    directions = np.array(list(world.truth.directions.values()))
    assert np.allclose(directions @ directions.T, np.eye(len(directions)), atol=1e-3)


def test_without_noise_a_feminine_differs_from_its_masculine_by_the_gender_direction_alone():
    world = small_world(noise=0)
    king, queen = world.space.row("king"), world.space.row("queen")
    stretch = 1 + 0.12 * np.log(
        world.space.metadata["frequency"] / world.space.metadata["frequency"].min()
    )
    plain = world.space.vectors / stretch[:, None]
    difference = plain[queen] - plain[king]
    assert np.allclose(difference, 2 * GENDER * world.truth.directions["gender"], atol=1e-3)


def test_the_noiseless_vectors_are_the_world_without_noise(world):
    assert np.array_equal(world.truth.noiseless, small_world(noise=0).space.vectors)


def test_relations_connect_words_that_differ_in_one_fact(world):
    pairs = {relation.name: relation.pairs for relation in world.truth.relations}
    assert ("kings", "queens") in pairs["gender"]
    assert ("lady", "ladies") in pairs["plural"]
    assert ("mali", "bamako") in pairs["capital"]
    assert ("good", "better") in pairs["comparative"]
    assert ("good", "best") in pairs["superlative"]
    assert ("better", "best") not in pairs["superlative"]  # two facts apart
    assert len(pairs["capital"]) == sum(map(len, words.COUNTRIES.values()))


def test_analogies_are_all_ordered_pairs_of_pairs(world):
    capital = next(relation for relation in world.truth.relations if relation.name == "capital")
    analogies = list(capital.analogies())
    assert ("france", "paris", "italy", "rome") in analogies
    assert len(analogies) == len(capital.pairs) * (len(capital.pairs) - 1)


def test_no_word_appears_twice(world):
    assert len(set(world.space.items)) == len(world.space)
    assert len(world.space) == 530


def test_metadata_tells_what_is_true_of_a_word(world):
    told = world.space.metadata.record(world.space.row("actresses"))
    assert told["kind"] == "profession"
    assert told["gender"] == "feminine"
    assert told["number"] == "plural"
    assert world.space.metadata.record(world.space.row("oslo"))["country"] == "norway"
    assert world.space.metadata.record(world.space.row("worst"))["degree"] == "superlative"


def test_frequencies_follow_zipf_and_sum_to_a_million(world):
    frequency = np.sort(world.space.metadata["frequency"])[::-1]
    assert frequency.sum() == pytest.approx(1e6, rel=1e-3)
    assert frequency[0] / frequency[9] == pytest.approx(10, rel=1e-3)


def test_the_dot_product_favours_frequent_words_more_than_the_cosine_does(world):
    space = world.space
    frequency = space.metadata["frequency"]
    unit = space.vectors / space.norms[:, None]
    by_dot = np.argsort(-(space.vectors @ space.vectors.T), axis=1)[:, :10]
    by_cosine = np.argsort(-(unit @ unit.T), axis=1)[:, :10]
    assert np.log(frequency[by_dot]).mean() > np.log(frequency[by_cosine]).mean() + 0.5


@pytest.mark.parametrize(
    ("noun", "expected"),
    [
        ("dog", "dogs"), ("witch", "witches"), ("lady", "ladies"), ("boy", "boys"),
        ("woman", "women"), ("policeman", "policemen"), ("fox", "foxes"), ("mouse", "mice"),
    ],
)  # fmt: skip
def test_plurals_are_spelled_as_english_spells_them(noun, expected):
    assert words.plural(noun) == expected
