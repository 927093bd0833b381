"""An experiment in a real browser: runs come into the table, charts are drawn, a space opens."""

from __future__ import annotations

import re

from playwright.sync_api import expect


def test_runs_come_into_the_table_and_the_charts_and_open_as_a_space(visit):
    page = visit.open("/train")
    main = page.get_by_test_id("stMain")
    main.get_by_text("How many dimensions?", exact=True).click()
    main.get_by_label("Numbers of dimensions").fill("2, 20")
    main.get_by_label("Numbers of dimensions").press("Enter")
    visit.settled()
    main.get_by_label("Objective", exact=True).click()
    page.get_by_role("option", name="PPMI + SVD", exact=True).click()
    visit.settled()
    page.locator(".st-key-experiment_start button").click()
    main.get_by_text(re.compile("done · 2 of 2 trainings finished")).wait_for()
    chart = main.get_by_role("img", name=re.compile("correlation or accuracy over dimensions"))
    chart.wait_for()
    expect(chart).to_have_attribute("aria-label", re.compile("word pairs of the toy corpus: 2 "))
    page.wait_for_function(
        "() => [...document.querySelectorAll('.js-plotly-plot')]"
        ".some((plot) => plot.data?.[0]?.x?.length === 2)"
    )
    main.get_by_text("the fewest that the list cannot tell from it").first.wait_for()
    page.locator(".st-key-experiment_open button").click()
    page.get_by_text(re.compile("toy corpus .* × 2")).first.wait_for()
    visit.map_drawn()
