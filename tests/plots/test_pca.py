"""The scree plot and the loadings."""

import numpy as np

from explorer.plots import pca as charts
from explorer.projection.pca_report import Loadings, Spectrum

SPECTRUM = Spectrum(np.array([6.0, 3.0, 1.0]), 10.0)


def test_the_scree_plot_shows_each_share_and_their_sum():
    shuffled = Spectrum(np.array([4.0, 3.0, 3.0]), 10.0)
    bars, baseline, together = charts.scree_figure(SPECTRUM, shuffled).data
    np.testing.assert_allclose(bars.y, [0.6, 0.3, 0.1])
    np.testing.assert_allclose(baseline.y, [0.4, 0.3, 0.3])
    np.testing.assert_allclose(together.y, [0.6, 0.9, 1.0])
    assert charts.scree_figure(SPECTRUM).layout.annotations[0].text == "90% in 2"
    assert "2 components hold 90%" in charts.scree_alt(SPECTRUM)


def test_a_spectrum_cut_short_of_the_share_says_so():
    short = Spectrum(np.array([6.0]), 10.0)
    assert len(charts.scree_figure(short).layout.annotations) == 0
    assert "more than these hold 90%" in charts.scree_alt(short)


def test_loadings_are_coloured_by_sign_the_heaviest_on_top():
    loadings = Loadings(np.array([4, 0]), np.array([-0.8, 0.6]))
    figure = charts.loadings_figure(loadings, 0)
    assert list(figure.data[0].x) == [-0.8, 0.6]
    assert len(set(figure.data[0].marker.color)) == 2
    assert "4 (-0.80), 0 (+0.60)" in charts.loadings_alt(loadings, 0)
