"""Linked maps in a real browser: one focus, one selection, one pointer for all of them."""

from __future__ import annotations

from playwright.sync_api import expect


def open_projections(visit, path="/projections?space=digits", maps=2):
    page = visit.open(path)
    expect(page.locator(".ee-map[data-drawn]")).to_have_count(maps)
    visit.settled()
    return page


def place_of_row(page, number: int, row: int) -> tuple[float, float]:
    """Where on the screen map `number` draws a row."""
    return page.evaluate(
        """([number, row]) => {
            const map = [...window.embeddingExplorer.maps][number];
            map.root.scrollIntoView({ block: "center" });
            const box = map.root.getBoundingClientRect();
            const { x, y } = map.store("points");
            const place = map.place();
            return [box.x + place.x(x[row]), box.y + place.y(y[row])];
        }""",
        [number, row],
    )


def lonely_row(page, number: int) -> int:
    """A row whose point no other point of the map covers."""
    return page.evaluate(
        """(number) => {
            const { x, y } = [...window.embeddingExplorer.maps][number].store("points");
            let best = 0, farthest = -1;
            for (let i = 0; i < x.length; i += 3) {
                let nearest = Infinity;
                for (let j = 0; j < x.length; j++) {
                    if (j !== i) nearest = Math.min(nearest, (x[i]-x[j])**2 + (y[i]-y[j])**2);
                }
                if (nearest > farthest) { farthest = nearest; best = i; }
            }
            return best;
        }""",
        number,
    )


def test_what_the_pointer_is_on_is_linked_on_every_map_and_a_click_looks_at_it(visit):
    page = open_projections(visit)
    page.wait_for_function(
        "() => [...window.embeddingExplorer.maps].every((map) => map.store('near'))",
    )
    visit.settled()
    row = lonely_row(page, 0)
    x, y = visit.rested(lambda: place_of_row(page, 0, row))
    page.mouse.move(x + 30, y)
    page.mouse.move(x, y, steps=4)
    expect(page.locator(".ee-pointed line")).to_have_count(20)
    page.mouse.click(*visit.rested(lambda: place_of_row(page, 0, row)))
    name = page.evaluate("(row) => [...window.embeddingExplorer.maps][0].names()[row]", row)
    for number in range(2):
        expect(page.locator(".ee-map").nth(number)).to_have_attribute("data-focus", name)
    page.wait_for_url("**focus=**")
    page.locator(".ee-over .ee-false").first.wait_for(state="attached")


def test_what_is_drawn_around_on_one_map_is_selected_on_the_other(visit):
    page = open_projections(visit)
    first = page.locator(".ee-map").first
    first.scroll_into_view_if_needed()
    first.hover()
    first.locator('.modebar-btn[data-title="Box Select"]').click()
    box = visit.rested(first.bounding_box)
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.6 * box["height"], steps=8)
    page.mouse.up()
    page.get_by_text("of 1,797 items selected").wait_for()
    page.wait_for_function(
        """() => {
            const counts = [...window.embeddingExplorer.maps].map((map) => map.plot.data
                .reduce((sum, trace) => sum + (trace.selectedpoints?.length ?? 0), 0));
            return counts.length === 2 && counts[0] > 0 && counts[0] === counts[1];
        }""",
    )
    page.get_by_role("button", name="Clear").click()
    page.wait_for_function(
        """() => [...window.embeddingExplorer.maps]
            .every((map) => map.plot.data.every((trace) => !trace.selectedpoints))""",
    )


def test_a_link_opens_four_maps_and_going_back_returns_to_them(visit):
    page = open_projections(
        visit,
        "/projections?space=small-world&maps=PCA&maps=PCA%3Bfirst%3D2%3Bsecond%3D3"
        "&maps=Random+projection&maps=Stored%3Bname%3DUMAP",
        maps=4,
    )
    page.get_by_role("button", name="✕").first.click()
    expect(page.locator(".ee-map[data-drawn]")).to_have_count(3)
    visit.settled()
    page.go_back()
    expect(page.locator(".ee-map[data-drawn]")).to_have_count(4)
