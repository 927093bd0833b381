"""Single keys, Back and Forward, and the tour of a first visit."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


def test_keys_look_pin_measure_and_list_themselves_and_back_restores_the_view(visit):
    page = visit.open_map("/?space=small-world&focus=king")
    visit.looks_at("king")
    nearest = page.locator(".ee-item .ee-name").first.inner_text()
    page.locator("body").press("ArrowDown")
    page.keyboard.press("Enter")
    visit.looks_at(nearest)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("p")
    visit.link_says("pins=")
    page.keyboard.press("m")
    visit.link_says("metric=")
    page.go_back()
    visit.link_drops("metric=")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("next metric")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("Escape")
    visit.link_says("focus=&")


def test_back_goes_from_a_page_of_the_menu_to_the_view_before_it(visit):
    page = visit.open("/pins?space=small-world")
    visit.says("Pins compared")
    for name, said in (("Glossary", "68 terms"), ("Report", "Nothing is in the report")):
        page.get_by_role("link", name=name, exact=True).click()
        visit.says(said)
        visit.link_says("space=small-world")
        visit.settled()
    for said in ("68 terms", "Pins compared"):
        page.evaluate("history.back()")
        visit.says(said)
        visit.link_says("space=small-world")
        visit.settled()


def test_the_tour_comes_to_a_newcomer_once_and_can_be_skipped(browser, server):
    visit = Visit(browser, server, newcomer=True)
    page = visit.open_map("/")
    tour = page.get_by_label("A short tour")
    tour.hover()  # it rests under the pointer
    expect(tour).to_contain_text("of 4")
    tour.get_by_role("button", name="Skip").click()
    expect(tour).to_have_count(0)
    visit.open_map("/")
    expect(tour).to_have_count(0)
    assert not visit.errors
    visit.close()
