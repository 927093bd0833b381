"""Reading scored pairs, and Spearman's correlation against scipy and by hand."""

import io

import numpy as np
import pytest
from scipy.stats import spearmanr

from explorer.errors import ExplorerError
from explorer.evaluation.lists import ListFileError, PairList, ScoredPair, read_pairs, write_pairs
from explorer.evaluation.word_similarity import average_ranks, spearman, word_similarity
from explorer.items import Items
from explorer.space import EmbeddingSpace, Provenance


def space_of(words, vectors):
    return EmbeddingSpace("s", Items(words), np.asarray(vectors, np.float32), Provenance("test"))


def pairs_of(*rows):
    return PairList("list", tuple(ScoredPair(*row) for row in rows))


@pytest.fixture
def fan():
    """a, b, c, d at 0, 10, 40 and 90 degrees."""
    angles = np.radians([0, 10, 40, 90])
    return space_of(["a", "b", "c", "d"], np.column_stack([np.cos(angles), np.sin(angles)]))


def test_scores_in_the_order_of_the_cosines_correlate_fully(fan):
    pairs = pairs_of(("a", "b", 9), ("a", "c", 5), ("a", "d", 1), ("b", "d", 2))
    score = word_similarity(fan, pairs)
    assert score.correlation == pytest.approx(1)
    assert (score.found, score.total, score.coverage) == (4, 4, 1)


def test_a_correlation_by_hand(fan):
    # by cosine ab > ac > ad, by people ac > ab > ad: 1 - 6 (1 + 1 + 0) / (3 (9 - 1)) = 1/2
    pairs = pairs_of(("a", "b", 5), ("a", "c", 9), ("a", "d", 1))
    assert word_similarity(fan, pairs).correlation == pytest.approx(0.5)


def test_missing_words_are_counted_and_named_and_capitals_folded(fan):
    pairs = pairs_of(("A", "b", 3), ("a", "c", 2), ("b", "d", 1), ("a", "zebra", 9))
    score = word_similarity(fan, pairs)
    assert (score.found, score.total, score.missing) == (3, 4, ("zebra",))


def test_only_the_first_rows_count_where_that_is_asked(fan):
    pairs = pairs_of(("a", "b", 3), ("a", "c", 2), ("b", "c", 1), ("a", "d", 9))
    assert word_similarity(fan, pairs, first=3).found == 3


def test_too_few_pairs_are_refused(fan):
    with pytest.raises(ExplorerError, match="list: 1 of 2 pairs are in s"):
        word_similarity(fan, pairs_of(("a", "b", 1), ("x", "y", 2)))


@pytest.mark.parametrize("seed", range(5))
def test_scipy_has_the_same_correlation_with_ties_too(seed):
    random = np.random.default_rng(seed)
    a, b = random.integers(0, 6, 40).astype(float), random.normal(size=40).round(1)
    assert spearman(a, b) == pytest.approx(spearmanr(a, b).statistic)


def test_equal_numbers_share_their_rank():
    ranks = average_ranks(np.array([[10.0, 30, 30], [7, 7, 7]]))
    assert ranks.tolist() == [[1, 2.5, 2.5], [2, 2, 2]]


def test_the_interval_holds_the_score_and_shuffled_scores_stay_below_chance():
    random = np.random.default_rng(0)
    n = 150
    space = space_of([f"w{i}" for i in range(n)], random.normal(size=(n, 20)))
    unit = space.vectors / space.norms[:, None]
    pairs = [
        (f"w{i}", f"w{i + 1}", float(unit[i] @ unit[i + 1] + random.normal(0, 0.1)))
        for i in range(n - 1)
    ]
    score = word_similarity(space, pairs_of(*pairs))
    assert score.interval[0] < score.correlation < score.interval[1]
    assert score.interval[0] > score.chance
    assert score.chance == pytest.approx(1.96 / np.sqrt(n - 2), rel=0.15)


def test_vectors_that_are_all_the_same_score_nothing():
    space = space_of(["a", "b", "c"], np.ones((3, 4)))
    pairs = pairs_of(("a", "b", 1), ("a", "c", 2), ("b", "c", 3))
    score = word_similarity(space, pairs)
    assert score.correlation == 0


@pytest.mark.parametrize(
    "text",
    [
        "book\tpaper\t7.46\ntiger\tcat\t7.35\n",
        "Word 1,Word 2,Human (mean)\nbook,paper,7.46\ntiger,cat,7.35",
        "# a list\n\nbook paper 7.46\r\ntiger cat 7.35\r\n",
        "\ufeffbook;paper;7.46\ntiger;cat;7.35",
    ],
)
def test_published_forms_are_read(text):
    pairs = read_pairs(io.BytesIO(text.encode()), name="list.txt")
    assert pairs.pairs == (ScoredPair("book", "paper", 7.46), ScoredPair("tiger", "cat", 7.35))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a b 1\na b\n", "pairs.txt, line 2: expected two words and a score, found 'a b'"),
        ("a b 1\na b nan\n", "line 2: expected two words and a score"),
        ("x\ty\tz\nx\ty\tz\n", "line 2: expected two words and a score"),
        ("just a header\n", "pairs.txt: holds no line of two words and a score"),
    ],
)
def test_a_bad_line_is_named(text, message):
    with pytest.raises(ListFileError, match=message):
        read_pairs(io.BytesIO(text.encode()), name="pairs.txt")


def test_what_is_written_is_read_again(tmp_path):
    pairs = pairs_of(("a", "b", 1.5), ("c", "d", -2))
    write_pairs(pairs, tmp_path / "list")
    assert read_pairs(tmp_path / "list") == pairs


def test_wordsim_353_is_read_whole(shared_data):
    assert len(read_pairs(shared_data("eval/EN-WS-353-ALL.txt")).pairs) == 353
    assert len(read_pairs(shared_data("eval/EN-SIMLEX-999.txt")).pairs) == 999
