"""Agreement of rankings: the published example, hand-worked numbers, and SciPy's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import ExplorerError
from explorer.rank_agreement import (
    agreement_by_depth,
    kendall_tau,
    middle_ranks,
    overlap,
    rank_biased_overlap,
    spearman_rho,
)

S, T = list("abcdefg"), list("zcavwxy")  # the two lists of Webber, Moffat & Zobel 2010, section 2


def test_the_agreements_are_those_of_the_published_example():
    expected = [0, 0, 0.667, 0.5, 0.4, 0.333, 0.286]
    assert agreement_by_depth(S, T) == pytest.approx(expected, abs=5e-4)
    average = np.cumsum(agreement_by_depth(S, T)) / np.arange(1, 8)
    assert average == pytest.approx([0, 0, 0.222, 0.292, 0.313, 0.317, 0.312], abs=5e-4)


def test_rank_biased_overlap_of_two_short_lists_is_the_one_worked_by_hand():
    # A = 0, 1, 2/3; p = 1/2: (0 + 1/4 + 2/3 / 8) * 1 + 2/3 / 8 = 1/4 + 1/12 + 1/12
    assert rank_biased_overlap("abc", "bad", p=0.5) == pytest.approx(5 / 12)


def test_rank_biased_overlap_is_the_infinite_sum_with_the_last_agreement_repeated():
    p, agreements = 0.8, agreement_by_depth(S, T)
    endless = np.concatenate([agreements, np.full(500, agreements[-1])])
    expected = (1 - p) * (endless * p ** np.arange(len(endless))).sum()
    assert rank_biased_overlap(S, T, p) == pytest.approx(expected)


@given(st.permutations(range(8)), st.floats(0.05, 0.95))
def test_equal_lists_score_1_disjoint_ones_0_and_order_of_the_two_does_not_matter(order, p):
    assert rank_biased_overlap(order, order, p) == pytest.approx(1)
    assert rank_biased_overlap(order, [item + 100 for item in order], p) == 0
    other = sorted(order)
    assert rank_biased_overlap(order, other, p) == rank_biased_overlap(other, order, p)


def test_a_difference_at_the_top_costs_more_than_one_at_the_end():
    base = list("abcdef")
    assert rank_biased_overlap(base, list("xbcdef")) < rank_biased_overlap(base, list("abcdex"))
    assert overlap(base, list("xbcdef")) == overlap(base, list("abcdex")) == 5 / 6


def test_kendall_s_tau_counts_pairs_in_and_out_of_order():
    assert kendall_tau([1, 2, 3, 4], [1, 2, 4, 3]) == pytest.approx(4 / 6)
    assert kendall_tau([1, 2, 3], [3, 2, 1]) == -1
    assert np.isnan(kendall_tau([1, 1, 1], [1, 2, 3]))


def test_tau_and_rho_with_ties_are_scipy_s():
    stats = pytest.importorskip("scipy.stats")
    random = np.random.default_rng(0)
    for _ in range(20):
        x, y = random.integers(0, 8, 30), random.integers(0, 8, 30)
        assert kendall_tau(x, y) == pytest.approx(stats.kendalltau(x, y).statistic)
        assert spearman_rho(x, y) == pytest.approx(stats.spearmanr(x, y).statistic)


def test_equal_values_share_the_middle_of_their_ranks():
    assert middle_ranks(np.array([10, 20, 20])).tolist() == [1, 2.5, 2.5]


@pytest.mark.parametrize(
    ("one", "other", "says"),
    [("ab", "abc", "one length"), ("", "", "at least 1"), ("aa", "ab", "repeats an item")],
)
def test_lists_that_are_no_rankings_are_refused(one, other, says):
    with pytest.raises(ExplorerError, match=says):
        agreement_by_depth(one, other)


@pytest.mark.parametrize("p", [0, 1, -0.5, float("nan")])
def test_p_lies_between_0_and_1(p):
    with pytest.raises(ExplorerError, match="between 0 and 1"):
        rank_biased_overlap("ab", "ba", p)
