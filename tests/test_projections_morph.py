"""How far a neighbourhood moves between two maps, turning, mirroring and size left out."""

import numpy as np
import pytest

from explorer.ui.maps import ShownMap
from explorer.ui.projections_morph import aligned_places, neighborhood


def cloud(n=30):
    return np.random.default_rng(0).normal(size=(n, 2)).astype(np.float32)


def test_a_map_in_a_mirror_turned_and_blown_up_does_not_move():
    first = cloud()
    turn = np.array([[0.0, -1.0], [-1.0, 0.0]], dtype=np.float32)
    second = 7 * first @ turn + 100
    before, after, moved, chance = aligned_places(first, second, np.arange(20))
    assert np.allclose(before, after, atol=1e-5)
    assert moved < 1e-5
    assert chance > 0.5


def test_the_neighbourhood_holds_who_is_near_in_the_space_or_on_a_map(monkeypatch):
    beside = {"first": np.array([1, 2, 4]), "second": np.array([2, 3, 4])}
    monkeypatch.setattr(
        "explorer.ui.projections_morph.near_on_map", lambda key, row, k, shown: beside[key]
    )
    maps = [ShownMap(name, name, cloud(), ("", ""), "") for name in ("first", "second")]
    rows, kinds = neighborhood(0, np.array([1, 5]), *maps, 3)
    assert dict(zip(rows.tolist(), kinds, strict=True)) == {
        0: "focus", 1: "true", 5: "true", 2: "both", 4: "both", 3: "second",
    }  # fmt: skip
    assert rows[0] == 0


def test_a_map_of_one_point_moves_nowhere_in_particular():
    same = np.zeros((5, 2), dtype=np.float32)
    _, _, moved, _ = aligned_places(same, same, np.arange(5))
    assert moved == pytest.approx(0)
