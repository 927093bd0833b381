"""Cold servers, other pages, two visitors, broken files."""

from __future__ import annotations

import io

import numpy as np
import pytest

from tests.browser.conftest import Visit

PAGES = {"/": "drawn 1,797", "/neighbors": "Nearest neighbours", "/data": "Open a file"}


@pytest.mark.parametrize("path", PAGES)
def test_a_deep_link_to_a_cold_server_shows_the_page_with_its_sidebar(browser, start_server, path):
    visit = Visit(browser, start_server())
    page = visit.open(path + "?space=digits&metric=euclidean")
    page.get_by_text(PAGES[path]).first.wait_for()
    sidebar = page.get_by_test_id("stSidebar")
    sidebar.get_by_label("Metric").first.wait_for()
    page.get_by_text("metric: Euclidean distance").wait_for()
    assert page.get_by_text("Page not found").count() == 0
    assert not visit.strangers
    visit.server.stop()
    visit.close()


def upload(page, name: str, content: bytes) -> None:
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    page.locator(".st-key-upload_open button:enabled").click()


def npy(vectors: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, vectors)
    return buffer.getvalue()


def test_a_broken_file_shows_one_sentence_and_no_traceback_and_keeps_the_open_space(visit):
    page = visit.open("/data?space=digits")
    upload(page, "broken.txt", b"2 3\nking 0.1 0.2 0.3\nqueen 0.1 0.2\n")
    alert = page.get_by_test_id("stAlert").filter(has_text="broken.txt, line 3")
    alert.wait_for()
    assert "Traceback" not in visit.text()
    visit.says("1,797 × 64")


def test_two_visitors_do_not_see_each_others_uploads(browser, server):
    first, second = Visit(browser, server), Visit(browser, server)
    page = first.open("/data")
    upload(page, "private.npy", npy(np.eye(7, dtype=np.float32)))
    page.get_by_text("7 × 7").first.wait_for()
    other = second.open("/data?space=private")
    other.get_by_text("Open a file").first.wait_for()
    second.says("not open here")
    second.settled()
    assert "7 × 7" not in second.text()
    assert other.get_by_role("button", name="private").count() == 0
    first.close()
    second.close()


def test_the_neighbors_page_draws_its_charts_without_asking_anybody_else(visit):
    page = visit.open("/neighbors?space=small-world&focus=king")
    page.locator('[data-testid="stPlotlyChart"] .plot-container').nth(1).wait_for()
    page.get_by_text("nearest to king").wait_for()
