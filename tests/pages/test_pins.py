"""The pins in one table."""

from __future__ import annotations

import pytest

from explorer.catalog import open_bundled
from tests.pages.conftest import opened
from tests.pages.test_pages import texts

PINS = "pages/explore/pins.py"


def test_each_two_pins_are_compared_by_the_metric_of_the_sidebar(app):
    space = open_bundled("small-world")
    opened(app, PINS, space="small-world", pins=["king", "queen"], metric="euclidean")
    table = app.dataframe[0].value
    apart = ((space.vector("king") - space.vector("queen")) ** 2).sum() ** 0.5
    assert table["to queen"].iloc[0] == pytest.approx(apart, rel=1e-5)
    assert table["to king"].iloc[1] == pytest.approx(apart, rel=1e-5)
    assert table["norm"].tolist() == pytest.approx(
        space.norms[[space.row("king"), space.row("queen")]].tolist()
    )
    assert set(space.metadata) <= {name.removesuffix(" (metadata)") for name in table.columns}
    assert "two random items" in texts(app)


def test_without_two_pins_the_page_says_how_to_pin(app):
    opened(app, PINS, space="small-world", pins="king")
    assert "Pin two items or more" in texts(app)
