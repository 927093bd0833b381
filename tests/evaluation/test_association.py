"""The association test, on vectors whose cosines are known."""

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.evaluation.association import association, effect_size, pulls
from explorer.items import Items
from explorer.space import EmbeddingSpace, Provenance

EAST, NORTH, WEST, SOUTH = [1, 0], [0, 1], [-1, 0], [0, -1]


def space(vectors):
    names = Items([str(row) for row in range(len(vectors))])
    return EmbeddingSpace("plane", names, np.array(vectors, dtype=np.float32), Provenance("test"))


def rows(*numbers):
    return np.array(numbers, dtype=np.int64)


def test_pulls_are_differences_of_mean_cosines():
    plane = space([EAST, WEST, NORTH, [1, 1]])
    found = pulls(plane, rows(0, 1, 2, 3), (rows(0), rows(1)))
    np.testing.assert_allclose(found, [2, -2, 0, 2**0.5], atol=1e-6)


def test_the_effect_of_two_against_two_worked_by_hand():
    assert effect_size(np.array([1.0, 1.0]), np.array([0.0, 0.0])) == pytest.approx(3**0.5)
    assert effect_size(np.ones(3), np.ones(2)) == 0


def test_groups_at_opposite_poles_have_the_largest_effect_and_the_least_p():
    plane = space([EAST, WEST] + [[1, 0.1]] * 8 + [[-1, 0.1]] * 8)
    found = association(plane, (np.arange(2, 10), np.arange(10, 18)), (rows(0), rows(1)))
    assert found.effect == pytest.approx(2 * (15 / 16) ** 0.5)
    assert found.p == pytest.approx(1 / 1001)


def test_exchanging_the_groups_or_the_poles_turns_the_sign():
    random = np.random.default_rng(3)
    cloud = space(random.standard_normal((30, 5)))
    groups, poles = (rows(*range(10)), rows(*range(10, 20))), (rows(20, 21), rows(22, 23, 24))
    effect = association(cloud, groups, poles).effect
    assert association(cloud, groups[::-1], poles).effect == pytest.approx(-effect)
    assert association(cloud, groups, poles[::-1]).effect == pytest.approx(-effect)


def test_p_of_random_groups_is_seldom_small():
    random = np.random.default_rng(1)
    cloud = space(random.standard_normal((400, 10)))
    chances = [
        association(cloud, (dealt[:8], dealt[8:16]), (dealt[16:20], dealt[20:24]), divisions=99).p
        for dealt in (random.permutation(400) for _ in range(200))
    ]
    assert np.mean(np.array(chances) <= 0.1) == pytest.approx(0.1, abs=0.06)


def test_too_few_items_are_refused():
    plane = space([EAST, NORTH, WEST, SOUTH])
    with pytest.raises(ExplorerError, match="two items"):
        association(plane, (rows(0), rows(1, 2)), (rows(3), rows(2)))
