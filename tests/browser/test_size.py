"""Large spaces in a real browser: what is drawn, what is sent, what a click costs in messages."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tests.browser.conftest import Visit
from tests.browser.test_map import drag


@pytest.fixture(scope="module")
def large_server(start_server, tmp_path_factory):
    """A server that has 300,000 x 8 vectors open from the command line."""
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(12, 8)) * 4
    vectors = centres[rng.integers(0, 12, 300_000)] + rng.normal(size=(300_000, 8))
    file = tmp_path_factory.mktemp("large") / "large.npy"
    np.save(file, vectors.astype(np.float32))
    return start_server("--open", str(file))


def test_a_lasso_around_300_000_points_keeps_the_connection(browser, large_server):
    visit = Visit(browser, large_server)
    sent: list[int] = []
    visit.page.on(
        "websocket",
        lambda socket: socket.on("framesent", lambda payload: sent.append(len(payload))),
    )
    visit.open_map()
    visit.draws(50_000)
    visit.says("drawn 50,000 of 300,000 (a sample")
    edges = [(0.05, 0.02), (0.98, 0.02), (0.98, 0.92), (0.05, 0.92), (0.05, 0.03)]
    drag(visit, "Lasso Select", edges)
    found = visit.page.get_by_text(re.compile(r"of 300,000 items selected"))
    found.wait_for()
    count = int(re.match(r"([\d,]+)", found.inner_text()).group(1).replace(",", ""))
    assert count > 290_000
    assert max(sent) < 20_000  # the polygon travels, never the list of points
    visit.page.get_by_role("button", name="Clear").click()
    found.wait_for(state="detached")
    visit.close()


def test_zooming_into_a_sampled_map_brings_all_points_of_that_part(browser, large_server):
    visit = Visit(browser, large_server)
    visit.open_map()
    box = visit.rested(visit.page.locator(".ee-map").bounding_box)
    visit.page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.4)
    for _ in range(6):
        visit.page.mouse.wheel(0, -300)
        visit.page.wait_for_timeout(60)
    visit.page.get_by_text(re.compile(r"drawn [\d,]+ of [\d,]+ in view, of 300,000")).wait_for()
    zoomed = visit.rested(visit.ranges)
    visit.settled()
    visit.keeps_ranges(zoomed)
    visit.close()
