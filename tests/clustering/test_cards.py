"""Cards of clusters and what the metadata says of them: by hand, and as SciPy counts chance."""

import numpy as np
import pytest
from scipy.stats import fisher_exact, hypergeom

from explorer.clustering.cards import cards, next_distances, random_spread, total_variance
from explorer.clustering.enrichment import (
    enrichment,
    over_represented,
    upper_tail,
    value_codes,
)
from explorer.clustering.validity import summarize
from explorer.errors import ExplorerError
from explorer.metadata import Metadata

# Three clusters on a line: 0 1 5, 10 12, 40.
LINE = np.array([[0.0], [1.0], [5.0], [10.0], [12.0], [40.0]], dtype=np.float32)
LABELS = np.array([0, 0, 0, 1, 1, 2])


def test_a_card_of_points_on_a_line_is_worked_by_hand():
    first, second, third = cards(LINE, LABELS, members=2)
    assert (first.number, first.size, first.neighbor, first.distance) == (0, 3, 1, 9.0)
    assert first.nearest.tolist() == [1, 0]  # the mean is 2
    assert first.farthest.tolist() == [2, 0]
    # to the mean of the second, 11, less to the own: 11 - 2, 10 - 1, 6 - 3
    assert first.apart.tolist() == [0, 1]
    assert first.spread == pytest.approx(np.sqrt((4 + 1 + 9) / 3))
    assert (second.neighbor, second.distance) == (0, 9.0)
    assert (third.size, third.neighbor, third.spread) == (1, 1, 0.0)


def test_members_nearer_to_another_mean_are_counted_at_the_border():
    labels = np.array([0, 0, 0, 0, 1, 2])  # the mean of 0 1 5 10 is 4; 10 is nearer to 12
    assert cards(LINE, labels)[0].border == pytest.approx(1 / 4)
    assert cards(LINE, LABELS)[0].border == 0


def test_noise_has_no_card_and_an_empty_label_is_stepped_over():
    labels = np.array([0, 0, -1, 3, 3, -1])
    found = cards(LINE, labels)
    assert [card.number for card in found] == [0, 3]
    assert [card.neighbor for card in found] == [3, 0]
    assert found[1].nearest.tolist() == [3, 4]
    with pytest.raises(ExplorerError, match="No item"):
        cards(LINE, np.full(6, -1))


def test_a_single_cluster_has_no_neighbour():
    card = cards(LINE, np.zeros(6, dtype=int))[0]
    assert card.neighbor is None
    assert card.border == 0
    assert np.isinf(next_distances(LINE, np.zeros(6, int), summarize(LINE, np.zeros(6, int)))).all()


def test_the_spread_of_random_items_is_what_drawing_them_gives():
    rng = np.random.default_rng(0)
    points = rng.normal(size=(50, 3)).astype(np.float32)
    squares = []
    for _ in range(4_000):
        some = points[rng.choice(50, 8, replace=False)]
        squares.append(((some - some.mean(axis=0)) ** 2).sum(axis=1).mean())
    assert random_spread(total_variance(points), 50, 8) == pytest.approx(
        np.sqrt(np.mean(squares)), rel=0.01
    )


def test_the_lady_tasting_tea():
    # Fisher (1935): of 8 cups 4 have the milk first, and she names 3 of them: 17 / 70.
    assert upper_tail(3, 8, 4, 4) == pytest.approx(17 / 70)
    assert upper_tail([4, 0], 8, 4, 4) == pytest.approx([1 / 70, 1.0])


def test_chances_are_those_of_scipy():
    rng = np.random.default_rng(1)
    for _ in range(200):
        every = int(rng.integers(1, 3_000))
        marked, drawn = rng.integers(0, every + 1, size=2).tolist()
        x = int(rng.integers(0, min(marked, drawn) + 2))
        expected = hypergeom.sf(x - 1, every, marked, drawn)
        assert upper_tail(x, every, marked, drawn) == pytest.approx(expected, rel=1e-8, abs=1e-300)


def test_each_cell_is_tested_as_fisher_would():
    counts = np.array([[9, 1, 5], [2, 8, 5]])
    _, p = over_represented(counts)
    table = [[9, 6], [2, 13]]
    assert p[0, 0] == pytest.approx(fisher_exact(table, alternative="greater").pvalue)
    assert p[0, 1] == 1.0
    assert over_represented(np.array([[3, 0], [0, 3]]))[1][0, 0] == pytest.approx(1 / 20)


def test_a_cluster_of_one_topic_is_told_with_count_expectation_and_corrected_p():
    labels = np.repeat([0, 1], 20)
    topics = ["river"] * 19 + ["law"] * 21
    found = enrichment(Metadata({"topic": topics}), labels)
    assert found.tests == 4
    line = found.by_cluster[0][0]
    assert (line.column, line.value, line.count, line.total) == ("topic", "river", 19, 19)
    assert line.expected == pytest.approx(9.5)
    assert line.p == pytest.approx(4 * hypergeom.sf(18, 40, 19, 20))
    assert [one.value for one in found.by_cluster[1]] == ["law"]


def test_random_labels_are_told_nothing_of():
    rng = np.random.default_rng(2)
    metadata = Metadata(
        {"kind": rng.choice(list("abcdefgh"), 2_000).tolist(), "size": rng.normal(size=2_000)}
    )
    found = enrichment(metadata, rng.integers(10, size=2_000))
    assert found.tests == 10 * (8 + 4)
    assert all(len(lines) == 0 for lines in found.by_cluster)


def test_numbers_are_cut_into_quarters_and_missing_values_left_out():
    numbers = np.concatenate([np.arange(40.0), [np.nan]])
    names, codes = value_codes(Metadata({"rank": numbers}), "rank")
    assert codes.tolist() == [0] * 10 + [1] * 10 + [2] * 10 + [3] * 10 + [-1]
    assert names[0].startswith("lowest quarter (0 to ")
    found = enrichment(Metadata({"rank": numbers}), np.repeat([0, 1], [10, 31]))
    assert found.by_cluster[0][0].value == names[0]


def test_columns_that_are_not_asked_for_are_not_tested():
    metadata = Metadata({"kind": ["a"] * 20 + ["b"] * 20, "same": ["a"] * 20 + ["b"] * 20})
    found = enrichment(metadata, np.repeat([0, 1], 20), columns=["kind"])
    assert found.tests == 4
    assert {line.column for line in found.by_cluster[0]} == {"kind"}


def test_text_has_no_values_and_an_empty_cell_is_none():
    text = Metadata({"note": [f"note {row}" for row in range(60)]})
    assert value_codes(text, "note")[0] == []
    assert enrichment(text, np.zeros(60, dtype=int)).tests == 0
    values, codes = value_codes(Metadata({"kind": ["b", "", "b", "a"]}), "kind")
    assert (values, codes.tolist()) == (["b", "a"], [0, -1, 0, 1])
