"""Screenshots of every page: light, dark, narrow, and with the presentation switch.

python -m tests.screenshots FOLDER [PAGE …] [--manner dark narrow]

They are for looking at. The pages are those of pages/, the first is the map.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import FLAGS, ROOT, Server, Visit, chromium

MANNERS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "narrow": {"color_scheme": "light", "viewport": {"width": 800, "height": 1100}},
    "presentation": {"color_scheme": "light"},
}
SETTLE = 1_500  # milliseconds for figures to fade in


def pages() -> list[str]:
    """The addresses of all pages: "" for the map."""
    return ["", *sorted(file.stem for file in (ROOT / "pages").glob("*.py"))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--manner", nargs="*", choices=MANNERS, default=list(MANNERS))
    parser.add_argument("page", nargs="*", help="all pages unless named")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder)).wait()
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        try:
            for manner in asked.manner:
                visit = Visit(browser, server, **MANNERS[manner])
                for page in asked.page or pages():
                    present = "&present=1" if manner == "presentation" else ""
                    visit.open(f"/{page}?space=english{present}")
                    visit.page.get_by_test_id("stSidebar").wait_for()
                    visit.settled()
                    visit.page.wait_for_timeout(SETTLE)
                    file = asked.folder / f"{page or 'map'}-{manner}.png"
                    visit.page.screenshot(path=file, full_page=False)
                    print(file)
                visit.close()
        finally:
            browser.close()
            server.stop()


if __name__ == "__main__":
    main()
