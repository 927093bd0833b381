"""What principal components hold."""

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.projection.pca import pca
from explorer.projection.pca_report import (
    Spectrum,
    component_ends,
    largest_loadings,
    pca_spectrum,
    shuffled_spectrum,
)


def test_shares_add_up_and_tell_how_many_are_needed():
    spectrum = Spectrum(np.array([6.0, 3.0, 1.0]), 10.0)
    np.testing.assert_allclose(spectrum.explained, [0.6, 0.3, 0.1])
    np.testing.assert_allclose(spectrum.cumulative, [0.6, 0.9, 1])
    assert [spectrum.components_for(share) for share in (0.5, 0.6, 0.9, 0.91, 1)] == [1, 1, 2, 3, 3]
    assert Spectrum(np.array([6.0]), 10.0).components_for(0.9) is None
    assert Spectrum(np.zeros(3), 0.0).components_for(0.9) is None
    with pytest.raises(ExplorerError, match="share must be above 0 and at most 1; got 0"):
        spectrum.components_for(0)


@pytest.mark.parametrize("shape", [(300, 12), (9, 40)])
def test_the_spectrum_is_that_of_the_covariance_matrix(shape):
    vectors = np.random.default_rng(0).standard_normal(shape) * 0.8 ** np.arange(shape[1])
    found = pca_spectrum(vectors)
    expected = np.linalg.eigvalsh(np.cov(vectors, rowvar=False))[::-1][: min(shape)]
    np.testing.assert_allclose(found.variances, expected, atol=1e-6)
    assert found.cumulative[-1] == pytest.approx(1)
    some = pca_spectrum(vectors, 3)
    np.testing.assert_allclose(some.variances, found.variances[:3], rtol=1e-6)
    assert some.total == pytest.approx(found.total)


def test_shuffled_columns_have_the_same_total_but_nothing_in_common():
    random = np.random.default_rng(0)
    line = random.standard_normal((2000, 1)) * np.ones(5) + 0.1 * random.standard_normal((2000, 5))
    own, shuffled = pca_spectrum(line), shuffled_spectrum(line)
    assert shuffled.total == pytest.approx(own.total, rel=1e-6)
    assert own.explained[0] > 0.98
    np.testing.assert_allclose(shuffled.explained, 0.2, atol=0.02)
    assert shuffled_spectrum(line, seed=1).variances[0] != shuffled.variances[0]


def test_items_at_both_ends_of_a_component_come_outermost_first():
    found = pca(np.array([[0.0, 0], [9, 1], [-7, 0], [1, 0], [4, -1]]), 2)
    ends = component_ends(found, 0, 2)
    assert ends.high.tolist() == [1, 4]
    assert ends.low.tolist() == [2, 0]
    assert (np.diff(ends.high_coordinates) < 0).all()
    assert (np.diff(ends.low_coordinates) > 0).all()
    with pytest.raises(ExplorerError, match="component must be from 0 to 1; got 2"):
        component_ends(found, 2)


def test_the_heaviest_loadings_come_first_whatever_their_sign():
    line = np.outer(np.arange(10.0), [3, 0, -4])
    loadings = largest_loadings(pca(line, 1), 0, 2)
    assert loadings.dimensions.tolist() == [2, 0]
    np.testing.assert_allclose(loadings.weights, [0.8, -0.6], atol=1e-6)


def test_progress_of_the_spectrum_rises_to_one():
    seen: list[float] = []
    pca_spectrum(np.random.default_rng(0).standard_normal((500, 4)), on_progress=seen.append)
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (0, 1)
