"""What is shared is a file: a picture of the size asked for, a report that opens offline."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

from PIL import Image
from playwright.sync_api import expect


def saved(page, button, file):
    with page.expect_download() as download:
        page.get_by_role("button", name=button, exact=True).click()
    download.value.save_as(file)
    return file


def asks_for_sharing(visit):
    visit.page.get_by_role("button", name="Share", exact=True).click()
    visit.page.get_by_text("Link to this view").wait_for()
    visit.page.get_by_role("button", name="PNG", exact=True).wait_for()


def test_a_map_becomes_png_and_svg_of_the_size_asked_for(visit, tmp_path):
    visit.open_map("/?space=small-world&focus=king")
    asks_for_sharing(visit)
    visit.page.get_by_label("Width").fill("900")  # and at once to the button
    drawing = saved(visit.page, "SVG", tmp_path / "map.svg").read_text(encoding="utf-8")
    assert ElementTree.fromstring(drawing).get("width") == "900"
    assert "king and its 10 nearest" in drawing
    with Image.open(saved(visit.page, "PNG", tmp_path / "map.png")) as picture:
        assert picture.size == (900, 800)
        assert len(picture.convert("RGB").getcolors(1 << 20)) > 20


def test_a_report_opens_with_no_network_and_shows_the_same_focus_and_neighbours(
    visit, open_offline, tmp_path
):
    page = visit.open_map("/?space=small-world&focus=king")
    visit.looks_at("king")
    nearest = page.locator(".ee-item .ee-name").first.inner_text()
    asks_for_sharing(visit)
    page.get_by_role("button", name="Add to report").click()
    page.get_by_text("Added.").wait_for()
    page.get_by_role("link", name="Report (1)").click()
    page.get_by_test_id("stDialog").wait_for(state="detached")  # it has a note of its own
    note = page.get_by_test_id("stMain").get_by_label("Note")
    note.wait_for()
    visit.settled()
    file = tmp_path / "report.html"
    note.fill("<b>Look</b> here")
    note.blur()
    for _ in range(10):  # typed once; the page takes it over a moment after it is left
        visit.settled()
        with page.expect_download() as download:
            page.get_by_role("button", name="Download the report").click()
        download.value.save_as(file)
        if "&lt;b&gt;Look" in file.read_text(encoding="utf-8"):
            break
        page.wait_for_timeout(300)
    other = open_offline(file)
    other.locator("#figure1x0 .main-svg").first.wait_for(state="attached")
    expect(other.locator(".note")).to_have_text("<b>Look</b> here")
    assert not other.get_by_role("button", name="Share chart").count()  # it would upload the figure
    expect(other.locator("#figure1x0 .gtitle")).to_contain_text("king and its 10 nearest")
    names = other.evaluate(
        "() => document.getElementById('figure1x0').data"
        ".filter((t) => ['focus', 'neighbours in the space'].includes(t.name)).map((t) => t.text)"
    )
    assert names[0][0] == nearest
    assert names[1] == ["king"]
    expect(other.locator("pre").first).to_contain_text("open_bundled('small-world')")
