"""The curve of nearness, beside umap-learn's fit of the same points."""

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.projection.curve import fit_curve


@pytest.mark.parametrize("spread", [0.5, 1.0, 5.0])
@pytest.mark.parametrize("min_dist", [0.0, 0.01, 0.1, 0.5])
def test_a_and_b_are_those_of_umap_learn(min_dist, spread):
    theirs = pytest.importorskip("umap.umap_").find_ab_params(spread, min_dist)
    assert fit_curve(min_dist, spread) == pytest.approx(theirs, rel=1e-5)


def test_a_map_twice_as_wide_has_the_same_curve_at_twice_the_distance():
    a, b = fit_curve(0.1, 1.0)
    wide_a, wide_b = fit_curve(0.2, 2.0)
    assert wide_b == pytest.approx(b)
    assert wide_a * 2 ** (2 * b) == pytest.approx(a)


def test_no_other_a_and_b_near_by_fit_better():
    distances = np.linspace(0, 3, 300)
    wanted = np.where(distances < 0.1, 1.0, np.exp(-(distances - 0.1)))

    def error(a, b):
        return np.square(1 / (1 + a * distances ** (2 * b)) - wanted).sum()

    a, b = fit_curve(0.1, 1.0)
    steps = [(1e-4, 0), (-1e-4, 0), (0, 1e-4), (0, -1e-4)]
    assert all(error(a, b) < error(a + up, b + along) for up, along in steps)


@pytest.mark.parametrize(("min_dist", "spread"), [(-0.1, 1), (2, 1), (0, 0)])
def test_a_minimum_distance_beyond_the_spread_is_refused(min_dist, spread):
    with pytest.raises(ExplorerError, match="from 0 to the spread"):
        fit_curve(min_dist, spread)
