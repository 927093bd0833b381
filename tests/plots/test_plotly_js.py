"""The plotly.js that the map draws with is the one of the installed package."""

from explorer.plots.plotly_js import plotly_js_folder


def test_plotly_js_is_in_the_folder():
    assert (plotly_js_folder() / "plotly.min.js").stat().st_size > 1_000_000
