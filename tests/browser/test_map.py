"""The map in a real browser: what is drawn, clicked, zoomed, drawn around, searched, linked."""

from __future__ import annotations

import re

from playwright.sync_api import expect


def focus_of(visit) -> str:
    return visit.page.get_attribute(".ee-map", "data-focus")


def place_of_row(visit, row: int) -> tuple[float, float]:
    """Where on the screen the point of a row is drawn (a map that draws every row)."""
    return visit.page.evaluate(
        """(row) => {
            const plot = document.querySelector('.ee-plot');
            const { x, y } = window.embeddingExplorer.stores.get('points');
            const box = document.querySelector('.ee-map').getBoundingClientRect();
            const { l, t, w, h } = plot._fullLayout._size;
            const [x0, x1] = plot._fullLayout.xaxis.range, [y0, y1] = plot._fullLayout.yaxis.range;
            return [box.x + l + (x[row] - x0) / (x1 - x0) * w,
                    box.y + t + (1 - (y[row] - y0) / (y1 - y0)) * h];
        }""",
        row,
    )


def lonely_row(visit) -> int:
    """A row whose point no other point covers, so that a click can only mean it."""
    return visit.page.evaluate(
        """() => {
            const { x, y } = window.embeddingExplorer.stores.get('points');
            let best = 0, farthest = -1;
            for (let i = 0; i < x.length; i += 7) {
                let nearest = Infinity;
                for (let j = 0; j < x.length; j++) {
                    if (j !== i) nearest = Math.min(nearest, (x[i]-x[j])**2 + (y[i]-y[j])**2);
                }
                if (nearest > farthest) { farthest = nearest; best = i; }
            }
            return best;
        }"""
    )


def zoom_in(visit) -> list[float]:
    """Turn the wheel over the map and wait until the axes have followed."""
    before = visit.ranges()
    box = visit.page.locator(".ee-map").bounding_box()
    visit.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    visit.page.mouse.wheel(0, -240)
    visit.page.wait_for_function(
        "(before) => document.querySelector('.ee-plot')._fullLayout.xaxis.range[0] !== before",
        arg=before[0],
    )
    return visit.rested(visit.ranges)  # the wheel has an animation of its own


def drag(visit, button: str, corners: list[tuple[float, float]]) -> None:
    """Choose a tool of the map's bar and draw through corners given as shares of the map."""
    page = visit.page
    page.locator(".ee-map").hover()
    box = visit.rested(page.locator(".ee-map").bounding_box)
    page.click(f'.ee-plot .modebar-btn[data-title="{button}"]')
    places = [(box["x"] + u * box["width"], box["y"] + v * box["height"]) for u, v in corners]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=8)
    page.mouse.up()


def test_the_first_visit_shows_a_finished_map_with_a_focus_and_its_neighbours(visit):
    visit.open_map()
    visit.draws(20_000)
    assert focus_of(visit)
    expect(visit.page.locator(".ee-item")).to_have_count(10)
    visit.page.locator(".ee-over .ee-region").nth(3).wait_for(state="attached")
    visit.says("drawn 20,000 of 20,000")


def test_the_first_picture_does_not_wait_for_plotly(visit):
    visit.page.route("**/plotly.min.js", lambda route: None)  # it never comes
    visit.page.goto(f"{visit.server.address}/?space=digits", wait_until="commit")
    visit.page.wait_for_selector(".ee-map[data-preview='1797']")
    visit.page.locator(".ee-over .ee-region").nth(3).wait_for(state="attached")
    expect(visit.page.locator(".ee-over .ee-link")).to_have_count(10)


def test_a_click_on_a_point_moves_the_focus_and_keeps_the_zoom(visit):
    visit.open_map("/?space=digits&map=PCA")
    zoomed = zoom_in(visit)
    row = lonely_row(visit)
    x, y = place_of_row(visit, row)
    box = visit.page.locator(".ee-map").bounding_box()
    if not (box["x"] + 40 < x < box["x"] + box["width"] - 20):  # the lonely one is out of sight
        row = visit.page.evaluate(
            """([x0, x1, y0, y1]) => {
                const { x, y } = window.embeddingExplorer.stores.get('points');
                const mx = (x0 + x1) / 2, my = (y0 + y1) / 2;
                let best = 0, least = Infinity;
                for (let i = 0; i < x.length; i++) {
                    const far = (x[i] - mx) ** 2 + (y[i] - my) ** 2;
                    if (far < least) { least = far; best = i; }
                }
                return best;
            }""",
            zoomed,
        )
        x, y = place_of_row(visit, row)
    before = focus_of(visit)
    visit.page.mouse.move(x, y)
    visit.page.wait_for_selector(".ee-tip:visible")
    hovered = visit.page.inner_text(".ee-tip-name")
    visit.page.mouse.click(x, y)
    visit.looks_at(hovered)
    assert hovered != before
    visit.says(hovered)
    visit.settled()
    visit.keeps_ranges(zoomed)


