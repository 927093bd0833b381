"""UMAP in the browser: the map moves and stays where it is stopped; umap-learn can be let go."""

from __future__ import annotations

import re
import urllib.request

import numpy as np

from tests.browser.conftest import Visit


def cloud(folder, items: int) -> str:
    """A file of random vectors, to start a server with."""
    file = folder / "cloud.npy"
    np.save(file, np.random.default_rng(1).normal(size=(items, 6)).astype(np.float32))
    return str(file)


def test_a_map_moves_while_it_is_made_and_stays_where_it_is_stopped(
    browser, start_server, tmp_path
):
    server = start_server("--open", cloud(tmp_path, 4_000))  # 100,000 epochs of it take minutes
    visit = Visit(browser, server)
    page = visit.page
    visit.open_map()
    visit.choose("Map", "UMAP")
    page.get_by_text(re.compile("map: UMAP, 15 neighbours.*neighbours exact")).wait_for()
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("spinbutton", name="Epochs").fill("100000")
    page.get_by_role("button", name="Make the map").click()
    page.wait_for_selector(".ee-map[data-view$=':moving']")
    page.get_by_text(re.compile("UMAP, epoch [1-9][0-9,]* of 100,000")).first.wait_for()
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_text(re.compile("stopped at epoch")).first.wait_for()
    page.wait_for_selector(".ee-map[data-drawn='4000']")
    page.get_by_role("button", name="Make it to the end").wait_for()
    visit.close()
    server.stop()


def test_one_lets_umap_learn_go_and_the_other_gets_its_map(browser, start_server, tmp_path):
    server = start_server("--open", cloud(tmp_path, 2_000))
    first, second = Visit(browser, server), Visit(browser, server)
    for visit in (first, second):
        visit.open_map()
    for visit in (first, second):
        visit.choose("Map", "UMAP (umap-learn)")
    for visit in (first, second):
        visit.says("PCA is shown meanwhile")
    first.page.get_by_role("button", name="Cancel").click()
    first.page.get_by_text(re.compile("PCA is shown meanwhile")).wait_for(state="detached")
    first.page.wait_for_url(lambda url: "map=UMAP" not in url)
    second.page.get_by_text(re.compile("map: umap-learn")).wait_for(timeout=240_000)
    second.draws(2_000)
    health = urllib.request.urlopen(f"{server.address}/_stcore/health", timeout=5).read()
    assert health == b"ok"
    first.close()
    second.close()
    server.stop()
