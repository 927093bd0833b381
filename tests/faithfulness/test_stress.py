"""The Shepard diagram and stress: three pairs by hand, and what a change of unit does."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.faithfulness import random_layout
from explorer.faithfulness.shepard import Shepard, shepard_diagram
from explorer.faithfulness.stress import (
    best_scale,
    monotone_stress,
    normalised_stress,
    rising_curve,
    scale_free_stress,
)
from explorer.pairs import Pairs


def diagram(in_space, on_map):
    count = len(in_space)
    pairs = Pairs(np.zeros(count, np.int64), np.arange(1, count + 1), count + 1, None)
    d, e = np.array(in_space, dtype=float), np.array(on_map, dtype=float)
    return Shepard(pairs, "euclidean", d, e)


def test_distances_of_a_triangle_by_hand():
    space = np.array([[0.0, 0.0, 0.0], [3.0, 4.0, 0.0], [3.0, 4.0, 12.0]])
    found = shepard_diagram(space, space[:, :2], metric="euclidean")
    assert found.in_space.tolist() == [5, 13, 12]
    assert found.on_map.tolist() == [5, 5, 0]
    assert found.pairs.note == "all 3 pairs"
    # (0 + 8^2 + 12^2) / (5^2 + 13^2 + 12^2)
    assert normalised_stress(found) == pytest.approx(math.sqrt(208 / 338))
    assert best_scale(found) == pytest.approx(90 / 50)
    assert scale_free_stress(found) == pytest.approx(math.sqrt(1 - 90**2 / (338 * 50)))


def test_a_map_at_twice_the_size_has_stress_only_with_its_unit():
    found = diagram([3, 4, 5], [6, 8, 10])
    assert normalised_stress(found) == 1
    assert best_scale(found) == 0.5
    assert scale_free_stress(found) == monotone_stress(found) == 0
    assert (found.pearson, found.spearman) == (pytest.approx(1), pytest.approx(1))


def test_two_pairs_changed_over_by_hand():
    found = diagram([1, 2], [2, 1])
    assert scale_free_stress(found) == pytest.approx(0.6)  # sqrt(1 - 4^2 / (5 * 5))
    assert rising_curve(found).on_map.tolist() == [1.5, 1.5]
    assert monotone_stress(found) == pytest.approx(math.sqrt(0.5 / 5))
    assert found.pearson == pytest.approx(-1)


def test_pairs_as_far_apart_in_the_space_may_differ_on_the_map():
    found = diagram([1, 1, 2], [3, 1, 4])
    assert rising_curve(found).on_map.tolist() == [1, 3, 4]
    assert monotone_stress(found) == 0


def test_minus_a_dot_product_is_no_distance_and_has_no_stress():
    vectors = np.random.default_rng(0).standard_normal((30, 5)).astype(np.float32)
    found = shepard_diagram(vectors, random_layout(30), metric="dot")
    assert math.isnan(normalised_stress(found))
    assert math.isnan(scale_free_stress(found))
    assert 0 < monotone_stress(found) < 1
    assert math.isfinite(found.spearman)


@given(
    d=st.lists(st.floats(0.01, 100), min_size=2, max_size=20),
    e=st.lists(st.floats(0.01, 100), min_size=20, max_size=20),
    factor=st.floats(0.01, 100),
)
def test_scale_free_and_monotone_stress_know_no_unit(d, e, factor):
    one = diagram(d, e[: len(d)])
    other = diagram(d, np.array(e[: len(d)]) * factor)
    assert scale_free_stress(other) == pytest.approx(scale_free_stress(one), abs=1e-6)
    assert monotone_stress(other) == pytest.approx(monotone_stress(one), abs=1e-6)
    assert -1e-9 <= monotone_stress(one) <= 1
    assert scale_free_stress(one) <= normalised_stress(one) + 1e-9
    d_, e_ = one.in_space, one.on_map
    closed = math.sqrt(max(0.0, 1 - (d_ @ e_) ** 2 / ((d_ @ d_) * (e_ @ e_))))
    assert scale_free_stress(one) == pytest.approx(closed, abs=1e-6)