def test_changing_the_colour_keeps_the_zoom_and_changing_the_map_does_not(visit):
    visit.open_map("/?space=digits&map=PCA")
    zoomed = zoom_in(visit)
    page = visit.page
    page.wait_for_function("() => document.querySelector('.ee-plot').data.length === 10")
    visit.choose("Colour", "ink")
    page.wait_for_function("() => document.querySelector('.ee-plot').data.length === 1")
    visit.settled()
    # The legend has gone, so the plot is higher: same middle.
    x0, x1, y0, y1 = visit.rested(visit.ranges)
    assert [x0, x1] == zoomed[:2]
    assert abs((y0 + y1) - (zoomed[2] + zoomed[3])) < 1e-6 * abs(y1 - y0)
    visit.choose("Map", "Random projection")
    page.wait_for_function(
        "() => document.querySelector('.ee-map').dataset.view.includes('random')"
    )
    visit.page.wait_for_function(
        "(x0) => document.querySelector('.ee-plot')._fullLayout.xaxis.range[0] !== x0",
        arg=zoomed[0],
    )


def test_a_lasso_selects_what_lies_inside_and_the_table_lists_it(visit):
    visit.open_map("/?space=digits&map=PCA")
    around = [(0.3, 0.2), (0.8, 0.2), (0.8, 0.7), (0.3, 0.7), (0.3, 0.21)]
    drag(visit, "Lasso Select", around)
    found = visit.page.get_by_text(re.compile(r"of 1,797 items selected"))
    found.wait_for()
    count = int(re.match(r"([\d,]+)", found.inner_text()).group(1).replace(",", ""))
    assert count > 0
    visit.page.wait_for_function(
        """(count) => document.querySelector('.ee-plot').data
            .reduce((sum, trace) => sum + (trace.selectedpoints?.length ?? 0), 0) === count""",
        arg=count,
    )
    visit.page.get_by_role("button", name="Clear").click()
    found.wait_for(state="detached")


def test_slash_moves_to_the_search_and_a_pick_becomes_the_focus(visit):
    visit.open_map("/?space=small-world")
    page = visit.page
    page.locator("body").press("/")
    page.keyboard.type("kin")
    page.locator(".ee-search li", has_text=re.compile("^king$")).wait_for()
    page.locator(".ee-over .ee-hit").first.wait_for(state="attached")
    page.keyboard.press("Enter")
    visit.looks_at("king")
    visit.link_says("focus=king")


def test_a_link_restores_the_view_and_back_returns_to_the_one_before(visit):
    visit.open_map("/?space=small-world&map=PCA&metric=euclidean&focus=king&pins=queen&pins=paris")
    page = visit.page
    visit.looks_at("king")
    visit.says("Euclidean distance")
    expect(page.locator(".ee-over .ee-ring.ee-pin")).to_have_count(2)
    first = page.locator(".ee-item").first.get_attribute("data-row")
    page.locator(".ee-item").first.click()
    page.wait_for_function("() => document.querySelector('.ee-map').dataset.focus !== 'king'")
    visit.link_drops("focus=king&")
    visit.settled()
    page.go_back()
    visit.looks_at("king")
    page.wait_for_selector(f'.ee-item[data-place="0"][data-row="{first}"]')


def test_a_hostile_link_runs_nothing_and_says_what_was_not_found(visit):
    visit.open_map(
        "/?space=digits&focus=%3Cimg%20src%3Dx%20onerror%3Dwindow.hit%3D1%3E&metric=../../etc&x=1"
    )
    visit.says("not found in digits")
    assert visit.page.evaluate("() => window.hit") is None


def test_going_to_another_page_keeps_the_focus(visit):
    visit.open_map("/?space=small-world&focus=king")
    visit.page.get_by_test_id("stSidebarNav").get_by_text("Neighbours").click()
    visit.page.get_by_text(re.compile("nearest to king")).wait_for()


def test_the_map_is_taken_away_as_a_file_that_opens_with_no_network(visit, open_offline, tmp_path):
    visit.open_map("/?space=small-world&focus=king")
    page = visit.page
    visit.looks_at("king")
    nearest = page.locator(".ee-item .ee-name").first.inner_text()
    page.get_by_role("button", name="Export").first.click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Picture that can be moved").click()
    file = tmp_path / "map.html"
    download.value.save_as(file)
    other = open_offline(file)
    other.locator("#map .main-svg").first.wait_for(state="attached")
    expect(other.locator("h1")).to_contain_text("king")
    expect(other.locator("aside li")).to_have_count(10)
    expect(other.locator("aside li").first).to_contain_text(nearest)
