"""UMAP in the server's one worker: two ask at once, one gives up, the other gets its map."""

from __future__ import annotations

import re
import urllib.request

import numpy as np

from tests.browser.conftest import Visit
from tests.browser.test_visitors import npy, upload


def ask_for_umap(visit: Visit, seed: int) -> None:
    """Open 200 random vectors and choose UMAP in the sidebar."""
    page = visit.open("/data")
    vectors = np.random.default_rng(seed).normal(size=(200, 6)).astype(np.float32)
    upload(page, f"cloud-{seed}.npy", npy(vectors))
    page.get_by_text("200 × 6").first.wait_for()
    page.get_by_test_id("stSidebarNav").get_by_text("Map").click()
    visit.map_drawn()
    page.get_by_test_id("stSidebar").get_by_label("Map", exact=True).click()
    page.get_by_role("option", name="UMAP").click()
    page.get_by_text(re.compile("PCA is shown meanwhile")).wait_for()


def test_two_ask_for_umap_at_once_one_cancels_and_the_other_gets_its_map(browser, start_server):
    server = start_server()
    first, second = Visit(browser, server), Visit(browser, server)
    ask_for_umap(first, seed=1)
    ask_for_umap(second, seed=2)
    first.page.get_by_role("button", name="Cancel").click()
    first.page.get_by_text(re.compile("PCA is shown meanwhile")).wait_for(state="detached")
    first.page.wait_for_url(lambda url: "map=UMAP" not in url)
    second.page.get_by_text(re.compile("map: umap-learn")).wait_for(timeout=240_000)
    second.draws(200)
    health = urllib.request.urlopen(f"{server.address}/_stcore/health", timeout=5).read()
    assert health == b"ok"
    first.close()
    second.close()
    server.stop()
