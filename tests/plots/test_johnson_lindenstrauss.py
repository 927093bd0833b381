"""Charts of random projection."""

import numpy as np
import pytest

from explorer.plots import johnson_lindenstrauss as charts
from explorer.projection.distortion import pca_distortions, random_distortions
from explorer.projection.johnson_lindenstrauss import johnson_lindenstrauss_epsilon


def vectors():
    return np.random.default_rng(0).standard_normal((200, 30)).astype(np.float32)


def test_the_curve_is_the_bound_and_starts_where_it_promises_something():
    figure = charts.bound_curve(1000, 50, {"measured": ([2, 50], [5.0, 0.4])})
    promised, measured = figure.data
    assert promised.x[0] >= 166
    assert promised.y[7] == johnson_lindenstrauss_epsilon(1000, int(promised.x[7]))
    assert (np.diff(promised.y) <= 0).all()
    assert list(measured.y) == [5.0, 0.4]
    assert np.isfinite(promised.y).all()
    assert "nothing at 50 dimensions" in charts.bound_alt(1000, 50)
    assert "0.1 needs 5,921" in charts.bound_alt(1000, 5921)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_a_space_of_few_items_has_a_curve_too(n):
    assert len(charts.bound_curve(n, 2).data[0].x) > 10


def test_histograms_are_densities_and_chance_stands_beside_the_gaussian():
    found = [
        random_distortions(vectors(), 16),
        pca_distortions(vectors(), 16),
        pca_distortions(vectors(), 16, rescaled=True),
    ]
    figure = charts.distortion_histogram(found, epsilon=0.3)
    names = [line.name for line in figure.data]
    assert names == ["Gaussian projection", "PCA", "PCA, rescaled", "as chance has it"]
    for line in figure.data:
        width = line.x[1] - line.x[0]
        assert sum(line.y) * width == pytest.approx(1, abs=0.02)
    assert "PCA, rescaled to 16 dimensions" in charts.distortion_alt(found, 0.3)
    sparse = [random_distortions(vectors(), 16, kind="sparse")]
    assert len(charts.distortion_histogram(sparse, epsilon=0.3).data) == 1
