"""Metrics compared: six items in the plane worked by hand, laws on unit vectors, the baseline."""

from itertools import combinations

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.metric_comparison import (
    THREE,
    compare_metrics,
    overlap_per_item,
    random_agreements,
    random_vectors,
    sampled_rows,
)
from explorer.metrics import METRICS
from explorer.rank_agreement import overlap

# The query is row 0, (2, 0). By hand:
#            vector      cosine            dot  distance
# 1 short    (0.5, 0)    1                 1    1.5
# 2 long     (9, 6)      9/sqrt(117) 0.83  18   sqrt(85) 9.2
# 3 near     (1.5, 1.2)  1.5/sqrt(3.69) .78  3   sqrt(1.69) 1.3
# 4 middle   (4, 1)      4/sqrt(17) 0.97   8    sqrt(5) 2.2
# 5 behind   (-1, 0.5)   -1/sqrt(1.25)     -2   sqrt(9.25) 3.0
SIX = np.array(
    [[2, 0], [0.5, 0], [9, 6], [1.5, 1.2], [4, 1], [-1, 0.5]], dtype=np.float32
)  # fmt: skip


def unit_vectors(n=60, d=7, seed=0):
    rows = np.random.default_rng(seed).normal(size=(n, d))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_three_metrics_put_six_items_in_the_three_orders_worked_by_hand():
    found = compare_metrics(SIX, 0, 5)
    assert found.hits.tolist() == [[1, 4, 2, 3, 5], [2, 4, 3, 1, 5], [3, 1, 4, 5, 2]]


def test_each_hit_has_its_rank_and_score_by_every_metric():
    found = compare_metrics(SIX, 0, 2)
    assert found.hits.tolist() == [[1, 4], [2, 4], [3, 1]]
    assert found.union.tolist() == [1, 4, 2, 3]
    assert found.ranks.tolist() == [[1, 2, 3, 4], [4, 2, 1, 3], [2, 3, 5, 1]]
    assert found.scores[1].tolist() == [1, 8, 18, 3]
    assert found.scores[2] == pytest.approx([1.5, np.sqrt(5), np.sqrt(85), 1.3])


def test_the_agreement_of_two_metrics_is_the_one_worked_by_hand():
    # cosine [1, 4], dot [2, 4]: one of two shared; A = 0, 1/2; RBO = .1 (0 + .9 / 2) + .81 / 2
    # union 1, 4, 2: cosine 1 > 4 > 2, dot 2 > 4 > 1: all three pairs turned round
    agreement = compare_metrics(SIX, 0, 2).agreement("cosine", "dot")
    assert agreement.overlap == 0.5
    assert agreement.rbo == pytest.approx(0.045 + 0.405)
    assert agreement.tau == -1


def test_on_unit_vectors_the_three_metrics_agree_on_every_item():
    rows = unit_vectors()
    for agreement in compare_metrics(rows, 3, 8).agreements().values():
        assert (agreement.overlap, agreement.rbo) == (1, pytest.approx(1))
    found = overlap_per_item(rows, np.arange(60), 8)
    assert all((shares == 1).all() for shares in found.overlaps.values())


def test_the_angular_distance_agrees_with_the_cosine_and_manhattan_need_not():
    rows = np.random.default_rng(0).normal(size=(200, 9)).astype(np.float32)
    found = overlap_per_item(rows, np.arange(200), 10, ("cosine", "angular", "manhattan"))
    assert (found.overlaps["cosine", "angular"] == 1).all()
    assert found.overlaps["cosine", "manhattan"].mean() < 0.9


def test_the_overlap_of_many_items_is_the_overlap_of_each():
    rows = np.random.default_rng(0).normal(size=(700, 5)).astype(np.float32)
    asked = np.array([0, 5, 300, 699])
    found = overlap_per_item(rows, asked, 6)
    for place, row in enumerate(asked):
        hits = dict(zip(THREE, compare_metrics(rows, row, 6).hits.tolist(), strict=True))
        for one, other in combinations(THREE, 2):
            assert found.overlaps[one, other][place] == overlap(hits[one], hits[other])


def test_the_worst_items_come_first_and_progress_ends_at_1():
    shares: list[float] = []
    found = overlap_per_item(SIX, np.arange(6), 2, on_progress=shares.append)
    worst = found.worst(("cosine", "dot"), 3)
    values = found.overlaps["cosine", "dot"]
    assert values[worst[0]] == values.min()
    assert shares == [1.0]


def test_disagreement_that_grows_with_the_norm_is_correlated_with_it():
    found = overlap_per_item(unit_vectors(), np.arange(60), 5)
    pair = ("cosine", "dot")
    found.overlaps[pair][:] = np.linspace(1, 0, 60)
    assert found.correlation(pair, np.arange(60.0)) == pytest.approx(1)
    assert np.isnan(found.correlation(pair, np.full(60, np.nan)))


def test_ranks_of_all_metrics_are_the_places_in_a_full_sort():
    rows = np.random.default_rng(1).normal(size=(150, 6)).astype(np.float32)
    found = compare_metrics(rows, 7, 9, tuple(METRICS))
    for place, metric in enumerate(METRICS.values()):
        distances = metric.distance(metric.pairwise(rows, rows[7])[0])
        order = [row for row in np.argsort(distances, kind="stable") if row != 7]
        assert [order.index(row) + 1 for row in found.union] == found.ranks[place].tolist()


def test_a_random_space_has_agreements_of_its_own_the_same_for_the_same_seed():
    baseline = random_agreements(500, 30, 10, queries=10)
    for agreement in baseline.values():
        assert 0 < agreement.overlap < 1
        assert -1 <= agreement.tau <= 1
    assert baseline == random_agreements(500, 30, 10, queries=10)


def test_the_random_space_has_the_same_shape_but_at_most_20_000_items():
    assert random_vectors(50, 4).shape == (50, 4)
    assert random_vectors(1_000_000, 2).shape == (20_000, 2)


def test_a_sample_is_whole_where_it_can_be_and_else_drawn_once_from_a_seed():
    assert sampled_rows(5, 10).tolist() == [0, 1, 2, 3, 4]
    rows = sampled_rows(1000, 50)
    assert len(np.unique(rows)) == 50
    assert (rows == sampled_rows(1000, 50)).all()


def test_a_metric_named_twice_is_refused():
    with pytest.raises(ExplorerError, match="each metric once"):
        compare_metrics(SIX, 0, 2, ("dot", "dot"))
