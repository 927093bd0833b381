"""Softmax: hand-worked numbers, laws, and the overflow that the stable form avoids."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import ExplorerError
from explorer.softmax import (
    LARGEST_EXPONENT,
    cross_entropy,
    entropy,
    log_sum_exp,
    naive_softmax,
    softmax,
)

SCORES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20)


def test_scores_0_and_log_3_are_one_to_three():
    assert softmax([0, np.log(3)]) == pytest.approx([0.25, 0.75])
    assert cross_entropy([0, np.log(3)], 0) == pytest.approx(2)  # -log2 1/4
    assert entropy([0.25, 0.75]) == pytest.approx(0.811278)


def test_half_the_temperature_squares_the_odds():
    assert softmax([0, np.log(3)], 0.5) == pytest.approx([0.1, 0.9])


@given(SCORES, st.floats(0.01, 100), st.floats(-1e3, 1e3))
def test_probabilities_sum_to_1_and_a_constant_added_to_all_changes_nothing(scores, t, shift):
    p = softmax(scores, t)
    assert p.sum() == pytest.approx(1)
    assert (p >= 0).all()
    moved = softmax(np.array(scores) + shift, t)
    assert moved == pytest.approx(p, abs=1e-5)


@given(SCORES)
def test_the_entropy_lies_between_0_and_the_logarithm_of_the_count(scores):
    assert 0 <= entropy(softmax(scores)) <= np.log2(len(scores)) + 1e-9


def test_temperature_goes_from_certainty_to_indifference():
    scores = [1.0, 2.0, 3.0, 4.0]
    entropies = [entropy(softmax(scores, t)) for t in (0.01, 0.1, 1, 10, 1e6)]
    assert entropies == sorted(entropies)
    assert entropies[0] == pytest.approx(0, abs=1e-9)
    assert entropies[-1] == pytest.approx(2)


def test_the_plain_formula_overflows_where_the_stable_one_does_not():
    scores = [100.0, 99.0]
    assert np.isnan(naive_softmax(scores)).any()
    assert softmax(scores) == pytest.approx([0.731059, 0.268941], abs=1e-6)
    below = LARGEST_EXPONENT["float32"] - 1
    assert naive_softmax([below, 0]) == pytest.approx([1, 0], abs=1e-6)


def test_log_sum_exp_of_huge_and_tiny_scores_is_finite():
    assert log_sum_exp([1000, 1000]) == pytest.approx(1000 + np.log(2))
    assert log_sum_exp([-1000, -1000]) == pytest.approx(-1000 + np.log(2))


def test_the_cross_entropy_stays_finite_where_the_probability_underflows():
    assert softmax([2000.0, 0.0])[1] == 0
    assert cross_entropy([2000.0, 0.0], 1) == pytest.approx(2000 / np.log(2))


def test_the_mean_cross_entropy_of_items_drawn_from_p_is_the_entropy_of_p():
    scores = [0.3, -1.0, 2.0]
    p = softmax(scores)
    assert sum(p[i] * cross_entropy(scores, i) for i in range(3)) == pytest.approx(entropy(p))


@pytest.mark.parametrize("t", [0, -1, float("nan"), float("inf")])
def test_the_temperature_is_positive_and_finite(t):
    with pytest.raises(ExplorerError, match="temperature must be positive"):
        softmax([1, 2], t)


def test_scores_that_are_not_finite_and_targets_out_of_range_are_refused():
    with pytest.raises(ExplorerError, match="finite scores"):
        softmax([1, float("inf")])
    with pytest.raises(ExplorerError, match="from 0 to 1; got 2"):
        cross_entropy([1, 2], 2)
    with pytest.raises(ExplorerError, match="list of scores"):
        softmax([])
