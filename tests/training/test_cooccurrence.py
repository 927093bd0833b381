"""Window counts: by hand, against NumPy's twin, against SciPy, whatever the cut and the threads."""

import numpy as np
import pytest
from scipy.sparse import coo_array

from explorer.errors import ExplorerError
from explorer.training import cooccurrence
from explorer.training.cooccurrence import (
    Counting,
    count_cooccurrences,
    count_rows_numpy,
    distance_weights,
    places_of_words_numpy,
)


def sentences(*lists):
    ids = np.array([word for words in lists for word in words], dtype=np.int32)
    return ids, np.concatenate([[0], np.cumsum([len(words) for words in lists])]).astype(np.int64)


def random_text(words=300, tokens=20_000, seed=0):
    """Zipf's law, sentences of 1 to 40 words."""
    random = np.random.default_rng(seed)
    chances = 1 / np.arange(1, words + 1)
    ids = random.choice(words, tokens, p=chances / chances.sum()).astype(np.int32)
    cuts = np.cumsum(random.integers(1, 40, tokens))
    return ids, np.concatenate([[0], cuts[cuts < tokens], [tokens]]).astype(np.int64)


def scipy_counts(ids, offsets, words, window):
    """One sum of shifted texts for each distance."""
    sentence = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    total = np.zeros((words, words))
    for distance in range(1, window + 1):
        together = sentence[distance:] == sentence[:-distance]
        left, right = ids[:-distance][together], ids[distance:][together]
        weight = np.full(len(left), 1 / distance)
        one_way = coo_array((weight, (left, right)), shape=(words, words)).toarray()
        total += one_way + one_way.T
    return total


def test_a_b_c_by_hand():
    ids, offsets = sentences([0, 1, 2])
    counted = count_cooccurrences(ids, offsets, 3, window=2)
    assert counted.to_scipy().toarray().tolist() == [[0, 1, 0.5], [1, 0, 1], [0.5, 1, 0]]


def test_a_word_beside_itself_is_counted_from_both_places():
    ids, offsets = sentences([0, 0])
    assert count_cooccurrences(ids, offsets, 1, window=5).counts.tolist() == [2]


def test_windows_end_where_the_sentence_ends():
    ids, offsets = sentences([0, 1], [2], [0, 2])
    counted = count_cooccurrences(ids, offsets, 3, window=5).to_scipy().toarray()
    assert counted.tolist() == [[0, 1, 1], [1, 0, 0], [1, 0, 0]]


@pytest.mark.parametrize(
    ("weighting", "expected"),
    [("harmonic", [1, 1 / 2, 1 / 3]), ("linear", [1, 2 / 3, 1 / 3]), ("flat", [1, 1, 1])],
)
def test_weights_fall_with_the_distance(weighting, expected):
    assert distance_weights(3, weighting) == pytest.approx(expected)


@pytest.mark.parametrize("window", [1, 4, 11])
def test_scipy_counts_the_same(window):
    ids, offsets = random_text()
    counted = count_cooccurrences(ids, offsets, 300, window=window).to_scipy().toarray()
    assert np.allclose(counted, scipy_counts(ids, offsets, 300, window), rtol=1e-6)


def test_without_numba_the_counts_are_the_same(monkeypatch):
    ids, offsets = random_text(100, 3_000)
    fast = count_cooccurrences(ids, offsets, 100, window=3)
    monkeypatch.setattr(
        cooccurrence, "_index_and_counter", lambda: (places_of_words_numpy, count_rows_numpy)
    )
    plain = count_cooccurrences(ids, offsets, 100, window=3)
    assert plain.columns.tolist() == fast.columns.tolist()
    assert plain.starts.tolist() == fast.starts.tolist()
    assert np.allclose(plain.counts, fast.counts, rtol=1e-6)


def test_neither_threads_nor_the_size_of_pieces_change_a_bit(monkeypatch):
    ids, offsets = random_text()
    one = count_cooccurrences(ids, offsets, 300, threads=1)
    monkeypatch.setattr(cooccurrence, "ROOM", 1_000)
    two = count_cooccurrences(ids, offsets, 300, threads=2)
    assert np.array_equal(one.counts, two.counts)
    assert np.array_equal(one.columns, two.columns)


def test_the_matrix_is_symmetric_and_its_row_sums_are_its_column_sums():
    ids, offsets = random_text()
    counted = count_cooccurrences(ids, offsets, 300)
    matrix = counted.to_scipy().toarray()
    assert np.array_equal(matrix, matrix.T)
    assert np.allclose(counted.row_sums(), matrix.sum(axis=0), rtol=1e-5)


def test_very_frequent_pairs_lose_nothing():
    tokens = 3_000_000  # beyond 2^20, adding 0.1 to a float32 would be lost or doubled
    ids, offsets = sentences([])
    ids = np.zeros(tokens, dtype=np.int32)
    offsets = np.array([0, tokens])
    counted = count_cooccurrences(ids, offsets, 1, window=10)
    expected = 2 * sum((tokens - d) / d for d in range(1, 11))
    assert counted.counts[0] == pytest.approx(expected, rel=1e-6)


def test_the_share_grows_to_one():
    ids, offsets = random_text()
    counting = Counting(ids, offsets, 300, threads=1)
    assert counting.share == 0
    while not counting.done:
        counting.advance()
    assert counting.share == 1


@pytest.mark.parametrize("ids", [[], [0]])
def test_a_text_without_any_pair_gives_an_empty_matrix(ids):
    ids, offsets = sentences(ids)
    counted = count_cooccurrences(ids, offsets, 2)
    assert (counted.cells, counted.words) == (0, 2)


def test_a_window_of_nothing_and_unknown_weights_are_refused():
    with pytest.raises(ExplorerError, match="at least 1 word to each side; got 0"):
        distance_weights(0, "harmonic")
    with pytest.raises(ExplorerError, match="harmonic, linear, flat; got 'cubic'"):
        distance_weights(3, "cubic")
