"""Agreement of partitions: by hand, by law, and as scikit-learn counts it."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from explorer.clustering.agreement import (
    adjusted_rand_index,
    agreement,
    confusion,
    matched,
    normalized_mutual_information,
    purity,
    relabelled,
    shuffled_agreement,
)
from explorer.errors import ExplorerError


def test_the_table_counts_items_by_both_labels_and_leaves_noise_out():
    counts = confusion([0, 0, 1, 1, -1, 2], [1, 1, 0, 1, 0, -1])
    assert counts.tolist() == [[0, 2], [1, 1], [0, 0]]


def test_the_example_of_manning_raghavan_and_schuetze_is_met():
    # Figure 16.4: three clusters of 17 points, 5+1+0, 1+4+1 and 2+0+3 of the classes x, o, diamond.
    counts = [[5, 1, 0], [1, 4, 1], [2, 0, 3]]
    assert purity(counts) == pytest.approx(0.71, abs=0.005)
    assert normalized_mutual_information(counts) == pytest.approx(0.36, abs=0.005)
    # TP = 20, FP = 20, FN = 24, TN = 72: by Hubert & Arabie's formula from the same pairs
    expected = 40 * 44 / 136
    assert adjusted_rand_index(counts) == pytest.approx((20 - expected) / (42 - expected))


def test_scores_are_those_of_scikit_learn():
    rng = np.random.default_rng(3)
    for k, m in [(2, 2), (5, 3), (40, 7), (1, 6), (6, 1)]:
        first, second = rng.integers(k, size=500), rng.integers(m, size=500)
        second[:200] = first[:200] % m
        found = agreement(first, second)
        assert found.rand == pytest.approx(adjusted_rand_score(first, second), abs=1e-12)
        assert found.information == pytest.approx(
            normalized_mutual_info_score(first, second), abs=1e-12
        )


def test_names_of_the_groups_do_not_matter():
    first = np.array([0, 0, 1, 1, 2, 2])
    found = agreement(first, np.array([5, 5, 0, 0, 3, 3]))
    assert found == (1.0, 1.0, 1.0)


@pytest.mark.parametrize("labels", [[0, 0, 0, 0], [0, 1, 2, 3], [0], []])
def test_a_partition_always_agrees_with_itself(labels):
    labels = np.array(labels, dtype=np.int64)
    assert agreement(labels, labels) == (1.0, 1.0, 1.0)


def test_shuffled_classes_have_a_rand_index_of_zero_but_share_information_all_the_same():
    rng = np.random.default_rng(0)
    clusters, classes = rng.integers(50, size=1_000), rng.integers(10, size=1_000)
    chance = shuffled_agreement(clusters, classes)
    assert abs(chance.mean.rand) < 3 * chance.spread.rand / np.sqrt(chance.draws) + 1e-3
    assert chance.mean.information > 0.05
    assert chance.mean.purity > 0.2  # ten even classes: the largest holds a tenth
    assert shuffled_agreement(clusters, classes) == chance


def test_partners_are_found_so_that_most_items_keep_their_label():
    space = np.array([0, 0, 0, 1, 1, 2, 2, 2])
    on_map = np.array([2, 2, 0, 0, 0, 1, 1, 1])
    partner = matched(confusion(space, on_map))
    assert partner.tolist() == [1, 2, 0]
    assert np.flatnonzero(relabelled(on_map, partner) != space).tolist() == [2]


def test_a_label_without_a_partner_gets_a_number_of_its_own_and_noise_stays():
    partner = matched([[3, 1, 4]])
    assert partner.tolist() == [1, 2, 0]
    assert relabelled([0, 2, -1], partner).tolist() == [1, 0, -1]


def test_partitions_of_different_items_are_refused():
    with pytest.raises(ExplorerError, match="got 3 and 2"):
        agreement([0, 1, 1], [0, 1])
    with pytest.raises(ExplorerError, match="whole number"):
        agreement([0.5, 1.0], [0, 1])
    with pytest.raises(ExplorerError, match="too large"):
        confusion(np.arange(10_000), np.arange(10_000))
