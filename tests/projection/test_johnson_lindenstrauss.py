"""The lemma, both ways round, and what twenty projections really do."""

import math

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.pairs import sample_pairs
from explorer.projection.distortion import (
    cosines_kept,
    pca_by_dimension,
    pca_distortions,
    random_by_dimension,
    random_distortions,
)
from explorer.projection.johnson_lindenstrauss import (
    johnson_lindenstrauss_dimensions,
    johnson_lindenstrauss_epsilon,
    pairs_at_risk,
    ratio_density,
)
from explorer.projection.pca import pca
from explorer.projection.random_projection import random_projection
from explorer.projection.savings import measured_savings

N, D = 200, 50


@pytest.fixture(scope="module")
def vectors():
    random = np.random.default_rng(0)
    return (random.standard_normal((N, D)) * 0.9 ** np.arange(D)).astype(np.float32)


def test_the_smallest_distortion_is_the_inverse_of_the_dimensions():
    for n in (2, 60, 1000, 10**6):
        for epsilon in (0.05, 0.3, 0.7, 0.95):
            m = johnson_lindenstrauss_dimensions(n, epsilon)
            promised = johnson_lindenstrauss_epsilon(n, m)
            assert promised <= epsilon
            if m > 2 and math.isfinite(johnson_lindenstrauss_epsilon(n, m - 1)):
                assert johnson_lindenstrauss_epsilon(n, m - 1) > epsilon


def test_too_few_dimensions_promise_nothing():
    assert math.isnan(johnson_lindenstrauss_epsilon(1000, 165))
    assert johnson_lindenstrauss_epsilon(1000, 166) == pytest.approx(1, abs=0.1)
    assert math.isnan(johnson_lindenstrauss_epsilon(20_000, 2))
    assert pairs_at_risk(2, 0.5) == 1


