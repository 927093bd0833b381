"""The numbers of --check, on spaces small enough to check by eye."""

import numpy as np
import pytest

from explorer.catalog import open_bundled
from explorer.check import (
    check,
    duplicate_rows,
    format_check,
    guess_similarity,
    rank_correlation,
    row_hashes,
)
from explorer.items import Items
from explorer.metadata import Metadata
from explorer.space import EmbeddingSpace, Finding, Provenance


def space_of(vectors, names=None, **more):
    vectors = np.asarray(vectors, dtype=np.float32)
    items = Items(names) if names else Items.numbered(len(vectors))
    return EmbeddingSpace("a", items, vectors, more.pop("provenance", Provenance("a")), **more)


def random_space(n=200, d=4, seed=0, **more):
    return space_of(np.random.default_rng(seed).normal(size=(n, d)), **more)


def test_quartiles_zeros_and_duplicates_are_those_counted_by_hand():
    vectors = [[3, 4], [0, 0], [6, 8], [3, 4], [0, 2]]
    found = check(space_of(vectors, ["a", "b", "c", "d", "e"]))
    assert (found.items, found.dimensions) == (5, 2)
    assert found.norms == (0, 2, 5, 5, 10)
    assert found.zero_rows == 1
    assert found.non_finite_rows == 0
    assert found.duplicate_vectors == 1
    assert found.duplicate_examples == (("a", "d"),)


def test_rows_with_infinities_or_nan_are_counted_and_left_out_of_the_norms():
    with np.errstate(invalid="ignore"):
        found = check(space_of([[3, 4], [np.nan, 1], [np.inf, 0]]))
    assert found.non_finite_rows == 2
    assert found.norms == (5, 5, 5, 5, 5)


def test_a_finite_row_whose_norm_overflows_is_finite():
    with np.errstate(over="ignore"):
        found = check(space_of([[3e38, 3e38], [3, 4]]))
    assert found.non_finite_rows == 0


def test_a_third_copy_is_a_copy_of_the_first():
    vectors = np.array([[1, 2], [1, 2], [5, 6], [1, 2]], dtype=np.float32)
    assert list(duplicate_rows(vectors)) == [(0, 1), (0, 3)]


def test_minus_zero_equals_zero():
    vectors = np.array([[0.0, 1.0], [-0.0, 1.0]], dtype=np.float32)
    assert list(duplicate_rows(vectors)) == [(0, 1)]


def test_the_same_numbers_in_another_order_are_another_vector():
    vectors = np.array([[1, 2], [2, 1]], dtype=np.float32)
    assert len(set(row_hashes(vectors).tolist())) == 2
    assert list(duplicate_rows(vectors)) == []


def test_duplicates_are_found_across_blocks():
    vectors = np.random.default_rng(0).normal(size=(300_000, 8)).astype(np.float32)
    vectors[299_999] = vectors[7]
    assert list(duplicate_rows(vectors)) == [(7, 299_999)]


def test_random_directions_have_mean_cosine_0_and_spread_1_over_root_d():
    found = check(random_space(n=5_000, d=100))
    assert found.pair_cosine == pytest.approx(0, abs=0.01)
    assert found.pair_spread == pytest.approx(0.1, abs=0.01)


def test_one_item_has_no_pairs():
    assert check(space_of([[3, 4]])).pair_cosine == 0


def test_what_the_file_says_comes_before_any_guess():
    assert guess_similarity(random_space(trained_with="dot"))[0] == "dot"


def test_vectors_of_one_length_suggest_the_cosine():
    space = random_space()
    unit = space_of(2 * space.vectors / space.norms[:, None])
    similarity, reason = guess_similarity(unit)
    assert similarity == "cosine"
    assert "all lengths are 2" in reason


def test_numbers_of_which_none_is_negative_suggest_euclidean():
    assert guess_similarity(open_bundled("digits"))[0] == "euclidean"


def test_principal_components_suggest_euclidean():
    spreads = np.array([5, 3, 2, 1], dtype=np.float32)
    similarity, reason = guess_similarity(space_of(random_space().vectors * spreads))
    assert similarity == "euclidean"
    assert "principal components" in reason


def test_lengths_that_go_with_a_column_are_told_with_their_rank_correlation():
    space = random_space()
    counted = space.with_metadata(Metadata({"count": np.exp(space.norms)}))
    similarity, reason = guess_similarity(counted)
    assert similarity == "cosine"
    assert "go with count: rank correlation 1.00" in reason


def test_a_rank_correlation_ignores_the_scale_and_shares_ranks_between_ties():
    assert rank_correlation(np.array([1, 2, 3]), np.array([1, 10, 1000])) == pytest.approx(1)
    assert rank_correlation(np.array([1, 2, 3]), np.array([9, 5, -2])) == pytest.approx(-1)
    assert rank_correlation(np.array([1, 1, 2]), np.array([5, 5, 7])) == pytest.approx(1)
    assert rank_correlation(np.array([1, 2, 3]), np.array([4, 4, 4])) == 0


def test_rank_correlation_agrees_with_scipy():
    stats = pytest.importorskip("scipy.stats")
    x, y = np.random.default_rng(0).integers(0, 9, size=(2, 50))
    assert rank_correlation(x, y) == pytest.approx(stats.spearmanr(x, y).statistic)


def test_the_printed_check_names_every_number_and_finding():
    provenance = Provenance("a.txt", findings=(Finding("zero rows", 2, "kept out"),))
    text = format_check(check(random_space(provenance=provenance)))
    for told in (
        "items            200",
        "dimensions       4",
        "2 zero rows: kept out",
        "quartiles",
    ):
        assert told in text
