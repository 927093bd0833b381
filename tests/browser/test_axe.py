"""axe-core looks at every page, light and dark."""

from __future__ import annotations

from importlib.resources import files

import pytest

from tests.screenshots import pages

pytestmark = pytest.mark.browser
BACKGROUND = {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 23, 28)"}

# What Streamlit's own elements break and no page can mend, by rule, with where it may be broken.
STREAMLITS_OWN = {
    "list": '[data-testid="stSidebarNavItems"]',  # sections stand in <div>s between <ul> and <li>
    "listitem": '[data-testid="stSidebarNavItems"]',  # the same <li>s, seen from inside
}
LOOK = """
async (own) => {
    const fading = document.getAnimations().filter((one) => one instanceof CSSTransition);
    const ended = Promise.allSettled(fading.map(({ finished }) => finished));
    const later = (seconds) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
    await Promise.race([ended, later(5)]);  // one that is not drawn never ends
    const looked = axe.run(document, { resultTypes: ["violations"] });
    const found = await Promise.race([looked, later(120)]);
    if (!found) return ["axe did not end in two minutes"];
    const { violations } = found;
    const inside = ({ target }, selector) =>
        selector && document.querySelector(target.flat().at(-1))?.closest(selector);
    const grave = ["serious", "critical"];
    return violations
        .filter(({ id, impact }) => grave.includes(impact) || id === "heading-order")
        .flatMap(({ id, nodes }) => nodes.filter((node) => !inside(node, own[id]))
            .map((node) => `${id}: ${node.html.slice(0, 200)} ${node.failureSummary}`));
}
"""


@pytest.mark.slow
def test_axe_finds_nothing_serious_and_no_gap_in_the_headings_on_any_page_light_or_dark(visit):
    axe = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    found = []
    for page in pages():
        visit.page.emulate_media(color_scheme="light")
        visit.open(f"/{page}?space=small-world&pins=king&pins=queen")
        visit.page.get_by_test_id("stSidebarUserContent").get_by_role("button").first.wait_for()
        visit.settled()
        visit.page.evaluate(axe)
        for scheme, background in BACKGROUND.items():
            visit.page.emulate_media(color_scheme=scheme)
            visit.page.wait_for_function(
                "(colour) => getComputedStyle(document.querySelector('[data-testid=\"stApp\"]'))"
                ".backgroundColor === colour",
                arg=background,
            )
            found += [
                f"{page} {scheme}: {one}" for one in visit.page.evaluate(LOOK, STREAMLITS_OWN)
            ]
    assert not found, "\n".join(found)