@pytest.mark.parametrize("options", [{"kind": "gaussian"}, {"kind": "sparse", "density": 1 / 3}])
def test_twenty_projections_keep_all_pairs_within_the_bound(vectors, options):
    epsilon = 0.5
    m = johnson_lindenstrauss_dimensions(N, epsilon)
    pairs = sample_pairs(N)
    found = random_distortions(vectors, m, pairs, draws=20, **options)
    assert found.ratios.shape == (20, N * (N - 1) // 2)
    assert found.seeds == tuple(range(1, 21))
    assert (found.largest() < epsilon).all()
    assert found.outside(johnson_lindenstrauss_epsilon(N, m)) == 0


@pytest.mark.parametrize("m", [2, 8, 32, 128])
def test_no_more_single_pairs_are_off_than_the_lemma_says(vectors, m):
    found = random_distortions(vectors, m, draws=20)
    for epsilon in (0.2, 0.5, 0.9):
        assert found.outside(epsilon) <= pairs_at_risk(m, epsilon)


@pytest.mark.parametrize("m", [1, 2, 7, 40])
def test_ratios_of_gaussian_projections_have_the_density_told(vectors, m):
    grid = np.linspace(0, 40, 400_001)[1:]
    density, step = ratio_density(grid, m), grid[1] - grid[0]
    mean = (grid * density).sum() * step
    assert mean == pytest.approx(1, abs=2e-3)
    assert ((grid - mean) ** 2 * density).sum() * step == pytest.approx(2 / m, rel=5e-3)
    found = random_distortions(vectors, m, draws=60)
    below = np.cumsum(density) * step
    below += 1 - below[-1]  # what lies below the first step
    for share in (0.1, 0.5, 0.9):
        expected = grid[np.searchsorted(below, share)]
        assert np.mean(found.ratios <= expected) == pytest.approx(share, abs=0.05)


def test_the_ratios_are_those_of_projecting_all_vectors(vectors):
    pairs = sample_pairs(N, 500)
    found = random_distortions(vectors, 6, pairs, draws=2, seed=7, kind="sparse")
    for draw in range(2):
        points = random_projection(vectors, 6, kind="sparse", seed=7 + draw).astype(np.float64)
        after = np.square(points[pairs.one] - points[pairs.other]).sum(axis=1)
        apart = vectors[pairs.one].astype(np.float64) - vectors[pairs.other]
        before = np.square(apart).sum(axis=1)
        np.testing.assert_allclose(found.ratios[draw], after / before, rtol=1e-4)


def test_pca_only_shortens_and_rescaled_keeps_the_mean(vectors):
    found = pca_distortions(vectors, 10)
    assert found.ratios.max() <= 1 + 1e-9
    assert found.scale == 1
    rescaled = pca_distortions(vectors, 10, rescaled=True)
    assert rescaled.ratios.mean() == pytest.approx(1)
    np.testing.assert_allclose(rescaled.ratios, found.ratios * rescaled.scale)
    axes = pca(vectors, 30).axes
    np.testing.assert_allclose(pca_distortions(vectors, 10, axes=axes).ratios, found.ratios)
    all_of_them = pca_distortions(vectors, D)
    np.testing.assert_allclose(all_of_them.ratios, 1, atol=1e-6)


def test_one_projection_cut_short_gives_the_whole_curve(vectors):
    dimensions = [1, 4, 16, 64]
    found = random_by_dimension(vectors, dimensions, seed=3)
    assert found.dimensions.tolist() == dimensions
    alone = random_distortions(vectors, 64, seed=3, draws=1)  # the last is not cut
    assert found.largest[-1] == pytest.approx(alone.largest()[0])
    assert (np.diff(found.typical) < 0).all()
    axes = pca(vectors, D).axes
    of_pca = pca_by_dimension(vectors, [2, 10, D], axes)
    rescaled = pca_distortions(vectors, 10, rescaled=True)
    assert of_pca.typical[1] == pytest.approx(rescaled.quantile(0.5))
    assert of_pca.largest[2] == pytest.approx(0, abs=1e-6)
    with pytest.raises(ExplorerError, match="PCA has 5 axes here; got 6 dimensions"):
        pca_by_dimension(vectors, [6], axes[:5])


def test_pairs_at_one_point_are_left_out():
    twice = np.repeat(np.eye(3, dtype=np.float32), 2, axis=0)
    found = random_distortions(twice, 2, sample_pairs(6))
    assert len(found.pairs.one) == found.ratios.shape[1] == 12
    with pytest.raises(ExplorerError, match="All sampled pairs lie at one point"):
        random_distortions(np.ones((5, 3), np.float32), 2)


def test_cosines_come_back_around_their_own_value():
    vectors = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [1, 1, 0, 0], [-2, 0, 0, 0]], dtype=np.float32)
    kept = cosines_kept(vectors, [0, 0, 0], [1, 2, 3], 100, draws=200)
    np.testing.assert_allclose(kept.before, [0, math.sqrt(0.5), -1], atol=1e-12)
    np.testing.assert_allclose(kept.after.mean(axis=0), kept.before, atol=0.03)
    np.testing.assert_allclose(kept.after.std(axis=0), [0.1, 0.05, 0], atol=0.015)
    np.testing.assert_allclose(kept.after[:, 2], -1)  # parallel vectors stay parallel


def test_savings_count_the_bytes_and_time_the_searches(vectors):
    saved = measured_savings(vectors, 5)
    assert (saved.bytes_before, saved.bytes_after) == (4 * N * D, 4 * N * 5)
    assert min(saved.projection_seconds, saved.search_before, saved.search_after) > 0


def test_progress_and_wrong_settings(vectors):
    seen: list[float] = []
    random_distortions(vectors, 3, draws=4, on_progress=seen.append)
    assert seen == [0.25, 0.5, 0.75, 1]
    with pytest.raises(ExplorerError, match="draws must be at least 1; got 0"):
        random_distortions(vectors, 3, draws=0)
    with pytest.raises(ExplorerError, match="epsilon must lie between 0 and 1; got 1"):
        pairs_at_risk(3, 1)
    with pytest.raises(ExplorerError, match="n and dimensions must be at least 1"):
        johnson_lindenstrauss_epsilon(10, 0)
    with pytest.raises(ExplorerError, match=r"numbers from 1 up; got .0, 4.\.$"):
        random_by_dimension(vectors, [0, 4])
