"""Measures of ranked lists, by hand."""

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.evaluation.recommendation import by_chance, by_popularity, recommendation_quality
from explorer.evaluation.retrieval import average_precision, label_retrieval, ndcg, recall
from explorer.items import Items
from explorer.training.interactions import interactions_from_pairs


def test_recall_is_the_share_among_the_first_k():
    assert recall([1, 3, 12], k=10) == pytest.approx(2 / 3)
    assert recall([1, 2, 3], k=2) == 1  # no more than k can be found
    assert recall([11], k=10) == 0


def test_ndcg_values_early_places_and_is_one_for_the_best_order():
    assert ndcg([1, 3], k=10) == pytest.approx((1 + 0.5) / (1 + 1 / np.log2(3)))
    assert ndcg([2, 1], k=10) == ndcg([1, 2, 3, 4], k=2) == 1
    assert ndcg([5], k=4) == 0


def test_average_precision_is_the_mean_precision_at_the_found_ones():
    assert average_precision([1, 3]) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision([4, 2]) == pytest.approx((1 / 2 + 2 / 4) / 2)


def a_split():
    users, items = Items("ab"), Items("vwxyz")
    train = interactions_from_pairs("t", users, items, [0, 0, 1], [0, 1, 0])
    held_out = interactions_from_pairs("t", users, items, [0, 1], [3, 1])
    return train, held_out


def test_items_met_in_training_are_not_in_the_way():
    scores = np.array([[9, 8, 2, 3, 1], [9, 5, 7, 6, 1]], dtype=np.float32)
    quality = recommendation_quality(lambda users: scores[users], *a_split(), k=1)
    assert quality.recall == 0.5  # user a: y is first of x, y, z; user b: w is third
    assert recommendation_quality(lambda users: scores[users], *a_split(), k=3).recall == 1
    assert quality.users == 2


def test_equal_scores_for_all_are_no_better_than_chance():
    same = np.zeros((2, 5), dtype=np.float32)
    quality = recommendation_quality(lambda users: same[users], *a_split(), k=1)
    assert quality.recall == 0


def test_several_wanted_items_in_one_tie_do_not_stand_in_one_place():
    users, items = Items("a"), Items("wxyz")
    train = interactions_from_pairs("t", users, items, [0], [0])
    held_out = interactions_from_pairs("t", users, items, [0] * 3, [1, 2, 3])
    same = np.zeros((1, 4), dtype=np.float32)
    quality = recommendation_quality(lambda users: same[users], train, held_out, k=3)
    assert (quality.recall, quality.ndcg) == (1, 1)


def test_popularity_ranks_by_the_number_of_users_and_chance_repeats():
    train, held_out = a_split()
    assert by_popularity(train)(np.array([1]))[0].tolist() == [2, 1, 0, 0, 0]
    assert np.array_equal(
        by_chance(train, 4)(np.array([1])), by_chance(train, 4)(np.array([0, 1]))[1:]
    )
    assert recommendation_quality(by_popularity(train), train, held_out, k=1).recall == 0.5


def test_labels_are_found_again_among_neighbours():
    gallery = np.array([[0.0], [1.0], [2.0], [10.0]])
    found = label_retrieval(
        gallery, ["a", "b", "b", "c"], [[0.4], [9.0]], ["a", "c"], k=3, metric="euclidean"
    )
    assert found.recall_at_1 == 1
    assert found.accuracy == 0  # both times b, b stand among the three
    assert found.mean_average_precision == 1
    assert found.chance == pytest.approx(0.25)


def test_a_tied_vote_goes_to_the_nearer_label():
    found = label_retrieval([[0.0], [1.0]], ["b", "a"], [[0.1]], ["b"], k=2, metric="euclidean")
    assert found.accuracy == 1


@pytest.mark.parametrize("metric", ["cosine", "dot", "euclidean"])
def test_mean_average_precision_is_that_of_the_neighbours_in_order(metric):
    generator = np.random.default_rng(3)
    gallery, queries = generator.normal(size=(30, 4)), generator.normal(size=(70, 4))
    labels, wanted = generator.integers(0, 3, 30), generator.integers(0, 3, 70)
    found = label_retrieval(gallery, labels, queries, wanted, metric=metric)
    from explorer.neighbors import nearest_neighbors

    ranked = nearest_neighbors(
        gallery.astype(np.float32), queries.astype(np.float32), 30, metric=metric
    ).indices
    expected = [
        average_precision(np.flatnonzero(labels[row] == label) + 1)
        for row, label in zip(ranked, wanted, strict=True)
    ]
    assert found.mean_average_precision == pytest.approx(np.mean(expected))


def test_a_label_the_gallery_lacks_is_not_found():
    found = label_retrieval([[0.0], [1.0]], ["a", "a"], [[0.0]], ["z"], k=1, metric="euclidean")
    assert (found.accuracy, found.mean_average_precision, found.chance) == (0, 0, 0)


def test_missing_labels_and_nothing_held_out_are_told():
    with pytest.raises(ExplorerError, match="Every vector needs a label"):
        label_retrieval([[0.0]], ["a", "b"], [[0.0]], ["a"])
    train, held_out = a_split()
    with pytest.raises(ExplorerError, match="Nothing is held out"):
        recommendation_quality(by_popularity(train), train, held_out.part(np.zeros(2, bool)))
