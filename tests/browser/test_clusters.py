"""The Clusters page in a real browser: coloured maps, two side by side, k-means that plays."""

from __future__ import annotations

import re

from playwright.sync_api import expect


def open_clusters(visit, space="digits"):
    visit.open(f"/clusters?space={space}")
    visit.map_drawn()
    # On a new machine the kernels are compiled first.
    visit.page.get_by_text("What is in them?").wait_for(timeout=180_000)
    visit.settled()
    return visit.page


def part(visit, name):
    visit.page.get_by_test_id("stMain").get_by_text(name, exact=True).first.click()


def traces(page, place=0) -> list[str]:
    """The names in the legend of a map: a trace a cluster."""
    return page.evaluate(
        "(place) => document.querySelectorAll('.ee-plot')[place].data.map((trace) => trace.name)",
        place,
    )


def figure_with(page, name: str) -> list[dict]:
    """The traces of the figure that has one of this name; none where it is not drawn yet."""
    return page.evaluate(
        """(name) => {
            const plot = [...document.querySelectorAll('.js-plotly-plot')]
                .find((one) => one.data?.some((trace) => trace.name === name));
            return (plot?.data ?? []).map(({ name, x, y }) => ({ name, x, y }));
        }""",
        name,
    )


def test_a_cluster_alone_is_in_colour_and_the_picture_is_clustered_beside_the_space(visit):
    page = open_clusters(visit)
    visit.until(lambda: len(traces(page)) == 12)
    page.get_by_role("button", name="Isolate", exact=True).first.click()
    page.get_by_text("is in colour").wait_for()
    page.wait_for_function(
        "() => document.querySelector('.ee-plot').data.some((t) => t.name.startsWith('the others'))"
    )
    part(visit, "Space and map")
    page.get_by_text("are elsewhere on the map").wait_for()
    expect(page.locator(".ee-map[data-drawn]")).to_have_count(2)
    visit.settled()
    page.wait_for_function(  # the same points, in other colours
        """() => {
            const { stores } = window.embeddingExplorer;
            const [a, b] = ['space_side ', 'map_side '].map((place) => ({
                x: stores.get(place + 'points'), code: stores.get(place + 'colour') }));
            return a.x && b.x && a.code && b.code
                && a.x.x.length === 1797 && a.x.x.every((value, i) => value === b.x.x[i])
                && a.code.code.some((value, i) => value !== b.code.code[i]);
        }"""
    )
    visit.says("Adjusted Rand index")


def test_k_means_plays_to_its_end_and_the_objective_falls(visit):
    page = open_clusters(visit, "small-world")
    part(visit, "Step by step")
    page.get_by_text(re.compile(r"Step 1 of \d+")).wait_for()
    page.locator(".st-key-step_play button").click()
    page.get_by_text("k-means has ended").wait_for()
    visit.settled()
    visit.until(lambda: figure_with(page, "update"))
    objective = figure_with(page, "update")[0]["y"]
    assert len(objective) > 5
    assert objective == sorted(objective, reverse=True)
    visit.until(lambda: figure_with(page, "borders"))
    (borders,) = (one["x"] for one in figure_with(page, "borders") if one["name"] == "borders")
    assert len(borders) >= 3 * 3  # four centres have three borders at least
