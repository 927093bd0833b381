"""The Metrics page in a real browser: lists that can be clicked, a chart that draws, a table."""

from __future__ import annotations

import re

from playwright.sync_api import expect


def open_metrics(visit, space="small-world", focus="queen"):
    visit.open(f"/metrics?space={space}&focus={focus}")
    visit.page.get_by_text(re.compile(f"nearest to {focus}")).wait_for()
    visit.settled()
    return visit.page


def test_three_lists_of_ten_hits_stand_side_by_side_above_their_ranks(visit):
    page = open_metrics(visit)
    lists = page.locator(".ee-list")
    expect(lists).to_have_count(3)
    expect(page.locator(".ee-list .ee-item")).to_have_count(30)
    expect(page.locator(".ee-list .ee-mark")).to_have_count(30)
    visit.lie(
        lists,
        lambda boxes: (
            len({round(box["top"]) for box in boxes}) == 1
            and boxes[0]["right"] < boxes[1]["left"] < boxes[2]["left"]
        ),
    )
    page.locator(".js-plotly-plot").get_by_text("queens").first.wait_for()


def test_a_click_on_a_hit_looks_at_it_under_all_metrics(visit):
    page = open_metrics(visit)
    page.locator(".ee-list").nth(1).locator(".ee-item", has_text="king").first.click()
    page.get_by_text("The 10 nearest to king").wait_for()
    visit.link_says("focus=king")


def test_normalising_makes_the_three_lists_alike(visit):
    page = open_metrics(visit)
    page.locator("label", has_text="Normalise").click(position={"x": 12, "y": 12})
    page.get_by_text("10 shared by all 3").wait_for()
    visit.settled()
    first = page.locator(".ee-list").first.locator(".ee-name")
    expect(first).to_have_count(10)
    names = first.all_inner_texts()
    for place in (1, 2):
        expect(page.locator(".ee-list").nth(place).locator(".ee-name")).to_have_text(names)


def test_a_row_of_the_items_in_disagreement_can_be_ticked_to_look_at_it(visit):
    page = open_metrics(visit)
    page.get_by_text("Where do they disagree most?").click()
    page.get_by_text("How many neighbours are shared?").wait_for()
    visit.settled()
    table = page.locator('[data-testid="stDataFrame"]')
    table.locator("canvas").first.wait_for()
    page.wait_for_timeout(1_500)  # the table draws itself on a canvas
    box = visit.rested(table.bounding_box)
    page.mouse.click(box["x"] + 16, box["y"] + 54)  # the box before the first row
    visit.link_drops("focus=queen")


def test_on_a_narrow_window_the_lists_stack(visit):
    visit.page.set_viewport_size({"width": 800, "height": 900})
    page = open_metrics(visit)
    expect(page.locator(".ee-list")).to_have_count(3)
    lists = page.locator(".ee-list")
    visit.lie(
        lists,
        lambda boxes: (
            boxes[0]["bottom"] < boxes[1]["top"]
            and boxes[1]["bottom"] < boxes[2]["top"]
            and all(box["width"] > 300 for box in boxes)
        ),
    )
