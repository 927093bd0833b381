"""Maps of several seeds laid on each other: turning is no wandering, moving is."""

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.projection.seed_stability import align_maps, maps_by_seed, seed_stability
from explorer.projection.umap import UmapSettings, umap

MAP = np.random.default_rng(0).normal(size=(200, 2))


def turned(points, degrees, mirrored=False):
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turning = np.array([[c, s], [-s, c]])
    return points @ turning * ([-1, 1] if mirrored else 1)


def test_turned_mirrored_moved_and_larger_maps_are_the_same_map():
    maps = [MAP, turned(MAP, 70) * 5 + 3, turned(MAP, -20, mirrored=True) - 9]
    found = seed_stability(maps)
    assert found.spread == pytest.approx(np.zeros(200), abs=1e-7)
    assert found.maps[1] == pytest.approx(found.maps[0], abs=1e-7)
    assert 0.8 < found.typical_baseline < 1.2


def test_the_item_that_wanders_stands_first_by_as_far_as_it_wandered():
    other = MAP.copy()
    other[7] += [4, 0]
    found = seed_stability([MAP, other])
    assert found.order()[0] == 7
    radius = np.sqrt(np.square(MAP - MAP.mean(axis=0)).sum(axis=1).mean())
    # two places, 4 apart: each is 2 from their mean, sqrt(2 * 2^2 / (2 - 1))
    assert found.spread[7] == pytest.approx(np.sqrt(8) / radius, rel=0.05)
    assert np.median(found.spread) < 0.05


def test_maps_that_have_nothing_to_do_with_each_other_wander_as_the_baseline_does():
    random = np.random.default_rng(1)
    found = seed_stability([random.normal(size=(500, 3)) for _ in range(5)])
    assert found.typical == pytest.approx(found.typical_baseline, rel=0.1)
    assert np.sqrt(np.square(found.spread).mean()) == pytest.approx(1, abs=0.1)


def test_the_order_of_the_maps_does_not_matter():
    maps = [MAP + np.random.default_rng(seed).normal(0, 0.2, MAP.shape) for seed in range(3)]
    one, other = seed_stability(maps).spread, seed_stability(maps[::-1]).spread
    assert one == pytest.approx(other, abs=1e-6)


def test_fewer_than_two_maps_or_maps_of_other_items_are_refused():
    with pytest.raises(ExplorerError, match=r"two maps or more of the same items; got \(200, 2\)"):
        seed_stability([MAP])
    with pytest.raises(ExplorerError, match="the same items"):
        seed_stability([MAP, MAP[:5]])


def test_aligned_maps_have_unit_spread():
    laid = align_maps([MAP * 3, MAP + 1])
    assert np.square(laid).sum(axis=2).mean(axis=1) == pytest.approx([1, 1])


def test_each_seed_gives_the_map_that_it_gives_alone():
    vectors = np.random.default_rng(2).normal(size=(120, 5))
    settings = UmapSettings(epochs=20)
    shares = []
    maps = maps_by_seed(vectors, settings, [3, 1], on_progress=shares.append)
    assert (maps[0] == umap(vectors, UmapSettings(epochs=20, seed=3))).all()
    assert (maps[1] == umap(vectors, settings)).all()
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert seed_stability(maps).typical < seed_stability(maps).typical_baseline
